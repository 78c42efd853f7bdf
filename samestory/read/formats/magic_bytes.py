"""Kinds of files, recognised by their first bytes: a file called .txt may be a PDF.

Only kinds with an unmistakable beginning are recognised; otherwise the file's name decides.
"""

import io
import re
import zipfile
import zlib
from contextlib import nullcontext
from typing import IO

from samestory.read.formats.docx import DOCX_DOCUMENT_PATH
from samestory.read.formats.refusals import describe_refusal
from samestory.read.formats.zip_members import open_zip

FILE_HEAD_BYTES = 1_024
FILE_SIGNATURES = {b"{\\rtf": ".rtf", b"\x1f\x8b": ".gz", b"PAR1": ".parquet", b"%PDF": ".pdf", b"\x89PNG": ".png",
                   b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"\xd0\xcf\x11\xe0": ".doc", b"7z\xbc\xaf": ".7z",
                   b"Rar!": ".rar", b"SQLite format 3": ".sqlite", b"\x28\xb5\x2f\xfd": ".zst", b"BZh": ".bz2",
                   b"\xfd7zXZ": ".xz", b"WARC/": ".warc"}
FILE_KIND_NAMES = {".rtf": "an RTF file", ".gz": "a gzip file", ".parquet": "a Parquet file", ".pdf": "a PDF",
                   ".png": "a picture", ".jpg": "a picture", ".gif": "a picture", ".doc": "an old Word or Excel file",
                   ".html": "an HTML page", ".docx": "a Word file", ".xlsx": "a spreadsheet", ".zip": "a ZIP archive",
                   ".odt": "an OpenDocument text", ".ods": "a spreadsheet", ".epub": "an e-book",
                   ".rss": "a feed", ".warc": "a web archive",
                   ".sqlite": "a database"}
EQUIVALENT_ENDINGS = ({".html", ".htm", ".xhtml"}, {".gz", ".tgz"}, {".rss", ".atom", ".xml"}, {".doc", ".xls"},
                      {".doc", ".ppt"}, {".doc", ".msg"}, {".jpg", ".jpeg"}, {".zip", ".wacz"})
FEED_START_PATTERN = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,99})?"
                                rb"(?:<(?:\?|!--)[^>]{0,500}>\s{0,99}){0,5}<(?:rss|feed|rdf:RDF)\b")
ZIP_MEDIA_TYPES = {b"application/vnd.oasis.opendocument.text": ".odt", b"application/epub+zip": ".epub",
                   b"application/vnd.oasis.opendocument.spreadsheet": ".ods"}  # in a member called mimetype
HTML_START_PATTERN = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,99})?"
                                rb"(?:<!--.{0,500}?-->\s{0,99}){0,3}<(?:!doctype html|html)\b",
                                re.IGNORECASE | re.DOTALL)


def find_ending(file: IO[bytes], ending: str) -> str:
    """The ending for the kind of file that its first bytes show, else its own ending."""
    head = file.read(FILE_HEAD_BYTES)
    file.seek(0)
    found = _find_signature(head)
    if head.startswith(b"PK\x03\x04"):
        found = _find_zip_kind(file)
    elif HTML_START_PATTERN.match(head):
        found = ".html"
    elif FEED_START_PATTERN.match(head):
        found = ".rss"
    if found is None or any({ending, found} <= kinds for kinds in EQUIVALENT_ENDINGS):
        return ending
    return found


def is_plain(file: IO[bytes]) -> bool:
    """Whether the first bytes are neither of a packed or binary kind nor of a page."""
    head = file.read(FILE_HEAD_BYTES)
    file.seek(0)
    is_markup = HTML_START_PATTERN.match(head) or FEED_START_PATTERN.match(head)
    return _find_signature(head) in (None, ".rtf") and not head.startswith(b"PK") and not is_markup


def _find_signature(head: bytes) -> str | None:
    return next((kind for magic, kind in FILE_SIGNATURES.items() if head.startswith(magic)), None)


def _find_zip_kind(file: IO[bytes]) -> str | None:
    """The ending for a ZIP file's kind; None if it is damaged."""
    try:
        with open_zip(file) as archive:
            names = set(archive.namelist())
            with archive.open("mimetype") if "mimetype" in names else nullcontext(io.BytesIO()) as member:
                kind = ZIP_MEDIA_TYPES.get(member.read(100).strip())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return None
    finally:
        file.seek(0)
    if kind:
        return kind
    return ".docx" if DOCX_DOCUMENT_PATH in names else ".xlsx" if "xl/workbook.xml" in names else ".zip"


def describe_wrong_ending(ending: str, found: str, is_read: bool) -> str:
    """The message that a file is not of the kind that its name suggests."""
    name = FILE_KIND_NAMES.get(found, f"a {found} file")
    if is_read:
        return f"called {ending or 'by no ending'}, but it is {name}; read as one"
    return f"called {ending or 'by no ending'}, but it is {name}: {describe_refusal(found)}"
