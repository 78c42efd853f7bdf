"""Pages: the content of a notebook as HTML, and the front page of a report.

Both come from template/: no scripts, no requests, everything escaped, accessible, in light, dark and print. Content
is chosen in `samestory.report.page_content`; a figure has two sentences of its evidence next to it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from samestory.report.page_content import PageContent, PageOutput, PageSection, PageStep
from samestory.report.page_links import EvidenceBlock, PageLinks, format_evidence_link, link_figure
from samestory.report.templates import render_template
from samestory.show.block_html import Block, is_empty_block, write_block, write_items
from samestory.show.evidence import NEIGHBOUR_TAG

MAX_PROOF_SENTENCES = 2  # sentences next to a figure
MAX_FRONT_SENTENCES = 4  # next to a finding of the front page
MAX_MARKED_SHARE = 0.9  # of a sentence next to a figure; more is all of it
_METHOD_SECTIONS = {"citations": "How to cite", "method": "Method, to paste", "limits": "More limits",
                    "words": "Words used here", "problems": "Odd things met while reading", "tables": "The tables",
                    "parameters": "Parameters", "provenance": "Provenance"}


class FrontPage(TypedDict, total=False):
    """The content of the front page; a part not given is left out, and all values are plain text."""

    corpus: str
    question: str
    summary: dict[str, str]  # articles, outlets, dates ..., as text
    articles: list[dict[str, Any]]  # outlet, title, href, published ... (see `list_front_articles`)
    findings: list[dict[str, Any]]  # topic, text, bars, proof, uncorrected; href of the sentences, anchor, page, more
    pages: list[dict[str, str]]  # title, question, href, status ("done" is not shown)
    siblings: list[tuple[str, str]]  # title and href of the pages in the bar; those of `pages` if not given
    failed: list[dict[str, str]]  # title, error, href
    limits: list[str]
    untold: str  # what no claim is made about
    doubt: str  # why the articles may report different events


class MethodPage(TypedDict, total=False):
    """The content of the page on method; a part not given is left out, and all values are plain text."""

    corpus: str
    siblings: list[tuple[str, str]]
    tables: list[dict[str, Any]]  # name, href, row (the meaning of a row), n_rows
    parameters: list[dict[str, Any]]  # name, value, meaning
    problems: list[dict[str, Any]]  # severity, step, reason, n
    citations: list[str]
    method: list[str]  # paragraphs to paste into a paper
    limits: list[str]  # in addition to those of the front page
    words: list[tuple[str, str]]  # heads of columns and their meaning
    provenance: dict[str, Any]


def write_index(data: FrontPage) -> str:
    """The front page of a report as HTML.

    Raises
    ------
    KeyError
        If `corpus` or `question` is missing.
    """
    pages = data.get("pages", [])
    siblings = data.get("siblings", [(page["title"], page["href"]) for page in pages])
    shown = {**data, "corpus": data["corpus"], "question": data["question"], "siblings": siblings}
    return render_template("front.html.j2", shown, "front.css")


def write_method(data: MethodPage) -> str:
    """The page on method as HTML: how to cite, words, tables, parameters, provenance."""
    toc = [(name, key) for key, name in _METHOD_SECTIONS.items() if data.get(key)]
    return render_template("method.html.j2", {**data, "toc": toc}, "method.css")


def write_page(page: PageContent, evidence: Sequence[EvidenceBlock], links: PageLinks,
               siblings: Sequence[tuple[str, str]]) -> str:
    """The content of a notebook as one self-contained HTML page.

    Parameters
    ----------
    page : the content
    evidence : the result of `list_evidence`
    links : those of the page
    siblings : (title, href) of all pages of the report, including this one
    """
    proofs = _choose_proofs(page, evidence)
    sections = [{"prose": section.prose, "steps": [_show_step(step, section, proofs, links) for step in section.steps]}
                for section in page.sections]
    failures = [{"step": step.number, **output.block} for section in page.sections for step in section.steps
                for output in step.outputs if output.kind == "error"]
    toc = [(section.heading, section.anchor) for section in page.sections if section.level == 2]
    has_heading = any(section.level == 1 for section in page.sections)
    return render_template("page.html.j2", {
        "title": page.title, "siblings": siblings, "toc": toc, "sections": sections, "failures": failures,
        "has_heading": has_heading, "not_found": page.not_found, "remarks": page.remarks}, "blocks.css")


def _show_step(step: PageStep, section: PageSection, proofs: dict[int, list[Block]],
               links: PageLinks) -> dict[str, Any]:
    """A step for the template: its number, its code, and its outputs."""
    from markupsafe import Markup
    shown = []
    for output in step.outputs:
        links.open_output(output.number, section.heading)
        html = Markup(_write_output(output, links))
        proof = Markup(write_proof(proofs[output.number], links)) if output.number in proofs else ""
        shown.append({**output.block, "html": html, "proof": proof})
    return {"number": step.number, "code": step.code, "outputs": shown}


def _write_output(output: PageOutput, links: PageLinks) -> str:
    """The HTML of a block; empty for the kinds that the template writes itself."""
    if output.kind == "figure":
        return link_figure(output.block["svg"], links)
    if output.kind == "evidence":
        found = next((block for block in links.evidence if block.output == output.number), None)
        return format_evidence_link(found, links.page.href) if found else ""
    return "" if output.kind in ("plain", "message", "error", "image") else write_block(output.block, links)


# The sentences next to a figure -----------------------------------------------------------------

def _choose_proofs(page: PageContent, evidence: Sequence[EvidenceBlock]) -> dict[int, list[Block]]:
    """For each figure, the first sentences of two articles that support it, none shown twice on the page."""
    blocks, shown = {block.output: block for block in evidence}, set[str]()
    proofs = {figure: choose_proof(blocks[number], shown) for figure, number in _pair_figures(page)}
    return {figure: items for figure, items in proofs.items() if items}


def choose_proof(block: EvidenceBlock, shown: set[str], *, max_turns: int = 1,
                 prefers_new: bool = False) -> list[Block]:
    """The first sentences of each article in turn; their places are added to `shown`, which no proof repeats.

    Parameters
    ----------
    block : the sentences of the rows that a proof is for
    shown : the places and the sources of sentences that are on the page already
    max_turns : sentences of each of two articles, as many of one as of the other; of more or one, one each
    prefers_new : whether each source is there once, and those who have been quoted on the page come last
    """
    items = [part.items[turn] for turn in range(max_turns) for part in block.parts if turn < len(part.items)]
    if prefers_new:
        firsts: dict[str, Block] = {}
        for item in items:
            firsts.setdefault(item["short"], item)
        items = sorted(firsts.values(), key=lambda item: item["short"] in shown)
    by_article: dict[str, list[Block]] = {}
    seen = set(shown)  # a sentence may be there for two speakers
    for item in items:
        if str(item["place"]) not in seen:
            seen.add(str(item["place"]))
            by_article.setdefault(str(item["place"] and item["place"][0]), []).append(item)
    n_turns = min([max_turns if len(by_article) == 2 else 1, *map(len, by_article.values())])
    chosen = [found[turn] for turn in range(n_turns) for found in by_article.values()]
    chosen = chosen[:MAX_PROOF_SENTENCES if max_turns == 1 else MAX_FRONT_SENTENCES]
    shown |= {str(item["place"]) for item in chosen} | {item["short"] for item in chosen}
    return chosen


def _pair_figures(page: PageContent) -> Iterator[tuple[int, int]]:
    """The numbers of each figure and of the evidence that follows it in its section."""
    for section in page.sections:
        figure = 0
        for output in section.outputs:
            if output.kind == "figure":
                figure = output.number
            elif output.kind == "evidence" and figure and not is_empty_block(output.block):
                yield figure, output.number
                figure = 0


def write_proof(items: Sequence[Block], links: PageLinks) -> str:
    """Sentences to put next to what they support."""
    short = [item | {"source": item["short"], "pieces": _unmark_whole(item["pieces"])} for item in items]
    return f'<div class="ss-evidence">{write_items(short, links)}</div>'


def _unmark_whole(pieces: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The pieces of a sentence, without marks where these cover it all."""
    of_sentence = [(len(text), tag) for text, tag in pieces if tag != NEIGHBOUR_TAG]
    marked = sum(length for length, tag in of_sentence if tag)
    is_whole = marked > MAX_MARKED_SHARE * sum(length for length, _ in of_sentence)
    return [(text, "" if is_whole and tag != NEIGHBOUR_TAG else tag) for text, tag in pieces]
