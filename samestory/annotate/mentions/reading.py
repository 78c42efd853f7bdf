"""What the rules see of a parse: its words, which of them are names by their form, and the mentions so far."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from samestory.annotate.mentions.lists import read_known_labels
from samestory.annotate.parse import Parse
from samestory.annotate.recognizers import NAME_LABELS

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
LEADING_ARTICLES = frozenset({"the", "a", "an"})
GENERATION_SUFFIXES = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"})
# letters from which a known name in capitals is one whatever the model takes it for: WHO, but not US
MIN_ACRONYM_LETTERS = 3
# letters from which a word in capitals may be a word that is written otherwise elsewhere
MIN_UPPERCASE_WORD_LETTERS = 4
MIN_TITLE_CASE_SHARE = 0.75  # share of words with a capital from which a headline is in title case
LOWERCASE_NAME_WORDS = frozenset({"of", "the", "and", "for", "on", "in", "&", "-", "de", "la"})


@dataclass(frozen=True)
class FoundMention:
    """A mention in the making: tokens `first` to `last` (exclusive), its label, the rule that set it."""

    first: int
    last: int
    label: str
    rule: str = "model"


class MentionContext:
    """A parse as the rules see it: the words, and which of them are proper nouns."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.words = lower_capitals([token.text for token in parse.doc])

    @cached_property
    def proper(self) -> list[bool]:
        """Which words are proper nouns that open with a capital, or are known acronyms, such as WHO."""
        proper = self.parse.doc.vocab.strings["PROPN"]
        tags = self.parse.doc.to_array("POS") if self.words else []
        return [(tag == proper and word[0].isupper()) or self._is_acronym(i, word)
                for i, (tag, word) in enumerate(zip(tags, self.words, strict=True))]

    def _is_acronym(self, i: int, word: str) -> bool:
        """Whether a word is a known acronym in capitals, and its neighbours are not in capitals too."""
        if not (len(word) >= MIN_ACRONYM_LETTERS and word.isupper() and word in read_known_labels()):
            return False
        beside = self.words[max(0, i - 1):i] + self.words[i + 1:i + 2]
        return not any(other.isupper() and len(other) > 1 for other in beside)

    @cached_property
    def common_nouns(self) -> set[str]:
        """The words written in small letters as nouns."""
        noun = self.parse.doc.vocab.strings["NOUN"]
        tags = self.parse.doc.to_array("POS") if self.words else []
        return {word for tag, word in zip(tags, self.words, strict=True) if tag == noun and word.islower()}

    @cached_property
    def shouts(self) -> bool:
        """Whether the headline has capitals in nearly every long word, so that names cannot be told by them."""
        long = [word for i,
                word in enumerate(self.words) if len(word) >= MIN_UPPERCASE_WORD_LETTERS and word[0].isalpha()
                and self.parse.role_of(i) == "headline"]
        return sum(word[0].isupper() for word in long) > MIN_TITLE_CASE_SHARE * len(long)

    def is_shouted(self, found: FoundMention) -> bool:
        """Whether a mention stands in such a headline."""
        return self.parse.role_of(found.first) == "headline" and self.shouts

    def acts_after(self, found: FoundMention) -> bool:
        """Whether a verb follows a mention."""
        return found.last < len(self.words) and self.parse.doc[found.last].pos_ in ("VERB", "AUX")

    def words_of(self, found: FoundMention) -> tuple[str, ...]:
        """The words of a mention."""
        return tuple(self.words[found.first:found.last])

    def name_of(self, found: FoundMention) -> str:
        """A mention as written, on one line, composed (NFC), without invisible characters."""
        start, end = self.parse.span(found.first, found.last)
        text = " ".join(self.parse.text[start:end].split())
        visible = text if text.isprintable() else "".join(filter(str.isprintable, text)) or text
        return unicodedata.normalize("NFC", visible)

    def crosses(self, first: int, last: int) -> bool:
        """Whether the tokens from `first` to `last` (exclusive) stand in more than one sentence."""
        return self.parse.sentence_of[first] != self.parse.sentence_of[last - 1]


def lower_capitals(words: list[str]) -> list[str]:
    """Words in capitals as the text has them elsewhere: the headline's `BLINKEN` is `Blinken`.

    Short words are left: `WHO` is not `Who`.

    >>> lower_capitals(["BLINKEN", "IN", "NATO", "Blinken", "In"])
    ['Blinken', 'IN', 'NATO', 'Blinken', 'In']
    """
    written = set(words)
    return [word.capitalize() if len(word) >= MIN_UPPERCASE_WORD_LETTERS and word.isupper()
            and word.capitalize() in written else word
            for word in words]


NameWords = tuple[str, ...]
MentionRule = Callable[[list[FoundMention], MentionContext], list[FoundMention]]


def read_model_mentions(reading: MentionContext) -> list[FoundMention]:
    """The model's mentions that are names: numbers, dates and amounts are left out."""
    return [FoundMention(span.start, span.end, span.label_) for span in reading.parse.doc.ents
            if span.label_ in NAME_LABELS]
