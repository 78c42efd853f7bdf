"""Text as it is meant to be read: the wrong encoding, letters in another form, invisible characters, markup.

Mojibake (`â€™` for `’`), tags and entities of HTML (`&quot;`), letters and their accents as two characters, ligatures,
full-width letters and format characters (a soft hyphen) are repaired in a shadow copy of the article. Rules and parser
see the shadow; every offset in it maps back to the original text, to which all stored offsets refer. ftfy finds out
which lines are in the wrong encoding and how. Only runs of characters outside ASCII change there, so a wrong reading
that swallowed a plain space (`Ã ` for `à`) is left as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, write_span_id
from samestory.read.formats.markup import find_markup, has_markup

# Signs of mojibake: a character that is not a usual dash, quotation mark or space, then another beyond ASCII.
MISREAD_PATTERN = re.compile(r"[^\x00-\x7f\u00a0\u2010-\u2019\u201c-\u203a][^\x00-\x7f]")
# A letter with its combining marks, a ligature, full-width characters, or format characters; other scripts than Latin
# need joiners.
LETTER_FORM_PATTERN = re.compile(
    r"[^\W\d_][\u0300-\u036f]+|[\ufb00-\ufb06]|[\uff01-\uff5e]|[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]+"
    r"|(?<=[A-Za-z\u00c0-\u024f])[\u200c\u200d]+")
NON_ASCII_RUN_PATTERN = re.compile(r"[^\x00-\x7f]+")
TEXT_LINE_PATTERN = re.compile(r"[^\r\n]+")
MAX_REPAIR_LINE_CHARS = 20_000  # code points; a longer line is examined in stretches of this length
SPAN_ID_LETTERS = {"mention_id": "m", "value_id": "v", "statement_id": "s"}
QUOTATION_SPAN_COLUMNS = ("content_spans", "quoted_spans")


@dataclass(frozen=True)
class Shadow:
    """A repaired text; its character i begins at `origins[i]` in the original text."""

    text: str
    origins: np.ndarray  # one more than the text has characters: the last is the original's length
    examples: tuple[tuple[str, str], ...]  # of a wrong encoding: as written, and as read

    def to_source(self, place: int) -> int:
        """The offset in the original text for an offset in the shadow."""
        return int(self.origins[place])

    def to_shadow(self, place: int) -> int:
        """The offset in the shadow for an offset in the original text."""
        return int(np.searchsorted(self.origins, place))


def looks_misread(text: str) -> bool:
    """Whether a text contains anything that may be mojibake, a letter in another form, or markup.

    >>> looks_misread("It isnâ€™t so."), looks_misread("It isn’t so."), looks_misread("the o\ufb03ce")
    (True, False, True)
    """
    is_odd = not text.isascii() and (MISREAD_PATTERN.search(text) or LETTER_FORM_PATTERN.search(text))
    return bool(is_odd) or has_markup(text)


def repair_text(text: str) -> Shadow | None:
    """The shadow of a text, or None if it is to be read as it is.

    >>> shadow = repair_text("It isnâ€™t so.")
    >>> shadow.text, shadow.to_source(7)
    ('It isn’t so.', 9)
    >>> repair_text("the gar\u00adden of the cafe\u0301").text
    'the garden of the café'
    >>> repair_text("Bell &amp; Co. <b>did</b> not sell.").text
    'Bell & Co. did not sell.'
    """
    if not looks_misread(text):
        return None
    shadow: Shadow | None = None
    for find_changes in (_find_misread_runs, find_markup, _normalize_forms):
        read = shadow.text if shadow else text
        if changes := list(find_changes(read)):
            again = _apply_repairs(read, changes, examples=None if find_changes is _find_misread_runs else ())
            shadow = Shadow(again.text, shadow.origins[again.origins], (*shadow.examples, *again.examples)
                            ) if shadow else again
    return shadow


def _find_misread_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """The runs in a wrong encoding: start, end and what they are read as."""
    for line in TEXT_LINE_PATTERN.finditer(text):
        if MISREAD_PATTERN.search(line.group()):
            for start in range(line.start(), line.end(), MAX_REPAIR_LINE_CHARS):
                yield from _repair_line(text, start, min(line.end(), start + MAX_REPAIR_LINE_CHARS))


def _normalize_forms(text: str) -> Iterator[tuple[int, int, str]]:
    """The letters that have a usual form (NFKC), and the format characters: start, end and what they are read as."""
    for found in LETTER_FORM_PATTERN.finditer(text):
        usual = "".join(c for c in unicodedata.normalize("NFKC", found.group()) if unicodedata.category(c) != "Cf")
        if usual != found.group():
            yield found.start(), found.end(), usual


def repair_value(value: str) -> str:
    """A short value, such as a headline, repaired in the same way."""
    shadow = repair_text(value)
    return shadow.text if shadow and shadow.text.strip() else value


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


def _apply_repairs(text: str, changes: list[tuple[int, int, str]], *,
                   examples: tuple[tuple[str, str], ...] | None = None) -> Shadow:
    """The shadow after these changes, which are also its examples unless others are given."""
    parts, origins, at = [], [], 0
    for start, end, better in changes:
        parts += [text[at:start], better]
        origins += [np.arange(at, start), _locate_repaired_chars(start, end, better)]
        at = end
    parts.append(text[at:])
    origins.append(np.arange(at, len(text) + 1))
    if examples is None:
        examples = tuple(dict.fromkeys((text[start:end], better) for start, end, better in changes))
    return Shadow("".join(parts), np.concatenate(origins).astype(np.int32), examples)


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
        if row["field"] == FIELD_OF_HEADLINE:  # repaired when it was read
            continue
        row |= {place: shadow.to_source(row[place]) for place in places if row[place] is not None}
        for spans in (row[column] for column in QUOTATION_SPAN_COLUMNS if column in row):
            for span in spans:
                span["start"], span["end"] = shadow.to_source(span["start"]), shadow.to_source(span["end"])
        if row.get("statement_id") and row["quotation_id"]:
            row["quotation_id"] = _map_quotation_id(row["quotation_id"], shadow)
        _write_verbatim(row, text)
    return make_table(name, rows)


def _map_quotation_id(quotation_id: str, shadow: Shadow) -> str:
    """The id of a quotation of the shadow, with offsets of the original text."""
    article, _, span = quotation_id.rpartition("/q")
    return f"{article}/q{'-'.join(str(shadow.to_source(int(offset))) for offset in span.split('-'))}"


def _write_verbatim(row: dict[str, Any], text: str) -> None:
    """Set the verbatim text of a row, and the id that is made of its offsets."""
    for name, letter in SPAN_ID_LETTERS.items():
        if name in row:
            row[name] = write_span_id(row["article_id"], letter, FIELD_OF_TEXT, row["start"], row["end"])
            if "text" in row:
                row["text"] = text[row["start"]:row["end"]]
    if "statement_id" in row:
        for part in ("actor", "object"):
            if row[part] is not None:
                row[part] = text[row[f"{part}_start"]:row[f"{part}_end"]]
    if "content_spans" in row:
        spans = row["content_spans"]
        row["text"] = " … ".join(text[span["start"]:span["end"]] for span in spans)
        row["quotation_id"] = f"{row['article_id']}/q{spans[0]['start']}-{spans[-1]['end']}"
        for part in ("cue", "speaker"):
            if row[f"{part}_start"] is not None and row[f"{part}_end"] is not None:
                row[part] = text[row[f"{part}_start"]:row[f"{part}_end"]]
