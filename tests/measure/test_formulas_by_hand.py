"""Formulas against the same formulas written out for one term, one cell at a time, over small tables and all edges."""

from itertools import product
from math import exp, inf, log, log2, sqrt

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from samestory.measure import formulas as f

SIZES = ((10, 10), (11, 11), (6, 9), (3, 40))
CELLS = [(a, b, n1, n2) for n1, n2 in SIZES for a, b in product((0, 1, 2, 4, 6, n1), (0, 1, 3, 6, n2))
         if a <= n1 and b <= n2 and 0 < a + b < n1 + n2]
BY_TERM = tuple(np.array(CELLS).T)
STRATA = {
    "both": ([4, 5, 0], [2, 5, 3], [10, 20, 7], [10, 30, 9]),
    "one each": ([1, 0], [0, 1], [5, 6], [8, 9]),
    "the same": ([2, 4], [2, 4], [9, 12], [9, 12]),
    "an empty stratum": ([3, 0], [1, 0], [9, 0], [12, 0]),
}
ALONE = {"few": ([2, 1], [5, 8], [9, 3]), "once": ([1], [6], [700]), "many": ([30, 0, 4], [90, 5, 10], [12, 6, 400]),
         "all of a side": ([5], [5], [7])}


def make_cells(a, b, n1, n2):
    """Observed and expected frequencies of the four cells."""
    n = n1 + n2
    observed = [[a, b], [n1 - a, n2 - b]]
    expected = [[row * column / n for column in (n1, n2)] for row in (a + b, n - a - b)]
    return [(observed[i][j], expected[i][j]) for i in (0, 1) for j in (0, 1)]


def find_sign(a, b, n1, n2):
    """Which side has the higher rate."""
    return (a * n2 > b * n1) - (a * n2 < b * n1)


def find_shift(a, b, n1, n2, *, as_quanteda):
    """The distance that Yates moves a cell by."""
    cells, n = make_cells(a, b, n1, n2), n1 + n2
    if as_quanteda and (min(e for _, e in cells) >= 5 or abs(a * (n2 - b) - b * (n1 - a)) < n / 2):
        return 0
    return min(0.5, abs(cells[0][0] - cells[0][1]))


def sum_logs(cells):
    """Twice the sum of O ln(O/E)."""
    return 2 * sum(o * log(o / e) for o, e in cells if o > 1e-12)


def find_williams(a, b, n1, n2, *, as_quanteda):
    """Williams's q."""
    n, row = n1 + n2, a + b
    if as_quanteda and 0 in (a, b, n1 - a, n2 - b):
        return 1
    return 1 + (n / row + n / (n - row) - 1) * (n / n1 + n / n2 - 1) / (6 * n)


@pytest.mark.parametrize("as_quanteda", [True, False])
def test_corrected_statistics_are_those_written_out(as_quanteda):
    chi2, g2, by_williams = [], [], []
    for numbers in CELLS:
        cells, sign = make_cells(*numbers), find_sign(*numbers)
        shift = find_shift(*numbers, as_quanteda=as_quanteda)
        chi2.append(sign * sum((abs(o - e) - shift) ** 2 / e for o, e in cells))
        g2.append(sign * sum_logs([(o - shift * ((o > e) - (o < e)), e) for o, e in cells]))
        by_williams.append(sign * sum_logs(cells) / find_williams(*numbers, as_quanteda=as_quanteda))
    assert f.chi2_yates(*BY_TERM, as_quanteda=as_quanteda) == pytest.approx(chi2, abs=1e-9)
    assert f.g2_yates(*BY_TERM, as_quanteda=as_quanteda) == pytest.approx(g2, abs=1e-9)
    assert f.g2_williams(*BY_TERM, as_quanteda=as_quanteda) == pytest.approx(by_williams, abs=1e-9)


def test_sizes_and_frequencies_broadcast():
    a, n1 = np.array([1, 2, 4]), np.array([[9], [12]])
    for formula in (f.g2, f.chi2_yates, f.g2_yates, f.williams_q, f.fisher_p, f.fisher_odds, f.log_ratio_signed, f.lrc):
        expected = [[float(formula(int(one), 3, int(size), 20)) for one in a] for size in n1[:, 0]]
        assert formula(a, 3, n1, 20) == pytest.approx(np.array(expected)), formula.__name__


def test_many_corpora_are_compared_row_by_row():
    frequencies, sizes = np.array([[3, 0, 9, 1], [2, 2, 2, 2], [0, 0, 5, 0]]), np.array([10, 20, 30, 15])
    expected = [2 * sum(o * log(o * sizes.sum() / row.sum() / size) for o, size in zip(row, sizes, strict=True) if o)
                for row in frequencies]
    assert f.ll_rayson_many(frequencies, sizes) == pytest.approx(expected)


def test_a_log_ratio_has_the_sign_of_the_difference():
    cells = [*CELLS, (0, 10, 500, 50_000), (1, 150, 500, 50_000), (1, 100, 500, 50_000), (150, 1, 50_000, 500)]
    for a, b, n1, n2 in cells:
        ratio, sign = log2((a + 0.5) / (n1 + 0.5)) - log2((b + 0.5) / (n2 + 0.5)), find_sign(a, b, n1, n2)
        if ratio * sign < 0:
            ratio = log2(a / n1 + 1 / (n1 + n2)) - log2(b / n2 + 1 / (n1 + n2))
        assert float(f.log_ratio_signed(a, b, n1, n2)) == pytest.approx(ratio)


def sum_strata(a, b, n1, n2):
    """R, S and the three sums of the variance of Robins, Breslow and Greenland, stratum by stratum."""
    sums = [0.0] * 5
    for i, j, size1, size2 in zip(a, b, n1, n2, strict=True):
        if size1 + size2:
            r, s = i * (size2 - j) / (size1 + size2), j * (size1 - i) / (size1 + size2)
            p, q = (i + size2 - j) / (size1 + size2), (size1 - i + j) / (size1 + size2)
            sums = [x + y for x, y in zip(sums, (r, s, p * r, p * s + q * r, q * s), strict=True)]
    return sums


@pytest.mark.parametrize("strata", STRATA.values(), ids=STRATA)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_odds_over_strata_are_those_written_out(strata, level):
    r, s, pr, ps_qr, qs = sum_strata(*strata)
    half = norm.ppf((1 + level) / 2) * sqrt(pr / r**2 / 2 + ps_qr / (2 * r * s) + qs / s**2 / 2) / log(2)
    assert float(f.log_odds_mh(*strata)) == pytest.approx(log2(r / s))
    low, high = f.log_odds_mh_interval(*([row] for row in strata), level=level)
    assert [*low, *high] == pytest.approx([log2(r / s) - half, log2(r / s) + half])
    if level == 0.95:
        assert [*low, *high] == [float(bound[0]) for bound in f.log_odds_mh_interval(*([row] for row in strata))]


@pytest.mark.parametrize(("k", "n1", "n2"), ALONE.values(), ids=ALONE)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_a_term_of_one_side_is_bounded_exactly(k, n1, n2, level):
    def surplus(ratio):
        """How much likelier than (1 - level) / 2 all uses are on this side, as logarithm."""
        return -sum(uses * log(1 + two / one / 2**ratio) for uses, one, two in zip(k, n1, n2, strict=True)) - log(
            (1 - level) / 2)
    bound, none = brentq(surplus, -40, 40, xtol=1e-12), [0] * len(k)
    rows = [[k, none], [none, k], [n1, n2], [n2, n1]]  # a term of the target alone, and one of the reference alone
    low, high = f.log_odds_mh_interval(*rows, level=level)
    assert [*low, *high] == [pytest.approx(bound, abs=1e-9), -inf, inf, pytest.approx(-bound, abs=1e-9)]
    one, two, weight = sum(n1), sum(n2), sum(uses * two / (one + two) for uses, one, two in zip(k, n1, n2, strict=True))
    shared = one * two / (one + two) ** 2
    assert f.log_odds_mh(*rows) == pytest.approx([log2((weight + shared) / shared), log2(shared / (weight + shared))])


def test_a_term_that_nobody_uses_has_no_bounds():
    assert [float(bound[0]) for bound in f.log_odds_mh_interval([[0, 0]], [[0, 0]], [[5, 6]], [[7, 8]])] == [-inf, inf]


@pytest.mark.parametrize("variance", ["full", "approx"])
def test_weighted_log_odds_are_those_written_out(variance):
    for a, b, n1, n2 in CELLS:
        ends = [(y, n + 3 - y) for y, n in ((a + 0.5, n1), (b + 0.5, n2))]
        spread = sum(1 / y + (1 / rest if variance == "full" else 0) for y, rest in ends)
        z = (log(ends[0][0] / ends[0][1]) - log(ends[1][0] / ends[1][1])) / sqrt(spread)
        assert float(f.fw_z(a, b, n1, n2, prior=0.5, prior_total=3, variance=variance)) == pytest.approx(z)
    assert f.fw_z([4], [5], 4, 5, prior=1, variance=variance).tolist() == [0]  # no other term to weigh it against


def test_odds_are_ratios_of_cells():
    for a, b, n1, n2 in CELLS:
        odds = [(k + 0.5) / (n - k + 0.5) for k, n in ((a, n1), (b, n2))]
        assert float(f.odds_ratio(a, b, n1, n2)) == pytest.approx(odds[0] / odds[1])
        assert exp(f.pair_lambda(a, a + b, n1, n1 + n2)[0]) == pytest.approx(odds[0] / odds[1])
