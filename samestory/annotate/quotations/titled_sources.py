"""Extends sources that the parser cut before the name that they are the title of: "study co|-author Ann Lee"."""

from samestory.annotate.quotations.antecedents import is_person_noun
from samestory.annotate.quotations.people import SpeakerCandidates
from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd
from samestory.annotate.roles import find_title_start

MAX_TITLE_REST_TOKENS = 12  # tokens between the end of a cut source and the name


def reach_titled_name(parsed: QuotationParse, known: SpeakerCandidates, claim: Claim, span: StartEnd) -> StartEnd:
    """The source up to the end of the person's name, if the source is the beginning of that person's title.

    Before its cue, nothing may come between the name and the cue.
    """
    if claim.cue is None or _is_person(known, span[1] - 1) or not parsed.applies("cut titles"):
        return span
    limit = claim.cue if span[1] <= claim.cue else parsed.sentence(claim.cue)[1]
    first = next((i for i in range(span[1], min(span[1] + MAX_TITLE_REST_TOKENS, limit)) if _is_person(known, i)), None)
    if first is None:
        return span
    begin = find_title_start(parsed.parse, first)
    last = known.tokens_of(known.at[first])[1]
    is_title = (begin is not None and begin < span[1]) or _has_role_of_place(parsed, span, first)
    return (span[0], last) if is_title and (last == limit or span[1] > claim.cue) else span


def _has_role_of_place(parsed: QuotationParse, span: StartEnd, first: int) -> bool:
    """Whether a source ends in the place of the role before a name: "the College of X, Arden's dean, Ann Lee"."""
    tokens = parsed.tokens
    if tokens[first - 1].text != "," or tokens[span[1]].text != ",":
        return False
    role, place = tokens[first - 2], tokens[span[1] + 1:first - 2]
    return (is_person_noun(role) and len(place) > 1 and place[-1].tag_ == "POS"
            and all(token.ent_type_ == "GPE" for token in place[:-1]))


def _is_person(known: SpeakerCandidates, token: int) -> bool:
    return token in known.at and known.at[token]["label"] == "PERSON"
