"""Dispersion: how evenly a term is spread over the articles of an outlet.

A term that one article uses ten times says something about that article; one that ten articles use
says something about the outlet. The parts are articles, which differ in size.

References
----------
.. [1] S. Gries (2008), Dispersions and adjusted frequencies in corpora. International Journal of
   Corpus Linguistics 13(4).
.. [2] J. Lijffijt, S. Gries (2012), Correction to [1]_. International Journal of Corpus Linguistics 17(1).
.. [3] P. Savický, J. Hlaváčová (2002), Measures of word commonness. Journal of Quantitative
   Linguistics 9(3).
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from samestory.count.terms import CountOptions, TableSource, open_terms
from samestory.measure.formulas import FloatArray
from samestory.measure.words.matrix import TermMatrix, build_matrix, sum_by_number


def measure_dispersion(counts: pd.DataFrame, *, min_count: int = 1) -> pd.DataFrame:
    """How evenly each term is spread over each outlet's articles.

    One row per term and outlet, sorted by outlet and term.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    min_count : occurrences in the outlet that a term must have

    Returns
    -------
    outlet, term, n, n_articles (articles that have it: the range), juilland_d (1 even, 0 uneven), dp
    and dp_norm (0 even, 1 uneven), kl (bits; 0 even). All but the first four are missing if the
    outlet has one article.
    """
    matrix = build_matrix(counts)
    tables = [_measure_outlet(matrix, outlet, min_count) for outlet in sorted(set(matrix.outlets))]
    empty = pd.DataFrame({"outlet": pd.Series(dtype="str"), "term": pd.Series(dtype="str"),
                          "n": pd.Series(dtype="int64"), "n_articles": pd.Series(dtype="int64"),
                          **{name: pd.Series(dtype="float64") for name in DISPERSION_FORMULAS}})
    return pd.concat(tables or [empty], ignore_index=True)


def _measure_outlet(matrix: TermMatrix, outlet: str, min_count: int) -> pd.DataFrame:
    matrix = matrix.choose(matrix.outlets == outlet)
    kept = np.flatnonzero(matrix.totals >= min_count)
    cells = Cells.of(matrix, np.ones(len(matrix.outlets), dtype=bool), kept)
    columns = {"outlet": outlet, "term": matrix.terms[kept], "n": cells.n.astype(np.int64), "n_articles": cells.range}
    return pd.DataFrame(columns | {name: formula(cells) for name, formula in DISPERSION_FORMULAS.items()})


class Cells:
    """The non-zero cells of terms by articles: the term's share there, the article's share of all words."""

    def __init__(self, frequency: ArrayLike, term: ArrayLike, part: ArrayLike, words: ArrayLike,
                 n_terms: int) -> None:
        self.frequency: FloatArray = np.asarray(frequency, dtype=np.float64)
        self.words: FloatArray = np.asarray(words, dtype=np.float64)
        self.term, self.part, self.n_terms = np.asarray(term), np.asarray(part), n_terms
        self.sizes: FloatArray = self.words / self.words.sum()
        self.n = self.sum(self.frequency)

    @classmethod
    def of(cls, matrix: TermMatrix, articles: NDArray[np.bool_], kept: NDArray[np.intp]) -> "Cells":
        """The cells of some articles and terms of a matrix."""
        parts, term = matrix.frequencies, matrix.columns
        if len(kept) < len(matrix.terms):
            parts = parts[:, kept]
            term = np.repeat(np.arange(len(kept)), np.diff(parts.indptr))
        frequency, part = parts.data, parts.indices
        if not articles.all():
            here = articles[part]
            frequency, term, part = frequency[here], term[here], (np.cumsum(articles) - 1)[part[here]]
        return cls(frequency, term, part, matrix.words[articles], len(kept))

    def sum(self, values: FloatArray) -> FloatArray:
        """Sums by term."""
        return sum_by_number(self.term, values, self.n_terms)

    @cached_property
    def range(self) -> NDArray[np.intp]:
        """The number of articles that have each term."""
        return np.bincount(self.term, minlength=self.n_terms)

    @cached_property
    def size(self) -> FloatArray:
        """The article's share of all words."""
        size: FloatArray = self.sizes[self.part]
        return size

    @cached_property
    def share(self) -> FloatArray:
        """The article's share of the term."""
        share: FloatArray = self.frequency / self.n[self.term]
        return share

    @cached_property
    def rate(self) -> FloatArray:
        """The term's share of the article's words."""
        rate: FloatArray = self.frequency / self.words[self.part]
        return rate


def _dp(cells: Cells) -> FloatArray:
    """Deviation of proportions [1]_: half the sum of |share of the term - share of the words|.

    Parts without the term add their share of the words.
    """
    if len(cells.sizes) < 2:
        return np.full(cells.n_terms, np.nan)
    dp = 0.5 * (1 + cells.sum(np.abs(cells.share - cells.size) - cells.size))
    return np.where(cells.n > 0, dp, np.nan)


def _dp_norm(cells: Cells) -> FloatArray:
    """DP over the largest value it can take [2]_."""
    if len(cells.sizes) < 2:
        return np.full(cells.n_terms, np.nan)
    dp_norm: FloatArray = _dp(cells) / (1 - cells.sizes.min())
    return dp_norm


def _juilland_d(cells: Cells) -> FloatArray:
    """Juilland's D for unequal parts [1]_: 1 - variation of the rates (population) / sqrt(parts - 1)."""
    n = len(cells.sizes)
    if n < 2:
        return np.full(cells.n_terms, np.nan)
    mean = cells.sum(cells.rate) / n
    variance = np.maximum(cells.sum(cells.rate**2) / n - mean**2, 0)
    d: FloatArray = 1 - np.sqrt(variance) / mean / np.sqrt(n - 1)
    return d


def _kl(cells: Cells) -> FloatArray:
    """Kullback-Leibler divergence of the term's shares from the words' [1]_, in bits."""
    if len(cells.sizes) < 2:
        return np.full(cells.n_terms, np.nan)
    return np.maximum(cells.sum(cells.share * np.log2(cells.share / cells.size)), 0)


DISPERSION_FORMULAS = {"juilland_d": _juilland_d, "dp": _dp, "dp_norm": _dp_norm, "kl": _kl}


def measure_term_dispersion(frequencies: ArrayLike, sizes: ArrayLike, *, sample: bool = False) -> dict[str, float]:
    """The measures of one term, from its frequencies in the parts of a corpus and their sizes.

    Parameters
    ----------
    frequencies, sizes : one number per part; parts without the term count too
    sample : whether Juilland's D uses the standard deviation of a sample (as in quanteda.extras), not of the
        population (as in [1]_)

    >>> measures = measure_term_dispersion([1, 0, 0, 0, 0], [9, 10, 10, 10, 11])  # "i" in Gries 2008
    >>> {name: round(value, 3) + 0 for name, value in measures.items()}
    {'range': 1, 'juilland_d': 0.0, 'dp': 0.82, 'dp_norm': 1.0, 'kl': 2.474}
    """
    frequencies = np.asarray(frequencies, dtype=np.float64)
    part = np.flatnonzero(frequencies)
    cells = Cells(frequencies[part], np.zeros(len(part), dtype=np.int64), part, sizes, 1)
    measures = {"range": len(part)} | {name: float(formula(cells)[0]) for name, formula in DISPERSION_FORMULAS.items()}
    if sample:
        n = len(cells.sizes)
        measures["juilland_d"] = 1 - (1 - measures["juilland_d"]) * np.sqrt(n / (n - 1)) if n > 1 else np.nan
    return measures


def measure_reduced_frequency(folder: TableSource, *, min_count: int = 3, unit: str = "word", fold: bool = True,
                              include_headline: bool = True, include_quoted: bool = True,
                              outlets: Sequence[str] | None = None, article_ids: Sequence[str] | None = None,
                              only: str = "") -> pd.DataFrame:
    """Average reduced frequency [3]_ of each term in each outlet, its articles joined end to end.

    One row per term and outlet, sorted by outlet and term. The articles are joined in the order of their ids,
    as the measure has no parts.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    min_count : occurrences in the outlet that a term must have
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : see `CountOptions`

    Returns
    -------
    outlet, term, n, arf (1 if all occurrences are in one burst, n if they are spread evenly).
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    with open_terms(folder, choice) as duck:
        return duck.sql(f"""
            WITH running AS (
                SELECT outlet, term, count(*) OVER (PARTITION BY outlet) AS size,
                       row_number() OVER (PARTITION BY outlet ORDER BY article_id, start, "end", term) AS place
                FROM terms JOIN wanted USING (article_id)),
            parted AS (
                SELECT outlet, term, size, count(*) OVER word AS n,
                       place - coalesce(lag(place) OVER (word ORDER BY place),
                                        max(place) OVER word - size) AS distance
                FROM running WINDOW word AS (PARTITION BY outlet, term))
            SELECT outlet, term, any_value(n) AS n, sum(least(distance, size / n)) / any_value(size / n) AS arf
            FROM parted WHERE n >= {int(min_count)} GROUP BY outlet, term ORDER BY outlet, term
            """).to_arrow_table().to_pandas()


def arf(positions: ArrayLike, size: int) -> float:
    """Average reduced frequency [3]_: the number of occurrences, with those in bursts counting less.

    Parameters
    ----------
    positions : of the term in the running text, from 0
    size : words of the text, which is treated as circular

    >>> arf([0, 25, 50, 75], 100), round(arf([0, 1, 2, 3], 100), 2)
    (4.0, 1.12)
    """
    positions = np.sort(np.asarray(positions, dtype=np.float64))
    if not len(positions):
        return 0.0
    distances = np.diff(positions, append=positions[0] + size)
    segment = size / len(positions)
    return float(np.minimum(distances, segment).sum() / segment)
