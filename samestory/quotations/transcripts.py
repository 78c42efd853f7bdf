"""Transcripts: paragraphs that open with who speaks ("WALLACE: ..."), in an article that has several."""

import re
from collections import Counter

from samestory.quotations.reading import Claim, Reading

TURN = re.compile(r"[\"“]?\s*(?P<name>(?:[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,4}|[A-Z][\w.'’-]+ [A-Z][\w'’-]+)(?:, [A-Z ]{2,30})?)"
                  r"\s*:\s+(?=[\w\"“‘'(\[$…])")
LONGEST_NAME = 60  # code points
TURNS = 3  # paragraphs of this shape that make a transcript


def find_turns(reading: Reading) -> list[Claim]:
    """A claim for each turn of a transcript, and for the paragraphs that go on with it."""
    turns = [(paragraph, TURN.match(reading.text, paragraph.start, min(paragraph.end, paragraph.start + LONGEST_NAME + 40)))
             for paragraph in reading.parse.source.paragraphs if paragraph.role == "body"]
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
