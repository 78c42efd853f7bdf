"""Tells nouns that cannot speak from those that can: "that trepidation", but not "the administration"."""

from typing import TYPE_CHECKING

from samestory.annotate.mentions.lists import BODY_NOUNS
from samestory.annotate.roles import read_roles
from samestory.base.language import WordList, cache_by_language

if TYPE_CHECKING:
    from spacy.tokens import Token

VOICELESS_NOUNS = WordList("voiceless_nouns")
ABSTRACT_ENDINGS = WordList("abstract_endings")  # "trepida-TION", "absur-DITY"
SPEAKING_NOUNS = WordList("speaking_nouns")  # documents and groups with such an ending: "the legislation"


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
    return not (lemma in SPEAKING_NOUNS or lemma in BODY_NOUNS or lemma in read_roles())
