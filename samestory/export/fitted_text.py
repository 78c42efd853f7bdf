"""Text that any program reads alike, character for character, so that offsets into it need no change.

XML cannot hold most control characters, many programs read a carriage return as a line feed, or two of them as one, and
drop a byte order mark at the beginning of a file. Each such character is replaced with one other; the replaced ones are
listed with their places, so that the text as it was can be restored.
"""

import re
from dataclasses import dataclass

# control characters that XML cannot hold, or that it or a program takes for the end of a line; lone surrogates
UNFIT_PATTERN = re.compile("\\A\ufeff|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
REPLACED_ITEM_PATTERN = re.compile(r"(\d{1,9}):([0-9A-F]{4,6})")
UNFIT_SUBSTITUTE, BROKEN_LINE_SUBSTITUTE = "\ufffd", " "


@dataclass(frozen=True)
class FittedText:
    """A text of the same length as the original, and the characters that were replaced in it, by their places."""

    text: str
    replaced: dict[int, str]

    def describe(self) -> str:
        """The replaced characters as place:code point, the place in decimal and the code point in hexadecimal digits.

        >>> fit_text("a\\r\\nb\\x07").describe()
        '1:000D 4:0007'
        """
        return " ".join(f"{place}:{ord(char):04X}" for place, char in self.replaced.items())


def fit_text(text: str) -> FittedText:
    """A text without characters that programs read in different ways; it has as many code points as before.

    A carriage return before a line feed becomes a space, a line end of any other kind a line feed, and all other
    unfit characters become U+FFFD.

    >>> fit_text("one\\r\\ntwo\\x00").text
    'one \\ntwo�'
    """
    replaced = {found.start(): found.group() for found in UNFIT_PATTERN.finditer(text)}
    if not replaced:
        return FittedText(text, replaced)
    chars = list(text)
    for place, char in replaced.items():
        chars[place] = _substitute(char, text[place + 1:place + 2])
    return FittedText("".join(chars), replaced)


def _substitute(char: str, following: str) -> str:
    if char == "\r" and following == "\n":
        return BROKEN_LINE_SUBSTITUTE
    return "\n" if char in "\r\x0b\x0c\x85\u2028\u2029" else UNFIT_SUBSTITUTE


def fit_line(value: object) -> str:
    """A value as one line without unfit characters, with single spaces, for where offsets do not matter.

    >>> fit_line("one\\r\\n  two\\x00")
    'one two�'
    """
    return " ".join(fit_text(str(value)).text.split())


def restore_text(text: str, described: str) -> str:
    """The original of a fitted text.

    >>> restore_text("one \\ntwo�", "3:000D 8:0000")
    'one\\r\\ntwo\\x00'
    """
    chars = list(text)
    for place, code_point in REPLACED_ITEM_PATTERN.findall(described):
        chars[int(place)] = chr(int(code_point, 16))
    return "".join(chars)
