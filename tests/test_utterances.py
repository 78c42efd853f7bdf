"""Utterances: what two outlets tell of one thing said."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.schema import TABLES
from samestory.utterances import find_cuts, match_utterances

ARTICLES = pd.DataFrame({"article_id": ["x", "y", "z"], "outlet": ["Beta", "Alpha", "Beta"],
                         "counted": [True, True, False]})


def quotation(article_id, text, *, kind="direct", speaker="Lena Ortiz", number=[0]):  # noqa: B006 - numbers the rows
    number[0] += 1
    return {"quotation_id": f"{article_id}/q{number[0]}", "article_id": article_id, "text": text, "kind": kind,
            "speaker_name": speaker, "speaker_entity_id": None}


def match(*rows):
    return match_utterances(pd.DataFrame(rows), ARTICLES)


def test_curly_and_straight_marks_are_the_same_words():
    first, second = (quotation("x", "We don’t have a bridge,"), quotation("y", "We don't have a bridge"))
    table = match(first, second)
    assert table[["quotation_a", "quotation_b", "relation", "words_cut"]].values.tolist() == [
        [second["quotation_id"], first["quotation_id"], "identical", ""]]


def test_a_trimmed_quotation_says_what_was_cut():
    table = match(quotation("x", "I hope both sides will come with goodwill and leave as friends."),
                  quotation("y", "both sides will come with goodwill"))
    assert table["relation"].tolist() == ["trimmed"]
    assert table["words_cut"].tolist() == ["i hope … and leave as friends"]


def test_a_fragment_matches_by_speaker():
    rows = [quotation("x", "reckless and cruel"), quotation("y", "reckless and cruel"),
            quotation("y", "reckless and cruel", speaker="Omar Reyes")]
    assert match(*rows)["quotation_a"].tolist() == [rows[1]["quotation_id"]]


def test_a_paraphrase_needs_the_same_speaker():
    left = quotation("x", "the bridge would open to heavy trucks before the winter", kind="indirect")
    right = "heavy trucks may use the bridge before winter"
    assert match(left, quotation("y", right, kind="indirect"))["relation"].tolist() == ["paraphrase"]
    assert match(left, quotation("y", right, kind="indirect", speaker="Omar Reyes")).empty


@pytest.mark.parametrize("other", ["x", "z"])
def test_one_outlet_or_a_repeat_is_no_pair(other):
    assert match(quotation("x", "We have a bridge now"), quotation(other, "We have a bridge now")).empty


def test_what_follows_a_straight_mark_is_not_quoted():
    rows = [quotation("x", 'they act with a "strong hand" and raise a range of issues', kind="mixed"),
            quotation("y", '"a range of issues" would be discussed', kind="mixed", speaker="Ned Hill")]
    assert match(*rows).empty


def test_the_order_of_rows_does_not_matter():
    rows = [quotation("x", "We have a new bridge now, and it is fine"),
            quotation("y", "a new bridge now, and it is fine"), quotation("y", "We have a new bridge now")]
    pd.testing.assert_frame_equal(match(*rows), match(*rows[::-1]))


def test_no_quotations_have_the_same_columns():
    none = match_utterances(pd.DataFrame([quotation("x", "a")]).iloc[:0], ARTICLES)
    assert none.columns.tolist() == [column.name for column in TABLES["utterances"].columns]


def test_a_phrase_that_everybody_uses_is_not_looked_up():
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(2000)], "counted": True,
                             "outlet": [f"o{i % 9}" for i in range(2000)]})
    rows = pd.DataFrame([quotation(f"a{i}", "at the end of the day", speaker=f"Speaker {i}") for i in range(2000)])
    assert match_utterances(rows, articles).empty


def test_cuts_are_the_stretches_that_the_other_lacks():
    longer, shorter = "We don’t have a new bridge now, and it's fine", "we don't have a bridge now"
    assert [longer[a:b] for a, b in find_cuts(longer, shorter)] == ["new", "and it's fine"]
    assert find_cuts(shorter, longer) == []
    assert find_cuts("", "x") == [] and find_cuts("one", "") == [(0, 3)]


@given(st.text("abc ’.-\"", max_size=80), st.text("abc ’.-\"", max_size=80))
def test_cuts_lie_in_the_text_and_do_not_touch(text, other):
    cuts = find_cuts(text, other)
    edges = [edge for cut in cuts for edge in cut]
    assert edges == sorted(set(edges)) and all(0 <= edge <= len(text) for edge in edges)
    assert find_cuts(text, text) == []
