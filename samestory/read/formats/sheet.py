"""Spreadsheets: one article per row of each sheet that holds articles.

Where a column of a sheet is named as the text, sheets without such a name are not read, as they are often notes. A
sheet without a column for the outlet has it in its name, unless that is a name such as Sheet1.

The sheet is held in memory while it is read, with every cell between the first and the last that is used; so its
unpacked size and its number of cells are bounded. Save a larger one as CSV.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO, Any

from samestory.read.formats.columns import ArticleTable, open_table, read_rows
from samestory.read.formats.formats import Found, FoundProblem, Unreadable
from samestory.read.formats.ods import OdsWorkbook
from samestory.read.formats.place_names import may_name_outlet
from samestory.read.formats.table_head import is_outlet_value
from samestory.read.formats.zip_members import check_packed, open_zip

MAX_UNPACKED_SHEET_BYTES = 256_000_000
MAX_SHEET_CELLS = 25_000_000  # of 32 bytes each
CELL_ADDRESS_PATTERN = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
SHEET_CHUNK_BYTES, LONGEST_ADDRESS_BYTES = 1 << 20, 20


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of an .xlsx or .ods file; a row without an id is named by its number, 1 being below the header."""
    workbook = open_workbook(file)
    reasons: dict[str, str] = {}
    n_read = 0
    for is_guessed in (False, True):
        for name in () if n_read else workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            try:
                table = open_table(iter(sheet.iter_rows())) if sheet.height else None
            except Unreadable as error:
                reasons[name] = str(error)
                continue
            if table and table.is_guessed != is_guessed:
                reasons[name] = "no column is named as the text, as one of another sheet is; name it 'text' to read it"
            elif table:
                reasons.pop(name, None)
                yield from _read_sheet(table, name, n_read, len(workbook.sheet_names))
                n_read += 1
    if not n_read:
        raise Unreadable("; ".join(f"sheet {name!r}: {reason}" for name, reason in reasons.items())
                         or "expected a table with a header, found empty sheets")
    yield from (FoundProblem("warning", f"sheet {name!r} is not read: {reason}") for name, reason in reasons.items())


def open_workbook(file: IO[bytes]) -> Any:  # calamine has no types
    """The sheets of an .xlsx or .ods file, as calamine has them.

    Raises
    ------
    Unreadable
        If it is no such file, is damaged, or would take too much memory.
    """
    from python_calamine import CalamineError, CalamineWorkbook
    check_packed(file, "a spreadsheet (.xlsx or .ods)", MAX_UNPACKED_SHEET_BYTES)
    _check_extent(file)
    with open_zip(file) as archive:
        is_ods = "xl/workbook.xml" not in archive.namelist()
    file.seek(0)
    try:
        return OdsWorkbook(file) if is_ods else CalamineWorkbook.from_filelike(file)
    except CalamineError as error:
        raise Unreadable(f"expected a spreadsheet, found a damaged one ({error}); open it and save it again, or as"
                         " CSV") from None


def _read_sheet(table: ArticleTable, name: str, n_before: int, n_sheets: int) -> Iterator[Found]:
    """The articles of a sheet; their ids have its name if they are not of the first sheet with articles."""
    outlet = _find_outlet_in_name(table, name, n_sheets)
    if outlet:
        table.problems.append(FoundProblem("note", f"outlet from the name of the sheet, {name!r}"))
    for found in read_rows(table):
        if isinstance(found, FoundProblem):
            yield replace(found, reason=f"sheet {name!r}: {found.reason}") if n_sheets > 1 else found
        else:
            yield replace(found, part=name if n_before else "", metadata=outlet | found.metadata)


def _find_outlet_in_name(table: ArticleTable, name: str, n_sheets: int) -> dict[str, str]:
    """The outlet in the name of a sheet without a column for it; of a single sheet only a known one."""
    if "outlet" in table.plan or not (may_name_outlet(name) if n_sheets > 1 else is_outlet_value(name)):
        return {}
    return {"outlet": name.strip()}


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
