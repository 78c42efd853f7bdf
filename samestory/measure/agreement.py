"""Agreement of coders: Krippendorff's alpha, with an interval over articles, and a plain word for it.

Alpha is that of `nltk.metrics.agreement`. For the interval, articles are drawn again with replacement, since answers
in one article are not independent.

References
----------
.. [1] K. Krippendorff (2011), Computing Krippendorff's alpha-reliability, sections A to C.
.. [2] K. Krippendorff (2004), Content analysis, second edition, section 11.4: rely on variables with 0.8 or more, and
   draw tentative conclusions from 0.667 on.
"""

from math import nan

import numpy as np
import pandas as pd

from samestory.measure.formulas import FloatArray

AGREEMENT_WORDS = ((0.8, "reliable"), (0.667, "for tentative conclusions only"), (-1.0, "not reliable"))
UNMEASURED_AGREEMENT_WORD = "cannot be measured: all answers are the same"
N_AGREEMENT_DRAWS, MAX_LOST_DRAWS = 1_000, 50  # draws without any variation, above which there is no interval


def measure_agreement(answers: pd.DataFrame, *, is_count: bool = False, seed: int = 1) -> dict[str, float | str | int]:
    """Krippendorff's alpha of several coders, with a 95 % interval.

    Parameters
    ----------
    answers : one row per answer: row (what was coded), coder, answer, article_id; rows with one answer do not count
    is_count : whether answers are numbers whose distance counts (interval alpha); else they are names (nominal alpha)
    seed : of the draws

    Returns
    -------
    n_rows (with two answers or more), n_articles, n_agreed (rows with one answer by all), alpha, low, high, and word.
    Alpha is missing if nothing varies, the interval also if there are too few articles for it.

    >>> answers = pd.DataFrame({"row": [1, 1, 2, 2], "coder": ["a", "b"] * 2, "answer": ["x", "x", "y", "y"],
    ...                         "article_id": "1"})
    >>> measure_agreement(answers)["alpha"]
    1.0
    """
    shared = answers[answers.groupby("row")["coder"].transform("nunique") > 1]
    found = {"n_rows": shared["row"].nunique(), "n_articles": shared["article_id"].nunique(),
             "n_agreed": int((shared.groupby("row")["answer"].nunique() == 1).sum())}
    if shared["answer"].nunique() < 2:
        return found | {"alpha": nan, "low": nan, "high": nan, "word": UNMEASURED_AGREEMENT_WORD}
    alpha = measure_alpha(shared, is_count=is_count)
    low, high = _bound_alpha(shared, is_count, seed)
    return found | {"alpha": alpha, "low": low, "high": high, "word": describe_agreement(alpha)}


def describe_agreement(alpha: float) -> str:
    """A plain word for an alpha, by Krippendorff's thresholds [2]_.

    >>> describe_agreement(0.743)
    'for tentative conclusions only'
    """
    return next((word for least, word in AGREEMENT_WORDS if alpha >= least), AGREEMENT_WORDS[-1][1])


def measure_alpha(answers: pd.DataFrame, *, is_count: bool = False) -> float:
    """Krippendorff's alpha [1]_, nominal or interval, of answers with row, coder and answer."""
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance, interval_distance
    rows = list(answers[["coder", "row", "answer"]].itertuples(index=False, name=None))
    return float(AnnotationTask(rows, distance=interval_distance if is_count else binary_distance).alpha())


def _bound_alpha(answers: pd.DataFrame, is_count: bool, seed: int) -> tuple[float, float]:
    """The middle 95 % of alpha over draws of articles, from coincidence matrices that add up over articles [1]_."""
    values = sorted(answers["answer"].unique())
    place = {value: number for number, value in enumerate(values)}
    matrices = np.array([sum(_count_coincidences([place[value] for value in row], len(values))
                             for row in _list_row_answers(article)) for _, article in answers.groupby("article_id")])
    n = len(matrices)
    if n < 2:
        return nan, nan
    numbers = np.array(values, dtype=float) if is_count else np.arange(len(values))
    distances = np.subtract.outer(numbers, numbers) ** 2 if is_count else 1 - np.eye(len(values))
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=N_AGREEMENT_DRAWS)
    alphas = _compute_alphas(np.tensordot(drawn.astype(float), matrices, axes=1), distances)
    kept = alphas[~np.isnan(alphas)]
    if len(alphas) - len(kept) > MAX_LOST_DRAWS:
        return nan, nan
    low, high = np.quantile(kept, [0.025, 0.975])
    return float(low), float(high)


def _list_row_answers(article: pd.DataFrame) -> list[list[object]]:
    return [list(group) for _, group in article.groupby("row")["answer"]]


def _count_coincidences(places: list[int], n_values: int) -> FloatArray:
    """The coincidence matrix of one coded row [1]_, section C: pairs of answers, each pair by 1 / (answers - 1)."""
    counts = np.bincount(places, minlength=n_values).astype(float)
    return np.asarray((np.outer(counts, counts) - np.diag(counts)) / (len(places) - 1))


def _compute_alphas(matrices: FloatArray, distances: FloatArray) -> FloatArray:
    """1 - (n - 1) x observed / expected disagreement, for each coincidence matrix [1]_, section D."""
    sums = matrices.sum(axis=2)
    observed = (matrices * distances).sum(axis=(1, 2))
    expected = np.einsum("di,ij,dj->d", sums, distances, sums)
    ratios = np.divide(observed, expected, out=np.full(len(sums), nan), where=expected > 0)
    return np.asarray(1 - (sums.sum(axis=1) - 1) * ratios)
