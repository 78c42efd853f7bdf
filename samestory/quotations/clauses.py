"""Clauses: what a verb of saying governs, after it, before it, or on both sides.

"X said (that) CONTENT" - "CONTENT, said X" - "CONTENT, X said, CONTENT". The parser says where a
clause hangs; the sentence, commas and quotation marks say where it ends, as they err less often.
"""

from typing import TYPE_CHECKING

from samestory.quotations.reading import Reading

if TYPE_CHECKING:
    from spacy.tokens import Token

PAUSES = frozenset((",", "—", "–", "--", "-", "?", "!", "…", "...", ";"))
CLOSING = frozenset(("”", '"', "''", "’", "'", "»"))
OPENING = frozenset(("“", '"', "``", "‘", "'", "«", "''"))
STOPS = frozenset((".", ",", ";", ":", "—", "–", "--", "-", "?", "!", "…"))
TELLERS_OWN = frozenset(("as", "while", "though", "although", "according", "not"))
JOINING = frozenset(("and", "but", "or", "while", "though", "although"))

FINITE = ("VBD", "VBZ", "VBP", "MD")
BREAKS = (",", "?", "!", "—", "–", "--", "-", "…", "...")
SPEAKER_WITHIN = 26  # tokens between a closing mark and its cue
THAT_WITHIN = 14  # tokens between a cue and its "that"
AFTER_CUE = 14  # tokens of time and place between a cue in the middle and what goes on

Span = tuple[int, int]


def content_after(reading: Reading, verb: int, until: int) -> Span | None:
    """The clause after a cue verb, as tokens: "X said (that) CONTENT"."""
    first = _find_start(reading, verb, until)
    if first is None:
        return None
    last = cut_end(reading, verb, first, until)
    return (first, last) if last > first else None


def _find_start(reading: Reading, verb: int, until: int) -> int | None:
    """Where the clause after a cue begins, by the parser or, where it erred, by "that" and finite verbs."""
    token, frames = reading.tokens[verb], reading.cues[verb].frames
    clause = next((child for child in token.rights if child.i < until and _is_clause(child, frames)), None)
    if clause is not None and not (reading.region_at[clause.i] >= 0 and reading.region_start(clause.i) < verb):
        return _clause_start(reading, token, clause)
    if "that" in frames and (that := _find_that(reading, verb, until)) is not None:
        return that + 1
    if reading.cues[verb].lemma == "say" and verb + 1 < until and _goes_on_finite(reading, token, until):
        return verb + 1
    return None


def _find_that(reading: Reading, verb: int, until: int) -> int | None:
    """The conjunction "that" which opens a cue's clause, with no other verb in between."""
    for i in range(verb + 1, min(verb + THAT_WITHIN, until)):
        token = reading.tokens[i]
        if token.lower_ == "that" and token.dep_ == "mark":
            return None if token.head.head.i != verb and token.head.head.i in reading.cues else i
        if token.pos_ in ("VERB", "AUX") or reading.region_at[i] >= 0:
            return None
    return None


def _is_clause(child: "Token", frames: frozenset[str]) -> bool:
    """Whether a dependent is a clause that the cue reports."""
    if child.dep_ == "ccomp":
        return True
    opens = child.left_edge
    is_question = opens.tag_ in ("WRB", "WP", "WDT") or opens.lower_ == "whether"
    return (child.dep_ == "advcl" and "wh" in frames and is_question and opens.i == child.head.i + 1
            and any(c.dep_ == "neg" for c in child.head.lefts))


def _goes_on_finite(reading: Reading, verb: "Token", until: int) -> bool:
    """Whether a noun phrase right after a cue goes on to a finite verb: a clause misread as its object."""
    nearest = next((c for c in verb.rights if c.dep_ == "dobj"), None)
    if nearest is None or nearest.left_edge.i != verb.i + 1:
        return False
    return any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") and reading.region_at[t.i] < 0
               for t in reading.tokens[nearest.i + 1:until])


def _clause_start(reading: Reading, verb: "Token", clause: "Token") -> int:
    """Where the clause begins: after "that"; a phrase set off by a comma belongs to it."""
    tokens = reading.tokens
    own = next((child.i for child in clause.lefts if child.lower_ == "that" and child.dep_ == "mark"), None)
    if own is not None and own > verb.i:
        return own + 1
    first = max(clause.left_edge.i, verb.i + 1)
    while first < clause.i and (tokens[first].lower_ in ("that", "for") and tokens[first].dep_ == "mark"
                                or tokens[first].text in (",", ":")):
        first += 1
    between = tokens[verb.i + 1:first]
    for token in between:
        if token.lower_ == "that" and token.dep_ == "mark":
            return token.i + 1
        if reading.region_at[token.i] >= 0:
            return token.i
    if not between or between[-1].text == ":":
        return first
    is_set_off = between[-1].text == "," and "," not in [t.text for t in between[:-1]]
    if is_set_off and reading.region_at[first] < 0 and between[0].dep_ in ("prep", "advmod", "mark"):
        return verb.i + 1
    is_object = between[0].i == verb.i + 1 and any(t.dep_ in ("dobj", "nsubj") and t.head is verb for t in between)
    return verb.i + 1 if is_object and "someone" not in reading.cues[verb.i].frames else first


def cut_end(reading: Reading, verb: int, first: int, until: int) -> int:
    """Where content after a cue ends: with the sentence, or before another clause of the teller's own."""
    for i in range(first + 1, until):
        token = reading.tokens[i]
        if reading.region_at[i] >= 0:
            continue
        if token.head.i == verb and token.i > first + 1 and _goes_on(reading.tokens[verb], token, first):
            start = token.left_edge.i if token.left_edge.i > first else token.i
            return _drop_joint(reading, first, start)
        if i in reading.cues and _opens_report(reading, token, first):
            return _drop_joint(reading, first, _clause_left(token, first))
        if token.lower_ == "according" and reading.tokens[i - 1].text == ",":
            return _drop_joint(reading, first, i)
    return until


def _goes_on(verb: "Token", token: "Token", first: int) -> bool:
    """Whether a conjunct or clause under the cue is the teller's own, told in the cue's tense."""
    if token.dep_ == "advcl":
        return token.left_edge.i > first and (is_finite(token) is False or _is_past(token) or not _is_past(verb))
    return token.dep_ == "conj" and (is_finite(token) or not is_finite(verb))


def _clause_left(token: "Token", first: int) -> int:
    """The first token of a cue's own clause: its subject, or itself."""
    subject = next((c for c in token.lefts if c.dep_ in ("nsubj", "nsubjpass")), token)
    left = min(subject.left_edge.i, token.i)
    return left if left > first else token.i


def is_finite(token: "Token") -> bool:
    """Whether a verb has a tense, or an auxiliary that has one."""
    return token.tag_ in FINITE or any(c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE for c in token.lefts)


def _is_past(token: "Token") -> bool:
    return token.tag_ == "VBD" or any(c.dep_ in ("aux", "auxpass") and c.tag_ == "VBD" for c in token.lefts)


def _opens_report(reading: Reading, token: "Token", first: int) -> bool:
    """Whether a cue in the content goes on with the teller's sentence: ", adding that", "and said"."""
    before = reading.tokens[token.i - 1]
    if before.dep_ == "advmod" and before.i > first:
        before = reading.tokens[before.i - 1]
    if token.tag_ == "VBG" and before.text == ",":
        return True
    subject = next((child for child in token.lefts if child.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is not None:
        return token.tag_ in FINITE and _joins(reading, subject.left_edge.i, first)
    follows = token.i + 1 < len(reading.tokens) and (
        reading.tokens[token.i + 1].lower_ == "that" or reading.tokens[token.i + 1].text in OPENING)
    return before.lower_ in ("and", "but") and token.tag_ in ("VBD", "VBZ") and follows


def _joins(reading: Reading, start: int, first: int) -> bool:
    """Whether a comma and a conjunction stand before a clause: ", and critics said"."""
    return (start - 2 > first and reading.tokens[start - 1].lower_ in JOINING and reading.tokens[start - 2].text in PAUSES
            or start - 2 > first and reading.region_at[start - 2] >= 0 and reading.tokens[start - 1].lower_ in JOINING)


def _drop_joint(reading: Reading, first: int, last: int) -> int:
    """An end moved before the comma or conjunction that leads on."""
    while last > first and (reading.tokens[last - 1].lower_ in JOINING or reading.tokens[last - 1].text in PAUSES
                            and reading.region_at[last - 1] < 0 or reading.tokens[last - 1].dep_ in ("cc",)):
        last -= 1
    return last


def cue_clause(reading: Reading, verb: int, speaker: Span | None) -> Span:
    """The tokens of "X said" or "said X": the cue, its auxiliaries and the speaker beside it."""
    token = reading.tokens[verb]
    first, last = verb, verb + 1
    for child in token.lefts:
        if child.dep_ in ("aux", "auxpass", "neg", "advmod") and child.i >= verb - 3 and child.i < first:
            first = child.i
    if speaker and speaker[1] <= verb and _is_near(reading, speaker[1], verb):
        first = min(first, speaker[0])
    if first > 0 and reading.tokens[first - 1].lower_ == "as" and opens_with_as(token):
        first -= 1
    if last < len(reading.tokens) and reading.tokens[last].dep_ == "prt":
        last += 1
    if speaker and speaker[0] > verb and _is_near(reading, verb + 1, speaker[0]):
        last = max(last, speaker[1])
    return first, last


def _is_near(reading: Reading, start: int, end: int) -> bool:
    """Whether only auxiliaries, adverbs or an apposition between commas stand between."""
    between = [reading.tokens[i] for i in range(start, end)]
    if len(between) > 40:
        return False
    return (all(token.dep_ in ("aux", "auxpass", "neg", "advmod", "prt") or token.is_punct for token in between)
            or between[0].text in (",", "(") and between[-1].text in (",", ")")
            or between[0].text in (",", "(") and len(between) > 2 and between[-2].text in (",", ")")
            or between[0].dep_ in ("relcl", "prep", "appos", "nsubj") or between[0].lower_ == "who"
            or between[0].is_punct is False and between[0].dep_ == "acl")


def content_before(reading: Reading, verb: int, clause: Span, since: int) -> Span | None:
    """What stands before "X said" up to the comma or closing mark there."""
    last = speech_end(reading, verb, since)
    if last is not None:
        since = _after_colon(reading, since, last)
    else:
        last = clause[0]
        if last <= since or not _is_pause(reading, last - 1) or not _hangs_on(reading, verb, clause[0]):
            return None
    return (since, last) if last - since > 1 else None


def _after_colon(reading: Reading, since: int, last: int) -> int:
    """The start of speech before a cue: behind a colon that leads to it, if there is one."""
    colon = next((i for i in range(since, last - 1) if reading.tokens[i].text == ":" and reading.region_at[i] < 0
                  and reading.region_at[i + 1] >= 0), None)
    return since if colon is None else colon + 1


def speech_end(reading: Reading, verb: int, since: int) -> int | None:
    """The end of a region before a cue that breaks off for it: “...,” X, a long apposition, said."""
    for i in range(verb - 1, max(since, verb - SPEAKER_WITHIN), -1):
        if reading.region_at[i] >= 0:
            region = reading.regions[reading.region_at[i]]
            breaks_off = reading.text[region.inner_start:region.inner_end].rstrip().endswith(BREAKS)
            return i + 1 if breaks_off or reading.tokens[i + 1].text in PAUSES else None
        if i in reading.cues and reading.cues[i].pos == "VERB" and reading.tokens[i].tag_ in ("VBD", "VBZ", "VBP"):
            return None
    return None


def _is_pause(reading: Reading, i: int) -> bool:
    """Whether the token sets off what stands before it."""
    return reading.tokens[i].text in PAUSES or reading.region_at[i] >= 0 and (
        i + 1 == len(reading.tokens) or reading.region_at[i + 1] != reading.region_at[i])


def _hangs_on(reading: Reading, verb: int, before: int) -> bool:
    """Whether the parser ties the cue to a clause on its left, or "as" does."""
    token = reading.tokens[verb]
    if not reading.cues[verb].frames & {"that", "bare", "wh"}:
        return False
    if any(child.dep_ in ("ccomp", "parataxis") and child.i < before for child in token.lefts):
        return True
    tied = token.dep_ in ("parataxis", "ccomp") or token.dep_ == "advcl" and opens_with_as(token)
    return tied and (token.head.i < before or token.head.left_edge.i < before)


def opens_with_as(verb: "Token") -> bool:
    """Whether a cue's clause is opened by "as": "as X put it"."""
    return any(child.lower_ == "as" and child.dep_ in ("mark", "advmod", "prep") for child in verb.lefts)


def content_around(reading: Reading, verb: int, clause: Span, until: int) -> Span | None:
    """What goes on after "CONTENT, X said," in the same sentence."""
    tokens, i = reading.tokens, clause[1]
    limit = min(until, i + AFTER_CUE)
    while i < limit and tokens[i].text not in (",", "—", "–", "--") and reading.region_at[i] < 0:
        i += 1
    if i + 1 >= limit:
        return None
    if reading.region_at[i] < 0:
        i += 1
    is_marked = reading.region_at[i] >= 0 and reading.region_start(i) == i
    was_marked = speech_end(reading, verb, max(0, clause[0] - SPEAKER_WITHIN)) is not None
    if not is_marked and (was_marked or not _resumes(tokens[verb], tokens[i])):
        return None
    last = cut_end(reading, verb, i, until)
    return (i, last) if last > i else None


def _resumes(verb: "Token", token: "Token") -> bool:
    """Whether what follows a cue in the middle takes the clause before it up again."""
    if token.tag_ in ("WRB", "WP", "WDT", "CC") or token.lower_ in TELLERS_OWN:
        return False
    if token.tag_ == "VBG" and verb.head.i < token.i:
        return False
    if verb.dep_ in ("parataxis", "advcl", "ccomp"):
        return True
    return any(child.dep_ == "ccomp" and child.right_edge.i >= token.i for child in verb.lefts)


def content_fronted(reading: Reading, verb: int, since: int, until: int) -> Span | None:
    """What "As X said, CONTENT" leads to: the sentence behind its comma."""
    token = reading.tokens[verb]
    if not opens_with_as(token) or token.left_edge.i - since > 2:
        return None
    comma = next((i for i in range(verb + 1, until) if reading.tokens[i].text == "," and reading.region_at[i] < 0
                  and i >= token.right_edge.i), None)
    return (comma + 1, until) if comma is not None and comma + 1 < until else None


