"""Bundles: functions shared by the readers of database exports, which hold many articles in one file."""

import re
from collections.abc import Callable, Iterable, Iterator

from samestory.read.formats.fields import shorten_language
from samestory.read.formats.formats import MAX_ARTICLE_CHARS, FoundArticle, Unreadable

MONTH_NAMES_PATTERN = ("January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb"
                       "|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec")
EXPORT_DATE_PATTERN = re.compile(rf"\b(?:(?:{MONTH_NAMES_PATTERN})\.? [0-9]{{1,2}}, ?[0-9]{{4}}"
                                 rf"|[0-9]{{1,2}} (?:{MONTH_NAMES_PATTERN}),? [0-9]{{4}})\b")
BYLINE_PREFIX_PATTERN = re.compile(r"^by\s+", re.IGNORECASE)
TIME_OF_DAY_PATTERN = re.compile(r"\b[0-9]{1,2}:[0-9]{2}(?: ?[AP]\.?M\b\.?)?"
                                 r"(?: (?:GMT|UTC|EST|EDT|CST|CDT|MST|MDT|PST|PDT|BST|CET)\b)?",
                                 re.IGNORECASE)


def cut_records(lines: Iterable[str], is_end: Callable[[str], bool], *, keep_end: bool = False) -> Iterator[list[str]]:
    """The lines of each record, without newlines; a record ends at a line for which `is_end` is true.

    Raises
    ------
    Unreadable
        If a record grows longer than two articles may be: the file is not a bundle, or its end marks are missing.
    """
    record: list[str] = []
    size = 0
    for line in lines:
        line = line.rstrip("\r\n")
        ends = is_end(line.strip())
        if not ends or keep_end:
            record.append(line)
            size += len(line)
        if ends:
            yield record
            record, size = [], 0
        elif size > 2 * MAX_ARTICLE_CHARS:
            raise Unreadable(f"no end of an article within {2 * MAX_ARTICLE_CHARS:,} characters; the rest is not read")
    if any(line.strip() for line in record):
        yield record


def find_date(line: str) -> str | None:
    """The date in a line, with its time of day but without weekday and edition.

    >>> find_date("February 10, 2018 Saturday 3:15 PM GMT, Late Edition - Final")
    'February 10, 2018 3:15 PM GMT'
    """
    date = EXPORT_DATE_PATTERN.search(line)
    if not date:
        return None
    clock = TIME_OF_DAY_PATTERN.search(line, date.end())
    return f"{date.group()} {clock.group()}" if clock else date.group()


def join_text(lines: Iterable[str], *, wrapped: bool = False) -> str:
    """Lines as an article's text, one line per paragraph; `wrapped` if only an empty line ends a paragraph."""
    lines = [line.strip() for line in lines]
    if not wrapped:
        return "\n".join(line for line in lines if line)
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


def make_record(number: int, text: str, metadata: dict[str, str | None], *, article_id: str = "",
                warnings: Iterable[str] = ()) -> FoundArticle:
    """The article in one record; metadata without a value are left out."""
    found = {name: value.strip() for name, value in metadata.items() if value and value.strip()}
    shorten_language(found)
    if "byline" in found:
        found["byline"] = BYLINE_PREFIX_PATTERN.sub("", found["byline"])
    return FoundArticle(text, found, article_id, number, tuple(warnings))
