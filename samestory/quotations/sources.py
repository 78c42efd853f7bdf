"""Sources without a verb: "according to X", "in X's words", and nouns ("X's claim that ...")."""

from typing import TYPE_CHECKING

from samestory.quotations.endings import cut_end
from samestory.quotations.reading import PAUSES, Claim, Reading
from samestory.quotations.subjects import noun_phrase

if TYPE_CHECKING:
    from spacy.tokens import Token


def find_according(reading: Reading) -> list[Claim]:
    """"According to X, CONTENT" and "CONTENT, according to X": all of the sentence but that phrase."""
    claims = []
    for token in reading.tokens:
        if token.lower_ != "according" or reading.region_at[token.i] >= 0 or token.i + 2 >= len(reading.tokens):
            continue
        if reading.tokens[token.i + 1].lower_ != "to" or reading.parse.role_of(token.i) != "body":
            continue
        claims += _according(reading, token)
    return claims


def _according(reading: Reading, token: "Token") -> list[Claim]:
    first, last = reading.sentence(token.i)
    noun = next((c for c in reading.tokens[token.i + 1].rights if c.dep_ == "pobj"), None)
    if noun is None or noun.i >= last:
        return []
    speaker = noun_phrase(noun)
    end = _phrase_end(reading, token.i, max(speaker[1], noun.i + 1), last)
    parts = [(first, token.i), (end, cut_end(reading, token.i, end, last) if end < last else last)]
    begins = token.i - first <= 1
    if reading.tokens[token.i - 1].lower_ == "that" and not begins:
        parts = parts[1:]
    ends = not any(t.is_alpha for t in reading.tokens[end:last])
    if not begins and not ends and reading.tokens[token.i - 1].text not in PAUSES:
        parts = parts[:1]
    spans = tuple(reading.parse.span(a, b) for a, b in parts if any(t.is_alpha for t in reading.tokens[a:b]))
    return [Claim(spans, token.i, speaker, "according to", 0.9)] if spans else []


def _phrase_end(reading: Reading, start: int, end: int, last: int) -> int:
    """Where the phrase ends: at the comma after the name, past an apposition between commas."""
    right = min(reading.tokens[start].right_edge.i + 1, last)
    apposition = next((t for t in reading.tokens[end:right] if t.dep_ == "appos" and t.head.i < end
                       and t.left_edge.i == end + 1), None)
    i = apposition.right_edge.i + 1 if apposition is not None else end
    while i < right and reading.tokens[i].text not in (",", ";", "—", "–") and reading.region_at[i] < 0:
        i += 1
    return i


def find_nouns(reading: Reading) -> list[Claim]:
    """"X's claim that CONTENT", "X issued a statement saying" is a verb's: only nouns with an owner."""
    claims = []
    for i, cue in reading.cues.items():
        if cue.pos != "NOUN":
            continue
        token = reading.tokens[i]
        clause = next((c for c in token.rights if c.dep_ in ("acl", "ccomp", "relcl")
                       and any(m.lower_ == "that" and m.dep_ == "mark" for m in c.lefts)), None)
        owner = next((c for c in token.lefts if c.dep_ == "poss"), None)
        if clause is None or owner is None:
            continue
        start = next(m.i for m in clause.lefts if m.lower_ == "that") + 1
        last = clause.right_edge.i + 1
        claims.append(Claim((reading.parse.span(start, last),), i, noun_phrase(owner), "noun", 0.7))
    return claims
