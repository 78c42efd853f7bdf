"""Numbers and amounts that no other rule reads, and places in an order (`the third woman`)."""

from dataclasses import replace

from samestory.annotate.values.amounts import find_amount
from samestory.annotate.values.calendar_dates import ORDINAL_SUFFIXES
from samestory.annotate.values.numerals import read_digits, read_numeral
from samestory.annotate.values.value_context import FoundValue, ValueContext
from samestory.annotate.values.value_words import read_number_words
from samestory.base.language import WordList

ONE_LEADS, ONE_FOLLOWERS = WordList("one_leads"), WordList("one_followers")
ORDINAL_NAME_NOUNS = WordList("ordinal_name_nouns")
NOUN_LIKE_POS = ("NOUN", "ADJ", "PROPN")


def find_number(context: ValueContext, i: int) -> FoundValue | None:
    """A number or amount; `one` only where it counts a noun."""
    found = find_amount(context, i)
    is_one = found is not None and found.value == 1 and found.kind == "number" and context.text(i).isalpha()
    return None if is_one and not _counts_one(context, i) else found


def _counts_one(context: ValueContext, i: int) -> bool:
    if context.word(i - 1) in ONE_LEADS or context.word(i + 1) in ONE_FOLLOWERS or not context.text(i + 1):
        return False
    token = context.parse.doc[context.token(i)]
    return token.dep_ == "nummod" and token.head.i > token.i and \
        context.parse.doc[context.token(i + 1)].pos_ in NOUN_LIKE_POS


def find_ordinal(context: ValueContext, i: int) -> FoundValue | None:
    """A place in an order, before a noun: `the third woman`, `the 45th president`."""
    value = read_number_words("ordinal").get(context.word(i))
    last = i + 1
    if value is None and context.touches(i + 1) and context.word(i + 1) in ORDINAL_SUFFIXES:
        value, last = read_digits(context.text(i)), i + 2
    if value is None or read_numeral(context, last) or context.named[context.atoms[i].start] or not context.text(last):
        return None
    token = context.parse.doc[context.token(i)]
    is_before_noun = token.dep_ in ("amod", "nummod") and token.head.i > token.i
    if not is_before_noun or context.word(last) in ORDINAL_NAME_NOUNS:
        return None
    return replace(FoundValue(i, last, "ordinal", value), counted=token.head.lemma_.lower())
