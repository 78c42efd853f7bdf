"""OpenDocument texts (.odt): their paragraphs and headings as lines, without notes and deleted text."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any

from samestory.read.formats.formats import Unreadable
from samestory.read.formats.zip_members import check_packed

MAX_UNPACKED_ODT_BYTES = 256_000_000
ODT_CONTENT_PATH = "content.xml"
ODT_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ODT_ELEMENT_TEXTS = {f"{ODT_NAMESPACE}tab": "\t", f"{ODT_NAMESPACE}line-break": "\n", f"{ODT_NAMESPACE}s": " "}
ODT_SKIPPED_TAGS = {f"{ODT_NAMESPACE}note", f"{ODT_NAMESPACE}tracked-changes", f"{ODT_NAMESPACE}bibliography-mark",
                    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"}
ODT_LINE_TAGS = (f"{ODT_NAMESPACE}p", f"{ODT_NAMESPACE}h")
MAX_ODT_DEPTH = 200  # of elements in a paragraph


def read_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of an .odt file, each with its newline; a file that declares entities is refused."""
    from lxml import etree
    check_packed(file, "an OpenDocument text (.odt)", MAX_UNPACKED_ODT_BYTES)
    with zipfile.ZipFile(file) as archive:
        if ODT_CONTENT_PATH not in archive.namelist():
            raise Unreadable(f"expected an OpenDocument text (.odt), found an archive without {ODT_CONTENT_PATH}; save"
                             " it again, or as .docx")
        with archive.open(ODT_CONTENT_PATH) as xml:
            events = etree.iterparse(xml, tag=(*ODT_LINE_TAGS, *ODT_SKIPPED_TAGS), resolve_entities=False,
                                     no_network=True, load_dtd=False)
            for _, element in events:
                if element.getroottree().docinfo.doctype:
                    raise Unreadable("expected an OpenDocument text, found one that declares entities; save it again")
                if element.tag in ODT_LINE_TAGS and not any(up.tag in (*ODT_LINE_TAGS, *ODT_SKIPPED_TAGS)
                                                            for up in element.iterancestors()):
                    yield from (f"{line}\n" for line in "".join(_list_texts(element)).split("\n"))
                    element.clear(keep_tail=True)


def _list_texts(element: Any, depth: int = 0) -> Iterator[str]:  # an element of lxml, which has no types
    """The texts in a paragraph, in order."""
    yield element.text or ""
    for child in element:
        if child.tag in ODT_ELEMENT_TEXTS:
            yield ODT_ELEMENT_TEXTS[child.tag]
        elif child.tag not in ODT_SKIPPED_TAGS and depth < MAX_ODT_DEPTH:
            yield from _list_texts(child, depth + 1)
        yield child.tail or ""
