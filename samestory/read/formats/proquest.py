"""ProQuest: text files of records, which are separated by a line of underscores and made of "Field: value" lines.

The first line of a record is its headline. A record whose full text ProQuest does not have is reported, not
read. Based on the format that pq_parser describes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from samestory.read.formats.bundle_records import cut_records, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle

PROQUEST_RULE_PATTERN = re.compile(r"_{40,}")
PROQUEST_FIELD_NAMES = ("Title", "Author", "Abstract", "Full text", "Links", "Subject", "Business indexing term",
                        "Location", "People", "Company / organization", "Identifier / keyword", "Publication title",
                        "Publication year", "Publication date", "Publication info", "Publication subject", "Pages",
                        "First page", "Section", "Publisher", "Place of publication", "Country of publication", "ISSN",
                        "e-ISSN", "Source type", "Language of publication", "Document type", "ProQuest document ID",
                        "Document URL", "Copyright", "Last updated", "Database", "Volume", "Issue", "Edition",
                        "dateline", "Dateline", "column", "Column", "Credit", "Number of pages", "Ethnicity", "CODEN",
                        "Classification")
PROQUEST_FIELD_PATTERN = re.compile(rf"({'|'.join(map(re.escape, PROQUEST_FIELD_NAMES))}):(?:\s+(.*)|$)")


def suits(head: str) -> bool:
    """Whether the first lines of a file hold a rule and a field that only this format has."""
    lines = [line.strip() for line in head.split("\n")]
    return any(PROQUEST_RULE_PATTERN.fullmatch(line) for line in lines) and any(
        line.startswith(("ProQuest document ID:", "Publication title:", "Full text:", "Document URL:",
                         "Last updated:")) for line in lines)


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a file; one without ProQuest's document ID is named by its number in the file."""
    number = 0
    for record in cut_records(lines, lambda line: bool(PROQUEST_RULE_PATTERN.fullmatch(line))):
        headline, fields = _read_proquest_fields(record)
        if fields:  # else it is the note above the records, or the terms of use below them
            number += 1
            yield _read_proquest_article(number, headline, fields)


def _read_proquest_fields(record: list[str]) -> tuple[str, dict[str, list[str]]]:
    """The line above the fields, and the lines of each field."""
    headline = ""
    name: str | None = None
    fields: dict[str, list[str]] = {}
    for line in map(str.strip, record):
        if match := PROQUEST_FIELD_PATTERN.match(line):
            name = match[1]
            fields.setdefault(name, []).append(match[2] or "")
        elif name is not None:
            fields[name].append(line)
        else:
            headline = headline or line
    return headline, fields


def _read_proquest_article(number: int, headline: str, fields: dict[str, list[str]]) -> FoundArticle:
    value = {name: " ".join(filter(None, lines)) for name, lines in fields.items() if name != "Full text"}
    text = join_text(fields.get("Full text", []))
    if text.lower().startswith("not available") and "\n" not in text:
        text = ""
    metadata = {"headline": value.get("Title") or headline, "byline": value.get("Author"),
                "outlet": value.get("Publication title", "").split(";")[0], "section": value.get("Section"),
                "published_at": value.get("Publication date"), "language": value.get("Language of publication"),
                "url": value.get("Document URL")}
    found = make_record(number, text, metadata, article_id=value.get("ProQuest document ID", ""))
    return replace(found, if_empty=f"record {number}: ProQuest gives no full text of {headline[:80]!r}")
