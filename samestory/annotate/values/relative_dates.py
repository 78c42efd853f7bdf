"""Dates counted from the day of publication: `Thursday`, `last Monday`, `yesterday`, `last month`, `two years ago`."""

from samestory.annotate.roles import DEFINITE_ARTICLES
from samestory.annotate.values.amounts import ALTERNATIVE_CONJUNCTIONS, PARTITIVE_PREPOSITIONS, find_amount, read_unit
from samestory.annotate.values.approximations import add_approximation
from samestory.annotate.values.date_resolution import resolve_season, resolve_weekday, shift_date
from samestory.annotate.values.numerals import FRACTION_LINKS, NUMERAL_ARTICLES
from samestory.annotate.values.tense import UNRESOLVED_LEADS, has_past_verb, is_coming, is_present_adverbial
from samestory.annotate.values.value_context import FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words
from samestory.base.language import WordList

SHORTEST_WEEKDAY_CHARS = 5  # shorter ones are abbreviations: `Sun`
SHIFTED_UNITS = ("week", "month", "year", "decade", "century", "weekend")
WEEKDAY_NAME_LEADS = WordList("weekday_name_leads")
AGO_WORDS, AGO_UNITS = WordList("ago_words"), ("day", "week", "month", "year", "decade", "century")
DURATION_LEADS, DURATION_FOLLOWERS = WordList("duration_leads"), WordList("duration_followers")
WEEKEND_WORDS, EARLY_WEEKDAYS = WordList("weekend_words"), (1, 2, 3)
PERIOD_LEADS = WordList("period_leads")


def find_weekday(context: ValueContext, i: int) -> FoundValue | None:
    """A day by its name, with `last`, `this` or `next` before it."""
    shift = read_date_values("period shift").get(context.word(i))
    at = i if shift is None else i + 1
    weekday = read_date_values("weekday").get(context.word(at))
    if weekday is None or len(context.text(at)) < SHORTEST_WEEKDAY_CHARS or not context.text(at)[0].isupper():
        return None
    if context.word(at - 1) in WEEKDAY_NAME_LEADS and context.text(at - 1)[0].isupper():
        return FoundValue(at, at + 1)
    published = None if context.word(i - 1) in UNRESOLVED_LEADS else context.parse.source.published
    coming = is_coming(context, at) or is_present_adverbial(context, at)
    return FoundValue(i, at + 1, "date", date=resolve_weekday(weekday, published, shift=shift, is_coming=coming))


def find_named_day(context: ValueContext, i: int) -> FoundValue | None:
    """`today`, `yesterday`, `tomorrow`, `tonight`, `this morning`, `last night`."""
    published = context.parse.source.published
    shift = read_date_values("day shift").get(context.word(i))
    if shift is not None and context.text(i)[0].isupper() and context.text(i - 1)[:1].isalpha() \
            and context.parse.role_of(context.token(i)) == "body":
        return FoundValue(i, i + 1)  # USA Today
    if shift is not None:
        return FoundValue(i, i + 1, "date", date=shift_date(published, "day", shift))
    shift = read_date_values("period shift").get(context.word(i))
    if shift is None or shift > 0 or context.word(i + 1) not in read_date_values("part of day") \
            or context.word(i - 1) in DEFINITE_ARTICLES:
        return None
    return FoundValue(i, i + 2, "date", date=shift_date(published, "day", shift))


def find_shifted_period(context: ValueContext, i: int) -> FoundValue | None:
    """`last week`, `this month`, `next year`, `last summer`."""
    shift = read_date_values("period shift").get(context.word(i))
    if shift is None:
        return None
    if context.word(i - 1) in DEFINITE_ARTICLES:  # the last year: twelve months up to now
        unit = read_unit(context, i + 1) if shift and context.word(i - 2) in PERIOD_LEADS else None
        return FoundValue(i + 1, unit[0], "duration", 1.0, unit=unit[1].unit) if unit and unit[1].kind == "duration" \
            and context.word(i + 2) not in PARTITIVE_PREPOSITIONS else None
    if context.text(i + 1).istitle() and context.parse.role_of(context.token(i)) == "body":
        return FoundValue(i, i + 2)  # the programme "This Week"
    season = read_date_values("season").get(context.word(i + 1))
    published = context.parse.source.published
    if season:
        return FoundValue(i, i + 2, "date", date=resolve_season(season, published, shift))
    if context.word(i + 1) not in read_date_values("period") or context.word(i + 2) in PARTITIVE_PREPOSITIONS:
        return None
    if shift == 0 and context.word(i + 1) in WEEKEND_WORDS and published and published.isoweekday() in EARLY_WEEKDAYS \
            and has_past_verb(context, i):
        shift = -1  # "it rained this weekend", on a Monday
    period = SHIFTED_UNITS[read_date_values("period")[context.word(i + 1)] - 1]
    return FoundValue(i, i + 2, "date", date=shift_date(published, period, shift))


def find_days_ago(context: ValueContext, i: int) -> FoundValue | None:
    """`two weeks ago`, `a year ago`: a date as precise as its unit."""
    found = find_amount(context, i) or _read_single_unit(context, i)
    if found is None or found.kind != "duration" or context.word(found.last) not in AGO_WORDS:
        return None
    date = None
    if found.unit in AGO_UNITS and found.value and found.value.is_integer() and not found.value_to:
        date = shift_date(context.parse.source.published, found.unit, -int(found.value))
    whole = add_approximation(context, found)
    return FoundValue(whole.first, found.last + 1, "date", date=date, approximation=whole.approximation)


def find_single_duration(context: ValueContext, i: int) -> FoundValue | None:
    """`for a year`, `an hour later`, `half an hour`: durations without a number."""
    share = read_number_words("fraction").get(context.word(i))
    if share:
        at = i + 1 + (context.word(i + 1) in NUMERAL_ARTICLES)
        unit = read_unit(context, at)
        return FoundValue(i, unit[0], "duration", share, unit=unit[1].unit) if unit and unit[1].kind == "duration" \
            and at > i + 1 else None
    found = _read_single_unit(context, i)
    is_duration = context.word(i - 1) in DURATION_LEADS or (
        found is not None and context.word(found.last) in DURATION_FOLLOWERS)
    return found if is_duration or (found is not None and found.value_to) else None


def _read_single_unit(context: ValueContext, i: int) -> FoundValue | None:
    if context.word(i) not in NUMERAL_ARTICLES:
        return None
    unit = read_unit(context, i + 1)
    is_noun = unit and context.parse.doc[context.token(unit[0] - 1)].dep_ not in ("amod", "compound")
    if unit is None or unit[1].kind != "duration" or not is_noun:
        return None
    other = read_number_words("cardinal").get(context.word(unit[0] + 1))
    if context.word(unit[0]) in ALTERNATIVE_CONJUNCTIONS and other and read_unit(context, unit[0] + 2) is None:
        return FoundValue(i, unit[0] + 2, "duration", 1.0, other, unit=unit[1].unit)  # a week or two
    has_half = context.phrase(unit[0], unit[0] + 3) in FRACTION_LINKS  # an hour and a half
    return FoundValue(i, unit[0] + 3 * has_half, "duration", 1 + 0.5 * has_half, unit=unit[1].unit)
