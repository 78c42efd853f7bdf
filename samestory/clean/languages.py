"""The language of an article: given by its metadata, or detected in samples of its text.

The expected language is recognized by its most common words, which suffices for most articles; py3langid decides
the rest. Texts too short for a decision are taken to be in the expected language.
"""

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from samestory.base.language import WordList, cache_by_language, language_in_use, read_language_names

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# code points that are sampled: a whole short text, or three stretches of a long one
LANGUAGE_SAMPLE_CHARS = 2_000
# code points of a sample; the second number for letters other than Latin ones
MIN_LATIN_SAMPLE_CHARS, MIN_NONLATIN_SAMPLE_CHARS = 100, 25
COMMON_WORDS = WordList("common_words")
MIN_COMMON_WORD_SHARE = 1 / 12  # share of these words; 98 % of 865 English news articles reach it
# probability from which the model is trusted; the second number for letters other than Latin ones
MIN_LATIN_PROBABILITY, MIN_NONLATIN_PROBABILITY = 0.95, 0.5
NONLATIN_LETTER_PATTERN = re.compile(r"[\u0370-\u1fff\u3000-\U0010ffff]")  # neither Latin letters nor marks
THREE_LETTER_CODES = {"ara": "ar", "chi": "zh", "zho": "zh", "ces": "cs", "dan": "da", "nld": "nl", "dut": "nl",
                      "eng": "en", "fin": "fi", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "heb": "he",
                      "hin": "hi", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nor": "no", "fas": "fa",
                      "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr",
                      "ukr": "uk", "urd": "ur", "vie": "vi"}


@cache_by_language
def _read_language_codes() -> dict[str, str]:
    """ISO 639-1 codes by three-letter codes and names of languages, in lower case."""
    return THREE_LETTER_CODES | read_language_names()


def read_language(written: str) -> str | None:
    """The ISO 639-1 code of a language's code or name; None if it is neither.

    >>> read_language("en-GB"), read_language("German"), read_language("spa"), read_language("?")
    ('en', 'de', 'es', None)
    """
    name = written.strip().lower()
    code = name.replace("_", "-").partition("-")[0]
    if known := _read_language_codes().get(name) or _read_language_codes().get(code):
        return known
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def find_languages(text: str) -> list[str]:
    """The languages that samples of a text are clearly in, most frequent first; empty if none is certain.

    >>> find_languages("The minister said that it was time for the two of them to talk, and left with the rest. " * 2)
    ['en']
    """
    found = [code for sample in _cut_samples(text) if (code := _name_language(sample))]
    return [code for code, _ in sorted(Counter(found).items(), key=lambda item: (-item[1], item[0]))]


def has_common_words(text: str) -> bool:
    """Whether at least one word in twelve is very common in the language in use, and in no other language.

    >>> has_common_words("The minister said that it was time for the two of them to talk.")
    True
    """
    words = text.lower().split()
    return bool(words) and sum(map(COMMON_WORDS.words.__contains__, words)) >= MIN_COMMON_WORD_SHARE * len(words)


def _cut_samples(text: str) -> list[str]:
    if len(text) <= LANGUAGE_SAMPLE_CHARS:
        return [text]
    size, middle = LANGUAGE_SAMPLE_CHARS // 3, len(text) // 2
    return [text[:size], text[middle - size // 2:middle + size // 2], text[-size:]]


def _name_language(sample: str) -> str | None:
    foreign = not sample.isascii() and _is_nonlatin(sample)
    if len(sample) < (MIN_NONLATIN_SAMPLE_CHARS if foreign else MIN_LATIN_SAMPLE_CHARS):
        return None
    if has_common_words(sample):
        return language_in_use()
    code, probability = _load_language_identifier().classify(sample)
    return code if probability >= (MIN_NONLATIN_PROBABILITY if foreign else MIN_LATIN_PROBABILITY) else None


def _is_nonlatin(sample: str) -> bool:
    """Whether most letters of a sample are not Latin."""
    return len(NONLATIN_LETTER_PATTERN.findall(sample)) > len(sample) / 2


@cache
def _load_language_identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
