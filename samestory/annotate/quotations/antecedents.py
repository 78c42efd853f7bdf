"""The nouns that a pronoun for a group or a body may stand for: those before it, nearest first.

"They" are several people, "it" is one body or document; "he" and "she" are looked for among people (`speaker_names`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samestory.annotate.mentions.lists import BODY_NOUNS
from samestory.annotate.quotations.around_cue import PERSONAL_RELATIVES
from samestory.annotate.quotations.people import SpeakerCandidates
from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import DOCUMENT_NOUNS, SUBJECT_DEPS
from samestory.annotate.roles import read_roles
from samestory.base.language import WordList, cache_by_language, read_language_rows

if TYPE_CHECKING:
    from spacy.tokens import Token

STUDY_NOUNS = WordList("study_nouns")
PLURAL_GROUPS = WordList("plural_groups")  # "police", "people": plural without an ending
GROUP_LOOK_BACK_SENTENCES = 3  # sentences to search for the referent of "they" or "it"


def is_plural_noun(head: "Token") -> bool:
    """Whether a noun is tagged as a plural, or a plural role stands before it: "attorneys general"."""
    is_compound = any(child.dep_ == "compound" and child.tag_ == "NNS" and child.i == head.i - 1
                      and is_person_noun(child) for child in head.lefts)
    return "Number=Plur" in str(head.morph) or is_compound


def is_person_noun(head: "Token") -> bool:
    """Whether a noun denotes a person: an official, a neighbour, a critic."""
    return head.lemma_.lower() in read_roles() or head.lower_ in read_roles()


@cache_by_language
def read_body_words() -> frozenset[str]:
    """The words that mark the name of a body ("Agency"), from name_words.csv."""
    return frozenset(row["word"] for row in read_language_rows("name_words") if row["kind"] == "body")


def list_subjects_before(parsed: QuotationParse, known: SpeakerCandidates, head: "Token") -> Iterator["Token"]:
    """The subjects before a pronoun, from its own sentence backwards; within a sentence, in text order."""
    here = int(parsed.parse.sentence_of[head.i])
    for sentence in range(here, max(-1, here - GROUP_LOOK_BACK_SENTENCES), -1):
        first, last = parsed.bounds[sentence]
        yield from (token for token in parsed.tokens[first:min(last, head.i)]
                    if token.dep_ in SUBJECT_DEPS and not known.reported[token.i])


def list_groups_before(parsed: QuotationParse, known: SpeakerCandidates, head: "Token") -> Iterator["Token"]:
    """The nouns before a pronoun, from its own sentence backwards: in each the subjects, then the other nouns."""
    here = int(parsed.parse.sentence_of[head.i])
    for sentence in range(here, max(-1, here - GROUP_LOOK_BACK_SENTENCES), -1):
        first, last = parsed.bounds[sentence]
        nouns = [token for token in parsed.tokens[first:min(last, head.i)]
                 if token.pos_ in ("NOUN", "PROPN") and not known.reported[token.i]]
        yield from (token for token in nouns if token.dep_ in SUBJECT_DEPS)
        if sentence < here:
            yield from (token for token in reversed(nouns) if token.dep_ in ("dobj", "ROOT") or _has_relative(token))


def cut_at_verb(parsed: QuotationParse, span: StartEnd) -> StartEnd:
    """A noun phrase from its last finite verb on, if the parser took a clause for modifiers of its object."""
    verb = next((i for i in reversed(range(*span)) if parsed.tokens[i].tag_ == "VBD"), None)
    return span if verb is None or verb + 1 == span[1] else (verb + 1, span[1])


def _has_relative(noun: "Token") -> bool:
    """Whether a relative clause about people follows a noun: "the students, who ..."."""
    return any(child.dep_ == "relcl" and any(inner.lower_ in PERSONAL_RELATIVES for inner in child.lefts)
               for child in noun.rights)


def is_group_noun(known: SpeakerCandidates, subject: "Token") -> bool:
    """Whether a subject denotes several people: "officials", "the Republicans", "Pelosi and Schumer"."""
    mention = known.at.get(subject.i)
    joined = any(child.dep_ == "conj" and child.i in known.at for child in subject.rights)
    if mention is not None and mention["label"] == "PERSON":
        return joined
    is_role, is_people = _is_plural_role(subject), mention is not None and mention["label"] == "NORP"
    is_body = subject.lemma_.lower() in BODY_NOUNS and subject.dep_ in SUBJECT_DEPS
    is_several = is_role or (is_plural_noun(subject) and (is_people or is_person_noun(subject) or is_body))
    return joined or is_several or _has_relative(subject)


def _is_plural_role(noun: "Token") -> bool:
    """Whether a word is the plural of a role, whatever its tag: "Farmers", "Reformers", "police"."""
    singular = noun.lower_.removesuffix("s")
    return noun.lower_ in PLURAL_GROUPS or (singular != noun.lower_ and singular in read_roles())


def is_body_noun(known: SpeakerCandidates, subject: "Token") -> bool:
    """Whether a subject denotes one body or document: "the agency", "a study", "Unicef"."""
    mention, word = known.at.get(subject.i), subject.lemma_.lower()
    is_known = word in DOCUMENT_NOUNS or word in STUDY_NOUNS or word.capitalize() in read_body_words()
    return not is_plural_noun(subject) and (is_known if mention is None else mention["label"] == "ORG")
