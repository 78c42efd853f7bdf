"""Shares of an outlet's statements or words, with confidence intervals whose unit is the article.

Statements in one article are not independent: an article that quotes a speaker once often does so again. So
the variance is that of a ratio over articles, and the exact binomial limits are computed at the number of
independent statements that has the same variance. Nothing is drawn at random. `judge_support` decides which
outlets have enough articles for limits.

References
----------
.. [1] W. Cochran (1977), Sampling techniques, third edition, section 3.12: shares in clusters of
   unequal size.
.. [2] E. Korn, B. Graubard (1998), Confidence intervals for proportions with small expected number of
   positive counts estimated from survey data. Survey Methodology 24(2).
.. [3] C. Clopper, E. Pearson (1934), The use of confidence or fiducial limits illustrated in the case
   of the binomial. Biometrika 26(4).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from samestory.measure.formulas import FloatArray
from samestory.measure.support import MIN_TEST_ARTICLES, judge_support

SHARE_CONFIDENCE_LEVEL = 0.95
MAX_INTERVAL_OUTLET_NAMES = 3  # outlets that a sentence lists


def measure_shares(parts: pd.DataFrame, wholes: pd.DataFrame, *, by: Sequence[str] = ("outlet",)) -> pd.DataFrame:
    """Each thing's share of its outlet's statements or words, with a confidence interval.

    One row per combination of the columns `by` in `parts`.

    Parameters
    ----------
    parts : one or more rows per thing and article: article_id, the columns `by` (outlet among them), n
    wholes : one or more rows per article: article_id, outlet, n (the totals that `parts` are shares of)
    by : the columns that identify a thing

    Returns
    -------
    The columns `by`, n, total (of the outlet), n_articles (of the outlet that contribute to the total), share
    (0 to 1), and low and high: a 95 % interval, missing if the outlet has too few articles.
    """
    wholes = wholes.groupby(["outlet", "article_id"], as_index=False)["n"].sum()
    wholes = wholes[wholes["n"] > 0].rename(columns={"n": "whole"})
    parts = parts.groupby([*by, "article_id"], as_index=False)["n"].sum()
    cells = parts.merge(wholes, on=["outlet", "article_id"]).astype({"n": "float64", "whole": "float64"})
    cells = cells.assign(square=cells["n"] ** 2, product=cells["n"] * cells["whole"])
    table = cells.groupby(list(by), as_index=False)[["n", "square", "product"]].sum()
    table = table.merge(_sum_wholes(wholes), on="outlet")
    table["share"] = table["n"] / table["total"]
    table["low"] = table["high"] = np.nan
    enough = table["n_articles"].map(has_enough_articles).astype(bool)
    if enough.any():
        bounded = table[enough]
        table.loc[enough, "low"], table.loc[enough, "high"] = bound_shares(
            bounded["share"], _measure_ratio_variance(bounded), bounded["n_articles"], bounded["total"])
    table = table.astype({"n": "int64", "total": "int64", "n_articles": "int64"})
    return table[[*by, "n", "total", "n_articles", "share", "low", "high"]]


def _sum_wholes(wholes: pd.DataFrame) -> pd.DataFrame:
    wholes = wholes.assign(whole_square=wholes["whole"].astype("float64") ** 2)
    return wholes.groupby("outlet", as_index=False).agg(
        total=("whole", "sum"), whole_squares=("whole_square", "sum"), n_articles=("article_id", "size"))


def _measure_ratio_variance(table: pd.DataFrame) -> pd.Series:
    """The variance of each share from sums over articles: articles without the thing need no row."""
    share, n = table["share"], table["n_articles"]
    squares = table["square"] - 2 * share * table["product"] + share**2 * table["whole_squares"]
    squares = squares.clip(lower=0).where(squares > 1e-9 * table["whole_squares"], 0)  # ignores rounding errors
    return n / (n - 1).clip(lower=1) * squares / table["total"] ** 2


def measure_share_variance(parts: ArrayLike, wholes: ArrayLike) -> float:
    """The variance of sum(parts) / sum(wholes), one pair of values per article [1]_.

    Parameters
    ----------
    parts, wholes : for instance, a speaker's statements and all statements in each article

    >>> persons = [5, 6, 3, 3, 2, 3, 3, 3, 4, 4, 3, 2, 7, 4, 3, 5, 4, 4, 3, 3, 4, 3, 3, 1, 2, 4, 3, 4, 2, 4]
    >>> doctor = [5, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 0, 0, 1, 3, 2, 0, 0, 0, 2, 2, 0, 2, 0, 1]
    >>> round(measure_share_variance(doctor, persons), 4)  # Cochran's 30 households: 0.00520
    0.0052
    """
    parts, wholes = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    n, share = len(parts), parts.sum() / wholes.sum()
    return float(((parts - share * wholes) ** 2).sum() / (n * (n - 1) * wholes.mean() ** 2))


def bound_shares(share: ArrayLike, variance: ArrayLike, n_articles: ArrayLike, n_units: ArrayLike, *,
                 level: float = SHARE_CONFIDENCE_LEVEL) -> tuple[FloatArray, FloatArray]:
    """Confidence limits of shares: Clopper and Pearson's [3]_ at Korn and Graubard's effective size [2]_.

    That size is the number of independent units whose share would vary as much, reduced because the
    variance is estimated from few articles, and never above `n_units`. If nothing varies (the share is 0,
    1, or the same in each article), each article counts as one unit.

    Parameters
    ----------
    share : 0 to 1
    variance : of the share, as `measure_share_variance` gives it
    n_articles, n_units : articles, and the statements or words in them

    >>> [round(float(limit), 3) for limit in bound_shares(0.2885, 0.0052, 30, 104)]  # Cochran's 30 households
    [0.152, 0.46]
    """
    from scipy.special import betaincinv, stdtrit
    share, variance, n_articles, n_units = (np.asarray(value, dtype=np.float64)
                                            for value in (share, variance, n_articles, n_units))
    half = (1 - level) / 2
    varies = variance > 0
    spread = np.divide(share * (1 - share), variance, out=np.array(np.broadcast_to(n_articles, share.shape)),
                       where=varies)
    scarce = stdtrit(np.maximum(n_units - 1, 1), half) / stdtrit(np.maximum(n_articles - 1, 1), half)
    size = np.minimum(np.where(varies, spread * scarce**2, spread), n_units)
    low = betaincinv(size * share, size * (1 - share) + 1, half)
    high = betaincinv(size * share + 1, size * (1 - share), 1 - half)
    return np.where(share <= 0, 0.0, low), np.where(share >= 1, 1.0, high)


def has_enough_articles(n_articles: int) -> bool:
    """Whether an outlet has enough articles for intervals: whether two of its size could be compared by a test."""
    return judge_support(n_articles, n_articles).tested


def describe_intervals(rows: pd.DataFrame) -> str:
    """Which outlets have intervals, what these mean, and why others have none; empty if there are no rows.

    Parameters
    ----------
    rows : the statements, or for shares of words the articles, that shares are taken of: outlet, article_id

    >>> describe_intervals(pd.DataFrame({"outlet": ["CGTN", "CNN"], "article_id": ["a", "b"]}))
    'Counts only, no intervals: no outlet has the 5 articles that they would take.'
    """
    if rows.empty:
        return ""
    enough = rows.groupby("outlet")["article_id"].nunique().map(has_enough_articles).astype(bool)
    if not enough.any():
        return f"Counts only, no intervals: no outlet has the {MIN_TEST_ARTICLES} articles that they would take."
    few = list(enough.index[~enough])
    rest = f" None for {_join_outlet_names(few)}: fewer than {MIN_TEST_ARTICLES} articles." if few else ""
    return ("Low and high: 95 % confidence intervals with the article as the unit, as if the outlet's articles were"
            f" drawn from more of their kind; about one in twenty is wrong by chance.{rest}")


def _join_outlet_names(outlets: list[str]) -> str:
    more = f" and {len(outlets) - MAX_INTERVAL_OUTLET_NAMES:,} more" if len(outlets) > MAX_INTERVAL_OUTLET_NAMES else ""
    return f"{', '.join(outlets[:MAX_INTERVAL_OUTLET_NAMES])}{more}"
