"""The complete text of an article as HTML, with marked spans.

Spans of different kinds may overlap in any way: they are split where they cross, so that elements nest, and spans
of one kind that overlap are merged. Lines stay lines; those that are not part of the story are labelled with
their role. A text that is too long is cut to windows around the relevant places, and the hidden characters are
counted. The spans and the lists below the text are chosen in `samestory.report.article_pages`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from samestory.base.schema import ANALYSED_LINE_ROLES
from samestory.show.printable import clean_text

MAX_WHOLE_TEXT_CHARS = 60_000  # code points of a text shown whole, and of the shown part of a longer one
SHOWN_OPENING_CHARS = 8_000  # code points shown of the beginning of a longer text
SHOWN_CONTEXT_CHARS = 1_500  # code points shown on each side of a relevant place
# kinds of marks with their classes; of equal spans, the first is outermost
MARK_KIND_CLASSES = {"sentence": "t", "content": "q", "act": "a", "quoted": "m", "speaker": "s", "cue": "c",
                     "name": "n", "keyword": "k"}

Spans = list[tuple[int, int]]
OpenSpan = tuple[int, int, int, str]  # start, negative end, rank of its kind, class: sorted, the outermost comes first


class TextMarks(NamedTuple):
    """The marks of a text, in order: merged spans by kind, offsets that get an anchor, HTML to insert at offsets."""

    spans: Mapping[str, Spans]
    anchors: Sequence[int] = ()
    notes: Sequence[tuple[int, str]] = ()


def merge_spans(spans: Iterable[tuple[int, int]]) -> Spans:
    """The spans in order, overlapping ones merged, empty ones left out.

    >>> merge_spans([(4, 9), (0, 5), (9, 12), (3, 3)])
    [(0, 9), (9, 12)]
    """
    merged: Spans = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return merged


def choose_windows(length: int, places: Iterable[int]) -> Spans:
    """The parts to show of a text of `length` code points.

    >>> choose_windows(900, [5]), choose_windows(1_000_000, [9_000, 500_000])
    ([(0, 900)], [(0, 10500), (498500, 501500)])
    """
    if length <= MAX_WHOLE_TEXT_CHARS:
        return [(0, length)]
    windows = [(0, SHOWN_OPENING_CHARS)]
    for place in places:
        wider = merge_spans([*windows, (max(place - SHOWN_CONTEXT_CHARS, 0), min(place + SHOWN_CONTEXT_CHARS, length))])
        if sum(end - start for start, end in wider) > MAX_WHOLE_TEXT_CHARS:
            break
        windows = wider
    return windows


def write_article_html(text: str, lines: Iterable[tuple[int, int, str]], marked: TextMarks, windows: Spans) -> str:
    """The HTML of a text: a paragraph per line, and one between windows that counts the hidden characters.

    Parameters
    ----------
    text : the text
    lines : start, end and role of each line that is not blank, in order
    marked : its marks
    windows : the result of `choose_windows`
    """
    shadow, pieces, shown_to = _make_displayable(text), [], 0
    blocks = list(_cut_blocks(len(text), lines))
    for opens, closes in windows:
        pieces.append(_describe_hidden_gap(opens - shown_to))
        for start, end, role in blocks:
            start, end = max(start, opens), min(end, closes)
            if start < end:
                pieces.append(_write_line(shadow, start, end, role, marked))
        shown_to = closes
    return "".join([*pieces, _describe_hidden_gap(len(text) - shown_to)])


def _make_displayable(text: str) -> str:
    """The text with printable characters, each at its offset; the first of the two of a line end is \\x00."""
    ends = {"\r\n": "\x00\n", "\r": "\n"}
    return "".join(ends.get(part) or clean_text(part) for part in re.split("(\r\n|\r)", text))


def _cut_blocks(length: int, lines: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The text cut where lines begin, so that each block includes the blanks after its line: start, end, role."""
    starts = [(start, role) for start, _, role in lines] or [(0, "body")]
    starts[0] = 0, starts[0][1]
    for (start, role), (end, _) in pairwise([*starts, (length, "")]):
        yield start, end, role


def _describe_hidden_gap(n: int) -> str:
    return f'<p class="gap">… {n:,} more characters not shown …</p>' if n > 0 else ""


def _write_line(shadow: str, start: int, end: int, role: str, marked: TextMarks) -> str:
    inner = nest_spans(shadow, start, end, marked)
    if role == "body":
        return f"<p>{inner}</p>"
    kind = "head" if role in ANALYSED_LINE_ROLES else "off"
    return f'<p class="{kind}"><span class="role">{escape(role)}</span>{inner}</p>'


def nest_spans(shadow: str, start: int, end: int, marked: TextMarks) -> str:
    """A part of a text with its spans as nested elements, each split where another crosses it."""
    spans = [(max(a, start), -min(b, end), place, name) for place, (kind, name) in enumerate(MARK_KIND_CLASSES.items())
             for a, b in _list_within(marked.spans.get(kind, []), start, end)]
    opening: dict[int, list[OpenSpan]] = {}
    for span in sorted(spans):  # of those with the same start, the longest is outermost
        opening.setdefault(span[0], []).append(span)
    anchors = set(marked.anchors[bisect_left(marked.anchors, start):bisect_left(marked.anchors, end)])
    notes: dict[int, str] = {}
    for place, html in marked.notes[bisect_right(marked.notes, start, key=_note_offset):
                                    bisect_right(marked.notes, end, key=_note_offset)]:
        notes[place] = notes.get(place, "") + html
    cuts = sorted({start, end, *opening, *(-span[1] for span in spans), *anchors, *notes})
    pieces: list[str] = []
    stack: list[OpenSpan] = []
    for here, there in pairwise([*cuts, end]):
        again = _close_mark_elements(stack, here, pieces)
        pieces.append(notes.pop(here, ""))
        anchor = f' id="o{here}"' if here in anchors else ""
        anchors.discard(here)
        for span in [*again, *opening.get(here, [])]:
            pieces.append(f'<span class="{span[3]}"{anchor}>')
            stack.append(span)
            anchor = ""
        pieces += [f"<span{anchor}></span>" if anchor else "", _escape_article_text(shadow[here:there])]
    return "".join(pieces)


def _note_offset(note: tuple[int, str]) -> int:
    return note[0]


def _list_within(spans: Spans, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans that overlap a part of the text; the given ones are in order and without overlaps."""
    for place in range(bisect_right(spans, start, key=lambda span: span[1]), len(spans)):
        if spans[place][0] >= end:
            return
        yield spans[place]


def _close_mark_elements(stack: list[OpenSpan], here: int, pieces: list[str]) -> list[OpenSpan]:
    """Close the spans that end here and those opened within them; return those to reopen."""
    depth = next((place for place, span in enumerate(stack) if -span[1] <= here), len(stack))
    closed = stack[depth:]
    del stack[depth:]
    pieces.append("</span>" * len(closed))
    return [span for span in closed if -span[1] > here]


def _escape_article_text(shown: str) -> str:
    return escape(shown, quote=False).replace("\x00", "")
