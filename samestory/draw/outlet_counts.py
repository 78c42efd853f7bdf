"""Counts of categories by outlet: roles of lines, classes of cues, names.

With few outlets, each category is a row with a lane per outlet; with many, outlets are rows and categories columns
of a heat map. The counts are chosen in `samestory.draw.corpus`, `speakers` and `names`.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    FIGURE_WIDTH_POINTS,
    MAX_OUTLET_ROWS,
    SMALL_TYPE_POINTS,
    OutletStyles,
    draw_key,
    lay_count_axis,
    lay_key,
    lay_rows,
    mark_label,
    measure_number,
    name_outlets,
    name_row,
    shade_cells,
    write_empty_figure,
    write_figure_text,
)
from samestory.draw.labels import clip_label, find_extreme_names, format_hidden_count, format_name_list, measure_text
from samestory.show.outlet_style import GRID_COLOUR, INK_COLOUR, MUTED_COLOUR, outlet_style
from samestory.show.printable import clean_text

MAX_OUTLET_LANES = 4  # outlets that share a row; with more, each gets a row
LANE_HEIGHT_POINTS = 11.0  # points from one lane to the next
MAX_LINKED_CATEGORIES = 60  # categories whose names link to their rows
CATEGORY_NOUNS = {"role": "role", "cue_class": "cue class", "name": "name"}


@dataclass(frozen=True)
class CrossedCounts:
    """Counts of categories by outlet.

    Attributes
    ----------
    table : categories (rows, most frequent first) by outlets (columns, in alphabetical order)
    names : for each of the first categories, the values that identify its rows in the counted table
    """

    table: pd.DataFrame
    names: dict[str, dict[str, object]]


def cross_counts(table: pd.DataFrame, category: str, value: str) -> CrossedCounts:
    """The counts of a table of categories and outlets."""
    own = {"name": "own_name", "label": "label"} if "own_name" in table else {category: category}
    rows = [dict(zip(own, values, strict=True)) for values in table[[*own.values()]].itertuples(index=False)]
    table = name_outlets(table).assign(**{category: table[category].map(clean_text)})
    counts = table.groupby([category, "outlet"])[value].sum().unstack(fill_value=0).astype(int)
    totals = counts.sum(axis=1)
    counts = counts.loc[sorted(counts.index, key=lambda name: (-totals[name], name))]
    first = set(counts.index[:MAX_LINKED_CATEGORIES])
    names = {name: row for name, row in zip(table[category], rows, strict=True) if name in first}
    return CrossedCounts(counts, names)


def draw_counts(ax: Axes | None, table: pd.DataFrame, category: str, value: str, unit: str, *,
                top_n: int, style: OutletStyles | None) -> Axes:
    """Counts of categories by outlet: lanes in a row for a few outlets, a heat map for many."""
    counts = cross_counts(table, category, value)
    if counts.table.empty:
        return write_empty_figure(ax, f"There are no {unit}s to show.")
    draw = _draw_lanes if counts.table.shape[1] <= MAX_OUTLET_LANES else _draw_grid
    return draw(ax, counts, unit, style or outlet_style(counts.table.columns), top_n=top_n,
                thing=CATEGORY_NOUNS[category])


def describe_counts(table: pd.DataFrame, category: str, value: str, unit: str, *, top_n: int) -> str:
    """The alt text of `draw_counts`: totals by outlet, and the most frequent categories."""
    counts = cross_counts(table, category, value).table
    if counts.empty:
        return f"There are no {unit}s to show."
    totals = counts.sum(axis=1)
    most, next_most = find_extreme_names(totals.to_dict()), counts.head(min(top_n, 5))
    each = " each" if len(most) > 1 else ""
    percent = f" ({100 * totals.iloc[0] / totals.sum():.0f} percent)" if totals.sum() >= 100 and not each else ""
    finding = (f"Most frequent: {format_name_list(most)}, {totals.iloc[0]:,}{each} of"
               f" {format_quantity(int(totals.sum()), unit)}{percent}")
    lines = "; ".join(f"{clip_label(name, 60)}: {_format_counts_by_outlet(next_most.loc[name], counts.sum())}"
                      for name in next_most.index)
    rest = len(counts) - len(next_most)
    more = f" {format_quantity(rest, 'more row')} in the table below." if rest else ""
    return f"{finding}. By outlet, of all its {unit}s: {lines}.{more}"


def _draw_lanes(ax: Axes | None, crossed: CrossedCounts, unit: str, style: OutletStyles, *, top_n: int,
                thing: str) -> Axes:
    """A stem and a marker per outlet, stacked in each row, with the count at the end."""
    counts = crossed.table
    totals, shown, outlets = counts.sum(), counts.head(top_n), list(counts.columns)
    height = LANE_HEIGHT_POINTS * len(outlets) + 9
    key = lay_key({outlet: f"{clip_label(outlet, 28)}, n = {totals[outlet]:,}" for outlet in outlets})
    ax = lay_rows(ax, [clip_label(name) for name in shown.index], row=height, top=12 + 14 * len(key), right=34,
                  rows=[crossed.names.get(name, {}) for name in shown.index],
                  note=format_hidden_count(len(counts) - top_n, thing))
    for place, outlet in enumerate(outlets):
        look, shift = style[outlet], (place - (len(outlets) - 1) / 2) * LANE_HEIGHT_POINTS / height
        rows, values = np.arange(len(shown)) + shift, shown[outlet].to_numpy()
        ax.hlines(rows, 0, values, color=look.colour, linewidth=1.6)
        ax.plot(values, rows, look.marker, color=look.colour, markersize=5.5, clip_on=False)
        for y, n in zip(rows, values, strict=True):
            write_figure_text(ax, n, y, f"{n:,}", dx=7, color=INK_COLOUR if n else MUTED_COLOUR,
                              fontsize=SMALL_TYPE_POINTS)
    for edge in np.arange(len(shown) - 1) + 0.5:
        ax.axhline(edge, color=GRID_COLOUR, linewidth=0.7, zorder=0)
    draw_key(ax, key, style)
    lay_count_axis(ax, float(shown.to_numpy().max()), f"{unit}s; n: all of the outlet's")
    return ax


def _draw_grid(ax: Axes | None, crossed: CrossedCounts, unit: str, style: OutletStyles, *, top_n: int,
               thing: str) -> Axes:
    """A row per outlet and a column per category; each cell has its count, darker for a larger share of the row."""
    counts = crossed.table
    totals = counts.sum()
    outlets = sorted(sorted(counts.columns, key=lambda outlet: (-totals[outlet], outlet))[:MAX_OUTLET_ROWS])
    totals = totals[outlets]
    shown = counts.head(min(top_n, _count_grid_columns(counts[outlets])))[outlets].T
    heads = [clip_label(name, 20) for name in shown.columns]
    notes = [f"n: all {unit}s of the outlet. Stronger shade: a larger share of them.",
             format_hidden_count(len(counts) - shown.shape[1], thing),
             format_hidden_count(counts.shape[1] - len(outlets), "outlet")]
    ax = lay_rows(ax, [clip_label(outlet, 18) for outlet in outlets], marked=True, bottom=12, note=" ".join(notes),
                  rows=[{"outlet": outlet} for outlet in outlets],
                  columns={"n": [f"{n:,}" for n in totals]},
                  top=0.95 * max(map(measure_text, heads)) + 14)
    ax.set_xlim(-0.5, shown.shape[1] - 0.5)
    ax.set_xticks([])
    shares = shown.to_numpy() / np.maximum(totals.to_numpy()[:, None], 1)
    shade_cells(ax, np.sqrt(shares / max(shares.max(), 1e-12)))
    for row, outlet in enumerate(outlets):
        mark_label(ax, row, style[outlet])
        for column, n in enumerate(shown.loc[outlet]):
            write_figure_text(ax, column, row, f"{n:,}", ha="center", color=INK_COLOUR if n else MUTED_COLOUR,
                              fontsize=SMALL_TYPE_POINTS)
    for column, (name, head) in enumerate(zip(shown.columns, heads, strict=True)):
        write_figure_text(ax, column, -0.5, head, dy=5, ha="center", va="bottom", rotation=90, fontsize=9.5,
                          gid=name_row(crossed.names.get(name, {})))
    return ax


def _count_grid_columns(counts: pd.DataFrame) -> int:
    """The number of columns that fit next to the outlets' names."""
    widest = measure_number(f"{max(int(counts.to_numpy().max()), 99):,}")
    names = max(measure_text(clip_label(outlet, 18)) for outlet in counts.columns)
    return math.floor((FIGURE_WIDTH_POINTS - names - 26 - 42) / (widest + 3))


def _format_counts_by_outlet(counts: pd.Series, totals: pd.Series) -> str:
    largest = sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:4]
    rest = len(counts) - len(largest)
    return ", ".join(f"{clip_label(outlet)} {counts[outlet]:,} of {totals[outlet]:,}" for outlet in largest) + (
        f" and {format_quantity(rest, 'outlet')} with no more than that" if rest else "")
