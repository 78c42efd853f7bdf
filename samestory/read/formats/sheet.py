"""Spreadsheets: one article per row of the first sheet that holds articles, with a header.

The sheet is held in memory while it is read, with every cell between the first and the last that is used; so its
unpacked size and its number of cells are bounded. Save a larger one as CSV.
"""

import re
from collections.abc import Iterable, Iterator
from typing import IO

from samestory.read.formats.columns import read_table_rows
from samestory.read.formats.formats import Found, Unreadable
from samestory.read.formats.zip_members import check_packed, open_zip

MAX_UNPACKED_SHEET_BYTES = 256_000_000
MAX_SHEET_CELLS = 25_000_000  # of 32 bytes each
CELL_ADDRESS_PATTERN = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
SHEET_CHUNK_BYTES, LONGEST_ADDRESS_BYTES = 1 << 20, 20


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of an .xlsx file; a row without an id is named by its number, 1 being below the header."""
    from python_calamine import CalamineWorkbook
    check_packed(file, "a spreadsheet (.xlsx)", MAX_UNPACKED_SHEET_BYTES)
    _check_extent(file)
    workbook = CalamineWorkbook.from_filelike(file)
    errors = []
    for name in workbook.sheet_names:
        rows = iter(workbook.get_sheet_by_name(name).iter_rows())
        header = next((row for row in rows if any(value != "" for value in row)), None)
        if header is None:
            continue
        try:
            yield from read_table_rows([str(value).strip() for value in header], enumerate(rows, 1))
            return
        except Unreadable as error:
            errors.append(f"sheet {name!r}: {error}")
    raise Unreadable("; ".join(errors) or "expected a table with a header, found empty sheets")


def _check_extent(file: IO[bytes]) -> None:
    """Refuse a workbook with a sheet whose cells lie too far apart: the library holds every cell between them."""
    with open_zip(file) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as sheet:
                column, row = _find_last_cell(sheet)
            if column * row > MAX_SHEET_CELLS:
                raise Unreadable(f"expected at most {MAX_SHEET_CELLS:,} cells, found a sheet of {row:,} rows and"
                                 f" {column:,} columns, most of them empty; delete the cells far from the table, or"
                                 " save it as CSV")
    file.seek(0)


def _find_last_cell(sheet: IO[bytes]) -> tuple[int, int]:
    """The last column and the last row that a sheet's cells are in, wherever they are in the file."""
    column = row = 0
    rest = b""
    while chunk := sheet.read(SHEET_CHUNK_BYTES):
        for letters, digits in set(CELL_ADDRESS_PATTERN.findall(rest + chunk)):
            column, row = max(column, _count_columns(letters)), max(row, int(digits))
        rest = chunk[-LONGEST_ADDRESS_BYTES:]
    return column, row


def _count_columns(letters: Iterable[int]) -> int:
    """The number of a column from its letters.

    >>> _count_columns(b"XFD")
    16384
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
