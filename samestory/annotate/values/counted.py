"""What a number counts: the head noun of its phrase, or of the phrase after `of` (`two dozen of the protesters`)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from samestory.annotate.values.amounts import read_unit
from samestory.annotate.values.value_context import FoundValue, ValueContext
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

COUNTED_KINDS = ("number", "percentage", "measure", "ordinal")
PARTITIVE_PREPOSITIONS = WordList("genitive_prepositions")
NOUN_TAGS, MODIFIER_TAGS = ("NOUN", "PROPN"), ("ADJ", "ADV", "NUM", "NOUN", "PROPN", "DET", "PRON")
MAX_PHRASE_TOKENS = 8  # tokens after a number among which the noun is looked for


def add_counted(context: ValueContext, found: FoundValue) -> FoundValue:
    """A value with the lemma of the noun that it counts, if there is one."""
    if found.kind not in COUNTED_KINDS or found.counted:
        return found
    first, last = context.token(found.first), context.token(found.last - 1) + 1
    doc = context.parse.doc
    if last < len(doc) and doc[last].lower_ in PARTITIVE_PREPOSITIONS:
        last += 1
    elif found.kind in ("percentage", "measure") and read_unit(context, found.last - 1):
        return found
    noun = _find_head_noun(context, first, last)
    return replace(found, counted=noun) if noun else found


def _find_head_noun(context: ValueContext, first: int, last: int) -> str | None:
    """The lemma of the last noun of the phrase that begins at a token."""
    doc, noun = context.parse.doc, None
    sentence = context.parse.sentence_of
    for at in range(last, min(last + MAX_PHRASE_TOKENS, len(doc))):
        token = doc[at]
        if sentence[at] != sentence[first]:
            break
        if token.pos_ in NOUN_TAGS:
            noun = token
            if not _modifies_next(token, at):
                break
        elif (token.pos_ not in MODIFIER_TAGS and token.tag_ not in ("VBN", "VBG", "HYPH", "POS", "CC", ",")) \
                or (noun is not None and token.pos_ not in NOUN_TAGS):
            break
    return noun.lemma_.lower() if noun is not None else None


def _modifies_next(token: "Token", at: int) -> bool:
    """Whether a noun only modifies the next word."""
    return bool(token.dep_ in ("compound", "amod", "nmod", "poss", "nummod") and token.head.i > at)
