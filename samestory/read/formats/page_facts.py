"""Page facts: the headline, address and outlet of a page where its metadata differ from what it shows.

A page's first heading is its headline, whatever title it gives to others. A slogan is no name of an outlet. How much of
a page's paragraphs the extraction kept is measured in words, without those around the article.
"""

import re
from typing import Any
from urllib.parse import urlsplit

MIN_HEADING_WORDS, MAX_PAGE_HEADING_WORDS = 2, 60
MIN_LONE_HEADING_WORDS = 4  # of a page's only heading, which may have no word of its title
MIN_SHARED_TITLE_WORDS = 0.5  # of a heading's words, to be the page's title in other words
MIN_SLOGAN_WORDS, MIN_NAMED_HOST_SHARE = 4, 0.7  # of a host's letters that are words of the outlet's name
MIN_PARAGRAPH_WORDS, MIN_PAGE_WORDS = 8, 150  # of paragraphs that count, and of a page whose loss is measured
PARAGRAPH_KEY_CHARS, SAVED_COMMENT_CHARS = 60, 4_000
SITE_SUFFIX_PATTERN = re.compile(r"\s+[|–—·-]\s+([^|–—·]{2,40})$")
SAVED_FROM_PATTERN = re.compile(r"saved from url=\(\d{1,6}\)(https?://[^\s<>\"]{4,2000})|"
                                r"SingleFile[^<>]{0,200}?\burl:\s*(https?://[^\s<>\"]{4,2000})")
OUTER_TAGS = {"nav", "footer", "aside", "header", "form", "figure", "noscript", "template", "script", "style", "dialog"}
OUTER_CLASS_PATTERN = re.compile(r"comment|related|recirc|promo|newsletter|footer|sidebar|cookie|consent|popup|modal"
                                 r"|caption|teaser|recommend|widget|advert|social|subscri|paywall|author|most-read|legal",
                                 re.IGNORECASE)


def list_headings(tree: Any) -> list[str]:
    """The first-level headings of a page, an element of lxml."""
    found = (" ".join(element.text_content().split()) for element in tree.iter("h1"))
    return [heading for heading in found if MIN_HEADING_WORDS <= len(heading.split()) <= MAX_PAGE_HEADING_WORDS]


def choose_headline(headings: list[str], title: str | None, text: str, site: str | None) -> str | None:
    """The heading of a page that is its headline: one that opens its text, is like its title or alone; else the title.

    Parameters
    ----------
    headings : of the first level
    title : as the page's metadata give it
    text : the article's text, line by line
    site : the name or host of the site
    """
    headings = [heading for heading in headings if fold_heading(heading) != fold_heading(site or "")]
    first_lines = {fold_heading(line) for line in text.split("\n", 12)[:12]}
    shown = [heading for heading in headings if fold_heading(heading) in first_lines]
    alike = [heading for heading in headings if title and _share_words(heading, title) >= MIN_SHARED_TITLE_WORDS]
    alone = [heading for heading in headings if len(headings) == 1 and len(heading.split()) >= MIN_LONE_HEADING_WORDS]
    return next(iter([*shown, *alike, *alone]), None) or (strip_site(title, site) if title else None)


def strip_site(title: str, site: str | None) -> str:
    """A title without the name of its site; what is shorter and follows a vertical bar is one, too.

    >>> strip_site("Goats clear the bank - The Post", "The Post"), strip_site("Rain - and wind", "The Post")
    ('Goats clear the bank', 'Rain - and wind')
    """
    suffix = SITE_SUFFIX_PATTERN.search(title)
    if not suffix:
        return title
    own = title[:suffix.start()]
    is_site = fold_heading(suffix[1]) == fold_heading(site or "") or (
        "|" in suffix.group() and len(own.split()) > len(suffix[1].split()))
    return own if is_site else title


def find_saved_address(page: str) -> str | None:
    """The address that a browser wrote into a page when it saved it.

    >>> find_saved_address("<!-- saved from url=(0020)https://post.example -->")
    'https://post.example'
    """
    found = SAVED_FROM_PATTERN.search(page[:SAVED_COMMENT_CHARS])
    return (found[1] or found[2]) if found else None


def name_host(url: str) -> str:
    """The host of an address; empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that are not an IP address
        return ""


def is_slogan(site: str, host: str) -> bool:
    """Whether the name that a page gives to its site is a slogan: many words, none of which its host has.

    >>> is_slogan("Where the News Wakes Up First", "cnn.com"), is_slogan("South China Morning Post", "scmp.com")
    (True, False)
    """
    words = re.findall(r"[^\W_]+", site.casefold())
    if not host or len(words) < MIN_SLOGAN_WORDS:
        return False
    label = max(host.casefold().split("."), key=len)
    initials = "".join(word[0] for word in words)
    if initials in label or initials[1:] in label or label in initials:
        return False
    named = {word for word in words if len(word) >= 3 and word in label}
    return len(named) < 2 and sum(map(len, named)) < MIN_NAMED_HOST_SHARE * len(label)


def measure_kept_share(paragraphs: list[str], text: str) -> float | None:
    """The share of the words in a page's paragraphs that its article has; None if there are too few to say."""
    kept = {fold_heading(line)[:PARAGRAPH_KEY_CHARS] for line in text.split("\n")}
    sizes = [(len(paragraph.split()), fold_heading(paragraph)[:PARAGRAPH_KEY_CHARS]) for paragraph in paragraphs]
    n_words = sum(size for size, _ in sizes)
    return sum(size for size, key in sizes if key in kept) / n_words if n_words >= MIN_PAGE_WORDS else None


def list_paragraphs(tree: Any) -> list[str]:
    """The paragraphs of a page, each once, without those in its navigation, forms, comments and the like."""
    inside: dict[Any, bool] = {}  # whether elements around paragraphs are part of the article
    found = dict.fromkeys(" ".join(element.text_content().split()) for element in tree.iter("p")
                          if _is_inside(element, inside))
    return [paragraph for paragraph in found if len(paragraph.split()) >= MIN_PARAGRAPH_WORDS]


def _is_inside(element: Any, inside: dict[Any, bool]) -> bool:
    """Whether an element is part of the article; what is found is kept, so that each element is looked at once."""
    path = []
    while element is not None and element not in inside:
        path.append(element)
        element = element.getparent()
    is_inside = element is None or inside[element]
    for one in reversed(path):
        is_inside = inside[one] = is_inside and one.tag not in OUTER_TAGS and not _has_outer_class(one)
    return is_inside


def _has_outer_class(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in ("html", "body", "main", "article") and bool(OUTER_CLASS_PATTERN.search(names[:300]))


def _share_words(one: str, other: str) -> float:
    """The share of the words of the shorter title that the other has."""
    words, others = ({fold_heading(word) for word in title.split()} - {""} for title in (one, other))
    return len(words & others) / max(1, min(len(words), len(others)))


def fold_heading(text: str) -> str:
    """A text's letters and digits, in lower case."""
    return "".join(filter(str.isalnum, text.casefold()))
