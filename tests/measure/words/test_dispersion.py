"""Dispersion against the toy corpus of Gries (2008) and the examples of Carroll (1970)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.measure.words.dispersion import (
    arf,
    measure_dispersion,
    measure_reduced_frequency,
    measure_term_dispersion,
)
from tests.support.handmade_tables import make_tables

TOY = ("b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a", "b a g h a b e a a t",
       "b a h a a b e a x a t")
PARTS = [part.split() for part in TOY]


@pytest.mark.parametrize(("term", "n_parts", "juilland_d", "dp", "dp_norm", "kl"), [
    ("b", 5, 0.968, 0.02, 0.024, 0.003), ("i", 1, 0, 0.82, 1, 2.474), ("q", 1, 0, 0.8, 0.976, 2.322),
    ("x", 1, 0, 0.78, 0.951, 2.184)])  # Gries 2008, as printed
def test_the_toy_corpus_is_reproduced(term, n_parts, juilland_d, dp, dp_norm, kl):
    rows = [(str(i), "A", word, part.count(word)) for i, part in enumerate(PARTS) for word in set(part)]
    counts = pd.DataFrame(rows, columns=["article_id", "outlet", "term", "n"])
    row = measure_dispersion(counts).set_index("term").loc[term]
    assert row["n_articles"] == n_parts
    printed = row[["juilland_d", "dp", "dp_norm", "kl"]].astype(float).round(3)
    assert printed.tolist() == pytest.approx([juilland_d, dp, dp_norm, kl])


def test_equal_parts_agree_with_carroll_and_with_lijffijt_and_gries():
    assert round(measure_term_dispersion([0, 4, 3, 2, 1], [10] * 5)["juilland_d"], 4) == 0.6464  # 1970, page 14
    assert measure_term_dispersion([2, 1, 0], [10] * 3)["dp_norm"] == pytest.approx(0.5)  # 2012, page 148


def test_average_reduced_frequency_agrees_with_the_running_text():
    text = "bamnibeupk" "basatbewqn" "bcagabesta" "baghabeaat" "bahaabeaxa"  # as in Wordless's tests
    places = [i for i, word in enumerate(text) if word == "a"]
    assert arf(places, 50) == pytest.approx(10.8)  # Gries 2008, page 410
    assert arf([], 50) == 0


@pytest.mark.slow
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=20), st.integers(0, 20))
@settings(max_examples=10)
def test_reduced_frequencies_of_an_outlet_agree_with_its_running_text(words, cut):
    articles = {name: ("CNN", " ".join(part)) for name, part in (("1", words[:cut]), ("2", words[cut:]))}
    table = measure_reduced_frequency(make_tables(articles), min_count=1).set_index("term")
    for term in set(words):
        places = [i for i, word in enumerate(words) if word == term]
        assert table.loc[term, "n"] == len(places)
        assert table.loc[term, "arf"] == pytest.approx(arf(places, len(words)))


def test_reduced_frequencies_have_the_same_columns_without_articles():
    none, some = (measure_reduced_frequency(make_tables(articles), min_count=1)
                  for articles in ({}, {"a": ("CNN", "red")}))
    assert len(none) == 0 and list(none.columns) == list(some.columns) == ["outlet", "term", "n", "arf"]


def test_one_article_has_no_dispersion():
    row = measure_dispersion(pd.DataFrame({"article_id": ["1"], "outlet": "A", "term": "x", "n": 2})).iloc[0]
    assert row["n_articles"] == 1 and row[["juilland_d", "dp", "dp_norm", "kl"]].isna().all()


def test_no_counts_have_the_same_columns():
    none = measure_dispersion(pd.DataFrame({"article_id": [], "outlet": [], "term": [], "n": []}))
    assert list(none.columns) == ["outlet", "term", "n", "n_articles", "juilland_d", "dp", "dp_norm", "kl"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(10, 50)), min_size=2, max_size=9))
def test_measures_keep_their_range(parts):
    frequencies, sizes = zip(*parts, strict=True)
    if not sum(frequencies):
        return
    measures = measure_term_dispersion(frequencies, sizes)
    assert -1e-9 <= measures["dp"] <= measures["dp_norm"] <= 1 + 1e-9 and measures["kl"] >= 0
    assert -1e-9 <= measures["juilland_d"] <= 1 + 1e-9


@given(st.sets(st.integers(0, 99), min_size=1))
def test_reduced_frequency_is_between_one_and_the_frequency(places):
    assert 1 - 1e-9 <= arf(sorted(places), 100) <= len(places) + 1e-9
    assert np.isclose(arf([(place + 7) % 100 for place in places], 100), arf(sorted(places), 100))


def test_three_occurrences_have_a_reduced_frequency():
    tables = make_tables({"a": ("CNN", "red red red sky sky")})
    assert measure_reduced_frequency(tables)["term"].tolist() == ["red"]


def test_a_sample_of_one_part_has_no_deviation():
    assert np.isnan(measure_term_dispersion([3], [9], sample=True)["juilland_d"])
    even = measure_term_dispersion([3, 3], [9, 9], sample=True)
    assert (even["juilland_d"], even["dp"], even["kl"], even["range"]) == pytest.approx((1, 0, 0, 2))


def test_dispersion_is_measured_by_outlet_for_terms_that_are_frequent_enough():
    rows = [("1", "B", "y", 2), ("2", "B", "x", 1), ("2", "B", "y", 1), ("3", "A", "x", 5), ("4", "A", "y", 1)]
    counts = pd.DataFrame(rows, columns=["article_id", "outlet", "term", "n"])
    table = measure_dispersion(counts)
    assert table[["outlet", "term", "n", "n_articles"]].values.tolist() == [
        ["A", "x", 5, 1], ["A", "y", 1, 1], ["B", "x", 1, 1], ["B", "y", 3, 2]]
    assert measure_dispersion(counts, min_count=3)["term"].tolist() == ["x", "y"]


@pytest.mark.parametrize(("n", "size"), [(3, 5), (5, 9), (6, 9)])  # a variance of rounding errors
def test_equal_parts_are_even_despite_rounding(n, size):
    assert measure_term_dispersion([1] * n, [size] * n)["juilland_d"] == 1
