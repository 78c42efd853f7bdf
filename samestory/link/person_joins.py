"""Persons across articles: which full names denote one person, and whose surname stands alone.

Two full names that agree (a nickname, an initial, a suffix or a middle name in one of them) or differ in one letter are
joined if articles of one event name them, no article names both, and no third name agrees with only one of them. A name
without given names is joined, within an event, to the only person there who has this surname. All others stay apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from samestory.annotate.mentions.person_names import explain_agreement, is_bare_form, parse_person_name

MIN_MISSPELT_LETTERS = 5  # of a word that may be another one misspelt
MAX_SURNAME_PERSONS = 300  # persons of one surname; of more, only those with the same first name are compared
LASTING_REASONS = ("spelling", "middle name")  # ways of agreeing that need no common event


class NamePair(NamedTuple):
    """Two names that agree, and how; `one` comes first in the alphabet."""

    one: str
    other: str
    reason: str


class BareName(NamedTuple):
    """A short name, a full name that it may shorten, and how."""

    bare: str
    full: str
    reason: str


def list_agreeing_names(names: Iterable[str]) -> Iterator[NamePair]:
    """The pairs of full names that may denote one person."""
    names = sorted(names)
    yield from _list_misspelt_names(names)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        if (parts := parse_person_name(name)).given:
            groups[parts.surname,].append(name)
    for (surname,), members in list(groups.items()):
        if len(members) > MAX_SURNAME_PERSONS:
            for name in groups.pop((surname,)):
                groups[surname, parse_person_name(name).given[0]].append(name)
    for members in groups.values():
        for one, other in combinations(members, 2):
            if reason := explain_agreement(parse_person_name(one), parse_person_name(other)):
                yield NamePair(one, other, reason)


def _list_misspelt_names(names: list[str]) -> Iterator[NamePair]:
    """The pairs of names that differ in one letter of one word: Jeff Merkley, Jeff Merkeley."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        given, surname, suffix = parse_person_name(name)
        if len(given) == 1 and not suffix:
            groups["given", given[0], surname[0]].append(name)
            groups["surname", surname, given[0][0]].append(name)
    for members in groups.values():
        for one, other in combinations(members, 2) if len(members) <= MAX_SURNAME_PERSONS else ():
            (given, surname, _), (other_given, other_surname, _) = parse_person_name(one), parse_person_name(other)
            if (given == other_given and _is_misspelt(surname, other_surname)) or (
                    surname == other_surname and _is_misspelt(given[0], other_given[0])):
                yield NamePair(one, other, "misspelling")


def _is_misspelt(one: str, other: str) -> bool:
    """Whether two words begin and end alike and differ in one letter, or in two that are exchanged.

    >>> [_is_misspelt("lindsay", other) for other in ("lindsey", "lindsye", "linsay", "lindsaye", "landsey")]
    [True, False, True, False, False]
    """
    short, long = sorted((one, other), key=len)
    if len(short) < MIN_MISSPELT_LETTERS or one == other or one[:1] + one[-1:] != other[:1] + other[-1:]:
        return False
    at = next(i for i, letter in enumerate(long) if short[i:i + 1] != letter)
    rest, cut = short[at:], long[at:]
    is_exchanged = rest[:2] == cut[1::-1] and rest[2:] == cut[2:]
    return cut[1:] in (rest, rest[1:]) or is_exchanged


def join_names(pairs: Iterable[NamePair], *, apart: set[tuple[str, str]], near: set[tuple[str, str]],
               counts: Mapping[str, int], known: set[str]) -> dict[str, str]:
    """The name by which each joined name is shown.

    Parameters
    ----------
    pairs : names that agree
    apart : pairs that one article names both, as two persons
    near : pairs that articles of one event name
    counts : the mentions of each name
    known : the names that data/aliases.csv or the user's own gives to entities
    """
    agreeing = {pair[:2]: pair.reason for pair in pairs if pair[:2] not in apart}
    lasting = {names for names, reason in agreeing.items() if reason in LASTING_REASONS}
    joined = _join_agreeing(lasting, lasting, counts, known)

    def rename(found: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        renamed = ((joined.get(one, one), joined.get(other, other)) for one, other in found)
        return {(min(names), max(names)) for names in renamed if names[0] != names[1]}

    agree = {names for names in rename(agreeing) - rename(apart) if not _is_heir(names, known)}
    again = _join_agreeing(agree & rename(near), agree, counts, known)
    return again | {name: again.get(shown, shown) for name, shown in joined.items()}


def _join_agreeing(links: set[tuple[str, str]], agree: set[tuple[str, str]], counts: Mapping[str, int],
                   known: set[str]) -> dict[str, str]:
    """The name by which each name of a linked group is shown, if all names of the group agree."""
    joined = {}
    for members in _group_linked(links):
        if agree.issuperset(combinations(members, 2)):
            shown = min(members, key=lambda name: _rank_shown_name(name, counts[name], name in known))
            joined.update({name: shown for name in members if name != shown})
    return joined


def _is_heir(names: tuple[str, str], known: set[str]) -> bool:
    """Whether only one of two names has a suffix, and the other is known: Donald Trump Jr. is not Donald Trump."""
    without = [name for name in names if not parse_person_name(name).suffix]
    return len(without) == 1 and without[0] in known


def _group_linked(links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The names that are linked directly or by others, each group in order."""
    group_of: dict[str, set[str]] = {}
    for one, other in links:
        merged = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(merged, merged))
    return [sorted(group) for group in {id(group): group for group in group_of.values()}.values()]


def _rank_shown_name(name: str, n_mentions: int, is_known: bool) -> tuple[bool, bool, bool, bool, int, int, int, str]:
    """Of several names of a person, the smallest is shown: known, with a first name, short, frequent."""
    given, _, suffix = parse_person_name(name)
    begins_with_initial = bool(given) and len(given[0]) == 1
    return (not is_known, name.isupper(), begins_with_initial, bool(suffix), len(given), -n_mentions, -len(name), name)


def list_bare_persons(names: Iterable[str], addressed: set[str]) -> Iterator[BareName]:
    """Each person's name without given names, with each full name that it may shorten.

    Parameters
    ----------
    names : the names of all persons
    addressed : those that follow a form of address (Mr. Xu), which may be the family name of Xu Baoming
    """
    parsed = {name: parse_person_name(name) for name in sorted(names)}
    by_surname, by_first = defaultdict(list), defaultdict(list)
    for name, parts in parsed.items():
        if parts.given:
            by_surname[parts.surname].append(name)
            by_first[parts.given[0]].append(name)
    for name, parts in parsed.items():
        yield from (BareName(name, full, "surname") for full in by_surname[parts.surname]
                    if full != name and is_bare_form(parts, parsed[full]))
        if name in addressed and not parts.given:
            yield from (BareName(name, full, "family name first") for full in by_first[parts.surname])
