"""Verbs of saying: for each cue verb the content that it introduces, and who says it."""

from samestory.quotations.clauses import content_after
from samestory.quotations.frames import phrase_content
from samestory.quotations.positions import (
    content_around,
    content_before,
    content_fronted,
    cue_clause,
    opens_with_as,
    speech_end,
)
from samestory.quotations.reading import PAUSES, Claim, Reading, Span
from samestory.quotations.subjects import FINITE, find_speaker

CLAUSAL = frozenset(("that", "bare", "wh"))
BESIDE = ("npadvmod", "advmod", "dobj", "dative", "prt", "punct", "poss", "case", "det")
WITHHOLDING = frozenset(("decline", "refuse", "fail", "stop"))
WISHING = frozenset(("hope", "want", "try", "attempt", "need", "seek", "like", "plan", "expect", "struggle", "aim"))
POSSIBLE = frozenset(("can", "could", "may", "might", "must", "should"))
SHOWING = frozenset(("show", "indicate", "suggest", "demonstrate", "determine", "prove", "mean", "signal", "reveal"))
POINTING = frozenset(("that", "this", "these", "those", "which"))
LONGEST_MODIFIER = 5  # tokens, marks included
DOUBTFUL = 0.3  # confidence; below what is counted
NEAR = 14  # tokens between a cue and the mark that opens what it introduces


def find_verbal(reading: Reading) -> list[Claim]:
    """The claims that cue verbs make, in order of the verbs."""
    claims = (_read_verb(reading, i) for i, cue in reading.cues.items() if cue.pos == "VERB")
    return [claim for claim in claims if claim is not None]


def _read_verb(reading: Reading, verb: int) -> Claim | None:
    since, until = _limits(reading, verb)
    speaker = find_speaker(reading, verb)
    clause = cue_clause(reading, verb, speaker)
    if (fronted := content_fronted(reading, verb, since, until)) is not None and speaker is not None:
        return _claim(reading, verb, speaker, [fronted], "as clause", 0.85)
    after = content_after(reading, verb, until) if reading.cues[verb].frames & CLAUSAL else None
    is_free = after is None or _follows_marks(reading, verb, since)
    before = content_before(reading, verb, clause, since) if is_free and _can_follow(reading, verb) else None
    if before is not None and (lead := _led_speech(reading, verb, before, clause, until)) is not None:
        return _claim(reading, verb, speaker, [lead], "marks after cue", 0.95)
    if before is not None and (speaker is not None or speech_end(reading, verb, since) is not None):
        parts = [before, content_around(reading, verb, clause, until)]
        return _claim(reading, verb, speaker, parts, "before cue", 0.95)
    marked = _marks_after(reading, verb, clause, until)
    if marked is not None and (after is None or marked[0] <= after[0]):
        part = (marked[0], after[1] if after else marked[1])
        return _claim(reading, verb, speaker, [part], "marks after cue", 0.95)
    if speaker is None:
        return None
    if after is not None:
        return _claim(reading, verb, speaker, [after], "clause after cue", 0.9)
    phrase = phrase_content(reading, verb, until)
    return _claim(reading, verb, speaker, [phrase[0]], f"{phrase[1]} phrase", 0.8) if phrase else None


def find_doubt(reading: Reading, verb: int) -> str:
    """Why a cue may tell of nothing that was said: `negated`, `hypothetical`, or nothing.

    "Has not confirmed that", "declined to say what"; "could argue that", "hoped to show that", "a chance to say".
    """
    token = reading.tokens[verb]
    is_infinitive = token.tag_ == "VB" and any(child.lower_ == "to" for child in token.lefts)
    above = token.head.lemma_.lower() if is_infinitive else ""
    if any(child.dep_ == "neg" for child in token.lefts) or above in WITHHOLDING:
        return "negated"
    is_possible = any(child.tag_ == "MD" and child.lower_ in POSSIBLE for child in token.lefts)
    is_purpose = is_infinitive and (token.dep_ in ("acl", "relcl", "advcl") or above in WISHING)
    return "hypothetical" if is_possible or is_purpose else ""


def _can_speak(reading: Reading, verb: int, speaker: Span | None) -> bool:
    """Whether a source can be one: "that" or "those remarks" show something without saying it."""
    shows = reading.cues[verb].lemma in SHOWING
    return speaker is None or not shows or reading.tokens[speaker[0]].lower_ not in POINTING


def _led_speech(reading: Reading, verb: int, before: Span, clause: Span, until: int) -> Span | None:
    """The speech behind a cue that what stands before only leads to: "To cheers, he said, “...”"."""
    opens = clause[1] + (clause[1] < until and reading.tokens[clause[1]].text in (",", ":"))
    if opens >= until or reading.region_at[opens] < 0 or (reading.region_at[slice(*before)] >= 0).any():
        return None
    words = reading.tokens[slice(*before)]
    region = reading.regions[reading.region_at[opens]]
    is_own = reading.text[region.inner_start].isupper() and not any(t.tag_ in FINITE for t in words)
    return (opens, _widen(reading, opens, until)) if is_own or opens_with_as(reading.tokens[verb]) else None


def _limits(reading: Reading, verb: int) -> Span:
    """Where content may stand: the sentence, or the clause of a cue that opens another's ("While X said ...,")."""
    since, until = reading.sentence(verb)
    token = reading.tokens[verb]
    while token.dep_ == "conj" and token.head.i < token.i:
        token = token.head
    if token.dep_ == "advcl" and token.head.i > verb and not opens_with_as(token):
        until = min(until, reading.region_end(max(verb, token.right_edge.i) + 1))
    return max(since, reading.dateline_end(since)), until


def _follows_marks(reading: Reading, verb: int, since: int) -> bool:
    """Whether the sentence opens with speech that breaks off for this cue: “...,” X said (that ...)."""
    last = speech_end(reading, verb, since)
    return last is not None and reading.region_at[last - 1] >= 0 and reading.region_start(last - 1) == since


def _can_follow(reading: Reading, verb: int) -> bool:
    """Whether a verb can end "CONTENT, X said": active, finite, and one that clauses or speech go with."""
    token = reading.tokens[verb]
    if any(child.tag_ == "WRB" or (child.dep_ == "mark" and child.lower_ != "as") for child in token.lefts):
        return False
    if not reading.cues[verb].frames & (CLAUSAL | {"quote"}) or any(c.dep_ == "auxpass" for c in token.children):
        return False
    is_told = token.tag_ == "VBN" and any(
        c.dep_ == "nsubj" and c.pos_ in ("PROPN", "PRON") for c in token.lefts)  # "Trump tweeted", mistagged
    return token.tag_ in FINITE or is_told or (
        token.tag_ in ("VBN", "VBG") and any(c.dep_ == "aux" for c in token.lefts))


def _claim(reading: Reading, verb: int, speaker: Span | None, parts: list[Span | None], rule: str,
           confidence: float) -> Claim | None:
    """A claim of the parts that are there; where it is doubtful that they were said, its rule says so."""
    spans = [reading.parse.span(*part) for part in parts if part is not None and part[1] > part[0]]
    if not spans or not _can_speak(reading, verb, speaker):
        return None
    if doubt := find_doubt(reading, verb):
        rule, confidence = f"{rule}, {doubt}", DOUBTFUL
    return Claim(tuple(spans), verb, speaker, rule, confidence)


def _marks_after(reading: Reading, verb: int, clause: Span, until: int) -> Span | None:
    """The region that opens soon after a cue, with no other verb in between."""
    is_object = bool(reading.cues[verb].frames & {"object", "as"})
    for i in range(clause[1], min(clause[1] + NEAR, until)):
        if _is_modifier(reading, i):
            return None
        if is_object and reading.tokens[i].dep_ in ("dobj", "nsubj") and reading.region_at[i] < 0:
            return None
        if reading.region_at[i] >= 0:
            is_due = "quote" in reading.cues[verb].frames and _leads_in(reading, clause[1], i)
            return (i, _widen(reading, i, until)) if is_due else None
        is_verb = i in reading.cues and reading.cues[i].pos == "VERB"
        if is_verb or reading.tokens[i].dep_ in ("nsubj", "nsubjpass"):
            return None
    return None


def _is_modifier(reading: Reading, i: int) -> bool:
    """Whether marks open between a determiner and its noun: an “exploratory” committee."""
    if reading.region_at[i] < 0 or reading.tokens[i - 1].dep_ not in ("det", "poss") or reading.region_at[i - 1] >= 0:
        return False
    last = reading.region_end(i + 1)
    return last < len(reading.tokens) and reading.tokens[last].pos_ == "NOUN" and last - i <= LONGEST_MODIFIER


def _widen(reading: Reading, first: int, until: int) -> int:
    """The end of speech between marks with what the parser hangs on it: “X” in the city, “X” and “Y”."""
    last = reading.region_end(first + 1)
    while last < until and first <= reading.tokens[last].head.i < last and reading.tokens[last].text not in PAUSES:
        last = reading.region_end(reading.tokens[last].right_edge.i + 1)
    return min(last, until)


def _leads_in(reading: Reading, start: int, mark: int) -> bool:
    """Whether speech is due at a mark: right after the cue, after a comma, a colon or "that"."""
    before = reading.tokens[mark - 1]
    if mark == start or before.text in (",", ":") or before.lower_ in ("that", "as"):
        return True
    return all(token.dep_ in BESIDE for token in reading.tokens[start:mark])
