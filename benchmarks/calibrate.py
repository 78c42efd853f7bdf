"""`make calibrate COUNTS=folder`: how often a word passes the keyword test by chance (type I error).

The documents of one corpus are split at random many times, so all differences are due to chance. For each of three
random seeds chosen in advance, it prints the share of words with p at most .05 (target: 4 to 6 %), the share of
splits in which any word has a p_max_t at most .05 (family-wise; target: the 99 % binomial bounds around 5 %), and the
same for token-level g2. The counts are not part of the project: COUNTS is a folder with `inaugural_dfm_triplets.csv`
(document, feature, frequency), or such a file, or the `counts.parquet` of `samestory annotate`. With --events (JSON
lines with id and event), one document of each event is the target, and documents are exchanged within their event.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from samestory.measure import formulas
from samestory.measure.words import permutation as permute
from samestory.measure.words.matrix import TermMatrix, build_matrix
from samestory.measure.words.strata import find_strata, permute_within_events

SEEDS = (11, 22, 33)  # chosen in advance
ALPHA = 0.05


def main() -> None:
    """Print the figures of each seed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("counts", type=Path, help="folder or CSV file: document, feature, frequency")
    parser.add_argument("--splits", type=int, default=500)
    parser.add_argument("--target", type=int, default=20, help="documents on the smaller side")
    parser.add_argument("--min-count", type=int, default=10)
    parser.add_argument("--permutations", type=int, default=499)
    parser.add_argument("--events", type=Path, help="JSON lines: the id and the event of each document")
    options = parser.parse_args()
    if not find_counts(options.counts).is_file():
        parser.error(f"expected counts in {find_counts(options.counts)}, found none; give the folder:"
                     " make calibrate COUNTS=folder")
    events = read_events(options.events) if options.events else None
    matrix = read_counts(options.counts, events)
    low, high = bound_errors(options.splits)
    print(f"{matrix.frequencies.shape[0]} documents, {options.splits} splits of {options.target} from the rest;"
          f" target: a word 4 to 6 %, a family {low:.1%} to {high:.1%}")
    for seed in SEEDS if events else ():
        figures = measure_event_errors(matrix, n_splits=options.splits, min_count=options.min_count,
                                       n_permutations=options.permutations, seed=seed)
        print(f"seed {seed}: a word {figures[0]:.1%}, a family {figures[1]:.1%} (within events)", flush=True)
    for seed in () if events else SEEDS:
        print(f"seed {seed}: " + ", ".join(f"{name} {share:.1%}" for name, share in measure_errors(
            matrix, n_splits=options.splits, n_target=options.target, min_count=options.min_count,
            n_permutations=options.permutations, seed=seed).items()), flush=True)


def find_counts(path: Path) -> Path:
    """The file of counts; in a folder, the file for the speeches."""
    return path / "inaugural_dfm_triplets.csv" if path.is_dir() else path


def read_events(path: Path) -> dict[str, str]:
    """The event of each document."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["event"] for row in rows}


def read_counts(path: Path, events: dict[str, str] | None = None) -> TermMatrix:
    """The counts as a document-by-term matrix."""
    if path.suffix == ".parquet":
        stored = pd.read_parquet(path, columns=["article_id", "term", "n"])
        return build_matrix(stored.assign(outlet="all"), events)
    rows = pd.read_csv(find_counts(path), keep_default_na=False)
    rows.columns = ["article_id", "term", "n"]
    return build_matrix(rows.assign(outlet="speech"), events)


def measure_event_errors(matrix: TermMatrix, *, n_splits: int, min_count: int, n_permutations: int,
                         seed: int) -> tuple[float, float]:
    """The shares of words and of splits (families) that pass by chance if one document of each event is the target."""
    kept = np.flatnonzero(matrix.totals >= min_count)
    generator = np.random.default_rng(seed)
    numbers = np.unique(matrix.events, return_inverse=True)[1]
    words, families = [], []
    for split in range(n_splits):
        order = np.lexsort((generator.random(len(numbers)), numbers))
        in_target = np.zeros(len(numbers), dtype=bool)
        in_target[order[np.flatnonzero(np.diff(numbers[order], prepend=-1))]] = True
        p, p_max_t = permute_within_events(matrix, in_target, kept, find_strata(matrix, in_target), refine=False,
                                           n_permutations=n_permutations, seed=seed * n_splits + split)
        words.append((p <= ALPHA).mean())
        families.append((p_max_t <= ALPHA).any())
    return float(np.mean(words)), float(np.mean(families))


def measure_errors(matrix: TermMatrix, *, n_splits: int, n_target: int, min_count: int, n_permutations: int,
                   seed: int) -> dict[str, float]:
    """The shares of words and of splits (families) that pass by chance."""
    kept = np.flatnonzero(matrix.totals >= min_count)
    generator = np.random.default_rng(seed)
    words, families, tokens = [], [], []
    for split in range(n_splits):
        in_target = np.zeros(len(matrix.outlets), dtype=bool)
        in_target[generator.choice(len(in_target), n_target, replace=False)] = True
        p, p_max_t = permute.permute_articles(matrix, in_target, kept, n_permutations=n_permutations,
                                              seed=seed * n_splits + split, refine=False)
        words.append((p <= ALPHA).mean())
        families.append((p_max_t <= ALPHA).any())
        tokens.append(try_tokens(matrix, in_target, kept))
    of_words, of_families = np.mean(tokens, axis=0)
    return {"a word": float(np.mean(words)), "a family": float(np.mean(families)),
            "by g2 of tokens a word": float(of_words), "a family by Bonferroni": float(of_families)}


def try_tokens(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray) -> tuple[float, bool]:
    """The same with g2, as if words were independent: the share of words, and whether any passes with Bonferroni."""
    a = (matrix.frequencies.T @ in_target.astype(np.float64))[kept]
    n1 = matrix.words[in_target].sum()
    p = formulas.chi2_p(formulas.g2(a, matrix.totals[kept] - a, n1, matrix.words.sum() - n1))
    return float((p <= ALPHA).mean()), bool((p <= ALPHA / len(kept)).any())


def bound_errors(n_splits: int) -> tuple[float, float]:
    """The bounds that contain 99 % of such runs if the true error rate is 5 %."""
    from scipy.stats import binom
    return tuple(binom.ppf(limit, n_splits, ALPHA) / n_splits for limit in (0.005, 0.995))


if __name__ == "__main__":
    main()
