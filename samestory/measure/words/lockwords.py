"""Lockwords: terms that two sides use equally often, as far as their frequency suffices to show it.

Finding no difference is not evidence of equality: a rare term's interval is wide. A lockword is a term
whose whole interval lies within a margin around "equally often", which is an equivalence test [1]_; terms within
twice that margin are listed too, as the nearest. If both sides have enough articles, the interval is the wider of the
exact one, which assumes that words are independent, and one whose unit is the article.

References
----------
.. [1] P. Baker (2011), Times may change, but we will always have money. Journal of English Linguistics 39(1),
   for the term; D. Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach.
   Journal of Pharmacokinetics and Biopharmaceutics 15(6), for the test.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from samestory.measure.formulas import FloatArray, log_ratio_interval
from samestory.measure.support import judge_support
from samestory.measure.words.keyness import KEYNESS_CONFIDENCE_LEVEL, Comparison
from samestory.measure.words.matrix import TermMatrix, build_matrix

LOCKWORD_LOG_RATIO_MARGIN = 0.5  # of the log ratio: 0.7 to 1.4 times as often
MAX_LOCKWORD_COUNT = 10**9  # occurrences in a side at which the search ends
NEAR_LOCKWORD_FACTOR = 2  # times the margin, within which a term is listed among the nearest
LOCKWORD_COLUMNS = ["term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "log_ratio", "low", "high"]


@dataclass(frozen=True)
class Lockwords:
    """The terms that two sides use equally often, or nearly so.

    Attributes
    ----------
    table : one row per term, the narrowest interval around "equally often" first
    n_terms : terms examined
    min_counts : how often a term of equal rate must occur in target and reference to be a lockword; None if no number
        of occurrences is enough, or no term was examined
    sentence : how many there are and, if there are none, how often a term would have to occur
    """

    table: pd.DataFrame
    n_terms: int
    min_counts: tuple[int, int] | None
    sentence: str


def find_lockwords(comparison: Comparison, counts: pd.DataFrame, *,
                   margin: float = LOCKWORD_LOG_RATIO_MARGIN) -> Lockwords:
    """The terms that target and reference use equally often, or nearly so.

    The table has one row per term, the narrowest interval around "equally often" first.

    Parameters
    ----------
    comparison : the result of `pick_comparison`
    counts : the counts that it was measured from
    margin : of the log ratio; an interval must lie within it on both sides of 0, or within twice that to be listed

    Returns
    -------
    The table: term, n_target, n_reference, per_1k_target, per_1k_reference, log_ratio, low, high (95 %), is_alike
    (whether the interval lies within the margin); with it, what the sizes of the texts can show.
    """
    table, target, reference = comparison.table[LOCKWORD_COLUMNS], comparison.target, comparison.reference
    if table.empty:
        return Lockwords(table.assign(is_alike=pd.Series(dtype="bool")), 0, None, "There is no term to compare.")
    is_pair = reference in set(counts["outlet"])
    matrix = build_matrix(counts[counts["outlet"].isin([target, reference])] if is_pair else counts)
    in_target = matrix.outlets == target
    wider = _widen_intervals(table, matrix, in_target)
    reach = np.maximum(-wider["low"], wider["high"])
    order = np.lexsort((wider["term"], reach))[:int((reach < NEAR_LOCKWORD_FACTOR * margin).sum())]
    near = wider.assign(is_alike=reach < margin).iloc[order].reset_index(drop=True)
    sizes = int(matrix.words[in_target].sum()), int(matrix.words[~in_target].sum())
    least = find_min_lockword_counts(*sizes, margin=margin)
    sentence = _describe_lockword_counts(near["is_alike"], len(table), margin)
    if least and not near["is_alike"].any():
        sentence += (f" In texts of {sizes[0]:,} and {sizes[1]:,} words, a term must occur at least {least[0]:,} times"
                     f" in {target} and {least[1]:,} times in {reference} for that.")
    return Lockwords(near, len(table), least, sentence)


def _widen_intervals(table: pd.DataFrame, matrix: TermMatrix, in_target: np.ndarray) -> pd.DataFrame:
    """The table with the wider of its interval and the one over articles, if there are enough of them."""
    from scipy.special import stdtrit
    n_articles = int(in_target.sum()), int((~in_target).sum())
    if not judge_support(*n_articles).tested:
        return table
    columns = matrix.terms.get_indexer(table["term"])
    error = np.sqrt(_measure_log_rate_variance(matrix, in_target, columns)
                    + _measure_log_rate_variance(matrix, ~in_target, columns))
    reach = stdtrit(min(n_articles) - 1, (1 + KEYNESS_CONFIDENCE_LEVEL) / 2) * error
    return table.assign(low=np.minimum(table["low"], table["log_ratio"] - reach),
                        high=np.maximum(table["high"], table["log_ratio"] + reach))


def _measure_log_rate_variance(matrix: TermMatrix, rows: np.ndarray, columns: np.ndarray) -> FloatArray:
    """The variance of the binary logarithm of each term's rate, with articles as units; infinite for a rate of 0."""
    part, words = matrix.frequencies[rows][:, columns], matrix.words[rows]
    total, size, n = np.asarray(part.sum(axis=0)).ravel(), words.sum(), len(words)
    rate = total / size
    squares = np.asarray(part.multiply(part).sum(axis=0)).ravel()
    spread = squares - 2 * rate * (part.T @ words) + rate**2 * (words @ words)
    variance: FloatArray = n / (n - 1) * np.maximum(spread, 0) / size**2
    of_log: FloatArray = np.full(len(rate), np.inf)
    np.divide(variance, (rate * np.log(2))**2, out=of_log, where=rate > 0)
    return of_log


def find_min_lockword_counts(n_target_words: int, n_reference_words: int, *,
                             margin: float = LOCKWORD_LOG_RATIO_MARGIN) -> tuple[int, int] | None:
    """How often a term of equal rate must occur in each, so that its exact interval lies within the margin.

    None if more than a billion times.

    >>> find_min_lockword_counts(1000, 1000), find_min_lockword_counts(1000, 3000)
    ((70, 70), (49, 146))
    """
    share = n_target_words / (n_target_words + n_reference_words)

    def is_enough(total: int) -> bool:
        low, high = log_ratio_interval(total * share, total * (1 - share), n_target_words, n_reference_words,
                                       level=KEYNESS_CONFIDENCE_LEVEL)
        return float(low) > -margin and float(high) < margin

    least, most = 0, 1
    while not is_enough(most):
        least, most = most, 2 * most
        if most > MAX_LOCKWORD_COUNT:
            return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return int(np.ceil(most * share)), int(np.ceil(most * (1 - share)))


def _describe_lockword_counts(is_alike: pd.Series, n_terms: int, margin: float) -> str:
    n, near, wide = int(is_alike.sum()), int((~is_alike).sum()), NEAR_LOCKWORD_FACTOR * margin
    more = f"; {near:,} more within {2 ** -wide:.1f} to {2 ** wide:.1f}" if near else ""
    return (f"Of {n_terms:,} terms, {f'{n:,}' if n else 'none'} can be said to be used alike, with an interval within"
            f" {2 ** -margin:.1f} to {2 ** margin:.1f} times as often{more}.")
