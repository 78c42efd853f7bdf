"""The errors that a wrong call raises; a message says what was expected, what was found and what to do.

Odd data never raises an error; it becomes a row of the table `problems`.
"""

from collections.abc import Iterable
from difflib import get_close_matches

Problem = dict[str, str | None]  # a row of the table `problems`


class SameStoryError(Exception):
    """A call that cannot be executed; the message is for the person who made it."""


class UnknownName(SameStoryError):
    """No outlet, parameter, notebook ... has this name."""


def unknown_name(kind: str, found: str, expected: Iterable[str]) -> UnknownName:
    """The error for an unknown name, with the most similar known one.

    >>> str(unknown_name("outlet", "CNM", ["CGTN", "CNN"]))
    "no outlet 'CNM'; expected one of CGTN, CNN; did you mean 'CNN'?"
    """
    names = sorted(expected)
    lowered = {name.casefold(): name for name in reversed(names)}
    nearest = get_close_matches(found.casefold(), lowered, n=1, cutoff=0.5)
    hint = f"; did you mean {lowered[nearest[0]]!r}?" if nearest else ""
    listed = ", ".join(names) or "none (there are no such names here)"
    return UnknownName(f"no {kind} {found!r}; expected one of {listed}{hint}")
