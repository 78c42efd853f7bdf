"""Cues: the words that introduce quotations, from data/<language>/cues.csv, and their occurrences in an article.

A cue has frames, the kinds of content that it takes: `quote` (quoted speech), `that`, `bare` and `wh` clauses, a
`to` infinitive, a phrase with `of`, `as`, `for`, `on` and so on, an `object`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samestory.annotate.quotations.function_words import CLAUSE_COMPLEMENTIZERS, EXPLETIVE_PRONOUNS
from samestory.base.language import WordList, cache_by_language, read_language_rows

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

PLAIN_SAYING_VERBS = WordList("plain_saying_verbs")
OPENING_DOUBLE_MARKS = ("“", '"', "``", "''", "«")
CUE_POS = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN"}


@dataclass(frozen=True)
class Cue:
    """A word that introduces a quotation: its lemma, frames and class."""

    lemma: str
    pos: str
    frames: frozenset[str]
    cue_class: str


@cache_by_language
def read_cues() -> dict[tuple[str, str], Cue]:
    """The cue lexicon, by lemma and part of speech."""
    return {(row["lemma"], row["pos"]): Cue(row["lemma"], row["pos"], frozenset(row["frames"].split()), row["class"])
            for row in read_language_rows("cues")}


@cache_by_language
def read_source_cues() -> dict[str, Cue]:
    """The cues of phrases that name a source ("according to"), by first word."""
    return {cue.lemma.split()[0]: cue for cue in read_cues().values() if "according" in cue.frames}


def match_cues(doc: "Doc") -> dict[int, Cue]:
    """The cues of a parsed article, by token number; a verb with its particle wins over the bare verb."""
    lexicon, found = read_cues(), {}
    for token in doc:
        pos = "VERB" if is_mistagged_verb(token) else CUE_POS.get(token.pos_)
        if pos is None:
            continue
        lemma = token.lemma_.lower()
        if pos == "VERB" and (lemma, pos) not in lexicon:
            lemma = next((other for other in _respell_lemma(token) if _introduces_speech(lexicon, other)), lemma)
        cue = lexicon.get((lemma, pos))
        if pos == "VERB":
            cue = _with_particle(token, lemma, lexicon) or cue
        if cue is not None:
            found[token.i] = cue
    return found


def _respell_lemma(token: "Token") -> list[str]:
    """Other lemmas of a past tense, as the lemmatizer adds or omits an e: texte(d), blogge(d), grip(ed)."""
    stem = token.lower_.removesuffix("ed")
    return [stem, f"{stem}e", stem[:-1]] if stem != token.lower_ and len(stem) > 2 else []


def _introduces_speech(lexicon: dict[tuple[str, str], Cue], lemma: str) -> bool:
    return (lemma, "VERB") in lexicon and "quote" in lexicon[lemma, "VERB"].frames


def is_mistagged_verb(token: "Token") -> bool:
    """Whether the tagger mistook a verb for a plural noun: "Trump charges that ...", "the agency notes, “..."."""
    if token.tag_ != "NNS" or token.i == 0 or token.i + 2 >= len(token.doc):
        return False
    marked = token.nbor(1 + (token.nbor(1).text in ",:"))
    if token.nbor(1).lower_ not in CLAUSE_COMPLEMENTIZERS and marked.text not in OPENING_DOUBLE_MARKS:
        return False
    before = token.nbor(-1)
    is_head = token.dep_ == "ROOT" or (token.head.dep_ == "ROOT" and token.head.i == before.i)
    return is_head and before.pos_ in ("PROPN", "NOUN", "PRON") and token.lemma_.lower() in _that_clause_verbs()


@cache_by_language
def _that_clause_verbs() -> frozenset[str]:
    """The cue verbs that take a that-clause."""
    return frozenset(lemma for (lemma, pos), cue in read_cues().items() if pos == "VERB" and "that" in cue.frames)


def _with_particle(token: "Token", lemma: str, lexicon: dict[tuple[str, str], Cue]) -> Cue | None:
    """The cue of a verb and its particle ("point out", "make (it) clear"), if the lexicon has it."""
    words = [word.lower_ for word in token.doc[token.i + 1:token.i + 3]]
    found = lexicon.get((f"{lemma} {words[0]}", "VERB")) if words else None
    if found is not None or len(words) < 2:
        return found
    split = lexicon.get((f"{lemma} {words[1]}", "VERB"))
    return split if split is not None and words[0] in EXPLETIVE_PRONOUNS else None
