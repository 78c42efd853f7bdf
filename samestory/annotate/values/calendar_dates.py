"""Dates with a month or in digits: `March 18`, `Friday, January 4, 2019`, `4 January`, `2019-01-04`, `March 2016`."""

from datetime import date
from typing import NamedTuple

from samestory.annotate.values.date_resolution import (
    PartialDate,
    find_year_of_weekday,
    format_partial_date,
    resolve_partial_date,
)
from samestory.annotate.values.tense import UNRESOLVED_LEADS, is_coming, is_past, is_present
from samestory.annotate.values.value_context import RANGE_MARKS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words
from samestory.base.language import WordList, cache_by_language

DATE_LINKS, ORDINAL_SUFFIXES = WordList("date_links"), WordList("ordinal_suffixes")
DAY_RANGE_LINKS = WordList("day_range_links")
MONTHS_LIKE_WORDS = WordList("months_like_words")
YEARS = range(1000, 2200)
PLAUSIBLE_NEWS_YEARS = range(1700, 2100)  # years without a word such as "in" before them
MAX_MONTH_DAYS, PERIOD_YEAR = 31, 3  # the second is the value of "year" in date_words.csv
MAX_YEAR_DISTANCE_ATOMS = 40  # between a month with its year and a later month without
COMING_EVENTS = WordList("coming_events")
MAX_PRESENT_MONTHS_AHEAD = 6  # of a month that comes, if the verb is in the present
NAMED_DATE_NOUNS = WordList("named_date_nouns")  # "the Sept. 11 attacks" are of another year


class ReadParts(NamedTuple):
    """Parts of a date, and the atom after them."""

    last: int
    parts: PartialDate


def read_year(context: ValueContext, i: int) -> int | None:
    """The year that an atom of four digits gives, 1000 to 2199."""
    text = context.text(i)
    is_year = len(text) == 4 and text.isascii() and text.isdigit() and int(text) in YEARS
    return int(text) if is_year else None


def read_month(context: ValueContext, i: int) -> tuple[int, int] | None:
    """The month whose name begins at an atom, as the atom after it and its number."""
    text = context.text(i)
    month = read_date_values("month").get(text.lower()) if text[:1].isupper() else None
    if month is None:
        return None
    is_short = text.lower() in list_month_abbreviations() and context.text(i + 1) == "." and context.touches(i + 1)
    return i + 1 + is_short, month


@cache_by_language
def list_month_abbreviations() -> frozenset[str]:
    """The names of months, in lower case, for which there is a longer one.

    >>> "sept" in list_month_abbreviations(), "may" in list_month_abbreviations()
    (True, False)
    """
    months = read_date_values("month")
    return frozenset(word for word in months if any(
        len(other) > len(word) and months[other] == months[word] for other in months))


def read_day(context: ValueContext, i: int) -> tuple[int, int] | None:
    """A day of the month in digits, `18` or `18th`, as the atom after it and its number."""
    text = context.text(i)
    if not (1 <= len(text) <= 2 and text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_MONTH_DAYS):
        return None
    has_suffix = context.touches(i + 1) and context.word(i + 1) in ORDINAL_SUFFIXES
    return i + 1 + has_suffix, int(text)


def find_calendar_date(context: ValueContext, i: int) -> FoundValue | None:
    """A date with a month's name and at least a day or a year; a weekday before it belongs to it."""
    at, weekday = i, read_date_values("weekday").get(context.word(i))
    if weekday:
        at = i + 1 + (context.text(i + 1) == ".")
        at += context.text(at) == ","
    found = _read_month_first(context, at) or _read_day_first(context, at)
    if found is None:
        return None
    last, parts = found
    coming = is_coming(context, i)
    until = _read_last_day(context, last, parts)
    published = None if context.word(last) in NAMED_DATE_NOUNS else context.parse.source.published
    parts = parts._replace(year=parts.year or _find_year_before(context, i))
    if weekday and published and not parts.year:
        parts = parts._replace(year=find_year_of_weekday(parts, weekday, published))
    over = is_past(context, i)
    written = resolve_partial_date(parts, published, is_coming=coming, is_over=over)
    if until and written:
        last = until.last
        ends = resolve_partial_date(until.parts._replace(year=until.parts.year or parts.year), published,
                                    is_coming=coming, is_over=over)
        written = f"{written}/{ends}" if ends else written
    return FoundValue(i, last, "date", date=written)


def _find_year_before(context: ValueContext, i: int) -> int | None:
    """The year of a month in the same sentence before: `had ceased in January 2016, but went on until June`."""
    for at in range(i - 1, max(0, i - MAX_YEAR_DISTANCE_ATOMS), -1):
        if not context.text(at):
            return None
        year = read_year(context, at)
        if year and (read_month(context, at - 1) or (context.text(at - 1) == "," and context.text(at - 2).isdigit())):
            return year
    return None


def _read_month_first(context: ValueContext, i: int) -> ReadParts | None:
    month = read_month(context, i)
    if month is None:
        return None
    at = month[0] + (context.text(month[0]) == "," or context.word(month[0]) in DATE_LINKS)
    year = read_year(context, at)
    if year:
        return ReadParts(at + 1, PartialDate(year, month[1]))
    at = month[0] + (context.word(month[0]) in DATE_LINKS)
    day = read_day(context, at)
    if day is None or _goes_on_as_number(context, day[0]):
        return None
    return _add_year(context, ReadParts(day[0], PartialDate(None, month[1], day[1])))


def _read_day_first(context: ValueContext, i: int) -> ReadParts | None:
    ordinal = read_number_words("ordinal").get(context.word(i)) if context.word(i + 1) in DATE_LINKS else None
    day = (i + 1, int(ordinal)) if ordinal else read_day(context, i)  # the Fourth of July
    if day is None:
        return None
    at = day[0] + (context.word(day[0]) in DATE_LINKS)
    month = read_month(context, at)
    if month is None:
        return None
    return _add_year(context, ReadParts(month[0], PartialDate(None, month[1], day[1])))


def _goes_on_as_number(context: ValueContext, i: int) -> bool:
    """Whether what is glued to a supposed day shows that it is none: `May 5%`, `May 5:30`."""
    is_time = context.text(i) == ":" and context.text(i + 1).isdigit()
    return context.touches(i) and (is_time or context.text(i) in ("%", "$"))


def _add_year(context: ValueContext, read: ReadParts) -> ReadParts:
    at = read.last + (context.text(read.last) == "," or context.word(read.last) in DATE_LINKS)
    year = read_year(context, at)
    return ReadParts(at + 1, read.parts._replace(year=year)) if year else read


def _read_last_day(context: ValueContext, i: int, parts: PartialDate) -> ReadParts | None:
    """The end of a range of days: `March 18-19`, `March 18 and 19`, `March 18 to April 2`."""
    link = context.text(i)
    if not parts.day or not (link in RANGE_MARKS or link in DAY_RANGE_LINKS):
        return None
    whole = _read_month_first(context, i + 1)
    if whole and whole.parts.day and link not in ("and",):
        return whole
    day = read_day(context, i + 1)
    if day is None or day[1] <= parts.day or (context.text(day[0])[:1].isalpha() and link == "and"):
        return None
    return _add_year(context, ReadParts(day[0], PartialDate(parts.year, parts.month, day[1])))


def find_numeric_date(context: ValueContext, i: int) -> FoundValue | None:
    """A date in digits: `2019-01-04`, `1/4/2019`; of two readings, that nearest to publication."""
    mark = context.text(i + 1)
    if mark not in ("-", "/", "‑") or context.text(i + 3) != mark or not all(map(context.touches, range(i + 1, i + 5))):
        return None
    numbers = [context.text(at) for at in (i, i + 2, i + 4)]
    if not all(number.isascii() and number.isdigit() and len(number) in (1, 2, 4) for number in numbers):
        return None
    first, second, third = map(int, numbers)
    if first in YEARS and len(numbers[0]) == 4:
        readings = [PartialDate(first, second, third)]
    else:
        year = third if len(numbers[2]) == 4 else 2000 + third
        readings = [PartialDate(year, first, second), PartialDate(year, second, first)]
    written = list(filter(None, map(_format_valid_date, readings)))
    if not written:
        return None
    return FoundValue(i, i + 5, "date", date=_choose_nearest(written, context.parse.source.published))


def _format_valid_date(parts: PartialDate) -> str | None:
    return format_partial_date(parts) if parts.year in YEARS and parts.month and parts.day else None


def _choose_nearest(written: list[str], published: date | None) -> str:
    if published is None:
        return written[0]
    return min(written, key=lambda day: abs((date.fromisoformat(day) - published).days))


def find_month(context: ValueContext, i: int) -> FoundValue | None:
    """A month without day and year: `in March`, `last March`."""
    shift = read_date_values("period shift").get(context.word(i))
    at = i if shift is None else i + 1
    month = read_month(context, at)
    if month is None or (context.word(at) in MONTHS_LIKE_WORDS and not _is_month_name(context, at)):
        return None
    if context.word(at) in list_month_abbreviations() and month[0] == at + 1:
        return None
    last, year = month[0], _find_year_before(context, i)
    published = None if context.word(i - 1) in UNRESOLVED_LEADS else context.parse.source.published
    if named := _read_year_after(context, last, published):
        last, year = named
    if shift is None and year:
        return FoundValue(i, last, "date", date=format_partial_date(PartialDate(year, month[1])))
    is_soon = published is not None and (month[1] - published.month) % 12 <= MAX_PRESENT_MONTHS_AHEAD
    names_event = any(context.word(after) in COMING_EVENTS for after in (last, last + 1, last + 2))
    coming = is_coming(context, at) or (shift is None and is_soon and (names_event or is_present(context, at)))
    over = shift is None and is_past(context, at)
    return FoundValue(i, last, "date", date=resolve_month(month[1], published, shift, coming=coming, over=over))


def _read_year_after(context: ValueContext, i: int, published: date | None) -> tuple[int, int] | None:
    """The year that `last year` or `of this year` after a month means, and the atom after it."""
    at = i + (context.word(i) in DATE_LINKS)
    shift = read_date_values("period shift").get(context.word(at))
    is_year = read_date_values("period").get(context.word(at + 1)) == PERIOD_YEAR
    return (at + 2, published.year + shift) if published and shift is not None and is_year else None


def _is_month_name(context: ValueContext, i: int) -> bool:
    """Whether `May` or `March` is the month: a proper noun after a preposition of time or the like."""
    return context.word(i - 1) in WordList("month_leads") and context.parse.doc[context.token(i)].pos_ == "PROPN"


def resolve_month(month: int, published: date | None, shift: int | None, *, coming: bool,
                  over: bool = False) -> str | None:
    """The month, as year and month; `last March` is over, `next March` to come.

    >>> resolve_month(3, date(2021, 3, 17), -1, coming=False)
    '2020-03'
    """
    if shift is None or not published:
        return resolve_partial_date(PartialDate(None, month), published, is_coming=coming or shift == 1, is_over=over)
    year = published.year - (shift < 0 and month >= published.month) + (shift > 0 and month <= published.month)
    return format_partial_date(PartialDate(year, month))
