"""The language of an article: said by its metadata, or found in samples of its text.

English is known by its commonest words, which is all that most articles need; only where they do not
settle it is py3langid asked. Texts too short to tell are taken to be in the language that is expected.
"""

import re
from collections import Counter
from functools import cache

# code points that are looked at: the whole of a short text, three stretches of a long one
LANGUAGE_SAMPLE_CHARS = 2_000
# code points of a sample; the second in other letters than a to z
MIN_LATIN_SAMPLE_CHARS, MIN_NONLATIN_SAMPLE_CHARS = 100, 25
COMMON_ENGLISH_WORDS = frozenset({"the", "of", "and", "that", "with", "from", "for"})
MIN_ENGLISH_WORD_SHARE = 1 / 12  # share of these words; 98 of 100 news articles in English have it, of 865 looked at
# probability from which the model is believed; the second of other letters
MIN_LATIN_PROBABILITY, MIN_NONLATIN_PROBABILITY = 0.95, 0.5
NONLATIN_LETTER_PATTERN = re.compile(r"[\u0370-\u1fff\u3000-\U0010ffff]")  # beyond Latin ones, marks left out
LANGUAGE_CODES = {"arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en",
                  "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
                  "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko",
                  "norwegian": "no",
                  "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
                  "spanish": "es",
                  "swedish": "sv", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi", "ara": "ar",
                  "chi": "zh", "zho": "zh", "ces": "cs", "dan": "da", "nld": "nl", "dut": "nl", "eng": "en",
                  "fin": "fi",
                  "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "heb": "he", "hin": "hi", "ind": "id",
                  "ita": "it",
                  "jpn": "ja", "kor": "ko", "nor": "no", "fas": "fa", "pol": "pl", "por": "pt", "ron": "ro",
                  "rus": "ru",
                  "spa": "es", "swe": "sv", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi"}


def read_language(written: str) -> str | None:
    """The ISO 639-1 code that a language's code or English name stands for; None if it is neither.

    >>> read_language("en-GB"), read_language("German"), read_language("spa"), read_language("?")
    ('en', 'de', 'es', None)
    """
    name = written.strip().lower()
    code = name.replace("_", "-").partition("-")[0]
    if name in LANGUAGE_CODES or code in LANGUAGE_CODES:
        return LANGUAGE_CODES.get(name) or LANGUAGE_CODES[code]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def find_languages(text: str) -> list[str]:
    """The languages that samples of a text are surely in, the commonest first; none where nothing is sure.

    >>> find_languages("The minister said that it was time for the two of them to talk, and left with the rest. " * 2)
    ['en']
    """
    found = [code for sample in _cut_samples(text) if (code := _name_language(sample))]
    return [code for code, _ in sorted(Counter(found).items(), key=lambda item: (-item[1], item[0]))]


def is_plainly_english(text: str) -> bool:
    """Whether one word in twelve is a very common one that no other language has; else the model is asked.

    >>> is_plainly_english("The minister said that it was time for the two of them to talk.")
    True
    """
    words = text.lower().split()
    return bool(words) and sum(map(COMMON_ENGLISH_WORDS.__contains__, words)) >= MIN_ENGLISH_WORD_SHARE * len(words)


def _cut_samples(text: str) -> list[str]:
    if len(text) <= LANGUAGE_SAMPLE_CHARS:
        return [text]
    size, middle = LANGUAGE_SAMPLE_CHARS // 3, len(text) // 2
    return [text[:size], text[middle - size // 2:middle + size // 2], text[-size:]]


def _name_language(sample: str) -> str | None:
    foreign = not sample.isascii() and _is_nonlatin(sample)
    if len(sample) < (MIN_NONLATIN_SAMPLE_CHARS if foreign else MIN_LATIN_SAMPLE_CHARS):
        return None
    if is_plainly_english(sample):
        return "en"
    code, probability = _load_language_identifier().classify(sample)
    return code if probability >= (MIN_NONLATIN_PROBABILITY if foreign else MIN_LATIN_PROBABILITY) else None


def _is_nonlatin(sample: str) -> bool:
    """Whether most of it is in other letters than Latin ones."""
    return len(NONLATIN_LETTER_PATTERN.findall(sample)) > len(sample) / 2


@cache
def _load_language_identifier():  # a class of a library imported here only
    from py3langid.langid import MODEL_FILE, LanguageIdentifier
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
