"""Word vectors: what words are like, and how rare they are in news.

The file, data/en/word_vectors.npz, is made by benchmarks/make_word_vectors.py; docs/word_vectors.md describes it. All
values are integers or multiples of a power of two, so that sums are exact and scores the same on every machine. A
language without the file has no vectors, and all its words count as rare.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samestory.annotate.mentions.type_model import hash_text
from samestory.base.language import cache_by_language, language_in_use
from samestory.base.resources import resource

RARITY_STEPS = 16  # the integers of rarity in the file are divided by this
VECTOR_LENGTH = 127  # of each vector in the file, before rounding
DEFAULT_RARITY = 8.0  # of every word in a language without the file


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Vectors and rarities of words, found by a digest of the word."""

    word_keys: np.ndarray
    vectors: np.ndarray  # int8
    rarity_keys: np.ndarray
    rarities: np.ndarray  # uint8
    unseen_rarity: np.ndarray  # of a word that the file does not have

    def find_vectors(self, words: Sequence[str]) -> np.ndarray:
        """The vector of each word, in double precision; zeros for one that is unknown or has a digit."""
        places, is_known = _find_keys(words, self.word_keys)
        found: np.ndarray = self.vectors[places].astype(np.float64)
        found[~is_known] = 0
        return found

    def rate_rarity(self, words: Sequence[str]) -> np.ndarray:
        """The rarity of each word: minus the logarithm of the share of sentences of news that have it."""
        places, is_known = _find_keys(words, self.rarity_keys)
        found: np.ndarray = np.where(is_known, self.rarities[places], self.unseen_rarity) / RARITY_STEPS
        return found


def _find_keys(words: Sequence[str], known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each word among sorted keys, and whether it is one of them."""
    keys = np.array([hash_text(word) for word in words], np.uint32)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return places, known[places] == keys


@cache_by_language
def read_word_vectors() -> WordVectors:
    """The vectors of the language in use."""
    path = resource("data") / language_in_use() / "word_vectors.npz"
    if not path.exists():
        unseen = np.array(round(DEFAULT_RARITY * RARITY_STEPS), np.uint8)
        return WordVectors(np.zeros(1, np.uint32), np.zeros((1, 1), np.int8), np.zeros(1, np.uint32), unseen[None],
                           unseen)
    with np.load(path, allow_pickle=False) as arrays:
        return WordVectors(**{name: arrays[name] for name in arrays.files})
