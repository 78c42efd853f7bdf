"""Permutation test over articles: p-values whose unit is the article.

The words of one article depend on each other, so a test that assumes they are independent finds keywords in
pure chance; a test over articles does not. A permutation assigns the articles to target and reference at random,
each side keeping its number of articles. This module knows only the matrix; `support` decides which p may be shown.

References
----------
.. [1] P. Westfall, S. Young (1993), Resampling-based multiple testing.
.. [2] H. Mildenberger (2023), keyperm: document permutation for keyword analysis.
.. [3] J. Bentley, R. Floyd (1987), A sample of brilliance. Communications of the ACM 30(9).
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import combinations, islice
from math import comb, inf
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from samestory.measure.formulas import FloatArray
from samestory.measure.words.matrix import MATRIX_THREADS, TermMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

N_PERMUTATIONS = 999  # permutations drawn if there are too many to enumerate
# (times as many permutations, for terms whose value fewer permutations than this reach)
P_REFINEMENT_STEPS = ((20, 10), (50, 1))
MAX_REFINEMENT_CELLS = 20_000_000  # terms or articles times permutations in one step
PERMUTATION_BLOCK_CELLS = 500_000  # cells in memory at once
MIN_BLOCK_PERMUTATIONS = 12  # permutations in a block if there are many articles
MAX_MARKED_ARTICLES = 250  # articles up to which marking them one by one is faster than sorting keys of all
LOOKUP_SAVED_SHARE = 0.7  # share of the work on a term saved by a look-up table of all frequencies up to its own

BlockResult = TypeVar("BlockResult")
BlockInput = TypeVar("BlockInput")


def permute_articles(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray, *,
                     n_permutations: int = N_PERMUTATIONS, seed: int = 0,
                     refine: bool = True) -> tuple[FloatArray, FloatArray]:
    """How often random permutations of the articles differ as much as target and reference do [2]_.

    Parameters
    ----------
    in_target : whether each article belongs to the target
    kept : the columns of the terms to compare
    n_permutations, seed : permutations drawn; all possible ones if there are no more than that
    refine : whether a small p is estimated from up to 50 times as many

    Returns
    -------
    p of each term by the size of `g2`, two-sided, and p_max_t: the same against the largest value of
    all terms in each permutation [1]_, which controls the error over all terms at once. For that, each
    term's g2 is divided by its average over permutations, so that a few bursty terms do not hide the
    others. If permutations are drawn, the real assignment counts as one of them, so p is never 0.
    """
    order = np.argsort(matrix.totals[kept], kind="stable")
    found = np.empty((2, len(kept)))
    found[:, order] = _permute(matrix, in_target, kept[order], n_permutations, seed, refine)
    return found[0], found[1]


def _permute(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray, n_permutations: int,
             seed: int, refine: bool) -> tuple[FloatArray, FloatArray]:
    """`permute_articles` of terms in the order of their frequency, the rarest first."""
    sample = _Sample(matrix.frequencies[:, kept].T.tocsr(), matrix.words, in_target)
    if _count_permutations(in_target) <= n_permutations:
        reached, reached_max, n = _count_permutations_reaching(sample, _list_permutations(in_target, len(kept)))
        return reached / n, reached_max / n
    generator = np.random.default_rng(seed)
    drawn = _draw_permutations(in_target, n_permutations, len(kept), generator)
    reached, reached_max, n = _count_permutations_reaching(sample, drawn)
    p = _refine_p(sample, reached, n, generator) if refine else (reached + 1) / (n + 1)
    return p, np.maximum((reached_max + 1) / (n + 1), p)


def _refine_p(sample: "_Sample", reached: FloatArray, n: int, generator: np.random.Generator) -> FloatArray:
    """The p of each term; if few permutations reached its value, from many more permutations for that term alone."""
    reached, drawn = reached.copy(), np.full(len(reached), n)
    for times, enough in P_REFINEMENT_STEPS:
        rows = np.flatnonzero(reached < enough)
        if not len(rows):
            break
        more = min(times * n - int(drawn[rows].max()), MAX_REFINEMENT_CELLS // max(len(rows), len(sample.words)))
        blocks = _draw_permutations(sample.in_target, more, len(rows), generator)
        reached[rows] += _count_permutations_reaching(sample.choose(rows), blocks)[0]
        drawn[rows] += more
    p: FloatArray = (reached + 1) / (drawn + 1)
    return p


def _count_permutations_reaching(sample: "_Sample",
                                 blocks: Iterable[np.ndarray]) -> tuple[FloatArray, FloatArray, int]:
    """How many permutations reach each term's value, for that term and for any; and how many there are."""
    n_terms = len(sample.total)
    reached, reached_max, n = np.zeros(n_terms), np.zeros(n_terms), 0
    for of_term, largest in _map_blocks(sample.count_block, blocks):
        reached += of_term
        reached_max += len(largest) - np.searchsorted(np.sort(largest), sample.least, side="left")
        n += len(largest)
    return reached, reached_max, n


def _map_blocks(act: Callable[[BlockInput], BlockResult], blocks: Iterable[BlockInput]) -> Iterator[BlockResult]:
    """The result of `act` for each block, in their order, with a few in progress at a time."""
    with ThreadPoolExecutor(MATRIX_THREADS) as pool:
        waiting: deque[Future[BlockResult]] = deque()
        for block in blocks:
            waiting.append(pool.submit(act, block))
            if len(waiting) > MATRIX_THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Sample:
    """Terms (rows, the rarest first) by articles, and their `g2` over its average in permutations of the articles."""

    def __init__(self, frequencies: "csr_array", words: np.ndarray, in_target: np.ndarray) -> None:
        self.frequencies, self.words, self.in_target = frequencies, words, in_target
        self.total = np.asarray(frequencies.sum(axis=1)).ravel()
        # the limit matters only for a term spread far more evenly than by chance, which never differs
        self.scale = np.maximum(_expect_g2(frequencies, words), 0.01)
        self.size = words.sum()
        self.whole = _sum_cells(self.total, self.size)
        small = self.total.max(initial=0) < 2**24  # up to there, the smaller type is exact
        self.counted = frequencies.astype(np.float32 if small else np.float64)
        self.n_rare = _count_rare(self.total)
        observed = self.measure(in_target[None, :])[:, 0]
        self.least = observed - 1e-7 * (1 + observed)  # a rounding error is not a difference

    def choose(self, rows: np.ndarray) -> "_Sample":
        """The sample of some terms."""
        return _Sample(self.frequencies[rows], self.words, self.in_target)

    def count_block(self, keys: np.ndarray) -> tuple[FloatArray, FloatArray]:
        """How many permutations reach each term's value, and the largest value of each permutation."""
        values = self.measure(_mark_chosen_articles(keys, int(self.in_target.sum())))
        return (values >= self.least[:, None]).sum(axis=1), values.max(axis=0, initial=0)

    def measure(self, permutations: np.ndarray) -> FloatArray:
        """The size of g2 of every term (row) in every permutation (column), over its average.

        Computes `formulas.g2` in an order that takes few logarithms without loss of precision.
        """
        chosen = permutations.T.astype(self.counted.dtype, order="C")
        n1 = np.einsum("ij,j->i", permutations, self.words)  # matmul would start its own threads
        a, value = self.counted @ chosen, np.empty((len(self.total), len(permutations)))
        self._look_up(a[:self.n_rare], n1, value[:self.n_rare])
        common, total = a[self.n_rare:].astype(np.float64), self.total[self.n_rare:, None]
        value[self.n_rare:] = _sum_cells(common, n1) + _sum_cells(total - common, self.size - n1)
        value -= self.whole[:, None]
        value *= 2 / self.scale[:, None]
        np.maximum(value, 0, out=value)
        return value

    def _look_up(self, a: np.ndarray, n1: np.ndarray, value: np.ndarray) -> None:
        """The cells of target and reference for the rare terms, from a table of every frequency."""
        total, n = self.total[:len(a), None], len(n1)
        frequency = np.arange(int(total.max(initial=0)) + 1.0)[:, None]
        here, there = _sum_cells(frequency, n1), _sum_cells(frequency, self.size - n1)
        place = a.astype(np.intp)
        place *= n
        place += np.arange(n)
        here.ravel().take(place, out=value, mode="clip")
        np.subtract((total * n).astype(np.intp) + 2 * np.arange(n), place, out=place)
        value += there.ravel().take(place, mode="clip")


def _count_rare(total: FloatArray) -> int:
    """The number of terms, the rarest first, for which a table of all frequencies saves the most work."""
    saved = LOOKUP_SAVED_SHARE * np.arange(len(total) + 1) - np.concatenate(([0], total))
    return int(np.argmax(saved))


def _sum_cells(part: np.ndarray, whole: np.ndarray | int) -> FloatArray:
    """O ln(O / whole) of a term plus that of all other words; 0 ln 0 is 0."""
    value: FloatArray = np.log(np.maximum(part, 1)) - np.log(whole)  # frequencies are integers, so this changes 0 only
    value *= part
    share = part / whole
    np.minimum(share, 1 - 1e-16, out=share)
    value += (whole - part) * np.log1p(-share)
    return value


def _expect_g2(frequencies: "csr_array", words: np.ndarray) -> FloatArray:
    """The average of g2 over permutations: 1 for a term spread as by chance, more for a bursty one.

    It is the variance of the target's frequency over permutations, which follows from each article's deviation
    from the term's share, divided by the variance if words were independent; the target's part of the articles cancels.
    """
    n, size = len(words), words.sum()
    total = np.asarray(frequencies.sum(axis=1)).ravel()
    share = total / size
    squares = np.asarray(frequencies.multiply(frequencies).sum(axis=1)).ravel()
    deviation = squares - 2 * share * (frequencies @ words) + share**2 * (words @ words)
    ratio: FloatArray = deviation * n / (n - 1) / (total * (1 - share)).clip(min=1e-300)
    return ratio


# Permutations, one per row: the articles of the target are marked, or have the smallest keys ---------

def _count_permutations(in_target: np.ndarray) -> float:
    """The number of permutations; infinity if there are too many to enumerate."""
    n, n_chosen = len(in_target), int(in_target.sum())
    return comb(n, n_chosen) if min(n_chosen, n - n_chosen) < 50 else inf


def _list_permutations(in_target: np.ndarray, n_terms: int) -> Iterator[np.ndarray]:
    """All choices of a target of the same number of articles, in blocks."""
    n, n_chosen = len(in_target), int(in_target.sum())
    chosen = combinations(range(n), n_chosen)
    while block := list(islice(chosen, _block_size(in_target, n_terms))):
        marked = np.zeros((len(block), n), dtype=bool)
        np.put_along_axis(marked, np.array(block), True, axis=1)
        yield marked


def _draw_permutations(in_target: np.ndarray, number: int, n_terms: int,
                    generator: np.random.Generator) -> Iterator[np.ndarray]:
    """Random choices of articles in blocks: marked if that is quicker, else as keys."""
    n, n_chosen, size = len(in_target), int(in_target.sum()), _block_size(in_target, n_terms)
    few, at_once = min(n_chosen, n - n_chosen), max(PERMUTATION_BLOCK_CELLS // len(in_target), size)
    is_quicker = few * (1 + n / MAX_MARKED_ARTICLES) < n
    for begin in range(0, number, at_once):
        rows = min(at_once, number - begin)
        if is_quicker:
            marked = _mark_random_articles(rows, n, few, generator)
            yield from np.split(marked if few == n_chosen else ~marked, range(size, rows, size))
        else:
            yield from (generator.random((min(size, rows - first), n)) for first in range(0, rows, size))


def _mark_random_articles(number: int, n: int, few: int, generator: np.random.Generator) -> np.ndarray:
    """Rows of n with a few marked, all choices equally likely [3]_; the time is proportional to the marks, not to n."""
    marked, rows = np.zeros((n, number), dtype=bool), np.arange(number)
    last_places = np.arange(n - few, n)
    places = (generator.random((number, few)) * (last_places + 1)).astype(np.intp)
    for last, drawn in zip(last_places, places.T, strict=True):
        marked[np.where(marked[drawn, rows], last, drawn), rows] = True
    return marked.T


def _mark_chosen_articles(keys: np.ndarray, n_chosen: int) -> np.ndarray:
    """Which articles are chosen: those marked, or the ones with the smallest keys in each row."""
    if keys.dtype == bool:
        return keys
    last = np.partition(keys, n_chosen - 1, axis=1)[:, n_chosen - 1]
    return keys <= last[:, None]


def _block_size(in_target: np.ndarray, n_terms: int) -> int:
    return max(1, PERMUTATION_BLOCK_CELLS // max(n_terms, len(in_target)),
               min(MIN_BLOCK_PERMUTATIONS, PERMUTATION_BLOCK_CELLS // max(n_terms, 1)))
