"""Labels and sentences of figures: clipped or wrapped to a width, with counts and names in words.

Widths are estimated from the letters, so that no label overflows in any page font. Numbers and names in
sentences of other pages are worded in `samestory.base.wording`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping

from samestory.base.wording import format_quantity
from samestory.show.printable import clean_text

LETTER_WIDTH_POINTS = 6.0  # width of a lower-case letter
MAX_ROW_LABEL_LETTERS = 25  # lower-case letters that fit into a row label


def clip_label(text: object, letters: int = MAX_ROW_LABEL_LETTERS) -> str:
    """`text` on one line, no wider than about this many lower-case letters.

    >>> clip_label("Organisation for Economic Co-operation", 20)
    'Organisation for Eco…'
    """
    line = " ".join(clean_text(str(text)[:1000]).split()) or "(blank)"
    room = letters * LETTER_WIDTH_POINTS
    if measure_text(line) <= room:
        return line
    kept, taken = 0, _measure_letter("…")
    for letter in line:
        taken += _measure_letter(letter)
        if taken > room:
            break
        kept += 1
    return line[:kept].rstrip() + "…"


def wrap_text(text: str, letters: int) -> list[str]:
    """`text` in lines of at most this many lower-case letters; a longer word is clipped."""
    lines = [""]
    for word in clip_label(text, letters * 4).split():
        longer = f"{lines[-1]} {clip_label(word, letters)}".strip()
        if lines[-1] and measure_text(longer) > letters * LETTER_WIDTH_POINTS:
            lines.append(clip_label(word, letters))
        else:
            lines[-1] = longer
    return lines


def wrap_lines(text: str, letters: int) -> list[str]:
    """The lines of a text of any length, each of at most this many lower-case letters."""
    lines = [""]
    for word in clean_text(text[:2000]).split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines, word] if measure_text(longer) > letters * LETTER_WIDTH_POINTS else [*lines[:-1], longer]
    return [clip_label(line, letters) for line in lines if line]


def format_hidden_count(hidden: int, unit: str) -> str:
    """A sentence with the number of things not drawn; empty if there are none.

    >>> format_hidden_count(2, "class"), format_hidden_count(0, "name")
    ('2 more classes not drawn.', '')
    """
    plural = "" if hidden == 1 else "es" if unit.endswith("s") else "s"
    return f"{hidden:,} more {unit}{plural} not drawn." if hidden > 0 else ""


def format_name_list(names: Iterable[object], most: int = 3) -> str:
    """Names for a sentence, in the order given; if there are many, the first and the number of the rest.

    >>> format_name_list(["CGTN", "CNN"]), format_name_list("abcdef")
    ('CGTN and CNN', 'a, b, c and 3 more')
    """
    listed = [clip_label(name, 60) for name in names]
    if len(listed) > most + 1:
        listed = [*listed[:most], f"{len(listed) - most:,} more"]
    return " and ".join(filter(None, [", ".join(listed[:-1]), *listed[-1:]]))


def list_outlets(outlets: Iterable[str], say_one: Callable[[str], str], most: int = 6) -> str:
    """`CGTN: ...; CNN: ...` in alphabetical order, for the first `most` outlets of a ranked list."""
    outlets = list(outlets)
    listed = "; ".join(f"{clip_label(outlet, 60)}: {say_one(outlet)}" for outlet in sorted(outlets[:most]))
    rest = len(outlets) - most
    return f"{listed}; and {format_quantity(rest, 'more outlet')}" if rest > 0 else listed


def find_extreme_names(values: Mapping[str, float], *, least: bool = False) -> list[str]:
    """The names with the highest (or lowest) value, in alphabetical order; more than one if tied.

    >>> find_extreme_names({"b": 2, "a": 2, "c": 1}), find_extreme_names({"b": 2, "c": 1}, least=True)
    (['a', 'b'], ['c'])
    """
    edge = (min if least else max)(values.values())
    return sorted(name for name, value in values.items() if value == edge)


def measure_text(text: str) -> float:
    """The width of `text` in points, in the figures' size; an upper estimate, whatever the page's font."""
    return sum(map(_measure_letter, text))


def _measure_letter(letter: str) -> float:
    """The width of a letter in points."""
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 10.5
    if letter in "MWmw@%…":
        return 9.0
    if letter in "iljtf.,:;'|! ":
        return 3.6
    return 7.4 if letter.isupper() else LETTER_WIDTH_POINTS
