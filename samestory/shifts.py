"""Word shift: what each term adds to the divergence of two sides' words.

The Jensen-Shannon divergence of two texts is the sum of one part a term [1]_, so that the terms can be ranked
by what they add. Short texts diverge by chance alone, so beside it stands what the same words, or where there
are enough of them the same articles, give when they are divided at random. It is no distance between outlets.

References
----------
.. [1] R. Gallagher et al. (2021), Generalized word shift graphs. EPJ Data Science 10:4, table 1, row
   Jensen-Shannon divergence, both texts weighing the same.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from samestory.formulas import Array, jsd_contributions
from samestory.keyness import MIN_COUNT, compare_outlets, list_stop_words
from samestory.matrix import TermMatrix, build_matrix
from samestory.support import judge_support

N_DRAWS = 20  # divisions at random: only their average is told
COLUMNS = {"term": "str", "n_target": "int64", "n_reference": "int64", "per_1k_target": "float64",
           "per_1k_reference": "float64", "bits": "float64", "percent": "float64"}


def measure_shift(counts: pd.DataFrame, *, target: str | None = None, reference: str | None = None,
                  min_count: int = MIN_COUNT, stop_words: bool = False, seed: int = 0) -> pd.DataFrame:
    """What each term adds to the Jensen-Shannon divergence of target and reference.

    One row is a term, what adds most first; then the more frequent, then by the alphabet.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    target, reference : outlets, as in `compare_outlets`; of several comparisons the first
    min_count : occurrences in both together that a term must have for a row of its own
    stop_words : whether the terms of data/stop_words.csv have one; all are part of the divergence either way
    seed : of the divisions at random

    Returns
    -------
    term, n_target, n_reference, per_1k_target, per_1k_reference (per 1,000 words), bits (what it adds [1]_),
    percent (of the whole). `attrs` holds target, reference, bits (of all terms; 0 if both use all words alike, 1 if
    they share none), chance (the average of divisions at random) and the sentence that says so.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    if not pairs:
        empty = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})
        empty.attrs = {"target": "", "reference": "", "bits": 0.0, "chance": 0.0,
                       "sentence": "There is no other outlet to compare with."}
        return empty
    pair = pairs[0]
    matrix = build_matrix(counts if pair.reference is None else counts[counts["outlet"].isin(pair)])
    in_target = matrix.outlets == pair.target
    table = _tabulate(matrix, in_target)
    bits = float(table["bits"].sum())
    is_by_article = judge_support(int(in_target.sum()), int((~in_target).sum())).tested
    draws = (_divide_articles if is_by_article else _divide_words)(matrix, in_target, np.random.default_rng(seed))
    chance = float(np.mean([_diverge(a, b).sum() for a, b in draws] or [0.0]))
    kept = table["n_target"] + table["n_reference"] >= min_count
    if not stop_words:
        kept &= ~table["term"].isin(list_stop_words()["term"])
    table = table[kept].reset_index(drop=True)
    table.attrs = {"target": pair.target, "reference": pair.reference or "the rest", "bits": bits, "chance": chance,
                   "sentence": _explain(bits, chance, "articles" if is_by_article else "words")}
    return table


def _tabulate(matrix: TermMatrix, in_target: np.ndarray) -> pd.DataFrame:
    a, b = (rows.astype(np.float64) @ matrix.frequencies for rows in (in_target, ~in_target))
    bits = _diverge(a, b)
    table = pd.DataFrame({
        "term": matrix.terms, "n_target": a, "n_reference": b, "per_1k_target": 1000 * a / a.sum(),
        "per_1k_reference": 1000 * b / b.sum(), "bits": bits, "percent": 100 * bits / max(bits.sum(), 1e-300)})
    order = np.lexsort((pd.factorize(table["term"], sort=True)[0], -(a + b), -bits.round(12)))
    return table.astype(COLUMNS).iloc[order].reset_index(drop=True)


def _diverge(a: Array, b: Array) -> Array:
    return np.maximum(jsd_contributions(a, b, a.sum(), b.sum()), 0)  # rounding may leave less than nothing


def _divide_articles(matrix: TermMatrix, in_target: np.ndarray,
                     generator: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """The frequencies of both sides when the articles are divided anew."""
    for _ in range(N_DRAWS):
        a = generator.permutation(in_target).astype(np.float64) @ matrix.frequencies
        yield a, matrix.totals - a


def _divide_words(matrix: TermMatrix, in_target: np.ndarray,
                  generator: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """The frequencies of both sides when each word falls to one by the sides' sizes."""
    share = matrix.words[in_target].sum() / matrix.words.sum()
    for _ in range(N_DRAWS):
        a = generator.binomial(matrix.totals.astype(np.int64), share).astype(np.float64)
        if 0 < a.sum() < matrix.words.sum():  # a side without words has no distribution
            yield a, matrix.totals - a


def _explain(bits: float, chance: float, unit: str) -> str:
    return (f"The words of the two differ by {bits:.2f} bits (0 if both use all words alike, 1 if they share none);"
            f" the same {unit} divided at random differ by {chance:.2f} on average.")
