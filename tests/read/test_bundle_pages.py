"""Pages of databases: every article of a page with its fields, and no page with several as one article."""

import pytest

from samestory.read.formats.bundle_records import count_bundled, find_date
from tests.read.test_records import read

STORIES = [("Council shuts the swing bridge", "The Harbour Post", "Lena Marsh", "The council shut its bridge.", 1),
           ("Keeper goes after forty years", "Windle Gazette", "Ada Norris", "The last keeper came ashore.", 2)]


def make_lexisnexis(start="{} of 2 DOCUMENTS", date="May {}, 2024", byline="BYLINE", length="LENGTH"):
    return "<HTML><BODY><DIV><P>Download Request: 1-2<BR>Terms: bridge</P></DIV>" + "".join(
        f"<DIV><P><SPAN>{start.format(n)}</SPAN></P></DIV><BR><DIV><BR><P><IMG SRC='x'><BR>{outlet}</P></DIV>"
        f"<BR><DIV><P><SPAN>{date.format(n)}</SPAN><SPAN> Monday<BR>Late Edition</SPAN></P></DIV>"
        f"<DIV><P><B>{headline}</B></P></DIV><DIV><P><SPAN>{byline}: </SPAN><SPAN>{author}</SPAN></P></DIV>"
        f"<DIV><P>{length}: 9 words</P></DIV><DIV><P><SPAN>{text} (</SPAN><SPAN>It</SPAN>)</P><P>was<BR>old.</P></DIV>"
        f"<DIV><P>LOAD-DATE: May 9, 2024</P></DIV><DIV><P>Copyright 2024 {outlet}</P></DIV>"
        for headline, outlet, author, text, n in STORIES)


def make_proquest(between="", above=""):
    return f"<html><body>{above}" + between.join(
        f"<div><p></p><p>{headline}</p><p><b>Author: </b>{author}</p>"
        f"<p><b>Publication info: </b>{outlet} ; Windle {n} May 2024: A.3.</p><p><a>ProQuest document link</a></p>"
        f"<p><b>Abstract: </b></p><p>Old.</p><p><b>Full text: </b><text><p>{text} (It)</p><p>was old.</p></text></p>"
        f"<p><b>Subject: </b>Towns</p><p><b>ProQuest document ID: </b>20000000{n}</p><p><b>Database: </b>X</p></div>"
        for headline, outlet, author, text, n in STORIES)


def make_factiva(words="Wörter", date="{} Mai 2024", language="Englisch", document="Dokument"):
    return "<html><title>Factiva</title><body>" + "".join(
        f"<div class='article'><div class='article enArticle'><p></p><div>News</div>"
        f"<div id='hd'><span class='enHeadline'>{headline}</span></div><div class='author'>{author} </div>"
        f"<div>9 {words}</div><div>{date.format(n)}</div><div>09:05</div><div>{outlet}</div><div>CODE</div>"
        f"<div>{language}</div><div>(c) 2024 Media Inc.</div><p></p><p class='articleParagraph'>{text} (<b>It</b>)</p>"
        f"<p class='articleParagraph enarticleParagraph'>was old.</p><p>Media Inc.</p>"
        f"<p>{document} HARPOS000202405{n:02}ek510000{n}</p></div></div>"
        for headline, outlet, author, text, n in STORIES)


def make_europresse():
    return "<html><title>Europresse</title><body>" + "".join(
        f"<article><header><span class='DocPublicationName'>{outlet}, no. 24837</span>"
        f"<span class='DocHeader'>Villes, vendredi {n} mai 2024, p. 7</span><div class='titreArticle'>"
        f"<p class='titreArticleVisu'>{headline}</p></div><div class='docAuthors'>{author}</div></header>"
        f"<div class='docOcurrContainer'><p>{text} (<mark>It</mark>)</p><p>was old.</p></div>"
        f"<footer><div class='publiC-lblNodoc'>news·2024050{n}·HP·01</div></footer></article>"
        for headline, outlet, author, text, n in STORIES)


@pytest.mark.parametrize("page", [
    make_lexisnexis(), make_lexisnexis("Dokument {} von 2", "{}. Mai 2024", "AUTOR", "LÄNGE"),
    make_lexisnexis("Document {} de 2", "{} mai 2024", "AUTEUR", "LONGUEUR"),
    make_lexisnexis().replace("<P>", "<BR><BR>").replace("</P>", ""),
    make_proquest(), make_proquest("<hr>", "<p>Table of contents</p><hr>"), make_proquest("<p>Document 2 of 2</p>"),
    make_factiva(), make_factiva("字", "2024 年 5 月 {} 日", "英文", "文件"),
    make_factiva("mots", "{} mai 2024", "Anglais"),
    make_factiva("words", "{} May 2024", "English", "Document"), make_europresse()])
def test_a_page_of_a_database_is_as_many_articles_as_it_holds(folder, page):
    records, _ = read(folder({"a.html": page}))
    assert [(record.metadata["headline"], record.metadata["outlet"], record.metadata["byline"], record.text)
            for record in records] == [(*story[:3], f"{story[3]} (It)\nwas old.") for story in STORIES]
    assert all(find_date(record.metadata["published_at"]) for record in records)


@pytest.mark.parametrize("marks", [
    ("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"), ("Dokument 1 von 2", "Dokument 2 von 2"),
    ("Document 1 of 2", "Document 2 of 2"),
    ("ProQuest document ID: 200000001", "ProQuest document ID: 200000002"),
    ("Document HARPOS0020240501ek5100001", "Document HARPOS0020240502ek5100002"),
    ("文件 HARPOS0020240501ek5100001", "文件 HARPOS0020240502ek5100002")])
def test_what_holds_several_documents_is_never_one_article(folder, marks):
    lines = [part for mark in marks for part in (mark, "The council of Windle shut its bridge on Monday, it said.")]
    page = f"<html><body><article>{''.join(f'<p>{line}</p>' for line in lines)}</article></body></html>"
    records, problems = read(folder({"a.html": page, "b.jsonl": '{"text": "' + "\\n".join(lines) + '"}'}))
    assert records == []
    assert {row["path"] for row in problems if row["severity"] == "error"} == {"a.html", "b.jsonl"}
    assert "bundle of 2 documents" in problems[-1]["reason"]


@pytest.mark.parametrize("text", [
    "He read 1 of 3 DOCUMENTS aloud.\nThen 2 of 3 DOCUMENTS.", "1 of 2 DOCUMENTS\nOne.\n1 of 2 DOCUMENTS",
    "Document 27 of 40 is lost.", "The document HARPOS said so.\nThe Document KELBY said so."])
def test_an_article_that_mentions_documents_is_no_bundle(text):
    assert count_bundled(text) == 0
