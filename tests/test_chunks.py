"""Tokens by look-up are those of spaCy's tokenizer, chunk by chunk, in their places in the text."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory import chunks
from samestory.chunks import ChunkTable
from samestory.errors import SameStoryError

NLP = spacy.blank("en")
TABLE = ChunkTable(NLP)
ODD = "aB .,!?\n\t\u00a0\u2009\u2028\x1c“”\"'’é日🙂-:()$%/0"


def cut(table, text, spans):
    found = table.cut([text[start:end] for start, end in spans])
    return [(found.words[i], int(a) + spans[place][0], int(b) + spans[place][0], int(place)) for i, a, b, place in
            zip(found.word, found.starts, found.ends, found.place, strict=True)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet=ODD, max_size=30) | st.sampled_from(sorted(NLP.tokenizer.rules)), max_size=6))
def test_each_chunk_is_cut_as_spacy_cuts_it_alone(parts):
    text, spans = "", []
    for part in parts:
        spans.append((len(text), len(text) + len(part)))
        text += part + "|"
    expected = []
    for place, (start, end) in enumerate(spans):
        at = start
        for chunk in text[start:end].split():
            at = text.index(chunk, at)
            expected += [(t.text, at + t.idx, at + t.idx + len(t.text), place) for t in NLP.tokenizer(chunk)]
            at += len(chunk)
    assert cut(TABLE, text, spans) == expected


def test_what_is_between_the_spans_is_left_out():
    assert cut(TABLE, "One. CUT Two.", [(0, 4), (9, 13)]) == [
        ("One", 0, 3, 0), (".", 3, 4, 0), ("Two", 9, 12, 1), (".", 12, 13, 1)]


def test_no_text_has_no_tokens():
    assert cut(TABLE, "", []) == cut(TABLE, " \n", [(0, 2)]) == []


def test_a_full_table_is_forgotten_and_cuts_the_same(monkeypatch):
    table, text = ChunkTable(NLP), "Mr. O'Neil can't (yet) go to the U.S.-China talks."
    before = cut(table, text, [(0, len(text))])
    monkeypatch.setattr(chunks, "MOST_KEPT", 5)
    table.cut(["other words"])
    assert list(table.chunks) == ["other", "words"]
    assert cut(table, text, [(0, len(text))]) == before


def test_a_tokenizer_that_changes_the_text_is_refused():
    nlp = spacy.blank("en")
    tokenizer = nlp.tokenizer
    nlp.tokenizer = lambda text: tokenizer(text.lower())
    with pytest.raises(SameStoryError, match="whose tokenizer changes it"):
        ChunkTable(nlp).cut(["The talks"])
