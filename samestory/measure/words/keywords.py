"""The keyword page's view of the measures: the comparison to draw, the top terms of each, and their sentences."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from samestory.count.positions import find_places
from samestory.count.terms import CountOptions
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE, MIN_TEST_ARTICLES, judge_support
from samestory.measure.words.cautions import collect_warnings
from samestory.measure.words.framing import mark_within
from samestory.measure.words.keyness import (
    KEYNESS_EVENT_COLUMNS,
    KEYNESS_TEST_COLUMNS,
    REST_OF_OUTLETS,
    Comparison,
    Comparisons,
)
from samestory.measure.words.strata import mark_one_event
from samestory.tables.tables import Tables

KEYWORD_COLUMNS = ["term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "log_ratio", "low", "high",
                   "n_articles_target", "n_articles_reference"]
MAX_SUPPORT_SENTENCES = 3
MAX_NAME_CHECKED_TERMS = 300  # terms, the surest first
EACH_OUTLET_NAME = "each outlet"  # target of several comparisons
MISSING_REFERENCE_NAME = "another outlet"  # if there is none


def pick_comparison(keyness: Comparisons, counts: pd.DataFrame) -> Comparison:
    """The first comparison of `measure_outlets`: the only one if there are two outlets.

    Its table has one row per term, in the order of `measure_keyness`; if there are tests, the terms with a false
    discovery rate of .05 or less come first. Columns: the ones of `measure_keyness` that a reader needs.

    Parameters
    ----------
    keyness : the result of `measure_outlets`
    counts : the counts that it was measured from
    """
    target, reference = _name_comparison(keyness.table, counts)
    chosen = keyness.table[(keyness.table["target"] == target) & (keyness.table["reference"] == reference)]
    columns = KEYWORD_COLUMNS + [name for name in (*KEYNESS_EVENT_COLUMNS, *KEYNESS_TEST_COLUMNS)
                                 if name in chosen and chosen[name].notna().any()]
    table = _put_significant_first(chosen)[columns].reset_index(drop=True)
    is_target = counts["outlet"] == target
    is_reference = counts["outlet"] == reference if reference in set(counts["outlet"]) else ~is_target
    sizes = int(counts.loc[is_target, "n"].sum()), int(counts.loc[is_reference, "n"].sum())
    n_articles = (counts.loc[side, "article_id"].nunique() for side in (is_target, is_reference))
    support = judge_support(*n_articles)
    if keyness.supports and keyness.supports[0].n_events:
        support = keyness.supports[0]
    return Comparison(table, target, reference, sizes, support, keyness.note)


def choose_pair(keyness: Comparisons, counts: pd.DataFrame) -> Comparison:
    """The comparison that the reader chose, or the only one; without terms if each outlet is compared with the rest.

    Parameters
    ----------
    keyness, counts : as for `pick_comparison`
    """
    first = pick_comparison(keyness, counts)
    if keyness.table["target"].nunique() < 2:
        return first
    return replace(first, table=first.table.head(0), target=EACH_OUTLET_NAME, reference=REST_OF_OUTLETS)


def head_by_outlet(comparison: Comparison) -> pd.DataFrame:
    """The table of a comparison with the outlets' names in place of target and reference.

    Parameters
    ----------
    comparison : the result of `pick_comparison` or `choose_pair`
    """
    heads: dict[str, str] = {}
    for side in ("target", "reference"):
        name = getattr(comparison, side)
        heads |= {f"n_{side}": name, f"per_1k_{side}": f"per 1,000, {name}", f"n_articles_{side}": f"articles, {name}"}
    return comparison.table.rename(columns=heads)


def leave_out_names(tables: Tables, comparison: Comparison, **choice: Any) -> Comparison:
    """A comparison without the terms that are names more often than not; of many terms, the first 300 are kept.

    Parameters
    ----------
    tables : a corpus's tables
    comparison : the result of `pick_comparison` or `choose_pair`
    choice : that of the counts, see `CountOptions`
    """
    table = comparison.table.head(MAX_NAME_CHECKED_TERMS)
    kept = drop_name_terms(tables, list(table["term"]), top_n=len(table), **choice)
    return replace(comparison, table=table[table["term"].isin(kept)].reset_index(drop=True))


def drop_name_terms(tables: Tables, terms: Sequence[str], *, top_n: int, **choice: Any) -> list[str]:
    """The first `top_n` of the terms that are not names more often than not.

    Parameters
    ----------
    tables, choice : as for `leave_out_names`
    terms : in order
    top_n : terms kept
    """
    if not len(terms):
        return []
    places = find_places(tables.folder, terms, outlets=list(tables.outlets) or None, **choice)
    is_name = mark_within(places, tables.mentions).groupby(places["term"]).mean() > 0.5
    return [term for term in terms if not is_name.get(term, False)][:top_n]


def _name_comparison(keyness: pd.DataFrame, counts: pd.DataFrame) -> tuple[str, str]:
    """Target and reference of the first comparison, or placeholder names if there is none."""
    if len(keyness):
        return keyness["target"].iloc[0], keyness["reference"].iloc[0]
    outlets = sorted(counts["outlet"].unique())
    if len(outlets) == 2:
        return outlets[0], outlets[1]
    return (outlets[0], MISSING_REFERENCE_NAME) if len(outlets) == 1 else (EACH_OUTLET_NAME, REST_OF_OUTLETS)


def _put_significant_first(keyness: pd.DataFrame) -> pd.DataFrame:
    """The rows with a false discovery rate of .05 or less, the others, and words of one event; each in their order."""
    is_significant, of_one_event = _mark_significant(keyness), mark_one_event(keyness)
    return pd.concat([keyness[is_significant], keyness[~is_significant & ~of_one_event], keyness[of_one_event]])


def _mark_significant(keyness: pd.DataFrame) -> pd.Series:
    """Whether the false discovery rate of each row is .05 or less; never without tests, or for a word of one event."""
    if "q_bh" not in keyness:
        return pd.Series(False, index=keyness.index)
    return (keyness["q_bh"] <= MAX_FALSE_DISCOVERY_RATE) & ~mark_one_event(keyness)


def tell_support(keyness: Comparisons) -> str:
    """How much the comparisons can support: the sentence of each, or how many of each kind there are.

    Parameters
    ----------
    keyness : the result of `measure_outlets`
    """
    sentences, table = keyness.sentences, keyness.table
    if len(sentences) <= MAX_SUPPORT_SENTENCES:
        return " ".join(dict.fromkeys(sentences))
    tested = table.groupby("target")["p"].any() if "p" in table else pd.Series(dtype=bool)
    described = sorted(set(table["target"]) - set(tested[tested].index))
    return (f"{len(sentences)} outlets are compared with the rest. For {len(sentences) - len(described)} of them a test"
            f" is possible; the others have too few articles, so that their differences are described only"
            f"{': ' + ', '.join(described) if described else ''}.")


def tell_difference(comparison: Comparison) -> str:
    """Whether a word difference can be supported, in one plain sentence.

    Parameters
    ----------
    comparison : the result of `pick_comparison`
    """
    table, target, reference = comparison.table, comparison.target, comparison.reference
    if target == EACH_OUTLET_NAME:
        return "Each outlet is compared with all the others; the parameters target and reference choose two of them."
    if table.empty and reference == MISSING_REFERENCE_NAME:
        return "Without another outlet, no difference in words can be found."
    if table.empty:
        return f"No term is frequent enough to compare {target} with {reference}."
    if "q_bh" not in table:
        return (f"So few articles support no difference in words between {target} and {reference}: what follows"
                " describes these texts.")
    n = int(_mark_significant(table).sum())
    tested = (f"(permutation test over articles{' within their event' if comparison.support.n_events else ''}; false"
              " discovery rate .05)")
    if not n:
        return (f"No term of {len(table):,} sets {target} and {reference} apart beyond what articles differ anyway"
                f" {tested}, however clear some look word by word.")
    return (f"{n:,} of {len(table):,} terms set{'s' * (n == 1)} {target} and {reference} apart beyond what articles"
            f" differ anyway {tested}.")


def list_cautions(tables: Tables, comparison: Comparison, counts: pd.DataFrame, *, top_n: int = 15,
                  unit: str = "word", fold: bool = True, include_headline: bool = True, include_quoted: bool = True,
                  outlets: Sequence[str] | None = None, article_ids: Sequence[str] | None = None,
                  only: str = "") -> pd.DataFrame:
    """Reasons other than the outlets' coverage for the top words of a comparison.

    One row per warning: term (empty if it is about the whole comparison), severity, text.

    Parameters
    ----------
    tables : a corpus's tables
    comparison : the result of `pick_comparison`
    counts : the counts that it was measured from
    top_n : words to check
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : as for the counts, see `CountOptions`
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    keyness = comparison.table.assign(target=comparison.target, reference=comparison.reference)
    warnings = collect_warnings(tables.folder, keyness, counts, choice, top_n=top_n)
    warnings = warnings[warnings["code"] != "few_texts"]  # `tell_support` reports this
    return warnings[["term", "severity", "text"]].reset_index(drop=True)


def count_bands(table: pd.DataFrame) -> pd.DataFrame:
    """The number of terms by frequency, and how many of them differ.

    One row per band of total occurrences in both sides. Columns: occurrences, n_terms, n_apart (whose interval
    excludes "equally often"); n_sure if there are tests (with a false discovery rate of .05 or less).

    Parameters
    ----------
    table : the table of the result of `pick_comparison`
    """
    total = table["n_target"] + table["n_reference"]
    apart = (table["low"] > 0) | (table["high"] < 0)
    counted = {"n_terms": total > 0,
               "n_apart": apart} | ({"n_sure": table["q_bh"] <= MAX_FALSE_DISCOVERY_RATE} if "q_bh" in table else {})
    bands = [(1, 9), (10, 29), (30, 99), (100, 299), (300, 999), (1000, math.inf)]
    rows = [{"occurrences": f"{low:,} to {high:,}" if high < math.inf else f"{low:,} and more",
             **{name: int((values & total.between(low, high)).sum()) for name, values in counted.items()}}
            for low, high in bands]
    found = pd.DataFrame(rows)
    return found[found["n_terms"] > 0].reset_index(drop=True)


def list_own_terms(keyness: pd.DataFrame, *, top_n: int = 2) -> pd.DataFrame:
    """The top terms that each outlet uses more than those it is compared with.

    One row per term and outlet, in alphabetical order of outlets. Columns: outlet, compared_with, term, n_here,
    n_there; if there are tests, is_sure: whether the false discovery rate is .05 or less (such terms come first); and
    if outlets are compared within events, in_one_event: whether it is a word of one event (such terms come last).

    Parameters
    ----------
    keyness : the table of `measure_outlets`
    top_n : terms of each outlet
    """
    there = {"target": "reference", "reference": "target", "n_target": "n_reference", "n_reference": "n_target"}
    keyness = _put_significant_first(keyness)
    sides = [keyness[keyness["log_ratio"] > 0]]
    if keyness["target"].nunique() == 1:  # the reference is then a side of its own
        sides.append(keyness[keyness["log_ratio"] < 0].rename(columns=there))
    own = pd.concat([side.groupby("target", sort=False).head(top_n) for side in sides])
    own = own.sort_values("target", kind="stable", ignore_index=True)
    if "q_bh" in own:
        own["is_sure"] = _mark_significant(own)
    own["in_one_event"] = mark_one_event(own)
    names = {"target": "outlet", "reference": "compared_with", "term": "term", "n_target": "n_here",
             "n_reference": "n_there", "is_sure": "is_sure",
             **({"in_one_event": "in_one_event"} if "one_event" in own else {})}
    return own[[name for name in names if name in own]].rename(columns=names)


def list_top_terms(keyness: pd.DataFrame, *, top_n: int = 10) -> pd.DataFrame:
    """The terms that each outlet uses more than those it is compared with, the surest first.

    One row per outlet. Columns: outlet, compared_with, terms (each with its count here and there); and, if there are
    tests, n_sure: how many terms, of those shown, have a false discovery rate of .05 or less.

    Parameters
    ----------
    keyness : the table of `measure_outlets`
    top_n : terms of each outlet
    """
    own = list_own_terms(keyness, top_n=top_n)
    own["terms"] = own["term"] + " " + own["n_here"].astype(str) + ":" + own["n_there"].astype(str)
    if "in_one_event" in own:
        own["terms"] += np.where(own["in_one_event"], " (one event)", "")
    table = own.groupby(["outlet", "compared_with"], as_index=False)["terms"].agg(", ".join)
    if "is_sure" in own:
        table["n_sure"] = own.groupby(["outlet", "compared_with"])["is_sure"].sum().to_numpy()
    return table


def list_top_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each outlet's word pairs, with how often they occur together.

    One row per outlet. Columns: outlet, pairs.

    Parameters
    ----------
    pairs : the result of `collocate`
    """
    said = pairs["term_a"] + " " + pairs["term_b"] + " " + pairs["n"].astype(str)
    return pairs.assign(pairs=said).groupby("outlet", as_index=False)["pairs"].agg(", ".join)


def list_sides(comparison: Comparison, *, top_n: int = 15) -> pd.DataFrame:
    """The top terms of a comparison by side: the rows for which sentences are shown.

    One row per term and side that uses it. Columns: term, side, n, n_articles.

    Parameters
    ----------
    comparison : the result of `pick_comparison`
    top_n : terms
    """
    table = comparison.table
    sides = [pd.DataFrame({"term": table["term"], "side": name, "n": table[f"n_{side}"],
                           "n_articles": table[f"n_articles_{side}"]}).head(top_n)
             for side, name in (("target", comparison.target), ("reference", comparison.reference))]
    rows = pd.concat(sides).sort_index(kind="stable")
    return rows[rows["n"] > 0].reset_index(drop=True)


def name_sides(places: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """The occurrences on a comparison's two sides, with a column `side`.

    Parameters
    ----------
    places : one row per place, with its outlet: the result of `find_places`
    comparison : the result of `pick_comparison`; a reference that is not an outlet means all the others
    """
    target, reference = comparison.target, comparison.reference
    if reference in set(places["outlet"]):
        places = places[places["outlet"].isin([target, reference])]
    return places.assign(side=places["outlet"].where(places["outlet"] == target, reference))


def choose_rate_terms(keyness: pd.DataFrame, *, top_n: int = 15, least_comparisons: int = 1) -> list[str]:
    """The terms that set outlets apart from those they are compared with: each outlet's surest, in turn.

    Parameters
    ----------
    keyness : the table of `measure_outlets`
    top_n : terms
    least_comparisons : comparisons without which there are no terms
    """
    if keyness["target"].nunique() < least_comparisons:
        return []
    more = keyness[keyness["log_ratio"] > 0] if keyness["target"].nunique() > 1 else keyness
    ranked = _put_significant_first(more)
    ranked = ranked.assign(rank=~_mark_significant(ranked), turn=ranked.groupby("target").cumcount(),
                           size=-ranked["lrc"].abs())
    return list(dict.fromkeys(ranked.sort_values(["rank", "turn", "size", "term"])["term"]))[:top_n]


def count_rates(counts: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """How often each outlet uses the terms.

    One row per term and outlet, even where it is never used, in the order of the terms, then of the outlets.

    Returns
    -------
    term, outlet, n, per_1k (per 1,000 of the outlet's words), n_articles (that have it), of_articles, n_words.
    """
    sizes = counts.groupby("outlet").agg(of_articles=("article_id", "nunique"), n_words=("n", "sum"))
    grid = pd.MultiIndex.from_product([list(terms), sizes.index], names=["term", "outlet"])
    found = counts[counts["term"].isin(terms)].groupby(["term", "outlet"]).agg(
        n=("n", "sum"), n_articles=("article_id", "nunique"))
    rates = found.reindex(grid, fill_value=0).reset_index().merge(sizes.reset_index(), on="outlet")
    rates["per_1k"] = 1000 * rates["n"] / rates["n_words"]
    return rates[["term", "outlet", "n", "per_1k", "n_articles", "of_articles", "n_words"]]


def cross_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """The rates of `count_rates` with one row per term and one column per outlet: times per 1,000 words."""
    crossed = rates.pivot_table(index="term", columns="outlet", values="per_1k", aggfunc="sum", observed=True)
    return crossed.reindex(list(dict.fromkeys(rates["term"]))).rename_axis(columns=None).reset_index()


def summarize_style(measured: pd.DataFrame) -> pd.DataFrame:
    """How varied and how hard to read an outlet's articles are: the median, and the range of the middle half.

    One row per outlet.

    Parameters
    ----------
    measured : the result of `measure_style`

    Returns
    -------
    outlet, n_articles, and the medians n_words, words_a_sentence, mattr (different words among any 50 in a row),
    flesch (easier is higher), flesch_kincaid (years of school); middle_half of flesch_kincaid, if there are five
    articles or more.
    """
    measured = measured.assign(words_a_sentence=measured["n_words"] / measured["n_sentences"])
    groups = measured.groupby("outlet")
    names = ["n_words", "words_a_sentence", "mattr", "flesch", "flesch_kincaid"]
    table = groups[names].median().round({"n_words": 0, "words_a_sentence": 1, "mattr": 2, "flesch": 0,
                                          "flesch_kincaid": 1})
    table.insert(0, "n_articles", groups.size())
    table["middle_half"] = groups["flesch_kincaid"].agg(_format_middle_half)
    return table.reset_index()


def _format_middle_half(values: pd.Series) -> str:
    if len(values) < MIN_TEST_ARTICLES:
        return ""
    return f"{values.quantile(0.25):.1f} to {values.quantile(0.75):.1f}"
