"""Article parts: several articles pasted into one file, and articles that only look like several."""

import pytest

from samestory.read.formats.article_parts import cut_articles
from tests.read.test_records import read
from tests.support.export_files import make_docx

BRIDGE = "The council of Windle shut its old bridge on Monday, after an engineer found cracks in two of its piers."
GOAT = "Sixty goats have eaten the brambles from the railway bank at Harrowby, and the trains run on time again."
HEADS = ["Council shuts the swing bridge\nCNN\nMay 1, 2024\n", "Goats clear the railway bank\nFox News\nMay 2, 2024\n"]


@pytest.mark.parametrize("between", ["\n-----\n\n", "\n* * *\n", "\n\n\n", "\n", "\f", "\nArticle 2\n", "\n=====\n\n"])
@pytest.mark.parametrize("heads", [
    HEADS, ["CNN\nCouncil shuts the bridge\nBy Ann Lee\n", "Fox News\nGoats clear the bank\nBy Tom Reed\n"],
    ["Title: Bridge\nSource: CNN\nDate: 2024-05-01\n", "Title: Goats\nSource: Fox News\nDate: 2024-05-02\n"],
    ["Council shuts bridge\nCNN | May 1, 2024\nhttps://cnn.com/a\n", "Goats\nEcho | May 2, 2024\nwww.echo.example\n"]])
def test_articles_with_heads_are_cut_apart(between, heads):
    text = f"{heads[0]}\n{BRIDGE}\n{between}{heads[1]}\n{GOAT}\n"
    parts = cut_articles(text)
    assert [text[start:end].strip() for start, end in parts.spans] == [f"{heads[0]}\n{BRIDGE}", f"{heads[1]}\n{GOAT}"]


@pytest.mark.parametrize("heads", [
    ["Council shuts bridge\nThe Windle Echo\nMay 1, 2024\n", "Goats clear bank\nKelby Times\nMay 2, 2024\n"],
    ["Council shuts old bridge | CNN\n", "Goats clear the bank | Fox News\n"],
    ["Council shuts old bridge (CNN, May 1, 2024)\n", "Goats clear the bank (Fox News, May 2, 2024)\n"]])
def test_heads_of_one_form_are_cut_though_their_outlets_are_unknown(heads):
    text = f"{heads[0]}\n{BRIDGE}\n\n{heads[1]}\n{GOAT}\n"
    assert [text[start:end].split("\n")[0] for start, end in cut_articles(text).spans] == [
        head.split("\n")[0] for head in heads]


@pytest.mark.parametrize("number", ["Article {}", "ARTICLE {} of 3:", "--- Story #{} ---", "Text {}. "])
def test_numbered_articles_need_no_more_than_a_title(number):
    stories = enumerate((BRIDGE, GOAT, BRIDGE), 1)
    text = "\n".join(f"{number.format(i)}\nA title of it\n\n{story}\n" for i, story in stories)
    assert [text[start:end].split("\n")[0] for start, end in cut_articles(text).spans] == ["A title of it"] * 3


@pytest.mark.parametrize("text", [
    f"Council shuts the bridge\nCNN\nMay 1, 2024\n\n{BRIDGE}\n\n{GOAT}",
    f"{BRIDGE}\n\n***\n\n{GOAT}\n\n***\n\n{BRIDGE}",
    f"Bridge shut\n\n{BRIDGE}\n\nA crosshead\n\n{GOAT}", f"{BRIDGE}\nArticle 50 was read aloud, he said.\n{GOAT}",
    f"Bridge shut\n\n{BRIDGE}\nWhat a day\n— Ann Lee (@annlee) May 2, 2024\n{GOAT}",
    "roses are red\nviolets are blue", "",
    f"Q&A\n\nWho shut it?\n\n{BRIDGE}\n\nWhen?\n\n{GOAT}"])
def test_one_article_stays_one(text):
    parts = cut_articles(text)
    assert (parts.spans, parts.doubtful) == (((0, len(text)),), ())


@pytest.mark.parametrize(("between", "line"), [
    ("-----\n\nGoats clear bank\n\n", 7), ("Goats clear bank\nFox News\n\n", 5)])
def test_what_may_be_several_is_reported_with_its_lines(folder, between, line):
    records, problems = read(folder({"a.txt": f"Bridge shut\n\n{BRIDGE}\n\n{between}{GOAT}"}))
    assert len(records) == 1
    assert f"looks like several articles: others may begin at line {line}" in problems[0]["reason"]


def test_a_document_with_several_articles_is_as_many(folder):
    lines = f"{HEADS[0]}{BRIDGE}\n{HEADS[1]}{GOAT}".split("\n")
    records, problems = read(folder({"cnn/a.docx": make_docx(lines)}))
    assert [record.article_id for record in records] == ["cnn/a:1", "cnn/a:2"]
    assert [record.text.split("\n")[3] for record in records] == [BRIDGE, GOAT]
    assert "lines 1, 5" in problems[0]["reason"]


def test_headings_of_a_document_are_told_and_with_an_outlet_below_them_cut(folder):
    plain, dated = [["Bridge shut", *mark, BRIDGE, "Goats clear bank", *mark, GOAT] for mark in ([], ["May 1, 2024"])]
    headings = ("Bridge shut", "Goats clear bank")
    records, problems = read(folder({"a.docx": make_docx(plain, headings=headings),
                                     "b.docx": make_docx(dated, headings=headings)}))
    assert [record.article_id for record in records] == ["a", "b:1", "b:2"]
    assert "looks like several articles" in problems[0]["reason"]
