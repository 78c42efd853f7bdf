"""Evidence pages: the sentences that lie folded behind the tables of a page, on a page of their own beside it.

In a notebook they are folded where they belong. In a report they would make a page many times longer, so a link
stands in their place, and on the evidence page each part leads back to it. Which sentences they are is the
business of evidence.py, how pages are written that of pages.py.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from samestory.evidence import unfold_evidence
from samestory.pages import make_anchor, render_template, slim_html

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER = "evidence"  # beside the pages
LARGEST = 1_000_000  # bytes of sentences on one evidence page, in equal parts for its blocks; what is more is counted
PLACE = "sentences."  # before a block's anchor: its place in the page, which no heading's anchor can be


class Block(NamedTuple):
    """The sentences behind one table: the heading they stand under, what they are, and their HTML."""

    anchor: str
    heading: str
    caption: str
    html: str

    @property
    def n_sentences(self) -> int:
        """How many sentences it shows."""
        return self.html.count("<li>")


def move_evidence(notebook: "NotebookNode", *, title: str, href: str) -> tuple["NotebookNode", list[Block]]:
    """A copy of a notebook that has links in the place of its folded sentences, and what was folded.

    Parameters
    ----------
    notebook : an executed notebook; it is left as it is
    title : the page's title, for sentences above the first heading
    href : the page's address; its evidence page has the same name in folder `evidence`
    """
    notebook, heading, blocks = deepcopy(notebook), title, []
    taken = {"main": 1, "on-this-page": 1}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#{1,6}[ \t]+(\S.*)$", cell.source, re.MULTILINE) or [heading])[-1]
        for output in cell.get("outputs", []):
            caption, html = unfold_evidence(output.get("data", {}).get("text/html", "")) or ("", "")
            if "<li>" in html:
                blocks.append(Block(make_anchor(heading, taken), heading, caption, slim_html(html)))
                output.data["text/html"] = _link_html(blocks[-1], f"{FOLDER}/{href}")
    return notebook, blocks


def _link_html(block: Block, href: str) -> str:
    """The link to a block, with an anchor for the way back."""
    said = escape(f"{block.caption} ({block.n_sentences:,})")
    return (f'<p class="ss-rows" id="{escape(PLACE + block.anchor)}">'
            f'<a href="{escape(href)}#{escape(block.anchor)}">{said}</a></p>')


def write_evidence(blocks: Sequence[Block], *, title: str, href: str, siblings: Sequence[tuple[str, str]],
                   provenance: Mapping[str, Any]) -> str:
    """The evidence page of a page, as HTML.

    Parameters
    ----------
    blocks : what `move_evidence` returned
    title, href : of the page that the blocks come from
    siblings : (title, href) of all pages of the report
    provenance : name and value of what the page was made from
    """
    shown = [(block, f"{href}#{PLACE}{block.anchor}", *_bound(block.html, LARGEST // len(blocks))) for block in blocks]
    return render_template("evidence.html.j2", {
        "title": title, "href": href, "siblings": siblings, "provenance": provenance, "blocks": shown,
        "toc": [(block.heading, block.anchor) for block in blocks]})


def _bound(html: str, most: int) -> tuple[str, int]:
    """The parts of a block that so many bytes hold, and how many sentences are left out.

    >>> _bound("<section><li>a</section><section><li>b</section>", 30)
    ('<section><li>a</section>', 1)
    """
    if len(html.encode()) <= most:
        return html, 0
    kept = "".join(html.encode()[:most].decode(errors="ignore").rpartition("</section>")[:2])
    return kept, html.count("<li>") - kept.count("<li>")
