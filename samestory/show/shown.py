"""An output of a notebook: HTML, plain text and, for a table, CSV.

The same object serves JupyterLab and the reports. Its makers escape and clip all text in it;
the helpers that tables, figures and sentences share for that are here.
"""

from dataclasses import dataclass
from html import escape

from samestory.base.wording import format_quantity
from samestory.show.printable import clean_text

MAX_UNFOLDED_CELL_CHARS = 240  # visible code points of a cell; the rest is folded
MAX_TABLE_CELL_CHARS = 2_000  # code points kept of a cell


@dataclass(frozen=True)
class Shown:
    """An output as HTML and as plain text; a table also as CSV."""

    html: str
    text: str
    csv: str = ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text} | ({"text/csv": self.csv} if self.csv else {})


def show_text(sentence: str) -> Shown:
    """A sentence as a paragraph.

    >>> show_text("5 < 7").html
    '<p class="ss-say">5 &lt; 7</p>'
    """
    return Shown(f'<p class="ss-say">{escape(clean_text(sentence))}</p>', clean_text(sentence))


def format_rest_count(total: int, shown: int, unit: str) -> str:
    """A sentence with the number of things not shown; empty if all are shown."""
    rest = total - shown
    return f"{format_quantity(rest, f'more {unit}')} not shown here." if rest > 0 else ""


def write_note_html(note: str, more: str) -> str:
    """A note below a table, followed by the sentence from `format_rest_count`."""
    said = " ".join(part for part in (clean_text(note).strip(), more) if part)
    return f'\n<p class="ss-note">{escape(said)}</p>' if said else ""


def clip_cell(text: object) -> str:
    """The text of a cell, cut after its visible characters."""
    said = clean_text(text)
    return said if len(said) <= MAX_UNFOLDED_CELL_CHARS else said[:MAX_UNFOLDED_CELL_CHARS] + " …"
