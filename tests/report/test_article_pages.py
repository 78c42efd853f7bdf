"""Article pages: whole texts, links from every sentence shown and back, bounded, and text that stays text."""

import re
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pandas import Timestamp

from samestory.base.schema import TABLES, make_table
from samestory.report import article_pages
from samestory.report.article_pages import write_articles
from samestory.report.page_links import Citation
from samestory.show.anchors import name_article
from tests.support.markup import read_elements
from tests.support.tagged_corpus import write_tagged
from tests.support.wording import says

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e'
SAID = {"quotation_id": "q", "kind": "direct", "cue": "said", "cue_start": 8, "cue_end": 12, "cue_class": "neutral",
        "speaker": "Ann", "speaker_start": 4, "speaker_end": 7, "speaker_name": "Ann Lee", "resolution": "surname",
        "rule": "a rule", "confidence": 0.25, "anonymous": False, "text": "yes", "sentence": 0,
        "content_spans": [{"start": 0, "end": 3}], "quoted_spans": [{"start": 0, "end": 3}]}


@pytest.fixture
def write(tmp_path):
    """Writes the articles of a report that cites places; returns what was written, and article pages by id."""
    def make(articles: dict[str, list[str]], places: list[tuple], *, quotations=(), acts=(), parameters=None,
             **columns):
        tables = write_tagged(tmp_path / "tables", {(name, "CNN"): texts for name, texts in articles.items()},
                              quotations=[dict(row) for row in quotations])
        pq.write_table(make_table("lines", []), tables.path("lines"))
        pq.write_table(make_table("speech_acts", [dict(row) for row in acts]), tables.path("speech_acts"))
        frame = tables.read_all("articles").assign(n_words=2, path="a", sha256="b", **columns)
        frame.to_parquet(tables.path("articles"))
        report = tmp_path / "report"
        report.mkdir(parents=True)
        citations = [Citation(name, start, f"01.html#c{n}", "Names: Who") for n, (name, start) in enumerate(places)]
        written = write_articles(report, tables, citations, parameters=parameters or {},
                                 siblings=[("Names", "01.html")])
        pages = {name: report / "articles" / f"{name_article(name)}.html" for name in articles}
        return written, {name: path.read_text(encoding="utf-8") for name, path in pages.items() if path.exists()}
    return make


def read_text(html: str) -> str:
    """The text of an article, without its notes."""
    text = html.partition('<div class="text">')[2].partition("</div>")[0]
    return unescape(re.sub(r'<span class="role">[^<]*</span>|<sup>.*?</sup>|<[^>]*>', "", text))


@pytest.mark.slow
def test_an_article_is_complete_on_its_page(seeds, seeds_report):
    for article in seeds.articles.to_dict("records"):
        html = (seeds_report / "articles" / f"{name_article(article['article_id'])}.html").read_text(encoding="utf-8")
        assert read_text(html) == article["text"].replace("\r\n", "\n")


@pytest.mark.slow
def test_every_sentence_of_evidence_links_to_where_it_begins(seeds, seeds_report):
    texts = {name_article(row["article_id"]): row["text"] for row in seeds.articles.to_dict("records")}
    html = (seeds_report / "evidence" / "04_entities.html").read_text(encoding="utf-8")
    found = re.findall(r'<blockquote dir="auto">(.*?)</blockquote>\n<p class="ss-source" id="c\d+">'
                       r'<a href="../articles/([^"]+).html#o(\d+)">', html)
    assert len(found) == html.count("<blockquote")
    for sentence, name, start in found:
        assert texts[name][int(start):].startswith(unescape(re.sub("<[^>]*>", "", sentence)))


@pytest.mark.slow
def test_every_way_back_leads_to_a_sentence_that_leads_here(seeds_report):
    for page in (seeds_report / "articles").iterdir():
        shown = page.read_text(encoding="utf-8").partition('<h2 id="cited">')[2]
        back = re.findall(r'href="\.\./([^"#]+)#(c\d+)"', shown)
        assert back
        for href, anchor in back:
            html = (seeds_report / href).read_text(encoding="utf-8")
            assert re.search(rf'id="{anchor}"[^<>]*><a href="[^"]*articles/{page.name}#o', html)


def test_quotations_are_listed_with_speaker_cue_rule_and_confidence(write):
    _, pages = write({"a": ["yes Ann said", "no"]}, [("a", 0)], quotations=[SAID | {"article_id": "a"}],
                     parameters={"min_confidence": 0.5})
    listed = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", pages["a"].partition('<ol class="voices">')[2]))
    assert says(listed, "Ann Lee", "“Ann”", "said (neutral)", "direct", "yes", "surname", "rule: a rule;",
                "confidence 0.25", "left out")
    text = pages["a"].partition('<div class="text">')[2]
    classes = {kind: read_elements(text, "span", **{"class": kind})[0].text for kind in "msc"}
    assert classes == {"m": "yes", "s": "Ann", "c": "said"}
    assert says(text, 'class="t" id="o0"', 'class="q"', 'class="m"', "yes", "<sup>")


@pytest.mark.slow
def test_acts_are_marked_numbered_and_kept_apart_from_quotations(write):
    act = SAID | {"article_id": "a", "quotation_id": "b", "quoted_spans": [], "cue": "urged", "cue_class": "demanding"}
    _, pages = write({"a": ["yes Ann urged", "no"]}, [("a", 0)], acts=[act])
    legend, _, text = pages["a"].partition('<div class="text">')
    assert says(text, 'class="a"', "yes", "<sup>", 'href="#a1"', "a1</a>")
    assert len(read_elements(pages["a"], "h2", id="speech_acts")) == 1
    assert read_elements(pages["a"], "li", id="a1")[0].text.startswith("Ann Lee")
    assert 'id="q1"' not in pages["a"]
    assert says(legend, 'class="a"', "(a1")


@pytest.mark.slow
def test_a_place_within_a_sentence_leads_to_the_nearest_anchor_before_it(write):
    written, _ = write({"a": ["one two", "six ten"]}, [("a", 12), ("a", 8)])
    assert [written["a"].find(start) for start in (12, 8, 3)] == ["#o8", "#o8", "#o0"]


@pytest.mark.slow
def test_of_many_articles_only_those_that_are_shown_have_a_page(write, monkeypatch):
    monkeypatch.setattr(article_pages, "MAX_FULLY_PAGED_ARTICLES", 1)
    written, pages = write({"a": ["one"], "b": ["two"], "c": ["six"]}, [("a", 0)])
    assert list(pages) == list(written) == ["a"]


@pytest.mark.slow
def test_the_most_shown_come_first_if_there_is_no_room_for_all(write, monkeypatch):
    monkeypatch.setattr(article_pages, "MAX_ARTICLE_PAGES_BYTES", 15_000)
    _, pages = write({"a": ["one"], "b": ["two"], "c": ["six"]}, [("a", 0), ("c", 0), ("c", 0)])
    assert list(pages) == ["c"]


@pytest.mark.slow
def test_a_long_article_is_cut_around_what_is_shown(write):
    written, pages = write({"a": ["one", "x" * 500_000, "two", "y" * 500_000]}, [("a", 500_005)])
    assert len(pages["a"]) < 40_000
    assert 'class="gap"' in pages["a"] and ">two</span>" in pages["a"]
    assert written["a"].find(500_005) == "#o500005" and written["a"].find(900_000) == ""


@pytest.mark.slow
def test_lists_and_links_are_bounded_and_say_so(write, monkeypatch):
    monkeypatch.setattr(article_pages, "MAX_ARTICLE_LIST_ROWS", 2)
    _, pages = write({"a": ["one two"] * 9}, [("a", 8 * n) for n in range(9) for _ in range(9)])
    shown = pages["a"].partition('<h2 id="cited">')[2]
    assert shown.count("<li id=") == 2
    assert "and 3 more" in shown  # of 9 places
    assert "7 more sentences" in shown


@pytest.mark.parametrize(("url", "is_link"), [
    ("https://news.example/a?b=1&c=2", True), ("javascript:alert(1)", False), ("https://x y", False),
    ('https://x"onclick=alert(1)', False), ("//evil.example", False), ("data:text/html,x", False)])
def test_only_an_address_of_the_web_is_a_link(write, url, is_link):
    _, pages = write({"a": ["one"]}, [("a", 0)], url=url, url_from="file")
    links = re.findall(r'<a href="(?!#|\.\.)([^"]*)"([^>]*)>', pages["a"])
    assert [(unescape(href), rest) for href, rest in links] == [(url, ' rel="noreferrer noopener"')] * is_link
    assert unescape(re.sub("<[^>]*>", "", pages["a"])).count(url) == 1


def test_hostile_ids_headlines_and_texts_stay_text(write):
    _, pages = write({HOSTILE: [HOSTILE, HOSTILE]}, [(HOSTILE, 0)], headline=HOSTILE, byline=HOSTILE, event=HOSTILE)
    (html,) = pages.values()
    assert "<script" not in html and "<img" not in html and "\u202e" not in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_an_article_that_is_not_counted_says_why(write):
    _, pages = write({"a": ["one"]}, [("a", 0)], counted=False, duplicate_group="b")
    assert any(says(cell.text, "no:", " b") for cell in read_elements(pages["a"], "td"))
    assert "one" in read_text(pages["a"])


def test_an_article_that_the_corpus_lacks_has_no_page(write):
    written, pages = write({"a": ["one"]}, [("unknown", 3)])
    assert list(written) == list(pages) == ["a"]


@pytest.mark.slow
def test_two_runs_write_the_same_pages(write, seeds, tmp_path):
    def run(name: str) -> dict[str, bytes]:
        folder = Path(tmp_path / name)
        folder.mkdir()
        cited = [Citation(article_id, 0, "01.html#c1", "x") for article_id in seeds.articles["article_id"]]
        write_articles(folder, seeds, cited, parameters={"unit": "word", "top_n": 15, "min_count": 3}, siblings=[])
        return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.html"))}
    first = run("a")
    assert first == run("b") and len(first) == 2
    assert all(b'<h2 id="keywords">' in html for html in first.values())


def test_tables_of_the_articles_have_the_columns_that_a_page_lists():
    assert set(article_pages.ARTICLE_FACT_FIELDS) <= {column.name for column in TABLES["articles"].columns}


@pytest.mark.parametrize(("precision", "shown"), [("day", "2021-03-17"), ("month", "2021-03"),
                                                  ("minute", "2021-03-17 12:00 UTC")])
def test_a_date_is_as_precise_as_it_is_known(write, precision, shown):
    _, pages = write({"a": ["one"]}, [("a", 0)], published_at=Timestamp("2021-03-17 12:00", tz="UTC"),
                     published_precision=precision, published_at_from="sidecar")
    assert f"<td>{shown}</td>" in pages["a"]
