"""Numerals: the value of a number in digits or words (`1,200`, `5.5 million`, `twenty-five`, `two dozen`, `dozens`).

A numeral has at most MAX_NUMERAL_ATOMS atoms; a longer run of number words is cut there. Units are left to amounts.py.
"""

import re
import unicodedata
from typing import NamedTuple

from samestory.annotate.values.value_context import JOINING_HYPHENS, ValueContext
from samestory.annotate.values.value_words import read_number_words
from samestory.base.language import WordList

MAX_NUMERAL_ATOMS = 12
HALF_PHRASE_ATOMS = (6, 3)  # atoms of "-and-a-half" and "and a half"
METRE_FOLLOWERS = WordList("metre_followers")
MAX_NUMBER_CHARS = 22  # characters of a number in digits; a longer one is a code
GROUPED_NUMBER_PATTERN = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
SEVERAL_APPROXIMATION = "several"
NUMERAL_ARTICLES, FRACTION_LINKS = WordList("indefinite_articles"), WordList("fraction_links")
NUMERAL_CONJUNCTIONS, GENITIVE_PREPOSITIONS = WordList("numeral_conjunctions"), WordList("genitive_prepositions")


class Numeral(NamedTuple):
    """A numeral: the atom after it, its value, and what its words say about precision (`dozens`: several times 12)."""

    last: int
    value: float
    approximation: str | None = None
    scaled: bool = False  # whether a word such as million multiplies it


def read_numeral(context: ValueContext, i: int, *, currency: bool = False) -> Numeral | None:
    """The numeral that begins at an atom, if one does; after a currency sign, `m` is million.

    >>> from samestory.annotate.values.value_context import parse_words
    >>> read_numeral(parse_words("two and a half million"), 0)
    Numeral(last=5, value=2500000.0, approximation=None, scaled=True)
    """
    numeral = _read_digits(context, i) or _read_multitude(context, i) or _read_number_words(context, i)
    return numeral and _read_half_and_scale(context, numeral, currency=currency)


def read_digits(text: str) -> float | None:
    """The value of a number in digits.

    >>> read_digits("1,200.5"), read_digits("1,2"), read_digits("½")
    (1200.5, None, 0.5)
    """
    if len(text) == 1 and not text.isascii() and unicodedata.category(text) == "No":
        return unicodedata.numeric(text)
    if len(text) > MAX_NUMBER_CHARS or not GROUPED_NUMBER_PATTERN.fullmatch(text):
        return None
    return float(text.replace(",", ""))


def _read_digits(context: ValueContext, i: int) -> Numeral | None:
    value = read_digits(context.text(i)) if context.text(i) else None
    if value is None:
        return None
    last = i + 1
    mixed = 0.0
    if context.touches(last) and (part := _read_vulgar_fraction(context.text(last))):  # 5½
        return Numeral(last + 1, value + part)
    if context.text(last) == "/" and context.touches(last) and context.touches(last + 1):  # 1/2
        below = read_digits(context.text(last + 1))
        return Numeral(last + 2, value / below) if below in (2, 3, 4, 5, 8) and value < below else None
    if context.text(last + 1) == "/" and context.touches(last + 1):  # 5 1/2
        numeral = _read_digits(context, last)
        mixed = numeral.value if numeral and numeral.value < 1 else 0.0
        last = numeral.last if numeral and mixed else last
    return Numeral(last, value + mixed)


def _read_vulgar_fraction(text: str) -> float | None:
    return read_digits(text) if len(text) == 1 and not text.isascii() else None


def _read_multitude(context: ValueContext, i: int) -> Numeral | None:
    """Numbers that are some multiple of another: `dozens`, `tens of thousands`, `several hundred`."""
    multitudes, magnitudes = read_number_words("multitude"), read_number_words("magnitude")
    word = context.word(i)
    if word in read_number_words("few"):
        scale = magnitudes.get(context.word(i + 1))
        return Numeral(i + 2, scale, SEVERAL_APPROXIMATION, scaled=True) if scale else None
    value = multitudes.get(word)
    if value is None:
        return None
    last = i + 1
    while context.word(last) in GENITIVE_PREPOSITIONS and context.word(last + 1) in multitudes \
            and last - i < MAX_NUMERAL_ATOMS:
        value *= multitudes[context.word(last + 1)]
        last += 2
    return Numeral(last, value, SEVERAL_APPROXIMATION, scaled=True)


def _read_number_words(context: ValueContext, i: int) -> Numeral | None:
    """A number in words, `a hundred` and `half a million` among them."""
    cardinals, magnitudes = read_number_words("cardinal"), read_number_words("magnitude")
    word = context.word(i)
    if word in NUMERAL_ARTICLES:
        return _read_after_article(context, i)
    if share := read_number_words("fraction").get(word):
        after = i + 1 + (context.word(i + 1) in NUMERAL_ARTICLES or context.word(i + 1) in JOINING_HYPHENS)
        scale = magnitudes.get(context.word(after))
        return Numeral(after + 1, share * scale, scaled=True) if scale else None
    if word not in cardinals:
        return None
    return _add_number_words(context, i)


def _read_after_article(context: ValueContext, i: int) -> Numeral | None:
    """`a hundred`, `a dozen`, `a couple of`, `a half million`, `a few thousand`."""
    following = context.word(i + 1)
    if following in read_number_words("magnitude"):
        return _add_number_words(context, i + 1)
    if following in read_number_words("fraction"):
        numeral = _read_number_words(context, i + 1)
        return numeral if numeral and numeral.scaled else None
    if following in read_number_words("few"):
        return _read_multitude(context, i + 1)
    value = (read_number_words("pair") | read_number_words("exact pair")).get(following)
    if value is None:
        return None
    last = i + 2 + (context.word(i + 2) in GENITIVE_PREPOSITIONS)
    scale = read_number_words("magnitude").get(context.word(last), 0)
    if last == i + 2 and not scale:  # a couple who left
        return None
    is_exact = following in read_number_words("exact pair")
    return Numeral(last + bool(scale), value * (scale or 1), None if is_exact else "about", scaled=bool(scale))


def _add_number_words(context: ValueContext, i: int) -> Numeral:
    """The sum of number words from an atom on; each must fit below the last (`twenty` `five`, not `five` `six`)."""
    cardinals, magnitudes = read_number_words("cardinal"), read_number_words("magnitude")
    total, current, room, limit = 0.0, 0.0, float("inf"), float("inf")
    last, scaled = i, False
    while last - i < MAX_NUMERAL_ATOMS:
        at = _skip_joint(context, last, is_after_scale=scaled) if last > i else last
        word = context.word(at)
        if word in cardinals and cardinals[word] < room:
            current, room = current + cardinals[word], 10 if cardinals[word] >= 20 else 0
        elif word in magnitudes and magnitudes[word] < limit and (current or last == i):
            scale = magnitudes[word]
            if scale <= 100 and current < 100:
                current, room = (current or 1) * scale, scale
            else:
                total, current, room, limit = total + (current or 1) * scale, 0.0, scale, scale
            scaled = True
        else:
            break
        last = at + 1
    return Numeral(last, total + current, scaled=scaled)


def _skip_joint(context: ValueContext, i: int, *, is_after_scale: bool) -> int:
    """The atom after a hyphen or, behind `hundred` and the like, after `and`."""
    if context.word(i) in JOINING_HYPHENS and context.touches(i) and context.touches(i + 1):
        return i + 1
    follows = context.word(i + 1) in read_number_words("cardinal")
    return i + 1 if is_after_scale and context.word(i) in NUMERAL_CONJUNCTIONS and follows else i


def _is_million(context: ValueContext, i: int) -> bool:
    """Whether a letter behind a number, `5m`, is million rather than metres: before a noun that has no length."""
    token = context.parse.doc[min(context.token(i) + 1, len(context.parse.doc) - 1)]
    return context.word(i) == "m" and token.pos_ in ("NOUN", "ADJ") and token.lower_ not in METRE_FOLLOWERS


def _read_half_and_scale(context: ValueContext, numeral: Numeral, *, currency: bool) -> Numeral:
    """A numeral with `and a half` and the words or letters that multiply it."""
    magnitudes = read_number_words("magnitude")
    last, value, scaled = numeral.last, numeral.value, numeral.scaled
    for length in HALF_PHRASE_ATOMS:
        if context.phrase(last, last + length) in FRACTION_LINKS:
            last, value = last + length, value + 0.5
            break
    while last - numeral.last < MAX_NUMERAL_ATOMS:
        at = last + (context.word(last) in JOINING_HYPHENS and context.touches(last))
        if context.word(at) in magnitudes and (not scaled or magnitudes[context.word(at)] > value):
            last, value, scaled = at + 1, value * magnitudes[context.word(at)], True
        else:
            break
    letter = context.word(last)
    if not scaled and context.touches(last) and letter in read_number_words("letter magnitude") \
            and (currency or len(letter) > 1 or letter == "k" or _is_million(context, last)):
        last, value, scaled = last + 1, value * read_number_words("letter magnitude")[letter], True
    return Numeral(last, value, numeral.approximation, scaled)
