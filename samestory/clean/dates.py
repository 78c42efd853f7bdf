"""Dates as outlets write them, converted to UTC with their precision; a date without a year is not accepted.

dateutil reads the wording, with the words of data/en/date_words.csv. Its errors on news are prevented here: it reads
GMT+8 as eight hours west of Greenwich, completes a date from today's, guesses the century from the current year, and
swaps day and month if a date does not exist otherwise. The clock is never read, so that a file gives the same dates
in every year.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

from samestory.base.language import WordList, cache_by_language, join_words, read_language_rows

if TYPE_CHECKING:
    from dateutil.parser import parser

DATE_PRECISIONS = ("second", "minute", "day", "month", "year")
COARSE_PRECISIONS = DATE_PRECISIONS[2:]
UTC_OFFSET_PATTERN = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\b")
DIGIT_PATTERN = re.compile(r"\d")
# Hours from UTC. IST, and CST outside US outlets, are left out, since each names several zones.
ZONE_OFFSET_HOURS = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
                     "PDT": -7, "AKST": -9, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "HKT": 8,
                     "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13}
US_ZONE_NAMES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
DOTTED_DATE_PATTERN = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")  # 04.03.2021 is a day in March
SLASHED_DATE_PATTERN = re.compile(r"\b(\d{1,2})/(\d{1,2})/\d{2,4}\b")
ISO_DATE_PATTERN = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)? ?(Z|[+-]\d{2}:?\d{2})?)?)?",
                              re.ASCII)
UNIX_TIME_PATTERN = re.compile(r"1\d{9}(?:\d{3})?", re.ASCII)  # seconds or milliseconds since 1970; from 2001 on
CLOCK_SECONDS_PATTERN = re.compile(r"\d:\d{2}:\d{2}")
PLAUSIBLE_YEARS = range(1700, 2101)
PLACEHOLDER_DATES = {datetime(1970, 1, 1): "the first second that computers count",
                     datetime(1899, 12, 30): "a spreadsheet's zero",
                     datetime(1900, 1, 1): "a spreadsheet's first day"}  # what software writes if it has no date
DATE_PREPOSITIONS = WordList("date_prepositions")
DATE_MARKS = tuple(" .,;-/'")  # marks between the parts of a date
MAX_DATE_CHARS = 60  # code points; a longer line is prose that mentions a date
# The parts of a date that were not given differ between readings with these two defaults.
FIRST_DEFAULT_DATE, SECOND_DEFAULT_DATE = datetime(2000, 1, 1), datetime(2001, 2, 2, 1, 1, 1)


@dataclass(frozen=True)
class DateReading:
    """The reading of a date: its first moment in UTC, its precision, and any problem.

    Without a moment, `problem` is the reason for that; with one, it is the assumption that was made.
    """

    moment: datetime | None = None
    precision: str | None = None
    problem: str = ""
    zoned: bool = True  # false for a time without its zone


def parse_date(raw: str) -> datetime | None:
    """The moment that a date denotes, in UTC; None if it gives no day.

    A time without a zone is taken as UTC, a day without a time as its first moment.

    >>> parse_date("Updated 2021.03.17 20:36 GMT+8").isoformat()
    '2021-03-17T12:36:00+00:00'
    >>> parse_date("March 11") is None
    True
    """
    reading = read_date(raw)
    return reading.moment if reading.precision not in ("month", "year") else None


def read_date(raw: str, *, day_first: bool | None = None) -> DateReading:
    """Read a date, with its precision.

    Parameters
    ----------
    raw : as written
    day_first : whether 3/4/2021 is a day in April, as everywhere but in the United States; if None, the month is
        read first, and `problem` says so

    >>> read_date("March 2021").precision, read_date("2021-02-30").problem
    ('month', 'names a day or time that does not exist')
    """
    raw = raw.strip()[:2 * MAX_DATE_CHARS]
    raw = _date_label_pattern().sub("", raw) if raw[:1].isalpha() or not raw[:1].isalnum() else raw
    if len(raw) > MAX_DATE_CHARS or not DIGIT_PATTERN.search(raw):
        return DateReading(problem="expected a date with its year")
    if UNIX_TIME_PATTERN.fullmatch(raw):
        return _normalize_date(datetime.fromtimestamp(int(raw[:10]), UTC), "second")
    return _read_iso(raw) if ISO_DATE_PATTERN.fullmatch(raw) else _read_wording(raw, day_first)


def is_update(raw: str) -> bool:
    """Whether a date is labelled as the date of an update.

    >>> is_update("Updated 2021.03.17")
    True
    """
    label = _date_label_pattern().match(raw.strip())
    return label is not None and _read_date_labels()[label[1].lower()] == "update"


@cache_by_language
def _read_date_labels() -> dict[str, str]:
    """The labels before a date, in lower case, each with its kind: publication or update."""
    return {row["label"]: row["kind"] for row in read_language_rows("date_labels")}


@cache_by_language
def _date_label_pattern() -> re.Pattern[str]:
    labels = join_words(_read_date_labels())
    return re.compile(rf"^\W*({labels})(?: (?:{DATE_PREPOSITIONS.pattern}))?\s*:?\s*", re.IGNORECASE)


def _read_iso(raw: str) -> DateReading:
    if len(raw) <= len("2021-03"):
        raw, precision = f"{raw}-01", "month"
    else:
        precision = "day" if ":" not in raw else "second" if CLOCK_SECONDS_PATTERN.search(raw) else "minute"
    try:
        moment = datetime.fromisoformat(raw.replace(",", ".").replace(" +", "+").replace(" Z", "Z"))
    except ValueError:
        return DateReading(problem="names a day or time that does not exist")
    return _normalize_date(moment, precision)


def _read_wording(raw: str, day_first: bool | None) -> DateReading:
    """Read a date in words; parts of the result that change with the default were not given."""
    unknown: set[str] = set()
    written = UTC_OFFSET_PATTERN.sub(_write_offset, raw)
    order = bool(day_first or DOTTED_DATE_PATTERN.search(raw))
    try:
        one, two = (_parse_date_wording(written, default, unknown, order)
                    for default in (FIRST_DEFAULT_DATE, SECOND_DEFAULT_DATE))
    except (ValueError, OverflowError, TypeError, AttributeError) as error:  # dateutil raises each on odd input
        return DateReading(problem=_explain_date_error(error))
    if one.year != two.year:
        return DateReading(problem="expected a date with its year")
    precision = _find_precision(one, two)
    if unknown:
        zone = ", ".join(sorted(unknown))
        odd = f"the zone {zone[:20]!r} is unknown or ambiguous; only the day is used"
        return _normalize_date(one, precision if precision in COARSE_PRECISIONS else "day", odd)
    slashed = SLASHED_DATE_PATTERN.search(raw)
    is_open = day_first is None and slashed and max(int(slashed[1]), int(slashed[2])) <= 12 and slashed[1] != slashed[2]
    odd = f"day and month may be the other way round; read as {one:%Y-%m-%d}" if is_open else ""
    return _normalize_date(one, precision, odd)


def _find_precision(one: datetime, two: datetime) -> str:
    if one.month != two.month:
        return "year"
    if one.day != two.day:
        return "month"
    if one.hour != two.hour:
        return "day"
    return "second" if one.second == two.second else "minute"


def _normalize_date(moment: datetime, precision: str, odd: str = "") -> DateReading:
    """The first moment of a date in UTC; a day stays as written, whatever the zone."""
    if moment.replace(tzinfo=None) in PLACEHOLDER_DATES and not moment.utcoffset():
        return DateReading(problem=f"is a placeholder: {PLACEHOLDER_DATES[moment.replace(tzinfo=None)]}")
    zoned = precision in COARSE_PRECISIONS or moment.tzinfo is not None
    if precision in COARSE_PRECISIONS:
        moment = datetime(moment.year, 1 if precision == "year" else moment.month,
                          moment.day if precision == "day" else 1, tzinfo=UTC)
    try:
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return DateReading(problem="names a year that no article is from")
    if moment.year not in PLAUSIBLE_YEARS:
        return DateReading(problem="names a year that no article is from")
    return DateReading(moment, precision, odd, zoned)


def _explain_date_error(error: Exception) -> str:
    impossible = any(part in str(error) for part in ("must be in", "out of range", "out_of_range"))
    return "names a day or time that does not exist" if impossible else "expected a date with its year"


def _write_offset(found: re.Match[str]) -> str:
    """An offset such as GMT+8 in the only form that dateutil reads correctly: +0800."""
    sign, hours, minutes = found.groups()
    return f"{sign}{int(hours):02}{minutes or '00'}"


def _name_zone(name: str | None, seconds: int | None, unknown: set[str]) -> tzinfo | None:
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    if name in US_ZONE_NAMES:  # whether it is summer time depends on the day
        from dateutil import tz
        return tz.gettz(US_ZONE_NAMES[name])
    if name in ZONE_OFFSET_HOURS:
        return timezone(timedelta(hours=ZONE_OFFSET_HOURS[name]))
    if name:
        unknown.add(name)
    return None


@cache_by_language
def _make_date_parser() -> "parser":
    """dateutil's parser with our words; two-digit years are 1970 to 2069, whatever the current year."""
    from dateutil import parser

    class Wording(parser.parserinfo):
        JUMP, PERTAIN = [*DATE_MARKS, *chain(*_list_date_words("link"))], [*chain(*_list_date_words("genitive"))]
        # The stubs fix how many spellings each value has.
        WEEKDAYS, MONTHS = _list_date_words("weekday"), _list_date_words("month")  # type: ignore[assignment]
        HMS, AMPM = _list_date_words("unit"), _list_date_words("half")  # type: ignore[assignment]

        def convertyear(self, year: int, century_specified: bool = False) -> int:
            return year if century_specified or year >= 100 else year + (2000 if year < 70 else 1900)

    return parser.parser(Wording())


def _list_date_words(kind: str) -> list[tuple[str, ...]]:
    """The words of one kind in data/en/date_words.csv: the spellings of each value, from 1 on."""
    words: dict[int, list[str]] = {}
    for row in read_language_rows("date_words"):
        if row["kind"] == kind:
            words.setdefault(int(row["value"] or 1), []).append(row["word"])
    return [tuple(words.get(value, ())) for value in range(1, max(words, default=0) + 1)]


def _parse_date_wording(raw: str, default: datetime, unknown: set[str], day_first: bool) -> datetime:
    return _make_date_parser().parse(raw, default=default, dayfirst=day_first,
                                     tzinfos=lambda name, seconds: _name_zone(name, seconds, unknown))
