"""Finds the speakers' turns in transcripts: paragraphs that begin with their speaker ("WALLACE: ...")."""

import re
from collections import Counter

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse

CAPITALS_NAME_REGEX = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,4}"
MIXED_CASE_NAME_REGEX = r"[A-Z][\w.'’-]+ [A-Z][\w'’-]+"
SPEAKER_TURN_PATTERN = re.compile(rf"[\"“]?\s*(?P<name>(?:{CAPITALS_NAME_REGEX}|{MIXED_CASE_NAME_REGEX})"
                                  r"(?:, [A-Z ]{2,30})?)\s*:\s+(?=[\w\"“‘'(\[$…])")
MAX_TURN_OPENING_CHARS = 100  # code points of a name and its colon
MIN_TRANSCRIPT_TURNS = 3  # paragraphs of this shape that make a transcript


def find_turns(parsed: QuotationParse) -> list[Claim]:
    """A claim for each turn of a transcript."""
    body = [paragraph for paragraph in parsed.parse.source.paragraphs if paragraph.role == "body"]
    turns = [(p, SPEAKER_TURN_PATTERN.match(parsed.text, p.start, min(p.end, p.start + MAX_TURN_OPENING_CHARS)))
             for p in body]
    names = Counter(found["name"] for _, found in turns if found)
    if sum(names.values()) < MIN_TRANSCRIPT_TURNS or max(names.values()) < 2:
        return []
    claims = []
    for paragraph, found in turns:
        if found is None or found.end() >= paragraph.end:
            continue
        speaker = parsed.parse.tokens_within(found.start("name"), found.end("name"))
        claims.append(Claim(((found.end(), paragraph.end),), None, speaker, "transcript", 0.9))
    return claims
