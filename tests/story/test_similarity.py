"""Similarity of statements: words that match, rarity, rivals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.story.lone_statements import find_lone_statements, weigh_counterparts
from samestory.story.pairs import MatchedPair, choose_pairs
from samestory.story.similarity import LEAD_FACTOR, compare_words, lower_rivals, match_statements, weigh_leads
from samestory.story.statement_words import list_statement_words

ONE, OTHER = ["police arrest protester bridge", "mayor praise budget", "storm hit coast"], ["officer detain protester",
                                                                                            "mayor praise budget"]

NO_PHRASES = pd.DataFrame({"statement": [], "phrase": []})


def match_texts(ours: list[str], theirs: list[str], speakers: list[str | None] | None = None):
    texts = [*ours, *theirs]
    words = pd.DataFrame([(i, word, 1.0, False) for i, text in enumerate(texts)
                          for word in dict.fromkeys(text.split())],
                         columns=["statement", "word", "weight", "is_name"])
    outlets = np.array([0] * len(ours) + [1] * len(theirs))
    return match_statements(words, outlets, speakers or [None] * len(texts)), outlets


@pytest.mark.parametrize(("one", "other", "least", "most"), [
    ("gun", "gun", 1, 1), ("gun", "firearm", 0.4, 0.9), ("gun", "budget", 0, 0.2), ("tuesday", "wednesday", 0, 0),
    ("16", "17", 0, 0), ("eight", "nine", 0, 0), ("meeting", "summit", 0, 0.2), ("equally", "equality", 0.8, 1),
    ("community", "commune", 0, 0.7), ("Ohio", "ohio", 0, 0),
])
def test_words_match_as_they_mean_the_same(one, other, least, most):
    assert least <= (compare_words([one, other])[0, 1] if one != other else compare_words([one])[0, 0]) <= most


def test_the_same_words_match_best():
    matches, _ = match_texts(ONE, OTHER)
    assert matches.scores[1, 4] == matches.scores.max() > matches.scores[0, 3] > matches.scores[2].max()
    assert matches.scores[:3, :3].max() == 0  # within an outlet
    assert matches.list_shared(0, 3)[0] == "protester" and "police / officer" in matches.list_shared(0, 3)


def test_another_speaker_lowers_the_score():
    same, _ = match_texts(ONE, OTHER, ["A", "B", None, "A", "B"])
    other, _ = match_texts(ONE, OTHER, ["A", "B", None, "B", "A"])
    assert same.scores[1, 4] > match_texts(ONE, OTHER)[0].scores[1, 4] > other.scores[1, 4]


def test_a_better_match_lowers_its_rivals():
    assert lower_rivals(np.array([[0.5, 0.25]])).tolist() == [[0.5, 0.25 * 0.5 ** 0.4]]


def test_two_leads_score_higher_than_a_lead_and_a_detail():
    matches, outlets = match_texts(ONE, OTHER)
    even = {(a, b): score for a, b, score in choose_pairs(matches, outlets, weigh_leads(np.full(5, 9)))}
    found = {(a, b): score for a, b, score in choose_pairs(matches, outlets, weigh_leads(np.array([0, 9, 0, 0, 0])))}
    assert found[0, 3] > even[0, 3] and found[1, 4] == even[1, 4] and LEAD_FACTOR > 1


def test_a_statement_without_a_match_is_lone():
    matches, outlets = match_texts(ONE, OTHER)
    lone = find_lone_statements(weigh_counterparts(matches, NO_PHRASES, outlets, np.arange(5), np.full(5, 9)), outlets,
                                [])
    assert lone[2].tolist() == [False, True] and not lone[[1, 4]].any()
    assert not find_lone_statements(np.full((5, 2), -1.0), outlets, [MatchedPair(2, 3, 0.4)])[2, 1]


def test_a_counterpart_is_likelier_of_few_words_of_first_sentences_and_with_a_phrase_of_the_other():
    matches, outlets = match_texts([*ONE, "coast"], OTHER)
    phrases = pd.DataFrame({"statement": [2, 4], "phrase": ["high tide", "high tide"]})
    later, first, phrased = (weigh_counterparts(matches, found, outlets, np.arange(6), np.full(6, place))[:, 1]
                             for found, place in ((NO_PHRASES, 9), (NO_PHRASES, 0), (phrases, 9)))
    assert later[2] < later[3] and (later < first).all() and later[2] < phrased[2] and later[3] == phrased[3]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([*ONE, *OTHER, ""]), min_size=2, max_size=6), st.data())
def test_the_order_of_statements_does_not_matter(texts, data):
    cut = data.draw(st.integers(1, len(texts) - 1))
    (matches, outlets), (turned, other) = match_texts(texts[:cut], texts[cut:]), match_texts(texts[cut:], texts[:cut])
    order = [*range(cut, len(texts)), *range(cut)]
    assert np.array_equal(matches.scores[np.ix_(order, order)], turned.scores)
    factors = np.ones(matches.scores.shape)
    assert len(choose_pairs(matches, outlets, factors)) == len(choose_pairs(turned, other, factors))


def test_content_words_are_weighed_by_their_part_of_speech():
    statements = pd.DataFrame({"article_id": ["a", "a"], "start": [0, 20], "end": [19, 30]})
    tokens = pd.DataFrame([("a", 0, "the", "DET"), ("a", 4, "Ann", "PROPN"), ("a", 8, "say", "VERB"),
                           ("a", 12, "win", "VERB"), ("a", 20, "three", "NUM"), ("a", 31, "late", "ADV")],
                          columns=["article_id", "start", "lemma", "pos"])
    mentions = pd.DataFrame([("a", 4, "PERSON", "PERSON:Ann Lee")],
                            columns=["article_id", "start", "label", "entity_id"])
    values = pd.DataFrame([("a", 20, "number", 3.0), ("a", 24, "number", 1.0)],
                          columns=["article_id", "start", "kind", "value"])
    assert list_statement_words(statements, tokens, mentions, values).values.tolist() == [
        [0, "Ann Lee", 0.5, True, False], [0, "ann", 0.625, True, True], [0, "win", 1.0, False, True],
        [1, "= number 3", 0.875, False, False], [1, "three", 1.0, False, True]]


def test_reasons_show_names_once_and_numbers_as_written():
    matches, _ = match_texts(["Ann ann DNC 24 =24"], ["Ann ann DNC 24 =24"])
    assert sorted(matches.list_shared(0, 1)) == ["24", "DNC", "ann"]
