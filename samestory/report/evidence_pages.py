"""Evidence pages: the sentences that support a page's tables, on a separate page.

In a notebook, they are folded below their table. In a report, they would make a page many times longer, so a link
replaces them. On the evidence page, each row of a table has its own part, which the row links to and which links
back. The sentences are chosen in `samestory.show.evidence`, the links in `samestory.report.page_links`.
"""

from collections.abc import Sequence
from html import escape

from samestory.report.page_links import EVIDENCE_ANCHOR_PREFIX, EvidenceBlock, EvidencePart, PageLinks
from samestory.report.templates import render_template
from samestory.show.block_html import escape_text, write_items


def write_evidence(blocks: Sequence[EvidenceBlock], links: PageLinks, siblings: Sequence[tuple[str, str]]) -> str:
    """The evidence page that belongs to a page, as HTML.

    Parameters
    ----------
    blocks : the result of `list_evidence`
    links : those with which the page was written
    siblings : (title, href) of all pages of the report
    """
    from markupsafe import Markup
    links.open_evidence_page()
    href, shown = links.page.href, []
    for block in blocks:
        links.open_output(block.output, block.heading)
        parts = Markup("".join(_write_row_sentences(part, links) for part in block.parts))
        shown.append((block, f"{href}#{EVIDENCE_ANCHOR_PREFIX}{block.anchor}", parts))
    return render_template("evidence.html.j2", {
        "title": links.page.title, "href": href, "siblings": siblings, "blocks": shown,
        "toc": [(block.heading, block.anchor) for block in blocks]}, "evidence.css")


def _write_row_sentences(part: EvidencePart, links: PageLinks) -> str:
    """The sentences of a row, with a heading and a link back to the row."""
    back = f'<p class="ss-back"><a href="../{escape(links.page.href)}#{part.back}">Back to the row</a></p>'
    return (f'<section class="ss-evidence" id="{escape(part.anchor)}"><h3>{escape_text(part.name)}</h3>'
            f"{back if part.back else ''}{write_items(part.items, links)}</section>")
