"""Anchors: names of articles and digests of rows, by which the parts of a report find each other.

The same row may be in a table, in a figure and above its sentences: it is known by the digests of its values. The
links made from them are chosen in `samestory.report.page_links`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

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


def digest_row(values: Mapping[str, object]) -> str:
    """The digests of a row's values; those of a subset of these values are part of them.

    >>> digest_row({"term": "talks"}) in digest_row({"side": "CNN", "term": "talks"})
    True
    """
    return " ".join(sorted(_digest_text(f"{name}={value}") for name, value in values.items()))


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ANCHOR_DIGEST_CHARS]
