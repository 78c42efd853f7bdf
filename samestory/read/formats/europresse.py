"""Europresse's web pages: an element `article` for each, with outlet, date line, title, authors and text by class.

The date is among the words of its line ("Politique, vendredi 3 mai 2024, p. 7"); the number of the document has it, too
("news·20240503·LM·0123").
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from samestory.read.formats.bundle_records import find_date, make_record
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem

OUTLET_CLASSES, HEADER_CLASSES = ("DocPublicationName",), ("DocHeader",)
TITLE_CLASSES = ("rdp__articletitle", "titreArticleVisu", "titreArticle", "grandTitre")
EUROPRESSE_AUTHOR_CLASSES = ("docAuthors", "sm-margin-bottomNews")
TEXT_CLASSES, NUMBER_CLASSES = ("docOcurrContainer", "DocText"), ("publiC-lblNodoc",)
EUROPRESSE_NUMBER_PATTERN = re.compile(r"\w{2,10}·((?:19|20)\d\d)(\d\d)(\d\d)·[\w·-]{2,60}")
ISSUE_PATTERN = re.compile(r",? (?:no|n°|nº|vol)\.? ?\d.*$|\s*;.*$", re.IGNORECASE)


def suits(head: str) -> bool:
    """Whether the source of a page has the classes of Europresse's articles."""
    return "<article" in head.lower() and OUTLET_CLASSES[0] in head


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a page; one without its number in Europresse is named by its place."""
    from lxml import html
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    root = html.document_fromstring("".join(lines).encode("utf-8", "replace"), parser=parser)
    articles = [article for article in root.iter("article") if _find_by_class(article, OUTLET_CLASSES) is not None]
    for number, article in enumerate(articles, 1):
        yield _read_europresse_article(article, number)
    if not articles:
        yield FoundProblem("error", "expected articles with the name of their outlet, found none")


def _read_europresse_article(article: Any, number: int) -> FoundArticle:
    value = {name: _join_words_of(_find_by_class(article, classes)) for name, classes in
             {"outlet": OUTLET_CLASSES, "header": HEADER_CLASSES, "headline": TITLE_CLASSES,
              "byline": EUROPRESSE_AUTHOR_CLASSES, "number": NUMBER_CLASSES}.items()}
    coded = EUROPRESSE_NUMBER_PATTERN.search(value["number"])
    date = find_date(value["header"]) or ("-".join(coded.groups()) if coded else None)
    section = value["header"].split(",")[0]
    metadata = {"outlet": ISSUE_PATTERN.sub("", value["outlet"]), "headline": value["headline"],
                "byline": value["byline"], "published_at": date, "section": None if find_date(section) else section}
    text = "\n".join(_list_text_lines(_find_by_class(article, TEXT_CLASSES)))
    return make_record(number, text, metadata, article_id=coded.group() if coded else "")


def _list_text_lines(text: Any) -> list[str]:
    """The paragraphs of a text; one without paragraphs is a line for each piece between its breaks."""
    if text is None:
        return []
    for line_break in text.iter("br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    paragraphs = [paragraph.text_content() for paragraph in text.iter("p")] or text.text_content().split("\n")
    return [line for line in (" ".join(paragraph.split()) for paragraph in paragraphs) if line]


def _find_by_class(article: Any, names: tuple[str, ...]) -> Any:
    """The first element that has the first of these classes that any has."""
    for name in names:
        for element in article.iter():
            if name in (element.get("class") or "").split():
                return element
    return None


def _join_words_of(element: Any) -> str:
    return " ".join(element.text_content().split()) if element is not None else ""
