"""Formulas of corpus linguistics, each named after its variant, on plain numbers or arrays.

`a` and `b` are a term's frequencies in target and reference, `n1` and `n2` the sizes of the two in
words; all of them broadcast. Nothing here knows about articles or outlets or decides which results may be
shown; `keyness` and `support` do. p-values come from survival functions.

References
----------
.. [1] T. Dunning (1993), Accurate methods for the statistics of surprise and coincidence.
   Computational Linguistics 19(1).
.. [2] P. Rayson, R. Garside (2000), Comparing corpora using frequency profiling.
.. [3] A. Wilson (2013), Embracing Bayes factors for key item analysis in corpus linguistics.
.. [4] S. Evert (2022), Measuring keyness. Digital Humanities 2022.
.. [5] A. Hardie (2014), Log Ratio: an informal introduction.
.. [6] C. Gabrielatos, A. Marchi (2011), Keyness: matching metrics to definitions.
.. [7] A. Kilgarriff (2009), Simple maths for keywords. Corpus Linguistics 2009.
.. [8] B. Monroe, M. Colaresi, K. Quinn (2008), Fightin' words. Political Analysis 16(4).
.. [9] C. Clopper, E. Pearson (1934), The use of confidence or fiducial limits illustrated in the case
   of the binomial. Biometrika 26(4).
.. [10] K. Hofland, S. Johansson (1982), Word frequencies in British and American English.
.. [11] A. Kilgarriff (2001), Comparing corpora. International Journal of Corpus Linguistics 6(1).
.. [12] J. Lin (1991), Divergence measures based on the Shannon entropy. IEEE Transactions on
   Information Theory 37(1).
.. [13] D. Blaheta, M. Johnson (2001), Unsupervised learning of multi-word verbs. ACL workshop on
   collocation.
.. [14] N. Mantel, W. Haenszel (1959), Statistical aspects of the analysis of data from retrospective studies of
   disease. Journal of the National Cancer Institute 22(4).
.. [15] J. Robins, N. Breslow, S. Greenland (1986), Estimators of the Mantel-Haenszel variance consistent in both
   sparse data and large-strata limiting models. Biometrics 42(2).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def _broadcast_floats(*values: ArrayLike) -> tuple[FloatArray, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def _log_likelihood_term(observed: FloatArray, expected: FloatArray) -> FloatArray:
    """O ln(O/E), which is 0 if O is 0."""
    positive = observed > 0
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=positive)
    return observed * np.log(ratio)


def _sum_log_likelihood(observed: Iterable[FloatArray], expected: Iterable[FloatArray]) -> FloatArray:
    """Twice the sum of O ln(O/E) over cells."""
    total: FloatArray = np.zeros(())
    for o, e in zip(observed, expected, strict=True):
        total = total + _log_likelihood_term(o, e)
    return 2 * total


def _contingency_cells(a: ArrayLike, b: ArrayLike, n1: ArrayLike,
                       n2: ArrayLike) -> tuple[list[FloatArray], list[FloatArray]]:
    """The four cells of the contingency table, observed and expected: term and not, target and reference."""
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    observed = [a, b, n1 - a, n2 - b]
    share = (a + b) / (n1 + n2)
    return observed, [n1 * share, n2 * share, n1 * (1 - share), n2 * (1 - share)]


def _difference_sign(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """+1 if the term is more frequent in the target, -1 if less, 0 if equally frequent."""
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    return np.sign(a * n2 - b * n1)


# Evidence -----------------------------------------------------------------------------------------

def g2(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Log-likelihood ratio over all four cells [1]_, signed: negative if the reference has more.

    >>> float(g2(10, 3, 10, 31767).round(2))  # Dunning 1993, table on page 72
    167.23
    """
    observed, expected = _contingency_cells(a, b, n1, n2)
    return _difference_sign(a, b, n1, n2) * np.maximum(_sum_log_likelihood(observed, expected), 0)


def ll_rayson(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Log-likelihood over the two cells of the term only [2]_, as in UCREL's calculator; unsigned.

    >>> float(ll_rayson(340, 2500, 10_000, 100_000).round(4))
    26.1758
    """
    observed, expected = _contingency_cells(a, b, n1, n2)
    return _sum_log_likelihood(observed[:2], expected[:2])


def ll_rayson_many(frequencies: ArrayLike, sizes: ArrayLike) -> FloatArray:
    """`ll_rayson` over any number of corpora, for `bic` with one degree of freedom fewer than corpora; unsigned.

    Parameters
    ----------
    frequencies : one row per term and one column per corpus
    sizes : words of each corpus

    >>> float(ll_rayson_many([10, 15, 34, 22, 1, 1], [1000, 100, 80, 70, 65, 40]).round(4))  # UCREL's sheet
    189.7341
    """
    frequencies, sizes = _broadcast_floats(frequencies, sizes)
    expected = frequencies.sum(axis=-1, keepdims=True) * sizes / sizes.sum(axis=-1, keepdims=True)
    ll: FloatArray = 2 * _log_likelihood_term(frequencies, expected).sum(axis=-1)
    return ll


def bic(ll: ArrayLike, n: ArrayLike, *, df: int = 1) -> FloatArray:
    """Bayes factor of a log-likelihood, approximated by BIC [3]_: LL - df ln N. A value above 2 is evidence.

    >>> float(bic(26.17575781908755, 110_000).round(4))
    14.5675
    """
    ll, n = _broadcast_floats(ll, n)
    factor: FloatArray = ll - df * np.log(n)
    return factor


def chi2(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Pearson's chi-square, signed, without correction.

    >>> float(chi2(59, 6, 67, 570_940).round())  # Manning and Schütze 1999, section 5.3.3
    456400.0
    """
    observed, expected = _contingency_cells(a, b, n1, n2)
    return _difference_sign(a, b, n1, n2) * _sum_squares(observed, expected, 0.0)


def chi2_yates(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, as_quanteda: bool = False) -> FloatArray:
    """Chi-square with Yates's correction, signed: each |O - E| is reduced by at most 0.5.

    Parameters
    ----------
    as_quanteda : whether to correct only the terms that quanteda corrects: those with an expected cell below 5
        and |ad - bc| of at least N / 2

    >>> float(chi2_yates(1, 3, 4, 4))
    -0.5
    """
    observed, expected = _contingency_cells(a, b, n1, n2)
    return _difference_sign(a, b, n1, n2) * _sum_squares(observed, expected,
                                                         _yates_shift(observed, expected, as_quanteda))


def g2_yates(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, as_quanteda: bool = False) -> FloatArray:
    """`g2` with each cell moved by at most 0.5 towards its expectation, signed; `as_quanteda` as in `chi2_yates`.

    >>> float(g2_yates(2, 0, 416, 497).round(4)), float(g2(2, 0, 416, 497).round(4))
    (0.7185, 3.1494)
    """
    observed, expected = _contingency_cells(a, b, n1, n2)
    shift = _yates_shift(observed, expected, as_quanteda)
    moved = [o - np.sign(o - e) * shift for o, e in zip(observed, expected, strict=True)]
    return _difference_sign(a, b, n1, n2) * np.maximum(_sum_log_likelihood(moved, expected), 0)


def _yates_shift(observed: list[FloatArray], expected: list[FloatArray], as_quanteda: bool) -> FloatArray:
    """The distance to move each cell by; all four are equally far from their expectation."""
    away = np.abs(observed[0] - expected[0])
    shift = np.minimum(0.5, away)
    if not as_quanteda:
        return shift
    n = observed[0] + observed[1] + observed[2] + observed[3]
    cross = np.abs(observed[0] * observed[3] - observed[1] * observed[2])
    return np.where((np.minimum.reduce(expected) < 5) & (cross >= n / 2), shift, 0)


def chi2_williams(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Chi-square divided by Williams's q, signed."""
    return chi2(a, b, n1, n2) / williams_q(a, b, n1, n2)


def g2_williams(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, as_quanteda: bool = False) -> FloatArray:
    """`g2` divided by Williams's q, signed; `as_quanteda` as in `williams_q`."""
    return g2(a, b, n1, n2) / williams_q(a, b, n1, n2, as_quanteda=as_quanteda)


def williams_q(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, as_quanteda: bool = False) -> FloatArray:
    """Williams's correction for a 2 by 2 table; 1 if the term does not occur or nothing else does.

    Sokal and Rohlf, Biometry, box 17.6: 1 + (N/r1 + N/r2 - 1)(N/c1 + N/c2 - 1) / 6N.

    Parameters
    ----------
    as_quanteda : whether it is also 1 if any cell is empty, as quanteda corrects nothing then
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    n, row = n1 + n2, a + b
    proper = (row > 0) & (row < n)
    if as_quanteda:
        proper &= (a > 0) & (b > 0) & (a < n1) & (b < n2)
    rows = np.divide(n * n, row * (n - row), out=np.ones_like(n), where=proper)
    q: FloatArray = 1 + (rows - 1) * (n * n / (n1 * n2) - 1) / (6 * n)  # rows is 1 if nothing is corrected
    return q


def _sum_squares(observed: list[FloatArray], expected: list[FloatArray], shift: ArrayLike) -> FloatArray:
    total = np.zeros_like(observed[0])
    for o, e in zip(observed, expected, strict=True):
        total += np.divide((np.abs(o - e) - shift) ** 2, e, out=np.zeros_like(e), where=e > 0)
    return total


def chi2_p(statistic: ArrayLike) -> FloatArray:
    """The p of a signed or unsigned statistic with one degree of freedom, from the survival function."""
    from scipy.special import chdtrc  # the survival function itself; scipy.stats takes a second to import
    p: FloatArray = chdtrc(1, np.abs(np.asarray(statistic, dtype=np.float64)))
    return p


def fisher_p(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
             alternative: Literal["two-sided", "greater", "less"] = "two-sided") -> FloatArray:
    """p of Fisher's exact test: for any difference, or only for more or fewer in the target.

    >>> float(fisher_p(1, 3, 4, 4).round(3))  # Pedersen 1996, page 10
    0.486
    >>> [float(fisher_p(1, 3, 4, 4, alternative=side).round(3)) for side in ("less", "greater")]
    [0.243, 0.986]
    """
    from scipy.stats import fisher_exact
    return _measure_distinct_tables(lambda table: fisher_exact(table, alternative=alternative).pvalue, a, b, n1, n2)


def fisher_odds(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """The odds ratio of Fisher's test: the conditional maximum likelihood estimate, as in R's fisher.test.

    >>> float(fisher_odds(9, 4, 416, 497).round(3)), float(fisher_odds(2, 0, 416, 497))
    (2.723, inf)
    """
    from scipy.stats.contingency import odds_ratio as find
    return _measure_distinct_tables(lambda table: find(table, kind="conditional").statistic, a, b, n1, n2)


def _measure_distinct_tables(measure: Callable[[NDArray[np.int64]], float], *cells: ArrayLike) -> FloatArray:
    """A measure of each table of integers, computed once per distinct table: rare terms share a few."""
    table = np.stack([cell.ravel() for cell in _contingency_cells(*cells)[0]]).astype(np.int64)
    different, where = np.unique(table, axis=1, return_inverse=True)
    found = np.array([measure(column.reshape(2, 2)) for column in different.T], dtype=np.float64)
    return found[where.ravel()].reshape(_broadcast_floats(*cells)[0].shape)


def q_bh(p: ArrayLike) -> FloatArray:
    """False discovery rate: p-values corrected by Benjamini and Hochberg.

    >>> q_bh([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    p = np.asarray(p, dtype=np.float64)
    order = np.argsort(p, kind="stable")[::-1]
    corrected = np.empty_like(p)
    corrected[order] = np.minimum.accumulate(p[order] * p.size / np.arange(p.size, 0, -1))
    return corrected


def p_holm(p: ArrayLike) -> FloatArray:
    """Family-wise error rate: p-values corrected by Holm.

    >>> p_holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(stepped, 1)
    return corrected


# Effect size --------------------------------------------------------------------------------------

def log_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Binary log of the ratio of relative frequencies, 0.5 added to each frequency and size [4]_.

    >>> float(log_ratio(9, 4, 416, 497).round(4))
    1.3344
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    return np.log2((a + 0.5) / (n1 + 0.5)) - np.log2((b + 0.5) / (n2 + 0.5))


def log_ratio_signed(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """`log_ratio`, but for terms for which it has not the sign of the difference, as with sizes a hundredfold apart.

    For these, one occurrence is divided between the two in proportion to their sizes, which never turns the sign.

    >>> float(log_ratio(0, 10, 500, 50_000).round(4)), float(log_ratio_signed(0, 10, 500, 50_000).round(4))
    (2.2501, -3.4725)
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    ratio = log_ratio(a, b, n1, n2)
    even = np.log2(a / n1 + 1 / (n1 + n2)) - np.log2(b / n2 + 1 / (n1 + n2))
    return np.where(ratio * _difference_sign(a, b, n1, n2) < 0, even, ratio)


def log_odds_mh(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Binary log of the Mantel-Haenszel odds ratio over strata [14]_, which are the last axis.

    If one side never uses the term, one occurrence is divided between the two in proportion to their sizes, so that it
    is finite and has the sign of the difference.

    >>> float(log_odds_mh([4, 5], [2, 5], [10, 20], [10, 30]).round(4))
    0.9652
    """
    weights = _weigh_strata(a, b, n1, n2)
    shared = _share_sizes(n1, n2) * (np.minimum(weights.more, weights.less) == 0)
    ratio: FloatArray = np.log2(weights.more + shared) - np.log2(weights.less + shared)
    return ratio


def log_odds_mh_interval(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                         level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of `log_odds_mh`: low and high, from the variance of Robins, Breslow and Greenland [15]_.

    Where one side never uses the term, it is infinite there, and its other limit exact, given how often it is used in
    each stratum. Words are assumed to be independent, so it holds for these texts only.
    """
    from scipy.special import ndtri
    weights = _weigh_strata(a, b, n1, n2)
    is_whole = np.minimum(weights.more, weights.less) > 0
    more, less = (np.where(is_whole, value, 1) for value in (weights.more, weights.less))
    variance = weights.pr / (2 * more**2) + weights.ps_qr / (2 * more * less) + weights.qs / (2 * less**2)
    half = -ndtri((1 - level) / 2) * np.sqrt(variance) / np.log(2)
    middle = np.log2(more) - np.log2(less)
    low, high = np.where(is_whole, middle - half, -np.inf), np.where(is_whole, middle + half, np.inf)
    alone, other = ~is_whole & (weights.more > 0), ~is_whole & (weights.less > 0)
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    low[alone] = _bound_alone(a[alone], n1[alone], n2[alone], level)
    high[other] = -_bound_alone(b[other], n2[other], n1[other], level)
    return low, high


class _StrataSums(NamedTuple):
    """Sums over strata of the terms of the Mantel-Haenszel ratio and of its variance."""

    more: FloatArray
    less: FloatArray
    pr: FloatArray
    ps_qr: FloatArray
    qs: FloatArray


def _weigh_strata(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> _StrataSums:
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    n = np.maximum(n1 + n2, 1)
    r, s = a * (n2 - b) / n, b * (n1 - a) / n
    p = (a + n2 - b) / n
    cells = r, s, p * r, p * s + (1 - p) * r, (1 - p) * s
    return _StrataSums(*(cell.sum(axis=-1) for cell in cells))


def _share_sizes(n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    one, other = np.sum(np.asarray(n1, float), axis=-1), np.sum(np.asarray(n2, float), axis=-1)
    share: FloatArray = one * other / (one + other) ** 2
    return share


def _bound_alone(k: FloatArray, n1: FloatArray, n2: FloatArray, level: float) -> FloatArray:
    """Lower limit of the binary log ratio if only one side uses a term, k times per stratum: found by bisection.

    Given the ratio, each use is on that side with the odds n1 ratio : n2; all of them are with probability
    (1 - level) / 2 at the limit, as for Clopper and Pearson [9]_.
    """
    low, high = np.full(len(k), -60.0), np.full(len(k), 60.0)
    for _ in range(60):
        middle = (low + high) / 2
        odds = n1 * 2.0 ** middle[:, None]
        share = np.divide(odds, odds + n2, out=np.ones_like(odds), where=odds + n2 > 0)
        is_low = (k * np.log(share)).sum(axis=-1) < np.log((1 - level) / 2)
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return low


def log_ratio_hardie(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Binary log of the ratio of relative frequencies, a frequency of 0 counted as 0.5 [5]_.

    >>> float(log_ratio_hardie(7, 0, 10_000, 100_000).round(4))
    7.1293
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    return np.log2(np.where(a > 0, a, 0.5) / n1) - np.log2(np.where(b > 0, b, 0.5) / n2)


def log_ratio_interval(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                       level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Exact confidence interval of the log ratio: low and high, infinite on the side of a frequency of 0.

    Given a + b, `a` is binomial; the Clopper-Pearson limits [9]_ of its share, turned into a ratio of
    rates. Words are assumed to be independent, so it holds for these texts only.

    >>> low, high = log_ratio_interval(4, 0, 416, 497)
    >>> float(low.round(3)), float(high)
    (-0.343, inf)
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    shift = np.log2(n2 / n1)
    return _log_odds_bound(a, b, level) + shift, shift - _log_odds_bound(b, a, level)


def _log_odds_bound(k: FloatArray, rest: FloatArray, level: float) -> FloatArray:
    """Lower Clopper-Pearson limit of k among k + rest, as binary log odds; -inf if k is 0."""
    from scipy.special import betaincinv
    positive = k > 0
    share = betaincinv(np.where(positive, k, 1), rest + 1, (1 - level) / 2)
    return np.where(positive, np.log2(share) - np.log2(1 - share), -np.inf)


def lrc(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, level: float = 0.95,
        family: int = 1) -> FloatArray:
    """Conservative log ratio [4]_: the limit of the exact interval nearer to 0; 0 if it contains 0.

    Parameters
    ----------
    family : number of terms compared; the interval's error is divided by it (Bonferroni)

    >>> float(lrc(13, 0, 416, 497).round(3)), float(lrc(13, 0, 416, 497, family=407).round(3))
    (1.864, 0.108)
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    less = a * n2 < b * n1
    bound = _log_odds_bound(np.where(less, b, a), np.where(less, a, b), 1 - (1 - level) / max(family, 1))
    bound = np.maximum(bound + np.where(less, np.log2(n1 / n2), np.log2(n2 / n1)), 0)
    return np.where(less, -bound, bound)


def lrc_positive(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, level: float = 0.95,
                 family: int = 1) -> FloatArray:
    """Conservative log ratio for keywords of the target alone [4]_: the lower limit of a one-sided interval.

    It may be below 0, and is -inf if the target has none; `family` as in `lrc`.

    >>> float(lrc_positive(9, 4, 416, 497, family=407).round(3))
    -1.81
    """
    return log_ratio_interval(a, b, n1, n2, level=1 - 2 * (1 - level) / max(family, 1))[0]


def pct_diff(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Difference of relative frequencies as a percentage of the reference's [6]_; infinite if that is 0.

    >>> float(pct_diff(206_523, 178_174, 959_641, 1_562_358).round(1))
    88.7
    """
    return 100 * (rel_risk(a, b, n1, n2) - 1)


def rel_risk(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Ratio of relative frequencies; infinite if the reference's is 0, missing if both are.

    >>> float(rel_risk(340, 2500, 10_000, 100_000))
    1.36
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a * n2) / (b * n1)


def odds_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, add: float = 0.5) -> FloatArray:
    """Ratio of odds, `add` added to each cell (0.5: Haldane; 0: as UCREL, infinite if b is 0).

    >>> float(odds_ratio(654, 654, 10_000, 100_000, add=0).round(4))
    10.6298
    """
    cells = [cell + add for cell in _contingency_cells(a, b, n1, n2)[0]]
    with np.errstate(divide="ignore", invalid="ignore"):
        return cells[0] * cells[3] / (cells[1] * cells[2])


def simple_maths(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, add: float = 100) -> FloatArray:
    """Ratio of frequencies per million words, `add` added to each [7]_; 1 is Sketch Engine's default.

    >>> float(simple_maths(35, 263, 112_289_776, 1_559_716_979, add=1).round(4))
    1.1224
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    return (a / n1 * 1e6 + add) / (b / n2 * 1e6 + add)


def difference_coefficient(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Difference of relative frequencies over their sum [10]_, from -1 to 1; missing if both are 0.

    >>> float(difference_coefficient(18, 35, 1_000_000, 1_000_000).round(2))
    -0.32
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    with np.errstate(invalid="ignore"):
        return (a / n1 - b / n2) / (a / n1 + b / n2)


def fw_z(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, prior: ArrayLike,
         variance: Literal["full", "approx"] = "full", prior_total: float | None = None) -> FloatArray:
    """Weighted log-odds with a Dirichlet prior [8]_, as z.

    Parameters
    ----------
    prior : pseudo-frequency of each term: one number for all (uninformative) or one per term
    variance : ``approx`` as in eq. 20, ``full`` with the two cells that eq. 20 leaves out (eq. 19)
    prior_total : sum of the prior over the vocabulary; the sum of `prior` over the given terms if None

    Notes
    -----
    Words are assumed to be independent, as in `g2`: 1.96 is a line in a figure, not a test of outlets.
    """
    a, b, n1, n2, prior = _broadcast_floats(a, b, n1, n2, prior)
    total = prior.sum() if prior_total is None else prior_total
    y1, y2 = a + prior, b + prior
    alone = (n1 + total <= y1) & (n2 + total <= y2)  # no other term to weigh it against
    rest1, rest2 = (np.where(alone, 1, n + total - y) for n, y in ((n1, y1), (n2, y2)))
    delta = np.log(y1 / rest1) - np.log(y2 / rest2)  # eq. 16
    spread = 1 / y1 + 1 / y2  # eq. 20
    if variance == "full":
        spread = spread + 1 / rest1 + 1 / rest2  # eq. 19
    return np.where(alone, 0, delta / np.sqrt(spread))  # eq. 22


def log_odds_many(frequencies: ArrayLike, *, prior: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Log-odds of each term in each of any number of corpora against all together [8]_, and its z.

    As in the R package tidylo 0.2.0, the prior is added only for terms that a corpus has, in the sums as well, and
    the variance is that of eq. 20.

    Parameters
    ----------
    frequencies : one row per term and one column per corpus
    prior : pseudo-frequency of each term: one number for all (uninformative), or one per term

    Returns
    -------
    log-odds and z in the shape of `frequencies`; missing if a corpus does not have the term.

    >>> ratio, z = log_odds_many([[2, 0], [1, 3]], prior=1)
    >>> ratio.round(3).tolist()
    [[1.099, nan], [-1.099, inf]]
    """
    frequencies = np.asarray(frequencies, dtype=np.float64)
    prior = np.asarray(prior, dtype=np.float64)
    y = np.where(frequencies > 0, frequencies + (prior[:, None] if prior.ndim else prior), np.nan)
    both = np.nansum(y, axis=1, keepdims=True)
    with np.errstate(divide="ignore"):  # the odds of a corpus's only term are infinite
        ratio = np.log(y / (np.nansum(y, axis=0) - y)) - np.log(both / (both.sum() - both))
    return ratio, ratio / np.sqrt(1 / y + 1 / both)


def jsd_contributions(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Each term's contribution to the Jensen-Shannon divergence [12]_, in bits; they add up to 0 to 1.

    >>> jsd_contributions([1, 1, 0], [0, 1, 1], 2, 2).tolist()
    [0.25, 0.0, 0.25]
    """
    a, b, n1, n2 = _broadcast_floats(a, b, n1, n2)
    here, there = a / n1, b / n2
    middle = (here + there) / 2
    bits: FloatArray = (_log_likelihood_term(here, middle) + _log_likelihood_term(there, middle)) / (2 * np.log(2))
    return bits


# By article ---------------------------------------------------------------------------------------

def wilcoxon_p(target: ArrayLike, reference: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Wilcoxon's rank sum test [11]_ of rates by article, and Cliff's delta as its effect size.

    Parameters
    ----------
    target, reference : rates, one row per term and one column per article

    Returns
    -------
    p (two-sided, normal approximation corrected for ties and continuity; 1 if all are equal), and
    delta: how much likelier an article of the target is to have the higher rate, from -1 to 1.

    >>> p, delta = wilcoxon_p([12, 15, 18, 24, 88], [3, 3, 13, 27, 33])  # Kilgarriff 2001: rank sum 31
    >>> float(delta) * 25 / 2 + 25 / 2 + 15
    31.0
    """
    from scipy.stats import mannwhitneyu
    target, reference = np.asarray(target, np.float64), np.asarray(reference, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = mannwhitneyu(target, reference, axis=-1, method="asymptotic")
    delta = 2 * found.statistic / (target.shape[-1] * reference.shape[-1]) - 1
    return np.asarray(found.pvalue), np.asarray(delta)


# Collocation --------------------------------------------------------------------------------------

def pair_lambda(n: ArrayLike, n_first: ArrayLike, n_second: ArrayLike, n_pairs: ArrayLike, *,
                add: float = 0.5) -> tuple[FloatArray, FloatArray]:
    """`log_linear_interaction` of two words: lambda and its z.

    Parameters
    ----------
    n : occurrences of the pair
    n_first, n_second : occurrences of its words as the first and as the second of any pair
    n_pairs : pairs in all
    add : added to each of the four cells

    >>> [round(float(value), 6) for value in pair_lambda(2, 2, 2, 9)]  # "good ice" in quanteda's tests
    [4.317488, 2.027787]
    """
    return log_linear_interaction({(): n_pairs, (0,): n_first, (1,): n_second, (0, 1): n}, add=add)


def log_linear_interaction(margins: Mapping[tuple[int, ...], ArrayLike], *,
                           add: float = 0.5) -> tuple[FloatArray, FloatArray]:
    """The interaction of words in a row beyond that of any part of them [13]_, as in quanteda: lambda and its z.

    Lambda is the highest-order interaction of the saturated log-linear model of a table that counts all runs of
    this length by the places where they share this run's word: the sum of (-1)^(words - b) ln(n + add) over its
    cells, where b is the number of places that agree; z is lambda over its Wald standard error, the root of the
    sum of 1 / (n + add).

    Parameters
    ----------
    margins : for each choice of places, from none to all, the number of runs with this run's words there
    add : added to each cell (smoothing)

    >>> margins = {(): 9, (0,): 2, (1,): 2, (0, 1): 2}
    >>> [round(float(value), 6) for value in log_linear_interaction(margins)]
    [4.317488, 2.027787]
    """
    places = sorted(margins, key=lambda chosen: (len(chosen), chosen))
    values = dict(zip(places, _broadcast_floats(*(margins[chosen] for chosen in places)), strict=True))
    value: FloatArray = np.zeros(())
    spread: FloatArray = np.zeros(())
    for agree in places:
        cell = add + sum((-1) ** (len(more) - len(agree)) * values[more] for more in places if set(agree) <= set(more))
        value = value + (-1) ** (len(places[-1]) - len(agree)) * np.log(cell)
        spread = spread + 1 / cell
    return value, value / np.sqrt(spread)
