"""Persons' names as parts, and whether two names may denote one person.

Names that differ only in capitals, accents, hyphens, apostrophes, invisible characters or the dots of initials are
equal. Two names agree if one has fewer given names, an initial, a nickname or no suffix where the other has more; that
they denote one person needs more evidence, which `full_names` (within an article) and samestory/link look for.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from samestory.annotate.mentions.mention_context import GENERATION_SUFFIXES
from samestory.base.language import cache_by_language, read_language_rows

MAX_CACHED_NAMES = 20_000
# letters that Unicode does not take apart into a letter and an accent
UNDIVIDED_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
                                   "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "Th", "Æ": "Ae", "Œ": "Oe"})
APOSTROPHE_PATTERN = re.compile("['’‘ʼ`´]")
HYPHEN_PATTERN = re.compile("[-‐‑‒–]")
GIVEN_INITIALS_PATTERN = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_]")  # `J.`, `J.D.` or `J`


class PersonName(NamedTuple):
    """A person's name in parts, folded; an initial is a single letter."""

    given: tuple[str, ...]
    surname: str
    suffix: str = ""


def fold_letters(name: str) -> str:
    """A name in plain letters: without accents, ligatures, invisible characters or apostrophes, hyphens as blanks.

    >>> fold_letters("José Muñiz-O’Hara"), fold_letters("Pﬁﬀer")
    ('Jose Muniz OHara', 'Pfiffer')
    """
    parts = unicodedata.normalize("NFKD", name).translate(UNDIVIDED_LETTERS)
    if not parts.isascii():
        parts = "".join(char for char in parts if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join(HYPHEN_PATTERN.sub(" ", APOSTROPHE_PATTERN.sub("", parts)).split())


@lru_cache(MAX_CACHED_NAMES)
def parse_person_name(name: str) -> PersonName:
    """A person's name in parts.

    >>> tuple(parse_person_name("Eric H. Holden, Jr.")), tuple(parse_person_name("JD Voss"))
    ((('eric', 'h'), 'holden', 'jr'), (('j', 'd'), 'voss', ''))
    """
    words = [word for word in fold_letters(name).replace(",", " ").split() if word.strip(".")] or [name]
    suffix = ""
    if len(words) > 1 and words[-1] in GENERATION_SUFFIXES:
        suffix = words.pop().rstrip(".").casefold()
    given: list[str] = []
    for word in words[:-1]:
        is_bare_initials = len(word) == 2 and word.isupper() and not name.isupper()  # JD
        is_initials = is_bare_initials or GIVEN_INITIALS_PATTERN.fullmatch(word)
        given += word.replace(".", "").casefold() if is_initials else [word.casefold()]
    return PersonName(tuple(given), words[-1].casefold(), suffix)


@cache_by_language
def _read_nicknames() -> Mapping[str, frozenset[str]]:
    """For each first name, its other forms and the names that it is a form of, folded."""
    forms: dict[str, set[str]] = defaultdict(set)
    for row in read_language_rows("nicknames"):
        name, other = row["name"].casefold(), row["other_form"].casefold()
        forms[name].add(other)
        forms[other].add(name)
    return {name: frozenset(others) for name, others in forms.items()}


def explain_agreement(one: PersonName, other: PersonName) -> str | None:
    """How two names of one surname agree; None if they do not, or if one has no given name.

    The answer is `spelling` (equal), `middle name`, `suffix`, `initial` or `nickname`.
    """
    if one.surname != other.surname or not (one.given and other.given):
        return None
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return None
    reason = _explain_given(*sorted((one.given, other.given), key=len))
    return "suffix" if reason in ("spelling", "middle name") and one.suffix != other.suffix else reason


def _explain_given(fewer: tuple[str, ...], more: tuple[str, ...]) -> str | None:
    """How the given names of two persons agree; `fewer` are not more than `more`."""
    if fewer == more:
        return "spelling"
    if (first := _explain_word(fewer[0], more[0])) is None:
        return "middle name" if more[-len(fewer):] == fewer else None
    return ("middle name" if first == "spelling" else first) if _may_shorten(fewer[1:], more[1:]) else None


def _may_shorten(fewer: tuple[str, ...], more: tuple[str, ...]) -> bool:
    """Whether middle names may be others shortened: the first is the same, the rest in order (not W. for H. W.)."""
    if not fewer:
        return True
    left = iter(more)
    return _explain_word(fewer[0], more[0]) is not None and all(
        any(_explain_word(word, other) for other in left) for word in fewer)


def _explain_word(one: str, other: str) -> str | None:
    """How two given names agree."""
    if one == other:
        return "spelling"
    if 1 in (len(one), len(other)):
        return "initial" if one[0] == other[0] else None
    return "nickname" if other in _read_nicknames().get(one, ()) else None


def is_bare_form(bare: PersonName, full: PersonName) -> bool:
    """Whether a name is the surname of another, perhaps with a particle or the end of its given names.

    >>> full = parse_person_name("Ursula von der Leyen")
    >>> [is_bare_form(parse_person_name(name), full) for name in ("von der Leyen", "Leyen", "Ursula Leyen")]
    [True, True, False]
    """
    n = len(bare.given)
    return (bare.surname == full.surname and n < len(full.given) and full.given[len(full.given) - n:] == bare.given
            and bare.suffix in ("", full.suffix))
