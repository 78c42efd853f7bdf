"""Stems: what words of one root share, as "retire" and "retirement".

Languages that nltk has no stemmer for, and names and numbers in every language, keep their words as they are.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from samestory.base.hidden_modules import bare_packages, delay_module
from samestory.base.language import cache_by_language, language_in_use, read_language_names

with bare_packages("nltk", "nltk.stem"), delay_module("nltk.corpus", "stopwords"):
    from nltk.stem.snowball import SnowballStemmer

MIN_STEMMED_LETTERS = 4
MAX_KEPT_STEMS = 50_000


def stem_words(words: Sequence[str]) -> list[str]:
    """The stem of each word.

    >>> stem_words(["retire", "retirement", "Retire", "= number 4"])
    ['retir', 'retir', 'Retire', '= number 4']
    """
    stem = _find_stemmer()
    return [stem(word) if len(word) >= MIN_STEMMED_LETTERS and word.isalpha() and word.islower() else word
            for word in words]


@cache_by_language
def _find_stemmer() -> Callable[[str], str]:
    """The stemmer of the language in use, which remembers words; of other languages none."""
    names = [name for name, code in read_language_names().items()
             if code == language_in_use() and name in SnowballStemmer.languages]
    return lru_cache(maxsize=MAX_KEPT_STEMS)(SnowballStemmer(names[0]).stem) if names else str
