"""Evidence pages: the sentences that support a page's tables, on a separate page.

In a notebook, they are folded below their table. In a report, they would make a page many times longer, so a link
replaces them. On the evidence page, each row of a table has its own part, which the row links to and which links
back; names in figures link there too or, if a row has no sentences, to the row. The sentences are chosen in
`samestory.show.evidence`; pages are written in `samestory.report.pages`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from samestory.report.pages import make_anchor, render_template, slim_html
from samestory.show.anchors import link_anchors
from samestory.show.evidence import unfold_evidence

if TYPE_CHECKING:
    from nbformat import NotebookNode

EVIDENCE_FOLDER = "evidence"  # next to the pages
MAX_EVIDENCE_PAGE_BYTES = 900_000  # of sentences on one evidence page, in equal parts for its blocks
MAX_PART_ANCHOR_CHARS = 20  # characters of a row's values in the anchor of its part
EVIDENCE_ANCHOR_PREFIX = "sentences."  # starts the anchor of a block's link; the anchor of a heading has no full stop
ROW_ATTRIBUTE_PATTERN = re.compile(r' data-row="([^"<>]*)"')
FIGURE_NAME_PATTERN = re.compile(r'<text([^<>]*?) data-row="([^"<>]*)"([^<>]*)>([^<]*)</text>\n?')
SVG_TAG_PATTERN = re.compile(r'(<svg [^<>]*?)role="img"([^<>]*?) aria-labelledby="(\w+) (\w+)"([^<>]*>)'
                             r"(<title.*?</desc>\n)(.*)</svg>", re.DOTALL)
NOTE_TAG = '<p class="ss-note">'
EVIDENCE_PART_PATTERN = re.compile(r'<section class="ss-evidence" data-row="([^"]*)">'
                                   r'(<p class="ss-caption">([^<]*)</p>)?')


@dataclass
class EvidencePart:
    """The sentences that support one row: their anchor, the digests of the row's values, the cell that links here."""

    anchor: str
    keys: frozenset[str]
    back: str = ""


class EvidenceRow(NamedTuple):
    """A table row with an attribute: its id on the page, the digests of its values, and the number of the output."""

    anchor: str
    keys: frozenset[str]
    output: int


@dataclass
class EvidenceBlock:
    """The sentences that support one table: the heading above them, their caption, their HTML, and its parts."""

    anchor: str
    heading: str
    caption: str
    html: str
    output: int  # number of the output in the notebook
    n_left_out: int = 0
    parts: list[EvidencePart] = field(default_factory=list)

    @property
    def n_sentences(self) -> int:
        """The number of sentences shown."""
        return self.html.count("<li>")


def move_evidence(notebook: "NotebookNode", *, title: str, href: str) -> tuple["NotebookNode", list[EvidenceBlock]]:
    """A copy of a notebook with links in place of its folded sentences, and the blocks of sentences.

    A table row links to the part with the same values in the first block after the table that has one, or else in
    the last block before it.

    Parameters
    ----------
    notebook : an executed notebook; it is not changed
    title : the page's title, for sentences above the first heading
    href : the page's address; its evidence page has the same name in the folder `evidence`
    """
    notebook = deepcopy(notebook)
    taken = {"main": 1, "on-this-page": 1}
    blocks = list(_take_blocks(notebook, title, taken))
    for block in blocks:
        block.html, block.n_left_out = _limit_block_bytes(block.html, MAX_EVIDENCE_PAGE_BYTES // len(blocks))
        block.parts = [EvidencePart(make_anchor(_name_part(found[3]), taken, most=MAX_PART_ANCHOR_CHARS),
                                    frozenset(found[1].split()))
                       for found in EVIDENCE_PART_PATTERN.finditer(block.html)]
    outputs = {number: output.get("data", {}) for number, output in enumerate(_list_outputs(notebook))}
    rows = _list_evidence_rows(outputs, blocks)
    evidence = f"{EVIDENCE_FOLDER}/{href}"
    wanted = _link_figures(outputs, blocks, rows, evidence)
    for number in {row.output: None for row in rows}:
        outputs[number]["text/html"] = _link_rows(outputs[number]["text/html"], number, blocks, evidence, wanted)
    for block in blocks:
        outputs[block.output]["text/html"] = _format_evidence_link(block, evidence)
        block.html = _name_parts(block, href)
    return notebook, blocks


def _list_outputs(notebook: "NotebookNode") -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _take_blocks(notebook: "NotebookNode", heading: str, taken: dict[str, int]) -> Iterator[EvidenceBlock]:
    """The folded sentences of a notebook, in order."""
    number = -1
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#{1,6}[ \t]+(\S.*)$", cell.source, re.MULTILINE) or [heading])[-1]
        for output in cell.get("outputs", []):
            number += 1
            caption, html = unfold_evidence(output.get("data", {}).get("text/html", "")) or ("", "")
            if "<li>" in html:
                yield EvidenceBlock(make_anchor(heading, taken), heading, caption, slim_html(html), number)
            elif html.startswith(NOTE_TAG):  # nothing to unfold
                output.data["text/html"] = html.replace(NOTE_TAG, f"{NOTE_TAG}{escape(caption)}. ", 1)


def _name_part(caption: str | None) -> str:
    """The values of a part's row, from a caption such as `China &amp; US · CNN: 3 of 9 sentences`."""
    return unescape(caption or "part").rpartition(": ")[0]


def _list_evidence_rows(outputs: Mapping[int, dict[str, str]], blocks: Sequence[EvidenceBlock]) -> list[EvidenceRow]:
    """The table rows that have an attribute, in page order."""
    folded = {block.output for block in blocks}
    return [EvidenceRow(f"r{number}-{n}", frozenset(value.split()), number)
            for number, data in outputs.items() if number not in folded
            for n, value in enumerate(ROW_ATTRIBUTE_PATTERN.findall(data.get("text/html", "")), start=1)]


def _link_figures(outputs: Mapping[int, dict[str, str]], blocks: Sequence[EvidenceBlock], rows: Sequence[EvidenceRow],
                  href: str) -> set[str]:
    """Link names in figures to the sentences of their rows or else to the rows; return the ids of these rows."""
    wanted: set[str] = set()

    def find(value: str, number: int) -> str:
        keys = frozenset(value.split())
        if (part := _find_part(keys, number, blocks)) is not None:
            return f"{href}#{part.anchor}"
        row = next((row for row in _order_by_output(rows, number) if keys <= row.keys), None)
        wanted.update({row.anchor} if row else ())
        return f"#{row.anchor}" if row else ""

    for number, data in outputs.items():
        if "data-row=" in (svg := data.get("image/svg+xml", "")):
            data["image/svg+xml"] = _link_figure_names(svg, partial(find, number=number))
    return wanted


def _order_by_output(things: Sequence[Any], number: int) -> Iterator[Any]:
    """The things after an output, in order; then those before it, the last first."""
    yield from (thing for thing in things if thing.output > number)
    yield from (thing for thing in reversed(things) if thing.output <= number)


def _find_part(keys: frozenset[str], number: int, blocks: Sequence[EvidenceBlock]) -> EvidencePart | None:
    """The part with the same values as a row or a name in an output."""
    parts = (part for block in _order_by_output(blocks, number) for part in block.parts)
    return next((part for part in parts if keys <= part.keys), None)


def _link_figure_names(svg: str, find: Callable[[str], str]) -> str:
    """A figure with its names as links, placed next to the image because screen readers skip its content."""
    links = []

    def take(found: re.Match[str]) -> str:
        before, value, after, said = found.groups()
        text, href = f"<text{before}{after}>{said}</text>\n", find(value)
        if href:
            links.append(f'<a href="{escape(href)}">{text.strip()}</a>\n')
        return "" if href else text

    drawn = FIGURE_NAME_PATTERN.sub(take, svg)
    if not links:
        return drawn

    def group(found: re.Match[str]) -> str:
        return (f'{found[1]}role="group"{found[2]} aria-labelledby="{found[3]}"{found[5]}{found[6]}'
                f'<g role="img" aria-labelledby="{found[4]}">\n{found[7]}</g>\n{"".join(links)}</svg>')

    return SVG_TAG_PATTERN.sub(group, drawn)


def _link_rows(html: str, number: int, blocks: Sequence[EvidenceBlock], href: str, wanted: set[str]) -> str:
    """A table whose cells link to the sentences of their rows; rows that figures link to have an id."""
    n = 0

    def find(value: str) -> tuple[str, str] | None:
        nonlocal n
        n += 1
        part = _find_part(frozenset(value.split()), number, blocks)
        if part is None:
            return ("", f"r{number}-{n}") if f"r{number}-{n}" in wanted else None
        is_first, part.back = not part.back, part.back or f"r{number}-{n}"
        return f"{href}#{part.anchor}", part.back if is_first else ""

    return link_anchors(html, "data-row", find)


def _name_parts(block: EvidenceBlock, href: str) -> str:
    """The HTML of a block, each part with its anchor, a heading and a link back to its row."""
    parts = iter(block.parts)

    def name(found: re.Match[str]) -> str:
        part = next(parts)
        back = f'<p class="ss-back"><a href="../{escape(href)}#{part.back}">Back to the row</a>' if part.back else ""
        return f'<section class="ss-evidence" id="{escape(part.anchor)}"><h3>{found[3] or "part"}</h3>{back}'

    return EVIDENCE_PART_PATTERN.sub(name, block.html)


def _format_evidence_link(block: EvidenceBlock, href: str) -> str:
    """The link to a block, with an anchor for the way back."""
    said = escape(f"{block.caption} ({block.n_sentences:,})")
    return (f'<p class="ss-rows" id="{escape(EVIDENCE_ANCHOR_PREFIX + block.anchor)}">'
            f'<a href="{escape(href)}#{escape(block.anchor)}">{said}</a></p>')


def write_evidence(blocks: Sequence[EvidenceBlock], *, title: str, href: str, siblings: Sequence[tuple[str, str]],
                   provenance: Mapping[str, Any]) -> str:
    """The evidence page that belongs to a page, as HTML.

    Parameters
    ----------
    blocks : the result of `move_evidence`
    title, href : of the page that the blocks come from
    siblings : (title, href) of all pages of the report
    provenance : names and values of the page's inputs
    """
    return render_template("evidence.html.j2", {
        "title": title, "href": href, "siblings": siblings, "provenance": provenance,
        "blocks": [(block, f"{href}#{EVIDENCE_ANCHOR_PREFIX}{block.anchor}") for block in blocks],
        "toc": [(block.heading, block.anchor) for block in blocks]})


def _limit_block_bytes(html: str, most: int) -> tuple[str, int]:
    """The parts of a block that fit into `most` bytes, and the number of sentences left out.

    >>> _limit_block_bytes("<section><li>a</section><section><li>b</section>", 30)
    ('<section><li>a</section>', 1)
    """
    if len(html.encode()) <= most:
        return html, 0
    kept = "".join(html.encode()[:most].decode(errors="ignore").rpartition("</section>")[:2])
    return kept, html.count("<li>") - kept.count("<li>")
