"""Anchors: inert attributes that record where an output comes from, and the links made from them.

JupyterLab has no pages that show a whole article, so the outputs of a notebook only name places: `data-place` names
an article and an offset in it, `data-row` the values of a table's row, both in the table and at the row's evidence.
The targets of a report's links are chosen in `samestory.report.evidence_pages` and `article_pages`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from html import escape

ANCHOR_DIGEST_CHARS = 10  # characters of a digest
MAX_PAGE_NAME_CHARS = 40  # characters of an article's id in the name of its page
ROW_ID_PREFIX = "row:"  # prefix of a row's digests in the id of a text in a figure about that row


def name_article(article_id: str) -> str:
    """The name of an article's page: the part of its id that is safe in any file system, and a digest of the id.

    >>> name_article("CNN/1"), name_article("../新闻")
    ('cnn-1-85556eb6d1', 'article-6babca9853')
    """
    plain = unicodedata.normalize("NFKD", article_id[:400]).lower()
    words = "-".join(re.findall(r"[a-z0-9_]+", plain, re.ASCII))[:MAX_PAGE_NAME_CHARS].strip("-")
    return f"{words or 'article'}-{_digest_text(article_id)}"


def read_place(value: str) -> tuple[str, int | None]:
    """The digest of a `data-place`, with which the article's name (`name_article`) ends, and the offset.

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
    """The attribute that names a row by some of its values; the attribute of a subset of these values is part of it.

    >>> format_row_attribute({"term": "talks"}).split('"')[1] in format_row_attribute({"side": "CNN", "term": "talks"})
    True
    """
    return f' data-row="{digest_row(values)}"'


def digest_row(values: Mapping[str, object]) -> str:
    """The digests of a row's values, as in `data-row`."""
    return " ".join(sorted(_digest_text(f"{name}={value}") for name, value in values.items()))


def link_anchors(html: str, name: str, find: Callable[[str], tuple[str, str] | None]) -> str:
    """HTML in which each element with an attribute gets a link instead of the attribute.

    Parameters
    ----------
    html : an output of this package, escaped
    name : the attribute, `data-place` or `data-row`
    find : returns, for the attribute's value, the link's address and the element's id (either may be empty), or None

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
        said = text.strip() or "in the text"  # where other elements come first
        return f'<{tag}{named}{others}><a href="{href}">{said}</a>{"" if text.strip() else " "}'

    return re.sub(rf'<(\w[^<>]*?) {name}="([^"<>]*)"([^<>]*)>([^<]*)', link, html)


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ANCHOR_DIGEST_CHARS]
