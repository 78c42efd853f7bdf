"""Finds who said words in marks that have no cue: the subject around them, or who speaks beside or before them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from samestory.annotate.quotations.doubt import DEMONSTRATIVE_WORDS
from samestory.annotate.quotations.function_words import CLAUSE_COMPLEMENTIZERS
from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import COPULA_LEMMAS, SUBJECT_DEPS, find_speaker, noun_phrase
from samestory.annotate.roles import read_roles
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

PERSONAL_PRONOUNS = WordList("personal_pronouns")
MESSAGE_NOUNS = WordList("message_nouns")  # "Her MESSAGE:"
SPEAKER_LABELS = ("PERSON", "ORG", "GPE", "NORP")
MAX_CLIMB_STEPS = 12  # steps from words in marks up to the verb of their sentence
LONE_MARKS, RESUMED_MARKS = "marks alone", "marks resumed"  # in the second, the speaker before goes on
TERM_CONFIDENCE = 0.3  # below the threshold for counting


def find_governing_subject(parsed: QuotationParse, first: int) -> StartEnd | None:
    """The person or body that is the subject of the clause around words in marks, or of one above it.

    What comes after "that" is the content of the clause above: "argues that Americans must “stand up”".
    """
    if not parsed.applies("subjects around marks"):
        return None
    token = parsed.tokens[first]
    for _ in range(MAX_CLIMB_STEPS):
        if token.dep_ == "relcl" and _is_possible_head(token.head) and parsed.region_at[token.head.i] < 0:
            return noun_phrase(token.head)
        if token.head.i == token.i:
            return None
        token = token.head
        if token.pos_ not in ("VERB", "AUX") or parsed.region_at[token.i] >= 0 or _follows_that(token):
            continue
        speaker = find_speaker(parsed, token.i)
        if speaker is not None and not speaker[0] <= first < speaker[1] and _is_possible_speaker(parsed, speaker):
            return speaker
    return None


def find_owner_before(parsed: QuotationParse, first: int) -> StartEnd | None:
    """The name in the possessive right before words in marks: "the DAILY BEAST's “Town Closes Old Bridge”"."""
    ending = parsed.tokens[parsed.region_start(first) - 1] if parsed.region_start(first) else None
    if ending is None or ending.tag_ != "POS" or ending.nbor(-1).ent_type_ not in SPEAKER_LABELS:
        return None
    opens = parsed.regions[parsed.region_at[first]].inner_start
    if not parsed.text[opens].isupper():  # "Lee's “coarse and vulgar” plan"
        return None
    name = ending.nbor(-1)
    return noun_phrase(name)[0], name.i + 1


def _follows_that(verb: "Token") -> bool:
    """Whether a verb's clause is the content of the clause above it."""
    return any(child.dep_ == "mark" and child.lower_ in CLAUSE_COMPLEMENTIZERS for child in verb.lefts)


def _is_possible_speaker(parsed: QuotationParse, span: StartEnd) -> bool:
    """Whether a subject can speak: a name, a person or a pronoun, not "the need" or "his district"."""
    tokens = parsed.tokens[slice(*span)]
    return _is_possible_head(next((t for t in tokens if not span[0] <= t.head.i < span[1]), tokens[-1]))


def _is_possible_head(head: "Token") -> bool:
    return head.ent_type_ in SPEAKER_LABELS or head.lower_ in PERSONAL_PRONOUNS or head.lemma_.lower() in read_roles()


def name_lone_marks(parsed: QuotationParse, claims: list[Claim]) -> list[Claim]:
    """The claims in text order; those for words in marks alone get the speaker beside or before them."""
    named: list[Claim] = []
    cued = _claims_by_sentence(parsed, claims)
    for claim in sorted(claims, key=lambda claim: (claim.start, claim.end)):
        is_lone = claim.rule == LONE_MARKS and claim.speaker is None
        named.append(_name_marks(parsed, claim, cued, named) if is_lone else claim)
    return named


def _claims_by_sentence(parsed: QuotationParse, claims: list[Claim]) -> dict[int, set[StartEnd]]:
    """The speakers of the cues in each sentence."""
    found: dict[int, set[StartEnd]] = {}
    for claim in claims:
        if claim.cue is not None and claim.speaker is not None and _is_possible_speaker(parsed, claim.speaker):
            found.setdefault(int(parsed.parse.sentence_of[claim.cue]), set()).add(claim.speaker)
    return found


def _name_marks(parsed: QuotationParse, claim: Claim, cued: dict[int, set[StartEnd]], before: list[Claim]) -> Claim:
    first, last = parsed.parse.tokens_within(claim.start, claim.end)
    beside = cued.get(int(parsed.parse.sentence_of[first]), set())
    if len(beside) == 1:
        return replace(claim, speaker=next(iter(beside)))
    if beside:
        return claim
    if (owner := _find_message_owner(parsed, first)) is not None:
        return replace(claim, speaker=owner)
    if before and _goes_on(parsed, first, before[-1]):
        return replace(claim, rule=RESUMED_MARKS)
    return replace(claim, confidence=TERM_CONFIDENCE) if _is_term(parsed, first, last) else claim


def _find_message_owner(parsed: QuotationParse, first: int) -> StartEnd | None:
    """The owner of a message in the line before or this sentence: "Her message:", "The firm's goal is “to ...”"."""
    opens = next((i for i in range(first, -1, -1) if parsed.paragraph(i) != parsed.paragraph(first)), 0)
    since = parsed.sentence(first)[0]
    nouns = [parsed.tokens[opens - 1]] if opens and parsed.tokens[opens].text == ":" else []
    nouns += [token for token in parsed.tokens[since:first]
              if token.dep_ == "nsubj" and token.head.lemma_ in COPULA_LEMMAS]
    return next((noun_phrase(child) for noun in nouns if noun.lower_ in MESSAGE_NOUNS
                 for child in noun.lefts if child.dep_ == "poss"), None)


def _goes_on(parsed: QuotationParse, first: int, before: Claim) -> bool:
    """Whether words in marks follow somebody's speech at once, and their own sentence leads back to it."""
    tokens, opening = parsed.tokens, parsed.region_start(first)
    last = parsed.parse.tokens_within(before.end - 1, before.end)[0]
    since, here = parsed.sentence(first)[0], int(parsed.parse.sentence_of[first])
    is_next = (last < first and here - int(parsed.parse.sentence_of[last]) <= 1
               and parsed.paragraph(first) - parsed.paragraph(last) <= 1)
    if not is_next or before.rule in (LONE_MARKS, "according to") or (opening and tokens[opening - 1].text == ":"):
        return False
    has_marks = bool((parsed.region_at[slice(*parsed.parse.tokens_within(before.start, before.end))] >= 0).any())
    is_person = before.speaker is None or _is_person_phrase(parsed, before.speaker)
    leads_back = any(token.lower_ in DEMONSTRATIVE_WORDS for token in tokens[since:min(since + 3, opening)])
    return is_person and (has_marks or leads_back) and not _names_somebody(tokens[since:opening])


def _is_person_phrase(parsed: QuotationParse, span: StartEnd) -> bool:
    return any(token.pos_ == "PROPN" or token.lower_ in PERSONAL_PRONOUNS or token.lemma_.lower() in read_roles()
               for token in parsed.tokens[slice(*span)])


def _names_somebody(tokens: list["Token"]) -> bool:
    """Whether words have a subject that can speak: "Sanders had a retort: “...”", but not "Trump's success will"."""
    return any(token.dep_ in SUBJECT_DEPS and _is_possible_head(token) for token in tokens)


def _is_term(parsed: QuotationParse, first: int, last: int) -> bool:
    """Whether words in marks modify the noun after them: the usual “star lectures America” drivel."""
    last = parsed.region_end(last)
    opening = parsed.region_start(first)
    return (last < len(parsed.tokens) and 0 < opening and parsed.tokens[last].pos_ in ("NOUN", "PROPN")
            and parsed.tokens[opening - 1].pos_ in ("DET", "ADJ", "PRON"))
