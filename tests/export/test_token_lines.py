"""CoNLL-U, read back by the parser of conllu and by spaCy."""

import io
import re
from itertools import pairwise

import conllu
import pytest

from samestory.export.article_rows import iterate_articles
from samestory.export.fitted_text import fit_text
from samestory.export.token_lines import SPACE_ESCAPES, TOKEN_LINE_TABLES, write_token_lines


def write(tables) -> str:
    file = io.StringIO()
    write_token_lines(iterate_articles(tables, TOKEN_LINE_TABLES), file)
    return file.getvalue()


def read_documents(written: str) -> dict[str, list]:
    """The sentences of each article, by its id."""
    documents, current = {}, ""
    for sentence in conllu.parse_incr(io.StringIO(written)):
        current = sentence.metadata.get("newdoc id", current)
        documents.setdefault(current, []).append(sentence)
    return documents


def read_escape(found: re.Match) -> str:
    letters = {escaped: char for char, escaped in SPACE_ESCAPES.items()}
    return chr(int(found[1], 16)) if found[1] else letters[found[0]]


def list_spans(sentences, name: str) -> set[tuple[str, int, int, str]]:
    """Runs of tokens with the same value of a name in the last column: the value, the span, and the field."""
    found = {}
    for sentence in sentences:
        for token in sentence:
            start, end = map(int, token["misc"]["TokenRange"].split(":"))
            for value in filter(None, token["misc"].get(name, "").split(",")):
                found.setdefault((sentence.metadata["field"], value), []).append((start, end))
    return {(value, spans[0][0], spans[-1][1], field) for (field, value), spans in found.items()}


def check_documents(tables) -> None:
    documents = read_documents(write(tables))
    texts = {key: fit_text(text).text for key, text in tables.field_texts.items()}
    by_line = {" ".join(article_id.split()): article_id for article_id in tables.counted_ids}
    assert set(documents) == set(by_line)
    for line_id, sentences in documents.items():
        article_id = by_line[line_id]
        _check_tokens(sentences, {field: texts[article_id, field] for field in ("text", "headline")})
        _check_layers(sentences, article_id, tables)


def _check_tokens(sentences, fields: dict[str, str]) -> None:
    for sentence in sentences:
        text = fields[sentence.metadata["field"]]
        for token, following in pairwise([*sentence, None]):
            start, end = map(int, token["misc"]["TokenRange"].split(":"))
            assert text[start:end] == token["form"]
            gap = token["misc"].get("SpacesAfter", "" if token["misc"].get("SpaceAfter") == "No" else " ")
            gap = re.sub(r"\\u([0-9A-F]{4})|\\.", read_escape, gap)
            if following:
                assert end + len(gap) == int(following["misc"]["TokenRange"].split(":")[0])
                assert text[end:end + len(gap)] == gap


def _check_layers(sentences, article_id: str, tables) -> None:
    quotations = tables.quotations[tables.quotations["article_id"] == article_id]
    expected = {(row.quotation_id.removeprefix(f"{article_id}/"), row.content_spans[0]["start"],
                 row.content_spans[-1]["end"], row.field) for row in quotations.itertuples()}
    assert list_spans(sentences, "Speech") == expected
    cues = {(row.quotation_id.removeprefix(f"{article_id}/"), int(row.cue_start), int(row.cue_end), row.field)
            for row in quotations.dropna(subset="cue_start").itertuples()}
    assert list_spans(sentences, "Cue") == cues
    mentions = tables.mentions[tables.mentions["article_id"] == article_id]
    begun = {(int(token["misc"]["TokenRange"].split(":")[0]), sentence.metadata["field"], token["misc"]["NE"][2:])
             for sentence in sentences for token in sentence if token["misc"].get("NE", "I")[0] in "BU"}
    assert begun == set(zip(mentions["start"], mentions["field"], mentions["label"], strict=True))


def test_spans_of_the_seeds_come_back(seeds):
    check_documents(seeds)


@pytest.mark.slow
def test_spans_of_hostile_articles_come_back(hostile):
    check_documents(hostile)


def test_spacy_reads_the_same_names(seeds):
    from spacy.training.converters import conllu_to_docs
    docs = list(conllu_to_docs(write(seeds), n_sents=1, no_print=True))
    assert sum(len(doc.ents) for doc in docs) == len(seeds.mentions)
    assert sum(map(len, docs)) == len(seeds.read("tokens"))


def test_a_quotation_has_a_comment_with_its_speaker(seeds):
    comments = [metadata for sentences in read_documents(write(seeds)).values() for sentence in sentences
                for metadata in sentence.metadata.items() if metadata[0].startswith("quotation ")]
    assert len(comments) == len(seeds.quotations)
