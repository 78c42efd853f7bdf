"""Readers of database exports: every article of a bundle with its headline, outlet, date and body.

The fixtures are built from published descriptions (see fixtures/README.md).
"""


import pytest

from samestory.read.formats.bundle_records import find_date
from samestory.read.formats.rtf import read_text
from tests.read.test_records import read
from tests.support.export_files import make_docx
from tests.support.folders import FIXTURES

BRIDGE, CAFE = "Harbour bridge reopens after storm repairs", "Café owners fight new rules"
NEXIS = ["User Name: A Reader", "Date and Time: Monday, June 7, 2021 7:11:00 PM CEST", "Job Number: 70000001",
         "Documents (2)", f"1. {BRIDGE}", "Client/Matter: -None-", "Search Terms: bridge", f"2. {CAFE}",
         "Client/Matter: -None-", BRIDGE, "The Coast Herald", "May 4, 2021 Tuesday 6:15 AM GMT", "",
         "\nCopyright 2021 The Coast Herald", "Section:\u00a0Section A; Pg. 3", "Length:\u00a058 words",
         "Byline:\u00a0By Mary Dunne", "Body", "",
         "PORTMORE -- The bridge across the harbour opened again on Tuesday.",
         "“We promised the islanders their road back,” said Tom Reilly.",
         "TD is how some engineers call the tidal dam, he added.", "\nhttp://coastherald.example/bridge.html",
         "\nGraphic", "PHOTO: Dawn", "\nClassification", "Language: ENGLISH", "Publication-Type: Newspaper",
         "\nLoad-Date: May 6, 2021", "\nEnd of Document",
         CAFE, "Valley Post", "May 5, 2021 Wednesday, Late Edition - Final", "Copyright 2021 Valley Post",
         "Length: 20 words", "Body", "Café owners have gone to court.",
         "A first hearing is planned for the end of June.", "Load-Date: May 6, 2021", "End of Document"]
BRIDGE_TEXT = ("PORTMORE -- The bridge across the harbour opened again on Tuesday.\n“We promised the islanders their"
               " road back,” said Tom Reilly.\nTD is how some engineers call the tidal dam, he added.")
CAFE_TEXT = "Café owners have gone to court.\nA first hearing is planned for the end of June."


def read_fixture(folder, name):
    """The articles of a fixture, or of the Word file made above."""
    content = make_docx(NEXIS) if name == "nexis.docx" else (FIXTURES / name).read_bytes()
    return read(folder({name: content}))


@pytest.mark.parametrize(("name", "dates"), [
    ("nexis.docx", ("May 4, 2021 6:15 AM GMT", "May 5, 2021")),
    ("nexis.rtf", ("May 4, 2021 6:15 AM GMT", "May 5, 2021")),
    ("factiva_indexed.html", ("4 May 2021 06:15", "5 May 2021")),
    ("factiva_indexed.rtf", ("4 May 2021 06:15", "5 May 2021")),
    ("factiva_plain.html", ("4 May 2021 06:15", "5 May 2021"))])
def test_articles_of_an_export_are_read(folder, name, dates):
    records, problems = read_fixture(folder, name)
    assert [record.text for record in records] == [BRIDGE_TEXT, CAFE_TEXT]
    found = [record.metadata for record in records]
    assert [one["headline"] for one in found] == [BRIDGE, CAFE]
    assert [one["outlet"] for one in found] == ["The Coast Herald", "Valley Post"]
    assert tuple(one["published_at"] for one in found) == dates
    assert (found[0]["byline"], "byline" in found[1]) == ("Mary Dunne", False)
    assert ["not yet tried" in row["reason"] for row in problems] == [True] * (name != "nexis.docx")


@pytest.mark.parametrize(("above", "date"), [
    (["Correction Appended"], None), (["(Green)", "May 1, 2024 Wednesday 9:20 AM GMT"], "May 1, 2024 9:20 AM GMT"),
    (["Green", "May 1, 2024 Wednesday"], "May 1, 2024"), (["May 1, 2024", "Clarification Appended"], "May 1, 2024")])
def test_a_blog_or_note_below_the_outlet_is_no_outlet(folder, above, date):
    fields = ["Copyright 2024 X", "Length: 9 words", "Body", "The bridge is shut.", "Load-Date: May 3, 2024",
              "End of Document"]
    records, _ = read(folder({"a.docx": make_docx([BRIDGE, "The Post", *above, *fields])}))
    assert (records[0].metadata["headline"], records[0].metadata["outlet"]) == (BRIDGE, "The Post")
    assert records[0].metadata["published_at"] == (date or "May 3, 2024")


@pytest.mark.parametrize("above", [
    ["News", BRIDGE, "Mary Dunne"], [BRIDGE, "Mary Dunne in Portmore"], [BRIDGE, "BY MARY DUNNE"]])
def test_a_byline_without_by_is_no_headline(folder, above):
    text = [*above, "58 Wörter", "4 Mai 2021", "The Post", "POST", "Englisch", "(c) 2021 Post & Co. Inc.", "It opened.",
            "Post & Co. Inc.", "Dokument POST000020210504eh5400001"]
    records, _ = read(folder({"a.txt": "\n".join(text)}))
    assert (records[0].metadata["headline"], records[0].text) == (BRIDGE, "It opened.")
    assert records[0].metadata["byline"].casefold().startswith("mary dunne")
    assert records[0].metadata["language"] == "en"


def test_codes_with_one_space_are_read_and_a_sentence_that_begins_like_one_is_text(folder):
    text = ["HD " + BRIDGE, "BY Mary Dunne", "PD 4 May 2021", "SN The Post", "LA English", "LP It opened.",
            "TD ", "IN a storm it shook.", "IN i1 : Bridges", "AN Document POST000020210504eh5400001"]
    records, _ = read(folder({"a.txt": "\n".join(text)}))
    assert (records[0].metadata["headline"], records[0].text) == (BRIDGE, "It opened.\nIN a storm it shook.")


def test_an_old_lexisnexis_bundle_is_read_with_its_lines_joined(folder):
    records, _ = read_fixture(folder, "lexisnexis.txt")
    first, second = (record.metadata for record in records)
    assert records[0].text.split("\n")[0] == ("The bridge across the harbour opened to traffic on Wednesday, ten weeks"
                                              " after a storm tore away part of its eastern ramp.")
    assert records[0].text.endswith("LOAD: two tons, no more.")
    assert first == {"outlet": "The Coast Herald", "published_at": "May 4, 2011", "byline": "Mary Dunne, in Portmore",
                     "headline": "Harbour bridge reopens, and a town that waited for it celebrates",
                     "section": "NEWS; Pg. 3", "language": "en"}
    assert second["published_at"] == "May 5, 2011 3:15 PM GMT"


def test_a_proquest_bundle_is_read_and_its_gaps_reported(folder):
    records, problems = read_fixture(folder, "proquest.txt")
    assert [record.article_id for record in records] == ["2520000001"]
    assert records[0].text.split("\n")[1] == ('"We promised the islanders their road back," said Tom Reilly: "They have'
                                              ' it."')
    assert records[0].metadata == {
        "headline": BRIDGE, "byline": "Dunne, Mary", "outlet": "The Coast Herald", "section": "News", "language": "en",
        "published_at": "May 4, 2021", "url": "https://search.proquest.example/docview/2520000001"}
    assert "'Council delays vote on parking'" in problems[-1]["reason"]


def test_a_factiva_export_turned_into_text_is_read(folder):
    text = "\n".join(["News", BRIDGE, "By Mary Dunne", "58 words", "4 May 2021", "The Coast Herald", "COAH", "English",
                      "(c) 2021 The Coast Herald", "The bridge opened.", "", "Document COAH000020210504eh5400001", ""])
    records, _ = read(folder({"a.txt": text}))
    assert (records[0].article_id, records[0].text) == ("COAH000020210504eh5400001", "The bridge opened.")
    assert records[0].metadata["headline"] == BRIDGE


@pytest.mark.parametrize("text", ["The board met. 1 of 3 DOCUMENTS was read aloud.", "Title: x\nBody\nLength of stay",
                                  "_" * 60 + "\nA letter", "He wrote 300 words\nNobody knows when.",
                                  "Bridge shut\n3 min\nMay 4, 2024\nThe bridge is shut.",
                                  "2 dead\nOn May 4, 2024 the bridge fell. It was old."])
def test_ordinary_text_is_no_bundle(folder, text):
    records, problems = read(folder({"a.txt": text, "b.docx": make_docx([text])}))
    assert records[0].text == text
    assert len(records) == 2
    assert problems == []


def test_a_word_document_is_an_article(folder):
    records, problems = read(folder({"cnn/a.docx": make_docx(["One “two”\nthree", "", "Tab\tand & <sign>"])}))
    assert (records[0].article_id, records[0].text) == ("cnn/a", "One “two”\nthree\n\nTab\tand & <sign>\n")
    assert problems == []


@pytest.mark.parametrize("declared", ['<!DOCTYPE d [<!ENTITY x SYSTEM "file:/etc/hostname">]>',
                                      '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY x "&a;&a;&a;">]>'])
def test_a_word_file_with_entities_is_refused(folder, declared):
    hostile = make_docx(["before", "ENTITY"], before=declared)
    records, problems = read(folder({"a.docx": hostile, "good.txt": "x"}))
    assert len(records) == len(problems) == 1
    assert "declares entities" in problems[0]["reason"]


@pytest.mark.parametrize(("rtf", "text"), [
    (rb"{\rtf1\ansi caf\'e9 \u8220?x\u8221? \endash\~y\line z\par}", "café “x” –\xa0y\nz\n"),
    (rb"{\rtf1\ansi\uc2\u-10179??\u-8704??{\*\unknown hidden}{\pict\bin5 }}}}}}shown}", "\U0001f600shown"),
    (rb"{\rtf1\ansicpg936 \'c4\'e3\'ba\'c3}", "你好"),
    (rb"{\rtf1 a\{b\}\\c {\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "a{b}\\c link"),
    (b"{\\rtf1 " + b"{" * 100_000 + b"x", "x"), (b"{\\rtf1 " + b"{" * 3_000 + b"x" + b"}" * 2_999 + b"\\*y}z", "xz"),
    (rb"{\rtf1 a{\*hidden{{}}}b{}{{}}\par{}c", "ab\nc"), (b"{\\rtf1 \\'zz\\", "zz")])
def test_rtf_becomes_text(rtf, text):
    assert read_text(rtf) == text


@pytest.mark.parametrize(("line", "date"), [
    ("May 4, 2011 Wednesday", "May 4, 2011"), ("4 May 2011", "4 May 2011"), ("Sept 3, 2020", "Sept 3, 2020"),
    ("5 May 2020 Tuesday 10:05 GMT", "5 May 2020 10:05 GMT"), ("Maybe 4, 2011", None), ("no date", None)])
def test_dates_are_found_in_header_lines(line, date):
    assert find_date(line) == date
