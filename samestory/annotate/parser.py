"""Parses an article with spaCy, in pieces of bounded size, and aligns the annotation with the original text."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from samestory.annotate.models import DEFAULT_MODEL, is_function_model, load_chunks, load_model
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.quotation_marks import Region, find_regions
from samestory.annotate.recognizers import set_names
from samestory.annotate.sentences import split_sentences
from samestory.base.batches import cut_batches
from samestory.base.errors import SameStoryError
from samestory.clean.lines import Paragraph

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from samestory.annotate.token_cache import ChunkTable

# code points; a longer article is parsed in pieces, at the ends of paragraphs or of sentences
MAX_PARSED_CHARS = 20_000
# code points; a longer article is read in several runs, as names and speakers need a whole run in memory
MAX_ARTICLE_RUN_CHARS = 1_000_000
# Annotations that a pipeline may lack, and the consequences:
PIPELINE_PARTS = {"POS": "parts of speech: most quotations without marks and most speakers are missed, and a name is"
                         " found only where the model sees it",
                  "DEP": "grammar: most quotations without marks and many speakers are missed",
                  "ENT_IOB": "names: only those of data/aliases.csv are found"}


def parse_article(source: ParseInput, *, model: str = DEFAULT_MODEL) -> Parse:
    """Parse one article, in pieces of at most 20,000 code points, so that memory is bounded.

    Parameters
    ----------
    source : the text to parse
    model : name or path of a spaCy pipeline, or `python:module:function` for names by a user's function

    Raises
    ------
    SameStoryError
        If there is no such model, it changes the tokens, or the function does not return spans.
    """
    from spacy.tokens import Doc
    nlp = load_model(model)
    pieces = [_tokenize(nlp, load_chunks(model), source, positions) for positions in cut_paragraphs(source)]
    docs = [_run_pipeline(nlp, doc) for piece in pieces for doc in piece.docs]
    doc = docs[0] if len(docs) == 1 else Doc.from_docs(docs) if docs else Doc(nlp.vocab)
    regions = [region for piece in pieces for region in piece.regions]
    starts = np.concatenate([np.zeros(0, np.int32), *(piece.starts for piece in pieces)]).astype(np.int32)
    paragraph_of = np.concatenate([np.zeros(0, np.int32), *(piece.paragraph_of for piece in pieces)]).astype(np.int32)
    if len(doc) != len(starts):
        raise SameStoryError(f"the spaCy pipeline {model!r} joins or splits tokens; expected one that does not")
    parse = Parse(source, regions, doc, starts, paragraph_of)
    if is_function_model(model):
        parse.problems += set_names(parse, model)
    parse.problems += _list_missing(parse, model)
    return parse


def cut_paragraphs(source: ParseInput) -> Iterator[list[int]]:
    """The positions of paragraphs that are parsed together: of one field, and of at most 20,000 code points."""
    lengths = [paragraph.end - paragraph.start for paragraph in source.paragraphs]
    for _, positions in groupby(range(len(lengths)), lambda p: source.paragraphs[p].start >= source.text_start):
        yield from cut_batches(positions, lengths.__getitem__, most_size=MAX_PARSED_CHARS)


def _run_pipeline(nlp: "Language", doc: "Doc") -> "Doc":
    """A Doc annotated by the pipeline, without the vectors of its models.

    One Doc at a time: the models need memory for one piece, and the annotation of an article never depends on other
    articles. The vectors would be two thirds of a long article's memory.
    """
    doc = nlp(doc)
    doc.tensor = np.zeros((0, 0), np.float32)
    return doc


def _list_missing(parse: Parse, model: str) -> list[str]:
    """The token annotations that the pipeline does not provide."""
    return [f"the spaCy pipeline {model!r} gives no {what}" for part, what in PIPELINE_PARTS.items()
            if len(parse.doc) and not parse.doc.has_annotation(part)]


def cut_parse_input(source: ParseInput) -> list[ParseInput]:
    """An article cut into runs of at most 1,000,000 code points, of whole paragraphs if possible; most are one run."""
    paragraphs = chain.from_iterable(_cut_paragraph(source.text, paragraph) for paragraph in source.paragraphs)
    runs = cut_batches(paragraphs, lambda paragraph: paragraph.end - paragraph.start, most_size=MAX_ARTICLE_RUN_CHARS)
    return [replace(source, paragraphs=tuple(run)) for run in runs] or [source]


def _cut_paragraph(text: str, paragraph: Paragraph) -> Iterator[Paragraph]:
    """A paragraph longer than a run as several with the same number, cut after a full stop if possible."""
    start = paragraph.start
    while paragraph.end - start > MAX_ARTICLE_RUN_CHARS:
        cut = text.rfind(". ", start, start + MAX_ARTICLE_RUN_CHARS) + 1 or start + MAX_ARTICLE_RUN_CHARS
        yield replace(paragraph, start=start, end=cut)
        start = cut
    yield replace(paragraph, start=start)


class _TokenizedPiece(NamedTuple):
    """Some paragraphs as one Doc (or several, if they are very long), and the offsets of their tokens in the text."""

    regions: list[Region]
    docs: list["Doc"]
    starts: np.ndarray
    paragraph_of: np.ndarray


def _tokenize(nlp: "Language", chunks: "ChunkTable", source: ParseInput, positions: list[int]) -> _TokenizedPiece:
    """Some paragraphs as tokens with sentence starts."""
    from spacy.tokens import Doc
    spans = [(source.paragraphs[p].start, source.paragraphs[p].end) for p in positions]
    regions = find_regions(source.text, spans)
    found = chunks.cut([source.text[start:end] for start, end in spans])
    starts = found.starts + np.array([start for start, _ in spans])[found.place]
    opens = [a for start, end in spans for a, _ in split_sentences(source.text, start, end, regions)]
    sentence = number_sentences(opens, starts)
    is_apart = np.append((found.starts[1:] > found.ends[:-1]) | (np.diff(found.place) > 0), True)[:len(sentence)]
    words, is_apart = [found.words[i] for i in found.word.tolist()], is_apart.tolist()
    opens_one = (np.diff(sentence, prepend=-1) > 0).tolist()
    docs = [Doc(nlp.vocab, words=words[a:b], spaces=is_apart[a:b], sent_starts=opens_one[a:b])
            for a, b in _cut_sentences(sentence, found.ends - found.starts)]
    return _TokenizedPiece(regions, docs, starts, np.array(positions)[found.place])


def _cut_sentences(sentence: np.ndarray, lengths: np.ndarray) -> list[tuple[int, int]]:
    """Tokens in runs of whole sentences of at most 20,000 code points without white space: first, last (exclusive).

    Parameters
    ----------
    sentence : the number of each token's sentence
    lengths : the length of each token
    """
    first = np.flatnonzero(np.diff(sentence, prepend=-1))
    sizes = np.add.reduceat(lengths, first) if len(first) else first
    ends = [*first[1:].tolist(), len(sentence)]
    runs = cut_batches(range(len(first)), sizes.tolist().__getitem__, most_size=MAX_PARSED_CHARS)
    return [(int(first[run[0]]), ends[run[-1]]) for run in runs]


def number_sentences(opens: list[int], starts: np.ndarray) -> np.ndarray:
    """The number of each token's sentence, without gaps: a sentence without tokens is not numbered.

    Parameters
    ----------
    opens : offsets at which sentences begin, in order
    starts : offset of each token
    """
    number = np.searchsorted(np.array(opens, np.int64), starts, side="right")
    return np.cumsum(np.diff(number, prepend=number[:1]) > 0)
