"""Figures of a corpus: when and at what length outlets published, and counts by outlet; a small table in, Axes out.

Every `plot_*` has a `describe_*` that says in words, from the same table, what the figure shows, its finding first:
its alt text. Nothing is computed here but what drawing needs; statistics are the business of the modules that make
the tables. How it is drawn stands in drawing.
"""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes

from samestory.display import GRID, INK, MUTED, clean_text, outlet_style
from samestory.drawing import (
    DOTS,
    MOST_ROWS,
    SMALL,
    WIDTH,
    Styles,
    clip_label,
    draw_guides,
    draw_key,
    drawn,
    find_most,
    lay_count_axis,
    lay_key,
    lay_rows,
    lay_time_axis,
    list_largest,
    list_outlets,
    mark_label,
    mark_values,
    measure_figures,
    measure_text,
    name_outlets,
    name_row,
    say_count,
    say_hidden,
    say_instead,
    say_names,
    shade_cells,
    write_text,
)

LANES = 4  # outlets that share a row; with more, each is a row
LANE = 11.0  # points from one lane to the next
FEWEST_DATES = 2  # articles with a date that make a timeline
MOST_LED = 60  # categories whose names lead to their rows
THINGS = {"role": "role", "cue_class": "cue class", "name": "name"}

# --- articles -------------------------------------------------------------------------------


@drawn
def plot_articles(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """When each outlet published: one row an outlet, one mark an article; a sentence if fewer than two have a date.

    Parameters
    ----------
    table : one row an article: outlet, published_at (UTC, may be missing)
    ax : where to draw; a new figure without it
    style : `outlet_style` of all outlets of the corpus, so that colours stay the same throughout
    """
    table = name_outlets(table)
    if table["published_at"].notna().sum() < FEWEST_DATES:
        return say_instead(ax, describe_articles(table))
    style, outlets = style or outlet_style(table["outlet"]), list_largest(table["outlet"])
    counts = table.groupby("outlet")["published_at"].agg(["size", "count"])
    columns = {"articles": [f"{n:,}" for n in counts.loc[outlets, "size"]]}
    if table["published_at"].isna().any():
        columns["no date"] = [f"{n:,}" for n in (counts["size"] - counts["count"]).loc[outlets]]
    notes = [f"Strokes: outlets with more than {DOTS} articles." if counts.loc[outlets, "count"].max() > DOTS else "",
             say_hidden(len(counts) - len(outlets), "outlet")]
    ax = lay_rows(ax, [clip_label(outlet) for outlet in outlets], columns=columns, note=" ".join(notes),
                  rows=[{"outlet": outlet} for outlet in outlets])
    draw_guides(ax, len(outlets))
    for row, outlet in enumerate(outlets):
        times = _plain_times(table.loc[table["outlet"] == outlet, "published_at"])
        mark_values(ax, dates.date2num(times), row, style[outlet])
    lay_time_axis(ax, _plain_times(table["published_at"]))
    return ax


def describe_articles(table: pd.DataFrame) -> str:
    """The alt text of `plot_articles`: how many articles between which dates, who has most, how many have no date."""
    table = name_outlets(table)
    if table.empty:
        return "There are no articles."
    counts = table["outlet"].value_counts()
    listed = list_outlets(counts.index, lambda outlet: say_count(int(counts[outlet]), "article"))
    times = _plain_times(table["published_at"])
    if not len(times):
        return f"No article has a date of publication, so there is no timeline. {listed}."
    if len(times) < FEWEST_DATES:
        outlet = clip_label(table["outlet"][times.index[0]])
        return (f"There is no timeline: 1 of {say_count(len(table), 'article')} has a date of publication"
                f" ({outlet}, {_say_time(times.iloc[0])} UTC). {listed}.")
    span = (f"{say_count(len(times), 'article')} of {say_count(table['outlet'][times.index].nunique(), 'outlet')},"
            f" published {_say_span(times)} UTC")
    most = find_most(counts.to_dict())
    who = f"; most are by {say_names(most)} ({counts[most[0]]:,})" if len(most) == 1 < len(counts) else ""
    undated = len(table) - len(times)
    missing = f" {say_count(undated, 'article')} without a date." if undated else ""
    return f"{span}{who}. {listed}.{missing}"


def _plain_times(times: pd.Series) -> pd.Series:
    """The times that are there, in UTC and without a zone, as matplotlib wants them."""
    return pd.to_datetime(times, utc=True).dropna().dt.tz_localize(None)


def _say_span(times: pd.Series) -> str:
    first, last = _say_time(times.min()), _say_time(times.max())
    return f"at {first}" if first == last else f"from {first} to {last}"


def _say_time(time: pd.Timestamp) -> str:
    """The time to the minute; a midnight is a day without a time."""
    return time.strftime("%Y-%m-%d" if time == time.normalize() else "%Y-%m-%d %H:%M")


@drawn
def plot_words(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """How long the articles are: one row an outlet, one mark an article, or quartiles where many.

    Parameters
    ----------
    table : one row an article: article_id, outlet, n_words
    ax, style : as in `plot_articles`
    """
    table = name_outlets(table)
    if table.empty:
        return say_instead(ax, describe_words(table))
    style, outlets = style or outlet_style(table["outlet"]), list_largest(table["outlet"])
    lengths = {outlet: table.loc[table["outlet"] == outlet, "n_words"].to_numpy() for outlet in outlets}
    summed = f"Of more than {DOTS} articles: line, all; bar, the middle half; mark, the median."
    notes = [summed if max(map(len, lengths.values())) > DOTS else "",
             say_hidden(table["outlet"].nunique() - len(outlets), "outlet")]
    ax = lay_rows(ax, [clip_label(outlet) for outlet in outlets], note=" ".join(notes),
                  rows=[{"outlet": outlet} for outlet in outlets],
                  columns={"median": [f"{np.median(lengths[outlet]):,.0f}" for outlet in outlets],
                           "articles": [f"{len(lengths[outlet]):,}" for outlet in outlets]})
    draw_guides(ax, len(outlets))
    for row, outlet in enumerate(outlets):
        mark_values(ax, lengths[outlet], row, style[outlet], summed=True)
    lay_count_axis(ax, float(table["n_words"].max()), "words an article")
    return ax


def describe_words(table: pd.DataFrame) -> str:
    """The alt text of `plot_words`: whose articles are longest and shortest; each outlet's range and median."""
    table = name_outlets(table)
    if table.empty:
        return "There are no articles."
    groups = table.groupby("outlet")["n_words"]
    listed = list_outlets(table["outlet"].value_counts().index,
                          lambda outlet: _say_lengths(groups.get_group(outlet).to_numpy()))
    return f"{_compare_lengths(groups.median().to_dict())} {listed}."


def _compare_lengths(medians: Mapping[str, float]) -> str:
    longest, shortest = find_most(medians), find_most(medians, least=True)
    most, least = (f"{medians[names[0]]:,.0f} words" for names in (longest, shortest))
    if len(medians) == 1:
        return f"The median article has {most}."
    if longest == shortest:
        return f"The median article has {most} in every outlet."
    return (f"The median article is longest in {say_names(longest)}, {most}, and shortest in"
            f" {say_names(shortest)}, {least}.")


def _say_lengths(lengths: np.ndarray) -> str:
    if len(lengths) == 1:
        return f"{lengths[0]:,} words"
    return (f"{min(lengths):,} to {max(lengths):,} words, median {np.median(lengths):,.0f}, "
            f"in {len(lengths):,} articles")


# --- counts by outlet -----------------------------------------------------------------------


@drawn
def plot_roles(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """What the lines of the articles are (body, headline, credit ...), by outlet.

    Parameters
    ----------
    table : one row an outlet and role: outlet, role, n_lines
    ax, style : as in `plot_articles`
    """
    return _draw_counts(ax, table, "role", "n_lines", "line", top_n=12, style=style)


def describe_roles(table: pd.DataFrame) -> str:
    """The alt text of `plot_roles`: the most frequent role with its share, by outlet."""
    return _describe_counts(table, "role", "n_lines", "line", top_n=12)


@drawn
def plot_cues(table: pd.DataFrame, *, ax: Axes | None = None, style: Styles | None = None) -> Axes:
    """How quotations are introduced: quotations by class of cue and outlet.

    Parameters
    ----------
    table : one row an outlet and class: outlet, cue_class, n_quotations
    ax, style : as in `plot_articles`
    """
    return _draw_counts(ax, table, "cue_class", "n_quotations", "quotation", top_n=12, style=style)


def describe_cues(table: pd.DataFrame) -> str:
    """The alt text of `plot_cues`: the most frequent class with its share, by outlet."""
    return _describe_counts(table, "cue_class", "n_quotations", "quotation", top_n=12)


@drawn
def plot_entities(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                  style: Styles | None = None) -> Axes:
    """Who and what is named most, by outlet.

    Parameters
    ----------
    table : one row an entity and outlet: name, label, outlet, n_mentions
    top_n : entities shown at most, those with most mentions over all outlets
    ax, style : as in `plot_articles`
    """
    return _draw_counts(ax, _tell_apart(table), "name", "n_mentions", "mention", top_n=top_n, style=style)


def describe_entities(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_entities`: the name with most mentions and its share, by outlet."""
    return _describe_counts(_tell_apart(table), "name", "n_mentions", "mention", top_n=top_n)


def _tell_apart(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its label behind a name that two entities share."""
    shared = table.groupby("name")["label"].transform("nunique") > 1
    longer = table["name"] + " (" + table["label"].str.lower() + ")"
    return table.assign(name=table["name"].astype(object).where(~shared, longer), own_name=table["name"])


def cross_counts(table: pd.DataFrame, category: str, value: str) -> pd.DataFrame:
    """Categories (most frequent first) by outlets (in alphabetical order).

    `attrs["rows"]` has for each of the first categories the values that name its rows of the table.
    """
    own = {"name": "own_name", "label": "label"} if "own_name" in table else {category: category}
    rows = table[[*own.values()]].set_axis(list(own), axis=1).to_dict("records")
    table = name_outlets(table).assign(**{category: table[category].map(clean_text)})
    counts = table.groupby([category, "outlet"])[value].sum().unstack(fill_value=0).astype(int)
    totals = counts.sum(axis=1)
    counts = counts.loc[sorted(counts.index, key=lambda name: (-totals[name], name))]
    first = set(counts.index[:MOST_LED])
    counts.attrs["rows"] = {name: row for name, row in zip(table[category], rows, strict=True) if name in first}
    return counts


def _draw_counts(ax: Axes | None, table: pd.DataFrame, category: str, value: str, unit: str, *,
                 top_n: int, style: Styles | None) -> Axes:
    """Counts of categories by outlet: lanes in a row for few outlets; for many, an outlet is a row."""
    counts = cross_counts(table, category, value)
    if counts.empty:
        return say_instead(ax, f"There are no {unit}s to show.")
    draw = _draw_lanes if counts.shape[1] <= LANES else _draw_grid
    return draw(ax, counts, unit, style or outlet_style(counts.columns), top_n=top_n, thing=THINGS[category])


def _draw_lanes(ax: Axes | None, counts: pd.DataFrame, unit: str, style: Styles, *, top_n: int, thing: str) -> Axes:
    """A stem and marker an outlet, one under the other in each row, with the count at its end."""
    totals, shown, outlets = counts.sum(), counts.head(top_n), list(counts.columns)
    height = LANE * len(outlets) + 9
    key = lay_key({outlet: f"{clip_label(outlet, 28)}, n = {totals[outlet]:,}" for outlet in outlets})
    ax = lay_rows(ax, [clip_label(name) for name in shown.index], row=height, top=12 + 14 * len(key), right=34,
                  rows=[counts.attrs["rows"].get(name, {}) for name in shown.index],
                  note=say_hidden(len(counts) - top_n, thing))
    for place, outlet in enumerate(outlets):
        look, shift = style[outlet], (place - (len(outlets) - 1) / 2) * LANE / height
        rows, values = np.arange(len(shown)) + shift, shown[outlet].to_numpy()
        ax.hlines(rows, 0, values, color=look.colour, linewidth=1.6)
        ax.plot(values, rows, look.marker, color=look.colour, markersize=5.5, clip_on=False)
        for y, n in zip(rows, values, strict=True):
            write_text(ax, n, y, f"{n:,}", dx=7, color=INK if n else MUTED, fontsize=SMALL)
    for edge in np.arange(len(shown) - 1) + 0.5:
        ax.axhline(edge, color=GRID, linewidth=0.7, zorder=0)
    draw_key(ax, key, style)
    lay_count_axis(ax, float(shown.to_numpy().max()), f"{unit}s; n: all of the outlet's")
    return ax


def _draw_grid(ax: Axes | None, counts: pd.DataFrame, unit: str, style: Styles, *, top_n: int, thing: str) -> Axes:
    """A row an outlet, a column a category; each cell with its count, the darker the larger its share of the row."""
    totals = counts.sum()
    outlets = sorted(sorted(counts.columns, key=lambda outlet: (-totals[outlet], outlet))[:MOST_ROWS])
    totals = totals[outlets]
    shown = counts.head(min(top_n, _count_columns(counts[outlets])))[outlets].T
    heads = [clip_label(name, 20) for name in shown.columns]
    notes = [f"n: all {unit}s of the outlet. Stronger shade: a larger share of them.",
             say_hidden(len(counts) - shown.shape[1], thing), say_hidden(counts.shape[1] - len(outlets), "outlet")]
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
            write_text(ax, column, row, f"{n:,}", ha="center", color=INK if n else MUTED, fontsize=SMALL)
    for column, (name, head) in enumerate(zip(shown.columns, heads, strict=True)):
        write_text(ax, column, -0.5, head, dy=5, ha="center", va="bottom", rotation=90, fontsize=9.5,
                   gid=name_row(counts.attrs["rows"].get(name, {})))
    return ax


def _count_columns(counts: pd.DataFrame) -> int:
    """How many columns of such counts have room beside the outlets' names."""
    widest = measure_figures(f"{max(int(counts.to_numpy().max()), 99):,}")
    names = max(measure_text(clip_label(outlet, 18)) for outlet in counts.columns)
    return math.floor((WIDTH - names - 26 - 42) / (widest + 3))


def _describe_counts(table: pd.DataFrame, category: str, value: str, unit: str, *, top_n: int) -> str:
    counts = cross_counts(table, category, value)
    if counts.empty:
        return f"There are no {unit}s to show."
    totals = counts.sum(axis=1)
    most, next_most = find_most(totals.to_dict()), counts.head(min(top_n, 5))
    each = " each" if len(most) > 1 else ""
    percent = f" ({100 * totals.iloc[0] / totals.sum():.0f} percent)" if totals.sum() >= 100 and not each else ""
    finding = (f"Most frequent: {say_names(most)}, {totals.iloc[0]:,}{each} of"
               f" {say_count(int(totals.sum()), unit)}{percent}")
    lines = "; ".join(f"{clip_label(name, 60)}: {_say_by_outlet(next_most.loc[name], counts.sum())}"
                      for name in next_most.index)
    rest = len(counts) - len(next_most)
    more = f" {say_count(rest, 'more row')} in the table below." if rest else ""
    return f"{finding}. By outlet, of all its {unit}s: {lines}.{more}"


def _say_by_outlet(counts: pd.Series, totals: pd.Series) -> str:
    largest = sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:4]
    rest = len(counts) - len(largest)
    return ", ".join(f"{clip_label(outlet)} {counts[outlet]:,} of {totals[outlet]:,}" for outlet in largest) + (
        f" and {say_count(rest, 'outlet')} with no more than that" if rest else "")
