"""Clauses: what a verb of saying governs, after it, before it, or on both sides.

"X said (that) CONTENT" - "CONTENT, said X" - "CONTENT, X said, CONTENT". The parser says where a
clause hangs; the sentence, commas and quotation marks say where it ends, as they err less often.
"""

from typing import TYPE_CHECKING

from samestory.quotations.reading import Reading

if TYPE_CHECKING:
    from spacy.tokens import Token

CLAUSES = ("ccomp",)
PAUSES = frozenset((",", "—", "–", "--", "-", "?", "!", "…", "...", ";"))
CLOSING = frozenset(("”", '"', "''", "’", "'", "»"))
OPENING = frozenset(("“", '"', "``", "‘", "'", "«", "''"))
STOPS = frozenset((".", ",", ";", ":", "—", "–", "--", "-", "?", "!", "…"))
JOINING = frozenset(("and", "but", "or", "while", "though", "although"))

Span = tuple[int, int]


def content_after(reading: Reading, verb: int, until: int) -> Span | None:
    """The clause after a cue verb, as tokens: "X said (that) CONTENT"."""
    token = reading.tokens[verb]
    clause = next((child for child in token.rights if child.dep_ in CLAUSES and child.i < until
                   and child.dep_ != "conj"), None)
    if clause is None or reading.region_at[clause.i] >= 0 and reading.region_start(clause.i) < verb:
        return None
    first = _clause_start(reading, token, clause)
    last = cut_end(reading, verb, first, until)
    return (first, last) if last > first else None


def _clause_start(reading: Reading, verb: "Token", clause: "Token") -> int:
    """Where the clause begins: after "that"; a phrase set off by a comma belongs to it."""
    tokens = reading.tokens
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
    is_set_off = bool(between) and between[-1].text == "," and "," not in [t.text for t in between[:-1]]
    return verb.i + 1 if is_set_off and between[0].dep_ in ("prep", "advmod", "mark") else first


def cut_end(reading: Reading, verb: int, first: int, until: int) -> int:
    """Where content after a cue ends: with the sentence, or before another clause of the teller's own."""
    for i in range(first + 1, until):
        token = reading.tokens[i]
        if reading.region_at[i] >= 0:
            continue
        if token.head.i == verb and token.i > first + 1 and _goes_on(reading.tokens[verb], token):
            start = token.left_edge.i if token.left_edge.i > first else token.i
            return _drop_joint(reading, first, start)
        if i in reading.cues and _opens_report(reading, token, first):
            return _drop_joint(reading, first, token.left_edge.i if token.left_edge.i > first else token.i)
        if token.lower_ == "according" and reading.tokens[i - 1].text == ",":
            return _drop_joint(reading, first, i)
    return until


def _goes_on(verb: "Token", token: "Token") -> bool:
    """Whether a conjunct or clause is the teller's own; a bare infinitive after a finite cue is content."""
    if token.dep_ == "advcl":
        return True
    has_subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in token.lefts)
    return token.dep_ == "conj" and (has_subject or token.tag_ != "VB" or verb.tag_ == "VB")


def _opens_report(reading: Reading, token: "Token", first: int) -> bool:
    """Whether a cue in the content goes on with the teller's sentence: ", adding that", "and said"."""
    before = reading.tokens[token.i - 1]
    if before.dep_ == "advmod" and before.i > first:
        before = reading.tokens[before.i - 1]
    if token.tag_ == "VBG" and before.text == ",":
        return True
    has_subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in token.lefts)
    follows = token.i + 1 < len(reading.tokens) and (
        reading.tokens[token.i + 1].lower_ == "that" or reading.tokens[token.i + 1].text in OPENING)
    return before.lower_ in ("and", "but") and token.tag_ in ("VBD", "VBZ") and not has_subject and follows


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
    last = clause[0]
    before = reading.tokens[last - 1] if last > since else None
    if before is None or not _is_pause(reading, before.i):
        return None
    number = reading.region_at[before.i]
    if number < 0 and before.i > since and reading.region_at[before.i - 1] >= 0:
        number = reading.region_at[before.i - 1]
    if number < 0 and not _hangs_on(reading, verb, clause[0]):
        return None
    first = _after_report(reading, since, last)
    return (first, last) if last - first > 1 else None


def _is_pause(reading: Reading, i: int) -> bool:
    """Whether the token sets off what stands before it."""
    return reading.tokens[i].text in PAUSES or reading.region_at[i] >= 0 and (
        i + 1 == len(reading.tokens) or reading.region_at[i + 1] != reading.region_at[i])


def _hangs_on(reading: Reading, verb: int, before: int) -> bool:
    """Whether the parser ties the cue to a clause on its left."""
    token = reading.tokens[verb]
    if any(child.dep_ in ("ccomp", "parataxis") and child.i < before for child in token.lefts):
        return True
    return token.dep_ in ("parataxis", "ccomp") and (token.head.i < before or token.head.left_edge.i < before)


def _after_report(reading: Reading, since: int, last: int) -> int:
    """Where content before a cue begins: with the sentence, unless another cue's clause is before it."""
    return since


def content_around(reading: Reading, verb: int, clause: Span, until: int) -> Span | None:
    """What goes on after "CONTENT, X said," in the same sentence."""
    i = clause[1]
    token = reading.tokens[verb]
    limit = min(until, i + 12)
    while i < limit and reading.tokens[i].text not in (",", "—", "–", "--") and reading.region_at[i] < 0:
        i += 1
    if i >= limit:
        return None
    if reading.region_at[i] >= 0:
        return i, cut_end(reading, verb, i, until)
    i += 1
    if i >= until:
        return None
    if reading.region_at[i] >= 0 and reading.region_start(i) == i:
        return i, cut_end(reading, verb, i, until)
    head = token.head if token.dep_ in ("parataxis", "ccomp") and token.head.i > verb else next(
        (child for child in token.children if child.dep_ == "ccomp" and child.i > i), None)
    if token.dep_ == "parataxis" and token.head.right_edge.i > i:
        head = token.head
    if head is None:
        return None
    return i, cut_end(reading, verb, i, until)
