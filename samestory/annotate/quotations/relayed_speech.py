"""Finds speech that an outlet passes on: "OUTLET quoted X as saying", "X was quoted by OUTLET as saying".

The words are X's, and the outlet is only the way by which they came.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samestory.annotate.quotations.around_cue import content_around, content_before, cue_clause
from samestory.annotate.quotations.clauses_after import content_after
from samestory.annotate.quotations.function_words import AS_CONJUNCTIONS
from samestory.annotate.quotations.quotation_parse import PAUSE_MARKS, Claim, QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import SUBJECT_DEPS, find_speaker, noun_phrase
from samestory.annotate.quotations.speech_after import speech_after
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

QUOTING_VERBS = WordList("quoting_verbs")
BY_PREPOSITIONS = WordList("by_prepositions")  # "was quoted BY Reuters", "was quoted IN the Herald"
MAX_QUOTING_TO_SAYING_TOKENS = 25
MAX_SAYING_TO_OUTLET_TOKENS = 3
OBJECT_DEPS = ("dobj", "dative", "nsubj")


@dataclass(frozen=True)
class Relay:
    """The tokens of "quoted" and "saying", the source of the words, and who quotes it, if the text says so."""

    quoting: int
    saying: int
    speaker: StartEnd
    via: StartEnd | None


def find_relays(parsed: QuotationParse) -> list[Relay]:
    """Every "quoted as saying" outside quotation marks."""
    found = (_read_relay(parsed, i) for i in parsed.cues if parsed.tokens[i].pos_ == "VERB" and i > 1)
    return [relay for relay in found if relay is not None]


def find_relayed_claims(parsed: QuotationParse, relays: list[Relay]) -> list[Claim]:
    """The claims that relays make."""
    claims = []
    for relay in relays:
        spans = tuple(parsed.parse.span(*part) for part in _find_content(parsed, relay) if part[1] > part[0])
        if spans:
            claims.append(Claim(spans, relay.saying, relay.speaker, "quoted as saying", 0.95, via=relay.via))
    return claims


def _read_relay(parsed: QuotationParse, saying: int) -> Relay | None:
    tokens = parsed.tokens
    opens = saying - 1 - (tokens[saying - 1].dep_ == "aux")  # "as having said"
    if tokens[opens].lower_ not in AS_CONJUNCTIONS or tokens[opens + 1].tag_ != "VBG":
        return None
    since = max(parsed.sentence(saying)[0], opens - MAX_QUOTING_TO_SAYING_TOKENS)
    quoting = next((i for i in range(opens - 1, since - 1, -1) if tokens[i].pos_ == "VERB" and parsed.region_at[i] < 0),
                   None)
    if quoting is None or tokens[quoting].lemma_.lower() not in QUOTING_VERBS:
        return None
    is_passive = _has_source_as_subject(tokens, quoting, opens)
    speaker = _passive_subject(parsed, quoting) if is_passive else _active_object(parsed, quoting, opens)
    if speaker is None:
        return None
    via = (_by_phrase(parsed, quoting, opens) or _by_phrase(parsed, saying, saying + MAX_SAYING_TO_OUTLET_TOKENS)
           if is_passive else find_speaker(parsed, quoting))
    return Relay(quoting, saying, speaker, via)


def _has_source_as_subject(tokens: list["Token"], quoting: int, opens: int) -> bool:
    """Whether the source is the subject: nothing or only who quotes stands between "quoted" and "as"."""
    if any(child.dep_ == "auxpass" for child in tokens[quoting].lefts):
        return True
    return opens == quoting + 1 or tokens[quoting + 1].lower_ in BY_PREPOSITIONS


def _passive_subject(parsed: QuotationParse, quoting: int) -> StartEnd | None:
    """The subject of "was quoted", or the noun before "quoted by"."""
    token = parsed.tokens[quoting]
    while token.dep_ in ("conj", "advcl", "xcomp") and not _subjects(token):
        token = token.head
    head = next(iter(_subjects(token)), token.head if token.dep_ in ("acl", "relcl") else None)
    return noun_phrase(head) if head is not None and parsed.region_at[head.i] < 0 and head.i < quoting else None


def _subjects(token: "Token") -> list["Token"]:
    return [child for child in token.lefts if child.dep_ in SUBJECT_DEPS]


def _active_object(parsed: QuotationParse, quoting: int, opens: int) -> StartEnd | None:
    """The source between "quoted" and "as"."""
    between = parsed.tokens[quoting + 1:opens]
    head = next((token for token in between if token.head.i == quoting and token.dep_ in OBJECT_DEPS), None)
    if head is not None:
        first, last = noun_phrase(head)
        return first, min(last, opens)
    while between and between[-1].is_punct:
        between = between[:-1]
    return (between[0].i, between[-1].i + 1) if between else None


def _by_phrase(parsed: QuotationParse, verb: int, last: int) -> StartEnd | None:
    """Who quotes: the noun after "by" or "in" that follows a verb."""
    by = next((t for t in parsed.tokens[verb + 1:last] if t.lower_ in BY_PREPOSITIONS), None)
    noun = next((child for child in by.rights if child.dep_ == "pobj"), None) if by is not None else None
    return noun_phrase(noun) if noun is not None else None


def _find_content(parsed: QuotationParse, relay: Relay) -> list[StartEnd]:
    """The content after "saying", or before and around "quoted as saying"."""
    since, until = parsed.sentence(relay.saying)
    opens = relay.saying + 1
    marked = speech_after(parsed, relay.saying, (relay.saying, opens), until)
    after = marked or content_after(parsed, relay.saying, until)
    first = cue_clause(parsed, relay.quoting, relay.via if relay.via and relay.via[1] <= relay.quoting
                       else relay.speaker)[0]
    before = content_before(parsed, relay.quoting, (first, opens), since) if relay.quoting in parsed.cues else None
    if before is not None:
        around = content_around(parsed, relay.quoting, (first, opens), until)
        return [before, *([around] if around is not None else [])]
    if after is None and first - since > 1 and parsed.tokens[first - 1].text in PAUSE_MARKS:
        return [(parsed.content_start(since), first)]
    return [after] if after is not None else []
