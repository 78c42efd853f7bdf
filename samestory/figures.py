"""Figures: a small table in, Axes out; nothing is computed here but what drawing needs, nothing is written.

Every `plot_*` has a `describe_*` that says in words, from the same table, what the figure shows: its
alt text. One look for all: an outlet keeps its colour, marker and place, values stand beside their
marks, what is left out for want of room is said. Figures are made without pyplot, so no notebook
shows one twice. Statistics are the business of the modules that make the tables.
"""

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from samestory.display import COLOURS, GRID, INK, MUTED, PANEL, OutletStyle, clean_text, outlet_style

Styles = Mapping[str, OutletStyle]

WIDTH = 376.0  # points; a page shows it 580 pixels wide and, on a phone of 400, as many as points
ROW = 20.0  # points from one row to the next
LETTER = 6.0  # points that a small letter takes
LABEL = 26  # small letters that a row label may take
COLUMN = 42.0  # points of a column of figures at the right
THE_REST = OutletStyle("#7a828a", "D", -1)  # several outlets together have no colour of their own
MOST_ROWS = 24  # outlets that get a row of their own
MOST_COLUMNS = 10  # outlets that get a column of their own
LANES = 4  # outlets that share a row; with more, they become columns
DOTS = 60  # articles of an outlet that are drawn one by one

_LOOK = {
    "text.parse_math": False, "font.family": "DejaVu Sans", "font.size": 10, "text.color": INK,
    "axes.labelcolor": MUTED, "axes.labelsize": 9.5, "axes.edgecolor": GRID, "axes.axisbelow": True,
    "axes.facecolor": "none", "figure.facecolor": PANEL, "savefig.facecolor": PANEL,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.spines.bottom": False, "xtick.color": MUTED, "ytick.color": INK, "xtick.labelsize": 9.5,
    "ytick.labelsize": 10, "xtick.major.size": 0.0, "ytick.major.size": 0.0, "grid.color": GRID,
    "grid.linewidth": 0.7, "axes.formatter.use_mathtext": False, "lines.solid_capstyle": "round",
}


def _drawn(plot: Callable[..., Axes]) -> Callable[..., Axes]:
    """The plot in the house look, whatever the caller's settings are."""
    @wraps(plot)
    def draw(*args: Any, **options: Any) -> Axes:
        with matplotlib.rc_context(_LOOK):
            return plot(*args, **options)
    return draw


# --- articles -------------------------------------------------------------------------------


@_drawn
def plot_articles(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """When each outlet published: one row an outlet, one mark an article.

    Parameters
    ----------
    table : one row an article: outlet, published_at (UTC, may be missing)
    ax : where to draw; a new figure without it
    style : `outlet_style` of all outlets of the corpus, so that colours stay the same throughout
    """
    table = _name_outlets(table)
    if not table["published_at"].notna().any():
        return _say_instead(ax, describe_articles(table))
    style, outlets = style or outlet_style(table["outlet"]), _largest(table["outlet"])
    counts = table.groupby("outlet")["published_at"].agg(["size", "count"])
    columns = {"articles": [f"{n:,}" for n in counts.loc[outlets, "size"]]}
    if table["published_at"].isna().any():
        columns["no date"] = [f"{n:,}" for n in (counts["size"] - counts["count"]).loc[outlets]]
    ax = _lay_rows(ax, [clip_label(outlet) for outlet in outlets], columns=columns,
                   note=_say_hidden(len(counts) - len(outlets), "outlet"))
    for row, outlet in enumerate(outlets):
        times = _plain_times(table.loc[table["outlet"] == outlet, "published_at"])
        ax.axhline(row, color=GRID, linewidth=0.7, zorder=0)
        _mark_values(ax, dates.date2num(times), row, style[outlet])
    _lay_time_axis(ax, _plain_times(table["published_at"]))
    return ax


def describe_articles(table: pd.DataFrame) -> str:
    """The alt text of `plot_articles`: articles an outlet, first and last date, how many have none."""
    table = _name_outlets(table)
    if table.empty:
        return "There are no articles."
    counts = table["outlet"].value_counts()
    listed = _list_outlets(counts.index, lambda outlet: _count(int(counts[outlet]), "article"))
    times = _plain_times(table["published_at"])
    undated = len(table) - len(times)
    if not len(times):
        return f"No article has a date of publication, so there is no timeline. {listed}."
    span = f"Published from {_say_time(times.min())} to {_say_time(times.max())} UTC"
    missing = f" {_count(undated, 'article')} without a date." if undated else ""
    return f"{span}. {listed}.{missing}"


@_drawn
def plot_words(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """How long the articles are: one row an outlet, one mark an article, or quartiles where many.

    Parameters
    ----------
    table : one row an article: article_id, outlet, n_words
    ax, style : as in `plot_articles`
    """
    table = _name_outlets(table)
    if table.empty:
        return _say_instead(ax, describe_words(table))
    style, outlets = style or outlet_style(table["outlet"]), _largest(table["outlet"])
    lengths = {outlet: table.loc[table["outlet"] == outlet, "n_words"].to_numpy() for outlet in outlets}
    ax = _lay_rows(ax, [clip_label(outlet) for outlet in outlets],
                   columns={"median": [f"{np.median(lengths[outlet]):,.0f}" for outlet in outlets],
                            "articles": [f"{len(lengths[outlet]):,}" for outlet in outlets]},
                   note=_say_hidden(table["outlet"].nunique() - len(outlets), "outlet"))
    for row, outlet in enumerate(outlets):
        ax.axhline(row, color=GRID, linewidth=0.7, zorder=0)
        _mark_values(ax, lengths[outlet], row, style[outlet], summed=True)
    _lay_count_axis(ax, float(table["n_words"].max()), "words an article")
    return ax


def describe_words(table: pd.DataFrame) -> str:
    """The alt text of `plot_words`: words an article, from shortest to longest, by outlet."""
    table = _name_outlets(table)
    if table.empty:
        return "There are no articles."
    groups = table.groupby("outlet")["n_words"]
    listed = _list_outlets(table["outlet"].value_counts().index,
                           lambda outlet: _say_lengths(groups.get_group(outlet).to_numpy()))
    return f"Words an article. {listed}."


def _say_lengths(lengths: np.ndarray) -> str:
    if len(lengths) == 1:
        return f"{lengths[0]:,} words"
    return (f"{min(lengths):,} to {max(lengths):,} words, median {np.median(lengths):,.0f}, "
            f"in {len(lengths):,} articles")


# --- counts by outlet -----------------------------------------------------------------------


@_drawn
def plot_roles(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """What the lines of the articles are (body, headline, credit ...), by outlet.

    Parameters
    ----------
    table : one row an outlet and role: outlet, role, n_lines
    ax, style : as in `plot_articles`
    """
    return _draw_counts(ax, table, "role", "n_lines", "lines", top_n=12, style=style)


def describe_roles(table: pd.DataFrame) -> str:
    """The alt text of `plot_roles`."""
    return _describe_counts(table, "role", "n_lines", "line", top_n=12)


@_drawn
def plot_cues(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """How quotations are introduced: quotations by class of cue and outlet.

    Parameters
    ----------
    table : one row an outlet and class: outlet, cue_class, n_quotations
    ax, style : as in `plot_articles`
    """
    return _draw_counts(ax, table, "cue_class", "n_quotations", "quotations", top_n=12, style=style)


def describe_cues(table: pd.DataFrame) -> str:
    """The alt text of `plot_cues`."""
    return _describe_counts(table, "cue_class", "n_quotations", "quotation", top_n=12)


@_drawn
def plot_entities(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                  style: Styles | None = None) -> Axes:
    """Who and what is named most, by outlet.

    Parameters
    ----------
    table : one row an entity and outlet: name, label, outlet, n_mentions
    top_n : entities shown, those with most mentions over all outlets
    ax, style : as in `plot_articles`
    """
    return _draw_counts(ax, _tell_apart(table), "name", "n_mentions", "mentions", top_n=top_n, style=style)


def describe_entities(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_entities`."""
    return _describe_counts(_tell_apart(table), "name", "n_mentions", "mention", top_n=top_n)


def _tell_apart(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its label behind a name that two entities share."""
    shared = table.groupby("name")["label"].transform("nunique") > 1
    longer = table["name"] + " (" + table["label"].str.lower() + ")"
    return table.assign(name=table["name"].astype(object).where(~shared, longer))


def _draw_counts(ax: Axes | None, table: pd.DataFrame, category: str, value: str, unit: str, *,
                 top_n: int, style: Styles | None) -> Axes:
    """Counts of categories by outlet: lanes in a row for few outlets, columns for many."""
    counts = _cross_counts(table, category, value)
    if counts.empty:
        return _say_instead(ax, f"There are no {unit} to show.")
    style = style or outlet_style(counts.columns)
    draw = _draw_lanes if counts.shape[1] <= LANES else _draw_grid
    return draw(ax, counts.head(top_n), unit, style, note=_say_hidden(len(counts) - top_n, "row"))


def _cross_counts(table: pd.DataFrame, category: str, value: str) -> pd.DataFrame:
    """Categories (most frequent first) by outlets (in alphabetical order)."""
    table = _name_outlets(table).assign(**{category: table[category].map(clean_text)})
    counts = table.groupby([category, "outlet"])[value].sum().unstack(fill_value=0).astype(int)
    totals = counts.sum(axis=1)
    return counts.loc[sorted(counts.index, key=lambda name: (-totals[name], name))]


def _draw_lanes(ax: Axes | None, counts: pd.DataFrame, unit: str, style: Styles, *, note: str) -> Axes:
    """A stem and marker an outlet, one under the other in each row, with the count at its end."""
    outlets = list(counts.columns)
    lane = 11.0
    height = lane * len(outlets) + 9
    key = _lay_key(outlets)
    ax = _lay_rows(ax, [clip_label(name) for name in counts.index], row=height, top=12 + 14 * len(key),
                   right=34, note=note)
    for place, outlet in enumerate(outlets):
        look, shift = style[outlet], (place - (len(outlets) - 1) / 2) * lane / height
        rows, values = np.arange(len(counts)) + shift, counts[outlet].to_numpy()
        ax.hlines(rows, 0, values, color=look.colour, linewidth=1.6)
        ax.plot(values, rows, look.marker, color=look.colour, markersize=5.5, clip_on=False)
        for y, n in zip(rows, values, strict=True):
            _write(ax, n, y, f"{n:,}", dx=7, color=INK if n else MUTED, fontsize=9)
    for edge in np.arange(len(counts) - 1) + 0.5:
        ax.axhline(edge, color=GRID, linewidth=0.7, zorder=0)
    _draw_key(ax, key, style)
    _lay_count_axis(ax, float(counts.to_numpy().max()), unit)
    return ax


def _draw_grid(ax: Axes | None, counts: pd.DataFrame, unit: str, style: Styles, *, note: str) -> Axes:
    """A column an outlet, each cell with its count and the darker the larger it is."""
    counts = _fold_columns(counts)
    heads = [clip_label(outlet, 16) for outlet in counts.columns]
    if counts.shape[1] > MOST_COLUMNS:
        note = f"{note} Others: the outlets with the fewest.".strip()
    ax = _lay_rows(ax, [clip_label(name, 22) for name in counts.index], right=8, bottom=22, note=note,
                   top=max(map(_measure, heads)) + 14)
    most = max(int(counts.iloc[:, :MOST_COLUMNS].to_numpy().max()), 1)
    for row, values in enumerate(counts.to_numpy()):
        for column, n in enumerate(values):
            shade = 0.05 + 0.4 * min(math.sqrt(n / most), 1)
            ax.barh(row, 0.92, height=0.86, left=column - 0.46, color=(COLOURS[0], shade))
            _write(ax, column, row, f"{n:,}", ha="center", color=INK if n else MUTED, fontsize=9)
    for column, head in enumerate(heads):
        _write(ax, column, -0.5, head, dy=5, ha="center", va="bottom", rotation=90, fontsize=9)
    ax.set_xlim(-0.5, counts.shape[1] - 0.5)
    ax.set_xticks([])
    ax.set_xlabel(unit)
    return ax


def _fold_columns(counts: pd.DataFrame) -> pd.DataFrame:
    """The outlets with the largest counts, and all others as one column."""
    if counts.shape[1] <= MOST_COLUMNS + 1:
        return counts
    totals = counts.sum()
    kept = sorted(sorted(counts.columns, key=lambda outlet: (-totals[outlet], outlet))[:MOST_COLUMNS])
    rest = counts.drop(columns=kept)
    return counts[kept].assign(**{f"{rest.shape[1]} others": rest.sum(axis=1)})


def _describe_counts(table: pd.DataFrame, category: str, value: str, unit: str, *, top_n: int) -> str:
    counts = _cross_counts(table, category, value)
    if counts.empty:
        return f"There are no {unit}s to show."
    shown = counts.head(min(top_n, 5))
    lines = "; ".join(f"{clip_label(name, 60)}: {_say_by_outlet(shown.loc[name])}" for name in shown.index)
    rest = len(counts) - len(shown)
    more = f" {_count(rest, 'more row')} in the table below." if rest else ""
    total = _list_outlets(counts.columns, lambda outlet: _count(int(counts[outlet].sum()), unit))
    return f"{total}. Most frequent: {lines}.{more}"


def _say_by_outlet(counts: pd.Series) -> str:
    largest = sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:4]
    rest = len(counts) - len(largest)
    return ", ".join(f"{clip_label(outlet)} {counts[outlet]:,}" for outlet in largest) + (
        f" and {_count(rest, 'outlet')} with no more than that" if rest else "")


# --- quotations -----------------------------------------------------------------------------


@_drawn
def plot_quoted_words(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """How much of each outlet's text stands between marks, with its interval where there is one.

    Parameters
    ----------
    table : one row an outlet: outlet, n_articles, n_words, n_words_direct, direct_percent and, if any outlet has
        articles enough, low_percent and high_percent (may be missing)
    ax, style : as in `plot_articles`
    """
    shown = _rank_outlets(table).head(MOST_ROWS).sort_values("outlet")
    if shown.empty:
        return _say_instead(ax, describe_quoted_words(table))
    style = style or outlet_style(table["outlet"])
    ax = _lay_rows(ax, [clip_label(outlet) for outlet in shown["outlet"]],
                   columns={"words quoted": [f"{n:,}" for n in shown["n_words_direct"]],
                            "articles": [f"{n:,}" for n in shown["n_articles"]]},
                   note=_say_hidden(len(table) - len(shown), "outlet"))
    for place, row in enumerate(shown.itertuples()):
        look = style[row.outlet]
        ax.axhline(place, color=GRID, linewidth=0.7, zorder=0)
        if np.isfinite(row.low_percent):
            ax.hlines(place, row.low_percent, row.high_percent, color=look.colour, linewidth=1.6)
        ax.plot(row.direct_percent, place, look.marker, color=look.colour, markersize=6.5, clip_on=False)
    most = float(np.nanmax(shown[["direct_percent", "high_percent"]].to_numpy()))
    _lay_count_axis(ax, most, "percent of the outlet's words that stand between marks")
    return ax


def _rank_outlets(table: pd.DataFrame) -> pd.DataFrame:
    """The outlets with most words first, each with limits, though they be missing."""
    missing = {name: np.nan for name in ("low_percent", "high_percent") if name not in table}
    return _name_outlets(table).assign(**missing).sort_values(["n_words", "outlet"], ascending=[False, True])


def describe_quoted_words(table: pd.DataFrame) -> str:
    """The alt text of `plot_quoted_words`."""
    ranked = _rank_outlets(table).set_index("outlet")
    if ranked.empty:
        return "There are no articles."

    def say_one(outlet: str) -> str:
        row = ranked.loc[outlet]
        limits = "" if pd.isna(row["low_percent"]) else f", interval {row['low_percent']} to {row['high_percent']}"
        return f"{row['direct_percent']} percent ({row['n_words_direct']:,} of {row['n_words']:,} words{limits})"
    return f"Words between marks. {_list_outlets(ranked.index, say_one)}."


@_drawn
def plot_kinds(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """Which share of an outlet's quotations is direct, mixed and indirect, with the counts.

    Parameters
    ----------
    table : one row an outlet and kind: outlet, kind, n_quotations
    ax, style : as in `plot_articles`
    """
    counts = _cross_kinds(table)
    if counts.empty:
        return _say_instead(ax, "There are no quotations to show.")
    style, outlets = style or outlet_style(counts.index), list(counts.index)[:MOST_ROWS]
    totals = counts.sum(axis=1)
    ax = _lay_rows(ax, [clip_label(outlet) for outlet in outlets], row=25, top=24, marked=True,
                   columns={"n": [f"{totals[outlet]:,}" for outlet in outlets]},
                   note=_say_hidden(len(counts) - len(outlets), "outlet"))
    for row, outlet in enumerate(outlets):
        _mark_label(ax, row, style[outlet])
        _draw_shares(ax, row, counts.loc[outlet].to_numpy())
    for place, (kind, (fill, _ink)) in enumerate(_KINDS.items()):
        _draw_swatch(ax, place, kind, fill)
    ax.set_xlim(0, 100)
    ax.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel("share of the outlet's quotations; in the bars: counts")
    return ax


_KINDS = {"direct": (INK, PANEL), "mixed": (MUTED, PANEL), "indirect": (GRID, INK)}


def _cross_kinds(table: pd.DataFrame) -> pd.DataFrame:
    counts = _cross_counts(table, "kind", "n_quotations").T.reindex(columns=list(_KINDS), fill_value=0)
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) <= MOST_ROWS:
        return counts
    totals = counts.sum(axis=1)
    return counts.loc[sorted(counts.index, key=lambda outlet: (-totals[outlet], outlet))]


def _draw_shares(ax: Axes, row: int, counts: np.ndarray) -> None:
    left = 0.0
    for n, (fill, ink) in zip(counts, _KINDS.values(), strict=True):
        share = 100 * n / counts.sum()
        if n:
            ax.barh(row, share, height=0.66, left=left, color=fill)
        if share > 6:
            _write(ax, left + share / 2, row, f"{n:,}", ha="center", color=ink, fontsize=9)
        left += share


def describe_kinds(table: pd.DataFrame) -> str:
    """The alt text of `plot_kinds`."""
    counts = _cross_kinds(table)
    if counts.empty:
        return "There are no quotations to show."
    def say_one(outlet: str) -> str:
        row = counts.loc[outlet]
        parts = ", ".join(f"{row[kind]:,} {kind}" for kind in _KINDS)
        return f"{_count(int(row.sum()), 'quotation')} ({parts})"
    return f"Kinds of quotation. {_list_outlets(counts.index, say_one)}."


@_drawn
def plot_speakers(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                  style: Styles | None = None) -> Axes:
    """Who is given how many words: words quoted from a speaker by an outlet, direct and indirect.

    Parameters
    ----------
    table : one row a speaker and outlet: speaker_name, outlet, n_quotations, n_words_direct,
        n_words_indirect
    top_n : rows shown, those with most words
    ax, style : as in `plot_articles`
    """
    shown = _rank_speakers(table).head(top_n)
    if shown.empty:
        return _say_instead(ax, "There are no speakers to show.")
    style = style or outlet_style(_name_outlets(table)["outlet"])
    rows = [row for outlet, group in shown.groupby("outlet", sort=True)
            for row in (outlet, *group.itertuples(index=False))]
    labels = ["" if isinstance(row, str) else clip_label(row.speaker_name) for row in rows]
    ax = _lay_rows(ax, labels, top=24, right=100, note=_say_hidden(len(table) - len(shown), "row"))
    for place, row in enumerate(rows):
        if isinstance(row, str):
            _draw_heading(ax, place, row, style[row])
        else:
            _draw_speaker(ax, place, row, style[row.outlet].colour)
    _draw_swatch(ax, 0, "direct", MUTED)
    _draw_swatch(ax, 1, "indirect", MUTED, alpha=0.35)
    _lay_count_axis(ax, float(shown["n_words"].max()), "words quoted")
    ax.grid(visible=False)
    return ax


def _rank_speakers(table: pd.DataFrame) -> pd.DataFrame:
    table = _name_outlets(table)
    table = table.assign(n_words=table["n_words_direct"] + table["n_words_indirect"],
                         speaker_name=table["speaker_name"].fillna("not named").map(clean_text))
    return table.sort_values(["n_words", "n_quotations", "speaker_name", "outlet"],
                             ascending=[False, False, True, True])


def _draw_speaker(ax: Axes, place: int, row: Any, colour: str) -> None:
    direct, indirect = row.n_words_direct, row.n_words_indirect
    for start, width, alpha in ((0, direct, 1.0), (direct, indirect, 0.3)):
        if width > 0:
            ax.barh(place, width, height=0.6, left=start, facecolor=(colour, alpha), edgecolor=colour,
                    linewidth=0.9)
    _write(ax, row.n_words, place, f"{row.n_words:,} in {_count(row.n_quotations, 'quotation')}",
           dx=5, fontsize=9)


def describe_speakers(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_speakers`."""
    ranked = _rank_speakers(table)
    if ranked.empty:
        return "There are no speakers to show."
    lines = "; ".join(
        f"{clip_label(row.speaker_name, 60)} in {clip_label(row.outlet)}: {row.n_words:,} words "
        f"({row.n_words_direct:,} direct) in {_count(row.n_quotations, 'quotation')}"
        for row in ranked.head(min(top_n, 5)).itertuples())
    return f"Words quoted by speaker and outlet, most first: {lines}."


# --- words and names ------------------------------------------------------------------------


def clip_label(text: object, letters: int = LABEL) -> str:
    """`text` on one line and no wider than about so many small letters.

    >>> clip_label("Organisation for Economic Co-operation", 20)
    'Organisation for Eco…'
    """
    line = " ".join(clean_text(str(text)[:1000]).split()) or "(blank)"
    room = letters * LETTER
    if _measure(line) <= room:
        return line
    kept, taken = 0, _measure_letter("…")
    for letter in line:
        taken += _measure_letter(letter)
        if taken > room:
            break
        kept += 1
    return line[:kept].rstrip() + "…"


def _measure(text: str) -> float:
    """Points that `text` takes in the figures' size, on the safe side whatever the page's font."""
    return sum(map(_measure_letter, text))


def _measure_letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 10.5
    if letter in "MWmw@%…":
        return 9.0
    if letter in "iljtf.,:;'|! ":
        return 3.6
    return 7.4 if letter.isupper() else LETTER

def _name_outlets(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(outlet=table["outlet"].fillna("unknown").astype(str))


def _count(n: int, unit: str) -> str:
    return f"{n:,} {unit}{'' if n == 1 else 's'}"


def _list_outlets(outlets: Iterable[str], say_one: Callable[[str], str], most: int = 6) -> str:
    """`CGTN: ...; CNN: ...` in alphabetical order, of the `most` first outlets of a ranked list."""
    outlets = list(outlets)
    listed = "; ".join(f"{clip_label(outlet, 60)}: {say_one(outlet)}" for outlet in sorted(outlets[:most]))
    rest = len(outlets) - most
    return f"{listed}; and {_count(rest, 'more outlet')}" if rest > 0 else listed


def _largest(outlets: pd.Series) -> list[str]:
    """The outlets that get a row: all, or those with most articles, in alphabetical order."""
    counts = outlets.value_counts()
    return sorted(sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:MOST_ROWS])


def _plain_times(times: pd.Series) -> pd.Series:
    """The times that are there, in UTC and without a zone, as matplotlib wants them."""
    return pd.to_datetime(times, utc=True).dropna().dt.tz_localize(None)


def _say_time(time: pd.Timestamp) -> str:
    return time.strftime("%Y-%m-%d %H:%M")


# --- layout ---------------------------------------------------------------------------------


def _lay_rows(ax: Axes | None, labels: Sequence[str], *, columns: Mapping[str, Sequence[str]] | None = None,
              column: float = COLUMN, row: float = ROW, top: float = 8.0, bottom: float = 34.0, right: float = 14.0,
              marked: bool = False, note: str = "") -> Axes:
    """Axes with a labelled row for each label, the first on top; sizes in points.

    `columns` are figures at the right, each with its head and `column` points wide; `marked` leaves room for a
    marker beside the label; `note` stands below all.
    """
    columns = columns or {}
    left = max(max(map(_measure, labels)) + (26 if marked else 12), 40)
    heads = {head: _wrap(head, math.ceil(column / LETTER))[:3] for head in columns}
    if columns:
        right, top = column * len(columns) + 8, max(top, 8 + 12 * max(map(len, heads.values())))
    ax = ax or _new_axes(left, right, top, bottom + (14 if note else 0), row * len(labels))
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", pad=18 if marked else 8)
    for place, (head, values) in enumerate(columns.items(), start=1):
        _write_column(ax, place * column, "\n".join(heads[head]), values)
    if note:
        _write(ax, 0, 0, note, dy=-bottom, va="top", color=MUTED, fontsize=8.5, xycoords="axes fraction")
    return ax


def _write_column(ax: Axes, dx: float, head: str, values: Sequence[str]) -> None:
    """Figures at the right of the axes, one a row, and what they are above them."""
    _write(ax, 1, 1, head, dx=dx, dy=5, ha="right", va="bottom", color=MUTED, fontsize=9,
           xycoords="axes fraction")
    for row, value in enumerate(values):
        _write(ax, 1, row, value, dx=dx, ha="right", fontsize=9.5, xycoords=("axes fraction", "data"))


def _new_axes(left: float, right: float, top: float, bottom: float, height: float) -> Axes:
    tall = top + height + bottom
    figure = Figure(figsize=(WIDTH / 72, tall / 72))
    return figure.add_axes((left / WIDTH, bottom / tall, (WIDTH - left - right) / WIDTH, height / tall))


def _lay_count_axis(ax: Axes, most: float, unit: str) -> None:
    """An axis of counts from zero, with few round ticks."""
    step = _round_step(max(most, 1.0) / 4.5)
    ax.set_xlim(0, max(most, 1.0) * 1.03)
    ticks = np.arange(0, most + step / 2, step)
    ticks = ticks[ticks <= max(most, 1.0) * 1.03]
    ax.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
    ax.grid(axis="x")
    ax.set_xlabel(unit)


def _round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `least`."""
    power = 10 ** max(math.floor(math.log10(max(least, 1.0))), 0)
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def _lay_time_axis(ax: Axes, times: pd.Series) -> None:
    first, last = dates.date2num([times.min(), times.max()])
    margin = max((last - first) * 0.04, 0.25)
    ax.set_xlim(first - margin, last + margin)
    locator = dates.AutoDateLocator(minticks=2, maxticks=5)
    locator.set_axis(ax.xaxis)
    ticks = [tick for tick in locator() if first - margin <= tick <= last + margin]
    ax.set_xticks(ticks, [_say_tick(dates.num2date(tick), last - first) for tick in ticks])
    ax.grid(axis="x")
    ax.set_xlabel(f"published, UTC ({_say_span(times)})")


def _say_tick(time: datetime, days: float) -> str:
    """A time as exactly as a span of so many days asks for."""
    if days > 1500:
        return f"{time:%Y}"
    if days > 100:
        return f"{time:%b %Y}"
    if days > 3 or (time.hour, time.minute) == (0, 0):
        return f"{time.day} {time:%b}"
    return f"{time:%H:%M}"


def _say_span(times: pd.Series) -> str:
    days = sorted({time.strftime("%Y-%m-%d") for time in (times.min(), times.max())})
    return " to ".join(days)


def _mark_values(ax: Axes, values: np.ndarray, row: int, look: OutletStyle, *, summed: bool = False) -> None:
    """A marker a value; of many values fine strokes, or quartiles and median where `summed`."""
    if len(values) <= DOTS:
        ax.plot(values, np.full(len(values), row), look.marker, color=look.colour, markersize=6.5,
                alpha=0.85, markeredgewidth=0, clip_on=False)
    elif summed:
        low, first, median, third, high = np.percentile(values, [0, 25, 50, 75, 100])
        ax.hlines(row, low, high, color=look.colour, linewidth=1.2)
        ax.hlines(row, first, third, color=look.colour, linewidth=6, capstyle="butt")
        ax.plot(median, row, look.marker, color=PANEL, markeredgecolor=look.colour, markersize=6.5)
    else:
        places = np.unique(np.linspace(min(values), max(values), 301).searchsorted(values))
        x = np.linspace(min(values), max(values), 301)[places]
        strokes = np.column_stack([x, x, np.full(len(x), np.nan)]).ravel()
        ax.plot(strokes, np.tile([row - 0.3, row + 0.3, np.nan], len(x)), color=look.colour, linewidth=0.9)


def _write(ax: Axes, x: float, y: float, text: str, *, dx: float = 0, dy: float = 0, ha: str = "left",
           va: str = "center_baseline", **options: Any) -> None:
    """Text beside a point, shifted by points; never clipped."""
    ax.annotate(text, (x, y), (dx, dy), textcoords="offset points", ha=ha, va=va,
                annotation_clip=False, **options)


def _lay_key(outlets: Sequence[str]) -> list[list[tuple[float, str]]]:
    """The lines of the key above a figure: for each outlet its place in points from the left."""
    lines: list[list[tuple[float, str]]] = [[]]
    at = 0.0
    for outlet in outlets:
        width = _measure(clip_label(outlet, 30)) + 28
        if lines[-1] and at + width > WIDTH - 20:
            lines.append([])
            at = 0.0
        lines[-1].append((at, outlet))
        at += width
    return lines


def _draw_key(ax: Axes, lines: list[list[tuple[float, str]]], style: Styles) -> None:
    left = ax.get_position().x0 * ax.get_figure().get_figwidth() * 72 - 8
    for place, line in enumerate(lines):
        for at, outlet in line:
            dx, dy = at - left + 4, 12 + 14 * (len(lines) - 1 - place)
            _put_marker(ax, dx, dy, style[outlet], ("axes", 0, 1))
            _write(ax, 0, 1, clip_label(outlet, 30), dx=dx + 8, dy=dy, xycoords="axes fraction", fontsize=9)


def _put_marker(ax: Axes, dx: float, dy: float, look: OutletStyle, anchor: tuple[str, float, float]) -> None:
    """A marker shifted by points from an anchor in fractions of the axes, or in data for its row."""
    kind, x, y = anchor
    base = ax.transAxes if kind == "axes" else ax.get_yaxis_transform()
    shifted = base + ScaledTranslation(dx / 72, dy / 72, ax.get_figure().dpi_scale_trans)
    ax.plot([x], [y], look.marker, color=look.colour, markersize=6, transform=shifted, clip_on=False)


def _mark_label(ax: Axes, row: int, look: OutletStyle) -> None:
    _put_marker(ax, -10, 0, look, ("rows", 0, row))


def _draw_heading(ax: Axes, place: int, outlet: str, look: OutletStyle) -> None:
    """The name of an outlet above its rows."""
    _put_marker(ax, 4, -2, look, ("rows", 0, place))
    _write(ax, 0, place, clip_label(outlet, 28), dx=13, dy=-2, fontweight="bold",
           xycoords=("axes fraction", "data"))


def _draw_swatch(ax: Axes, place: int, name: str, fill: str, *, alpha: float = 1.0) -> None:
    """A patch of a fill and its name, above the axes."""
    look = OutletStyle(fill, "s", place)
    dx = 4 + 64 * place
    shifted = ax.transAxes + ScaledTranslation(dx / 72, 12 / 72, ax.get_figure().dpi_scale_trans)
    ax.plot([0], [1], look.marker, color=fill, alpha=alpha, markersize=7, markeredgewidth=0,
            transform=shifted, clip_on=False)
    _write(ax, 0, 1, name, dx=dx + 8, dy=12, xycoords="axes fraction", fontsize=9)


def _say_hidden(hidden: int, unit: str) -> str:
    """How much is not drawn, if any."""
    return f"{_count(hidden, unit)} more, not drawn." if hidden > 0 else ""


def _say_instead(ax: Axes | None, sentence: str) -> Axes:
    """A sentence where there is nothing to draw."""
    ax = ax or _new_axes(12, 12, 6, 6, 40)
    ax.set_axis_off()
    lines = _wrap(sentence, 60)[:4]
    ax.text(0, 0.5, "\n".join(lines), transform=ax.transAxes, ha="left", va="center", color=MUTED)
    return ax


def _wrap(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in clip_label(text, letters * 4).split():
        longer = f"{lines[-1]} {clip_label(word, letters)}".strip()
        if lines[-1] and _measure(longer) > letters * LETTER:
            lines.append(clip_label(word, letters))
        else:
            lines[-1] = longer
    return lines
