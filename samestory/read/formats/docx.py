"""Word files (.docx): their paragraphs as lines, without deleted text; the file is never loaded whole."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from samestory.read.formats.formats import Unreadable
from samestory.read.formats.zip_members import check_packed

MAX_UNPACKED_DOCX_BYTES = 256_000_000
DOCX_DOCUMENT_PATH = "word/document.xml"
PAGE_BREAK_LINE = "\f\n"
# a style's name without its spaces, as Word writes it in some languages
FIRST_HEADING_PATTERN = re.compile(r"title|titre|titel|t.?tulo|(heading|berschrift|titre|t.?tulo|kop|rubrik|titolo) ?1",
                                   re.IGNORECASE)
WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCX_ELEMENT_TEXTS = {f"{WORD_NAMESPACE}tab": "\t", f"{WORD_NAMESPACE}br": "\n", f"{WORD_NAMESPACE}cr": "\n",
                      f"{WORD_NAMESPACE}noBreakHyphen": "\u2011"}


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a .docx file, each with its newline; each paragraph is a line, in table cells too.

    A form feed, on a line of its own, comes before a title, a heading of the first level and a new page.
    Entities are not resolved, and a file that declares any is refused: Word writes none.
    """
    from lxml import etree
    check_packed(file, "a Word file (.docx)", MAX_UNPACKED_DOCX_BYTES)
    with zipfile.ZipFile(file) as archive:
        if DOCX_DOCUMENT_PATH not in archive.namelist():
            raise Unreadable(f"expected a Word file (.docx), found an archive without {DOCX_DOCUMENT_PATH}")
        with archive.open(DOCX_DOCUMENT_PATH) as xml:
            events = etree.iterparse(xml, tag=f"{WORD_NAMESPACE}p", resolve_entities=False, no_network=True,
                                     load_dtd=False)
            is_first = True
            for _, paragraph in events:
                if paragraph.getroottree().docinfo.doctype:
                    raise Unreadable("expected a Word file, found one that declares entities, which Word never does")
                if not is_first and _opens_part(paragraph):
                    yield PAGE_BREAK_LINE
                is_first = False
                yield from (f"{line}\n" for line in _read_paragraph(paragraph).split("\n"))
                paragraph.clear(keep_tail=False)
                while paragraph.getprevious() is not None:  # frees the memory of what was read
                    del paragraph.getparent()[0]


def _opens_part(paragraph: Any) -> bool:
    """Whether a paragraph is a title or heading of the first level, or begins a new page."""
    properties = paragraph.find(f"{WORD_NAMESPACE}pPr")
    style = properties.find(f"{WORD_NAMESPACE}pStyle") if properties is not None else None
    if style is not None and FIRST_HEADING_PATTERN.fullmatch(style.get(f"{WORD_NAMESPACE}val") or ""):
        return True
    return (properties is not None and properties.find(f"{WORD_NAMESPACE}pageBreakBefore") is not None) or any(
        element.get(f"{WORD_NAMESPACE}type") == "page" for element in paragraph.iter(f"{WORD_NAMESPACE}br"))


def _read_paragraph(paragraph: Any) -> str:  # an element of lxml, which has no types
    """A paragraph's text; tabs among its properties are not text."""
    parts = []
    for element in paragraph.iter(f"{WORD_NAMESPACE}t", *DOCX_ELEMENT_TEXTS):
        if element.tag == f"{WORD_NAMESPACE}t":
            parts.append(element.text or "")
        elif element.getparent().tag == f"{WORD_NAMESPACE}r":
            parts.append(DOCX_ELEMENT_TEXTS[element.tag])
    return "".join(parts)
