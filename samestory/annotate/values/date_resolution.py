"""Resolution of dates: what an article's day of publication adds to a date as it is written.

Dates are ISO 8601, as precise as the words: `2021-03-18`, `2021-W11`, `2021-03`, `2021`, `199X` (a decade), `2021-22`
(a summer), `2016/2018` (from, to). A date that stays open has X for each digit that nobody gives: `XXXX-03-18`,
`XXXX-WXX-4` (a Thursday); these are the forms of the Extended Date/Time Format [1]_. Day of publication is that in UTC.

.. [1] Library of Congress (2019), https://www.loc.gov/standards/datetime/, levels 0 and 1.
"""

from datetime import date, timedelta
from typing import NamedTuple

MAX_DAYS_AHEAD = 60  # days after publication until which a date without a year is taken as coming
MAX_MONTHS_AHEAD = 2  # the same for a month
DAYS_A_WEEK, MONTHS_A_YEAR, YEARS_A_DECADE, YEARS_A_CENTURY = 7, 12, 10, 100
SATURDAY = 6
MAX_WEEKDAY_YEARS = 2  # from publication, within which a weekday decides the year


class PartialDate(NamedTuple):
    """The parts of a date that are written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def format_partial_date(parts: PartialDate) -> str | None:
    """A date in ISO 8601, with X for digits that are not known; None for a day that does not exist.

    >>> format_partial_date(PartialDate(2021, 3)), format_partial_date(PartialDate(None, 2, 30))
    ('2021-03', None)
    """
    try:
        date(parts.year or 2000, parts.month or 1, parts.day or 1)
    except ValueError:
        return None
    written = f"{parts.year:04}" if parts.year else "XXXX"
    written += f"-{parts.month:02}" if parts.month else ""
    return written + (f"-{parts.day:02}" if parts.day else "")


def resolve_partial_date(parts: PartialDate, published: date | None, *, is_coming: bool,
                         is_over: bool = False) -> str | None:
    """A date, with the year that publication gives it: the last one, unless it is soon or the words say it will be.

    >>> resolve_partial_date(PartialDate(None, 12, 28), date(2019, 1, 4), is_coming=False)
    '2018-12-28'
    >>> resolve_partial_date(PartialDate(None, 3, 18), None, is_coming=False)
    'XXXX-03-18'
    """
    if parts.year or not published or not parts.month:
        return format_partial_date(parts)
    year = published.year
    if parts.day:
        ahead = _count_days_ahead(parts, published)
        if ahead is None:
            return format_partial_date(parts)
        most = 0 if is_over else MAX_DAYS_AHEAD
        year += _shift_year(ahead, most, 365, is_coming=is_coming)
    else:
        most = 0 if is_over else MAX_MONTHS_AHEAD
        year += _shift_year(parts.month - published.month, most, MONTHS_A_YEAR, is_coming=is_coming)
    return format_partial_date(PartialDate(year, parts.month, parts.day))


def _count_days_ahead(parts: PartialDate, published: date) -> int | None:
    try:
        return (date(published.year, parts.month or 1, parts.day or 1) - published).days
    except ValueError:
        return None


def _shift_year(ahead: int, most: int, year: int, *, is_coming: bool) -> int:
    """How many years from this one, for a date that is `ahead` of publication in this year."""
    if is_coming:
        return int(ahead < 0)
    return -1 if ahead > most else int(ahead + year <= most)


def find_year_of_weekday(parts: PartialDate, weekday: int, published: date) -> int | None:
    """The year, of those next to publication, in which a day of a month falls on a weekday (1 for Monday).

    >>> find_year_of_weekday(PartialDate(None, 5, 22), 6, date(2022, 1, 3))
    2021
    """
    near = sorted(range(published.year - MAX_WEEKDAY_YEARS, published.year + MAX_WEEKDAY_YEARS + 1),
                  key=lambda year: (abs(year - published.year), year))
    days = (format_partial_date(parts._replace(year=year)) for year in near if year > 0)
    found = [day for day in days if day and date.fromisoformat(day).isoweekday() == weekday]
    return min((date.fromisoformat(day) for day in found), key=lambda day: abs((day - published).days)).year \
        if found else None


def resolve_weekday(weekday: int, published: date | None, *, shift: int | None, is_coming: bool) -> str:
    """The day that a weekday's name denotes: the last one up to publication, or the next one.

    Parameters
    ----------
    weekday : 1 for Monday, 7 for Sunday
    published : the day of publication, if known
    shift : -1 for `last Monday`, 1 for `next Monday`, 0 for `this Monday`, None for the name alone
    is_coming : whether the words around it speak of the future

    >>> resolve_weekday(1, date(2019, 1, 4), shift=None, is_coming=False)
    '2018-12-31'
    """
    if not published:
        return f"XXXX-WXX-{weekday}"
    ahead = (weekday - published.isoweekday()) % DAYS_A_WEEK
    if shift == 1 or (is_coming and shift != -1):
        return (published + timedelta(days=ahead or (DAYS_A_WEEK if shift == 1 else 0))).isoformat()
    back = -ahead % DAYS_A_WEEK
    return (published - timedelta(days=back or (DAYS_A_WEEK if shift == -1 else 0))).isoformat()


def shift_date(published: date | None, unit: str, shift: int) -> str | None:
    """The day, week, month, year, decade, century, weekend or season that is `shift` units from publication.

    >>> shift_date(date(2021, 3, 17), "month", -3), shift_date(date(2021, 3, 17), "week", -1)
    ('2020-12', '2021-W10')
    """
    if not published or abs(shift) > 10_000:
        return None
    if unit in ("day", "week"):
        return _shift_days(published, unit, shift)
    if unit == "weekend":
        saturday = published + timedelta(days=SATURDAY - published.isoweekday() + DAYS_A_WEEK * min(shift, 0))
        return f"{saturday.isoformat()}/{(saturday + timedelta(days=1)).isoformat()}"
    year = published.year
    if unit == "month":
        months = year * MONTHS_A_YEAR + published.month - 1 + shift
        return f"{months // MONTHS_A_YEAR:04}-{months % MONTHS_A_YEAR + 1:02}" if months > MONTHS_A_YEAR else None
    years = {"year": 1, "decade": YEARS_A_DECADE, "century": YEARS_A_CENTURY}.get(unit, 0) * shift + year
    if years < 1 or unit not in ("year", "decade", "century"):
        return None
    return f"{years:04}"[:{"year": 4, "decade": 3, "century": 2}[unit]].ljust(4, "X")


def _shift_days(published: date, unit: str, shift: int) -> str | None:
    try:
        day = published + timedelta(days=shift * (DAYS_A_WEEK if unit == "week" else 1))
    except OverflowError:
        return None
    year, week, _ = day.isocalendar()
    return day.isoformat() if unit == "day" else f"{year:04}-W{week:02}"


def resolve_season(season: int, published: date | None, shift: int) -> str | None:
    """A season as year and code (21 to 24 from spring to winter): the last one, this year's or the next one.

    >>> resolve_season(22, date(2021, 3, 17), -1)
    '2020-22'
    """
    if not published:
        return None
    now = 21 + (published.month - 3) % MONTHS_A_YEAR // 3  # spring from March on
    year = published.year - (published.month < 3)  # a winter is that of the year in which it begins
    if shift < 0:
        year -= season >= now
    elif shift > 0:
        year += season <= now
    return f"{year:04}-{season}"
