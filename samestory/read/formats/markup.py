"""Markup: decodes HTML, and turns a page's blocks into lines, for exports with many articles in one page."""

import codecs
import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import IO

from samestory.read.formats.decoded_lines import WESTERN_ENCODING, decode, decode_mostly, find_marked_encoding
from samestory.read.formats.formats import Unreadable

MAX_HTML_BYTES = 64_000_000
MAX_HTML_TAGS = 4_000_000  # with closing tags; each opening one takes some 400 bytes of memory
META_CHARSET_PATTERN = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
WESTERN_CODEC_NAMES = {"iso8859-1", "ascii", "latin-1"}  # browsers read these as Windows-1252
HTML_BLOCK_TAGS = {"p", "div", "tr", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "section",
                   "body", "ul", "ol", "blockquote", "pre", "hr", "form"}
HTML_INLINE_TAGS = {"a", "abbr", "b", "big", "center", "cite", "code", "em", "figcaption", "figure", "font", "i",
                    "iframe", "img", "ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub",
                    "sup", "time", "tt", "u", "wbr"}
HTML_VOID_TAGS = {"br", "hr"}  # blocks without content
HTML_CELL_TAGS, HTML_HIDDEN_TAGS = {"td", "th"}, {"script", "style", "head", "noscript", "template"}

TAG_NAMES_REGEX = "|".join(sorted(HTML_BLOCK_TAGS | HTML_CELL_TAGS | HTML_INLINE_TAGS | HTML_HIDDEN_TAGS, key=len,
                                  reverse=True))
ENTITY_REGEX = r"#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31}"
MARKUP_PATTERN = re.compile(
    r"<(?P<hidden>script|style)\b[^<>]{0,4000}>[^<]{0,100000}</(?P=hidden)\s{0,9}>|(?P<comment><!--[^<>]{0,4000}-->)"
    rf"|</?(?P<tag>{TAG_NAMES_REGEX})(?:\s[^<>]{{0,4000}})?/?>"
    rf"|&lt;/?(?P<escaped>{TAG_NAMES_REGEX})(?:\s[^<>&;]{{0,200}})?/?&gt;|&(?:amp;)?(?:{ENTITY_REGEX});", re.IGNORECASE)
BLOCK_TAG_PATTERN = re.compile(rf"<(?:{'|'.join(sorted(HTML_BLOCK_TAGS))})(?:\s[^<>]{{0,4000}})?/?>", re.IGNORECASE)


def find_markup(text: str) -> Iterator[tuple[int, int, str]]:
    """The tags and entities in a text: start, end and what they are read as.

    >>> list(find_markup("Bell &amp; Co.<br> A &lt; B &notone;"))
    [(5, 10, '&'), (14, 18, '\\n'), (21, 25, '<')]
    """
    for found in MARKUP_PATTERN.finditer(text):
        if found["hidden"] or found["comment"]:
            yield found.start(), found.end(), ""
        elif tag := found["tag"] or found["escaped"]:
            yield found.start(), found.end(), "\n" if tag.lower() in HTML_BLOCK_TAGS | HTML_CELL_TAGS else ""
        elif (char := _read_entity(_read_entity(found.group()))) != found.group():
            yield found.start(), found.end(), char


def has_markup(text: str) -> bool:
    """Whether a text contains tags or entities."""
    return next(find_markup(text), None) is not None


def strip_blocks(text: str) -> str:
    """A text that holds blocks of HTML, with a line for each and without markup; another text as it is.

    >>> strip_blocks("<p>Bell &amp; Co. <b>did</b> not sell.</p><p>It closed.</p>")
    'Bell & Co. did not sell.\\n\\nIt closed.'
    """
    if not BLOCK_TAG_PATTERN.search(text):
        return text
    parts, at = [], 0
    for start, end, char in find_markup(text):
        parts += [text[at:start], char]
        at = end
    return "".join([*parts, text[at:]]).strip("\n")


def _read_entity(entity: str) -> str:
    """The character of an entity; a name that is none stays as it is."""
    return unescape(entity) if entity[:2] == "&#" or entity[1:] in html5 or entity.startswith("&amp;") else entity


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
            named = _find_declared_encoding(data)
            if named and decode_mostly(data) is None:
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
    if data.count(b"<") > MAX_HTML_TAGS:
        raise Unreadable(f"expected a page of at most {MAX_HTML_TAGS:,} tags, found more; split it")
    return decode_html(data)


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The text of a page, one line per block, each with its newline; a tab separates the cells of a row."""
    for _, line in walk_blocks(read_page(file)[0]):
        if line:
            yield line


def walk_blocks(page: str) -> Iterator[tuple[str, str]]:
    """The tag at which each block of a page begins or ends, and the line of text before it, if any."""
    from lxml import etree, html
    if not page.strip():
        return
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        starts = event == "start"
        if tag in HTML_HIDDEN_TAGS or not tag:
            hidden += 1 if starts else -1
        if tag in HTML_BLOCK_TAGS and (starts or tag not in HTML_VOID_TAGS):
            yield tag, _finish_block(parts)
        elif tag in HTML_CELL_TAGS and not starts:
            parts.append("\t")
        if not hidden and (words := element.text if starts else element.tail):
            parts.append(words)
    yield "", _finish_block(parts)


def _finish_block(parts: list[str]) -> str:
    """The parts as one line with its newline, or nothing if it is empty; white space becomes one space."""
    cells = [" ".join(cell.split()) for cell in "".join(parts).split("\t")]
    parts.clear()
    return "\t".join(cells).rstrip("\t") + "\n" if any(cells) else ""
