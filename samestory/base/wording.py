"""Wording: numbers, lists and names as parts of a plain sentence."""

import math
from collections.abc import Iterable

SENTENCE_END_MARKS = (".", "!", "?", "…", "”", "’", "\"", "'", ")")  # one of them ends a sentence, and no headline
MAX_LISTED_ITEMS = 3  # items that one sentence lists
MAX_SHOWN_NAME_CHARS = 80  # code points of a name or a word in a sentence
MAX_SHOWN_RATIO = 100  # a larger ratio is given as "more than 100"


def format_list(items: Iterable[str], *, most: int = MAX_LISTED_ITEMS, joint: str = ", ") -> str:
    """The first items, and the number of the others.

    >>> format_list(["a", "b", "c", "d"]), format_list(["a", "b"])
    ('a, b, c and 1 more', 'a, b')
    """
    items = list(items)
    rest = len(items) - most
    listed = joint.join(items[:most])
    return f"{listed} and {rest:,} more" if rest > 0 else listed


def format_quantity(n: int, unit: str, units: str = "") -> str:
    """A number with its unit, in the plural unless it is 1.

    >>> format_quantity(1, "article"), format_quantity(2_000, "article"), format_quantity(2, "company", "companies")
    ('1 article', '2,000 articles', '2 companies')
    """
    return f"{n:,} {unit if n == 1 else units or f'{unit}s'}"


def format_times(n: int) -> str:
    """A number of times.

    >>> format_times(1), format_times(1_200)
    ('once', '1,200 times')
    """
    return "once" if n == 1 else f"{n:,} times"


def format_percent(share: float, low: float = math.nan, high: float = math.nan) -> str:
    """A share (0 to 100) with its interval, if it has one.

    >>> format_percent(8.1, 4.3, 13.7), format_percent(23.06)
    ('8 %; 95 % interval 4 to 14 %', '23 %')
    """
    return f"{share:.0f} %" + ("" if math.isnan(low) else f"; 95 % interval {low:.0f} to {high:.0f} %")


def format_ratio(log_ratio: float, low: float, high: float) -> str:
    """A ratio of frequencies with its interval, from binary logarithms.

    >>> format_ratio(1.0, 0.5, 8.0)
    '2.0 times as often; 95 % interval 1.41 to more than 100 times'
    """
    ratio, lowest, highest = map(_format_multiple, (log_ratio, low, high))
    return f"{ratio} times as often; 95 % interval {lowest} to {highest} times"


def _format_multiple(log_ratio: float) -> str:
    if log_ratio > math.log2(MAX_SHOWN_RATIO):
        return f"more than {MAX_SHOWN_RATIO}"
    times = 2**log_ratio
    return f"{times:.2f}" if times < 2 else f"{times:.1f}" if times < 10 else f"{times:.0f}"


def clip_name(text: object) -> str:
    """A name or a word, shortened if it is too long for a sentence.

    >>> len(clip_name("x" * 1_000))
    80
    """
    text = " ".join(str(text).split())
    return text if len(text) <= MAX_SHOWN_NAME_CHARS else f"{text[:MAX_SHOWN_NAME_CHARS - 2]} …"
