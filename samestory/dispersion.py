"""Dispersion: how evenly a term is spread over the articles of an outlet.

A term that one article uses ten times says something of that article; one that ten articles use
says something of the outlet. Parts are articles, of unequal size.

References
----------
.. [1] S. Gries (2008), Dispersions and adjusted frequencies in corpora. International Journal of
   Corpus Linguistics 13(4).
.. [2] J. Lijffijt, S. Gries (2012), Correction to [1]_. International Journal of Corpus Linguistics 17(1).
.. [3] P. Savický, J. Hlaváčová (2002), Measures of word commonness. Journal of Quantitative
   Linguistics 9(3).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from samestory.formulas import Array
from samestory.keyness import build_matrix


def measure_dispersion(counts: pd.DataFrame, *, min_count: int = 1) -> pd.DataFrame:
    """How evenly each term is spread over each outlet's articles.

    One row is a term of an outlet, by outlet and alphabet.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    min_count : occurrences in the outlet that a term must have

    Returns
    -------
    outlet, term, n, n_articles (articles that have it: the range), juilland_d (1 even, 0 uneven), dp
    and dp_norm (0 even, 1 uneven), kl (bits; 0 even). All but the first four are missing where the
    outlet has one article.
    """
    tables = [_measure_outlet(str(outlet), rows, min_count) for outlet, rows in counts.groupby("outlet")]
    empty = pd.DataFrame({"outlet": pd.Series(dtype="str"), "term": pd.Series(dtype="str"),
                          "n": pd.Series(dtype="int64"), "n_articles": pd.Series(dtype="int64"),
                          **{name: pd.Series(dtype="float64") for name in FORMULAS}})
    return pd.concat(tables or [empty], ignore_index=True)


def _measure_outlet(outlet: str, counts: pd.DataFrame, min_count: int) -> pd.DataFrame:
    matrix = build_matrix(counts)
    kept = np.flatnonzero(np.asarray(matrix.frequencies.sum(axis=0)).ravel() >= min_count)
    parts = matrix.frequencies[:, kept].tocsc()
    columns = {"outlet": outlet, "term": matrix.terms[kept],
               "n": np.asarray(parts.sum(axis=0)).ravel().astype(np.int64),
               "n_articles": np.diff(parts.indptr).astype(np.int64)}
    cells = _Cells(parts.data, np.repeat(np.arange(len(kept)), np.diff(parts.indptr)), parts.indices,
                   matrix.words, len(kept))
    return pd.DataFrame(columns | {name: formula(cells) for name, formula in FORMULAS.items()})


class _Cells:
    """Terms by articles, where a term stands: its share there and the article's share of all words."""

    def __init__(self, frequency: ArrayLike, term: ArrayLike, part: ArrayLike, words: ArrayLike,
                 n_terms: int) -> None:
        frequency, words = (np.asarray(values, dtype=np.float64) for values in (frequency, words))
        self.term, self.n_terms = np.asarray(term), n_terms
        self.sizes = words / words.sum()
        self.size = self.sizes[part]
        self.rate = frequency / words[part]
        self.share = frequency / self.sum(frequency)[self.term]

    def sum(self, values: Array) -> Array:
        """Sums by term."""
        return np.bincount(self.term, weights=values, minlength=self.n_terms)


def _dp(cells: _Cells) -> Array:
    """Deviation of proportions [1]_: half the sum of |share of the term - share of the words|."""
    if len(cells.sizes) < 2:
        return np.full(cells.n_terms, np.nan)
    return 0.5 * (1 + cells.sum(np.abs(cells.share - cells.size) - cells.size))


def _dp_norm(cells: _Cells) -> Array:
    """DP over the largest value it can take [2]_."""
    if len(cells.sizes) < 2:
        return np.full(cells.n_terms, np.nan)
    return _dp(cells) / (1 - cells.sizes.min())


def _juilland_d(cells: _Cells) -> Array:
    """Juilland's D for unequal parts [1]_: 1 - variation of the rates (population) / sqrt(parts - 1)."""
    n = len(cells.sizes)
    if n < 2:
        return np.full(cells.n_terms, np.nan)
    mean = cells.sum(cells.rate) / n
    variance = np.maximum(cells.sum(cells.rate**2) / n - mean**2, 0)
    return 1 - np.sqrt(variance) / mean / np.sqrt(n - 1)


def _kl(cells: _Cells) -> Array:
    """Kullback-Leibler divergence of the term's shares from the words' [1]_, in bits."""
    if len(cells.sizes) < 2:
        return np.full(cells.n_terms, np.nan)
    return np.maximum(cells.sum(cells.share * np.log2(cells.share / cells.size)), 0)


FORMULAS = {"juilland_d": _juilland_d, "dp": _dp, "dp_norm": _dp_norm, "kl": _kl}


def disperse(frequencies: ArrayLike, sizes: ArrayLike) -> dict[str, float]:
    """The measures of one term, from its frequencies in the parts of a corpus and their sizes.

    >>> measures = disperse([1, 0, 0, 0, 0], [9, 10, 10, 10, 11])  # "i" in Gries 2008
    >>> {name: round(value, 3) + 0 for name, value in measures.items()}
    {'juilland_d': 0.0, 'dp': 0.82, 'dp_norm': 1.0, 'kl': 2.474}
    """
    frequencies = np.asarray(frequencies, dtype=np.float64)
    part = np.flatnonzero(frequencies)
    cells = _Cells(frequencies[part], np.zeros(len(part), dtype=np.int64), part, sizes, 1)
    return {name: float(formula(cells)[0]) for name, formula in FORMULAS.items()}


def arf(positions: ArrayLike, size: int) -> float:
    """Average reduced frequency [3]_: occurrences, those in bursts counted for less.

    Parameters
    ----------
    positions : where the term stands in the running text, from 0
    size : words of the text; it is taken as a ring

    >>> arf([0, 25, 50, 75], 100), round(arf([0, 1, 2, 3], 100), 2)
    (4.0, 1.12)
    """
    positions = np.sort(np.asarray(positions, dtype=np.float64))
    if not len(positions):
        return 0.0
    distances = np.diff(positions, append=positions[0] + size)
    segment = size / len(positions)
    return float(np.minimum(distances, segment).sum() / segment)
