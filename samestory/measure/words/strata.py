"""Strata: the events within which outlets are compared, so that a word of one event is no word of an outlet.

Only events that both sides report are compared; the others are left out and counted. The effect is the
Mantel-Haenszel odds ratio over events [1]_ with the interval of Robins, Breslow and Greenland [2]_; the permutation
test exchanges articles within their event only. `keyness` chooses when events are used.

References
----------
.. [1] N. Mantel, W. Haenszel (1959), Statistical aspects of the analysis of data from retrospective studies of disease.
.. [2] J. Robins, N. Breslow, S. Greenland (1986), Estimators of the Mantel-Haenszel variance consistent in both sparse
   data and large-strata limiting models. Biometrics 42.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from samestory.measure import formulas
from samestory.measure.formulas import FloatArray
from samestory.measure.words.matrix import TermMatrix
from samestory.measure.words.permutation import MAX_REFINEMENT_CELLS, P_REFINEMENT_STEPS

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MAX_ONE_EVENT_SHARE = 0.6  # share of a term's uses in one event from which it is a word of that event
STRATA_BLOCK_CELLS = 2_000_000  # articles or terms times permutations in memory at once


@dataclass(frozen=True)
class Strata:
    """The events that both sides report.

    Attributes
    ----------
    articles : which articles of the matrix belong to them
    numbers : the number of the event of each of these articles, from 0
    n_events, n_left_out : events that are compared, and events that only one side reports
    """

    articles: NDArray[np.bool_]
    numbers: NDArray[np.int64]
    n_events: int
    n_left_out: int

    def count_articles(self, in_target: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The articles of each event on the target's side, and all of them."""
        return (np.bincount(self.numbers, in_target, self.n_events).astype(np.int64),
                np.bincount(self.numbers, minlength=self.n_events).astype(np.int64))


def find_strata(matrix: TermMatrix, in_target: NDArray[np.bool_]) -> Strata | None:
    """The events to compare within; None if all articles report one, or no event is reported by both sides."""
    if matrix.events is None:
        return None
    known, numbers = np.unique(matrix.events, return_inverse=True)
    if len(known) < 2:
        return None
    here, there = (np.bincount(numbers, side, len(known)) > 0 for side in (in_target, ~in_target))
    shared = here & there
    if not shared.any():
        return None
    articles = shared[numbers]
    order = np.cumsum(shared) - 1
    return Strata(articles, order[numbers[articles]].astype(np.int64), int(shared.sum()), int((~shared).sum()))


def share_events(matrix: TermMatrix, in_target: NDArray[np.bool_], kept: NDArray[np.intp]) -> dict[str, FloatArray]:
    """`n_events` and `one_event` of `score_strata` if no event is reported by both sides; empty for a single event."""
    if matrix.events is None:
        return {}
    known, numbers = np.unique(matrix.events, return_inverse=True)
    if len(known) < 2:
        return {}
    strata = Strata(np.ones(len(numbers), dtype=bool), numbers.astype(np.int64), len(known), 0)
    size = max(1, STRATA_BLOCK_CELLS // strata.n_events)
    parts = [_share_cells(*_count_cells(matrix, in_target, kept[begin:begin + size], strata))
             for begin in range(0, max(len(kept), 1), size)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _share_cells(a: FloatArray, b: FloatArray, n1: FloatArray, n2: FloatArray) -> dict[str, FloatArray]:
    """The number of events that have each term, and the largest share of its uses in one."""
    total, is_more = a + b, a.sum(axis=1) * n2.sum() >= b.sum(axis=1) * n1.sum()
    return {"n_events": (total > 0).sum(axis=1),
            "one_event": np.maximum(_share_largest(total), _share_largest(np.where(is_more[:, None], a, b)))}


def mark_one_event(table: pd.DataFrame) -> "pd.Series[bool]":
    """Whether most uses of each term are in one event; never if outlets are not compared within events."""
    if "one_event" not in table:
        return pd.Series(False, index=table.index)
    return table["one_event"] >= MAX_ONE_EVENT_SHARE


def score_strata(matrix: TermMatrix, in_target: NDArray[np.bool_], kept: NDArray[np.intp], strata: Strata, *,
                 level: float) -> dict[str, FloatArray]:
    """The effect of each term over events, with its interval, and how much of it one event makes up.

    Keys: log_ratio, low, high, lrc, lrc_uncorrected (binary logs of the odds ratio and its limits); n_events (events
    that have the term), one_event (largest share of its uses in one event: of all, or of those of the side that uses
    it more, whichever is larger).
    """
    size = max(1, STRATA_BLOCK_CELLS // strata.n_events)
    parts = [_score_terms(matrix, in_target, kept[begin:begin + size], strata, level=level, family=len(kept))
             for begin in range(0, max(len(kept), 1), size)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _score_terms(matrix: TermMatrix, in_target: NDArray[np.bool_], kept: NDArray[np.intp], strata: Strata, *,
                 level: float, family: int) -> dict[str, FloatArray]:
    cells = _count_cells(matrix, in_target, kept, strata)
    effect = formulas.log_odds_mh(*cells)
    low, high = formulas.log_odds_mh_interval(*cells, level=level)
    scores = {"log_ratio": effect, "low": low, "high": high}
    for name, of_terms in (("lrc", max(family, 1)), ("lrc_uncorrected", 1)):
        bounds = formulas.log_odds_mh_interval(*cells, level=1 - (1 - level) / of_terms)
        scores[name] = np.where(effect >= 0, np.maximum(bounds[0], 0), np.minimum(bounds[1], 0))
    total, own = cells[0] + cells[1], np.where(effect[:, None] >= 0, cells[0], cells[1])
    return scores | {"n_events": (total > 0).sum(axis=1),
                     "one_event": np.maximum(_share_largest(total), _share_largest(own))}


def _share_largest(cells: FloatArray) -> FloatArray:
    whole = cells.sum(axis=1)
    share: FloatArray = cells.max(axis=1, initial=0) / np.where(whole > 0, whole, 1)
    return share


def _count_cells(matrix: TermMatrix, in_target: NDArray[np.bool_], kept: NDArray[np.intp],
                 strata: Strata) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Uses of each term (row) in each event (column) by target and reference, and the words of both in each event."""
    frequencies = matrix.frequencies[:, kept].T.tocsr()
    sides = [_sum_events(frequencies, side, strata) for side in (in_target, ~in_target)]
    words = [np.bincount(strata.numbers, matrix.words * side, strata.n_events).astype(np.float64)
             for side in (in_target, ~in_target)]
    return sides[0], sides[1], words[0], words[1]


def _sum_events(frequencies: "csr_array", side: NDArray[np.bool_], strata: Strata) -> FloatArray:
    sums: FloatArray = (frequencies @ _mark_events(strata, side)).toarray()
    return sums


def _mark_events(strata: Strata, weights: NDArray[np.generic]) -> "csr_array":
    """Articles by events, with a weight for each article."""
    from scipy.sparse import csr_array
    n = len(strata.numbers)
    return csr_array((weights.astype(np.float64), (np.arange(n), strata.numbers)), shape=(n, strata.n_events))


# Permutations within events -------------------------------------------------------------------------

def permute_within_events(matrix: TermMatrix, in_target: NDArray[np.bool_], kept: NDArray[np.intp], strata: Strata, *,
                          n_permutations: int, seed: int = 0, refine: bool = True) -> tuple[FloatArray, FloatArray]:
    """p and p_max_t of each term, articles being exchanged within their event only.

    The statistic is how far the target's uses are from those expected if both sides used the term equally often in each
    event, over its standard deviation under exchange; two-sided. p_max_t compares it with the largest of all terms. The
    real assignment counts as one of the permutations; a small p is estimated from up to 50 times as many if `refine`.
    """
    sample = _StratifiedSample(matrix.frequencies[:, kept].T.tocsr(), matrix.words, in_target, strata)
    generator = np.random.default_rng(seed)
    reached, reached_max = sample.count_reaching(n_permutations, generator)
    drawn = np.full(len(kept), n_permutations)
    for times, enough in P_REFINEMENT_STEPS if refine else ():
        rows = np.flatnonzero(reached < enough)
        if len(rows):
            cells = max(len(rows), len(in_target))
            more = min(times * n_permutations - int(drawn[rows].max()), MAX_REFINEMENT_CELLS // cells)
            reached[rows] += sample.choose(rows).count_reaching(max(more, 0), generator)[0]
            drawn[rows] += max(more, 0)
    p, p_max_t = (reached + 1) / (drawn + 1), (reached_max + 1) / (n_permutations + 1)
    return p, np.maximum(p, p_max_t)


@dataclass(frozen=True)
class _Exchange:
    """The articles in the order of their events, and which places of an event belong to the target."""

    by_event: NDArray[np.intp]
    of_place: NDArray[np.int64]
    is_target: NDArray[np.bool_]

    def draw(self, number: int, generator: np.random.Generator) -> NDArray[np.bool_]:
        """Random choices of as many articles of each event as the target has there, one per row."""
        keys = generator.random((number, len(self.by_event))) + self.of_place
        chosen = np.zeros(keys.shape, dtype=bool)
        np.put_along_axis(chosen, self.by_event[np.argsort(keys, axis=1)], self.is_target[None, :], axis=1)
        return chosen


def _plan_exchange(in_target: NDArray[np.bool_], strata: Strata) -> _Exchange:
    by_event = np.argsort(strata.numbers, kind="stable")
    of_target, of_event = strata.count_articles(in_target)
    place = np.arange(len(in_target)) - np.repeat(np.cumsum(of_event) - of_event, of_event)
    return _Exchange(by_event, strata.numbers[by_event], place < np.repeat(of_target, of_event))


class _StratifiedSample:
    """Terms (rows) by articles, and how far a choice of articles is from what each event would lead to expect."""

    def __init__(self, frequencies: "csr_array", words: FloatArray, in_target: NDArray[np.bool_],
                 strata: Strata) -> None:
        self.frequencies, self.words, self.in_target, self.strata = frequencies, words, in_target, strata
        self.of_event = _mark_events(strata, words)
        totals = frequencies @ _mark_events(strata, np.ones(len(words)))
        sizes = np.maximum(np.asarray(self.of_event.sum(axis=0)).ravel(), 1)
        self.rates = totals.multiply(1 / sizes).tocsr()
        self.spread = np.sqrt(self._find_variance())
        observed = self.measure(in_target[None, :])[:, 0]
        self.least = observed - 1e-7 * (1 + observed)  # a rounding error is not a difference

    def choose(self, rows: NDArray[np.intp]) -> "_StratifiedSample":
        """The sample of some terms."""
        return _StratifiedSample(self.frequencies[rows], self.words, self.in_target, self.strata)

    def count_reaching(self, number: int, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """How many of so many random exchanges reach each term's value, for that term and for any."""
        n_terms, plan = len(self.least), _plan_exchange(self.in_target, self.strata)
        size = max(1, STRATA_BLOCK_CELLS // max(len(self.in_target), n_terms))
        reached, reached_max = np.zeros(n_terms), np.zeros(n_terms)
        for begin in range(0, number, size):
            values = self.measure(plan.draw(min(size, number - begin), generator))
            reached += (values >= self.least[:, None]).sum(axis=1)
            largest = np.sort(values.max(axis=0, initial=0))
            reached_max += len(largest) - np.searchsorted(largest, self.least, side="left")
        return reached, reached_max

    def measure(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """The distance of each term (row) for each choice of articles (column), over its standard deviation."""
        marked = np.ascontiguousarray(chosen.T, dtype=np.float64)
        away = self.frequencies @ marked - self.rates @ (self.of_event.T @ marked)
        value: FloatArray = np.abs(away) / self.spread[:, None]
        return value

    def _find_variance(self) -> FloatArray:
        """The variance of the sum of the chosen articles' residuals, drawn without replacement within events."""
        strata, words, cells = self.strata, self.words, self.frequencies
        of_target, of_event = strata.count_articles(self.in_target)
        factor = of_target * (of_event - of_target) / np.maximum(of_event * (of_event - 1), 1)
        per_article = factor[strata.numbers]
        crossed = cells @ _mark_events(strata, words * per_article)  # terms by events
        squares = cells.multiply(cells) @ per_article - 2 * np.asarray(crossed.multiply(self.rates).sum(axis=1)).ravel()
        squares += self.rates.multiply(self.rates) @ (np.bincount(strata.numbers, words**2, strata.n_events) * factor)
        variance: FloatArray = np.maximum(squares, 1e-12)
        return variance
