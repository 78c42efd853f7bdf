"""The counts as a matrix of articles by terms, and sums over it by outlet and term.

It is stored by term, so that every measure takes a few passes over the non-zero cells: neither this
module nor those that use it ever make the matrix dense.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from samestory.measure.formulas import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

MATRIX_THREADS = 2  # numpy and scipy release the lock


@dataclass(frozen=True)
class TermMatrix:
    """How often each term (column) occurs in each article (row), and each article's outlet.

    Attributes
    ----------
    frequencies : articles by terms
    terms : of each column
    outlets, article_ids : of each row
    events : the event of each row; None if they are not compared by event
    """

    frequencies: "csc_array"
    terms: pd.Index
    outlets: np.ndarray
    article_ids: pd.Index
    events: np.ndarray | None = None

    @cached_property
    def words(self) -> FloatArray:
        """The size of each article."""
        return sum_by_number(self.frequencies.indices, self.frequencies.data, self.frequencies.shape[0])

    @cached_property
    def totals(self) -> FloatArray:
        """The frequency of each term."""
        return sum_by_number(self.columns, self.frequencies.data, len(self.terms))

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """The term of each non-zero cell, in the order of the cells."""
        return np.repeat(np.arange(len(self.terms)), np.diff(self.frequencies.indptr))

    def choose(self, articles: NDArray[np.bool_]) -> "TermMatrix":
        """The matrix of some articles, with the terms that they have."""
        if articles.all():
            return self
        frequencies = self.frequencies.tocsr()[articles].tocsc()
        kept = np.flatnonzero(np.diff(frequencies.indptr))
        return TermMatrix(frequencies[:, kept], self.terms[kept], self.outlets[articles],
                          self.article_ids[articles], None if self.events is None else self.events[articles])


def sum_by_number(numbers: NDArray[np.intp], values: FloatArray, n: int) -> FloatArray:
    """The sum of the values of each number from 0 to n - 1."""
    return np.bincount(numbers, weights=values, minlength=n).astype(np.float64, copy=False)


def build_matrix(counts: pd.DataFrame, events: Mapping[str, str] | None = None) -> TermMatrix:
    """The table `counts` as a matrix of articles by terms, both in alphabetical order; `events` by article."""
    articles, article_ids = pd.factorize(counts["article_id"], sort=True)
    terms, names = pd.factorize(counts["term"], sort=True)
    outlets = np.empty(len(article_ids), dtype=object)
    outlets[articles] = counts["outlet"].to_numpy(dtype=object)
    matrix = stack_cells(articles, terms, outlets, names, n=counts["n"], article_ids=article_ids)
    if events is None:
        return matrix
    return replace(matrix, events=np.array([events.get(name, name) for name in article_ids], dtype=object))


def stack_cells(articles: ArrayLike, terms: ArrayLike, outlets: ArrayLike, names: ArrayLike, *,
                n: ArrayLike | None = None, article_ids: ArrayLike | None = None) -> TermMatrix:
    """The matrix of tokens given by row and column: each is one occurrence, or `n` of them.

    Parameters
    ----------
    articles, terms : row and column of each token, from 0
    outlets : of each article
    names : the terms, in alphabetical order, which decides ties
    n : occurrences of each row and column; one if None
    article_ids : the articles' names; their numbers if None
    """
    from scipy.sparse import csc_array
    outlets, terms_of = np.asarray(outlets, dtype=object), pd.Index(names)
    n_articles = max(len(outlets), 1)
    keys = np.asarray(terms).astype(np.int64)
    keys *= n_articles
    keys += np.asarray(articles)
    keys, frequency = _count_keys(keys) if n is None else _sum_keys(keys, np.asarray(n, dtype=np.float64))
    columns, rows = np.divmod(keys, n_articles)
    indptr = np.append(0, np.bincount(columns, minlength=len(terms_of)).cumsum())
    cells = csc_array((frequency, rows.astype(np.int32), indptr), shape=(len(outlets), len(terms_of)))
    ids = pd.RangeIndex(len(outlets)) if article_ids is None else pd.Index(article_ids)
    return TermMatrix(cells, terms_of, outlets, ids)


def _count_keys(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], FloatArray]:
    """The distinct keys in order, and the count of each."""
    keys = _sort_halves(keys)
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))[:len(keys)])
    return keys[starts], np.diff(starts, append=len(keys)).astype(np.float64)


def _sort_halves(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The keys sorted in place, the smaller and the larger half in parallel."""
    middle = len(keys) // 2
    if middle:
        keys.partition(middle)
        with ThreadPoolExecutor(MATRIX_THREADS) as pool:
            list(pool.map(np.ndarray.sort, (keys[:middle], keys[middle:])))
    return keys


def _sum_keys(keys: NDArray[np.int64], n: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """The distinct keys in order, and the sum of the numbers of each."""
    order = np.argsort(keys, kind="stable")
    keys, n = keys[order], n[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))[:len(keys)])
    return keys[starts], np.add.reduceat(n, starts) if len(starts) else n
