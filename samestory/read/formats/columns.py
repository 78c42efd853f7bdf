"""Columns: reads each row of a table as an article, by a mapping guessed from the column names and reported.

If no name shows which column holds the text, the one with long texts is used. A table without text, such
as a Media Cloud export, is refused, and the message lists its columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from samestory.base.wording import format_quantity
from samestory.read.formats.fields import FieldPlan, format_field_plan, make_article, plan_fields
from samestory.read.formats.formats import Found, FoundProblem, Unreadable

TEXT_COLUMN_SAMPLE_ROWS = 50
MAX_TABLE_COLUMNS = 16_384  # as in Excel
MIN_GUESSED_TEXT_CHARS = 200  # the median of a column of article texts is longer
MAX_LISTED_RAGGED_ROWS = 5  # listed by number; the rest are only counted
MEDIA_CLOUD_COLUMNS = {"stories_id", "media_name", "media_url", "media_id", "publish_date", "indexed_date"}


def read_table_rows(header: Sequence[str], rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[Found]:
    """The articles of a table, one per row, then the problems of its rows.

    Parameters
    ----------
    header : the columns' names
    rows : each with its number
    """
    if len(header) > MAX_TABLE_COLUMNS:
        raise Unreadable(f"expected at most {MAX_TABLE_COLUMNS:,} columns, found {len(header):,}")
    header = _make_unique_names(header)
    rows = ((number, row[:len(header) + 1]) for number, row in rows)  # one value more shows that there are too many
    named = plan_fields(tuple(header))
    sample = [] if "text" in named else list(islice(rows, TEXT_COLUMN_SAMPLE_ROWS))
    plan, guessed = (named, "") if "text" in named else _guess_text_column(header, named, [row for _, row in sample])
    yield FoundProblem("note", format_field_plan(plan, header) + guessed)
    ragged: list[int] = []
    for number, row in chain(sample, rows):
        if len(row) != len(header):
            ragged.append(number)
        if any(value not in (None, "") for value in row):
            yield _read_row(header, row, plan, number)
    if ragged:
        listed = ", ".join(f"{number:,}" for number in ragged[:MAX_LISTED_RAGGED_ROWS])
        yield FoundProblem("warning", f"{format_quantity(len(ragged), 'row')} with more or fewer values than the"
                           f" {len(header)} columns (row {listed}"
                           f"{', …' if len(ragged) > MAX_LISTED_RAGGED_ROWS else ''}); check them")


def _make_unique_names(header: Sequence[str]) -> list[str]:
    """The columns' names; a repeated name is followed by the number of its column."""
    seen: set[str] = set()
    names = []
    for i, name in enumerate(header, 1):
        names.append(f"{name} ({i})" if name in seen else name)
        seen.add(name)
    return names


def _read_row(header: Sequence[str], row: Sequence[object], plan: FieldPlan, number: int) -> Found:
    record = dict.fromkeys(header) | dict(zip(header, row, strict=False))
    return make_article(record, plan, number) or FoundProblem(
        "error", f"row {number:,}: expected an article, found no text in {' or '.join(map(repr, plan['text']))}")


def _guess_text_column(header: Sequence[str], plan: FieldPlan,
                       sample: list[Sequence[object]]) -> tuple[FieldPlan, str]:
    longest = max(range(len(header)), key=lambda i: (_median_text_length(sample, i), -i), default=None)
    if longest is None or _median_text_length(sample, longest) < MIN_GUESSED_TEXT_CHARS:
        raise Unreadable(_explain_missing_text(header))
    name = header[longest]
    rest = {field: tuple(own for own in columns if own != name) for field, columns in plan.items()}
    return ({"text": (name,)} | {field: own for field, own in rest.items() if own},
            f"; that {name!r} holds the text is guessed from its length")


def _median_text_length(sample: list[Sequence[object]], column: int) -> int:
    """The median length of the texts of a column."""
    values = (row[column] for row in sample if column < len(row))
    lengths = sorted(len(value) for value in values if isinstance(value, str))
    return lengths[len(lengths) // 2] if lengths else 0


def _explain_missing_text(header: Sequence[str]) -> str:
    names = ", ".join(map(repr, list(header)[:30])) or "none"
    reason = f"expected a column with the articles' text, such as 'text', found the columns {names}"
    if len(MEDIA_CLOUD_COLUMNS & set(map(str.lower, map(str, header)))) >= 2:
        return (f"{reason}; an export of Media Cloud has URLs and headlines, but no text: save the pages that"
                " `url` names, and read those")
    return f"{reason}; rename the one that holds it"
