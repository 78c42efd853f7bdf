"""What the keyword page shows: the surest first, each side with its sentences, rates that add up."""

import pandas as pd
import pytest

from samestory.count.positions import find_places
from samestory.count.terms import count_terms
from samestory.measure.words.keyness import measure_outlets
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
    keyness = keyness.assign(p=0.5, p_max_t=0.5, q_bh=[0.4 if term == "x" else 0.01 for term in keyness["term"]])
    counts = pd.DataFrame({"outlet": ["A", "B"], "n": [14, 5]})
    assert keyness["term"].iloc[0] == "x"
    assert pick_comparison(keyness, counts)["term"].tolist() == ["y", "x"]


def test_without_a_term_to_compare_it_is_said_of_whom():
    counts = THREE[THREE["outlet"] != "C"]
    table = pick_comparison(measure_outlets(counts, min_count=99), counts)
    assert tell_difference(table) == "No term is frequent enough to compare A with B."
    assert table.attrs["contrast"].startswith("No term is compared")
    alone = counts[counts["outlet"] == "A"]
    nothing = pick_comparison(measure_outlets(alone), alone)
    assert nothing.attrs["reference"] == "another outlet" and "Without another outlet" in tell_difference(nothing)


@pytest.mark.parametrize("q, said", [
    ([0.5, 0.5], "No term of 2 sets A and B apart"), ([0.01, 0.5], "1 of 2 terms sets A and B apart"),
    ([0.01, 0.02], "2 of 2 terms set A and B apart"), (None, "No word difference between A and B can be supported")])
def test_it_is_said_plainly_what_can_be_supported(q, said):
    table = pd.DataFrame({"term": ["x", "y"]})
    table = table if q is None else table.assign(q_bh=q)
    table.attrs = {"target": "A", "reference": "B"}
    assert tell_difference(table).startswith(said)


def test_cautions_are_of_the_words_shown_and_say_no_more_of_few_texts(seeds, comparison):
    cautions = list_cautions(seeds, comparison, count_terms(seeds.folder), top_n=10)
    assert set(cautions["term"]) <= {"", *comparison["term"].head(10)}
    assert not cautions["text"].str.contains("no test can say").any()


def test_bands_of_frequency_add_up_to_the_terms(comparison):
    bands = count_bands(comparison)
    assert bands["n_terms"].sum() == len(comparison)
    assert bands["n_apart"].sum() == ((comparison["low"] > 0) | (comparison["high"] < 0)).sum()
    assert "n_sure" not in bands and "n_sure" in count_bands(comparison.assign(q_bh=0.01))


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
    table = pd.DataFrame()
    table.attrs = {"target": "A", "reference": "the rest"}
    places = pd.DataFrame({"outlet": ["A", "B", "C"]})
    assert name_sides(places, table)["side"].tolist() == ["A", "the rest", "the rest"]
    table.attrs["reference"] = "B"
    assert name_sides(places, table)["side"].tolist() == ["A", "B"]


def test_each_outlet_brings_its_surest_term_to_the_heat_map():
    terms = choose_rate_terms(measure_outlets(THREE), top_n=3)
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
