"""The pronoun, "he" or "she", that a word implies: a form of address, a role, a word for kin, or a given name.

A given name is weak evidence, used only to tell people of one article apart where its own words say nothing; no table
shows it.
"""

import re
from functools import cache

from samestory.base.language import WordList, cache_by_language
from samestory.base.resources import read_data_rows

SHE_TITLES, HE_TITLES = WordList("she_titles"), WordList("he_titles")
SHE_SUFFIXES, HE_SUFFIXES = WordList("she_suffixes"), WordList("he_suffixes")
SHE_KIN, HE_KIN = WordList("she_kin"), WordList("he_kin")
FEMALE_NOUNS = WordList("female_nouns")
PERSON_SUFFIXES = WordList("person_suffixes")


@cache_by_language
def read_genders(she: WordList, he: WordList) -> dict[str, str]:
    """The pronoun "she" or "he" for each word of two lists.

    >>> read_genders(SHE_SUFFIXES, HE_SUFFIXES)
    {'woman': 'she', 'man': 'he'}
    """
    return dict.fromkeys(she, "she") | dict.fromkeys(he, "he")


@cache_by_language
def person_suffix_pattern() -> re.Pattern[str]:
    """A pattern of word endings for people: the "woman" of "spokeswoman"."""
    return re.compile(rf"(?<=\w{{3}})(?:{PERSON_SUFFIXES.pattern})$")


def implied_pronoun(word: str) -> str | None:
    """The pronoun that a title, a role or a word for kin implies, in lower case.

    >>> implied_pronoun("mrs."), implied_pronoun("spokesman"), implied_pronoun("niece"), implied_pronoun("doctor")
    ('she', 'he', 'she', None)
    """
    suffixes = read_genders(SHE_SUFFIXES, HE_SUFFIXES)
    ends = next((gender for end, gender in suffixes.items() if word.endswith(end)), None)  # "woman" before "man"
    is_role = ends is not None and (word in FEMALE_NOUNS or person_suffix_pattern().search(word))
    return ends if is_role else (read_genders(SHE_TITLES, HE_TITLES) | read_genders(SHE_KIN, HE_KIN)).get(word)


@cache
def _given_name_genders() -> dict[str, str]:
    return {row["name"]: row["pronoun"] for row in read_data_rows("given_name_genders")}


def given_name_pronoun(name: str) -> str | None:
    """The pronoun usual for the bearers of a given name, if nearly all share it; names of one word tell nothing.

    >>> given_name_pronoun("Vera Lind"), given_name_pronoun("Robin Lind"), given_name_pronoun("Lind")
    ('she', None, None)
    """
    first, _, rest = name.partition(" ")
    return _given_name_genders().get(first) if rest else None
