"""Pairs: two statements of different outlets that may say the same.

A pair is sure above a score whose precision was measured (docs/story.md), and a candidate for a person to decide below
it. Of the candidates of a statement only the best few are kept.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from samestory.story.similarity import StatementMatches, lower_rivals

DECIDED_PAIR_STATUSES = ("confirmed", "refused")  # by a person
UNDECIDED_PAIR_STATUS = "candidate"  # also where a person looked and could not decide
PAIR_STATUSES = ("sure", UNDECIDED_PAIR_STATUS, *DECIDED_PAIR_STATUSES)
EVEN_SCORE = 0.07  # of the similarity that is shown as .5
MIN_SURE_SCORE = 0.5
MIN_CANDIDATE_SCORE, MIN_PHRASED_SCORE = 0.155, 0.09  # the second of two statements that share a rare phrase
MAX_STATEMENT_CANDIDATES = 2  # pairs that are not sure, of one statement with one other outlet


class MatchedPair(NamedTuple):
    """Two statements, by their positions in the event; the outlet of `a` is first in the alphabet."""

    a: int
    b: int
    score: float

    @property
    def is_sure(self) -> bool:
        """Whether the score is high enough to say that both say the same."""
        return self.score >= MIN_SURE_SCORE


def choose_pairs(matches: StatementMatches, outlets: np.ndarray, factors: np.ndarray,
                 phrased: Collection[tuple[int, int]] = ()) -> list[MatchedPair]:
    """The pairs of an event that are sure or candidates, best first.

    Parameters
    ----------
    matches : the scores of all statements
    outlets : number of each statement's outlet, in the order of the alphabet
    factors : of the score of each two statements, apart from rivals: the result of `weigh_leads`
    phrased : pairs of statements that share a rare phrase, the lower position first
    """
    least = np.full(matches.scores.shape, MIN_CANDIDATE_SCORE)
    for a, b in phrased:
        least[a, b] = least[b, a] = MIN_PHRASED_SCORE
    groups = [np.flatnonzero(outlets == k) for k in range(outlets.max() + 1)]
    found: list[MatchedPair] = []
    for k, ours in enumerate(groups):
        for theirs in groups[k + 1:]:
            if len(ours) and len(theirs):
                both = np.ix_(ours, theirs)
                found += _choose_between(lower_rivals(matches.scores[both]) * factors[both], least[both], ours, theirs)
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _choose_between(similarities: np.ndarray, least: np.ndarray, ours: np.ndarray,
                    theirs: np.ndarray) -> list[MatchedPair]:
    """The pairs of two outlets; `least` are the lowest scores of candidates."""
    scores = similarities / (similarities + EVEN_SCORE)
    rank_a = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    rank_b = np.argsort(np.argsort(-scores, axis=0, kind="stable"), axis=0)
    is_near = (rank_a < MAX_STATEMENT_CANDIDATES) | (rank_b < MAX_STATEMENT_CANDIDATES)
    kept = (scores >= MIN_SURE_SCORE) | ((scores >= least) & is_near)
    return [MatchedPair(int(ours[i]), int(theirs[j]), float(scores[i, j])) for i, j in np.argwhere(kept)]
