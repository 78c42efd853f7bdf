"""The norm of a token: lower case in the usual form of its letters, with straight quotation marks and hyphens."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from samestory.base.language import WordList

STRAIGHT_MARKS_TABLE = str.maketrans("“”„«»‘’‚‛′‐‑‒–−", '"' * 5 + "'" * 5 + "-" * 5)
ACRONYMS_LIKE_WORDS = WordList("acronyms_like_words")  # ICE is an agency, ice is not


@lru_cache(maxsize=100_000)
def normalize(token: str) -> str:
    """A token in lower case and NFKC, with straight quotation marks and hyphens; spellings are not merged.

    >>> normalize("China’s"), normalize("twenty‐one"), normalize("o\ufb03ce")
    ("china's", 'twenty-one', 'office')
    """
    plain = token if token.isascii() else unicodedata.normalize("NFKC", token.translate(STRAIGHT_MARKS_TABLE))
    return plain.lower()


def normalize_acronym(token: str) -> str:
    """The norm of a token in a sentence that is not in capitals: an acronym that is spelled like a word keeps them.

    >>> normalize_acronym("ICE"), normalize_acronym("Ice"), normalize_acronym("NEVER")
    ('ICE', 'ice', 'never')
    """
    norm = normalize(token)
    return norm.upper() if token.isupper() and norm in ACRONYMS_LIKE_WORDS else norm


def list_norms(words: Sequence[str], word: np.ndarray, sentence: np.ndarray) -> pa.Array:
    """The norm of each token.

    Parameters
    ----------
    words : the distinct words
    word : the position of each token's word among them
    sentence : the number of each token's sentence
    """
    forms = [*map(normalize, words), *map(normalize_acronym, words)]
    mixed = has_lowercase(words, word, sentence)
    return pa.array(forms, pa.string()).take(pa.array(np.where(mixed, word + len(words), word)))


def has_lowercase(words: Sequence[str], word: np.ndarray, sentence: np.ndarray) -> np.ndarray:
    """Whether each token is in a sentence with lower-case letters; the parameters are those of `list_norms`."""
    has_small = np.array([_has_lowercase_letter(form) for form in words], bool)
    return np.bincount(sentence, has_small[word])[sentence] > 0 if len(sentence) else np.zeros(0, bool)


@lru_cache(maxsize=100_000)
def _has_lowercase_letter(word: str) -> bool:
    """Whether a word has letters that are not capitals."""
    return not word.isupper() and word.lower() != word.upper()
