"""Decoding: turns bytes into text, keeps every newline, and guesses encodings other than UTF-8.

The encoding is guessed only from lines that are not UTF-8, so that a file in several encodings loses
nothing. A line that is mostly UTF-8 is UTF-8: a broken byte in it costs one character. Text that was decoded wrongly
before it was saved is not repaired here.
"""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from samestory.base.wording import format_quantity
from samestory.read.formats.formats import Unreadable

MAX_INPUT_LINE_BYTES = 16_000_000
DECODING_SAMPLE_BYTES = 65_536
BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
                    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
WESTERN_ENCODING = "cp1252"
# Characters of Western European text other than ASCII. Signs and capitals are left out if Turkish, Polish, Czech or
# Baltic letters, or the quotation marks of an old Macintosh, look like them when they are read as Western by mistake.
WESTERN_SIGNS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœÀÁÂÄÅÆÇÈÉÊËÍÎÑÖØÚÛÜŒ“”‘’„‚–—…•€£§©®™°·«»¡¿½¼¾´\xa0\xad")
BROKEN_BYTES_PATTERN = re.compile("[\udc80-\udcff]+")  # as `surrogateescape` decodes them
CONTROL_BYTES = bytes({*range(9), 14, 15, *range(16, 27), *range(28, 32)})  # plain text has none of these


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of a file, and a warning if it is not UTF-8.

    Raises
    ------
    Unreadable
        If it is binary, or in no known encoding.

    >>> decode(b"caf\\xc3\\xa9\\r\\n")
    ('café\\r\\n', None)
    """
    encoding = find_marked_encoding(data)
    if encoding:
        return data.decode(encoding, "replace"), None
    if is_binary(data[:DECODING_SAMPLE_BYTES]):
        raise Unreadable("expected text, found a binary file")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return _decode_odd(data, error)


def find_marked_encoding(head: bytes) -> str | None:
    """The encoding shown by the first bytes: by a byte order mark, or by the zeros of UTF-16."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    if marked or b"\0" not in head:
        return marked
    head = head[:DECODING_SAMPLE_BYTES]
    evens, odds = head[::2].count(0), head[1::2].count(0)
    enough = len(head) // 2 * 0.4
    return "utf-16-le" if odds > enough and not evens else "utf-16-be" if evens > enough and not odds else None


def is_binary(data: bytes) -> bool:
    """Whether more than one byte in fifty is one that plain text never contains."""
    return 50 * (len(data) - len(data.translate(None, CONTROL_BYTES))) > len(data)


def guess_encoding(data: bytes) -> str | None:
    """The encoding of text that is not UTF-8: Western European if it looks like that, else the one that fits best."""
    if _is_western(data[:DECODING_SAMPLE_BYTES]):
        return WESTERN_ENCODING
    from charset_normalizer import from_bytes
    matches = list(from_bytes(data[:DECODING_SAMPLE_BYTES]))
    best = [match.encoding for match in matches
            if (match.chaos, match.coherence) == (matches[0].chaos, matches[0].coherence)]
    return WESTERN_ENCODING if WESTERN_ENCODING in best else best[0] if best else None


def _is_western(data: bytes) -> bool:
    """Whether the bytes outside ASCII are few and all Western letters or marks; libraries guess short texts badly."""
    odd = data.decode(WESTERN_ENCODING, "replace").translate(dict.fromkeys(range(128)))
    return WESTERN_SIGNS.issuperset(odd) and 5 * len(odd) < len(data)


def decode_mostly(data: bytes) -> str | None:
    """Text in UTF-8 with some broken bytes, each run of them as one character; None if it is no UTF-8.

    >>> decode_mostly("“Yes,” he said of the caf".encode() + b"\\xe9 and the ol\\xc3 man.")
    '“Yes,” he said of the café and the ol� man.'
    """
    text = data.decode("utf-8", "surrogateescape")
    n_broken = len(BROKEN_BYTES_PATTERN.findall(text))
    if len(BROKEN_BYTES_PATTERN.sub("", text).translate(dict.fromkeys(range(128)))) < n_broken:
        return None
    return mend_broken(text)


def mend_broken(text: str) -> str:
    """Text that was decoded with `surrogateescape`, with a character for each run of broken bytes."""
    return BROKEN_BYTES_PATTERN.sub(_read_broken_bytes, text)


def _read_broken_bytes(run: re.Match[str]) -> str:
    """The Western letter of a single byte, or the character for what cannot be read."""
    letter = run.group().encode("utf-8", "surrogateescape").decode(WESTERN_ENCODING, "replace")
    return letter if letter in WESTERN_SIGNS else "\ufffd"


def _decode_odd(data: bytes, error: UnicodeDecodeError) -> tuple[str, str | None]:
    """Text that is not all UTF-8: decoded line by line if other lines are UTF-8, else as a whole."""
    lines = data.splitlines(keepends=True)
    read = [line.decode() if _is_utf8(line) else decode_mostly(line) for line in lines]
    odd = b"".join(line for line, text in zip(lines, read, strict=True) if text is None)
    n_odd, reason = read.count(None), f"expected UTF-8, found another encoding at byte {error.start}; "
    if not odd:
        return "".join(filter(None, read)), (f"holds bytes that are not UTF-8, the first at {error.start:,}; each is"
                                             " read as one character")
    encoding = guess_encoding(odd)
    if encoding is None:
        raise Unreadable(f"expected text in UTF-8, found bytes of no known encoding (at {error.start})")
    if any(text is not None and not text.isascii() for text in read):
        text = "".join(line.decode(encoding, "replace") if text is None else text
                       for line, text in zip(lines, read, strict=True))
        return text, f"{reason}{format_quantity(n_odd, 'line')} read as {encoding}, the others as UTF-8"
    return data.decode(encoding, "replace"), f"{reason}read as {encoding}"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class DecodedLines:
    """The lines of a file as text, newlines kept, one at a time; `warnings` collects what is odd in them.

    A line longer than MAX_INPUT_LINE_BYTES stops the reading; `too_long` is then its number.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.warnings: list[str] = []
        self.number = 0
        self.too_long: int | None = None
        self._file, self._fallback, self._has_broken = file, "", False

    def __iter__(self) -> Iterator[str]:
        head = self._file.read(DECODING_SAMPLE_BYTES)
        self._file.seek(0)
        encoding = find_marked_encoding(head)
        if encoding is None and is_binary(head):
            raise Unreadable("expected text, found a binary file")
        if encoding in (None, "utf-8-sig"):
            return self._read_bytes()
        return self._read_text(encoding)

    def _read_bytes(self) -> Iterator[str]:
        if self._file.read(3) != codecs.BOM_UTF8:
            self._file.seek(0)
        while line := self._file.readline(MAX_INPUT_LINE_BYTES + 1):
            self.number += 1
            if len(line) > MAX_INPUT_LINE_BYTES:
                self.too_long = self.number
                return
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                yield self._decode_odd(line)

    def _read_text(self, encoding: str) -> Iterator[str]:
        text = io.TextIOWrapper(self._file, encoding=encoding, errors="replace", newline="")
        try:
            while line := text.readline(MAX_INPUT_LINE_BYTES // 2):
                self.number += 1
                if len(line) == MAX_INPUT_LINE_BYTES // 2 and not line.endswith(("\n", "\r")):
                    self.too_long = self.number
                    return
                yield line
        finally:
            text.detach()

    def _decode_odd(self, line: bytes) -> str:
        if (text := decode_mostly(line)) is not None:
            if not self._has_broken:
                self.warnings.append(f"line {self.number:,} holds bytes that are not UTF-8; each, there and in other"
                                     " lines, is read as one character")
            self._has_broken = True
            return text
        if not self._fallback:
            self._fallback = guess_encoding(line) or WESTERN_ENCODING
            self.warnings.append(f"line {self.number:,} is not UTF-8; it and others like it are read as"
                                 f" {self._fallback}")
        return line.decode(self._fallback, "replace")


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a text file, for formats that are read line by line."""
    lines = DecodedLines(file)
    yield from lines
    if lines.too_long:
        raise Unreadable(f"line {lines.too_long:,} is longer than {MAX_INPUT_LINE_BYTES:,} bytes")
