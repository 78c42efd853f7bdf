"""Files: the articles and the problems of one file, read in this process by the reader of its format."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from samestory.base.errors import Problem
from samestory.read.formats.bundle_records import describe_bundle
from samestory.read.formats.formats import (
    FILE_ENDINGS,
    FORMATS,
    MAX_ARCHIVE_DEPTH,
    MAX_ARTICLE_CHARS,
    Format,
    Found,
    FoundArticle,
    FoundProblem,
    Record,
    Unreadable,
    find_file_ending,
    find_format,
    format_module,
    open_file,
)
from samestory.read.formats.markup import strip_blocks

if TYPE_CHECKING:
    from samestory.read.formats.archive import Allowance

ENDINGS_READ_HERE = {ending for kind in FORMATS if not kind.apart for ending in kind.endings}


def is_read_here(path: Path) -> bool:
    """Whether a file needs no process with a memory limit: by its name and its first bytes, it is plain text."""
    try:
        with open_file(path) as file:
            return path.suffix.lower() in ENDINGS_READ_HERE and bool(format_module("magic_bytes").is_plain(file))
    except OSError:  # reading the file fails again, and is reported then
        return True


def name_format(path: Path) -> str:
    """The name of the format that a file would be read as; its ending alone does not decide this."""
    try:
        with open_file(path) as file:
            return _name_opened_format(file, path.name)
    except Exception:  # the same error becomes a row of problems when the file is read
        return "unreadable"


def _name_opened_format(file: IO[bytes], name: str, depth: int = 0) -> str:
    """The name of a file's format; of an archive also that of the first file in it."""
    ending = find_file_ending(file, name)
    kind = find_format(file, ending)
    if not kind.holds_files or depth == MAX_ARCHIVE_DEPTH:
        return kind.name
    allowance = format_module("archive").Allowance.of(file)
    for path, member in format_module(kind.module).read_members(file, name, allowance):
        if not isinstance(member, FoundProblem):
            with member:
                return f"{kind.name} of {_name_opened_format(member, path, depth + 1)}"
    return kind.name


def make_problem(path: str, severity: str, reason: str, article_id: str | None = None) -> Problem:
    """A row of the table `problems`, for the step `read`."""
    return {"article_id": article_id, "path": _printable(path), "step": "read", "severity": severity,
            "reason": _printable(reason)[:2_000]}


def read_file(path: Path, relative: str) -> Iterator[Record | Problem]:
    """The articles and problems of a file; `relative` is its path in the corpus."""
    try:
        with open_file(path) as file:
            yield from read_opened(file, relative)
    except OSError as error:
        yield make_problem(relative, "error", f"cannot be opened: {error.strerror}")


def read_opened(file: IO[bytes], relative: str, *, depth: int = 0,
                allowance: "Allowance | None" = None) -> Iterator[Record | Problem]:
    """The articles and problems of an open file, at least one of these.

    Parameters
    ----------
    file : the file, at its beginning
    relative : its path in the corpus
    depth : the number of archives that it is in
    allowance : of the outermost of these
    """
    is_empty = True
    for found in _read_content(file, relative, depth, allowance):
        is_empty = is_empty and isinstance(found, dict) and found["severity"] == "note"
        yield found
    if is_empty:
        yield make_problem(relative, "error", "expected articles, found nothing to read: it is empty")


def _read_content(file: IO[bytes], relative: str, depth: int,
                  allowance: "Allowance | None") -> Iterator[Record | Problem]:
    """What an open file gives; a failure loses articles of this file, but never stops the run."""
    try:
        ending = find_file_ending(file, relative)
        if ending != PurePosixPath(relative).suffix.lower():
            yield make_problem(relative, "warning" if ending in FILE_ENDINGS else "error",
                               _describe_file_kind(relative, ending))
        if ending not in FILE_ENDINGS:
            return
        kind = find_format(file, ending)
        if kind.holds_files:
            yield from _read_archive(kind, file, relative, depth, allowance)
            return
        if not kind.tried:
            yield make_problem(relative, "note", f"read as {kind.name}, by a reader not yet tried on a real export;"
                               " compare some of its articles with the file")
        for found in _read_as(kind, file):
            yield from _check_record(found, relative)
    except MemoryError:
        raise
    except Unreadable as error:
        yield make_problem(relative, "error", str(error))
    except Exception as error:  # libraries raise many kinds of errors for a damaged file
        yield make_problem(relative, "error", f"damaged or cut off: {_format_read_error(error)}")


def _read_as(kind: Format, file: IO[bytes]) -> Iterator[Found]:
    """What the reader of a format finds; a packed file may not make more text than an archive may unpack."""
    read = format_module(kind.module).read
    allowance = format_module("archive").Allowance.of(file) if kind.apart else None
    for found in read(format_module(kind.lines).read_lines(file) if kind.lines else file):
        if allowance and isinstance(found, FoundArticle):
            allowance.take(len(found.text) + sum(map(len, found.metadata.values())))
        yield found


def _read_archive(kind: Format, file: IO[bytes], relative: str, depth: int,
                  allowance: "Allowance | None") -> Iterator[Record | Problem]:
    if depth == MAX_ARCHIVE_DEPTH:
        yield make_problem(relative, "error", f"archives in archives are read {MAX_ARCHIVE_DEPTH} deep; unpack this"
                           " one")
        return
    allowance = allowance or format_module("archive").Allowance.of(file)
    for path, member in format_module(kind.module).read_members(file, relative, allowance):
        if isinstance(member, FoundProblem):
            yield make_problem(path, member.severity, member.reason)
        else:
            with member:
                yield from read_opened(member, path, depth=depth + 1, allowance=allowance)


def _describe_file_kind(relative: str, ending: str) -> str:
    suffix = PurePosixPath(relative).suffix.lower()
    return str(format_module("magic_bytes").describe_wrong_ending(suffix, ending, ending in FILE_ENDINGS))


def _format_read_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _check_record(found: Found, relative: str) -> Iterator[Record | Problem]:
    """A reader's result as a `Record`, with any problems of it, or as a problem alone."""
    if isinstance(found, FoundProblem):
        yield make_problem(relative, found.severity, found.reason)
        return
    article_id, body = _printable(found.article_id or _name_by_path(relative, found)), strip_blocks(found.text)
    if not body.strip():
        yield make_problem(relative, "error", found.if_empty, article_id)
        return
    if bundled := describe_bundle(body):
        yield make_problem(relative, "error", bundled, article_id)
        return
    if len(body) > MAX_ARTICLE_CHARS:
        yield make_problem(relative, "error", f"expected an article of at most {MAX_ARTICLE_CHARS:,} characters, found"
                           f" {len(body):,}; is it a bundle of many? split it", article_id)
        return
    metadata = {name: _repair(value) for name, value in found.metadata.items()}
    record = Record(article_id, _printable(relative), _repair(body), metadata)
    yield record
    if body is not found.text:
        yield make_problem(relative, "note", "holds HTML: its blocks are read as lines, without their tags",
                           article_id)
    for warning in (*found.warnings, *_describe_odd_characters(body, record.text)):
        yield make_problem(relative, "warning", warning, article_id)


def _describe_odd_characters(text: str, repaired: str) -> Iterable[str]:
    if text is not repaired:
        yield "holds halves of surrogate pairs, which are not characters; each is read as \ufffd"
    if "\0" in text:
        yield f"holds {text.count(chr(0)):,} NUL characters; they are kept"


def _repair(text: str) -> str:
    """Text without halves of surrogate pairs, which cannot be encoded; its length is unchanged."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _printable(name: str) -> str:
    """A file's name, with bytes that are not UTF-8 escaped."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _name_by_path(relative: str, found: FoundArticle) -> str:
    name = "/".join(filter(None, (str(PurePosixPath(relative).with_suffix("")), found.part)))
    return name if found.number is None else f"{name}:{found.number}"
