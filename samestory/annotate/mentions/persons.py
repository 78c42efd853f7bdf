"""Rules on persons: titles and ages mark them, and bare names take their label from full names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from samestory.annotate.mentions.lists import read_given_names, read_known_labels, read_name_words, read_nonperson_words
from samestory.annotate.mentions.mention_context import (
    GENERATION_SUFFIXES,
    FoundMention,
    MentionContext,
    NameWords,
    is_articled,
)
from samestory.annotate.mentions.name_index import NameIndex, is_whole_name, merge_mentions
from samestory.annotate.mentions.places import is_placed
from samestory.annotate.roles import TITLE_HYPHENS
from samestory.base.language import WordList

GIVEN_NAME_TOKENS = range(2, 5)  # words of a name that begins with a given name
MISTAKEN_LABELS = ("ORG", "WORK_OF_ART", "PRODUCT")  # labels that models give to unknown persons
NAME_PARTICLES = WordList("name_particles")
PERSON_TITLES = WordList("person_titles")  # they mark a person's name; `roles.ADDRESS_HONORIFICS` do nothing else


def label_full_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label a place or thing of two or three words as a person if its first or last word alone is a person.

    If `Cui` is a person, so is `Cui Tiankai`. Organisations are unchanged: Walter Energy is named after Walter.
    """
    singles = [m for m in found if m.last - m.first == 1]
    bare = {context.words[m.first] for m in singles if m.label == "PERSON"}
    known = {context.words[m.first] for m in singles if m.label != "PERSON"}

    def is_person(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        if mention.label in ("PERSON", "ORG", "NORP") or not 2 <= len(words) <= 3:
            return False
        if known.intersection(words) or not read_nonperson_words().isdisjoint(words):
            return False
        return all(word[0].isupper() for word in words) and (words[0] in bare or words[-1] in bare)

    return [replace(m, label="PERSON", rule="full name") if is_person(m) else m for m in found]


def label_titled_persons(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label a name as a person everywhere if it follows a title (`Mr. Santiago`) or precedes an age (`Voss, 26,`).

    The same holds for longer names that end in it. A known place or organisation is a person only after `Mr.` or the
    like.
    """
    titled = {context.words_of(m) for m in found if _is_titled(m, context) or _is_aged(m, context)}
    lasts, taken = {words[-1] for words in titled}, read_nonperson_words()

    def is_person(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        if mention.label in ("PERSON", "NORP") or len(words) > 4:
            return False
        if words in titled:
            return not (words[-1] in taken and is_placed(mention, context))
        return len(words) > 1 and words[-1] in lasts and taken.isdisjoint(words) and words[0][0].isupper()

    return [replace(m, label="PERSON", rule="told") if is_person(m) else m for m in found]


def label_given_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label a name of two to four words as a person if it begins with a given name: `Irina Zingova`.

    A given name right before an organisation of one word belongs to it.
    """
    given, sizes = read_given_names(), GIVEN_NAME_TOKENS

    def is_person(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        if mention.label not in MISTAKEN_LABELS or len(words) not in sizes or words[0].partition("-")[0] not in given:
            return False
        if is_articled(mention, context) or is_placed(mention, context) or words[-1].isupper():
            return False
        is_name = all(word[0].isupper() or word in NAME_PARTICLES for word in words) and words[-1][-1].isalpha()
        return is_name and read_nonperson_words().isdisjoint(words) and " ".join(words) not in read_known_labels()

    taken = {i for m in found for i in range(m.first, m.last)}

    def is_cut(m: FoundMention) -> bool:
        is_bare = m.first > 0 and m.label == "ORG" and m.last - m.first == 1 and m.first - 1 not in taken
        return is_bare and is_whole_name(m.first - 1, m.last, context) and is_person(replace(m, first=m.first - 1))

    whole = [replace(m, first=m.first - 1) if is_cut(m) else m for m in found]
    return [replace(m, label="PERSON", rule="given name") if is_person(m) else m for m in whole]


def _is_titled(mention: FoundMention, context: MentionContext) -> bool:
    """Whether a name follows a short title, or an unknown name follows a title of office."""
    kinds, words = read_name_words(), context.words
    if mention.first == 0 or mention.label == "NORP" or mention.last - mention.first > 3:
        return False
    title = words[mention.first - 1]
    is_short = title in kinds["title"] and (title.endswith(".") or title in PERSON_TITLES)
    return is_short or (title in kinds["office"] and _is_unknown(mention, context))


def _is_aged(mention: FoundMention, context: MentionContext) -> bool:
    """Whether an age between commas follows an unknown name."""
    after = context.words[mention.last:mention.last + 3]
    is_age = len(after) == 3 and after[0] == after[2] == "," and len(after[1]) == 2 and after[1].isdecimal()
    return is_age and mention.last - mention.first <= 3 and mention.label != "NORP" and _is_unknown(mention, context)


def _is_unknown(mention: FoundMention, context: MentionContext) -> bool:
    """Whether a name contains no known name and no word for an organisation, a facility or a law."""
    return read_nonperson_words().isdisjoint(context.words_of(mention))


def label_surnames(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label bare names after full names: if there is an `Antony Blinken`, `Blinken` is a person everywhere.

    A surname that is also a known place (Esteban Santiago) remains a place after a place preposition; a known
    organisation is never a person. The first word, the family name in East Asia, counts too, unless it is a known name
    or follows a place preposition anywhere.
    """
    known, full = read_known_labels(), group_full_names(found, context)
    placed = {context.words[m.first] for m in found if is_placed(m, context)}
    surnames = list_surnames(found, context) | ({words[0] for words in full} - known.keys() - placed)

    def is_surname(mention: FoundMention) -> bool:
        word = context.words[mention.first]
        if mention.last - mention.first > 1 or word not in surnames or known.get(word) == "ORG":
            return False
        return word not in known or not is_placed(mention, context)

    named = [replace(m, label="PERSON", rule="surname") if m.label != "PERSON" and is_surname(m) else m
             for m in found]
    bare = {word for words in full for word in _list_bare_names(words)} - known.keys()
    bare -= {context.words[m.first] for m in named if m.label != "PERSON"}
    fresh = [FoundMention(i, i + 1, "PERSON", "surname") for i, word in enumerate(context.words)
             if word in bare and is_whole_name(i, i + 1, context, tagged=word.lower() in context.small_words)]
    return merge_mentions(named, fresh)


def label_compound_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label parts of full names that have a particle or a hyphen, alone: `Van Dorp`, `Adewale-Ike`, `Geun-ho`."""
    parts = {part for words in group_full_names(found, context) for part in _list_compound_names(words)}
    variants = parts | {(part[0][0].upper() + part[0][1:], *part[1:]) for part in parts}
    fresh = [FoundMention(i, j, "PERSON", "compound") for i, j in NameIndex(variants).search(context.words)
             if is_whole_name(i + (context.words[i] in NAME_PARTICLES), j, context, tagged=False)]
    kept = {(m.first, m.last) for m in found if m.label == "PERSON"}
    return merge_mentions(found, [m for m in fresh if (m.first, m.last) not in kept], replace_inner=True)


def _list_compound_names(full: NameWords) -> set[NameWords]:
    """The last parts of a name from each particle on, and its hyphenated parts."""
    last = len(full)
    particles = {full[i:] for i in range(1, last - 1) if full[i].lower() in NAME_PARTICLES}
    hyphens = [i for i in range(1, last - 1) if full[i] in TITLE_HYPHENS]
    ends = {full[i - 1:i + 2] for i in hyphens if i - 1 > 0 and i + 2 == last and full[i - 1][0].isupper()}
    whole = {(full[-1],)} if any(hyphen in full[-1][1:-1] for hyphen in TITLE_HYPHENS) and last > 1 else set()
    return particles | ends | whole


def _list_bare_names(full: NameWords) -> set[str]:
    """The single words that denote a person: the surname and the first word.

    The first word is the family name in East Asia and the given name elsewhere; both are used alone.
    """
    titles = read_name_words()["title"]
    words = [word for word in full if word not in GENERATION_SUFFIXES and word not in titles]
    return {word for word in (words[-1], words[0]) if len(word) > 1 and word[0].isupper()} if words else set()


def list_surnames(found: Iterable[FoundMention], context: MentionContext) -> set[str]:
    """The last words of persons' longer names."""
    return {context.words[m.last - 1] for m in found if m.label == "PERSON" and m.last - m.first > 1}


def group_full_names(found: Iterable[FoundMention], context: MentionContext) -> dict[NameWords, list[FoundMention]]:
    """The persons' names of two or more words, each with its mentions in order."""
    full = defaultdict(list)
    for mention in found:
        if mention.label == "PERSON" and mention.last - mention.first > 1:
            full[context.words_of(mention)].append(mention)
    return full
