"""The files that are part of the package: data/, notebooks/ and seeds/.

In a wheel they lie inside the package, in a checkout next to it. All other modules look them up
here, so that the same code runs in both and on remote workers.
"""

import csv
from functools import cache
from itertools import zip_longest
from pathlib import Path

PACKAGE_FOLDER = Path(__file__).parents[1]


def resource(name: str) -> Path:
    """The path of a file or folder that is part of the package.

    >>> resource("data/en/abbreviations.csv").name
    'abbreviations.csv'
    """
    for path in (PACKAGE_FOLDER / name, PACKAGE_FOLDER.parent / name):
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} is neither in {PACKAGE_FOLDER} nor next to it: reinstall samestory")


@cache
def read_data_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.csv``, as dicts of stripped strings."""
    with resource(f"data/{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)  # DictReader takes twice the time
        names = next(rows)
        return tuple(dict(zip_longest(names, map(str.strip, row), fillvalue="")) for row in rows if row)
