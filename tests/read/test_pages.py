"""Reader of web pages: headline, day and body are right, and everything around the article is left out."""


import pytest

from samestory.read.formats.markup import decode_html
from tests.read.test_records import read
from tests.support.folders import FIXTURES

PAGES = FIXTURES / "pages"
EXPECTED = {  # headline, byline, moment, first and last words of the body, something that is no part of it
    "cafe": ("Café owners fight the new noise rules", "José Marín", "2019-11-02", "Café owners in the old town",
             "no music after eight.", "1 Mill Lane"),
    "harbour": ("Harbour bridge reopens after storm repairs", "Mary Dunne", "2023-05-04T06:15:00+01:00",
                "The bridge across the harbour", "publish it in full.", "Most read"),
    "water": ("Parliament passes water bill after night of debate", "Grace Oduya; Peter Lund",
              "2021-03-18T23:50:00-05:00", "Parliament passed a bill", "agriculture and environment.", "First reader")}


@pytest.mark.parametrize("name", EXPECTED)
def test_headline_date_and_body_of_a_saved_page_are_right(folder, name):
    headline, byline, moment, first, last, outside = EXPECTED[name]
    records, problems = read(folder({f"{name}.html": (PAGES / f"{name}.html").read_bytes()}))
    found, lines = records[0].metadata, records[0].text.split("\n")
    assert (found["headline"], found["byline"], found["published_at"]) == (headline, byline, moment)
    assert any(line.startswith(first) for line in lines[:3])
    assert lines[-1].endswith(last)
    assert outside not in records[0].text
    assert problems == []


def test_each_paragraph_is_a_line(folder):
    records, _ = read(folder({"a.htm": (PAGES / "harbour.html").read_bytes()}))
    assert len(records[0].text.split("\n")) == 8
    assert {name: records[0].metadata[name] for name in ("outlet", "section", "url", "updated_at")} == {
        "outlet": "The Coast Herald", "section": "News", "updated_at": "2023-05-04T11:40:00+01:00",
        "url": "https://www.coastherald.example/news/2023/05/04/harbour-bridge-reopens"}


@pytest.mark.parametrize(("data", "text"), [
    ('<meta charset="iso-8859-1">“é”'.encode("cp1252"), "“é”"), ('<meta charset="koi8-r">да'.encode("koi8-r"), "да"),
    ('<meta charset="iso-8859-1">é'.encode(), "é"), ('<meta charset="no-such">é is here'.encode("cp1252"), "é is here"),
    ('<meta charset="rot13">é, he said'.encode("cp1252"), "é, he said"), ("<p>é".encode("utf-16"), "<p>é")])
def test_pages_are_decoded_as_declared_unless_they_are_utf8(data, text):
    assert decode_html(data)[0].endswith(text)


@pytest.mark.parametrize("page", [
    "<html>" + "<div>" * 50_000, "<html><p>" + "<b>x" * 50_000, "<html>" + "<a href='" * 50_000,
    "<html>" + "<div><p>word</p></div>" * 8_000,
    '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><p>&b;</p></html>',
    "<html><script type='application/ld+json'>" + '"datePublished" : ' * 50_000 + "</script>"])
@pytest.mark.slow
def test_hostile_pages_end_soon(folder, page):
    records, problems = read(folder({"a.html": page, "good.txt": "x"}))
    assert records[-1].text == "x"
    assert len(records) + len(problems) >= 2
