"""Keyness of 10 million artificial words: time and memory, compared with scikit-learn's CountVectorizer.

Run by `make bench`. The other counter counts the same texts in the same run, so a busy machine slows down both. If
scikit-learn is not installed (samestory does not need it), the standard library's Counter takes its place.
"""

import resource
import time

import numpy as np
import pandas as pd

from samestory.measure.words.keyness import Pair, compare_pair
from samestory.measure.words.matrix import TermMatrix, stack_cells
from samestory.measure.words.permutation import permute_articles
from samestory.measure.words.plain_texts import compare_texts, split_texts

N_ARTICLES, LENGTH = 100_000, 100
DRAWN = 222_000  # words to draw from; about 200,000 of them occur
PERMUTED = 40_000  # words tested, those in the most articles
BOTH = {"min_count": 1, "stop_words": True, "n_permutations": 0}


def main() -> None:
    """Print every figure."""
    ids, names = make_words()
    articles = np.repeat(np.arange(N_ARTICLES), LENGTH).astype(np.int32)
    outlets = np.where(np.arange(N_ARTICLES) % 2, "A", "B").astype(object)
    compare_texts(pd.DataFrame({"outlet": ["A", "B"], "text": ["red", "blue"]}))  # imports
    show("10 M token ids to the full keyness table", *clock(
        lambda: compare_pair(stack_cells(articles, ids, outlets, names), Pair("A", None), **BOTH)), "1.5 s")
    show("1,000 permutations with max-T, 40,000 terms", *time_permutations(
        stack_cells(articles, ids, outlets, names)), "15 s")
    frame = pd.DataFrame({"outlet": outlets, "text": [" ".join(row) for row in names[ids].reshape(-1, LENGTH)]})
    show("10 M words of text to the full keyness table", *clock(lambda: compare_texts(frame, **BOTH)), "5 s")
    show("of this, texts to counts", *clock(lambda: split_texts(frame)), "below the other counter")
    print(f"{'peak memory':<46} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:>9.2f} GB"
          "   target: 2 GB")
    name, count = find_other_counter()
    show(f"for comparison: {name}", *clock(lambda: count(frame["text"])), "24 s on an idle machine")


def make_words() -> tuple[np.ndarray, np.ndarray]:
    """Ten million words drawn from a Zipf distribution, as numbers, and the word of each number."""
    generator = np.random.default_rng(1)
    shares = 1 / (np.arange(1, DRAWN + 1) + 2.7) ** 1.2
    drawn = np.searchsorted(np.cumsum(shares / shares.sum()), generator.random(N_ARTICLES * LENGTH))
    found, ids = np.unique(drawn.clip(max=DRAWN - 1), return_inverse=True)
    print(f"{len(ids):,} words, {len(found):,} types, {N_ARTICLES:,} articles")
    return ids.astype(np.int32), np.array([f"w{number:06d}" for number in found], dtype=object)


def time_permutations(matrix: TermMatrix) -> tuple[float, float]:
    """Time of the permutation test for the words in the most articles."""
    kept = np.sort(np.argsort(-np.diff(matrix.frequencies.indptr), kind="stable")[:PERMUTED])
    return clock(lambda: permute_articles(matrix, matrix.outlets == "A", kept, n_permutations=1_000))


def find_other_counter() -> tuple[str, object]:
    """Another program that counts these texts, and its name."""
    try:
        from sklearn.feature_extraction.text import CountVectorizer
    except ImportError:
        from collections import Counter
        return "Counter and str.split", lambda texts: Counter(word for text in texts for word in text.split())
    return "scikit-learn's CountVectorizer", CountVectorizer().fit_transform


def clock(act) -> tuple[float, float]:
    """Wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def show(what: str, wall: float, cpu: float, asked: str) -> None:
    """Print a figure with its target."""
    print(f"{what:<46} {wall:>7.2f} s   target: {asked} ({cpu:.2f} s of CPU)", flush=True)


if __name__ == "__main__":
    main()
