"""Figures of a corpus: when outlets published, how long their articles are, and the roles of lines.

A small table in, Axes out. Every `plot_*` of this room has a `describe_*` that makes the alt text from the same
table, the finding first. Statistics are computed where the tables are made, in `samestory.measure`.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    MAX_SEPARATE_DOTS,
    OutletStyles,
    draw_guides,
    lay_count_axis,
    lay_rows,
    lay_time_axis,
    list_largest,
    mark_values,
    name_outlets,
    number_times,
    with_house_style,
    write_empty_figure,
)
from samestory.draw.labels import clip_label, find_extreme_names, format_hidden_count, format_name_list, list_outlets
from samestory.draw.outlet_counts import describe_counts, draw_counts
from samestory.show.outlet_style import outlet_style

MIN_TIMELINE_DATES = 2  # dated articles that a timeline needs


@with_house_style
def plot_articles(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """When each outlet published: one row per outlet, one mark per article; a sentence if fewer than two have a date.

    Parameters
    ----------
    table : one row per article: outlet, published_at (UTC, may be missing)
    ax : where to draw; by default a new figure
    style : `outlet_style` of all outlets of the corpus, so that colours stay the same throughout
    """
    table = name_outlets(table)
    if table["published_at"].notna().sum() < MIN_TIMELINE_DATES:
        return write_empty_figure(ax, describe_articles(table))
    style, outlets = style or outlet_style(table["outlet"]), list_largest(table["outlet"])
    counts = table.groupby("outlet")["published_at"].agg(["size", "count"])
    columns = {"articles": [f"{n:,}" for n in counts.loc[outlets, "size"]]}
    if table["published_at"].isna().any():
        columns["no date"] = [f"{n:,}" for n in (counts["size"] - counts["count"]).loc[outlets]]
    notes = [f"Strokes: outlets with more than {MAX_SEPARATE_DOTS} articles."
             if counts.loc[outlets, "count"].max() > MAX_SEPARATE_DOTS else "",
             format_hidden_count(len(counts) - len(outlets), "outlet")]
    ax = lay_rows(ax, [clip_label(outlet) for outlet in outlets], columns=columns, note=" ".join(notes),
                  rows=[{"outlet": outlet} for outlet in outlets])
    draw_guides(ax, len(outlets))
    for row, outlet in enumerate(outlets):
        times = _plain_times(table.loc[table["outlet"] == outlet, "published_at"])
        mark_values(ax, number_times(times), row, style[outlet])
    lay_time_axis(ax, _plain_times(table["published_at"]))
    return ax


def describe_articles(table: pd.DataFrame) -> str:
    """The alt text of `plot_articles`: the numbers of articles, with and without a date, and who has most."""
    table = name_outlets(table)
    if table.empty:
        return "There are no articles."
    counts = table["outlet"].value_counts()
    listed = list_outlets(counts.index, lambda outlet: format_quantity(int(counts[outlet]), "article"))
    times = _plain_times(table["published_at"])
    if not len(times):
        return f"No article has a date of publication, so there is no timeline. {listed}."
    if len(times) < MIN_TIMELINE_DATES:
        outlet = clip_label(table["outlet"][times.index[0]])
        return (f"There is no timeline: 1 of {format_quantity(len(table), 'article')} has a date of publication"
                f" ({outlet}, {_format_publication_time(times.iloc[0])} UTC). {listed}.")
    n_outlets = table["outlet"][times.index].nunique()
    span = (f"{format_quantity(len(times), 'article')} of {format_quantity(n_outlets, 'outlet')},"
            f" published {_format_time_span(times)} UTC")
    most = find_extreme_names(counts.to_dict())
    who = f"; most are by {format_name_list(most)} ({counts[most[0]]:,})" if len(most) == 1 < len(counts) else ""
    undated = len(table) - len(times)
    missing = f" {format_quantity(undated, 'article')} without a date." if undated else ""
    return f"{span}{who}. {listed}.{missing}"


def _plain_times(times: pd.Series) -> pd.Series:
    """The known times, in UTC without a time zone, as matplotlib expects them."""
    return pd.to_datetime(times, utc=True).dropna().dt.tz_localize(None)


def _format_time_span(times: pd.Series) -> str:
    first, last = _format_publication_time(times.min()), _format_publication_time(times.max())
    return f"at {first}" if first == last else f"from {first} to {last}"


def _format_publication_time(time: pd.Timestamp) -> str:
    """The time to the minute; midnight counts as a day without a time."""
    return str(time.strftime("%Y-%m-%d" if time == time.normalize() else "%Y-%m-%d %H:%M"))


@with_house_style
def plot_words(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """How long the articles are: one row per outlet, one mark per article, or quartiles for many.

    Parameters
    ----------
    table : one row per article: article_id, outlet, n_words
    ax, style : as in `plot_articles`
    """
    table = name_outlets(table)
    if table.empty:
        return write_empty_figure(ax, describe_words(table))
    style, outlets = style or outlet_style(table["outlet"]), list_largest(table["outlet"])
    lengths = {outlet: table.loc[table["outlet"] == outlet, "n_words"].to_numpy() for outlet in outlets}
    summed = f"Of more than {MAX_SEPARATE_DOTS} articles: line, all; bar, the middle half; mark, the median."
    notes = [summed if max(map(len, lengths.values())) > MAX_SEPARATE_DOTS else "",
             format_hidden_count(table["outlet"].nunique() - len(outlets), "outlet")]
    ax = lay_rows(ax, [clip_label(outlet) for outlet in outlets], note=" ".join(notes),
                  rows=[{"outlet": outlet} for outlet in outlets],
                  columns={"median": [f"{np.median(lengths[outlet]):,.0f}" for outlet in outlets],
                           "articles": [f"{len(lengths[outlet]):,}" for outlet in outlets]})
    draw_guides(ax, len(outlets))
    for row, outlet in enumerate(outlets):
        mark_values(ax, lengths[outlet], row, style[outlet], summed=True)
    lay_count_axis(ax, float(table["n_words"].max()), "words per article")
    return ax


def describe_words(table: pd.DataFrame) -> str:
    """The alt text of `plot_words`: whose articles are longest and shortest, and each outlet's range and median."""
    table = name_outlets(table)
    if table.empty:
        return "There are no articles."
    groups = table.groupby("outlet")["n_words"]
    listed = list_outlets(table["outlet"].value_counts().index,
                          lambda outlet: _format_length_range(groups.get_group(outlet).to_numpy()))
    return f"{_compare_lengths(groups.median().to_dict())} {listed}."


def _compare_lengths(medians: Mapping[str, float]) -> str:
    longest, shortest = find_extreme_names(medians), find_extreme_names(medians, least=True)
    most, least = (f"{medians[names[0]]:,.0f} words" for names in (longest, shortest))
    if len(medians) == 1:
        return f"The median article has {most}."
    if longest == shortest:
        return f"The median article has {most} in every outlet."
    return (f"The median article is longest in {format_name_list(longest)}, {most}, and shortest in"
            f" {format_name_list(shortest)}, {least}.")


def _format_length_range(lengths: np.ndarray) -> str:
    if len(lengths) == 1:
        return f"{lengths[0]:,} words"
    return (f"{min(lengths):,} to {max(lengths):,} words, median {np.median(lengths):,.0f}, "
            f"in {len(lengths):,} articles")


@with_house_style
def plot_roles(table: pd.DataFrame, *, ax: Axes | None = None, style: OutletStyles | None = None) -> Axes:
    """The roles of the articles' lines (body, headline, credit ...), by outlet.

    Parameters
    ----------
    table : one row per outlet and role: outlet, role, n_lines
    ax, style : as in `plot_articles`
    """
    return draw_counts(ax, table, "role", "n_lines", "line", top_n=12, style=style)


def describe_roles(table: pd.DataFrame) -> str:
    """The alt text of `plot_roles`: the most frequent role with its share, by outlet."""
    return describe_counts(table, "role", "n_lines", "line", top_n=12)
