"""What each figure must reach: the rows of data/gold/floors.csv.

A floor is raised in the same commit as the gain (`make accuracy ARGS=--raise`), and lowered by hand, in a commit that
says why.
"""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

from benchmarks.accuracy.figures import Measured

FLOOR_COLUMNS = ("set", "figure", "floor")
FLOOR_MARGIN_POINTS = 0.5  # below what was measured: a parse can differ between processors, and one item is that much
Floors = Mapping[tuple[str, str], float]
Measurements = Mapping[str, list[Measured]]  # by gold set


def read_floors(path: Path) -> Floors:
    """The floors by gold set and figure."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {(row["set"], row["figure"]): float(row["floor"]) for row in csv.DictReader(lines)}


def write_floors(path: Path, floors: Floors) -> None:
    """Write the floors, in order of sets and figures."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FLOOR_COLUMNS)
        writer.writerows((*key, f"{floor:.1f}") for key, floor in floors.items())


def list_faults(measured: Measurements, floors: Floors) -> list[str]:
    """A sentence for each figure below its floor, and for each floor whose figure was not measured."""
    values = {(name, figure.name): figure.value for name, figures in measured.items() for figure in figures}
    missing = [f"{name}, {figure}: not measured, although it has a floor" for name, figure in floors.keys() - values]
    low = [f"{name}, {figure}: {values[name, figure]:.1f} is below its floor of {floor:.1f}"
           for (name, figure), floor in floors.items() if values.get((name, figure), math.inf) < floor]
    return sorted(missing) + low


def raise_floors(measured: Measurements, floors: Floors) -> Floors:
    """The floors as these figures allow, never lower than they are."""
    return {(name, figure.name): max(floors.get((name, figure.name), 0.0), _make_floor(figure))
            for name, figures in measured.items() for figure in figures}


def _make_floor(figure: Measured) -> float:
    return max(0.0, round(figure.value - FLOOR_MARGIN_POINTS, 1))
