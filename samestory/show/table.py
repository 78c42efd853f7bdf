"""Tables as blocks: bounded, with named columns and the links of their rows.

A table has a caption, named headers and numbers that line up. In a report, its cells link to articles and to the
sentences that support a row; here, they only name these. Values become text in `samestory.show.values`; the HTML is
written in `samestory.show.block_html`.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from samestory.base.errors import unknown_name
from samestory.base.fields import list_fields
from samestory.show.anchors import digest_row
from samestory.show.block_html import Block
from samestory.show.csv_text import format_csv
from samestory.show.glossary import VALUE_WORDS, explain_column, is_last_column, name_column, spell_value
from samestory.show.printable import clean_text
from samestory.show.shown import (
    MAX_TABLE_CELL_CHARS,
    Shown,
    clip_cell,
    format_rest_count,
    join_notes,
    make_place,
    show_block,
)
from samestory.show.values import find_column_class, format_column

PLACE_COLUMNS = ("article_id", "field", "start")
MAX_ATTACHED_CSV_ROWS = 2_000  # rows of a table that accompany it as CSV


def show_table(frame: pd.DataFrame, *, caption: str, note: str = "", max_rows: int = 30, by: Sequence[str] = (),
               at: str = "") -> Shown:
    """A table with caption, named headers and right-aligned numbers.

    In a report, cells of the column `article_id` link to the articles.

    Parameters
    ----------
    frame : the rows, in display order; a named index becomes the first column
    caption : what one row is, and the unit of the numbers
    note : a sentence below the table
    max_rows : rows shown; the others are counted
    by : columns whose values identify a row's evidence; in a report, the row's cell in the first of them links to the
        sentences that `show_evidence` shows for these values
    at : the column whose cells link to their place in the article, given by the columns `article_id` and `start`,
        which are then not shown

    Raises
    ------
    UnknownName
        If the table has no such column.
    """
    total, frame = len(frame), _open_index(frame.head(max(max_rows, MAX_ATTACHED_CSV_ROWS)))
    csv = format_csv(frame, most_rows=MAX_ATTACHED_CSV_ROWS) if total else ""
    frame = frame.head(max_rows)
    links = _find_cell_links(frame, by, at)
    frame = frame.drop(columns=[*PLACE_COLUMNS], errors="ignore") if at else frame
    shown, meanings = _name_columns(frame), [explain_column(str(name)) for name in frame.columns]
    last = [place for place, name in enumerate(frame.columns) if place and is_last_column(str(name))]
    columns = [format_column(shown.iloc[:, i]) for i in range(shown.shape[1])]
    kinds = [find_column_class(shown.iloc[:, i]) for i in range(shown.shape[1])]
    heads = [kind or _find_header_class(values) for kind, values in zip(kinds, columns, strict=True)]
    notes = join_notes(note, format_rest_count(total, max_rows, "row"))
    rows = [[_clip_stored(text) for text in row] for row in zip(*columns, strict=True)]
    block: Block = {"kind": "table", "caption": clean_text(caption), "note": notes, "heads": list(shown.columns),
                    "head_classes": heads, "meanings": meanings, "classes": kinds, "rows": rows, "last": last,
                    "csv": csv, **links}
    lines = [clean_text(caption), " | ".join(shown.columns), *(" | ".join(map(clip_cell, row)) for row in rows)]
    return show_block(block, "\n".join([*lines, *([notes] if notes else [])]))


def _clip_stored(text: str) -> str:
    cut = len(text) - MAX_TABLE_CELL_CHARS
    return text if cut <= 0 else f"{text[:MAX_TABLE_CELL_CHARS]} … {cut:,} more characters"


def _open_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a named index as its first columns; an unnamed one is left out."""
    if any(name is not None for name in frame.index.names):
        names = [name if name is not None else f"level {i + 1}" for i, name in enumerate(frame.index.names)]
        return frame.reset_index(names=names, allow_duplicates=True)
    return frame.reset_index(drop=True)


def _find_cell_links(frame: pd.DataFrame, by: Sequence[str], at: str) -> dict[str, Any]:
    """The columns whose cells are links in a report, as `places` and `keys`: the column's number, a value per row."""
    for name in [*by, *([at, "article_id", "start"] if at else [])]:
        if name not in frame:
            raise unknown_name("column", name, map(str, frame.columns))
    shown = [name for name in frame.columns if not (at and name in PLACE_COLUMNS)]
    links: dict[str, Any] = {}
    if "article_id" in frame:
        starts = frame["start"] if at else [None] * len(frame)
        links["places"] = shown.index(at or "article_id"), [
            make_place(*place) for place in zip(frame["article_id"], starts, list_fields(frame), strict=True)]
    if by:
        links["keys"] = shown.index(by[0]), [digest_row(row) for row in frame[list(by)].to_dict("records")]
    return links


def _name_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame in plain words: readable headers, none blank, and kinds of names."""
    def name_one(place: int, label: object) -> str:
        parts = label if isinstance(label, tuple) else (label,)
        name = " / ".join(name_column(clean_text(part)) for part in parts if part != "")
        return name or f"column {place + 1}"

    for name in VALUE_WORDS:
        if list(frame.columns).count(name) == 1:
            frame = frame.assign(**{name: [spell_value(name, value) for value in frame[name]]})
    return frame.set_axis([name_one(i, label) for i, label in enumerate(frame.columns)], axis=1)


def _find_header_class(values: Sequence[str]) -> str:
    """The class of a text column's header: `ss-m` if cells are phrases, which a phone must not break at every word.

    >>> _find_header_class(["a line that is a date or a time"]), _find_header_class(["body"])
    ('ss-m', '')
    """
    return "ss-m" if any(len(text) > 16 and " " in text for text in values) else ""
