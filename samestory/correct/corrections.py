"""The file corrections.csv: reads a person's corrections, adds one, and undoes the last.

The file is in the folder of the articles and has one row per correction: target_id, operation, field, old, new, who,
why. Rows are never rewritten here, only appended to the file or removed from its end. overlay.py applies the rows to
the tables, and measure/corrected.py describes them in reports.

A cell that a spreadsheet would take for a formula is written with a leading apostrophe, which is removed on
reading, so that the text survives unchanged.
"""

import csv
import hashlib
import io
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Literal, NamedTuple

from samestory.base.errors import SameStoryError, unknown_name
from samestory.cache.folder import cache_folder
from samestory.read.corpus import CORRECTIONS_FILE, Corpus, find_corpus, name_bundled
from samestory.read.formats.fields import fold_field_name
from samestory.read.sidecar_rows import find_sidecar_separator, read_sidecar_text

if TYPE_CHECKING:
    from samestory.cache.locks import BaseFileLock

CORRECTION_OPERATIONS = ("change", "remove", "add", "merge")
CORRECTION_COLUMNS = ("target_id", "operation", "field", "old", "new", "who", "why")
REQUIRED_CORRECTION_COLUMNS = CORRECTION_COLUMNS[:5]  # who and why may be missing
# the largest file that is read, with the most rows; the longest cell that is written
MAX_CORRECTIONS_BYTES, MAX_CORRECTION_ROWS, MAX_CORRECTION_CELL_CHARS = 20_000_000, 200_000, 10_000
GUARDED_CELL_PATTERN = re.compile(r"'+[=+\-@\t\r]")  # a cell whose first apostrophe keeps it from being a formula
CORRECTION_FORMULA_PATTERN = re.compile(r"'*[=+\-@\t\r]")
UTF8_BOM = "\ufeff"  # by which a spreadsheet recognises UTF-8


class Correction(NamedTuple):
    """A row of corrections.csv; `line` is the line of the file where it begins, `odd` is any fault in its form."""

    line: int
    target_id: str
    operation: str
    field: str = ""
    old: str = ""
    new: str = ""
    who: str = ""
    why: str = ""
    odd: str = ""


def read_corrections(path: Path) -> list[Correction]:
    """The rows of a corrections.csv, in order; empty rows are skipped.

    Raises
    ------
    SameStoryError
        If it cannot be read as CSV, or a column is missing; the message gives the line number.
    """
    return [row for row, _ in _parse_corrections(path, _load_corrections_text(path))[1]]


def add_correction(corpus: Corpus | str | Path, *, target_id: str, operation: str, field: str = "", old: str = "",
                   new: str = "", who: str = "", why: str = "") -> Path:
    """Append one row to a corpus's corrections.csv; the other rows keep every byte.

    Parameters
    ----------
    corpus : the corpus, or its path; the file is in its folder, and is created if there is none
    target_id : id of an article, quotation, mention, entity, utterance or pair of statements; for a line, article_id
        + `/l` + number
    operation : change, remove, add or merge; a change from `old` to the same value means: checked, and right
    field, old, new : the field to change, its old and its new value; see data/README.md
    who, why : for other readers

    Returns
    -------
    The file.

    Raises
    ------
    SameStoryError
        If there is no such operation, a cell is too long, or the user may not write in the folder.
    """
    return add_corrections(corpus, [Correction(0, target_id, operation, field, old, new, who, why)])


def add_corrections(corpus: Corpus | str | Path, rows: Sequence[Correction]) -> Path:
    """Append rows to a corpus's corrections.csv, all of them or none; as `add_correction`."""
    checked = [_check_row(row) for row in rows]
    path = _find_corrections_file(corpus)
    with _lock_corrections(path):
        text = (_load_corrections_text(path) if path.exists() else "") or UTF8_BOM + ",".join(CORRECTION_COLUMNS) + "\n"
        header, _ = _parse_corrections(path, text)  # a file that cannot be read is not written to
        if lost := sorted({name for cells in checked for name, cell in cells.items() if cell and name not in header}):
            raise SameStoryError(f"{path.name}: no column {', '.join(lost)} to write to; add it to the first line")
        ending = "\r\n" if "\r\n" in text else "\n"
        gap = "" if text.endswith(("\n", "\r")) else ending
        separator, _ = find_sidecar_separator(_split_csv_lines(text.removeprefix(UTF8_BOM)), CORRECTION_COLUMNS)
        written = "".join(_format_correction_row([cells.get(name, "") for name in header], ending, separator)
                          for cells in checked)
        _replace_corrections_file(path, text + gap + written)
    return path


def _check_row(row: Correction) -> dict[str, str]:
    """The cells of a row that is to be written, by column."""
    if row.operation not in CORRECTION_OPERATIONS:
        raise unknown_name("operation", row.operation, CORRECTION_OPERATIONS)
    cells = {name: _check_cell(getattr(row, name)) for name in CORRECTION_COLUMNS}
    if not cells["target_id"]:
        raise SameStoryError("no target_id given: expected the id of the row to correct, as in its table")
    return cells


def undo_correction(corpus: Corpus | str | Path) -> dict[str, str] | None:
    """Remove the last row of a corpus's corrections.csv; the other rows keep every byte.

    Returns
    -------
    The row, by column; None if there is none.

    Raises
    ------
    SameStoryError
        If the file cannot be read, or the user may not write in the folder.
    """
    path = _find_corrections_file(corpus)
    if not path.exists():
        return None
    with _lock_corrections(path):
        text = _load_corrections_text(path)
        _, rows = _parse_corrections(path, text)
        if not rows:
            return None
        row, end = rows[-1]
        lines = _split_csv_lines(text)
        _replace_corrections_file(path, "".join(lines[:row.line - 1] + lines[end:]))
    return {name: getattr(row, name) for name in CORRECTION_COLUMNS}


def unguard_cell(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reading it as a formula.

    >>> unguard_cell("'=1+1"), unguard_cell("'t Hooft")
    ('=1+1', "'t Hooft")
    """
    return cell[1:] if GUARDED_CELL_PATTERN.match(cell) else cell


def _guard_cell(cell: str) -> str:
    return f"'{cell}" if CORRECTION_FORMULA_PATTERN.match(cell) else cell


def _check_cell(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > MAX_CORRECTION_CELL_CHARS:
        raise SameStoryError(f"a cell of {CORRECTIONS_FILE} has at most {MAX_CORRECTION_CELL_CHARS:,} characters,"
                             f" found {len(cell):,}")
    try:
        cell.encode()
    except UnicodeEncodeError as error:
        raise SameStoryError(f"a cell of {CORRECTIONS_FILE} is text, found a broken character:"
                             f" {cell[:40]!r}") from error
    return cell


def _find_corrections_file(corpus: Corpus | str | Path) -> Path:
    """The path of a corpus's corrections.csv, which may not exist yet."""
    root = (corpus if isinstance(corpus, Corpus) else find_corpus(corpus)).root.resolve()
    if name := name_bundled(root):
        raise SameStoryError(f"the articles of {name} belong to the package and cannot be corrected in place: copy"
                             f" their folder, {root}, and correct the copy")
    if root.is_relative_to(cache_folder().resolve()):
        raise SameStoryError("a corpus at a URL cannot be corrected in place: copy its folder to this machine and"
                             " correct the copy")
    return root / CORRECTIONS_FILE


def _load_corrections_text(path: Path) -> str:
    """The complete text of the file; empty if it has only white space."""
    try:
        if (size := path.stat().st_size) > MAX_CORRECTIONS_BYTES:
            raise SameStoryError(f"{path.name}: expected at most {MAX_CORRECTIONS_BYTES:,} bytes, found {size:,}")
        text = path.read_bytes().decode()
    except UnicodeDecodeError:  # it is written again in UTF-8
        text = UTF8_BOM + read_sidecar_text(path, MAX_CORRECTIONS_BYTES)[0]
    except OSError as error:
        raise SameStoryError(f"{path.name}: cannot be opened; {error}") from error
    return text if text.strip(f"{UTF8_BOM} \t\r\n") else ""


def _split_csv_lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def _parse_corrections(path: Path, text: str) -> tuple[list[str], list[tuple[Correction, int]]]:
    """The header, and the rows, each with the number of its last line."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CORRECTIONS_BYTES))
    lines = _split_csv_lines(text.removeprefix(UTF8_BOM))
    separator, n_marks = find_sidecar_separator(lines, CORRECTION_COLUMNS)
    lines[:n_marks] = ["\n"] * n_marks
    reader, line = csv.reader(lines, strict=True, delimiter=separator), 1
    header: list[str] = []
    rows: list[tuple[Correction, int]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not header:
                    header = _check_correction_header(path, line, cells)
                elif len(rows) == MAX_CORRECTION_ROWS:
                    raise SameStoryError(f"{path.name}: expected at most {MAX_CORRECTION_ROWS:,} rows, found more")
                else:
                    rows.append((_make_correction(line, header, cells), reader.line_num))
            line = reader.line_num + 1
    except csv.Error as error:
        raise SameStoryError(f"{path.name}, line {line}: expected CSV, {error}") from error
    return header, rows


def _check_correction_header(path: Path, line: int, cells: list[str]) -> list[str]:
    header = [fold_field_name(cell) for cell in cells]
    if not set(REQUIRED_CORRECTION_COLUMNS) <= set(header) or len(set(header)) < len(header):
        raise SameStoryError(f"{path.name}, line {line}: expected the columns {', '.join(CORRECTION_COLUMNS)},"
                             f" each once; found {', '.join(header)[:300]}")
    return header


def _make_correction(line: int, header: list[str], cells: list[str]) -> Correction:
    found = {name: unguard_cell(cell.strip()) for name, cell in zip(header, cells, strict=False)}
    odd = "" if len(cells) == len(header) else (
        f"expected {len(header)} cells, found {len(cells)}: put a cell that has a comma between quotation marks")
    return Correction(line, **{name: found.get(name, "") for name in CORRECTION_COLUMNS}, odd=odd)


def _format_correction_row(cells: list[str], ending: str, separator: str) -> str:
    written = io.StringIO(newline="")
    has_return = any("\r" in cell for cell in cells)  # a carriage return alone also ends a line
    quoting: Literal[0, 1] = csv.QUOTE_ALL if has_return else csv.QUOTE_MINIMAL
    writer = csv.writer(written, delimiter=separator, lineterminator=ending, quoting=quoting)
    writer.writerow([_guard_cell(cell) for cell in cells])
    return written.getvalue()


def _lock_corrections(path: Path) -> "BaseFileLock":
    """A lock for the file; it is in the cache, so that only corrections are written to the folder of the articles."""
    from samestory.cache.locks import FileLock
    folder = cache_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{hashlib.sha256(str(path).encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.lock")


def _replace_corrections_file(path: Path, text: str) -> None:
    """Replace the file in one step, so that a reader sees the old file or the new one, never half of it."""
    unfinished = None
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "the file is write-protected")
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{CORRECTIONS_FILE}-", delete=False) as file:
            unfinished = Path(file.name)
            file.write(text.encode())
        unfinished.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        unfinished.replace(path)
    except OSError as error:
        if unfinished:
            with suppress(OSError):
                unfinished.unlink()
        raise SameStoryError(f"cannot write {str(path)!r}: {error.strerror}; copy the folder to a place where you may"
                             " write, and correct the copy") from error
