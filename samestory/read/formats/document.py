"""Documents: a Word or RTF file that is not an export is one article, or several, with its paragraphs as lines."""

from collections.abc import Iterable, Iterator

from samestory.read.formats.article_parts import read_parts
from samestory.read.formats.formats import MAX_ARTICLE_CHARS, Found, Unreadable


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The article in the lines of a document, or those in it; their ids come from its path."""
    text: list[str] = []
    size = 0
    for line in lines:
        text.append(line)
        size += len(line)
        if size > MAX_ARTICLE_CHARS:
            raise Unreadable(f"expected an article of at most {MAX_ARTICLE_CHARS:,} characters, found more; is it a"
                             " bundle of many? split it")
    yield from read_parts("".join(text))
