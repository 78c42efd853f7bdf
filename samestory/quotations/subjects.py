"""Who speaks at a cue: its subject, the agent of a passive, or what it shares with its head."""

from typing import TYPE_CHECKING

from samestory.quotations.reading import Reading

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
SHARING = ("conj", "xcomp", "advcl", "acl", "pcomp", "ccomp", "dep")
LOOSE = ("relcl", "appos", "acl", "advcl", "parataxis", "punct", "cc", "conj")
CLIMB = 5  # heads up the tree; more is a misparse


def find_speaker(reading: Reading, verb: int) -> tuple[int, int] | None:
    """The tokens that name the source of a cue verb, first and last (exclusive)."""
    head = _subject_head(reading.tokens[verb], CLIMB)
    if head is None or reading.region_at[head.i] >= 0:
        return None
    return noun_phrase(head)


def _subject_head(verb: "Token", steps: int) -> "Token | None":
    """The head of the noun phrase that speaks."""
    agent = next((pobj for child in verb.children if child.dep_ == "agent"
                  for pobj in child.children if pobj.dep_ == "pobj"), None)
    if agent is not None:
        return agent
    subject = next((child for child in verb.children if child.dep_ in ("nsubj", "expl")), None)
    if subject is not None:
        return subject
    passive = next((child for child in verb.children if child.dep_ == "nsubjpass"), None)
    if passive is not None:
        return None
    if steps == 0:
        return None
    if verb.dep_ == "acl":
        return verb.head
    if verb.dep_ in SHARING or (verb.dep_ == "prep" and verb.pos_ == "VERB"):
        head = verb.head
        return _subject_head(head, steps - 1) if head.pos_ in ("VERB", "AUX", "ADP", "SCONJ", "ADJ") else None
    return None


def noun_phrase(head: "Token") -> tuple[int, int]:
    """A noun with what belongs to its name: modifiers and prepositions, no clauses or appositions."""
    first, last = head.left_edge.i, head.i + 1
    for child in head.rights:
        if child.dep_ in LOOSE or child.lower_ in ("who", "which", "that"):
            break
        last = _cut_clauses(child) + 1
    while first < head.i and (head.doc[first].is_punct or head.doc[first].dep_ in ("cc", "mark", "preconj")):
        first += 1
    return first, last


def _cut_clauses(child: "Token") -> int:
    """The last token of a modifier, before any clause or apposition in it."""
    last = child.right_edge.i
    for token in child.doc[child.i:last + 1]:
        if token.dep_ in ("relcl", "appos", "acl", "advcl", "ccomp") and token.left_edge.i > child.i:
            return _before_comma(child, token.left_edge.i - 1)
    return last


def _before_comma(child: "Token", last: int) -> int:
    while last > child.i and child.doc[last].is_punct:
        last -= 1
    return last
