"""Sentences as evidence: each with its outlet and article, and with words marked.

Which sentences are shown, and for which row of a table, is decided in `samestory.show.evidence`.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

import pandas as pd

from samestory.show.anchors import format_place_attribute
from samestory.show.printable import clean_text
from samestory.show.shown import MAX_TABLE_CELL_CHARS, Shown, clip_cell, format_rest_count, write_note_html

_MARK_STYLE = "<style>.ss-mark{font-weight:700;text-decoration:underline}</style>"


def show_sentences(frame: pd.DataFrame, *, caption: str, max_rows: int = 20) -> Shown:
    """Sentences as evidence, each with its outlet and article and with the marked words.

    Parameters
    ----------
    frame : one row per sentence: `text`, `outlet`, `article_id`, `marks` (a list of {start, end}),
        and optionally `headline`; with a column `start` (the sentence's offset), the marks are offsets
        into the article, without it, into `text`; in a report, the source links to that place
    caption : description of the marked words
    max_rows : sentences shown; the others are counted
    """
    rows = frame.head(max_rows).to_dict("records")
    items = "\n".join(_write_sentence_item(row) for row in rows) or "<li>none</li>"
    more = format_rest_count(len(frame), max_rows, "sentence")
    html = (f'{_MARK_STYLE}<section class="ss-evidence"><p class="ss-caption">{escape(clean_text(caption))}</p>\n'
            f"<ul>\n{items}\n</ul>{write_note_html('', more)}</section>")
    lines = [f"{_format_sentence_source(row)}: {clip_cell(row['text'])}" for row in rows]
    return Shown(html, "\n".join([clean_text(caption), *lines, *([more] if more else [])]))


def _format_sentence_source(row: Mapping[str, Any]) -> str:
    headline = row.get("headline")
    named = f", “{clip_cell(headline)}”" if isinstance(headline, str) and headline else ""
    return f"{clip_cell(row['outlet'])}{named} ({clip_cell(row['article_id'])})"


def write_marked_text(text: str, marks: Iterable[Mapping[str, int]] | None, offset: int) -> str:
    """A sentence as HTML, clipped, with the marked words; `offset` is that of the sentence in the marks' text."""
    pieces, at = [], 0
    for start, end in _clip_sentence_marks(marks, offset, min(len(text), MAX_TABLE_CELL_CHARS)):
        pieces.append(escape(clean_text(text[at:start])))
        pieces.append(f'<mark class="ss-mark">{escape(clean_text(text[start:end]))}</mark>')
        at = end
    tail = escape(clean_text(text[at:MAX_TABLE_CELL_CHARS])) + (" …" if len(text) > MAX_TABLE_CELL_CHARS else "")
    return f"{''.join(pieces)}{tail}"


def _write_sentence_item(row: Mapping[str, Any]) -> str:
    text, offset = str(row["text"]), int(row.get("start") or 0)
    place = format_place_attribute(row["article_id"], offset if "start" in row else None)
    return (f'<li><blockquote dir="auto">{write_marked_text(text, row["marks"], offset)}</blockquote>\n'
            f'<p class="ss-source"{place}>{escape(_format_sentence_source(row))}</p></li>')


def _clip_sentence_marks(marks: Iterable[Mapping[str, int]] | None, offset: int,
                         length: int) -> Iterator[tuple[int, int]]:
    """The marked spans within the sentence, in order, without overlaps."""
    at = 0
    spans = [] if marks is None else [(mark["start"] - offset, mark["end"] - offset) for mark in marks]
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, length)
        if start < end:
            yield start, end
            at = end
