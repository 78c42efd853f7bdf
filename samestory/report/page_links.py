"""The links of a report's pages: from a row or a name in a figure to its sentences, from a sentence to its article.

Each page is written twice. The first time shows which sentences the report cites, which decides the pages of articles;
the second time, the sentences link to these. Sentences that support a table are on the evidence page next to the page
of the table (`samestory.report.evidence_pages`).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple
from xml.etree import ElementTree

from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT
from samestory.base.wording import format_quantity
from samestory.report.page_content import PageContent, PageOutput, make_anchor
from samestory.show.block_html import Block, BlockLinks, LinkTarget

ARTICLES_FOLDER, EVIDENCE_FOLDER = "articles", "evidence"  # next to the pages
MAX_EVIDENCE_PAGE_BYTES = 900_000  # of sentences on one evidence page, in equal parts for its blocks
MAX_PART_ANCHOR_CHARS = 20  # characters of a row's values in the anchor of its part
EVIDENCE_ANCHOR_PREFIX = "sentences."  # starts the anchor of a block's link; the anchor of a heading has no full stop
SENTENCE_MARKUP_BYTES = 180  # of a sentence on an evidence page, in addition to its text
VISIBLE_ROWS = {"table": 5, "sentences": 3, "pairs": 3, "facts": 2}  # by kind of block; as in template/style.css
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"


class Citation(NamedTuple):
    """A sentence that a page shows: its article's id, its offset, the place's address and label, and its field."""

    article_id: str
    start: int
    href: str
    label: str
    field: str = FIELD_OF_TEXT


@dataclass(frozen=True)
class ArticlePage:
    """An article's page as written: its name, the offsets that have an anchor, and the parts of the text it shows.

    Offsets are those of the page, on which the article's own text begins at `text_start`, after a headline that only
    the metadata have.
    """

    name: str
    anchors: Sequence[int] = ()
    windows: Sequence[tuple[int, int]] = ()
    text_start: int = 0

    def locate(self, start: int, field: str) -> int:
        """The offset of a place in a field."""
        return start if field == FIELD_OF_HEADLINE else start + self.text_start

    def find(self, start: int) -> str:
        """The anchor at or nearest before an offset; empty if the offset is not shown."""
        if not any(opens <= start < closes for opens, closes in self.windows):
            return ""
        place = bisect_right(self.anchors, start)
        return f"#o{self.anchors[place - 1]}" if place else ""


@dataclass
class EvidencePart:
    """The sentences that support one row: their anchor, the digests of the row's values, the cell that links here."""

    anchor: str
    keys: frozenset[str]
    name: str
    items: Sequence[Block]
    back: str = ""


@dataclass
class EvidenceBlock:
    """The sentences that support one table: the heading above them, their caption and parts, and the link to them."""

    anchor: str
    heading: str
    caption: str
    output: int  # number of the output on the page
    parts: list[EvidencePart] = field(default_factory=list)
    n_left_out: int = 0

    @property
    def n_sentences(self) -> int:
        """The number of sentences shown."""
        return sum(len(part.items) for part in self.parts)


class ReportArticles:
    """The articles as pages know them: what they are called, and those that have a page, as soon as it is written."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.pages: Mapping[str, ArticlePage] = {}


def list_evidence(page: PageContent) -> list[EvidenceBlock]:
    """The sentences that support a page's tables, for its evidence page, bounded."""
    taken = {"main": 1, "on-this-page": 1}
    found = [(section.heading or page.title, output) for section in page.sections for output in section.outputs
             if output.kind == "evidence"]
    return [make_evidence(heading, output, taken, MAX_EVIDENCE_PAGE_BYTES // len(found)) for heading, output in found]


def make_evidence(heading: str, output: PageOutput, taken: dict[str, int], most_bytes: int) -> EvidenceBlock:
    """The sentences of an output, with anchors, and those that do not fit into `most_bytes` left out."""
    block = EvidenceBlock(make_anchor(heading, taken), heading, output.block["caption"], output.number)
    for part in output.block["parts"]:
        most_bytes -= sum(_measure_item(item) for item in part["items"])
        if most_bytes < 0:
            block.n_left_out += len(part["items"])
            continue
        anchor = make_anchor(part["name"].rpartition(": ")[0], taken, most=MAX_PART_ANCHOR_CHARS)
        block.parts.append(EvidencePart(anchor, frozenset(part["keys"].split()), part["name"], part["items"]))
    return block


def _measure_item(item: Block) -> int:
    return SENTENCE_MARKUP_BYTES + len(item["source"]) + sum(len(text.encode()) for text, _ in item["pieces"])


class PageLinks(BlockLinks):
    """The links of one page and of its evidence page; `citations` gets each sentence that is shown.

    Parameters
    ----------
    page : the page
    evidence : the result of `list_evidence`
    articles : those of the report
    citations : a list that grows
    """

    def __init__(self, page: PageContent, evidence: Sequence[EvidenceBlock], articles: ReportArticles,
                 citations: list[Citation]) -> None:
        self.page, self.evidence, self.articles, self.citations = page, evidence, articles, citations
        self.href, self.root, self.heading, self.output = page.href, "", "", 0
        self.n_tables = self.n_cited = self.n_rows = 0
        self.csv_files: dict[int, str] = {}
        self.rows = [(f"r{output.number}-{n}", frozenset(keys.split()), output.number) for output in page.outputs
                     for n, keys in enumerate(output.block.get("keys", (0, []))[1], start=1)]

    def open_evidence_page(self) -> None:
        """From here on, links are those of the evidence page, which is in a folder of its own."""
        self.href, self.root, self.n_cited = f"{EVIDENCE_FOLDER}/{self.page.href}", "../", 0

    def open_output(self, number: int, heading: str) -> None:
        """From here on, rows and sentences are those of an output."""
        self.output, self.heading, self.n_rows = number, heading, 0

    def find_place(self, article_id: str, start: int | None, field: str = FIELD_OF_TEXT) -> LinkTarget:
        """The article's page, and the sentence's own number on this page."""
        anchor = ""
        if start is not None:
            self.n_cited += 1
            anchor = f"c{self.n_cited}"
            label = f"{self.page.title}: {self.heading}" if self.heading else self.page.title
            self.citations.append(Citation(article_id, start, f"{self.href}#{anchor}", label, field))
        if (found := self.articles.pages.get(article_id)) is None:
            return LinkTarget("", anchor)
        where = "" if start is None else found.find(found.locate(start, field))
        return LinkTarget(f"{self.root}{ARTICLES_FOLDER}/{found.name}.html{where}", anchor)

    def name_article(self, article_id: str) -> str:
        """The title of an article."""
        return self.articles.titles.get(article_id, article_id)

    def find_row(self, keys: str) -> LinkTarget:
        """The sentences of the next row of the output."""
        self.n_rows += 1
        anchor, part = f"r{self.output}-{self.n_rows}", self.find_part(frozenset(keys.split()), self.output)
        if part is None:
            return LinkTarget("", anchor)
        is_first, part.back = part.back in ("", anchor), part.back or anchor
        return LinkTarget(f"{EVIDENCE_FOLDER}/{self.page.href}#{part.anchor}", anchor if is_first else "")

    def find_part(self, keys: frozenset[str], number: int) -> EvidencePart | None:
        """The part with these values: the first after an output, else the last before it."""
        blocks = _order_by_output(self.evidence, number)
        return next((part for block in blocks for part in block.parts if keys <= part.keys), None)

    def count_visible(self, kind: str) -> int:
        """Fewer of whole sentences than of short rows."""
        return VISIBLE_ROWS[kind]

    def find_csv(self, block: Block) -> str:
        """The file with the rows of the output."""
        return self.csv_files.get(self.output, "")

    def number_table(self) -> str:
        """The id of the next table's caption."""
        self.n_tables += 1
        return f"t{self.n_tables}"

    def find_figure_name(self, keys: str) -> str:
        """The address of the sentences about a name in a figure, else that of its row; empty if there is neither."""
        wanted = frozenset(keys.split())
        if part := self.find_part(wanted, self.output):
            return f"{EVIDENCE_FOLDER}/{self.page.href}#{part.anchor}"
        later = sorted(self.rows, key=lambda row: (row[2] <= self.output, abs(row[2] - self.output)))
        return next((f"#{anchor}" for anchor, found, _ in later if wanted <= found), "")


def _order_by_output(blocks: Sequence[EvidenceBlock], number: int) -> Iterator[EvidenceBlock]:
    """The blocks after an output, in order; then those before it, the last first."""
    yield from (block for block in blocks if block.output > number)
    yield from (block for block in reversed(blocks) if block.output <= number)


def link_figure(svg: str, links: PageLinks) -> str:
    """A drawing with its names as links, placed next to the image because screen readers skip its content."""
    root = ElementTree.fromstring(svg)
    made: list[Any] = []
    for parent in list(root.iter()):
        for text in [child for child in parent if "data-row" in child.attrib]:
            if href := links.find_figure_name(text.attrib.pop("data-row")):
                parent.remove(text)
                made.append(ElementTree.Element(f"{SVG_NAMESPACE}a", {"href": href}))
                made[-1].append(text)
                text.tail, made[-1].tail = "", "\n"
    if made:
        title, described, *drawn = root
        named, _, said = root.attrib["aria-labelledby"].partition(" ")
        root.attrib |= {"role": "group", "aria-labelledby": named}
        image = ElementTree.Element(f"{SVG_NAMESPACE}g", {"role": "img", "aria-labelledby": said})
        image.extend(drawn)
        root[:] = [title, described, image, *made]
    ElementTree.register_namespace("", SVG_NAMESPACE[1:-1])
    return ElementTree.tostring(root, encoding="unicode")


def format_evidence_link(block: EvidenceBlock, href: str) -> str:
    """The link to a block, with an anchor for the way back."""
    said = f"See {format_quantity(block.n_sentences, 'sentence')}"
    return (f'<p class="ss-rows" id="{escape(EVIDENCE_ANCHOR_PREFIX + block.anchor)}">'
            f'<a href="{EVIDENCE_FOLDER}/{escape(href)}#{escape(block.anchor)}"'
            f' aria-label="{escape(f"{said}. {block.caption}")}">{said}</a></p>')
