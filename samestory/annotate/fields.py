"""Two fields as one text: a headline that only the metadata have is read before the article's text.

So its names and those of the text are found together, by the same rules. Afterwards each row gets its field and offsets
into it. Which headlines are read is decided in samestory/clean/headlines.py.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from samestory.annotate.parse import ParseInput
from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, FIELD_SEPARATOR
from samestory.base.schema import CODE_POINTS, SPAN_LIST, TABLES
from samestory.clean.lines import Paragraph

SPAN_COLUMNS = {name: tuple(column for column in table.columns if column.unit == CODE_POINTS)
                for name, table in TABLES.items() if any(column.name == "field" for column in table.columns)}


def join_headline(source: ParseInput, headline: str, start: int, end: int) -> ParseInput:
    """The input of a parse with a headline before the text.

    Parameters
    ----------
    source : an article's text and paragraphs
    headline : the headline of its metadata
    start, end : the part of the headline that is read

    >>> source = join_headline(ParseInput("a", "It burnt.", (Paragraph(0, 0, 9),)), "Fire in Ulm", 0, 11)
    >>> [source.text[p.start:p.end] for p in source.paragraphs], source.text_start
    (['Fire in Ulm', 'It burnt.'], 13)
    """
    text_start = len(headline) + len(FIELD_SEPARATOR)
    paragraphs = (Paragraph(None, start, end, FIELD_OF_HEADLINE),
                  *(replace(p, start=p.start + text_start, end=p.end + text_start) for p in source.paragraphs))
    return replace(source, text=f"{headline}{FIELD_SEPARATOR}{source.text}", paragraphs=paragraphs,
                   text_start=text_start)


def locate_rows(name: str, rows: list[dict[str, Any]], source: ParseInput) -> list[dict[str, Any]]:
    """Rows of a table with offsets into the parsed text, as rows with their field and offsets into it."""
    return [_locate_row(name, row, source.text_start) for row in rows]


def _locate_row(name: str, row: dict[str, Any], text_start: int) -> dict[str, Any]:
    first = row["content_spans"][0]["start"] if "content_spans" in row else row["start"]
    if first < text_start:
        return row | {"field": FIELD_OF_HEADLINE}
    moved: dict[str, Any] = {"field": FIELD_OF_TEXT}
    for column in SPAN_COLUMNS[name] if text_start else ():
        value = row.get(column.name)
        if column.dtype == SPAN_LIST:
            moved[column.name] = [{side: place - text_start for side, place in span.items()} for span in value or ()]
        elif value is not None:
            moved[column.name] = value - text_start if value >= text_start else None
    return row | moved


def locate_columns(starts: np.ndarray, ends: np.ndarray, text_start: np.ndarray | int) -> dict[str, pa.Array]:
    """The columns field, start and end of spans in the parsed text; `text_start` is one for all or one for each."""
    is_text = starts >= text_start
    shift = np.where(is_text, text_start, 0)
    return {"field": pa.array([FIELD_OF_HEADLINE, FIELD_OF_TEXT]).take(pa.array(is_text.astype(np.int8))),
            "start": pa.array(starts - shift), "end": pa.array(ends - shift)}
