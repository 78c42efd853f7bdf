"""Keyness: which terms one outlet uses more than others, by how much, and how sure that is.

Measures see counts only. The formulas stand in formulas, what may be said from how many articles in
support. A p-value is shown only there, and comes from dividing the articles anew, never from words:
words of one article depend on each other, and a test that takes them as independent finds keywords
in chance alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from samestory import formulas
from samestory.errors import SameStoryError, unknown_name
from samestory.formulas import Array
from samestory.resources import read_rows
from samestory.support import judge_support

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LEVEL = 0.95  # of every interval
MIN_COUNT = 3  # occurrences in both outlets together, fixed before any contrast is seen
N_PERMUTATIONS = 999  # divisions drawn where there are more than can be gone through
REFINED = ((20, 10), (50, 1))  # so many times as many divisions, for a p that fewer than that many reach
REFINED_CELLS = 20_000_000  # terms times divisions that this may take each time
BLOCK = 500_000  # cells held at once
COLUMNS = ("term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "n_articles_target",
           "n_articles_reference", "log_ratio", "low", "high", "g2", "lrc", "lrc_uncorrected")
TEST_COLUMNS = ("p", "q_bh", "p_max_t")


class Pair(NamedTuple):
    """Who is compared with whom; the reference None is all the rest."""

    target: str
    reference: str | None


@dataclass(frozen=True)
class TermMatrix:
    """How often each term (column) stands in each article (row), and who published it."""

    frequencies: "csr_array"
    terms: pd.Index
    outlets: np.ndarray

    @property
    def words(self) -> np.ndarray:
        """The size of each article."""
        return np.asarray(self.frequencies.sum(axis=1)).ravel()


def build_matrix(counts: pd.DataFrame) -> TermMatrix:
    """The table `counts` as a matrix of articles by terms, both in alphabetical order."""
    from scipy.sparse import coo_array
    rows, article_ids = pd.factorize(counts["article_id"], sort=True)
    columns, terms = pd.factorize(counts["term"], sort=True)
    shape = (len(article_ids), len(terms))
    cells = coo_array((counts["n"].to_numpy(np.float64), (rows, columns)), shape=shape)
    outlets = np.empty(len(article_ids), dtype=object)
    outlets[rows] = counts["outlet"].to_numpy(dtype=object)
    return TermMatrix(cells.tocsr(), pd.Index(terms), outlets)


def compare_outlets(counts: pd.DataFrame, *, target: str | None = None,
                    reference: str | None = None) -> list[Pair]:
    """Who is compared with whom.

    Two outlets are compared in alphabetical order, more each against the rest; `target` and
    `reference` choose instead. Of one outlet alone there is no pair.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.

    >>> counts = pd.DataFrame({"outlet": ["CNN", "CGTN"]})
    >>> compare_outlets(counts)
    [Pair(target='CGTN', reference='CNN')]
    >>> compare_outlets(counts, reference="CGTN")
    [Pair(target='CNN', reference='CGTN')]
    """
    outlets = sorted(counts["outlet"].unique())
    for name in (target, reference):
        if name is not None and name not in outlets:
            raise unknown_name("outlet", name, outlets)
    if target is not None and target == reference:
        raise SameStoryError(f"outlet {target!r} is both target and reference; expected two different ones")
    if len(outlets) < 2:
        return []
    if target is not None:
        return [Pair(target, reference or _only_other(outlets, target))]
    others = [outlet for outlet in outlets if outlet != reference]
    if len(outlets) == 2:
        return [Pair(others[0], reference or others[1])]
    return [Pair(outlet, reference) for outlet in others]


def _only_other(outlets: list[str], target: str) -> str | None:
    others = [outlet for outlet in outlets if outlet != target]
    return others[0] if len(others) == 1 else None


def measure_outlets(counts: pd.DataFrame, *, target: str | None = None, reference: str | None = None,
                    **options: object) -> pd.DataFrame:
    """`measure_keyness` of every pair that `compare_outlets` picks, one below the other.

    One row is a term in a comparison; the columns `target` and `reference` (`the rest` where the
    target is compared with all others) come before those of `measure_keyness`, whose options these
    are. `attrs["sentences"]` says for each comparison what it supports.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    if not pairs:
        outlet = str(counts["outlet"].iloc[0]) if len(counts) else "unknown"
        table = _empty_table(_explain_lack(counts, outlet))
        table.insert(0, "target", pd.Series(dtype="str"))
        table.insert(1, "reference", pd.Series(dtype="str"))
        table.attrs["sentences"] = [table.attrs["sentence"]]
        return table
    tables, sentences = [], []
    for pair in pairs:
        table = measure_keyness(counts, target=pair.target, reference=pair.reference, **options)
        sentences.append(table.attrs["sentence"])
        table.insert(0, "target", pair.target)
        table.insert(1, "reference", pair.reference or "the rest")
        table.attrs = {}
        tables.append(table)
    stacked = pd.concat(tables, ignore_index=True)
    stacked.attrs["sentences"] = sentences
    return stacked


def measure_keyness(counts: pd.DataFrame, *, target: str, reference: str | None = None,
                    min_count: int = MIN_COUNT, stop_words: bool = False,
                    n_permutations: int = N_PERMUTATIONS, seed: int = 0) -> pd.DataFrame:
    """Compare how often the target and the reference use each term.

    One row is a term, the surest and largest differences first: by the size of `lrc`, then by the
    limit of the interval nearer to 0, then by the size of `log_ratio`, by frequency, by the alphabet.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    target, reference : outlets; the reference is all the others together if None
    min_count : occurrences in both together that a term must have
    stop_words : whether the terms of data/stop_words.csv are compared too; they count as words of
        the text either way
    n_permutations, seed : divisions of the articles drawn for `p`, up to 50 times as many for a
        small one; all are gone through where there are no more than that

    Returns
    -------
    term, n_target, n_reference; per_1k_target, per_1k_reference (per 1,000 words);
    n_articles_target, n_articles_reference (articles that have it); log_ratio with low and high (exact
    95 % interval, words taken as independent); g2; lrc (corrected for the number of terms) and
    lrc_uncorrected. Where `judge_support` allows: p (division of the articles anew), q_bh, and
    p_max_t, which holds for all terms at once. `attrs` holds the sizes, the options, the support with
    its sentence, and each column's formula.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    if counts["unit"].nunique() > 1:
        units = ", ".join(sorted(counts["unit"].unique()))
        raise SameStoryError(f"expected counts of one unit, found {units}")
    if not pairs:
        return _empty_table(_explain_lack(counts, target))
    pair = pairs[0]
    used = counts if pair.reference is None else counts[counts["outlet"].isin(pair)]
    matrix = build_matrix(used)
    in_target = matrix.outlets == pair.target
    kept = _choose_terms(matrix, min_count=min_count, stop_words=stop_words)
    table = _tabulate(matrix, in_target, kept)
    support = judge_support(int(in_target.sum()), int((~in_target).sum()))
    if support.tested:
        p, p_max_t = permute_articles(matrix, in_target, kept, n_permutations=n_permutations, seed=seed)
        table["p"], table["q_bh"], table["p_max_t"] = p, formulas.q_bh(p), p_max_t
    table = sort_by_evidence(table)
    table.attrs.update(
        target=pair.target, reference=pair.reference or "the rest", unit=str(counts["unit"].iloc[0]),
        n_words_target=int(matrix.words[in_target].sum()),
        n_words_reference=int(matrix.words[~in_target].sum()),
        n_articles_target=support.n_target, n_articles_reference=support.n_reference, n_terms=len(table),
        min_count=min_count, stop_words=stop_words, support=support.level, sentence=support.sentence,
        n_permutations=n_permutations, seed=seed, formulas=FORMULAS)
    return table


FORMULAS = {
    "log_ratio": "log2 of (n_target + 0.5) / (words + 0.5) over the same of the reference",
    "low": "exact conditional (Clopper-Pearson) 95 % interval of the log ratio, words taken as independent",
    "high": "see low",
    "g2": "log-likelihood ratio over four cells (Dunning 1993), negative where the reference has more",
    "lrc": "limit of the interval nearer to 0, Bonferroni-corrected for the number of terms (Evert 2022)",
    "lrc_uncorrected": "the same without correction",
    "p": "share of divisions of the articles anew whose g2 is at least as large",
    "q_bh": "p corrected by Benjamini and Hochberg",
    "p_max_t": "share of divisions in which any term's g2, over its average, is at least as large",
}


def sort_by_evidence(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order that `measure_keyness` describes; no two rows are ever tied."""
    bound = np.where(table["log_ratio"] >= 0, table["low"], -table["high"])
    total = table["n_target"] + table["n_reference"]
    order = np.lexsort((pd.factorize(table["term"], sort=True)[0], -total, -table["log_ratio"].abs(), -bound,
                        -table["lrc"].abs()))
    return table.iloc[order].reset_index(drop=True)


def list_stop_words() -> pd.DataFrame:
    """The stop words: term, kind. One row is a term."""
    return pd.DataFrame(read_rows("stop_words"), columns=["term", "kind"])


def _choose_terms(matrix: TermMatrix, *, min_count: int, stop_words: bool) -> np.ndarray:
    """The columns that are compared: frequent enough, and no stop words unless they are wanted."""
    kept = np.asarray(matrix.frequencies.sum(axis=0)).ravel() >= min_count
    if not stop_words:
        kept &= ~matrix.terms.isin([row["term"] for row in read_rows("stop_words")])
    return np.flatnonzero(kept)


def _tabulate(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray) -> pd.DataFrame:
    sides = [matrix.frequencies[rows][:, kept] for rows in (in_target, ~in_target)]
    a, b = (np.asarray(side.sum(axis=0)).ravel() for side in sides)
    n1, n2 = matrix.words[in_target].sum(), matrix.words[~in_target].sum()
    low, high = formulas.log_ratio_interval(a, b, n1, n2, level=LEVEL)
    articles = [np.asarray((side > 0).sum(axis=0)).ravel() for side in sides]
    return pd.DataFrame({
        "term": matrix.terms[kept], "n_target": a.astype(np.int64), "n_reference": b.astype(np.int64),
        "per_1k_target": 1000 * a / n1, "per_1k_reference": 1000 * b / n2,
        "n_articles_target": articles[0].astype(np.int64),
        "n_articles_reference": articles[1].astype(np.int64),
        "log_ratio": formulas.log_ratio(a, b, n1, n2), "low": low, "high": high,
        "g2": formulas.g2(a, b, n1, n2), "lrc": formulas.lrc(a, b, n1, n2, level=LEVEL, family=len(kept)),
        "lrc_uncorrected": formulas.lrc(a, b, n1, n2, level=LEVEL)})


def _empty_table(sentence: str) -> pd.DataFrame:
    numbers = {name: pd.Series(dtype=np.int64 if name.startswith("n_") else np.float64)
               for name in COLUMNS[1:]}
    table = pd.DataFrame({"term": pd.Series(dtype="str"), **numbers})
    table.attrs.update(sentence=sentence, support="describe", n_terms=0, formulas=FORMULAS)
    return table


def _explain_lack(counts: pd.DataFrame, outlet: str) -> str:
    if not len(counts):
        return "No article has a word that is counted, so there is nothing to compare."
    return f"All counted articles are from {outlet}, so there is no other outlet to compare with."


# Inference: the article is the unit ----------------------------------------------------------------

def permute_articles(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray, *,
                     n_permutations: int = N_PERMUTATIONS, seed: int = 0) -> tuple[Array, Array]:
    """How often articles divided anew between target and reference differ as much as they do.

    Returns
    -------
    p of each term by the size of `g2`, two-sided, and p_max_t: the same against the largest value of
    all terms in each division (Westfall and Young 1993), which holds for all terms at once. For that,
    each term's g2 is divided by what it is on average over divisions, so that a few terms in bursts
    do not hide the others. Where divisions are drawn the real one counts as one of them, so that p is
    never 0.
    """
    sample = _Sample(matrix.frequencies[:, kept].T.tocsr(), matrix.words, in_target)
    if comb(len(in_target), int(in_target.sum())) <= n_permutations:
        reached, reached_max, n = _count_reached(sample, _all_divisions(in_target, len(kept)))
        return reached / n, reached_max / n
    generator = np.random.default_rng(seed)
    blocks = _draw_divisions(in_target, n_permutations, len(kept), generator)
    reached, reached_max, n = _count_reached(sample, blocks)
    p = _refine_p(sample, reached, n, generator)
    return p, np.maximum((reached_max + 1) / (n + 1), p)


def _refine_p(sample: "_Sample", reached: Array, n: int, generator: np.random.Generator) -> Array:
    """The p of each term, where few divisions reached it from many more divisions of that term alone."""
    reached, drawn = reached.copy(), np.full(len(reached), n)
    for times, enough in REFINED:
        rows = np.flatnonzero(reached < enough)
        if not len(rows):
            break
        more = min(times * n - int(drawn[rows].max()), REFINED_CELLS // len(rows))
        blocks = _draw_divisions(sample.in_target, more, len(rows), generator)
        reached[rows] += _count_reached(sample.choose(rows), blocks)[0]
        drawn[rows] += more
    return (reached + 1) / (drawn + 1)


def _count_reached(sample: "_Sample", blocks: Iterator[np.ndarray]) -> tuple[Array, Array, int]:
    """How many divisions reach each term's value: in that term, and in any; and how many there are."""
    n_terms = len(sample.total)
    reached, reached_max, n = np.zeros(n_terms), np.zeros(n_terms), 0
    for block in blocks:
        values = sample.measure(block)
        reached += (values >= sample.least[:, None]).sum(axis=1)
        largest = np.sort(values.max(axis=0, initial=0))
        reached_max += len(largest) - np.searchsorted(largest, sample.least, side="left")
        n += len(block)
    return reached, reached_max, n


class _Sample:
    """Terms (rows) by articles, and how `g2` over its average comes out when they are divided."""

    def __init__(self, frequencies: "csr_array", words: np.ndarray, in_target: np.ndarray) -> None:
        self.frequencies, self.words, self.in_target = frequencies, words, in_target
        self.total = np.asarray(frequencies.sum(axis=1)).ravel()
        # a term spread far more evenly than by chance differs nowhere, whatever it is divided by
        self.scale = np.maximum(_expect_g2(frequencies, words, int(in_target.sum())), 0.01)
        observed = self.measure(in_target[None, :])[:, 0]
        self.least = observed - 1e-7 * (1 + observed)  # equal but for rounding is equal

    def choose(self, rows: np.ndarray) -> "_Sample":
        """The same of some terms."""
        return _Sample(self.frequencies[rows], self.words, self.in_target)

    def measure(self, divisions: np.ndarray) -> Array:
        """The size of g2 of every term (row) in every division (column), over its average.

        The sum of `formulas.g2` in an order that takes few logarithms and loses no digits.
        """
        chosen = divisions.T.astype(np.float64)
        size, total = self.words.sum(), self.total[:, None]
        n1 = (self.words @ chosen)[None, :]
        a = self.frequencies @ chosen
        value = _sum_cells(a, n1)
        value += _sum_cells(total - a, size - n1)
        value -= _sum_cells(total, size)
        value *= 2 / self.scale[:, None]
        return np.maximum(value, 0, out=value)


def _sum_cells(part: Array, whole: Array) -> Array:
    """O ln(O / whole) of a term and of all else; 0 ln 0 is 0."""
    value = np.log(np.maximum(part, 1))  # frequencies are whole numbers, so this changes 0 only
    value -= np.log(whole)
    value *= part
    share = part / whole
    np.minimum(share, 1 - 1e-16, out=share)
    value += (whole - part) * np.log1p(-share)
    return value


def _expect_g2(frequencies: "csr_array", words: np.ndarray, n_chosen: int) -> Array:
    """What g2 is on average over divisions: 1 for a term spread as by chance, more in bursts.

    The variance of the target's frequency over divisions, which follows from each article's deviation
    from the term's share, over its variance were words independent.
    """
    n, size = len(words), words.sum()
    total = np.asarray(frequencies.sum(axis=1)).ravel()
    share = total / size
    squares = np.asarray(frequencies.multiply(frequencies).sum(axis=1)).ravel()
    deviation = squares - 2 * share * (frequencies @ words) + share**2 * (words @ words)
    part = n_chosen / n
    expected = deviation * n * part * (1 - part) / (n - 1)
    return expected / (total * (1 - share) * part * (1 - part)).clip(min=1e-300)


def _all_divisions(in_target: np.ndarray, n_terms: int) -> Iterator[np.ndarray]:
    """Every choice of as many articles as the target has, a block of them at a time."""
    chosen = combinations(range(len(in_target)), int(in_target.sum()))
    while block := list(islice(chosen, _block_size(in_target, n_terms))):
        yield _mark_chosen(np.array(block), len(in_target))


def _draw_divisions(in_target: np.ndarray, number: int, n_terms: int,
                    generator: np.random.Generator) -> Iterator[np.ndarray]:
    """So many choices of as many articles as the target has, a block of them at a time."""
    n, n_chosen, size = len(in_target), int(in_target.sum()), _block_size(in_target, n_terms)
    for begin in range(0, number, size):
        keys = generator.random((min(size, number - begin), n))
        yield _mark_chosen(np.argpartition(keys, n_chosen, axis=1)[:, :n_chosen], n)


def _mark_chosen(chosen: np.ndarray, n: int) -> np.ndarray:
    divisions = np.zeros((len(chosen), n), dtype=bool)
    np.put_along_axis(divisions, chosen, True, axis=1)
    return divisions


def _block_size(in_target: np.ndarray, n_terms: int) -> int:
    return max(1, BLOCK // max(n_terms, len(in_target)))


# What could have been found ------------------------------------------------------------------------

@dataclass(frozen=True)
class Contrast:
    """The smallest contrast that texts of this size could have shown."""

    g2: float
    n_target_alone: int | None
    n_reference_alone: int | None
    sentence: str


def smallest_contrast(n_target_words: int, n_reference_words: int, n_terms: int, *,
                      alpha: float = 0.05) -> Contrast:
    """How often a term must stand in one text, and never in the other, to differ beyond chance.

    Even if words were independent of each other: `g2` must reach the limit of chi-square at alpha
    divided by the number of terms compared (Bonferroni). A number is None where no frequency does.

    Parameters
    ----------
    n_target_words, n_reference_words : sizes of the two
    n_terms : how many terms are compared

    >>> smallest_contrast(416, 497, 407).sentence
    'With 416 and 497 words and 407 terms compared, a term that the other never uses must stand 10 times \
in the first, or 13 times in the second, to differ beyond chance.'
    """
    from scipy.special import chdtri
    limit = float(chdtri(1, alpha / max(n_terms, 1)))
    alone = _smallest_alone(n_target_words, n_reference_words, limit)
    other = _smallest_alone(n_reference_words, n_target_words, limit)
    sizes = f"With {n_target_words:,} and {n_reference_words:,} words and {n_terms:,} terms compared, "
    if alone is None or other is None:
        return Contrast(limit, alone, other,
                        f"{sizes}these texts are too short for any term to differ beyond chance.")
    return Contrast(limit, alone, other, (
        f"{sizes}a term that the other never uses must stand {alone:,} times in the first, or {other:,} "
        "times in the second, to differ beyond chance."))


def _smallest_alone(n1: int, n2: int, limit: float) -> int | None:
    """The smallest frequency in a text of n1 words, against none in n2, whose g2 reaches the limit."""
    if not n1 or not n2 or formulas.g2(n1, 0, n1, n2) < limit:
        return None
    low, high = 1, n1
    while low < high:  # g2 grows with the frequency
        middle = (low + high) // 2
        if formulas.g2(middle, 0, n1, n2) >= limit:
            high = middle
        else:
            low = middle + 1
    return low
