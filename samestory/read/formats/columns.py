"""Columns: reads each row of a table as an article, by a mapping guessed from the column names and reported.

If no name shows which column holds the text, or the one named holds only short values, the one with long texts is
used. A table without text, such as a Media Cloud export, is refused, and the message lists its columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from statistics import median_high

from samestory.base.wording import format_quantity
from samestory.read.formats.day_order import DayOrder
from samestory.read.formats.fields import FieldPlan, format_field_plan, make_article, plan_fields
from samestory.read.formats.formats import Found, FoundProblem, Unreadable
from samestory.read.formats.table_head import (
    ADDRESS_VALUE_PATTERN,
    MIN_ARTICLE_CHARS,
    MIN_PASSAGE_CHARS,
    TABLE_HEAD_ROWS,
    Row,
    TableHead,
    find_table_head,
    is_blank,
)

TABLE_SAMPLE_ROWS = 50
DATE_SAMPLE_ROWS, DATE_SAMPLE_CHARS = 5_000, 16_000_000  # until a date shows whether the day or the month is first
MAX_TABLE_COLUMNS = 16_384  # as in Excel
MAX_KEY_CHARS, MAX_KEY_WORDS = 40, 3  # of an id or a kind of article, which is no text
MAX_LISTED_RAGGED_ROWS = 5  # listed by number; the rest are only counted
MEDIA_CLOUD_COLUMNS = {"stories_id", "media_name", "media_url", "media_id", "publish_date", "indexed_date"}


@dataclass
class ArticleTable:
    """A table about to be read: its columns, what they hold, the rows taken to find that out, and those to come."""

    header: list[str]
    plan: FieldPlan
    is_guessed: bool  # that it holds articles, as no column is named as the text
    taken: list[Row]
    rest: Iterator[Row]
    problems: list[FoundProblem] = field(default_factory=list)


def read_table(rows: Iterator[Row]) -> Iterator[Found]:
    """The articles of a table whose head is among its first rows, then the problems of its rows."""
    return read_rows(open_table(rows))


def open_table(rows: Iterator[Row], header: Sequence[str] | None = None) -> ArticleTable:
    """Find the head of a table, unless it is given, and the columns of each field.

    Raises
    ------
    Unreadable
        If it has no text, or too many columns.
    """
    taken, rest = take_rows(rows, TABLE_HEAD_ROWS)
    head = find_table_head(taken) if header is None else TableHead(list(header), 0)
    width = len(head.names)
    if width > MAX_TABLE_COLUMNS:
        raise Unreadable(f"expected at most {MAX_TABLE_COLUMNS:,} columns, found {width:,}")
    more, rest = take_rows(rest, TABLE_SAMPLE_ROWS - len(taken))
    sample = taken[head.n_rows:] + more
    names = _make_unique_names(head.names)
    plan, longest = _choose_text_column(names, plan_fields(tuple(names)), sample)
    how = f"; that {longest!r} holds the text is guessed from its length" if longest else ""
    problems = [FoundProblem("note", head.note)] if head.note else []
    problems += [FoundProblem("warning", head.warning)] if head.warning else []
    problems.append(FoundProblem("note", format_field_plan(plan, names) + how))
    # one value more shows that there are too many
    return ArticleTable(names, plan, bool(longest or head.warning), sample, (row[:width + 1] for row in rest), problems)


def read_rows(table: ArticleTable) -> Iterator[Found]:
    """The problems of a table's columns, its articles, one per row, and the problems of its rows."""
    order = _find_day_order(table)
    yield from table.problems
    yield from order.describe()
    width, ragged = len(table.header), []
    for number, row in enumerate(chain(table.taken, table.rest), 1):
        if len(row) != width:
            ragged.append(number)
        if not all(map(is_blank, row)):
            yield order.mark(_read_row(table, row[:width], number))
    if ragged:
        listed = ", ".join(f"{number:,}" for number in ragged[:MAX_LISTED_RAGGED_ROWS])
        yield FoundProblem("warning", f"{format_quantity(len(ragged), 'row')} with more or fewer values than the"
                           f" {width} columns (row {listed}"
                           f"{', …' if len(ragged) > MAX_LISTED_RAGGED_ROWS else ''}); check them")


def take_rows(rows: Iterator[Row], n: int) -> tuple[list[Row], Iterator[Row]]:
    """The first rows, and an iterator over the others; an error among the first is raised by that iterator."""
    taken: list[Row] = []
    try:
        for row in islice(rows, max(0, n)):
            taken.append(row)  # an error must not lose the rows before it
    except Exception as error:
        return taken, _raise_error(error)
    return taken, rows


def _raise_error(error: Exception) -> Iterator[Row]:
    raise error
    yield ()


def _find_day_order(table: ArticleTable) -> DayOrder:
    """The order of day and month in a table's dates; more rows are taken until a date shows it."""
    dates = {name for name in ("published_at", "updated_at") for name in table.plan.get(name, ())}
    columns = [i for i, name in enumerate(table.header) if name in dates]
    order, more, n_chars = DayOrder(), table.taken, 0
    while more:
        order.add(row[i] for row in more for i in columns if i < len(row))
        n_chars += sum(len(value) for row in more for value in row if isinstance(value, str))
        if not order.n_either or order.n_day_first or order.n_month_first or n_chars > DATE_SAMPLE_CHARS \
                or len(table.taken) > DATE_SAMPLE_ROWS:
            break
        more, table.rest = take_rows(table.rest, DATE_SAMPLE_ROWS // 20)
        table.taken += more
    return order


def _make_unique_names(header: Sequence[str]) -> list[str]:
    """The columns' names; a repeated name is followed by the number of its column."""
    seen: set[str] = set()
    names = []
    for i, name in enumerate(header, 1):
        names.append(f"{name} ({i})" if name in seen else name)
        seen.add(name)
    return names


def _read_row(table: ArticleTable, row: Row, number: int) -> Found:
    record = dict.fromkeys(table.header) | dict(zip(table.header, row, strict=False))
    return make_article(record, table.plan, number) or FoundProblem(
        "error", f"row {number:,}: expected an article, found no text in {' or '.join(map(repr, table.plan['text']))}")


def _choose_text_column(header: list[str], plan: FieldPlan, sample: list[Row]) -> tuple[FieldPlan, str]:
    """The columns of each field, and the one that holds the text by its length, if none that is named for it does."""
    columns = {name: [row[i] for row in sample if i < len(row)] for i, name in enumerate(header)}
    named = plan.get("text", ())
    if texts := tuple(name for name in named if not _holds_keys(columns[name])):
        return plan | {"text": texts}, ""
    used = {own for own_names in plan.values() for own in own_names} if named else set()
    lengths = {name: _measure_texts(values) for name, values in columns.items() if name not in used}
    longest = max(lengths, key=lengths.__getitem__, default="")
    if lengths.get(longest, 0) < (MIN_PASSAGE_CHARS if named else MIN_ARTICLE_CHARS):
        if named:
            return plan, ""
        raise Unreadable(_explain_missing_text(header))
    rest = {field: tuple(own for own in names if own != longest) for field, names in plan.items()}
    return {"text": (longest,)} | {field: own for field, own in rest.items() if own and field != "text"}, longest


def _holds_keys(values: Sequence[object]) -> bool:
    """Whether a column holds ids or single words rather than texts."""
    texts = [str(value) for value in values if not is_blank(value)]
    return bool(texts) and median_high(map(len, texts)) < MAX_KEY_CHARS \
        and median_high(len(text.split()) for text in texts) <= MAX_KEY_WORDS


def _measure_texts(values: Sequence[object]) -> int:
    """The median length of the texts of a column; addresses are none."""
    texts = [value for value in values if isinstance(value, str)]
    return median_high(0 if ADDRESS_VALUE_PATTERN.fullmatch(text) else len(text) for text in texts) if texts else 0


def _explain_missing_text(header: Sequence[str]) -> str:
    names = ", ".join(map(repr, list(header)[:30])) or "none"
    reason = f"expected a column with the articles' text, such as 'text', found the columns {names}"
    if len(MEDIA_CLOUD_COLUMNS & set(map(str.lower, map(str, header)))) >= 2:
        return (f"{reason}; an export of Media Cloud has URLs and headlines, but no text: save the pages that"
                " `url` names, and read those")
    return f"{reason}; rename the one that holds it"
