"""Words only: sentences and tokens of articles without a parse, for keywords of very many articles.

Only the pipeline's tokenizer, Punkt and the quotation marks are used, so the tables have the same sentences and tokens
as after a parse, with the same offsets and spelling, but no names or quotations. Properties that need a parse are
missing: `pos` is empty except for clitics, whose part of speech follows from the word before; `lemma` is the word as
written, in lower case if the whole sentence is in capitals, so that US and us remain distinct; and words between
quotation marks count as quoted unless they are a term or title, whether somebody says them or not.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from samestory.annotate.fields import locate_columns
from samestory.annotate.models import load_chunks
from samestory.annotate.norms import has_lowercase, list_norms, normalize
from samestory.annotate.parse import ParseInput
from samestory.annotate.parser import cut_paragraphs, number_sentences
from samestory.annotate.quotation_marks import find_regions
from samestory.annotate.quotations.quotation_parse import is_term
from samestory.annotate.sentences import split_sentences
from samestory.annotate.token_cache import Tokens
from samestory.base.batches import cut_batches
from samestory.base.language import WordList
from samestory.base.schema import TABLES
from samestory.clean.lines import POSSESSIVE_CLITICS, Paragraph

WORDS_BATCH_CHARS = 500_000  # code points whose columns are computed at once
BARE_POSSESSIVE = "'"
WORDS_BEFORE_VERBAL_S = WordList("words_before_verbal_s")  # after these, 's is a verb; after others, a possessive
VERBS_BEFORE_CLIPPED_US = WordList("verbs_before_clipped_us")  # after these, 's is "us"
BARE_POSSESSIVE_ENDINGS = WordList("bare_possessive_endings")  # after these letters, ' is a possessive
CLIPPED_AUXILIARIES, CLIPPED_NEGATIONS = WordList("clipped_auxiliaries"), WordList("clipped_negations")  # ca, n't
CLITIC_POS_TAGS = ("", "AUX", "PRON", "PART")


class _SourcePiece(NamedTuple):
    """Paragraphs of an article that are read together."""

    source: ParseInput
    paragraphs: list[Paragraph]


class _LastArticle(NamedTuple):
    """The article that was read last, and its numbers of sentences and tokens so far."""

    source: ParseInput | None = None
    sentences: int = 0
    tokens: int = 0


def tabulate_words(sources: Iterable[ParseInput], *, model: str) -> dict[str, pa.Table]:
    """The tables sentences and tokens of some articles, by the tokenizer of the model `tokens`.

    Columns are computed for many articles at once, which takes half the time.
    """
    made = [{name: TABLES[name].arrow.empty_table() for name in ("sentences", "tokens")}]
    reached = _LastArticle()
    for pieces in cut_batches(_cut_pieces(sources), _count_piece_chars, most_size=WORDS_BATCH_CHARS):
        tables, reached = _tabulate_pieces(pieces, reached, model=model)
        made.append(tables)
    return {name: pa.concat_tables(tables[name] for tables in made) for name in made[0]}


def _cut_pieces(sources: Iterable[ParseInput]) -> Iterator[_SourcePiece]:
    """Cut articles into the same pieces as for a parse."""
    return (_SourcePiece(source, [source.paragraphs[position] for position in positions]) for source in sources
            for positions in cut_paragraphs(source))


def _count_piece_chars(piece: _SourcePiece) -> int:
    return sum(paragraph.end - paragraph.start for paragraph in piece.paragraphs)


def _tabulate_pieces(pieces: list[_SourcePiece], reached: _LastArticle, *,
                     model: str) -> tuple[dict[str, pa.Table], _LastArticle]:
    """Sentences and tokens of some pieces, numbered from `reached` on; also the last article reached now."""
    texts = [piece.source.text[p.start:p.end] for piece in pieces for p in piece.paragraphs]
    begins = np.cumsum([0, *map(len, texts)])[:-1]  # of the paragraphs in the joined texts
    found = load_chunks(model).cut(texts)
    at = begins[found.place] + found.starts
    opens, quoted = _read_marks(pieces, begins.tolist())
    sentence = number_sentences(opens, at)  # of all articles
    sources, article = _number_sources(pieces)
    numbers, reached = _number_tokens(sources, article[found.place], sentence, reached)
    norms = [normalize(word) for word in found.words]
    columns = _locate_tokens(pieces, found) | numbers | {
        "article_id": pa.array([source.article_id for source in sources], pa.string()).take(
            pa.array(article[found.place])),
        "norm": list_norms(found.words, found.word, sentence),
        "lemma": _choose_lemmas(found, norms, sentence), "pos": _guess_clitics(norms, found),
        "in_quotation": pa.array(_mark_within(quoted, at))}
    first = np.flatnonzero(np.diff(sentence, prepend=-1))
    last = np.append(first[1:], len(sentence))[:len(first)] - 1
    ends = columns["end"].take(pa.array(last))
    opening = {name: columns[name].take(pa.array(first)) for name in TABLES["sentences"].arrow.names}
    return {"sentences": _make_word_table("sentences", opening | {"end": ends}),
            "tokens": _make_word_table("tokens", columns)}, reached


def _read_marks(pieces: list[_SourcePiece], begins: list[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """The starts of sentences, and the spans between quotation marks in the body except terms, in the joined texts.

    Parameters
    ----------
    pieces : the pieces to read
    begins : the offset of each of their paragraphs in the joined texts
    """
    opens: list[int] = []
    quoted: list[tuple[int, int]] = []
    following = iter(begins)
    for source, paragraphs in pieces:
        spans = [(paragraph.start, paragraph.end) for paragraph in paragraphs]
        shifts = [next(following) - start for start, _ in spans]
        regions = find_regions(source.text, spans)
        for (start, end), shift in zip(spans, shifts, strict=True):
            opens += [a + shift for a, _ in split_sentences(source.text, start, end, regions)]
        for region in regions:
            place = bisect_right(spans, region.start, key=itemgetter(0)) - 1
            if paragraphs[place].role == "body" and not is_term(source.text, region):
                quoted.append((region.inner_start + shifts[place], region.inner_end + shifts[place]))
    return opens, quoted


def _number_sources(pieces: list[_SourcePiece]) -> tuple[list[ParseInput], np.ndarray]:
    """The articles of some pieces, and the position of each paragraph's article among them."""
    sources: list[ParseInput] = []
    position: list[int] = []
    for source, paragraphs in pieces:
        if not sources or sources[-1] is not source:
            sources.append(source)
        position += [len(sources) - 1] * len(paragraphs)
    return sources, np.array(position)


def _number_tokens(sources: list[ParseInput], article: np.ndarray, sentence: np.ndarray,
                   reached: _LastArticle) -> tuple[dict[str, pa.Array], _LastArticle]:
    """The columns sentence and token, from 0 in each article unless it continues, and the last article reached.

    Parameters
    ----------
    sources : the articles
    article : the position of each token's article among them
    sentence : the number of each token's sentence, counted over all articles
    """
    goes_on = (article == 0) & (sources[0] is reached.source)
    sentence = _count_within(article, sentence) + goes_on * reached.sentences
    token = _count_within(article, np.arange(len(article))) + goes_on * reached.tokens
    if len(article):
        reached = _LastArticle(sources[article[-1]], int(sentence[-1]) + 1, int(token[-1]) + 1)
    return {"sentence": pa.array(sentence), "token": pa.array(token)}, reached


def _count_within(article: np.ndarray, running: np.ndarray) -> np.ndarray:
    """Running numbers, restarted from 0 in each article."""
    first = np.flatnonzero(np.diff(article, prepend=-1))
    restarted: np.ndarray = running - np.repeat(running[first], np.diff(first, append=len(article)))
    return restarted


def _locate_tokens(pieces: list[_SourcePiece], found: Tokens) -> dict[str, pa.Array]:
    """The columns paragraph, role, field, start and end of each token."""
    paragraphs = [paragraph for piece in pieces for paragraph in piece.paragraphs]
    begins, text_starts = np.array([(paragraph.start, piece.source.text_start) for piece in pieces
                                    for paragraph in piece.paragraphs], np.int64).reshape(-1, 2)[found.place].T
    numbers = pa.array([paragraph.number for paragraph in paragraphs], pa.int32())
    return {"paragraph": numbers.take(pa.array(found.place)),
            "role": pa.array([paragraph.role for paragraph in paragraphs], pa.string()).take(pa.array(found.place)),
            **locate_columns(begins + found.starts, begins + found.ends, text_starts)}


def _choose_lemmas(found: Tokens, norms: list[str], sentence: np.ndarray) -> pa.Array:
    """The words as written, in lower case within a sentence without lower-case letters."""
    is_written = has_lowercase(found.words, found.word, sentence)
    return pa.array([*found.words, *norms], pa.string()).take(
        pa.array(np.where(is_written, found.word, found.word + len(norms))))


def _guess_clitics(norms: list[str], found: Tokens) -> pa.Array:
    """The part of speech of 's, ', and can, will and shall before n't; empty for all other words."""
    word, place = found.word.tolist(), found.place.tolist()
    pos = np.zeros(len(word), np.int64)
    clitics = {BARE_POSSESSIVE, *POSSESSIVE_CLITICS, *CLIPPED_AUXILIARIES}
    asked = np.array([norm in clitics for norm in norms], bool)
    for i in np.flatnonzero(asked[found.word]).tolist():
        before = norms[word[i - 1]] if i and place[i - 1] == place[i] else ""
        after = norms[word[i + 1]] if i + 1 < len(word) else ""
        pos[i] = CLITIC_POS_TAGS.index(_guess_clitic(norms[word[i]], before, after))
    return pa.array(CLITIC_POS_TAGS, pa.string()).take(pa.array(pos))


def _guess_clitic(norm: str, before: str, after: str) -> str:
    if norm in CLIPPED_AUXILIARIES:
        return "AUX" if after in CLIPPED_NEGATIONS else ""
    if norm == BARE_POSSESSIVE:  # after other letters, it is a quotation mark
        return "PART" if before.endswith(tuple(BARE_POSSESSIVE_ENDINGS)) else ""
    if not before:
        return ""
    return "PRON" if before in VERBS_BEFORE_CLIPPED_US else "AUX" if before in WORDS_BEFORE_VERBAL_S else "PART"


def _mark_within(spans: list[tuple[int, int]], at: np.ndarray) -> np.ndarray:
    """Whether each token begins within one of the spans."""
    first, last = np.searchsorted(at, np.array(spans, np.int64).reshape(-1, 2)).T
    return np.cumsum(np.bincount(first, minlength=len(at) + 1) - np.bincount(last, minlength=len(at) + 1))[:-1] > 0


def _make_word_table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    """A table of the schema made from some of its columns."""
    schema = TABLES[name].arrow
    return pa.table([columns[field.name].cast(field.type) for field in schema], schema=schema)
