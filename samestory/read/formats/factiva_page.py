"""Factiva's web pages whose articles are marked: headline, author and paragraphs by their classes, in any language.

The other fields are the blocks between headline and text, in a fixed order: length ("445 Wörter"), date, time, outlet,
its code, edition and page, language, copyright. What follows the text is the publisher, and "Document" with a number.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from samestory.base.language import read_language_names
from samestory.read.formats.bundle_records import find_date, make_record
from samestory.read.formats.factiva import FACTIVA_LENGTH_PATTERN, FACTIVA_NUMBER_PATTERN, FACTIVA_TIME_PATTERN
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem

FACTIVA_CLASSES_PATTERN = re.compile(r"class=[\"']?(?:[\w-]+ )*(?:\w{2}|)Headline\b|\bid=[\"']?hd\b", re.IGNORECASE)
PARAGRAPH_CLASS, AUTHOR_CLASS = "articleparagraph", "author"
HEADLINE_CLASS_END, ARTICLE_CLASS_END = "headline", "article"
HEADLINE_ID = "hd"
MAX_ARTICLE_DEPTH = 30  # elements between a headline and its article


def suits(head: str) -> bool:
    """Whether the source of a page has the classes of Factiva's articles."""
    return bool(FACTIVA_CLASSES_PATTERN.search(head)) and PARAGRAPH_CLASS in head.lower()


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a page, each named by its number in Factiva."""
    from lxml import html
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    root = html.document_fromstring("".join(lines).encode("utf-8", "replace"), parser=parser)
    headings = root.iter("div", "span", "h1", "h2", "h3", "p")
    containers = dict.fromkeys(found for found in map(_find_container, headings) if found is not None)
    for number, container in enumerate(containers, 1):
        yield _read_marked_article(container, number)
    if not containers:
        yield FoundProblem("error", "expected articles with a marked headline, found none")


def _find_container(element: Any) -> Any:
    """The article of an element that is a headline; None for any other element."""
    if element.get("id") != HEADLINE_ID and not _has_class(element, HEADLINE_CLASS_END):
        return None
    for depth, above in enumerate(element.iterancestors()):
        if _has_class(above, ARTICLE_CLASS_END) or depth > MAX_ARTICLE_DEPTH:
            return above
    return None


def _has_class(element: Any, ending: str) -> bool:
    return any(name.endswith(ending) for name in (element.get("class") or "").lower().split())


def _read_marked_article(container: Any, number: int) -> FoundArticle:
    above: list[str] = []
    found: dict[str, list[str]] = {"headline": [], "byline": [], "header": [], "text": [], "below": []}
    for element in _list_blocks(container):
        text = " ".join(element.text_content().split())
        if not text:
            continue
        if element.get("id") == HEADLINE_ID or _has_class(element, HEADLINE_CLASS_END):
            found["headline"].append(text)
        elif _has_class(element, AUTHOR_CLASS):
            found["byline"].append(text)
        elif _has_class(element, PARAGRAPH_CLASS):
            found["text"].append(text)
        elif found["text"]:
            found["below"].append(text)
        else:
            (found["header"] if found["headline"] else above).append(text)
    ids = [match[1] for line in found["below"] if (match := FACTIVA_NUMBER_PATTERN.fullmatch(line))]
    metadata = {"headline": " ".join(found["headline"]), "byline": " ".join(found["byline"]),
                "section": above[-1] if above else None, **read_header(found["header"])}
    return make_record(number, "\n".join(found["text"]), metadata, article_id=ids[0] if ids else "")


def _list_blocks(container: Any) -> Iterator[Any]:
    """The elements of an article that hold its fields and paragraphs; nested ones belong to the outermost."""
    from lxml import etree
    inside: Any = None
    for event, element in etree.iterwalk(container, events=("start", "end")):
        if inside is not None:
            inside = None if event == "end" and element is inside else inside
        elif event == "start" and element is not container and not _holds_blocks(element):
            inside = element
            yield element


def _holds_blocks(element: Any) -> bool:
    """Whether an element is a frame around the fields, not a field."""
    if element.get("id") == HEADLINE_ID or not isinstance(element.tag, str):
        return False
    return element.tag == "div" and any(child.tag in ("div", "p") for child in element)


def read_header(header: list[str]) -> dict[str, str | None]:
    """Date, outlet and language in the lines from the length on: "445 words", date, time, outlet and so on."""
    dated = next((i for i, line in enumerate(header) if find_date(line) and not FACTIVA_LENGTH_PATTERN.fullmatch(line)),
                 None)
    if dated is None:
        return {}
    below = header[dated + 1:]
    time = below.pop(0) if below and FACTIVA_TIME_PATTERN.fullmatch(below[0]) else ""
    return {"published_at": f"{header[dated]} {time}", "outlet": below[0] if below else None,
            "language": next((line for line in below[1:] if line.lower() in read_language_names()), None)}
