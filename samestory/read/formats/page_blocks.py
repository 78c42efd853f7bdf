"""Page blocks: the text of a page as a text file would have it, with an empty line below each paragraph.

A line break within a paragraph ends a line only, two of them end the paragraph, and a horizontal rule is a line of
underscores, so that the readers of text exports can read the pages of the same services.
"""

from collections.abc import Iterator
from typing import IO

from samestory.read.formats.markup import read_page, walk_blocks

BREAK_TAG, RULE_TAG = "br", "hr"
RULE_LINE = "_" * 60 + "\n"


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a page, each with its newline."""
    for tag, line in walk_blocks(read_page(file)[0]):
        if line:
            yield line
        if tag == RULE_TAG:
            yield RULE_LINE
        elif tag != BREAK_TAG or not line:
            yield "\n"
