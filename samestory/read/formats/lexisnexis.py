"""Older LexisNexis: text files and web pages in which "1 of 10 DOCUMENTS" begins an article.

It is followed by outlet, date, headline, lines such as "BYLINE: ...", the text, wrapped at about 80 columns,
and lines such as "LOAD-DATE: ...". The text is returned as one line per paragraph. Based on the format that
LexisNexisTools (R) describes.
"""

import re
from collections.abc import Iterable, Iterator

from samestory.read.formats.bundle_records import cut_records, find_date, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle

LEXISNEXIS_START_PATTERN = re.compile(r"(?:[0-9]{1,6} of [0-9]{1,6} DOCUMENTS|Dokument [0-9]{1,6} von [0-9]{1,6}"
                                      r"|Documento? [0-9]{1,6} (?:de|di|van) [0-9]{1,6})")
LEXISNEXIS_FOREIGN_FIELDS = {"AUTOR": "BYLINE", "AUTEUR": "BYLINE", "AUTORE": "BYLINE", "RUBRIK": "SECTION",
                             "RUBRIQUE": "SECTION", "SEZIONE": "SECTION", "SECCIÓN": "SECTION", "LÄNGE": "LENGTH",
                             "LONGUEUR": "LENGTH", "LUNGHEZZA": "LENGTH", "LONGITUD": "LENGTH", "SPRACHE": "LANGUAGE",
                             "LANGUE": "LANGUAGE", "ZEITUNGS-CODE": "JOURNAL-CODE"}
LEXISNEXIS_END_FIELDS = {"LOAD-DATE", "LANGUAGE", "PUBLICATION-TYPE", "URL", "GRAPHIC", "SUBJECT", "JOURNAL-CODE",
                         "UPDATE", "CORRECTION-DATE", "DOCUMENT-TYPE", "GEOGRAPHIC", "ORGANIZATION", "COMPANY",
                         "PERSON", "INDUSTRY"}
LEXISNEXIS_FIELDS = {"BYLINE", "SECTION", "LENGTH", "DATELINE", "HIGHLIGHT", "CORRECTION", "TYPE", "NOTES",
                     *LEXISNEXIS_FOREIGN_FIELDS, *LEXISNEXIS_END_FIELDS}
LEXISNEXIS_FIELD_PATTERN = re.compile(rf"({'|'.join(sorted(LEXISNEXIS_FIELDS, reverse=True))}):(?:\s+(.*)|$)")
LEXISNEXIS_RIGHTS_PATTERN = re.compile(r"copyright\b|all rights reserved", re.IGNORECASE)
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
    text_end = next((i for i in range(text_at, len(lines)) if _name_field(lines[i]) in LEXISNEXIS_END_FIELDS),
                    len(lines))
    below, _ = _read_lexisnexis_fields(lines, text_end)
    outlet_at = next((i for i, line in enumerate(above) if line and not LEXISNEXIS_RIGHTS_PATTERN.match(line)), None)
    dated = next((i for i, line in enumerate(above[:MAX_LINES_TO_DATE + (outlet_at or 0)]) if find_date(line)), None)
    metadata = {"outlet": above[outlet_at] if outlet_at is not None and outlet_at != dated else None,
                "published_at": find_date(above[dated]) if dated is not None else below.get("LOAD-DATE"),
                "headline": _find_headline(above, dated), "byline": fields.get("BYLINE"),
                "section": fields.get("SECTION"), "url": below.get("URL"),
                "language": below.get("LANGUAGE", "").split(";")[0]}
    warnings = [] if dated is not None else [f"article {number} has no date below its outlet"]
    return make_record(number, join_text(lines[text_at:text_end], wrapped=True), metadata, warnings=warnings)


def _read_lexisnexis_fields(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """The fields from a line on, and the line where they end; a long value continues up to an empty line."""
    fields: dict[str, str] = {}
    name, position, first = "", start, start
    while position < len(lines):
        match = LEXISNEXIS_FIELD_PATTERN.match(lines[position])
        if match:
            name, first = _name_field(lines[position]), position
            fields.setdefault(name, match[2] or "")
        elif lines[position] and name not in ("", "LENGTH") and position - first <= MAX_LEXISNEXIS_FIELD_LINES:
            fields[name] += f" {lines[position]}"
        elif lines[position]:
            break
        else:
            name = ""
        position += 1
    return fields, position


def _name_field(line: str) -> str:
    """The English name of the field that a line begins; empty if it begins none."""
    match = LEXISNEXIS_FIELD_PATTERN.match(line)
    return LEXISNEXIS_FOREIGN_FIELDS.get(match[1], match[1]) if match else ""


def _find_headline(above: list[str], dated: int | None) -> str | None:
    """The paragraph below the date, or below the edition that may follow the date directly."""
    position = 0 if dated is None else dated
    while position < len(above) and above[position]:
        position += 1
    return " ".join(line for line in above[position:] if line) or None
