"""Words alone: sentences and tokens of an article without a parse, for keywords of very many articles.

The pipeline's tokenizer, Punkt and the quotation marks are all that is used, so the tables hold the same
sentences and tokens as after a parse, places and spelling included, and no names or quotations. What a parse
would know of a word is not known here: `pos` is empty but for clitics, whose part of speech is told from the
word before; `lemma` is the word as written, in lower case within a sentence all in capitals, so that US is
still told from us; and between marks counts as quoted what is no term or title, whether somebody says it or not.
"""

import numpy as np
import pyarrow as pa

from samestory.annotate import normalize
from samestory.batches import cut_batches
from samestory.marks import Region, find_regions
from samestory.models import load_model
from samestory.parse import ODD_SPACE, PIECE, Source
from samestory.quotations.reading import is_term
from samestory.schema import TABLES
from samestory.sentences import split_sentences

POSSESSIVE = frozenset({"'s", "'"})
# After these 's is a verb or stands for "us"; after others it is taken for a possessive.
VERBAL = frozenset("it he she that this there here what who where how when why everything everyone nobody let".split())
CLIPPED = frozenset({"ca", "wo", "sha"})  # before n't


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
    words, starts, ends, place = _tokenize(source.text, spans, model)
    opens = np.array([a for start, end in spans for a, _ in split_sentences(source.text, start, end, regions)])
    sentence = _number_sentences(np.searchsorted(opens, starts, side="right"))
    first = np.flatnonzero(np.diff(sentence, prepend=-1))
    last = np.append(first[1:], len(starts)) - 1 if len(starts) else first
    roles = np.array([paragraph.role for paragraph in paragraphs])
    numbers = np.array([paragraph.number for paragraph in paragraphs])
    norms = _map_words(words, normalize)
    table = _make("tokens", article_id=source.article_id, sentence=sentence + n_sentences,
                  token=np.arange(len(starts)) + n_tokens, role=roles[place], start=starts, end=ends, norm=norms,
                  lemma=_choose_lemmas(words, norms, sentence), pos=_guess_clitics(norms),
                  in_quotation=_mark_quoted(source.text, regions, starts) & (roles[place] == "body"))
    return _make("sentences", article_id=source.article_id, sentence=np.arange(len(first)) + n_sentences,
                 paragraph=numbers[place[first]], role=roles[place[first]], start=starts[first],
                 end=ends[last]), table


def _tokenize(text: str, spans: list[tuple[int, int]], model: str) -> tuple[np.ndarray, ...]:
    """The words of some paragraphs, where each begins and ends in the text, and the position of its paragraph."""
    doc = load_model(model).tokenizer("\n".join(text[start:end] for start, end in spans).translate(ODD_SPACE))
    length, space, is_space = doc.to_array(["LENGTH", "SPACY", "IS_SPACE"]).astype(np.int64).reshape(-1, 3).T
    at = np.cumsum(length + space) - length - space
    kept = is_space == 0
    at, length = at[kept], length[kept]
    begins = np.cumsum([0, *(end - start + 1 for start, end in spans[:-1])])
    place = np.searchsorted(begins, at, side="right") - 1
    starts = at - begins[place] + np.array([start for start, _ in spans])[place]
    values, order = np.unique(doc.to_array("ORTH")[kept], return_inverse=True)
    words = np.array([doc.vocab.strings[value] for value in values.tolist()], object)
    return words[order] if len(words) else np.zeros(0, object), starts, starts + length, place


def _number_sentences(number: np.ndarray) -> np.ndarray:
    """Numbers of sentences without gaps: one that holds no token has none."""
    return np.cumsum(np.diff(number, prepend=number[:1]) > 0) if len(number) else number


def _map_words(words: np.ndarray, write) -> np.ndarray:
    """Each word written otherwise; each different one once."""
    written = {word: write(word) for word in set(words.tolist())}
    return np.array([written[word] for word in words.tolist()], object)


def _choose_lemmas(words: np.ndarray, norms: np.ndarray, sentence: np.ndarray) -> np.ndarray:
    """Words as written, in lower case within a sentence that has no small letter."""
    has_small = _map_words(words, lambda word: not word.isupper() and word.lower() != word.upper()).astype(bool)
    is_written = np.bincount(sentence, has_small, minlength=1)[sentence] > 0 if len(words) else has_small
    return np.where(is_written, words, norms)


def _guess_clitics(norms: np.ndarray) -> np.ndarray:
    """The part of speech of 's, ', and what n't leaves of can, will and shall; empty for all else."""
    pos = np.full(len(norms), "", object)
    for i in np.flatnonzero(np.isin(norms, [*POSSESSIVE, *CLIPPED])):
        before, after = norms[i - 1] if i else "", norms[i + 1] if i + 1 < len(norms) else ""
        if norms[i] in CLIPPED:
            pos[i] = "AUX" if after == "n't" else ""
        elif before == "let":
            pos[i] = "PRON"
        elif before:
            pos[i] = "AUX" if before in VERBAL else "PART"
    return pos


def _mark_quoted(text: str, regions: list[Region], starts: np.ndarray) -> np.ndarray:
    """Whether each token stands between marks that are not those of a term or title."""
    quoted = np.zeros(len(starts), bool)
    for region in regions:
        if not is_term(text, region):
            quoted[slice(*np.searchsorted(starts, [region.inner_start, region.inner_end]))] = True
    return quoted


def _make(name: str, **columns: object) -> pa.Table:
    """A table of the schema; `article_id` is one for all rows."""
    n = len(columns["start"])
    schema = TABLES[name].arrow
    arrays = [pa.repeat(pa.scalar(columns[field.name]), n) if field.name == "article_id"
              else pa.array(columns[field.name].tolist(), field.type) for field in schema]
    return pa.table(arrays, schema=schema)
