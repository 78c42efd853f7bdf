"""The figure of accuracy: precision and recall as points, each with its 95 % interval.

A table in, Axes out. The figures are estimated in `samestory.coding.accuracy`.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from samestory.draw.canvas import (
    LABEL_LINE_POINTS,
    ROW_HEIGHT_POINTS,
    SMALL_TYPE_POINTS,
    draw_guides,
    lay_count_axis,
    lay_rows,
    with_house_style,
    write_empty_figure,
    write_figure_text,
)
from samestory.draw.labels import clip_label, format_hidden_count
from samestory.show.outlet_style import INK_COLOUR, PANEL_COLOUR

MAX_PART_LETTERS = 27  # lower-case letters that fit below a row label
CODED_FIGURES = ("precision", "recall", "right speaker", "right kind")  # those named after what they are about
NO_ACCURACY_SENTENCE = "Too few rows were coded for a figure."


@with_house_style
def plot_accuracy(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None) -> Axes:
    """Each figure of a table of accuracy, with its interval; those without a value are left out.

    Parameters
    ----------
    table : the result of `list_accuracy`
    top_n : figures shown, in the order of the table
    ax : where to draw; new axes by default
    """
    known = table.dropna(subset="percent")
    shown = known.head(top_n)
    if shown.empty:
        return write_empty_figure(ax, NO_ACCURACY_SENTENCE)
    parts = [clip_label(row.among, MAX_PART_LETTERS) if _is_part(row) else "" for row in shown.itertuples()]
    ax = lay_rows(ax, [clip_label(_name_figure(row)) for row in shown.itertuples()], below=parts,
                  row=ROW_HEIGHT_POINTS + LABEL_LINE_POINTS * any(parts),
                  columns={"rows": [f"{n:,}" for n in shown["n_rows"]]},
                  note=f"Lines: 95 % intervals. {format_hidden_count(len(known) - len(shown), 'figure')}".strip())
    draw_guides(ax, len(shown))
    for place, row in enumerate(shown.itertuples()):
        ax.hlines(place, row.at_least_percent, row.at_most_percent, color=INK_COLOUR, linewidth=1.6)
        ax.plot(row.percent, place, "o", color=INK_COLOUR, markersize=6.5, clip_on=False)
        write_figure_text(ax, row.at_most_percent, place, f"{row.percent:.0f} %", dx=7, fontsize=SMALL_TYPE_POINTS,
                          bbox={"facecolor": PANEL_COLOUR, "edgecolor": "none", "pad": 0.8})
    lay_count_axis(ax, 100, "%", room=40)
    return ax


def describe_accuracy(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_accuracy`: each figure with its interval and rows.

    Parameters
    ----------
    table, top_n : as for `plot_accuracy`
    """
    known = table.dropna(subset="percent")
    if known.empty:
        return NO_ACCURACY_SENTENCE
    listed = "; ".join(f"{', '.join([_name_figure(row), *([row.among] if _is_part(row) else [])])}:"
                       f" {row.percent:.0f} percent, {row.at_least_percent:.0f} to {row.at_most_percent:.0f},"
                       f" {row.n_rows:,} rows" for row in known.head(top_n).itertuples())
    return f"Accuracy with 95 percent intervals. {listed}. {format_hidden_count(len(known) - top_n, 'figure')}".strip()


def _name_figure(row: Any) -> str:
    """`precision of statements`; a figure that names what it is about (`persons`) by itself."""
    return f"{row.figure} of {row.subject}" if row.figure in CODED_FIGURES else str(row.figure)


def _is_part(row: Any) -> bool:
    return bool(row.among != "all")
