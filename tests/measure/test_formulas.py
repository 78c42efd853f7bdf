"""Formulas against published values and scipy; sources are cited next to the figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from samestory.measure import formulas as f

UCREL = (10_000, 100_000)


@pytest.mark.parametrize(("formula", "numbers", "published"), [
    # Dunning 1993, Computational Linguistics 19(1); frequencies as k11, row - k11 of col, N - col
    (f.g2, (110, 2442, 221, 31556), 270.72),
    (f.g2, (8, 5, 32, 31745), 95.29),
    (f.g2, (10, 3, 10, 31767), 167.23),
    (f.chi2, (3, 0, 3, 31774), 31777),
    # Manning and Schütze 1999, section 5.3.3
    (f.chi2, (59, 8, 65, 570942), 456400),
    (f.chi2, (8, 15820, 4675, 14302993), 1.55),
    # Pedersen 1996, page 10
    (f.chi2_yates, (1, 3, 4, 4), -0.5),
    (f.fisher_p, (1, 3, 4, 4), 0.486),
    # UCREL, Significance Test and Effect Size spreadsheet
    (f.ll_rayson, (340, 2500, *UCREL), 26.17575781908755),
    (f.ll_rayson, (654, 654, *UCREL), 1447.8397076595088),
    (f.ll_rayson, (7, 0, *UCREL), 33.570533819177186),
    (f.ll_rayson, (200, 2500, *UCREL), 9.827928282577773),
    (f.pct_diff, (340, 2500, *UCREL), 36),
    (f.pct_diff, (654, 654, *UCREL), 900),
    (f.rel_risk, (89, 536, *UCREL), 1.6604477611940298),
    (f.log_ratio_hardie, (340, 2500, *UCREL), 0.44360665147561484),
    (f.log_ratio_hardie, (7, 0, *UCREL), 7.129283016944966),
    (lambda *cells: f.odds_ratio(*cells, add=0), (340, 2500, *UCREL), 1.3726708074534162),
    (lambda *cells: f.bic(f.ll_rayson(*cells), 110_000), (7, 0, *UCREL), 21.962298174402633),
    # Hofland and Johansson 1982, page 471
    (f.difference_coefficient, (18, 35, 10**6, 10**6), -0.32),
    # Gabrielatos and Marchi 2011, page 18
    (f.pct_diff, (206_523, 178_174, 959_641, 1_562_358), 88.7),
    # Pojanapunya and Todd 2016, page 154
    (lambda *cells: f.odds_ratio(*cells, add=0), (16_217, 735, 2_796_938, 2_087_946), 16.6),
    # Kilgarriff 2009
    (lambda *cells: f.simple_maths(*cells, add=1), (35, 263, 112_289_776, 1_559_716_979), 1.1224),
    # Evert's R package corpora 0.6 on the seeds as quanteda parts them: 416 and 497 words, 407 terms
    (f.g2, (9, 4, 416, 497), 3.00821404860891),
    (f.log_ratio, (9, 4, 416, 497), 1.33438254206674),
    (lambda *cells: f.lrc(*cells, family=407), (13, 0, 416, 497), 0.108),
    (lambda *cells: f.simple_maths(*cells, add=100), (9, 4, 416, 497), 2.66738371883197),
])
def test_published_values_are_reproduced(formula, numbers, published):
    printed = len(str(published).partition(".")[2].rstrip("0"))
    if published == 456400:
        printed = -2
    assert round(float(formula(*numbers)), min(printed, 9)) == pytest.approx(round(published, 9), abs=1e-12)


def test_weighted_log_odds_agree_with_the_fightin_words_readme():
    first = "the quick brown fox jumps over the lazy pig".split()
    second = "the lazy purple pig jumps over the lazier donkey".split()
    terms = sorted({*first, *second})
    a, b = ([text.count(term) for term in terms] for text in (first, second))
    z = f.fw_z(a, b, 9, 9, prior=0.05, variance="approx")
    assert z[terms.index("brown")] == pytest.approx(0.6894227886807968, abs=1e-12)


def test_the_full_variance_of_weighted_log_odds_is_larger():
    full, approx = (f.fw_z(9, 4, 40, 50, prior=1, prior_total=10, variance=v) for v in ("full", "approx"))
    assert 0 < full < approx


def test_frequencies_of_zero_are_handled():
    zeros = [[0, 5, 0], [0, 0, 5], 10, 20]
    assert f.g2(*zeros)[0] == 0 and f.g2(*zeros)[1] > 0 > f.g2(*zeros)[2]
    assert f.chi2(*zeros)[0] == 0 and f.chi2(*zeros)[1] > 0 > f.chi2(*zeros)[2]
    assert [bound.tolist() for bound in f.log_ratio_interval(0, 0, 10, 20)] == [-np.inf, np.inf]
    assert f.lrc(0, 0, 10, 20) == 0
    assert np.isinf(f.pct_diff(5, 0, 10, 20)) and np.isnan(f.pct_diff(0, 0, 10, 20))


frequencies = st.integers(0, 200)


@given(frequencies, frequencies, st.integers(201, 5000), st.integers(201, 5000))
def test_evidence_agrees_with_scipy(a, b, n1, n2):
    if a + b == 0:
        return
    table = [[a, b], [n1 - a, n2 - b]]
    for ours, correction, power in ((f.g2, False, "log-likelihood"), (f.chi2, False, "pearson"),
                                    (f.chi2_yates, True, "pearson")):
        theirs = stats.chi2_contingency(table, correction=correction, lambda_=power)
        assert abs(ours(a, b, n1, n2)) == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-9)
    assert f.chi2_p(f.g2(a, b, n1, n2)) == pytest.approx(
        stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue, rel=1e-6)


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.5, 0.999))
def test_the_interval_agrees_with_scipys_binomial(a, b, level):
    if a + b == 0:
        return
    theirs = stats.binomtest(a, a + b).proportion_ci(confidence_level=level, method="exact")
    low, high = f.log_ratio_interval(a, b, 1000, 1000, level=level)
    for ours, share in ((low, theirs.low), (high, theirs.high)):
        assert 1 / (1 + 2.0 ** -float(ours)) == pytest.approx(share, abs=1e-9)


@given(st.integers(0, 100), st.integers(0, 100))
def test_the_interval_contains_the_log_ratio_and_the_corrected_limit_is_nearer_to_zero(a, b):
    low, high = f.log_ratio_interval(a, b, 300, 700)
    assert low <= f.log_ratio(a, b, 300, 700) <= high
    assert abs(f.lrc(a, b, 300, 700, family=50)) <= abs(f.lrc(a, b, 300, 700))


def test_williams_q_makes_every_statistic_smaller():
    # quanteda 4.3.1 agrees where no cell is 0, and corrects nothing elsewhere; its chi-square is
    # multiplied by q where it should be divided, so only the log-likelihood is compared
    assert f.g2_williams(9, 4, 416, 497) == pytest.approx(2.89564374398196, abs=1e-4)
    assert abs(f.chi2_williams(9, 4, 416, 497)) < abs(f.chi2(9, 4, 416, 497))
    assert abs(f.g2_williams(13, 0, 416, 497)) < abs(f.g2(13, 0, 416, 497))


def test_yates_agrees_with_quanteda_where_quanteda_corrects():
    # it corrects only where an expected cell is below 5 and the cross products differ by N/2 or more
    assert f.chi2_yates(2, 0, 416, 497) == pytest.approx(0.700212118383908, abs=1e-12)
    assert f.chi2_yates(9, 4, 416, 497) < f.chi2(9, 4, 416, 497) == pytest.approx(2.97809587348218, abs=1e-12)
    # by exactly N/2, so that each cell is moved to its expectation
    assert f.g2_yates(0, 1, 3, 3, as_quanteda=True) == 0 > f.g2(0, 1, 3, 3)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8))
def test_divergence_agrees_with_scipy(pairs):
    a, b = np.array(pairs).T
    if not a.sum() or not b.sum():
        return
    ours = f.jsd_contributions(a, b, a.sum(), b.sum())
    assert (ours >= -1e-15).all()
    assert ours.sum() == pytest.approx(distance.jensenshannon(a, b, base=2) ** 2, abs=1e-9)


def test_ranks_are_compared_term_by_term():
    target, reference = np.array([[1, 2, 3], [5, 5, 5]]), np.array([[0, 0, 1], [5, 5, 5]])
    p, delta = f.wilcoxon_p(target, reference)
    assert p[0] == pytest.approx(stats.mannwhitneyu(target[0], reference[0], method="asymptotic").pvalue)
    assert p[1] == 1 and delta.round(3).tolist() == [0.889, 0]


def test_a_pair_is_scored_as_quanteda_scores_it():
    # "good ice" in its unit test: two texts have "I like good ice cream", one "Me too!" before it
    value, z = f.pair_lambda(2, 2, 2, 9)
    assert (value, z) == (pytest.approx(4.317488, abs=5e-7), pytest.approx(2.027787, abs=5e-7))


def test_fisher_is_computed_for_each_table():
    a, b = np.array([[1, 3], [1, 0]]), np.array([[3, 1], [3, 2]])
    expected = [[stats.fisher_exact([[i, j], [9 - i, 12 - j]]).pvalue for i, j in zip(x, y, strict=True)]
                for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(f.fisher_p(a, b, 9, 12), expected)


@given(st.lists(st.floats(0, 1), max_size=20))
def test_corrections_keep_order_and_never_lower_p(p):
    for corrected in (f.q_bh(p), f.p_holm(p)):
        assert (corrected >= np.asarray(p) - 1e-15).all() and (corrected <= 1).all()
        assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= -1e-15).all()
    assert (f.p_holm(p) >= f.q_bh(p) - 1e-12).all()


@pytest.mark.parametrize("formula", [f.g2, f.g2_yates, f.g2_williams, f.chi2, f.chi2_yates, f.chi2_williams,
                                     f.log_ratio, f.log_ratio_hardie, f.lrc, f.difference_coefficient])
@pytest.mark.parametrize(("a", "b"), [(0, 7), (3, 0), (9, 4), (5, 5)])
def test_swapping_the_sides_flips_the_sign(formula, a, b):
    assert formula(a, b, 400, 500) == pytest.approx(-formula(b, a, 500, 400))


@pytest.mark.parametrize(("formula", "options"), [
    (f.lrc, {"level": 0.95, "family": 1}), (f.lrc_positive, {"level": 0.95, "family": 1}), (f.odds_ratio, {"add": 0.5}),
    (f.simple_maths, {"add": 100}), (f.chi2_yates, {"as_quanteda": False}), (f.g2_yates, {"as_quanteda": False}),
    (f.g2_williams, {"as_quanteda": False}), (f.williams_q, {"as_quanteda": False}),
    (f.fisher_p, {"alternative": "two-sided"}), (f.log_ratio_interval, {"level": 0.95})])
def test_the_defaults_of_formulas_are_documented(formula, options):
    for cells in ((9, 4, 416, 497), (13, 0, 416, 497), (1, 0, 400, 500), (0, 20, 400, 500)):
        assert np.array_equal(formula(*cells), formula(*cells, **options), equal_nan=True)


@pytest.mark.parametrize(("family", "level"), [(1, 0.90), (2, 0.95), (0, 0.90)])
def test_the_positive_limit_is_that_of_a_one_sided_interval(family, level):
    for cells in ((9, 4, 416, 497), (13, 0, 416, 497)):
        assert f.lrc_positive(*cells, family=family) == pytest.approx(f.log_ratio_interval(*cells, level=level)[0])


@pytest.mark.parametrize(("a", "b", "q"), [(0, 0, 1), (10, 20, 1), (4, 0, 1 + (30 / 4 + 30 / 26 - 1) * 3.5 / 180)])
def test_williams_corrects_nothing_where_no_term_or_nothing_else_is(a, b, q):
    assert f.williams_q(a, b, 10, 20) == pytest.approx(q)
    assert f.williams_q(a, b, 10, 20, as_quanteda=True) == 1


def test_a_frequency_of_one_is_no_zero():
    assert f.log_ratio_hardie([1, 0], [0, 1], 10, 10) == pytest.approx([1, -1])  # 0 is counted as a half
    q = 1 + (20 / 1 + 20 / 19 - 1) * (20 / 10 + 20 / 10 - 1) / (6 * 20)  # Sokal and Rohlf, box 17.6
    assert f.williams_q([1, 0], [0, 1], 10, 10) == pytest.approx([q, q])
