"""Chooses among overlapping claims, and trims outer punctuation off their spans."""

import re
from dataclasses import replace

from samestory.annotate.genders import read_genders
from samestory.annotate.quotation_marks import Region
from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, count_spaced_words
from samestory.base.language import WordList

CLAIM_WINDOW_SIZE = 40  # claims before and after a claim, in text order, that it is compared with
SPAN_EDGE_PUNCTUATION = " \t\r\n\u00a0,;:—–-"
PASSING_ON_VERBS = WordList("passing_on_verbs")
PASSED_ON_VERBS = WordList("passed_on_verbs")
SHE_SPEAKERS, HE_SPEAKERS = WordList("she_speakers"), WordList("he_speakers")


def choose_claims(parsed: QuotationParse, claims: list[Claim]) -> list[tuple[Claim, Claim | None]]:
    """The accepted claims in text order, each with the outer claim that reports it, if any.

    A claim inside another's content is part of the other speaker's words, unless that speaker is an outlet or a
    document that only passes it on.
    """
    by_place = sorted(claims, key=lambda c: (c.start, c.end, c.cue or 0))
    place = {id(claim): position for position, claim in enumerate(by_place)}
    outers: dict[int, Claim | None] = {}
    chosen: set[int] = set()
    for claim in sorted(by_place, key=lambda c: -c.confidence):
        at = place[id(claim)]
        near = [other for other in by_place[max(0, at - CLAIM_WINDOW_SIZE):at + CLAIM_WINDOW_SIZE + 1]
                if other is not claim]
        outer = next((other for other in near if _holds_cue(parsed, other, claim)), None)
        if outer is None and any(id(other) in chosen and _overlaps_mostly(claim, other) for other in near):
            continue
        if outer is None or _passes_on(parsed, outer, claim):
            outers[id(claim)] = outer
        if outer is None:
            chosen.add(id(claim))
    found = [(_clip_to_outer_claim(claim, outers[id(claim)]), outers[id(claim)]) for claim in by_place
             if id(claim) in outers]
    return sorted(found, key=lambda pair: (pair[0].start, pair[1] is not None))


def _clip_to_outer_claim(claim: Claim, outer: Claim | None) -> Claim:
    """A claim that an outer one passes on, limited to the outer content: "..., the Post reported"."""
    if outer is None:
        return claim
    spans = tuple((max(a, c), min(b, d)) for a, b in claim.spans for c, d in outer.spans if max(a, c) < min(b, d))
    return replace(claim, spans=spans) if spans else claim


def _holds_cue(parsed: QuotationParse, outer: Claim, inner: Claim) -> bool:
    """Whether an inner claim's cue lies in the outer claim's content."""
    if inner.cue is None or outer.cue == inner.cue:
        return False
    at = int(parsed.parse.starts[inner.cue])
    own = outer.cue is not None and any(a <= int(parsed.parse.starts[outer.cue]) < b for a, b in inner.spans)
    if own and outer.confidence == inner.confidence:
        own = not parsed.tokens[outer.cue or 0].is_ancestor(parsed.tokens[inner.cue])
    elif own:
        own = outer.confidence < inner.confidence
    return any(a <= at < b for a, b in outer.spans) and not own


def _passes_on(parsed: QuotationParse, outer: Claim, inner: Claim) -> bool:
    """Whether an outer source only reports the words of an inner one that it names."""
    if outer.cue is None or inner.speaker is None or inner.cue not in parsed.cues:
        return False
    last = parsed.tokens[inner.speaker[1] - 1]
    is_person = last.lower_ in read_genders(SHE_SPEAKERS, HE_SPEAKERS) and outer.cue not in parsed.cues
    if last.pos_ == "PRON" and not (is_person and parsed.applies("pronouns that are passed on")):
        return False
    cue = parsed.cues[inner.cue]
    if outer.cue not in parsed.cues:
        return parsed.applies("according to a relay") and outer.rule == "according to" and "quote" in cue.frames
    return (parsed.cues[outer.cue].lemma in PASSING_ON_VERBS and cue.lemma in PASSED_ON_VERBS
            and "," not in inner.rule and parsed.applies("sources that pass on"))


def _overlaps_mostly(claim: Claim, other: Claim) -> bool:
    """Whether two claims share more than half of the shorter one's content."""
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in claim.spans for c, d in other.spans)
    shorter = min(sum(b - a for a, b in c.spans) for c in (claim, other))
    return shared > shorter / 2


def trim_spans(parsed: QuotationParse, claim: Claim) -> list[tuple[int, int]]:
    """The content spans without outer commas, full stops and quotation marks."""
    spans = [_trim_span(parsed, start, end) for start, end in claim.spans]
    return [span for span in spans if span[1] > span[0] and count_spaced_words(parsed.text[slice(*span)])]


def _trim_span(parsed: QuotationParse, start: int, end: int) -> tuple[int, int]:
    text = parsed.text
    region = _whole_region(parsed, start, end)
    if region is not None:
        start, end = region.inner_start, region.inner_end
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end
    while start < end and text[start] in SPAN_EDGE_PUNCTUATION:
        start += 1
    while end > start and (text[end - 1] in SPAN_EDGE_PUNCTUATION
                           or (text[end - 1] == "." and not _ends_in_abbreviation(text, start, end))):
        end -= 1
    region = _whole_region(parsed, start, end)
    return (region.inner_start, region.inner_end) if region else (start, end)


def _ends_in_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether the final full stop belongs to an abbreviation with inner full stops ("U.S.")."""
    return bool(re.search(r"\b\w\.\w\.$", text[max(start, end - 6):end]))


def _whole_region(parsed: QuotationParse, start: int, end: int) -> Region | None:
    """The region that makes up the whole span, apart from punctuation; None if there is none."""
    found = quoted_regions(parsed, start, end)
    if len(found) != 1:
        return None
    region = found[0]
    before = parsed.text[start:region.start] if region.start > start else ""
    after = parsed.text[region.end:end] if region.end < end else ""
    return region if not re.search(r"\w", before + after) else None


def quoted_regions(parsed: QuotationParse, start: int, end: int) -> list[Region]:
    """The regions whose inner text overlaps a span."""
    first, last = parsed.parse.tokens_within(start, end)
    numbers = sorted({int(n) for n in parsed.region_at[first:last] if n >= 0})
    return [parsed.regions[n] for n in numbers
            if parsed.regions[n].inner_start < end and parsed.regions[n].inner_end > start]
