"""Bundles: functions shared by the readers of database exports, which hold many articles in one file."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from samestory.base.resources import read_data_rows
from samestory.read.formats.fields import shorten_language
from samestory.read.formats.formats import MAX_ARTICLE_CHARS, FoundArticle, Unreadable

MONTH_NAMES_PATTERN = ("January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb"
                       "|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec")
EXPORT_DATE_PATTERN = re.compile(rf"\b(?:(?:{MONTH_NAMES_PATTERN})\.? [0-9]{{1,2}}, ?[0-9]{{4}}"
                                 rf"|[0-9]{{1,2}} (?:{MONTH_NAMES_PATTERN})\.?,? [0-9]{{4}})\b"
                                 r"|(?<![0-9])[0-9]{4} ?[年년] ?[0-9]{1,2} ?[月월] ?[0-9]{1,2} ?[日일]?")
# What a database writes once into each document, on a line of its own; of different documents, the marks differ.
BUNDLE_MARK_PATTERNS = tuple(map(re.compile, (
    r"[0-9]{1,6} of [0-9]{1,6} DOCUMENTS\b.*",
    r"Do[ck]umento? [0-9]{1,6} (?:of|von|de|di|van) [0-9]{1,6}\W{0,3}",
    r"ProQuest document ID:\s{0,9}[0-9]{5,12}.*",
    r"(?:AN\s{1,3})?[^\W\d_]{2,12}[ \u00a0][A-Z](?=\S{0,8}[0-9]{6})[A-Za-z0-9]{18,39}\W{0,3}")))
# Of each of these marks a part, in bytes whose digits are all 0: literal parts are found ten times as fast as patterns.
BUNDLE_HINTS = (b" DOCUMENTS", b"ocument 0", b"ocumento 0", b"okument 0", b"ProQuest document ID:", b"000000")
DIGITS_AS_ZERO = bytes.maketrans(b"123456789", b"000000000")
BUNDLE_FIRST_CHARS = frozenset("0123456789APDДド文")  # of a mark
MAX_MARK_CHARS = 80
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
    """The date in a line, in English or as data/month_names.csv names the months, with its time but without weekday.

    >>> find_date("February 10, 2018 Saturday 3:15 PM GMT, Late Edition - Final")
    'February 10, 2018 3:15 PM GMT'
    """
    date = EXPORT_DATE_PATTERN.search(line) or _foreign_date_pattern().search(line)
    if not date:
        return None
    clock = TIME_OF_DAY_PATTERN.search(line, date.end())
    return f"{date.group()} {clock.group()}" if clock else date.group()


@cache
def _foreign_date_pattern() -> re.Pattern[str]:
    months = "|".join(sorted((row["name"] for row in read_data_rows("month_names")), key=len, reverse=True))
    return re.compile(rf"\b[0-9]{{1,2}}(?:\.|º|er)? (?:de )?(?:{months})\b\.?,? (?:de )?[0-9]{{4}}\b", re.IGNORECASE)


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


def may_be_bundle(text: str) -> bool:
    """Whether a text may hold a mark of a bundle, by a quick look, which other long numbers satisfy, too.

    >>> may_be_bundle("Document DOW0000020210319eh3j0008d"), may_be_bundle("The document was signed in 2021.")
    (True, False)
    """
    digits_alike = text.encode("utf-8", "surrogatepass").translate(DIGITS_AS_ZERO)
    return any(hint in digits_alike for hint in BUNDLE_HINTS)


def describe_bundle(text: str) -> str:
    """The reason why a text is no article but a bundle; empty if it is none."""
    n = count_bundled(text)
    return (f"expected an article, found a bundle of {n:,} documents of a database, in a form that no reader knows;"
            " export it as text, Word or RTF, or split it") if n else ""


def count_bundled(text: str) -> int:
    """How many documents of a database a text holds by its own marks, if more than one; such a text is no article.

    >>> count_bundled("1 of 2 DOCUMENTS\\nOne.\\n2 of 2 DOCUMENTS\\nTwo."), count_bundled("1 of 2 DOCUMENTS\\nOne.")
    (2, 0)
    """
    found: list[set[str]] = [set() for _ in BUNDLE_MARK_PATTERNS]
    for line in text.split("\n"):  # each article is searched, so this must be quick
        if line and len(line) <= MAX_MARK_CHARS and line[0] in BUNDLE_FIRST_CHARS:
            for marks, pattern in zip(found, BUNDLE_MARK_PATTERNS, strict=True):
                if pattern.fullmatch(line.rstrip()):
                    marks.add(line.rstrip())
    most = max(map(len, found))
    return most if most > 1 else 0


def make_record(number: int, text: str, metadata: dict[str, str | None], *, article_id: str = "",
                warnings: Iterable[str] = ()) -> FoundArticle:
    """The article in one record; metadata without a value are left out."""
    found = {name: value.strip() for name, value in metadata.items() if value and value.strip()}
    shorten_language(found)
    if "byline" in found:
        found["byline"] = BYLINE_PREFIX_PATTERN.sub("", found["byline"])
    return FoundArticle(text, found, article_id, number, tuple(warnings))
