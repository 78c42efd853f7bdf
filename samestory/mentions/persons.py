"""Rules on persons: full names make bare ones persons, and the other way round."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from samestory.mentions.index import merge_mentions, stands_alone
from samestory.mentions.lists import read_known, read_name_words
from samestory.mentions.places import is_placed
from samestory.mentions.reading import GENERATIONS, Found, Reading, Words


def complete_persons(found: list[Found], reading: Reading) -> list[Found]:
    """Make a place or thing of two or three words a person if its first or last word is one alone.

    `Cui` makes `Cui Tiankai` no place. Bodies are left alone: Walter Energy is named after Walter.
    """
    singles = [m for m in found if m.last - m.first == 1]
    bare = {reading.words[m.first] for m in singles if m.label == "PERSON"}
    kinds = read_name_words()
    known = {reading.words[m.first] for m in singles if m.label != "PERSON"}
    known |= read_known().keys() | kinds["body"] | kinds["facility"] | kinds["law"]

    def is_person(mention: Found) -> bool:
        words = reading.words_of(mention)
        if mention.label in ("PERSON", "ORG", "NORP") or not 2 <= len(words) <= 3:
            return False
        if known.intersection(words):
            return False
        return all(word[0].isupper() for word in words) and (words[0] in bare or words[-1] in bare)

    return [replace(m, label="PERSON", rule="full name") if is_person(m) else m for m in found]


def spread_persons(found: list[Found], reading: Reading) -> list[Found]:
    """Let bare names follow full names: after `Antony Blinken`, `Blinken` is a person everywhere.

    A surname that is a known place too (Esteban Santiago) stays one where a preposition places it; a
    known body is never a person. The word that comes first, the family name in East Asia, counts unless it
    is known or a preposition places it anywhere.
    """
    known, full = read_known(), group_full_names(found, reading)
    placed = {reading.words[m.first] for m in found if is_placed(m, reading)}
    surnames = list_surnames(found, reading) | ({words[0] for words in full} - known.keys() - placed)

    def is_surname(mention: Found) -> bool:
        word = reading.words[mention.first]
        if mention.last - mention.first > 1 or word not in surnames or known.get(word) == "ORG":
            return False
        return word not in known or not is_placed(mention, reading)

    named = [replace(m, label="PERSON", rule="surname") if m.label != "PERSON" and is_surname(m) else m
             for m in found]
    bare = {word for words in full for word in _bare_forms(words)} - known.keys()
    bare -= {reading.words[m.first] for m in named if m.label != "PERSON"}
    fresh = [Found(i, i + 1, "PERSON", "surname") for i, word in enumerate(reading.words)
             if word in bare and stands_alone(i, i + 1, reading)]
    return merge_mentions(named, fresh)


def _bare_forms(full: Words) -> set[str]:
    """The words by which a person goes alone: the surname, and the name that comes first.

    The first word is the family name in East Asia and the given name elsewhere; both are used alone.
    """
    words = [word for word in full if word not in GENERATIONS]
    return {word for word in (words[-1], words[0]) if len(word) > 1 and word[0].isupper()} if words else set()


def list_surnames(found: Iterable[Found], reading: Reading) -> set[str]:
    """The last words of persons' longer names."""
    return {reading.words[m.last - 1] for m in found if m.label == "PERSON" and m.last - m.first > 1}


def group_full_names(found: Iterable[Found], reading: Reading) -> dict[Words, list[Found]]:
    """The persons' names of two and more words, each with its mentions in order."""
    full = defaultdict(list)
    for mention in found:
        if mention.label == "PERSON" and mention.last - mention.first > 1:
            full[reading.words_of(mention)].append(mention)
    return full
