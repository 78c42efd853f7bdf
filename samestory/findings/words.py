"""The finding about words: whether one sets outlets apart, and the clearest over all comparisons."""

from typing import Any

import pandas as pd

from samestory.counts import count_terms, count_words
from samestory.display import Shown
from samestory.findings.finding import Finding, show_finding
from samestory.keyness import REST, compare_outlets, compare_pair
from samestory.keywords import SURE
from samestory.matrix import build_matrix
from samestory.places import find_places
from samestory.tables import Tables
from samestory.telling import clip, tell_number, tell_ratio, tell_times

TOPIC = "Words that set them apart"
MOST_TESTED = 4  # comparisons of words, those with the clearest differences, that are tested for the front page
CHOICE = ("unit", "fold", "include_headline", "include_quoted")


def find_keywords(tables: Tables, parameters: dict[str, Any]) -> Finding:
    """Whether a word sets outlets apart, and the clearest one over all comparisons."""
    choice = {name: parameters[name] for name in CHOICE if name in parameters}
    counts = count_terms(tables.folder, outlets=list(tables.outlets) or None, **choice)
    wanted = {name: parameters.get(name) or None for name in ("target", "reference")}
    pairs = compare_outlets(counts, **wanted)
    matrix = build_matrix(counts) if pairs else None
    options = {name: parameters[name] for name in ("min_count", "stop_words") if name in parameters}
    compared = [compare_pair(matrix, pair, n_permutations=0, **options) for pair in pairs]
    compared = sorted((table for table in map(_keep_more, compared) if len(table)), key=_rank_clearest)
    if not compared:
        return Finding(TOPIC, "There is no other outlet to compare words with, or no word is frequent enough to"
                       " compare.", "02_keywords", "What can be said from so many articles")
    tested = [table.attrs for table in compared if table.attrs["support"] != "describe"][:MOST_TESTED]
    pairs_tested = [pair for attrs in tested for pair in pairs if _is_of(pair, attrs)]
    sure = [_keep_sure(_keep_more(compare_pair(matrix, pair, **options))) for pair in pairs_tested]
    sure = sorted((table for table in sure if len(table)), key=_rank_clearest)
    chosen = (sure or compared)[0]
    text = (f"{_tell_support(chosen, n_sure=len(chosen) if sure else 0, tested=tested, n_pairs=len(pairs))}"
            f" {'First' if sure else 'Clearest'}: {_tell_word(chosen, count_words(counts).set_index('outlet')['n'])}")
    section = "The words that set them apart" if len(pairs) == 1 else "All outlets side by side"
    return Finding(TOPIC, text, "02_keywords", section, _show_word(tables, chosen, choice))


def _is_of(pair: tuple[str, str | None], attrs: dict[str, Any]) -> bool:
    return (pair[0], pair[1] or REST) == (attrs["target"], attrs["reference"])


def _keep_more(table: pd.DataFrame) -> pd.DataFrame:
    """Without the terms of the rest of the outlets, which is no outlet."""
    return table[table["log_ratio"] > 0] if table.attrs["reference"] == REST else table


def _keep_sure(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["q_bh"] <= SURE]


def _rank_clearest(table: pd.DataFrame) -> tuple:
    """A comparison by its first term: the surest and largest difference comes first."""
    first = table.iloc[0]
    nearest = first["low"] if first["log_ratio"] >= 0 else -first["high"]
    return -abs(first["lrc"]), -nearest, -abs(first["log_ratio"]), table.attrs["target"]


def _tell_support(table: pd.DataFrame, *, n_sure: int, tested: list[dict], n_pairs: int) -> str:
    target, reference = (clip(table.attrs[side]) for side in ("target", "reference"))
    if n_sure:
        few = " (few articles stand behind the test)" if table.attrs["support"] == "few" else ""
        among = f"Of {n_pairs:,} comparisons the clearest: " if n_pairs > 1 else ""
        return (f"{among}{tell_number(n_sure, 'word')} set{'s' * (n_sure == 1)} {target} apart from {reference} beyond"
                f" what articles differ anyway{few}.")
    apart = f"{target} and {reference}" if n_pairs == 1 else "an outlet and the others"
    if not tested:
        return f"Too few articles to say that a word sets {apart} apart."
    among = (f" in the {len(tested)} clearest of {n_pairs} comparisons" if len(tested) > 1
             else " in the one comparison that has articles enough" if n_pairs > 1 else "")
    return f"No word sets {apart} apart beyond what articles differ anyway{among}."


def _tell_word(table: pd.DataFrame, sizes: pd.Series) -> str:
    """The first term of a comparison: how often on each side, and how many times as often."""
    row, sides = table.iloc[0], {name: table.attrs[name] for name in ("target", "reference")}
    words = {"target": int(sizes[sides["target"]])}
    words["reference"] = int(sizes.sum() if sides["reference"] == REST else sizes[sides["reference"]])
    words["reference"] -= words["target"] * (sides["reference"] == REST)
    more, less = ("target", "reference") if row["log_ratio"] > 0 else ("reference", "target")
    limits = (row["low"], row["high"]) if more == "target" else (-row["high"], -row["low"])
    there = f"{int(row[f'n_{less}']):,}" if row[f"n_{less}"] else "never"
    return (f"“{clip(row['term'])}”, {tell_times(int(row[f'n_{more}']))} in {clip(sides[more])}'s"
            f" {words[more]:,} words, {there} in the {words[less]:,} of {clip(sides[less])}"
            f" ({tell_ratio(abs(row['log_ratio']), *limits)}, within these texts).")


def _show_word(tables: Tables, table: pd.DataFrame, choice: dict[str, Any]) -> Shown:
    term, reference = table["term"].iloc[0], table.attrs["reference"]
    places = find_places(tables.folder, [term], outlets=list(tables.outlets) or None, **choice)
    first = (places["outlet"] != table.attrs["target"]).rename("later")
    if reference != REST:
        places = places[places["outlet"].isin([table.attrs["target"], reference])]
    rows = places.assign(later=first).groupby(["later", "outlet"]).size().rename("n").reset_index()
    rows = rows.sort_values(["later", "n", "outlet"], ascending=[True, False, True])
    caption = f"Where “{clip(term)}” stands: the first sentences of each outlet"
    return show_finding(tables, places, rows, ["outlet"], caption)
