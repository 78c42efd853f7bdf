"""Dates as outlets write them, turned into UTC; a date without a year is no date.

dateutil reads the wording. Two things it gets wrong for news are settled before: it takes GMT+8
for eight hours *behind* Greenwich, and it fills what is missing from today's date.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\b")
LABEL = re.compile(r"^\W*(first published|last (?:modified|updated)|published|updated|posted)(?: (?:on|at))?\s*:?\s*",
                   re.IGNORECASE)
# Hours from UTC. IST, and CST outside a US outlet, mean several zones: they are left out.
ZONES = {"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "BST": 1,
         "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9}
PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
DOTTED = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")  # 04.03.2021 is a day in March
YEARS = range(1700, 2101)
LONGEST = 60  # code points; a longer line is prose that holds a date


def parse_date(raw: str) -> datetime | None:
    """The moment a date names, in UTC; None if it names none or leaves the year open.

    A time without a zone, or in a zone whose name has several meanings, is taken as UTC; a day
    without a time as its first moment.

    >>> parse_date("Updated 2021.03.17 20:36 GMT+8").isoformat()
    '2021-03-17T12:36:00+00:00'
    >>> parse_date("March 11") is None
    True
    """
    raw = LABEL.sub("", raw.strip())
    if len(raw) > LONGEST or not any(char.isdigit() for char in raw):
        return None
    readings = {_read(OFFSET.sub(_write_offset, raw), default)
                for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))}
    if len(readings) > 1:  # what the text leaves open was filled from the default
        return None
    return readings.pop()


def is_update(raw: str) -> bool:
    """Whether a date says of itself that it is one of a change.

    >>> is_update("Updated 2021.03.17")
    True
    """
    label = LABEL.match(raw.strip())
    return bool(label) and label[1].lower() in {"updated", "last updated", "last modified"}


def _write_offset(found: re.Match) -> str:
    """GMT+8 in the one form that dateutil reads the way it is meant: +0800."""
    sign, hours, minutes = found.groups()
    return f"{sign}{int(hours):02}{minutes or '00'}"


def _name_zone(name: str | None, seconds: int | None) -> tzinfo | None:
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    if name in PLACES:  # summer time or not: that depends on the day
        from dateutil import tz
        return tz.gettz(PLACES[name])
    return timezone(timedelta(hours=ZONES[name])) if name in ZONES else None


def _read(raw: str, default: datetime) -> datetime | None:
    from dateutil import parser
    try:
        moment = parser.parse(raw, default=default, tzinfos=_name_zone, dayfirst=bool(DOTTED.search(raw)))
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, AttributeError):  # dateutil raises each on odd input
        return None
    return moment if moment.year in YEARS else None
