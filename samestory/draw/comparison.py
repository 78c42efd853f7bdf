"""Figures of a comparison: which terms set two sides apart, by how much, and which they share.

The forest plot is the default; two-way bars show the rates themselves, the effect plot all terms at once, the word
shift each term's contribution to the divergence, lockwords the terms that both use equally often. A table in, Axes
out. The statistics are computed in `samestory.measure.words`.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.base.errors import unknown_name
from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    OTHER_OUTLETS_STYLE,
    OutletStyles,
    draw_key,
    lay_key,
    lay_rows,
    measure_figure_size,
    name_row,
    new_axes,
    round_step,
    split_note,
    with_house_style,
    write_empty_figure,
    write_figure_text,
    write_note,
)
from samestory.draw.labels import clip_label, format_hidden_count, measure_text
from samestory.measure.formulas import log_ratio, log_ratio_interval
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE
from samestory.measure.words.lockwords import LOCKWORD_LOG_RATIO_MARGIN
from samestory.show.outlet_style import GRID_COLOUR, INK_COLOUR, MUTED_COLOUR, PANEL_COLOUR, OutletStyle, outlet_style
from samestory.show.printable import clean_text

EFFECT_DOT_GRID_POINTS = 1.6  # points within which the terms of an effect plot share a dot
MAX_EFFECT_LABELS = 16  # terms labelled in an effect plot
EFFECT_LABEL_SCALE = 0.9  # size of these labels relative to the figures' text

LabelBox = tuple[float, float, float, float]  # left, foot, right, top in points

# Forest plot ------------------------------------------------------------------------------------


@with_house_style
def plot_keyness(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20,
                 ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """Which terms set target and reference apart: log ratio with its interval, and both counts.

    The marker of a sure term is filled: its interval excludes "equally often" or, if there are enough articles for a
    test, its q is at most .05. The terms shown are the first of the table.

    Parameters
    ----------
    table : one row per term, the surest difference first: term, n_target, n_reference, per_1k_target,
        per_1k_reference, log_ratio (base 2), low, high; q_bh if there are enough articles for a test
    target, reference : the two names, as shown on the axis and in column heads
    top_n : terms shown
    ax, style : as in `plot_articles`
    """
    shown = _rank_terms(table).head(top_n).sort_values(["log_ratio", "term"], ascending=[False, True])
    if shown.empty:
        return write_empty_figure(ax, describe_keyness(table, target=target, reference=reference))
    style = _add_rest(style, target, reference)
    ax = _lay_terms(ax, shown, target, reference, bottom=44,
                    note=f"{_explain_marks(shown)} {_describe_hidden_terms(table, shown)}")
    edge = min(max(float(shown["log_ratio"].abs().max()) + 1.5, 2.0), 12.0)
    for place, row in enumerate(shown.itertuples()):
        _draw_interval(ax, place, row, edge, style[target if row.log_ratio > 0 else reference],
                       is_sure=row.is_sure)
    _lay_ratio_axis(ax, edge, target, reference)
    return ax


def _rank_terms(table: pd.DataFrame) -> pd.DataFrame:
    """Terms with a finite log ratio, in the order given; `is_sure` is by the test or, without one, by the interval."""
    table = table[np.isfinite(table["log_ratio"].astype(float))]
    is_sure = table["q_bh"] <= MAX_FALSE_DISCOVERY_RATE if "q_bh" in table else (table["low"] > 0) | (table["high"] < 0)
    return table.assign(term=table["term"].map(clean_text), is_sure=is_sure)


def _explain_marks(shown: pd.DataFrame) -> str:
    """A key to the lines and the filled markers of a forest plot."""
    limit = f"{MAX_FALSE_DISCOVERY_RATE:.2f}".lstrip("0")
    sure = f"q of {limit} or less" if "q_bh" in shown else "the interval leaves out 1×"
    return f"Lines: 95 % intervals within these texts. Filled: {sure}."


def _describe_hidden_terms(table: pd.DataFrame, shown: pd.DataFrame) -> str:
    """The sizes of both sides, to explain the counts at the right, and the number of terms not drawn."""
    words = " and ".join(f"{n:,.0f}" for n in _infer_side_sizes(table))
    of = f"Counts: of {words} words." if min(_infer_side_sizes(table)) else ""
    return f"{of} {format_hidden_count(len(table) - len(shown), 'term')}"


def _draw_interval(ax: Axes, place: int, row: Any, edge: float, look: OutletStyle, *, is_sure: bool) -> None:
    low, high = (float(np.clip(np.nan_to_num(value, nan=row.log_ratio), -edge, edge))
                 for value in (row.low, row.high))
    for end, arrow in ((low, "<"), (high, ">")):
        if abs(end) == edge:
            ax.plot(end, place, arrow, color=look.colour, markersize=4, clip_on=False)
    ax.axhline(place, color=GRID_COLOUR, linewidth=0.5, zorder=0)
    ax.hlines(place, low, high, color=look.colour, linewidth=1.6)
    ax.plot(row.log_ratio, place, look.marker, color=look.colour, markersize=6, markeredgewidth=1.4,
            markerfacecolor=look.colour if is_sure else PANEL_COLOUR)


def _lay_ratio_axis(ax: Axes, edge: float, target: str, reference: str) -> None:
    ticks = _list_ratio_ticks(edge)
    ax.set_xlim(-edge, edge)
    ax.set_xticks(ticks, [f"{2 ** abs(tick):,}×" for tick in ticks])
    ax.grid(axis="x")
    ax.axvline(0, color=MUTED_COLOUR, linewidth=1)
    _label_axis_sides(ax, target, reference)


def _list_ratio_ticks(edge: float) -> list[int]:
    """A few whole log ratios up to the edge."""
    step = max(1, math.ceil(edge / 3.5))
    return [step * i for i in range(-int(edge // step), int(edge // step) + 1)]


def _label_axis_sides(ax: Axes, target: str, reference: str, *, more: str = "more in ") -> None:
    """Write the names of the two sides below the axis."""
    below: dict[str, Any] = {"dy": -22, "va": "top", "color": MUTED_COLOUR, "fontsize": 9.5,
                             "xycoords": ("data", "axes fraction")}
    write_figure_text(ax, 0, 0, f"← {more}{clip_label(reference, 12)}", dx=-8, ha="right", **below)
    write_figure_text(ax, 0, 0, f"{more}{clip_label(target, 12)} →", dx=8, ha="left", **below)


def describe_keyness(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20) -> str:
    """The alt text of `plot_keyness`: the strongest terms of both sides with counts and ratio."""
    ranked = _rank_terms(table).head(top_n)
    if ranked.empty:
        return f"There is no term to compare between {target} and {reference}."
    sides = ((target, ranked[ranked["log_ratio"] > 0]), (reference, ranked[ranked["log_ratio"] <= 0]))
    said = [f"More often in {clip_label(name)}: {_describe_keyness_terms(side.head(5))}."
            for name, side in sides if len(side)]
    first = "; ".join(f"in {clip_label(name)}: {', '.join(clip_label(term, 40) for term in side['term'].head(3))}"
                      for name, side in sides if len(side))
    return (f"More often {first}. Of {format_quantity(len(ranked), 'word')} shown, {_describe_sure_terms(ranked)}."
            f" {' '.join(said)} Counts are {clip_label(target)} to {clip_label(reference)}.")


def _describe_sure_terms(ranked: pd.DataFrame) -> str:
    n = int(ranked["is_sure"].sum())
    have = f"{n:,} have" if n > 1 else "1 has" if n else "none has"
    if "q_bh" in ranked:
        return f"{have} a false discovery rate of .05 or less in a permutation test over articles"
    return f"{have} an interval, within these texts, that leaves out “as often”"


def _describe_keyness_terms(terms: pd.DataFrame) -> str:
    return ", ".join(f"{clip_label(row.term, 40)} ({row.n_target:,} to {row.n_reference:,}, "
                     f"{2 ** abs(row.log_ratio):,.1f} times)" for row in terms.itertuples())


# Two-way bars and word shift --------------------------------------------------------------------


@with_house_style
def plot_two_way(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20, ax: Axes | None = None,
                 style: OutletStyles | None = None) -> Axes:
    """How often both sides use the terms that set them apart: rates to the right and to the left.

    Parameters
    ----------
    table, target, reference, top_n : as in `plot_keyness`, whose terms these are
    ax, style : as in `plot_articles`
    """
    shown = _rank_terms(table).head(top_n).sort_values(["log_ratio", "term"], ascending=[False, True])
    if shown.empty:
        return write_empty_figure(ax, describe_keyness(table, target=target, reference=reference))
    ax = _lay_terms(ax, shown, target, reference, note=_describe_hidden_terms(table, shown))
    sides = [(row.per_1k_target, row.per_1k_reference) for row in shown.itertuples()]
    _draw_sides(ax, sides, _add_rest(style, target, reference), (target, reference), unit="times per 1,000 words",
                more="")
    return ax


def describe_two_way(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20) -> str:
    """The alt text of `plot_two_way`: the rates of the clearest terms on both sides."""
    ranked = _rank_terms(table).head(top_n)
    if ranked.empty:
        return describe_keyness(table, target=target, reference=reference)
    first, *others = (f"{clip_label(row.term, 40)}: {row.per_1k_target:.1f} to {row.per_1k_reference:.1f}"
                      for row in ranked.head(8).itertuples())
    return (f"Times per 1,000 words, {clip_label(target)} to {clip_label(reference)}, the clearest difference first:"
            f" {'; '.join([first, *others])}. {format_quantity(len(ranked), 'term')} shown.")


@with_house_style
def plot_shift(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20, ax: Axes | None = None,
               style: OutletStyles | None = None) -> Axes:
    """Each term's contribution to the divergence, on the side that uses it more.

    Parameters
    ----------
    table : the result of `measure_shift`
    target, reference, top_n : as in `plot_keyness`
    ax, style : as in `plot_articles`
    """
    shown = _choose_shift(table).head(top_n)
    if shown.empty:
        return write_empty_figure(ax, describe_shift(table, target=target, reference=reference))
    ax = _lay_terms(ax, shown, target, reference, note=_describe_hidden_terms(table, shown))
    sides = [(row.percent, 0.0) if row.per_1k_target > row.per_1k_reference else (0.0, row.percent)
             for row in shown.itertuples()]
    _draw_sides(ax, sides, _add_rest(style, target, reference), (target, reference), unit="% of the divergence")
    return ax


def _choose_shift(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(term=table["term"].map(clean_text))[table["percent"] > 0]


def describe_shift(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20) -> str:
    """The alt text of `plot_shift`: the terms that contribute most on either side, and the total of all terms shown."""
    shown = _choose_shift(table).head(top_n)
    if shown.empty:
        return f"There is no term that {clip_label(target)} and {clip_label(reference)} use differently."
    more = shown["per_1k_target"] > shown["per_1k_reference"]
    said = [f"More in {clip_label(name)}: " + ", ".join(
                f"{clip_label(row.term, 40)} {row.percent:.1f} percent ({row.n_target:,} to {row.n_reference:,})"
                for row in side.head(5).itertuples()) + "."
            for name, side in ((target, shown[more]), (reference, shown[~more])) if len(side)]
    first = shown.iloc[0]
    return (f"{clip_label(first['term'], 40)} adds most to the divergence: {first['percent']:.1f} percent; the"
            f" {format_quantity(len(shown), 'term')} shown add {shown['percent'].sum():.0f} percent in all."
            f" {' '.join(said)} Counts are {clip_label(target)} to {clip_label(reference)}.")


def _add_rest(style: OutletStyles | None, target: str, reference: str) -> dict[str, OutletStyle]:
    """The style, with an entry for a reference made up of several outlets."""
    return {reference: OTHER_OUTLETS_STYLE, **(style or outlet_style([target, reference]))}


def _lay_terms(ax: Axes | None, shown: pd.DataFrame, target: str, reference: str, *, note: str,
               bottom: float = 58) -> Axes:
    """A row per term, with both counts at the right."""
    columns = {name: [f"{n:,}" for n in shown[column]]
               for name, column in ((target, "n_target"), (reference, "n_reference"))}
    return lay_rows(ax, [clip_label(term, 20) for term in shown["term"]], columns=columns, bottom=bottom, note=note,
                    rows=shown[["term"]].to_dict("records"))


def _draw_sides(ax: Axes, sides: list[tuple[float, float]], style: OutletStyles, names: tuple[str, str], *,
                unit: str, more: str = "more in ") -> None:
    """Bars to the right for the target's values, to the left for the reference's, on one scale."""
    most = max(max(side) for side in sides)
    for place, (right, left) in enumerate(sides):
        ax.axhline(place, color=GRID_COLOUR, linewidth=0.5, zorder=0)
        for value, look, way in ((right, style[names[0]], 1), (left, style[names[1]], -1)):
            if value:
                ax.barh(place, way * value, height=0.56, facecolor=(look.colour, 0.8), edgecolor=look.colour,
                        linewidth=0.8)
                ax.plot(way * value, place, look.marker, color=look.colour, markersize=5, clip_on=False)
    step = _find_rate_axis_step(most / 2.5)
    ticks = np.arange(-math.floor(most / step), math.floor(most / step) + 1) * step
    ax.set_xlim(-1.08 * most, 1.08 * most)
    ax.set_xticks(ticks, [f"{abs(tick):.12g}" for tick in ticks])
    ax.grid(axis="x")
    ax.axvline(0, color=MUTED_COLOUR, linewidth=1)
    _label_axis_sides(ax, *names, more=more)
    write_figure_text(ax, 0, 0, unit, dy=-36, ha="center", va="top", color=MUTED_COLOUR, fontsize=9.5,
                      xycoords=("data", "axes fraction"))


def _find_rate_axis_step(least: float) -> float:
    """A round step of 1, 2 or 5 times a power of ten that is not below `least`."""
    factor: int = 10 ** max(0, -math.floor(math.log10(max(least, 1e-9))))
    return round_step(least * factor * (1 - 1e-9)) / factor


# Forest plot or two-way bars --------------------------------------------------------------------


def plot_comparison(table: pd.DataFrame, *, target: str, reference: str, chart: str = "forest", top_n: int = 20,
                    ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """Draw a comparison with `plot_keyness` (``forest``) or `plot_two_way` (``bars``), whose parameters it takes.

    Raises
    ------
    UnknownName
        If there is no such chart.
    """
    plot = _choose_chart(chart)[0]
    return plot(table, target=target, reference=reference, top_n=top_n, ax=ax, style=style)


def describe_comparison(table: pd.DataFrame, *, target: str, reference: str, chart: str = "forest",
                        top_n: int = 20) -> str:
    """The alt text of `plot_comparison`."""
    return _choose_chart(chart)[1](table, target=target, reference=reference, top_n=top_n)


def name_comparison(chart: str = "forest") -> str:
    """The caption of `plot_comparison`, with the unit.

    >>> name_comparison("bars")
    'Times per 1,000 words on both sides, the surest and largest differences; right: counts'
    """
    return _choose_chart(chart)[2]


def _choose_chart(chart: str) -> tuple[Callable[..., Axes], Callable[..., str], str]:
    charts = {
        "forest": (plot_keyness, describe_keyness,
                   "Log ratio with 95 % interval, the surest and largest differences first; right: counts"),
        "bars": (plot_two_way, describe_two_way,
                 "Times per 1,000 words on both sides, the surest and largest differences; right: counts")}
    if chart not in charts:
        raise unknown_name("chart", chart, charts)
    return charts[chart]


# Effect plot ------------------------------------------------------------------------------------


@with_house_style
def plot_effects(table: pd.DataFrame, *, target: str, reference: str, ax: Axes | None = None,
                 style: OutletStyles | None = None) -> Axes:
    """All terms at once: how frequent each is, and how many times as often one side uses it.

    Outside the two curves, the interval excludes "equally often": the rarer a term, the larger its difference must
    be. A sure term, as in `plot_keyness`, has the marker of the side that uses it more. The first terms of the table
    are labelled.

    Parameters
    ----------
    table, target, reference : as in `plot_keyness`
    ax, style : as in `plot_articles`
    """
    points = _place_terms(table)
    if len(points) < 3:
        return write_empty_figure(ax, describe_effects(table, target=target, reference=reference))
    style = _add_rest(style, target, reference)
    key = lay_key({name: clip_label(name, 24) for name in (target, reference)})
    edge = min(max(float(points["log_ratio"].abs().max()) + 0.7, 2.0), 12.0)
    sure = "their q is .05 or less" if "q_bh" in points else "so does theirs"
    notes = split_note(f"A dot is a term; beyond the dashed lines its interval leaves out 1×. With colour: {sure}.")
    ax = ax or new_axes(44, 16, 14 + 14 * len(key), 40 + 12 * len(notes), 240)
    ax.set_ylim(-edge, edge)
    left, right = points["x"].min(), points["x"].max()
    ax.set_xlim(left - 0.06 * (right - left) - 0.05, right + 0.14 * (right - left) + 0.05)
    _draw_funnel(ax, points, edge)
    _draw_points(ax, points.assign(y=points["log_ratio"].clip(-edge, edge)), style[target], style[reference])
    _label_points(ax, points.assign(y=points["log_ratio"].clip(-edge, edge)))
    _lay_effect_axes(ax, edge, target, reference)
    draw_key(ax, key, style)
    write_note(ax, notes, 40)
    return ax


def _place_terms(table: pd.DataFrame) -> pd.DataFrame:
    """The terms in the order given; `x` is the decimal logarithm of their overall rate per 1,000 words."""
    points = _rank_terms(table)
    words = sum(_infer_side_sizes(points))
    total = points["n_target"] + points["n_reference"]
    points = points.assign(x=np.log10(1000 * np.maximum(total, 0.5) / max(words, 1)))
    return points[total > 0].reset_index(drop=True)


def _infer_side_sizes(table: pd.DataFrame) -> tuple[float, float]:
    """The words of target and reference, from counts and rates."""
    return _infer_side_size(table, "target"), _infer_side_size(table, "reference")


def _infer_side_size(table: pd.DataFrame, side: str) -> float:
    n, per_1k = table[f"n_{side}"], table[f"per_1k_{side}"]
    return float((1000 * n / per_1k.where(per_1k > 0)).max() or 0) if (n > 0).any() else 0.0


def _draw_points(ax: Axes, points: pd.DataFrame, *looks: OutletStyle) -> None:
    """A dot per position, all as one path, and a marker per position of a sure term: bounded in any vocabulary."""
    cells = pd.DataFrame(_locate_effect_points(ax, points) / EFFECT_DOT_GRID_POINTS, index=points.index).round()
    rest = points[~points["is_sure"] & ~cells.duplicated()]
    x = np.column_stack([rest["x"], rest["x"] + 1e-3, np.full(len(rest), np.nan)]).ravel()
    ax.plot(x, np.repeat(rest["y"].to_numpy(), 3), color=MUTED_COLOUR, linewidth=3.4 if len(points) <= 100 else 2.2,
            alpha=0.7, solid_capstyle="round", clip_on=False)
    coarse = (cells / 3).round().assign(sure=points["is_sure"]).duplicated()
    for way, look in zip((1, -1), looks, strict=True):
        sure = points[points["is_sure"] & ~coarse & (way * points["y"] > 0)]
        ax.plot(sure["x"], sure["y"], look.marker, color=look.colour, markersize=5.5, alpha=0.8, markeredgewidth=0,
                linestyle="none", clip_on=False)


def _draw_funnel(ax: Axes, points: pd.DataFrame, edge: float) -> None:
    """Two curves: the log ratio beyond which the interval of a term of that frequency excludes 0."""
    sizes = _infer_side_sizes(points)
    if not min(sizes):
        return
    least, most = (float(value) for value in np.log10((points["n_target"] + points["n_reference"]).agg(["min", "max"])))
    totals = 10 ** np.linspace(least, most, 60)
    for (a, b), way in ((sizes, 1), (sizes[::-1], -1)):
        limit = way * find_log_ratio_limit(totals, a, b)
        kept = np.isfinite(limit) & (np.abs(limit) < edge)
        ax.plot(np.log10(1000 * totals[kept] / sum(sizes)), limit[kept], color=MUTED_COLOUR, linewidth=1,
                linestyle=(0, (4, 3)))


def find_log_ratio_limit(totals: np.ndarray, n_words: float, n_other_words: float) -> np.ndarray:
    """The log ratio beyond which the exact 95 % interval of a term with these total occurrences excludes 0.

    Missing if no split of the occurrences between the two sides does that.

    >>> find_log_ratio_limit(np.array([2.0, 100.0]), 1000, 1000).round(2).tolist()
    [nan, 0.6]
    """
    low, high = totals * n_words / (n_words + n_other_words), np.asarray(totals, dtype=float)
    reached = log_ratio_interval(high, 0 * high, n_words, n_other_words)[0] > 0
    for _ in range(40):  # bisection
        middle = (low + high) / 2
        apart = log_ratio_interval(middle, totals - middle, n_words, n_other_words)[0] > 0
        low, high = np.where(apart, low, middle), np.where(apart, middle, high)
    return np.where(reached, log_ratio(high, totals - high, n_words, n_other_words), np.nan)


def _lay_effect_axes(ax: Axes, edge: float, target: str, reference: str) -> None:
    ticks = _list_ratio_ticks(edge)
    ax.set_yticks(ticks, [f"{2 ** abs(tick):,}×" for tick in ticks])
    left, right = ax.get_xlim()
    ticks = [tick for tick in np.log10([m * 10.0 ** k for k in range(-7, 4) for m in (1, 3)]) if left < tick < right]
    ax.set_xticks(ticks, [f"{10 ** tick:.3g}" if round(tick) == tick else f"{3 * 10.0 ** math.floor(tick):.3g}"
                          for tick in ticks])
    ax.grid(axis="both")
    ax.axhline(0, color=MUTED_COLOUR, linewidth=1)
    ax.set_xlabel("times per 1,000 words of both")
    below: dict[str, Any] = {"color": MUTED_COLOUR, "fontsize": 9.5, "xycoords": "axes fraction", "dx": 4}
    write_figure_text(ax, 0, 1, f"↑ more in {clip_label(target, 20)}", dy=-4, va="top", **below)
    write_figure_text(ax, 0, 0, f"↓ more in {clip_label(reference, 20)}", dy=5, va="bottom", **below)


def _label_points(ax: Axes, points: pd.DataFrame) -> None:
    """Labels next to the first points, each placed where it covers no other label or point."""
    at = _locate_effect_points(ax, points)
    wide, tall = _locate_effect_points(ax, pd.DataFrame({"x": [ax.get_xlim()[1]], "y": [ax.get_ylim()[1]]}))[0]
    said = [(0.0, tall - 16, 150.0, tall), (0.0, 0.0, 150.0, 16.0)]  # the names of the sides
    taken = [*said, (0.0, tall / 2 - 1, wide, tall / 2 + 1)]
    taken += [(x - 1.5, y - 1.5, x + 1.5, y + 1.5) for x, y in np.unique(at.round(), axis=0)]
    n_labels = 0
    for row, (x, y) in zip(points.head(4 * MAX_EFFECT_LABELS).itertuples(), at, strict=False):
        label = clip_label(row.term, 18)
        spot = _find_label_box(x, y, EFFECT_LABEL_SCALE * measure_text(label), taken, (wide + 12, tall))
        if spot is None or n_labels == MAX_EFFECT_LABELS:
            continue
        taken.append(spot)
        n_labels += 1
        write_figure_text(ax, row.x, row.y, label, dx=spot[0] - x, dy=(spot[1] + spot[3]) / 2 - y,
                          fontsize=10 * EFFECT_LABEL_SCALE,
                          color=INK_COLOUR if row.is_sure else MUTED_COLOUR, gid=name_row({"term": row.term}))


def _locate_effect_points(ax: Axes, points: pd.DataFrame) -> np.ndarray:
    """The positions of terms within the axes, in points from the left and the bottom."""
    box, (left, right), (low, high) = ax.get_position(), ax.get_xlim(), ax.get_ylim()
    wide, tall = measure_figure_size(ax)
    return np.column_stack([(points["x"] - left) / (right - left) * box.width * wide,
                            (points["y"] - low) / (high - low) * box.height * tall])


def _find_label_box(x: float, y: float, width: float, taken: list[LabelBox],
                    room: tuple[float, float]) -> LabelBox | None:
    """A free position for a label next to, above or below its point; None if there is none."""
    for left, middle in ((x + 5, y), (x - 5 - width, y), (x - width / 2, y + 10), (x - width / 2, y - 10)):
        spot = (left, middle - 5.5, left + width, middle + 5.5)
        inside = spot[0] >= 0 and spot[2] <= room[0] and spot[1] >= 0 and spot[3] <= room[1]
        if inside and not any(_boxes_overlap(spot, other) for other in taken):
            return spot
    return None


def _boxes_overlap(one: LabelBox, other: LabelBox) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def describe_effects(table: pd.DataFrame, *, target: str, reference: str) -> str:
    """The alt text of `plot_effects`: the number of terms outside the curves, and the most frequent of them."""
    points = _place_terms(table)
    if len(points) < 3:
        verb = "is" if len(points) == 1 else "are"
        return (f"There {verb} {format_quantity(len(points), 'term')} to compare between {clip_label(target)} and"
                f" {clip_label(reference)}, too few to draw frequency against effect.")
    sure = points[points["is_sure"]]
    said = f"Of {len(points):,} terms, {_describe_sure_terms(points)}"
    if sure.empty:
        return f"{said}: the rarer a term, the wider its interval."
    total = (sure["n_target"] + sure["n_reference"]).sort_values(ascending=False, kind="stable")
    return (f"{said}. The most frequent of them, counts {clip_label(target)} to {clip_label(reference)}: "
            f"{_describe_keyness_terms(sure.loc[total.index].head(6))}.")


# Lockwords --------------------------------------------------------------------------------------


@with_house_style
def plot_lockwords(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20, ax: Axes | None = None,
                   style: OutletStyles | None = None) -> Axes:
    """The terms that both sides use most nearly equally often: filled if the interval lies within the band.

    Parameters
    ----------
    table : the result of `find_lockwords`
    target, reference, top_n : as in `plot_keyness`
    ax, style : as in `plot_articles`; the two sides together have no colour of their own
    """
    shown = table.assign(term=table["term"].map(clean_text)).head(top_n)
    if shown.empty:
        return write_empty_figure(ax, describe_lockwords(table, target=target, reference=reference))
    note = ("Lines: 95 % intervals within these texts. Filled: the interval lies within the grey band."
            f" {format_hidden_count(len(table) - len(shown), 'term')}")
    ax = _lay_terms(ax, shown, target, reference, bottom=44, note=note)
    ax.axvspan(-LOCKWORD_LOG_RATIO_MARGIN, LOCKWORD_LOG_RATIO_MARGIN, color=OTHER_OUTLETS_STYLE.colour, alpha=0.14,
               linewidth=0)
    for place, row in enumerate(shown.itertuples()):
        _draw_interval(ax, place, row, 2.0, OTHER_OUTLETS_STYLE, is_sure=row.is_alike)
    ax.set_xlim(-1.02, 1.02)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["2×", "1.4×", "1×", "1.4×", "2×"])
    ax.grid(axis="x")
    ax.axvline(0, color=MUTED_COLOUR, linewidth=1)
    _label_axis_sides(ax, target, reference)
    return ax


def describe_lockwords(table: pd.DataFrame, *, target: str, reference: str, top_n: int = 20) -> str:
    """The alt text of `plot_lockwords`: the number of terms used equally often, and the first with both counts."""
    if table.empty:
        return (f"There is no term that {clip_label(target)} and {clip_label(reference)} can be said to use within 2"
                " times as often.")
    listed = ", ".join(f"{clip_label(row.term, 40)} ({row.n_target:,} to {row.n_reference:,})"
                       for row in table.head(min(top_n, 8)).itertuples())
    return (f"Of {format_quantity(len(table), 'term')} that both use, the interval of {int(table['is_alike'].sum()):,}"
            f" lies within 1.4 times as often. The most nearly alike first: {listed}. Counts are {clip_label(target)}"
            f" to {clip_label(reference)}; {format_quantity(min(top_n, len(table)), 'term')} shown.")
