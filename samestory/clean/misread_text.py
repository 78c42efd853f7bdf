"""Mojibake: text decoded with the wrong encoding (`â€™` for `’`), repaired in a shadow copy of the article.

Rules and parser see the shadow; every offset in it maps back to the original text, to which all stored offsets
refer. ftfy finds out which lines are broken and how. Only runs of characters outside ASCII change, so a wrong reading
that swallowed a plain space (`Ã ` for `à`) is left as it is.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

# Signs of mojibake: a character that is not a usual dash, quotation mark or space, then another beyond ASCII.
MISREAD_PATTERN = re.compile(r"[^\x00-\x7f\u00a0\u2010-\u2019\u201c-\u203a][^\x00-\x7f]")
NON_ASCII_RUN_PATTERN = re.compile(r"[^\x00-\x7f]+")
TEXT_LINE_PATTERN = re.compile(r"[^\r\n]+")
MAX_REPAIR_LINE_CHARS = 20_000  # code points; a longer line is examined in stretches of this length
QUOTATION_SPAN_COLUMNS = ("content_spans", "quoted_spans")


@dataclass(frozen=True)
class Shadow:
    """A repaired text; its character i begins at `origins[i]` in the original text."""

    text: str
    origins: np.ndarray  # one more than the text has characters: the last is the original's length
    examples: tuple[tuple[str, str], ...]  # as written, and as read

    def to_source(self, place: int) -> int:
        """The offset in the original text for an offset in the shadow."""
        return int(self.origins[place])

    def to_shadow(self, place: int) -> int:
        """The offset in the shadow for an offset in the original text."""
        return int(np.searchsorted(self.origins, place))


def looks_misread(text: str) -> bool:
    """Whether a text contains anything that may be mojibake.

    >>> looks_misread("It isnâ€™t so."), looks_misread("It isn’t so.")
    (True, False)
    """
    return not text.isascii() and bool(MISREAD_PATTERN.search(text))


def repair_text(text: str) -> Shadow | None:
    """The shadow of a text that was partly decoded with the wrong encoding; None if it was not.

    >>> shadow = repair_text("It isnâ€™t so.")
    >>> shadow.text, shadow.to_source(7)
    ('It isn’t so.', 9)
    """
    if not looks_misread(text):
        return None
    changes = [change for line in TEXT_LINE_PATTERN.finditer(text) if MISREAD_PATTERN.search(line.group())
               for start in range(line.start(), line.end(), MAX_REPAIR_LINE_CHARS)
               for change in _repair_line(text, start, min(line.end(), start + MAX_REPAIR_LINE_CHARS))]
    return _apply_repairs(text, changes) if changes else None


def repair_value(value: str) -> str:
    """A short value, such as a headline, repaired in the same way."""
    shadow = repair_text(value)
    return shadow.text if shadow else value


def _repair_line(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The runs of a line that make more sense in another encoding: start, end and the repaired run."""
    import ftfy
    plan = ftfy.fix_encoding_and_explain(text[start:end]).explanation
    if not plan:
        return []
    found = []
    for run in NON_ASCII_RUN_PATTERN.finditer(text, start, end):
        try:
            better = ftfy.apply_plan(run.group(), list(plan))
        except UnicodeError:  # this run was read correctly
            continue
        if better != run.group() and "\ufffd" not in better:
            found.append((run.start(), run.end(), better))
    return found


def _apply_repairs(text: str, changes: list[tuple[int, int, str]]) -> Shadow:
    parts, origins, at = [], [], 0
    for start, end, better in changes:
        parts += [text[at:start], better]
        origins += [np.arange(at, start), _locate_repaired_chars(start, end, better)]
        at = end
    parts.append(text[at:])
    origins.append(np.arange(at, len(text) + 1))
    examples = dict.fromkeys((text[start:end], better) for start, end, better in changes)
    return Shadow("".join(parts), np.concatenate(origins).astype(np.int32), tuple(examples))


def _locate_repaired_chars(start: int, end: int, better: str) -> np.ndarray:
    """The offset at which each repaired character began: each of its bytes was read as one character."""
    widths = [len(char.encode("utf-8", "surrogatepass")) for char in better]
    if sum(widths) != end - start:  # misread more than once
        widths = [1] * len(better)
    return np.minimum(start + np.cumsum([0, *widths[:-1]]), end - 1) if better else np.array([], int)


def map_back(tables: dict[str, pa.Table], shadow: Shadow, text: str) -> dict[str, pa.Table]:
    """The annotated tables of a shadow, with offsets, ids and verbatim texts of the original text.

    Parameters
    ----------
    tables : the tables of one article
    shadow : the text that was annotated
    text : the original text
    """
    return {name: _map_table(name, table, shadow, text) for name, table in tables.items()}


def _map_table(name: str, table: pa.Table, shadow: Shadow, text: str) -> pa.Table:
    from samestory.base.schema import CODE_POINTS, TABLES, make_table
    places = [column.name for column in TABLES[name].columns
              if column.unit == CODE_POINTS and column.name not in QUOTATION_SPAN_COLUMNS]
    if not places:
        return table
    rows = table.to_pylist()
    for row in rows:
        row |= {place: shadow.to_source(row[place]) for place in places if row[place] is not None}
        for spans in (row[column] for column in QUOTATION_SPAN_COLUMNS if column in row):
            for span in spans:
                span["start"], span["end"] = shadow.to_source(span["start"]), shadow.to_source(span["end"])
        _write_verbatim(row, text)
    return make_table(name, rows)


def _write_verbatim(row: dict[str, Any], text: str) -> None:
    """Set the verbatim text of a row, and the id that is made of its offsets."""
    if "mention_id" in row:
        row["text"] = text[row["start"]:row["end"]]
        row["mention_id"] = f"{row['article_id']}/m{row['start']}-{row['end']}"
    elif "content_spans" in row:
        spans = row["content_spans"]
        row["text"] = " … ".join(text[span["start"]:span["end"]] for span in spans)
        row["quotation_id"] = f"{row['article_id']}/q{spans[0]['start']}-{spans[-1]['end']}"
        for part in ("cue", "speaker"):
            if row[f"{part}_start"] is not None and row[f"{part}_end"] is not None:
                row[part] = text[row[f"{part}_start"]:row[f"{part}_end"]]
