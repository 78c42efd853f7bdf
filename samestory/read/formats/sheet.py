"""Spreadsheets: one article per row of the first sheet that holds articles, with a header.

The sheet is held in memory while it is read, so its unpacked size is bounded; save a larger one as CSV.
"""

from collections.abc import Iterator
from typing import IO

from samestory.read.formats.columns import read_table_rows
from samestory.read.formats.formats import Found, Unreadable
from samestory.read.formats.zip_members import check_packed

MAX_UNPACKED_SHEET_BYTES = 256_000_000


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of an .xlsx file; a row without an id is named by its number, 1 being below the header."""
    from python_calamine import CalamineWorkbook
    check_packed(file, "a spreadsheet (.xlsx)", MAX_UNPACKED_SHEET_BYTES)
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
