"""The finding about words: the clearest word that sets outlets apart, where a test supports one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from samestory.base.wording import clip_name, format_quantity, format_ratio, format_times
from samestory.count.positions import find_places
from samestory.count.terms import TERM_CHOICE_PARAMETERS, count_terms
from samestory.findings.finding import Finding, show_finding
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE
from samestory.measure.words.keyness import REST_OF_OUTLETS, Comparison, compare_outlets, compare_pair
from samestory.measure.words.matrix import build_matrix
from samestory.measure.words.strata import mark_one_event
from samestory.show.shown import Shown
from samestory.tables.tables import Tables

KEYWORD_TOPIC = "Words that set them apart"
# word comparisons tested for the front page, those with the clearest differences
MAX_TESTED_COMPARISONS = 4


def find_keywords(tables: Tables, parameters: dict[str, Any]) -> Finding | None:
    """The clearest word that sets outlets apart, if there are enough articles for a test and one passes it."""
    choice = {name: parameters[name] for name in TERM_CHOICE_PARAMETERS if name in parameters}
    counts = count_terms(tables.folder, outlets=list(tables.outlets) or None, **choice)
    pairs = compare_outlets(counts, target=parameters.get("target") or None,
                            reference=parameters.get("reference") or None)
    matrix = build_matrix(counts, tables.event_ids)
    options = {name: parameters[name] for name in ("min_count", "stop_words") if name in parameters}
    measured = [compare_pair(matrix, pair, n_permutations=0, **options) for pair in pairs]
    compared = _sort_clearest(map(_drop_other_outlets, measured))
    testable = [found for found in compared if found.support.tested][:MAX_TESTED_COMPARISONS]
    pairs_tested = [pair for found in testable for pair in pairs if _is_of_pair(found, pair)]
    significant = _sort_clearest(
        _keep_significant_terms(_drop_other_outlets(compare_pair(matrix, pair, **options))) for pair in pairs_tested)
    if not significant:
        return None
    chosen = significant[0]
    text = f"{_describe_support(chosen, n_pairs=len(pairs))} First: {_describe_first_term(chosen)}"
    section = "The words that set them apart" if len(pairs) == 1 else "All outlets side by side"
    return Finding(KEYWORD_TOPIC, text, "02_keywords", section, _show_term_evidence(tables, chosen, choice))


def _is_of_pair(comparison: Comparison, pair: tuple[str, str | None]) -> bool:
    return (pair[0], pair[1] or REST_OF_OUTLETS) == (comparison.target, comparison.reference)


def _drop_other_outlets(comparison: Comparison) -> Comparison:
    """The comparison without the terms of the rest of the outlets, which is not an outlet."""
    if comparison.reference != REST_OF_OUTLETS:
        return comparison
    return replace(comparison, table=comparison.table[comparison.table["log_ratio"] > 0])


def _keep_significant_terms(comparison: Comparison) -> Comparison:
    is_significant = comparison.table["q_bh"] <= MAX_FALSE_DISCOVERY_RATE
    return replace(comparison, table=comparison.table[is_significant & ~mark_one_event(comparison.table)])


def _sort_clearest(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """The comparisons that have any terms, the one with the surest and largest difference first."""
    return sorted((found for found in comparisons if len(found.table)), key=_rank_clearest)


def _rank_clearest(comparison: Comparison) -> tuple[bool, float, float, float, str]:
    first = comparison.table.iloc[0]
    nearest = first["low"] if first["log_ratio"] >= 0 else -first["high"]
    of_one_event = bool(mark_one_event(comparison.table.head(1)).iloc[0])
    return of_one_event, -abs(first["lrc"]), -nearest, -abs(first["log_ratio"]), comparison.target


def _describe_support(comparison: Comparison, *, n_pairs: int) -> str:
    target, reference, n_sure = clip_name(comparison.target), clip_name(comparison.reference), len(comparison.table)
    few = " (the test rests on few articles)" if comparison.support.level == "few" else ""
    among = f"Of {n_pairs:,} comparisons the clearest: " if n_pairs > 1 else ""
    return (f"{among}{format_quantity(n_sure, 'word')} set{'s' * (n_sure == 1)} {target} apart from {reference}"
            f" beyond what articles differ anyway{few}.")


def _describe_first_term(comparison: Comparison) -> str:
    """The first term of a comparison: its counts on both sides, and their ratio."""
    row, sides = comparison.table.iloc[0], {"target": comparison.target, "reference": comparison.reference}
    words = dict(zip(sides, comparison.n_words, strict=True))
    more, less = ("target", "reference") if row["log_ratio"] > 0 else ("reference", "target")
    limits = (row["low"], row["high"]) if more == "target" else (-row["high"], -row["low"])
    there = f"{int(row[f'n_{less}']):,}" if row[f"n_{less}"] else "never"
    return (f"“{clip_name(row['term'])}”, {format_times(int(row[f'n_{more}']))} in {clip_name(sides[more])}'s"
            f" {words[more]:,} words, {there} in the {words[less]:,} of {clip_name(sides[less])}"
            f" ({format_ratio(abs(row['log_ratio']), *limits)}, within these texts{_describe_events(comparison)}).")


def _describe_events(comparison: Comparison) -> str:
    """How many events a comparison is made within, and whether the first term is a word of one of them."""
    n = comparison.support.n_events
    of_one = mark_one_event(comparison.table.head(1)).iloc[0]
    return (f" and the {n:,} events that both report" if n else "") + ("; most of it in one of them" if of_one else "")


def _show_term_evidence(tables: Tables, comparison: Comparison, choice: dict[str, Any]) -> Shown:
    term, target, reference = comparison.table["term"].iloc[0], comparison.target, comparison.reference
    places = find_places(tables.folder, [term], outlets=list(tables.outlets) or None, **choice)
    first = (places["outlet"] != target).rename("later")
    if reference != REST_OF_OUTLETS:
        places = places[places["outlet"].isin([target, reference])]
    rows = places.assign(later=first).groupby(["later", "outlet"]).size().rename("n").reset_index()
    rows = rows.sort_values(["later", "n", "outlet"], ascending=[True, False, True])
    caption = f"Sentences with “{clip_name(term)}”: the first of each outlet"
    return show_finding(tables, places, rows, ["outlet"], caption)
