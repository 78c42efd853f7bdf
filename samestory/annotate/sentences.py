"""Sentences: splits paragraphs with nltk's Punkt and our own abbreviations, corrected by the quotation marks.

Punkt uses data/en/abbreviations.csv and no trained model, so nothing is downloaded. A boundary that Punkt puts between
a closing mark and a lower-case cue (“Really?” he said) is removed.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from operator import attrgetter

from samestory.annotate.quotation_marks import Region
from samestory.base.hidden_modules import bare_packages
from samestory.base.language import WordList, cache_by_language, read_language_rows, read_stop_words

with bare_packages("nltk", "nltk.tokenize"):
    from nltk.tokenize.punkt import PunktLanguageVars, PunktParameters, PunktSentenceTokenizer

MAX_SENTENCE_CHARS = 5_000  # code points; longer runs without a boundary are cut at a space
MAX_CACHED_STOP_CHARS = 100  # code points of a stop and its neighbouring words whose reading is cached
NUMBER_ABBREVIATIONS = WordList("number_abbreviations")
INITIALS_PATTERN = re.compile(r"(?<!\w)(?:[A-Z]\.){2,4}$")
SENTENCE_OPENING_MARKS = "\"'“‘«("
OPENING_WORD_PATTERN = re.compile(r"\w*")
SENTENCE_STOP_PATTERN = re.compile(r"[.?!]")


class _NewsLanguage(PunktLanguageVars):  # type: ignore[misc]  # nltk has no types
    """Punkt's rules, with curly closing marks, which belong to the sentence that they end."""

    internal_punctuation = ",:;—–"
    re_boundary_realignment = re.compile(r"[\"'”’»)\]}]+?(?:\s+|(?=--)|$)", re.MULTILINE)


class _NewsPunkt(PunktSentenceTokenizer):  # type: ignore[misc]  # nltk has no types
    """Punkt with a cache of its decisions on stops between two words: many recur, and each decision is slow."""

    def text_contains_sentbreak(self, text: str) -> bool:
        return self._has_break(text) if len(text) <= MAX_CACHED_STOP_CHARS else self._read_break(text)

    @lru_cache(maxsize=100_000)  # noqa: B019 (one instance per language, never discarded)
    def _has_break(self, text: str) -> bool:
        return self._read_break(text)

    def _read_break(self, text: str) -> bool:
        return bool(super().text_contains_sentbreak(text))


@cache_by_language
def _number_abbreviation_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{NUMBER_ABBREVIATIONS.pattern})\.$")


@cache_by_language
def _load_punkt() -> _NewsPunkt:
    parameters = PunktParameters()
    parameters.abbrev_types = {row["abbreviation"] for row in read_language_rows("abbreviations")}
    return _NewsPunkt(parameters, lang_vars=_NewsLanguage())


def split_sentences(text: str, start: int, end: int, regions: list[Region]) -> list[tuple[int, int]]:
    """The sentences of one paragraph, as spans into `text`.

    Parameters
    ----------
    text : the article
    start, end : the paragraph, in code points
    regions : the regions between quotation marks in it

    >>> split_sentences('“Stop!” he said. He left.', 0, 25, [Region(0, 7, 1, 6, "“")])
    [(0, 16), (17, 25)]
    >>> split_sentences("A model that the E.P.A. has used. It works.", 0, 43, [])
    [(0, 33), (34, 43)]
    """
    last = start + len(text[start:end].rstrip()) - 1
    # true of most paragraphs of news, and Punkt is slow
    if start <= last and SENTENCE_STOP_PATTERN.search(text, start, last) is None:
        return _cut_overlong(text, start, last + 1)
    found = [(start + a, start + b) for a, b in _load_punkt().span_tokenize(text[start:end])]
    merged: list[tuple[int, int]] = []
    for span in found:
        if merged and _is_continued(text, merged[-1], span, regions):
            span = (merged.pop()[0], span[1])
        merged.append(span)
    return [piece for span in merged for piece in _cut_overlong(text, *span)]


def _is_continued(text: str, before: tuple[int, int], after: tuple[int, int],
                  regions: list[Region]) -> bool:
    """Whether a boundary is wrong: after a closing mark or stray stop the text continues in lower case.

    A boundary after initials is wrong, too (`G.K. Butterfield`, `the U.S. Senate`), unless a word that opens sentences
    follows (`the E.P.A. The`, but not `the E.P.A. has`).
    """
    first = text[after[0]]
    if first in ",;:)]”’»":
        return True
    if first.isdecimal() and _number_abbreviation_pattern().search(text, max(before[0], before[1] - 5), before[1]):
        return True
    if INITIALS_PATTERN.search(text, max(before[0], before[1] - 12), before[1]):
        following = OPENING_WORD_PATTERN.match(text, after[0], after[0] + 40)
        is_opening = following is not None and not first.islower() and following[0].lower() in read_stop_words()
        return first not in SENTENCE_OPENING_MARKS and not is_opening
    place = bisect_left(regions, after[0], key=attrgetter("start")) - 1  # the last that opens before
    return first.islower() and not (place >= 0 and after[0] < regions[place].end)


def _cut_overlong(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span in pieces that are short enough to parse; more than one only for hostile text."""
    pieces = []
    while end - start > MAX_SENTENCE_CHARS:
        cut = text.rfind(" ", start, start + MAX_SENTENCE_CHARS)
        cut = cut if cut > start else start + MAX_SENTENCE_CHARS
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]
