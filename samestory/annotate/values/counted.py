"""What a number counts: the head noun of its phrase, or of the phrase after `of` (`two dozen of the protesters`)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from samestory.annotate.values.amounts import PARTITIVE_PREPOSITIONS, read_unit
from samestory.annotate.values.value_context import JOINING_HYPHENS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values

if TYPE_CHECKING:
    from spacy.tokens import Token

COUNTED_KINDS = ("number", "percentage", "measure", "ordinal")
NOUN_POS, MODIFIER_POS = ("NOUN", "PROPN"), ("ADJ", "ADV", "NUM", "NOUN", "PROPN", "PRON")
PARTICIPLE_TAGS = ("VBN", "VBG", "``")  # and the mark before a quoted word
MODIFIER_TAGS = (*PARTICIPLE_TAGS, "HYPH", "POS", "CC", ",", "''")  # what stands between modifiers
MODIFIER_DEPENDENCIES = ("compound", "amod", "nmod", "poss", "nummod", "conj")
OPENING_NOUN_MARKS = frozenset("“‘'[(\"")  # before a counted noun: 40 “new” plants
MAX_PHRASE_TOKENS = 8  # tokens after a number among which the noun is looked for


def add_counted(context: ValueContext, found: FoundValue) -> FoundValue:
    """A value with the lemma of the noun that it counts, if there is one."""
    if found.kind not in COUNTED_KINDS or found.counted:
        return found
    first, last = context.token(found.first), context.token(found.last - 1) + 1
    if context.text(found.last) in JOINING_HYPHENS and context.touches(found.last) and context.touches(found.last + 1):
        return replace(found, counted=_find_joined_noun(context, found.last + 1))
    doc = context.parse.doc
    if last < len(doc) and doc[last].lower_ in PARTITIVE_PREPOSITIONS:
        last += 1
    elif found.kind == "measure" or (found.kind == "percentage" and read_unit(context, found.last - 1)):
        return found
    if not context.text(found.last)[:1].isalpha() and context.text(found.last) not in OPENING_NOUN_MARKS:
        return found
    noun = _find_numeral_head(context, last) or _find_head_noun(context, first, last)
    return replace(found, counted=noun) if noun and noun not in read_date_values("day shift") else found


def _find_numeral_head(context: ValueContext, last: int) -> str | None:
    """The lemma of the noun that the numeral before a token belongs to, for the model: `lane` in `a four lane road`."""
    token = context.parse.doc[last - 1]
    noun = token.head
    is_near = token.i < noun.i < last + MAX_PHRASE_TOKENS
    if is_near and noun.i + 1 < len(noun.doc) and noun.nbor(1).tag_ == "HYPH":  # co-authors
        return None
    return _find_lemma(noun) if token.dep_ == "nummod" and is_near and noun.pos_ in NOUN_POS else None


def _find_joined_noun(context: ValueContext, i: int) -> str | None:
    """The word that a hyphen joins to a number: `page` in `a 12-page report`; none in `a 1,000-strong crowd`."""
    token = context.parse.doc[context.token(i)]
    return None if token.pos_ not in NOUN_POS or not context.text(i).isalpha() else context.word(i)


def _find_head_noun(context: ValueContext, first: int, last: int) -> str | None:
    """The lemma of the head of the phrase that begins at a token."""
    doc, noun = context.parse.doc, None
    sentence = context.parse.sentence_of
    for at in range(last, min(last + MAX_PHRASE_TOKENS, len(doc))):
        token = doc[at]
        if sentence[at] != sentence[first] or not _may_stand_before_noun(token, is_first=at == last):
            break
        if token.pos_ in NOUN_POS:
            noun = token
            if not _modifies_next(token, at):
                break
    if noun is not None and noun.dep_ == "poss" and noun.head.pos_ in NOUN_POS:  # a verb, for the model, came between
        noun = noun.head
    return _find_lemma(noun) if noun is not None else None


def _may_stand_before_noun(token: "Token", *, is_first: bool) -> bool:
    """Whether a token can be part of the phrase of a counted noun; an article can after `of` only."""
    if token.tag_ == ",":  # three tall, old men
        return token.i > 0 and token.nbor(-1).pos_ == "ADJ" and token.i + 1 < len(token.doc) \
            and token.nbor(1).pos_ == "ADJ"
    if token.tag_ == "VBG":
        return token.dep_ in ("amod", "compound")
    if token.pos_ == "DET":
        return token.i > 0 and token.nbor(-1).lower_ in PARTITIVE_PREPOSITIONS
    return token.pos_ in MODIFIER_POS or token.tag_ in (PARTICIPLE_TAGS if is_first else MODIFIER_TAGS)


def _modifies_next(token: "Token", at: int) -> bool:
    """Whether a noun only modifies a later one."""
    doc = token.doc
    is_joined = at + 2 < len(doc) and doc[at + 1].tag_ in ("HYPH", "POS")  # e-mails, America's soldiers
    return bool(token.dep_ in MODIFIER_DEPENDENCIES and token.head.i > at) or is_joined


def _find_lemma(token: "Token") -> str:
    """The lemma in lower case, without the plural of an acronym: `mp` for `MPs`."""
    text: str = token.text
    lemma = text[:-1].lower() if text[-1] == "s" and text[:-1].isupper() else token.lemma_.lower()
    is_joined = token.i > 1 and token.nbor(-1).tag_ == "HYPH" and token.nbor(-2).text.isalpha()
    return f"{token.nbor(-2).lower_}-{lemma}" if is_joined else lemma
