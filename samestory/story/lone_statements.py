"""Lone statements: those of which another outlet has no counterpart, as far as words can tell.

Four things speak for a counterpart: the best score of the statement's sentence, the share of its words that the outlet
has anywhere, as several sentences may tell it together, phrases that the outlet has in a sentence or two, and the
statement's place, as what comes first in an article is what all report. Against one speaks how much the statement has
that the outlet lacks: of a few words nothing can be said.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from samestory.story.pairs import MatchedPair
from samestory.story.phrases import count_repeated_phrases
from samestory.story.similarity import StatementMatches

MAX_LONE_PAIR_SCORE = 0.35  # of a pair, above which a statement of it has a likely counterpart
MAX_LONE_EVIDENCE = -0.095  # for a counterpart, from which on there may be one
COVERED_FACTOR, REPEATED_FACTOR = 0.35, 0.35  # of the shares of words that an outlet has, like ones and the same
PLACE_STEP, MAX_PLACE = 0.005, 30  # evidence lost with each sentence of the article, up to a sentence
PHRASE_FACTOR = 0.08  # of the number of phrases that are rare in the outlet
LACKING_FACTOR = 0.1  # of the logarithm of the weight of the words that an outlet lacks


def find_lone_statements(evidence: np.ndarray, outlets: np.ndarray, pairs: Sequence[MatchedPair]) -> np.ndarray:
    """Whether each statement has no counterpart in each outlet; false for its own outlet.

    Parameters
    ----------
    evidence : the result of `weigh_counterparts`
    outlets : number of each statement's outlet
    pairs : the pairs that may say the same
    """
    is_lone: np.ndarray = evidence < MAX_LONE_EVIDENCE
    for a, b, score in pairs:
        if score > MAX_LONE_PAIR_SCORE:
            is_lone[a, outlets[b]] = is_lone[b, outlets[a]] = False
    is_lone[np.arange(len(outlets)), outlets] = False
    return is_lone


def weigh_counterparts(matches: StatementMatches, phrases: pd.DataFrame, outlets: np.ndarray, sentences: np.ndarray,
                       places: np.ndarray) -> np.ndarray:
    """The evidence that each outlet (column) has a counterpart of each statement (row).

    Parameters
    ----------
    matches : the scores of all statements
    phrases : statement and phrase, as `list_statement_phrases` returns them
    outlets : number of each statement's outlet
    sentences : number of each statement's sentence, other in each article
    places : number of each statement's sentence in its article, from 0
    """
    n_outlets = int(outlets.max()) + 1
    best = np.array([matches.scores[:, outlets == k].max(1, initial=0) for k in range(n_outlets)]).T
    of_sentence = np.zeros((int(sentences.max()) + 1, n_outlets))
    np.maximum.at(of_sentence, sentences, best)
    covered = COVERED_FACTOR * matches.covered + REPEATED_FACTOR * _measure_repeated(matches.weights, outlets)
    lacking = matches.weights.sum(1)[:, None] * (1 - matches.covered)
    evidence: np.ndarray = (
        of_sentence[sentences] + covered + PHRASE_FACTOR * count_repeated_phrases(phrases, outlets)
        - LACKING_FACTOR * np.log1p(lacking) - PLACE_STEP * np.minimum(places, MAX_PLACE)[:, None])
    return evidence


def _measure_repeated(weights: np.ndarray, outlets: np.ndarray) -> np.ndarray:
    """The share of each statement's words, by weight, that each outlet has itself."""
    has = np.array([(weights[outlets == k] > 0).any(0) for k in range(outlets.max() + 1)])
    shares: np.ndarray = weights @ has.T / np.maximum(weights.sum(1), 1e-9)[:, None]
    return shares
