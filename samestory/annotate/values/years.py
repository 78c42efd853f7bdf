"""Years, decades, centuries and times of day."""

import re

from samestory.annotate.values.amounts import read_unit
from samestory.annotate.values.approximations import add_approximation
from samestory.annotate.values.calendar_dates import ORDINAL_SUFFIXES, PLAUSIBLE_NEWS_YEARS, read_year
from samestory.annotate.values.numerals import read_digits
from samestory.annotate.values.value_context import RANGE_MARKS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words
from samestory.base.language import WordList

CENTURY_WORDS, DECADE_SUFFIXES = WordList("century_words"), WordList("decade_suffixes")
YEAR_LEADS, TIME_ZONE_WORDS = WordList("year_leads"), WordList("time_zone_words")
COUNTED_PERSONS = WordList("aged_persons")
LEAST_YEAR_BEFORE_PLURAL = 1900  # "1846 patients" are counted, "2016 elections" dated
COUNTED_LABELS = ("CARDINAL", "QUANTITY", "MONEY", "PERCENT")
APOSTROPHES = ("'", "’", "‘")
ELAPSED_TIME_PATTERN = re.compile(r"[0-9]{1,3}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,3})?")
CLOCK_PATTERN = re.compile(r"([0-9]{1,2}|[0-9]{4})(?:\.([0-9]{2}))?")
CLOCK_WORDS, UNKNOWN_HALF = WordList("clock_words"), 0
MAX_HOUR, MAX_MINUTE, HOURS_A_HALF_DAY = 23, 59, 12


def find_decade(context: ValueContext, i: int) -> FoundValue | None:
    """`the 1990s`, `the '90s`: a date whose last digit is open."""
    text = context.text(i)
    if text in APOSTROPHES and context.touches(i + 1) and _has_decade_suffix(context, i + 1):
        digits = context.text(i + 1)
        return FoundValue(i, i + 3, "date", date=f"19{digits[0]}X") if len(digits) == 2 and digits[1] == "0" else None
    if text in APOSTROPHES and context.touches(i + 1) and not context.touches(i):  # '14
        digits, published = context.text(i + 1), context.parse.source.published
        if len(digits) == 2 and digits.isdigit() and published and not context.text(i + 2)[:1].isdigit():
            year = published.year // 100 * 100 + int(digits)
            return FoundValue(i, i + 2, "date", date=f"{year if year <= published.year + 1 else year - 100:04}")
    if not read_year(context, i) or text[3] != "0" or not _has_decade_suffix(context, i):
        return None
    return FoundValue(i, i + 2, "date", date=f"{text[:3]}X")


def _has_decade_suffix(context: ValueContext, i: int) -> bool:
    return context.touches(i + 1) and context.word(i + 1) in DECADE_SUFFIXES


def find_century(context: ValueContext, i: int) -> FoundValue | None:
    """`the 19th century` as 18XX, `the twentieth century`."""
    number = read_number_words("ordinal").get(context.word(i))
    at = i + 1
    if number is None and context.touches(i + 1) and context.word(i + 1) in ORDINAL_SUFFIXES:
        number, at = read_digits(context.text(i)), i + 2
    at += context.text(at) == "-"
    if number is None or context.word(at) not in CENTURY_WORDS or not 1 <= number <= 30:
        return None
    return FoundValue(i, at + 1, "date", date=f"{int(number) - 1:02}XX")


def find_year(context: ValueContext, i: int) -> FoundValue | None:
    """A year, or years from and to; not a number of four digits that counts something."""
    year = read_year(context, i)
    if year is None or not _is_year(context, i, year):
        return None
    if context.text(i + 1) in RANGE_MARKS:
        end = context.text(i + 2)
        until = read_year(context, i + 2)
        if until is None and len(end) == 2 and end.isdigit() and context.touches(i + 2):
            until = year // 100 * 100 + int(end)
        if until and until > year:
            return FoundValue(i, i + 3, "date", date=f"{year:04}/{until:04}")
    return FoundValue(i, i + 1, "date", date=f"{year:04}")


def _is_year(context: ValueContext, i: int, year: int) -> bool:
    if context.word(i - 1) in YEAR_LEADS or context.phrase(i - 2, i) in YEAR_LEADS:
        return True
    if year not in PLAUSIBLE_NEWS_YEARS or context.word(i + 1) in COUNTED_PERSONS or _is_counted(context, i):
        return False
    token = context.parse.doc[context.token(i)]
    after = context.token(i + 1) if context.text(i + 1) else token.i
    counts = token.dep_ == "nummod" and token.head.i > token.i and token.head.tag_ == "NNS"
    if counts and year < LEAST_YEAR_BEFORE_PLURAL:
        return False
    is_labelled = token.ent_type_ in COUNTED_LABELS or (not token.ent_type_ and context.parse.doc[after].tag_ == "NNS")
    return not (counts and is_labelled)


def find_time_of_day(context: ValueContext, i: int) -> FoundValue | None:
    """`6 a.m.`, `10:30 pm`, `18:30`, `1530 UTC`, `noon`: a local time as it is written."""
    named = read_date_values("time of day").get(context.word(i))
    if named is not None:
        return FoundValue(i, i + 1, "time", date=f"T{named:02}")
    clock = _read_clock(context, i)
    if clock is None:
        return None
    hour, minute, at = clock
    half, last = _read_half(context, at)
    is_titled = context.text(last).istitle() and context.text(last) not in TIME_ZONE_WORDS  # the 1:59 Challenge
    if half is None and (minute is None or "." in context.text(i) or is_titled):
        return FoundValue(i, last) if half is None and minute is not None and is_titled else None
    if hour > MAX_HOUR or (minute or 0) > MAX_MINUTE or (half is not None and not 1 <= hour <= HOURS_A_HALF_DAY):
        return None
    if half:
        hour = hour % HOURS_A_HALF_DAY + HOURS_A_HALF_DAY * (half - 1)
    return FoundValue(i, last, "time", date=f"T{hour:02}" + (f":{minute:02}" if minute is not None else ""))


def _is_counted(context: ValueContext, i: int) -> bool:
    """Whether four digits are a number for what stands around them: `1770 km`, `roughly 2000 Thai stores`."""
    if read_unit(context, i + 1):
        return True
    whole = add_approximation(context, FoundValue(i, i + 1, "number"))
    following = context.text(i + 1)
    return whole.first < i and following.isalpha() and context.parse.doc[context.token(i + 1)].pos_ in ("NOUN", "ADJ")


def find_elapsed_time(context: ValueContext, i: int) -> FoundValue | None:
    """A time in hours, minutes and seconds, `2:20:51`, as a duration in seconds."""
    parts = context.texts[i:i + 5]
    is_glued = all(context.touches(at) for at in range(i + 1, i + 5))
    if len(parts) < 5 or parts[1] != ":" or parts[3] != ":" or not is_glued or not ELAPSED_TIME_PATTERN.fullmatch(
            "".join(parts)):
        return None
    hours, minutes, seconds = float(parts[0]), float(parts[2]), float(parts[4])
    return FoundValue(i, i + 5, "duration", (hours * 60 + minutes) * 60 + seconds, unit="second")


def _read_clock(context: ValueContext, i: int) -> tuple[int, int | None, int] | None:
    """The hour and the minute that digits may give (`6`, `10:30`, `10.30`, `1530 UTC`), and the atom after them."""
    found = CLOCK_PATTERN.fullmatch(context.text(i))
    if found is None:
        return None
    hour, minute = found.groups()
    if minute:
        return int(hour), int(minute), i + 1
    if len(hour) == 4:
        return (*divmod(int(hour), 100), i + 1) if context.text(i + 1) in TIME_ZONE_WORDS else None
    following = context.text(i + 2)
    if context.text(i + 1) == ":" and context.touches(i + 1) and context.touches(i + 2) and len(following) == 2 \
            and following.isdigit():
        return int(hour), int(following), i + 3
    return int(hour), None, i + 1


def _read_half(context: ValueContext, i: int) -> tuple[int | None, int]:
    """The half of the day (1 before noon, 2 after it) of `a.m.` or `pm`, 0 for `o'clock`, and the atom after it."""
    halves = read_date_values("half")
    word = context.word(i)
    if len(word) == 2 and word in halves:
        return halves[word], i + 1
    if context.phrase(i, i + 3).replace("’", "'") in CLOCK_WORDS:
        return UNKNOWN_HALF, i + 3
    if word in halves and context.text(i + 1) == "." and context.word(i + 2) == "m" and context.text(i + 3) == ".":
        return halves[word], i + 4
    return None, i
