"""The language in use, and its words: one folder of CSV files per language, data/<language>/.

The language is that of the counted articles: `load_tables` and the annotating workers set it once. A language
without a folder in data/ gets the English words; `has_words` reports whether it has one. To add a language, copy
data/en, translate its rows, and name a spaCy model of the language.
"""

from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from functools import cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from samestory.base.resources import read_data_rows, resource

P = ParamSpec("P")
R = TypeVar("R")
DEFAULT_LANGUAGE = "en"
_language_in_use: ContextVar[str] = ContextVar("language_in_use", default=DEFAULT_LANGUAGE)


def use_language(language: str) -> None:
    """Use the words of data/<language>/ from now on, in this thread; the English ones if there is no such folder."""
    _language_in_use.set(language if has_words(language) else DEFAULT_LANGUAGE)


def language_in_use() -> str:
    """The language whose words are used; it has a folder in data/."""
    return _language_in_use.get()


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
    """Cache the result of a function of words, per language.

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


@cache
def _read_words(language: str) -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    for row in read_data_rows(f"{language}/words"):
        lists.setdefault(row["list"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in lists.items()}


class WordList(Collection[str]):
    """A list of words.csv, read in the language in use at each access.

    >>> "and" in WordList("clause_conjunctions")
    True
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def words(self) -> frozenset[str]:
        """The words in the language in use; none if its words.csv has no such list."""
        return _read_words(language_in_use()).get(self.name, frozenset())

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.words))

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return f"WordList({self.name!r})"
