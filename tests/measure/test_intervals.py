"""Intervals: a textbook's figures, limits by another formula, simulated coverage, and none for few articles."""

import numpy as np
import pandas as pd
import pytest

from samestory.measure.intervals import (
    bound_shares,
    describe_intervals,
    has_enough_articles,
    measure_share_variance,
    measure_shares,
)

# Cochran 1977, section 3.12: persons in 30 households, and those who had seen a doctor
PERSONS = [5, 6, 3, 3, 2, 3, 3, 3, 4, 4, 3, 2, 7, 4, 3, 5, 4, 4, 3, 3, 4, 3, 3, 1, 2, 4, 3, 4, 2, 4]
DOCTOR = [5, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 0, 0, 1, 3, 2, 0, 0, 0, 2, 2, 0, 2, 0, 1]


def tabulate(parts, wholes, *, outlet="CNN"):
    """Parts and wholes as tables, one article per row."""
    ids = [f"{outlet}/{i}" for i in range(len(wholes))]
    return (pd.DataFrame({"article_id": ids, "outlet": outlet, "n": parts}),
            pd.DataFrame({"article_id": ids, "outlet": outlet, "n": wholes}))


def draw_shares(generator, n_articles, share, alike, draws):
    """Parts and wholes of simulated articles, with statements correlated within an article."""
    wholes = 1 + generator.poisson(5, (draws, n_articles))
    rest = (1 - alike) / alike
    own = generator.beta(share * rest, (1 - share) * rest, wholes.shape)
    return generator.binomial(wholes, own), wholes


def test_the_variance_agrees_with_the_textbook():
    assert (sum(PERSONS), sum(DOCTOR)) == (104, 30)
    assert measure_share_variance(DOCTOR, PERSONS) == pytest.approx(0.00520, abs=1e-5)
    p = 30 / 104
    assert p * (1 - p) / 104 == pytest.approx(0.00197, abs=1e-5)  # what words taken as independent would give


def test_sums_over_articles_give_the_same_interval_as_the_articles():
    row = measure_shares(*tabulate(DOCTOR, PERSONS)).iloc[0]
    low, high = bound_shares(30 / 104, measure_share_variance(DOCTOR, PERSONS), 30, 104)
    assert (row["n"], row["total"], row["n_articles"]) == (30, 104, 30)
    assert (row["low"], row["high"]) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_limits_by_the_f_distribution():
    from scipy.stats import f, t
    p, v, n, m = 30 / 104, measure_share_variance(DOCTOR, PERSONS), 30, 104
    size = p * (1 - p) / v * (t.ppf(0.025, m - 1) / t.ppf(0.025, n - 1)) ** 2
    x = size * p
    first, last = f.ppf(0.025, 2 * x, 2 * (size - x + 1)), f.ppf(0.975, 2 * (x + 1), 2 * (size - x))
    expected = (x * first / (size - x + 1 + x * first), (x + 1) * last / (size - x + (x + 1) * last))
    assert [float(value) for value in bound_shares(p, v, n, m)] == pytest.approx(expected)


def test_one_statement_per_article_is_nearly_binomial():
    from scipy.stats import binomtest
    parts = np.repeat([1, 0], [12, 29])  # 41 articles: the effective size is 40
    low, high = bound_shares(12 / 41, measure_share_variance(parts, np.ones(41)), 41, 41)
    exact = binomtest(12, 41).proportion_ci()
    assert (float(low), float(high)) == (pytest.approx(exact.low, abs=0.01), pytest.approx(exact.high, abs=0.01))


def test_shares_of_0_and_1_are_bounded_by_the_number_of_articles():
    wholes = [40] * 6
    none, all_ = (measure_shares(*tabulate(parts, wholes)).iloc[0] for parts in ([0] * 6, wholes))
    assert (none["low"], all_["high"]) == (0, 1)
    assert none["high"] == pytest.approx(1 - 0.025 ** (1 / 6))
    assert all_["low"] == pytest.approx(0.025 ** (1 / 6))


@pytest.mark.parametrize("n_articles", [5, 10, 20])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_intervals_cover_the_true_share(n_articles, share):
    parts, wholes = draw_shares(np.random.default_rng(7), n_articles, share, 0.2, 1000)
    found = parts.sum(axis=1) / wholes.sum(axis=1)
    variance = [measure_share_variance(a, m) for a, m in zip(parts, wholes, strict=True)]
    low, high = bound_shares(found, variance, np.full(1000, n_articles), wholes.sum(axis=1))
    assert ((low <= share) & (share <= high)).mean() >= 0.93


@pytest.mark.slow
def test_outlets_that_do_not_differ_seldom_seem_to():
    generator, apart = np.random.default_rng(3), 0
    for _ in range(100):
        parts, wholes = draw_shares(generator, 10, 0.3, 0.2, 2)
        tables = [tabulate(a, m, outlet=name) for a, m, name in zip(parts, wholes, ("CGTN", "CNN"), strict=True)]
        table = measure_shares(*(pd.concat(both) for both in zip(*tables, strict=True)))
        apart += table["low"].max() > table["high"].min()
    assert apart <= 5


def test_more_articles_narrow_an_interval_and_more_words_do_not():
    def width(times, words):
        parts, wholes = np.tile(DOCTOR, times) * words, np.tile(PERSONS, times) * words
        row = measure_shares(*tabulate(parts, wholes)).iloc[0]
        return row["high"] - row["low"]
    assert width(4, 1) < 0.6 * width(1, 1)
    assert width(1, 1000) == pytest.approx(width(1, 1), rel=0.05)


def test_too_few_articles_have_a_share_and_no_interval():
    parts, wholes = tabulate([1, 2, 0, 1], [4, 4, 4, 4])
    row = measure_shares(parts, wholes).iloc[0]
    assert row["share"] == 0.25
    assert pd.isna(row["low"]) and pd.isna(row["high"])
    assert not has_enough_articles(4) and has_enough_articles(5)


def test_articles_without_the_thing_need_no_row():
    parts, wholes = tabulate(DOCTOR, PERSONS)
    pd.testing.assert_frame_equal(measure_shares(parts[parts["n"] > 0], wholes), measure_shares(parts, wholes))


def test_the_order_of_rows_does_not_matter():
    parts, wholes = tabulate(DOCTOR, PERSONS)
    pd.testing.assert_frame_equal(measure_shares(parts[::-1], wholes[::-1]), measure_shares(parts, wholes))


def test_no_articles_have_the_same_columns():
    parts, wholes = tabulate([], [])
    table = measure_shares(parts.assign(speaker_name=""), wholes, by=["outlet", "speaker_name"])
    assert table.empty
    assert list(table.columns) == ["outlet", "speaker_name", "n", "total", "n_articles", "share", "low", "high"]


@pytest.mark.parametrize(("sizes", "said"), [
    ({"CGTN": 1, "CNN": 4}, "Counts only, "),
    ({"CGTN": 1, "CNN": 5}, "None for CGTN: "),
    ({f"o{i}": 1 + 9 * (i == 0) for i in range(6)}, "None for o1, o2, o3 and 2 more: "),
])
def test_a_sentence_lists_the_outlets_without_intervals(sizes, said):
    rows = [(outlet, f"{outlet}/{i}") for outlet, n in sizes.items() for i in range(n) for _ in range(2)]
    assert said in describe_intervals(pd.DataFrame(rows, columns=["outlet", "article_id"]))
    assert describe_intervals(pd.DataFrame(rows[:0], columns=["outlet", "article_id"])) == ""


@pytest.mark.parametrize(("n_articles", "n_units"), [(2, 2), (1, 1), (1, 2), (3, 2)])
def test_few_articles_and_statements_have_the_limits_of_their_number(n_articles, n_units):
    from scipy.stats import beta, t
    spread = [t.ppf(0.025, max(n - 1, 1)) for n in (n_units, n_articles)]
    size = min(0.25 / 0.1 * (spread[0] / spread[1]) ** 2, n_units)
    low, high = bound_shares(0.5, 0.1, n_articles, n_units)
    assert (float(low), float(high)) == pytest.approx((beta.ppf(0.025, size / 2, size / 2 + 1),
                                                       beta.ppf(0.975, size / 2 + 1, size / 2)))
