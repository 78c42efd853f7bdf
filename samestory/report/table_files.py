"""The tables of a page as CSV files next to it, each named after what the table says one row is."""

import re
from pathlib import Path

from samestory.report.page_content import PageContent, make_anchor
from samestory.show.csv_text import CSV_ENCODING

TABLES_FOLDER = "tables"  # next to the pages
MAX_FILE_NAME_CHARS = 50


def name_table_files(page: PageContent) -> dict[int, str]:
    """The path of the CSV file of each output that has one, relative to the page.

    The name is that of the table: its caption up to the first punctuation mark.
    """
    taken: dict[str, int] = {}
    folder = f"{TABLES_FOLDER}/{Path(page.href).stem}"
    return {output.number: f"{folder}/{_name_file(output.block['caption'], taken)}.csv"
            for output in page.outputs if output.block.get("csv")}


def _name_file(caption: str, taken: dict[str, int]) -> str:
    return make_anchor(re.split("[,:;.(]", caption, maxsplit=1)[0], taken, most=MAX_FILE_NAME_CHARS)


def write_table_files(folder: Path, page: PageContent) -> dict[int, str]:
    """Write the CSV files of a page into the folder of the report; return their paths by the number of the output."""
    files = name_table_files(page)
    texts = {output.number: output.block["csv"] for output in page.outputs if output.number in files}
    for number, path in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(texts[number], encoding=CSV_ENCODING, newline="")
    return files
