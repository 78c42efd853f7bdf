"""Similarity of the statements of one event: how much of what each says the other says too.

A word of one statement is matched by the most similar word of the other; a rare word counts for more than a common one.
The score is the geometric mean of the shares of both statements' words that are matched, lower where little is matched
in all, where their words together are about other things, where different speakers are named, and where either
statement has a better match in the other outlet; higher where both are among the first sentences of their articles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from samestory.story.statement_words import VALUE_WORD_MARK
from samestory.story.stems import stem_words
from samestory.story.word_vectors import VECTOR_LENGTH, read_word_vectors

MIN_WORD_SIMILARITY = 0.3  # cosine of word vectors below which two words do not match at all
MAX_SYNONYM_MATCH = 0.75  # of two different words; the same word matches by 1
STEM_MATCH = 0.875  # of two words of one stem, as "retire" and "retirement", unless their vectors are unlike
LOCAL_RARITY_SHARE = 0.6  # of rarity within the event in the weight of a word, the rest is rarity in news
WEIGHT_STEPS, MATCH_STEPS = 16, 256  # weights and matches are rounded to multiples of one part
RARITY_EXPONENT = 1.5  # of rarity in the weight of a word
NAME_EVIDENCE_FACTOR = 0.5  # of the weight of a name as evidence: two statements about one person may differ
HALF_EVIDENCE = 40.0  # weight of matched words at which a score is halved for lack of evidence
TOPIC_SHARE = 0.6  # of a score that the likeness of all words of both statements decides
UNKNOWN_TOPIC_COSINE = 0.5  # of a statement of which no word has a vector
SAME_SPEAKER_FACTOR, OTHER_SPEAKER_FACTOR, NARRATOR_FACTOR = 1.2, 0.8, 0.9
N_LEAD_SENTENCES, LEAD_FACTOR = 5, 1.6  # of an article: there outlets report the act itself
RIVAL_EXPONENT = 0.4  # how much a better match of either statement lowers a score
SYNONYM_SEPARATOR = " / "  # between two words that match
MAX_VOCABULARY_WORDS = 6_000  # words of an event of which synonyms are looked up


@dataclass(frozen=True, eq=False)
class StatementMatches:
    """How the statements of an event match each other and whole outlets.

    `scores` is symmetric, 0 within an outlet. `covered[i, k]` is the share of the words of statement i, by weight, that
    outlet k has anywhere in its articles.
    """

    scores: np.ndarray  # statements × statements, without regard to better matches
    covered: np.ndarray  # statements × outlets
    weights: np.ndarray  # statements × words
    alike: np.ndarray  # words × words: how well they match
    places: Mapping[str, int]  # of each word

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words, in the order of the columns."""
        return list(self.places)

    def match_words(self, a: str, b: str) -> float:
        """How well two words match, 0 to 1."""
        if a == b:
            return 1.0
        i, j = self.places.get(a), self.places.get(b)
        return 0.0 if i is None or j is None else float(self.alike[i, j])

    def list_shared(self, a: int, b: int) -> list[str]:
        """The words that two statements share or that match, the weightiest first: `gun` or `gun / firearm`."""
        words = self.vocabulary
        ours, theirs = np.flatnonzero(self.weights[a]), np.flatnonzero(self.weights[b])
        if not len(ours) or not len(theirs):
            return []
        found = self.alike[np.ix_(ours, theirs)]
        best = found.argmax(1)
        gain = found.max(1) * np.minimum(self.weights[a][ours], self.weights[b][theirs[best]])
        order = [i for i in np.argsort(-gain, kind="stable") if gain[i] > 0]
        pairs = [(words[ours[i]], words[theirs[best[i]]]) for i in order]
        shown = [one if one == other else f"{one}{SYNONYM_SEPARATOR}{other}" for one, other in pairs]
        return [reason for reason in shown if not _is_shown_otherwise(reason, {*shown})]


def _is_shown_otherwise(reason: str, reasons: set[str]) -> bool:
    """Whether a reason is a number, which its digits show, or a name of which a part is a reason itself."""
    return reason.startswith(VALUE_WORD_MARK) or (
        reason != reason.lower() and not reasons.isdisjoint(reason.lower().split()))


def match_statements(words: pd.DataFrame, outlets: np.ndarray, speakers: list[str | None]) -> StatementMatches:
    """Compare each statement of an event with each of the other outlets.

    Parameters
    ----------
    words : statement (0 to n - 1), word, weight and is_name, as `list_statement_words` returns them
    outlets : number of each statement's outlet, from 0
    speakers : who says each statement; None for the narrator
    """
    n = len(outlets)
    vocabulary, place = np.unique(words["word"].to_numpy(dtype=str), return_inverse=True)
    weights, present = np.zeros((n, len(vocabulary))), np.zeros((n, len(vocabulary)), bool)
    statement = words["statement"].to_numpy(np.int64)
    rarity = _weigh_words(vocabulary.tolist(), np.bincount(place, minlength=len(vocabulary)), n)
    weights[statement, place] = words["weight"].to_numpy(float) * rarity[place]
    present[statement, place] = True
    alike = compare_words(vocabulary.tolist())
    rows = _match_rows(alike, present)
    matched = weights @ rows.T
    backing = weights.copy()
    backing[statement, place] *= np.where(words["is_name"].to_numpy(bool), NAME_EVIDENCE_FACTOR, 1)
    backed = backing @ rows.T
    total = np.maximum(weights.sum(1), 1 / WEIGHT_STEPS)
    evidence = np.sqrt(backed * backed.T)
    scores = np.sqrt(matched * matched.T / np.outer(total, total)) * evidence / (evidence + HALF_EVIDENCE)
    scores = scores * _compare_topics(weights, vocabulary.tolist())
    scores = scores * _compare_speakers(speakers) * (outlets[:, None] != outlets[None, :])
    has = np.array([present[outlets == k].any(0) for k in range(outlets.max() + 1)])
    covered = weights @ _match_rows(alike, has).T / total[:, None]
    return StatementMatches(scores, covered, weights, alike, {word: i for i, word in enumerate(vocabulary.tolist())})


def _weigh_words(words: list[str], counts: np.ndarray, n: int) -> np.ndarray:
    """The weight of each word: a power of its rarity, within the event and in news."""
    local = np.log((n + 1) / np.maximum(counts, 1))
    news = read_word_vectors().rate_rarity(words)
    rarity = np.maximum(local, 0.05) ** LOCAL_RARITY_SHARE * news ** (1 - LOCAL_RARITY_SHARE)
    weights: np.ndarray = np.rint(rarity ** RARITY_EXPONENT * WEIGHT_STEPS) / WEIGHT_STEPS
    return weights


def compare_words(words: list[str]) -> np.ndarray:
    """How well each two words match, 0 to 1: 1 for the same word; words with digits match no other word."""
    if len(words) > MAX_VOCABULARY_WORDS:
        return np.eye(len(words))
    vectors = read_word_vectors().find_vectors(words)
    cosines = vectors @ vectors.T / VECTOR_LENGTH ** 2
    alike = np.clip((cosines - MIN_WORD_SIMILARITY) / (1 - MIN_WORD_SIMILARITY), 0, 1) * MAX_SYNONYM_MATCH
    stems = pd.factorize(np.array(stem_words(words), object))[0]
    is_known = vectors.any(1)
    is_unlike = np.outer(is_known, is_known) & (cosines < MIN_WORD_SIMILARITY)
    alike[(stems[:, None] == stems[None, :]) & ~is_unlike] = STEM_MATCH
    rounded: np.ndarray = np.rint(alike * MATCH_STEPS) / MATCH_STEPS
    np.fill_diagonal(rounded, 1)
    return rounded


def _match_rows(alike: np.ndarray, present: np.ndarray) -> np.ndarray:
    """How well each row, a set of words, matches each word."""
    return np.array([alike[row].max(0) if row.any() else np.zeros(len(alike)) for row in present])


def _compare_topics(weights: np.ndarray, words: list[str]) -> np.ndarray:
    """A factor for each two statements: how alike they are by the means of their words' vectors."""
    means = weights @ read_word_vectors().find_vectors(words)
    lengths = np.sqrt((means * means).sum(1))
    is_known = np.outer(lengths, lengths) > 0
    cosines = (means @ means.T) / np.where(is_known, np.outer(lengths, lengths), 1)
    factors: np.ndarray = 1 - TOPIC_SHARE + TOPIC_SHARE * np.where(is_known, cosines.clip(0), UNKNOWN_TOPIC_COSINE)
    return factors


def _compare_speakers(speakers: list[str | None]) -> np.ndarray:
    """A factor for each two statements: same speaker, different speakers, or a speaker and the narrator."""
    codes, _ = pd.factorize(np.array([speaker or None for speaker in speakers], object))
    named = codes >= 0
    both, either = named[:, None] & named[None, :], named[:, None] | named[None, :]
    same = codes[:, None] == codes[None, :]
    factors: np.ndarray = np.where(both, np.where(same, SAME_SPEAKER_FACTOR, OTHER_SPEAKER_FACTOR),
                                   np.where(either, NARRATOR_FACTOR, 1.0))
    return factors


def weigh_leads(places: np.ndarray) -> np.ndarray:
    """A factor for each two statements: higher where both are among the first sentences of their articles.

    Parameters
    ----------
    places : number of each statement's sentence in its article, from 0
    """
    is_first = places < N_LEAD_SENTENCES
    factors: np.ndarray = np.where(is_first[:, None] & is_first[None, :], LEAD_FACTOR, 1.0)
    return factors


def lower_rivals(scores: np.ndarray) -> np.ndarray:
    """The scores of one outlet's statements (rows) with another's (columns), lower beside a better one."""
    best = np.outer(scores.max(1), scores.max(0))
    lowered: np.ndarray = scores * (scores * scores / np.maximum(best, 1e-9)) ** RIVAL_EXPONENT
    return lowered
