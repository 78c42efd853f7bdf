"""The rows of a filled-in sheet: cells as text, from a workbook or a CSV file of any locale."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from samestory.base.errors import SameStoryError
from samestory.coding.sheets import CODED_COLUMNS, SHEET_COLUMNS
from samestory.correct.corrections import unguard_cell
from samestory.read.formats.fields import fold_field_name
from samestory.read.sidecar_rows import read_sidecar_rows

MAX_SHEET_BYTES = 50_000_000
MAX_ANSWER_CHARS = 2_000  # code points of a cell that are read
WORKBOOK_ENDINGS = (".xlsx", ".ods", ".xlsm", ".xlsb", ".xls")
NEEDED_SHEET_COLUMNS = ("row", "coder", "answer", "speaker", "in_marks")


class SheetRow(NamedTuple):
    """A row of a sheet: the file's name, the line, the name of the row, the coder, and the filled-in cells."""

    sheet: str
    line: int
    row: str
    coder: str
    cells: dict[str, str]


def read_sheet_rows(path: Path) -> list[SheetRow]:
    """The rows of a sheet, in the order of the file; empty ones are left out.

    Raises
    ------
    SameStoryError
        If it cannot be read, or lacks a column.
    """
    header, rows = _read_sheet_workbook(path) if path.suffix.lower() in WORKBOOK_ENDINGS else _read_sheet_table(path)
    if missing := [name for name in NEEDED_SHEET_COLUMNS if name not in header]:
        raise SameStoryError(f"{path.name}: expected a coding sheet; it lacks the columns {', '.join(missing)}, found"
                             f" {', '.join(header)[:200] or 'none'}")
    return [_make_row(path.name, line, cells) for line, cells in rows if any(cells.values())]


def _make_row(sheet: str, line: int, cells: dict[str, str]) -> SheetRow:
    coder = " ".join(cells["coder"].split()).casefold()
    return SheetRow(sheet, line, cells["row"], coder, {name: cells.get(name, "") for name in CODED_COLUMNS})


def _read_sheet_table(path: Path) -> tuple[list[str], Iterable[tuple[int, dict[str, str]]]]:
    found = read_sidecar_rows(path, SHEET_COLUMNS)
    rows = [(line, {name: unguard_cell(value)[:MAX_ANSWER_CHARS].strip() for name, value in row.items()})
            for line, row in found.rows]
    return found.header, rows


def _read_sheet_workbook(path: Path) -> tuple[list[str], Iterable[tuple[int, dict[str, str]]]]:
    """The rows of the first tab that has the columns of a sheet."""
    header: list[str] = []
    for lines in _list_tabs(path):
        for number, line in enumerate(lines, start=1):
            names = [fold_field_name(cell) for cell in line]
            if "row" in names and "answer" in names:
                return names, [(place, dict(zip(names, cells, strict=False))) for place, cells in
                               enumerate(lines[number:], start=number + 1)]
            header = header or [name for name in names if name]
    return header, []


def _list_tabs(path: Path) -> Iterator[list[list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook
    try:
        if (size := path.stat().st_size) > MAX_SHEET_BYTES:
            raise SameStoryError(f"{path.name}: expected at most {MAX_SHEET_BYTES:,} bytes, found {size:,}")
        with CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                yield [[_write_answer_cell(cell) for cell in row]
                       for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    except (OSError, CalamineError, ValueError) as error:
        raise SameStoryError(f"{path.name}: cannot be read as a workbook; {error}") from error


def _write_answer_cell(cell: object) -> str:
    """A cell as text; whole numbers without decimals."""
    is_whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if is_whole else cell).strip()[:MAX_ANSWER_CHARS]  # type: ignore[call-overload]
