"""OpenDocument sheets (.ods): the rows of each sheet, with dates and numbers as the file stores them.

calamine, which reads other spreadsheets, never ends on some damaged files of this kind.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from samestory.read.formats.formats import Unreadable

TABLE_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ODS_PARAGRAPH_TAG = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
CELL_TAGS = (f"{TABLE_NAMESPACE}table-cell", f"{TABLE_NAMESPACE}covered-table-cell")
MAX_ODS_COLUMNS, MAX_ODS_CELLS = 16_385, 25_000_000  # one column more than a table may have
CellValue = str | float


@dataclass
class OdsSheet:
    """The rows of a sheet, without empty ones at its end."""

    rows: list[list[CellValue]] = field(default_factory=list)

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.rows)

    def iter_rows(self) -> Iterator[list[CellValue]]:
        """The rows from the first."""
        return iter(self.rows)


class OdsWorkbook:
    """The sheets of an .ods file, by their names."""

    def __init__(self, file: IO[bytes]) -> None:
        self._sheets: dict[str, OdsSheet] = {}
        self._n_cells = 0
        with zipfile.ZipFile(file) as archive:
            if "content.xml" not in archive.namelist():
                raise Unreadable("expected a spreadsheet (.ods), found an archive without content.xml; save it as CSV")
            with archive.open("content.xml") as xml:
                self._read(xml)

    @property
    def sheet_names(self) -> list[str]:
        """The names of the sheets, in their order."""
        return list(self._sheets)

    def get_sheet_by_name(self, name: str) -> OdsSheet:
        """A sheet."""
        return self._sheets[name]

    def _read(self, xml: IO[bytes]) -> None:
        from lxml import etree
        sheet, blank = OdsSheet(), 0
        events = etree.iterparse(xml, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                                 tag=(f"{TABLE_NAMESPACE}table", f"{TABLE_NAMESPACE}table-row"))
        for event, element in events:
            if element.tag == f"{TABLE_NAMESPACE}table":
                if event == "start":
                    sheet, blank = OdsSheet(), 0
                    self._sheets[element.get(f"{TABLE_NAMESPACE}name", f"{len(self._sheets) + 1}")] = sheet
            elif event == "end":
                row, n = _read_cells(element), _read_repeat(element, "rows")
                element.clear()
                if not row:
                    blank += n
                    continue
                self._take_cells(len(row) * n + blank)
                sheet.rows += [[] for _ in range(blank)] + [row] * n
                blank = 0

    def _take_cells(self, n: int) -> None:
        self._n_cells += n
        if self._n_cells > MAX_ODS_CELLS:
            raise Unreadable(f"expected at most {MAX_ODS_CELLS:,} cells, found more; delete the cells far from the"
                             " table, or save it as CSV")


def _read_cells(row: Any) -> list[CellValue]:  # an element of lxml, which has no types
    """The values of a row, without empty ones at its end."""
    values: list[CellValue] = []
    for cell in row:
        if cell.tag in CELL_TAGS and len(values) < MAX_ODS_COLUMNS:
            values += [_read_cell(cell)] * min(_read_repeat(cell, "columns"), MAX_ODS_COLUMNS - len(values))
    while values and values[-1] == "":
        values.pop()
    return values


def _read_cell(cell: Any) -> CellValue:
    kind = cell.get(f"{OFFICE_NAMESPACE}value-type", "")
    if kind == "date":
        return str(cell.get(f"{OFFICE_NAMESPACE}date-value", ""))
    if kind == "float":
        try:
            return float(cell.get(f"{OFFICE_NAMESPACE}value", ""))
        except ValueError:
            return ""
    return "\n".join("".join(paragraph.itertext()) for paragraph in cell if paragraph.tag == ODS_PARAGRAPH_TAG)


def _read_repeat(element: Any, kind: str) -> int:
    """How often a row or cell is repeated; at most as often as cells are read at all."""
    given = element.get(f"{TABLE_NAMESPACE}number-{kind}-repeated", "1")
    return max(1, min(int(given), MAX_ODS_CELLS)) if given.isdecimal() and len(given) < 12 else MAX_ODS_CELLS
