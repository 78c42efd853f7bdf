"""An output of a notebook: its content as a block of data, and the same as HTML and plain text.

JupyterLab shows the HTML; a report is rendered from the block, in which rows and sentences keep their ids and places.
Both are written by `samestory.show.block_html`. The makers of blocks clip and clean all text in them; the helpers that
tables, figures and sentences share for that are here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from samestory.base.fields import FIELD_OF_HEADLINE
from samestory.base.wording import format_quantity
from samestory.show.block_html import MAX_UNFOLDED_CELL_CHARS, Block, write_notebook_block
from samestory.show.printable import clean_text

BLOCK_MIME_TYPE = "application/vnd.samestory.block"  # JSON as text, so that a stored notebook keeps it on one line
MAX_TABLE_CELL_CHARS = 2_000  # code points kept of a cell
UNTITLED_LABEL = "untitled"  # title of an article without a headline
Piece = tuple[str, str]  # a part of a text, and the tag that marks it; empty for none


@dataclass(frozen=True)
class Shown:
    """An output as HTML and as plain text; in a report, it is rendered from `block`."""

    html: str
    text: str
    block: Block = field(default_factory=dict)

    @property
    def csv(self) -> str:
        """The rows of a table as CSV, empty for everything else."""
        return str(self.block.get("csv", ""))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        bundle = {"text/html": self.html, "text/plain": self.text}
        return bundle | ({BLOCK_MIME_TYPE: json.dumps(self.block, ensure_ascii=False)} if self.block else {})


def show_block(block: Block, text: str) -> Shown:
    """The output that shows a block."""
    return Shown(write_notebook_block(block), text, block)


def show_text(sentence: str) -> Shown:
    """A sentence as a paragraph.

    >>> show_text("5 < 7").html
    '<p class="ss-say">5 &lt; 7</p>'
    """
    said = clean_text(sentence)
    return show_block({"kind": "text", "text": said}, said)


def format_rest_count(total: int, shown: int, unit: str) -> str:
    """A sentence with the number of things not shown; empty if all are shown."""
    rest = total - shown
    return f"{format_quantity(rest, f'more {unit}')} not shown here." if rest > 0 else ""


def join_notes(*notes: str) -> str:
    """The notes that are not empty, as one text."""
    return " ".join(part for part in (clean_text(note).strip() for note in notes) if part)


def clip_cell(text: object) -> str:
    """The text of a cell, cut after its visible characters."""
    said = clean_text(text)
    return said if len(said) <= MAX_UNFOLDED_CELL_CHARS else said[:MAX_UNFOLDED_CELL_CHARS] + " …"


def name_title(headline: object, outlet: object = "") -> str:
    """The title of an article in a sentence: its headline in quotation marks, or `untitled`.

    >>> name_title("Talks begin", "CNN"), name_title(None, "CNN")
    ('CNN, “Talks begin”', 'CNN, untitled')
    """
    has_headline = isinstance(headline, str) and bool(headline.strip())
    title = f"“{clip_cell(headline)[:120]}”" if has_headline else UNTITLED_LABEL
    return f"{clip_cell(outlet)}, {title}" if outlet else title


def cut_pieces(text: str, marks: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """A text cut where its marks begin and end, clipped; the second of two that overlap begins after the first.

    >>> cut_pieces("one two", [(4, 7, "mark")])
    [('one ', ''), ('two', 'mark')]
    """
    pieces, at, length = [], 0, min(len(text), MAX_TABLE_CELL_CHARS)
    for start, end, tag in sorted(marks):
        start, end = max(start, at), min(end, length)
        if start < end:
            pieces += [(text[at:start], ""), (text[start:end], tag)]
            at = end
    pieces.append((text[at:length] + (" …" if len(text) > length else ""), ""))
    return [(clean_text(part), tag) for part, tag in pieces if part]


def make_item(pieces: list[Piece], source: str, place: Mapping[str, Any] | tuple[object, Any], *,
              short: str = "") -> Block:
    """A sentence of a block: its pieces, its source, and its place (article_id, and start, which may be missing).

    `short` is the source where a figure stands next to the sentence: without the headline.
    """
    where = place if isinstance(place, tuple) else (place["article_id"], place.get("start"), place.get("field"))
    return {"pieces": pieces, "source": clean_text(source), "short": clean_text(short or source),
            "place": make_place(*where)}


def make_place(article_id: object, start: Any = None, field: object = None) -> list[Any] | None:
    """A place of a block: an article's id, an offset, if any, and the field it counts in, if that is not the text.

    >>> make_place("cnn/1", 12), make_place("cnn/1", 12, "headline"), make_place(None)
    (['cnn/1', 12], ['cnn/1', 12, 'headline'], None)
    """
    if not isinstance(article_id, str):
        return None
    return [article_id, None if start is None else int(start), *([field] if field == FIELD_OF_HEADLINE else [])]
