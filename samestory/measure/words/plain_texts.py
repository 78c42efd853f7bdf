"""Keyness of plain texts, without annotation: for corpora too large to parse, at millions of words a second.

A word is a run of letters and digits, including apostrophes within it, in lower case. Nothing is folded, all
lines are counted, and quoted words count like the rest; if that matters, annotate and use `count_terms`.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from samestory.measure.words.keyness import MIN_TERM_COUNT, Comparison, compare_outlets, compare_pair, empty_keyness
from samestory.measure.words.matrix import MATRIX_THREADS, TermMatrix, stack_cells
from samestory.measure.words.permutation import N_PERMUTATIONS

SPLIT_BATCH_ARTICLES = 5_000  # articles split at a time
NON_WORD_CHARS = r"[^\p{L}\p{N}']+"


def compare_texts(articles: pd.DataFrame, *, target: str | None = None, reference: str | None = None,
                  min_count: int = MIN_TERM_COUNT, stop_words: bool = False, n_permutations: int = N_PERMUTATIONS,
                  seed: int = 0) -> Comparison:
    """`measure_keyness` of the words of plain texts, with the same result.

    Parameters
    ----------
    articles : one row per article: outlet, text
    target, reference : outlets, chosen as in `compare_outlets` if they are not given
    min_count, stop_words, n_permutations, seed : as in `compare_pair`

    >>> articles = pd.DataFrame({"outlet": ["A", "B"], "text": ["Red, red; blue", "Don't: blue"]})
    >>> compare_texts(articles, min_count=2).table[["term", "n_target", "n_reference"]].to_numpy().tolist()
    [['red', 2, 0], ['blue', 1, 1]]
    """
    pairs = compare_outlets(articles, target=target, reference=reference)
    if not pairs:
        return empty_keyness(articles, target)
    return compare_pair(split_texts(articles), pairs[0], min_count=min_count, stop_words=stop_words,
                        n_permutations=n_permutations, seed=seed)


def split_texts(articles: pd.DataFrame) -> TermMatrix:
    """How often each word occurs in each article; articles without a word are left out.

    Parameters
    ----------
    articles : one row per article: outlet, text, and article_id if there is one
    """
    texts = pa.array(articles["text"].fillna(""), pa.string())
    batches = [texts.slice(begin, SPLIT_BATCH_ARTICLES) for begin in range(0, max(len(texts), 1), SPLIT_BATCH_ARTICLES)]
    with ThreadPoolExecutor(MATRIX_THREADS) as pool:
        found = list(pool.map(_split_batch, batches))
    rows = np.concatenate([number * SPLIT_BATCH_ARTICLES + places.to_numpy()
                           for number, (places, _) in enumerate(found)])
    runs = pa.chunked_array([runs for _, runs in found]).unify_dictionaries()
    rows, terms, names = _map_runs_to_words(rows, np.concatenate([chunk.indices.to_numpy() for chunk in runs.chunks]),
                                            runs.chunk(0).dictionary)
    having, rows = np.unique(rows, return_inverse=True)
    of = articles.iloc[having]
    return stack_cells(rows, terms, of["outlet"].to_numpy(dtype=object), names,
                       article_ids=of["article_id"] if "article_id" in of else of.index)


def _split_batch(texts: pa.Array) -> tuple[pa.Array, pa.DictionaryArray]:
    """The runs between white space: the number of each run's text, and the run as a number."""
    runs = pc.ascii_split_whitespace(pc.utf8_lower(texts))
    return pc.list_parent_indices(runs), pc.list_flatten(runs).dictionary_encode()


def _map_runs_to_words(rows: np.ndarray, runs: np.ndarray,
                       different: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row and term of each word, and the terms: marks are cut once per distinct run, not once per occurrence."""
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
