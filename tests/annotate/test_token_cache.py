"""Tokens by look-up are those of spaCy's tokenizer, chunk by chunk, in their places in the text."""

import pytest
import spacy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samestory.annotate import token_cache as chunks
from samestory.annotate.token_cache import ChunkTable
from samestory.base.errors import SameStoryError

NLP = spacy.blank("en")
TABLE = ChunkTable(NLP)
ODD = "aB .,!?\n\t\u00a0\u2009\u2028\x1c“”\"'’é日🙂-:()$%/0"


def cut(table, text, spans):
    found = table.cut([text[start:end] for start, end in spans])
    return [(found.words[i], int(a) + spans[place][0], int(b) + spans[place][0], int(place)) for i, a, b, place in
            zip(found.word, found.starts, found.ends, found.place, strict=True)]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet=ODD, max_size=30) | st.sampled_from(sorted(NLP.tokenizer.rules)), max_size=6))
def test_each_chunk_is_cut_as_spacy_cuts_it_alone(parts):
    assume(not any(chunks.ONE_TOKEN_PATTERN.search(part) for part in parts))  # £3m is one token here
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


def test_dashes_separate_words_and_numbers_keep_their_letters():
    def words(text):
        return [word for word, *_ in cut(TABLE, text, [(0, len(text))])]

    assert words("said—“no”—and it’s—'a farce'—over.") == [
        "said", "—", "“", "no", "”", "—", "and", "it", "’s", "—", "'", "a", "farce", "'", "—", "over", "."]
    assert words("(£3m), €5bn; 5G. 10km") == ["(", "£", "3m", ")", ",", "€", "5bn", ";", "5G", ".", "10", "km"]


def test_what_is_between_the_spans_is_left_out():
    assert cut(TABLE, "One. CUT Two.", [(0, 4), (9, 13)]) == [
        ("One", 0, 3, 0), (".", 3, 4, 0), ("Two", 9, 12, 1), (".", 12, 13, 1)]


def test_no_text_has_no_tokens():
    assert cut(TABLE, "", []) == cut(TABLE, " \n", [(0, 2)]) == []


def test_a_full_table_is_forgotten_and_cuts_the_same(monkeypatch):
    table, text = ChunkTable(NLP), "Mr. O'Neil can't (yet) go to the U.S.-China talks."
    before = cut(table, text, [(0, len(text))])
    monkeypatch.setattr(chunks, "MAX_CACHED_CHUNK_TOKENS", 5)
    table.cut(["other words"])
    assert list(table.chunks) == ["other", "words"]
    assert cut(table, text, [(0, len(text))]) == before


def test_a_very_long_chunk_is_cut_in_a_time_that_grows_with_its_length():
    looked_at = []
    nlp = spacy.blank("en")
    tokenizer = nlp.tokenizer
    nlp.tokenizer = lambda text: looked_at.extend(map(len, text.split("\n"))) or tokenizer(text)
    text = "(" * 1_001 + " a " + "x" * 400 + ". " + "=" * 200
    assert cut(ChunkTable(nlp), text, [(0, len(text))]) == [
        *(("(", i, i + 1, 0) for i in range(1_001)), ("a", 1_002, 1_003, 0), ("x" * 200, 1_004, 1_204, 0),
        ("x" * 200, 1_204, 1_404, 0), (".", 1_404, 1_405, 0), *(("=", i, i + 1, 0) for i in range(1_406, 1_606))]
    assert max(looked_at) == 200


def test_long_chunks_are_not_kept_for_long(monkeypatch):
    monkeypatch.setattr(chunks, "MAX_CACHED_CHUNK_CHARS", 1_000)
    table = ChunkTable(NLP)
    for i in range(5):
        table.cut([f"{i}" * 600])
    assert sum(map(len, table.chunks)) <= 1_600


def test_a_tokenizer_that_changes_the_text_is_refused():
    nlp = spacy.blank("en")
    tokenizer = nlp.tokenizer
    nlp.tokenizer = lambda text: tokenizer(text.lower())
    with pytest.raises(SameStoryError, match="whose tokenizer changes it"):
        ChunkTable(nlp).cut(["The talks"])
