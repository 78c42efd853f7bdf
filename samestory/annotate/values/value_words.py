"""Words of numbers, units and approximation, read from data/<language>/ in the form that the value rules look up."""

import re
from typing import NamedTuple

from samestory.base.language import cache_by_language, read_language_rows

ATOM_PATTERN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|\S")
MAX_PHRASE_ATOMS = 5  # atoms of the longest phrase that is looked up


class UnitOfMeasure(NamedTuple):
    """A unit: the kind of value that it makes, and its name."""

    kind: str
    unit: str


def join_atoms(phrase: str) -> str:
    """A phrase cut into atoms (numbers, words, single marks), which are joined by blanks.

    >>> join_atoms("km/h"), join_atoms("$5m")
    ('km / h', '$ 5 m')
    """
    return " ".join(ATOM_PATTERN.findall(phrase))


@cache_by_language
def read_number_words(kind: str) -> dict[str, float]:
    """The value of each word of one kind in number_words.csv.

    >>> read_number_words("magnitude")["dozen"]
    12.0
    """
    return {row["word"]: float(row["value"]) for row in read_language_rows("number_words") if row["kind"] == kind}


@cache_by_language
def read_units() -> dict[str, UnitOfMeasure]:
    """The units of units.csv by the words for them, as written and in lower case.

    >>> read_units()["square miles"]
    UnitOfMeasure(kind='measure', unit='square mile')
    """
    units: dict[str, UnitOfMeasure] = {}
    for row in read_language_rows("units"):
        unit = UnitOfMeasure(row["kind"], row["unit"])
        words = join_atoms(row["word"])
        units[words] = unit
        units.setdefault(words.lower(), unit)
    return units


@cache_by_language
def read_approximators(place: str) -> dict[str, str]:
    """What each phrase of approximators.csv at one place (before or after a number) makes of it.

    >>> read_approximators("before")["no more than"]
    'at most'
    """
    return {join_atoms(row["words"]): row["approximation"] for row in read_language_rows("approximators")
            if row["place"] == place}


@cache_by_language
def read_date_values(kind: str) -> dict[str, int]:
    """The value of each word of one kind in date_words.csv, in lower case.

    >>> read_date_values("month")["sept"]
    9
    """
    return {row["word"].lower(): int(row["value"]) for row in read_language_rows("date_words") if row["kind"] == kind}
