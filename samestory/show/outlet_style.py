"""The style of outlets: one colour, marker and position for each in every figure and table.

The neutral colours that all figures share are here too; pages replace them with variables of their own in
`samestory.show.figure`.
"""

from collections.abc import Iterable
from typing import NamedTuple

INK_COLOUR, MUTED_COLOUR, GRID_COLOUR, PANEL_COLOUR = "#1c1f23", "#5c636b", "#dedbd4", "#ffffff"
OUTLET_COLOURS = ("#0072b2", "#c44a0e", "#0b8f68", "#a9579b", "#a88400", "#7b8087")
OUTLET_MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # seven markers and six colours: 42 pairs before one recurs


class OutletStyle(NamedTuple):
    """The style of an outlet in every figure: its colour, its marker and its place in the order."""

    colour: str
    marker: str
    position: int


def outlet_style(outlets: Iterable[str]) -> dict[str, OutletStyle]:
    """One colour, marker and position per outlet, in alphabetical order.

    Each colour has a contrast of at least 3 on the white and on the dark card; no two of the first
    42 outlets share both colour and marker.

    >>> outlet_style(["CNN", "CGTN"])["CNN"]
    OutletStyle(colour='#c44a0e', marker='s', position=1)
    """
    return {outlet: OutletStyle(OUTLET_COLOURS[i % len(OUTLET_COLOURS)], OUTLET_MARKERS[i % len(OUTLET_MARKERS)], i)
            for i, outlet in enumerate(sorted(set(outlets)))}
