"""Approximations: words before and after a number that say how exact it is (`some 30`, `at most 5`, `100 or so`)."""

from dataclasses import replace

from samestory.annotate.values.value_context import FoundValue, ValueContext
from samestory.annotate.values.value_words import MAX_PHRASE_ATOMS, read_approximators
from samestory.base.language import WordList

SPANNING_PREPOSITIONS, SPAN_LEADS = WordList("spanning_prepositions"), WordList("span_leads")
WORDS_WITH_OVER = WordList("words_with_over")
APPROXIMATED_KINDS = ("number", "money", "percentage", "measure", "duration", "age", "time")


def add_approximation(context: ValueContext, found: FoundValue) -> FoundValue:
    """A value with the words that say how exact it is, which become part of its span."""
    if found.kind not in APPROXIMATED_KINDS:
        return found
    before = _find_phrase_before(context, found.first)
    after = _find_phrase_after(context, found.last)
    if before and found.kind == "duration" and context.word(before[0]) in SPANNING_PREPOSITIONS \
            and context.word(before[0] - 1) not in SPAN_LEADS:
        before = None  # $80 billion over 10 years
    if before and context.word(before[0]) in SPANNING_PREPOSITIONS and context.word(before[0] - 1) in WORDS_WITH_OVER:
        before = None  # presided over two briefings
    if before:
        found = replace(found, first=before[0], approximation=found.approximation or before[1])
    if after:
        found = replace(found, last=after[0], approximation=found.approximation or after[1])
    return found


def _find_phrase_before(context: ValueContext, i: int) -> tuple[int, str] | None:
    """The longest approximating phrase that ends before an atom: the atom where it begins, and what it says."""
    phrases = read_approximators("before")
    for length in range(MAX_PHRASE_ATOMS, 0, -1):
        said = phrases.get(context.phrase(i - length, i))
        if said:
            return i - length, said
    return None


def _find_phrase_after(context: ValueContext, i: int) -> tuple[int, str] | None:
    phrases = read_approximators("after")
    for length in range(MAX_PHRASE_ATOMS, 0, -1):
        said = phrases.get(context.phrase(i, i + length))
        if said:
            return i + length, said
    return None
