"""Figures of names: who and what the outlets mention most, and how early.

A table in, Axes out. Names are counted in `samestory.measure.names.names`; links between them are drawn in
`samestory.draw.network`.
"""

import pandas as pd
from matplotlib.axes import Axes

from samestory.draw.canvas import (
    OutletStyles,
    draw_guides,
    draw_key,
    lay_count_axis,
    lay_key,
    lay_rows,
    with_house_style,
)
from samestory.draw.labels import clip_label
from samestory.draw.outlet_counts import MAX_OUTLET_LANES, describe_counts, draw_counts
from samestory.show.outlet_style import MUTED_COLOUR, outlet_style


@with_house_style
def plot_entities(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                  style: OutletStyles | None = None) -> Axes:
    """The names mentioned most, by outlet.

    Parameters
    ----------
    table : one row per entity and outlet: name, label, outlet, n_mentions
    top_n : the most entities shown, those with the most mentions in all outlets
    ax, style : as in `plot_articles`
    """
    return draw_counts(ax, _label_shared_names(table), "name", "n_mentions", "mention", top_n=top_n, style=style)


def describe_entities(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_entities`: the name with the most mentions and its share, by outlet."""
    return describe_counts(_label_shared_names(table), "name", "n_mentions", "mention", top_n=top_n)


@with_house_style
def plot_named(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
               style: OutletStyles | None = None) -> Axes:
    """The names mentioned most: how often by each outlet, joined by a line, and how early in its articles.

    With more than four outlets, the counts alone (`plot_entities`).

    Parameters
    ----------
    table : the table of `count_first_mentions`
    top_n : the most names shown
    ax, style : as in `plot_articles`
    """
    if table.empty or table["outlet"].nunique() > MAX_OUTLET_LANES:
        return draw_counts(ax, _label_shared_names(table), "name", "n_mentions", "mention", top_n=top_n, style=style)
    counts, first = (_cross_named(table, value).head(top_n) for value in ("n_mentions", "first_percent"))
    look = style or outlet_style(counts.columns)
    key = lay_key({outlet: clip_label(outlet, 28) for outlet in counts.columns})
    columns = {f"first, {clip_label(outlet, 9)}": [_format_first(value) for value in first[outlet]]
               for outlet in counts.columns}
    ax = lay_rows(ax, [clip_label(name) for name, _ in counts.index], top=12 + 14 * len(key), columns=columns,
                  rows=[{"name": name, "label": label} for name, label in counts.index],
                  note="At the right: % of the article before the first mention.")
    draw_guides(ax, len(counts))
    for row, (_, values) in enumerate(counts.fillna(0).iterrows()):
        ax.hlines(row, values.min(), values.max(), color=MUTED_COLOUR, linewidth=1.2)
        for outlet, n in values.items():
            ax.plot(n, row, look[outlet].marker, color=look[outlet].colour, markersize=6.5, clip_on=False)
    draw_key(ax, key, look)
    lay_count_axis(ax, float(counts.max().max()), "mentions")
    return ax


def _cross_named(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """A row for each name (name, label), the most mentioned first, and a column for each outlet."""
    crossed = table.pivot_table(index=["name", "label"], columns="outlet", values=value, aggfunc="first")
    totals = table.groupby(["name", "label"])["n_mentions"].sum()
    return crossed.loc[totals.sort_values(ascending=False, kind="stable").index]


def _format_first(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.0f}"


def describe_named(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_named`: the names whose counts differ most between outlets, then those mentioned most."""
    if table.empty:
        return "There are no names to show."
    counts = _cross_named(table, "n_mentions").fillna(0).astype(int).head(top_n)
    gaps = (counts.max(axis=1) - counts.min(axis=1)).sort_values(ascending=False, kind="stable")

    def say(key: tuple[str, str]) -> str:
        values = counts.loc[key].sort_values(ascending=False, kind="stable").head(MAX_OUTLET_LANES)
        return f"{clip_label(key[0], 60)} ({', '.join(f'{clip_label(outlet)} {n:,}' for outlet, n in values.items())})"

    apart, most = [say(key) for key in gaps.index[:2]], [say(key) for key in counts.index[:5]]
    if counts.shape[1] < 2:
        return f"Mentioned most: {', '.join(most)}."
    return f"Furthest apart in mentions: {' and '.join(apart)}. Mentioned most: {', '.join(most)}."


def _label_shared_names(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the label added to a name that two entities share."""
    shared = table.groupby("name")["label"].transform("nunique") > 1
    longer = table["name"] + " (" + table["label"].str.lower() + ")"
    return table.assign(name=table["name"].astype(object).where(~shared, longer), own_name=table["name"])
