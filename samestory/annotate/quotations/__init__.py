"""Quotations: who said what, in which words, found by quotation marks, cues and syntax.

`find_quotations` reads one parsed article in three steps: rules make claims (`verbs`, `verbless_sources`,
`uncued_speech`, `transcripts`), `claim_choice` picks among those that overlap, and
`speaker_names` resolves each speaker to one name. `link_entities` later adds entities across articles, and
sides from a roster.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from samestory.annotate.parse import Parse
from samestory.annotate.quotations.attributing_sentences import find_attributing_sentences
from samestory.annotate.quotations.blocks import find_posts
from samestory.annotate.quotations.claim_choice import choose_claims, quoted_regions, trim_spans
from samestory.annotate.quotations.confidence import rate_speaker, rate_statement
from samestory.annotate.quotations.dialogues import mark_dialogue_turns
from samestory.annotate.quotations.interviews import find_answers
from samestory.annotate.quotations.lone_marks import name_lone_marks
from samestory.annotate.quotations.paragraph_chains import join_chains
from samestory.annotate.quotations.quotation_parse import (
    Claim,
    QuotationParse,
    blank_quotation_marks,
    count_spaced_words,
)
from samestory.annotate.quotations.relayed_speech import find_relayed_claims, find_relays
from samestory.annotate.quotations.rules import QUOTATION_RULES
from samestory.annotate.quotations.speaker_names import Speaker, resolve_speakers
from samestory.annotate.quotations.transcripts import find_turns
from samestory.annotate.quotations.uncued_speech import find_uncued_claims
from samestory.annotate.quotations.verbless_sources import find_according_claims, find_noun_claims
from samestory.annotate.quotations.verbs import find_verb_claims

CLAIM_FRAMES = ("as", "of", "object")  # frames of phrases that make an assertion
__all__ = ["QUOTATION_RULES", "find_quotations", "is_speech_act"]


def find_quotations(parse: Parse, mentions: list[dict[str, Any]], *,
                    rules: Collection[str] = QUOTATION_RULES) -> list[dict[str, Any]]:
    """The quotations of one article, in order of their content.

    Parameters
    ----------
    parse : the parsed article
    mentions : the article's rows of the table `mentions`
    rules : names of the rules that apply, all of QUOTATION_RULES unless given

    Returns
    -------
    list of dict
        Rows of the tables `quotations` and `speech_acts` (see `is_speech_act`), without the columns that linking
        adds. All spans are offsets into the original text.
    """
    parsed = QuotationParse(parse, rules)
    if parsed.applies("questions before names"):
        parsed.attributing = find_attributing_sentences(parsed)
    claims = _find_claims(parsed, mentions)
    chosen = choose_claims(parsed, claims)
    relayed = [replace(claim, speaker=claim.via) for claim, _ in chosen if claim.via is not None]
    found = resolve_speakers(parsed, [*(claim for claim, _ in chosen), *relayed], mentions)
    speakers = found[:len(chosen)]
    outlets = _name_outlets(chosen, speakers, [speaker.name for speaker in found[len(chosen):]])
    inner = {id(outer): claim for claim, outer in chosen if outer is not None}
    rows = [_make_quotation_row(parsed, claim, speaker, via=via, inner=inner.get(id(claim)))
            for (claim, _), speaker, via in zip(chosen, speakers, outlets, strict=True)]
    return _drop_repeated_spans(row for row in rows if row is not None)


def _find_claims(parsed: QuotationParse, mentions: list[dict[str, Any]]) -> list[Claim]:
    """All claims, those by a cue first."""
    relays = find_relays(parsed) if parsed.applies("quoted as saying") else []
    taken = {verb for relay in relays for verb in (relay.quoting, relay.saying)}
    answers = find_answers(parsed, mentions) if parsed.applies("interviews") else []
    turns = answers or (find_turns(parsed) if parsed.applies("transcript turns") else [])
    claims = [*turns, *(find_posts(parsed) if parsed.applies("embedded posts") else ()),
              *find_relayed_claims(parsed, relays), *find_verb_claims(parsed, taken),
              *(find_according_claims(parsed) if parsed.applies("according to") else ()),
              *(find_noun_claims(parsed) if parsed.applies("nouns") else ())]
    claims = join_chains(parsed, claims) if parsed.applies("reopened marks") else claims
    claims += find_uncued_claims(parsed, claims)
    claims = mark_dialogue_turns(parsed, claims) if parsed.applies("dialogues") else claims
    claims = name_lone_marks(parsed, claims) if parsed.applies("speakers beside marks") else claims
    return claims


def _name_outlets(chosen: list[tuple[Claim, Claim | None]], speakers: list[Speaker],
                  relaying: list[str | None]) -> list[str | None]:
    """Who passes each claim on, if anybody; speech that goes on comes the same way as the words before it.

    `relaying` are the names for the claims that have a `via`, in order.
    """
    names = {id(claim): speaker.name for (claim, _), speaker in zip(chosen, speakers, strict=True)}
    rest, found, before = iter(relaying), list[str | None](), Speaker()
    for (claim, outer), speaker in zip(chosen, speakers, strict=True):
        goes_on = speaker.resolution == "floating" and speaker.name == before.name
        found.append(names.get(id(outer)) if outer is not None else next(rest) if claim.via is not None
                     else found[-1] if goes_on and found else None)
        before = speaker
    return found


def is_speech_act(row: dict[str, Any]) -> bool:
    """Whether a row is a speech act rather than a statement: "urged Congress to act", "thanked them for coming".

    The outlet reports a request, a promise or praise in its own words; the speaker asserts nothing. "Accused them
    of lying" and "denounced it as a farce" do assert something, so they are statements, as is what has a clause of its
    own: "vowed to stay unless the mayor resigned".
    """
    frame, _, kind = row["rule"].partition(",")[0].rpartition(" ")
    return kind == "phrase" and frame not in CLAIM_FRAMES and row["kind"] == "indirect"


def _make_quotation_row(parsed: QuotationParse, claim: Claim, speaker: Speaker, *, via: str | None,
                        inner: Claim | None) -> dict[str, Any] | None:
    """One row of the table; None if the content is only punctuation."""
    spans = trim_spans(parsed, claim)
    if not spans:
        return None
    text, cue = parsed.text, parsed.cue_at(claim.cue)
    quoted = [span for start, end in spans for span in _quoted_spans(parsed, start, end)]
    cue_span = parsed.cue_span(claim.cue)
    own = _leave_out(spans, trim_spans(parsed, inner)) if inner else spans
    own_quoted = _leave_out(quoted, trim_spans(parsed, inner)) if inner else quoted
    direct = sum(count_spaced_words(text[a:b]) for a, b in own_quoted)
    words = sum(count_spaced_words(blank_quotation_marks(text[a:b])) for a, b in own)
    rule, confidence = rate_statement(claim, speaker, quoted=bool(quoted))
    return {
        "quotation_id": parsed.parse.write_span_id("q", spans[0][0], spans[-1][1]),
        "article_id": parsed.parse.source.article_id,
        "kind": _classify_content(text, spans, quoted),
        "content_spans": [{"start": a, "end": b} for a, b in spans],
        "quoted_spans": [{"start": a, "end": b} for a, b in quoted],
        "text": " … ".join(text[a:b] for a, b in spans),
        "cue": text[slice(*cue_span)] if claim.cue is not None else None,
        "cue_start": cue_span[0], "cue_end": cue_span[1],
        "cue_lemma": cue.lemma if cue else None,
        "cue_class": cue.cue_class if cue else None,
        "speaker": speaker.written, "speaker_start": speaker.start, "speaker_end": speaker.end,
        "speaker_name": speaker.name, "resolution": speaker.resolution, "via": via,
        "anonymous": speaker.anonymous,
        "rule": f"{rule}, passed on" if inner else rule, "confidence": confidence,
        "speaker_confidence": rate_speaker(claim, speaker),
        "n_words_direct": direct, "n_words_indirect": max(0, words - direct),
        "sentence": int(parsed.parse.sentence_of[parsed.parse.tokens_within(*spans[0])[0]]),
    }


def _quoted_spans(parsed: QuotationParse, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a span that are inside quotation marks."""
    spans = [(max(start, r.inner_start), min(end, r.inner_end)) for r in quoted_regions(parsed, start, end)]
    return [span for span in spans if span[1] > span[0] and count_spaced_words(parsed.text[slice(*span)])]


def _leave_out(spans: list[tuple[int, int]], inner: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of spans outside an inner claim, whose words belong to its own speaker."""
    if not inner:
        return spans
    low, high = inner[0][0], inner[-1][1]
    pieces = [piece for a, b in spans for piece in ((a, min(b, low)), (max(a, high), b))]
    return [piece for piece in pieces if piece[1] > piece[0]]


def _classify_content(text: str, spans: list[tuple[int, int]], quoted: list[tuple[int, int]]) -> str:
    """`direct`, `mixed` or `indirect`: all, some or none of the words are in quotation marks."""
    if not quoted:
        return "indirect"
    inside = sum(count_spaced_words(text[a:b]) for a, b in quoted)
    words = sum(count_spaced_words(blank_quotation_marks(text[a:b])) for a, b in spans)
    return "direct" if inside >= words else "mixed"


def _drop_repeated_spans(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last row for each span."""
    return list({row["quotation_id"]: row for row in rows}.values())
