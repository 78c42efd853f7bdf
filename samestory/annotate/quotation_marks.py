"""Quotation marks: pairs opening and closing marks in the original text.

A region is the text between an opening and a closing mark of one kind. Marks are paired within a paragraph, by their
shape and their neighbours; a stray mark affects nothing else. A quotation that continues over paragraphs, with an
opening mark in each, is one region per paragraph. Whether a region is speech, a term or a nickname is decided in
`quotations`.
"""

import re
from dataclasses import dataclass, replace

from samestory.base.language import WordList, cache_by_language

DOUBLE_MARK_PATTERN = re.compile(r"“|”|„|«|»|``|''|\"|＂|‟")
# An opening mark before a word, or a closing mark after one; the mark comes first in the pattern, for speed.
SINGLE_MARK_PATTERN = re.compile(r"[‘’'](?:(?<=[‘'])(?<![\w’'].)(?=\w)|(?<=[’'])(?<=[\w.,!?…—].)(?!\w))")
OPENING_MARKS = frozenset("“„«``‟")
CLOSING_MARKS = frozenset("”»")
GUILLEMETS, LOW_MARK_CLOSERS = frozenset("«»"), frozenset("“”\"")
CLIPPED_WORDS = WordList("clipped_words")  # "'TIS the season"
PLURAL_POSSESSIVE_ENDINGS = WordList("plural_possessive_endings")
CLIPPED_WORD_PATTERN = re.compile(r"\w*")
SPEECH_LEAD_PATTERN = re.compile(r"(?:^|[,:—–])\s*$")
MAX_UNCLOSED_PARAGRAPHS = 5  # paragraphs over which an unclosed quotation may continue without a new opening mark
MAX_SINGLE_MARK_CHARS = 1_000  # code points between single marks; marks further apart are apostrophes


@dataclass(frozen=True)
class Region:
    """The text between two marks: `start` and `end` include the marks, `inner_*` exclude them.

    `closed` is false if the closing mark is missing, `reopened` is true if the region continues one that the previous
    paragraph left open.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    mark: str
    closed: bool = True
    reopened: bool = False


def find_regions(text: str, paragraphs: list[tuple[int, int]]) -> list[Region]:
    """The regions between quotation marks, in order and not nested.

    Parameters
    ----------
    text : the article
    paragraphs : the spans of its paragraphs, in code points

    >>> [(r.inner_start, r.inner_end) for r in find_regions('a 5" "pipe" 6"', [(0, 14)])]
    [(6, 10)]
    """
    regions: list[Region] = []
    carried = 0  # paragraphs ahead over which an unclosed quotation continues without a new opening mark
    was_open = False
    for position, (start, end) in enumerate(paragraphs):
        found = (_read_carried_paragraph(text, start, end, is_last=carried == 1) if carried
                 else _pair_double(text, start, end))
        if found and was_open and _opens_paragraph(text, start, found[0]):
            found[0] = replace(found[0], reopened=True)
        if carried := max(0, carried - 1):
            was_open = True
        else:
            carried = _count_carried_paragraphs(text, paragraphs, position) if found and not found[-1].closed else 0
            is_reopened = carried > 0 or _opens_with_mark(text, paragraphs, position + 1)
            found = _drop_stray_unclosed(text, start, found, is_reopened=is_reopened)
            was_open = bool(found) and not found[-1].closed
        regions += sorted([*found, *_pair_single(text, start, end, found)], key=lambda region: region.start)
    return regions


def _count_carried_paragraphs(text: str, paragraphs: list[tuple[int, int]], position: int) -> int:
    """The number of paragraphs after which an unclosed quotation is closed; 0 if another opens first."""
    ahead = paragraphs[position + 1:position + 1 + MAX_UNCLOSED_PARAGRAPHS]
    for steps, (start, end) in enumerate(ahead, start=1):
        found = DOUBLE_MARK_PATTERN.search(text, start, end)
        if found is not None:
            return steps if _find_mark_direction(text, start, end, found) == (False, True) else 0
    return 0


def _read_carried_paragraph(text: str, start: int, end: int, *, is_last: bool) -> list[Region]:
    """The regions of a paragraph that begins inside a quotation."""
    if not is_last:
        return [Region(start, end, start, end, "", closed=False, reopened=True)]
    found = DOUBLE_MARK_PATTERN.search(text, start, end)
    if found is None or found.start() == start:
        return _pair_double(text, start if found is None else found.end(), end)
    first = Region(start, found.end(), start, found.start(), "", reopened=True)
    return [first, *_pair_double(text, found.end(), end)]


def _pair_double(text: str, start: int, end: int) -> list[Region]:
    """The regions between double marks in one paragraph; the last may be unclosed.

    Marks within marks belong to the outer region, if that is closed: "She said "no" to me," he said.
    """
    regions: list[Region] = []
    openers: list[re.Match[str]] = []
    for found in DOUBLE_MARK_PATTERN.finditer(text, start, end):
        can_open, can_close = _find_mark_direction(text, start, end, found)
        if openers and (can_close or _closes_low_mark(openers[-1], found)):
            opener = openers.pop()
            while regions and regions[-1].end > opener.start():
                regions.pop()
            regions += [_make_region(opener, found)] if found.start() > opener.end() else []
        elif can_open:
            openers = [*openers, found] if _may_nest(text, openers, found) else [found]
    if openers and openers[-1].end() < end and not (regions and regions[-1].start > openers[-1].start()):
        last = openers[-1]
        regions.append(Region(last.start(), end, last.end(), end, last.group(), closed=False))
    return regions


def _may_nest(text: str, openers: list[re.Match[str]], found: re.Match[str]) -> bool:
    """Whether a mark that opens within marks is inside a sentence of them, so that they may still be closed."""
    return len(openers) == 1 and text[max(0, found.start() - 2):found.start() - 1].isalnum()


def _closes_low_mark(opener: re.Match[str], found: re.Match[str]) -> bool:
    """Whether a mark closes a German quotation: „...“"""
    return opener.group() == "„" and found.group() in LOW_MARK_CLOSERS


def _find_mark_direction(text: str, start: int, end: int, found: re.Match[str]) -> tuple[bool, bool]:
    """Whether a mark can open and whether it can close, by its shape or else by its neighbours."""
    mark = found.group()
    before = text[found.start() - 1] if found.start() > start else " "
    after = text[found.end()] if found.end() < end else " "
    if mark in GUILLEMETS and not (before.isspace() and after.isspace()):  # »...« as well as «...»
        opens = before.isspace() or before in "([{—–-:"
        return (opens and not after.isspace(), not opens or after.isspace())
    if mark in OPENING_MARKS:  # after a word and before a space it closes, in spite of its shape
        return (False, True) if after.isspace() and not before.isspace() else (True, False)
    if mark in CLOSING_MARKS:
        return (True, False) if found.start() == start else (False, True)
    opens = not after.isspace() and (before.isspace() or before in "([{—–-/'‘")
    closes = not before.isspace() and not after.isalnum()
    return (opens, closes) if opens or closes else (True, True)


def _make_region(opener: re.Match[str], closer: re.Match[str]) -> Region:
    return Region(opener.start(), closer.end(), opener.end(), closer.start(), opener.group())


def _opens_paragraph(text: str, start: int, region: Region) -> bool:
    """Whether only white space precedes the region in its paragraph."""
    return not text[start:region.start].strip()


def _opens_with_mark(text: str, paragraphs: list[tuple[int, int]], position: int) -> bool:
    """Whether the paragraph exists and begins with a mark that can open."""
    if position >= len(paragraphs):
        return False
    start, end = paragraphs[position]
    found = DOUBLE_MARK_PATTERN.match(text, start, end)
    return found is not None and _find_mark_direction(text, start, end, found)[0]


def _drop_stray_unclosed(text: str, start: int, regions: list[Region], *, is_reopened: bool) -> list[Region]:
    """The regions, without an unclosed last one that is only a stray mark.

    It is kept if the next paragraph reopens it, or where speech is expected: at the start of the paragraph, or after a
    comma, a colon or a dash.
    """
    if not regions or regions[-1].closed or is_reopened:
        return regions
    last = regions[-1]
    return regions if SPEECH_LEAD_PATTERN.search(text[max(start, last.start - 3):last.start]) else regions[:-1]


def _pair_single(text: str, start: int, end: int, taken: list[Region]) -> list[Region]:
    """Regions between single marks outside the double ones."""
    regions: list[Region] = []
    opener: re.Match[str] | None = None
    inside = iter(taken)
    region = next(inside, None)
    for found in SINGLE_MARK_PATTERN.finditer(text, start, end):
        while region is not None and region.end <= found.start():
            region, opener = next(inside, None), None
        if region is not None and found.start() >= region.start:
            continue
        opener = _pair_next(text, opener, found, regions)
    return regions


def _pair_next(text: str, opener: re.Match[str] | None, found: re.Match[str],
               regions: list[Region]) -> re.Match[str] | None:
    """Read one single mark: open a region, close it, or skip an apostrophe."""
    before = text[found.start() - 1] if found.start() else " "
    if not (before.isalnum() or before in ".,!?…—"):
        is_open = opener is not None and found.start() - opener.end() <= MAX_SINGLE_MARK_CHARS
        return opener if is_open and opener is not None and not _opens_clipped_word(text, opener) else found
    if opener is None or found.start() - opener.end() > MAX_SINGLE_MARK_CHARS:
        return opener
    if _may_be_plural_possessive(text, found):
        return opener
    regions.append(_make_region(opener, found))
    return None


def _opens_clipped_word(text: str, found: re.Match[str]) -> bool:
    """Whether a mark may be the apostrophe of a word without its beginning: 'Tis, 'twas."""
    return CLIPPED_WORD_PATTERN.match(text, found.end())[0].lower() in CLIPPED_WORDS  # type: ignore[index]


def _may_be_plural_possessive(text: str, found: re.Match[str]) -> bool:
    """Whether a mark after s, before a space and a lower-case word, may be a plural's apostrophe."""
    return _plural_possessive_pattern().match(text[found.start() - 1:found.end() + 2]) is not None


@cache_by_language
def _plural_possessive_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{PLURAL_POSSESSIVE_ENDINGS.pattern})['’] [a-z]")
