"""Values of one article: numbers, money, percentages, dates, durations and the like, as written and normalised.

Each rule of an ordered table reads a few atoms (numbers, words, marks) from a place on; `rules` has the table. The
words are rows of data/<language>/. Values of two articles are compared elsewhere.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from samestory.annotate.parse import Parse
from samestory.annotate.values.approximations import add_approximation
from samestory.annotate.values.counted import add_counted
from samestory.annotate.values.name_numbers import LIST_LINKS
from samestory.annotate.values.numerals import NUMERAL_ARTICLES
from samestory.annotate.values.rules import VALUE_RULES
from samestory.annotate.values.value_context import FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words, read_units
from samestory.base.language import cache_by_language

__all__ = ["VALUE_RULES", "find_values"]
OPENING_NUMBER_WORDS = ("cardinal", "multitude", "few", "fraction", "ordinal")
MAX_LIST_JOINT_ATOMS = 2  # ", and"
OPENING_DATE_WORDS = ("month", "weekday", "day shift", "period shift", "time of day")


def find_values(parse: Parse, mentions: list[dict[str, Any]], *,
                rules: Collection[str] = VALUE_RULES) -> list[dict[str, Any]]:
    """The values of one article, one row per value, in text order.

    Parameters
    ----------
    parse : the article's parse
    mentions : the rows of its table `mentions`: a number within a name is no value
    rules : the names of the rules that are used, in the order of the table

    Returns
    -------
    Rows of the table `values` without in_quotation.
    """
    context = ValueContext(parse, mentions)
    opening, finders = list_opening_words(), [(name, rule.find) for name, rule in VALUE_RULES.items() if name in rules]
    rows: list[dict[str, Any]] = []
    last, i = FoundValue(0, 0), 0
    while i < len(context.atoms):
        word = context.words[i]
        found = None
        if word in opening or word[:1].isnumeric():
            name, found = next(((name, found) for name, find in finders if (found := find(context, i))), ("", None))
        if found and found.kind:
            whole = _complete_value(context, found)
            if _continues_ages(context, last, whole):
                whole = replace(whole, kind="age", unit="year")
            rows.append(_make_value_row(context, whole, name))
            last = whole
        i = found.last if found else i + 1
    return rows


@cache_by_language
def list_opening_words() -> frozenset[str]:
    """The words and signs with which a value can begin, in lower case.

    >>> "$" in list_opening_words(), "yesterday" in list_opening_words()
    (True, True)
    """
    numbers = (word for kind in OPENING_NUMBER_WORDS for word in read_number_words(kind))
    dates = (word for kind in OPENING_DATE_WORDS for word in read_date_values(kind))
    money = (words.split()[0].lower() for words, unit in read_units().items() if unit.kind == "money")
    return frozenset({*numbers, *dates, *money, *NUMERAL_ARTICLES, "'", "’", "‘"})


def _continues_ages(context: ValueContext, last: FoundValue, found: FoundValue) -> bool:
    """Whether a bare number goes on a list of ages: `aged 14, 49 and 59`."""
    between = context.words[last.last:found.first]
    is_list = bool(between) and len(between) <= MAX_LIST_JOINT_ATOMS and all(word in LIST_LINKS for word in between)
    return last.kind == "age" and found.kind == "number" and found.counted is None and is_list


def _complete_value(context: ValueContext, found: FoundValue) -> FoundValue:
    return add_counted(context, add_approximation(context, found))


def _make_value_row(context: ValueContext, found: FoundValue, rule: str) -> dict[str, Any]:
    start, end = context.atoms[found.first].start, context.atoms[found.last - 1].end
    return {"value_id": context.parse.write_span_id("v", start, end),
            "article_id": context.parse.source.article_id, "start": start, "end": end,
            "text": context.parse.text[start:end], "kind": found.kind, "value": found.value,
            "value_to": found.value_to, "unit": found.unit, "date": found.date, "counted": found.counted,
            "approximation": found.approximation, "rule": rule,
            "sentence": int(context.parse.sentence_of[context.token(found.first)])}
