"""CSV and TSV: one article per row, with a header; comma, semicolon, tab or bar between the values."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO, NamedTuple

from samestory.read.formats.columns import read_table
from samestory.read.formats.decoded_lines import MAX_INPUT_LINE_BYTES, DecodedLines
from samestory.read.formats.formats import Found, FoundProblem, Unreadable
from samestory.read.formats.table_head import count_known_names

COLUMN_SEPARATORS = ",;\t|"
SEPARATOR_SAMPLE_LINES, SEPARATOR_SAMPLE_CHARS = 20, 1_000_000  # whichever comes first
SEPARATOR_MARK_PATTERN = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of a .csv or .tsv file; a row without an id is named by its number, 1 being below the header."""
    csv.field_size_limit(MAX_INPUT_LINE_BYTES)
    dialect, has_mark = _find_dialect(file)
    lines = DecodedLines(file)
    fed = _TrackedLines(lines)
    rows = csv.reader(fed, delimiter=dialect.separator, skipinitialspace=dialect.skips_blanks)
    try:
        yield from read_table(islice(fed.watch(rows), int(has_mark), None))
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


class Dialect(NamedTuple):
    """How the values of a row are separated, and whether blanks after a separator are part of no value."""

    separator: str
    skips_blanks: bool = False

    def split(self, lines: list[str]) -> list[list[str]]:
        """The rows of lines, empty ones left out."""
        reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=self.separator,
                            skipinitialspace=self.skips_blanks)
        return [row for row in reader if row]


def _find_dialect(file: IO[bytes]) -> tuple[Dialect, bool]:
    """The separator with which a row names the most fields, or splits its head into the most names, if the rows agree.

    Excel's own mark, a first line `sep=;`, decides; whether there is one is returned, too.
    """
    head: list[str] = []
    is_cut = False
    for line in DecodedLines(file):
        head.append(line)
        if is_cut := len(head) == SEPARATOR_SAMPLE_LINES or sum(map(len, head)) > SEPARATOR_SAMPLE_CHARS:
            break
    file.seek(0)
    mark = SEPARATOR_MARK_PATTERN.fullmatch(head[0]) if head else None
    separators = mark[1] if mark else COLUMN_SEPARATORS
    dialects = [Dialect(separator, skips_blanks) for skips_blanks in (False, True) for separator in separators]
    lines = head[1:] if mark else head
    return max(dialects, key=lambda dialect: _rate_rows(dialect.split(lines), is_cut)), mark is not None


def _rate_rows(rows: list[list[str]], is_cut: bool) -> tuple[int, int, int]:
    """How well lines are split: the names of fields in a row, the rows as wide as the head, and its width.

    The last row of a sample may be cut in the middle of a value.
    """
    n_names = max(map(count_known_names, rows), default=0)
    while len(rows) > 1 and len(rows[0]) == 1:  # a title
        rows = rows[1:]
    width = len(rows[0]) if rows else 0
    n_alike = sum(len(row) == width for row in (rows[:-1] if is_cut else rows)) if width > 1 else -1
    return n_names if n_names > 1 else 0, n_alike, width
