"""Percentages made of counts of articles, with 95 % intervals: the articles are drawn again, with replacement.

Every figure is a share: of what is right in the totals it names. With two totals (found and gold) it is F1, their
harmonic mean: 2 x right / (found + gold).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = Mapping[str, int]
N_DRAWS = 1000
INTERVAL_QUANTILES = (0.025, 0.975)
FIGURE_DIGITS, DIFFERENCE_DIGITS = 1, 2


@dataclass(frozen=True)
class Figure:
    """A share in percent: `right` in `totals`; left out where the articles have no `needed`."""

    name: str
    right: str
    totals: tuple[str, ...]
    needed: str = "gold"

    def measure(self, sums: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """The figure from sums over articles, one for each draw; 0 where the totals are 0."""
        total = sum((sums[name] for name in self.totals), start=np.zeros(1))
        right = 100 * len(self.totals) * sums[self.right]
        return np.divide(right, total, out=np.zeros_like(right), where=total > 0)


@dataclass(frozen=True)
class Measured:
    """A figure's value (or its difference between two versions) with its 95 % interval."""

    name: str
    value: float
    low: float
    high: float
    n_articles: int
    n_gold: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero, which is asked of differences."""
        return self.low > 0 or self.high < 0


def measure_figures(counts: Sequence[Counts], figures: Iterable[Figure]) -> list[Measured]:
    """Each figure over the articles that were counted, with its interval."""
    sums = _draw_sums(counts)
    return [_measure(figure.name, figure.measure(sums), sums, len(counts), FIGURE_DIGITS) for figure in figures
            if sums[figure.needed][0] > 0]


def measure_differences(before: Sequence[Counts], after: Sequence[Counts], figures: Iterable[Figure]) -> list[Measured]:
    """How much higher each figure is after than before, on the same articles, with the interval of the difference."""
    sums, others = _draw_sums(after), _draw_sums(before)
    return [_measure(figure.name, figure.measure(sums) - figure.measure(others), sums, len(after), DIFFERENCE_DIGITS)
            for figure in figures if sums[figure.needed][0] > 0]


def _measure(name: str, values: NDArray[np.float64], sums: Mapping[str, NDArray[np.float64]], n: int,
             digits: int) -> Measured:
    """The value over all articles comes first, those of the draws after it."""
    low, high = np.quantile(values[1:], INTERVAL_QUANTILES)
    value, low, high = (round(float(limit), digits) for limit in (values[0], low, high))
    return Measured(name, value, low, high, n, int(sums["gold"][0]))


class _Sums(dict[str, NDArray[np.float64]]):
    """Sums by name; what was never counted is zero."""

    def __missing__(self, name: str) -> NDArray[np.float64]:
        return np.zeros(N_DRAWS + 1)


def _draw_sums(counts: Sequence[Counts]) -> _Sums:
    """The sum of each count over all articles, and over each draw of as many of them; the draws are the same always."""
    n = len(counts)
    names = sorted({name for one in counts for name in one})
    table = np.array([[one.get(name, 0) for name in names] for one in counts], dtype=float)
    weights = np.vstack([np.ones(n), np.random.default_rng(1).multinomial(n, np.full(n, 1 / n), size=N_DRAWS)])
    return _Sums(zip(names, (weights @ table).T, strict=True))
