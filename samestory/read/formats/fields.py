"""Fields: the names that exports and scrapers use for an article's text and metadata, from data/field_names.csv.

Names are compared in lower case, without accents, with `_` for everything but letters and digits. Each field is read
from the first of its names that has a value in the record. Values (an outlet, a date) are not interpreted here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from samestory.base.language import read_language_names
from samestory.base.resources import read_data_rows
from samestory.read.formats.formats import FoundArticle

ARTICLE_FIELDS = ("text", "article_id", "outlet", "headline", "byline", "section", "published_at", "updated_at",
                  "language", "url", "event")
METADATA_FIELDS = ARTICLE_FIELDS[2:]
NAME_SEPARATOR_PATTERN = re.compile(r"[\W_]+")
# of a value in an object: {"name": "CNN"}, and what services call it
INNER_NAMES = ("name", "title", "main", "rendered", "full", "original", "text", "content", "value", "#text", "label",
               "domain", "uri")
PARAGRAPH_NAMES = ("rendered", "text", "content", "value", "#text", "body")
SECTION_NAMES = ("headline", "summary", "sections", "paragraphs", "blocks", "children")
MAX_TEXT_DEPTH = 6
FieldPlan = dict[str, tuple[str, ...]]  # for each field the record's own names for it, best first


@lru_cache(maxsize=1_000)
def plan_fields(names: tuple[str, ...]) -> FieldPlan:
    """The record's names for each field.

    >>> plan_fields(("Title", "maintext", "n"))
    {'text': ('maintext',), 'headline': ('Title',)}
    """
    listed = read_field_names()
    known = {folded: (listed[folded], name) for name in reversed(names) if (folded := fold_field_name(name)) in listed}
    languages = Counter(code for entry, _ in known.values() for code in entry.languages)
    found: dict[str, list[tuple[int, str]]] = {}
    for entry, name in known.values():
        if not entry.needs_company or any(languages[code] > 1 for code in entry.languages):
            found.setdefault(entry.field, []).append((entry.rank, name))
    return {field: tuple(name for _, name in sorted(found[field])) for field in ARTICLE_FIELDS if field in found}


class FieldName(NamedTuple):
    """A row of data/field_names.csv: the field, the languages that have the name, its rank among the field's names.

    A name that means something else in English needs the company of another name of its language in the record: `data`
    is Italian and Portuguese for a date.
    """

    field: str
    languages: tuple[str, ...]
    needs_company: bool
    rank: int


@cache
def read_field_names() -> dict[str, FieldName]:
    """The names of fields, as they are compared; a smaller rank is the better name."""
    rows = reversed(list(enumerate(read_data_rows("field_names"))))
    return {fold_field_name(row["name"]): FieldName(row["field"], tuple(filter(None, row["languages"].split("|"))),
                                                    bool(row["needs_company"]), rank)
            for rank, row in rows if row["field"] in ARTICLE_FIELDS}


@cache
def read_names_of(kind: str) -> frozenset[str]:
    """The names of one kind in data/field_names.csv, as they are compared."""
    return frozenset(fold_field_name(row["name"]) for row in read_data_rows("field_names") if row["field"] == kind)


def format_field_plan(plan: FieldPlan, names: Iterable[str]) -> str:
    """The mapping in words: the column that each field is read from, and the columns that are not used."""
    used = {own for columns in plan.values() for own in columns}
    read = ", ".join(f"{field} from {' or '.join(map(repr, own))}" for field, own in plan.items())
    unused = ", ".join(repr(name) for name in names if name not in used and name)
    return f"columns: {read}" + (f"; not used: {unused}" if unused else "")


def make_article(record: Mapping[str, Any], plan: FieldPlan, number: int | None = None) -> FoundArticle | None:
    """The article in a record; None if no field that may hold the text is a string."""
    if (text := _find_text(record, plan)) is None:
        return None
    found: dict[str, str] = {}
    warnings = []
    for field in plan.keys() - {"text"}:
        for name in plan[field]:
            value = _format_metadata_value(record[name])
            if field == "event" and isinstance(record[name], list | tuple) and len(record[name]) > 1:
                value = _format_metadata_value(record[name][0])
                warnings.append(f"expected one event in {name!r}, found {len(record[name]):,}; the first is used")
            if value is None:
                warnings.append(f"expected text in {name!r}, found {_describe_odd_value(record[name])}; it is not used")
            elif value:
                found.setdefault(field, value)
    _settle_addresses(found)
    shorten_language(found)
    article_id = found.pop("article_id", "")
    return FoundArticle(text, {field: found[field] for field in ARTICLE_FIELDS if field in found},
                        article_id, number, tuple(sorted(warnings)))


def shorten_language(metadata: dict[str, str]) -> None:
    """Replace the name of a language with its code, if the name is known."""
    if "language" in metadata and (code := read_language_names().get(metadata["language"].lower())):
        metadata["language"] = code


def _find_text(record: Mapping[str, Any], plan: FieldPlan) -> str | None:
    """The first text of a record that is not empty, else an empty one; None if it has none."""
    text = None
    for name in plan.get("text", ()):
        value = record[name]
        found = value if isinstance(value, str) else join_paragraphs(value)
        if found and not found.isspace():
            return found
        text = found if text is None else text
    return text


def join_paragraphs(value: object, depth: int = 0) -> str | None:
    """A text, or the paragraphs in a list or object, with a blank line between them; None if it has no text.

    >>> join_paragraphs([["The talks ended."], {"text": "They resume in May."}])
    'The talks ended.\\n\\nThey resume in May.'
    """
    if isinstance(value, str):
        return value
    if depth > MAX_TEXT_DEPTH or (isinstance(value, dict) and _is_record(value)):
        return None
    if isinstance(value, dict):
        inner = next((value[key] for key in PARAGRAPH_NAMES if isinstance(value.get(key), str)), None)
        parts = [inner] if inner is not None else [held for name, held in value.items() if name in SECTION_NAMES]
    else:
        parts = list(value) if isinstance(value, list | tuple) else []
    texts = [text for part in parts if (text := join_paragraphs(part, depth + 1)) is not None]
    return "\n\n".join(texts) if texts else None


def _is_record(value: dict[Any, Any]) -> bool:
    """Whether an object is an article with fields of its own rather than a part of a text."""
    plan = plan_fields(tuple(value))
    return "text" in plan and any(isinstance(value[name], str) for field, names in plan.items() if field != "text"
                                  for name in names)


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
    held = [value.get(key) for key in INNER_NAMES] if isinstance(value, dict) else []
    return next((name.strip() for name in held if isinstance(name, str) and name.strip()), None)


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


def fold_field_name(name: object) -> str:
    """The name of a field as it is compared.

    >>> fold_field_name("\ufeffPublication Date:"), fold_field_name("Überschrift")
    ('publication_date', 'uberschrift')
    """
    letters = unicodedata.normalize("NFKD", str(name).strip("\ufeff ").casefold())
    return NAME_SEPARATOR_PATTERN.sub("_", letters if letters.isascii() else _drop_marks(letters)).strip("_")


def _drop_marks(letters: str) -> str:
    return "".join(char for char in letters if not unicodedata.combining(char))
