"""Readers: one file a format; each turns a file into articles, and what it cannot read into problems.

A reader is a module whose `read` takes an open binary file, or the lines of one, and yields a dictionary
for each article: text, metadata and, where known, article_id, number (of its line or record) and warning;
or an error, or a note. To add a format, write a module here and a row in FORMATS: the endings that a
corpus may hold come from there. Reader modules are imported when a file needs them, so this one is light.
"""

import hashlib
import io
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from samestory.corpus import Corpus
    from samestory.readers.archive import Allowance

LONGEST_ARTICLE = 6_000_000  # code points
HEAD_CHARS = 16_000  # what is looked at to tell formats apart
DEEPEST = 3  # an archive in an archive in an archive
RESERVED = ("README", ".", "__MACOSX")


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
ENDINGS = tuple(dict.fromkeys(ending for kind in FORMATS for ending in kind.endings))
TOLD_ENDINGS = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def read_records(corpus: "Corpus") -> Iterator[Record | dict]:
    """Every article of a corpus, as a `Record`, and every problem met, as a row of `problems`.

    A second record of one id keeps its text under an id of its own, so that nothing is lost.
    """
    seen: set[str] = set()
    for path in corpus.unread:
        yield problem(corpus.relative(path), "warning", f"no reader for {path.suffix or 'a file without ending'};"
                      f" expected {TOLD_ENDINGS}")
    for path in corpus.files:
        for found in _read_path(path, corpus.relative(path)):
            if isinstance(found, Record):
                unique = _with_unique_id(found, seen)
                if unique is not found:
                    yield problem(found.path, "warning", f"two articles have the id {found.article_id!r};"
                                  f" this one is kept as {unique.article_id!r}", unique.article_id)
                found = unique
            yield found


def name_format(path: Path) -> str:
    """The name of the format that a file would be read as; how it is called does not settle that."""
    try:
        with _open(path) as file:
            return find_format(file, _find_ending(file, path.name)).name
    except Exception:  # the same happens when it is read, and is a row of problems there
        return "unreadable"


def find_format(file: BinaryIO, ending: str) -> Format:
    """The format of a file of this ending, told from its first bytes where several share the ending."""
    candidates = [kind for kind in FORMATS if ending in kind.endings]
    start = file.read(4 * HEAD_CHARS).lower() if any(kind.hint for kind in candidates) else b""
    file.seek(0)
    heads: dict[str, str] = {}
    for kind in candidates[:-1]:
        if kind.hint not in start:
            continue
        if kind.lines not in heads:
            heads[kind.lines] = _read_head(file, kind.lines)
        if _module(kind.module).suits(heads[kind.lines]):
            return kind
    return candidates[-1]


def problem(path: str, severity: str, reason: str, article_id: str | None = None) -> dict:
    """A row of the table `problems`, for the step `read`."""
    return {"article_id": article_id, "path": _printable(path), "step": "read", "severity": severity,
            "reason": _printable(reason)[:2_000]}


def _read_path(path: Path, relative: str) -> Iterator[Record | dict]:
    try:
        with _open(path) as file:
            yield from _read_file(file, relative)
    except OSError as error:
        yield problem(relative, "error", f"cannot be opened: {error.strerror}")


def _open(path: Path) -> BinaryIO:
    """A file to read; a pipe or device is refused, as it may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a file but a pipe or device")
    return path.open("rb")


def _read_file(file: BinaryIO, relative: str, *, depth: int = 0,
               allowance: "Allowance | None" = None) -> Iterator[Record | dict]:
    """The articles and problems of an open file; whatever fails in it costs its rows, never the run."""
    try:
        ending = _find_ending(file, relative)
        if ending != PurePosixPath(relative).suffix.lower():
            yield problem(relative, "warning" if ending in ENDINGS else "error", _tell_kind(relative, ending))
        if ending not in ENDINGS:
            return
        kind = find_format(file, ending)
        if kind.module == "archive":
            yield from _read_archive(file, relative, depth, allowance)
            return
        if not kind.tried:
            yield problem(relative, "note", f"read as {kind.name}, a reader not yet tried on a real export;"
                          " compare some of its articles with the file")
        for found in _read_as(kind, file):
            yield from _check(found, relative)
    except MemoryError:
        raise
    except Unreadable as error:
        yield problem(relative, "error", str(error))
    except Exception as error:  # libraries raise what they like over a damaged file
        yield problem(relative, "error", f"damaged or cut off: {_tell_error(error)}")


def _read_as(kind: Format, file: BinaryIO) -> Iterator[dict]:
    module = _module(kind.module)
    return module.read(_module(kind.lines).read_lines(file) if kind.lines else file)


def _read_archive(file: BinaryIO, relative: str, depth: int,
                  allowance: "Allowance | None") -> Iterator[Record | dict]:
    archive = _module("archive")
    if depth == DEEPEST:
        yield problem(relative, "error", f"archives in archives are read {DEEPEST} deep; unpack this one")
        return
    allowance = allowance or archive.Allowance.of(file)
    for path, member in archive.read_members(file, relative, allowance):
        if isinstance(member, dict):
            yield problem(path, *next(iter(member.items())))
        else:
            with member:
                yield from _read_file(member, path, depth=depth + 1, allowance=allowance)


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"samestory.readers.{name}")


def _find_ending(file: BinaryIO, name: str) -> str:
    """The ending that a file should have: its own, unless its first bytes are plainly of another kind."""
    ending = PurePosixPath(name).suffix.lower()
    return _module("kinds").find_ending(file, ending)


def _tell_kind(relative: str, ending: str) -> str:
    return _module("kinds").tell(PurePosixPath(relative).suffix.lower(), ending, ending in ENDINGS)


def _tell_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _read_head(file: BinaryIO, lines: str) -> str:
    """The first characters of a file's text."""
    head = io.StringIO()
    with suppress(Unreadable):  # it is met again, and told, when the file is read
        for line in _module(lines).read_lines(file):
            head.write(line[:HEAD_CHARS])
            if head.tell() >= HEAD_CHARS:
                break
    file.seek(0)
    return head.getvalue()


def _check(found: dict, relative: str) -> Iterator[Record | dict]:
    """What a reader found as a Record, or the problem that it is; and what is odd about it."""
    if "text" not in found:
        yield problem(relative, *next(iter(found.items())))  # error, warning or note, and the reason
        return
    article_id = _printable(found.get("article_id") or _name_by_path(relative, found.get("number")))
    body = found["text"]
    if not body.strip():
        yield problem(relative, "error", found.get("empty") or "expected an article, found no text", article_id)
        return
    if len(body) > LONGEST_ARTICLE:
        yield problem(relative, "error", f"expected an article of at most {LONGEST_ARTICLE:,} characters, found"
                      f" {len(body):,}; is it a bundle of many? split it", article_id)
        return
    metadata = {name: _repair(value) for name, value in found.get("metadata", {}).items()}
    record = Record(article_id, _printable(relative), _repair(body), metadata)
    yield record
    for warning in [*found.get("warnings", ()), *_tell_odd(body, record.text)]:
        yield problem(relative, "warning", warning, article_id)


def _tell_odd(text: str, repaired: str) -> Iterable[str]:
    if text is not repaired:
        yield "holds halves of surrogate pairs, which are no characters; each is read as \ufffd"
    if "\0" in text:
        yield f"holds {text.count(chr(0)):,} NUL characters; they are kept"


def _repair(text: str) -> str:
    """Text without halves of surrogate pairs, which no file can be written with; its length stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _printable(name: str) -> str:
    """A file's name with the bytes that are not UTF-8 written out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _name_by_path(relative: str, number: int | None) -> str:
    name = str(PurePosixPath(relative).with_suffix(""))
    return name if number is None else f"{name}:{number}"


def _with_unique_id(record: Record, seen: set[str]) -> Record:
    article_id = record.article_id
    if article_id in seen:
        suffix = hashlib.sha256(f"{record.path}\0{record.text}".encode()).hexdigest()[:8]
        article_id = f"{article_id}~{suffix}"
        while article_id in seen:  # the same record twice in one file
            article_id += "+"
        record = Record(article_id, record.path, record.text, record.metadata)
    seen.add(article_id)
    return record
