"""Keyness: which terms one outlet uses more than others, by how much, and how sure that is.

The measures see only counts. The formulas are in `formulas`; `support` decides how strong a claim a number of articles
can support. A p-value is given only where `support` allows one, and comes from a permutation test over articles
(`permutation`), never over words: the words of one article depend on each other, and a test that assumes they are
independent finds keywords in pure chance.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from inspect import signature
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.language import read_language_rows, read_stop_words
from samestory.measure import formulas
from samestory.measure.formulas import FloatArray
from samestory.measure.support import Support, judge_event_support, judge_support
from samestory.measure.words.dispersion import DISPERSION_FORMULAS as DISPERSION
from samestory.measure.words.dispersion import Cells
from samestory.measure.words.matrix import MATRIX_THREADS, TermMatrix, build_matrix
from samestory.measure.words.permutation import N_PERMUTATIONS, permute_articles
from samestory.measure.words.strata import (
    MAX_ONE_EVENT_SHARE,
    Strata,
    find_strata,
    mark_one_event,
    permute_within_events,
    score_strata,
    share_events,
)

KEYNESS_CONFIDENCE_LEVEL = 0.95  # of every interval
MIN_TERM_COUNT = 3  # occurrences in both outlets together, fixed before any difference is seen
KEYNESS_COLUMNS = ("term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "n_articles_target",
                   "n_articles_reference", "log_ratio", "low", "high", "g2", "lrc", "lrc_uncorrected", "fw_z",
                   "log_ratio_articles", "g2_articles", "dp_norm_target", "dp_norm_reference")
KEYNESS_TEST_COLUMNS = ("p", "q_bh", "p_max_t")
KEYNESS_EVENT_COLUMNS = ("n_events", "one_event")  # if outlets are compared within events
OUTLET_NAME_WORD_PATTERN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
NO_SHARED_EVENT_SENTENCE = ("No event is reported by both sides, so articles are compared whatever their event:"
                            " differences may be those of topics.")
REST_OF_OUTLETS = "the rest"  # name of a side made up of all other outlets


class Pair(NamedTuple):
    """A target and its reference; the reference None means all other outlets."""

    target: str
    reference: str | None


@dataclass(frozen=True)
class Contrast:
    """The minimum detectable difference of two texts: how often a term that one of them never uses must occur.

    Attributes
    ----------
    g2 : log-likelihood ratio that a term must reach
    n_target_alone, n_reference_alone : occurrences that a term of one side only needs; None if no number is enough
    sentence : the same in words
    """

    g2: float
    n_target_alone: int | None
    n_reference_alone: int | None
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """Two sides compared term by term.

    Attributes
    ----------
    table : one row per term, as `measure_keyness` describes it
    target, reference : names of the two sides; `the rest` is all other outlets
    n_words : words of target and reference
    support : how much the articles of the two sides can support
    note : why there is nothing to compare; empty otherwise
    """

    table: pd.DataFrame
    target: str
    reference: str
    n_words: tuple[int, int]
    support: Support
    note: str = ""

    @property
    def sentence(self) -> str:
        """How much the comparison can support, or why there is none."""
        return self.note or self.support.sentence

    @property
    def contrast(self) -> str:
        """The minimum detectable difference, as a sentence."""
        if self.table.empty:
            return "No term is compared, so no difference could have been found."
        if self.support.n_events:
            return (f"Terms with {MAX_ONE_EVENT_SHARE:.0%} or more of their uses in one event come last: they are words"
                    " of that event, not of an outlet.")
        return smallest_contrast(*self.n_words, len(self.table)).sentence


@dataclass(frozen=True)
class Comparisons:
    """Comparisons of outlets, their tables concatenated.

    Attributes
    ----------
    table : one row per term of a comparison: target, reference and the columns of `measure_keyness`
    supports : how much each comparison can support
    contrasts : the minimum detectable difference of each
    note : why there is nothing to compare; empty otherwise
    """

    table: pd.DataFrame
    supports: tuple[Support, ...]
    contrasts: tuple[Contrast, ...]
    note: str = ""

    @property
    def sentences(self) -> list[str]:
        """How much each comparison can support, or why there is none."""
        return [support.sentence for support in self.supports] or [self.note]


def compare_outlets(counts: pd.DataFrame, *, target: str | None = None,
                    reference: str | None = None, all_pairs: bool = False) -> list[Pair]:
    """The pairs of sides to compare.

    Two outlets are compared in alphabetical order. With more, each is compared with the rest or, if `all_pairs` is
    set, with each of the others; `target` and `reference` override this. A single outlet has no pair.

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
                    all_pairs: bool = False, events: Mapping[str, str] | None = None,
                    min_count: int = MIN_TERM_COUNT, stop_words: bool = False,
                    n_permutations: int = N_PERMUTATIONS, seed: int = 0) -> Comparisons:
    """`measure_keyness` of every pair that `compare_outlets` picks, concatenated.

    The table has one row per term in a comparison; the columns `target` and `reference` (`the rest` if the target is
    compared with all others) come before those of `measure_keyness`, which has the same parameters.
    """
    pairs = compare_outlets(counts, target=target, reference=reference, all_pairs=all_pairs)
    if not pairs:
        nothing = empty_keyness(counts, target)
        return Comparisons(_add_side_columns(nothing), (), (), nothing.note)
    _check_unit(counts)
    matrix = build_matrix(counts, events)
    found = [compare_pair(matrix, pair, min_count=min_count, stop_words=stop_words, n_permutations=n_permutations,
                          seed=seed) for pair in pairs]
    return Comparisons(pd.concat([_add_side_columns(part) for part in found], ignore_index=True),
                       tuple(part.support for part in found),
                       tuple(smallest_contrast(*part.n_words, len(part.table)) for part in found))


def _add_side_columns(comparison: Comparison) -> pd.DataFrame:
    table = comparison.table.copy(deep=False)
    table.insert(0, "target", pd.Series(comparison.target, index=table.index, dtype="str"))
    table.insert(1, "reference", pd.Series(comparison.reference, index=table.index, dtype="str"))
    return table


def measure_keyness(counts: pd.DataFrame, *, target: str, reference: str | None = None,
                    events: Mapping[str, str] | None = None, min_count: int = MIN_TERM_COUNT, stop_words: bool = False,
                    n_permutations: int = N_PERMUTATIONS, seed: int = 0) -> Comparison:
    """Compare how often the target and the reference use each term.

    The table has one row per term, the surest and largest differences first: sorted by the size of `lrc`, then by the
    interval limit nearer to 0, the size of `log_ratio`, the frequency, and alphabetically.

    Parameters
    ----------
    counts : the table `counts`, of one unit
    target, reference : outlets; if the reference is None, it is all the others together
    events : the event of each article. If there are several and both sides report any, articles are compared within
        these only: log_ratio, low, high and lrc are those of the Mantel-Haenszel odds ratio, p exchanges articles
        within their event, and terms of one event come last
    min_count, stop_words, n_permutations, seed : as in `compare_pair`

    Returns
    -------
    The table, the names and sizes of the two sides, and how much their articles can support. Columns: term,
    n_target, n_reference; per_1k_target, per_1k_reference (per 1,000 words); n_articles_target,
    n_articles_reference (articles that have it); log_ratio with low and high (exact 95 % interval, words assumed
    independent); g2; lrc (corrected for the number of terms) and lrc_uncorrected; fw_z; log_ratio_articles and
    g2_articles (the same of articles that have the term, instead of words); dp_norm_target and dp_norm_reference
    (0 spread evenly over the articles, 1 in one only; missing if there is only one article). If `judge_support`
    allows: p (permutation test over articles), q_bh (false discovery rate), and p_max_t (controls the error over
    all terms at once). Within events also: n_events (events that have it) and one_event (largest share of its uses in
    one event; from .6 on it is a word of that event). Each measure is the
    function of that name in `formulas`; dp_norm is described in `dispersion`.

    Raises
    ------
    UnknownName
        If an outlet is not in counts.
    """
    pairs = compare_outlets(counts, target=target, reference=reference)
    _check_unit(counts)
    if not pairs:
        return empty_keyness(counts, target)
    return compare_pair(build_matrix(counts, events), pairs[0], min_count=min_count, stop_words=stop_words,
                        n_permutations=n_permutations, seed=seed)


def _check_unit(counts: pd.DataFrame) -> None:
    if counts["unit"].nunique() > 1:
        units = ", ".join(sorted(counts["unit"].unique()))
        raise SameStoryError(f"expected counts of one unit, found {units}")


def compare_pair(matrix: TermMatrix, pair: Pair, *, min_count: int = MIN_TERM_COUNT, stop_words: bool = False,
                 n_permutations: int = N_PERMUTATIONS, seed: int = 0) -> Comparison:
    """`measure_keyness` of a matrix of counts; see there for the result.

    Parameters
    ----------
    matrix : of all outlets
    min_count : occurrences in both together that a term must have
    stop_words : whether the terms of data/en/stop_words.csv are compared too; they count as words of
        the text either way
    n_permutations, seed : permutations of the articles drawn for `p`, up to 50 times as many for a small p; all
        possible ones if there are no more than that; none if it is 0
    """
    if pair.reference is not None:
        matrix = matrix.choose(np.isin(matrix.outlets, [pair.target, pair.reference]))
    in_target = matrix.outlets == pair.target
    strata = find_strata(matrix, in_target)
    if strata:
        matrix, in_target = matrix.choose(strata.articles), in_target[strata.articles]
    kept = choose_terms(matrix, min_count=min_count, stop_words=stop_words, names=filter(None, pair))
    table = _tabulate_keyness(matrix, in_target, kept)
    if strata:
        table = table.assign(**score_strata(matrix, in_target, kept, strata, level=KEYNESS_CONFIDENCE_LEVEL))
        of_target, of_event = (side.tolist() for side in strata.count_articles(in_target))
        support = judge_event_support(of_target, of_event, n_left_out=strata.n_left_out)
    else:
        shares = share_events(matrix, in_target, kept)
        table, support = table.assign(**shares), judge_support(int(in_target.sum()), int((~in_target).sum()))
        support = replace(support, sentence=f"{NO_SHARED_EVENT_SENTENCE} {support.sentence}") if shares else support
    if support.tested and n_permutations:
        p, p_max_t = _permute_articles(matrix, in_target, kept, strata, n_permutations, seed)
        table["p"], table["q_bh"], table["p_max_t"] = p, formulas.q_bh(p), p_max_t
    sizes = int(matrix.words[in_target].sum()), int(matrix.words[~in_target].sum())
    return Comparison(_sort_by_evidence(table), pair.target, pair.reference or REST_OF_OUTLETS, sizes, support)


def _permute_articles(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray, strata: Strata | None,
                      n_permutations: int, seed: int) -> tuple[FloatArray, FloatArray]:
    if strata:
        return permute_within_events(matrix, in_target, kept, strata, n_permutations=n_permutations, seed=seed)
    return permute_articles(matrix, in_target, kept, n_permutations=n_permutations, seed=seed)


KEYNESS_MEASURES: dict[str, Callable[..., FloatArray]] = {name: getattr(formulas, name) for name in (
    "g2", "g2_yates", "g2_williams", "ll_rayson", "chi2", "chi2_yates", "chi2_williams", "fisher_p", "fisher_odds",
    "log_ratio", "log_ratio_signed", "log_ratio_hardie", "lrc", "lrc_positive", "pct_diff", "rel_risk", "odds_ratio",
    "simple_maths", "difference_coefficient")}  # of a term's two frequencies and the two sizes


def add_measures(table: pd.DataFrame | Comparison, measures: Sequence[str], *,
                 n_words: tuple[float, float] | None = None, add: float | None = None,
                 alternative: str | None = None, as_quanteda: bool | None = None,
                 family: int | None = None, level: float | None = None) -> pd.DataFrame:
    """Add measures to a table of frequencies, one column each, named after its formula in `formulas`.

    Parameters
    ----------
    table : the result of `measure_keyness`, or one row per term: n_target, n_reference
    measures : names in `KEYNESS_MEASURES`
    n_words : words of target and reference; if None, those of the comparison, or the sums of the two columns
    add, alternative, as_quanteda, family, level : parameters of the formulas that have them; the formula's default if
        None

    Raises
    ------
    UnknownName
        If there is no such measure.
    SameStoryError
        If no measure has a parameter that is given, or the table leaves out terms and `n_words` is None.

    >>> table = pd.DataFrame({"term": ["word"], "n_target": [340], "n_reference": [2500]})
    >>> add_measures(table, ["ll_rayson", "pct_diff"], n_words=(10_000, 100_000)).round(2).to_dict("records")
    [{'term': 'word', 'n_target': 340, 'n_reference': 2500, 'll_rayson': 26.18, 'pct_diff': 36.0}]
    """
    for name in measures:
        if name not in KEYNESS_MEASURES:
            raise unknown_name("measure", name, KEYNESS_MEASURES)
    options = {"add": add, "alternative": alternative, "as_quanteda": as_quanteda, "family": family, "level": level}
    chosen = _choose_options(measures, {name: value for name, value in options.items() if value is not None})
    if isinstance(table, Comparison):
        table, n_words = table.table, n_words or table.n_words
    elif n_words is None and "per_1k_target" in table:
        raise SameStoryError("expected the result of measure_keyness, or n_words: its table leaves out rare terms and"
                             " stop words, so the sums of its columns are not the words of the two sides")
    a, b = table["n_target"].to_numpy(np.float64), table["n_reference"].to_numpy(np.float64)
    sizes = n_words or (a.sum(), b.sum())
    return table.assign(**{name: KEYNESS_MEASURES[name](a, b, *sizes, **chosen[name]) for name in measures})


def _choose_options(measures: Sequence[str], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The parameters of each measure's formula, out of those given; raises for one that no formula has."""
    known = {name: signature(KEYNESS_MEASURES[name]).parameters for name in measures}
    for option in given:
        if not any(option in taken for taken in known.values()):
            raise SameStoryError(f"expected a measure with the parameter {option!r}, found {', '.join(measures)}")
    return {name: {option: value for option, value in given.items() if option in taken}
            for name, taken in known.items()}


def _sort_by_evidence(table: pd.DataFrame) -> pd.DataFrame:
    """The alphabetically sorted rows, in the order that `measure_keyness` describes."""
    bound = np.where(table["log_ratio"] >= 0, table["low"], -table["high"])
    total = table["n_target"] + table["n_reference"]
    order = np.lexsort((-total, -table["log_ratio"].abs(), -bound, -table["lrc"].abs(),
                        mark_one_event(table)))  # a stable sort
    return table.iloc[order].reset_index(drop=True)


def list_stop_words() -> pd.DataFrame:
    """The stop words: term, kind. One row per term."""
    table = pd.DataFrame(read_language_rows("stop_words"), columns=["term", "kind"])
    return table.assign(term=table["term"].str.lower())


def count_stop_words(counts: pd.DataFrame) -> pd.DataFrame:
    """Which stop words the texts have: they count as words of the text, but are compared only on request.

    One row per kind of word: kind, n (occurrences), n_terms, terms (the most frequent first).

    >>> counts = pd.DataFrame({"term": ["the", "of", "the", "talks"], "n": [2, 1, 3, 4]})
    >>> count_stop_words(counts).to_dict("records")[0]
    {'kind': 'article', 'n': 5, 'n_terms': 1, 'terms': 'the'}
    """
    n = counts.groupby("term")["n"].sum()
    stops = list_stop_words().set_index("term").join(n.rename("n"), how="inner").reset_index()
    stops = stops.sort_values(["n", "term"], ascending=[False, True])
    kinds = stops.groupby("kind").agg(n=("n", "sum"), n_terms=("term", "size"), terms=("term", ", ".join))
    return kinds.reset_index().sort_values(["n", "kind"], ascending=[False, True], ignore_index=True)


def choose_terms(matrix: TermMatrix, *, min_count: int, stop_words: bool, names: Iterable[str] = ()) -> np.ndarray:
    """The columns to compare: terms frequent enough, without stop words unless requested.

    Terms made up of words of the outlets' own `names` are left out: that CNN writes CNN is no finding.
    """
    kept = matrix.totals >= max(min_count, 1)
    own = {word.casefold() for name in names for word in OUTLET_NAME_WORD_PATTERN.findall(name) if len(word) > 1}
    if own:
        kept &= ~np.array([own.issuperset(term.casefold().split()) for term in matrix.terms], dtype=bool)
    if not stop_words:
        kept &= ~matrix.terms.isin(read_stop_words())
    return np.flatnonzero(kept)


def _tabulate_keyness(matrix: TermMatrix, in_target: np.ndarray, kept: np.ndarray) -> pd.DataFrame:
    with ThreadPoolExecutor(MATRIX_THREADS) as pool:
        here, there = pool.map(lambda rows: _sum_side(matrix, rows, kept), (in_target, ~in_target))
    having = here.n_articles_with, there.n_articles_with, here.n_articles, there.n_articles
    return pd.DataFrame({
        "term": matrix.terms[kept], "n_target": here.n, "n_reference": there.n,
        "per_1k_target": 1000 * here.n / here.n_words, "per_1k_reference": 1000 * there.n / there.n_words,
        "n_articles_target": here.n_articles_with, "n_articles_reference": there.n_articles_with,
        **_score_frequencies(here, there, total=float(matrix.words.sum())),
        "log_ratio_articles": formulas.log_ratio_signed(*having), "g2_articles": formulas.g2(*having),
        "dp_norm_target": here.dp_norm, "dp_norm_reference": there.dp_norm})


class SideSums(NamedTuple):
    """Sums of one side: arrays have one value per term."""

    n: NDArray[np.int64]
    n_words: float
    n_articles_with: NDArray[np.int64]
    n_articles: int
    dp_norm: FloatArray


def _sum_side(matrix: TermMatrix, articles: np.ndarray, kept: np.ndarray) -> SideSums:
    """One side's sums for the terms that are kept."""
    cells = Cells.of(matrix, articles, kept)
    return SideSums(cells.n.astype(np.int64), float(cells.words.sum()), cells.range, len(cells.words),
                    DISPERSION["dp_norm"](cells))


def _score_frequencies(here: SideSums, there: SideSums, *, total: float) -> dict[str, FloatArray]:
    """The measures of two frequencies, computed once per distinct pair of frequencies."""
    pairs, where = np.unique(here.n + 1j * there.n, return_inverse=True)
    a, b, n1, n2 = pairs.real, pairs.imag, here.n_words, there.n_words
    low, high = formulas.log_ratio_interval(a, b, n1, n2, level=KEYNESS_CONFIDENCE_LEVEL)
    scores = {
        "log_ratio": formulas.log_ratio_signed(a, b, n1, n2), "low": low, "high": high,
        "g2": formulas.g2(a, b, n1, n2),
        "lrc": formulas.lrc(a, b, n1, n2, level=KEYNESS_CONFIDENCE_LEVEL, family=len(where)),
        "lrc_uncorrected": formulas.lrc(a, b, n1, n2, level=KEYNESS_CONFIDENCE_LEVEL),
        "fw_z": formulas.fw_z(a, b, n1, n2, prior=a + b, prior_total=total)}
    return {name: values[where] for name, values in scores.items()}


def empty_keyness(counts: pd.DataFrame, outlet: str | None = None) -> Comparison:
    """The result of `measure_keyness` if there is no other outlet to compare with."""
    numbers = {name: pd.Series(dtype=np.int64 if name.startswith("n_") else np.float64)
               for name in KEYNESS_COLUMNS[1:]}
    table = pd.DataFrame({"term": pd.Series(dtype="str"), **numbers})
    note = "No article has a word that is counted, so there is nothing to compare."
    if len(counts):
        outlet = outlet or str(counts["outlet"].iloc[0])
        note = f"All counted articles are from {outlet}, so there is no other outlet to compare with."
    return Comparison(table, outlet or "", "", (0, 0), judge_support(0, 0), note)


# Minimum detectable difference ---------------------------------------------------------------------

def smallest_contrast(n_target_words: int, n_reference_words: int, n_terms: int, *,
                      alpha: float = 0.05) -> Contrast:
    """The minimum detectable difference: how often a term absent from one text must occur in the other.

    This is a lower bound, as if words were independent: `g2` must reach the critical value of chi-square at alpha
    divided by the number of terms compared (Bonferroni). A number is None if no frequency does.

    Parameters
    ----------
    n_target_words, n_reference_words : sizes of the two
    n_terms : number of terms compared

    >>> smallest_contrast(416, 497, 407).sentence
    'Minimum detectable difference, with 416 and 497 words and 407 terms compared: a term that the other never uses \
must occur 10 times in the first, or 13 times in the second.'
    """
    from scipy.special import chdtri
    limit = float(chdtri(1, alpha / max(n_terms, 1)))
    alone = _smallest_exclusive_count(n_target_words, n_reference_words, limit)
    other = _smallest_exclusive_count(n_reference_words, n_target_words, limit)
    sizes = f"with {n_target_words:,} and {n_reference_words:,} words and {n_terms:,} terms compared"
    if alone is None or other is None:
        return Contrast(limit, alone, other,
                        f"No difference can be detected {sizes}: the texts are too short for any term.")
    return Contrast(limit, alone, other, (
        f"Minimum detectable difference, {sizes}: a term that the other never uses must occur {alone:,} times in the"
        f" first, or {other:,} times in the second."))


def _smallest_exclusive_count(n1: int, n2: int, limit: float) -> int | None:
    """The smallest frequency in a text of n1 words, against 0 in n2 words, whose g2 reaches the limit."""
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
