"""The language in use, and its words: one folder of CSV files per language, data/<language>/.

The language in use is that of the counted articles: `load_tables`, `clean_articles` and the workers that annotate
set it where their work starts. A language without a folder in data/ gets the English words: `has_words` says so, and
`clean_articles` reports it as a problem. CONTRIBUTING.md describes how to add a language.
"""

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache, wraps
from threading import current_thread, local, main_thread
from typing import Concatenate, ParamSpec, TypeVar, cast

from samestory.base.resources import read_data_rows, resource

P = ParamSpec("P")
R = TypeVar("R")
DEFAULT_LANGUAGE = "en"


class _LanguageInUse(local):
    """The language of this thread; empty if it uses that of the main thread.

    Workers of a cluster may annotate corpora in several languages at once, each in a thread. Context variables
    do not work here, since Jupyter runs each cell in its own context.
    """

    of_main_thread = DEFAULT_LANGUAGE
    language = ""


_in_use = _LanguageInUse()


def use_language(language: str) -> None:
    """Use the words in data/<language>/ from now on, or the English ones if there is no such folder.

    A call in the main thread applies to all threads that have not chosen a language themselves.
    """
    _in_use.language = language if has_words(language) else DEFAULT_LANGUAGE
    if current_thread() is main_thread():
        _LanguageInUse.of_main_thread = _in_use.language


def language_in_use() -> str:
    """The language whose words are used: a folder of data/."""
    return _in_use.language or _LanguageInUse.of_main_thread


@cache
def has_words(language: str) -> bool:
    """Whether data/ has a folder for a language (ISO 639-1).

    >>> has_words("en"), has_words("xx")
    (True, False)
    """
    return language.isalpha() and (resource("data") / language / "words.csv").exists()


def read_language_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<language>/<name>.csv`` in the language in use.

    >>> read_language_rows("stop_words")[0]
    {'term': 'a', 'kind': 'article'}
    """
    return read_data_rows(f"{language_in_use()}/{name}")


def cache_by_language(function: Callable[P, R]) -> Callable[P, R]:
    """Cache, per language, the result of a function that uses the language's words.

    >>> @cache_by_language
    ... def count_stop_words() -> int:
    ...     return len(read_language_rows("stop_words"))
    >>> count_stop_words() == count_stop_words()
    True
    """
    def call(language: str, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    cached = cast("Callable[Concatenate[str, P], R]", cache(call))  # `cache` forgets the types of parameters

    @wraps(function)
    def call_in_use(*args: P.args, **kwargs: P.kwargs) -> R:
        return cached(language_in_use(), *args, **kwargs)

    return call_in_use


@cache_by_language
def read_stop_words() -> frozenset[str]:
    """The terms of stop_words.csv in the language in use, in lower case.

    >>> {"the", "of"} <= read_stop_words()
    True
    """
    return frozenset(row["term"].lower() for row in read_language_rows("stop_words"))


@cache_by_language
def read_language_names() -> dict[str, str]:
    """ISO 639-1 codes by the name of the language, in lower case and written in the language in use.

    >>> read_language_names()["german"]
    'de'
    """
    return {row["name"].lower(): row["code"] for row in read_language_rows("language_names")}


@cache
def _read_words(language: str) -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    for row in read_data_rows(f"{language}/words"):
        lists.setdefault(row["list"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in lists.items()}


class WordList(Collection[str]):
    """A list of words.csv, read in the language in use at each access.

    >>> articles = WordList("leading_articles")
    >>> "the" in articles, list(articles), articles.pattern
    (True, ['a', 'an', 'the'], 'the|an|a')
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._by_language: dict[str, frozenset[str]] = {}

    @property
    def words(self) -> frozenset[str]:
        """The list's words in the language in use; empty if its words.csv has no such list."""
        language = language_in_use()
        return self._by_language.setdefault(language, _read_words(language).get(self.name, frozenset()))

    @property
    def pattern(self) -> str:
        """A regular expression that matches any of the words, longest first; it never matches if there are none."""
        return join_words(self.words)

    def __contains__(self, word: object) -> bool:
        words = self._by_language.get(language_in_use())  # fast path: rules ask for every token
        return word in (self.words if words is None else words)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.words))

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return f"WordList({self.name!r})"


def join_words(words: Collection[str]) -> str:
    """A regular expression that matches any of the words, longest first; it never matches if there are none.

    >>> join_words(["in", "into", "no"])
    'into|in|no'
    """
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or r"(?!)"
