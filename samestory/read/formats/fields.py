"""Fields: the names that exports and scrapers use for an article's text and metadata.

Names are compared in lower case, with `_` for everything but letters and digits. Each field is read from the
first of its names that has a value in the record. Values (an outlet, a date) are not interpreted here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from samestory.base.language import read_language_names
from samestory.read.formats.formats import FoundArticle

# Our own names; news-please (maintext, date_publish, source_domain), newspaper4k (authors, publish_date,
# meta_lang, source_url), trafilatura (hostname, author, date), Media Cloud (media_name, publish_date,
# stories_id), schema.org (articleBody, datePublished), and names that people use for columns.
FIELD_ALIASES: dict[str, tuple[str, ...]] = {
    "text": ("text", "maintext", "full_text", "fulltext", "article_text", "articlebody", "article_body", "body",
             "body_text", "content", "article", "story_text", "main_text", "plain_text", "cleaned_text", "raw_text",
             "document_text"),
    "article_id": ("id", "article_id", "articleid", "doc_id", "document_id", "docid", "stories_id", "story_id",
                   "guid", "uuid", "accession_number"),
    "outlet": ("outlet", "publication", "publication_title", "publication_name", "newspaper", "media_name",
               "source_name", "news_outlet", "sitename", "site_name", "publisher", "source", "media", "medium",
               "hostname", "source_hostname", "source_domain", "domain", "media_url", "source_url"),
    "headline": ("headline", "title", "article_title", "heading", "story_title"),
    "byline": ("byline", "author", "authors", "author_name", "authors_name", "creator", "journalist"),
    "section": ("section", "section_name", "articlesection", "news_desk", "desk", "category", "categories"),
    "published_at": ("published_at", "date_publish", "publish_date", "datepublished", "date_published", "published",
                     "publication_date", "publishdate", "pub_date", "pubdate", "published_date", "date", "datetime",
                     "timestamp", "publishedat"),
    "updated_at": ("updated_at", "date_modify", "datemodified", "date_modified", "modified", "last_modified",
                   "updated", "last_updated", "date_updated"),
    "language": ("language", "lang", "meta_lang", "document_language", "article_language"),
    "url": ("url", "link", "article_url", "permalink", "canonical_link", "web_url", "weburl", "story_url", "uri"),
    "event": ("event", "event_id", "event_name"),
}
METADATA_FIELDS = tuple(field for field in FIELD_ALIASES if field not in ("text", "article_id"))
FieldPlan = dict[str, tuple[str, ...]]  # for each field the record's own names for it, best first


@lru_cache(maxsize=1_000)
def plan_fields(names: tuple[str, ...]) -> FieldPlan:
    """The record's names for each field.

    >>> plan_fields(("Title", "maintext", "n"))
    {'text': ('maintext',), 'headline': ('Title',)}
    """
    known = {_fold_field_name(name): name for name in reversed(names)}
    found = {field: tuple(known[alias] for alias in aliases if alias in known)
             for field, aliases in FIELD_ALIASES.items()}
    return {field: own for field, own in found.items() if own}


def format_field_plan(plan: FieldPlan, names: Iterable[str]) -> str:
    """The mapping in words: the column that each field is read from, and the columns that are not used."""
    used = {own for columns in plan.values() for own in columns}
    read = ", ".join(f"{field} from {' or '.join(map(repr, own))}" for field, own in plan.items())
    unused = ", ".join(repr(name) for name in names if name not in used and name)
    return f"columns: {read}" + (f"; not used: {unused}" if unused else "")


def make_article(record: Mapping[str, Any], plan: FieldPlan, number: int | None = None) -> FoundArticle | None:
    """The article in a record; None if no field that may hold the text is a string."""
    text = next(_find_texts(record, plan), None)
    if text is None:
        return None
    found: dict[str, str] = {}
    warnings = []
    for field in plan.keys() - {"text"}:
        for name in plan[field]:
            value = _format_metadata_value(record[name])
            if value is None:
                warnings.append(f"expected text in {name!r}, found {_describe_odd_value(record[name])}; it is not used")
            elif value:
                found.setdefault(field, value)
    _settle_addresses(found)
    shorten_language(found)
    article_id = found.pop("article_id", "")
    return FoundArticle(text, {field: found[field] for field in FIELD_ALIASES if field in found},
                        article_id, number, tuple(sorted(warnings)))


def shorten_language(metadata: dict[str, str]) -> None:
    """Replace the name of a language with its code, if the name is known."""
    if code := read_language_names().get(metadata.get("language", "").lower()):
        metadata["language"] = code


def _find_texts(record: Mapping[str, Any], plan: FieldPlan) -> Iterator[str]:
    """The texts of a record, empty ones last."""
    texts = [record[name] for name in plan.get("text", ()) if isinstance(record[name], str)]
    yield from sorted(texts, key=lambda text: not text.strip())


def _format_metadata_value(value: object) -> str | None:
    """A metadata value as text; None if its type has no text form."""
    if value is None or value != value:  # NaN: pandas' missing value
        return ""
    if isinstance(value, str):
        return value.strip()
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, int | float):
        return str(int(value)) if value == value // 1 else str(value)
    if isinstance(value, list | tuple):
        parts = [None if isinstance(part, list | tuple) else _format_metadata_value(part) for part in value[:100]]
        return None if None in parts else ", ".join(filter(None, parts))
    name = value.get("name") if isinstance(value, dict) else None
    return name.strip() if isinstance(name, str) else None


def _describe_odd_value(value: object) -> str:
    """The type of a value that has no text form; readers put an error in place of a value that they cannot read."""
    return f"a value that cannot be read ({value})"[:200] if isinstance(value, Exception) else type(value).__name__


def _settle_addresses(found: dict[str, str]) -> None:
    """Replace an outlet that is a URL with its host: trafilatura writes the article's URL into `source`."""
    outlet = found.get("outlet", "")
    if not outlet.startswith(("http://", "https://")):
        return
    try:
        parts = urlsplit(outlet)
    except ValueError:
        return
    if parts.path.strip("/"):
        found.setdefault("url", outlet)
    found["outlet"] = (parts.hostname or outlet).removeprefix("www.")


def _fold_field_name(name: object) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(name).strip("\ufeff ").lower()).strip("_")
