"""PDF: the text layer of a file as one article, without what repeats at the head and foot of its pages.

The lines of a page become paragraphs: a line goes on in the next one unless it is short and ends a sentence, and words
cut at the end of a line are joined. The order is that in which the file draws its text, which follows columns in most
newspapers' own files. A scan has no text and is refused. pypdf reads the file; it is an extra.
"""

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median_high
from typing import IO

from samestory.read.formats.formats import MAX_ARTICLE_CHARS, Found, FoundArticle, Unreadable

MAX_PDF_BYTES, MAX_PDF_PAGES, MAX_PAGE_LINES = 100_000_000, 500, 5_000
MIN_PAGE_CHARS = 20  # of text on a page of a file that is no scan
EDGE_LINES = 3  # at the head and foot of a page, which may be repeated on others
MIN_REPEATED_PAGES = 3
SHORT_LINE_SHARE = 0.8  # of the usual length of a line; a shorter one may end a paragraph
PAGE_NUMBER_PATTERN = re.compile(r"(?:\w{1,8} )?\d{1,4}(?: ?(?:/|of|von|de|sur) ?\d{1,4})?", re.IGNORECASE)
LINE_STOP_PATTERN = re.compile(r"[.!?:…][\"'”’»)\]]{0,2}$")
CUT_WORD_PATTERN = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
PDF_ADVICE = "save its text as .txt or .docx"


def read(file: IO[bytes]) -> Iterator[Found]:
    """The article in a .pdf file; its id comes from its path."""
    if file.seek(0, 2) > MAX_PDF_BYTES:
        raise Unreadable(f"expected a PDF of at most {MAX_PDF_BYTES:,} bytes, found {file.tell():,}; {PDF_ADVICE}")
    file.seek(0)
    pages = [_list_page_lines(text) for text in _read_pages(file)]
    n_chars = sum(len(line) for page in pages for line in page)
    if n_chars < MIN_PAGE_CHARS * len(pages):
        raise Unreadable(f"expected a PDF with text, found {len(pages):,} pages with {n_chars:,} characters, which is a"
                         f" scan; recognise its text (OCR), or {PDF_ADVICE}")
    pages = _drop_edges(pages)
    text = _join_lines([line for page in pages for line in page])
    yield FoundArticle(text, warnings=("read from a PDF, in the order in which it draws its text; compare the article"
                                       " with the file",))


def _read_pages(file: IO[bytes]) -> Iterator[str]:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise Unreadable("a PDF, which needs a library: pip install 'samestory[pdf]'; or save its text as .txt or"
                         " .docx") from None
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"a PDF that needs a password; {PDF_ADVICE}")
        n_pages, n_chars = len(reader.pages), 0
        if n_pages > MAX_PDF_PAGES:
            raise Unreadable(f"expected a PDF of at most {MAX_PDF_PAGES:,} pages, found {n_pages:,}; split it into its"
                             f" articles, or {PDF_ADVICE}")
        for page in reader.pages:
            text = page.extract_text()
            n_chars += len(text)
            if n_chars > MAX_ARTICLE_CHARS:
                raise Unreadable(f"expected an article of at most {MAX_ARTICLE_CHARS:,} characters; {PDF_ADVICE}")
            yield text
    except (PyPdfError, RecursionError) as error:
        raise Unreadable(f"a damaged PDF ({str(error)[:100]}); {PDF_ADVICE}") from None


def _list_page_lines(text: str) -> list[str]:
    """The lines of a page; an empty one ends a paragraph."""
    return [" ".join(line.split()) for line in text.split("\n", MAX_PAGE_LINES)[:MAX_PAGE_LINES]]


def _drop_edges(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the lines at their head or foot that other pages have there, and without page numbers."""
    counts = Counter(line for page in pages for line in {_fold_digits(page[i]) for i in _find_page_edges(page)})
    kept = []
    for page in pages:
        dropped = {i for i in _find_page_edges(page) if counts[_fold_digits(page[i])] >= MIN_REPEATED_PAGES
                   or PAGE_NUMBER_PATTERN.fullmatch(page[i])}
        lines = [line for i, line in enumerate(page) if i not in dropped]
        kept.append("\n".join(lines).strip("\n").split("\n"))  # a paragraph goes on behind blank lines at a page's end
    return kept


def _find_page_edges(page: list[str]) -> list[int]:
    """The first and last lines of a page that are not empty."""
    filled = [i for i, line in enumerate(page) if line]
    return list(dict.fromkeys((*filled[:EDGE_LINES], *filled[-EDGE_LINES:])))


def _fold_digits(line: str) -> str:
    return re.sub(r"\d+", "0", line.casefold())


def _join_lines(lines: list[str]) -> str:
    """The paragraphs of an article, one a line; its first line, a headline, is its own unless the next goes on.

    >>> _join_lines(["Talks end", "The talks in Anch-", "orage ended late on", "Thursday.", "They resume in May."])
    'Talks end\\nThe talks in Anchorage ended late on Thursday.\\nThey resume in May.'
    """
    usual = median_high([len(line) for line in lines if line] or [0])
    paragraphs: list[list[str]] = []
    is_open = False
    for line in lines:
        is_second = len(paragraphs) == 1 == len(paragraphs[0]) and not line[:1].islower()
        if line and is_open and not is_second:
            paragraphs[-1].append(line)
        elif line:
            paragraphs.append([line])
        is_short = len(line) < SHORT_LINE_SHARE * usual
        is_open = bool(line) and not (is_short and (LINE_STOP_PATTERN.search(line) or len(paragraphs) <= 2))
    return "\n".join(map(_join_paragraph, paragraphs))


def _join_paragraph(lines: list[str]) -> str:
    """The lines of a paragraph as one, with words that were cut at the end of a line joined."""
    parts = [line[:-1] if CUT_WORD_PATTERN.search(line) and following[:1].islower() else f"{line} "
             for line, following in zip(lines, [*lines[1:], ""], strict=True)]
    return "".join(parts).rstrip()
