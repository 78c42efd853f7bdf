"""The context of the mention rules: the words of a parse, which of them look like names, and mentions in progress."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from samestory.annotate.mentions.lists import read_known_labels
from samestory.annotate.parse import Parse
from samestory.annotate.recognizers import NAME_LABELS
from samestory.annotate.roles import DEFINITE_ARTICLES
from samestory.base.language import WordList

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
LEADING_ARTICLES = WordList("leading_articles")
GENERATION_SUFFIXES = WordList("generation_suffixes")
LOWERCASE_NAME_WORDS = WordList("lowercase_name_words")
# letters from which a known name in capitals is a name, whatever the model's tag: WHO, but not US
MIN_ACRONYM_LETTERS = 3
# letters from which a word in capitals may be written in lower case elsewhere
MIN_UPPERCASE_WORD_LETTERS = 4
MODIFIED_POS = ("NOUN", "PROPN", "ADJ", "NUM")
MIN_TITLE_CASE_SHARE = 0.75  # share of words with a capital from which a headline is in title case


@dataclass(frozen=True)
class FoundMention:
    """A mention in progress: tokens `first` to `last` (exclusive), its label, and the rule that set it."""

    first: int
    last: int
    label: str
    rule: str = "model"


class MentionContext:
    """A parse as the mention rules use it: the words, and which of them are proper nouns."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.words = lower_capitals([token.text for token in parse.doc])

    @cached_property
    def proper(self) -> list[bool]:
        """Which words are proper nouns with a capital, or known acronyms such as WHO."""
        proper = self.parse.doc.vocab.strings["PROPN"]
        return [(tag == proper and word[0].isupper()) or self._is_known_acronym(i, word)
                for i, (tag, word) in enumerate(zip(self._tags, self.words, strict=True))]

    def _is_known_acronym(self, i: int, word: str) -> bool:
        """Whether a word is a known acronym in capitals, and its neighbours are not in capitals."""
        if not (len(word) >= MIN_ACRONYM_LETTERS and word.isupper() and word in read_known_labels()):
            return False
        neighbours = self.words[max(0, i - 1):i] + self.words[i + 1:i + 2]
        return not any(other.isupper() and len(other) > 1 for other in neighbours)

    @cached_property
    def _tags(self) -> list[int]:
        """spaCy's number for the part of speech of each word."""
        tags: list[int] = self.parse.doc.to_array("POS").tolist() if self.words else []
        return tags

    @cached_property
    def common_nouns(self) -> set[str]:
        """The common nouns, in lower case."""
        noun = self.parse.doc.vocab.strings["NOUN"]
        return {word for tag, word in zip(self._tags, self.words, strict=True) if tag == noun and word.islower()}

    @cached_property
    def small_words(self) -> set[str]:
        """The words written in lower case."""
        return {word for word in self.words if word.islower()}

    @cached_property
    def shouts(self) -> bool:
        """Whether nearly every long word of the headline has a capital, so that capitals do not mark names there."""
        long = [word for i, word in enumerate(self.words) if len(word) >= MIN_UPPERCASE_WORD_LETTERS
                and word[0].isalpha() and self.parse.role_of(i) == "headline"]
        return sum(word[0].isupper() for word in long) > MIN_TITLE_CASE_SHARE * len(long)

    def is_shouted(self, found: FoundMention) -> bool:
        """Whether a mention is in such a headline."""
        return self.parse.role_of(found.first) == "headline" and self.shouts

    def acts_after(self, found: FoundMention) -> bool:
        """Whether a verb follows a mention."""
        return found.last < len(self.words) and self.parse.doc[found.last].pos_ in ("VERB", "AUX")

    def is_modifier(self, found: FoundMention) -> bool:
        """Whether a noun, an adjective or a possessive 's follows: the mention may belong to it."""
        if found.last == len(self.words):
            return False
        token = self.parse.doc[found.last]
        return (token.pos_ in MODIFIED_POS and token.text[0].isalnum()) or token.tag_ == "POS"

    def is_acronym(self, found: FoundMention) -> bool:
        """Whether a mention is one word in capitals."""
        word = self.words[found.first]
        return found.last - found.first == 1 and len(word) > 1 and word.isupper() and word.isalpha()

    def words_of(self, found: FoundMention) -> tuple[str, ...]:
        """The words of a mention."""
        return tuple(self.words[found.first:found.last])

    def name_of(self, found: FoundMention) -> str:
        """A mention as written, on one line, in NFC, without invisible characters."""
        start, end = self.parse.span(found.first, found.last)
        text = " ".join(self.parse.text[start:end].split())
        visible = text if text.isprintable() else "".join(filter(str.isprintable, text)) or text
        return unicodedata.normalize("NFC", visible)

    def crosses(self, first: int, last: int) -> bool:
        """Whether the tokens from `first` to `last` (exclusive) are in more than one sentence."""
        return bool(self.parse.sentence_of[first] != self.parse.sentence_of[last - 1])


def lower_capitals(words: list[str]) -> list[str]:
    """Words in capitals, respelt as elsewhere in the text: the headline's `BLINKEN` becomes `Blinken`.

    Short words are unchanged: `WHO` is not `Who`.

    >>> lower_capitals(["BLINKEN", "IN", "NATO", "Blinken", "In"])
    ['Blinken', 'IN', 'NATO', 'Blinken', 'In']
    """
    written = set(words)
    return [word.capitalize() if len(word) >= MIN_UPPERCASE_WORD_LETTERS and word.isupper()
            and word.capitalize() in written else word
            for word in words]


def is_articled(found: FoundMention, context: MentionContext) -> bool:
    """Whether `the` is before a mention."""
    return found.first > 0 and context.words[found.first - 1].lower() in DEFINITE_ARTICLES


NameWords = tuple[str, ...]
MentionRule = Callable[[list[FoundMention], MentionContext], list[FoundMention]]


def read_model_mentions(context: MentionContext) -> list[FoundMention]:
    """The model's mentions that are names, without numbers, dates and amounts."""
    return [FoundMention(span.start, span.end, span.label_) for span in context.parse.doc.ents
            if span.label_ in NAME_LABELS]
