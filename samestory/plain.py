"""Keyness of plain texts, without annotation: for corpora too large to parse, at millions of words a second.

A word is a run of letters and digits, apostrophes within it included, in lower case. Nothing is folded, no
line is told from another and quoted words count like the rest: where that matters, annotate and use
`count_terms`.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from samestory.keyness import compare_outlets, compare_pair, empty_keyness
from samestory.matrix import THREADS, TermMatrix, stack_cells

BATCH = 5_000  # articles split at a time
NO_WORD = r"[^\p{L}\p{N}']+"


def compare_texts(articles: pd.DataFrame, *, target: str | None = None, reference: str | None = None,
                  **options: object) -> pd.DataFrame:
    """`measure_keyness` of the words of plain texts.

    One row is a term, as there.

    Parameters
    ----------
    articles : one row an article: outlet, text
    target, reference : outlets, chosen as in `compare_outlets` where they are not given
    options : those of `compare_pair`

    >>> articles = pd.DataFrame({"outlet": ["A", "B"], "text": ["Red, red; blue", "Don't: blue"]})
    >>> compare_texts(articles, min_count=2)[["term", "n_target", "n_reference"]].to_numpy().tolist()
    [['red', 2, 0], ['blue', 1, 1]]
    """
    pairs = compare_outlets(articles, target=target, reference=reference)
    return compare_pair(split_texts(articles), pairs[0], **options) if pairs else empty_keyness(articles, target)


def split_texts(articles: pd.DataFrame) -> TermMatrix:
    """How often each word stands in each article; articles without a word are left out.

    Parameters
    ----------
    articles : one row an article: outlet, text, and article_id if they have one
    """
    texts = pa.array(articles["text"].fillna(""), pa.string())
    batches = [texts.slice(begin, BATCH) for begin in range(0, len(texts), BATCH)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(_split_batch, batches))
    rows = [begin * BATCH + places.to_numpy() for begin, (places, _) in enumerate(found)]
    words = pa.chunked_array([words for _, words in found] or [pa.array([], pa.string()).dictionary_encode()])
    return _stack_words(articles, np.concatenate([np.empty(0, np.int64), *rows]), words.unify_dictionaries())


def _split_batch(texts: pa.Array) -> tuple[pa.Array, pa.DictionaryArray]:
    """The words of texts: of which text each is, and the word as a number."""
    words = pc.ascii_split_whitespace(pc.replace_substring_regex(pc.utf8_lower(texts), NO_WORD, " "))
    return pc.list_parent_indices(words), pc.list_flatten(words).dictionary_encode()


def _stack_words(articles: pd.DataFrame, rows: np.ndarray, words: pa.ChunkedArray) -> TermMatrix:
    raw = words.chunk(0).dictionary if words.num_chunks else pa.array([], pa.string())
    names, term_of = np.unique(np.asarray(pc.utf8_trim(raw, "'"), dtype=object), return_inverse=True)
    terms = term_of[np.concatenate([np.empty(0, np.int32), *(chunk.indices.to_numpy() for chunk in words.chunks)])]
    if len(names) and names[0] == "":  # apostrophes alone
        rows, terms, names = rows[terms > 0], terms[terms > 0] - 1, names[1:]
    has_words, rows = np.unique(rows, return_inverse=True)
    of = articles.iloc[has_words]
    return stack_cells(rows, terms, of["outlet"].to_numpy(dtype=object), names,
                       article_ids=of["article_id"] if "article_id" in of else of.index)
