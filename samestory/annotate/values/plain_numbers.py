"""Numbers and amounts that no other rule reads, and places in an order (`the third woman`)."""

from dataclasses import replace

from samestory.annotate.values.amounts import find_amount
from samestory.annotate.values.calendar_dates import ORDINAL_SUFFIXES
from samestory.annotate.values.numerals import read_digits, read_numeral
from samestory.annotate.values.person_numbers import NOUN_LIKE_POS
from samestory.annotate.values.relative_dates import AGO_WORDS, DURATION_FOLLOWERS, DURATION_LEADS
from samestory.annotate.values.value_context import JOINING_HYPHENS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words
from samestory.base.language import WordList

ONE_LEADS, ONE_FOLLOWERS = WordList("one_leads"), WordList("one_followers")
ORDINAL_NAME_NOUNS = WordList("ordinal_name_nouns")


def find_number(context: ValueContext, i: int) -> FoundValue | None:
    """A number or amount; `one` only where it counts a noun."""
    found = find_amount(context, i)
    if found is None or found.value != 1 or not context.text(i).isalpha():
        return found
    if found.kind == "duration" and found.unit == "day" and found.value_to is None:  # one day, she left
        is_span = context.word(i - 1) in DURATION_LEADS or context.word(found.last) in (*DURATION_FOLLOWERS, *AGO_WORDS)
        return found if is_span else None
    return None if found.kind == "number" and found.value_to is None and not _counts_one(context, i) else found


def _counts_one(context: ValueContext, i: int) -> bool:
    following = context.word(i + 1)
    if context.word(i - 1) in ONE_LEADS or following in ONE_FOLLOWERS or following in read_date_values("weekday"):
        return False
    if not following:
        return False
    token = context.parse.doc[context.token(i)]
    is_named = token.head.ent_type_ == "PERSON" and token.head.tag_ == "NNP"  # one Ann Lee
    return not is_named and token.dep_ == "nummod" and token.head.i > token.i and \
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
    is_name = context.text(i).istitle() and context.text(i - 1) not in ("", ":", "“", '"') \
        and context.parse.role_of(token.i) == "body"
    if is_name:  # the Fourth and Fourteenth Amendments
        return FoundValue(i, last)
    is_before_noun = token.dep_ in ("amod", "nummod", "compound") and token.head.i > token.i
    if not is_before_noun or context.text(last) in JOINING_HYPHENS or context.word(last) in ORDINAL_NAME_NOUNS:
        return FoundValue(i, last)
    return replace(FoundValue(i, last, "ordinal", value), counted=token.head.lemma_.lower())
