"""Tense: whether the words around a date speak of what is to come (`will meet on Thursday`, `is due Friday`)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samestory.annotate.quotations.function_words import INFINITIVE_MARKERS
from samestory.annotate.values.value_context import ValueContext
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

COMING_AUXILIARIES, COMING_WORDS = WordList("coming_auxiliaries"), WordList("coming_words")
PAST_ADVERBS = WordList("past_adverbs")
COMING_LEADS = WordList("coming_leads")  # come November 3
POSSIBLE_AUXILIARIES = WordList("possible_auxiliaries")
PERFECT_AUXILIARIES, PAST_LEADS = WordList("perfect_auxiliaries"), WordList("past_leads")
PRESENT_REPORT_VERBS = WordList("present_report_verbs")  # "he says Thursday" is over
UNRESOLVED_LEADS = WordList("unresolved_leads")  # "every Monday", "that March": of no known week or year
MAX_CLIMBED_HEADS = 8
VERB_TAGS, PRESENT_TAGS, PAST_TAG = ("VERB", "AUX"), ("VB", "VBP", "VBZ"), "VBD"
AUXILIARY_DEPENDENCIES, ADVERBIAL_DEPENDENCIES = ("aux", "auxpass"), ("npadvmod", "pobj")


def is_coming(context: ValueContext, i: int) -> bool:
    """Whether the verb that an atom depends on is in the future, or a word such as `scheduled` is above it."""
    if context.word(i - 1) in COMING_LEADS:
        return True
    is_adverbial = context.parse.doc[context.token(i)].dep_ in ADVERBIAL_DEPENDENCIES  # not "Tuesday's"
    for token in _climb_heads(context, i):
        if token.lower_ in COMING_WORDS:
            return True
        if token.pos_ in VERB_TAGS:
            words = [auxiliary.lower_ for auxiliary in _list_auxiliaries(token)]
            if any(word in PERFECT_AUXILIARIES for word in words):
                return False
            if any(word in COMING_AUXILIARIES or (is_adverbial and word in POSSIBLE_AUXILIARIES)
                   for word in (*words, token.lower_)):
                return True
            if not any(word in INFINITIVE_MARKERS for word in words):
                return False
    return False


def is_present(context: ValueContext, i: int) -> bool:
    """Whether the verb that an atom depends on is in the present: `It takes effect in November`."""
    verb = next((token for token in _climb_heads(context, i) if token.pos_ in VERB_TAGS), None)
    is_perfect = verb is not None and any(word.lower_ in PERFECT_AUXILIARIES for word in _list_auxiliaries(verb))
    return verb is not None and _find_finite(verb).tag_ in PRESENT_TAGS and not is_perfect


def is_present_adverbial(context: ValueContext, i: int) -> bool:
    """Whether an atom says when something happens, by a verb in the present other than of saying: `starts Thursday`."""
    token = context.parse.doc[context.token(i)]
    verb = token.head.head if token.head.pos_ == "ADP" else token.head
    is_adverbial = verb.pos_ in VERB_TAGS and token.dep_ in ADVERBIAL_DEPENDENCIES
    return is_adverbial and verb.lemma_ not in PRESENT_REPORT_VERBS and is_present(context, i)


def has_past_verb(context: ValueContext, i: int) -> bool:
    """Whether the verb that an atom depends on is in the past."""
    verb = next((token for token in _climb_heads(context, i) if token.pos_ in VERB_TAGS), None)
    return verb is not None and _find_finite(verb).tag_ == PAST_TAG


def is_past(context: ValueContext, i: int) -> bool:
    """Whether an atom follows a preposition of time whose verb is in the past: `It was passed in November`."""
    token = context.parse.doc[context.token(i)]
    if context.word(i - 1) not in PAST_LEADS or token.head.lower_ != context.word(i - 1):
        return False
    if context.word(i - 2) in PAST_ADVERBS:  # back in November
        return True
    for above in _climb_heads(context, i):
        if above.lower_ in COMING_WORDS:
            return False
        if above.pos_ in VERB_TAGS:
            return _find_finite(above).tag_ == PAST_TAG
    return False


def _climb_heads(context: ValueContext, i: int) -> "Iterator[Token]":
    """The token of an atom, its head, the head of that, and so on."""
    token = context.parse.doc[context.token(i)]
    for _ in range(MAX_CLIMBED_HEADS):
        yield token
        if token.head.i == token.i:
            return
        token = token.head


def _list_auxiliaries(verb: "Token") -> "list[Token]":
    return [child for child in verb.lefts if child.dep_ in AUXILIARY_DEPENDENCIES]


def _find_finite(verb: "Token") -> "Token":
    """The first auxiliary of a verb, or the verb itself."""
    return next(iter(_list_auxiliaries(verb)), verb)
