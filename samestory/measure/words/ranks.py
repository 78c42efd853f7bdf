"""Ranks: whether an outlet's articles use a term at higher rates than another's, by Wilcoxon's rank sum test.

A second opinion on the permutation test of keyness: its unit is also the article, but an article with very many
occurrences weighs no more than the next in rank. It needs every article's rate of every term, so it is
computed in batches of terms.

References
----------
.. [1] A. Kilgarriff (2001), Comparing corpora. International Journal of Corpus Linguistics 6(1).
.. [2] N. Cliff (1993), Dominance statistics. Psychological Bulletin 114(3).
"""

import numpy as np
import pandas as pd

from samestory.measure import formulas
from samestory.measure.support import judge_support
from samestory.measure.words.keyness import MIN_TERM_COUNT, choose_terms, compare_outlets
from samestory.measure.words.matrix import build_matrix

MAX_RANK_CELLS = 5_000_000  # rates held at once


def measure_ranks(counts: pd.DataFrame, *, target: str, reference: str | None = None, min_count: int = MIN_TERM_COUNT,
                  stop_words: bool = False) -> pd.DataFrame:
    """Compare the rates of each term in the articles of target and reference by their ranks.

    One row per term, the largest difference first, ties in alphabetical order.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    target, reference, min_count, stop_words : as in `measure_keyness`

    Returns
    -------
    term, delta (how much likelier an article of the target is to have the higher rate, from -1 to 1 [2]_) and, if
    `judge_support` allows, p (rank sum [1]_, two-sided), q_bh and p_holm.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    if not pairs:
        return pd.DataFrame({"term": pd.Series(dtype="str"), "delta": pd.Series(dtype="float64")})
    matrix = build_matrix(counts if pairs[0].reference is None else counts[counts["outlet"].isin(pairs[0])])
    in_target = matrix.outlets == pairs[0].target
    kept = choose_terms(matrix, min_count=min_count, stop_words=stop_words)
    step, found = max(1, MAX_RANK_CELLS // len(in_target)), [(np.empty(0), np.empty(0))]
    for begin in range(0, len(kept), step):
        rates = matrix.frequencies[:, kept[begin:begin + step]].toarray().T / matrix.words
        found.append(formulas.wilcoxon_p(rates[:, in_target], rates[:, ~in_target]))
    p, delta = (np.concatenate(parts) for parts in zip(*found, strict=True))
    table = pd.DataFrame({"term": matrix.terms[kept], "delta": delta})
    if judge_support(int(in_target.sum()), int((~in_target).sum())).tested:
        table["p"], table["q_bh"], table["p_holm"] = p, formulas.q_bh(p), formulas.p_holm(p)
    return table.iloc[np.argsort(-np.abs(delta), kind="stable")].reset_index(drop=True)
