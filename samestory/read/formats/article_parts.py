"""Article parts: where articles begin in a text that holds several, pasted into one file by hand.

An article begins with its head: a title, and lines that are an outlet, a date, a byline, an address or a label such as
"Source:". Where a rule, "Article 2" or empty lines part two articles, one such line is enough; where nothing does, two
are needed. Everything else (a rule above a title alone, one such line in the middle) is doubtful: it is told, not cut,
since an article may have rules, crossheads and boxes of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from samestory.base.language import WordList, cache_by_language, join_words, read_language_rows
from samestory.read.formats.bundle_records import BYLINE_PREFIX_PATTERN, EXPORT_DATE_PATTERN
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem
from samestory.read.formats.table_head import is_outlet_value

ARTICLE_NUMBER_WORDS = WordList("article_number_words")
RULE_LINE_PATTERN = re.compile(r"(?:[-–—*=_~#•+]\s?){3,200}|\f+")
DAY_IN_NUMBERS_PATTERN = re.compile(r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})\b")
HINT_PATTERN = re.compile(r"(?:19|20)\d\d| [|•·] |^# |^\s*[-–—*=_~#•+]\s?[-–—*=_~#•+]|^\W{0,5}[^\W\d]{3,9} ?\d{1,3}\b|://")
MIN_LATER_LINE = 3
MAX_HINT_LINE_CHARS, PROSE_ENDS = 100, ".”\","
ADDRESS_LINE_PATTERN = re.compile(r"(?:https?://|www\.)\S+")
HEAD_LINE_SPLIT_PATTERN = re.compile(r"\s*[|•·/–—]\s*|\s+-\s+|,\s+|\s*\(|\)\s*")
MAX_HEAD_LINE_CHARS, MAX_TITLE_WORDS, MAX_HEAD_LINES, MAX_DATE_LINE_WORDS = 200, 30, 10, 12
MIN_TITLE_WORDS = 4  # of a title in the line of a date
MIN_PART_WORDS = 15  # words of prose in an article
MAX_NAMED_LINES = 20
MIN_GAP_LINES = 2  # empty lines that part two articles


class _TextLine(NamedTuple):
    """A line that is not blank: its number, its offset, and what stands before it (a rule, a number, a gap)."""

    number: int
    start: int
    content: str
    before: str


@dataclass(frozen=True)
class ArticleParts:
    """The spans of the articles of a text, one if it is one, and the lines where others may begin."""

    spans: tuple[tuple[int, int], ...]
    lines: tuple[int, ...]
    doubtful: tuple[int, ...] = ()


def read_parts(text: str, *, warnings: tuple[str, ...] = ()) -> Iterator[Found]:
    """The article or articles of a text file, and a note or warning where it holds, or may hold, several."""
    parts = cut_articles(text)
    if len(parts.spans) == 1:
        doubt = (f"looks like several articles: others may begin at {_format_lines(parts.doubtful)}; if so, put each"
                 " into a file of its own",) if parts.doubtful else ()
        yield FoundArticle(text, warnings=(*warnings, *doubt))
        return
    yield FoundProblem("note", f"read as {len(parts.spans)} articles, which begin at {_format_lines(parts.lines)}")
    for number, (start, end) in enumerate(parts.spans, 1):
        yield FoundArticle(text[start:end], number=number, warnings=warnings if number == 1 else ())


def _format_lines(numbers: tuple[int, ...]) -> str:
    listed = ", ".join(f"{number:,}" for number in numbers[:MAX_NAMED_LINES])
    return f"line{'s' * (len(numbers) > 1)} {listed}{' and others' * (len(numbers) > MAX_NAMED_LINES)}"


def cut_articles(text: str) -> ArticleParts:
    """The articles in a text.

    >>> story = "The council of Windle shut its old bridge on Monday, after an engineer found cracks in two piers."
    >>> text = f"Bridge shut\\nCNN\\n\\n{story}\\n\\n-----\\n\\nGoat found\\nMay 2, 2024\\n\\n{story}"
    >>> cut_articles(text).lines, len(cut_articles(text).spans)
    ((1, 8), 2)
    """
    if not _has_hints(text):
        return ArticleParts(((0, len(text)),), (1,))
    lines = _list_lines(text)
    kinds = [_name_kind(line.content) for line in lines]
    heads = {i: head for i in range(len(lines)) if (head := _list_head_kinds(lines, kinds, i))}
    grades = {i: grade for i, head in heads.items() if (grade := _grade_start(lines[i], head, heads.get(0)))}
    starts = [i for i, grade in grades.items() if grade > 1]
    if starts and starts[0] > 0 and _count_prose_words(lines, kinds, 0, starts[0]) >= MIN_PART_WORDS:
        starts.insert(0, 0)
    ends = [*starts[1:], len(lines)]
    if len(starts) > 1 and all(_count_prose_words(lines, kinds, *part) >= MIN_PART_WORDS
                               for part in zip(starts, ends, strict=True)):
        offsets = [lines[i].start for i in starts]
        spans = tuple(zip(offsets, [*offsets[1:], len(text)], strict=True))
        return ArticleParts(tuple((start, _find_end(text, start, end)) for start, end in spans),
                            tuple(lines[i].number for i in starts))
    doubtful = tuple(lines[i].number for i in grades if i)
    return ArticleParts(((0, len(text)),), (1,), doubtful)


def _has_hints(text: str) -> bool:
    """Whether two of the first lines, or a later one, may be a rule, a number or part of a head.

    This is asked of every text file, so it must be quick.
    """
    n = 0
    for number, line in enumerate(text.splitlines()):
        if line and len(line) <= MAX_HINT_LINE_CHARS and line[-1] not in PROSE_ENDS and (
                HINT_PATTERN.search(line) or is_outlet_value(line) or _label_pattern().match(line)):
            n += 1
            if n > 1 or number >= MIN_LATER_LINE:
                return True
    return "\f" in text


def _list_lines(text: str) -> list[_TextLine]:
    """The lines of a text that are neither blank nor a rule nor the number of an article."""
    found, before, n_blank, start = [], "", 0, 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        content = line.strip()
        label = _article_number_pattern().match(content)
        if "\f" in line or (content and RULE_LINE_PATTERN.fullmatch(content)):
            before = before or "rule"
        elif label and (not content[label.end():] or content[label.end() - 1] in ":.)-–—"):
            before = "number"
            if rest := content[label.end():].strip():
                found.append(_TextLine(number, start + line.index(rest), rest, before))
                before = ""
        elif content:
            found.append(_TextLine(number, start + line.index(content), content,
                                   before or ("gap" if n_blank >= MIN_GAP_LINES else "")))
            before = ""
        n_blank = 0 if content else n_blank + 1
        start += len(line)
    return found


def _list_head_kinds(lines: list[_TextLine], kinds: list[str], i: int) -> tuple[str, ...]:
    """The kinds of the lines of a head that begins at a line, if a story follows; none if no head begins there."""
    if not kinds[i] or (i and not lines[i].before and kinds[i - 1]):
        return ()
    size = next((n for n in range(1, MAX_HEAD_LINES) if i + n == len(lines) or not kinds[i + n] or lines[i + n].before),
                MAX_HEAD_LINES)
    head = tuple(kinds[i:i + size])
    return head if i + size < len(lines) and any("title" in kind or kind == "label" for kind in head) else ()


def _grade_start(line: _TextLine, head: tuple[str, ...], first: tuple[str, ...] | None) -> int:
    """Whether an article begins with a head: 2 is certain, 1 is possible, 0 is no.

    A head like that of the file's first article is certain, if it has three lines or the name of an outlet.
    """
    n_marks = sum(kind != "title" for kind in head)
    is_alike = n_marks and head == first and (len(head) > 2 or any("outlet" in kind for kind in head))
    if line.before == "number" or is_alike or n_marks > (not line.before):
        return 2
    is_top_heading = first is not None and line.content.startswith("# ")
    return int(n_marks > 0 or line.before == "rule" or is_top_heading)


def _name_kind(content: str) -> str:
    """What a line of a head is: label, date, outlet, byline, address, title, or two of them; empty for prose."""
    if len(content) > MAX_HEAD_LINE_CHARS or "(@" in content:  # who wrote an embedded post, and when
        return ""
    if _label_pattern().match(content):
        return "label"
    if ADDRESS_LINE_PATTERN.fullmatch(content):
        return "address"
    parts = [part.strip("*_ ") for part in HEAD_LINE_SPLIT_PATTERN.split(content) if part]
    date = DAY_IN_NUMBERS_PATTERN.search(content) or EXPORT_DATE_PATTERN.search(content)
    if date and len(content.split()) <= MAX_DATE_LINE_WORDS:
        rest = content[:date.start()] + content[date.end():]
        titled = "title and " if len(rest.split()) >= MIN_TITLE_WORDS else ""
        return f"{titled}{'outlet and date' if any(map(is_outlet_value, parts)) else 'date'}"
    if is_outlet_value(content):
        return "outlet"
    is_closed = content.rstrip("\"'”’)").endswith((".", ";", ":", ",", "…"))
    if is_closed or len(content.split()) > MAX_TITLE_WORDS or content[0] in "“\"":
        return ""
    if len(parts) > 1 and len(parts[0].split()) > 1 and any(map(is_outlet_value, parts[1:])):
        return "title and outlet"
    return "byline" if BYLINE_PREFIX_PATTERN.match(content) else "title"


def _count_prose_words(lines: list[_TextLine], kinds: list[str], start: int, end: int) -> int:
    return sum(len(line.content.split()) for line, kind in zip(lines[start:end], kinds[start:end], strict=True)
               if not kind)


def _find_end(text: str, start: int, end: int) -> int:
    """The end of an article without the rule, the number and the blank lines that part it from the next."""
    kept = text[start:end].splitlines(keepends=True)
    while len(kept) > 1:
        last = kept[-1].strip()
        if last and not RULE_LINE_PATTERN.fullmatch(last) and not _article_number_pattern().fullmatch(last):
            break
        kept.pop()
    return start + sum(map(len, kept))


@cache_by_language
def _article_number_pattern() -> re.Pattern[str]:
    return re.compile(rf"[\W_]{{0,5}}(?:{ARTICLE_NUMBER_WORDS.pattern})\s?(?:no\.?|nr\.?|#)?\s?\d{{1,4}}"
                      r"(?:\s?(?:of|/)\s?\d{1,4})?(?:\s?[:.)–—-]+|[\W_]{0,5}$)", re.IGNORECASE)


@cache_by_language
def _label_pattern() -> re.Pattern[str]:
    labels = [row["label"] for row in read_language_rows("field_labels") if row["field"] not in ("", "text")]
    return re.compile(rf"[*_#\s]{{0,4}}(?:{join_words(labels)})(?:\s?\d{{1,2}})?[*_]{{0,2}}\s?:",
                      re.IGNORECASE)
