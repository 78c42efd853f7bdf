"""Finds content that is a phrase, not a clause: "accused X of Y", "urged X to", "called it a “farce”"."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from samestory.annotate.quotations.clause_ends import SPEECH_LEAD_MARKS, find_content_end
from samestory.annotate.quotations.function_words import AS_CONJUNCTIONS, INFINITIVE_MARKERS, INFINITIVE_SUBJECT_MARKERS
from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import SUBJECT_DEPS
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

ADDRESS_PREPOSITIONS = WordList("address_prepositions")  # "called ON them", "agreed WITH them"
REFERENCE_PREPOSITIONS = WordList("reference_prepositions")  # "referred TO it as"
OF_PREPOSITIONS = WordList("of_frame")  # "accused them OF it"
FOR_PREPOSITIONS = WordList("for_frame")  # "blasted them FOR it"
ASIDE_WORDS = WordList("aside_words")  # openers of an aside after marks: "called it a “farce” DURING a debate"

def phrase_content(parsed: QuotationParse, verb: int, until: int) -> tuple[StartEnd, str] | None:
    """The phrase that a cue verb takes as content, and its frame."""
    token, frames = parsed.tokens[verb], parsed.cues[verb].frames
    if "as" in frames and (first := _as_phrase(parsed, token)) is not None and parsed.applies("phrases with as"):
        return (first, _cue_phrase_end(parsed, verb, first, until)), "as"
    for frame, find in PHRASE_FRAMES:
        if (frame in frames and (first := find(parsed, token)) is not None and verb < first < until
                and parsed.applies(f"phrases with {frame}")):
            last = _cue_phrase_end(parsed, verb, first, until)
            if frame in ("object", "as") and not _holds_marks(parsed, first, last):
                continue
            if last - first > 1 or _holds_marks(parsed, first, last):
                return (first, last), frame
    return None


def holds_clause(parsed: QuotationParse, first: int, last: int) -> bool:
    """Whether content has a subject and its verb, not only a relative clause: "to pay unless PRICES FALL"."""
    return any(token.dep_ in SUBJECT_DEPS and first <= token.head.i < last and token.head.dep_ != "relcl"
               for token in parsed.tokens[first:last])


def _cue_phrase_end(parsed: QuotationParse, verb: int, first: int, until: int) -> int:
    """The end of a phrase: after its last quotation mark, if the words after that do not depend on it ("on Friday")."""
    last = find_content_end(parsed, verb, first, until)
    marked = next((i for i in reversed(range(first, last)) if parsed.is_marked[i]), None)
    if marked is None or marked + 1 >= last:
        return last
    follows = top = parsed.tokens[marked + 1]
    while marked < top.head.i < last and top.head.i != top.i:
        top = top.head
    may_open_aside = follows.lower_ in ASIDE_WORDS or follows.ent_type_ in ("DATE", "TIME")
    is_aside = may_open_aside and not first <= top.head.i <= marked
    is_over = is_aside or follows.text in SPEECH_LEAD_MARKS
    is_left = parsed.applies("words after marked phrases") and _leaves_phrase(parsed, marked + 1, last)
    return marked + 1 if is_left or (is_over and parsed.applies("asides after marks")) else last


def _leaves_phrase(parsed: QuotationParse, i: int, last: int) -> bool:
    """Whether a bracket or another verb follows the marks: "called it a “farce” AND LEFT"."""
    words = parsed.tokens[i:min(i + 3, last)]
    while words and (words[0].text == "," or words[0].dep_ == "cc"):
        words = words[1:]
    return parsed.tokens[i].text == "(" or (bool(words) and words[0].i > i and words[0].tag_ in FINITE_TAGS)


def _holds_marks(parsed: QuotationParse, first: int, last: int) -> bool:
    return bool(parsed.is_marked[first:last].any())


def _find_infinitive(parsed: QuotationParse, token: "Token") -> int | None:
    """"vowed to CONTENT", "urged THEM TO CONTENT", "called on THEM TO CONTENT": from the addressee on."""
    for child in token.rights:
        is_led = child.dep_ == "advcl" and child.left_edge.lower_ in INFINITIVE_SUBJECT_MARKERS
        is_content = is_led or child.dep_ in ("xcomp", "ccomp")
        if is_content and any(aux.lower_ in INFINITIVE_MARKERS for aux in child.lefts):
            first = (_addressee(token, child.i) or child).left_edge
            return first.i + (first.lower_ in INFINITIVE_SUBJECT_MARKERS and first.i + 1 < child.i)
    return None


def _addressee(token: "Token", before: int) -> "Token | None":
    """The addressee between a verb and its content, with or without "on", "to", "with"."""
    for child in token.rights:
        if child.i >= before:
            return None
        if child.dep_ == "dobj" or (child.dep_ == "dative" and child.pos_ != "ADP"):
            return child
        if child.lower_ in ADDRESS_PREPOSITIONS:
            return next((inner for inner in child.rights if inner.dep_ == "pobj"), None)
    return None


def _prepositions(token: "Token") -> list["Token"]:
    """The prepositions after a verb, including those that the parser attaches to its object."""
    own = [c for c in token.rights if c.dep_ == "prep"]
    return own + [c for obj in token.rights if obj.dep_ == "dobj" for c in obj.rights if c.dep_ == "prep"]


def _after_preposition(prepositions: WordList, parsed: QuotationParse, token: "Token") -> int | None:
    """"accused X of CONTENT", "blasted X FOR Y", "calling for CONTENT": a clause, or quoted words."""
    found = next((c for c in _prepositions(token) if c.lower_ in prepositions), None)
    inner = next((c for c in found.rights if c.dep_ in ("pcomp", "pobj")), None) if found is not None else None
    if found is None or inner is None:
        return None
    is_clause = inner.dep_ == "pcomp" or any(c.dep_ in ("relcl", "acl") for c in inner.rights)
    is_marked = _holds_marks(parsed, found.i, inner.right_edge.i + 1)
    goes_on = any(c.dep_ in ("xcomp", "ccomp", "advcl") and any(a.lower_ in INFINITIVE_MARKERS for a in c.lefts)
                  for c in token.rights)
    if not (is_clause or is_marked or goes_on):
        return None
    blamed = next((c for c in token.rights if c.dep_ == "dobj" and c.i < found.i), None)
    names_blamed = prepositions is FOR_PREPOSITIONS or (
        prepositions is OF_PREPOSITIONS and parsed.applies("people who are accused"))
    return blamed.left_edge.i if names_blamed and blamed is not None else found.i + 1


def _as_phrase(parsed: QuotationParse, token: "Token") -> int | None:
    """"dismissed IT AS A FARCE", or in the passive "(was dismissed by X) AS A FARCE"."""
    opens = (child.left_edge for child in token.rights if child.dep_ in ("prep", "advcl"))
    found = next((edge for edge in opens if edge.lower_ in AS_CONJUNCTIONS), None)
    if found is None:
        return None
    if any(child.dep_ == "agent" for child in token.children):
        return found.i
    if parsed.applies("what is described") and any(c.dep_ == "dobj" and c.tag_ in ("WP", "WDT") for c in token.lefts):
        return found.i
    objects = [c for c in token.rights if c.dep_ == "dobj"]
    objects += [p for c in token.rights if c.lower_ in REFERENCE_PREPOSITIONS for p in c.rights if p.dep_ == "pobj"]
    thing = next((noun for noun in objects if noun.i < found.i), None)
    return thing.left_edge.i if thing is not None else None


def _find_marked_object(parsed: QuotationParse, token: "Token") -> int | None:
    """"called IT A “FARCE”": the object or the small clause, if it is quoted."""
    objects = ("dobj", "ccomp", "oprd", "xcomp", "attr", "dative")
    first = next((c for c in token.rights if c.dep_ in objects), None)
    return first.left_edge.i if first is not None and first.left_edge.i > token.i else None


FINITE_TAGS = ("VBD", "VBZ", "VBP")
PhraseFinder = Callable[[QuotationParse, "Token"], int | None]
PHRASE_FRAMES: tuple[tuple[str, PhraseFinder], ...] = (
    ("to", _find_infinitive),
    ("of", partial(_after_preposition, OF_PREPOSITIONS)),
    ("for", partial(_after_preposition, FOR_PREPOSITIONS)),
    ("object", _find_marked_object),
    ("about", partial(_after_preposition, WordList("about_frame"))),
    ("against", partial(_after_preposition, WordList("against_frame"))),
    ("at", partial(_after_preposition, WordList("at_frame"))),
)
