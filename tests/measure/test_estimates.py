"""Estimates from stratified samples: unbiased over all samples, exact for a census, and sure of what they say."""

import math
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from samestory.measure.estimates import MIN_ESTIMATE_ROWS, bound_ratio, estimate_ratio

STRATA = {"a": [1, 1, 0, 1, 1], "b": [0, 1, 0, 0]}  # what each unit of a small corpus is worth


def make_rows(drawn: dict[str, list[int]]) -> tuple[pd.DataFrame, np.ndarray]:
    rows = [(name, len(STRATA[name]), value) for name, values in drawn.items() for value in values]
    frame = pd.DataFrame(rows, columns=["stratum", "stratum_size", "value"])
    return frame, frame["value"].to_numpy(dtype=float)


def list_samples():
    """Every sample of three units of the first stratum and two of the second."""
    for first, second in product(combinations(STRATA["a"], 3), combinations(STRATA["b"], 2)):
        yield make_rows({"a": list(first), "b": list(second)})


def test_estimates_and_variances_are_unbiased_over_all_samples():
    found = [estimate_ratio(rows.assign(task=rows["stratum"]), values, np.ones(len(rows)), n_about=9)
             for rows, values in list_samples()]  # each stratum is a task, so that it borrows from itself alone
    ratios = np.array([one.value for one in found])
    assert ratios.mean() == pytest.approx(5 / 9)
    assert np.mean([one.standard_error**2 for one in found]) == pytest.approx(ratios.var())


def test_a_stratum_borrows_from_the_others_of_its_task():
    rows = pd.DataFrame({"stratum": list("a" * 10 + "b" * 10 + "c" * 10), "task": ["x"] * 20 + ["y"] * 10,
                         "stratum_size": [40] * 10 + [80] * 10 + [40] * 10})
    errors = np.array([0, 1] * 5 + [0] * 20, dtype=float)
    spread = 20 / 19 * (1 / 6 * 5 / 6)  # of all rows of the task, whose mean is 1/6 by weight; that of c stays 0
    expected = {40: (spread + (1 / 2 - 1 / 6) ** 2 + 2.5) / 10, 80: (spread + (1 / 6) ** 2) / 10}
    found = estimate_ratio(rows, errors, np.zeros(30), known_part=20, known_whole=160).standard_error**2
    assert found == pytest.approx(sum(n**2 * (1 - 10 / n) * one / 10 for n, one in expected.items()) / 160**2)


def test_strata_without_any_difference_within_are_not_sure():
    rows = pd.DataFrame({"stratum": ["few"] * 3 + ["many"] * 30, "stratum_size": [15] * 3 + [300] * 30})
    found = estimate_ratio(rows, np.array([0.0] * 3 + [1.0] * 30), np.ones(33))
    assert found.value == pytest.approx(300 / 315)
    assert found.high - found.low > 0.05


def test_a_known_part_is_only_corrected():
    found = {name: [1] * len(values) for name, values in STRATA.items()}  # the program says that all are
    truth = sum(map(sum, STRATA.values())) / 9
    for rows, values in list_samples():
        whole = estimate_ratio(rows, values - 1, np.zeros(len(rows)), known_part=9, known_whole=9, n_about=9)
        assert whole.value == pytest.approx(estimate_ratio(rows, values, np.ones(len(rows)), n_about=9).value)
    rows, values = make_rows(STRATA)
    census = estimate_ratio(rows, values - 1, np.zeros(9), known_part=sum(map(len, found.values())), known_whole=9)
    assert (census.value, census.standard_error) == (pytest.approx(truth), 0)
    assert census.low == pytest.approx(census.high, abs=1e-5)


def test_a_simple_sample_has_the_limits_of_wilson():
    exact = binomtest(80, 100).proportion_ci(method="wilson")
    assert bound_ratio(0.8, 0.16 / 100, open_weight=0.01) == pytest.approx((exact.low, exact.high))
    low, high = bound_ratio(0.8, 0.16 / 100, open_weight=0.01, degrees=20)
    assert low < exact.low < 0.8 < exact.high < high


def test_only_a_difference_has_degrees_of_freedom():
    rows = pd.DataFrame({"stratum": ["a"] * 50, "stratum_size": 5_000})
    values = np.array([0] * 3 + [1] * 47, dtype=float)
    plain = estimate_ratio(rows, values, np.ones(50))
    corrected = estimate_ratio(rows, values - 1, np.zeros(50), known_part=5_000, known_whole=5_000)
    assert plain.value == corrected.value and corrected.low < plain.low < plain.high < corrected.high


def test_where_no_error_was_seen_the_limit_is_that_of_the_rows_seen():
    low, high = bound_ratio(1.0, 0.0, open_weight=1 / 50)
    assert high == 1 and low == pytest.approx(binomtest(50, 50).proportion_ci(method="wilson").low)


def test_too_few_rows_say_nothing():
    rows, values = make_rows({"a": [1, 0], "b": [1]})
    few = estimate_ratio(rows, values, np.ones(3))
    assert math.isnan(few.value) and not few.is_enough and few.n_rows == 3 < MIN_ESTIMATE_ROWS


def test_a_stratum_with_one_row_still_varies():
    rows, values = make_rows({"a": [1, 1, 0], "b": [1]})
    assert estimate_ratio(rows, values, np.ones(4), n_about=8).standard_error > 0
