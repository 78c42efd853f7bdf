"""Something to show: HTML, plain text and, for a table, CSV."""

from dataclasses import dataclass
from html import escape

from samestory.show.printable import clean_text

MAX_UNFOLDED_CELL_CHARS = 240  # code points of a cell that stand open; the rest of it folds
MAX_TABLE_CELL_CHARS = 2_000  # code points of a cell that are kept at all


@dataclass(frozen=True)
class Shown:
    """Something to show, as HTML and as plain text, and a table also as CSV."""

    html: str
    text: str
    csv: str = ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text} | ({"text/csv": self.csv} if self.csv else {})


def show_text(sentence: str) -> Shown:
    """A sentence made from a table, as a paragraph.

    >>> show_text("5 < 7").html
    '<p class="ss-say">5 &lt; 7</p>'
    """
    return Shown(f'<p class="ss-say">{escape(clean_text(sentence))}</p>', clean_text(sentence))


def count_more(total: int, shown: int, unit: str) -> str:
    """How many are not shown, as a sentence; empty if all are."""
    rest = total - shown
    return f"{rest:,} more {unit}{'s' if rest > 1 else ''} not shown here." if rest > 0 else ""


def note_html(note: str, more: str) -> str:
    """A note below a table, and how many rows are not shown."""
    said = " ".join(part for part in (clean_text(note).strip(), more) if part)
    return f'\n<p class="ss-note">{escape(said)}</p>' if said else ""


def clip_cell(text: object) -> str:
    """Text of a cell, cut after as many characters as are shown unfolded."""
    said = clean_text(text)
    return said if len(said) <= MAX_UNFOLDED_CELL_CHARS else said[:MAX_UNFOLDED_CELL_CHARS] + " …"
