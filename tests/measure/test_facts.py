"""Facts for a page: statements are joined with their sentences, chosen and ordered."""

import re

import numpy as np
import pandas as pd
import pytest

from samestory.measure.facts import (
    _count_new_words,
    _mark_values,
    _read_matches,
    choose_facts,
    choose_likely_pairs,
    describe_facts,
    find_facts,
    find_likely_pairs,
    join_pair_sentences,
)
from samestory.tables.tables import load_tables

STORIES = {
    "one/1.txt": "The committee approved the harbour bridge budget on Monday. Nearly 30 protesters blocked the ferry"
                 " terminal in Oslo. A white whale was seen near the lighthouse.",
    "two/1.txt": "On Monday the committee approved the budget of the harbour bridge. Some 12 protesters blocked the"
                 " ferry terminal in Oslo. Rain flooded a tunnel under the cathedral."}


@pytest.fixture
def facts(folder):
    return find_facts(load_tables(folder(STORIES)))


@pytest.mark.slow
def test_sentences_are_those_of_the_article(folder):
    tables = load_tables(folder(STORIES))
    texts = tables.articles_by_id["text"]
    for rows in (find_facts(tables), find_likely_pairs(tables)):
        for row in rows.itertuples():
            assert texts[row.article_id][row.start:row.end] == row.text
            assert row.start <= row.statement["start"] < row.statement["end"] <= row.end
            assert all(row.start <= mark["start"] < mark["end"] <= row.end for mark in row.marks)


def test_a_fact_of_two_outlets_has_a_label_and_one_of_a_single_outlet_none(facts):
    shared = facts[facts["relation"] != "one_outlet"]
    assert set(shared["outlet"]) == {"one", "two"} and (shared["label"] != "").all()
    alone = facts[facts["relation"] == "one_outlet"]
    assert {"whale" in text or "tunnel" in text for text in alone["text"]} == {True}
    assert (alone["label"] == "").all()


def test_places_rise_from_the_first_sentence_to_the_last(facts):
    first = facts[facts["text"].str.contains("committee")]
    last = facts[facts["text"].str.contains("whale|tunnel")]
    assert first["place_percent"].max() == 0 < last["place_percent"].min() < 100
    assert last["place_percent"].tolist() == [round(share, 1) for share in last["place_percent"]]


def make_facts(*rows):
    columns = ["fact_id", "relation", "outlet", "new_words", "place_percent", "check"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(("kinds", "marked"), [({"day"}, [4]), ({"value"}, [2]), ({"day", "value"}, [2, 4]),
                                               ({"actor"}, [])])
def test_numbers_and_days_are_marked_where_they_differ(kinds, marked):
    values = [(2, 3, "number"), (4, 6, "date"), (9, 12, "number")]
    found = _mark_values(values, 1, 9, kinds)
    assert [place["start"] for place in found] == marked


def test_facts_of_most_outlets_come_first_then_the_earliest():
    facts = make_facts(("a", "shared", "X", 0.0, 5.0, False), ("a", "shared", "Y", 0.0, 50.0, False),
                       ("b", "shared", "X", 0.0, 9.0, False), ("b", "shared", "Y", 0.0, 1.0, False),
                       ("c", "shared", "X", 0.0, 90.0, False), ("c", "shared", "Y", 0.0, 90.0, False),
                       ("c", "shared", "Z", 0.0, 90.0, False))
    assert list(dict.fromkeys(choose_facts(facts, relations=["shared"], top_n=9)["fact_id"])) == ["c", "b", "a"]
    assert set(choose_facts(facts, relations=["shared"], top_n=1)["fact_id"]) == {"c"}
    assert choose_facts(facts, relations=["differs"], top_n=9).empty


def test_outlets_take_turns_with_what_they_alone_report():
    facts = make_facts(("a", "one_outlet", "X", 9.0, 5.0, False), ("b", "one_outlet", "X", 8.0, 5.0, False),
                       ("c", "one_outlet", "Y", 7.0, 5.0, False))
    assert choose_facts(facts, relations=["one_outlet"], top_n=9)["fact_id"].tolist() == ["a", "c", "b"]
    assert choose_facts(facts, relations=["one_outlet"], to_check=True, top_n=9).empty


def test_the_lead_counts_as_new_last(facts):
    alone = facts[facts["relation"] == "one_outlet"]
    assert (alone["new_words"] <= (alone["novelty"] * alone["text"].str.split().str.len()).round(2)).all()
    assert (alone["new_words"] > 0).any()
    assert (facts.loc[facts["place_percent"] == 0, "new_words"] == 0).all()


def test_facts_are_counted_once_each(facts):
    several = facts.loc[facts["relation"] != "one_outlet", "fact_id"].nunique()
    assert describe_facts(facts).startswith(f"{several} fact")
    assert "No statement" in describe_facts(facts[facts["relation"] == "one_outlet"])


class Pairs:
    """What the functions read of a corpus's tables: the table `pairs`."""

    def __init__(self, *rows):
        self.rows = pd.DataFrame(rows, columns=["pair_id", "status", "score", "statement_a", "statement_b", "shared"])

    def read(self, name):
        return {"pairs": self.rows}[name]


PAIRS = Pairs(("p1", "candidate", 0.3, "a", "b", ["w"]),
              ("p2", "sure", 0.69, "a", "c", ["gun / firearm", "x", "y", "z"]),
              ("p3", "sure", 0.7, "b", "c", ["v"]), ("p4", "confirmed", 0.2, "d", "e", ["u"]),
              ("p5", "refused", 0.9, "a", "e", ["t"]), ("p6", "candidate", 0.69, "b", "d", ["s"]))


def test_what_may_be_one_fact_is_a_candidate_or_less_than_likely():
    assert choose_likely_pairs(PAIRS)["pair_id"].tolist() == ["p2", "p6", "p1"]


def test_only_what_says_the_same_is_marked_as_a_contradiction(folder):
    tables = load_tables(folder(STORIES))
    pair = tables.read("pairs").iloc[[0]].assign(check=True)
    shown = {status: join_pair_sentences(tables, pair.assign(status=status))["check"].all()
             for status in ("sure", "confirmed", "candidate")}
    assert shown == {"sure": True, "confirmed": True, "candidate": False}


def test_a_statement_has_the_score_and_the_words_of_its_best_pair():
    assert _read_matches(PAIRS) == {"a": (0.69, "gun, x, y"), "b": (0.7, "v"), "c": (0.7, "v"), "d": (1.0, "u"),
                                    "e": (1.0, "u")}


def test_new_words_are_those_of_the_statement_s_share_of_its_sentence():
    rows = pd.DataFrame({"statement": [{"start": 10, "end": 20}] * 4, "text": ["word word word word "] * 4,
                         "novelty": [0.5, 0.5, np.nan, 0.5], "predicate": ["say", "say", "say", None]})
    assert _count_new_words(rows, [2, 1, 5, 5]).tolist() == [1.0, 0, 0, 0]


def test_facts_are_counted_by_their_relation():
    rows = [("a", "shared", False), ("a", "shared", False), ("b", "differs", True), ("c", "differs", False),
            ("d", "one_outlet", False), ("e", "likely", False)]
    said = describe_facts(pd.DataFrame(rows, columns=["fact_id", "relation", "check"]))
    assert re.findall(r"\d+", said) == ["3", "2", "1", "1"]
    alone = describe_facts(pd.DataFrame(rows[:2], columns=["fact_id", "relation", "check"]))
    assert re.findall(r"\d+", alone) == ["1", "0", "0"]


def test_facts_to_check_are_chosen_or_left_out():
    facts = make_facts(("a", "differs", "X", 0.0, 5.0, True), ("b", "differs", "X", 0.0, 6.0, False))
    chosen = {to_check: choose_facts(facts, relations=["differs"], to_check=to_check, top_n=2)["fact_id"].tolist()
              for to_check in (True, False, None)}
    assert chosen == {True: ["a"], False: ["b"], None: ["a", "b"]}


def test_a_place_is_the_share_of_the_text_before_the_sentence(folder, facts):
    texts = load_tables(folder(STORIES)).articles_by_id["text"]
    shares = [100 * texts[row.article_id].index(row.text) / len(texts[row.article_id]) for row in facts.itertuples()]
    assert facts["place_percent"].tolist() == pytest.approx(shares, abs=0.05)


def test_without_values_nothing_is_marked():
    assert _mark_values((), 1, 9, {"value", "day"}) == []
