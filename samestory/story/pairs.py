"""Pairs: two statements of different outlets that may say the same.

A pair is sure above a score whose precision was measured (docs/story.md), and a candidate for a person to decide below
it. Of the candidates of a statement only the best few are kept.
"""

from typing import NamedTuple

import numpy as np

from samestory.story.similarity import StatementMatches, lower_rivals

DECIDED_PAIR_STATUSES = ("confirmed", "refused")  # by a person
UNDECIDED_PAIR_STATUS = "candidate"  # also where a person looked and could not decide
PAIR_STATUSES = ("sure", UNDECIDED_PAIR_STATUS, *DECIDED_PAIR_STATUSES)
EVEN_SCORE = 0.1  # of the similarity that is shown as .5
MIN_SURE_SCORE = 0.5
MIN_CANDIDATE_SCORE = 0.17
MAX_STATEMENT_CANDIDATES = 2  # pairs that are not sure, of one statement with one other outlet
# A statement has no counterpart in an outlet if this sum is lower: the best score of its sentence with a statement of
# the outlet, and a part of the share of its words that the outlet has.
MAX_LONE_SCORE = 0.3
COVERED_FACTOR = 0.6


class MatchedPair(NamedTuple):
    """Two statements, by their positions in the event; the outlet of `a` is first in the alphabet."""

    a: int
    b: int
    score: float

    @property
    def is_sure(self) -> bool:
        """Whether the score is high enough to say that both say the same."""
        return self.score >= MIN_SURE_SCORE


def choose_pairs(matches: StatementMatches, outlets: np.ndarray, factors: np.ndarray) -> list[MatchedPair]:
    """The pairs of an event that are sure or candidates, best first.

    Parameters
    ----------
    matches : the scores of all statements
    outlets : number of each statement's outlet, in the order of the alphabet
    factors : of the score of each two statements, apart from rivals: the result of `weigh_leads`
    """
    groups = [np.flatnonzero(outlets == k) for k in range(outlets.max() + 1)]
    found: list[MatchedPair] = []
    for k, ours in enumerate(groups):
        for theirs in groups[k + 1:]:
            if len(ours) and len(theirs):
                both = np.ix_(ours, theirs)
                found += _choose_between(lower_rivals(matches.scores[both]) * factors[both], ours, theirs)
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _choose_between(similarities: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> list[MatchedPair]:
    """The pairs of two outlets."""
    scores = similarities / (similarities + EVEN_SCORE)
    rank_a = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    rank_b = np.argsort(np.argsort(-scores, axis=0, kind="stable"), axis=0)
    is_near = (rank_a < MAX_STATEMENT_CANDIDATES) | (rank_b < MAX_STATEMENT_CANDIDATES)
    kept = (scores >= MIN_SURE_SCORE) | ((scores >= MIN_CANDIDATE_SCORE) & is_near)
    return [MatchedPair(int(ours[i]), int(theirs[j]), float(scores[i, j])) for i, j in np.argwhere(kept)]


def find_lone_statements(matches: StatementMatches, outlets: np.ndarray, sentences: np.ndarray) -> np.ndarray:
    """Whether each statement has no counterpart in each outlet; false for its own outlet.

    Parameters
    ----------
    matches : the scores of all statements
    outlets : number of each statement's outlet
    sentences : number of each statement's sentence, other in each article
    """
    n_outlets = int(outlets.max()) + 1
    best = np.array([matches.scores[:, outlets == k].max(1, initial=0) for k in range(n_outlets)]).T
    of_sentence = np.zeros((int(sentences.max()) + 1, n_outlets))
    np.maximum.at(of_sentence, sentences, best)
    is_lone: np.ndarray = of_sentence[sentences] + COVERED_FACTOR * matches.covered < MAX_LONE_SCORE
    is_lone[np.arange(len(outlets)), outlets] = False
    return is_lone
