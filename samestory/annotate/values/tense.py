"""Tense: whether the words around a date speak of what is to come (`will meet on Thursday`, `is due Friday`)."""

from samestory.annotate.quotations.function_words import INFINITIVE_MARKERS
from samestory.annotate.values.value_context import ValueContext
from samestory.base.language import WordList

COMING_AUXILIARIES, COMING_WORDS = WordList("coming_auxiliaries"), WordList("coming_words")
MAX_CLIMBED_HEADS = 8
VERB_TAGS = ("VERB", "AUX")


def is_coming(context: ValueContext, i: int) -> bool:
    """Whether the verb that an atom depends on is in the future, or is one such as `scheduled`."""
    token = context.parse.doc[context.token(i)]
    for _ in range(MAX_CLIMBED_HEADS):
        if token.lower_ in COMING_WORDS:
            return True
        if token.pos_ in VERB_TAGS:
            auxiliaries = [child.lower_ for child in token.lefts if child.dep_ in ("aux", "auxpass")]
            if any(word in COMING_AUXILIARIES for word in (*auxiliaries, token.lower_)):
                return True
            if not any(word in INFINITIVE_MARKERS for word in auxiliaries):
                return False
        if token.head.i == token.i:
            return False
        token = token.head
    return False
