"""Style: how varied and how hard to read an article's words are.

Both depend on the length and genre of a text, so use them to compare articles about one event.
Syllables are counted by rule, not looked up, because no dictionary is installed.

References
----------
.. [1] M. Covington, J. McFall (2010), Cutting the Gordian knot: the moving-average type-token ratio.
   Journal of Quantitative Linguistics 17(2).
.. [2] R. Flesch (1948), A new readability yardstick. Journal of Applied Psychology 32(3).
.. [3] J. Kincaid et al. (1975), Derivation of new readability formulas for Navy enlisted personnel.
"""

import re
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from samestory.count.terms import CountOptions, TableSource, filter_quoted, open_terms

MATTR_WINDOW_WORDS = 50  # words of a moving window
STYLE_BATCH_ARTICLES = 256  # read at a time
STYLE_COLUMNS = {"article_id": "str", "outlet": "str", "n_words": "int64", "n_sentences": "int64",
                 "n_types": "int64", "ttr": "float64", "mattr": "float64", "flesch": "float64",
                 "flesch_kincaid": "float64"}


def measure_style(folder: TableSource, *, window: int = MATTR_WINDOW_WORDS, unit: str = "word", fold: bool = False,
                  include_headline: bool = True, include_quoted: bool = True, outlets: Sequence[str] | None = None,
                  article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """How varied and how hard to read each article is.

    One row per article.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    window : words of the moving window of `mattr`
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : see `CountOptions`; words are
        as written by default, and contractions are one word

    Returns
    -------
    article_id, outlet, n_words, n_sentences, n_types, ttr, mattr, flesch (easier is higher),
    flesch_kincaid (years of school).
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    rows = []
    with open_terms(folder, choice) as duck:
        # a clitic (n't, 's) is part of the word before it, not a word of its own
        articles = duck.sql(
            "SELECT article_id, any_value(outlet) AS outlet, count(DISTINCT sentence) AS n_sentences,"
            " list(term ORDER BY token, part) AS words FROM units JOIN wanted USING (article_id)"
            f" WHERE {filter_quoted(choice)} AND term NOT IN ('', 'n''t') AND NOT starts_with(term, '''')"
            " GROUP BY article_id ORDER BY article_id").to_arrow_reader(STYLE_BATCH_ARTICLES)
        for batch in articles:
            rows += [_measure_article(**row, window=window) for row in batch.to_pylist()]
    return pd.DataFrame(rows, columns=list(STYLE_COLUMNS)).astype(STYLE_COLUMNS)


def _measure_article(article_id: str, outlet: str, n_sentences: int, words: list[str], *,
                     window: int) -> tuple[str, str, int, int, int, float, float, float, float]:
    n, types = len(words), Counter(words)
    syllables = sum(count_syllables(word) * times for word, times in types.items())
    return (article_id, outlet, n, n_sentences, len(types), ttr(words), mattr(words, window=window),
            flesch(n, n_sentences, syllables), flesch_kincaid(n, n_sentences, syllables))


def ttr(words: Sequence[str]) -> float:
    """Type-token ratio: distinct words over words; it falls with the length of the text.

    >>> ttr("a b a b".split())
    0.5
    """
    return len(set(words)) / len(words)


def mattr(words: Sequence[str], *, window: int = MATTR_WINDOW_WORDS) -> float:
    """Moving-average type-token ratio [1]_: distinct words over words, averaged over all windows.

    A text no longer than the window is one window.

    >>> mattr("a b a b".split(), window=2), mattr("a a a".split(), window=5)
    (1.0, 0.3333333333333333)
    """
    window = min(window, len(words))
    seen = Counter(words[:window])
    total = len(seen)
    for gone, come in zip(words, words[window:], strict=False):
        seen[come] += 1
        seen[gone] -= 1
        if not seen[gone]:
            del seen[gone]
        total += len(seen)
    return total / (window * (len(words) - window + 1))


def flesch(n_words: int, n_sentences: int, n_syllables: int) -> float:
    """Reading ease [2]_: 206.835 - 1.015 words per sentence - 84.6 syllables per word.

    >>> round(flesch(426, 14, 706), 4)
    35.7444
    """
    return 206.835 - 1.015 * n_words / n_sentences - 84.6 * n_syllables / n_words


def flesch_kincaid(n_words: int, n_sentences: int, n_syllables: int) -> float:
    """Grade level [3]_: 0.39 words per sentence + 11.8 syllables per word - 15.59.

    >>> round(flesch_kincaid(426, 14, 706), 4)
    15.833
    """
    return 0.39 * n_words / n_sentences + 11.8 * n_syllables / n_words - 15.59


_VOWEL_RUN = re.compile(r"[aeiouy]+")
_SILENT_VOWEL = re.compile(  # vowels written but silent: made, makes, asked, statement
    r"(?<=[^aeiouy])e$|(?<=[^aeiouycgsxz])(?<![cs]h)es$|(?<=[^aeiouytd])ed$"
    r"|(?<=[aeiouy][^aeiouy])e(?=ment|ly$|ful|less|ness)")
_EXTRA_SYLLABLE = re.compile(  # two sounds in one run of vowels, or one that is not written: area, media, table
    r"[^aeiouyl]les?$|(?<![ctsg])i[aou]|iet|ience|[aeiouy]ing|(?<![gq])ua(?!r[dt])|rea(?=t[eio]|$)"
    r"|deas?$|pean|coo[pr]|ism$")


def count_syllables(word: str) -> int:
    """Syllables of an English word, by rule: runs of vowels, without the silent ones.

    >>> [count_syllables(word) for word in ("talks", "made", "created", "table", "administration")]
    [1, 1, 3, 2, 5]
    """
    word = word[:64]
    number = len(_VOWEL_RUN.findall(word)) - len(_SILENT_VOWEL.findall(word)) + len(_EXTRA_SYLLABLE.findall(word))
    return max(1, number)
