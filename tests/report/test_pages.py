"""Pages contain everything they need, request nothing, hide no failure and trust no text."""

import re

import nbformat.v4 as v4
import pandas as pd
import pytest
from nbformat import NotebookNode

from samestory.draw.corpus import describe_words, plot_words
from samestory.report.pages import convert_notebook, slim_html, write_index
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
    described = {"alt": shown.alt, "caption": shown.caption}
    drawing = v4.new_output(
        "display_data", {"image/svg+xml": shown.svg}, metadata={"image/svg+xml": described}
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
            v4.new_markdown_cell("# Which words?\n\nWhy it *matters*.\n\n## First part\n\nSee `this`."),
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
            v4.new_markdown_cell("## Second part\n\n## First part"),
            *more,
        ]
    )


def convert(*more: NotebookNode, **options) -> str:
    return convert_notebook(
        make_notebook(*more),
        **{
            "title": "Keywords",
            "siblings": SIBLINGS,
            "provenance": {"model": "m", "versions": {"a": "1"}},
            **options,
        },
    )


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
    assert anchors == [
        ("first-part", "First part"),
        ("second-part", "Second part"),
        ("first-part-2", "First part"),
    ]
    assert all(f'<h2 id="{anchor}">' in html for anchor, _ in anchors)


def test_page_without_a_heading_gets_its_title():
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("Only text.")])
    html = convert_notebook(notebook, title="Alone", siblings=[], provenance={})
    assert "<h1>Alone</h1>" in html and "<footer>" not in html


def test_hostile_text_stays_text():
    html = convert(v4.new_markdown_cell(HOSTILE), title=HOSTILE, provenance={HOSTILE: HOSTILE})
    assert "<script" not in html and "<img src=x" not in html
    assert "\x00" not in html and "\u202e" not in html


def test_figure_has_alt_text_caption_and_table():
    html = convert()
    assert says(html, '<figure class="plot">', "<figcaption>", "Words, by article", "<svg ", 'role="img"', "<desc",
                "CGTN: 300 words", "</figure>")
    assert "ss-behind" in html


def test_image_without_description_says_so():
    html = convert(code("x", v4.new_output("display_data", {"image/png": "aGk="})))
    assert re.search('alt="[^"]*without a description"', html)


def test_no_id_comes_twice():
    other = collect_outputs(draw_words("Another caption"))
    ids = re.findall(r' id="([^"]+)"', convert(code("y", *other)))
    assert len(ids) == len(set(ids))


def test_code_is_present_and_folded():
    html = convert()
    assert "Code of step 3" in [summary.text for summary in read_elements(html, "summary")]
    assert "<details open" not in html
    assert "show_figure" in strip_tags(html)


def test_page_has_no_superfluous_style_or_span():
    html = convert()
    assert html.count("<style>") == 1 and "table.ss-table" not in html
    assert not re.search('<span class="(n|p|o|nf)">', html)
    assert '<span class="kn">' in convert(code("import a"))


def test_code_is_escaped():
    assert "<b>" not in convert(code("a <b> '</pre>'  # <b>")).replace("<b>bad", "")
    assert "a &lt;b&gt; " in convert(code("a <b> 1"))


def test_parameters_are_those_of_the_run():
    text = strip_tags(convert())
    assert says(text, "Parameters", "corpus &#34;seeds&#34;", "folder of articles", "top_n 3", "rows shown")
    assert text.count("top_n 3") == 1


def test_source_that_is_not_python_shows_no_parameters():
    notebook = v4.new_notebook(
        cells=[code("x = = 1", tags=("parameters",)), code("f'{'", tags=("parameters",))]
    )
    html = convert_notebook(notebook, title="t", siblings=[], provenance={})
    assert 'aria-label="Parameters"' in html and "<td" not in html


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


def test_the_given_notebook_is_not_changed(tmp_path):
    notebook = make_notebook()
    before = notebook.copy()
    convert_notebook(notebook, title="t", siblings=[], provenance={})
    assert notebook == before
    path = tmp_path / "n.ipynb"
    import nbformat

    nbformat.write(notebook, path)
    assert "Which words?" in convert_notebook(path, title="t", siblings=[], provenance={})


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
    "tables": [{"name": "articles", "href": "tables/articles.csv", "row": "an article", "n_rows": 2}],
    "parameters": [{"name": "corpus", "value": "seeds", "meaning": "folder"}],
    "problems": [{"severity": "note", "step": "read", "reason": "no headline", "n": 1}],
    "limits": ["Two articles are a reading aid."],
    "citations": ["The authors. A report."],
    "method": ["We counted words."],
    "provenance": {"model": "m"},
}


def test_index_has_failures_then_findings_then_pages():
    html = write_index(INDEX)
    places = [
        html.index(said)
        for said in (
            "1 of 2 pages could not be finished",
            "CNN quotes 9 people, CGTN 1.",
            "What is there?",
            "Two articles are a reading aid.",
            "no headline",
            "tables/articles.csv",
            "Parameters of this run",
            "Provenance</h2>",
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
        "citations": [HOSTILE],
        "method": [HOSTILE],
        "provenance": {HOSTILE: [HOSTILE]},
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


def test_numbers_stay_right_aligned_in_whichever_column():
    day = pd.Timestamp("2021-03-17")
    frame = pd.DataFrame({"outlet": ["CNN"], "at": [day], "n": [3], "share": ["1 of 2"], "m": [4]})
    html = slim_html(show_table(frame, caption="c").html)
    assert "n3 n5" in html and "ss-n" not in html
    wide = show_table(pd.DataFrame({f"n_{i}": [1] for i in range(40)}), caption="c").html
    assert slim_html(wide).count('class="ss-n"') == 80


def test_rules_for_the_classes_of_cells_are_kept():
    frame = pd.DataFrame({"at": pd.to_datetime(["2021-03-17 12:00"], utc=True), "text": ["word " * 20]})
    cell = code("show_table(...)", *collect_outputs(show_table(frame, caption="c")))
    page = convert_notebook(make_notebook(cell), title="Words", siblings=SIBLINGS, provenance={})
    assert re.search("<t[dh][^<>]* class=ss-t>2021-03-17 12:00", page)
    assert ".ss-t{white-space:nowrap;}" in page
    assert ".ss-w{min-width:16em;}" in page
