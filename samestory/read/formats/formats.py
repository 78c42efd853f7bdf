"""Formats: the table FORMATS of formats and their readers, and the types that readers return.

A reader is a module whose `read` takes an open binary file, or the lines of one, and yields a `FoundArticle`
for each article and a `FoundProblem` for everything that it cannot read. To add a format, write a module here
and a row in FORMATS, from which the file endings that a corpus may hold are derived. Reader modules are
imported only when a file needs them.
"""

import io
import re
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import IO

MAX_ARTICLE_CHARS = 6_000_000  # code points
FORMAT_HEAD_CHARS = 16_000  # from the start of a file, by which its format is recognised
MAX_ARCHIVE_DEPTH = 3  # an archive in an archive in an archive
# of files that are no articles: descriptions, hidden files, locks of open Office files, what Windows adds to folders
RESERVED_NAME_PREFIXES = ("README", ".", "~$", "Thumbs.db", "desktop.ini")


class Unreadable(Exception):
    """A file, or the rest of it, that cannot be read; the message says what was expected, found and what to do."""


@dataclass(frozen=True)
class FoundArticle:
    """An article as a reader found it, not yet checked.

    `part` is the sheet or other part of the file that it is in, `number` the number of its line or record there.
    """

    text: str
    metadata: dict[str, str] = field(default_factory=dict)
    article_id: str = ""  # if empty, the article is named by its path and number
    number: int | None = None
    warnings: tuple[str, ...] = ()
    if_empty: str = "expected an article, found no text"  # the reason given for an article without text
    part: str = ""


@dataclass(frozen=True)
class FoundProblem:
    """A problem that a reader found: its severity (error, warning or note), and the reason."""

    severity: str
    reason: str


Found = FoundArticle | FoundProblem


@dataclass(frozen=True)
class Record:
    """A checked article: its id, the file it was found in, its text, and its metadata as given there."""

    article_id: str
    path: str
    text: str
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """A row of FORMATS: a kind of file, and the modules that read it.

    `lines` names the module whose `read_lines` extracts the lines of text. The reader then gets these lines,
    and its `suits(head)` decides from the first of them whether the file has its format. If no format for an
    ending suits, the last one is used. `hint` is a pattern that the first bytes, in lower case, must contain.
    A format is read `apart`, in a process with a memory limit, if its library may need far more memory than the file
    has bytes.
    """

    name: str
    module: str
    endings: tuple[str, ...]
    lines: str = ""
    hint: bytes = b""
    tried: bool = True  # on a real export, not only on files made from its description
    apart: bool = False
    holds_files: bool = False  # which the module's `read_members` gives, to be read each as its own format


LEXISNEXIS_HINT = rb"[0-9] of [0-9]{1,6} documents|do[ck]umento? [0-9]{1,6} (?:von|de|di|van) [0-9]"
PAGE_FILE_ENDINGS = (".html", ".htm", ".xhtml")
FORMATS = (
    Format("LexisNexis text", "lexisnexis", (".txt",), lines="text"),
    Format("ProQuest text", "proquest", (".txt",), lines="text"),
    Format("Factiva text", "factiva", (".txt",), lines="text", tried=False),
    Format("plain text", "text", (".txt",)),
    Format("JSON lines", "jsonl", (".jsonl", ".ndjson")),
    Format("JSON", "json_values", (".json",)),
    Format("table", "delimited", (".csv", ".tsv")),
    Format("spreadsheet", "sheet", (".xlsx", ".ods"), apart=True),
    Format("Parquet", "parquet", (".parquet",), apart=True),
    Format("LexisNexis page", "lexisnexis", PAGE_FILE_ENDINGS, lines="page_blocks", hint=LEXISNEXIS_HINT, tried=False,
           apart=True),
    Format("ProQuest page", "proquest", PAGE_FILE_ENDINGS, lines="page_blocks", hint=b"proquest", tried=False,
           apart=True),
    Format("Europresse page", "europresse", PAGE_FILE_ENDINGS, lines="page_source",
           hint=b"docpublicationname|europresse", tried=False, apart=True),
    Format("Factiva page", "factiva_page", PAGE_FILE_ENDINGS, lines="page_source", hint=b"articleparagraph|factiva",
           tried=False, apart=True),
    Format("Factiva page", "factiva", PAGE_FILE_ENDINGS, lines="markup", hint=b"factiva", tried=False, apart=True),
    Format("web page", "page", PAGE_FILE_ENDINGS, apart=True),
    Format("Nexis Uni Word", "nexis", (".docx",), lines="docx", apart=True),
    Format("Factiva Word", "factiva", (".docx",), lines="docx", tried=False, apart=True),
    Format("Word document", "document", (".docx",), lines="docx", apart=True),
    Format("Nexis Uni RTF", "nexis", (".rtf",), lines="rtf", tried=False),
    Format("Factiva RTF", "factiva", (".rtf",), lines="rtf", tried=False),
    Format("RTF document", "document", (".rtf",), lines="rtf"),
    Format("OpenDocument text", "document", (".odt",), lines="odt", apart=True),
    Format("PDF", "pdf", (".pdf",), apart=True),
    Format("Markdown", "markdown", (".md", ".markdown")),
    Format("feed", "feed", (".rss", ".atom", ".xml"), apart=True),
    Format("mail", "mail", (".eml",), apart=True, holds_files=True),
    Format("saved page", "mail", (".mht", ".mhtml"), apart=True, holds_files=True),
    Format("web archive", "warc", (".warc",), apart=True, holds_files=True),
    Format("archive", "archive", (".zip", ".gz", ".tgz", ".tar", ".wacz", ".epub"), apart=True, holds_files=True),
)
FILE_ENDINGS = tuple(dict.fromkeys(ending for kind in FORMATS for ending in kind.endings))
ARCHIVE_ENDINGS = tuple(ending for kind in FORMATS if kind.holds_files for ending in kind.endings)
FILE_ENDINGS_TEXT = f"{', '.join(FILE_ENDINGS[:-1])} or {FILE_ENDINGS[-1]}"


def find_format(file: IO[bytes], ending: str) -> Format:
    """The format of a file with this ending; formats with the same ending are distinguished by the first bytes."""
    candidates = [kind for kind in FORMATS if ending in kind.endings]
    start = file.read(4 * FORMAT_HEAD_CHARS).lower() if any(kind.hint for kind in candidates) else b""
    file.seek(0)
    heads: dict[str, str] = {}
    for kind in candidates[:-1]:
        if not re.search(kind.hint, start):
            continue
        if kind.lines not in heads:
            heads[kind.lines] = _read_head(file, kind.lines)
        if format_module(kind.module).suits(heads[kind.lines]):
            return kind
    return candidates[-1]


def open_file(path: Path) -> IO[bytes]:
    """A file, opened to read; a pipe or device is refused, as it may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a file but a pipe or device")
    return path.open("rb")


@cache
def format_module(name: str) -> ModuleType:
    """The module of formats/ with that name, imported at its first use."""
    return import_module(f"samestory.read.formats.{name}")


def find_file_ending(file: IO[bytes], name: str) -> str:
    """The ending that a file should have: its own, unless its first bytes are clearly of another kind."""
    ending: str = format_module("magic_bytes").find_ending(file, PurePosixPath(name).suffix.lower())
    return ending


def _read_head(file: IO[bytes], lines: str) -> str:
    """The first characters of a file's text."""
    head = io.StringIO()
    with suppress(Unreadable):  # reading the file fails again, and is reported then
        for line in format_module(lines).read_lines(file):
            head.write(line[:FORMAT_HEAD_CHARS])
            if head.tell() >= FORMAT_HEAD_CHARS:
                break
    file.seek(0)
    return head.getvalue()
