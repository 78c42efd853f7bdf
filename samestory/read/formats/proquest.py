"""ProQuest: text files and pages of records, made of "Field: value" lines below a headline.

A line of underscores, a horizontal rule or "Document 1 of 20" separates them, or only the next headline. A record whose
full text ProQuest does not have is reported, not read. Based on the format that pq_parser describes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from samestory.read.formats.bundle_records import cut_records, find_date, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle

PROQUEST_RULE_PATTERN = re.compile(r"_{40,}|Document [0-9]{1,6} of [0-9]{1,6}")
PROQUEST_LINK_LINE, PROQUEST_ID_FIELD = "ProQuest document link", "ProQuest document ID"
PROQUEST_OWN_FIELDS = (PROQUEST_ID_FIELD, "Publication title", "Publication info", "Full text", "Document URL",
                       "Last updated")
ONLINE_EDITION_PATTERN = re.compile(r"\s*\(Online\)\s*$")
PROQUEST_FIELD_NAMES = ("Title", "Author", "Abstract", "Full text", "Links", "Subject", "Business indexing term",
                        "Location", "People", "Company / organization", "Identifier / keyword", "Publication title",
                        "Publication year", "Publication date", "Publication info", "Publication subject", "Pages",
                        "First page", "Section", "Publisher", "Place of publication", "Country of publication", "ISSN",
                        "e-ISSN", "Supplement", "Document feature", "Accession number", "Start page",
                        "Alternate title", PROQUEST_LINK_LINE, PROQUEST_ID_FIELD, "Source type",
                        "Language of publication", "Document type",
                        "Document URL", "Copyright", "Last updated", "Database", "Volume", "Issue", "Edition",
                        "dateline", "Dateline", "column", "Column", "Credit", "Number of pages", "Ethnicity", "CODEN",
                        "Classification")
PROQUEST_FIELD_PATTERN = re.compile(rf"({'|'.join(map(re.escape, PROQUEST_FIELD_NAMES))}):(?:\s+(.*)|$)")


def suits(head: str) -> bool:
    """Whether the first lines of a file hold fields that only this format has: one and a rule, or three."""
    lines = [line.strip() for line in head.split("\n")]
    own = {name for name in PROQUEST_OWN_FIELDS if any(line.startswith(f"{name}:") for line in lines)}
    return len(own) >= 3 or (bool(own) and any(map(PROQUEST_RULE_PATTERN.fullmatch, lines)))


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a file; one without ProQuest's document ID is named by its number in the file."""
    number = 0
    for record in cut_records(lines, lambda line: bool(PROQUEST_RULE_PATTERN.fullmatch(line))):
        for part in _part_glued(record):
            headline, fields = _read_proquest_fields(part)
            if fields:  # else it is the note above the records, or the terms of use below them
                number += 1
                yield _read_proquest_article(number, headline, fields)


def _part_glued(record: list[str]) -> Iterator[list[str]]:
    """The records in lines without a rule between them: each ends with the fields from its document ID on."""
    part: list[str] = []
    is_last = False  # whether the document ID has been read
    for line in map(str.strip, record):
        field = PROQUEST_FIELD_PATTERN.match(line)
        if is_last and line and not field:
            yield part
            part, is_last = [], False
        part.append(line)
        is_last = is_last or (field is not None and field[1] == PROQUEST_ID_FIELD)
    if any(part):
        yield part


def _read_proquest_fields(record: list[str]) -> tuple[str, dict[str, list[str]]]:
    """The headline, which is the last paragraph above the fields, and the lines of each field."""
    above: list[str] = []
    name: str | None = None
    fields: dict[str, list[str]] = {}
    for line in map(str.strip, record):
        if match := PROQUEST_FIELD_PATTERN.match(line):
            name = match[1]
            fields.setdefault(name, []).append(match[2] or "")
        elif name is not None and line != PROQUEST_LINK_LINE:
            fields[name].append(line)
        elif line != PROQUEST_LINK_LINE:
            above.append(line)
    return join_text(above, wrapped=True).rpartition("\n")[2], fields


def _read_proquest_article(number: int, headline: str, fields: dict[str, list[str]]) -> FoundArticle:
    value = {name: " ".join(filter(None, lines)) for name, lines in fields.items() if name != "Full text"}
    text = join_text(fields.get("Full text", []))
    if text.lower().startswith("not available") and "\n" not in text:
        text = ""
    info = value.get("Publication info", "")
    metadata = {"headline": value.get("Title") or headline, "byline": value.get("Author"),
                "outlet": ONLINE_EDITION_PATTERN.sub("", (value.get("Publication title") or info).split(";")[0]),
                "section": value.get("Section"), "published_at": value.get("Publication date") or find_date(info),
                "language": value.get("Language of publication"),
                "url": value.get("Document URL") or value.get(PROQUEST_LINK_LINE)}
    found = make_record(number, text, metadata, article_id=value.get(PROQUEST_ID_FIELD, ""))
    return replace(found, if_empty=f"record {number}: ProQuest gives no full text of {headline[:80]!r}")
