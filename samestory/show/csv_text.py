"""CSV in which no spreadsheet takes text for a formula.

Numbers stay numbers, lists become JSON, unprintable characters become �, and text that a spreadsheet would evaluate,
including headers, gets a leading apostrophe. Which tables are written is decided in `samestory.report.table_files` and
`samestory.show.table`.
"""

import json
import re
from pathlib import Path

import pandas as pd

from samestory.show.printable import clean_text

# Text that a spreadsheet takes for a formula, also after blanks and in East Asian fullwidth characters.
CSV_FORMULA_PATTERN = re.compile(r"[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
CSV_ENCODING = "utf-8-sig"  # with a byte order mark, without which Excel takes UTF-8 for the encoding of the country
MAX_CSV_CELL_CHARS = 30_000  # code points of a cell; a spreadsheet holds 32,767


def write_csv(frame: pd.DataFrame, path: Path, *, most_rows: int = 100_000) -> None:
    """Write the first rows of a table as CSV that is safe in a spreadsheet.

    Parameters
    ----------
    frame : the table, without its index
    path : the file
    most_rows : rows written; further rows are left out
    """
    path.write_text(format_csv(frame, most_rows=most_rows), encoding=CSV_ENCODING, newline="")


def format_csv(frame: pd.DataFrame, *, most_rows: int = 100_000) -> str:
    """The first rows of a table as CSV that is safe in a spreadsheet; floating-point numbers to ten digits.

    >>> format_csv(pd.DataFrame({"term": ["=1+1", "said"], "n": [-1, 2]}))
    "term,n\\n'=1+1,-1\\nsaid,2\\n"
    """
    texts = frame.head(most_rows).copy()
    for place, dtype in enumerate(texts.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            texts.isetitem(place, texts.iloc[:, place].astype(object).map(guard_cell, na_action="ignore"))
    heads = [guard_cell(" / ".join(map(str, name)) if isinstance(name, tuple) else str(name)) for name in texts.columns]
    return str(texts.to_csv(index=False, header=heads, lineterminator="\n", float_format="%.10g"))


def guard_cell(value: object) -> object:
    """A value that is safe in a cell: no formula, no control character, lists and mappings as JSON.

    >>> guard_cell("+1"), guard_cell("+1 to 2"), guard_cell(["a"]), guard_cell(-1)
    ("'+1", "'+1 to 2", '["a"]', -1)
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    if not isinstance(value, str):
        return value
    text = clean_text(value)
    if (cut := len(text) - MAX_CSV_CELL_CHARS) > 0:
        text = f"{text[:MAX_CSV_CELL_CHARS]} … {cut:,} more characters"
    return f"'{text}" if CSV_FORMULA_PATTERN.match(text) else text
