"""Plain text: one article per file, or several that were pasted into one. Every character of the file is kept."""

from collections.abc import Iterator
from typing import IO

from samestory.read.formats.article_parts import read_parts
from samestory.read.formats.decoded_lines import decode, read_lines
from samestory.read.formats.formats import Found, Unreadable

__all__ = ["read", "read_lines"]
MAX_TEXT_FILE_BYTES = 8_000_000  # no article is longer, in any encoding


def read(file: IO[bytes]) -> Iterator[Found]:
    """The article in a .txt file, or those in it; their ids come from its path."""
    data = file.read(MAX_TEXT_FILE_BYTES + 1)
    if len(data) > MAX_TEXT_FILE_BYTES:
        raise Unreadable(f"expected an article, found more than {MAX_TEXT_FILE_BYTES:,} bytes in one text file; is it a"
                         " bundle? split it")
    text, warning = decode(data)
    yield from read_parts(text, warnings=(warning,) if warning else ())
