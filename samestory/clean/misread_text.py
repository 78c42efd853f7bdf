"""Text that was read in the wrong encoding (`â€™` for `’`), repaired in a shadow of the article.

Rules and parser see the shadow; every place in it leads back to the untouched text, to which all
stored offsets point. ftfy says which lines are broken and how. Only runs of characters outside
ASCII change, so a wrong reading that swallowed a plain space (`Ã ` for `à`) is left as it is.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

# Marks of a wrong reading: a character that is no usual dash, quotation mark or space, then another outside ASCII.
MISREAD_PATTERN = re.compile(r"[^\x00-\x7f\u00a0\u2010-\u2019\u201c-\u203a][^\x00-\x7f]")
NON_ASCII_RUN_PATTERN = re.compile(r"[^\x00-\x7f]+")
TEXT_LINE_PATTERN = re.compile(r"[^\r\n]+")
MAX_REPAIR_LINE_CHARS = 20_000  # code points; of a longer one each stretch of this length is looked at by itself
QUOTATION_SPAN_COLUMNS = ("content_spans", "quoted_spans")


@dataclass(frozen=True)
class Shadow:
    """A repaired text; character i of it begins at `origins[i]` of the untouched one."""

    text: str
    origins: np.ndarray  # one more than the text is long: the last is the untouched text's length
    examples: tuple[tuple[str, str], ...]  # what was written, and what it is read as

    def to_source(self, place: int) -> int:
        """Where a place of the shadow stands in the untouched text."""
        return int(self.origins[place])

    def to_shadow(self, place: int) -> int:
        """Where a place of the untouched text stands in the shadow."""
        return int(np.searchsorted(self.origins, place))


def looks_misread(text: str) -> bool:
    """Whether there is something that a wrong reading could have left.

    >>> looks_misread("It isnâ€™t so."), looks_misread("It isn’t so.")
    (True, False)
    """
    return not text.isascii() and bool(MISREAD_PATTERN.search(text))


def repair_text(text: str) -> Shadow | None:
    """The shadow of a text in which something was read in the wrong encoding; None where nothing was.

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
    """The runs of a line that read better otherwise: start, end and what they are read as."""
    import ftfy
    plan = ftfy.fix_encoding_and_explain(text[start:end]).explanation
    if not plan:
        return []
    found = []
    for run in NON_ASCII_RUN_PATTERN.finditer(text, start, end):
        try:
            better = ftfy.apply_plan(run.group(), plan)
        except UnicodeError:  # this run was read right
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
    """Where each repaired character began: each of its bytes was read as one character."""
    widths = [len(char.encode("utf-8", "surrogatepass")) for char in better]
    if sum(widths) != end - start:  # read wrongly more than once
        widths = [1] * len(better)
    return np.minimum(start + np.cumsum([0, *widths[:-1]]), end - 1) if better else np.array([], int)


def map_back(tables: dict[str, pa.Table], shadow: Shadow, text: str) -> dict[str, pa.Table]:
    """Annotated tables of a shadow with every offset, id and verbatim text of the untouched text.

    Parameters
    ----------
    tables : of one article, as annotate.py makes them
    shadow : what was annotated
    text : the untouched text
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


def _write_verbatim(row: dict, text: str) -> None:
    """What stands as written in the text, and the id that is made of its place."""
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
