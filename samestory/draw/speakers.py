"""Figures of quotations: how much of the text is quoted, directly or indirectly, from whom, and with which cues.

A table in, Axes out. Quotations are counted, and intervals computed, in `samestory.measure.speakers`.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    MAX_OUTLET_ROWS,
    SMALL_TYPE_POINTS,
    OutletStyles,
    draw_guides,
    draw_heading,
    draw_swatch,
    lay_count_axis,
    lay_rows,
    mark_label,
    name_outlets,
    with_house_style,
    write_empty_figure,
    write_figure_text,
)
from samestory.draw.labels import clip_label, find_extreme_names, format_hidden_count, format_name_list, list_outlets
from samestory.draw.outlet_counts import MAX_OUTLET_LANES, cross_counts, describe_counts, draw_counts
from samestory.show.outlet_style import GRID_COLOUR, INK_COLOUR, MUTED_COLOUR, PANEL_COLOUR, outlet_style
from samestory.show.printable import clean_text

UNNAMED_SPEAKER_LABEL = "not named"
LEDGER_ROOM_POINTS = 102  # right of the bars, for what is said of each

_QUOTATION_KIND_COLOURS = {"direct": (INK_COLOUR, PANEL_COLOUR), "mixed": (MUTED_COLOUR, PANEL_COLOUR),
                           "indirect": (GRID_COLOUR, INK_COLOUR)}  # fill and ink


@with_house_style
def plot_quoted_words(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """How much of each outlet's text is between quotation marks, with an interval if there is one.

    Parameters
    ----------
    table : one row per outlet: outlet, n_articles, n_words, n_words_direct, direct_percent and, if any outlet has
        enough articles, low_percent and high_percent (may be missing)
    ax, style : as in `plot_articles`
    """
    shown = _rank_outlets(table).head(MAX_OUTLET_ROWS).sort_values("outlet")
    if shown.empty:
        return write_empty_figure(ax, describe_quoted_words(table))
    style = style or outlet_style(table["outlet"])
    notes = ["Lines: 95 % intervals, the article as the unit." if shown["low_percent"].notna().any() else "",
             format_hidden_count(len(table) - len(shown), "outlet")]
    ax = lay_rows(ax, [clip_label(outlet) for outlet in shown["outlet"]], note=" ".join(notes),
                  rows=shown[["outlet"]].to_dict("records"),
                  columns={"of words": [f"{n:,}" for n in shown["n_words"]],
                           "articles": [f"{n:,}" for n in shown["n_articles"]]})
    draw_guides(ax, len(shown))
    for place, row in enumerate(shown.itertuples()):
        _draw_share(ax, place, row, style[row.outlet].colour, style[row.outlet].marker)
    most = float(np.nanmax(shown[["direct_percent", "high_percent"]].to_numpy()))
    lay_count_axis(ax, most, "% of the words are between marks", room=40)
    return ax


def _draw_share(ax: Axes, place: int, row: Any, colour: str, marker: str) -> None:
    end = row.direct_percent
    if np.isfinite(row.low_percent):
        ax.hlines(place, row.low_percent, row.high_percent, color=colour, linewidth=1.6)
        end = max(end, row.high_percent)
    ax.plot(row.direct_percent, place, marker, color=colour, markersize=6.5, clip_on=False)
    write_figure_text(ax, end, place, f"{row.direct_percent:.1f} %", dx=7, fontsize=SMALL_TYPE_POINTS,
                      bbox={"facecolor": PANEL_COLOUR, "edgecolor": "none", "pad": 0.8})


def _rank_outlets(table: pd.DataFrame) -> pd.DataFrame:
    """The outlets with the most words first, each with limits, which may be missing."""
    missing = {name: np.nan for name in ("low_percent", "high_percent") if name not in table}
    return name_outlets(table).assign(**missing).sort_values(["n_words", "outlet"], ascending=[False, True])


def describe_quoted_words(table: pd.DataFrame) -> str:
    """The alt text of `plot_quoted_words`: the highest and the lowest share, then each outlet's share and counts."""
    ranked = _rank_outlets(table)
    if ranked.empty:
        return "There are no articles."
    rows = {row.outlet: row for row in ranked.itertuples()}
    finding = _compare_shares({outlet: row.direct_percent for outlet, row in rows.items()})
    return f"Words between marks, {finding}. {list_outlets(rows, lambda outlet: _format_quoted_share(rows[outlet]))}."


def _compare_shares(shares: dict[str, float]) -> str:
    most, least = find_extreme_names(shares), find_extreme_names(shares, least=True)
    if most == least:
        return f"{shares[most[0]]} percent of all{' in each outlet' if len(shares) > 1 else ''}"
    return (f"from {shares[least[0]]} percent of all in {format_name_list(least)} to {shares[most[0]]} percent in"
            f" {format_name_list(most)}")


def _format_quoted_share(row: Any) -> str:
    limits = "" if pd.isna(row.low_percent) else f", interval {row.low_percent} to {row.high_percent}"
    return f"{row.direct_percent} percent ({row.n_words_direct:,} of {format_quantity(row.n_words, 'word')}{limits})"


@with_house_style
def plot_kinds(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """The shares of an outlet's quotations that are direct, mixed and indirect, with the counts.

    Parameters
    ----------
    table : one row per outlet and kind: outlet, kind, n_quotations
    ax, style : as in `plot_articles`
    """
    counts = _cross_kinds(table)
    if counts.empty:
        return write_empty_figure(ax, "There are no quotations to show.")
    style, totals = style or outlet_style(counts.index), counts.sum(axis=1)
    largest = sorted(counts.index, key=lambda outlet: (-totals[outlet], outlet))[:MAX_OUTLET_ROWS]
    outlets = sorted(largest)
    ax = lay_rows(ax, [clip_label(outlet, 22) for outlet in outlets], row=23, top=24, marked=True,
                  columns={"n": [f"{totals[outlet]:,}" for outlet in outlets]},
                  rows=[{"outlet": outlet} for outlet in outlets],
                  note=format_hidden_count(len(counts) - len(outlets), "outlet"))
    for row, outlet in enumerate(outlets):
        mark_label(ax, row, style[outlet])
        _draw_parts(ax, row, counts.loc[outlet].to_numpy())
    for place, (kind, (fill, _ink)) in enumerate(_QUOTATION_KIND_COLOURS.items()):
        draw_swatch(ax, place, kind, fill)
    ax.set_xlim(0, 100)
    ax.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel("of the outlet's quotations; in the bars: counts")
    return ax


def _cross_kinds(table: pd.DataFrame) -> pd.DataFrame:
    """The quotations of each outlet that has any, by the three kinds."""
    counts = cross_counts(table, "kind", "n_quotations").table.T
    counts = counts.reindex(columns=list(_QUOTATION_KIND_COLOURS), fill_value=0)
    return counts[counts.sum(axis=1) > 0]


def _draw_parts(ax: Axes, row: int, counts: np.ndarray) -> None:
    left = 0.0
    for n, (fill, ink) in zip(counts, _QUOTATION_KIND_COLOURS.values(), strict=True):
        share = 100 * n / counts.sum()
        if n:
            ax.barh(row, share, height=0.68, left=left, color=fill)
        if share > 5 + 2.2 * len(f"{n:,}"):
            write_figure_text(ax, left + share / 2, row, f"{n:,}", ha="center", color=ink, fontsize=SMALL_TYPE_POINTS)
        left += share


def describe_kinds(table: pd.DataFrame) -> str:
    """The alt text of `plot_kinds`: where the share of direct quotations is highest and lowest, then all counts."""
    counts = _cross_kinds(table)
    if counts.empty:
        return "There are no quotations to show."
    totals = counts.sum(axis=1)

    def say_direct(names: list[str]) -> str:
        shares = [f"{counts['direct'][name]:,} of {totals[name]:,} in {clip_label(name, 60)}" for name in names[:2]]
        more = [format_quantity(len(names) - 2, "more outlet")] if len(names) > 2 else []
        return " and ".join([*shares, *more])

    def say_one(outlet: str) -> str:
        parts = ", ".join(f"{counts[kind][outlet]:,} {kind}" for kind in _QUOTATION_KIND_COLOURS)
        return f"{format_quantity(int(totals[outlet]), 'quotation')} ({parts})"

    shares = (counts["direct"] / totals).round(12).to_dict()
    most, least = find_extreme_names(shares), find_extreme_names(shares, least=True)
    finding = (f"{say_direct(most)}" if most == least else
               f"the largest share {say_direct(most)}, the smallest {say_direct(least)}")
    ranked = sorted(counts.index, key=lambda outlet: (-totals[outlet], outlet))
    return f"Quotations that are direct: {finding}. {list_outlets(ranked, say_one)}."


@with_house_style
def plot_speakers(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                  style: OutletStyles | None = None) -> Axes:
    """The words that each outlet quotes from each speaker, direct and indirect.

    With more than four outlets, each has one row, for the speaker it quotes the most words from.

    Parameters
    ----------
    table : one row per speaker and outlet: speaker_name, outlet, n_quotations, n_words_direct,
        n_words_indirect and, if known, n_words_inferred, which are hatched
    top_n : rows shown, those with the most words
    ax, style : as in `plot_articles`
    """
    ranked = _rank_speakers(table)
    if ranked.empty:
        return write_empty_figure(ax, "There are no speakers to show.")
    style = style or outlet_style(ranked["outlet"])
    if ranked["outlet"].nunique() <= MAX_OUTLET_LANES:
        ax, most = _draw_ledger(ax, ranked, style, top_n)
    else:
        ax, most = _draw_first_speakers(ax, ranked, style)
    draw_swatch(ax, 0, "direct", MUTED_COLOUR)
    draw_swatch(ax, 1, "reported", MUTED_COLOUR, alpha=0.35)
    lay_count_axis(ax, float(most), "words quoted")
    ax.grid(visible=False)
    return ax


def _rank_speakers(table: pd.DataFrame) -> pd.DataFrame:
    """The table, most words first; `is_named` is false for a name in brackets, or none."""
    table = name_outlets(table)
    names = table["speaker_name"].fillna(UNNAMED_SPEAKER_LABEL).map(clean_text)
    table = table.assign(n_words=table["n_words_direct"] + table["n_words_indirect"], speaker_name=names,
                         is_named=~names.str.startswith("(") & (names != UNNAMED_SPEAKER_LABEL))
    return table.sort_values(["n_words", "n_quotations", "speaker_name", "outlet"],
                             ascending=[False, False, True, True])


def _draw_ledger(ax: Axes | None, ranked: pd.DataFrame, style: OutletStyles, top_n: int) -> tuple[Axes, int]:
    """The speakers of each outlet below its name."""
    shown, words = ranked.head(top_n), ranked.groupby("outlet")["n_words"].sum()
    rows = [row for outlet, group in shown.groupby("outlet", sort=True)
            for row in (outlet, *group.itertuples(index=False))]
    labels = ["" if isinstance(row, str) else clip_label(row.speaker_name, 23) for row in rows]
    ax = lay_rows(ax, labels, top=24, right=LEDGER_ROOM_POINTS,
                  note=format_hidden_count(len(ranked) - len(shown), "speaker"),
                  rows=[{} if isinstance(row, str) else _name_speaker(row) for row in rows])
    for place, row in enumerate(rows):
        if isinstance(row, str):
            draw_heading(ax, place, row, style[row], room=LEDGER_ROOM_POINTS - 6,
                         said=format_quantity(int(words[row]), "word"))
        else:
            _draw_speaker(ax, place, row, style[row.outlet].colour,
                          said=f"{row.n_words:,} in {format_quantity(row.n_quotations, 'quotation')}")
    return ax, int(shown["n_words"].max())


def _draw_first_speakers(ax: Axes | None, ranked: pd.DataFrame, style: OutletStyles) -> tuple[Axes, int]:
    """A row per outlet: the speaker it quotes the most words from, a named one if it names any."""
    first = ranked.sort_values("is_named", ascending=False, kind="stable").groupby("outlet", sort=False).head(1)
    first = first.sort_values(["n_words", "outlet"],
                              ascending=[False, True]).head(MAX_OUTLET_ROWS).sort_values("outlet")
    hidden = len(ranked) - len(first)
    ax = lay_rows(ax, [clip_label(outlet, 18) for outlet in first["outlet"]], top=24, right=128, marked=True,
                  rows=map(_name_speaker, first.itertuples(index=False)),
                  note=f"Of each outlet the speaker with most words. {format_hidden_count(hidden, 'speaker')}")
    for place, row in enumerate(first.itertuples(index=False)):
        mark_label(ax, place, style[row.outlet])
        _draw_speaker(ax, place, row, style[row.outlet].colour,
                      said=f"{clip_label(row.speaker_name, 15)} {row.n_words:,}")
    return ax, int(first["n_words"].max())


def _name_speaker(row: Any) -> dict[str, str]:
    return {"speaker_name": row.speaker_name, "outlet": row.outlet}


def _draw_speaker(ax: Axes, place: int, row: Any, colour: str, *, said: str) -> None:
    direct, indirect = row.n_words_direct, row.n_words_indirect
    for start, width, alpha in ((0, direct, 1.0), (direct, indirect, 0.3)):
        if width > 0:
            ax.barh(place, width, height=0.6, left=start, facecolor=(colour, alpha), edgecolor=colour,
                    linewidth=0.9)
    if inferred := getattr(row, "n_words_inferred", 0):
        ax.barh(place, inferred, height=0.6, left=row.n_words - inferred, facecolor="none", edgecolor=PANEL_COLOUR,
                hatch="////", linewidth=0)
    write_figure_text(ax, row.n_words, place, said, dx=5, fontsize=SMALL_TYPE_POINTS)


def describe_speakers(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_speakers`: who is quoted most, in words, and by which outlet; then the next speakers."""
    ranked = _rank_speakers(table)
    if ranked.empty:
        return "There are no speakers to show."

    def say_one(row: Any) -> str:
        return (f"{clip_label(row.speaker_name, 60)} in {clip_label(row.outlet)},"
                f" {format_quantity(row.n_words, 'word')} ({row.n_words_direct:,} direct) in"
                f" {format_quantity(row.n_quotations, 'quotation')}")
    firsts = ranked[ranked["n_words"] == ranked.groupby("outlet")["n_words"].transform("max")]
    said = ", ".join(f"{clip_label(row.speaker_name, 40)} in {clip_label(row.outlet)} ({row.n_words:,})"
                     for row in firsts.head(MAX_OUTLET_LANES).itertuples())
    rest = "; ".join(map(say_one, ranked.head(min(top_n, 5)).itertuples()))
    return f"Most words by outlet: {said}. All: {rest}."


@with_house_style
def plot_cues(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """The cues that introduce quotations: quotations by class of cue and outlet.

    Parameters
    ----------
    table : one row per outlet and class: outlet, cue_class, n_quotations
    ax, style : as in `plot_articles`
    """
    return draw_counts(ax, table, "cue_class", "n_quotations", "quotation", top_n=12, style=style)


def describe_cues(table: pd.DataFrame) -> str:
    """The alt text of `plot_cues`: the most frequent class with its share, by outlet."""
    return describe_counts(table, "cue_class", "n_quotations", "quotation", top_n=12)
