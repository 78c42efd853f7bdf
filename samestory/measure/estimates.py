"""Estimates about a corpus from a stratified sample of it: ratios of two totals, with intervals.

Precision, recall and corrected shares are all ratios of totals, of which a part may be known without sampling. The
uncertainty is that of the sample alone: had every row of the corpus been coded, the intervals would have no width.

Errors are rare, so a stratum of a sheet may show none of those it has, or nothing else, and its variance would be taken
for nothing. Variances within strata are therefore moderated: each is averaged with that of all rows of its task about
the stratum's mean, which counts as much as one row. docs/accuracy.md says how often the intervals hold the truth.

References
----------
.. [1] W. Cochran (1977), Sampling techniques, third edition, sections 5.3 to 5.6 (stratified random sampling) and
   6.11 (ratios).
.. [2] C.-E. Särndal, B. Swensson, J. Wretman (1992), Model assisted survey sampling, chapter 6: the difference
   estimator. With a classifier as the known part it is the prediction-powered mean of A. Angelopoulos et al. (2023),
   Prediction-powered inference, Science 382, and design-based supervised learning of N. Egami et al. (2023), NeurIPS.
.. [3] E. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22; with an
   effective sample size as compared by C. Franco et al. (2019), Journal of Survey Statistics and Methodology 7.
.. [4] B. O'Neill (2014), Some useful moment results in sampling problems, The American Statistician 68: degrees of
   freedom of a sample variance by the kurtosis.
.. [5] G. Smyth (2004), Linear models and empirical Bayes methods, Statistical Applications in Genetics and Molecular
   Biology 3(1), section 3: the moderated variance (d0 s0² + d s²) / (d0 + d). d0 is 1, as in the unit information
   prior of R. Kass, L. Wasserman (1995), JASA 90.
"""

from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from samestory.measure.formulas import FloatArray
from samestory.measure.intervals import SHARE_CONFIDENCE_LEVEL

MIN_ESTIMATE_ROWS = 8  # coded rows about a thing below which nothing is said of it


@dataclass(frozen=True)
class Estimate:
    """An estimated share (0 to 1) with its 95 % interval and standard error; all missing if there are too few rows."""

    value: float
    low: float
    high: float
    standard_error: float
    n_rows: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to say anything."""
        return not isnan(self.value)


def estimate_ratio(strata: pd.DataFrame, parts: ArrayLike, wholes: ArrayLike, *, known_part: float = 0.0,
                   known_whole: float = 0.0, n_about: int | None = None) -> Estimate:
    """The ratio of two totals of a corpus: (known part + total of parts) / (known whole + total of wholes).

    Totals are expanded by stratum [1]_. With known totals of what a program found, and parts and wholes that are the
    errors in the sampled rows, it is the difference estimator [2]_: unbiased however wrong the program is, and the
    more certain the better it is.

    Parameters
    ----------
    strata : one row per sampled row: stratum, stratum_size (rows of the corpus in the stratum), and task if there are
        several, whose strata differ more
    parts, wholes : a number per row
    known_part, known_whole : totals that need no sampling
    n_about : rows that say something about the ratio; by default all. With fewer than `MIN_ESTIMATE_ROWS`, the
        estimate is missing

    Returns
    -------
    The estimate, cut to 0 to 1.
    """
    n_about = len(strata) if n_about is None else n_about
    if n_about < MIN_ESTIMATE_ROWS:
        return Estimate(nan, nan, nan, nan, n_about)
    weights, left = weigh_rows(strata)
    part, whole = (np.asarray(values, dtype=float) for values in (parts, wholes))
    total = known_whole + float(weights @ whole)
    if total <= 0:
        return Estimate(nan, nan, nan, nan, n_about)
    ratio = min(max((known_part + float(weights @ part)) / total, 0.0), 1.0)
    left_over = part - ratio * whole
    variance = _estimate_variance(strata, left_over) / total**2
    # Wilson's limits take the variance at the limit, which allows for the errors of a ratio, not for those of a
    # difference: what is known says nothing of their number
    degrees = (find_degrees_of_freedom(_center_in_strata(strata, left_over) * weights * np.sqrt(left))
               if known_whole > 0 else np.inf)
    low, high = bound_ratio(ratio, variance, open_weight=float((weights * left).max()) / total, degrees=degrees)
    return Estimate(ratio, low, high, sqrt(variance), n_about)


def weigh_rows(strata: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """The rows of the corpus that each sampled row represents, and the share of its stratum that was not sampled."""
    _, numbers, n_drawn = _number_strata(strata)
    drawn = n_drawn[numbers].astype(float)
    sizes = strata["stratum_size"].to_numpy(dtype=float)
    return sizes / drawn, 1 - drawn / sizes


def _number_strata(strata: pd.DataFrame) -> tuple[Any, ...]:
    """The names of the strata, each row's number among them, and the rows of each."""
    return np.unique(strata["stratum"].to_numpy(dtype=str), return_inverse=True, return_counts=True)


def _center_in_strata(strata: pd.DataFrame, values: FloatArray) -> FloatArray:
    """Values less the mean of their stratum."""
    _, numbers, n = _number_strata(strata)
    return np.asarray(values - (np.bincount(numbers, values) / n)[numbers], dtype=np.float64)


def _estimate_variance(strata: pd.DataFrame, values: FloatArray) -> float:
    """The variance of the expanded total of values [1]_ (section 5.4), with moderated variances within strata [5]_."""
    _, numbers, n = _number_strata(strata)
    first = np.unique(numbers, return_index=True)[1]
    weights, means = weigh_rows(strata)[0], np.bincount(numbers, values) / n
    squares = np.bincount(numbers, _center_in_strata(strata, values) ** 2)
    sizes = strata["stratum_size"].to_numpy(dtype=float)[first]
    tasks = strata["task"].to_numpy()[first] if "task" in strata else np.zeros(len(n))
    within = np.zeros(len(n))
    for task in set(tasks):
        of_task = tasks == task
        in_task = of_task[numbers]
        n_rows, middle = in_task.sum(), np.average(values[in_task], weights=weights[in_task])
        spread = np.average((values[in_task] - middle) ** 2, weights=weights[in_task]) * n_rows / max(n_rows - 1, 1)
        borrowed = spread + (middle - means[of_task]) ** 2
        within[of_task] = (borrowed + squares[of_task]) / n[of_task]  # as if one row of the task were added to each
    return float((sizes**2 * (1 - n / sizes) * within / n).sum())


def bound_ratio(ratio: float, variance: float, *, open_weight: float, degrees: float = np.inf,
                level: float = SHARE_CONFIDENCE_LEVEL) -> tuple[float, float]:
    """Wilson's limits [3]_ at the effective sample size, with the quantile of t.

    Parameters
    ----------
    ratio : the estimate, 0 to 1
    variance : of the estimate
    open_weight : the share of the whole that one row represents; used if nothing varies
    degrees : degrees of freedom of the variance; infinite for the normal quantile

    >>> [round(limit, 3) for limit in bound_ratio(1.0, 0.0, open_weight=1 / 20)]  # 20 of 20
    [0.839, 1.0]
    """
    from scipy.special import stdtrit
    is_open = variance <= 0 or not 0 < ratio < 1
    size = 1 / max(open_weight, 1e-12) if is_open else ratio * (1 - ratio) / variance
    t = float(stdtrit(np.inf if is_open else degrees, (1 + level) / 2))
    middle = (ratio + t**2 / (2 * size)) / (1 + t**2 / size)
    half = t / (1 + t**2 / size) * sqrt(ratio * (1 - ratio) / size + t**2 / (4 * size**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def find_degrees_of_freedom(values: FloatArray) -> float:
    """The degrees of freedom of the variance of values whose kurtosis is k: 2n / (k - (n - 3)/(n - 1)) [4]_.

    Few large values among many zeros, as errors are, give few: about twice their number.

    >>> round(find_degrees_of_freedom(np.array([1.0] * 5 + [0.0] * 95)), 1)
    10.5
    """
    n = len(values)
    if not values.any():
        return float(np.inf)
    kurtosis = n * float((values**4).sum()) / float((values**2).sum()) ** 2
    return max(2 * n / (kurtosis - (n - 3) / (n - 1)), 1.0)
