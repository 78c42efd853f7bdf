"""Transcripts: paragraphs that open with who speaks ("WALLACE: ..."), in an article that has several."""

import re
from collections import Counter

from samestory.quotations.reading import Claim, Reading

CAPITALS, NAME = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,4}", r"[A-Z][\w.'’-]+ [A-Z][\w'’-]+"
TURN = re.compile(rf"[\"“]?\s*(?P<name>(?:{CAPITALS}|{NAME})(?:, [A-Z ]{{2,30}})?)\s*:\s+(?=[\w\"“‘'(\[$…])")
LONGEST = 100  # code points of a name and its colon
TURNS = 3  # paragraphs of this shape that make a transcript


def find_turns(reading: Reading) -> list[Claim]:
    """A claim for each turn of a transcript, and for the paragraphs that go on with it."""
    body = [paragraph for paragraph in reading.parse.source.paragraphs if paragraph.role == "body"]
    turns = [(p, TURN.match(reading.text, p.start, min(p.end, p.start + LONGEST))) for p in body]
    names = Counter(found["name"] for _, found in turns if found)
    if sum(names.values()) < TURNS or max(names.values()) < 2:
        return []
    claims = []
    for paragraph, found in turns:
        if found is None or found.end() >= paragraph.end:
            continue
        speaker = reading.parse.tokens_within(found.start("name"), found.end("name"))
        claims.append(Claim(((found.end(), paragraph.end),), None, speaker, "transcript", 0.9))
    return claims
