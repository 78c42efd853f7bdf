"""The cells of a workbook as text: what a person filled in, with whatever program it was saved.

They are read in the reader process, since the library takes as much memory as a workbook demands.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samestory.read.formats.formats import Unreadable
from samestory.read.formats.ods import OdsWorkbook
from samestory.read.formats.sheet import open_workbook

MAX_WORKBOOK_BYTES, MAX_WORKBOOK_CELLS, MAX_WORKBOOK_CHARS = 50_000_000, 1_000_000, 100_000_000
MAX_CELL_CHARS = 2_000  # code points of a cell that are read
OLD_WORKBOOK_ENDING = ".xls"


def read_cells(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The rows of each tab: the name of the tab, and the cells from the first column on.

    Raises
    ------
    Unreadable
        If it is no workbook, is damaged, or has too many cells.
    """
    n_cells = n_chars = 0
    for name, row in _list_rows(path):
        cells = [_write_workbook_cell(cell) for cell in row]
        n_cells, n_chars = n_cells + len(cells), n_chars + sum(map(len, cells))
        if n_cells > MAX_WORKBOOK_CELLS or n_chars > MAX_WORKBOOK_CHARS:
            raise Unreadable(f"expected at most {MAX_WORKBOOK_CELLS:,} cells and {MAX_WORKBOOK_CHARS:,} characters,"
                             " found more; is it the sheet that was filled in?")
        yield name, cells


def _list_rows(path: Path) -> Iterator[tuple[str, list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook
    try:
        if (size := path.stat().st_size) > MAX_WORKBOOK_BYTES:
            raise Unreadable(f"expected at most {MAX_WORKBOOK_BYTES:,} bytes, found {size:,}")
        with path.open("rb") as file:
            is_old = path.suffix.lower() == OLD_WORKBOOK_ENDING
            book = CalamineWorkbook.from_filelike(file) if is_old else open_workbook(file)
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                rows = sheet.iter_rows() if isinstance(book, OdsWorkbook) else sheet.to_python(skip_empty_area=False)
                yield from ((name, row) for row in rows)
    except (OSError, CalamineError, ValueError) as error:
        raise Unreadable(f"cannot be read as a workbook; {error}") from error


def _write_workbook_cell(cell: object) -> str:
    """A cell as text; whole numbers without decimals."""
    is_whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if is_whole else cell).strip()[:MAX_CELL_CHARS]  # type: ignore[call-overload]
