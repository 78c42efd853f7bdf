"""A report as a Word file, read back by python-docx, and by our own reader of Word files, which lxml does."""

import re
from io import BytesIO

import docx
import pytest
from lxml import html
from matplotlib.image import imread

from samestory.base.errors import SameStoryError
from samestory.export.exports import export_corpus
from samestory.export.finished_report import FinishedReport, find_report
from samestory.export.word_report import MAX_WORD_TABLE_ROWS, draw_picture, write_word_report
from samestory.read.corpus import find_corpus
from samestory.read.formats.docx import read_lines
from samestory.report.report_folder import read_run_file

PAGE = """<html><body><nav>skip me</nav><main><h1>A &lt;b&gt; title</h1><pre class="code">code()</pre>
<p>One <b>bold</b> word, {0}.</p><p class="ways"><a href="x">more</a></p><ul>
<li>first</li><li><a>third</a><p>second</p></li></ul>
<dl><div><dt>Articles</dt><dd>2</dd></div></dl><table><caption>Rows</caption><tr><th>a</th><th>b</th></tr>{1}</table>
<figure><figcaption>What it shows</figcaption><svg viewBox="0 0 30 20" width="30pt"><desc>alt &amp; text</desc>
<rect width="30" height="20" style="fill:var(--ink,#ff0000)"/></svg></figure></main></body></html>"""


def write_page(tmp_path, page: str):
    (tmp_path / "report").mkdir()
    for name in ("index.html", "method.html"):
        (tmp_path / "report" / name).write_text(page if name == "index.html" else "<main></main>", encoding="utf-8")
    report = FinishedReport(tmp_path / "report", {"files": {"index.html": "", "method.html": ""}})
    write_word_report(report, tmp_path / "x.docx")
    return docx.Document(str(tmp_path / "x.docx"))


def test_a_page_becomes_headings_sentences_tables_and_pictures(tmp_path):
    rows = "".join(f"<tr><td>=1+{n}</td><td>2</td></tr>" for n in range(MAX_WORD_TABLE_ROWS + 20))
    document = write_page(tmp_path, PAGE.format("\u202ebidi 🧑‍🚀", rows))
    shown = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.text]
    assert shown[:5] == [("Heading 1", "A <b> title"), ("Normal", "One bold word, \u202ebidi 🧑‍🚀."),
                         ("List Bullet", "first"), ("List Bullet", "third"), ("Normal", "second")]
    assert [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold][:1] == ["bold"]
    (table,) = document.tables
    assert len(table.rows) == MAX_WORD_TABLE_ROWS and table.rows[1].cells[0].text == "=1+0"
    assert any(text.startswith("21 more rows") for _, text in shown)
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr") == "alt & text"
    assert not any("skip" in text or "code" in text or text == "more" for _, text in shown)


def test_captions_sources_and_rows_stay_with_what_they_are_about(tmp_path):
    rows = f"<tr><td>CGTN</td><td>{'so many words ' * 20}</td></tr>"
    said = '</dl><blockquote>Words.</blockquote><p class="ss-source"><a>CGTN</a></p>'
    document = write_page(tmp_path, PAGE.format("x", rows).replace("</dl>", said))
    assert all(document.styles[name].paragraph_format.keep_with_next for name in ("Caption", "Quote"))
    assert "— CGTN" in [paragraph.text for paragraph in document.paragraphs]
    (table,) = document.tables
    assert [row._tr.xpath("count(./w:trPr/w:tblHeader)") for row in table.rows] == [1, 0]
    narrow, wide = (column.width for column in table.columns)
    assert wide > 5 * narrow and table.rows[1].cells[1].width == wide


def test_a_figure_is_drawn_in_the_colours_of_the_light_page():
    pixels = imread(BytesIO(draw_picture(re.search("<svg.*?</svg>", PAGE, re.DOTALL)[0])))
    assert pixels.shape[:2] == (60, 90) and pixels[30, 45][:3].tolist() == [1.0, 0.0, 0.0]


@pytest.mark.slow
def test_the_report_of_the_seeds_has_its_findings_tables_and_figures(report, tmp_path):
    path = export_corpus("seeds", to="docx", out=tmp_path / "seeds.docx", reports=report.folder.parent)
    document = docx.Document(str(path))
    pages = [html.parse(page).getroot() for page in find_report(find_corpus("seeds"), report.folder.parent).pages]
    titles = [" ".join(title.text_content().split()) for page in pages for title in page.iter("h1")]
    assert [found.text for found in document.paragraphs if found.style.name == "Heading 1"] == titles
    assert len(document.inline_shapes) == sum(len(page.findall(".//main//svg")) for page in pages) > 0
    assert len(document.tables) == sum(len(page.findall(".//main//table")) for page in pages) > 5
    said = {paragraph.text for paragraph in document.paragraphs}
    for finding in pages[0].iterfind(".//ol[@class='findings']//div[@class='claim']/p"):
        assert " ".join(finding.text_content().split()) in said
    with path.open("rb") as file:
        assert sum(len(line) for line in read_lines(file)) > 5_000


@pytest.mark.slow
def test_a_report_that_is_not_there_or_not_of_these_articles_is_refused(report, tmp_path, folder):
    with pytest.raises(SameStoryError, match="samestory run"):
        export_corpus("seeds", to="docx", out=tmp_path / "x.docx", reports=tmp_path / "none")
    other = folder({"a.txt": "Ann Lee said so."}, name="seeds")
    for name in ("docx", "rocrate"):
        with pytest.raises(SameStoryError, match="other articles"):
            export_corpus(other, to=name, out=tmp_path / "x.docx", reports=report.folder.parent)
    assert read_run_file(report.folder)["status"] == "ok" and not (tmp_path / "x.docx").exists()
