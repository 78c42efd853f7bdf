"""Finds whose document speaks: "the WHO's report", "a report by The Atlantic", "a CNN poll", "their statement"."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.antecedents import STUDY_NOUNS
from samestory.annotate.quotations.people import SpeakerCandidates
from samestory.annotate.quotations.quotation_parse import StartEnd
from samestory.annotate.quotations.speaker_spans import DOCUMENT_NOUNS, noun_phrase
from samestory.annotate.roles import TITLE_HYPHENS
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

OWNED_DOCUMENT_NOUNS = WordList("owned_document_nouns")  # "Lee's OPINION", "their WEBSITE"
ISSUER_PREPOSITIONS = WordList("issuer_prepositions")  # "a report BY The Atlantic"
OWNER_LABELS, TIME_LABELS = ("PERSON", "ORG"), ("DATE", "TIME")


def find_document_owner(known: SpeakerCandidates, head: "Token", span: StartEnd) -> StartEnd | None:
    """The tokens that name who wrote or issued a document: its possessor, a body before it, or one after "by"."""
    word = head.lemma_.lower()
    is_document = word in DOCUMENT_NOUNS or word in STUDY_NOUNS or word in OWNED_DOCUMENT_NOUNS
    if head.i in known.at or not is_document:  # not the New York Post
        return None
    issuers = (known.at[noun.i] for child in head.rights if child.lower_ in ISSUER_PREPOSITIONS
               for noun in child.rights if noun.dep_ == "pobj" and _may_issue(known, noun))
    if (issuer := next(issuers, None)) is not None:
        return known.tokens_of(issuer)
    owner = next((child for child in head.lefts if child.dep_ == "poss" and child.ent_type_ not in TIME_LABELS), None)
    return noun_phrase(owner) if owner is not None else _find_body_before(known, head, span)


def _find_body_before(known: SpeakerCandidates, head: "Token", span: StartEnd) -> StartEnd | None:
    """The body whose name modifies a noun: "a Gallup poll", but not the last of two: "a CNN-ORC poll"."""
    before = known.at.get(head.i - 1)
    if before is None or before["label"] != "ORG":
        return None
    first, last = known.tokens_of(before)
    return (first, last) if span[0] <= first and head.doc[first - 1].text not in TITLE_HYPHENS else None


def _may_issue(known: SpeakerCandidates, noun: "Token") -> bool:
    mention = known.at.get(noun.i)
    return mention is not None and mention["label"] in OWNER_LABELS
