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


def list_alike(articles, **options):
    table = find(articles, **options).table
    return set(table["term"][table["is_alike"]])


ALIKE = {"talks": 200, "summit": 300}


def test_frequent_words_of_equal_rate_are_alike_and_rare_ones_are_not():
    found = find([("A", ALIKE | {"rare": 3}), ("B", ALIKE | {"rare": 3})])
    table = found.table
    assert table["term"].tolist() == ["summit", "talks"] and found.n_terms == 3
    assert table["is_alike"].all() and found.sentence.startswith("Of 3 terms, 2 ")
    assert (table["low"] > -LOCKWORD_LOG_RATIO_MARGIN).all() and (table["high"] < LOCKWORD_LOG_RATIO_MARGIN).all()


def test_a_difference_is_no_lockword():
    assert "talks" not in list_alike([("A", ALIKE), ("B", ALIKE | {"talks": 400})])


def test_a_wider_margin_lets_more_in():
    articles = [("A", ALIKE | {"harbour": 40}), ("B", ALIKE | {"harbour": 40})]
    assert list_alike(articles) < list_alike(articles, margin=1.0)


def test_the_nearest_to_alike_are_listed_but_not_taken_for_it():
    table = find([("A", ALIKE | {"harbour": 40}), ("B", ALIKE | {"harbour": 40})]).table.set_index("term")
    assert not table.loc["harbour", "is_alike"] and table.index[-1] == "harbour"


def test_a_word_in_bursts_is_alike_by_words_but_not_by_articles():
    articles = [(outlet, {"steady": 120, "harbour" if i else "burst": 500}) for outlet in "AB" for i in range(6)]
    table = find(articles).table
    assert "steady" in set(table["term"]) and "burst" not in set(table["term"])


def test_without_lockwords_the_least_frequency_is_given():
    found = find([("A", {"talks": 4, "trade": 6}), ("B", {"talks": 4, "trade": 6})])
    assert found.table.empty and found.min_counts == find_min_lockword_counts(10, 10)
    assert f"at least {found.min_counts[0]} times in A" in found.sentence


@pytest.mark.parametrize("sizes", [(390, 491), (5_000, 100), (6_783, 312_577)])
def test_the_least_frequency_is_the_first_within_the_margin(sizes):
    a, b = find_min_lockword_counts(*sizes)
    total = sum(sizes)
    for k, is_within in ((a + b, True), (a + b - 3, False)):
        limits = log_ratio_interval(k * sizes[0] / total, k * sizes[1] / total, *sizes)
        assert (np.abs(limits) < LOCKWORD_LOG_RATIO_MARGIN).all() == is_within


def test_one_outlet_has_no_lockword():
    found = find([("A", ALIKE)])
    assert found.table.empty and found.n_terms == 0 and found.min_counts is None
