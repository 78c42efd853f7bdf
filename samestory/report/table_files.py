"""The tables of a page as CSV files next to it, with a link below each table.

The CSV is part of the table's output, made in `samestory.show.table`; here, it moves to a file named after the
heading above the table. Pages are written in `samestory.report.pages`.
"""

import csv
import io
import re
from copy import deepcopy
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.report.pages import make_anchor
from samestory.show.csv_text import CSV_ENCODING
from samestory.show.table import MAX_ATTACHED_CSV_ROWS

if TYPE_CHECKING:
    from nbformat import NotebookNode

TABLES_FOLDER = "tables"  # next to the pages
TABLE_CAPTION_PATTERN = re.compile(r'aria-label="([^"]*)"')


def move_tables(notebook: "NotebookNode", *, title: str, name: str) -> tuple["NotebookNode", dict[str, str]]:
    """A copy of a notebook with a link below each table, and the linked CSV files.

    Parameters
    ----------
    notebook : an executed notebook; it is not changed
    title : the page's title, for tables above the first heading
    name : the page's name, and that of the folder in `tables` for its files

    Returns
    -------
    The notebook, with no CSV in its outputs, and the CSV texts by path relative to the page.
    """
    notebook, heading, files = deepcopy(notebook), title, {}
    taken: dict[str, int] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#{1,6}[ \t]+(\S.*)$", cell.source, re.MULTILINE) or [heading])[-1]
        for output in cell.get("outputs", []):
            text = output.get("data", {}).pop("text/csv", "")
            if text and (n_rows := _count_csv_rows(text)):
                path = f"{TABLES_FOLDER}/{name}/{make_anchor(heading, taken)}.csv"
                files[path] = text
                output.data["text/html"] += _format_csv_link(path, n_rows, output.data["text/html"])
    return notebook, files


def write_csv_files(folder: Path, files: dict[str, str]) -> None:
    """Write texts to CSV files in a folder, given by relative path."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding=CSV_ENCODING, newline="")


def _count_csv_rows(text: str) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) - 1


def _format_csv_link(path: str, n_rows: int, html: str) -> str:
    """The link to a table's CSV; its label names the table, for readers who go through a page's links."""
    said = f"CSV, {'the first ' if n_rows == MAX_ATTACHED_CSV_ROWS else ''}{n_rows:,} row{'s' * (n_rows != 1)}"
    caption = TABLE_CAPTION_PATTERN.search(html)
    label = f"{said}: {unescape(caption[1])}" if caption else said
    return f'\n<p class="ss-csv"><a href="{escape(path)}" aria-label="{escape(label)}">{said}</a></p>'
