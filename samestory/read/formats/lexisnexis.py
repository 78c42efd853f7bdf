"""Older LexisNexis: text files in which "1 of 10 DOCUMENTS" begins an article.

It is followed by outlet, date, headline, lines such as "BYLINE: ...", the text, wrapped at about 80 columns,
and lines such as "LOAD-DATE: ...". The text is returned as one line per paragraph. Based on the format that
LexisNexisTools (R) describes.
"""

import re
from collections.abc import Iterable, Iterator

from samestory.read.formats.bundle_records import cut_records, find_date, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle

LEXISNEXIS_START_PATTERN = re.compile(r"(?:[0-9]{1,6} of [0-9]{1,6} DOCUMENTS|Dokument [0-9]{1,6} von [0-9]{1,6}"
                                      r"|Document [0-9]{1,6} de [0-9]{1,6})")
LEXISNEXIS_FIELD_PATTERN = re.compile(r"(BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE"
                                      r"|URL|GRAPHIC|SUBJECT|JOURNAL-CODE|AUTOR|RUBRIK|LÄNGE|SPRACHE|UPDATE|CORRECTION"
                                      r"|CORRECTION-DATE|TYPE|NOTES|DOCUMENT-TYPE|GEOGRAPHIC|ORGANIZATION|COMPANY"
                                      r"|PERSON|INDUSTRY):(?:\s+(.*)|$)")
LEXISNEXIS_END_FIELDS = {"LOAD-DATE", "LANGUAGE", "PUBLICATION-TYPE", "URL", "GRAPHIC", "SUBJECT", "JOURNAL-CODE",
                         "SPRACHE", "UPDATE", "CORRECTION-DATE", "DOCUMENT-TYPE", "GEOGRAPHIC", "ORGANIZATION",
                         "COMPANY", "PERSON", "INDUSTRY"}
MAX_LEXISNEXIS_FIELD_LINES = 5  # of a field
MAX_LINES_TO_DATE = 10  # lines below the outlet


def suits(head: str) -> bool:
    """Whether the first lines of a file hold the beginning of an article of this format."""
    return any(LEXISNEXIS_START_PATTERN.fullmatch(line.strip()) for line in head.split("\n"))


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a file; each is named by its number."""
    records = cut_records(lines, lambda line: bool(LEXISNEXIS_START_PATTERN.fullmatch(line)))
    next(records, None)  # the cover
    for number, record in enumerate(records, 1):
        yield _read_lexisnexis_article(record, number)


def _read_lexisnexis_article(record: list[str], number: int) -> FoundArticle:
    lines = [line.strip() for line in record]
    fields_at = next((i for i, line in enumerate(lines) if LEXISNEXIS_FIELD_PATTERN.match(line)), len(lines))
    above = lines[:fields_at]
    fields, text_at = _read_lexisnexis_fields(lines, fields_at)
    text_end = next((i for i in range(text_at, len(lines)) if (match := LEXISNEXIS_FIELD_PATTERN.match(lines[i]))
                     and match[1] in LEXISNEXIS_END_FIELDS), len(lines))
    below, _ = _read_lexisnexis_fields(lines, text_end)
    outlet_at = next((i for i, line in enumerate(above) if line), None)
    dated = next((i for i, line in enumerate(above[:MAX_LINES_TO_DATE + (outlet_at or 0)]) if find_date(line)), None)
    metadata = {"outlet": above[outlet_at] if outlet_at is not None and outlet_at != dated else None,
                "published_at": find_date(above[dated]) if dated is not None else below.get("LOAD-DATE"),
                "headline": _find_headline(above, dated), "byline": fields.get("BYLINE") or fields.get("AUTOR"),
                "section": fields.get("SECTION") or fields.get("RUBRIK"), "url": below.get("URL"),
                "language": below.get("LANGUAGE") or below.get("SPRACHE")}
    warnings = [] if dated is not None else [f"article {number} has no date below its outlet"]
    return make_record(number, join_text(lines[text_at:text_end], wrapped=True), metadata, warnings=warnings)


def _read_lexisnexis_fields(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """The fields from a line on, and the line where they end; a long value continues up to an empty line."""
    fields: dict[str, str] = {}
    name, position, first = "", start, start
    while position < len(lines):
        match = LEXISNEXIS_FIELD_PATTERN.match(lines[position])
        if match:
            name, first = match[1], position
            fields.setdefault(name, match[2] or "")
        elif lines[position] and name not in ("", "LENGTH") and position - first <= MAX_LEXISNEXIS_FIELD_LINES:
            fields[name] += f" {lines[position]}"
        elif lines[position]:
            break
        else:
            name = ""
        position += 1
    return fields, position


def _find_headline(above: list[str], dated: int | None) -> str | None:
    """The paragraph below the date, or below the edition that may follow the date directly."""
    position = 0 if dated is None else dated
    while position < len(above) and above[position]:
        position += 1
    return " ".join(line for line in above[position:] if line) or None
