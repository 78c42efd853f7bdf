"""Figures of terms: their positions in the articles, and how often each outlet uses them.

A table in, Axes out. Positions and rates are counted in `samestory.measure.words`.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    FIGURE_WIDTH_POINTS,
    MAX_OUTLET_ROWS,
    OTHER_OUTLETS_STYLE,
    OutletStyles,
    lay_rows,
    mark_label,
    name_row,
    put_marker,
    shade_cells,
    with_house_style,
    write_empty_figure,
    write_figure_text,
)
from samestory.draw.labels import clip_label, find_extreme_names, format_hidden_count, list_outlets, measure_text
from samestory.show.outlet_style import GRID_COLOUR, INK_COLOUR, MUTED_COLOUR, outlet_style
from samestory.show.printable import clean_text

MAX_STRIP_STROKES = 40  # positions on a strip drawn individually
MAX_TERM_STRIPS = 32  # including the terms' headings
STRIP_BINS = 20  # parts of an article used to count many positions
MAX_OUTLETS_WITH_RATES = 8  # outlets up to which the cells of a heat map show their rate
MIN_RATE_COLUMN_POINTS = 12.0  # width of a column without numbers


class StripRow(Protocol):
    """A row of the table that `list_strips` returned: a term in an outlet or an article."""

    term: str
    outlet: str
    n: int
    n_quoted: int
    n_words: int
    n_articles: int
    of_articles: int
    at: Sequence[float]  # percent of the article before each occurrence
    quoted: Sequence[bool]


# Strips -----------------------------------------------------------------------------------------


@with_house_style
def plot_places(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """The positions of each term in the articles: a stroke per occurrence, or, for many, bars by twentieths.

    A full stroke is in the outlet's own words, a half stroke between quotation marks.

    Parameters
    ----------
    table : the result of `list_strips`
    ax, style : as in `plot_articles`
    """
    if table.empty:
        return write_empty_figure(ax, describe_places(table))
    style = {**dict.fromkeys(table["outlet"], OTHER_OUTLETS_STYLE), **(style or outlet_style(table["outlet"]))}
    terms = list(dict.fromkeys(table["term"]))
    kept, hidden = _keep_terms(table, terms)
    rows = [row for _, group in kept for row in (None, *group.itertuples())]
    ax = lay_rows(ax, ["" if row is None else _name_strip(row) for row in rows], marked=True, row=17,
                  rows=[{} if row is None else {"term": row.term, "side": row.outlet} for row in rows],
                  columns=_make_strip_columns(table, rows), note=format_hidden_count(hidden, "term"))
    headings = iter(term for term, _ in kept)
    for place, row in enumerate(rows):
        if row is None:
            term = next(headings)
            write_figure_text(ax, 0, place, clip_label(term, 30), dy=-3, fontweight="bold",
                              xycoords=("axes fraction", "data"), gid=name_row({"term": term}))
        else:
            mark_label(ax, place, style[row.outlet])
            _draw_strip(ax, place, row, style[row.outlet].colour)
    ax.set_xlim(0, 100)
    ax.set_xticks([0, 25, 50, 75, 100], ["start", "25 %", "half", "75 %", "end"])
    ax.set_xlabel(_explain_strokes(table))
    ax.grid(axis="x")
    return ax


def _keep_terms(table: pd.DataFrame, terms: list[str]) -> tuple[list[tuple[str, pd.DataFrame]], int]:
    """As many terms as fit, each with its strips, and the number of the rest."""
    each = max(int(table.groupby("term").size().max()), 1)
    kept = terms[:max(1, MAX_TERM_STRIPS // (each + 1))]
    groups = dict(tuple(table.groupby("term")))
    return [(clean_text(term), groups[term].head(MAX_OUTLET_ROWS)) for term in kept], len(terms) - len(kept)


def _name_strip(row: StripRow) -> str:
    return clip_label(row.outlet) if row.of_articles == 1 else f"{clip_label(row.outlet, 18)} ({row.of_articles:,})"


def _make_strip_columns(table: pd.DataFrame, rows: Iterable[StripRow | None]) -> dict[str, list[str]]:
    """The occurrences of a term and the articles that have it or, for a single article, its length."""
    rows = list(rows)
    times = ["" if row is None else f"{row.n:,}" for row in rows]
    if (table["article_id"] != "").all():
        return {"times": times, "words": ["" if row is None else f"{row.n_words:,}" for row in rows]}
    return {"times": times, "articles": ["" if row is None else f"{row.n_articles:,}" for row in rows]}


def _explain_strokes(table: pd.DataFrame) -> str:
    quoted = "short stroke: quoted" if ((table["n_quoted"] > 0) & (table["n"] <= MAX_STRIP_STROKES)).any() else ""
    return "; ".join(filter(None, [quoted, f"bars: over {MAX_STRIP_STROKES} places"
                                   if (table["n"] > MAX_STRIP_STROKES).any() else ""]))


def _draw_strip(ax: Axes, place: int, row: StripRow, colour: str) -> None:
    ax.hlines(place + 0.4, 0, 100, color=GRID_COLOUR, linewidth=0.9)
    at = np.asarray(row.at, dtype=np.float64)
    if len(at) > MAX_STRIP_STROKES:
        n = np.histogram(at, bins=STRIP_BINS, range=(0, 100))[0]
        ax.bar(np.arange(STRIP_BINS) * 100 / STRIP_BINS, -0.78 * n / n.max(), width=90 / STRIP_BINS, bottom=place + 0.4,
               align="edge", color=colour, linewidth=0)
        return
    top = np.where(np.asarray(row.quoted, dtype=np.bool_), 0.02, -0.38)
    strokes = np.column_stack([at, at, np.full(len(at), np.nan)]).ravel()
    ends = np.column_stack([place + top, np.full(len(at), place + 0.4), np.full(len(at), np.nan)]).ravel()
    ax.plot(strokes, ends, color=colour, linewidth=1.8, solid_capstyle="butt", clip_on=False)


def describe_places(table: pd.DataFrame) -> str:
    """The alt text of `plot_places`: each term's positions, how often it occurs, and how often it is quoted."""
    if table.empty:
        return "There is no term to place."
    shown = table.head(10)
    listed = "; ".join(f"{clip_label(row.term, 40)} in {clip_label(row.outlet)} {_describe_strip_row(row)}"
                       for row in shown.itertuples())
    rest = len(table) - len(shown)
    more = f" {format_quantity(rest, 'more row')} in the table below." if rest else ""
    return (f"{_describe_term_spread(table)} Positions, in percent of the article from its first word:"
            f" {listed}.{more}")


def _describe_term_spread(table: pd.DataFrame) -> str:
    """The number of terms that are on one side only, and their names."""
    n_terms = table["term"].nunique()
    if table["outlet"].nunique() < 2:
        return f"{format_quantity(n_terms, 'term')}, {format_quantity(int(table['n'].sum()), 'time')} in all."
    found = table[table["n"] > 0].groupby("term")["outlet"].agg(["nunique", "first"])
    alone = found[found["nunique"] == 1]
    listed = ", ".join(f"{clip_label(term, 40)} in {clip_label(row['first'])}" for term, row in alone.iterrows())
    return f"Of {format_quantity(n_terms, 'term')}, {len(alone):,} in one outlet only{': ' if listed else ''}{listed}."


def _describe_strip_row(row: StripRow) -> str:
    if not row.n:
        return "nowhere"
    quoted = f", {row.n_quoted:,} of them between marks" if row.n_quoted else ""
    low, middle, high = np.percentile(np.asarray(row.at, dtype=np.float64), [0, 50, 100])
    return f"{format_quantity(row.n, 'time')}{quoted}, from {low:.0f} to {high:.0f}, median {middle:.0f}"


# Heat map ---------------------------------------------------------------------------------------


@with_house_style
def plot_rates(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """How often each outlet uses each term, darker for more often; with many outlets, each is a row.

    Each term is shaded by its own highest rate, so that rare and frequent terms can be compared across outlets.

    Parameters
    ----------
    table : the result of `count_rates`
    ax, style : as in `plot_articles`
    """
    rates, sizes = _cross_term_rates(table)
    if rates.shape[1] < 2 or rates.empty:
        return write_empty_figure(ax, describe_rates(table))
    draw = _draw_rates if rates.shape[1] <= MAX_OUTLETS_WITH_RATES else _draw_shades
    ax = draw(ax, rates, sizes, style or outlet_style(table["outlet"]), table["outlet"].nunique() - rates.shape[1])
    ax.set_xticks([])
    return ax


def _draw_rates(ax: Axes | None, rates: pd.DataFrame, sizes: dict[str, int], style: OutletStyles,
                n_hidden: int) -> Axes:
    """A row per term and a column per outlet; each cell has its rate."""
    labels = [clip_label(term, 18) for term in rates.index]
    heads = {outlet: f"{clip_label(outlet, 18)} ({sizes[outlet]:,})" for outlet in rates.columns}
    wide = (FIGURE_WIDTH_POINTS - max(map(measure_text, labels)) - 22) / len(heads)
    is_upright = max(map(measure_text, heads.values())) < wide
    note = "Times per 1,000 words of the outlet; strongest shade: the highest of the row. In brackets: articles."
    ax = lay_rows(ax, labels, right=10, bottom=14, note=f"{note} {format_hidden_count(n_hidden, 'outlet')}",
                  rows=[{"term": term} for term in rates.index],
                  top=24 + (12 if is_upright else 0.95 * max(map(measure_text, heads.values()))))
    ax.set_xlim(-0.5, len(heads) - 0.5)
    shade_cells(ax, rates.to_numpy() / np.maximum(rates.to_numpy().max(axis=1, keepdims=True), 1e-12))
    _write_rates(ax, rates.to_numpy())
    for column, (outlet, head) in enumerate(heads.items()):
        x = (column + 0.5) / len(heads)
        put_marker(ax, 0, 8, style[outlet], ("axes", x, 1))
        write_figure_text(ax, x, 1, head, dy=17, ha="center", va="bottom", rotation=0 if is_upright else 90,
                          fontsize=9.5, xycoords="axes fraction")
    return ax


def _write_rates(ax: Axes, rates: np.ndarray) -> None:
    for row, values in enumerate(rates):
        for column, rate in enumerate(values):
            dark = rate > 0.7 * values.max()
            write_figure_text(ax, column, row, _format_cell_rate(rate), ha="center", fontsize=9.5,
                              color=INK_COLOUR if rate else MUTED_COLOUR, fontweight="bold" if dark else "normal")


def _format_cell_rate(rate: float) -> str:
    return "0" if not rate else f"{rate:.1f}" if rate >= 0.05 else "<0.1"


def _draw_shades(ax: Axes | None, rates: pd.DataFrame, sizes: dict[str, int], style: OutletStyles,
                 n_hidden: int) -> Axes:
    """A row per outlet and a column per term; next to the term is its highest rate."""
    labels = [clip_label(outlet, 18) for outlet in rates.columns]
    room = FIGURE_WIDTH_POINTS - max(map(measure_text, labels)) - 62
    kept = rates.head(int(room / MIN_RATE_COLUMN_POINTS)).T
    heads = [f"{clip_label(term, 18)}, {_format_cell_rate(kept[term].max())}" for term in kept.columns]
    notes = ["Next to a term its highest rate, times per 1,000 words of the outlet: the strongest shade of its column.",
             format_hidden_count(len(rates) - kept.shape[1], "term"), format_hidden_count(n_hidden, "outlet")]
    ax = lay_rows(ax, labels, marked=True, columns={"articles": [f"{sizes[outlet]:,}" for outlet in kept.index]},
                  bottom=12, top=0.95 * max(map(measure_text, heads)) + 14, note=" ".join(notes))
    ax.set_xlim(-0.5, kept.shape[1] - 0.5)
    shade_cells(ax, kept.to_numpy() / np.maximum(kept.to_numpy().max(axis=0), 1e-12))
    for row, outlet in enumerate(kept.index):
        mark_label(ax, row, style[outlet])
    for column, (term, head) in enumerate(zip(kept.columns, heads, strict=True)):
        write_figure_text(ax, column, -0.5, head, dy=5, ha="center", va="bottom", rotation=90, fontsize=9.5,
                          gid=name_row({"term": term}))
    return ax


def _cross_term_rates(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Terms (in the order given) by outlets (those with the most words, alphabetically); the outlets' articles."""
    words = table.groupby("outlet")["n_words"].first()
    kept = sorted(sorted(words.index, key=lambda outlet: (-words[outlet], outlet))[:MAX_OUTLET_ROWS])
    terms = list(dict.fromkeys(table["term"]))[:MAX_OUTLET_ROWS]
    rates = table.pivot_table(index="term", columns="outlet", values="per_1k", aggfunc="sum", fill_value=0.0)
    rates = rates.reindex(index=terms, columns=kept, fill_value=0.0)
    rates.index = [clean_text(term) for term in rates.index]
    return rates, {outlet: int(n) for outlet, n in table.groupby("outlet")["of_articles"].first().items()}


def describe_rates(table: pd.DataFrame) -> str:
    """The alt text of `plot_rates`: for each term, the outlet that uses it most, and how many outlets never use it."""
    rates, sizes = _cross_term_rates(table)
    if rates.shape[1] < 2 or rates.empty:
        return "There are no terms to compare outlet by outlet."
    listed = "; ".join(f"{clip_label(term, 40)}: {_describe_highest_rate(row)}"
                       for term, row in rates.head(8).iterrows())
    more = f" {format_quantity(len(rates) - 8, 'more row')} in the table below." if len(rates) > 8 else ""
    articles = list_outlets(sorted(sizes, key=lambda outlet: (-sizes[outlet], outlet)),
                            lambda outlet: format_quantity(sizes[outlet], "article"), most=4)
    highest = rates.max(axis=1)
    term = find_extreme_names(highest.to_dict())[0]
    outlet = find_extreme_names(rates.loc[term].to_dict())[0]
    return (f"Highest rate: {clip_label(term, 40)}, {highest[term]:.1f} times per 1,000 words in {clip_label(outlet)}."
            f" By term, where most often: {listed}.{more} {articles}.")


def _describe_highest_rate(rates: pd.Series) -> str:
    outlet = find_extreme_names(rates.to_dict())[0]
    never = int((rates == 0).sum())
    lacking = f", none in {format_quantity(never, 'outlet')}" if never else ""
    return f"{clip_label(outlet)} {rates[outlet]:.1f}{lacking}"
