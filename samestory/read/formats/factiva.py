"""Factiva: articles in its web pages, RTF and text files, with or without two-letter field codes.

With codes ("Full Article plus Indexing") each field begins with its code: HD headline, BY byline, PD date,
ET time, SN outlet, LP and TD text, AN number. Without codes the fields are located by the line "445 words", in
whatever language, with a date below it: section, headline and byline are above it; date, time, outlet and so on are
below it, down to the copyright line; then comes the text. Each article ends with "Document" and its number.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from samestory.base.language import read_language_names
from samestory.base.resources import read_data_rows
from samestory.read.formats.bundle_records import BYLINE_PREFIX_PATTERN, cut_records, find_date, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem

FACTIVA_FIELD_CODES = ("SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|CLM|CX"
                       "|DLN|RST|NGS|GC|JR")
FACTIVA_FIELD_PATTERN = re.compile(rf"({FACTIVA_FIELD_CODES})(?:[ \t\u00a0]*$|(?:\t|[ \u00a0]{{2,}})(.*))", re.DOTALL)
# one space behind the code; "IN" may begin a sentence, too, but a list of industries has colons or bars
LOOSE_FIELD_PATTERN = re.compile(rf"(?!(?:CO|IN|NS|RE|ART|CT) [^:|]*$)({FACTIVA_FIELD_CODES})(?:\s|$)\s{{0,9}}(.*)",
                                 re.DOTALL)
FACTIVA_NUMBER_PATTERN = re.compile(r"(?:AN[\s\u00a0]+)?[^\W\d_]{2,12}[\s\u00a0]"
                                    r"((?=\S{0,8}[0-9]{6})[A-Za-z][A-Za-z0-9]{9,39})")
FACTIVA_LENGTH_PATTERN = re.compile(r"[0-9][0-9.,]{0,8} ?[^\W\d_]{1,12}")
FACTIVA_COPYRIGHT_PATTERN = re.compile(r"\(c\)|©|copyright", re.IGNORECASE)
FACTIVA_TIME_PATTERN = re.compile(r"[0-9]{1,2}:[0-9]{2}.{0,12}")
FACTIVA_TEXT_END_PATTERN = re.compile(r"[.!?…:;\"”’)]$")
PUBLISHER_FORM_PATTERN = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Cos|LLC|PLC|S\.A|Pty|Bros|Dept|Assn)\.$")
MAX_BYLINE_WORDS = 8
MAX_DATE_LINE_CHARS_BELOW = 40  # code points of the date below the length
MAX_PUBLISHER_WORDS = 8  # of the publisher's name, which may be a line below the text
MAX_FACTIVA_HEADER_LINES = 14  # lines from "445 words" to the copyright


def suits(head: str) -> bool:
    """Whether the first lines of a file hold field codes, or the length, date and number of an article."""
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    if _choose_field_pattern(lines) is not None:
        return True
    at = _find_length(lines)
    return at is not None and (any(map(FACTIVA_NUMBER_PATTERN.fullmatch, lines[at:])) or any(
        map(FACTIVA_COPYRIGHT_PATTERN.match, lines[at:at + MAX_FACTIVA_HEADER_LINES])))


def _choose_field_pattern(lines: list[str]) -> re.Pattern[str] | None:
    """The pattern of the lines with field codes; None if headline, date and outlet have none."""
    for pattern in (FACTIVA_FIELD_PATTERN, LOOSE_FIELD_PATTERN):
        if {"HD", "PD", "SN"} <= {match[1] for line in lines if (match := pattern.match(line))}:
            return pattern
    return None


def _find_length(lines: list[str]) -> int | None:
    """The line such as "445 words", with a date below it."""
    return next((i for i, line in enumerate(lines[:-1]) if FACTIVA_LENGTH_PATTERN.fullmatch(line)
                 and len(lines[i + 1]) <= MAX_DATE_LINE_CHARS_BELOW and find_date(lines[i + 1])), None)


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a file, each named by its number in Factiva."""
    records = cut_records(lines, lambda line: bool(FACTIVA_NUMBER_PATTERN.fullmatch(line)), keep_end=True)
    for number, record in enumerate(records, 1):
        own = [line.strip() for line in record if line.strip()]
        if pattern := _choose_field_pattern(own):
            yield _read_coded(own, number, pattern)
        elif (at := _find_length(own)) is not None:
            yield _read_plain(own, number, at)
        elif FACTIVA_NUMBER_PATTERN.fullmatch(own[-1]):
            yield FoundProblem("error", f"article {number}: expected a line such as '445 words', found none; it is not"
                               " read")


def _read_coded(lines: list[str], number: int, pattern: re.Pattern[str]) -> FoundArticle:
    fields: dict[str, list[str]] = {}
    name = None
    for line in lines:
        if match := pattern.match(line):
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


def _read_plain(lines: list[str], number: int, at: int) -> FoundArticle:
    above = lines[:at]
    byline = above.pop() if len(above) > 1 and _is_byline(above[-1], above[-2]) else None
    rights = next((i for i in range(at + 1, min(len(lines), at + MAX_FACTIVA_HEADER_LINES))
                   if FACTIVA_COPYRIGHT_PATTERN.search(lines[i])), None)
    below = lines[at + 1:rights]
    time = below.pop(1) if len(below) > 1 and FACTIVA_TIME_PATTERN.fullmatch(below[1]) else ""
    header = below[:MAX_FACTIVA_HEADER_LINES]
    text = lines[(at + 6 if rights is None else rights + 1):]
    if text and FACTIVA_NUMBER_PATTERN.fullmatch(text[-1]):
        text.pop()
        if len(text) > 1 and _is_publisher(text[-1], lines[rights] if rights is not None else ""):
            text.pop()
    metadata = {"headline": above[-1] if above else None, "section": above[-2] if len(above) > 1 else None,
                "byline": byline, "published_at": f"{header[0]} {time}" if header else None,
                "outlet": header[1] if len(header) > 1 else None,
                "language": next((line for line in header[2:] if line.lower() in read_language_names()), None)}
    warnings = [f"article {number} has no copyright line; where its text begins is guessed"] if rights is None else []
    return make_record(number, join_text(text), metadata, article_id=_find_number(lines), warnings=warnings)


def _is_byline(line: str, before: str) -> bool:
    """Whether a line below a headline is its byline: it begins with "By", or with a given name and is the shorter."""
    words = line.split()
    if BYLINE_PREFIX_PATTERN.match(line):
        return True
    if not 2 <= len(words) <= MAX_BYLINE_WORDS or len(words) >= len(before.split()) + 1 or line[-1] in ".!?:":
        return False
    return words[0].strip(",.").casefold() in _read_given_names() and words[1][0].isupper()


@cache
def _read_given_names() -> frozenset[str]:
    rows = (*read_data_rows("given_names"), *read_data_rows("given_name_genders"))
    return frozenset(row["name"].casefold() for row in rows)


def _is_publisher(line: str, rights: str) -> bool:
    """Whether the last line is the publisher: its name stands in the copyright line, or it is short and no sentence."""
    if line.strip(" .") and line.strip(" .").casefold() in rights.casefold():
        return True
    return len(line.split()) <= MAX_PUBLISHER_WORDS and (not FACTIVA_TEXT_END_PATTERN.search(line)
                                                         or bool(PUBLISHER_FORM_PATTERN.search(line)))


def _find_number(lines: list[str]) -> str:
    return next((match[1] for match in map(FACTIVA_NUMBER_PATTERN.fullmatch, reversed(lines)) if match), "")
