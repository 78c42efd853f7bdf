"""Word files (.docx): their paragraphs as lines, without what was deleted, and without loading them whole."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from samestory.readers import Unreadable
from samestory.readers.packed import check_packed

LARGEST = 256_000_000  # bytes, unpacked
DOCUMENT = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WRITTEN = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}


def read_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a .docx file, each with its newline; a paragraph is a line, and so is each cell's.

    Entities are not resolved, and a file that declares any is refused: Word writes none.
    """
    from lxml import etree
    check_packed(file, "a Word file (.docx)", LARGEST)
    with zipfile.ZipFile(file) as archive:
        if DOCUMENT not in archive.namelist():
            raise Unreadable(f"expected a Word file (.docx), found an archive without {DOCUMENT}")
        with archive.open(DOCUMENT) as xml:
            events = etree.iterparse(xml, tag=f"{W}p", resolve_entities=False, no_network=True, load_dtd=False)
            for _, paragraph in events:
                if paragraph.getroottree().docinfo.doctype:
                    raise Unreadable("expected a Word file, found one that declares entities, as Word never does")
                yield from (f"{line}\n" for line in _write(paragraph).split("\n"))
                paragraph.clear(keep_tail=False)
                while paragraph.getprevious() is not None:  # what was read makes room
                    del paragraph.getparent()[0]


def _write(paragraph: object) -> str:
    """A paragraph's text; of its properties (where tabs stand) nothing is text."""
    parts = []
    for element in paragraph.iter(f"{W}t", *WRITTEN):
        if element.tag == f"{W}t":
            parts.append(element.text or "")
        elif element.getparent().tag == f"{W}r":
            parts.append(WRITTEN[element.tag])
    return "".join(parts)
