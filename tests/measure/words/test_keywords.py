"""The keyword page: the surest first, each side with its sentences, rates that add up."""

from dataclasses import replace

import pandas as pd
import pytest

from samestory.count.positions import find_places
from samestory.count.terms import count_terms
from samestory.measure.support import judge_support
from samestory.measure.words.keyness import Comparison, measure_outlets
from samestory.measure.words.keywords import (
    choose_rate_terms,
    count_bands,
    count_rates,
    cross_rates,
    list_cautions,
    list_sides,
    name_sides,
    pick_comparison,
    summarize_style,
    tell_difference,
)
from samestory.measure.words.style import measure_style
from samestory.show.evidence import find_row_sentences
from tests.measure.words.test_divergence import make_counts

THREE = make_counts([("A", {"talks": 9, "trade": 2}), ("B", {"talks": 1, "trade": 9}), ("C", {"harbour": 8})])


@pytest.fixture(scope="module")
def comparison(seeds):
    counts = count_terms(seeds.folder)
    return pick_comparison(measure_outlets(counts), counts)


def test_a_tested_term_comes_before_a_more_extreme_one():
    keyness = measure_outlets(make_counts([("A", {"x": 9, "y": 5}), ("B", {"x": 1, "y": 4})]))
    assert keyness.table["term"].iloc[0] == "x"
    q = [0.4 if term == "x" else 0.01 for term in keyness.table["term"]]
    keyness = replace(keyness, table=keyness.table.assign(p=0.5, p_max_t=0.5, q_bh=q))
    counts = pd.DataFrame({"outlet": ["A", "B"], "n": [14, 5]})
    assert pick_comparison(keyness, counts).table["term"].tolist() == ["y", "x"]


def test_without_a_term_to_compare_the_sides_are_named():
    counts = THREE[THREE["outlet"] != "C"]
    nothing = pick_comparison(measure_outlets(counts, min_count=99), counts)
    assert nothing.table.empty and (nothing.target, nothing.reference) == ("A", "B")
    assert {"A", "B."} <= set(tell_difference(nothing).split())
    alone = pick_comparison(measure_outlets(counts[counts["outlet"] == "A"]), counts[counts["outlet"] == "A"])
    assert (alone.target, alone.reference) == ("A", "another outlet") and alone.note
    assert tell_difference(alone) != tell_difference(nothing)


def make_comparison(table, reference="B"):
    return Comparison(table, "A", reference, (10, 10), judge_support(1, 1))


@pytest.mark.parametrize("q, said", [
    ([0.5, 0.5], "No term of 2 "), ([0.01, 0.5], "1 of 2 terms sets "), ([0.01, 0.02], "2 of 2 terms set "),
    (None, "No word difference ")])
def test_the_difference_is_described_as_far_as_it_is_supported(q, said):
    table = pd.DataFrame({"term": ["x", "y"]})
    found = tell_difference(make_comparison(table if q is None else table.assign(q_bh=q)))
    assert found.startswith(said) and "A and B" in found
    assert ("permutation test" in found) == (q is not None)


def test_cautions_are_of_the_words_shown_and_say_no_more_of_few_texts(seeds, comparison):
    cautions = list_cautions(seeds, comparison, count_terms(seeds.folder), top_n=10)
    assert set(cautions["term"]) <= {"", *comparison.table["term"].head(10)}
    assert not cautions["text"].str.contains(comparison.sentence, regex=False).any()


def test_bands_of_frequency_add_up_to_the_terms(comparison):
    table = comparison.table
    bands = count_bands(table)
    assert bands["n_terms"].sum() == len(table)
    assert bands["n_apart"].sum() == ((table["low"] > 0) | (table["high"] < 0)).sum()
    assert "n_sure" not in bands and "n_sure" in count_bands(table.assign(q_bh=0.01))


def test_every_row_of_a_side_has_its_sentences(seeds, comparison):
    rows = list_sides(comparison, top_n=10)
    places = name_sides(find_places(seeds.folder, list(rows["term"].unique())), comparison)
    found = find_row_sentences(seeds, places, rows, by=["term", "side"])
    assert set(found["row"]) == set(rows.index)
    assert rows["n"].sum() == len(places)


def test_a_side_without_the_term_has_no_row(comparison):
    rows = list_sides(comparison)
    assert (rows["n"] > 0).all()
    assert set(rows["side"]) == {"CGTN", "CNN"}


def test_the_rest_are_all_but_the_target():
    places = pd.DataFrame({"outlet": ["A", "B", "C"]})
    rest, pair = (make_comparison(pd.DataFrame(), reference) for reference in ("the rest", "B"))
    assert name_sides(places, rest)["side"].tolist() == ["A", "the rest", "the rest"]
    assert name_sides(places, pair)["side"].tolist() == ["A", "B"]


def test_each_outlet_brings_its_surest_term_to_the_heat_map():
    terms = choose_rate_terms(measure_outlets(THREE).table, top_n=3)
    assert sorted(terms) == ["harbour", "talks", "trade"]


def test_rates_add_up_and_keep_what_is_never_used():
    rates = count_rates(THREE, ["talks", "harbour"])
    assert rates["term"].tolist() == ["talks"] * 3 + ["harbour"] * 3
    assert rates["n"].tolist() == [9, 1, 0, 0, 0, 8]
    assert rates["per_1k"].tolist() == [1000 * 9 / 11, 100, 0, 0, 0, 1000]
    assert cross_rates(rates).set_index("term").to_numpy().ravel().tolist() == rates["per_1k"].tolist()


def test_style_of_an_outlet_is_its_middle_article(seeds):
    table = summarize_style(measure_style(seeds.folder))
    assert table["outlet"].tolist() == ["CGTN", "CNN"] and table["middle_half"].tolist() == ["", ""]
    many = pd.concat([measure_style(seeds.folder).assign(flesch_kincaid=k) for k in range(5)])
    assert summarize_style(many)["middle_half"].tolist() == ["1.0 to 3.0"] * 2
