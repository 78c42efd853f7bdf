"""Columns: rows of a table as articles, by a mapping that is guessed from their names and told.

Where no name says which column holds the text, the one with long texts is taken. What holds no text at
all, such as an export of Media Cloud, is refused with the names of its columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from samestory.read.formats.fields import FieldPlan, format_field_plan, make_article, plan_fields
from samestory.read.formats.formats import Unreadable

TEXT_COLUMN_SAMPLE_ROWS = 50
MIN_GUESSED_TEXT_CHARS = 200  # characters; the middle value of a column of article texts has more
MAX_LISTED_RAGGED_ROWS = 5  # rows told of by their number; the rest are counted
MEDIA_CLOUD_COLUMNS = {"stories_id", "media_name", "media_url", "media_id", "publish_date", "indexed_date"}


def read_table_rows(header: Sequence[str], rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[dict]:
    """The articles of a table, one a row, then what was odd about its rows.

    Parameters
    ----------
    header : the columns' names
    rows : each with the number it is known by
    """
    header, rows = _make_unique_names(header), iter(rows)
    sample = list(islice(rows, TEXT_COLUMN_SAMPLE_ROWS))
    plan, guessed = _plan_columns(header, [row for _, row in sample])
    yield {"note": format_field_plan(plan, header) + guessed}
    ragged: list[int] = []
    for number, row in chain(sample, rows):
        if len(row) != len(header):
            ragged.append(number)
        if any(value not in (None, "") for value in row):
            yield _read_row(header, row, plan, number)
    if ragged:
        told = ", ".join(f"{number:,}" for number in ragged[:MAX_LISTED_RAGGED_ROWS])
        yield {"warning": f"{len(ragged):,} rows have more or fewer values than the {len(header)} columns (row {told}"
                          f"{', …' if len(ragged) > MAX_LISTED_RAGGED_ROWS else ''}); look at them"}


def _make_unique_names(header: Sequence[str]) -> list[str]:
    """The columns' names, with its place behind one that stood before."""
    seen: set[str] = set()
    return [f"{name} ({i})" if name in seen or seen.add(name) else name for i, name in enumerate(header, 1)]


def _read_row(header: Sequence[str], row: Sequence[object], plan: FieldPlan, number: int) -> dict:
    record = dict.fromkeys(header) | dict(zip(header, row, strict=False))
    return make_article(record, plan, number) or {"error": f"row {number:,}: expected an article, found no text in"
                                                           f" {' or '.join(map(repr, plan['text']))}"}


def _plan_columns(header: Sequence[str], sample: list[Sequence[object]]) -> tuple[FieldPlan, str]:
    plan = plan_fields(tuple(header))
    if "text" in plan:
        return plan, ""
    longest = max(range(len(header)), key=lambda i: (_median_text_length(sample, i), -i), default=None)
    if longest is None or _median_text_length(sample, longest) < MIN_GUESSED_TEXT_CHARS:
        raise Unreadable(_explain_missing_text(header))
    name = header[longest]
    rest = {field: tuple(own for own in columns if own != name) for field, columns in plan.items()}
    return ({"text": (name,)} | {field: own for field, own in rest.items() if own},
            f"; that {name!r} holds the text is guessed from its length")


def _median_text_length(sample: list[Sequence[object]], column: int) -> int:
    """The middle length of the texts of a column."""
    lengths = sorted(len(row[column]) for row in sample if column < len(row) and isinstance(row[column], str))
    return lengths[len(lengths) // 2] if lengths else 0


def _explain_missing_text(header: Sequence[str]) -> str:
    names = ", ".join(map(repr, list(header)[:30])) or "none"
    told = f"expected a column with the articles' text, such as 'text', found the columns {names}"
    if len(MEDIA_CLOUD_COLUMNS & set(map(str.lower, map(str, header)))) >= 2:
        return (f"{told}; an export of Media Cloud has addresses and headlines, no text: save the pages that"
                " `url` names, and read those")
    return f"{told}; rename the one that holds it"
