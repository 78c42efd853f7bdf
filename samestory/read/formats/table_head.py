"""The head of a table: which of its first rows names the columns, or that none does.

Known names (data/field_names.csv) decide; where there are none it is the first row, unless that row holds an article.
Rows above the head, such as a title, are not read, and a note lists them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median_low

from samestory.base.resources import read_data_rows
from samestory.base.wording import format_list
from samestory.read.formats.fields import plan_fields
from samestory.read.formats.formats import Unreadable

TABLE_HEAD_ROWS = 20  # among which the head is looked for
MIN_ARTICLE_CHARS = 200  # the median of a column of article texts is longer
MIN_PASSAGE_CHARS = 60  # of sentences or short articles
MAX_HEADLINE_CHARS = 300
MONTH_DATE = r"\w{3,12}\.? \d{1,2},? \d{4}"
DATE_VALUE_PATTERN = re.compile(r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]{1,2}(?:\d{1,2}|\w{3,12}\.?)"
                                rf"[-/. ,]{{1,2}}\d{{2,4}}|{MONTH_DATE})(?:\b.{{0,30}})?")
ADDRESS_VALUE_PATTERN = re.compile(r"\s*https?://\S+\s*")
Row = Sequence[object]


@dataclass(frozen=True)
class TableHead:
    """The names of the columns, the number of rows before the first article, and what is odd about them."""

    names: list[str]
    n_rows: int
    note: str = ""
    warning: str = ""


def find_table_head(rows: Sequence[Row]) -> TableHead:
    """The head of a table, from its first rows.

    Raises
    ------
    Unreadable
        If all rows are empty.

    >>> find_table_head([["My articles", ""], ["Quelle", "Text"], ["CNN", "The talks ended."]]).names
    ['Quelle', 'Text']
    """
    filled = [i for i, row in enumerate(rows) if any(not is_blank(value) for value in row)]
    if not filled:
        raise Unreadable("expected a table with a header, found no rows")
    scores = {i: count_known_names(rows[i]) for i in filled}
    best = max(filled, key=lambda i: (scores[i], -i))
    if not scores[best]:
        if any(map(_is_article_value, rows[filled[0]])):
            return _name_by_values(rows)
        best = filled[0]
    first = best - 1 if scores.get(best - 1) else best
    last = best + 1 if scores.get(best + 1) and _fills_gaps(rows[best], rows[best + 1]) else best
    above = [str(value)[:40] for i in filled if i < best for value in rows[i] if not is_blank(value)]
    note = f"the columns are named in row {best + 1}; not read, above it: {format_list(map(repr, above))}" if above \
        else ""
    return TableHead(_merge_names(rows[first:last + 1]), last + 1, note)


def count_known_names(row: Row) -> int:
    """How many fields of an article a row names; none if it holds what no head does."""
    if not all(value is None or isinstance(value, str) for value in row) or any(map(_is_article_value, row)):
        return 0
    return len(plan_fields(tuple(value for value in row if isinstance(value, str) and value)))


def is_blank(value: object) -> bool:
    """Whether a cell is empty."""
    return value is None or (isinstance(value, str) and not value.strip())


def _fills_gaps(upper: Row, lower: Row) -> bool:
    """Whether no column has a value in both rows."""
    return all(is_blank(one) or is_blank(two) for one, two in zip(upper, lower, strict=False))


def _merge_names(rows: Sequence[Row]) -> list[str]:
    """The names in a head of one or more rows: those of a lower row, where it has one."""
    names = [""] * max(map(len, rows))
    for row in rows:
        for i, value in enumerate(row):
            names[i] = names[i] if is_blank(value) else str(value).strip("\ufeff \t\r\n")
    return names


def _is_article_value(value: object) -> bool:
    """Whether a value is of an article, so that it is not the name of a column."""
    return isinstance(value, str) and (len(value) > MIN_ARTICLE_CHARS or _is_address(value) or _is_date(value))


def _name_by_values(rows: Sequence[Row]) -> TableHead:
    """The head of a table without one: columns are named by what their values look like."""
    width = max(map(len, rows))
    columns = {i: [str(row[i]) for row in rows if i < len(row) and not is_blank(row[i])] for i in range(width)}
    names = [f"column {i + 1}" for i in range(width)]
    found = {}
    for field, fits in VALUE_TESTS.items():
        suited = [i for i, values in columns.items() if values and 2 * sum(map(fits, values)) > len(values)]
        if suited:
            found[field] = max(suited, key=lambda i: (field == "text" and median_low(map(len, columns[i])), -i))
            names[found[field]] = field
            del columns[found[field]]
    told = ", ".join(f"{field} from column {i + 1}" for field, i in found.items()) or "none"
    return TableHead(names, 0, warning=f"no row names the columns; guessed from their values: {told}; add a first row"
                     " with their names")


def _is_date(value: str) -> bool:
    return bool(DATE_VALUE_PATTERN.fullmatch(value))


def _is_address(value: str) -> bool:
    return bool(ADDRESS_VALUE_PATTERN.fullmatch(value))


def is_outlet_value(value: str) -> bool:
    """Whether a value is a name or a domain in data/outlets.csv."""
    return value.strip().casefold() in _list_outlet_names()


def _is_passage(value: str) -> bool:
    return len(value) >= MIN_PASSAGE_CHARS and " " in value


def _is_headline(value: str) -> bool:
    return " " in value.strip() and len(value) <= MAX_HEADLINE_CHARS


VALUE_TESTS: dict[str, Callable[[str], bool]] = {
    "published_at": _is_date, "url": _is_address, "outlet": is_outlet_value, "text": _is_passage,
    "headline": _is_headline}


@cache
def _list_outlet_names() -> frozenset[str]:
    """The names and domains in data/outlets.csv, in small letters."""
    return frozenset(name.casefold() for row in read_data_rows("outlets")
                     for column in ("outlet", "names", "domains") for name in row[column].split("|") if name)
