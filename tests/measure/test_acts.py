"""What outlets call the act."""

import pandas as pd
import pytest

from samestory.measure.acts import join_act_words, list_act_words
from samestory.tables.tables import load_tables

ONE = """Protesters storm the town hall in Hull over the new tax

HULL — Dozens of protesters stormed the town hall on Monday and disrupted a vote, and the mayor said “they wrecked it”.
"""
OTHER = """Police remove group that protesters call a rescue at Hull's town hall

A group barged into the town hall on Monday. The meeting ended early.
"""


@pytest.mark.slow
def test_words_of_headline_and_lead_without_quoted_ones(folder):
    words = list_act_words(load_tables(folder({"alpha/1.txt": ONE, "beta/1.txt": OTHER})))
    found = {key: group["lemma"].tolist() for key, group in words.groupby(["outlet", "where"])}
    assert found["alpha", "lead"] == ["storm", "disrupt", "vote"]
    assert found["beta", "lead"] == ["barge"]
    assert "wreck" not in set(words["lemma"])


@pytest.mark.slow
def test_words_that_describe_a_noun_are_no_acts(folder):
    text = "A Labour-led council repealed the crime law on Monday, according to a complaint filed by a union.\n"
    words = list_act_words(load_tables(folder({"alpha/1.txt": text, "beta/1.txt": OTHER})))
    assert words[words["outlet"] == "alpha"]["lemma"].tolist() == ["repeal", "complaint"]


@pytest.mark.slow
def test_spans_are_of_the_words(folder):
    tables = load_tables(folder({"alpha/1.txt": ONE, "beta/1.txt": OTHER}))
    for row in list_act_words(tables).itertuples():
        text = tables.field_texts[row.article_id, row.field]
        assert row.word == text[row.start:row.end] and row.pos in ("verb", "noun")


@pytest.mark.slow
def test_a_headline_outside_the_text_is_read_by_the_words_of_the_event(folder):
    lines = "".join(f'{{"id": "{key}", "outlet": "{key}", "headline": "{headline}", "text": "{text}"}}\n'
                    for key, headline, text in (
                        ("a", "Crowd storms hall, 'disrupts' vote", "The crowd storms the hall. It disrupts a vote."),
                        ("b", "Vote is delayed", "A crowd delayed the vote on Monday.")))
    words = list_act_words(load_tables(folder({"x.jsonl": lines})))
    headline = words[words["where"] == "headline"]
    assert headline[headline["article_id"] == "a"]["lemma"].tolist() == ["storm", "vote"]
    assert headline["word"].tolist()[0] == "storms" and set(headline["field"]) == {"headline"}


def test_no_articles_no_words(seeds):
    assert list(list_act_words(seeds, []).columns) == ["article_id", "outlet", "where", "word", "lemma", "pos", "field",
                                                       "start", "end"]


def test_words_of_an_outlet_are_joined_each_once():
    acts = pd.DataFrame([("X", "headline", "storm", "verb"), ("X", "headline", "storm", "verb"),
                         ("X", "headline", "protest", "noun"), ("Y", "lead", "barge", "verb")],
                        columns=["outlet", "where", "word", "pos"])
    assert join_act_words(acts).to_numpy().tolist() == [["X", "headline", "storm", "protest"],
                                                        ["Y", "lead", "barge", ""]]
    assert join_act_words(acts.iloc[:0]).empty
