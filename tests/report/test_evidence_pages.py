"""Evidence pages: each block of sentences has a link to it and one back, and text stays text."""

import re
from xml.etree import ElementTree

import nbformat.v4 as v4
import pandas as pd
import pytest

from samestory.draw.canvas import lay_rows, write_empty_figure
from samestory.draw.labels import clip_label
from samestory.report import page_links
from samestory.report.evidence_pages import write_evidence
from samestory.report.page_content import choose_content, read_notebook_page
from samestory.report.page_links import PageLinks, ReportArticles, list_evidence
from samestory.report.pages import write_page
from samestory.show.evidence import show_evidence
from samestory.show.figure import show_figure
from samestory.show.table import show_table
from tests.report.test_pages import HOSTILE, code, collect_outputs
from tests.support.markup import read_elements
from tests.support.tagged_corpus import write_tagged

SIBLINGS = [("Corpus", "01.html"), ("Names", "04.html")]
TEXTS = ["One two", "Six <b>ten</b>", HOSTILE.replace("\x00", "")]


@pytest.fixture
def fold(tmp_path):
    """Makes a cell with the folded first sentences of a table's rows."""
    tables = write_tagged(tmp_path, {("a", "Alpha"): TEXTS})
    opens = tables.sentences["start"]

    def make(caption: str, n_rows: int = 3):
        spans = pd.DataFrame({"article_id": "a", "start": opens, "end": opens + 3, "label": ["x", HOSTILE, "z"]})
        shown = show_evidence(tables, spans, spans[["label"]].head(n_rows), by=["label"], caption=caption)
        return code("show_evidence(...)", *collect_outputs(shown))
    return make


def move(*cells):
    page = read_notebook_page(v4.new_notebook(cells=list(cells)), title="Names", href="04.html")
    choose_content(page, set())
    evidence = list_evidence(page)
    links = PageLinks(page, evidence, ReportArticles({}), [])
    html = write_page(page, evidence, links, SIBLINGS)
    return html, write_evidence(evidence, links, SIBLINGS) if evidence else ""


def read_links(html: str) -> list[str]:
    return re.findall(r'href="([^"]*#[^"]+)"', html)


def test_links_lead_to_each_block_and_back(fold):
    twice = v4.new_markdown_cell("## By which names")
    page, evidence = move(fold("Above any heading"), twice, fold("A", 2), v4.new_markdown_cell("## By which names"),
                          fold("B", 1))
    there = [link.partition("#")[2] for link in read_links(page) if link.startswith("evidence/04.html#")]
    assert there == ["names", "by-which-names", "by-which-names-2"]
    assert all(evidence.count(f'id="{anchor}"') == 1 for anchor in there)
    back = [link.removeprefix("../04.html#") for link in read_links(evidence) if link.startswith("../")]
    assert back == [f"sentences.{anchor}" for anchor in there for _ in range(2)]  # before the sentences, and after
    assert all(page.count(f'id="{anchor}"') == 1 for anchor in back)


def test_page_holds_the_link_and_its_count_not_the_sentences(fold):
    page, evidence = move(v4.new_markdown_cell("# Who?"), fold("Sentences: the first of each"))
    links = [link for link in read_elements(page, "a") if link.text == "See 3 sentences"]
    assert [link.attributes["aria-label"] for link in links] == ["See 3 sentences. Sentences: the first of each"]
    assert "One" not in page
    assert evidence.count("<li><blockquote") == 3 and "<details" not in evidence


def test_evidence_page_has_the_parts_of_every_page(fold):
    _, evidence = move(v4.new_markdown_cell("# Who?"), fold("A"))
    assert "default-src 'none'" in evidence and "<script" not in evidence
    assert evidence.count("<h1>") == 1 and '<html lang="en">' in evidence
    links = {link.attributes["href"]: link.text for link in read_elements(evidence, "a")}
    assert "../index.html" in links and links["../01.html"] == "Corpus"
    assert [link.text for link in read_elements(evidence, "a", **{"aria-current": "true"})] == ["Names"]


def test_hostile_captions_and_headings_stay_text(fold):
    for html in move(v4.new_markdown_cell(f"## {HOSTILE}"), fold(HOSTILE)):
        assert "<script" not in html and "<img" not in html and "<b>ten" not in html
        assert "\x00" not in html and "\u202e" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))


def test_a_section_without_anything_is_named_at_the_end():
    empty = code("t", *collect_outputs(show_table(pd.DataFrame({"a": []}), caption="c")))
    page, evidence = move(v4.new_markdown_cell("# Who?"), v4.new_markdown_cell("## Least"), empty)
    assert "<h2" not in page and read_elements(page, "p", **{"class": "ss-note"})[0].text.endswith(": Least.")
    assert evidence == ""


def test_a_chart_that_is_not_drawn_says_why_at_the_end():
    shown = show_figure(write_empty_figure(None, "x"), alt="Too few dates.", caption="c", table=None)
    page, _ = move(v4.new_markdown_cell("# Who?"), v4.new_markdown_cell("## When"), code("f", *collect_outputs(shown)))
    assert "<h2" not in page and read_elements(page, "p", **{"class": "ss-note"})[0].text == "Too few dates."


def test_what_decides_comes_first_and_headlines_once():
    frame = pd.DataFrame({"outlet": ["X"], "article_id": ["a"], "headline": ["H"], "speaker_title": ["Dr"], "n": [3]})
    page, _ = move(code("t", *collect_outputs(show_table(frame, caption="c", by=["n"]))))
    heads = [re.sub("<[^>]*>", "", head) for head in re.findall('<th scope="col"[^>]*>(.*?)</th>', page)]
    assert heads == ["outlet", "article", "times", "title"] and re.search('<td id="r1-1" class="ss-n">3', page)


def test_the_same_table_is_shown_once():
    one, two = (code("t", *collect_outputs(show_table(pd.DataFrame({"a": [1]}), caption=name))) for name in "cd")
    page, _ = move(v4.new_markdown_cell("## One"), one, v4.new_markdown_cell("## Two"), two)
    assert page.count("<table") == 1 and "Two" not in page


def test_html_that_no_block_made_is_not_shown():
    other = code("x", v4.new_output("display_data", {"text/html": "<p>raw", "text/plain": "a < b"}),
                 v4.new_output("stream", text="said"))
    page, evidence = move(other)
    assert "raw" not in page and "a &lt; b" in page and "said" in page and evidence == ""


def test_an_evidence_page_is_bounded_and_counts_what_it_leaves_out(fold, monkeypatch):
    cells = [fold("A"), fold("B", 2)]
    _, whole = move(*cells)
    monkeypatch.setattr(page_links, "MAX_EVIDENCE_PAGE_BYTES", 500)  # one row of each
    _, evidence = move(*cells)
    assert len(evidence) < len(whole)
    assert evidence.count("<li><blockquote") == 2
    assert "2 more sentences" in evidence and "1 more sentence " in evidence
    assert evidence.count("<section") == evidence.count("</section>")


@pytest.fixture
def rows(tmp_path):
    """Makes a cell with a table and one with the sentences for its rows."""
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["One two", "Six ten"], ("b", "Beta"): ["One nine"]})
    names = pd.DataFrame({"term": ["one", "six", "one", HOSTILE], "side": ["A", "A", "B", "B"]})
    ends = tables.sentences["start"] + 3
    spans = tables.sentences.assign(term=["one", "six", "one"], side=["A", "A", "B"], end=ends)

    def make(by: list[str], n_rows: int = 4, n_parts: int = 4):
        table = show_table(names.head(n_rows), caption="c", by=by)
        shown = show_evidence(tables, spans, names, by=["term", "side"], caption="d", max_rows=n_parts)
        return code("t", *collect_outputs(table)), code("e", *collect_outputs(shown))
    return make


def test_a_row_leads_to_its_sentences_and_they_lead_back(rows):
    page, evidence = move(v4.new_markdown_cell("# Who?"), *rows(["term", "side"]))
    there = re.findall(r'<th id="([^"]+)" scope="row"><a href="evidence/04.html#([^"]+)">(\w+)</a>', page)
    assert [found[1:] for found in there] == [("one-a", "one"), ("six-a", "six"), ("one-b", "one")]
    back = re.findall(r'<section class="ss-evidence" id="([^"]+)"><h3>([^<]+)</h3>.*?04.html#(r[^"]+)"', evidence)
    assert [(anchor, row) for anchor, _, row in back] == [(anchor, row) for row, anchor, _ in there]
    assert back[0][1].startswith("one · A: ")


def test_a_row_of_fewer_values_leads_to_the_first_part_that_has_them(rows):
    page, _ = move(*rows(["side"]))
    there = re.findall(r'href="evidence/04.html#(\w+-\w+)">(\w)</a>', page)
    assert there == [("one-a", "A")] * 2 + [("one-b", "B")] * 2


def test_sentences_below_a_table_come_before_those_above_it(rows):
    (table, first), (_, second) = rows(["term", "side"]), rows(["term", "side"], n_parts=1)
    page, _ = move(first, table, second, v4.new_markdown_cell("## Last"), rows(["term", "side"], n_rows=1)[0])
    assert re.findall(r'href="evidence/04.html#(one-a[^"]*)"', page) == ["one-a-2", "one-a-2"]


def test_a_table_without_sentences_keeps_no_attributes(rows):
    page, evidence = move(rows(["term"])[0])
    assert evidence == "" and ">one" in page


def draw(*labels: str):
    """A cell with a figure, whose labels are about rows of tables."""
    ax = lay_rows(None, [clip_label(label) for label in labels], rows=[{"label": label} for label in labels])
    return code("show_figure(...)", *collect_outputs(show_figure(ax, alt="A finding", caption="Names", table=None)))


def test_names_in_figures_lead_to_the_sentences_of_their_rows(fold):
    page, evidence = move(draw("x", HOSTILE, "nobody"), fold("A"))
    figure = re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]
    links = re.findall(r'<a href="evidence/04.html#([^"]+)"><text[^<>]*>([^<]*)</text></a>', figure)
    assert [f'id="{anchor}"' in evidence for anchor, _ in links] == [True, True] and links[0][1] == "x"
    assert figure.count("<a ") == 2 and "nobody" in figure and "data-row" not in figure
    ElementTree.fromstring(figure)


def test_links_of_a_figure_are_next_to_its_image(fold):
    page, _ = move(draw("x"), fold("A"))
    figure = ElementTree.fromstring(re.search(r"<svg.*?</svg>", page, re.DOTALL)[0])
    described = {child.get("id"): child.text for child in figure}
    image, link = figure[-2:]
    assert (figure.get("role"), described[figure.get("aria-labelledby")]) == ("group", "Names")
    assert (image.get("role"), described[image.get("aria-labelledby")]) == ("img", "A finding")
    assert link.tag.endswith("}a") and not [e for e in image.iter() if e.tag.endswith("}a")]


def test_names_of_rows_without_sentences_lead_to_the_rows():
    table = code("show_table(...)", *collect_outputs(show_table(
        pd.DataFrame({"n": [2, 1], "label": ["y", "x"]}), caption="c", by=["label"])))
    page, _ = move(draw("x", "z"), table)
    assert re.findall(r'<a href="#([^"]+)"><text', page) == re.findall(r'<td id="([^"]+)">x', page) == ["r2-2"]
