"""The finding about labels: each outlet's words for the same kind of thing."""

import numpy as np
import pandas as pd

from samestory.base.wording import MAX_LISTED_ITEMS, clip_name, format_quantity
from samestory.findings.finding import Finding, show_finding
from samestory.measure.names.labels import find_labels
from samestory.measure.support import judge_support
from samestory.tables.tables import Tables

MIN_LABEL_PHRASES = 4  # phrases with nouns of one group required for a finding


def find_naming(tables: Tables) -> Finding | None:
    """Each outlet's words for the kind of thing for which they differ most within one event, from enough articles."""
    found = find_labels(tables)
    found = found[found["kind"].isin(["event", "people"]) & ~found["in_quotation"].astype(bool)]
    found = found.assign(event=found["article_id"].map(_name_events(tables))).dropna(subset="event")
    scores = _score_groups(found)
    if scores.empty:
        return None
    event, group = scores.index[0]
    chosen = found[(found["event"] == event) & (found["group"] == group)]
    rows = chosen.groupby(["outlet", "label"]).size().rename("n").reset_index()
    rows = rows.sort_values(["outlet", "n", "label"], ascending=[True, False, True])
    sizes = chosen.groupby("outlet").agg(n=("start", "size"), n_articles=("article_id", "nunique"))
    sizes = sizes.sort_values("n", ascending=False, kind="stable").head(MAX_LISTED_ITEMS)
    if not judge_support(*sizes["n_articles"].head(2)).tested:
        return None
    listed = "; ".join(f"{clip_name(outlet)} {_format_label_counts(rows[rows['outlet'] == outlet])}"
                       for outlet in sizes.index)
    where = f" on “{clip_name(event)}”" if event else ""
    text = (f"What outlets call one kind of thing differs most for {clip_name(group)}{where}, in their own words:"
            f" {listed}. {format_quantity(len(chosen), 'phrase')}, counted and not tested.")
    return Finding("What they call it", text, "04_entities", "What actors, events and people are called",
                   show_finding(tables, chosen, rows, ["outlet", "label"], f"What they call it: {clip_name(group)}"))


def _format_label_counts(rows: pd.DataFrame) -> str:
    return ", ".join(f"{row.label} {row.n}" for row in rows.head(MAX_LISTED_ITEMS).itertuples())


def _name_events(tables: Tables) -> dict[str, str]:
    """The event of each counted article, by name; empty if all report one."""
    names = dict(zip(tables.events["event_id"], tables.events["event"], strict=True))
    return {article: names[event_id] if len(names) > 1 else "" for article, event_id in tables.event_ids.items()}


def _score_groups(found: pd.DataFrame) -> pd.Series:
    """The likelihood ratio of outlets and nouns for each event and group, the largest first."""
    by = ["event", "group"]
    cells = found.groupby([*by, "outlet", "label"]).size().astype(float)

    def add_up(*names: str) -> pd.Series:
        n = cells.groupby([*by, *names]).sum()
        return (n * np.log(n)).groupby(by).sum()

    scores = 2 * (add_up("outlet", "label") - add_up("outlet") - add_up("label") + add_up())
    kinds = cells.reset_index().groupby(by)[["outlet", "label"]].nunique().min(axis=1)
    scores = scores[(kinds > 1) & (cells.groupby(by).sum() >= MIN_LABEL_PHRASES) & (scores > 0)]
    return scores.round(9).sort_values(ascending=False, kind="stable")
