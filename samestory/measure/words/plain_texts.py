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

from samestory.measure.words.keyness import compare_outlets, compare_pair, empty_keyness
from samestory.measure.words.matrix import MATRIX_THREADS, TermMatrix, stack_cells

SPLIT_BATCH_ARTICLES = 5_000  # articles split at a time
NON_WORD_CHARS = r"[^\p{L}\p{N}']+"


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
    batches = [texts.slice(begin, SPLIT_BATCH_ARTICLES) for begin in range(0, max(len(texts), 1), SPLIT_BATCH_ARTICLES)]
    with ThreadPoolExecutor(MATRIX_THREADS) as pool:
        found = list(pool.map(_split_batch, batches))
    rows = np.concatenate([number * SPLIT_BATCH_ARTICLES + places.to_numpy() for number,
                           (places, _) in enumerate(found)])
    runs = pa.chunked_array([runs for _, runs in found]).unify_dictionaries()
    rows, terms, names = _map_runs_to_words(rows, np.concatenate([chunk.indices.to_numpy() for chunk in runs.chunks]),
                                            runs.chunk(0).dictionary)
    having, rows = np.unique(rows, return_inverse=True)
    of = articles.iloc[having]
    return stack_cells(rows, terms, of["outlet"].to_numpy(dtype=object), names,
                       article_ids=of["article_id"] if "article_id" in of else of.index)


def _split_batch(texts: pa.Array) -> tuple[pa.Array, pa.DictionaryArray]:
    """The runs between white space: of which text each is, and the run as a number."""
    runs = pc.ascii_split_whitespace(pc.utf8_lower(texts))
    return pc.list_parent_indices(runs), pc.list_flatten(runs).dictionary_encode()


def _map_runs_to_words(rows: np.ndarray, runs: np.ndarray, different: pa.Array) -> tuple[np.ndarray, np.ndarray,
                                                                                         np.ndarray]:
    """Row and term of each word, and the terms: marks are cut once a different run, not once a place."""
    words = pc.ascii_split_whitespace(pc.replace_substring_regex(different, NON_WORD_CHARS, " "))
    trimmed = np.asarray(pc.utf8_trim(pc.list_flatten(words), "'"), dtype=object)
    names, term_of = np.unique(trimmed, return_inverse=True)
    offsets = words.offsets.to_numpy()
    first, n = offsets[runs], np.diff(offsets)[runs]
    places = np.repeat(first - (np.cumsum(n) - n), n) + np.arange(n.sum())
    rows, terms = np.repeat(rows, n), term_of[places]
    if len(names) and names[0] == "":  # apostrophes alone
        rows, terms, names = rows[terms > 0], terms[terms > 0] - 1, names[1:]
    return rows, terms, names
