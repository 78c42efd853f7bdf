"""The network: who is named with whom, as one drawing that is readable with 30 names.

Names that share sentences stand near each other: their places minimise the stress between the distances
drawn and the steps from one to the other along links [1]_, then names move apart until none covers another.
Nothing is drawn at random. Which pairs belong together is measured in relations; more than 30 names are not
drawn, and of few links a sentence is written instead.

References
----------
.. [1] E. Gansner, Y. Koren, S. North (2004), Graph drawing by stress majorization. Graph Drawing 2004,
   equation (1): the stress, minimised by Guttman's transform.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from samestory.display import INK, MUTED, PANEL, outlet_style
from samestory.drawing import (
    THE_REST,
    WIDTH,
    Styles,
    clip_label,
    draw_key,
    drawn,
    lay_key,
    measure_text,
    name_row,
    new_axes,
    say_count,
    say_instead,
    write_text,
)

MOST_NAMES = 30
MOST_LINES = 60
FEWEST_LINES = 3
SHARED = 2  # sentences from which a pair is drawn
LETTERS = 24  # small letters that a name may take
SIZE = 0.88  # of a name, against the figures' text
LINE = 11.0  # points that a name is high
MARGIN = 8.0  # points around the drawing
ROOM = 2.2  # times the room that names take
SEVERAL = "several outlets"


@dataclass(frozen=True)
class Boxes:
    """The room that each name takes in points: its marker stands at the middle, the name below it."""

    width: np.ndarray
    radius: np.ndarray

    @property
    def height(self) -> np.ndarray:
        """From the top of the marker to the foot of the name."""
        return 2 * self.radius + LINE + 3


def choose_links(links: pd.DataFrame, *, most_names: int = MOST_NAMES) -> pd.DataFrame:
    """The pairs that are drawn: named together in two sentences and more than their frequencies explain.

    Parameters
    ----------
    links : what `measure_links` returned
    most_names : names drawn at most; pairs with most sentences come first

    Returns
    -------
    Rows of `links`, at most 60; `attrs["n_left_out"]` is how many such pairs are not drawn.
    """
    apart = links[(links["n_sentences"] >= SHARED) & (links["n_sentences"] > links["expected"])]
    names: set[str] = set()
    for a, b in zip(apart["entity_a"], apart["entity_b"], strict=True):
        if len(names | {a, b}) <= most_names:
            names |= {a, b}
    chosen = apart[apart["entity_a"].isin(names) & apart["entity_b"].isin(names)].head(MOST_LINES)
    chosen = chosen.reset_index(drop=True)
    chosen.attrs = {"n_left_out": len(apart) - len(chosen)}
    return chosen


@drawn
def plot_network(chosen: pd.DataFrame, mentioned: pd.DataFrame, *, ax: Axes | None = None,
                 style: Styles | None = None) -> Axes:
    """Who is named with whom: a marker a name, a line a pair, the thicker the more sentences name both.

    A name that one outlet alone has bears that outlet's marker and colour.

    Parameters
    ----------
    chosen : what `choose_links` returned
    mentioned : what `count_mentions` returned, for the names' sizes and outlets
    ax, style : as in `plot_articles`
    """
    if len(chosen) < FEWEST_LINES:
        return say_instead(ax, describe_network(chosen, mentioned))
    nodes = _list_nodes(chosen, mentioned)
    style = {**(style or outlet_style(mentioned["outlet"])), SEVERAL: THE_REST}
    labels = [clip_label(name, LETTERS) for name in nodes["name"]]
    radius = 2.5 + 5.0 * np.sqrt(nodes["n_mentions"].to_numpy() / nodes["n_mentions"].max())
    boxes = Boxes(np.array([SIZE * measure_text(label) + 4 for label in labels]), radius)
    key = lay_key(_label_key(nodes))
    lines = np.array([[nodes.index.get_loc(row.entity_a), nodes.index.get_loc(row.entity_b)]
                      for row in chosen.itertuples()])
    places, height = place_names(lines, boxes)
    ax = ax or new_axes(MARGIN, MARGIN, 12 + 14 * len(key), MARGIN, height)
    ax.set_axis_off()
    ax.set_xlim(0, WIDTH - 2 * MARGIN)
    ax.set_ylim(height, 0)
    _draw_lines(ax, places[lines], chosen["n_sentences"].to_numpy())
    for node, place, label, size in zip(nodes.itertuples(), places, labels, radius, strict=True):
        ax.plot(*place, style[node.outlet].marker, color=style[node.outlet].colour, markersize=2 * size, zorder=3,
                markeredgecolor=PANEL, markeredgewidth=0.8, clip_on=False)
        write_text(ax, *place, label, dy=-size - 2, ha="center", va="top", fontsize=10 * SIZE, color=INK, zorder=4,
                   gid=name_row({"name": node.name, "label": node.label}),
               bbox={"facecolor": PANEL, "alpha": 0.75, "edgecolor": "none", "pad": 0.6})
    draw_key(ax, key, style)
    return ax


def _list_nodes(chosen: pd.DataFrame, mentioned: pd.DataFrame) -> pd.DataFrame:
    """The names drawn, by entity_id: name, n_mentions, outlet (SEVERAL if more than one names it)."""
    ids = set(chosen["entity_a"]) | set(chosen["entity_b"])
    nodes = mentioned[mentioned["entity_id"].isin(ids)].groupby("entity_id").agg(
        name=("name", "first"), label=("label", "first"), n_mentions=("n_mentions", "sum"),
        outlet=("outlet", "first"), n_outlets=("outlet", "size"))
    nodes["outlet"] = nodes["outlet"].where(nodes["n_outlets"] == 1, SEVERAL)
    return nodes.sort_index()


def _label_key(nodes: pd.DataFrame) -> dict[str, str]:
    """The outlets that alone have a name, with how many; last the names that several have."""
    counts = nodes["outlet"].value_counts()
    outlets = sorted(counts.index, key=lambda outlet: (outlet == SEVERAL, outlet))
    return {outlet: f"{'in' if outlet == SEVERAL else 'only in'} {clip_label(outlet, 22)} ({counts[outlet]:,})"
            for outlet in outlets}


def _draw_lines(ax: Axes, ends: np.ndarray, n_sentences: np.ndarray) -> None:
    widths = 0.7 + 3.3 * np.sqrt((n_sentences - SHARED) / max(n_sentences.max() - SHARED, 1))
    for (start, end), width in zip(ends, widths, strict=True):
        ax.plot(*zip(start, end, strict=True), color=MUTED, alpha=0.45, linewidth=width, zorder=1)


def describe_network(chosen: pd.DataFrame, mentioned: pd.DataFrame) -> str:
    """The alt text of `plot_network`: how many names and pairs, the names with most links, the strongest pairs."""
    if len(chosen) < FEWEST_LINES:
        return (f"Pairs named in {SHARED} sentences or more, and in more than their frequencies explain: {len(chosen)}."
                " That is too few to draw.")
    nodes = _list_nodes(chosen, mentioned)
    links = pd.concat([chosen["entity_a"], chosen["entity_b"]]).value_counts()
    most = sorted(links.index, key=lambda entity: (-links[entity], entity))[:3]
    said = ", ".join(f"{clip_label(nodes['name'][entity], 60)} with {links[entity]:,} others" for entity in most)
    pairs = "; ".join(f"{clip_label(row.name_a, 60)} and {clip_label(row.name_b, 60)} in {row.n_sentences:,} sentences"
                      for row in chosen.head(3).itertuples())
    alone = int((nodes["outlet"] != SEVERAL).sum())
    rest = chosen.attrs.get("n_left_out", 0)
    more = f" {say_count(rest, 'more pair')} not drawn." if rest else ""
    return (f"{say_count(len(nodes), 'name')} and {say_count(len(chosen), 'pair')}; {alone:,} of the names stand in one"
            f" outlet only. Most linked: {said}. Strongest: {pairs}.{more}")


# Places -------------------------------------------------------------------------------------------

def place_names(lines: np.ndarray, boxes: Boxes) -> tuple[np.ndarray, float]:
    """Where each name stands in points, and how high the drawing is: as low as the names have room in.

    Parameters
    ----------
    lines : one row a link: the numbers of two names
    boxes : the room of each name
    """
    shape = spread_out(minimise_stress(find_steps(lines, len(boxes.width))))
    height = max(150.0, ROOM * float((boxes.width * boxes.height).sum()) / WIDTH)
    while True:
        places, is_clear = part_names(shape, boxes, height)
        if is_clear:
            return places, height
        height *= 1.15


def find_steps(lines: np.ndarray, n: int) -> np.ndarray:
    """How many links lead from each name to each other; where there is no way, as many as the longest has."""
    steps = np.full((n, n), np.inf)
    np.fill_diagonal(steps, 0)
    steps[lines[:, 0], lines[:, 1]] = steps[lines[:, 1], lines[:, 0]] = 1
    for via in range(n):  # Floyd and Warshall
        steps = np.minimum(steps, steps[:, via, None] + steps[via])
    return np.where(np.isfinite(steps), steps, steps[np.isfinite(steps)].max())


def minimise_stress(distances: np.ndarray, *, rounds: int = 300) -> np.ndarray:
    """Places in the plane whose distances are near those given, near ones more so [1]_; from a circle on."""
    n = len(distances)
    angles = 2 * math.pi * np.arange(n) / n
    places = np.column_stack([np.cos(angles), np.sin(angles)]) * distances.max() / 2
    weights = np.divide(1.0, distances**2, out=np.zeros_like(distances), where=distances > 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian)
    for _ in range(rounds):
        drawn = np.linalg.norm(places[:, None] - places[None], axis=2)
        ratio = np.divide(weights * distances, drawn, out=np.zeros_like(drawn), where=drawn > 1e-9)
        places = inverse @ ((np.diag(ratio.sum(axis=1)) - ratio) @ places)
    return places


def spread_out(places: np.ndarray) -> np.ndarray:
    """The places from 0 to 1, halfway to equal steps from one name to the next: the crowd gets room, order stays."""
    scaled = (places - places.min(axis=0)) / np.maximum(np.ptp(places, axis=0), 1e-9)
    ranks = scaled.round(9).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return (scaled + ranks / max(len(places) - 1, 1)) / 2


def part_names(shape: np.ndarray, boxes: Boxes, height: float, *, rounds: int = 400) -> tuple[np.ndarray, bool]:
    """The shape in a frame of so many points, names pushed apart; and whether none covers another."""
    half = np.column_stack([boxes.width, boxes.height]) / 2
    low, high = half, np.array([WIDTH - 2 * MARGIN, height]) - half
    middles = low + shape * (high - low)
    for _ in range(rounds):
        shift = _push_apart(middles, half)
        if not shift.any():
            break
        middles = np.clip(middles + shift, low, high)
    places = middles.copy()
    places[:, 1] += boxes.radius - half[:, 1]  # the marker is at the top of its room
    return places, not _push_apart(middles, half).any()


def _push_apart(middles: np.ndarray, half: np.ndarray) -> np.ndarray:
    """How far each box must move, half the way each, in the direction in which two overlap less."""
    apart = middles[:, None] - middles[None]
    order = np.arange(len(middles))
    side = np.where(apart != 0, np.sign(apart), np.sign(order[:, None] - order[None])[..., None])
    overlap = half[:, None] + half[None] - np.abs(apart)
    meets = (overlap > 1e-6).all(axis=2) & (order[:, None] != order[None])
    is_least = overlap[..., 0] < overlap[..., 1]
    push = np.stack([np.where(meets & is_least, overlap[..., 0], 0), np.where(meets & ~is_least, overlap[..., 1], 0)],
                    axis=2)
    return (side * push).sum(axis=1) * 0.55
