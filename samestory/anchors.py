"""Anchors: the inert attributes by which what is shown says where it comes from, for a report to make links of.

JupyterLab has no pages that show a whole article, so a notebook's outputs only name places: `data-place` an
article and an offset in it, `data-row` the values that a row of a table, or the sentences behind it, stand for.
What becomes of them in a report is the business of evidence_pages.py and reader_pages.py.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

LONGEST_NAME = 40  # characters of an article's id that its page is named by


def name_article(article_id: str) -> str:
    """The name of an article's page: what of its id is safe in any file system, and a digest of all of it.

    >>> name_article("CNN/1"), name_article("../新闻")
    ('cnn-1-85556eb6d1', 'article-6babca9853')
    """
    plain = unicodedata.normalize("NFKD", article_id[:400]).lower()
    words = "-".join(re.findall(r"[a-z0-9_]+", plain, re.ASCII))[:LONGEST_NAME].strip("-")
    return f"{words or 'article'}-{_digest(article_id)}"


def tell_place(article_id: object, start: int | None = None) -> str:
    """The attribute that names an article, and an offset in it if one is given; none for a missing article.

    >>> tell_place("CNN/1", 12)
    ' data-place="cnn-1-85556eb6d1#o12"'
    """
    if not isinstance(article_id, str):
        return ""
    return f' data-place="{name_article(article_id)}{"" if start is None else f"#o{int(start)}"}"'


def tell_row(values: Mapping[str, object]) -> str:
    """The attribute that names a row by some of its values; a row of fewer values can be told to be part of it.

    >>> tell_row({"term": "talks"}).split('"')[1] in tell_row({"side": "CNN", "term": "talks"})
    True
    """
    return f' data-row="{" ".join(sorted(_digest(f"{name}={value}") for name, value in values.items()))}"'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
