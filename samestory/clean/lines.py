"""Line roles: which lines of an article are its story, and which are headings, links, credits and so on.

Every line that is not blank gets a role and the rule that assigned it; nothing is removed or changed. Rules about
wording are rows of data/en/line_rules.csv; rules about position are steps here: the lines before the story are
headings, and a line after "Read more:" is a link. Lines that an outlet repeats are found in `across_articles`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from samestory.base.language import WordList, cache_by_language, read_language_rows
from samestory.clean.dates import is_date_line
from samestory.clean.labelled_lines import read_labelled_head
from samestory.clean.outlets import Outlets, known_outlets

MAX_LABEL_CHARS = 320  # code points; a longer line is prose
TITLE_LINES = 2  # the first lines, one of which may be a headline that begins with a label
ARTICLE_HEAD_LINES, ARTICLE_TAIL_LINES, MAX_TEASER_LINK_LINES = 15, 12, 8
MAX_HEADING_WORDS, MIN_HEADLINE_WORDS, MIN_PROSE_SENTENCE_WORDS = 30, 4, 8  # words
MIN_CAPITALS_WORDS = 4  # of a line in capitals; a shorter one may be a name
MIN_LINES_PER_CAPITALS = 4  # lines of a text for each one in capitals
MAX_JOINED_PARAGRAPH_CHARS = 20_000  # code points of a paragraph made of several lines
WRAPPED_LINE_CHARS = range(45, 121)  # code points of a line that an editor broke
UNFINISHED_LINE_ENDS = WordList("unfinished_line_ends")  # "said Sen.", where a program took the stop for an end
POSSESSIVE_CLITICS = WordList("possessive_clitics")
FIELD_LABEL_RULE = "field_label"
FIELD_ROLES = {"outlet": "outlet", "published_at": "dateline", "updated_at": "dateline", "byline": "byline",
               "section": "kicker"}  # a headline's is "other", as its label is no word
SENTENCE_STOP_MARKS, LINE_CLOSING_MARKS = tuple(".!?…:;,"), "\"'”’»)]"
MIN_QUESTION_WORDS, MAX_QUESTION_WORDS = 2, 20  # of a headline that asks or calls
QUOTATION_OPENING_MARKS = "\"“‘'«„"
INNER_STOP_PATTERN = re.compile(r"[.!?][\"”’)]?\s")
MAX_TITLE_DIFFERENCE_CHARS = 50  # code points that marks and an outlet's name may add to a headline
TITLE_SUFFIX_PATTERN = re.compile(r"\s+[|–—·-]\s+[^|–—·]{2,40}$")  # an outlet's name behind a headline
WORD_CHAR_PATTERN = re.compile(r"\w")
WRITTEN_WORD_PATTERN = re.compile(r"\w\S*")  # a run of characters from its first letter or digit on: one match per run


class Line(NamedTuple):
    """A line of an article: its number from 1, its span and its role."""

    number: int
    start: int
    end: int
    content: str
    role: str = ""
    rule: str = ""
    paragraph: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body, or the headline; a headline that only the metadata have has no number."""

    number: int | None
    start: int
    end: int
    role: str = "body"


@dataclass(frozen=True)
class LineRule:
    """A row of data/en/line_rules.csv."""

    name: str
    role: str
    where: str
    starts: tuple[str, ...]  # a line must begin with one of these, in lower case,
    inside: tuple[str, ...]  # or contain one of these; only then is the pattern tried
    pattern: re.Pattern[str]


def find_lines(text: str, headline: str | None = None, *, outlets: Outlets | None = None) -> list[Line]:
    """The non-blank lines of an article, each with its role, rule and paragraph.

    Parameters
    ----------
    text : the article
    headline : the headline that its metadata gives, if any
    outlets : the outlets whose names are known; by default those of data/outlets.csv
    """
    lines, given = _label_fields(text, list(_split_lines(text)))
    lines = _label_by_wording(lines)
    lines = _label_head(lines, headline or given, outlets or known_outlets())
    lines = _label_capitals(_label_links(lines))
    lines = [line if line.role else line._replace(role="body", rule="rest") for line in lines]
    return _number_paragraphs(lines)


def find_paragraphs(lines: list[Line]) -> tuple[Paragraph, ...]:
    """The paragraphs of the body and the headline, in order."""
    paragraphs: dict[int, Paragraph] = {}
    for line in lines:
        if line.paragraph is not None:
            start = paragraphs[line.paragraph].start if line.paragraph in paragraphs else line.start
            paragraphs[line.paragraph] = Paragraph(line.paragraph, start, line.end, line.role)
    return tuple(paragraphs.values())


def strip_lines(lines: list[Line], numbers: set[int]) -> list[Line]:
    """The lines of an article; those with these numbers are marked as repeated by the outlet, not part of the story."""
    return _number_paragraphs([line._replace(role="other", rule="repeated") if line.number in numbers else line
                               for line in (line._replace(paragraph=None) for line in lines)])


def is_prose(content: str) -> bool:
    """Whether a line is a sentence or speech, not a label.

    >>> is_prose("The talks will go on until the end of the week."), is_prose("More on this")
    (True, False)
    """
    closed = _is_closed(content)
    return content[0] in QUOTATION_OPENING_MARKS or (closed and count_line_words(content) >= MIN_PROSE_SENTENCE_WORDS)


def count_line_words(text: str) -> int:
    """The number of strings between white space that contain a letter or digit.

    >>> count_line_words('He said: "No - never."')
    4
    """
    return len(WRITTEN_WORD_PATTERN.findall(text))


def _split_lines(text: str) -> Iterator[Line]:
    for number, found in enumerate(re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|$)", text), start=1):
        content = found.group().rstrip("\r\n")
        if content.strip():
            yield Line(number, found.start(), found.start() + len(content), content.strip())


def _label_fields(text: str, lines: list[Line]) -> tuple[list[Line], str | None]:
    """Assign roles to lines such as "Title: ...", and return the headline that they give; a text's label is cut off."""
    head = read_labelled_head([line.content for line in lines])
    for position, name in head.fields.items():
        lines[position] = lines[position]._replace(role=FIELD_ROLES.get(name, "other"), rule=FIELD_LABEL_RULE)
    if head.text_from:
        position, at = head.text_from
        line = lines[position]
        own = {"start": text.index(line.content, line.start) + at, "content": line.content[at:]}
        lines[position] = line._replace(**own if own["content"] else {"role": "other", "rule": FIELD_LABEL_RULE})
    return lines, head.values.get("headline")


@cache_by_language
def _read_line_rules() -> tuple[LineRule, ...]:
    return tuple(LineRule(
        row["rule"], row["role"], row["where"],
        starts=tuple(word.removeprefix("^") for word in row["words"].split("|") if word.startswith("^")),
        inside=tuple(word for word in row["words"].split("|") if not word.startswith("^")),
        pattern=re.compile(row["pattern"], re.IGNORECASE)) for row in read_language_rows("line_rules"))


class _LineRules(NamedTuple):
    """The rules for lines in some places, by the words that a line must begin with or contain."""

    rules: tuple[LineRule, ...]
    starts: dict[str, tuple[tuple[str, int], ...]]  # by two letters, or one mark: each with the place of its rule
    inside: tuple[tuple[str, int], ...]

    def list_candidates(self, whole: str, words: str) -> list[LineRule]:
        """The rules that may fit a line in lower case, or its words without the marks before them, in order."""
        found = {i for start, i in self.starts.get(words[:2], ()) if words.startswith(start)}
        found.update(i for start, i in self.starts.get(whole[0], ()) if whole.startswith(start))
        for word, i in self.inside:  # a loop takes a third of a comprehension's time, and this runs for every line
            if word in whole:
                found.add(i)
        return [self.rules[i] for i in sorted(found)] if found else []


@cache_by_language
def _select_line_rules(*places: str) -> _LineRules:
    rules = tuple(rule for rule in _read_line_rules() if rule.where in places)
    starts: dict[str, list[tuple[str, int]]] = {}
    for i, rule in enumerate(rules):
        for start in rule.starts:
            starts.setdefault(start[:2] if start[0].isalpha() else start[0], []).append((start, i))
    return _LineRules(rules, {first: tuple(own) for first, own in starts.items()},
                      tuple((word, i) for i, rule in enumerate(rules) for word in rule.inside))


def _label_by_wording(lines: list[Line]) -> list[Line]:
    """Assign roles to the lines that match a row of data/en/line_rules.csv."""
    labelled = []
    for position, line in enumerate(lines):
        places = ("any", *("below",) * (position >= TITLE_LINES), *("head",) * (position < ARTICLE_HEAD_LINES),
                  *("tail",) * (position >= len(lines) - ARTICLE_TAIL_LINES))
        labelled.append(_apply_rules(line, _select_line_rules(*places)))
    return labelled


def _apply_rules(line: Line, rules: _LineRules) -> Line:
    if line.role or len(line.content) > MAX_LABEL_CHARS:
        return line
    first = WORD_CHAR_PATTERN.search(line.content)
    if not first:
        return line._replace(role="other", rule="no_words")
    whole = line.content.lower()
    words = whole[first.start():] if first.start() else whole  # without the marks before them
    for rule in rules.list_candidates(whole, words):
        if rule.pattern.fullmatch(line.content):
            return line._replace(role=rule.role, rule=rule.name)
    return line


def _label_head(lines: list[Line], headline: str | None, outlets: Outlets) -> list[Line]:
    """Assign roles to the lines before the story: times, outlet, headline, and the lines around it."""
    known = [_label_heading(line, outlets) for line in lines[:ARTICLE_HEAD_LINES]]
    size = _measure_head(lines, known)
    chosen = _choose_title(lines, known, size, headline)
    if chosen == size:  # it ends like a sentence
        known[size] = known[size]._replace(role="headline", rule="given" if headline else "question")
        size = _measure_head(lines, known)
    head = known[:size]
    titles = _list_titles(head)
    for i, line in enumerate(head):
        if i == chosen:
            head[i] = line if line.role else line._replace(role="headline", rule="given" if headline
                                                           else "longest_title")
        elif not line.role and not (headline and i in titles):
            is_before = chosen is not None and i < chosen
            head[i] = line._replace(role="kicker" if is_before else "other", rule="near_headline")
    labelled = head + lines[size:]
    return _mark_later_headline(labelled, headline) if headline and chosen is None else labelled


def _mark_later_headline(lines: list[Line], headline: str) -> list[Line]:
    """Mark the line that is the known headline where a summary comes before it; not among links."""
    for i, line in enumerate(lines[:ARTICLE_HEAD_LINES]):
        if line.role == "teaser":
            break
        if not line.role and len(line.content) <= MAX_LABEL_CHARS and _is_same_title(line.content, headline):
            return [*lines[:i], line._replace(role="headline", rule="given"), *lines[i + 1:]]
    return lines


def _choose_title(lines: list[Line], known: list[Line], size: int, headline: str | None) -> int | None:
    """The place of the headline among the first lines: in the head, or the line that follows it.

    If the headline is known, other titles may be sentences without their full stop.
    """
    if headline:
        return next((i for i, line in enumerate(known[:size + 1]) if not line.role
                     and _is_same_title(line.content, headline)), None)
    if titles := _list_titles(known[:size]):
        return max(titles, key=lambda i: (_count_content_words(known[i]), -i))
    if _is_question_title(lines, size):
        return size
    is_short = size > 0 and not known[0].role and _count_content_words(known[0]) >= MIN_QUESTION_WORDS
    return 0 if is_short and _has_gap(lines, 0) else None


def _list_titles(head: list[Line]) -> list[int]:
    return [i for i, line in enumerate(head) if not line.role and _count_content_words(line) >= MIN_HEADLINE_WORDS]


def _is_same_title(content: str, headline: str) -> bool:
    """Whether a line is the headline, whatever the marks; the headline may have an outlet's name behind it."""
    if abs(len(content) - len(headline)) > MAX_TITLE_DIFFERENCE_CHARS:
        return False
    folded = _fold_title(content)
    return bool(folded) and (folded == _fold_title(headline)
                             or folded == _fold_title(TITLE_SUFFIX_PATTERN.sub("", headline)))


def _fold_title(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _is_question_title(lines: list[Line], position: int) -> bool:
    """Whether a line is a headline that asks or calls; one that others like it follow opens an interview."""
    if position + 1 >= len(lines) or not _is_question_or_call(lines[position]):
        return False
    return not any(_is_question_or_call(line) for line in lines[position + 2:position + 8])


def _is_question_or_call(line: Line) -> bool:
    """Whether a line is one short question or call, without quotation marks around it."""
    content = line.content
    return (not line.role and content.endswith(("?", "!")) and content[0] not in QUOTATION_OPENING_MARKS
            and MIN_QUESTION_WORDS <= _count_content_words(line) <= MAX_QUESTION_WORDS
            and not INNER_STOP_PATTERN.search(content))


def _has_gap(lines: list[Line], position: int) -> bool:
    """Whether an empty line follows a line."""
    return position + 1 < len(lines) and lines[position + 1].number > lines[position].number + 1


def _measure_head(lines: list[Line], known: list[Line]) -> int:
    """The number of lines before the story; if nothing looks like a story, the number of leading lines with labels."""
    labelled = [bool(line.role) for line in known]
    runs_on = [_runs_on(a, b) for a, b in pairwise(lines)] if _is_wrapped(lines) else []
    for position, (line, is_known) in enumerate(zip(lines, labelled, strict=False)):
        if not is_known and (not _looks_like_heading(line) or any(runs_on[position:position + 1])):
            return position
    return [*labelled, False].index(False)


def _label_heading(line: Line, outlets: Outlets) -> Line:
    if line.role:
        return line
    if is_date_line(line.content):
        return line._replace(role="dateline", rule="time")
    if outlets.is_known(line.content):
        return line._replace(role="outlet", rule="known_outlet")
    return line


def _label_links(lines: list[Line]) -> list[Line]:
    """Mark lines that look like titles after a heading such as "Read more:" as links to other articles."""
    labelled, links_left = [], 0
    for line in lines:
        if line.role == "teaser":
            links_left = MAX_TEASER_LINK_LINES
        elif links_left and not line.role and _looks_like_heading(line):
            line, links_left = line._replace(role="teaser", rule="after_teaser"), links_left - 1
        else:
            links_left = 0
        labelled.append(line)
    return labelled


def _label_capitals(lines: list[Line]) -> list[Line]:
    """Mark lines in capitals that do not end like a sentence: headings, and links between the paragraphs of a story.

    In a text with many of them, or with several in a row, they may be its own.
    """
    found = [i for i, line in enumerate(lines) if not line.role and line.content.isupper()
             and not _is_closed(line.content) and _count_content_words(line) >= MIN_CAPITALS_WORDS]
    is_rare = len(found) * MIN_LINES_PER_CAPITALS <= len(lines) and not any(b - a == 1 for a, b in pairwise(found))
    return [line._replace(role="other", rule="capitals") if is_rare and i in found else line
            for i, line in enumerate(lines)]


def _looks_like_heading(line: Line) -> bool:
    """Whether a line looks like a heading: short, and not ending like a sentence."""
    return not _is_closed(line.content) and _count_content_words(line) <= MAX_HEADING_WORDS


def _is_closed(content: str) -> bool:
    """Whether a line ends like a sentence, or with a quotation mark."""
    return content.endswith(("\"", "”")) or content.rstrip(LINE_CLOSING_MARKS).endswith(SENTENCE_STOP_MARKS)


def _count_content_words(line: Line) -> int:
    return count_line_words(line.content)


def _number_paragraphs(lines: list[Line]) -> list[Line]:
    """Number the paragraphs; each line is one, unless the line before was broken in the middle of a sentence."""
    wrapped = _is_wrapped(lines)
    numbered, number, start = [], -1, 0
    before: Line | None = None
    for line in lines:
        if line.role in {"body", "headline"}:
            goes_on = before is not None and _continues(before, line, wrapped=wrapped)
            if not goes_on or line.end - start > MAX_JOINED_PARAGRAPH_CHARS:
                number, start = number + 1, line.start
            line = line._replace(paragraph=number)
        numbered.append(line)
        before = line
    return numbered


def _is_wrapped(lines: list[Line]) -> bool:
    """Whether most lines that are directly followed by another run on into it."""
    pairs = [(a, b) for a, b in pairwise(lines) if b.number == a.number + 1]
    open_ended = sum(_runs_on(a, b) and not _is_closed(a.content) for a, b in pairs)
    return len(pairs) >= 3 and open_ended > 0.6 * len(pairs)


def _runs_on(before: Line, line: Line) -> bool:
    """Whether a line has the length at which editors break lines, and the next follows directly."""
    return line.number == before.number + 1 and len(before.content) in WRAPPED_LINE_CHARS


def _continues(before: Line, line: Line, *, wrapped: bool) -> bool:
    """Whether a line continues the one before: in a wrapped text, or by beginning in lower case or with a comma."""
    if before.role != "body" or line.role != "body":
        return False
    is_unfinished = line.number == before.number + 1 and before.content.split()[-1] in UNFINISHED_LINE_ENDS
    is_broken = line.content[0].islower() or line.content.startswith((",", ";", *POSSESSIVE_CLITICS))
    return is_unfinished or (wrapped and _runs_on(before, line)) or (
        is_broken and not before.content.endswith((".", "!", "?", ":")))
