"""Near values: two outlets give one thing almost the same number, and neither has the other's anywhere.

“The $740 billion bill” and “the $732 billion bill” are told apart by little else. A rounded or approximate number is
the same; so is one that the other outlet has, too: then both speak of two things.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np

from samestory.base.language import WordList
from samestory.story.differences import fits, group_values

NEAR_VALUE_FACTOR = 6.0  # of the similarity of two statements with near values
NEAR_VALUE_KINDS = ("money", "measure", "number")
MAX_NEAR_SHARE = 0.12  # of the larger of two values, by which they may be apart
MIN_NEAR_VALUE = 20.0  # smaller numbers are near by chance
MAX_KEY_VALUES = 100  # of one kind and unit in an event that are compared
UNPAIRED_COUNTED_NOUNS = WordList("general_counted_nouns")


def find_near_values(outlets: np.ndarray, values: Mapping[int, Sequence[dict[str, Any]]]) -> set[tuple[int, int]]:
    """The pairs of statements, the lower position first, that give one thing near values.

    Parameters
    ----------
    outlets : number of each statement's outlet
    values : rows of the table `values` in each statement, by its position
    """
    by_key: dict[tuple[str, str, str], list[tuple[int, dict[str, Any]]]] = {}
    for position in range(len(outlets)):
        for key, group in group_values(values.get(position, ())).items():
            if key[0] in NEAR_VALUE_KINDS and group[0]["counted"] not in UNPAIRED_COUNTED_NOUNS:
                by_key.setdefault(key, []).extend((position, value) for value in group)
    return {pair for rows in by_key.values() for pair in _pair_rows(rows[:MAX_KEY_VALUES], outlets)}


def _pair_rows(rows: list[tuple[int, dict[str, Any]]], outlets: np.ndarray) -> Iterator[tuple[int, int]]:
    """The pairs among values of one kind and unit."""
    for k, other in combinations(sorted({int(outlets[position]) for position, _ in rows}), 2):
        ours, theirs = ([row for row in rows if outlets[row[0]] == outlet] for outlet in (k, other))
        lone = [row for row in ours if not any(is_same_number(row[1], value) for _, value in theirs)]
        others = [row for row in theirs if not any(is_same_number(row[1], value) for _, value in ours)]
        for (i, a), (j, b) in product(lone, others):
            if _are_near(a["value"], b["value"]):
                yield min(i, j), max(i, j)


def _are_near(a: float, b: float) -> bool:
    low, high = sorted((a, b))
    return low >= MIN_NEAR_VALUE and high - low <= MAX_NEAR_SHARE * high


def is_same_number(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two values may be one, as one of them may be rounded.

    >>> short, long = {"value": 40.0, "approximation": None}, {"value": 40.4, "approximation": None}
    >>> is_same_number(short, long), is_same_number({"value": 41.0, "approximation": None}, long)
    (True, False)
    """
    return fits(a, b) or any(_round_like(x["value"], y["value"]) == y["value"] for x, y in ((a, b), (b, a)))


def _round_like(value: float, model: float) -> float:
    """A number rounded to as many digits as another has."""
    n_digits = len(f"{model:.12g}".replace(".", "").strip("0-")) if model else 1
    return float(f"{value:.{max(n_digits - 1, 0)}e}")
