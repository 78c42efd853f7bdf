"""Kinds of files, told from their first bytes: what is called .txt may be a PDF.

Only what begins in a way that nothing else does is told; text in general is taken at its name.
"""

import re
import zipfile
from typing import BinaryIO

HEAD = 1_024  # bytes
MAGIC = {b"{\\rtf": ".rtf", b"\x1f\x8b": ".gz", b"PAR1": ".parquet", b"%PDF": ".pdf", b"\x89PNG": ".png",
         b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"\xd0\xcf\x11\xe0": ".doc", b"7z\xbc\xaf": ".7z", b"Rar!": ".rar",
         b"SQLite format 3": ".sqlite", b"\x28\xb5\x2f\xfd": ".zst", b"BZh": ".bz2", b"\xfd7zXZ": ".xz"}
NAMES = {".rtf": "an RTF file", ".gz": "a gzip file", ".parquet": "a Parquet file", ".pdf": "a PDF",
         ".png": "a picture", ".jpg": "a picture", ".gif": "a picture", ".doc": "an old Word or Excel file",
         ".html": "an HTML page", ".docx": "a Word file", ".xlsx": "a spreadsheet", ".zip": "a ZIP archive",
         ".sqlite": "a database"}
ALIKE = ({".html", ".htm"}, {".gz", ".tgz"})
HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,99})?(?:<!--.{0,500}?-->\s{0,99}){0,3}"
                  rb"<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)


def find_ending(file: BinaryIO, ending: str) -> str:
    """The ending of the kind that the file's bytes are of, else the one that it has."""
    head = file.read(HEAD)
    file.seek(0)
    found = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    if head.startswith(b"PK\x03\x04"):
        found = _look_into(file)
    elif HTML.match(head):
        found = ".html"
    if found is None or any({ending, found} <= kinds for kinds in ALIKE):
        return ending
    return found


def _look_into(file: BinaryIO) -> str | None:
    """Which kind of ZIP file it is; none is told of one that is damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    finally:
        file.seek(0)
    return ".docx" if "word/document.xml" in names else ".xlsx" if "xl/workbook.xml" in names else ".zip"


def tell(ending: str, found: str, is_read: bool) -> str:
    """That a file is not of the kind that its name says, and what becomes of it."""
    name = NAMES.get(found, f"a {found} file")
    if is_read:
        return f"called {ending or 'by no ending'}, but it is {name}; read as one"
    return f"called {ending or 'by no ending'}, but it is {name}; save its articles as text, HTML or Word"
