"""Labelled lines: fields above or below the text of a file."""

import pytest

from samestory.clean.articles import clean_article
from samestory.clean.labelled_lines import read_labelled_head
from samestory.read.formats.formats import Record


@pytest.mark.parametrize(("lines", "values"), [
    (["TITLE: Choir sings", "PUBLISHED: 3 June 2022", "It sang."],
     {"headline": "Choir sings", "published_at": "3 June 2022"}),
    (["---", 'title: "Flour runs out"', "authors:", "- Tom Reed", "- Ann Lee", "---", "Bakers closed."],
     {"headline": "Flour runs out", "byline": "Tom Reed, Ann Lee"}),
    (["**Headline:** Choir sings", "**Outlet:** Post", "It sang."], {"headline": "Choir sings", "outlet": "Post"}),
    (["Title:", "Choir sings", "By:", "Ruth Adair", "It sang."], {"headline": "Choir sings", "byline": "Ruth Adair"}),
    (["Choir sings", "It sang.", "Source: Post", "URL: https://post.example/a"],
     {"outlet": "Post", "url": "https://post.example/a"}),
    (["Source: minister knew", "The minister knew of it."], {}), (["By: all means", "It sang."], {}),
    (["It sang.", "Source: Post", "Date: 2 May"], {"outlet": "Post", "published_at": "2 May"}),
    (["Source: Post"] * 3, {})])
def test_labels_are_read_where_there_are_two_or_a_headline(lines, values):
    assert read_labelled_head(lines).values == values


def test_labels_become_metadata_and_the_text_begins_behind_its_own():
    text = "Title: Mill stands still\nSource: CNN\nUpdated: 2 May 2024\nText: The mill has lost its wheel.\nIt rests."
    article = clean_article(Record("a", "a.txt", text))
    assert [article.row[name] for name in ("headline", "outlet", "published_at")] == ["Mill stands still", "CNN", None]
    assert f"{article.row['updated_at']:%Y-%m-%d}" == "2024-05-02"
    assert [line.role for line in article.lines] == ["other", "outlet", "dateline", "body", "body"]
    assert text[article.lines[3].start:article.lines[3].end] == "The mill has lost its wheel."
