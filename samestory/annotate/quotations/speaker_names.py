"""Speakers: resolves the source as written to one name within the article.

A name is resolved by its mention, a surname to the full name, "the spokesperson" to the person given that role (even
if later in the text), a pronoun to the last person in subject position, floating speech to the previous speaker. An
unresolved source keeps its own words, and is flagged as anonymous if it is a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from samestory.annotate.genders import implied_pronoun, read_genders
from samestory.annotate.mentions.mention_context import LEADING_ARTICLES
from samestory.annotate.quotations.antecedents import (
    GROUP_LOOK_BACK_SENTENCES,
    cut_at_verb,
    is_body_noun,
    is_group_noun,
    is_person_noun,
    is_plural_noun,
    list_groups_before,
    list_subjects_before,
    read_body_words,
)
from samestory.annotate.quotations.claim_choice import HE_SPEAKERS, SHE_SPEAKERS
from samestory.annotate.quotations.function_words import ADDITIVE_CONJUNCTIONS, BODY_PRONOUNS, RELATIVE_PRONOUNS
from samestory.annotate.quotations.lone_marks import RESUMED_MARKS
from samestory.annotate.quotations.named_bodies import find_named_body
from samestory.annotate.quotations.owned_documents import find_document_owner
from samestory.annotate.quotations.people import SpeakerCandidates, role_word
from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import (
    GROUP_PRONOUNS,
    PORTION_NOUNS,
    SUBJECT_DEPS,
    find_list_end,
    noun_phrase,
)
from samestory.annotate.quotations.titled_sources import reach_titled_name
from samestory.annotate.quotations.voiceless import is_voiceless_noun
from samestory.annotate.roles import DEFINITE_ARTICLES, find_title_start, read_epithets
from samestory.base.language import WordList
from samestory.base.resources import read_data_rows
from samestory.clean.lines import POSSESSIVE_CLITICS

if TYPE_CHECKING:
    from spacy.tokens import Token

SPOUSE_TITLES = WordList("spouse_titles")  # "first lady"
CONVERSATION_PRONOUNS = WordList("conversation_pronouns")  # the text does not say who they are: "I", "you"
UNRESOLVED_PRONOUNS = WordList("unresolved_pronouns")
PHRASE_DETERMINERS = WordList("phrase_determiners")
INDEFINITE_DETERMINERS = WordList("indefinite_determiners")
OUTLET_NOUNS = WordList("outlet_nouns")  # "the PAPER" for the outlet that was named
BIOGRAPHY_WORDS = WordList("biography_words")  # "the RETIRED surgeon", "the business MOGUL"
PLACE_COMPOUND_PATTERN = re.compile(r"\b(?:[A-Z]\S* )*[A-Z][\w.]*-[a-z]+$")  # before a body's name: "New York-based"
DESCRIPTION_POS = ("DET", "ADJ", "NOUN", "PROPN")
VOICELESS_PRONOUNS = WordList("voiceless_pronouns")
PERSON_LOOK_BACK_SENTENCES = 12  # sentences to search for the referent of "he" or "she"
OBLIQUE_PENALTY_SENTENCES = 3  # sentences added to the distance of a name that is not a subject
NO_GENDER_PENALTY_SENTENCES = 2  # sentences added if the article does not show the gender of a name
UNNAMED_SENTENCES = 3  # sentences, its own included, in which a pronoun may mean a person without a name
RIVAL_SENTENCES = 1  # a person at most this much farther from a pronoun may be meant as well
MAX_SPEECH_TO_PRONOUN_TOKENS = 4  # “...,” then SHE said
MAX_ROLE_PHRASE_TOKENS = 4  # tokens of "the Attorney General"


@dataclass(frozen=True)
class Speaker:
    """A source as written, its resolved name, how that was found, and whether the source is anonymous."""

    written: str | None = None
    start: int | None = None
    end: int | None = None
    name: str | None = None
    resolution: str = "none"
    anonymous: bool = False
    is_plural: bool = False
    is_person: bool = False
    is_doubtful: bool = False  # somebody else may be meant as well


def resolve_speakers(parsed: QuotationParse, claims: list[Claim], mentions: list[dict[str, Any]]) -> list[Speaker]:
    """The speaker of each claim, in the order of the claims."""
    known = SpeakerCandidates(parsed, mentions, reported=_mark_reported_tokens(parsed, claims))
    found: list[Speaker] = []
    for claim in claims:
        if claim.signature is not None:
            found.append(_read_signature(parsed, known, claim.signature))
        elif claim.speaker is None:
            told = zip(reversed(found[-3:]), reversed(claims[max(0, len(found) - 3):len(found)]), strict=True)
            before = next((s for s, earlier in told if s.written and not _is_unsaid(parsed, earlier)), None)
            goes_on = claim.rule in ("floating", RESUMED_MARKS) and parsed.applies("earlier speakers")
            found.append(replace(before, resolution="floating") if before is not None and goes_on else Speaker())
        else:
            span = reach_titled_name(parsed, known, claim, claim.speaker)
            speaker = _resolve_source(parsed, known, span, found)
            named = known.at[span[1] - 1]["name"] if span != claim.speaker else None
            found.append(replace(speaker, name=named, resolution="name") if named is not None else speaker)
    return found


def _read_signature(parsed: QuotationParse, known: SpeakerCandidates, signature: StartEnd) -> Speaker:
    """The speaker that a signature names, which may be outside the sentences: "— Ann Lee (@annlee)"."""
    start, end = signature
    first, last = parsed.parse.tokens_within(start, end)
    mention = known.at.get(last - 1) if last > first else None
    written = parsed.text[start:end]
    return Speaker(written, start, end, mention["name"] if mention is not None else written, "name", is_person=True)


def _is_unsaid(parsed: QuotationParse, claim: Claim) -> bool:
    """Whether a claim was only supposed, so that no speech can go on from it."""
    return parsed.applies("supposed") and claim.rule.endswith("hypothetical")


def _mark_reported_tokens(parsed: QuotationParse, claims: list[Claim]) -> np.ndarray:
    """Whether each token is part of reported speech, in which names are not the outlet's words."""
    reported = np.zeros(len(parsed.tokens), dtype=bool)
    for start, end in (span for claim in claims for span in claim.spans):
        first, last = parsed.parse.tokens_within(start, end)
        reported[first:last] = True
    return reported


def _resolve_source(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
                    before: list[Speaker]) -> Speaker:
    """The speaker for one written source."""
    first, last = span
    start, end = parsed.parse.span(first, last)
    head = _phrase_head(parsed, span)
    name, resolution = _find_name(parsed, known, span, before)
    anonymous = resolution in ("none", "collective") and head.pos_ != "PROPN" and is_person_noun(head)
    mention = known.at.get(head.i)
    is_named_person = mention is not None and mention["label"] == "PERSON"
    is_person = is_named_person or is_person_noun(head) or head.lower_ in read_genders(SHE_SPEAKERS, HE_SPEAKERS)
    is_doubtful = _has_rival(parsed, known, head, span, name)
    return Speaker(parsed.text[start:end], start, end, name, resolution, anonymous, is_plural_noun(head), is_person,
                   is_doubtful)


def _has_rival(parsed: QuotationParse, known: SpeakerCandidates, head: "Token", span: StartEnd,
               name: str | None) -> bool:
    """Whether another person may be meant: a bare surname that two bear, or a pronoun after two names as near."""
    pronoun = read_genders(SHE_SPEAKERS, HE_SPEAKERS).get(head.lower_)
    if name is None or name not in known.people or span[1] - span[0] > 1:
        return False
    if pronoun is None:
        return len(known.surnames.get(head.lower_, ())) > 1
    scored = _score_people(parsed, known, head, pronoun)
    return any(other != name and distance <= min(scored)[0] + RIVAL_SENTENCES for distance, _, other in scored)


def _phrase_head(parsed: QuotationParse, span: StartEnd) -> "Token":
    """The head of a noun phrase: the token whose own head lies outside it."""
    tokens = parsed.tokens[span[0]:span[1]]
    return next((t for t in tokens if not span[0] <= t.head.i < span[1] or t.head.i == t.i), tokens[-1])


def _find_name(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
               before: list[Speaker]) -> tuple[str | None, str]:
    head = _phrase_head(parsed, span)
    word = head.lower_ if head.i not in known.at else ""  # WHO is a name
    pronoun = read_genders(SHE_SPEAKERS, HE_SPEAKERS).get(word)
    if pronoun is not None and span[1] - span[0] > 1 and parsed.applies("joined pronouns"):
        return _join_names(parsed, known, span, head, before)
    if parsed.applies("documents of bodies") and (owner := find_document_owner(known, head, span)) is not None and (
            named := _name_owner(parsed, known, owner, before)) is not None:
        return named
    if pronoun is not None and parsed.applies("he and she"):
        return _resolve_he_or_she(parsed, known, head, pronoun, before)
    if word in RELATIVE_PRONOUNS and head.head.dep_ == "relcl":
        name, resolution = _find_name(parsed, known, noun_phrase(head.head.head), before)
        return name, "pronoun" if name else resolution
    if word in GROUP_PRONOUNS and parsed.applies("they"):
        return _resolve_group(parsed, known, head, before)
    if word in BODY_PRONOUNS and parsed.applies("it"):
        return _resolve_body(parsed, known, head, before)
    if parsed.applies("no voice") and _is_voiceless(parsed, head, span):
        return None, "none"
    if word in UNRESOLVED_PRONOUNS and span[1] - span[0] == 1:
        return (parsed.text[slice(*parsed.parse.span(*span))] if word not in CONVERSATION_PRONOUNS else None), "none"
    name, resolution = _resolve_noun(parsed, known, span)
    if span[1] - span[0] == 1 and (same := _find_speaker_of_surname(parsed, known, head, before)) is not None:
        return same, "surname"
    if resolution in ("none", "collective") and (again := _find_speaker_again(parsed, known, span, before)) is not None:
        return again, "role"
    return name, resolution


def _resolve_he_or_she(parsed: QuotationParse, known: SpeakerCandidates, head: "Token", pronoun: str,
                       before: list[Speaker]) -> tuple[str | None, str]:
    """The person meant by "he" or "her": the clause's own subject, a person near, or one who spoke earlier."""
    if head.dep_ == "poss" and parsed.applies("possessives of subjects") and (
            subject := _find_own_subject(known, head, pronoun)) is not None:
        return subject, "pronoun"
    last = _read_last_named(before)
    name, resolution = _resolve_person(parsed, known, head, pronoun, last)
    is_namesake = name is not None and last in known.surnames.get(name.split()[-1].lower(), ())
    if last is not None and is_namesake and known.people[last].may_be(pronoun) and (
            parsed.applies("surnames of speakers")):
        return last, "pronoun"
    if name is None and parsed.applies("earlier pronouns"):
        name = _find_earlier_person(known, pronoun, before)
    return name, "pronoun" if name else resolution


def _find_own_subject(known: SpeakerCandidates, possessive: "Token", pronoun: str) -> str | None:
    """The person who is the subject of the clause around "his" or "her": "LEE sparred with the host over his claim"."""
    for verb in possessive.ancestors:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        subject = next((child for child in verb.lefts if child.dep_ in SUBJECT_DEPS and child.i < possessive.i), None)
        mention = known.at.get(subject.i) if subject is not None else None
        if mention is None or mention["label"] != "PERSON":
            return None
        return mention["name"] if known.people[mention["name"]].may_be(pronoun) else None
    return None


def _join_names(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd, head: "Token",
                before: list[Speaker]) -> tuple[str | None, str]:
    """The words of "she and her colleagues", with the name for the pronoun; only the names if all are persons."""
    name, resolution = _find_name(parsed, known, (head.i, head.i + 1), before)
    if not name or head.i + 1 == span[1]:
        return name, resolution
    last = known.at.get(span[1] - 1)
    is_pair = last is not None and last["label"] == "PERSON" and sum(
        token.dep_ == "conj" and token.head.i == head.i for token in parsed.tokens[head.i:span[1]]) == 1
    rest = f"{parsed.tokens[head.i + 1].text} {last['name']}" if is_pair and last is not None else (
        _phrase_name(parsed, (head.i + 1, span[1])))
    return f"{name} {rest}", "collective"


def _name_owner(parsed: QuotationParse, known: SpeakerCandidates, owner: StartEnd,
                before: list[Speaker]) -> tuple[str, str] | None:
    """The name of a document's owner, as one that was inferred; None for an owner without a name or a pronoun."""
    name, resolution = _find_name(parsed, known, owner, before)
    return (name, "role") if name and resolution in ("name", "surname", "pronoun") else None


def _find_speaker_of_surname(parsed: QuotationParse, known: SpeakerCandidates, head: "Token",
                             before: list[Speaker]) -> str | None:
    """The one who spoke last of several who bear a bare surname: a victim is named more often, but does not speak.

    An apposition or "the younger" after the surname says who it is.
    """
    bearers = known.surnames.get(head.lower_, ())
    follows = parsed.tokens[min(head.i + 1, len(parsed.tokens) - 1)]
    is_bare = follows.pos_ in ("VERB", "AUX", "ADV") or follows.text == "."
    if len(bearers) < 2 or not is_bare or not parsed.applies("surnames of speakers"):
        return None
    return next((speaker.name for speaker in reversed(before) if speaker.name in bearers), None)


def _find_speaker_again(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
                        before: list[Speaker]) -> str | None:
    """The last speaker as "the lawmaker" after "an anonymous lawmaker" spoke, or "the paper" after a body did."""
    head = parsed.tokens[span[1] - 1]
    if span[1] - span[0] != 2 or parsed.tokens[span[0]].lower_ not in DEFINITE_ARTICLES or is_plural_noun(head):
        return None
    last = next(iter(_recent_speakers(parsed, head, before)), Speaker())
    if last.is_plural or last.name is None or not last.written:
        return None
    is_indefinite = last.written.split()[0].lower() in INDEFINITE_DETERMINERS
    is_unnamed = last.anonymous and is_indefinite and is_person_noun(head)
    is_outlet = head.lower_ in OUTLET_NOUNS and known.names_body(last.name)
    return last.name if (is_unnamed or is_outlet) and parsed.applies("speakers again") else None


def _is_voiceless(parsed: QuotationParse, head: "Token", span: StartEnd) -> bool:
    """Whether a phrase is no person, body, group or document: "that", "all", "14%", "the move"."""
    if is_voiceless_noun(head) or (span[1] - span[0] == 1 and head.lower_ in VOICELESS_PRONOUNS):
        return True
    is_number = head.pos_ == "NUM" or head.lower_ in PORTION_NOUNS or not any(map(str.isalpha, head.text))
    return is_number and not any(token.pos_ in ("NOUN", "PROPN") and token.i != head.i
                                 for token in parsed.tokens[span[0]:span[1]])


@cache
def _capital_countries() -> dict[str, str]:
    """The countries that capitals speak for ("Ottawa" for Canada), from data/aliases.csv."""
    return {row["surface"]: row["name"] for row in read_data_rows("aliases") if row["use"] == "capital"}


def _resolve_noun(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd) -> tuple[str, str]:
    """The name for a noun phrase that is a name, a surname, a role or a body."""
    head = _phrase_head(parsed, span)
    phrase = _phrase_name(parsed, span)
    named = _find_person_at_end(parsed, known, span, head)
    is_joined = any(t.dep_ == "conj" and t.head.i == head.i for t in parsed.tokens[head.i + 1:span[1]])
    if named is None and (is_joined or _joins_persons(known, span, head)) and parsed.applies("joined speakers"):
        return _name_list(parsed, known, span) or phrase, "collective"
    mention, is_plural = named or known.at.get(head.i), is_plural_noun(head)
    if mention is not None and mention["label"] == "PERSON":
        return mention["name"], "surname" if len(mention["text"].split()) < len(mention["name"].split()) else "name"
    if mention is None and not is_plural and (name := _find_person_beside(known, span, head)) is not None and (
            parsed.applies("names beside roles")):
        return name, "name"
    if head.pos_ == "PROPN" and (name := _find_role_in_capitals(parsed, known, span, head)) is not None:
        return name, "role"
    is_body = mention is not None and mention["label"] == "ORG" and head.text[0].isupper()  # WHO may be tagged as who
    if not is_plural and (body := known.at.get(span[1] - 1)) is not None and _is_described(parsed, span, body) and (
            parsed.applies("described bodies")):
        return body["name"] if known.is_named_again(body) else phrase, "name"
    if head.pos_ == "PROPN" or is_body or (head.text[0].isupper() and head.lower_ in known.surnames):
        return _resolve_proper_name(parsed, known, span, phrase, mention)
    return _resolve_common(parsed, known, span, head)


def _joins_persons(known: SpeakerCandidates, span: StartEnd, head: "Token") -> bool:
    """Whether "and" stands between two persons in a phrase that names one: "Chair Ann Lee and Leader Bo Lund"."""
    last = {known.at[i]["name"]: i for i in range(*span) if i in known.at and known.at[i]["label"] == "PERSON"}
    places = sorted(last.values())
    between = head.doc[places[0]:places[-1]] if len(places) > 1 else ()
    is_named = head.i in known.at or any(child.dep_ == "appos" and child.i in known.at for child in head.rights)
    return is_named and any(token.lower_ in ADDITIVE_CONJUNCTIONS for token in between)


def _name_list(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd) -> str | None:
    """The names of the persons in a list with commas, without what is set off between them."""
    names = list(dict.fromkeys(known.at[i]["name"] for i in range(*span)
                               if i in known.at and known.at[i]["label"] == "PERSON"))
    words = parsed.tokens[slice(*span)]
    joins = next((token.text for token in reversed(words) if token.lower_ in ADDITIVE_CONJUNCTIONS), None)
    is_list = joins is not None and len(names) > 1 and any(token.text == "," for token in words)
    return f"{', '.join(names[:-1])} {joins} {names[-1]}" if is_list and parsed.applies("lists of speakers") else None


def _resolve_common(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
                    head: "Token") -> tuple[str, str]:
    """The name for a role or body as a common noun: "the spokesperson", "the ministry", "the Texas Republican"."""
    phrase, is_plural, is_person = _phrase_name(parsed, span), is_plural_noun(head), is_person_noun(head)
    words = {role_word(t.lemma_) for t in parsed.tokens[span[0]:span[1]]
             if t.pos_ in ("NOUN", "PROPN", "ADJ") and t.i != head.i}
    proper = {role_word(t.lemma_) for t in parsed.tokens[span[0]:span[1]] if t.pos_ == "PROPN"}
    opening = parsed.tokens[span[0]].lower_
    name = None
    is_role = is_person or (parsed.applies("role in apposition") and known.is_apposition(head))
    if is_role and not is_plural and parsed.applies("roles"):
        name = known.find_role(head, words, proper=proper, definite=opening not in INDEFINITE_DETERMINERS)
    if name is None and parsed.applies("first lady") and phrase.lower() in SPOUSE_TITLES:
        name = known.find_spouse(head)
    name = name or _find_epithet(parsed, known, span, head)
    if name is None and is_person and not is_plural and parsed.applies("described persons"):
        name = _find_described(parsed, known, span, head)
    is_definite_noun = opening in DEFINITE_ARTICLES and span[1] - span[0] == 2
    if name is None and is_definite_noun and parsed.applies("definite nouns") and (
            body := find_named_body(parsed, known, head)) is not None:
        return body, "role"
    is_long = parsed.applies("body by its words") and len(words) == span[1] - span[0] - 2
    if name is None and not is_plural and head.text.capitalize() in read_body_words() and (
            span[1] - span[0] == 2 or is_long):
        is_known = opening in DEFINITE_ARTICLES and parsed.applies("bodies by a noun")
        name = known.find_body(head, words) if is_known else None
        return name or phrase, "role" if name else "collective"
    if name is None:
        return phrase, "none" if is_person and not is_plural else "collective"
    return name, "role" if known.first_named[name] < head.i else "forward"


def _find_person_at_end(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
                        head: "Token") -> dict[str, Any] | None:
    """The person at the end of a phrase that otherwise is a title: "AHIP President and CEO Karen Ignagni".

    The title may end in a body's name: "the director of the Refugee Council Enver Solomon".
    """
    mention = known.at.get(span[1] - 1)
    if mention is None or mention["label"] != "PERSON" or is_plural_noun(head):
        return None
    first, _ = parsed.parse.tokens_within(mention["start"], mention["end"])
    if any(i in known.at and known.at[i]["label"] == "PERSON" for i in range(span[0], first)):
        return None
    opening, title = span[0], find_title_start(parsed.parse, first, titles_only=False)
    if parsed.tokens[opening].lower_ in PHRASE_DETERMINERS:  # "the president and first lady Melania Trump" are two
        title = None if any(t.lower_ in ADDITIVE_CONJUNCTIONS for t in parsed.tokens[opening:first]) else title
        opening += 1
    before = known.at.get(first - 1)
    is_after_body = is_person_noun(head) and head.i < first and before is not None and before["label"] == "ORG"
    is_titled = is_after_body or (title is not None and title <= opening < first)
    return mention if is_titled and parsed.applies("names after titles") else None


def _find_epithet(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd, head: "Token") -> str | None:
    """The politician meant by "the Texas Republican" or "the senator": the one named shortly before."""
    if head.lower_ not in read_epithets() or parsed.tokens[span[0]].lower_ not in DEFINITE_ARTICLES:
        return None
    here = int(parsed.parse.sentence_of[head.i])
    near = [(here - int(parsed.parse.sentence_of[i])
             + OBLIQUE_PENALTY_SENTENCES * (not _is_subject(parsed.tokens[i])), -i, name)
            for i, name in known.named_before(head.i)
            if not (known.reported[i] or known.people[name].is_opposed(head.lower_))]
    is_near = near and min(near)[0] <= OBLIQUE_PENALTY_SENTENCES and parsed.applies("epithets")
    return min(near)[2] if is_near else None


def _find_described(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd, head: "Token") -> str | None:
    """The person meant by "the retired surgeon" or "the business mogul": the subject named last.

    A noun that the article used before may denote somebody else ("a former employee"), and an owner is another person.
    """
    phrase = parsed.tokens[span[0]:span[1]]
    if phrase[0].lower_ not in DEFINITE_ARTICLES or not any(t.lower_ in BIOGRAPHY_WORDS for t in phrase):
        return None
    if parsed.applies("described by names") and any(t.tag_ == "NNP" for t in phrase):  # "the former BBC host"
        return None
    if any(t.tag_ == "POS" for t in phrase) or any(t.lemma_ == head.lemma_ for t in parsed.tokens[:span[0]]):
        return None
    pronoun = implied_pronoun(head.lower_)
    for subject in list_subjects_before(parsed, known, phrase[0]):
        name = _name_subject(parsed, known, subject)
        if name is not None and (pronoun is None or known.people[name].may_be(pronoun)):
            return name
        if name is None and is_person_noun(subject):
            return None
    return None


def _name_subject(parsed: QuotationParse, known: SpeakerCandidates, subject: "Token") -> str | None:
    """The person that a subject denotes: a name, "her husband, Bill", "he" or "she"."""
    mention = known.at.get(subject.i)
    if mention is not None:
        return mention["name"] if mention["label"] == "PERSON" else None
    pronoun = read_genders(SHE_SPEAKERS, HE_SPEAKERS).get(subject.lower_)
    beside = _find_person_beside(known, noun_phrase(subject), subject)
    return beside if pronoun is None else _resolve_person(parsed, known, subject, pronoun)[0]


def _find_role_in_capitals(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
                           head: "Token") -> str | None:
    """The person meant by a title or an epithet that is tagged as a name: "the Judge", "the Republican"."""
    titled = _find_titled_person(parsed, known, span, head) if head.i not in known.at else None
    return titled if titled is not None else _find_epithet(parsed, known, span, head)


def _find_titled_person(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd,
                        head: "Token") -> str | None:
    """The person meant by a capitalized title: "the Judge", "the President"."""
    if not is_person_noun(head) or span[1] - 1 != head.i or span[1] - span[0] > MAX_ROLE_PHRASE_TOKENS:
        return None
    opening = parsed.tokens[span[0]].lower_
    if opening not in DEFINITE_ARTICLES and opening != head.lower_:
        return None
    if not parsed.applies("roles in capitals"):
        return None
    words = {role_word(t.lemma_) for t in parsed.tokens[span[0] + 1:head.i]}
    return known.find_role(head, words, proper=words, definite=True)


def _find_person_beside(known: SpeakerCandidates, span: StartEnd, head: "Token") -> str | None:
    """The person named in apposition to a role: "the ambassador, Nikki Haley, said".

    The parser may attach the name to another word: "the chairman of the Committee, Dave Camp".
    """
    is_joined = any(child.dep_ == "cc" for child in head.rights)
    beside = [known.at.get(child.i) for child in head.rights
              if child.dep_ == "appos" or (child.dep_ == "conj" and not is_joined)]
    is_person = is_person_noun(head)
    if is_person and span[1] + 1 < len(head.doc) and head.doc[span[1]].text == ",":
        beside.append(_find_set_off(known, head, span[1] + 1))
    if is_person and span[1] - 1 > head.i and any(t.text == "," for t in head.doc[head.i:span[1]]):
        beside.append(known.at.get(span[1] - 1))
    return next((m["name"] for m in beside if m is not None and m["label"] == "PERSON"), None)


def _find_set_off(known: SpeakerCandidates, head: "Token", first: int) -> dict[str, Any] | None:
    """The person named between a role and the next comma: "the head of the board and of the bank, Ann Lee, said"."""
    last = first
    while last < len(head.doc) and known.at.get(last) is not None and known.at.get(last) is known.at.get(first):
        last += 1
    return known.at[first] if first < last < len(head.doc) and head.doc[last].text == "," else None


def _resolve_proper_name(parsed: QuotationParse, known: SpeakerCandidates, span: StartEnd, phrase: str,
                         mention: dict[str, Any] | None) -> tuple[str, str]:
    """The name for a proper noun that is not a person's mention: a known surname, a body, or its own words."""
    surname = known.surnames.get(parsed.tokens[span[1] - 1].lower_, [])
    if len(surname) == 1 and mention is None and parsed.applies("surnames"):
        return surname[0], "surname"
    if phrase in _capital_countries() and parsed.applies("capitals of countries"):
        return _capital_countries()[phrase], "collective"
    start = parsed.parse.span(*span)[0]
    before = PLACE_COMPOUND_PATTERN.sub("", parsed.text[start:mention["start"]].strip()) if mention is not None else ""
    is_whole = mention is not None and before.lower() in ("", *PHRASE_DETERMINERS)
    name = _without_article(mention["name"] if mention is not None and is_whole else phrase)
    if mention is not None and mention["label"] in ("GPE", "LOC", "NORP", "FAC"):
        return name, "collective"
    return (known.find_longer_body(name) if parsed.applies("ends of bodies") else None) or name, "name"


def _is_described(parsed: QuotationParse, span: StartEnd, mention: dict[str, Any]) -> bool:
    """Whether a phrase describes a body and ends in its name: "the conservative group Heritage Action"."""
    first, last = parsed.parse.tokens_within(mention["start"], mention["end"])
    before = parsed.tokens[span[0]:first]
    if mention["label"] != "ORG" or last != span[1] or not before or not before[-1].is_lower:
        return False
    return len(before) > 1 and all(t.pos_ in DESCRIPTION_POS and t.tag_ != "POS" for t in before)


def _phrase_name(parsed: QuotationParse, span: StartEnd) -> str:
    """The words of a noun phrase, without article and possessive ending."""
    start, end = parsed.parse.span(*span)
    return _without_article(" ".join(parsed.text[start:end].split()))


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    name = rest if rest and first.lower() in LEADING_ARTICLES else name
    opening = name.rfind(" (")
    name = name[:opening] if opening > 0 and ")" not in name[opening:] else name  # "Ann Lee (D"
    ending = next((ending for ending in POSSESSIVE_CLITICS if name.endswith(ending)), "")
    return name.removesuffix(ending)


def _find_earlier_person(known: SpeakerCandidates, pronoun: str, before: list[Speaker]) -> str | None:
    """The last speaker if it was a person who may be meant by a pronoun, for one far from any name."""
    last = known.people.get(before[-1].name or "") if before else None
    return last.name if last is not None and last.may_be(pronoun) else None


def _read_last_named(before: list[Speaker]) -> str | None:
    """The last speaker, if the text names the person there."""
    return before[-1].name if before and before[-1].resolution in ("name", "surname") else None


def _resolve_person(parsed: QuotationParse, known: SpeakerCandidates, head: "Token", pronoun: str,
                    last: str | None = None) -> tuple[str | None, str]:
    """The person meant by a pronoun: a near one, preferably a subject or in apposition to one.

    The gender of the `last` speaker need not be known.
    """
    scored = _score_people(parsed, known, head, pronoun, last)
    unnamed = _find_unnamed_subject(parsed, known, head, pronoun) if parsed.applies("unnamed persons") else None
    if unnamed is not None and not any(-at > unnamed.i for _, at, _ in scored):
        return _phrase_name(parsed, noun_phrase(unnamed)), "pronoun"
    if scored:
        return min(scored)[2], "pronoun"
    own = _find_own_words(known, head) if parsed.applies("names in own words") else head.i
    name = next((name for _, i, name in _list_people_before(parsed, known, head, pronoun)
                 if i < own or parsed.region_at[i] < 0), None)
    return (name, "pronoun") if name else (None, "none")


def _find_own_words(known: SpeakerCandidates, head: "Token") -> int:
    """The first token of the speech right before a pronoun: what is in marks there hardly ever names the speaker."""
    start = next((i for i in range(head.i - 1, max(-1, head.i - MAX_SPEECH_TO_PRONOUN_TOKENS), -1)
                  if known.reported[i]), head.i)
    while start > 0 and start < head.i and known.reported[start - 1]:
        start -= 1
    return start


def _find_unnamed_subject(parsed: QuotationParse, known: SpeakerCandidates, head: "Token",
                          pronoun: str) -> "Token | None":
    """The person without a name whom a subject introduced shortly before: "A staffer was blunt. “...,” SHE said"."""
    here = int(parsed.parse.sentence_of[head.i])
    near = (token for token in list_subjects_before(parsed, known, head) if token.head.dep_ == "ROOT"
            and here - int(parsed.parse.sentence_of[token.i]) < UNNAMED_SENTENCES)
    return next((token for token in near if _is_unnamed_person(parsed, known, token)
                 and implied_pronoun(token.lower_) in (None, pronoun)), None)


def _is_unnamed_person(parsed: QuotationParse, known: SpeakerCandidates, noun: "Token") -> bool:
    """Whether a noun introduces one person and no name stands beside it: "another staffer", "a woman"."""
    span = noun_phrase(noun)
    is_new = parsed.tokens[noun.left_edge.i].lower_ in INDEFINITE_DETERMINERS
    is_person = is_person_noun(noun) and not is_plural_noun(noun) and noun.i not in known.at
    return (is_new and is_person and _find_person_beside(known, span, noun) is None
            and _find_person_at_end(parsed, known, span, noun) is None)


def _list_people_before(parsed: QuotationParse, known: SpeakerCandidates, head: "Token",
                        pronoun: str) -> list[tuple[int, int, str]]:
    """The names near before a pronoun that it may mean, last first: distance in sentences, token and name."""
    here = int(parsed.parse.sentence_of[head.i])
    near = ((here - int(parsed.parse.sentence_of[i]), i, name) for i, name in known.named_before(head.i)
            if known.people[name].may_be(pronoun))
    return [found for found in near if found[0] <= PERSON_LOOK_BACK_SENTENCES]


def _score_people(parsed: QuotationParse, known: SpeakerCandidates, head: "Token", pronoun: str,
                  last: str | None = None) -> list[tuple[int, int, str]]:
    """The people whom the outlet named before a pronoun, with their distance in sentences; the lowest is the best."""
    named = [found for found in _list_people_before(parsed, known, head, pronoun)
             if not (known.reported[found[1]] or _modifies(parsed, known, found[1]))]
    roles = _list_role_holders(parsed, known, head, pronoun) if parsed.applies("roles before pronouns") else []
    last = last if parsed.applies("last speakers") else None
    return [(distance + _added_distance(parsed, known, i, name, None if name == last else pronoun), -i, name)
            for distance, i, name in [*named, *roles]]


def _modifies(parsed: QuotationParse, known: SpeakerCandidates, last: int) -> bool:
    """Whether a name only modifies a noun: "the Obama administration"."""
    name = parsed.tokens[last]
    is_modifier = name.dep_ == "compound" and name.head.i > last and name.head.i not in known.at
    return is_modifier and parsed.applies("names as modifiers")


def _list_role_holders(parsed: QuotationParse, known: SpeakerCandidates, head: "Token",
                       pronoun: str) -> list[tuple[int, int, str]]:
    """The people meant by roles that are subjects shortly before a pronoun: "The president left. HE said"."""
    here = int(parsed.parse.sentence_of[head.i])
    roles = (token for token in list_subjects_before(parsed, known, head)
             if token.i not in known.at and is_person_noun(token) and not is_plural_noun(token))
    found = ((token.i, _resolve_noun(parsed, known, noun_phrase(token))[0]) for token in roles)
    return [(here - int(parsed.parse.sentence_of[i]), i, name) for i, name in found
            if name in known.people and known.people[name].may_be(pronoun)]


def _added_distance(parsed: QuotationParse, known: SpeakerCandidates, i: int, name: str, pronoun: str | None) -> int:
    """The sentences added to a name's distance because it is not a subject or its gender, if it matters, unknown."""
    is_oblique = not _is_subject(parsed.tokens[i])
    is_unvoted = pronoun is not None and not known.people[name].is_told(pronoun)
    return (OBLIQUE_PENALTY_SENTENCES * (is_oblique and parsed.applies("subjects first"))
            + NO_GENDER_PENALTY_SENTENCES * (is_unvoted and parsed.applies("known genders first")))


def _is_subject(token: "Token") -> bool:
    """Whether a name is a subject, or in apposition to one: "the ambassador, Nikki Haley, ..."."""
    while token.dep_ in ("appos", "compound") and token.head.i != token.i:
        token = token.head
    return token.dep_ in SUBJECT_DEPS


def _resolve_group(parsed: QuotationParse, known: SpeakerCandidates, head: "Token",
                   before: list[Speaker]) -> tuple[str | None, str]:
    """The people meant by "they": the last plural subject, or else the last group that spoke."""
    nearer = parsed.applies("nearer group")
    groups = list_groups_before(parsed, known, head) if nearer else list_subjects_before(parsed, known, head)
    subject = next((token for token in groups if is_group_noun(known, token)), None)
    if subject is not None:
        first, last = cut_at_verb(parsed, noun_phrase(subject))
        last = find_list_end(subject, subject.head.i, last) if parsed.applies("lists of speakers") else last
        return _resolve_noun(parsed, known, (first, last))[0], "pronoun"
    return _latest_name(speaker for speaker in _recent_speakers(parsed, head, before) if speaker.is_plural)


def _resolve_body(parsed: QuotationParse, known: SpeakerCandidates, head: "Token",
                  before: list[Speaker]) -> tuple[str | None, str]:
    """The body or document meant by "it": the last one that spoke, or else the last one in subject position."""
    recent = [speaker for speaker in _recent_speakers(parsed, head, before)
              if not (speaker.is_plural or speaker.is_person)]
    subject = next((token for token in list_subjects_before(parsed, known, head) if is_body_noun(known, token)), None)
    if not recent and subject is not None:
        return _resolve_noun(parsed, known, noun_phrase(subject))[0], "pronoun"
    return _latest_name(recent)


def _latest_name(speakers: Iterable[Speaker]) -> tuple[str | None, str]:
    name = next((speaker.name for speaker in speakers if speaker.name), None)
    return (name, "pronoun") if name else (None, "none")


def _recent_speakers(parsed: QuotationParse, head: "Token", before: list[Speaker]) -> list[Speaker]:
    """The speakers in a pronoun's sentence or shortly before it, last first."""
    first = max(0, int(parsed.parse.sentence_of[head.i]) - GROUP_LOOK_BACK_SENTENCES)
    opens = int(parsed.parse.starts[parsed.bounds[first][0]])
    return [speaker for speaker in reversed(before[-6:]) if speaker.start is not None and speaker.start >= opens]
