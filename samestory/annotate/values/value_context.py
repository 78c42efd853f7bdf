"""The context of the value rules: a parse cut into atoms (numbers, words, single marks), and values in progress.

Atoms are used instead of the model's tokens, which cut `23-year-old`, `$5m` and `2016-18` in ways that vary. They are
looked up again in the parse where a rule needs a part of speech. A rule reads only a few atoms around a place,
so that a text of nothing but digits takes linear time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from samestory.annotate.parse import Parse
from samestory.annotate.values.value_words import ATOM_PATTERN

JOINING_HYPHENS = frozenset("-‐‑")
RANGE_MARKS = frozenset("-‐‑–—")
NO_ATOM = ""  # between sentences: no rule reads across it


class Atom(NamedTuple):
    """A number, a word or a mark, with its span in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundValue:
    """A value in progress: atoms `first` to `last` (exclusive), and its columns; without a kind, it is no value."""

    first: int
    last: int
    kind: str = ""
    value: float | None = None
    value_to: float | None = None
    unit: str | None = None
    date: str | None = None
    approximation: str | None = None
    counted: str | None = None


class ValueContext:
    """A parse as the value rules use it."""

    def __init__(self, parse: Parse, mentions: list[dict[str, Any]]) -> None:
        self.parse = parse
        self.mentions = mentions
        self.atoms = _list_atoms(parse)
        self.texts = [atom.text for atom in self.atoms]
        self.words = [text.lower() for text in self.texts]

    def word(self, i: int) -> str:
        """An atom in lower case; empty outside the text and between sentences."""
        return self.words[i] if 0 <= i < len(self.words) else NO_ATOM

    def text(self, i: int) -> str:
        """An atom as written; empty outside the text and between sentences."""
        return self.texts[i] if 0 <= i < len(self.texts) else NO_ATOM

    def touches(self, i: int) -> bool:
        """Whether an atom follows the one before without a blank."""
        return 0 < i < len(self.atoms) and self.atoms[i - 1].end == self.atoms[i].start and bool(self.texts[i - 1])

    def phrase(self, first: int, last: int) -> str:
        """Some atoms in lower case, joined by blanks; empty if they cross the end of a sentence."""
        found = self.words[max(0, first):last]
        return " ".join(found) if all(found) and first >= 0 else ""

    def token(self, i: int) -> int:
        """The position of the token in which an atom begins."""
        start = np.int32(self.atoms[i].start)
        return min(int(self.parse.ends.searchsorted(start, side="right")), len(self.parse.doc) - 1)

    @cached_property
    def named(self) -> np.ndarray:
        """The number of the mention that covers each code point of the text, from 1; 0 outside mentions."""
        covered = np.zeros(len(self.parse.text) + 1, np.int32)
        for number, mention in enumerate(self.mentions, start=1):
            covered[mention["start"]:mention["end"]] = number
        return covered


ValueRule = Callable[[ValueContext, int], FoundValue | None]


def _list_atoms(parse: Parse) -> list[Atom]:
    """The atoms of all sentences, with an empty one after each sentence."""
    atoms = []
    for sentence in parse.sentences:
        start, end = parse.span(sentence.start, sentence.end)
        atoms += [Atom(found.group(), *found.span()) for found in ATOM_PATTERN.finditer(parse.text, start, end)]
        atoms.append(Atom(NO_ATOM, end, end))
    return atoms


def parse_words(text: str) -> ValueContext:
    """The context of a short text without a parse, for examples and tests.

    >>> parse_words("$5m in aid").texts[:-1]
    ['$', '5', 'm', 'in', 'aid']
    """
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from samestory.annotate.parse import ParseInput
    from samestory.clean.lines import Paragraph
    found = [(atom.group(), *atom.span()) for atom in ATOM_PATTERN.finditer(text)]
    doc = Doc(Vocab(), words=[word for word, _, _ in found], sent_starts=[i == 0 for i in range(len(found))])
    source = ParseInput("a", text, (Paragraph(0, 0, len(text)),))
    starts = np.array([start for _, start, _ in found], np.int32)
    return ValueContext(Parse(source, [], doc, starts, np.zeros(len(found), np.int32)), [])
