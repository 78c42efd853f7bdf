"""Plain text: one file, one article. Every character of the file is the article's text."""

from collections.abc import Iterator
from typing import BinaryIO

from samestory.readers import Unreadable
from samestory.readers.decoding import decode, read_lines

__all__ = ["read", "read_lines"]
LARGEST = 8_000_000  # bytes; more is no article in any encoding


def read(file: BinaryIO) -> Iterator[dict]:
    """The article in a .txt file; its id comes from its path."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable(f"expected an article, found more than {LARGEST:,} bytes in one text file; is it a bundle?"
                         " split it")
    text, warning = decode(data)
    yield {"text": text, "warnings": [warning] if warning else []}
