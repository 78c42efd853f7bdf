"""Web pages: the article and its metadata in a page saved from a browser, as found by trafilatura.

The text has one line per paragraph. Comments and everything around the article are left out. trafilatura
gives the day of publication; the time of day is taken from the page's own metadata for that day.
"""

import re
from collections.abc import Iterator
from typing import IO, Any

from samestory.read.formats.bundle_records import describe_bundle, may_be_bundle
from samestory.read.formats.formats import Found, FoundArticle, Unreadable
from samestory.read.formats.markup import read_page
from samestory.read.formats.page_facts import (
    choose_headline,
    find_saved_address,
    is_slogan,
    list_headings,
    list_paragraphs,
    measure_kept_share,
    name_host,
)

MAX_PAGE_ELEMENTS = 15_000  # news pages have about 3,000; trafilatura takes four times as long for twice as many
MIN_KEPT_SHARE = 0.7  # of the words in a page's paragraphs; an article that has less is told
EMPTY_PAGE_MESSAGE = "expected an article, found no text in the page; is it a list of links, or written by a script?"
PUBLISHED_META_NAMES = ("article:published_time", "datePublished", "publishdate", "pubdate", "date", "parsely-pub-date",
                        "sailthru.date", "dc.date.issued", "DC.date.issued", "og:article:published_time",
                        "cXenseParse:recs:publishtime")
UPDATED_META_NAMES = ("article:modified_time", "dateModified", "lastmod", "og:updated_time", "last-modified")
PAGE_TIMESTAMP_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,9})?"
                                    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
JSON_LD_DATE_PATTERN = re.compile(r'"(datePublished|dateModified)"\s{0,9}:\s{0,9}"([^"]{10,40})"')


def read(file: IO[bytes]) -> Iterator[Found]:
    """The article in an .html file; its id comes from its path."""
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html
    text, warning = read_page(file)
    tree = load_html(text) if text.strip() else None
    if tree is None:
        raise Unreadable("expected an HTML page, found no markup")
    if (n := int(tree.xpath("count(//*)"))) > MAX_PAGE_ELEMENTS:
        raise Unreadable(f"expected a page of at most {MAX_PAGE_ELEMENTS:,} elements, found {n:,}; save its text"
                         " as .txt")
    if bundled := _describe_bundle_page(tree):
        raise Unreadable(bundled)
    times, headings, paragraphs = find_times(tree), list_headings(tree), list_paragraphs(tree)
    found: Any = bare_extraction(tree, with_metadata=True, include_comments=False, include_formatting=False)
    if found is None:
        yield FoundArticle("", if_empty=EMPTY_PAGE_MESSAGE)
        return
    url = found.url or find_saved_address(text)
    host = (found.hostname or name_host(url or "")).removeprefix("www.")
    outlet = host if found.sitename and is_slogan(found.sitename, host) else found.sitename or host
    body = found.text or ""
    metadata = {"outlet": outlet, "headline": choose_headline(headings, found.title, body, outlet),
                "byline": found.author, "section": ", ".join(found.categories or []), "url": url,
                "language": found.language or tree.get("lang"),
                "published_at": _add_time(found.date, times.get("published_at")),
                "updated_at": times.get("updated_at")}
    yield FoundArticle(body, {name: value for name, value in metadata.items() if value},
                       warnings=tuple(filter(None, (warning, _describe_loss(paragraphs, body)))),
                       if_empty=EMPTY_PAGE_MESSAGE)


def _describe_bundle_page(tree: Any) -> str:
    """The reason why a page is a bundle, from its texts a line each; lxml joins them faster than they are listed."""
    from lxml.etree import tostring
    if not may_be_bundle(tostring(tree, method="text", encoding="unicode")):
        return ""
    return describe_bundle("\n".join(map(str.strip, tree.itertext())))


def _describe_loss(paragraphs: list[str], body: str) -> str | None:
    share = measure_kept_share(paragraphs, body)
    if not body.strip() or share is None or share >= MIN_KEPT_SHARE:
        return None
    return (f"the article that was found has {share:.0%} of the words in the page's paragraphs; compare it with the"
            " page, and save its text as .txt if something is missing")


def find_times(tree: Any) -> dict[str, str]:  # an element of lxml, which has no types
    """The times of publication and of the last change, if a page's metadata give them with a time of day."""
    given: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name:
            given.setdefault(name, meta.get("content") or "")
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            for name, value in JSON_LD_DATE_PATTERN.findall(script.text[:200_000]):
                given.setdefault(name, value)
    stamps = {name: value.strip() for name, value in given.items() if PAGE_TIMESTAMP_PATTERN.fullmatch(value.strip())}
    found = {"published_at": next((stamps[name] for name in PUBLISHED_META_NAMES if name in stamps), ""),
             "updated_at": next((stamps[name] for name in UPDATED_META_NAMES if name in stamps), "")}
    return {field: stamp for field, stamp in found.items() if stamp}


def _add_time(day: str | None, stamp: str | None) -> str | None:
    """The page's time stamp if it falls on that day or one next to it (time zones differ), else the day."""
    from datetime import date
    if not day or not stamp:
        return day or stamp
    try:
        apart = abs((date.fromisoformat(stamp[:10]) - date.fromisoformat(day[:10])).days)
    except ValueError:
        return day
    return stamp if apart <= 1 else day
