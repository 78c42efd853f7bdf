"""The view of a parsed article that the quotation rules share: its cues, and the quotation marks around tokens."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from samestory.annotate.parse import Parse
from samestory.annotate.quotation_marks import Region
from samestory.annotate.quotations.cues import Cue, match_cues, read_source_cues
from samestory.annotate.quotations.rules import QUOTATION_RULES
from samestory.base.language import WordList, cache_by_language
from samestory.clean.lines import POSSESSIVE_CLITICS

if TYPE_CHECKING:
    from spacy.tokens import Token

StartEnd = tuple[int, int]
PAUSE_MARKS = frozenset((",", "—", "–", "--", "-", "?", "!", "…", "...", ";"))
OPENING_QUOTE_MARKS = frozenset(("“", '"', "``", "‘", "'", "«", "''"))
SPACED_RUN_PATTERN = re.compile(r"\S+")
QUOTATION_MARKS_TO_SPACES = str.maketrans(dict.fromkeys("“”\"«»„", " "))
LETTER_OR_DIGIT_PATTERN = re.compile(r"[^\W_]")
NICKNAME_LEADS = WordList("nickname_leads")  # "DUBBED “the fixer”"
TERM_LEADS = WordList("term_leads")  # "the FILM “Casablanca”"
WORK_NOUNS = WordList("work_nouns")  # "in her MEMOIR, “Tough Choices.”"
PROGRAMME_LEADS = WordList("programme_leads")  # "ON “Meet the Press.”"
MAX_MARKED_TITLE_WORDS = 8
DATELINE_DASH_PATTERN = re.compile(r"\s*(?:—|–|―|--| - )\s*")
MAX_DATELINE_CHARS = 60  # code points
SENTENCE_CONJUNCTIONS = WordList("sentence_conjunctions")
SENTENCE_CONNECTIVES = WordList("sentence_connectives")
MAX_CONNECTIVE_TOKENS = 6
TITLE_SMALL_WORDS = WordList("title_small_words")
SPEECH_END_MARKS = (".", "!", "?", "…", "—", "–", "-")


@dataclass(frozen=True)
class Claim:
    """Content found by a rule, before its speaker is resolved: spans in code points, the rest in tokens.

    `via` is who passes the words on. `signature` is the name of the speaker in the text, in code points, where no
    phrase with the content names the speaker: below an embedded post, or before an interview.
    """

    spans: tuple[tuple[int, int], ...]
    cue: int | None
    speaker: tuple[int, int] | None
    rule: str
    confidence: float
    via: tuple[int, int] | None = None
    signature: tuple[int, int] | None = None

    @property
    def start(self) -> int:
        """The start of the content."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """The exclusive end of the content."""
        return self.spans[-1][1]


@dataclass
class QuotationParse:
    """A parse with the lookups that the rules use repeatedly, and the names of the rules that apply.

    `attributing` are the numbers of the sentences that only say who spoke the marked words before them.
    """

    parse: Parse
    rules: Collection[str] = field(default_factory=lambda: QUOTATION_RULES)
    attributing: frozenset[int] = frozenset()

    def applies(self, rule: str) -> bool:
        """Whether a rule of QUOTATION_RULES applies: all do, unless `find_quotations` was called with fewer."""
        return rule in self.rules

    @property
    def text(self) -> str:
        """The original text."""
        return self.parse.text

    @cached_property
    def tokens(self) -> list["Token"]:
        """The tokens as a list, which is faster to index than the Doc."""
        return list(self.parse.doc)

    @cached_property
    def cues(self) -> dict[int, Cue]:
        """The cues outside quotation marks, by token."""
        return {i: cue for i, cue in match_cues(self.parse.doc).items()
                if self.region_at[i] < 0 and self.parse.role_of(i) == "body"}

    def cue_at(self, token: int | None) -> Cue | None:
        """The cue of a claim, including "according to"; None for a verb that is not in the lexicon."""
        if token is None:
            return None
        if token in self.cues:
            return self.cues[token]
        return read_source_cues().get(self.tokens[token].lower_)

    def cue_span(self, token: int | None) -> tuple[int | None, int | None]:
        """The span of a cue of one or two words ("point out")."""
        if token is None:
            return None, None
        cue = self.cue_at(token)
        n_words = len(cue.lemma.split()) if cue else 1
        return self.parse.span(token, min(token + n_words, len(self.tokens)))

    @cached_property
    def regions(self) -> list[Region]:
        """The regions of the body that may be speech, in order."""
        return [region for region in self.parse.regions
                if self._in_body(region) and not (is_term(self.text, region) and self.applies("terms and titles"))]

    @cached_property
    def region_at(self) -> np.ndarray:
        """The region number of each token, marks included, or -1."""
        marked = np.full(len(self.parse.starts), -1, dtype=np.int32)
        for number, region in enumerate(self.regions):
            first, last = self.parse.tokens_within(region.start, region.end)
            marked[first:last] = number
        return marked

    @cached_property
    def is_marked(self) -> np.ndarray:
        """Whether each token is inside quotation marks of any kind, including those of terms and titles."""
        marked = np.zeros(len(self.parse.starts), dtype=bool)
        for region in filter(self._in_body, self.parse.regions):
            first, last = self.parse.tokens_within(region.start, region.end)
            marked[first:last] = True
        return marked

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """The first and last (exclusive) token of each sentence."""
        return [(sentence.start, sentence.end) for sentence in self.parse.sentences]

    def sentence(self, token: int) -> tuple[int, int]:
        """The first and last (exclusive) token of a token's sentence, widened to whole regions."""
        number = int(self.parse.sentence_of[token])
        first = self.bounds[number - (number in self.attributing)][0]
        last = self.bounds[number + (number + 1 in self.attributing)][1]
        return self.region_start(first), self.region_end(last)

    def region_tokens(self, number: int) -> StartEnd:
        """The first and last (exclusive) token of a region, marks included."""
        return self.parse.tokens_within(self.regions[number].start, self.regions[number].end)

    def region_start(self, token: int) -> int:
        """The opening mark of a token's region, or the token itself outside regions."""
        number = int(self.region_at[token])
        return self.region_tokens(number)[0] if number >= 0 else token

    def region_end(self, last: int) -> int:
        """The exclusive end, moved to the end of a region that it would cut."""
        if 0 < last < len(self.tokens) and self.region_at[last] == self.region_at[last - 1] >= 0:
            return self.region_tokens(int(self.region_at[last]))[1]
        return last

    def dateline_end(self, token: int) -> int:
        """The token after a dateline, if its paragraph opens with one ("FLINT, Mich. (UPI) -- ")."""
        if token and self.paragraph(token - 1) == self.paragraph(token):
            return token
        start = int(self.parse.starts[token])
        found = DATELINE_DASH_PATTERN.search(self.text, start, start + MAX_DATELINE_CHARS)
        if found is None or not is_dateline(self.text[start:found.start()]) or not self.applies("datelines"):
            return token
        return self.parse.tokens_within(start, found.end())[1]

    def content_start(self, token: int) -> int:
        """The token after any words that only link a sentence to the previous one: "And", "However,"."""
        if self.region_at[token] >= 0:
            return token
        last = min(token + MAX_CONNECTIVE_TOKENS, len(self.tokens) - 1)
        comma = next((i for i in range(token + 1, last) if self.tokens[i].text == ","), last)
        words = " ".join(t.lower_ for t in self.tokens[token:comma])
        if not self.applies("connectives"):
            return token
        if words in SENTENCE_CONNECTIVES:
            return comma + 1
        is_led = self.tokens[token].lower_ in SENTENCE_CONJUNCTIONS and token < last
        return token + 1 if is_led and self.region_at[token + 1] >= 0 else token

    def paragraph(self, token: int) -> int:
        """The paragraph number of a token."""
        return int(self.parse.paragraph_of[token])

    def _in_body(self, region: Region) -> bool:
        first, last = self.parse.tokens_within(region.start, region.end)
        return last > first and self.parse.role_of(first) == "body"


def is_dateline(words: str) -> bool:
    """Whether the words before a dash begin with a place in capitals and contain no lower-case word.

    >>> is_dateline("FLINT, Mich., Oct. 4 (UPI)"), is_dateline("The plan")
    (True, False)
    """
    parts = words.split()
    return bool(parts) and len(parts[0]) > 2 and parts[0].isupper() and not any(part[0].islower() for part in parts)


def count_spaced_words(text: str) -> int:
    """The number of strings between white space that contain a letter or digit.

    >>> count_spaced_words("“meet halfway,” -- 2+2")
    3
    """
    return sum(1 for run in SPACED_RUN_PATTERN.findall(text) if LETTER_OR_DIGIT_PATTERN.search(run))


def blank_quotation_marks(text: str) -> str:
    """The text with spaces in place of quotation marks, so that no word contains one.

    >>> blank_quotation_marks("a “soft”-spoken man")
    'a  soft -spoken man'
    """
    return text.translate(QUOTATION_MARKS_TO_SPACES)


@cache_by_language
def _nickname_lead_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{NICKNAME_LEADS.pattern})\W{{0,3}}$", re.IGNORECASE)


@cache_by_language
def _term_lead_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{NICKNAME_LEADS.pattern}|{TERM_LEADS.pattern})\W{{0,3}}$", re.IGNORECASE)


@cache_by_language
def _programme_lead_pattern() -> re.Pattern[str]:
    works = rf"\b(?:{WORK_NOUNS.pattern}),?"
    return re.compile(rf"(?:\b(?:{PROGRAMME_LEADS.pattern})|{POSSESSIVE_CLITICS.pattern}|{works})\s+$", re.IGNORECASE)


def is_term(text: str, region: Region) -> bool:
    """Whether a region is a term, a nickname or a title rather than speech.

    The value of a tag's attribute (`author="..."`) is none. A term has no word of two letters ("2+2"), or is one or
    two words after `so-called`, `dubbed` and the like. A title is capitalized and lacks the full stop that ends speech.
    A nickname comes between two capitalized names.
    """
    inner = text[region.inner_start:region.inner_end].strip()
    words = inner.split()
    if region.reopened:
        return False
    if not re.search(r"[^\W\d_]{2}", inner) or text[region.start - 1:region.start] == "=":
        return True
    ends_speech = inner.endswith(SPEECH_END_MARKS) and not _is_programme(text, region, words)
    if ends_speech or len(words) > MAX_MARKED_TITLE_WORDS:
        return False
    before, after = text[max(0, region.start - 40):region.start], text[region.end:region.end + 2]
    if len(words) <= 4 and _nickname_lead_pattern().search(before):
        return True
    is_title = _is_capitalized(words)
    is_inside_name = re.search(r"[A-Z]\w+ $", before) and re.match(r" [A-Z]", after)
    return is_title and (len(words) > 1 or bool(is_inside_name) or bool(_term_lead_pattern().search(before)))


def _is_capitalized(words: list[str]) -> bool:
    """Whether all words except short ones are capitalized, but not all are in capitals."""
    is_shouted = len(words) > 2 and " ".join(words).isupper()
    return not is_shouted and all(word[0].isupper() or not word[0].isalpha() or word.lower() in TITLE_SMALL_WORDS
                                  for word in words)


def _is_programme(text: str, region: Region, words: list[str]) -> bool:
    """Whether a region that ends its sentence is the title of a programme: on “Meet the Press.”"""
    is_title = len(words) > 1 and _is_capitalized(words)
    return (is_title and text[region.inner_start:region.inner_end].rstrip().endswith(".")
            and bool(_programme_lead_pattern().search(text[max(0, region.start - 40):region.start])))
