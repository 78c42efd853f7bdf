"""RTF: extracts the text as lines, in one pass over the control words, in linear time.

Based on Microsoft's Rich Text Format Specification 1.9.1. The code pages of fonts are ignored; Word,
Nexis and Factiva write characters outside the file's code page as numbered Unicode characters.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from samestory.read.formats.formats import MAX_ARTICLE_CHARS, Unreadable

MAX_RTF_BYTES = 64_000_000
MAX_RTF_GROUP_DEPTH = 1_000  # Word nests some twenty groups; those within deeper ones are read as text of one
MIN_PIECE_PARTS = 1_000  # of the text that is returned at a time
RTF_TOKEN_PATTERN = re.compile(rb"\\([A-Za-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z'])|(\{\})+|(\{+)"
                               rb"|(\}+)|[\r\n]+|([^\\{}\r\n]+)|\\'?")
RTF_CONTROL_WORD_TEXTS = {"par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "cell": "\t",
                          "nestcell": "\t", "nestrow": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘",
                          "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003",
                          "enspace": "\u2002"}
RTF_CONTROL_SYMBOL_TEXTS = {b"~": "\xa0", b"_": "\u2011", b"-": "", b"\n": "\n", b"\r": "\n", b"\\": "\\", b"{": "{",
                            b"}": "}"}
RTF_HIDDEN_GROUPS = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr",
                     "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "fldinst", "themedata",
                     "datastore", "listtable", "listoverridetable", "filetbl", "revtbl", "rsidtbl", "latentstyles",
                     "bkmkstart", "bkmkend", "xe", "tc"}


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of an .rtf file, each with its newline; a tab separates the cells of a table."""
    data = file.read(MAX_RTF_BYTES + 1)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("expected RTF, found another kind of text; is it plain text? rename it to .txt")
    if len(data) > MAX_RTF_BYTES:
        raise Unreadable(f"expected at most {MAX_RTF_BYTES:,} bytes of RTF; split it")
    line = ""
    for piece in _read_pieces(data):
        *lines, line = (line + piece).split("\n")
        yield from (f"{full}\n" for full in lines)
    yield f"{line}\n"


def read_text(data: bytes) -> str:
    r"""The text of an RTF document.

    >>> read_text(rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\'93Hi\'94, caf\u233?\par}")
    '“Hi”, café\n'
    """
    return "".join(_read_pieces(data))


def _read_pieces(data: bytes) -> Iterator[str]:
    """The text in pieces, each but the last ending with a line, so that the head of a large file is read at once."""
    state, position = _RtfState(), 0
    while position < len(data):
        match = RTF_TOKEN_PATTERN.match(data, position)
        assert match is not None  # some alternative of the pattern matches at any byte
        position = match.end()
        word, number, code, sign, empty, opening, closing, text = match.groups()
        if word:
            position += _apply_control_word(state, word.decode("ascii"), int(number) if number else None)
        elif code:
            state.add_bytes(bytes.fromhex(code.decode("ascii")))
        elif text:
            state.add_bytes(text)
        elif empty:
            state.to_skip = 0
        elif opening:
            state.open(len(opening))
        elif closing:
            state.close(len(closing))
        elif sign == b"*":
            state.hidden = True
        elif sign in RTF_CONTROL_SYMBOL_TEXTS:
            state.add(RTF_CONTROL_SYMBOL_TEXTS[sign])
        if len(state.parts) > MIN_PIECE_PARTS and state.parts[-1] == "\n":
            yield state.finish()
        elif len(state.parts) > MAX_ARTICLE_CHARS:
            raise Unreadable(f"expected an article of at most {MAX_ARTICLE_CHARS:,} characters, found a longer line")
    yield state.finish()


@dataclass
class _RtfState:
    """The state at a position in the file; `stand_ins` is the number of bytes that replace a Unicode character."""

    encoding: str = "cp1252"
    hidden: bool = False
    stand_ins: int = 1
    to_skip: int = 0
    parts: list[str] = field(default_factory=list)
    coded: bytearray = field(default_factory=bytearray)
    groups: list[tuple[bool, int]] = field(default_factory=list)
    n_deeper: int = 0  # open groups that are too deep to be in `groups`

    def open(self, n: int) -> None:
        """Open `n` groups."""
        self.to_skip = 0
        kept = min(n, MAX_RTF_GROUP_DEPTH - len(self.groups))
        self.groups += [(self.hidden, self.stand_ins)] * kept
        self.n_deeper += n - kept

    def close(self, n: int) -> None:
        """Close `n` groups, or all that are open."""
        self.to_skip = 0
        deeper = min(n, self.n_deeper)
        self.n_deeper -= deeper
        if last := self.groups[-(n - deeper):] if n > deeper else []:
            self.hidden, self.stand_ins = last[0]
            del self.groups[-len(last):]

    def add_bytes(self, data: bytes) -> None:
        data, self.to_skip = data[self.to_skip:], max(0, self.to_skip - len(data))
        if not self.hidden:
            self.coded += data

    def add(self, text: str) -> None:
        if not self.hidden:
            self.flush()
            self.parts.append(text)

    def flush(self) -> None:
        """Decode the collected bytes together, as one character may take two bytes."""
        if self.coded:
            self.parts.append(self.coded.decode(self.encoding, "replace"))
            self.coded.clear()

    def finish(self) -> str:
        """Hand out the text, with surrogate pairs joined into the characters beyond 16 bits."""
        self.flush()
        text, self.parts = "".join(self.parts), []
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _apply_control_word(state: _RtfState, word: str, number: int | None) -> int:
    """Apply a control word; returns the number of bytes of binary data that follow it."""
    if word in RTF_CONTROL_WORD_TEXTS:
        state.add(RTF_CONTROL_WORD_TEXTS[word])
    elif word in RTF_HIDDEN_GROUPS:
        state.hidden = True
    elif word == "u" and number is not None:
        state.add(chr(number % 0x10000))
        state.to_skip = state.stand_ins
    elif word == "uc" and number is not None:
        state.stand_ins = max(0, number)
    elif word == "ansicpg" and number and _is_encoding(f"cp{number}"):
        state.encoding = f"cp{number}"
    return max(0, number or 0) if word == "bin" else 0


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False
