"""Word shift: what each term adds to the divergence of two sides' words.

The Jensen-Shannon divergence of two texts is a sum with one part per term [1]_, so that the terms can be ranked
by contribution. Short texts diverge by chance alone, so it is compared with the divergence of the same words (or, if
there are enough of them, the same articles) after a random permutation. It is not a distance between outlets;
of several outlets, `measure_pairs` finds which two differ by more than chance, and in which words.

References
----------
.. [1] R. Gallagher et al. (2021), Generalized word shift graphs. EPJ Data Science 10:4, table 1, row
   Jensen-Shannon divergence, both texts weighing the same.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from samestory.measure.formulas import FloatArray, jsd_contributions, q_bh
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE, judge_support
from samestory.measure.words.keyness import MIN_TERM_COUNT, REST_OF_OUTLETS, compare_outlets, list_stop_words
from samestory.measure.words.matrix import TermMatrix, build_matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MAX_SHIFT_CELLS = 500_000  # frequencies held at once
N_SHIFT_DRAWS = 20  # random permutations when only their average is shown
N_PAIR_DIVISIONS = 99  # permutations of the articles of a pair of outlets, so the smallest p is .01
MAX_SHIFT_PAIR_OUTLETS = 25  # outlets whose pairs are all compared: 300 pairs
SHIFT_COLUMNS = {"term": "str", "n_target": "int64", "n_reference": "int64", "per_1k_target": "float64",
                 "per_1k_reference": "float64", "bits": "float64", "percent": "float64"}
SHIFT_PAIR_COLUMNS = {"outlet_a": "str", "outlet_b": "str", "n_articles_a": "int64", "n_articles_b": "int64",
                      "terms": "str", "bits": "float64", "chance": "float64"}


@dataclass(frozen=True)
class WordShift:
    """The Jensen-Shannon divergence of two sides, term by term.

    Attributes
    ----------
    table : one row per term: term, n_target, n_reference, per_1k_target, per_1k_reference (per 1,000 words), bits
        (its contribution [1]_), percent (of the whole)
    target, reference : names of the two sides; empty if there is nothing to compare
    bits : divergence over all terms; 0 if both use all words alike, 1 if they share none
    chance : its average over random permutations
    unit : what was permuted: `articles` if there are enough for a test, else `words`
    """

    table: pd.DataFrame
    target: str = ""
    reference: str = ""
    bits: float = 0.0
    chance: float = 0.0
    unit: Literal["articles", "words"] = "words"

    @property
    def sentence(self) -> str:
        """The divergence, and the divergence expected by chance."""
        if not self.target:
            return "There is no other outlet to compare with."
        return (f"The words of the two differ by {self.bits:.2f} bits (0 if both use all words alike, 1 if they share"
                f" none); the same {self.unit} divided at random differ by {self.chance:.2f} on average.")


@dataclass(frozen=True)
class OutletPairs:
    """The divergence of every pair of outlets.

    Attributes
    ----------
    table : one row per pair of outlets, as `measure_pairs` describes it
    n_outlets : all outlets, including those not compared
    """

    table: pd.DataFrame
    n_outlets: int

    @property
    def sentence(self) -> str:
        """The number of pairs, how many are tested, and how many of those differ."""
        table = self.table
        if table.empty:
            return "There is no other outlet to compare with."
        compared = len(set(table["outlet_a"]) | set(table["outlet_b"]))
        of = "" if compared == self.n_outlets else f" of the {compared:,} largest of {self.n_outlets:,} outlets"
        pairs = f"{len(table):,} pair{'s' * (len(table) > 1)}{of}"
        if "p" not in table:
            return (f"{pairs}, with too few articles for a test: the table compares the divergence of these texts with"
                    " that of the same words divided at random.")
        n, sure = int(table["p"].notna().sum()), int((table["q_bh"] <= MAX_FALSE_DISCOVERY_RATE).sum())
        return (f"Of {pairs}, {n:,} {'have' if n > 1 else 'has'} enough articles on both sides for a test; in {sure:,}"
                " of them the words as a whole differ by more than articles do anyway (permutation test over articles,"
                " false discovery rate q ≤ .05).")


def measure_shift(counts: pd.DataFrame, *, target: str | None = None, reference: str | None = None,
                  min_count: int = MIN_TERM_COUNT, stop_words: bool = False, seed: int = 0) -> WordShift:
    """The Jensen-Shannon divergence of target and reference, and each term's contribution to it.

    The table has one row per term, sorted by contribution, then by frequency, then alphabetically.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    target, reference : outlets, as in `compare_outlets`; the first of several comparisons
    min_count : occurrences in both together that a term needs for a row of its own
    stop_words : whether the terms of data/en/stop_words.csv have a row; all are part of the divergence either way
    seed : of the random permutations

    Raises
    ------
    UnknownName
        If an outlet is not in counts.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    if not pairs:
        return WordShift(pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in SHIFT_COLUMNS.items()}))
    pair = pairs[0]
    matrix = build_matrix(counts if pair.reference is None else counts[counts["outlet"].isin(pair)])
    in_target = matrix.outlets == pair.target
    table = _tabulate_shift(matrix, in_target)
    bits = float(table["bits"].sum())
    is_by_article = judge_support(int(in_target.sum()), int((~in_target).sum())).tested
    drawn = _draw_divergences(matrix, in_target, N_SHIFT_DRAWS, by_article=is_by_article, seed=seed)
    chance = float(drawn.mean()) if len(drawn) else 0.0
    kept = table["n_target"] + table["n_reference"] >= min_count
    if not stop_words:
        kept &= ~table["term"].isin(list_stop_words()["term"])
    return WordShift(table[kept].reset_index(drop=True), pair.target, pair.reference or REST_OF_OUTLETS, bits, chance,
                     "articles" if is_by_article else "words")


def _tabulate_shift(matrix: TermMatrix, in_target: np.ndarray) -> pd.DataFrame:
    a, b = in_target.astype(np.float64) @ matrix.frequencies, (~in_target).astype(np.float64) @ matrix.frequencies
    bits = _measure_contributions(a, b)
    table = pd.DataFrame({
        "term": matrix.terms, "n_target": a, "n_reference": b, "per_1k_target": 1000 * a / a.sum(),
        "per_1k_reference": 1000 * b / b.sum(), "bits": bits, "percent": 100 * bits / max(bits.sum(), 1e-300)})
    order = np.lexsort((pd.factorize(table["term"], sort=True)[0], -(a + b), -bits.round(12)))
    return table.astype(SHIFT_COLUMNS).iloc[order].reset_index(drop=True)


def _measure_contributions(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.maximum(jsd_contributions(a, b, a.sum(), b.sum()), 0)  # rounding may leave values below 0


def _draw_divergences(matrix: TermMatrix, in_target: np.ndarray, n_draws: int, *, by_article: bool,
                      seed: int) -> FloatArray:
    """The divergence of random permutations, of the articles or of the words."""
    generator = np.random.default_rng(seed)
    divide = _divide_articles if by_article else _divide_words
    step = max(1, MAX_SHIFT_CELLS // max(len(matrix.terms), 1))
    blocks = [divide(matrix, in_target, min(step, n_draws - begin), generator) for begin in range(0, n_draws, step)]
    return np.concatenate([_sum_divergence(a, matrix.totals) for a in blocks] or [np.empty(0)])


def _divide_articles(matrix: TermMatrix, in_target: np.ndarray, n_draws: int,
                     generator: np.random.Generator) -> FloatArray:
    """The frequencies of the target, one column per permutation of the articles."""
    drawn = np.stack([generator.permutation(in_target) for _ in range(n_draws)], axis=1)
    frequencies: FloatArray = matrix.frequencies.T @ drawn.astype(np.float64)
    return frequencies


def _divide_words(matrix: TermMatrix, in_target: np.ndarray, n_draws: int,
                  generator: np.random.Generator) -> FloatArray:
    """The frequencies of the target when each word goes to a random side, in proportion to the sides' sizes."""
    share = matrix.words[in_target].sum() / matrix.words.sum()
    return generator.binomial(matrix.totals.astype(np.int64), share, (n_draws, len(matrix.terms))).T.astype(np.float64)


def _sum_divergence(a: FloatArray, total: FloatArray) -> FloatArray:
    """The divergence of each permutation (column) in bits: the sum of `jsd_contributions` with fewer logarithms."""
    n1 = a.sum(axis=0)
    proper = (n1 > 0) & (n1 < total.sum())  # a side without words has no distribution
    a, n1 = a[:, proper], n1[proper]
    b, n2 = total[:, None] - a, total.sum() - n1
    middle = (a / n1 + b / n2) / 2  # above 0, as every term occurs somewhere
    whole = np.arange(total.max(initial=0) + 1)
    logs = whole * np.log(np.maximum(whole, 1))
    here, there = (logs[side.astype(np.intp)].sum(axis=0) / n - np.log(n) for side, n in ((a, n1), (b, n2)))
    nats = (here + there) / 2 - np.einsum("ij,ij->j", middle, np.log(middle))
    bits: FloatArray = np.maximum(nats, 0) / np.log(2)
    return bits


# All pairs of outlets ------------------------------------------------------------------------------

def measure_pairs(counts: pd.DataFrame, *, top_n: int = 3, n_divisions: int = N_PAIR_DIVISIONS,
                  most_outlets: int = MAX_SHIFT_PAIR_OUTLETS, seed: int = 0) -> OutletPairs:
    """Which pairs of outlets differ most in their vocabulary as a whole, and in which words.

    The table has one row per pair of outlets: those with enough articles on both sides for a test first, then by how
    far the divergence exceeds that expected by chance, then alphabetically.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    top_n : words listed, those that contribute most to the divergence; no stop words, and with at least
        `MIN_TERM_COUNT` occurrences in both together
    n_divisions : permutations of the articles of a pair, for `chance` and p
    most_outlets : number of outlets compared, those with the most words
    seed : of the random permutations

    Returns
    -------
    The table: outlet_a, outlet_b, n_articles_a, n_articles_b, terms (each with its counts in a and b), bits
    (Jensen-Shannon divergence), chance (the average over random permutations, of the articles if `judge_support`
    allows a test, else of the words). If it allows one for any pair, p (permutation test over articles) and q_bh
    (false discovery rate over the pairs).
    """
    matrix = build_matrix(counts)
    sizes = pd.Series(matrix.words).groupby(matrix.outlets).sum().sort_values(ascending=False, kind="stable")
    pairs = list(combinations(sorted(sizes.index[:most_outlets]), 2))
    stops = matrix.terms.isin(list_stop_words()["term"])
    names = np.where(stops, "", matrix.terms.to_numpy(dtype=object))
    cells = matrix.frequencies.tocsr()  # by article, once for all pairs
    parts = (_choose_pair(cells, matrix.outlets, pair) for pair in pairs)
    rows = [_measure_pair(part, names, pair, top_n, n_divisions, seed) for part, pair in zip(parts, pairs, strict=True)]
    table = pd.DataFrame(rows, columns=[*SHIFT_PAIR_COLUMNS, "p"]).astype(SHIFT_PAIR_COLUMNS | {"p": "float64"})
    tested = table["p"].notna()
    table["q_bh"] = np.nan
    table.loc[tested, "q_bh"] = q_bh(table.loc[tested, "p"])
    beyond = (table["bits"] - table["chance"]).round(12)
    table = table.iloc[np.lexsort((-beyond, ~tested))].reset_index(drop=True)  # ties stay in alphabetical order
    return OutletPairs(table if tested.any() else table.drop(columns=["p", "q_bh"]), len(sizes))


def _choose_pair(cells: "csr_array", outlets: np.ndarray, pair: tuple[str, str]) -> TermMatrix:
    """The articles of two outlets, with the numbers of their terms instead of names."""
    chosen = np.flatnonzero(np.isin(outlets, pair))
    frequencies = cells[chosen].tocsc()
    kept = np.flatnonzero(np.diff(frequencies.indptr))
    return TermMatrix(frequencies[:, kept], pd.Index(kept), outlets[chosen], pd.Index(chosen))


def _measure_pair(part: TermMatrix, names: np.ndarray, pair: tuple[str, str], top_n: int, n_divisions: int,
                  seed: int) -> tuple[str, str, int, int, str, float, float, float]:
    """A row of `measure_pairs`, with p; `names` are the terms, empty for those not to be listed."""
    in_target, names = part.outlets == pair[0], names[part.terms]
    a = in_target.astype(np.float64) @ part.frequencies
    b = part.totals - a
    bits = _measure_contributions(a, b)
    sides = int(in_target.sum()), int((~in_target).sum())
    is_tested = judge_support(*sides).tested
    drawn = _draw_divergences(part, in_target, n_divisions if is_tested else N_SHIFT_DRAWS, by_article=is_tested,
                              seed=seed)
    p = (1 + (drawn >= bits.sum() - 1e-9).sum()) / (1 + len(drawn)) if is_tested else np.nan  # the observed one counts
    named = np.flatnonzero((names != "") & (part.totals >= MIN_TERM_COUNT))
    first = named[np.argsort(-bits[named].round(12), kind="stable")[:top_n]]
    terms = ", ".join(f"{names[i]} {a[i]:.0f}:{b[i]:.0f}" for i in first)
    return (*pair, *sides, terms, bits.sum(), drawn.mean() if len(drawn) else 0.0, p)
