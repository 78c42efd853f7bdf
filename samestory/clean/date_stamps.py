"""Date stamps: the wording that pages print around and inside a date, reduced to forms that `dates` reads.

"Published: 09.05 BST, 1 April 2024 | Updated: ..." holds two stamps, each with the kind of its label. Tidying a stamp
guesses nothing. `find_days` does: it looks for a day among other words, in a value that is known to be a date, with
the names of months in the languages of data/month_names.csv.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from samestory.base.language import WordList, cache_by_language, join_words, read_language_rows
from samestory.base.resources import read_data_rows

MAX_STAMP_CHARS = 240  # code points of the stamps in one value
MAX_STAMP_WORDS = 10  # words around a day; with more of them, the value is prose
DATE_PREPOSITIONS = WordList("date_prepositions")
STAMP_MARKS = " \t\xa0,;:.|/()[]•·–—-"  # around a stamp
YEAR_REGEX, CLOCK_REGEX = r"(?:1[789]|20)\d\d", r"(?:[01]?\d|2[0-3]):[0-5]\d"
YEAR_PATTERN = re.compile(rf"(?<!\d){YEAR_REGEX}(?!\d)")
GLUED_YEAR_PATTERN = re.compile(rf"(?<!\d)({YEAR_REGEX})(?={CLOCK_REGEX})")  # April 1, 20249:05 AM
DOTTED_CLOCK_PATTERN = re.compile(rf"(?<![\d.,])([01]?\d|2[0-3])\.([0-5]\d)(?!\d|[.,]\d|\s*{YEAR_REGEX})")
ZONE_REGEX = r"(?:UTC|MSK|Z|[A-Z]{1,4}T)"
COMPACT_CLOCK_PATTERN = re.compile(rf"(?<!\d)([01]\d|2[0-3])([0-5]\d)(?= ?{ZONE_REGEX}\b)")  # 0905 GMT
UTC_OFFSET_PATTERN = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\b")
OFFSET_AND_ZONE_PATTERN = re.compile(r"([+-]\d{2}:?\d{2}|(?<=\d)Z) ?\(?[A-Z]{3,5}\b")
BRACKET_PATTERN = re.compile(r"\s*[(\[]([^()\[\]]*)(?:[)\]]|$)")
SEGMENT_PATTERN = re.compile(r"\s*[|•·]\s*|\s+[/–—-]\s+")
STAMP_CLOCK_PATTERN = re.compile(
    rf"(?<!\d)(?:{CLOCK_REGEX}(?::[0-5]\d)?(?: ?(?i:[ap]\.?m\b\.?))?|(?:1[0-2]|0?[1-9]) ?(?i:[ap]\.?m\b\.?))"
    rf"(?: ?(?:{ZONE_REGEX}\b|[+-]\d\d:?\d\d\b))?")


class DateStamp(NamedTuple):
    """A date as written, and the kind of its label: publication, update, or empty."""

    kind: str
    raw: str


def cut_stamps(raw: str) -> list[DateStamp]:
    """The stamps in a value or line; words before the first label are one, too.

    >>> [stamp.kind for stamp in cut_stamps("Published: 09:05, 1 April 2024 | Updated: 10:05, 1 April 2024")]
    ['publication', 'update']
    """
    raw = raw[:MAX_STAMP_CHARS]
    found = list(_date_label_pattern().finditer(raw))
    kinds = ["", *(read_date_labels()[label[1].lower()] for label in found)]
    spans = zip([0, *(label.end() for label in found)], [*(label.start() for label in found), len(raw)], strict=True)
    stamps = [DateStamp(kind, raw[start:end].strip(STAMP_MARKS)) for kind, (start, end)
              in zip(kinds, spans, strict=True)]
    return [stamp for stamp in stamps if stamp.raw]


def tidy_stamp(raw: str) -> str:
    """A stamp with its clock and zone in the usual forms, without what holds no digit.

    >>> tidy_stamp("April 1, 2024 / 9.05am (Eastern Time) / Harbour Post"), tidy_stamp("1 May 2024 1405 GMT+8")
    ('April 1, 2024 9:05am ET', '1 May 2024 14:05 +0800')
    """
    raw = _zone_name_pattern().sub(lambda name: _read_zone_names()[name[0].lower()], raw)
    raw = UTC_OFFSET_PATTERN.sub(_write_offset, COMPACT_CLOCK_PATTERN.sub(_split_compact_clock, raw))
    raw = GLUED_YEAR_PATTERN.sub(r"\1 ", DOTTED_CLOCK_PATTERN.sub(r"\1:\2", raw) if YEAR_PATTERN.search(raw) else raw)
    raw = OFFSET_AND_ZONE_PATTERN.sub(r"\1", raw)
    raw = BRACKET_PATTERN.sub(lambda found: f" {found[1]}" if _is_stamp_part(found[1]) else "", raw)
    parts = SEGMENT_PATTERN.split(raw)
    return " ".join(part for part in parts if len(parts) == 1 or any(map(str.isdigit, part))).strip(STAMP_MARKS)


def find_days(raw: str) -> Iterator[tuple[str, str]]:
    """The date among the words of a tidied stamp: with its clock, then the day alone; and what is odd about each.

    >>> list(find_days("Windle, le 3 mars 2024 9:05 BST"))
    [('2024-03-03 9:05 BST', ''), ('2024-03-03', 'holds more than a day; only the day is used')]
    """
    found = _find_day(raw)
    if not found:
        return
    (start, end), day = found
    rest = f"{raw[:start]} | {raw[end:]}"
    if len(rest.split()) > MAX_STAMP_WORDS:
        return
    if clock := STAMP_CLOCK_PATTERN.search(rest):
        yield f"{day} {clock.group()}", ""
    yield day, "holds more than a day; only the day is used" if any(map(str.isdigit, rest)) else ""


def _find_day(raw: str) -> tuple[tuple[int, int], str] | None:
    """The span of the first day in a stamp, and that day: in ISO form, or as written if its month is a number."""
    if not (found := _day_pattern().search(raw)):
        return None
    number = found["month"] or found["month_2"] or found["month_3"]
    if number is None:
        return found.span(), found.group()
    month = int(number) if number.isdigit() else _read_month_names()[number.lower()]
    year, day = found["year"] or found["year_2"] or found["year_3"], found["day"] or found["day_2"] or found["day_3"]
    return found.span(), f"{year}-{month:02}-{int(day):02}"


@cache_by_language
def read_date_labels() -> dict[str, str]:
    """The labels before a date, in lower case, each with its kind: publication or update."""
    return {row["label"]: row["kind"] for row in read_language_rows("date_labels")}


@cache_by_language
def _date_label_pattern() -> re.Pattern[str]:
    labels = join_words(read_date_labels())
    return re.compile(rf"(?<![^\W\d_])({labels})(?![^\W\d_])(?: (?:{DATE_PREPOSITIONS.pattern})(?=[ :\d]))?\s*:?\s*",
                      re.IGNORECASE)


@cache_by_language
def _read_zone_names() -> dict[str, str]:
    """The abbreviation or offset of each time zone that has a name, in lower case."""
    return {row["word"].lower(): row["value"] for row in read_language_rows("date_words") if row["kind"] == "zone"}


@cache_by_language
def _zone_name_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{join_words(_read_zone_names())})\b", re.IGNORECASE)


@cache_by_language
def _read_month_names() -> dict[str, int]:
    """The number of each month, by its names in lower case: ours, and those of other languages."""
    own = {row["word"].lower(): int(row["value"]) for row in read_language_rows("date_words") if row["kind"] == "month"}
    return {row["name"]: int(row["month"]) for row in read_data_rows("month_names")} | own


@cache_by_language
def _day_pattern() -> re.Pattern[str]:
    """A day with its year: 1 April 2024, April 1, 2024, 2024-04-01 (also with 年 and 月), 1/4/2024."""
    month, link = join_words(_read_month_names()), r"[\s.,'-]{0,3}(?:\b(?:de|del|of)\s)?"
    return re.compile(
        rf"(?<!\d)(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?{link}\b(?P<month>{month})\b{link}(?P<year>{YEAR_REGEX})"
        rf"|\b(?P<month_2>{month})\b[\s.]{{0,2}}(?P<day_2>\d{{1,2}})(?:st|nd|rd|th)?[\s,]{{1,2}}(?P<year_2>{YEAR_REGEX})"
        rf"|(?P<year_3>{YEAR_REGEX})\s?[-/.:年년]\s?(?P<month_3>\d{{1,2}})\s?[-/.:月월]\s?(?P<day_3>\d{{1,2}})"
        rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]{YEAR_REGEX})(?!\d)", re.IGNORECASE)


def _write_offset(found: re.Match[str]) -> str:
    """An offset such as GMT+8 in the only form that dateutil reads correctly: +0800."""
    sign, hours, minutes = found.groups()
    return f"{sign}{int(hours):02}{minutes or '00'}"


def _split_compact_clock(found: re.Match[str]) -> str:
    """A clock of four digits, with its colon; a number that is the only year of its stamp stays as it is."""
    rest = found.string[:found.start()] + found.string[found.end():]
    return f"{found[1]}:{found[2]}" if YEAR_PATTERN.search(rest) else found.group()


def _is_stamp_part(words: str) -> bool:
    """Whether what stands in brackets may belong to a date: a zone, or anything with a digit."""
    return any(map(str.isdigit, words)) or bool(re.fullmatch(rf"{ZONE_REGEX}|[A-Z][a-z]+/\w+", words))
