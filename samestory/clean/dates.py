"""Dates as outlets write them, converted to UTC with their precision; a date without a year is not accepted.

dateutil reads the wording, with the words of data/en/date_words.csv, once `date_stamps` has taken away what pages print
around it. Its errors on news are prevented here: it reads GMT+8 as eight hours west of Greenwich, completes a date from
today's, guesses the century from the current year, swaps day and month if a date does not exist otherwise, and reads
2024-04-01 as a day in January where days come first. The clock is never read, so that a file gives the same dates in
every year.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

from samestory.base.language import cache_by_language, read_language_rows
from samestory.clean.date_stamps import cut_stamps, find_days, tidy_stamp
from samestory.read.formats.day_order import HIGHEST_MONTH, MAX_DATE_CHARS, NUMERIC_DATE_PATTERN

if TYPE_CHECKING:
    from dateutil.parser import parser

MAX_DATE_LINE_CHARS = 120  # code points of a line with two dates and their labels
DATE_PRECISIONS = ("second", "minute", "day", "month", "year")
COARSE_PRECISIONS = DATE_PRECISIONS[2:]
DIGIT_PATTERN, DATE_HINT_PATTERN = re.compile(r"\d"), re.compile(r"\d{4}|\d\W\w{1,9}\W\d")
# Hours from UTC. IST, and CST outside US outlets, are left out, since each names several zones.
ZONE_OFFSET_HOURS = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
                     "PDT": -7, "AKST": -9, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "HKT": 8,
                     "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13}
US_ZONE_NAMES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
DOTTED_DATE_PATTERN = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")  # 04.03.2021 is a day in March
ISO_DATE_PATTERN = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)? ?(Z|[+-]\d{2}:?\d{2})?)?)?",
                              re.ASCII)
YEAR_FIRST_PATTERN = re.compile(r"(?<!\d)\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|\d{4})(?!\d)", re.ASCII)
ORDINAL_DATE_PATTERN = re.compile(r"\d{4}-\d{3}", re.ASCII)  # the 92nd day of a year
PLACE_ZONE_PATTERN = re.compile(r"\s*\b([A-Z][A-Za-z]{2,12}/[A-Z][A-Za-z_]{2,20})\b")  # America/New_York
DAY_END_PATTERN = re.compile(r"(?<!\d)24:00(?::00(?:\.0+)?)?(?!\d)")
# seconds since 1970, or thousandths of them and so on, as computers count; from 2001 on
UNIX_TIME_PATTERN = re.compile(r"(1\d{9})(?:(?:\d{3}){0,3}(?:\.\d{1,9})?)", re.ASCII)
UNIX_POWER_PATTERN = re.compile(r"1\.\d{1,12}[eE]\+?(?:0?9|12)", re.ASCII)  # as a spreadsheet writes them
SPREADSHEET_DAY_PATTERN = re.compile(r"[2-5]\d{4}(?:\.\d{1,20})?", re.ASCII)  # days since 1899-12-30; from 1954 on
SPREADSHEET_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
CLOCK_SECONDS_PATTERN = re.compile(r"\d:\d{2}:\d{2}")
PLAUSIBLE_YEARS = range(1700, 2101)
PLACEHOLDER_DATES = {datetime(1970, 1, 1): "the first second that computers count",
                     datetime(1899, 12, 30): "a spreadsheet's zero",
                     datetime(1900, 1, 1): "a spreadsheet's first day"}  # what software writes if it has no date
DATE_MARKS = tuple(" .,;-/'")  # marks between the parts of a date
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
    stamps = cut_stamps(raw)
    reading = _read_whole(tidy_stamp(stamps[0].raw), None) if len(stamps) == 1 else DateReading()
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
    stamps = [stamp.raw for stamp in cut_stamps(raw) if DIGIT_PATTERN.search(stamp.raw)]
    if not stamps:
        return DateReading(problem="expected a date with its year")
    written = tidy_stamp(stamps[0])
    whole = _read_whole(written, day_first)
    if whole.moment and whole.precision not in ("month", "year"):
        return whole
    for day, odd in find_days(written):
        reading = _read_whole(day, day_first)
        if reading.moment:
            return replace(reading, problem=reading.problem or odd)
    return whole


def is_date_line(line: str) -> bool:
    """Whether a line consists of dates and their labels.

    >>> is_date_line("Published: 1 April 2024 | Updated: 2 April 2024"), is_date_line("On 1 April 2024 it rained")
    (True, False)
    """
    if len(line) > MAX_DATE_LINE_CHARS or not DATE_HINT_PATTERN.search(line):
        return False
    stamps = cut_stamps(line)
    return bool(stamps) and all(parse_date(stamp.raw) for stamp in stamps)


def _read_whole(written: str, day_first: bool | None) -> DateReading:
    """Read a tidied stamp of which nothing may be left over."""
    if len(written) > MAX_DATE_CHARS or not DIGIT_PATTERN.search(written):
        return DateReading(problem="expected a date with its year")
    if place := PLACE_ZONE_PATTERN.search(written):
        return _read_in_place(written, place, day_first)
    if DAY_END_PATTERN.search(written):  # the end of a day is the beginning of the next
        reading = _read_whole(DAY_END_PATTERN.sub("00:00", written), day_first)
        return replace(reading, moment=reading.moment + timedelta(days=1)) if reading.moment else reading
    if UNIX_POWER_PATTERN.fullmatch(written):
        written = str(round(float(written)))
    if unix := UNIX_TIME_PATTERN.fullmatch(written):
        return _normalize_date(datetime.fromtimestamp(int(unix[1]), UTC), "second")
    if SPREADSHEET_DAY_PATTERN.fullmatch(written):
        return _read_spreadsheet_day(float(written))
    is_iso = ISO_DATE_PATTERN.fullmatch(written) or ORDINAL_DATE_PATTERN.fullmatch(written)
    return _read_iso(written) if is_iso else _read_wording(written, day_first)


def _read_spreadsheet_day(days: float) -> DateReading:
    """A day as spreadsheets count it; the time has no zone, and the warning says how the number was read."""
    moment = SPREADSHEET_DAY_ZERO + timedelta(days=int(days), minutes=round(1_440 * (days - int(days))))
    return _normalize_date(moment, "minute" if days > int(days) else "day",
                           f"a number, read as a spreadsheet's day {moment:%Y-%m-%d}")


def _read_in_place(written: str, place: re.Match[str], day_first: bool | None) -> DateReading:
    """Read a stamp whose zone is named after a place; an offset that is written, too, counts more."""
    from dateutil import tz
    zone = tz.gettz(place[1])
    reading = _read_whole(written[:place.start()] + written[place.end():], day_first)
    if zone is None or reading.zoned or not reading.moment:
        return reading
    return replace(reading, moment=reading.moment.replace(tzinfo=zone).astimezone(UTC), zoned=True)


def _read_iso(raw: str) -> DateReading:
    if ORDINAL_DATE_PATTERN.fullmatch(raw):
        return _read_ordinal_date(raw)
    if len(raw) <= len("2021-03"):
        raw, precision = f"{raw}-01", "month"
    else:
        precision = "day" if ":" not in raw else "second" if CLOCK_SECONDS_PATTERN.search(raw) else "minute"
    try:
        moment = datetime.fromisoformat(raw.replace(",", ".").replace(" +", "+").replace(" Z", "Z"))
    except ValueError:
        return DateReading(problem="names a day or time that does not exist")
    return _normalize_date(moment, precision)


def _read_ordinal_date(raw: str) -> DateReading:
    try:
        return _normalize_date(datetime.strptime(f"{raw} +0000", "%Y-%j %z"), "day")
    except ValueError:
        return DateReading(problem="names a day or time that does not exist")


def _read_wording(raw: str, day_first: bool | None) -> DateReading:
    """Read a date in words; parts of the result that change with the default were not given."""
    unknown: set[str] = set()
    order = bool(day_first or DOTTED_DATE_PATTERN.search(raw)) and not YEAR_FIRST_PATTERN.search(raw)
    try:
        one, two = (_parse_date_wording(raw, default, unknown, order)
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
    is_open = day_first is None and not order and _has_two_orders(raw)
    odd = f"day and month may be the other way round; read as {one:%Y-%m-%d}" if is_open else ""
    return _normalize_date(one, precision, odd)


def _has_two_orders(raw: str) -> bool:
    """Whether a date in digits would be another one with day and month swapped."""
    found = NUMERIC_DATE_PATTERN.search(raw)
    return found is not None and found[1] != found[2] and max(int(found[1]), int(found[2])) <= HIGHEST_MONTH


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
