"""Minimal Word files, spreadsheets and archives for the tests, made by hand."""

import io
import zipfile
from collections.abc import Container, Iterable
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def make_zip(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def make_docx(paragraphs: Iterable[str], *, before: str = "", headings: Container[str] = ()) -> bytes:
    """A Word file; each word is a run of its own, as Word often splits text."""
    styles = {True: '<w:pStyle w:val="Heading1"/>', False: ""}
    body = "".join(f"<w:p><w:pPr>{styles[text in headings]}<w:tabs><w:tab/></w:tabs></w:pPr>{_runs(text)}</w:p>"
                   for text in paragraphs)
    return make_zip({"word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{WORD}">'
                                          f"<w:body>{body}</w:body></w:document>"})


def _runs(text: str) -> str:
    parts = text.replace(" ", " \0").split("\0")
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in parts)
    return runs.replace("\n", "</w:t><w:br/><w:t>")


def make_xlsx(rows: Iterable[Iterable[object]], *, before: str = "", is_markup: bool = False, far: str = "") -> bytes:
    """A spreadsheet of one sheet; numbers stay numbers, and references stay references if the values are markup.

    `far` is the address of one more cell.
    """
    cells = _list_rows(rows)
    cells += f'<row r="{far.lstrip("ABCDEFX")}"><c r="{far}"><v>1</v></c></row>' if far else ""
    return _make_workbook({"Sheet1": cells.replace("&amp;", "&") if is_markup else cells}, before)


def make_sheets(sheets: dict[str, list[list[object]]]) -> bytes:
    """A spreadsheet with the rows of each sheet."""
    return _make_workbook({name: _list_rows(rows) for name, rows in sheets.items()})


def _make_workbook(sheets: dict[str, str], before: str = "") -> bytes:
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(sheets, 1))
    links = "".join(f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
                    for i in range(1, len(sheets) + 1))
    return make_zip({
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
                               '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
                               f'"/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}.sheet.main+xml"/><Override PartName='
                               f'"/xl/worksheets/sheet1.xml" ContentType="{WORKBOOK_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/'
                       'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        **{f"xl/worksheets/sheet{i}.xml":
           f'{before}<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>'
           for i, cells in enumerate(sheets.values(), 1)}})


def _list_rows(rows: Iterable[Iterable[object]]) -> str:
    return "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
