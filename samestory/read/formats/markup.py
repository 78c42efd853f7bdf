"""Markup: decodes HTML, and turns a page's blocks into lines, for exports with many articles in one page."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

from samestory.read.formats.decoded_lines import WESTERN_ENCODING, decode, find_marked_encoding
from samestory.read.formats.formats import Unreadable

MAX_HTML_BYTES = 64_000_000
META_CHARSET_PATTERN = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
WESTERN_CODEC_NAMES = {"iso8859-1", "ascii", "latin-1"}  # browsers read these as Windows-1252
HTML_BLOCK_TAGS = {"p", "div", "tr", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "section",
                   "body", "ul", "ol", "blockquote", "pre", "hr", "form"}
HTML_CELL_TAGS, HTML_HIDDEN_TAGS = {"td", "th"}, {"script", "style", "head", "noscript", "template"}


def decode_html(data: bytes) -> tuple[str, str | None]:
    """The text of a page and a warning, if any; decoded by byte order mark, as UTF-8, as declared, else by a guess.

    Raises
    ------
    Unreadable
        If it is binary, or in no known encoding.
    """
    if not find_marked_encoding(data):
        try:
            return data.decode("utf-8"), None
        except UnicodeDecodeError:
            if named := _find_declared_encoding(data):
                return data.decode(named, "replace"), None
    return decode(data)


def _find_declared_encoding(data: bytes) -> str | None:
    match = META_CHARSET_PATTERN.search(data[:4_096])
    try:
        codec = codecs.lookup(match[1].decode("ascii")) if match else None
    except LookupError:
        return None
    if codec is None or codec.name in ("utf-8", "utf-16", "utf-32") or not codec._is_text_encoding:
        return None
    return WESTERN_ENCODING if codec.name in WESTERN_CODEC_NAMES else codec.name


def read_page(file: IO[bytes]) -> tuple[str, str | None]:
    """The markup of a page as text, and a warning about its encoding, if any."""
    data = file.read(MAX_HTML_BYTES + 1)
    if len(data) > MAX_HTML_BYTES:
        raise Unreadable(f"expected a page of at most {MAX_HTML_BYTES:,} bytes; split it")
    return decode_html(data)


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The text of a page, one line per block, each with its newline; a tab separates the cells of a row."""
    from lxml import etree, html
    text, _ = read_page(file)
    if not text.strip():
        return
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        starts = event == "start"
        if tag in HTML_HIDDEN_TAGS or not tag:
            hidden += 1 if starts else -1
        if tag in HTML_BLOCK_TAGS:
            yield from _finish_block(parts)
        elif tag in HTML_CELL_TAGS and not starts:
            parts.append("\t")
        if not hidden and (words := element.text if starts else element.tail):
            parts.append(words)
    yield from _finish_block(parts)


def _finish_block(parts: list[str]) -> Iterator[str]:
    """The parts as one line, unless it is empty; white space becomes one space."""
    cells = [" ".join(cell.split()) for cell in "".join(parts).split("\t")]
    parts.clear()
    if any(cells):
        yield "\t".join(cells).rstrip("\t") + "\n"
