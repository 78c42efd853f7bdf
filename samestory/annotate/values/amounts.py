"""Amounts: a number with its unit (money, percentages, measures, durations), and ranges of two amounts.

What is counted and how exact a number is are added later, for all rules alike (counted.py, approximations.py).
"""

from dataclasses import replace

from samestory.annotate.values.numerals import Numeral, read_numeral
from samestory.annotate.values.value_context import JOINING_HYPHENS, RANGE_MARKS, FoundValue, ValueContext
from samestory.annotate.values.value_words import MAX_PHRASE_ATOMS, UnitOfMeasure, read_units
from samestory.base.language import WordList

RANGE_PREPOSITIONS, RANGE_CONJUNCTIONS = WordList("range_prepositions"), WordList("range_conjunctions")
RANGE_OPENINGS, CHANGE_OPENINGS = WordList("range_openings"), WordList("change_openings")
DURATION_ADJECTIVES = WordList("duration_adjectives")
CURRENCY_SIGNS = frozenset("$£€¥₹₽₱₩₪₦₺")
MAX_RANGE_RATIO = 1000.0  # between the ends of a range whose first end may share the second one's millions


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
    return _add_unit(context, FoundValue(i, numeral.last, "number", numeral.value,
                                         approximation=numeral.approximation))


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
    if unit is None and context.word(at) in DURATION_ADJECTIVES:
        unit = read_unit(context, at + 1)
        unit = unit if unit and unit[1].kind == "duration" else None
    return replace(found, last=unit[0], kind=unit[1].kind, unit=unit[1].unit) if unit else found


def find_amount(context: ValueContext, i: int) -> FoundValue | None:
    """An amount, or a range of two: `$5 to $10 million`, `36-40 people`, `between 5 and 10 percent`."""
    low = read_amount(context, i)
    if low is None:
        return None
    link = low.last
    if not _links_range(context, low, link):
        return low
    high = read_amount(context, link + 1)
    if high is None or high.value is None or low.value is None or high.approximation or low.approximation:
        return low
    if low.kind not in ("number", high.kind) or (low.unit != high.unit and low.unit):
        return low
    value = _share_scale(context, low, high)
    return low if value >= high.value else replace(high, first=i, value=value, value_to=high.value)


def _links_range(context: ValueContext, low: FoundValue, link: int) -> bool:
    """Whether the word or mark after a number can join it to the upper end of a range."""
    before = context.word(low.first - 1)
    if context.word(link) in RANGE_MARKS:
        return _starts_with_digit(context, low.first) or context.text(low.first) in CURRENCY_SIGNS
    if context.word(link) in RANGE_CONJUNCTIONS:
        return before in RANGE_OPENINGS
    return context.word(link) in RANGE_PREPOSITIONS and before not in CHANGE_OPENINGS


def _share_scale(context: ValueContext, low: FoundValue, high: FoundValue) -> float:
    """The lower end of a range, multiplied like the upper one where only that has the word: `5 to 10 million`."""
    assert low.value is not None and high.value is not None
    plain = read_numeral_scale(context, high)
    is_shared = plain > 1 and read_numeral_scale(context, low) == 1 and low.value < high.value / plain
    return low.value * plain if is_shared else low.value


def read_numeral_scale(context: ValueContext, found: FoundValue) -> float:
    """What the words behind the digits of an amount multiply them by: 1,000,000 in `5 million`; else 1."""
    for at in range(found.first, min(found.first + 3, found.last)):
        numeral: Numeral | None = read_numeral(context, at, currency=found.kind == "money")
        if numeral and numeral.scaled and _starts_with_digit(context, at):
            return numeral.value / float(context.text(at).replace(",", ""))
    return 1.0
