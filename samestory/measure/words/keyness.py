"""Keyness: which terms one outlet uses more than others, by how much, and how sure that is.

Measures see counts only. The formulas stand in formulas, what may be said from how many articles in
support. A p-value is shown only there, and comes from dividing the articles anew (permute), never from
words: words of one article depend on each other, and a test that takes them as independent finds
keywords in chance alone.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.language import read_language_rows
from samestory.measure import formulas
from samestory.measure.formulas import FloatArray
from samestory.measure.support import judge_support
from samestory.measure.words.dispersion import DISPERSION_FORMULAS as DISPERSION
from samestory.measure.words.dispersion import Cells
from samestory.measure.words.matrix import MATRIX_THREADS, TermMatrix, build_matrix
from samestory.measure.words.permutation import N_PERMUTATIONS, permute_articles

KEYNESS_CONFIDENCE_LEVEL = 0.95  # of every interval
MIN_TERM_COUNT = 3  # occurrences in both outlets together, fixed before any contrast is seen
KEYNESS_COLUMNS = ("term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "n_articles_target",
                   "n_articles_reference", "log_ratio", "low", "high", "g2", "lrc", "lrc_uncorrected", "fw_z",
                   "log_ratio_articles", "g2_articles", "dp_norm_target", "dp_norm_reference")
KEYNESS_TEST_COLUMNS = ("p", "q_bh", "p_max_t")
REST_OF_OUTLETS = "the rest"  # of the outlets


class Pair(NamedTuple):
    """Who is compared with whom; the reference None is all the rest."""

    target: str
    reference: str | None


def compare_outlets(counts: pd.DataFrame, *, target: str | None = None,
                    reference: str | None = None, all_pairs: bool = False) -> list[Pair]:
    """Who is compared with whom.

    Two outlets are compared in alphabetical order, more each against the rest, or each with each other
    where `all_pairs` is set; `target` and `reference` choose instead. Of one outlet alone there is no
    pair.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.

    >>> counts = pd.DataFrame({"outlet": ["CNN", "CGTN"]})
    >>> compare_outlets(counts)
    [Pair(target='CGTN', reference='CNN')]
    >>> compare_outlets(counts, reference="CGTN")
    [Pair(target='CNN', reference='CGTN')]
    """
    outlets = sorted(counts["outlet"].unique())
    for name in (target, reference):
        if name is not None and name not in outlets:
            raise unknown_name("outlet", name, outlets)
    if target is not None and target == reference:
        raise SameStoryError(f"outlet {target!r} is both target and reference; expected two different ones")
    if len(outlets) < 2:
        return []
    if target is not None:
        return [Pair(target, reference or _only_other(outlets, target))]
    if all_pairs and reference is None:
        return [Pair(*pair) for pair in combinations(outlets, 2)]
    others = [outlet for outlet in outlets if outlet != reference]
    if len(outlets) == 2:
        return [Pair(others[0], reference or others[1])]
    return [Pair(outlet, reference) for outlet in others]


def _only_other(outlets: list[str], target: str) -> str | None:
    others = [outlet for outlet in outlets if outlet != target]
    return others[0] if len(others) == 1 else None


def measure_outlets(counts: pd.DataFrame, *, target: str | None = None, reference: str | None = None,
                    all_pairs: bool = False, **options: object) -> pd.DataFrame:
    """`measure_keyness` of every pair that `compare_outlets` picks, one below the other.

    One row is a term in a comparison; the columns `target` and `reference` (`the rest` where the
    target is compared with all others) come before those of `measure_keyness`, whose options these
    are. `attrs["sentences"]` says for each comparison what it supports, `attrs["contrasts"]` what the
    smallest difference is that it could have found.
    """
    pairs = compare_outlets(counts, target=target, reference=reference, all_pairs=all_pairs)
    if not pairs:
        table = empty_keyness(counts, target)
        table.insert(0, "target", pd.Series(dtype="str"))
        table.insert(1, "reference", pd.Series(dtype="str"))
        table.attrs["sentences"], table.attrs["contrasts"] = [table.attrs["sentence"]], []
        return table
    _check_unit(counts)
    matrix = build_matrix(counts)
    tables = [compare_pair(matrix, pair, **options) for pair in pairs]
    told = {f"{name}s": [table.attrs[name] for table in tables] for name in ("sentence", "contrast")}
    for table, pair in zip(tables, pairs, strict=True):
        table.insert(0, "target", pair.target)
        table.insert(1, "reference", pair.reference or REST_OF_OUTLETS)
        table.attrs = {}
    stacked = pd.concat(tables, ignore_index=True)
    stacked.attrs.update(told)
    return stacked


def measure_keyness(counts: pd.DataFrame, *, target: str, reference: str | None = None,
                    **options: object) -> pd.DataFrame:
    """Compare how often the target and the reference use each term.

    One row is a term, the surest and largest differences first: by the size of `lrc`, then by the
    limit of the interval nearer to 0, then by the size of `log_ratio`, by frequency, by the alphabet.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    target, reference : outlets; the reference is all the others together if None
    options : those of `compare_pair`

    Returns
    -------
    term, n_target, n_reference; per_1k_target, per_1k_reference (per 1,000 words);
    n_articles_target, n_articles_reference (articles that have it); log_ratio with low and high (exact
    95 % interval, words taken as independent); g2; lrc (corrected for the number of terms) and
    lrc_uncorrected; fw_z; log_ratio_articles and g2_articles (the same of articles that have it, instead
    of words); dp_norm_target and dp_norm_reference (0 spread evenly over the articles, 1 in one only;
    missing where there is one article). Where `judge_support` allows: p (division of the articles anew),
    q_bh, and p_max_t, which holds for all terms at once. `attrs` holds the sizes, the options, the
    support with its sentence, the smallest contrast that could have been found, and each column's formula.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    _check_unit(counts)
    if not pairs:
        return empty_keyness(counts, target)
    table = compare_pair(build_matrix(counts), pairs[0], **options)
    table.attrs["unit"] = str(counts["unit"].iloc[0])
    return table


def _check_unit(counts: pd.DataFrame) -> None:
    if counts["unit"].nunique() > 1:
        units = ", ".join(sorted(counts["unit"].unique()))
        raise SameStoryError(f"expected counts of one unit, found {units}")


def compare_pair(matrix: TermMatrix, pair: Pair, *, min_count: int = MIN_TERM_COUNT, stop_words: bool = False,
                 n_permutations: int = N_PERMUTATIONS, seed: int = 0) -> pd.DataFrame:
    """`measure_keyness` of counts that stand in a matrix; see there for what is returned.

    Parameters
    ----------
    matrix : of all outlets
    min_count : occurrences in both together that a term must have
    stop_words : whether the terms of data/en/stop_words.csv are compared too; they count as words of
        the text either way
    n_permutations, seed : divisions of the articles drawn for `p`, up to 50 times as many for a
        small one; all are gone through where there are no more than that; none if it is 0
    """
    if pair.reference is not None:
        matrix = matrix.choose(np.isin(matrix.outlets, list(pair)))
    in_target = matrix.outlets == pair.target
    kept = choose_terms(matrix, min_count=min_count, stop_words=stop_words)
    table = _tabulate_keyness(matrix, in_target, kept)
    support = judge_support(int(in_target.sum()), int((~in_target).sum()))
    if support.tested and n_permutations:
        p, p_max_t = permute_articles(matrix, in_target, kept, n_permutations=n_permutations, seed=seed)
        table["p"], table["q_bh"], table["p_max_t"] = p, formulas.q_bh(p), p_max_t
    table = _sort_by_evidence(table)
    n1, n2 = int(matrix.words[in_target].sum()), int(matrix.words[~in_target].sum())
    table.attrs.update(
        target=pair.target, reference=pair.reference or REST_OF_OUTLETS, n_words_target=n1, n_words_reference=n2,
        n_articles_target=support.n_target, n_articles_reference=support.n_reference, n_terms=len(table),
        min_count=min_count, stop_words=stop_words, support=support.level, sentence=support.sentence,
        contrast=smallest_contrast(n1, n2, len(table)).sentence,
        n_permutations=n_permutations, seed=seed, formulas=KEYNESS_COLUMN_FORMULAS)
    return table


KEYNESS_COLUMN_FORMULAS = {
    "log_ratio": "log2 of (n_target + 0.5) / (words + 0.5) over the same of the reference",
    "low": "exact conditional (Clopper-Pearson) 95 % interval of the log ratio, words taken as independent",
    "high": "see low",
    "g2": "log-likelihood ratio over four cells (Dunning 1993), negative where the reference has more",
    "lrc": "limit of the interval nearer to 0, Bonferroni-corrected for the number of terms (Evert 2022)",
    "lrc_uncorrected": "the same without correction",
    "fw_z": "weighted log-odds, full variance, the frequencies of both together as prior (Monroe et al. 2008)",
    "log_ratio_articles": "log_ratio of the articles that have the term, out of all articles",
    "g2_articles": "g2 of the articles that have the term, out of all articles (text dispersion keyness)",
    "dp_norm_target": "normalised deviation of proportions over the target's articles (Lijffijt and Gries 2012)",
    "dp_norm_reference": "the same over the reference's",
    "p": "share of divisions of the articles anew whose g2 is at least as large",
    "q_bh": "p corrected by Benjamini and Hochberg",
    "p_max_t": "share of divisions in which any term's g2, over its average, is at least as large",
}


KEYNESS_MEASURES = {name: getattr(formulas, name) for name in (
    "g2", "g2_yates", "g2_williams", "ll_rayson", "chi2", "chi2_yates", "chi2_williams", "fisher_p", "fisher_odds",
    "log_ratio", "log_ratio_hardie", "lrc", "lrc_positive", "pct_diff", "rel_risk", "odds_ratio", "simple_maths",
    "difference_coefficient")}  # of a term's two frequencies and the two sizes


def add_measures(table: pd.DataFrame, measures: Sequence[str], *, n_words: tuple[float, float] | None = None,
                 **options: object) -> pd.DataFrame:
    """A table of frequencies with further measures, a column each, named after its formula in `formulas`.

    Parameters
    ----------
    table : one row a term: n_target, n_reference; what `measure_keyness` returned, or anybody's counts
    measures : names in `KEYNESS_MEASURES`
    n_words : words of target and reference; if None those that `measure_keyness` noted in `attrs`, or else the sums
        of the two columns
    options : of the formula, where one measure is asked for: ``as_quanteda``, ``add``, ``family``, ``alternative`` ...

    Raises
    ------
    UnknownName
        If there is no such measure.

    >>> table = pd.DataFrame({"term": ["word"], "n_target": [340], "n_reference": [2500]})
    >>> add_measures(table, ["ll_rayson", "pct_diff"], n_words=(10_000, 100_000)).round(2).to_dict("records")
    [{'term': 'word', 'n_target': 340, 'n_reference': 2500, 'll_rayson': 26.18, 'pct_diff': 36.0}]
    """
    for name in measures:
        if name not in KEYNESS_MEASURES:
            raise unknown_name("measure", name, KEYNESS_MEASURES)
    a, b = table["n_target"].to_numpy(np.float64), table["n_reference"].to_numpy(np.float64)
    noted = tuple(table.attrs.get(f"n_words_{side}") for side in ("target", "reference"))
    sizes = n_words or (noted if None not in noted else (a.sum(), b.sum()))
    return table.assign(**{name: KEYNESS_MEASURES[name](a, b, *sizes, **options) for name in measures})


def _sort_by_evidence(table: pd.DataFrame) -> pd.DataFrame:
    """The rows, given in alphabetical order, in the order that `measure_keyness` describes."""
    bound = np.where(table["log_ratio"] >= 0, table["low"], -table["high"])
    total = table["n_target"] + table["n_reference"]
    order = np.lexsort((-total, -table["log_ratio"].abs(), -bound, -table["lrc"].abs()))  # keeps what is equal
    return table.iloc[order].reset_index(drop=True)


def list_stop_words() -> pd.DataFrame:
    """The stop words: term, kind. One row is a term."""
    return pd.DataFrame(read_language_rows("stop_words"), columns=["term", "kind"])


def count_stop_words(counts: pd.DataFrame) -> pd.DataFrame:
    """Which stop words the texts have: words of the text like all others, but not compared unless asked for.

    One row is a kind of word: kind, n (times they stand), n_terms, terms (the most frequent first).

    >>> counts = pd.DataFrame({"term": ["the", "of", "the", "talks"], "n": [2, 1, 3, 4]})
    >>> count_stop_words(counts).to_dict("records")[0]
    {'kind': 'article', 'n': 5, 'n_terms': 1, 'terms': 'the'}
    """
    n = counts.groupby("term")["n"].sum()
    stops = list_stop_words().set_index("term").join(n.rename("n"), how="inner").reset_index()
    stops = stops.sort_values(["n", "term"], ascending=[False, True])
    kinds = stops.groupby("kind").agg(n=("n", "sum"), n_terms=("term", "size"), terms=("term", ", ".join))
    return kinds.reset_index().sort_values(["n", "kind"], ascending=[False, True], ignore_index=True)


def choose_terms(matrix: TermMatrix, *, min_count: int, stop_words: bool) -> np.ndarray:
    """The columns that are compared: frequent enough, and no stop words unless they are wanted."""
    kept = matrix.totals >= max(min_count, 1)
    if not stop_words:
        kept &= ~matrix.terms.isin([row["term"] for row in read_language_rows("stop_words")])
    return np.flatnonzero(kept)


def _tabulate_keyness(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray) -> pd.DataFrame:
    with ThreadPoolExecutor(MATRIX_THREADS) as pool:
        target, reference = pool.map(lambda rows: _sum_side(matrix, rows, kept), (in_target, ~in_target))
    a, b, sizes = target["n"], reference["n"], (target["words"], reference["words"])
    here, there, articles = target["n_articles"], reference["n_articles"], (target["articles"], reference["articles"])
    return pd.DataFrame({
        "term": matrix.terms[kept], "n_target": a, "n_reference": b,
        "per_1k_target": 1000 * a / sizes[0], "per_1k_reference": 1000 * b / sizes[1],
        "n_articles_target": here, "n_articles_reference": there,
        **_score_frequencies(a, b, *sizes, total=float(matrix.words.sum())),
        "log_ratio_articles": formulas.log_ratio(here, there, *articles),
        "g2_articles": formulas.g2(here, there, *articles),
        "dp_norm_target": target["dp_norm"], "dp_norm_reference": reference["dp_norm"]})


def _sum_side(matrix: TermMatrix, articles: np.ndarray, kept: np.ndarray) -> dict[str, FloatArray | float]:
    """One side's sums of the terms that are kept."""
    cells = Cells.of(matrix, articles, kept)
    return {"n": cells.n.astype(np.int64), "n_articles": cells.range, "words": cells.words.sum(),
            "articles": len(cells.words), "dp_norm": DISPERSION["dp_norm"](cells)}


def _score_frequencies(a: FloatArray, b: FloatArray, n1: float, n2: float, *, total: float) -> dict[str, FloatArray]:
    """The measures of two frequencies, worked out once for all terms that have the same two."""
    pairs, where = np.unique(a + 1j * b, return_inverse=True)
    a, b = pairs.real, pairs.imag
    low, high = formulas.log_ratio_interval(a, b, n1, n2, level=KEYNESS_CONFIDENCE_LEVEL)
    scores = {
        "log_ratio": formulas.log_ratio(a, b, n1, n2), "low": low, "high": high,
        "g2": formulas.g2(a, b, n1, n2),
        "lrc": formulas.lrc(a, b, n1, n2, level=KEYNESS_CONFIDENCE_LEVEL, family=len(where)),
        "lrc_uncorrected": formulas.lrc(a, b, n1, n2, level=KEYNESS_CONFIDENCE_LEVEL),
        "fw_z": formulas.fw_z(a, b, n1, n2, prior=a + b, prior_total=total)}
    return {name: values[where] for name, values in scores.items()}


def empty_keyness(counts: pd.DataFrame, outlet: str | None = None) -> pd.DataFrame:
    """What `measure_keyness` returns where there is no other outlet to compare with; `attrs` says so."""
    numbers = {name: pd.Series(dtype=np.int64 if name.startswith("n_") else np.float64)
               for name in KEYNESS_COLUMNS[1:]}
    table = pd.DataFrame({"term": pd.Series(dtype="str"), **numbers})
    table.attrs.update(sentence=_explain_no_comparison(counts, outlet), contrast="", support="describe", n_terms=0,
                       formulas=KEYNESS_COLUMN_FORMULAS)
    return table


def _explain_no_comparison(counts: pd.DataFrame, outlet: str | None) -> str:
    if not len(counts):
        return "No article has a word that is counted, so there is nothing to compare."
    return (f"All counted articles are from {outlet or counts['outlet'].iloc[0]}, so there is no other outlet to"
            " compare with.")


# What could have been found ------------------------------------------------------------------------

@dataclass(frozen=True)
class Contrast:
    """The smallest contrast that texts of this size could have shown."""

    g2: float
    n_target_alone: int | None
    n_reference_alone: int | None
    sentence: str


def smallest_contrast(n_target_words: int, n_reference_words: int, n_terms: int, *,
                      alpha: float = 0.05) -> Contrast:
    """How often a term must stand in one text, and never in the other, to differ beyond chance.

    Even if words were independent of each other: `g2` must reach the limit of chi-square at alpha
    divided by the number of terms compared (Bonferroni). A number is None where no frequency does.

    Parameters
    ----------
    n_target_words, n_reference_words : sizes of the two
    n_terms : how many terms are compared

    >>> smallest_contrast(416, 497, 407).sentence
    'With 416 and 497 words and 407 terms compared, a term that the other never uses must stand 10 times \
in the first, or 13 times in the second, to differ beyond chance.'
    """
    from scipy.special import chdtri
    limit = float(chdtri(1, alpha / max(n_terms, 1)))
    alone = _smallest_exclusive_count(n_target_words, n_reference_words, limit)
    other = _smallest_exclusive_count(n_reference_words, n_target_words, limit)
    sizes = f"With {n_target_words:,} and {n_reference_words:,} words and {n_terms:,} terms compared, "
    if alone is None or other is None:
        return Contrast(limit, alone, other,
                        f"{sizes}these texts are too short for any term to differ beyond chance.")
    return Contrast(limit, alone, other, (
        f"{sizes}a term that the other never uses must stand {alone:,} times in the first, or {other:,} "
        "times in the second, to differ beyond chance."))


def _smallest_exclusive_count(n1: int, n2: int, limit: float) -> int | None:
    """The smallest frequency in a text of n1 words, against none in n2, whose g2 reaches the limit."""
    if not n1 or not n2 or formulas.g2(n1, 0, n1, n2) < limit:
        return None
    low, high = 1, n1
    while low < high:  # g2 grows with the frequency
        middle = (low + high) // 2
        if formulas.g2(middle, 0, n1, n2) >= limit:
            high = middle
        else:
            low = middle + 1
    return low
