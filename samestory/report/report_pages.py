"""The pages of a report, written from executed notebooks, findings and tables once all of these are there.

The pages are written twice: the first time shows which sentences are cited, which decides what the pages of articles
hold; see `samestory.report.page_links`. A page that cannot be written does not stop the others.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samestory.base.disk_room import is_out_of_room
from samestory.findings import list_untold
from samestory.findings.sources import SOURCES_TOPIC
from samestory.report.article_pages import write_articles
from samestory.report.evidence_pages import write_evidence
from samestory.report.front_page import collect_front, collect_method
from samestory.report.page_content import (
    PARAMETER_TAGS,
    PageContent,
    PageOutput,
    PageSection,
    choose_content,
    make_anchor,
    read_notebook_page,
)
from samestory.report.page_links import (
    EVIDENCE_ANCHOR_PREFIX,
    EVIDENCE_FOLDER,
    MAX_EVIDENCE_PAGE_BYTES,
    Citation,
    EvidenceBlock,
    PageLinks,
    ReportArticles,
    list_evidence,
    make_evidence,
)
from samestory.report.pages import FrontPage, choose_proof, write_index, write_method, write_page, write_proof
from samestory.report.report_folder import INDEX_FILE
from samestory.report.subject import METHOD_FILE, ReportSubject
from samestory.report.table_files import write_table_files
from samestory.show.shown import BLOCK_MIME_TYPE, name_title

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from samestory.findings.finding import Finding
    from samestory.run.notebooks import NotebookRun
    from samestory.tables.tables import Tables

FINDINGS_PAGE_TITLE = "Main findings"
MAX_FRONT_TURNS = 2  # sentences of each of two articles next to a finding


@dataclass
class _Written:
    """A page as it is written, first to find what it cites, then to the file."""

    content: PageContent
    evidence: list[EvidenceBlock]
    files: dict[int, str]
    proved: list[str] = field(default_factory=list)  # topics of findings that have sentences next to them
    proofs: dict[str, str] = field(default_factory=dict)  # of the front page: sentences by topic, as HTML


def write_report_pages(folder: Path, subject: ReportSubject, runs: Sequence["NotebookRun"],
                       findings: Sequence["Finding"], errors: Mapping[str, str]) -> dict[str, str]:
    """Write the notebooks and all pages of a report into its folder; return the reasons of those that failed.

    Parameters
    ----------
    folder : of the report
    subject : what the report is about
    runs : the executed notebooks, in the order of the pages
    findings : for the front page
    errors : of notebooks and findings, by name
    """
    failed: dict[str, str] = {}
    seen: set[str] = set()
    pages = [page for run, (href, title, _) in zip(runs, subject.pages, strict=True)
             if (page := _try(failed, run.name, lambda: _read_executed_page(folder, run, title, href, seen, subject)))]  # noqa: B023
    front = _Written(*_read_findings(findings), {}, [point.topic for point in findings if point.lead or point.bars])
    articles = ReportArticles(_name_articles(subject.tables))
    citations = _write_pages(None, pages, front, subject, articles, failed)
    articles.pages = _try(failed, "articles", lambda: write_articles(
        folder, subject.tables, citations, parameters=subject.parameters, siblings=subject.siblings)) or {}
    _write_pages(folder, pages, front, subject, articles, failed)
    method = collect_method(subject, [page.content for page in pages]) | {"tables": subject.csv_files}
    (folder / METHOD_FILE).write_text(write_method(method), encoding="utf-8")
    data = collect_front(subject, articles.pages, {**errors, **failed})
    data["findings"] = _describe_findings(findings, front, pages, subject)
    data["untold"] = list_untold(list(findings))
    _write_front(folder, data, {**errors, **failed})
    return failed


def _try(failed: dict[str, str], name: str, make: Callable[[], Any]) -> Any:
    """What `make` returns, or None, and the reason in `failed`: pages that are done must not be lost for it."""
    try:
        return make()
    except Exception as error:
        if is_out_of_room(error):
            raise
        failed[name] = f"{type(error).__name__}: {error}"
        return None


def _read_executed_page(folder: Path, run: "NotebookRun", title: str, href: str, seen: set[str],
                        subject: ReportSubject) -> _Written:
    """The content of an executed notebook, which is written next to its page, as are the tables of the page."""
    name_corpus(run.notebook, subject.corpus)
    content = read_notebook_page(run.notebook, title=title, href=href)
    choose_content(content, seen)
    drop_blocks(run.notebook)
    # nbformat's own is indented, a tenth longer
    written = json.dumps(run.notebook, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / f"{run.name}.ipynb").write_text(f"{written}\n", encoding="utf-8")
    return _Written(content, list_evidence(content), write_table_files(folder, content))


def name_corpus(notebook: "NotebookNode", corpus: str) -> None:
    """Put the corpus's name in place of its path, which says much about a machine and nothing to others."""
    for cell in notebook.cells:
        if PARAMETER_TAGS & set(cell.get("metadata", {}).get("tags", [])):
            lines = [f"corpus = {json.dumps(corpus, ensure_ascii=False)}" if line.startswith("corpus = ") else line
                     for line in cell.source.splitlines()]
            cell.source = "\n".join(lines)


def drop_blocks(notebook: "NotebookNode") -> None:
    """Leave out the blocks that only pages need."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(BLOCK_MIME_TYPE, None)


def _read_findings(findings: Sequence["Finding"]) -> tuple[PageContent, list[EvidenceBlock]]:
    """The sentences that support the findings as the content of a page, each under the finding's topic."""
    from markupsafe import Markup
    sections, taken = [], {"main": 1, "on-this-page": 1}
    for number, finding in enumerate((found for found in findings if found.evidence), start=1):
        assert finding.evidence is not None
        step = PageOutput(number, finding.evidence.block)
        sections.append((PageSection(Markup(), finding.topic, "", 2), step))
    page = PageContent(INDEX_FILE, FINDINGS_PAGE_TITLE, [section for section, _ in sections])
    return page, [make_evidence(section.heading, output, taken, MAX_EVIDENCE_PAGE_BYTES)
                  for section, output in sections if output.block["parts"]]


def _name_articles(tables: "Tables") -> dict[str, str]:
    """The title of each article: its headline, else that it has none, and its outlet."""
    rows = zip(tables.articles["article_id"], tables.articles["headline"], tables.articles["outlet"], strict=True)
    return {article_id: str(headline) if name_title(headline).startswith("“") else f"untitled, {outlet}"
            for article_id, headline, outlet in rows}


def _write_pages(folder: Path | None, pages: Sequence[_Written], front: _Written, subject: ReportSubject,
                 articles: ReportArticles, failed: dict[str, str]) -> list[Citation]:
    """Write the pages and their sentences, if there is a folder; return the sentences that they cite."""
    citations: list[Citation] = []
    for page in [*pages, front]:
        name = Path(page.content.href).stem
        _try(failed, name, lambda: _write_one(folder, page, subject, articles, citations))  # noqa: B023
    return citations


def _write_one(folder: Path | None, page: _Written, subject: ReportSubject, articles: ReportArticles,
               citations: list[Citation]) -> None:
    links = PageLinks(page.content, page.evidence, articles, citations)
    links.csv_files = page.files
    files: dict[str, str] = {}
    if page.content.href == INDEX_FILE:
        page.proofs = _write_proofs(page, links)
    else:
        files[page.content.href] = write_page(page.content, page.evidence, links, subject.siblings)
    if page.evidence:
        files[f"{EVIDENCE_FOLDER}/{page.content.href}"] = write_evidence(page.evidence, links, subject.siblings)
    if folder:
        for name, html in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(html, encoding="utf-8")


def _write_proofs(front: _Written, links: PageLinks) -> dict[str, str]:
    """The sentences of each finding, by its topic, none twice."""
    shown: set[str] = set()
    proofs: dict[str, str] = {}
    for block in (block for block in front.evidence if block.heading in front.proved):
        links.open_output(block.output, block.heading)
        items = choose_proof(block, shown, max_turns=MAX_FRONT_TURNS, prefers_new=block.heading == SOURCES_TOPIC)
        proofs |= {block.heading: write_proof(items, links)} if items else {}
    return proofs


def _describe_findings(findings: Sequence["Finding"], front: _Written, pages: Sequence[_Written],
                       subject: ReportSubject) -> list[dict[str, Any]]:
    """The findings with their sentences, and links to more of them and to the section of the page that has more."""
    from markupsafe import Markup
    anchors = {block.heading: block.anchor for block in front.evidence}
    titles = {Path(href).stem: title for href, title, _ in subject.pages}
    contents = {Path(page.content.href).stem: page.content for page in pages}
    return [{"topic": finding.topic,
             "text": finding.lead if finding.lead and finding.topic in front.proofs else finding.text,
             "page": titles[finding.page], "uncorrected": finding.uncorrected,
             "more": _find_section(contents.get(finding.page), finding),
             "bars": finding.bars, "proof": Markup(front.proofs.get(finding.topic, ""))}
            | ({"anchor": EVIDENCE_ANCHOR_PREFIX + anchors[finding.topic],
                "href": f"{EVIDENCE_FOLDER}/{INDEX_FILE}#{anchors[finding.topic]}"}
               if finding.topic in anchors else {}) for finding in findings]


def _find_section(page: PageContent | None, finding: "Finding") -> str:
    """The address of a finding's section, or of the page if it has no such section."""
    anchor = make_anchor(finding.section, {})
    has = page is not None and anchor in {section.anchor for section in page.sections}
    return f"{finding.page}.html#{anchor}" if has else f"{finding.page}.html"


def _write_front(folder: Path, data: FrontPage, errors: Mapping[str, str]) -> None:
    titles = {Path(page["href"]).stem: page["title"] for page in data["pages"]}
    data["failed"] = [{"title": titles.get(name, FINDINGS_PAGE_TITLE), "error": error,
                       "href": f"{name}.html" if name in titles else INDEX_FILE} for name, error in errors.items()]
    (folder / INDEX_FILE).write_text(write_index(data), encoding="utf-8")
