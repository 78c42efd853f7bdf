"""Day order: whether the dates of a column have the day or the month first, as those that fit only one order show."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from samestory.base.wording import format_quantity
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem

DAY_FIRST_KEY = "day_first"  # of an article's metadata: yes or no
NUMERIC_DATE_PATTERN = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})\b")
HIGHEST_MONTH = 12
MAX_DATE_CHARS = 60  # code points; a longer value is prose that mentions a date


@dataclass
class DayOrder:
    """The number of a column's dates that have the day first, that have the month first, and that may have either."""

    n_day_first: int = 0
    n_month_first: int = 0
    n_either: int = 0

    def add(self, values: Iterable[object]) -> None:
        """Count dates; values of other forms leave the counts as they are."""
        for value in values:
            found = NUMERIC_DATE_PATTERN.search(value[:MAX_DATE_CHARS]) if isinstance(value, str) else None
            if not found or (one := int(found[1])) == (two := int(found[2])):
                continue
            self.n_day_first += two <= HIGHEST_MONTH < one
            self.n_month_first += one <= HIGHEST_MONTH < two
            self.n_either += max(one, two) <= HIGHEST_MONTH

    @property
    def day_first(self) -> bool | None:
        """Whether the day is first in all of them; None if no date shows it, or if they differ.

        >>> order = DayOrder()
        >>> order.add(["03/04/2024", "13/04/2024"])
        >>> order.day_first, order.n_either
        (True, 1)
        """
        return None if bool(self.n_day_first) == bool(self.n_month_first) else self.n_day_first > 0

    def describe(self) -> Iterator[FoundProblem]:
        """How the dates are read that may have either order."""
        if self.n_day_first and self.n_month_first:
            yield FoundProblem("warning", f"dates in two orders: {self.n_day_first:,} with the day first,"
                               f" {self.n_month_first:,} with the month first; write them as 2024-04-13")
        elif self.day_first is not None and self.n_either:
            first, n = ("day", self.n_day_first) if self.day_first else ("month", self.n_month_first)
            yield FoundProblem("note", f"dates are read with the {first} first: {format_quantity(n, 'date')} in the"
                               " column can only be read so")

    def mark(self, found: Found) -> Found:
        """What was found in a row; an article with the order of its dates, if it is known."""
        if self.day_first is None or not isinstance(found, FoundArticle):
            return found
        return replace(found, metadata=found.metadata | {DAY_FIRST_KEY: "yes" if self.day_first else "no"})
