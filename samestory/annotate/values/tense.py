"""Tense: whether the words around a date speak of what is to come (`will meet on Thursday`, `is due Friday`)."""

from samestory.annotate.quotations.function_words import INFINITIVE_MARKERS
from samestory.annotate.values.value_context import ValueContext
from samestory.base.language import WordList

COMING_AUXILIARIES, COMING_WORDS = WordList("coming_auxiliaries"), WordList("coming_words")
PERFECT_AUXILIARIES = WordList("perfect_auxiliaries")
MAX_CLIMBED_HEADS = 8
UNRESOLVED_LEADS = WordList("unresolved_leads")  # "every Monday", "that March": of no known week or year
PRESENT_REPORT_VERBS = WordList("present_report_verbs")  # "he says Thursday" is over
PAST_LEADS = WordList("past_leads")
VERB_TAGS, PRESENT_TAGS = ("VERB", "AUX"), ("VB", "VBP", "VBZ")


def is_present(context: ValueContext, i: int) -> bool:
    """Whether the verb that an atom depends on is in the present: `It takes effect in November`."""
    token = context.parse.doc[context.token(i)]
    for _ in range(MAX_CLIMBED_HEADS):
        if token.pos_ in VERB_TAGS:
            auxiliaries = [child for child in token.lefts if child.dep_ in ("aux", "auxpass")]
            is_perfect = any(child.lemma_ in PERFECT_AUXILIARIES for child in auxiliaries)
            finite = auxiliaries[0] if auxiliaries else token
            return finite.tag_ in PRESENT_TAGS and not is_perfect
        if token.head.i == token.i:
            return False
        token = token.head
    return False


def is_present_adverbial(context: ValueContext, i: int) -> bool:
    """Whether an atom says when something happens, by a verb in the present other than of saying: `starts Thursday`."""
    token = context.parse.doc[context.token(i)]
    verb = token.head.head if token.head.pos_ == "ADP" else token.head
    if verb.pos_ not in VERB_TAGS or token.dep_ not in ("npadvmod", "pobj"):
        return False
    return verb.lemma_ not in PRESENT_REPORT_VERBS and is_present(context, i)


def is_past(context: ValueContext, i: int) -> bool:
    """Whether an atom follows a preposition of time whose verb is in the past: `It was passed in November`."""
    token = context.parse.doc[context.token(i)]
    if context.word(i - 1) not in PAST_LEADS or token.head.lower_ != context.word(i - 1):
        return False
    token = token.head
    for _ in range(MAX_CLIMBED_HEADS):
        if token.lower_ in COMING_WORDS:
            return False
        if token.pos_ in VERB_TAGS:
            auxiliaries = [child for child in token.lefts if child.dep_ in ("aux", "auxpass")]
            return (auxiliaries[0] if auxiliaries else token).tag_ == "VBD"
        if token.head.i == token.i:
            return False
        token = token.head
    return False


def is_coming(context: ValueContext, i: int) -> bool:
    """Whether the verb that an atom depends on is in the future, or is one such as `scheduled`."""
    token = context.parse.doc[context.token(i)]
    for _ in range(MAX_CLIMBED_HEADS):
        if token.lower_ in COMING_WORDS:
            return True
        if token.pos_ in VERB_TAGS:
            auxiliaries = [child.lower_ for child in token.lefts if child.dep_ in ("aux", "auxpass")]
            if any(word in PERFECT_AUXILIARIES for word in auxiliaries):
                return False
            if any(word in COMING_AUXILIARIES for word in (*auxiliaries, token.lower_)):
                return True
            if not any(word in INFINITIVE_MARKERS for word in auxiliaries):
                return False
        if token.head.i == token.i:
            return False
        token = token.head
    return False
