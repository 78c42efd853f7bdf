"""What the keyword page shows of the measures: one comparison to draw, the top of each, evidence."""

import math
from collections.abc import Sequence

import pandas as pd

from samestory.measure.support import MIN_TEST_ARTICLES
from samestory.measure.words.cautions import list_warnings
from samestory.measure.words.keyness import smallest_contrast
from samestory.tables.tables import Tables

KEYWORD_COLUMNS = ["term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "log_ratio", "low", "high",
                   "n_articles_target", "n_articles_reference"]
MAX_SUPPORT_SENTENCES = 3
MISSING_REFERENCE_NAME = "another outlet"  # where there is none
MAX_SIGNIFICANT_TERM_Q = 0.05  # the largest q of a term that is shown as sure
KEYWORD_TEST_COLUMNS = ["p", "q_bh", "p_max_t"]


def pick_comparison(keyness: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """The first comparison of `measure_outlets`: all there is with two outlets.

    One row is a term, in the order of `measure_keyness`; where there are tests, those with a q of .05 or less come
    first. Columns: those of `measure_keyness` that a reader needs. `attrs` holds target,
    reference and `contrast`, the smallest contrast that could have been found, as a sentence.
    """
    target, reference = _name_comparison(keyness, counts)
    chosen = keyness[(keyness["target"] == target) & (keyness["reference"] == reference)]
    columns = KEYWORD_COLUMNS + [name for name in KEYWORD_TEST_COLUMNS if name in chosen and chosen[name].notna().any()]
    table = _put_significant_first(chosen)[columns].reset_index(drop=True)
    words = counts.groupby(counts["outlet"] == target)["n"].sum()
    contrast = "No term is compared, so no difference could have been found."
    if len(table):
        contrast = smallest_contrast(int(words.get(True, 0)), int(words.get(False, 0)), len(table)).sentence
    table.attrs = {"target": target, "reference": reference, "contrast": contrast}
    return table


def _name_comparison(keyness: pd.DataFrame, counts: pd.DataFrame) -> tuple[str, str]:
    """Target and reference of the first comparison, or what stands for them where there is none."""
    if len(keyness):
        return keyness["target"].iloc[0], keyness["reference"].iloc[0]
    outlets = sorted(counts["outlet"].unique())
    if len(outlets) == 2:
        return outlets[0], outlets[1]
    return (outlets[0], MISSING_REFERENCE_NAME) if len(outlets) == 1 else ("each outlet", "the rest")


def _put_significant_first(keyness: pd.DataFrame) -> pd.DataFrame:
    """The rows with a q of .05 or less, then the others; each in their order."""
    is_sure = keyness["q_bh"] <= MAX_SIGNIFICANT_TERM_Q if "q_bh" in keyness else pd.Series(False, index=keyness.index)
    return pd.concat([keyness[is_sure], keyness[~is_sure]])


def tell_support(keyness: pd.DataFrame) -> str:
    """What the comparisons can support: the sentence of each, or how many of each kind there are."""
    sentences = keyness.attrs["sentences"]
    if len(sentences) <= MAX_SUPPORT_SENTENCES:
        return " ".join(dict.fromkeys(sentences))
    tested = keyness.groupby("target")["p"].any() if "p" in keyness else pd.Series(dtype=bool)
    described = sorted(set(keyness["target"]) - set(tested[tested].index))
    return (f"{len(sentences)} outlets are compared with the rest. For {len(sentences) - len(described)} of them a test"
            f" is possible; the others have too few articles, so that their differences are described only"
            f"{': ' + ', '.join(described) if described else ''}.")


def tell_difference(table: pd.DataFrame) -> str:
    """Whether a word difference can be supported, in one plain sentence.

    Parameters
    ----------
    table : what `pick_comparison` returned
    """
    target, reference = table.attrs["target"], table.attrs["reference"]
    if table.empty and reference == MISSING_REFERENCE_NAME:
        return "Without another outlet no word difference can be told."
    if table.empty:
        return f"No term is frequent enough to compare {target} with {reference}."
    if "q_bh" not in table:
        return (f"No word difference between {target} and {reference} can be supported by so few articles. What follows"
                " tells how these texts differ, and the sentences that this rests on.")
    n = int((table["q_bh"] <= MAX_SIGNIFICANT_TERM_Q).sum())
    if not n:
        return (f"No term of {len(table):,} sets {target} and {reference} apart beyond what articles differ anyway"
                " (q of .05 or less, articles divided anew), however clear some look word by word.")
    return (f"{n:,} of {len(table):,} terms set{'s' * (n == 1)} {target} and {reference} apart beyond what articles"
            " differ anyway (q of .05 or less, articles divided anew).")


def list_cautions(tables: Tables, table: pd.DataFrame, counts: pd.DataFrame, *, top_n: int = 15,
                  **choice: object) -> pd.DataFrame:
    """What stands behind the first words of a comparison besides a difference in telling.

    One row is a warning: term (empty where it is of the whole comparison), severity, text.

    Parameters
    ----------
    tables : a corpus's tables
    table : what `pick_comparison` returned
    counts : what it was measured from
    top_n, choice : as in `list_warnings`
    """
    keyness = table.assign(target=table.attrs["target"], reference=table.attrs["reference"])
    warnings = list_warnings(tables.folder, keyness, counts, top_n=top_n, **choice)
    warnings = warnings[warnings["code"] != "few_texts"]  # `tell_support` has said it
    return warnings[["term", "severity", "text"]].reset_index(drop=True)


def count_bands(table: pd.DataFrame) -> pd.DataFrame:
    """How many terms there are by frequency, and how many of them differ.

    One row is a band of occurrences in both sides together. Columns: occurrences, n_terms, n_apart (whose interval
    leaves out "as often"); n_sure where there are tests (with a q of .05 or less).

    Parameters
    ----------
    table : what `pick_comparison` returned
    """
    total = table["n_target"] + table["n_reference"]
    apart = (table["low"] > 0) | (table["high"] < 0)
    counted = {"n_terms": total > 0,
               "n_apart": apart} | ({"n_sure": table["q_bh"] <= MAX_SIGNIFICANT_TERM_Q} if "q_bh" in table else {})
    bands = [(1, 9), (10, 29), (30, 99), (100, 299), (300, 999), (1000, math.inf)]
    rows = [{"occurrences": f"{low:,} to {high:,}" if high < math.inf else f"{low:,} and more",
             **{name: int((values & total.between(low, high)).sum()) for name, values in counted.items()}}
            for low, high in bands]
    found = pd.DataFrame(rows)
    return found[found["n_terms"] > 0].reset_index(drop=True)


def list_own_terms(keyness: pd.DataFrame, *, top_n: int = 2) -> pd.DataFrame:
    """The first terms that each outlet uses more than those it is compared with.

    One row is a term of an outlet, in alphabetical order of outlets. Columns: outlet, compared_with, term, n_here,
    n_there; and is_sure where there are tests: whether q is .05 or less, those terms coming first.
    """
    there = {"target": "reference", "reference": "target", "n_target": "n_reference", "n_reference": "n_target"}
    keyness = _put_significant_first(keyness)
    sides = [keyness[keyness["log_ratio"] > 0]]
    if keyness["target"].nunique() == 1:  # then the reference is a side of its own
        sides.append(keyness[keyness["log_ratio"] < 0].rename(columns=there))
    own = pd.concat([side.groupby("target", sort=False).head(top_n) for side in sides])
    own = own.sort_values("target", kind="stable", ignore_index=True)
    if "q_bh" in own:
        own["is_sure"] = own["q_bh"] <= MAX_SIGNIFICANT_TERM_Q
    names = {"target": "outlet", "reference": "compared_with", "term": "term", "n_target": "n_here",
             "n_reference": "n_there", "is_sure": "is_sure"}
    return own[[name for name in names if name in own]].rename(columns=names)


def list_top_terms(keyness: pd.DataFrame, *, top_n: int = 10) -> pd.DataFrame:
    """The terms that each outlet uses more than those it is compared with, the surest first.

    One row is an outlet. Columns: outlet, compared_with, terms (each with its count here and there); n_sure where
    there are tests: how many terms, of those shown, have a q of .05 or less.
    """
    own = list_own_terms(keyness, top_n=top_n)
    own["terms"] = own["term"] + " " + own["n_here"].astype(str) + ":" + own["n_there"].astype(str)
    table = own.groupby(["outlet", "compared_with"], as_index=False)["terms"].agg(", ".join)
    if "is_sure" in own:
        table["n_sure"] = own.groupby(["outlet", "compared_with"])["is_sure"].sum().to_numpy()
    return table


def list_top_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs of words of each outlet, with how often they stand together.

    One row is an outlet. Columns: outlet, pairs.

    Parameters
    ----------
    pairs : what `collocate` returned
    """
    said = pairs["term_a"] + " " + pairs["term_b"] + " " + pairs["n"].astype(str)
    return pairs.assign(pairs=said).groupby("outlet", as_index=False)["pairs"].agg(", ".join)


def list_sides(table: pd.DataFrame, *, top_n: int = 15) -> pd.DataFrame:
    """The first terms of a comparison by side: the rows that sentences are shown for.

    One row is a term on a side that uses it. Columns: term, side, n, n_articles.
    """
    sides = [pd.DataFrame({"term": table["term"], "side": table.attrs[side], "n": table[f"n_{side}"],
                           "n_articles": table[f"n_articles_{side}"]}).head(top_n) for side in ("target", "reference")]
    rows = pd.concat(sides).sort_index(kind="stable")
    return rows[rows["n"] > 0].reset_index(drop=True)


def name_sides(places: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The places of a comparison's two sides, with a column `side`.

    Parameters
    ----------
    places : one row a place, with its outlet, as `find_places` returns them
    table : what `pick_comparison` returned; a reference that is no outlet means all the others
    """
    target, reference = table.attrs["target"], table.attrs["reference"]
    if reference in set(places["outlet"]):
        places = places[places["outlet"].isin([target, reference])]
    return places.assign(side=places["outlet"].where(places["outlet"] == target, reference))


def choose_rate_terms(keyness: pd.DataFrame, *, top_n: int = 15) -> list[str]:
    """The terms that set outlets apart from those they are compared with: of each outlet its surest, in turn.

    Parameters
    ----------
    keyness : what `measure_outlets` returned
    """
    more = keyness[keyness["log_ratio"] > 0] if keyness["target"].nunique() > 1 else keyness
    ranked = _put_significant_first(more)
    is_sure = ranked["q_bh"] <= MAX_SIGNIFICANT_TERM_Q if "q_bh" in ranked else pd.Series(False, index=ranked.index)
    ranked = ranked.assign(rank=~is_sure, turn=ranked.groupby("target").cumcount(), size=-ranked["lrc"].abs())
    return list(dict.fromkeys(ranked.sort_values(["rank", "turn", "size", "term"])["term"]))[:top_n]


def count_rates(counts: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """How often each outlet uses the terms.

    One row is a term in an outlet, also where it is never used; in the order of the terms, then of outlets.

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
    """The rates of `count_rates` as one row a term and one column an outlet: times per 1,000 words."""
    crossed = rates.pivot_table(index="term", columns="outlet", values="per_1k", aggfunc="sum", observed=True)
    return crossed.reindex(list(dict.fromkeys(rates["term"]))).rename_axis(columns=None).reset_index()


def summarize_style(measured: pd.DataFrame) -> pd.DataFrame:
    """How varied and how hard to read an outlet's articles are: the middle one, and where half of them lie.

    One row is an outlet.

    Parameters
    ----------
    measured : what `measure_style` returned

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
