"""The parse of an article, shared by tokens, mentions and quotations.

spaCy gets the text as tokens without white space, each with its offset in the original text. Sentence starts are set
before the parser runs.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from samestory.annotate.quotation_marks import Region
from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, write_span_id
from samestory.clean.lines import Paragraph

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


@dataclass(frozen=True)
class ParseInput:
    """The input of a parse: an article's text, its paragraphs, outlet and day of publication.

    A headline that only the metadata have comes before the text: see `join_headline` in samestory/annotate/fields.py.
    """

    article_id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    outlet: str = ""
    published: date | None = None  # the day, in UTC, if it is known that precisely
    text_start: int = 0  # offset at which the article's own text begins, after such a headline


@dataclass
class Parse:
    """An article and its spaCy Doc; `starts[i]` is the offset of token i in `text`; also problems, as text."""

    source: ParseInput
    regions: list[Region]
    doc: "Doc"
    starts: np.ndarray
    paragraph_of: np.ndarray = field(repr=False)  # position of each token's paragraph in source.paragraphs
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The original text of the article."""
        return self.source.text

    @cached_property
    def ends(self) -> np.ndarray:
        """The offset at which each token ends, exclusive."""
        ends: np.ndarray = (self.starts + self.doc.to_array("LENGTH")).astype(np.int32)
        return ends

    @cached_property
    def sentences(self) -> list["Span"]:
        """The sentences, in order, as spaCy spans."""
        return list(self.doc.sents)

    @cached_property
    def sentence_of(self) -> np.ndarray:
        """The number of each token's sentence."""
        return np.repeat(np.arange(len(self.sentences)), [len(s) for s in self.sentences]).astype(np.int32)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The span of the tokens `first` to `last` (exclusive) in the text."""
        return int(self.starts[first]), int(self.ends[last - 1])

    def tokens_within(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that overlap a span of the text, as first and last (exclusive)."""
        first = int(self.ends.searchsorted(np.int32(start), side="right"))  # of the array's type, or it is copied
        last = int(self.starts.searchsorted(np.int32(end), side="left"))
        return first, max(first, last)

    def write_span_id(self, letter: str, start: int, end: int) -> str:
        """The id of a row by the letter of its kind and its span, in the field that it belongs to."""
        if start < self.source.text_start:
            return write_span_id(self.source.article_id, letter, FIELD_OF_HEADLINE, start, end)
        return write_span_id(self.source.article_id, letter, FIELD_OF_TEXT, start - self.source.text_start,
                             end - self.source.text_start)

    def role_of(self, token: int) -> str:
        """The role of a token's paragraph: body or headline."""
        return self.source.paragraphs[int(self.paragraph_of[token])].role
