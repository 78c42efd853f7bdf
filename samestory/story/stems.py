"""Stems: what words of one root share, as "retire" and "retirement".

Languages that nltk has no stemmer for, and names and numbers in every language, keep their words as they are.
"""

from collections.abc import Sequence

from nltk.stem.snowball import SnowballStemmer

from samestory.base.language import cache_by_language, language_in_use, read_language_names

MIN_STEMMED_LETTERS = 4


def stem_words(words: Sequence[str]) -> list[str]:
    """The stem of each word.

    >>> stem_words(["retire", "retirement", "Retire", "= number 4"])
    ['retir', 'retir', 'Retire', '= number 4']
    """
    stemmer = _find_stemmer()
    return [stemmer.stem(word) if stemmer and len(word) >= MIN_STEMMED_LETTERS and word.isalpha() and word.islower()
            else word for word in words]


@cache_by_language
def _find_stemmer() -> SnowballStemmer | None:
    """The stemmer of the language in use."""
    names = [name for name, code in read_language_names().items()
             if code == language_in_use() and name in SnowballStemmer.languages]
    return SnowballStemmer(names[0]) if names else None
