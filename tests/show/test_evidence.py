"""Evidence: the sentences that support each row of a table."""

import pandas as pd
import pytest

from samestory.show.anchors import digest_row
from samestory.show.evidence import (
    EVIDENCE_SENTENCES_PER_ROW,
    NEIGHBOUR_TAG,
    find_row_sentences,
    find_sentences,
    show_evidence,
)
from tests.support.tagged_corpus import write_tagged

SPANS = pd.DataFrame({"article_id": "a", "start": [8, 0, 4, 12, 90], "end": [11, 3, 7, 15, 95],
                      "label": ["x", "y", "y", "x", "x"]})
ROWS = pd.DataFrame({"label": ["y", "x", "z"]})


@pytest.fixture
def tables(tmp_path):
    return write_tagged(tmp_path, {("a", "Alpha"): ["One two", "Six ten", "Low <b>"]})


def test_sentences_are_those_that_spans_begin_in(tables):
    found = find_sentences(tables, SPANS)
    assert found["text"].tolist() == ["Six ten", "One two"]  # in the order of the spans; 90 is after the text
    assert found["marks"].map(len).tolist() == [2, 2]


def test_each_row_has_its_first_sentence_and_their_number(tables):
    found = find_row_sentences(tables, SPANS, ROWS, by=["label"])
    assert found[["row", "n", "text"]].values.tolist() == [[0, 1, "One two"], [1, 1, "Six ten"]]


def test_shown_rows_are_named_counted_and_escaped(tables):
    spans = pd.DataFrame({"article_id": "a", "start": [0, 16], "end": [3, 19], "label": "<i>"})
    rows = pd.DataFrame({"label": ["<i>", "b"]})
    shown = show_evidence(tables, spans, rows, by=["label"], caption="A & B", max_rows=1, per_row=1)
    assert "&lt;i&gt;: 1 of 2 " in shown.html
    assert "<i>" not in shown.html
    assert "A &amp; B" in shown.html
    caption, row, rest = shown.text.splitlines()
    assert (caption, row) == ("A & B", "<i>: 1 of 2 sentences")
    assert rest.startswith("1 more row ")


def test_nothing_to_show_is_stated(tables):
    assert "There are none." in show_evidence(tables, SPANS.head(0), ROWS.head(0), by=["label"], caption="x").text


@pytest.mark.slow
def test_evidence_of_many_spans_in_many_sentences_is_found_in_time(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["one two"] * 3_000})
    starts = tables.sentences["start"].repeat(5)
    spans = pd.DataFrame({"article_id": "a", "start": starts, "end": starts + 3, "label": "x"})
    assert find_row_sentences(tables, spans, ROWS, by=["label"])["n"].tolist() == [3_000] * EVIDENCE_SENTENCES_PER_ROW


def test_the_first_of_each_article_comes_before_the_second_of_any(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["one two", "one six"], ("b", "Alpha"): ["one ten"]})
    spans = tables.sentences.assign(label="x", end=tables.sentences["start"] + 3)
    found = find_row_sentences(tables, spans, pd.DataFrame({"label": ["x"]}), by=["label"], per_row=2)
    assert found[["text", "n"]].values.tolist() == [["one two", 3], ["one ten", 3]]


def test_each_part_is_named_by_the_values_of_its_row(tables):
    parts = show_evidence(tables, SPANS, ROWS, by=["label"], caption="c").block["parts"]
    assert [part["keys"] for part in parts] == [digest_row({"label": "y"}), digest_row({"label": "x"})]


def test_a_sentence_is_shown_between_its_neighbours_but_after_no_headline(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["Big news", "Rain fell =.", "It was cold =.", "Snow <b> =."]})
    starts = tables.sentences["start"].tolist()
    spans = pd.DataFrame({"article_id": "a", "start": starts[1:3], "end": [start + 2 for start in starts[1:3]],
                          "label": ["first", "second"], "speaker_name": ["", "Ann <i> Lee"]})
    rows = spans[["label", "speaker_name"]]
    shown = show_evidence(tables, spans, rows, by=["label", "speaker_name"], caption="c", with_neighbours=True)
    first, second = (part["items"][0] for part in shown.block["parts"])
    assert [text for text, tag in first["pieces"] if tag == NEIGHBOUR_TAG] == [" It was cold. Snow <b>."]
    assert [text for text, tag in second["pieces"] if tag == NEIGHBOUR_TAG] == ["Rain fell. ", " Snow <b>."]
    assert (first["short"], second["short"]) == ("Alpha", "Ann <i> Lee, in Alpha")
    assert "&lt;b&gt;" in shown.html and "<b>" not in shown.html
