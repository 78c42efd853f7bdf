"""Anchors: the inert attributes by which what is shown says where it comes from, and the links made of them.

JupyterLab has no pages that show a whole article, so a notebook's outputs only name places: `data-place` an
article and an offset in it, `data-row` the values that a row of a table, or the sentences behind it, stand for.
Where the links of a report lead is the business of evidence_pages.py and reader_pages.py.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from html import escape

ANCHOR_DIGEST_CHARS = 10  # characters of a digest
MAX_PAGE_NAME_CHARS = 40  # characters of an article's id that its page is named by


def name_article(article_id: str) -> str:
    """The name of an article's page: what of its id is safe in any file system, and a digest of all of it.

    >>> name_article("CNN/1"), name_article("../新闻")
    ('cnn-1-85556eb6d1', 'article-6babca9853')
    """
    plain = unicodedata.normalize("NFKD", article_id[:400]).lower()
    words = "-".join(re.findall(r"[a-z0-9_]+", plain, re.ASCII))[:MAX_PAGE_NAME_CHARS].strip("-")
    return f"{words or 'article'}-{_digest_text(article_id)}"


def read_place(value: str) -> tuple[str, int | None]:
    """The digest, which a name of `name_article` ends in, and the offset of a `data-place`.

    >>> read_place("85556eb6d1#o12"), read_place("85556eb6d1")
    (('85556eb6d1', 12), ('85556eb6d1', None))
    """
    digest, _, start = value.partition("#o")
    return digest, int(start) if start else None


def format_place_attribute(article_id: object, start: int | None = None) -> str:
    """The attribute that names an article by its digest, and an offset in it if given; none for a missing article.

    >>> format_place_attribute("CNN/1", 12)
    ' data-place="85556eb6d1#o12"'
    """
    if not isinstance(article_id, str):
        return ""
    return f' data-place="{_digest_text(article_id)}{"" if start is None else f"#o{int(start)}"}"'


def format_row_attribute(values: Mapping[str, object]) -> str:
    """The attribute that names a row by some of its values; a row of fewer values can be told to be part of it.

    >>> format_row_attribute({"term": "talks"}).split('"')[1] in format_row_attribute({"side": "CNN", "term": "talks"})
    True
    """
    return f' data-row="{digest_row(values)}"'


def digest_row(values: Mapping[str, object]) -> str:
    """The digests of a row's values, as `data-row` holds them."""
    return " ".join(sorted(_digest_text(f"{name}={value}") for name, value in values.items()))


def link_anchors(html: str, name: str, find: Callable[[str], tuple[str, str] | None]) -> str:
    """HTML with a link in each element that has an attribute, which is taken out.

    Parameters
    ----------
    html : an output of ours, escaped
    name : the attribute, `data-place` or `data-row`
    find : gives, for the attribute's value, the link's address and an id for the element (each empty for none), or None

    >>> link_anchors('<td data-row="a1">CNN</td>', "data-row", lambda value: (f"x.html#{value}", "r1"))
    '<td id="r1"><a href="x.html#a1">CNN</a></td>'
    """
    def link(found: re.Match[str]) -> str:
        tag, value, others, text = found.groups()
        if (target := find(value)) is None:
            return f"<{tag}{others}>{text}"
        href, anchor = map(escape, target)
        named = f' id="{anchor}"' if anchor else ""
        if not href:
            return f"<{tag}{named}{others}>{text}"
        said = text.strip() or "in the text"  # where more elements come first
        return f'<{tag}{named}{others}><a href="{href}">{said}</a>{"" if text.strip() else " "}'

    return re.sub(rf'<(\w[^<>]*?) {name}="([^"<>]*)"([^<>]*)>([^<]*)', link, html)


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ANCHOR_DIGEST_CHARS]


ROW_ID_PREFIX = "row:"  # before the digests of a row, in the id of a text that is about it
