"""Tells nouns that cannot speak from those that can: "that trepidation", but not "the administration"."""

from typing import TYPE_CHECKING

from samestory.annotate.mentions.lists import BODY_NOUNS
from samestory.annotate.quotations.antecedents import PLURAL_GROUPS, STUDY_NOUNS, is_person_noun
from samestory.annotate.quotations.owned_documents import OWNED_DOCUMENT_NOUNS
from samestory.annotate.quotations.phrases import OF_PREPOSITIONS
from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import DOCUMENT_NOUNS, find_speaker
from samestory.base.language import WordList, cache_by_language

if TYPE_CHECKING:
    from spacy.tokens import Token

VOICELESS_NOUNS = WordList("voiceless_nouns")
ABSTRACT_ENDINGS = WordList("abstract_endings")  # "trepida-TION", "absur-DITY"
SPEAKING_NOUNS = WordList("speaking_nouns")  # documents and groups with such an ending: "the legislation"
SHOWING_VERBS = WordList("showing_verbs")  # things do it, too: "high earnings ALLOWED the firm to grow"


@cache_by_language
def _abstract_endings() -> tuple[str, ...]:
    return tuple(ABSTRACT_ENDINGS.words)


def is_voiceless_noun(noun: "Token") -> bool:
    """Whether a noun is an event, a state or a quality, and so no person, body, group or document."""
    lemma = noun.lemma_.lower()
    if lemma in VOICELESS_NOUNS:
        return True
    if noun.tag_ not in ("NN", "NNS") or not noun.is_lower or not lemma.endswith(_abstract_endings()):
        return False
    return not (lemma in SPEAKING_NOUNS or lemma in BODY_NOUNS or is_person_noun(noun))


def only_shows(noun: "Token", verb: str) -> bool:
    """Whether a noun shows something by what it is: what cannot speak, or a thing before a verb that things take."""
    return is_voiceless_noun(noun) or (verb in SHOWING_VERBS and _is_thing(noun))


def _is_thing(noun: "Token") -> bool:
    """Whether a noun is no name, and no word for people, a body or a document: "the rule", "her plan"."""
    word = noun.lemma_.lower()
    lists = (BODY_NOUNS, DOCUMENT_NOUNS, STUDY_NOUNS, OWNED_DOCUMENT_NOUNS, SPEAKING_NOUNS, PLURAL_GROUPS)
    are_people = any(is_person_noun(child) for of in noun.rights if of.lower_ in OF_PREPOSITIONS
                     for child in of.rights)  # "a number of WRITERS"
    may_speak = any(word in nouns for nouns in lists) or is_person_noun(noun) or are_people
    return noun.tag_ in ("NN", "NNS") and noun.is_lower and not (may_speak or noun.ent_type_)


def find_speaker_above(parsed: QuotationParse, verb: int) -> StartEnd | None:
    """The speaker of the cue above, for a cue that is joined to its content, but whose subject there cannot be meant.

    It is a thing, or its verb has another tense: "LEE said the rule breaks the law and argued that it would fall".
    """
    token = parsed.tokens[verb]
    is_participle = token.tag_ == "VBG" and token.dep_ == "advcl"  # "how the storm came, STATING"
    is_joined = token.dep_ == "conj" or is_participle
    speaker = find_speaker(parsed, verb) if is_joined and parsed.applies("things that are said to speak") else None
    if speaker is None:
        return None
    subject = next((t for t in parsed.tokens[slice(*speaker)] if not speaker[0] <= t.head.i < speaker[1]), None)
    if subject is None:
        return None
    clause = subject.head
    cue = clause.head
    is_inside = verb != clause.i and clause.dep_ == "ccomp" and cue.i in parsed.cues and cue.i < subject.i < verb
    if not is_inside or clause.i in parsed.cues:
        return None
    is_past = not is_participle and token.tag_ == cue.tag_ == "VBD" and clause.tag_ in ("VBZ", "VBP", "VB")
    return find_speaker(parsed, cue.i) if is_past or is_voiceless_noun(subject) or _is_thing(subject) else None
