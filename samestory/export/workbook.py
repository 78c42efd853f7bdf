"""A workbook of all tables, with a sheet that explains their columns.

Text is stored as text, so that no cell is ever a formula or a link. What a cell or a sheet cannot hold is cut or
replaced, and the first sheet says of which table how much.

The sheets are written here, column by column: XlsxWriter takes 62 seconds for the tables of 486 articles, where this
takes 6, and it would take an article's own `<r>...</r>` for markup of the sheet (both measured with 3.3.1).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from markupsafe import escape

from samestory.base.schema import TABLES, UTC_TIME
from samestory.export.article_rows import MAX_EXPORT_BATCH_ROWS
from samestory.export.fitted_text import UNFIT_PATTERN, fit_text
from samestory.tables.tables import Tables

COLUMNS_SHEET, ABOUT_SHEET = "columns", "about"
COLUMNS_SHEET_HEADS = ("table", "column", "type", "meaning", "unit")
ABOUT_SHEET_HEADS = ("table", "one row is", "rows", "rows that did not fit in the sheet", "cells cut to 32,767 units",
                     "cells in which characters were replaced")
MAX_TABLE_SHEET_ROWS, MAX_SHEET_CELL_UNITS = 1_048_576, 32_767  # rows with the heads; UTF-16 units of a cell
SHEET_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXT_CELL = '<c t="inlineStr"{}><is><t xml:space="preserve">'
TEXT_CELL_END, EMPTY_CELL = "</t></is></c>", "<c/>"
HEAD_STYLE, TIME_STYLE = ' s="1"', ' s="2"'  # numbers of the formats in `STYLES_PART`
STYLES_PART = f"""{XML_DECLARATION}<styleSheet xmlns="{SHEET_NAMESPACE}"><fonts count="2"><font><sz val="11"/><name
 val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill
 patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders
 count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0"
 fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0"
 borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="22"
 fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles
 count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
SHEET_HEAD = (f'{XML_DECLARATION}<worksheet xmlns="{SHEET_NAMESPACE}"><sheetViews><sheetView workbookViewId="0">'
              '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>')
SHEET_END = "</sheetData></worksheet>"
WIDEST_COLUMN, TEXT_COLUMN_WIDTH, TIME_COLUMN_WIDTH = 80, 24, 16  # in digits
MICROSECONDS_PER_DAY, EPOCH_SHEET_DAY = 86_400_000_000, 25_569  # a sheet counts days from 1899-12-30
ESCAPED_UNIT_PATTERN = "_(x[0-9A-Fa-f]{4}_)"  # what a spreadsheet would read as an escaped character


@dataclass
class SheetTotals:
    """What a sheet holds of a table: rows, and cells that were cut or in which characters were replaced."""

    n_rows: int = 0
    n_written: int = 0
    n_cut: int = 0
    n_replaced: int = 0


def write_workbook(tables: Tables, path: Path) -> None:
    """Write all tables of a corpus, a sheet for each; lists are JSON, and times are in UTC.

    Parameters
    ----------
    tables : the tables of a corpus; articles that are not counted are in them, too
    path : the file
    """
    names = (ABOUT_SHEET, COLUMNS_SHEET, *TABLES)
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        _write_parts(book, names)
        totals = {}
        for place, name in enumerate(TABLES, 3):
            with book.open(_name_sheet(place), "w", force_zip64=True) as sheet:
                totals[name] = _write_table_sheet(sheet, tables.path(name), TABLES[name].arrow)
        explained = [(table.name, column.name, str(column.dtype), column.meaning, column.unit)
                     for table in TABLES.values() for column in table.columns]
        about = [(name, TABLES[name].row, total.n_rows, total.n_rows - total.n_written, total.n_cut, total.n_replaced)
                 for name, total in totals.items()]
        book.writestr(_name_sheet(1), _format_sheet(ABOUT_SHEET_HEADS, about))
        book.writestr(_name_sheet(2), _format_sheet(COLUMNS_SHEET_HEADS, explained))


def _name_sheet(place: int) -> str:
    return f"xl/worksheets/sheet{place}.xml"


def _write_parts(book: ZipFile, names: Sequence[str]) -> None:
    """Write everything but the sheets: which there are, what they are called, and how cells look."""
    places = range(1, len(names) + 1)
    types = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles",
             **{_name_sheet(place): "worksheet" for place in places}}
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{SHEET_TYPES}.{kind}+xml"/>'
                        for name, kind in types.items())
    book.writestr("[Content_Types].xml", f'{XML_DECLARATION}<Types xmlns="{PACKAGE_NAMESPACE}/content-types">'
                  f'<Default Extension="rels" ContentType="{RELATIONS_TYPE}"/>{overrides}</Types>')
    book.writestr("_rels/.rels", _format_relations({"r1": ("officeDocument", "xl/workbook.xml")}))
    listed = "".join(f'<sheet name="{name}" sheetId="{place}" r:id="r{place}"/>'
                     for place, name in zip(places, names, strict=True))
    book.writestr("xl/workbook.xml", f'{XML_DECLARATION}<workbook xmlns="{SHEET_NAMESPACE}"'
                  f' xmlns:r="{RELATIONS_NAMESPACE}"><sheets>{listed}</sheets></workbook>')
    sheets = {f"r{place}": ("worksheet", f"worksheets/sheet{place}.xml") for place in places}
    book.writestr("xl/_rels/workbook.xml.rels", _format_relations(sheets | {"styles": ("styles", "styles.xml")}))
    book.writestr("xl/styles.xml", STYLES_PART)


def _format_relations(relations: dict[str, tuple[str, str]]) -> str:
    """A part that gives the kind and the place of other parts, by their ids."""
    listed = "".join(f'<Relationship Id="{name}" Type="{RELATIONS_NAMESPACE}/{kind}" Target="{place}"/>'
                     for name, (kind, place) in relations.items())
    return f'{XML_DECLARATION}<Relationships xmlns="{PACKAGE_NAMESPACE}/relationships">{listed}</Relationships>'


def _format_sheet(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A small sheet of text and whole numbers."""
    formatted = (f"<row>{''.join(map(_format_plain_cell, row))}</row>" for row in rows)
    widths = [max(len(str(value)) for value in column) for column in zip(heads, *rows, strict=True)]
    return f"{_begin_sheet(heads, widths)}{''.join(formatted)}{SHEET_END}"


def _begin_sheet(heads: Sequence[str], widths: Sequence[int]) -> str:
    """A sheet as far as its heads; columns are as wide as these, or as what is in them."""
    chosen = [min(max(len(head), width) + 2, WIDEST_COLUMN) for head, width in zip(heads, widths, strict=True)]
    columns = "".join(f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
                      for place, width in enumerate(chosen, start=1))
    cells = "".join(_format_text_cell(head, HEAD_STYLE) for head in heads)
    return f"{SHEET_HEAD}<cols>{columns}</cols><sheetData><row>{cells}</row>"


def _format_plain_cell(value: object) -> str:
    return f"<c><v>{value}</v></c>" if isinstance(value, int) else _format_text_cell(str(value))


def _format_text_cell(text: str, attributes: str = "") -> str:
    return f"{TEXT_CELL.format(attributes)}{escape(text)}{TEXT_CELL_END}"


# A table --------------------------------------------------------------------------------------------

def _write_table_sheet(sheet: IO[bytes], path: Path, schema: pa.Schema) -> SheetTotals:
    """Write the rows of a Parquet file, as far as a sheet can hold them."""
    totals = SheetTotals()
    widths = [TIME_COLUMN_WIDTH if dtype == UTC_TIME else TEXT_COLUMN_WIDTH if not pa.types.is_primitive(dtype) else 0
              for dtype in schema.types]
    sheet.write(_begin_sheet(schema.names, widths).encode())
    with pq.ParquetFile(path) as file:
        totals.n_rows = file.metadata.num_rows
        for batch in file.iter_batches(MAX_EXPORT_BATCH_ROWS, columns=schema.names):
            held = batch.slice(0, MAX_TABLE_SHEET_ROWS - 1 - totals.n_written).cast(schema)
            totals.n_written += held.num_rows
            for rows in _format_rows(held, totals):
                sheet.write(rows)
    sheet.write(SHEET_END.encode())
    return totals


def _format_rows(batch: pa.RecordBatch, totals: SheetTotals) -> Iterator[bytes]:
    cells = [_format_cells(column, totals) for column in batch.columns]
    if batch.num_rows:
        rows = pc.binary_join_element_wise("<row>", *cells, "</row>", "")
        yield "".join(rows.to_pylist()).encode()


def _format_cells(column: pa.Array, totals: SheetTotals) -> pa.Array:
    """The cells of a column as XML."""
    dtype = column.type
    if pa.types.is_boolean(dtype):
        return _wrap_values(pc.if_else(column, "1", "0"), ' t="b"')
    if pa.types.is_integer(dtype):
        return _wrap_values(column.cast(pa.string()), "")
    if pa.types.is_floating(dtype):
        finite = pc.if_else(pc.is_finite(column), column, pa.scalar(None, dtype))
        return _wrap_values(finite.cast(pa.string()), "")
    if dtype == UTC_TIME:
        days = pc.divide(column.cast(pa.int64()).cast(pa.float64()), float(MICROSECONDS_PER_DAY))
        return _wrap_values(pc.add(days, float(EPOCH_SHEET_DAY)).cast(pa.string()), TIME_STYLE)
    return _format_text_cells(column, totals)


def _wrap_values(values: pa.Array, attributes: str) -> pa.Array:
    cells = pc.binary_join_element_wise(f"<c{attributes}><v>", values, "</v></c>", "")
    return pc.fill_null(cells, EMPTY_CELL)


def _format_text_cells(column: pa.Array, totals: SheetTotals) -> pa.Array:
    texts = column if pa.types.is_string(column.type) else pa.array(
        [None if value is None else json.dumps(value, ensure_ascii=False) for value in column.to_pylist()], pa.string())
    if _may_not_fit(texts):
        texts = pa.array([None if text is None else _fit_cell(text, totals) for text in texts.to_pylist()], pa.string())
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        texts = pc.replace_substring(texts, char, entity)
    texts = pc.replace_substring_regex(texts, ESCAPED_UNIT_PATTERN, r"_x005F_\1")
    return pc.fill_null(pc.binary_join_element_wise(TEXT_CELL.format(""), texts, TEXT_CELL_END, ""), EMPTY_CELL)


def _may_not_fit(texts: pa.Array) -> bool:
    """Whether a text is too long for a cell, or has characters that are replaced."""
    longest = pc.max(pc.utf8_length(texts)).as_py() or 0
    joined = "\n".join(text for text in texts.to_pylist() if text)
    return longest > MAX_SHEET_CELL_UNITS // 2 or "\ufeff" in joined or UNFIT_PATTERN.search(joined) is not None


def _fit_cell(text: str, totals: SheetTotals) -> str:
    """A text that a cell can hold."""
    fitted = fit_text(text)
    totals.n_replaced += bool(fitted.replaced)
    units = fitted.text.encode("utf-16-le")
    if len(units) <= 2 * MAX_SHEET_CELL_UNITS:
        return fitted.text
    totals.n_cut += 1
    return units[:2 * MAX_SHEET_CELL_UNITS].decode("utf-16-le", "ignore")
