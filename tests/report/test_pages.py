"""Pages contain everything they need, request nothing, hide no failure and trust no text."""

import re

import nbformat.v4 as v4
import pandas as pd
import pytest
from nbformat import NotebookNode

from samestory.draw.corpus import describe_words, plot_words
from samestory.report.page_content import read_notebook_page
from samestory.report.page_links import EvidenceBlock, EvidencePart, PageLinks, ReportArticles, list_evidence
from samestory.report.pages import choose_proof, write_index, write_method, write_page
from samestory.show.figure import show_figure
from samestory.show.sentences import show_sentences
from samestory.show.shown import show_text
from samestory.show.table import show_table
from tests.support.markup import read_elements
from tests.support.wording import says

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\x00\u202e'
WORDS = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["CGTN", "CNN"], "n_words": [300, 500]})
SIBLINGS = [("Corpus", "01_corpus.html"), ("Keywords", "02_keywords.html")]


def collect_outputs(shown) -> list[NotebookNode]:
    """The outputs that a kernel would store for a shown object."""
    if not hasattr(shown, "svg"):
        return [v4.new_output("execute_result", shown._repr_mimebundle_(), execution_count=1)]
    drawing = v4.new_output(
        "display_data", {"image/svg+xml": shown.svg}, metadata={"image/svg+xml": shown.describe()}
    )
    behind = [] if shown.table is None else [v4.new_output("display_data", shown.table._repr_mimebundle_())]
    return [drawing, *behind]


def code(source: str, *outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    cell = v4.new_code_cell(source, outputs=list(outputs), execution_count=1)
    cell.metadata["tags"] = list(tags)
    return cell


def draw_words(caption: str = "Words, by article"):
    return show_figure(plot_words(WORDS), alt=describe_words(WORDS), caption=caption, table=WORDS)


def make_notebook(*more: NotebookNode) -> NotebookNode:
    """A small notebook with everything that pages must show."""
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Which words?\n\nWhy it *matters*."),
            v4.new_markdown_cell("## First part\n\nSee `this`."),
            code(
                'corpus: str = "seeds"  # folder of articles\ntop_n: int = 15  # rows shown',
                tags=("parameters",),
            ),
            code("top_n = 3", tags=("injected-parameters",)),
            code("show_figure(...)", *collect_outputs(draw_words())),
            code("show_text(...)", *collect_outputs(show_text(HOSTILE))),
            code(
                "show_table(...)",
                *collect_outputs(show_table(pd.DataFrame({HOSTILE: [HOSTILE]}), caption=HOSTILE)),
            ),
            code(
                "show_sentences(...)",
                *collect_outputs(
                    show_sentences(
                        pd.DataFrame(
                            [
                                {
                                    "outlet": HOSTILE,
                                    "article_id": "a",
                                    "text": HOSTILE,
                                    "marks": [{"start": 0, "end": 8}],
                                }
                            ]
                        ),
                        caption="c",
                    )
                ),
            ),
            v4.new_markdown_cell("## Second part"),
            *more,
        ]
    )


def convert_notebook(notebook: NotebookNode, *, title: str = "Keywords", siblings=SIBLINGS) -> str:
    page = read_notebook_page(notebook, title=title, href="02.html")
    evidence = list_evidence(page)
    return write_page(page, evidence, PageLinks(page, evidence, ReportArticles({}), []), siblings)


def convert(*more: NotebookNode, **options) -> str:
    return convert_notebook(make_notebook(*more), **options)


def strip_tags(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html.partition("<body>")[2]).split())


FAILED = v4.new_output(
    "error", ename="ValueError", evalue="<b>bad</b>", traceback=["\x1b[31mValueError\x1b[0m: <b>bad</b>"]
)


INLINE = "'unsafe-inline'"  # styles only


def test_page_is_self_contained():
    html = convert()
    assert "<script" not in html and "@import" not in html
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", html) and "url(http" not in html
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1].split("; ")
    assert policy[:3] == ["default-src 'none'", "img-src data:", "style-src " + INLINE]


def test_page_has_its_language_title_and_place():
    html = convert()
    assert '<html lang="en">' in html and "<title>Keywords</title>" in html
    assert [link.text for link in read_elements(html, "a", **{"aria-current": "page"})] == ["Keywords"]
    assert len(read_elements(html, "a", href="#main")) == len(read_elements(html, "main", id="main")) == 1


def test_headings_come_in_order_and_lead_from_the_contents():
    html = convert()
    assert html.count("<h1") == 1
    anchors = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', html)
    assert anchors == [("first-part", "First part"), ("second-part", "Second part")]
    assert all(f'<h2 id="{anchor}">' in html for anchor, _ in anchors)


def test_page_without_a_heading_gets_its_title():
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("Only text.")])
    assert "<h1>Alone</h1>" in convert_notebook(notebook, title="Alone", siblings=[])


def test_hostile_text_stays_text():
    html = convert(v4.new_markdown_cell(HOSTILE), title=HOSTILE)
    assert "<script" not in html and "<img src=x" not in html
    assert "\x00" not in html and "\u202e" not in html


def test_figure_has_alt_text_caption_and_table():
    html = convert()
    assert says(html, '<figure class="plot">', "<figcaption>", "Words, by article", "<svg ", 'role="img"', "<desc",
                "CGTN: 300 words", "</figure>")
    assert '<div class="ss-scroll ss-behind"' in html


def test_image_without_description_says_so():
    html = convert(code("x", v4.new_output("display_data", {"image/png": "aGk="})))
    assert re.search('alt="[^"]*without a description"', html)


def test_no_id_comes_twice():
    other = collect_outputs(draw_words("Another caption"))
    ids = re.findall(r' id="([^"]+)"', convert(code("y", *other)))
    assert len(ids) == len(set(ids))


def test_one_switch_shows_the_code_of_all_steps():
    html = convert()
    assert html.count('<input type="checkbox" id="code">') == 1
    assert html.count('<pre class="code"') == 6 and "show_figure" in strip_tags(html)
    assert "<b>import</b> a" in convert(code("import a"))


def test_code_is_escaped():
    html = convert(code("a <u> '</pre>'  # <u>"))
    assert "<u>" not in html and "a &lt;u&gt; <i>" in html


def test_parameters_are_those_of_the_run_as_they_were_given():
    given = make_notebook(code('corpus = "zw\\xf6lf"', tags=("injected-parameters",)))
    assert read_notebook_page(given, title="t", href="t.html").parameters == [
        {"name": "corpus", "value": '"zwölf"', "meaning": "folder of articles"},
        {"name": "top_n", "value": "3", "meaning": "rows shown"}]


def test_source_that_is_not_python_has_no_parameters():
    cells = [code("x = = 1", tags=("parameters",)), code("f'{'", tags=("parameters",))]
    assert read_notebook_page(v4.new_notebook(cells=cells), title="t", href="t.html").parameters == []


def test_failure_is_reported_first_and_in_place():
    html = convert(code("1/0", FAILED))
    assert says(html, 'href="#error-7"', "ValueError: ", "bad", "Which words?", 'id="error-7"')
    assert "<b>bad" not in html and "\x1b" not in html


def test_papermill_banners_are_left_out():
    banner = v4.new_markdown_cell('<span style="color:red">An Exception was encountered</span>')
    banner.metadata["tags"] = ["papermill-error-cell-tag"]
    assert "Exception was encountered" not in convert(banner)


def test_messages_of_a_step_are_shown():
    html = convert(code("x", v4.new_output("stream", name="stderr", text="careful <now>\n")))
    assert "&lt;now&gt;" in html


def test_scripts_and_widgets_in_outputs_are_dropped():
    for data in (
        {"application/javascript": "run()"},
        {"application/vnd.jupyter.widget-view+json": {"run()": "x"}},
    ):
        html = convert(code("x", v4.new_output("display_data", data)))
        assert "run()" not in html and "<script" not in html


def test_page_is_small_and_reproducible():
    html = convert()
    assert len(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL).encode()) < 60_000
    assert html == convert()


def test_the_given_notebook_is_not_changed():
    notebook = make_notebook()
    before = notebook.copy()
    convert_notebook(notebook)
    assert notebook == before


INDEX = {
    "corpus": "seeds",
    "question": "How is it reported?",
    "summary": {"Articles": "2"},
    "findings": [{"topic": "Who is quoted", "text": "CNN quotes 9 people, CGTN 1.", "href": "03.html#who"}],
    "pages": [
        {"title": "Corpus", "question": "What is there?", "href": "01.html", "status": "done"},
        {"title": "Keywords", "question": "Which words?", "href": "02.html", "status": "failed"},
    ],
    "failed": [{"title": "Keywords", "error": "ValueError: x", "href": "02.html"}],
    "limits": ["Two articles are a reading aid."],
}
METHOD = {
    "corpus": "seeds",
    "siblings": SIBLINGS,
    "tables": [{"name": "articles", "href": "tables/articles.csv", "row": "an article", "n_rows": 2}],
    "parameters": [{"name": "corpus", "value": "seeds", "meaning": "folder"}],
    "problems": [{"severity": "note", "step": "read", "reason": "no headline", "n": 1}],
    "citations": ["The authors. A report."],
    "method": ["We counted words."],
    "provenance": {"model": "m"},
}


def test_method_has_its_parts_in_order():
    html = write_method(METHOD)
    assert says(html, "The authors. A report.", "We counted words.", "no headline", "tables/articles.csv",
                "Parameters of this run", "Provenance</h2>")
    assert html.count("<h1") == 1 and "<script" not in html


def test_method_is_escaped():
    hostile = write_method(METHOD | {"corpus": HOSTILE, "citations": [HOSTILE], "method": [HOSTILE],
                                     "words": [(HOSTILE, HOSTILE)], "provenance": {HOSTILE: [HOSTILE]}})
    assert "<script" not in hostile and "<img" not in hostile and "\x00" not in hostile


def test_index_has_failures_then_findings_then_pages():
    html = write_index(INDEX)
    places = [
        html.index(said)
        for said in (
            "1 of 2 pages could not be finished",
            "CNN quotes 9 people, CGTN 1.",
            "What is there?",
            "Two articles are a reading aid.",
        )
    ]
    assert places == sorted(places)
    assert 'href="03.html#who"' in html and html.count("<h1") == 1 and "<script" not in html


def test_index_leaves_out_missing_parts():
    html = write_index({"corpus": "c", "question": "q"})
    assert '<h2 id="findings"' not in html and 'class="failed"' not in html


def test_index_is_small_and_escaped():
    hostile = {
        **INDEX,
        "corpus": HOSTILE,
        "question": HOSTILE,
        "limits": [HOSTILE],
        "summary": {HOSTILE: HOSTILE},
        "findings": [{"topic": HOSTILE, "text": HOSTILE, "href": "javascript:x", "page": HOSTILE, "more": "//x"}],
    }
    html = write_index(hostile)
    assert "<script" not in html and "<img" not in html and "javascript:" not in html and "\x00" not in html
    assert len(write_index(INDEX)) < 30_000


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "//evil.example",
        "https://evil.example",
        " x",
        "data:text/html,x",
        "java\nscript:x",
        "\\\\evil",
    ],
)
def test_index_leads_nowhere_outside(href):
    html = write_index({**INDEX, "findings": [{"text": "t", "href": href, "more": href, "page": "Words"}]})
    labels = [link.attributes["aria-label"] for link in read_elements(html, "a", href="#")]
    assert len(labels) == 2 and all(label.endswith("finding 1") for label in labels)


def test_index_without_a_question_raises():
    with pytest.raises(KeyError, match="question"):
        write_index({"corpus": "c"})


def test_rules_for_the_classes_of_cells_are_kept():
    frame = pd.DataFrame({"at": pd.to_datetime(["2021-03-17 12:00"], utc=True), "text": ["word " * 20]})
    cell = code("show_table(...)", *collect_outputs(show_table(frame, caption="c")))
    page = convert(cell)
    assert re.search('<t[dh][^<>]* class="ss-t">2021-03-17 12:00', page)
    assert ".ss-t{white-space:nowrap;}" in page
    assert ".ss-w{min-width:16em;}" in page


def test_a_proof_is_the_first_sentences_of_two_articles_and_repeats_none():
    parts = [EvidencePart(f"s{n}", frozenset(), "", [{"place": (article, start), "short": article}])
             for n, (article, start) in enumerate([("a", 5), ("b", 7), ("c", 1), ("b", 2)])]
    shown: set[str] = set()
    block = EvidenceBlock("e", "heading", "caption", 1, parts)
    assert [item["place"] for item in choose_proof(block, shown)] == [("a", 5), ("b", 7)]
    assert [item["place"] for item in choose_proof(block, shown)] == [("c", 1), ("b", 2)]
    assert choose_proof(block, shown) == []


def test_a_front_page_has_as_many_sentences_of_both_and_prefers_who_was_not_quoted():
    places = {("a", 1): "Lee, in a", ("a", 9): "a", ("b", 3): "b"}
    items = [{"place": place, "short": short} for place, short in places.items()]
    parts = [EvidencePart(f"s{n}", frozenset(), "", [item]) for n, item in enumerate(items)]
    block = EvidenceBlock("e", "heading", "caption", 1, parts)
    chosen = choose_proof(block, {"Lee, in a"}, max_turns=2, prefers_new=True)
    assert [item["place"] for item in chosen] == [("a", 9), ("b", 3)]
    more = EvidenceBlock("e", "heading", "caption", 1, [*parts, EvidencePart("s3", frozenset(), "", [
        {"place": ("b", 4), "short": "b"}])])
    assert [item["place"] for item in choose_proof(more, set(), max_turns=2)] == [
        ("a", 1), ("b", 3), ("a", 9), ("b", 4)]
    twice = EvidenceBlock("e", "heading", "caption", 1, [parts[0], EvidencePart("s4", frozenset(), "", [
        {"place": ("a", 1), "short": "a"}]), *parts[2:]])
    assert [item["place"] for item in choose_proof(twice, set(), max_turns=2)] == [("a", 1), ("b", 3)]
