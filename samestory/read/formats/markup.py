"""Markup: decodes HTML, and turns a page's blocks into lines, for exports with many articles in one page."""

import codecs
import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import IO

from samestory.read.formats.decoded_lines import WESTERN_ENCODING, decode, find_marked_encoding
from samestory.read.formats.formats import Unreadable

MAX_HTML_BYTES = 64_000_000
META_CHARSET_PATTERN = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
WESTERN_CODEC_NAMES = {"iso8859-1", "ascii", "latin-1"}  # browsers read these as Windows-1252
HTML_BLOCK_TAGS = {"p", "div", "tr", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "section",
                   "body", "ul", "ol", "blockquote", "pre", "hr", "form"}
HTML_INLINE_TAGS = {"a", "abbr", "b", "big", "center", "cite", "code", "em", "figcaption", "figure", "font", "i",
                    "iframe", "img", "ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub",
                    "sup", "time", "tt", "u", "wbr"}
HTML_CELL_TAGS, HTML_HIDDEN_TAGS = {"td", "th"}, {"script", "style", "head", "noscript", "template"}

TAG_NAMES_REGEX = "|".join(sorted(HTML_BLOCK_TAGS | HTML_CELL_TAGS | HTML_INLINE_TAGS | HTML_HIDDEN_TAGS, key=len,
                                  reverse=True))
TAG_PATTERN = re.compile(rf"</?(?P<name>{TAG_NAMES_REGEX})(?:\s[^<>]{{0,4000}})?/?>", re.IGNORECASE)
HIDDEN_ELEMENT_PATTERN = re.compile(r"<(script|style)\b[^<>]{0,4000}>[^<]{0,100000}</\1\s{0,9}>", re.IGNORECASE)
ENTITY_PATTERN = re.compile(r"&(?:(?P<number>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6})|(?P<word>[A-Za-z][A-Za-z0-9]{1,31}));")


def strip_markup(text: str) -> str:
    """A text with its tags left out and its entities read as characters; blocks end their lines.

    >>> strip_markup("<p>Bell &amp; Co. <b>did</b> not sell.</p><p>A &lt; B.</p>")
    'Bell & Co. did not sell.\\n\\nA < B.'
    """
    if not (TAG_PATTERN.search(text) or ENTITY_PATTERN.search(text)):
        return text
    if not TAG_PATTERN.search(text):  # tags that are written as entities
        text = _read_entities(text)
    text = TAG_PATTERN.sub(_replace_tag, HIDDEN_ELEMENT_PATTERN.sub("", _drop_comments(text)))
    return _read_entities(text).strip("\n")


def _replace_tag(found: re.Match[str]) -> str:
    """What a tag leaves: a new line at the edge of a block, else nothing."""
    return "\n" if found["name"].lower() in (HTML_BLOCK_TAGS | HTML_CELL_TAGS) else ""


def _read_entities(text: str) -> str:
    """A text with characters for its entities, also for those written twice (`&amp;quot;`)."""
    for _ in range(2):
        text = ENTITY_PATTERN.sub(_read_entity, text)
    return text


def _read_entity(found: re.Match[str]) -> str:
    """The character of an entity; a name that is none stays as it is."""
    return unescape(found.group()) if found["number"] or f"{found['word']};" in html5 else found.group()


def _drop_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else f"<!--{part}" for part in rest)


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
