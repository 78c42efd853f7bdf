"""CSV and TSV: one article per row, with a header; comma, semicolon, tab or bar between the values."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from samestory.read.formats.columns import read_table_rows
from samestory.read.formats.decoded_lines import MAX_INPUT_LINE_BYTES, DecodedLines
from samestory.read.formats.formats import Found, FoundProblem, Unreadable

COLUMN_SEPARATORS = ",;\t|"
SEPARATOR_SAMPLE_LINES, SEPARATOR_SAMPLE_CHARS = 20, 1_000_000  # whichever comes first


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of a .csv or .tsv file; a row without an id is named by its number, 1 being below the header."""
    csv.field_size_limit(MAX_INPUT_LINE_BYTES)
    separator = _find_separator(file)
    lines = DecodedLines(file)
    fed = _TrackedLines(lines)
    rows = csv.reader(fed, delimiter=separator)
    try:
        header = next((row for row in rows if any(row)), None)
        if header is None:
            raise Unreadable("expected a table with a header, found no rows")
        yield from read_table_rows([name.strip("\ufeff ") for name in header], enumerate(fed.watch(rows), 1))
    except csv.Error as error:
        raise Unreadable(f"line {fed.start:,}: {error}; is a quotation mark opened there and never closed? The rows"
                         " from there on are not read") from None
    if fed.is_open:
        yield FoundProblem("warning", f"line {fed.start:,}: a quotation mark is opened and never closed;"
                           " everything after it was read as one value")
    if lines.too_long:
        yield FoundProblem("error", f"line {lines.too_long:,}: longer than {MAX_INPUT_LINE_BYTES:,} bytes; the rows"
                           " from there on are not read")
    yield from (FoundProblem("warning", warning) for warning in lines.warnings)


class _TrackedLines:
    """Lines on their way to the CSV reader, with the line where a row began and whether the last row was closed."""

    def __init__(self, lines: DecodedLines) -> None:
        self._lines = lines
        self._at_end = self.is_open = False
        self.start = 1

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if "\r" in line[:-2]:
                yield from io.StringIO(line, newline="")  # a carriage return alone ends a line, too
            else:
                yield line
        self._at_end = True

    def watch(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows that are not empty; the CSV reader asks for one line too many only if a quotation mark is open."""
        self.start = self._lines.number + 1
        for row in rows:
            self.is_open = self._at_end
            if row:
                yield row
            if not self.is_open:
                self.start = self._lines.number + 1


def _find_separator(file: IO[bytes]) -> str:
    """The separator that splits the header into the most names, if the rows after it agree."""
    head: list[str] = []
    for line in DecodedLines(file):
        head.append(line)
        if len(head) == SEPARATOR_SAMPLE_LINES or sum(map(len, head)) > SEPARATOR_SAMPLE_CHARS:
            break
    file.seek(0)
    if head and head[0].lower().startswith("sep=") and len(head[0].strip()) == 5:  # Excel's own mark
        return head[0].strip()[-1]

    def fit(separator: str) -> tuple[int, int]:
        rows = [len(row) for row in csv.reader(io.StringIO("".join(head), newline=""), delimiter=separator) if row]
        return (sum(n == rows[0] for n in rows[:-1]) if rows and rows[0] > 1 else -1, rows[0] if rows else 0)
    return max(COLUMN_SEPARATORS, key=fit) if head else ","
