"""Page source: the markup of a page from its first article on, for exports whose articles are marked in it."""

import re
from collections.abc import Iterator
from typing import IO

from samestory.read.formats.markup import read_page

FIRST_ARTICLE_PATTERN = re.compile(r"<article\b|<\w{1,10}\s[^<>]{0,300}?class=[\"']?[^\"'<>]{0,60}article",
                                   re.IGNORECASE)


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of the source, each with its newline; style sheets and menus above the articles are left out."""
    text, _ = read_page(file)
    body = max(0, text.lower().find("<body"))
    first = FIRST_ARTICLE_PATTERN.search(text, text.find(">", body) + 1)
    yield from text[first.start() if first else body:].splitlines(keepends=True)
