"""Finds quoted speech without a cue verb: after a colon, before a dash and a name, after speech, or on its own."""

from bisect import bisect_right, insort
from dataclasses import replace

from samestory.annotate.quotations.blocks import find_block_claims
from samestory.annotate.quotations.introductions import find_introduced
from samestory.annotate.quotations.lone_marks import LONE_MARKS, find_governing_subject, find_owner_before
from samestory.annotate.quotations.paragraph_chains import find_chains, find_owners, inner_span
from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, count_spaced_words
from samestory.annotate.quotations.speaker_spans import find_speaker, noun_phrase

NAME_DASHES = ("—", "–", "―", "--", "-", "~")
MAX_DASH_NAME_TOKENS = 14
MISTAGGED_VERB_POS = ("NOUN", "PROPN", "ADJ")
MIN_UNCUED_WORDS = 4  # shorter fragments without a cue are mostly scare quotes


def find_uncued_claims(parsed: QuotationParse, claims: list[Claim]) -> list[Claim]:
    """Claims for the regions that no claim in `claims` covers."""
    covered = find_owners(parsed, claims)
    chains = {chain[0]: chain for chain in find_chains(parsed)}
    later = {number for chain in chains.values() for number in chain[1:]}
    ends = sorted(claim.end for claim in claims)
    found: list[Claim] = []
    for number in range(len(parsed.regions)):
        claim = None if number in covered or number in later else _read_region(parsed, number, ends)
        if claim is not None:
            spans = tuple(inner_span(parsed, member) for member in chains.get(number, [number]))
            found.append(replace(claim, spans=spans))
            insort(ends, found[-1].end)
    return found + find_block_claims(parsed)


def _read_region(parsed: QuotationParse, number: int, ends: list[int]) -> Claim | None:
    """The claim for a region outside all claims, if any; `ends` are the sorted ends of the claims so far."""
    region = parsed.regions[number]
    first, last = parsed.parse.tokens_within(region.start, region.end)
    spans = (inner_span(parsed, number),)
    since, until = parsed.sentence(first)
    lead = _colon_lead(parsed, first)
    if lead is not None and parsed.applies("colons"):
        return Claim(spans, lead[0], lead[1], "colon", 0.85)
    name = _dash_name(parsed, last)
    if name is not None and parsed.applies("names after dashes"):
        return Claim(spans, None, name, "dash", 0.85)
    verb = _unlisted_verb(parsed, first, last, until)
    if verb is not None and parsed.applies("unlisted verbs"):
        return Claim(spans, verb[0], verb[1], "unlisted cue", 0.75)
    inner = parsed.text[region.inner_start:region.inner_end]
    is_speech = region.reopened or _follows_speech(parsed, first, ends)
    if first == since and is_speech and region.mark not in ("‘", "'") and not _is_word(inner) and (
            parsed.applies("speech that goes on")):
        return Claim(spans, None, None, "floating", 0.7)
    is_heading = first == since and last == until and region.mark in ("‘", "'")
    if count_spaced_words(inner) < MIN_UNCUED_WORDS or is_heading or not parsed.applies("marks alone"):
        return None
    owner = find_owner_before(parsed, first) if parsed.applies("owners of marks") else None
    return Claim(spans, None, owner or find_governing_subject(parsed, first), LONE_MARKS, 0.4)


def _is_word(inner: str) -> bool:
    """Whether a region is a single word that does not end a sentence."""
    return len(inner.split()) < 2 and not inner.rstrip().endswith((".", "!", "?"))


def _colon_lead(parsed: QuotationParse, first: int) -> tuple[int | None, tuple[int, int] | None] | None:
    """The cue and speaker of the words before a colon that introduces a region."""
    i = first - 1
    if i < 0 or parsed.tokens[i].text != ":" or parsed.paragraph(first) - parsed.paragraph(i) > 1:
        return None
    start = parsed.sentence(i)[0]
    if parsed.text[slice(*parsed.parse.span(start, i))].isupper() and i - start > 2 and (
            parsed.applies("headings in capitals")):
        return None
    verbs = [v for v in range(start, i) if v in parsed.cues and parsed.cues[v].pos == "VERB"]
    for verb in reversed(verbs):
        speaker = find_speaker(parsed, verb)
        if speaker is not None:
            return verb, speaker
    if parsed.applies("introductions") and (named := find_introduced(parsed, start, i)) is not None:
        return None, named
    root = next((t for t in parsed.tokens[start:i] if t.dep_ == "ROOT"), None)
    if root is None:
        return None
    if root.pos_ in ("PROPN", "NOUN") and i - start < 12:
        return None, noun_phrase(root)
    return None, find_speaker(parsed, root.i)


def _dash_name(parsed: QuotationParse, last: int) -> tuple[int, int] | None:
    """The name after a quotation and a dash, at the end of its paragraph or in the next one: “...” — X."""
    tokens = parsed.tokens
    if last >= len(tokens) or tokens[last].text not in NAME_DASHES:
        return None
    paragraph, end = parsed.paragraph(last), last + 1
    if paragraph != parsed.paragraph(last - 1) and not _is_next_line(parsed, last):
        return None
    while end < len(tokens) and end - last <= MAX_DASH_NAME_TOKENS and parsed.paragraph(end) == paragraph:
        end += 1
    name = tokens[last + 1:end]
    ends = end == len(tokens) or parsed.paragraph(end) != paragraph
    if not ends or not name or not name[0].text[0].isupper() or any(t.pos_ in ("VERB", "AUX") for t in name):
        return None
    comma = next((n for n, token in enumerate(name) if token.text == "," and name[n - 1].pos_ == "PROPN"), len(name))
    name = name[:comma]
    while len(name) > 1 and name[-1].is_punct:
        name = name[:-1]
    return name[0].i, name[-1].i + 1


def _is_next_line(parsed: QuotationParse, dash: int) -> bool:
    """Whether a dash opens the line below a quotation that is a paragraph of its own."""
    opening = parsed.region_start(dash - 1)
    is_whole = opening == 0 or parsed.paragraph(opening - 1) != parsed.paragraph(opening)
    return (parsed.applies("signatures below") and is_whole and parsed.region_at[dash] < 0
            and parsed.paragraph(dash) - parsed.paragraph(dash - 1) == 1)


def _unlisted_verb(parsed: QuotationParse, first: int, last: int, until: int) -> tuple[int, tuple[int, int]] | None:
    """A verb that is not in the lexicon, in the position of a cue: “...,” X deadpanned."""
    inner = parsed.tokens[last - 2] if last - first > 2 else None
    after = parsed.tokens[last].text if last < until else ""
    if first > parsed.sentence(first)[0] and parsed.tokens[first - 1].text not in (",", ":") and (
            parsed.applies("speech of unlisted verbs")):
        return None
    if inner is None or not (inner.text in (",", "?", "!", "—", "…") or after == ","):
        return None
    for i in range(last, min(last + 8, until)):
        if parsed.region_at[i] >= 0 or (i in parsed.cues and parsed.cues[i].pos == "VERB"):
            return None
        token = parsed.tokens[i]
        if token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ", "VBP"):
            speaker = find_speaker(parsed, i)
            return (i, speaker) if speaker and last - 1 <= speaker[0] <= i + 2 else None
    return _mistagged_verb(parsed, last, until) if parsed.applies("inverted speakers") else None


def _mistagged_verb(parsed: QuotationParse, verb: int, until: int) -> tuple[int, tuple[int, int]] | None:
    """A verb between marks and a name that the tagger took for a noun: “...,” spat Viktor Hahn."""
    rest = parsed.tokens[verb:until]
    if len(rest) < 3 or not rest[0].is_lower or rest[0].pos_ not in MISTAGGED_VERB_POS:
        return None
    end = next((token.i for token in rest[1:] if token.pos_ != "PROPN"), until)
    is_name = end > verb + 1 and parsed.tokens[end].text in (".", ",")
    return (verb, (verb + 1, end)) if is_name and not any(t.pos_ in ("VERB", "AUX") for t in rest) else None


def _follows_speech(parsed: QuotationParse, first: int, ends: list[int]) -> bool:
    """Whether the same or the previous paragraph contains speech that a region may continue."""
    position = bisect_right(ends, int(parsed.parse.starts[first]))
    if position == 0:
        return False
    last = parsed.parse.tokens_within(ends[position - 1] - 1, ends[position - 1])[0]
    return parsed.paragraph(first) - parsed.paragraph(min(last, first)) <= 1
