"""Factiva: articles in its web pages, RTF and text files, with or without two-letter field codes.

With codes ("Full Article plus Indexing") each field begins with its code: HD headline, BY byline, PD date,
ET time, SN outlet, LP and TD text, AN number. Without codes the fields are located by the line "445 words":
section, headline and byline are above it; date, time, outlet and so on are below it, down to the copyright
line; then comes the text. Each article ends with "Document" and its number.
"""

import re
from collections.abc import Iterable, Iterator

from samestory.base.language import read_language_names
from samestory.read.formats.bundle_records import cut_records, find_date, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem

FACTIVA_FIELD_CODES = ("SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|CLM|CX"
                       "|DLN|RST|NGS|GC|JR")
FACTIVA_FIELD_PATTERN = re.compile(rf"({FACTIVA_FIELD_CODES})(?:[ \t\u00a0]*$|(?:\t|[ \u00a0]{{2,}})(.*))", re.DOTALL)
FACTIVA_NUMBER_PATTERN = re.compile(r"(?:AN[\s\u00a0]+)?Document ([A-Za-z0-9]{10,40})")
FACTIVA_LENGTH_PATTERN = re.compile(r"[0-9][0-9.,]{0,8} words", re.IGNORECASE)
FACTIVA_COPYRIGHT_PATTERN = re.compile(r"\(c\)|©|copyright", re.IGNORECASE)
FACTIVA_TIME_PATTERN = re.compile(r"[0-9]{1,2}:[0-9]{2}.{0,12}")
FACTIVA_TEXT_END_PATTERN = re.compile(r"[.!?…:;\"”’)]$")
MAX_PUBLISHER_WORDS = 8  # of the publisher's name, which may be a line below the text
MAX_FACTIVA_HEADER_LINES = 14  # lines from "445 words" to the copyright


def suits(head: str) -> bool:
    """Whether the first lines of a file hold field codes, or the length, date and number of an article."""
    lines = [line.strip() for line in head.split("\n")]
    codes = {match[1] for line in lines if (match := FACTIVA_FIELD_PATTERN.match(line))}
    if {"HD", "PD", "SN"} <= codes:
        return True
    return any(FACTIVA_LENGTH_PATTERN.fullmatch(line) and find_date(next(filter(None, lines[i + 1:i + 4]), ""))
               for i, line in enumerate(lines))


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a file, each named by its number in Factiva."""
    records = cut_records(lines, lambda line: bool(FACTIVA_NUMBER_PATTERN.fullmatch(line)), keep_end=True)
    for number, record in enumerate(records, 1):
        own = [line.strip() for line in record if line.strip()]
        coded = any(match and match[1] == "HD" for match in map(FACTIVA_FIELD_PATTERN.match, own))
        if coded:
            yield _read_coded(own, number)
        elif any(map(FACTIVA_LENGTH_PATTERN.fullmatch, own)):
            yield _read_plain(own, number)
        elif FACTIVA_NUMBER_PATTERN.fullmatch(own[-1]):
            yield FoundProblem("error", f"article {number}: expected a line such as '445 words', found none; it is not"
                               " read")


def _read_coded(lines: list[str], number: int) -> FoundArticle:
    fields: dict[str, list[str]] = {}
    name = None
    for line in lines:
        if match := FACTIVA_FIELD_PATTERN.match(line):
            name = match[1]
            fields.setdefault(name, []).append(match[2] or "")
        elif name:
            fields[name].append(line)
    value = {name: " ".join(filter(None, map(str.strip, own))) for name, own in fields.items()}
    metadata = {"headline": value.get("HD"), "byline": value.get("BY"), "outlet": value.get("SN"),
                "section": value.get("SE"), "language": value.get("LA"),
                "published_at": f"{value.get('PD', '')} {value.get('ET', '')}"}
    text = join_text([*fields.get("LP", []), *fields.get("TD", [])])
    return make_record(number, text, metadata, article_id=_find_number(lines))


def _read_plain(lines: list[str], number: int) -> FoundArticle:
    at = next(i for i, line in enumerate(lines) if FACTIVA_LENGTH_PATTERN.fullmatch(line))
    above = lines[:at]
    byline = above.pop() if len(above) > 1 and above[-1].lower().startswith("by ") else None
    rights = next((i for i in range(at + 1, min(len(lines), at + MAX_FACTIVA_HEADER_LINES))
                   if FACTIVA_COPYRIGHT_PATTERN.search(lines[i])), None)
    below = lines[at + 1:rights]
    time = below.pop(1) if len(below) > 1 and FACTIVA_TIME_PATTERN.fullmatch(below[1]) else ""
    header = below[:MAX_FACTIVA_HEADER_LINES]
    text = lines[(at + 6 if rights is None else rights + 1):]
    if text and FACTIVA_NUMBER_PATTERN.fullmatch(text[-1]):
        text.pop()
        if len(text) > 1 and _is_publisher(text[-1]):
            text.pop()
    metadata = {"headline": above[-1] if above else None, "section": above[-2] if len(above) > 1 else None,
                "byline": byline, "published_at": f"{header[0]} {time}" if header else None,
                "outlet": header[1] if len(header) > 1 else None,
                "language": next((line for line in header[2:] if line.lower() in read_language_names()), None)}
    warnings = [f"article {number} has no copyright line; where its text begins is guessed"] if rights is None else []
    return make_record(number, join_text(text), metadata, article_id=_find_number(lines), warnings=warnings)


def _is_publisher(line: str) -> bool:
    return len(line.split()) <= MAX_PUBLISHER_WORDS and not FACTIVA_TEXT_END_PATTERN.search(line)


def _find_number(lines: list[str]) -> str:
    return next((match[1] for match in map(FACTIVA_NUMBER_PATTERN.fullmatch, reversed(lines)) if match), "")
