"""Phrases: content that is no clause of its own ("accused X of Y", "urged X to", "called it a “farce”")."""

from typing import TYPE_CHECKING

from samestory.quotations.clauses import Span, cut_end
from samestory.quotations.reading import Reading

if TYPE_CHECKING:
    from spacy.tokens import Token


def phrase_content(reading: Reading, verb: int, until: int) -> tuple[Span, str] | None:
    """The phrase that a cue verb takes as content, and the frame that it fills."""
    token, frames = reading.tokens[verb], reading.cues[verb].frames
    if "as" in frames and (first := _as_phrase(token)) is not None:
        return (first, cut_end(reading, verb, first, until)), "as"
    for frame, find in FRAMES:
        if frame in frames and (first := find(reading, token)) is not None and verb < first < until:
            last = cut_end(reading, verb, first, until)
            if frame in ("object", "as") and not _holds_marks(reading, first, last):
                continue
            if last - first > 1 or _holds_marks(reading, first, last):
                return (first, last), frame
    return None


def _holds_marks(reading: Reading, first: int, last: int) -> bool:
    return bool((reading.region_at[first:last] >= 0).any())


def _infinitive(reading: Reading, token: "Token") -> int | None:
    """"vowed to CONTENT", "urged THEM TO CONTENT": from the person addressed on."""
    for child in token.rights:
        if child.dep_ in ("xcomp", "ccomp") and any(aux.lower_ == "to" for aux in child.lefts):
            addressed = next((c for c in token.rights if c.dep_ in ("dobj", "dative") and c.i < child.i), None)
            upon = next((c for p in token.rights if p.lower_ in ("on", "upon", "to", "with") and p.dep_ in ("prep", "dative")
                         and p.i < child.i for c in p.rights if c.dep_ == "pobj"), None)
            return (addressed or upon or child).left_edge.i
    return None




def _prepositions(token: "Token") -> list["Token"]:
    """The prepositions after a verb, also those the parser hangs on its object."""
    own = [c for c in token.rights if c.dep_ == "prep"]
    return own + [c for obj in token.rights if obj.dep_ == "dobj" for c in obj.rights if c.dep_ == "prep"]


def _claused_preposition(word: str):  # noqa: ANN202
    """Like the above, where a clause follows: "calling for them to be released"."""
    def find(reading: Reading, token: "Token") -> int | None:
        found = next((c for c in _prepositions(token) if c.lower_ == word), None)
        inner = found and next((c for c in found.rights if c.dep_ in ("pcomp", "pobj")), None)
        if not inner:
            return None
        is_clause = inner.dep_ == "pcomp" or any(c.dep_ in ("relcl", "acl") for c in inner.rights)
        marked = _holds_marks(reading, found.i, inner.right_edge.i + 1)
        goes_on = any(c.dep_ in ("xcomp", "ccomp", "advcl") and any(a.lower_ == "to" for a in c.lefts)
                      for c in token.rights)
        return found.i + 1 if is_clause or marked or goes_on else None
    return find


def _as_phrase(token: "Token") -> int | None:
    """"dismissed IT AS A FARCE", or of a passive "(was dismissed by X) AS A FARCE"."""
    is_passive = any(child.dep_ == "agent" for child in token.children)
    found = next((c.left_edge for c in token.rights if c.left_edge.lower_ == "as" and c.dep_ in ("prep", "advcl")), None)
    if found is None:
        return None
    thing = next((c for c in token.rights if c.dep_ == "dobj" and c.i < found.i), None)
    return found.i if is_passive else thing.left_edge.i if thing is not None else None


def _object(reading: Reading, token: "Token") -> int | None:
    """"called IT A “FARCE”": the object or the small clause, where it holds marks."""
    first = next((c for c in token.rights if c.dep_ in ("dobj", "ccomp", "oprd", "xcomp", "attr", "dative")), None)
    return first.left_edge.i if first is not None and first.left_edge.i > token.i else None


FRAMES = (
    ("to", _infinitive),
    ("of", _claused_preposition("of")),
    ("for", _claused_preposition("for")),
    ("on", _claused_preposition("on")),
    ("upon", _claused_preposition("upon")),
    ("as", _object),
    ("object", _object),
    ("about", _claused_preposition("about")),
    ("against", _claused_preposition("against")),
    ("at", _claused_preposition("at")),
)
