"""Sentences as evidence: each with its outlet and article, and with words marked.

Which sentences are shown, and for which row of a table, is decided in `samestory.show.evidence`.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from samestory.show.block_html import Block
from samestory.show.printable import clean_text
from samestory.show.shown import (
    Piece,
    Shown,
    clip_cell,
    cut_pieces,
    format_rest_count,
    make_item,
    name_title,
    show_block,
)


def show_sentences(frame: pd.DataFrame, *, caption: str, max_rows: int = 20) -> Shown:
    """Sentences as evidence, each with its outlet and article and with the marked words.

    Parameters
    ----------
    frame : one row per sentence: `text`, `outlet`, `article_id`, `marks` (a list of {start, end}),
        and optionally `headline`; with a column `start` (the sentence's offset), the marks are offsets
        into the article (into its headline where a column `field` says so), without it, into `text`; in a
        report, the source links to that place
    caption : description of the marked words
    max_rows : sentences shown; the others are counted
    """
    rows = frame.head(max_rows).to_dict("records")
    items, note = [make_sentence_item(row) for row in rows], format_rest_count(len(frame), max_rows, "sentence")
    block: Block = {"kind": "sentences", "caption": clean_text(caption), "items": items, "note": note}
    lines = [f"{item['source']}: {clip_cell(row['text'])}" for item, row in zip(items, rows, strict=True)]
    return show_block(block, "\n".join([clean_text(caption), *lines, *([note] if note else [])]))


def make_sentence_item(row: Mapping[str, Any]) -> Block:
    """A sentence with its marked words, its outlet and its article."""
    title = name_title(row["headline"], row["outlet"]) if "headline" in row else clip_cell(row["outlet"])
    return make_item(cut_marked(row), title, row, short=clip_cell(row["outlet"]))


def cut_marked(row: Mapping[str, Any]) -> list[Piece]:
    """The pieces of a sentence, cut at its marks."""
    offset, marks = int(row.get("start") or 0), () if row["marks"] is None else row["marks"]
    return cut_pieces(str(row["text"]), ((mark["start"] - offset, mark["end"] - offset, "mark") for mark in marks))
