"""Documents: a Word or RTF file that is not an export is one article, with its paragraphs as lines."""

from collections.abc import Iterable, Iterator

from samestory.read.formats.formats import MAX_ARTICLE_CHARS, Found, FoundArticle, Unreadable


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The article in the lines of a document; its id comes from its path."""
    text: list[str] = []
    size = 0
    for line in lines:
        text.append(line)
        size += len(line)
        if size > MAX_ARTICLE_CHARS:
            raise Unreadable(f"expected an article of at most {MAX_ARTICLE_CHARS:,} characters, found more; is it a"
                             " bundle of many? split it")
    yield FoundArticle("".join(text))
