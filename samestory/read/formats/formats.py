"""Readers: one file a format; each turns a file into articles, and what it cannot read into problems.

A reader is a module whose `read` takes an open binary file, or the lines of one, and yields a dictionary
for each article: text, metadata and, where known, article_id, number (of its line or record) and warning;
or an error, or a note. To add a format, write a module here and a row in FORMATS: the endings that a
corpus may hold come from there. Reader modules are imported when a file needs them, so this one is light.
"""

import io
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import BinaryIO

MAX_ARTICLE_CHARS = 6_000_000  # code points
FORMAT_HEAD_CHARS = 16_000  # what is looked at to tell formats apart
MAX_ARCHIVE_DEPTH = 3  # an archive in an archive in an archive
RESERVED_NAME_PREFIXES = ("README", ".", "__MACOSX")


class Unreadable(Exception):
    """Why a file, or the rest of it, cannot be read: expected, found, what to do."""


@dataclass(frozen=True)
class Record:
    """An article as a reader found it: its id, text and whatever metadata stood beside it."""

    article_id: str
    path: str
    text: str
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """A row of FORMATS: a kind of file, and the modules that read it.

    `lines` names the module whose `read_lines` takes the text out of the file; the reader then gets these
    lines, and its `suits(head)` says whether the first of them are of its format. The last format of an
    ending is taken where no other suits. `hint` is a word that the first bytes must hold.
    """

    name: str
    module: str
    endings: tuple[str, ...]
    lines: str = ""
    hint: bytes = b""
    tried: bool = True  # on a real export, not only on one built from its description


FORMATS = (
    Format("LexisNexis text", "lexisnexis", (".txt",), lines="text", tried=False),
    Format("ProQuest text", "proquest", (".txt",), lines="text", tried=False),
    Format("Factiva text", "factiva", (".txt",), lines="text", tried=False),
    Format("plain text", "text", (".txt",)),
    Format("JSON lines", "jsonl", (".jsonl", ".ndjson")),
    Format("JSON", "json_values", (".json",)),
    Format("table", "delimited", (".csv", ".tsv")),
    Format("spreadsheet", "sheet", (".xlsx",)),
    Format("Parquet", "parquet", (".parquet",)),
    Format("Factiva page", "factiva", (".html", ".htm"), lines="markup", hint=b"factiva", tried=False),
    Format("web page", "page", (".html", ".htm")),
    Format("Nexis Uni Word", "nexis", (".docx",), lines="docx", tried=False),
    Format("Factiva Word", "factiva", (".docx",), lines="docx", tried=False),
    Format("Word document", "document", (".docx",), lines="docx"),
    Format("Nexis Uni RTF", "nexis", (".rtf",), lines="rtf", tried=False),
    Format("Factiva RTF", "factiva", (".rtf",), lines="rtf", tried=False),
    Format("RTF document", "document", (".rtf",), lines="rtf"),
    Format("archive", "archive", (".zip", ".gz", ".tgz", ".tar")),
)
FILE_ENDINGS = tuple(dict.fromkeys(ending for kind in FORMATS for ending in kind.endings))
FILE_ENDINGS_TEXT = f"{', '.join(FILE_ENDINGS[:-1])} or {FILE_ENDINGS[-1]}"


def name_format(path: Path) -> str:
    """The name of the format that a file would be read as; how it is called does not settle that."""
    try:
        with open_file(path) as file:
            return find_format(file, find_file_ending(file, path.name)).name
    except Exception:  # the same happens when it is read, and is a row of problems there
        return "unreadable"


def find_format(file: BinaryIO, ending: str) -> Format:
    """The format of a file of this ending, told from its first bytes where several share the ending."""
    candidates = [kind for kind in FORMATS if ending in kind.endings]
    start = file.read(4 * FORMAT_HEAD_CHARS).lower() if any(kind.hint for kind in candidates) else b""
    file.seek(0)
    heads: dict[str, str] = {}
    for kind in candidates[:-1]:
        if kind.hint not in start:
            continue
        if kind.lines not in heads:
            heads[kind.lines] = _read_head(file, kind.lines)
        if format_module(kind.module).suits(heads[kind.lines]):
            return kind
    return candidates[-1]


def open_file(path: Path) -> BinaryIO:
    """A file to read; a pipe or device is refused, as it may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a file but a pipe or device")
    return path.open("rb")


@cache
def format_module(name: str) -> ModuleType:
    """The module of formats/ with that name, imported when it is first needed."""
    return import_module(f"samestory.read.formats.{name}")


def find_file_ending(file: BinaryIO, name: str) -> str:
    """The ending that a file should have: its own, unless its first bytes are plainly of another kind."""
    ending = PurePosixPath(name).suffix.lower()
    return format_module("magic_bytes").find_ending(file, ending)


def _read_head(file: BinaryIO, lines: str) -> str:
    """The first characters of a file's text."""
    head = io.StringIO()
    with suppress(Unreadable):  # it is met again, and told, when the file is read
        for line in format_module(lines).read_lines(file):
            head.write(line[:FORMAT_HEAD_CHARS])
            if head.tell() >= FORMAT_HEAD_CHARS:
                break
    file.seek(0)
    return head.getvalue()
