"""Outlets: one name for each, from data/outlets.csv."""

from functools import cache

from samestory.resources import read_rows

UNKNOWN = "unknown"


@cache
def _names() -> dict[str, str]:
    """Every known name of an outlet, in lower case, and the name it is shown by."""
    names = {}
    for row in read_rows("outlets"):
        for name in filter(None, (row["outlet"], *row["names"].split("|"))):
            names[_fold(name)] = row["outlet"]
    return names


def name_outlet(name: str) -> str:
    """The name an outlet is shown by; a name not on the list stays as it is.

    >>> name_outlet("CNN (Online News)"), name_outlet("The Daily Planet")
    ('CNN', 'The Daily Planet')
    """
    return _names().get(_fold(name), " ".join(name.split()))


def is_outlet(name: str) -> bool:
    """Whether the list has an outlet of that name.

    >>> is_outlet("cgtn"), is_outlet("China")
    (True, False)
    """
    return _fold(name) in _names()


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())
