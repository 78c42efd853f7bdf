"""The rows of a filled-in sheet: cells as text, from a workbook or a CSV file of any locale."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from samestory.base.errors import SameStoryError
from samestory.coding.sheets import CODED_COLUMNS, SHEET_COLUMNS
from samestory.coding.tasks import COLUMN_HEADS, name_head
from samestory.correct.corrections import unguard_cell
from samestory.read.formats.fields import fold_field_name
from samestory.read.formats.formats import Unreadable
from samestory.read.formats.workbook_cells import MAX_CELL_CHARS
from samestory.read.reader_process import ReaderProcess
from samestory.read.sidecar_rows import read_sidecar_rows

WORKBOOK_ENDINGS = (".xlsx", ".ods", ".xlsm", ".xls")
NEEDED_SHEET_COLUMNS = ("row", "coder", "answer", "speaker", "in_marks")
COLUMNS_BY_HEAD = {fold_field_name(head): name for name, head in COLUMN_HEADS.items()}


class SheetRow(NamedTuple):
    """A row of a sheet: the file's name, the line, the name of the row, the coder, and the filled-in cells."""

    sheet: str
    line: int
    row: str
    coder: str
    cells: dict[str, str]


def read_sheet_rows(path: Path) -> list[SheetRow]:
    """The rows of a sheet, in the order of the file; empty ones are left out.

    The order of columns does not matter, and a column has its head or its name.

    Raises
    ------
    SameStoryError
        If it cannot be read, or lacks a column.
    """
    header, rows = _read_sheet_workbook(path) if path.suffix.lower() in WORKBOOK_ENDINGS else _read_sheet_table(path)
    if missing := [name for name in NEEDED_SHEET_COLUMNS if name not in header]:
        raise SameStoryError(f"{path.name}: expected a coding sheet; it lacks the columns"
                             f" {', '.join(map(name_head, missing))}, found"
                             f" {', '.join(header)[:200] or 'none'}")
    return [_make_row(path.name, line, cells) for line, cells in rows if any(cells.values())]


def _make_row(sheet: str, line: int, cells: dict[str, str]) -> SheetRow:
    coder = " ".join(cells["coder"].split()).casefold()
    return SheetRow(sheet, line, cells["row"], coder, {name: cells.get(name, "") for name in CODED_COLUMNS})


def _read_sheet_table(path: Path) -> tuple[list[str], Iterable[tuple[int, dict[str, str]]]]:
    found = read_sidecar_rows(path, SHEET_COLUMNS)
    rows = [(line, {_name_column(name): unguard_cell(value)[:MAX_CELL_CHARS].strip() for name, value in row.items()})
            for line, row in found.rows]
    return [_name_column(name) for name in found.header], rows


def _name_column(folded: str) -> str:
    return COLUMNS_BY_HEAD.get(folded, folded)


def _read_sheet_workbook(path: Path) -> tuple[list[str], Iterable[tuple[int, dict[str, str]]]]:
    """The rows of the first tab that has the columns of a sheet."""
    header: list[str] = []
    names: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        with ReaderProcess() as reader:
            for _, tab in groupby(reader.read_cells(path), key=itemgetter(0)):
                for line, (_, cells) in enumerate(tab, start=1):
                    if names:
                        rows.append((line, dict(zip(names, cells, strict=False))))
                        continue
                    found = [_name_column(fold_field_name(cell)) for cell in cells]
                    names = found if "row" in found and "answer" in found else []
                    header = header or list(filter(None, found))
                if names:
                    break
    except Unreadable as error:
        raise SameStoryError(f"{path.name}: {error}") from error
    return names or header, rows
