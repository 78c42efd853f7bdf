"""Amounts: a number with its unit (money, percentages, measures, durations), and ranges of two amounts.

What is counted and how exact a number is are added later, for all rules alike (counted.py, approximations.py).
"""

from dataclasses import replace

from samestory.annotate.values.numerals import Numeral, read_numeral
from samestory.annotate.values.value_context import JOINING_HYPHENS, RANGE_MARKS, FoundValue, ValueContext
from samestory.annotate.values.value_words import MAX_PHRASE_ATOMS, UnitOfMeasure, read_units
from samestory.base.language import WordList

RANGE_PREPOSITIONS, RANGE_CONJUNCTIONS = WordList("range_prepositions"), WordList("range_conjunctions")
RANGING_WORDS = WordList("ranging_words")
RANGE_OPENINGS, CHANGE_OPENINGS = WordList("range_openings"), WordList("change_openings")
DURATION_ADJECTIVES, PARTITIVE_PREPOSITIONS = WordList("duration_adjectives"), WordList("genitive_prepositions")
ALTERNATIVE_CONJUNCTIONS = WordList("alternative_conjunctions")
CURRENCY_SIGNS = frozenset("$£€¥₹₽₱₩₪₦₺₿")
UNIT_JOINTS, RATE_LINKS = WordList("unit_joints"), WordList("rate_links")
# how many of the smaller unit make one of the larger
SMALLER_UNITS: dict[str, dict[str, float]] = {
    "hour": {"minute": 60}, "minute": {"second": 60}, "day": {"hour": 24}, "week": {"day": 7}, "year": {"month": 12},
    "foot": {"inch": 12}, "pound": {"ounce": 16}}
MAX_SHARED_RATIO = 20.0  # of a first number to the second, if both are of the millions behind the second
MAX_OPENING_ATOMS = 4  # from "between" to a number: "between the ages of 14 and 18"
MILLIONS_ARE_MONEY = {"pound": "GBP"}  # units that in millions are a currency


def read_amount(context: ValueContext, i: int) -> FoundValue | None:
    """The number or amount that begins at an atom, without regard to ranges."""
    opened = _read_currency_sign(context, i)
    at = opened[0] if opened else i
    numeral = read_numeral(context, at, currency=opened is not None)
    if numeral is None:
        return None
    if opened:
        return FoundValue(i, numeral.last, "money", numeral.value, unit=opened[1],
                          approximation=numeral.approximation)
    found = _add_unit(context, FoundValue(i, numeral.last, "number", numeral.value,
                                          approximation=numeral.approximation))
    if numeral.scaled and found.unit in MILLIONS_ARE_MONEY:
        return replace(found, kind="money", unit=MILLIONS_ARE_MONEY[found.unit])
    return _join_smaller_unit(context, found)


def _join_smaller_unit(context: ValueContext, found: FoundValue) -> FoundValue:
    """An amount in two or three units, in the smallest of them: `1 hour 59 minutes`, `two years and three months`."""
    at = found.last + (context.word(found.last) in UNIT_JOINTS)
    numeral = read_numeral(context, at) if found.unit in SMALLER_UNITS and context.text(found.last) else None
    if numeral is None or found.value is None:
        return found
    part = _add_unit(context, FoundValue(at, numeral.last, "number", numeral.value))
    per_unit = SMALLER_UNITS[found.unit or ""].get(part.unit or "")
    if per_unit is None or part.value is None or part.value >= per_unit:
        return found
    joined = replace(found, last=part.last, value=found.value * per_unit + part.value, unit=part.unit)
    return _join_smaller_unit(context, joined)


def _read_currency_sign(context: ValueContext, i: int) -> tuple[int, str] | None:
    """A currency sign or code before a number (`$`, `US$`, `Rs`): the atom after it, and the currency."""
    for length in (2, 1):
        words = [context.text(at) for at in range(i, i + length)]
        glued = all(context.touches(at) for at in range(i + 1, i + length))
        found = read_units().get(" ".join(words)) if all(words) and glued else None
        if found and found.kind == "money" and _starts_with_digit(context, i + length) \
                and (words[-1] in CURRENCY_SIGNS or words[0].isupper() or words[0].istitle()):
            return i + length, found.unit
    return None


def _starts_with_digit(context: ValueContext, i: int) -> bool:
    return context.text(i)[:1].isdigit()


def read_unit(context: ValueContext, i: int) -> tuple[int, UnitOfMeasure] | None:
    """The longest unit whose words begin at an atom, and the atom after it."""
    units = read_units()
    for length in range(MAX_PHRASE_ATOMS, 0, -1):
        words = [context.text(at) for at in range(i, i + length)]
        if not all(words):
            continue
        found = units.get(" ".join(words)) or units.get(" ".join(words).lower())
        if found:
            return i + length, found
    return None


def _add_unit(context: ValueContext, found: FoundValue) -> FoundValue:
    """The amount that a number and the unit behind it make; the number itself if there is none."""
    at = found.last
    if context.word(at) in JOINING_HYPHENS and context.touches(at) and context.touches(at + 1):
        at += 1
    unit = read_unit(context, at)
    if unit and unit[1].kind == "duration" and _is_title(context, at):
        return replace(found, last=unit[0], kind="")
    if unit is None and context.word(at) in DURATION_ADJECTIVES:
        unit = read_unit(context, at + 1)
        unit = unit if unit and unit[1].kind == "duration" else None
    if unit is None and context.text(at).istitle():  # 100,000 Georgian lari
        unit = read_unit(context, at + 1)
        unit = unit if unit and unit[1].kind == "money" else None
    if unit is None and found.approximation and context.word(at) in PARTITIVE_PREPOSITIONS:  # millions of dollars
        unit = read_unit(context, at + 1)
    if unit is None:
        return found
    measured = replace(found, last=unit[0], kind=unit[1].kind, unit=unit[1].unit)
    return _add_rate(context, measured) if measured.kind == "measure" else measured


def _add_rate(context: ValueContext, found: FoundValue) -> FoundValue:
    """A measure with the unit that it is counted by: `1 mg per liter`, `8 m/s`, `60 miles an hour`."""
    if context.word(found.last) not in RATE_LINKS:
        return found
    unit = read_unit(context, found.last + 1)
    is_rate = unit and unit[1].kind in ("measure", "duration")
    return replace(found, last=unit[0], unit=f"{found.unit} per {unit[1].unit}") if unit and is_rate else found


def _is_title(context: ValueContext, i: int) -> bool:
    """Whether a capital in running text makes a number and a unit the name of a programme: `60 Minutes`."""
    text = context.text(i)
    return text.istitle() and context.parse.role_of(context.token(i)) == "body"


def find_amount(context: ValueContext, i: int) -> FoundValue | None:
    """An amount, or a range of two: `$5 to $10 million`, `36-40 people`, `between 5 and 10 percent`."""
    low = read_amount(context, i)
    if low is None or not low.kind:
        return low
    link, is_range = low.last, _links_range(context, low, low.last)
    if not is_range and context.word(link) not in RANGE_PREPOSITIONS:
        return low
    high = read_amount(context, link + 1)
    if high is not None and low.kind == "money" and high.kind == "number":  # between US$300 and 400 billion
        high = replace(high, kind="money", unit=low.unit)
    if high is None or not _makes_range(low, high):
        return low
    value = _share_scale(context, low, high)
    if high.value is None or not is_range or value >= high.value:  # from 2 to 5 percent, 51.3 to 43.5 percent
        return low if low.unit else replace(low, kind=high.kind, unit=high.unit, value=value)
    return replace(high, first=i, value=value, value_to=high.value)


def _makes_range(low: FoundValue, high: FoundValue) -> bool:
    """Whether two amounts are of one kind and unit (the first may lack it), and neither is vague."""
    is_exact = low.value is not None and high.value is not None and not (low.approximation or high.approximation)
    return is_exact and low.kind in ("number", high.kind) and low.unit in (None, high.unit)


def _links_range(context: ValueContext, low: FoundValue, link: int) -> bool:
    """Whether the word or mark after a number can join it to the upper end of a range."""
    before = context.word(low.first - 1)
    if context.word(link) in RANGE_MARKS:
        is_glued = context.touches(link) and context.touches(link + 1)
        return is_glued or _starts_with_digit(context, low.first) or context.text(low.first) in CURRENCY_SIGNS
    if context.word(link) in ALTERNATIVE_CONJUNCTIONS:
        return low.kind == "number"
    if context.word(link) in RANGE_CONJUNCTIONS:
        return any(context.word(at) in RANGE_OPENINGS for at in range(low.first - MAX_OPENING_ATOMS, low.first))
    ranges = any(context.word(at) in RANGING_WORDS for at in range(low.first - MAX_OPENING_ATOMS, low.first - 1))
    return context.word(link) in RANGE_PREPOSITIONS and (before not in CHANGE_OPENINGS or ranges)


def _share_scale(context: ValueContext, low: FoundValue, high: FoundValue) -> float:
    """The lower end of a range, multiplied like the upper one where only that has the word: `5 to 10 million`."""
    assert low.value is not None and high.value is not None
    plain = read_numeral_scale(context, high)
    is_shared = read_numeral_scale(context, low) == 1 and low.value <= MAX_SHARED_RATIO * high.value / plain
    return low.value * plain if plain > 1 and is_shared else low.value


def read_numeral_scale(context: ValueContext, found: FoundValue) -> float:
    """What the words behind the digits of an amount multiply them by: 1,000,000 in `5 million`; else 1."""
    for at in range(found.first, min(found.first + 3, found.last)):
        numeral: Numeral | None = read_numeral(context, at, currency=found.kind == "money")
        if numeral and numeral.scaled and _starts_with_digit(context, at):
            return numeral.value / float(context.text(at).replace(",", ""))
    return 1.0
