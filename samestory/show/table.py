"""Tables as HTML, plain text and CSV: escaped, bounded, and readable by a screen reader.

A table has a caption, named headers and numbers that line up. In a report, its cells link to articles and to the
sentences that support a row; here, they only carry the attributes for these links (`samestory.show.anchors`). Values
become text in `samestory.show.values`; the look of a page is defined in report/template/.
"""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from samestory.base.errors import unknown_name
from samestory.show.anchors import format_place_attribute, format_row_attribute
from samestory.show.csv_text import format_csv
from samestory.show.printable import clean_text
from samestory.show.shown import (
    MAX_TABLE_CELL_CHARS,
    MAX_UNFOLDED_CELL_CHARS,
    Shown,
    clip_cell,
    format_rest_count,
    write_note_html,
)
from samestory.show.values import find_column_class, format_column

MAX_ATTACHED_CSV_ROWS = 2_000  # rows of a table that accompany it as CSV
MAX_UNBROKEN_WORD_CHARS = 24  # code points; longer words are broken so as not to widen the table

# `table` before the class outweighs JupyterLab's own rule, which aligns every cell to the right.
_TABLE_STYLE = ("<style>table.ss-table.ss-table :is(th,td){text-align:left;vertical-align:top;max-width:26em;"
                "white-space:normal}"
                "table.ss-table.ss-table .ss-n{text-align:right;font-variant-numeric:tabular-nums}"
                ".ss-table td.ss-n,.ss-table .ss-t{white-space:nowrap}.ss-table .ss-w{min-width:16em}"
                ".ss-table .ss-l{overflow-wrap:anywhere;min-width:10em}"
                ".ss-table caption{text-align:left;font-weight:600}</style>")


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
    return show_rows(frame, caption=caption, note=note, max_rows=max_rows, kicker="", by=by, at=at)


def show_rows(frame: pd.DataFrame, *, caption: str, note: str, max_rows: int, kicker: str, by: Sequence[str] = (),
              at: str = "") -> Shown:
    """The table as HTML, text and CSV; `kicker` comes before the caption of a table that belongs to a figure."""
    total, frame = len(frame), _open_index(frame.head(max(max_rows, MAX_ATTACHED_CSV_ROWS)))
    csv, frame = format_csv(frame, most_rows=MAX_ATTACHED_CSV_ROWS), frame.head(max_rows)
    cells = _find_anchors(frame, by, at)
    frame = frame.drop(columns=["article_id", "start"]) if at else frame
    anchors = {list(frame.columns).index(name): attributes for name, attributes in cells.items()}
    frame = _name_columns(frame)
    columns = [format_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    kinds = [find_column_class(frame.iloc[:, i]) for i in range(frame.shape[1])]
    heads = [kind or _find_header_class(values) for kind, values in zip(kinds, columns, strict=True)]
    more = format_rest_count(total, max_rows, "row")
    label = clean_text(f"{kicker}: {caption}" if kicker else caption)
    html = "\n".join([
        f'{_TABLE_STYLE}<div class="ss-scroll" role="region" tabindex="0" aria-label="{escape(label)}">',
        f'<table class="ss-table{" ss-behind" if kicker else ""}">{_write_caption(caption, kicker)}',
        _write_head(list(frame.columns), heads),
        _write_body(columns, kinds, anchors),
        f"</table></div>{write_note_html(note, more)}"])
    lines = [label, " | ".join(frame.columns)]
    lines += [" | ".join(map(clip_cell, row)) for row in zip(*columns, strict=True)]
    return Shown(html, "\n".join([*lines, *(part for part in (clean_text(note), more) if part)]), csv if total else "")


def _open_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a named index as its first columns; an unnamed one is left out."""
    if any(name is not None for name in frame.index.names):
        names = [name if name is not None else f"level {i + 1}" for i, name in enumerate(frame.index.names)]
        return frame.reset_index(names=names, allow_duplicates=True)
    return frame.reset_index(drop=True)


def _find_anchors(frame: pd.DataFrame, by: Sequence[str], at: str) -> dict[str, list[str]]:
    """The columns whose cells are links in a report, each with the attributes of its cells."""
    for name in [*by, *([at, "article_id", "start"] if at else [])]:
        if name not in frame:
            raise unknown_name("column", name, map(str, frame.columns))
    anchors = {}
    if "article_id" in frame:
        starts = frame["start"] if at else [None] * len(frame)
        anchors[at or "article_id"] = [format_place_attribute(*place)
                                       for place in zip(frame["article_id"], starts, strict=True)]
    if by:
        anchors[by[0]] = [format_row_attribute(row) for row in frame[list(by)].to_dict("records")]
    return anchors


def _name_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with readable headers: no underscores, none blank."""
    def name_one(place: int, label: object) -> str:
        parts = label if isinstance(label, tuple) else (label,)
        name = " / ".join(clean_text(part).replace("_", " ").strip() for part in parts if part != "")
        return name or f"column {place + 1}"

    return frame.set_axis([name_one(i, label) for i, label in enumerate(frame.columns)], axis=1)


def _write_caption(caption: str, kicker: str) -> str:
    text = escape(clean_text(caption))
    if not kicker:
        return f"<caption>{text}</caption>"
    return f'<caption>{kicker}<span class="ss-again">: {text}</span></caption>'


def _write_head(names: list[str], kinds: list[str]) -> str:
    cells = [f'<th scope="col"{_class_attribute(kind)}>{escape(name)}</th>'
             for name, kind in zip(names, kinds, strict=True)]
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _write_body(columns: list[list[str]], kinds: list[str], anchors: Mapping[int, Sequence[str]]) -> str:
    """The rows; the first column heads its row unless it is a number. `anchors`: the attributes of a column's cells."""
    if not columns or not columns[0]:
        return f'<tbody><tr><td colspan="{max(len(columns), 1)}">none</td></tr></tbody>'
    rows = []
    for row, values in enumerate(zip(*columns, strict=True)):
        found = {i: attributes[row] for i, attributes in anchors.items()}
        cells = [_write_cell(value, kind, heads=i == 0 and kind != "ss-n", anchor=found.get(i, ""))
                 for i, (value, kind) in enumerate(zip(values, kinds, strict=True))]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"


def _class_attribute(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _write_cell(value: str, kind: str, *, heads: bool, anchor: str = "") -> str:
    tag, scope = ("th", ' scope="row"') if heads else ("td", "")
    absent = "missing" if value == "missing" else "empty" if heads and not value.strip() else ""
    content = f'<span class="ss-missing">{absent}</span>' if absent else _fold_cell_text(value)
    return f"<{tag}{scope}{_class_attribute(kind or _find_cell_class(value))}{anchor}>{content}</{tag}>"


def _find_header_class(values: Sequence[str]) -> str:
    """The class of a text column's header: `ss-m` if cells are phrases, which a phone must not break at every word.

    >>> _find_header_class(["a line that is a date or a time"]), _find_header_class(["body"])
    ('ss-m', '')
    """
    return "ss-m" if any(len(text) > 16 and " " in text for text in values) else ""


def _find_cell_class(text: str) -> str:
    """The class of a text cell: `ss-l` if a word must break, `ss-w` for long text, `ss-t` for a short phrase."""
    if max(map(len, text.split()), default=0) > MAX_UNBROKEN_WORD_CHARS:
        return "ss-l"
    if len(text) > 70:
        return "ss-w"
    return "ss-t" if " " in text and len(text) <= 16 else ""


def _fold_cell_text(text: str) -> str:
    """The text, escaped; the rest of a long text unfolds without a script."""
    if len(text) <= MAX_UNFOLDED_CELL_CHARS:
        return escape(text)
    cut = len(text) - MAX_TABLE_CELL_CHARS
    rest = f" … {cut:,} more characters" if cut > 0 else ""
    return (f"<details><summary>{escape(text[:MAX_UNFOLDED_CELL_CHARS // 2])} …</summary>"
            f"{escape(text[MAX_UNFOLDED_CELL_CHARS // 2:MAX_TABLE_CELL_CHARS])}{rest}</details>")
