"""The layout of the network: where each name is drawn.

Names that share sentences lie near each other: their positions minimise the stress between the drawn
distances and the number of links between names [1]_; then names are pushed apart until none covers
another. Nothing is random, and no decision depends on the last bits of a floating-point number: positions
are rounded after every step, and names are pushed apart in whole numbers, so that every machine draws the
same picture. Which names and pairs are drawn is decided in `samestory.measure.names.links`.

References
----------
.. [1] E. Gansner, Y. Koren, S. North (2004), Graph drawing by stress majorization. Graph Drawing 2004,
   equation (1): the stress, minimised by Guttman's transform.
"""

import math
from dataclasses import dataclass

import numpy as np

from samestory.draw.canvas import FIGURE_WIDTH_POINTS

NETWORK_NAME_HEIGHT_POINTS = 11.0  # height of a name
NETWORK_MARGIN_POINTS = 8.0  # points around the drawing
NETWORK_AREA_FACTOR = 2.2  # times the area that the names take
MIN_NETWORK_HEIGHT_POINTS = 150
STRESS_DECIMALS = 4  # decimals of a position; a link has length 1
UNITS_PER_POINT = 100  # names are pushed apart in whole hundredths of a point


@dataclass(frozen=True)
class NameBoxes:
    """The room that each name takes, in points: its marker in the middle, the name below it."""

    width: np.ndarray
    radius: np.ndarray

    @property
    def height(self) -> np.ndarray:
        """From the top of the marker to the bottom of the name."""
        return 2 * self.radius + NETWORK_NAME_HEIGHT_POINTS + 3

    @property
    def half_units(self) -> np.ndarray:
        """Half of each width and height, in whole units."""
        return _round_to_units(np.column_stack([self.width, self.height]) / 2)


def place_names(lines: np.ndarray, boxes: NameBoxes) -> tuple[np.ndarray, float]:
    """The position of each name in points, and the height of the drawing, the smallest with room for the names.

    Parameters
    ----------
    lines : one row per link: the numbers of two names
    boxes : the room of each name
    """
    shape = spread_places(minimise_stress(measure_link_distances(lines, len(boxes.width))))
    area = NETWORK_AREA_FACTOR * float((boxes.width * boxes.height).sum())
    height = max(MIN_NETWORK_HEIGHT_POINTS, round(area / FIGURE_WIDTH_POINTS))
    while True:
        places, is_clear = separate_names(shape, boxes, height)
        if is_clear:
            return places, float(height)
        height = height * 115 // 100


def measure_link_distances(lines: np.ndarray, n: int) -> np.ndarray:
    """The number of links between each pair of names; if no path exists, the length of the longest path."""
    steps = np.full((n, n), np.inf)
    np.fill_diagonal(steps, 0)
    steps[lines[:, 0], lines[:, 1]] = steps[lines[:, 1], lines[:, 0]] = 1
    for via in range(n):  # Floyd and Warshall
        steps = np.minimum(steps, steps[:, via, None] + steps[via])
    return np.where(np.isfinite(steps), steps, steps[np.isfinite(steps)].max())


def minimise_stress(distances: np.ndarray, *, rounds: int = 300) -> np.ndarray:
    """Positions in the plane with distances close to those given, short ones closest [1]_; starts from a circle."""
    n = len(distances)
    angles = 2 * math.pi * np.arange(n) / n
    places: np.ndarray = np.column_stack([np.cos(angles), np.sin(angles)]) * distances.max() / 2
    weights = np.divide(1.0, distances**2, out=np.zeros_like(distances), where=distances > 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian)
    for _ in range(rounds):
        before = places
        drawn = np.linalg.norm(places[:, None] - places[None], axis=2)
        ratio = np.divide(weights * distances, drawn, out=np.zeros_like(drawn), where=drawn > 1e-9)
        places = np.round(inverse @ ((np.diag(ratio.sum(axis=1)) - ratio) @ places), STRESS_DECIMALS)
        if (places == before).all():
            break
    return places


def spread_places(places: np.ndarray) -> np.ndarray:
    """The positions from 0 to 1, moved halfway to equal spacing: crowds get room, and the order stays."""
    scaled = (places - places.min(axis=0)) / np.maximum(np.ptp(places, axis=0), 1e-9)
    ranks = places.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    spread: np.ndarray = (scaled + ranks / max(len(places) - 1, 1)) / 2
    return spread


def separate_names(shape: np.ndarray, boxes: NameBoxes, height: int, *, rounds: int = 400) -> tuple[np.ndarray, bool]:
    """The shape in a frame of `height` points, with names pushed apart; and whether none covers another."""
    half = boxes.half_units
    frame = _round_to_units(np.array([FIGURE_WIDTH_POINTS - 2 * NETWORK_MARGIN_POINTS, height]))
    low, high = half, frame - half
    middles = low + np.rint(shape * (high - low)).astype(np.int64)
    for _ in range(rounds):
        shift = _measure_box_shifts(middles, half)
        if not shift.any():
            break
        middles = np.clip(middles + shift, low, high)
    is_clear = not _measure_box_shifts(middles, half).any()
    middles[:, 1] += _round_to_units(boxes.radius) - half[:, 1]  # the marker is at the top of its room
    return middles / UNITS_PER_POINT, is_clear


def _round_to_units(points: np.ndarray) -> np.ndarray:
    units: np.ndarray = np.rint(points * UNITS_PER_POINT).astype(np.int64)
    return units


def _measure_box_shifts(middles: np.ndarray, half: np.ndarray) -> np.ndarray:
    """The units that each box must move, a little over half the way, in the direction of less overlap."""
    apart = middles[:, None] - middles[None]
    order = np.arange(len(middles))
    side = np.where(apart != 0, np.sign(apart), np.sign(order[:, None] - order[None])[..., None])
    overlap = half[:, None] + half[None] - np.abs(apart)
    meets = (overlap > 0).all(axis=2) & (order[:, None] != order[None])
    is_least = overlap[..., 0] < overlap[..., 1]
    push = np.stack([np.where(meets & is_least, overlap[..., 0], 0), np.where(meets & ~is_least, overlap[..., 1], 0)],
                    axis=2)
    total = (side * push).sum(axis=1) * 55
    shift: np.ndarray = np.sign(total) * -(-np.abs(total) // 100)  # rounded away from 0, so any overlap moves a box
    return shift
