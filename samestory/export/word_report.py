"""A report as a Word file, with its figures; written by python-docx from the report's pages.

Headings, sentences, tables and figures of the front page, the pages of the questions and the page on method are taken
over; what works only on a page (menus, code, links to sentences) is not. Figures are drawn by resvg from the pages'
own, with their alt texts.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html

from samestory.export.finished_report import FinishedReport
from samestory.export.fitted_text import fit_line, fit_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

SVG_PATTERN = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
SVG_SIZE_PATTERN = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)" width="[^"]*"')
SVG_DESCRIPTION_PATTERN = re.compile(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)
PAGE_VARIABLE_PATTERN = re.compile(r"var\(--[\w-]+,([^()]*)\)")  # a colour or font of the page, and what to use else
SKIPPED_PAGE_CLASSES = {"switch", "pages", "toc", "ways", "ss-rows", "ss-below", "skip", "code", "bar"}
SKIPPED_PAGE_TAGS = {"nav", "header", "footer", "script", "style", "pre", "label", "input"}
WORD_BLOCK_TAGS = {"p", "blockquote", "ul", "ol", "dl", "table", "figure", "div", "h1", "h2", "h3", "h4", "details"}
RUN_STYLES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "mark": "underline"}
SOURCE_CLASS, PAGES_HEADING_ID = "ss-source", "pages"
FIGURE_ZOOM, MAX_FIGURE_INCHES, POINTS_PER_INCH = 3, 6.0, 72
MAX_WORD_TABLE_ROWS, MAX_WORD_TABLE_COLUMNS, WORD_TABLE_POINTS = 100, 20, 8
WORD_TABLE_CHARS, CELL_MARGIN_CHARS, MOST_COLUMN_CHARS = 95, 3, 45  # of a line of a table, a cell's edges, a column


def write_word_report(report: FinishedReport, path: Path) -> None:
    """Write a report as one Word file, a chapter for each page.

    Parameters
    ----------
    report : a finished report
    path : the file
    """
    import docx
    from docx.enum.text import WD_BREAK
    document = docx.Document()
    document.core_properties.author = "samestory"
    document.core_properties.title = fit_line(report.folder.name)
    _keep_together(document)
    for number, page in enumerate(report.pages):
        if number:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _WordPage(document, page.read_text(encoding="utf-8")).write()
    document.save(str(path))


def _keep_together(document: "Document") -> None:
    """Styles by which no page ends between a caption and what it is about, or a quotation and its source."""
    from docx.shared import Pt
    for name in ("Caption", "Quote"):
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Quote"].paragraph_format.space_after = Pt(0)


class _WordPage:
    """Adds the content of a page to a document."""

    def __init__(self, document: "Document", source: str) -> None:
        self.document, self.figures = document, SVG_PATTERN.findall(source)
        numbers = iter(range(len(self.figures)))
        self.source = SVG_PATTERN.sub(lambda _: f'<img data-figure="{next(numbers)}">', source)

    def write(self) -> None:
        """Add what the page has for readers."""
        for main in html.document_fromstring(self.source).iter("main"):
            self._write_children(main)

    def _write_children(self, element: Any) -> None:
        for child in element.iterchildren("*"):
            if child.tag not in SKIPPED_PAGE_TAGS and not SKIPPED_PAGE_CLASSES & set(child.get("class", "").split()):
                self._write_element(child)

    def _write_element(self, element: Any) -> None:
        tag = element.tag  # of an inline element in a block, nothing is left to write
        if re.fullmatch("h[1-4]", tag):
            if element.get("id") != PAGES_HEADING_ID:
                self.document.add_heading(fit_line(element.text_content()), int(tag[1]))
        elif element.get("class") == SOURCE_CLASS:
            _fill_paragraph(self.document.add_paragraph(), [(f"— {fit_line(element.text_content())}", frozenset())])
        elif tag in ("p", "summary"):
            self._add_paragraph(element, "Normal")
        elif tag == "blockquote":
            self._add_paragraph(element, "Quote")
        elif tag == "li":
            self._add_paragraph(element, "List Bullet")
            self._write_children(element)
        elif tag == "figcaption":
            self._add_paragraph(element, "Caption")
        elif tag == "dl":
            self._write_terms(element)
        elif tag == "table":
            self._write_table(element)
        elif tag == "img" and element.get("data-figure"):
            self._write_figure(self.figures[int(element.get("data-figure"))])
        else:
            self._write_children(element)

    def _add_paragraph(self, element: Any, style: str) -> None:
        """Add the text of an element up to the first block in it, which is not a part of the paragraph."""
        runs = list(_list_runs(element, frozenset()))
        if any(text.strip() for text, _ in runs):
            _fill_paragraph(self.document.add_paragraph(style=style), runs)

    def _write_terms(self, element: Any) -> None:
        """Terms and what is said of each, a line for each."""
        for term in element.iter("dt"):
            said = " ".join(fit_line(follower.text_content()) for follower in term.itersiblings("dd"))
            _fill_paragraph(self.document.add_paragraph(), [(fit_line(term.text_content()), frozenset({"bold"})),
                                                            (f": {said}", frozenset())])

    def _write_table(self, element: Any) -> None:
        for caption in element.iter("caption"):
            self._add_paragraph(caption, "Caption")
        rows = [[fit_line(cell.text_content()) for cell in row.iterchildren("th", "td")][:MAX_WORD_TABLE_COLUMNS]
                for row in element.iter("tr")]
        shown, width = rows[:MAX_WORD_TABLE_ROWS], max(map(len, rows), default=0)
        if not width:
            return
        _fill_table(self.document.add_table(len(shown), width, style="Light List Accent 1"), shown)
        n_more = len(rows) - len(shown)
        self.document.add_paragraph(f"{n_more:,} more rows are on the page and in its CSV file." if n_more else "")

    def _write_figure(self, svg: str) -> None:
        from docx.shared import Inches
        size, described = SVG_SIZE_PATTERN.search(svg), SVG_DESCRIPTION_PATTERN.search(svg)
        if not size:
            return
        shape = self.document.add_picture(BytesIO(draw_picture(svg)), width=Inches(
            min(MAX_FIGURE_INCHES, float(size[1]) / POINTS_PER_INCH * 1.25)))
        alt = fit_line(html.fromstring(f"<p>{described[1]}</p>").text_content()) if described else ""
        shape._inline.docPr.set("descr", alt)


def _fill_table(table: "Table", rows: list[list[str]]) -> None:
    """Write cells in small print, with a head on every page and no row on two."""
    from docx.oxml import OxmlElement
    from docx.shared import Inches, Pt
    widths = [Inches(MAX_FIGURE_INCHES * share) for share in share_width(rows, len(table.columns))]
    for column, width in zip(table.columns, widths, strict=True):  # for LibreOffice; Word takes those of the cells
        column.width = width
    for number, (cells, row) in enumerate(zip(rows, table.rows, strict=True)):
        for mark in ("w:cantSplit", "w:tblHeader")[:1 if number else 2]:
            row._tr.get_or_add_trPr().append(OxmlElement(mark))
        for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
            cell.width = width
            if place < len(cells):
                cell.paragraphs[0].add_run(cells[place]).font.size = Pt(WORD_TABLE_POINTS)


def share_width(rows: list[list[str]], n_columns: int) -> list[float]:
    """Each column's share of a table's width: enough for its longest word, the rest by its longest text.

    >>> [round(share, 2) for share in share_width([["outlet", "text"], ["CNN", "so few words " * 9]], 2)]
    [0.16, 0.84]
    """
    columns = [[cells[place] for cells in rows if place < len(cells)] for place in range(n_columns)]
    least = [CELL_MARGIN_CHARS + min(max((len(word) for text in column for word in text.split()), default=1),
                                       MOST_COLUMN_CHARS) for column in columns]
    most = [max(CELL_MARGIN_CHARS + min(max(map(len, column), default=1), MOST_COLUMN_CHARS), words)
            for column, words in zip(columns, least, strict=True)]
    room = max(WORD_TABLE_CHARS - sum(least), 0) / max(sum(most) - sum(least), 1)
    wanted = [low + min(room, 1) * (high - low) for low, high in zip(least, most, strict=True)]
    return [width / sum(wanted) for width in wanted]


def draw_picture(svg: str) -> bytes:
    """A page's figure as PNG, in light colours, with matplotlib's fonts and those of the system."""
    import matplotlib
    import resvg_py
    plain = PAGE_VARIABLE_PATTERN.sub(r"\1", svg)
    sized = SVG_SIZE_PATTERN.sub(r'viewBox="0 0 \1 \2" width="\1" height="\2"', plain, count=1)
    fonts = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")
    return bytes(resvg_py.svg_to_bytes(svg_string=sized, zoom=FIGURE_ZOOM, background="white", font_dirs=[fonts],
                                       font_family="DejaVu Sans", sans_serif_family="DejaVu Sans"))


def _list_runs(element: Any, styles: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The text of an element in runs, each with its styles."""
    if element.text:
        yield element.text, styles
    for child in element.iterchildren("*"):
        if child.tag in WORD_BLOCK_TAGS:
            return
        if child.tag not in SKIPPED_PAGE_TAGS:
            own = RUN_STYLES.get(child.tag)
            if child.tag == "span":  # a line of its own on the page
                yield ". ", styles
            yield from _list_runs(child, styles | {own} if own else styles)
        if child.tail:
            yield child.tail, styles


def _fill_paragraph(paragraph: "Paragraph", runs: list[tuple[str, frozenset[str]]]) -> None:
    for text, styles in runs:
        run = paragraph.add_run(re.sub(r"\s+", " ", fit_text(text).text))
        for style in styles:
            setattr(run, style, True)
