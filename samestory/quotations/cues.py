"""The words that introduce what somebody said: data/cues.csv, and where they stand in an article.

A cue has frames, the shapes of content it takes: `quote` (speech between marks), `that`, `bare` and
`wh` clauses, a `to`-infinitive, a phrase with `of`, `as`, `for`, `on` ..., an `object`.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from samestory.resources import read_rows

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

VERBAL = ("VERB", "AUX")
UNIVERSAL = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN"}


@dataclass(frozen=True)
class Cue:
    """A word that introduces a quotation: its lemma, frames and class."""

    lemma: str
    pos: str
    frames: frozenset[str]
    cue_class: str


@cache
def read_cues() -> dict[tuple[str, str], Cue]:
    """The cue lexicon, by lemma and part of speech."""
    return {(row["lemma"], row["pos"]): Cue(row["lemma"], row["pos"], frozenset(row["frames"].split()), row["class"])
            for row in read_rows("cues")}


def match_cues(doc: "Doc") -> dict[int, Cue]:
    """The cues of a parsed article, by token number; verbs with a particle go before bare verbs."""
    lexicon, found = read_cues(), {}
    for token in doc:
        pos = UNIVERSAL.get(token.pos_)
        if pos is None:
            continue
        lemma = token.lemma_.lower()
        cue = lexicon.get((lemma, pos))
        if pos == "VERB":
            cue = _with_particle(token, lemma, lexicon) or cue
        if cue is not None:
            found[token.i] = cue
    return found


def _with_particle(token: "Token", lemma: str, lexicon: dict[tuple[str, str], Cue]) -> Cue | None:
    """The cue that verb and next word make up ("point out"), if the lexicon has it."""
    follows = token.i + 1
    if follows >= len(token.doc):
        return None
    return lexicon.get((f"{lemma} {token.doc[follows].lower_}", "VERB"))
