"""Lockwords: alike only where the whole interval says so."""

import numpy as np
import pytest

from samestory.measure.formulas import log_ratio_interval
from samestory.measure.words.keyness import measure_outlets
from samestory.measure.words.keywords import pick_comparison
from samestory.measure.words.lockwords import LOCKWORD_LOG_RATIO_MARGIN, find_lockwords, find_min_lockword_counts
from tests.measure.words.test_divergence import make_counts


def find(articles, **options):
    counts = make_counts(articles)
    return find_lockwords(pick_comparison(measure_outlets(counts), counts), counts, **options)


ALIKE = {"talks": 200, "summit": 300}


def test_frequent_words_of_equal_rate_are_alike_and_rare_ones_are_not():
    table = find([("A", ALIKE | {"rare": 3}), ("B", ALIKE | {"rare": 3})])
    assert table["term"].tolist() == ["summit", "talks"]
    assert table["is_alike"].all() and (table["low"] >
                                        -LOCKWORD_LOG_RATIO_MARGIN).all() and (table["high"] < LOCKWORD_LOG_RATIO_MARGIN).all()
    assert "Of 3 terms, 2 can be said to be used alike" in table.attrs["sentence"]


def test_a_difference_is_no_lockword():
    table = find([("A", ALIKE), ("B", ALIKE | {"talks": 400})])
    assert "talks" not in set(table["term"][table["is_alike"]])


def test_a_wider_margin_lets_more_in():
    articles = [("A", ALIKE | {"harbour": 40}), ("B", ALIKE | {"harbour": 40})]
    narrow, wide = find(articles), find(articles, margin=1.0)
    assert set(narrow["term"][narrow["is_alike"]]) < set(wide["term"][wide["is_alike"]])


def test_the_nearest_to_alike_are_named_but_not_taken_for_it():
    table = find([("A", ALIKE | {"harbour": 40}), ("B", ALIKE | {"harbour": 40})]).set_index("term")
    assert not table.loc["harbour", "is_alike"] and table.index[-1] == "harbour"


def test_a_word_in_bursts_is_alike_by_words_but_not_by_articles():
    articles = [(outlet, {"steady": 120, "harbour" if i else "burst": 500}) for outlet in "AB" for i in range(6)]
    table = find(articles)
    assert "steady" in set(table["term"]) and "burst" not in set(table["term"])


def test_none_says_how_often_a_term_would_have_to_stand():
    table = find([("A", {"talks": 4, "trade": 6}), ("B", {"talks": 4, "trade": 6})])
    assert table.empty and "a term must stand at least" in table.attrs["sentence"]


@pytest.mark.parametrize("sizes", [(390, 491), (5_000, 100), (6_783, 312_577)])
def test_the_least_frequency_is_the_first_within_the_margin(sizes):
    a, b = find_min_lockword_counts(*sizes)
    total = sum(sizes)
    for k, is_within in ((a + b, True), (a + b - 3, False)):
        limits = log_ratio_interval(k * sizes[0] / total, k * sizes[1] / total, *sizes)
        assert (np.abs(limits) < LOCKWORD_LOG_RATIO_MARGIN).all() == is_within


def test_one_outlet_has_no_lockword():
    assert find([("A", ALIKE)]).empty
