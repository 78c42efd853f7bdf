"""Sidecar rows: the CSV files that a researcher puts into the folder of a corpus, as spreadsheet programs save them.

Semicolons, tabs, `sep=;`, UTF-16 and the encoding of the country are read like commas in UTF-8. The names of columns
are compared without case, and with `_` for blanks.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from samestory.base.errors import SameStoryError
from samestory.read.formats.decoded_lines import decode
from samestory.read.formats.delimited import COLUMN_SEPARATORS, SEPARATOR_MARK_PATTERN
from samestory.read.formats.fields import fold_field_name
from samestory.read.formats.formats import Unreadable

MAX_SIDECAR_BYTES = 100_000_000
# in memory, a row of eight cells takes about 1 KB, and so does a row of empty ones for eight columns
MAX_SIDECAR_ROWS, MAX_SIDECAR_CELLS, MAX_SIDECAR_COLUMNS = 1_000_000, 8_000_000, 16_384
MAX_NAMED_COLUMNS_CHARS = 300  # of a header in a message
SIDECAR_LINE_PATTERN = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


class SidecarRows(NamedTuple):
    """The header of a sidecar, its rows with their line numbers, and a warning if it is not in UTF-8."""

    header: list[str]
    rows: list[tuple[int, dict[str, str]]]
    warning: str = ""


def read_sidecar_rows(path: Path, columns: Collection[str]) -> SidecarRows:
    """The rows of a sidecar; all values are strings, stripped.

    Parameters
    ----------
    path : the file
    columns : names that it may have, by which its separator is recognised

    Raises
    ------
    SameStoryError
        If it cannot be read as CSV, or has too many rows or columns to hold in memory.
    """
    text, warning = read_sidecar_text(path, MAX_SIDECAR_BYTES)
    separator, n_marks = find_sidecar_separator(_split_sidecar_lines(text), columns)
    reader = csv.reader(islice(_split_sidecar_lines(text), n_marks, None), delimiter=separator, skipinitialspace=True)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_SIDECAR_BYTES))
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [fold_field_name(name) for name in next((row for row in reader if any(row)), [])]
        if len(header) > MAX_SIDECAR_COLUMNS:
            raise SameStoryError(f"{path.name}: expected at most {MAX_SIDECAR_COLUMNS:,} columns, found"
                                 f" {len(header):,}")
        most = min(MAX_SIDECAR_ROWS, MAX_SIDECAR_CELLS // max(1, len(header)))
        for row in filter(None, reader):
            if len(rows) == most:
                raise SameStoryError(f"{path.name}: expected at most {most:,} rows of {len(header):,} columns, found"
                                     " more; remove columns, or put the fields into the files of the articles")
            cells = zip(header, row + [""] * len(header), strict=False)
            rows.append((reader.line_num + n_marks, {name: value.strip() for name, value in cells}))
    except csv.Error as error:
        raise SameStoryError(f"{path.name}, line {reader.line_num + n_marks}: expected CSV; {error}") from error
    return SidecarRows(header, rows, warning)


def describe_header(header: Iterable[str]) -> str:
    """The names of columns, for a message.

    >>> describe_header(["a", "b"]), describe_header([])
    ('a, b', 'no header')
    """
    return ", ".join(header)[:MAX_NAMED_COLUMNS_CHARS] or "no header"


def _split_sidecar_lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one by one: a list of them may take thirty times as much memory."""
    return (found[0] for found in SIDECAR_LINE_PATTERN.finditer(text))


def read_sidecar_text(path: Path, largest: int) -> tuple[str, str]:
    """The text of a sidecar without byte order mark, and a warning if it is not in UTF-8.

    Raises
    ------
    SameStoryError
        If it cannot be opened, is larger than `largest` bytes, or is no text.
    """
    try:
        if (size := path.stat().st_size) > largest:
            raise SameStoryError(f"{path.name}: expected at most {largest:,} bytes, found {size:,}")
        text, warning = decode(path.read_bytes())
    except (OSError, Unreadable) as error:
        raise SameStoryError(f"{path.name}: expected CSV; {error}; if it is a workbook, save it as CSV") from error
    return text.removeprefix("\ufeff"), warning or ""


def find_sidecar_separator(lines: Iterable[str], columns: Collection[str]) -> tuple[str, int]:
    """The separator of a sidecar, and the number of lines to pass over that only name it.

    >>> find_sidecar_separator(["article_id;outlet\\n", "a;b, c\\n"], {"article_id", "outlet"})
    (';', 0)
    """
    first = next((line for line in lines if line.strip()), "")
    if mark := SEPARATOR_MARK_PATTERN.fullmatch(first):
        return mark[1], 1
    return max(COLUMN_SEPARATORS, key=lambda separator: sum(
        fold_field_name(name) in columns for name in first.split(separator))), 0
