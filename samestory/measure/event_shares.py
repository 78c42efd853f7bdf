"""Shares within events: which speakers, names or nouns an outlet has more often than others that report the same event.

Over several events, outlets differ in what they report: who speaks most in an outlet may be who speaks most in its
events. So shares are compared within events only, as words are (`measure/words/strata.py`): an outlet against the
others that report the same event, by the Mantel-Haenszel odds ratio, tested by exchanging articles within their event.
An outlet's own name is left out, and what has most of its uses in one event comes last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.wording import format_quantity
from samestory.clean.outlets import known_outlets
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE, Support
from samestory.measure.words.keyness import (
    OUTLET_NAME_WORD_PATTERN,
    REST_OF_OUTLETS,
    Comparison,
    Pair,
    compare_outlets,
    compare_pair,
)
from samestory.measure.words.matrix import build_matrix
from samestory.measure.words.permutation import N_PERMUTATIONS
from samestory.measure.words.strata import mark_one_event
from samestory.tables.tables import Tables

MIN_SHARED_USES = 3  # of a speaker, name or noun on both sides together
KEY_SEPARATOR = "\x1f"  # between the values of two columns
ONE_EVENT_SENTENCE = "All articles report one event: the shares above are compared within it."
NO_PAIR_SENTENCE = "No event is reported by two outlets, so no shares are compared."
SHARE_TEST_COLUMNS = ["p", "q_bh"]


@dataclass(frozen=True)
class EventShares:
    """Shares compared within events: the table of `compare_within_events`, and how much it can support, or why not."""

    table: pd.DataFrame
    sentence: str


def compare_within_events(rows: pd.DataFrame, tables: Tables, *, by: Sequence[str], whole: str = "",
                          min_count: int = MIN_SHARED_USES, n_permutations: int = N_PERMUTATIONS) -> EventShares:
    """What each outlet has more often than the others that report the same events.

    Parameters
    ----------
    rows : one row per statement, mention or phrase: article_id, outlet and the columns `by`; `n` if a row is several
    tables : a corpus's tables
    by : the columns that name a thing, the name that is shown first
    whole : a column: shares are those of the rows with the same value in it; of all rows if empty
    min_count : uses on both sides together that a thing must have
    n_permutations : exchanges of articles drawn for p

    Returns
    -------
    The table has one row per outlet and thing that it has more often, the surest first and those of one event last.
    Columns: outlet, the columns `by`, share and share_elsewhere ("7 of 12", in the events that both sides report),
    odds_ratio with low and high (95 %, as if rows were independent), n_events (that have it), one_event (largest share
    of its uses in one event). If `judge_support` allows: p, and q_bh (false discovery rate among the outlet's). No rows
    for a single event.

    References
    ----------
    See `samestory.measure.words.strata`.
    """
    events = tables.event_ids
    if len(set(events.values())) < 2:
        return EventShares(_empty_shares(by), ONE_EVENT_SENTENCE)
    uses = _count_uses(rows[rows["article_id"].isin(events)], events, by, whole)
    n_outlets = uses.groupby("event")["outlet"].nunique()
    found = [_compare_sides(uses, pair, min_count, n_permutations) for pair in compare_outlets(uses)]
    found = [comparison for comparison in found if comparison.support.n_events]
    if not found:
        return EventShares(_empty_shares(by), NO_PAIR_SENTENCE)
    table = pd.concat([_tabulate_shares(uses, comparison, by) for comparison in found], ignore_index=True)
    order = np.lexsort((-table["nearest"], table["q_bh"].fillna(1), mark_one_event(table)))
    table = table.iloc[order].reset_index(drop=True).drop(columns="nearest")
    is_tested = any(comparison.support.tested for comparison in found)
    sentence = _explain_comparisons([comparison.support for comparison in found], int((n_outlets < 2).sum()))
    return EventShares(table if is_tested else table.drop(columns=SHARE_TEST_COLUMNS), sentence)


def _empty_shares(by: Sequence[str]) -> pd.DataFrame:
    texts = dict.fromkeys(["outlet", *by, "share", "share_elsewhere"], "str")
    numbers = dict.fromkeys(["odds_ratio", "low", "high", "one_event"], "float64")
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in {**texts, **numbers}.items()})


def _count_uses(rows: pd.DataFrame, events: Mapping[str, str], by: Sequence[str], whole: str) -> pd.DataFrame:
    """How often each article has each thing: article, outlet, event, article_id, stratum, whole, unit, term, n.

    `article_id` is what is exchanged within its `stratum`: an article within its event, or an article's rows with one
    value of `whole` within those of its event.
    """
    of_whole = KEY_SEPARATOR + rows[whole].astype("str") if whole else ""
    event = rows["article_id"].map(events)
    term = rows[by[0]].astype("str").str.cat([rows[name].astype("str") for name in by[1:]], sep=KEY_SEPARATOR)
    uses = pd.DataFrame({"article": rows["article_id"], "outlet": rows["outlet"], "event": event,
                         "article_id": rows["article_id"] + of_whole, "stratum": event + of_whole,
                         "whole": rows[whole].astype("str") if whole else "", "unit": "share", "term": term,
                         "n": rows["n"] if "n" in rows else 1})
    return uses.groupby([name for name in uses if name != "n"], as_index=False)["n"].sum()


def _compare_sides(uses: pd.DataFrame, pair: Pair, min_count: int, n_permutations: int) -> Comparison:
    """The comparison of two sides; its support is that of whole articles, whatever part of them is exchanged."""
    whole = uses.assign(article_id=uses["article"], stratum=uses["event"])
    support = _compare_pair_within(whole, pair, 1, 0).support
    found = _compare_pair_within(uses, pair, min_count, n_permutations if support.tested else 0)
    return replace(found, support=support)


def _compare_pair_within(uses: pd.DataFrame, pair: Pair, min_count: int, n_permutations: int) -> Comparison:
    strata = dict(zip(uses["article_id"], uses["stratum"], strict=True))
    return compare_pair(build_matrix(uses, strata), pair, min_count=min_count, stop_words=True,
                        n_permutations=n_permutations)


def _tabulate_shares(uses: pd.DataFrame, comparison: Comparison, by: Sequence[str]) -> pd.DataFrame:
    """A row for each thing that an outlet has more often; the rest of the outlets is none."""
    table = comparison.table[comparison.table["log_ratio"].abs() > 0]
    if comparison.reference == REST_OF_OUTLETS:
        table = table[table["log_ratio"] > 0]
    is_target = (table["log_ratio"] > 0).to_numpy()
    low, high = (np.where(is_target, table[one], -table[other]) for one, other in (("low", "high"), ("high", "low")))
    shares = {side: _format_event_shares(uses, comparison, table, side) for side in ("target", "reference")}
    found = pd.DataFrame({
        "outlet": np.where(is_target, comparison.target, comparison.reference),
        **{name: table["term"].str.split(KEY_SEPARATOR).str[place].to_numpy() for place, name in enumerate(by)},
        "share": np.where(is_target, shares["target"], shares["reference"]),
        "share_elsewhere": np.where(is_target, shares["reference"], shares["target"]),
        "odds_ratio": 2.0 ** table["log_ratio"].abs().to_numpy(), "low": 2.0 ** low, "high": 2.0 ** high,
        "n_events": table["n_events"].to_numpy(), "one_event": table["one_event"].to_numpy(), "nearest": low,
        **{name: table[name].to_numpy() if name in table else np.nan for name in SHARE_TEST_COLUMNS}})
    return drop_own_names(found.astype({"outlet": "str"}), by[0])


def _format_event_shares(uses: pd.DataFrame, comparison: Comparison, table: pd.DataFrame, side: str) -> list[str]:
    """`7 of 12` for each thing: its uses on a side, and those it is a share of, in events that both sides report."""
    is_target = uses["outlet"] == comparison.target
    is_other = ~is_target if comparison.reference == REST_OF_OUTLETS else uses["outlet"] == comparison.reference
    shared = set(uses["stratum"][is_target]) & set(uses["stratum"][is_other])
    chosen = uses[(is_target if side == "target" else is_other) & uses["stratum"].isin(shared)]
    totals = chosen.groupby("whole")["n"].sum()
    whole_of = uses.drop_duplicates("term").set_index("term")["whole"]
    return [f"{n:,} of {int(totals.get(whole_of[term], 0)):,}"
            for n, term in zip(table[f"n_{side}"], table["term"], strict=True)]


def _explain_comparisons(supports: Sequence[Support], n_left_out: int) -> str:
    """What one comparison can support; for several, within how many events, and how many are tested."""
    if len(supports) == 1:
        return supports[0].sentence
    sizes = sorted(support.n_events for support in supports)
    tested = sum(support.tested for support in supports)
    left = f" {format_quantity(n_left_out, 'event')} that one outlet alone reports left out." if n_left_out else ""
    return (f"Each of {len(supports):,} outlets is compared with the others within the events that it shares with them"
            f" ({sizes[0]:,} to {sizes[-1]:,}); for {tested:,} of them there are enough events for a test.{left}")


def choose_first_apart(found: EventShares) -> Any:
    """The first row that a test supports and that is not of one event, as a named tuple; None if there is none."""
    if "q_bh" not in found.table:
        return None
    sure = found.table[(found.table["q_bh"] <= MAX_FALSE_DISCOVERY_RATE) & ~mark_one_event(found.table)]
    return next(sure.itertuples(), None)


def drop_own_names(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows whose value of the column `name` is not a name of the row's own outlet."""
    own = {outlet: {word.casefold() for word in OUTLET_NAME_WORD_PATTERN.findall(outlet)}
           for outlet in rows["outlet"].unique()}
    is_own = [known_outlets().name(value) == outlet or own[outlet].issuperset(value.casefold().split())
              for outlet, value in zip(rows["outlet"], rows[name].astype("str"), strict=True)]
    return rows[~np.array(is_own, dtype=bool)]


def keep_shared_events(rows: pd.DataFrame, tables: Tables) -> tuple[pd.DataFrame, str]:
    """The rows of events that two or more outlets report, and a sentence that says so; all rows of a single event.

    Parameters
    ----------
    rows : article_id and outlet
    tables : a corpus's tables
    """
    if len(set(tables.event_ids.values())) < 2:
        return rows, ""
    articles = tables.articles[tables.articles["counted"]]
    n_outlets = articles.groupby("event_id")["outlet"].nunique()
    shared = n_outlets.index[n_outlets > 1]
    left = len(n_outlets) - len(shared)
    more = f", without {format_quantity(left, 'event')} that only one reports" if left else ""
    return (rows[rows["article_id"].map(tables.event_ids).isin(shared)],
            f" In the {format_quantity(len(shared), 'event')} that two outlets or more report{more}.")
