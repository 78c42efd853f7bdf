"""Telling: numbers and names as parts of a plain sentence. What is worth telling is decided in findings.py."""

import math
from collections.abc import Iterable

MOST = 3  # things that one sentence lists
LONGEST = 80  # code points of a name or a word in a sentence
MANY_TIMES = 100  # a ratio above it is told as more


def tell_list(items: Iterable[str], *, most: int = MOST, joint: str = ", ") -> str:
    """The first items, and how many more there are.

    >>> tell_list(["a", "b", "c", "d"]), tell_list(["a", "b"])
    ('a, b, c and 1 more', 'a, b')
    """
    items = list(items)
    rest = len(items) - most
    listed = joint.join(items[:most])
    return f"{listed} and {rest:,} more" if rest > 0 else listed


def tell_number(n: int, unit: str, units: str = "") -> str:
    """A number with its unit, in the plural where it is not one.

    >>> tell_number(1, "article"), tell_number(2_000, "article"), tell_number(2, "company", "companies")
    ('1 article', '2,000 articles', '2 companies')
    """
    return f"{n:,} {unit if n == 1 else units or f'{unit}s'}"


def tell_times(n: int) -> str:
    """How often.

    >>> tell_times(1), tell_times(1_200)
    ('once', '1,200 times')
    """
    return "once" if n == 1 else f"{n:,} times"


def tell_percent(share: float, low: float = math.nan, high: float = math.nan) -> str:
    """A share (0 to 100) with its interval, where there is one.

    >>> tell_percent(8.1, 4.3, 13.7), tell_percent(23.06)
    ('8 %; 95 % interval 4 to 14 %', '23 %')
    """
    return f"{share:.0f} %" + ("" if math.isnan(low) else f"; 95 % interval {low:.0f} to {high:.0f} %")


def tell_ratio(log_ratio: float, low: float, high: float) -> str:
    """How many times as often, with the interval, from logarithms to the base of two.

    >>> tell_ratio(1.0, 0.5, 8.0)
    '2.0 times as often; 95 % interval 1.41 to more than 100 times'
    """
    return f"{_times(log_ratio)} times as often; 95 % interval {_times(low)} to {_times(high)} times"


def _times(log_ratio: float) -> str:
    if log_ratio > math.log2(MANY_TIMES):
        return f"more than {MANY_TIMES}"
    times = 2**log_ratio
    return f"{times:.2f}" if times < 2 else f"{times:.1f}" if times < 10 else f"{times:.0f}"


def clip(text: object) -> str:
    """A name or a word, cut where it is too long for a sentence.

    >>> len(clip("x" * 1_000))
    80
    """
    text = " ".join(str(text).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 2]} …"
