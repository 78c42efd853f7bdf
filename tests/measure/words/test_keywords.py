"""The keyword page: the surest terms first, sentences for each side, and rates that add up."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.count.positions import find_places
from samestory.count.terms import count_terms
from samestory.measure.support import judge_support
from samestory.measure.words.keyness import Comparison, measure_keyness, measure_outlets
from samestory.measure.words.keywords import (
    choose_pair,
    choose_rate_terms,
    count_bands,
    count_rates,
    cross_rates,
    head_by_outlet,
    leave_out_names,
    list_cautions,
    list_own_terms,
    list_sides,
    list_top_pairs,
    list_top_terms,
    name_sides,
    pick_comparison,
    summarize_style,
    tell_difference,
    tell_support,
)
from samestory.measure.words.style import measure_style
from samestory.show.evidence import find_row_sentences
from tests.measure.words.test_divergence import make_counts
from tests.support.handmade_tables import make_tables

THREE = make_counts([("A", {"talks": 9, "trade": 2}), ("B", {"talks": 1, "trade": 9}), ("C", {"harbour": 8})])


@pytest.fixture(scope="module")
def comparison(seeds):
    counts = count_terms(seeds.folder)
    return pick_comparison(measure_outlets(counts), counts)


def test_a_tested_term_comes_before_a_more_extreme_one():
    counts = make_counts([("A", {"x": 9, "y": 5}), ("B", {"x": 1, "y": 4})])
    keyness = measure_outlets(counts)
    assert keyness.table["term"].iloc[0] == "x"
    q = [0.4 if term == "x" else 0.01 for term in keyness.table["term"]]
    keyness = replace(keyness, table=keyness.table.assign(p=0.5, p_max_t=0.5, q_bh=q))
    assert pick_comparison(keyness, counts).table["term"].tolist() == ["y", "x"]


def test_without_a_term_to_compare_the_sides_are_named():
    counts = THREE[THREE["outlet"] != "C"]
    nothing = pick_comparison(measure_outlets(counts, min_count=99), counts)
    assert nothing.table.empty and (nothing.target, nothing.reference) == ("A", "B")
    assert {"A", "B."} <= set(tell_difference(nothing).split())
    alone = pick_comparison(measure_outlets(counts[counts["outlet"] == "A"]), counts[counts["outlet"] == "A"])
    assert (alone.target, alone.reference) == ("A", "another outlet") and alone.note
    assert tell_difference(alone) != tell_difference(nothing)


def test_the_support_is_that_of_the_comparison_shown():
    frequent, rare = [("B", {"x": 9})] * 6, [("C", {f"c{i}": 2}) for i in range(6)]
    counts = make_counts([("A", {"a": 1}), *frequent, *rare])  # A and C have no term that is frequent enough
    shown = pick_comparison(measure_outlets(counts, reference="C"), counts)
    assert (shown.target, shown.reference, shown.support.level) == ("B", "C", "few")


def test_the_sizes_are_those_of_the_two_sides():
    pair = measure_outlets(THREE, target="A", reference="B")
    assert pick_comparison(pair, THREE).n_words == (11, 10)
    assert pick_comparison(pair, THREE).contrast == pair.contrasts[0].sentence
    assert pick_comparison(measure_outlets(THREE), THREE).n_words == (11, 18)


def make_comparison(table, reference="B"):
    return Comparison(table, "A", reference, (10, 10), judge_support(1, 1))


@pytest.mark.parametrize("q, said", [
    ([0.5, 0.5], "No term of 2 "), ([0.01, 0.5], "1 of 2 terms sets "), ([0.01, 0.02], "2 of 2 terms set "),
    (None, "So few articles ")])
def test_the_difference_is_described_as_far_as_it_is_supported(q, said):
    table = pd.DataFrame({"term": ["x", "y"]})
    found = tell_difference(make_comparison(table if q is None else table.assign(q_bh=q)))
    assert found.startswith(said) and "A and B" in found
    assert ("permutation test" in found) == (q is not None) and "within their event" not in found


@pytest.mark.slow
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


def test_the_rest_is_all_outlets_but_the_target():
    places = pd.DataFrame({"outlet": ["A", "B", "C"]})
    rest, pair = (make_comparison(pd.DataFrame(), reference) for reference in ("the rest", "B"))
    assert name_sides(places, rest)["side"].tolist() == ["A", "the rest", "the rest"]
    assert name_sides(places, pair)["side"].tolist() == ["A", "B"]


def test_each_outlet_brings_its_surest_term_to_the_heat_map():
    terms = choose_rate_terms(measure_outlets(THREE).table, top_n=3)
    assert sorted(terms) == ["harbour", "talks", "trade"]


def test_rates_add_up_and_include_unused_terms():
    rates = count_rates(THREE, ["talks", "harbour"])
    assert rates["term"].tolist() == ["talks"] * 3 + ["harbour"] * 3
    assert rates["n"].tolist() == [9, 1, 0, 0, 0, 8]
    assert rates["per_1k"].tolist() == [1000 * 9 / 11, 100, 0, 0, 0, 1000]
    assert cross_rates(rates).set_index("term").to_numpy().ravel().tolist() == rates["per_1k"].tolist()


@pytest.mark.slow
def test_style_of_an_outlet_is_that_of_its_median_article(seeds):
    table = summarize_style(measure_style(seeds.folder))
    assert table["outlet"].tolist() == ["CGTN", "CNN"] and table["middle_half"].tolist() == ["", ""]
    many = pd.concat([measure_style(seeds.folder).assign(flesch_kincaid=k) for k in range(5)])
    assert summarize_style(many)["middle_half"].tolist() == ["1.0 to 3.0"] * 2


def make_keyness(*rows):
    """Keyness given as target, reference, term, log_ratio, and q if there is one."""
    columns = ["target", "reference", "term", "log_ratio", "q_bh"][:len(rows[0])]
    numbers = {"n_target": range(10, 10 + len(rows)), "n_reference": range(len(rows)), "lrc": 0.0}
    return pd.DataFrame(rows, columns=columns).assign(**numbers)


ONE_PAIR = make_keyness(("B", "A", "u", 2.0), ("B", "A", "v", -1.0), ("B", "A", "w", 1.0), ("B", "A", "x", -2.0),
                        ("B", "A", "y", 3.0), ("B", "A", "z", 0.0))


def test_both_outlets_of_a_pair_have_the_first_terms_that_they_use_more():
    assert list_own_terms(ONE_PAIR).values.tolist() == [
        ["A", "B", "v", 1, 11], ["A", "B", "x", 3, 13], ["B", "A", "u", 10, 0], ["B", "A", "w", 12, 2]]
    assert list_own_terms(ONE_PAIR, top_n=1)["term"].tolist() == ["v", "u"]


def test_significant_terms_come_first_in_each_outlet():
    keyness = make_keyness(("A", "the rest", "u", 2.0, 0.5), ("A", "the rest", "v", 1.0, 0.05),
                           ("B", "the rest", "w", 1.0, 0.051), ("B", "the rest", "x", -1.0, 0.01))
    assert list_own_terms(keyness)[["outlet", "term", "is_sure"]].values.tolist() == [
        ["A", "v", True], ["A", "u", False], ["B", "w", False]]
    top = list_top_terms(keyness)
    assert top[["outlet", "terms", "n_sure"]].values.tolist() == [["A", "v 11:1, u 10:0", 1], ["B", "w 12:2", 0]]


def test_a_term_of_one_event_says_so_and_comes_last():
    keyness = make_keyness(("A", "B", "u", 1.0), ("A", "B", "v", 2.0)).assign(one_event=[0.59, 0.6])
    assert list_top_terms(keyness)["terms"].tolist() == ["u 10:0, v 11:1 (one event)"]


def test_ten_terms_of_each_outlet_are_listed_in_a_row():
    keyness = make_keyness(*[("A", "B", f"{i:02}", 1.0) for i in range(12)])
    row, = list_top_terms(keyness).to_dict("records")
    assert row["terms"].startswith("00 10:0, 01 11:1") and row["terms"].count(",") == 9


def test_pairs_of_words_are_listed_by_outlet_in_their_order():
    pairs = pd.DataFrame({"outlet": ["B", "A", "B"], "term_a": list("xyz"), "term_b": list("uvw"), "n": [3, 2, 9]})
    assert list_top_pairs(pairs).values.tolist() == [["A", "y v 2"], ["B", "x u 3, z w 9"]]


@pytest.mark.parametrize(("total", "band"), [
    (1, "1 to 9"), (9, "1 to 9"), (10, "10 to 29"), (29, "10 to 29"), (30, "30 to 99"), (99, "30 to 99"),
    (100, "100 to 299"), (299, "100 to 299"), (300, "300 to 999"), (999, "300 to 999"), (1000, "1,000 and more")])
def test_each_number_of_occurrences_is_in_one_band(total, band):
    table = pd.DataFrame({"n_target": [total], "n_reference": [0], "low": [-1.0], "high": [1.0]})
    assert count_bands(table).values.tolist() == [[band, 1, 0]]


@pytest.mark.parametrize(("low", "high", "q", "n_apart", "n_sure"), [
    (0.0, 1.0, 0.05, 0, 1), (0.01, 1.0, 0.051, 1, 0), (-1.0, 0.0, 0.9, 0, 0), (-1.0, -0.01, 0.9, 1, 0)])
def test_a_term_is_apart_if_its_interval_excludes_equally_often(low, high, q, n_apart, n_sure):
    table = pd.DataFrame({"n_target": [3], "n_reference": [3], "low": [low], "high": [high], "q_bh": [q]})
    assert count_bands(table)[["n_apart", "n_sure"]].values.tolist() == [[n_apart, n_sure]]


def test_the_heat_map_takes_the_surest_of_each_outlet_in_turn():
    rows = [("A", "the rest", "a1", 2.0, 0.5), ("A", "the rest", "a2", 2.0, 0.5), ("B", "the rest", "b1", 1.0, 0.5),
            ("B", "the rest", "b2", 1.0, 0.05), ("B", "the rest", "b3", -1.0, 0.01)]
    keyness = make_keyness(*rows).assign(lrc=[-0.1, 9.0, 0.2, 0.0, 0.0])
    assert choose_rate_terms(keyness) == ["b2", "a1", "a2", "b1"]
    assert choose_rate_terms(keyness.assign(q_bh=1.0)) == ["b1", "a1", "a2", "b2"]
    assert choose_rate_terms(keyness.drop(columns="q_bh"), top_n=1) == ["b1"]
    equal = keyness.assign(q_bh=1.0, lrc=[0.2, 0, -0.2, 0, 0])
    assert choose_rate_terms(equal) == ["a1", "b1", "a2", "b2"]


def test_the_heat_map_of_a_pair_has_terms_of_both_sides():
    assert set(choose_rate_terms(ONE_PAIR)) == set("uvwxyz") and len(choose_rate_terms(ONE_PAIR, top_n=2)) == 2
    assert len(choose_rate_terms(make_keyness(*[("A", "B", f"{i:02}", 1.0) for i in range(20)]))) == 15


def test_rates_have_the_sizes_of_the_outlets():
    rates = count_rates(THREE, ["talks"])
    assert rates[["n_articles", "of_articles", "n_words"]].values.tolist() == [[1, 1, 11], [1, 1, 10], [0, 1, 8]]


def test_style_is_the_rounded_median():
    columns = {"n_words": [100, 313], "n_sentences": [3, 8], "mattr": [0.7111, 0.7199], "flesch": [40.2, 41.2],
               "flesch_kincaid": [10.11, 10.21]}
    row, = summarize_style(pd.DataFrame(columns).assign(outlet="A")).to_dict("records")
    assert row == {"outlet": "A", "n_articles": 2, "n_words": 206, "words_a_sentence": 36.2, "mattr": 0.72,
                   "flesch": 41, "flesch_kincaid": 10.2, "middle_half": ""}


@pytest.mark.parametrize(("n", "half"), [(4, ""), (5, "1.0 to 3.0")])
def test_the_middle_half_is_given_from_five_articles_on(n, half):
    measured = pd.DataFrame({"outlet": "A", "flesch_kincaid": [0.0, 1, 2, 3, 4][:n]}).assign(
        n_words=1, n_sentences=1, mattr=1.0, flesch=1.0)
    assert summarize_style(measured)["middle_half"].tolist() == [half]


def test_a_term_used_equally_often_belongs_to_no_outlet():
    keyness = make_keyness(("B", "A", "z", 0.0), ("B", "A", "v", -0.5), ("B", "A", "u", 0.5), ("B", "A", "w", -1.0))
    assert list_own_terms(keyness)["term"].tolist() == ["v", "w", "u"]


def test_the_comparison_has_the_words_of_both_sides_whatever_is_compared():
    two = THREE[THREE["outlet"] != "C"]
    for options in ({}, {"min_count": 99}):
        assert pick_comparison(measure_outlets(two, **options), two).n_words == (11, 10)
    assert pick_comparison(measure_outlets(THREE), THREE).n_words == (11, 18)
    alone = two[two["outlet"] == "A"]
    assert pick_comparison(measure_outlets(alone), alone).n_words == (11, 0)
    none = THREE.head(0)
    assert pick_comparison(measure_outlets(none), none).n_words == (0, 0)
    assert pick_comparison(measure_outlets(none), none).support.n_target == 0


@pytest.mark.slow
@pytest.mark.parametrize(("options", "n"), [({}, 15), ({"top_n": 3}, 3)])
def test_cautions_are_of_the_first_fifteen_terms(options, n):
    tables = make_tables({"1": ("A", " ".join(f"w{i:02} " * 3 for i in range(20))), "2": ("A", "on"), "3": ("B", "at")})
    counts = count_terms(tables)
    comparison = pick_comparison(measure_outlets(counts), counts)
    cautions = list_cautions(SimpleNamespace(folder=tables), comparison, counts, **options)
    assert cautions.loc[cautions["term"] != "", "term"].tolist() == [f"w{i:02}" for i in range(n)]


def test_the_support_of_more_than_three_comparisons_is_summed_up():
    articles = [(outlet, {"x": 3, outlet: 3}) for outlet in "ABC" for _ in range(5)]
    three, four = (measure_outlets(make_counts(rows)) for rows in (articles, [*articles, ("D", {"x": 3, "D": 3})]))
    assert tell_support(three).count("With 5 articles against 10") == 1
    assert tell_support(four).startswith("4 outlets ") and " 3 of them " in tell_support(four)
    assert tell_support(four).endswith(": D.")


def test_of_all_pairs_the_first_is_picked():
    comparison = pick_comparison(measure_outlets(THREE, all_pairs=True), THREE)
    assert (comparison.target, comparison.reference) == ("A", "B")


@pytest.mark.slow
@pytest.mark.parametrize("text", ["# U.S. met\ntalks", 'talks " the U.S. met "'])
def test_without_options_cautions_are_of_folded_words_headlines_and_quotations(text):
    tables = make_tables({"1": ("A", text), "2": ("B", "the United States met")})
    counts = count_terms(tables)
    comparison = pick_comparison(measure_outlets(counts, min_count=1), counts)
    assert "united states" in set(list_cautions(SimpleNamespace(folder=tables), comparison, counts)["term"])


def test_the_first_of_several_comparisons_is_the_one_against_the_rest():
    picked = pick_comparison(measure_outlets(THREE), THREE)
    assert (picked.target, picked.reference, picked.n_words) == ("A", "the rest", (11, 18))
    alone = measure_keyness(THREE, target="A").table
    pd.testing.assert_frame_equal(picked.table, alone[picked.table.columns])


def test_without_a_chosen_pair_of_several_nothing_is_drawn():
    several, pair = measure_outlets(THREE), measure_outlets(THREE, target="A", reference="B")
    assert choose_pair(several, THREE).table.empty and "target" in tell_difference(choose_pair(several, THREE))
    assert choose_pair(pair, THREE).table.equals(pick_comparison(pair, THREE).table)
    assert choose_rate_terms(pair.table, least_comparisons=2) == []


def test_names_are_left_out_of_a_comparison(seeds, comparison):
    left = set(comparison.table["term"]) - set(leave_out_names(seeds, comparison).table["term"])
    assert {"china", "zhao", "cui"} <= left and not {"side", "said", "issues"} & left


def test_a_comparison_is_headed_by_its_outlets(comparison):
    heads = head_by_outlet(comparison).columns
    assert {"CGTN", "CNN", "per 1,000, CGTN", "articles, CNN"} <= set(heads) and "n_target" not in heads
