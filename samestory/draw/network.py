"""The network: which names share sentences, as one drawing that is readable with 30 names.

Names are placed by `samestory.draw.layout`. Which pairs belong together, and which are drawn, is decided in
`samestory.measure.names.links`; if there are very few links, a sentence replaces the drawing.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    FIGURE_WIDTH_POINTS,
    OTHER_OUTLETS_STYLE,
    OutletStyles,
    draw_key,
    lay_key,
    name_row,
    new_axes,
    with_house_style,
    write_empty_figure,
    write_figure_text,
)
from samestory.draw.labels import clip_label, measure_text
from samestory.draw.layout import NETWORK_MARGIN_POINTS, NameBoxes, place_names
from samestory.measure.doubles import find_doubles
from samestory.measure.names.links import MIN_LINK_SENTENCES
from samestory.show.outlet_style import INK_COLOUR, MUTED_COLOUR, PANEL_COLOUR, outlet_style

MIN_NETWORK_LINKS = 3
MAX_NETWORK_NAME_LETTERS = 24  # lower-case letters that fit into a name's label
NETWORK_NAME_SCALE = 0.88  # size of a name relative to the figures' text
SEVERAL_OUTLETS_LABEL = "several outlets"
UNSURE_OUTLETS_LABEL = "one outlet or more"  # of a name that may be the same as another outlet's
SHARED_NAME_LABELS = (UNSURE_OUTLETS_LABEL, SEVERAL_OUTLETS_LABEL)


@with_house_style
def plot_network(chosen: pd.DataFrame, mentioned: pd.DataFrame, *, ax: Axes | None = None,
                 style: OutletStyles | None = None) -> Axes:
    """Which names share sentences: a marker per name, and a line per pair, thicker if more sentences name both.

    A name that only one outlet mentions has that outlet's marker and colour.

    Parameters
    ----------
    chosen : the table of `choose_links`
    mentioned : the result of `count_mentions`, for the names' sizes and outlets
    ax, style : as in `plot_articles`
    """
    if len(chosen) < MIN_NETWORK_LINKS:
        return write_empty_figure(ax, describe_network(chosen, mentioned))
    nodes = _list_nodes(chosen, mentioned)
    style = {**(style or outlet_style(mentioned["outlet"])),
             **dict.fromkeys(SHARED_NAME_LABELS, OTHER_OUTLETS_STYLE)}
    labels = [clip_label(name, MAX_NETWORK_NAME_LETTERS) for name in nodes["name"]]
    radius = 2.5 + 5.0 * np.sqrt(nodes["n_mentions"].to_numpy() / nodes["n_mentions"].max())
    boxes = NameBoxes(np.array([NETWORK_NAME_SCALE * measure_text(label) + 4 for label in labels]), radius)
    key = lay_key(_label_key(nodes))
    lines = np.array([[nodes.index.get_loc(row.entity_a), nodes.index.get_loc(row.entity_b)]
                      for row in chosen.itertuples()])
    places, height = place_names(lines, boxes)
    ax = ax or new_axes(NETWORK_MARGIN_POINTS, NETWORK_MARGIN_POINTS, 12 + 14 * len(key), NETWORK_MARGIN_POINTS, height)
    ax.set_axis_off()
    ax.set_xlim(0, FIGURE_WIDTH_POINTS - 2 * NETWORK_MARGIN_POINTS)
    ax.set_ylim(height, 0)
    _draw_lines(ax, places[lines], chosen["n_sentences"].to_numpy())
    for node, place, label, size in zip(nodes.itertuples(), places, labels, radius, strict=True):
        ax.plot(*place, style[node.outlet].marker, color=style[node.outlet].colour, markersize=2 * size, zorder=3,
                markeredgecolor=PANEL_COLOUR, markeredgewidth=0.8, clip_on=False)
        write_figure_text(ax, place[0], place[1], label, dy=-size - 2, ha="center", va="top",
                          fontsize=10 * NETWORK_NAME_SCALE, color=INK_COLOUR, zorder=4,
                          gid=name_row({"name": node.name, "label": node.label}),
                          bbox={"facecolor": PANEL_COLOUR, "alpha": 0.75, "edgecolor": "none", "pad": 0.6})
    draw_key(ax, key, style)
    return ax


def _list_nodes(chosen: pd.DataFrame, mentioned: pd.DataFrame) -> pd.DataFrame:
    """The names drawn, by entity_id: name, label, n_mentions, outlet (or one of SHARED_NAME_LABELS)."""
    ids = set(chosen["entity_a"]) | set(chosen["entity_b"])
    nodes = mentioned[mentioned["entity_id"].isin(ids)].groupby("entity_id").agg(
        name=("name", "first"), label=("label", "first"), n_mentions=("n_mentions", "sum"),
        outlet=("outlet", "first"), n_outlets=("outlet", "size"), elsewhere=("elsewhere", "any"))
    nodes["outlet"] = nodes["outlet"].where(nodes["n_outlets"] == 1, SEVERAL_OUTLETS_LABEL)
    nodes.loc[nodes["elsewhere"] | nodes.index.isin(find_doubles(mentioned, nodes.index)), "outlet"] = (
        UNSURE_OUTLETS_LABEL)
    return nodes.sort_index()


def _label_key(nodes: pd.DataFrame) -> dict[str, str]:
    """The outlets that are alone in mentioning names, with their number; last, the names that several mention."""
    counts = nodes["outlet"].value_counts()
    outlets = sorted(counts.index, key=lambda outlet: (outlet in SHARED_NAME_LABELS, outlet))
    where = {outlet: "in" if outlet in SHARED_NAME_LABELS else "only in" for outlet in outlets}
    return {outlet: f"{where[outlet]} {clip_label(outlet, 22)} ({counts[outlet]:,})" for outlet in outlets}


def _draw_lines(ax: Axes, ends: np.ndarray, n_sentences: np.ndarray) -> None:
    widths = 0.7 + 3.3 * np.sqrt((n_sentences - MIN_LINK_SENTENCES) / max(n_sentences.max() - MIN_LINK_SENTENCES, 1))
    for (start, end), width in zip(ends, widths, strict=True):
        ax.plot(*zip(start, end, strict=True), color=MUTED_COLOUR, alpha=0.45, linewidth=width, zorder=1)


def describe_network(chosen: pd.DataFrame, mentioned: pd.DataFrame, *, n_left_out: int = 0) -> str:
    """The alt text of `plot_network`: how many names and pairs, the names with the most links, and the strongest pairs.

    Parameters
    ----------
    chosen, mentioned : as in `plot_network`
    n_left_out : pairs not drawn
    """
    if len(chosen) < MIN_NETWORK_LINKS:
        return (f"Pairs named in {MIN_LINK_SENTENCES} sentences or more, and in more than their frequencies explain:"
                f" {len(chosen)}. That is too few to draw.")
    nodes = _list_nodes(chosen, mentioned)
    links = pd.concat([chosen["entity_a"], chosen["entity_b"]]).value_counts()
    most = sorted(links.index, key=lambda entity: (-links[entity], entity))[:3]
    said = ", ".join(f"{clip_label(nodes['name'][entity], 60)} with {format_quantity(int(links[entity]), 'other')}"
                     for entity in most)
    pairs = "; ".join(f"{clip_label(row.name_a, 60)} and {clip_label(row.name_b, 60)} in {row.n_sentences:,} sentences"
                      for row in chosen.head(3).itertuples())
    alone = int((~nodes["outlet"].isin(SHARED_NAME_LABELS)).sum())
    more = f" {format_quantity(n_left_out, 'more pair')} not drawn." if n_left_out else ""
    return (f"{format_quantity(len(nodes), 'name')} and {format_quantity(len(chosen), 'pair')}; {alone:,} of the names"
            f" are in one outlet only. Most linked: {said}. Strongest: {pairs}.{more}")
