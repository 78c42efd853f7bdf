"""Finds the speakers' turns in transcripts: paragraphs that begin with their speaker ("WALLACE: ...")."""

import re
from collections import Counter

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse
from samestory.clean.lines import Paragraph

CAPITALS_NAME_REGEX = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,4}"
MIXED_CASE_NAME_REGEX = r"[A-Z][\w.'’-]+(?: [A-Z][\w'’-]*\.?){1,3}"
SINGLE_NAME_REGEX = r"[A-Z][\w'’-]+"
SPEAKER_TURN_PATTERN = re.compile(
    rf"[\"“]?\s*(?P<name>(?:{CAPITALS_NAME_REGEX}|{MIXED_CASE_NAME_REGEX}|(?P<single>{SINGLE_NAME_REGEX}))"
    r"(?:, [A-Z ]{2,30})?)\s*:\s+(?=[\w\"“‘'(\[$…])")
MAX_TURN_OPENING_CHARS = 100  # code points of a name and its colon
MIN_TRANSCRIPT_TURNS = 3  # paragraphs of this shape that make a transcript
MIN_SINGLE_NAME_TURNS = 2  # paragraphs with the same label of one word in small letters: "Ferrow:"


def find_turns(parsed: QuotationParse) -> list[Claim]:
    """A claim for each turn of a transcript."""
    turns = _read_turns(parsed)
    names = Counter(found["name"] for _, found in turns)
    if sum(names.values()) < MIN_TRANSCRIPT_TURNS or max(names.values()) < 2:
        return []
    claims = []
    for paragraph, found in turns:
        if found.end() < paragraph.end:
            speaker = parsed.parse.tokens_within(found.start("name"), found.end("name"))
            claims.append(Claim(((found.end(), paragraph.end),), None, speaker, "transcript", 0.9))
    return claims


def _read_turns(parsed: QuotationParse) -> list[tuple[Paragraph, re.Match[str]]]:
    """The paragraphs that begin with a name and a colon; a label of one word must recur, and somebody must ask."""
    body = [paragraph for paragraph in parsed.parse.source.paragraphs if paragraph.role == "body"]
    found = [(p, SPEAKER_TURN_PATTERN.match(parsed.text, p.start, min(p.end, p.start + MAX_TURN_OPENING_CHARS)))
             for p in body]
    turns = [(paragraph, turn) for paragraph, turn in found if turn is not None]
    asks = any(parsed.text[paragraph.start:paragraph.end].rstrip().endswith("?") for paragraph, _ in turns)
    names = Counter(turn["name"] for _, turn in turns)
    return [(paragraph, turn) for paragraph, turn in turns
            if not turn["single"] or (asks and names[turn["name"]] >= MIN_SINGLE_NAME_TURNS)]
