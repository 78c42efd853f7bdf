"""Feeds: the items of an RSS or Atom file, one article each, with the whole text where the feed has it.

Entities that a file declares are not resolved. Other XML is refused.
"""

from collections.abc import Iterator
from typing import IO, Any

from samestory.read.formats.formats import Found, FoundArticle, FoundProblem, Unreadable

MAX_FEED_BYTES = 200_000_000
FEED_ROOTS, ITEM_TAGS = ("rss", "feed", "RDF"), ("item", "entry")
WHOLE_TEXT_TAGS, SUMMARY_TAGS = ("encoded", "content"), ("description", "summary")
FEED_FIELD_TAGS = {"headline": ("title",), "byline": ("creator", "author"), "url": ("link", "id", "guid"),
                   "published_at": ("pubDate", "published", "date", "issued", "updated"), "updated_at": ("updated",),
                   "outlet": ("source",), "language": ("language",)}
MAX_FEED_CATEGORIES = 20
EMPTY_ITEM_MESSAGE = "expected an article, found an item without text; save the page that it links to"
XmlElement = Any  # of lxml, which has no types


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of an .rss, .atom or .xml file, named by their number."""
    from lxml import etree
    if file.seek(0, 2) > MAX_FEED_BYTES:
        raise Unreadable(f"expected a feed of at most {MAX_FEED_BYTES:,} bytes, found {file.tell():,}; split it")
    file.seek(0)
    number, site = 0, {"outlet": "", "language": ""}
    events = etree.iterparse(file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                             recover=True, remove_comments=True, remove_pis=True)
    _, root = next(events, (None, None))
    if root is None or _name_tag(root) not in FEED_ROOTS:
        found = "no XML" if root is None else f"XML that begins with <{str(root.tag)[:60]}>"
        raise Unreadable(f"expected an RSS or Atom feed, found {found}; save its articles as text, HTML or CSV")
    for event, element in events:
        name = _name_tag(element)
        if event == "end" and name in ITEM_TAGS:
            number += 1
            yield _read_item(element, number, site)
            _forget(element)
        elif event == "end" and name in ("title", "language") and _name_tag(element.getparent()) in ("channel", "feed"):
            field = "outlet" if name == "title" else name
            site[field] = site[field] or _read_text(element)
    if not number:
        yield FoundProblem("error", "expected the items of a feed, found none; save the feed again")


def _read_item(item: XmlElement, number: int, site: dict[str, str]) -> Found:
    texts = {name: text for child in item if (name := _name_tag(child)) in (*WHOLE_TEXT_TAGS, *SUMMARY_TAGS)
             and (text := _read_text(child))}
    whole = next((texts[name] for name in WHOLE_TEXT_TAGS if name in texts), "")
    text = whole or next((texts[name] for name in SUMMARY_TAGS if name in texts), "")
    metadata = {field: value for field, names in FEED_FIELD_TAGS.items() if (value := _find_value(item, names))}
    metadata |= {field: value for field, value in site.items() if value and field not in metadata}
    sections = [_read_text(child) or child.get("term", "") for child in item if _name_tag(child) == "category"]
    metadata |= {"section": ", ".join(filter(None, sections[:MAX_FEED_CATEGORIES]))} if any(sections) else {}
    warnings = () if whole else ("the feed has only its summary, which is seldom the whole article; save the page",)
    return FoundArticle(text, metadata, "", number, warnings, EMPTY_ITEM_MESSAGE)


def _find_value(item: XmlElement, names: tuple[str, ...]) -> str:
    """The first value of the tags, in their order."""
    for name in names:
        for child in item:
            if _name_tag(child) == name and (value := _read_value(child)):
                return value
    return ""


def _read_value(element: XmlElement) -> str:
    """The text of a short field: an author's name, a link's address, or the text itself."""
    if _name_tag(element) == "link" and element.get("href"):
        return element.get("href", "") if element.get("rel", "alternate") == "alternate" else ""
    parts = [child for child in element if _name_tag(child) in ("name", "title")]
    text = " ".join(_read_text(parts[0] if parts else element).split())
    return "" if _name_tag(element) in ("id", "guid") and not text.startswith("http") else text


def _read_text(element: XmlElement) -> str:
    """The text of an element; of one that holds markup, its markup."""
    if len(element):
        from lxml import etree
        return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
    return (element.text or "").strip()


def _name_tag(element: XmlElement) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2] if element is not None else ""


def _forget(element: XmlElement) -> None:
    """Free the memory of an item that was read."""
    element.clear(keep_tail=False)
    previous = element.getprevious()
    if previous is not None and _name_tag(previous) in ITEM_TAGS:
        previous.getparent().remove(previous)
