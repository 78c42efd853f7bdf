"""Groups of articles that tell one event, from the terms they share and their days.

Each article is a vector of its most telling terms (names and words), weighted by how few articles have them [1]_;
articles are grouped by average linkage of the cosines of these vectors [2]_. Only pairs that share a term which few
articles have are compared, so that time grows with the number of articles, not with its square. This module sees
numbers only: events.py chooses the terms and names the events.

References
----------
.. [1] G. Salton, C. Buckley (1988), Term-weighting approaches in automatic text retrieval.
.. [2] C. Manning, P. Raghavan, H. Schütze (2008), Introduction to information retrieval, section 17.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Chosen on 61 stories of two outlets each (`python benchmarks/score_events.py`), and measured on three other corpora.
MIN_EVENT_SIMILARITY = 0.14  # mean cosine from which two groups are one event, if the days are known
EVENT_WINDOW_DAYS = 4  # articles further apart tell different events
# A corpus this small is one event unless it is clearly not: people collect the articles of an event.
SMALL_CORPUS_ARTICLES, SMALL_CORPUS_SIMILARITY, SMALL_CORPUS_WINDOW_DAYS = 8, 0.08, 14
UNDATED_SIMILARITY_FACTOR = 0.7  # for a pair without a date, or a year apart to the day: no window, so more must agree
DAYS_OF_YEAR = 365.25
LEAST_EDGE_SHARE = 0.5  # of the smallest similarity of an event; less similar pairs count as not similar at all
MAX_LINKED_ARTICLES = 2_000  # articles that are linked at a time, in a matrix of 32 MB
COMPARED_BLOCK_ARTICLES = 500  # articles compared with all others at a time
EDGE_GROWTH = 1.15  # by which the smallest similarity of a pair rises until few enough articles hang together


@dataclass(frozen=True)
class _Edges:
    """Pairs of similar articles, the first with the smaller number."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    similarity: NDArray[np.float64]

    def choose(self, kept: NDArray[Any]) -> "_Edges":
        return _Edges(self.one[kept], self.other[kept], self.similarity[kept])


@dataclass(frozen=True)
class _Cells:
    """The weights of terms in articles: the articles are rows, the terms columns."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    shape: tuple[int, int]

    def make_matrix(self) -> "csr_array":
        from scipy.sparse import csr_array
        return csr_array((self.weights, (self.rows, self.columns)), shape=self.shape)


def group_articles(rows: NDArray[np.int32], terms: NDArray[np.uint64], weights: NDArray[np.float32],
                   days: NDArray[np.float64]) -> NDArray[np.int64]:
    """The group of each article, from 0 in the order of the first article of each.

    Parameters
    ----------
    rows, terms, weights : one item per term of an article: the article's number, the term's, and its weight; the
        squares of an article's weights add up to at most 1
    days : the day of each article, as a number; NaN if it is unknown

    >>> rows, terms = np.array([0, 0, 1, 1, 2]), np.array([7, 8, 7, 8, 9], np.uint64)
    >>> group_articles(rows, terms, np.full(5, 0.7), np.array([1.0, 2.0, np.nan])).tolist()
    [0, 0, 1]
    """
    columns, distinct = pd.factorize(terms)
    cells = _Cells(rows, columns.astype(np.int32), weights.astype(np.float32, copy=False), (len(days), len(distinct)))
    if len(days) <= SMALL_CORPUS_ARTICLES:
        return number_by_first(_group_few(cells, days, SMALL_CORPUS_SIMILARITY, SMALL_CORPUS_WINDOW_DAYS))
    return number_by_first(_group_many(cells, days, MIN_EVENT_SIMILARITY, EVENT_WINDOW_DAYS))


def _group_many(cells: "_Cells", days: NDArray[np.float64], least: float, window: float) -> NDArray[np.int64]:
    """A label for each article's group."""
    edges = _find_edges(cells.make_matrix(), days, least=least * LEAST_EDGE_SHARE, window=window)
    groups, free = np.arange(len(days)), len(days)
    for members, links in _cut_components(edges, np.arange(len(days)), least * LEAST_EDGE_SHARE):
        groups[members] = free + _link_members(members, links, least)
        free += len(members) + 1
    return groups


def _group_few(cells: "_Cells", days: NDArray[np.float64], least: float, window: float) -> NDArray[np.int64]:
    """The same as `_group_many` for few articles, without SciPy: importing it takes longer than all else."""
    vectors = np.zeros(cells.shape, np.float32)
    np.add.at(vectors, (cells.rows, cells.columns), cells.weights)
    one, other = np.triu_indices(len(days), 1)
    cosines = np.cumsum(vectors[one] * vectors[other], axis=1, dtype=np.float32)[:, -1:].sum(axis=1)
    edges = _weigh_edges(_Edges(one, other, cosines.astype(float)), days, least * LEAST_EDGE_SHARE, window)
    distances = np.ones((len(days), len(days)))
    distances[edges.one, edges.other] = distances[edges.other, edges.one] = 1 - np.minimum(edges.similarity, 1)
    groups = [[article] for article in range(len(days))]
    while len(groups) > 1:
        mean, first, second = min((distances[np.ix_(*pair)].mean(), *pair) for pair in combinations(groups, 2))
        if mean > 1 - least:
            break
        groups = [group for group in groups if group not in (first, second)] + [first + second]
    labels = {article: label for label, group in enumerate(groups) for article in group}
    return np.array([labels[article] for article in range(len(days))], np.int64)


def number_by_first(labels: NDArray[Any]) -> NDArray[np.int64]:
    """Labels as numbers from 0, in the order in which they first occur.

    >>> number_by_first(np.array([5, 3, 5])).tolist()
    [0, 1, 0]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _find_edges(matrix: "csr_array", days: NDArray[np.float64], *, least: float, window: float) -> _Edges:
    """The pairs whose cosine, lowered where the window of days does not apply, is at least `least`."""
    found = list(_compare_blocks(matrix, days, least, window))
    return _Edges(*(np.concatenate([getattr(edges, name) for edges in found] or [np.empty(0, dtype)])
                    for name, dtype in (("one", np.int64), ("other", np.int64), ("similarity", float))))


def _compare_blocks(matrix: "csr_array", days: NDArray[np.float64], least: float,
                    window: float) -> Iterator[_Edges]:
    across = matrix.T.tocsr()
    for start in range(0, matrix.shape[0], COMPARED_BLOCK_ARTICLES):
        products = (matrix[start:start + COMPARED_BLOCK_ARTICLES] @ across).tocoo()
        one, other = products.coords[0].astype(np.int64) + start, products.coords[1].astype(np.int64)
        edges = _Edges(one, other, products.data.astype(float))
        yield _weigh_edges(edges.choose(one < other), days, least, window)


def _weigh_edges(edges: _Edges, days: NDArray[np.float64], least: float, window: float) -> _Edges:
    """The edges that are at least `least` before and after their days are weighed."""
    edges = edges.choose(edges.similarity >= least)
    factors = weigh_days(days[edges.one], days[edges.other], window)
    edges = _Edges(edges.one, edges.other, edges.similarity * factors)
    return edges.choose(edges.similarity >= least)


def weigh_days(one: NDArray[np.float64], other: NDArray[np.float64],
               window: float = EVENT_WINDOW_DAYS) -> NDArray[np.float64]:
    """The factor for pairs of days: 1 within the window, less if a day is unknown or a year off, else 0.

    >>> weigh_days(np.array([1.0, 1.0, 1.0, 1.0]), np.array([3.0, 9.0, 367.0, np.nan])).tolist()
    [1.0, 0.0, 0.7, 0.7]
    """
    gap = np.abs(one - other)
    is_open = np.isnan(gap) | (np.abs(gap - DAYS_OF_YEAR) <= 1)
    return np.where(is_open, UNDATED_SIMILARITY_FACTOR, np.where(gap <= window, 1.0, 0.0))


def _cut_components(edges: _Edges, members: NDArray[np.int64],
                    least: float) -> Iterator[tuple[NDArray[np.int64], _Edges]]:
    """The articles that hang together and their edges, a component at a time; a large one is cut at weak edges."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    one, other = np.searchsorted(members, edges.one), np.searchsorted(members, edges.other)
    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(members),) * 2)
    labels = connected_components(graph, directed=False)[1]
    order = np.argsort(labels, kind="stable")
    of_edges = np.argsort(labels[one], kind="stable")
    starts = np.searchsorted(labels[order], np.arange(labels.max(initial=-1) + 2))
    edge_starts = np.searchsorted(labels[one][of_edges], np.arange(labels.max(initial=-1) + 2))
    for label in np.flatnonzero(np.diff(starts) > 1):
        inside = members[order[starts[label]:starts[label + 1]]]
        links = edges.choose(of_edges[edge_starts[label]:edge_starts[label + 1]])
        if len(inside) <= MAX_LINKED_ARTICLES or least * EDGE_GROWTH > 1:
            yield inside, links
        else:
            raised = least * EDGE_GROWTH
            yield from _cut_components(links.choose(links.similarity >= raised), inside, raised)


def _link_members(members: NDArray[np.int64], edges: _Edges, least: float) -> NDArray[np.int64]:
    """The groups of a component's articles by average linkage, down to a mean similarity of `least`."""
    from scipy.cluster.hierarchy import fcluster, linkage
    n = len(members)
    if n > MAX_LINKED_ARTICLES:  # copies of one text, which no edge tells apart
        return np.zeros(n, np.int64)
    one, other = np.searchsorted(members, edges.one), np.searchsorted(members, edges.other)
    distances = np.ones(n * (n - 1) // 2)
    distances[n * one - one * (one + 1) // 2 + other - one - 1] = 1 - np.minimum(edges.similarity, 1)
    labels: NDArray[np.int64] = fcluster(linkage(distances, "average"), 1 - least, "distance").astype(np.int64)
    return labels
