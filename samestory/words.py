"""Words alone: sentences and tokens of an article without a parse, for keywords of very many articles.

The pipeline's tokenizer, Punkt and the quotation marks are all that is used, so the tables hold the same
sentences and tokens as after a parse, places and spelling included, and no names or quotations. What a parse
would know of a word is not known here: `pos` is empty but for clitics, whose part of speech is told from the
word before; `lemma` is the word as written, in lower case within a sentence all in capitals, so that US is
still told from us; and between marks counts as quoted what is no term or title, whether somebody says it or not.
"""

from functools import lru_cache

import numpy as np
import pyarrow as pa

from samestory.annotate import normalize
from samestory.batches import cut_batches
from samestory.chunks import Tokens
from samestory.marks import Region, find_regions
from samestory.models import load_chunks
from samestory.parse import PIECE, Source, number_sentences
from samestory.quotations.reading import is_term
from samestory.schema import TABLES

POSSESSIVE = frozenset({"'s", "'"})
# After these 's is a verb or stands for "us"; after others it is taken for a possessive.
VERBAL = frozenset("it he she that this there here what who where how when why everything everyone nobody let".split())
CLIPPED = frozenset({"ca", "wo", "sha"})  # before n't
PARTS = ("", "AUX", "PRON", "PART")


def tabulate_words(source: Source, *, model: str) -> dict[str, pa.Table]:
    """The tables sentences and tokens of one article, by the tokenizer of a model named `tokens`."""
    sizes = [paragraph.end - paragraph.start for paragraph in source.paragraphs]
    runs = cut_batches(range(len(sizes)), sizes.__getitem__, most_size=PIECE)
    sentences, tokens = [TABLES["sentences"].arrow.empty_table()], [TABLES["tokens"].arrow.empty_table()]
    n_sentences = n_tokens = 0
    for run in runs:
        found = _tabulate_piece(source, run, n_sentences, n_tokens, model=model)
        sentences.append(found[0])
        tokens.append(found[1])
        n_sentences, n_tokens = n_sentences + len(found[0]), n_tokens + len(found[1])
    return {"sentences": pa.concat_tables(sentences), "tokens": pa.concat_tables(tokens)}


def _tabulate_piece(source: Source, run: list[int], n_sentences: int, n_tokens: int, *,
                    model: str) -> tuple[pa.Table, pa.Table]:
    """Sentences and tokens of some paragraphs, numbered on from those before."""
    paragraphs = [source.paragraphs[position] for position in run]
    spans = [(paragraph.start, paragraph.end) for paragraph in paragraphs]
    regions = find_regions(source.text, spans)
    found = load_chunks(model).cut(source.text, spans)
    sentence = number_sentences(source.text, spans, regions, found.starts)
    first = np.flatnonzero(np.diff(sentence, prepend=-1))
    last = np.append(first[1:], len(sentence)) - 1 if len(sentence) else first
    roles = pa.array([paragraph.role for paragraph in paragraphs], pa.string()).take(pa.array(found.place))
    numbers = np.array([paragraph.number for paragraph in paragraphs])[found.place]
    is_body = np.array([paragraph.role == "body" for paragraph in paragraphs])[found.place]
    norms = [normalize(word) for word in found.words]
    table = _make("tokens", source.article_id, len(sentence), sentence=sentence + n_sentences,
                  token=np.arange(len(sentence)) + n_tokens, role=roles, start=found.starts, end=found.ends,
                  norm=pa.array(norms, pa.string()).take(pa.array(found.word)),
                  lemma=_choose_lemmas(found, norms, sentence), pos=_guess_clitics(norms, found.word),
                  in_quotation=_mark_quoted(source.text, regions, found.starts) & is_body)
    return _make("sentences", source.article_id, len(first), sentence=np.arange(len(first)) + n_sentences,
                 paragraph=numbers[first], role=roles.take(pa.array(first)), start=found.starts[first],
                 end=found.ends[last]), table


def _choose_lemmas(found: Tokens, norms: list[str], sentence: np.ndarray) -> pa.Array:
    """Words as written, in lower case within a sentence that has no small letter."""
    has_small = np.array([_has_small(word) for word in found.words], bool)
    is_written = np.bincount(sentence, has_small[found.word])[sentence] > 0 if len(sentence) else np.zeros(0, bool)
    return pa.array([*found.words, *norms], pa.string()).take(
        pa.array(np.where(is_written, found.word, found.word + len(norms))))


@lru_cache(maxsize=100_000)
def _has_small(word: str) -> bool:
    return not word.isupper() and word.lower() != word.upper()


def _guess_clitics(norms: list[str], word: np.ndarray) -> pa.Array:
    """The part of speech of 's, ', and what n't leaves of can, will and shall; empty for all else."""
    pos = np.zeros(len(word), np.int64)
    asked = np.array([norm in POSSESSIVE or norm in CLIPPED for norm in norms], bool)
    for i in np.flatnonzero(asked[word]):
        norm = norms[word[i]]
        before, after = norms[word[i - 1]] if i else "", norms[word[i + 1]] if i + 1 < len(word) else ""
        if norm in CLIPPED:
            pos[i] = PARTS.index("AUX" if after == "n't" else "")
        elif before:
            pos[i] = PARTS.index("PRON" if before == "let" else "AUX" if before in VERBAL else "PART")
    return pa.array(PARTS, pa.string()).take(pa.array(pos))


def _mark_quoted(text: str, regions: list[Region], starts: np.ndarray) -> np.ndarray:
    """Whether each token stands between marks that are not those of a term or title."""
    quoted = np.zeros(len(starts), bool)
    for region in regions:
        if not is_term(text, region):
            quoted[slice(*np.searchsorted(starts, [region.inner_start, region.inner_end]))] = True
    return quoted


def _make(name: str, article_id: str, n: int, **columns: pa.Array | np.ndarray) -> pa.Table:
    """A table of the schema with `n` rows of one article."""
    columns["article_id"] = pa.repeat(pa.scalar(article_id), n)
    schema = TABLES[name].arrow
    return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)
