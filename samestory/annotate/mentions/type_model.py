"""A small trained model of the types of names: a score for each of person, organisation, place, people and no name.

Its weights, data/en/name_types.npz, are made by benchmarks/train_name_types.py; docs/name_types.md describes it. All
weights are multiples of a power of two: sums are exact, and scores the same on every machine.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from samestory.annotate.mentions.evidence import NameEvidence
from samestory.base.language import cache_by_language, language_in_use
from samestory.base.resources import resource

SCORED_TYPES = ("PERSON", "ORG", "PLACE", "NORP", "OTHER")  # the columns of the scores
CLUE_STEPS, WORD_STEPS = 32, 16  # the integers in the file are divided by these
MAX_AVERAGED_WORDS = 6  # words of a name that are averaged


@dataclass(frozen=True, eq=False)
class TypeModel:
    """Weights: of clues, and of words through one hidden layer.

    Clues and words are found by a digest; `words` has a row more than `word_keys`, for all other words.
    """

    clue_keys: np.ndarray
    clues: np.ndarray  # int8, for each clue: the hidden units, then the scores
    word_keys: np.ndarray
    words: np.ndarray  # int8
    hidden: np.ndarray  # weights of the words of one candidate
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray

    def score(self, evidence: Sequence[NameEvidence]) -> np.ndarray:
        """The scores of each candidate, one column for each of SCORED_TYPES; the difference of two is log odds."""
        sums = self._sum_clues(evidence)
        n_hidden = len(self.hidden_bias)
        hidden = sums[:, :n_hidden] + self._read_words(evidence) @ self.hidden + self.hidden_bias
        scores: np.ndarray = np.maximum(hidden, 0) @ self.output + sums[:, n_hidden:] + self.output_bias
        return scores

    def _sum_clues(self, evidence: Sequence[NameEvidence]) -> np.ndarray:
        """The sums of the weights of each candidate's clues."""
        places, is_known = _look_up((clue for one in evidence for clue in one.clues), self.clue_keys)
        weights = self.clues[places].astype(np.int64)
        weights[~is_known] = 0
        first = np.cumsum([0, *(len(one.clues) for one in evidence[:-1])])
        sums: np.ndarray = np.add.reduceat(weights, first, axis=0) / CLUE_STEPS
        return sums

    def _read_words(self, evidence: Sequence[NameEvidence]) -> np.ndarray:
        """The weights of each candidate's words: their average, the first, the last, the whole name, those around."""
        averaged = [choose_averaged(one) for one in evidence]
        first = np.cumsum([0, *map(len, averaged[:-1])])
        sums = np.add.reduceat(self._read_rows(word for words in averaged for word in words), first, axis=0)
        means = np.rint(sums / np.array([len(words) for words in averaged])[:, None])
        words = (word for one in evidence for word in (one.name[0], one.name[-1], " ".join(one.name), *one.around))
        rows = self._read_rows(words).reshape(len(evidence), -1)
        return np.hstack((means, rows)) / WORD_STEPS

    def _read_rows(self, words: Iterable[str]) -> np.ndarray:
        """The row of each word; the last one for those that are unknown."""
        places, is_known = _look_up(map(fold_accents, words), self.word_keys)
        return self.words[np.where(is_known, places, len(self.word_keys))].astype(np.int64)


def choose_averaged(evidence: NameEvidence) -> list[str]:
    """The words of a name without initials and punctuation, unless there are no others."""
    return [word for word in evidence.name if len(word) > 1][:MAX_AVERAGED_WORDS] or list(evidence.name[:1])


def _look_up(texts: Iterable[str], known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each text's key among the sorted known ones, and whether it is one of them."""
    keys = np.array([hash_text(text) for text in texts], np.uint32)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return places, known[places] == keys


def hash_text(text: str) -> int:
    """The key of a clue or word in the file."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def fold_accents(word: str) -> str:
    """A word in lower case without accents, as the keys of words are.

    >>> fold_accents("Bogotá"), fold_accents("oslo")
    ('bogota', 'oslo')
    """
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


@cache_by_language
def read_type_model() -> TypeModel | None:
    """The model of the language in use; None if there is none."""
    path = resource("data") / language_in_use() / "name_types.npz"
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        return TypeModel(**{name: widen(arrays[name]) for name in arrays.files})


def widen(weights: np.ndarray) -> np.ndarray:
    """Floats in double precision, in which their sums are exact; integers as they are."""
    return weights.astype(np.float64) if weights.dtype.kind == "f" else weights
