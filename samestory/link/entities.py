"""Entities: decides which names found within articles denote the same entity across articles.

Names are joined if their longest form is identical, by data/aliases.csv (or the user's own), and by acronyms
whose long form an article gives. Similarity alone never merges names: `list_possible_merges` lists
such pairs for a person to decide. Pronouns and roles ("the ministry") are left to annotate/quotations.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from samestory.annotate.mentions.bodies import OFFICE_BODIES
from samestory.annotate.mentions.lists import read_name_words
from samestory.annotate.mentions.person_names import (
    explain_agreement,
    fold_letters,
    is_bare_form,
    parse_person_name,
)
from samestory.annotate.roles import DEFINITE_ARTICLES
from samestory.base.errors import SameStoryError
from samestory.base.language import WordList
from samestory.base.resources import read_data_rows, resource
from samestory.link.person_joins import BareName, NamePair
from samestory.read.sidecar_rows import describe_header, read_sidecar_rows

MIN_UPPERCASE_NAME_LETTERS = 5  # letters from which a word in capitals may be a name (WASHINGTON), not an acronym
MIN_JOINED_ACRONYM_LETTERS = 3  # letters from which an acronym is joined to a long name that nowhere explains it
MAX_MERGE_BLOCK_ENTITIES = 60  # entities that share a word; larger groups are not paired
MIN_SPELLING_SIMILARITY = 0.85  # similarity of spelling from which two names are listed as a possible merge
MAX_LISTED_CIRCLE_NAMES = 5  # of a circle of aliases
NUMBER_PATTERN = re.compile(r"\d+")
CONFUSED_LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC")  # labels that models confuse, in the order that breaks ties
MERGED_LABELS = ("PERSON", "ORG")  # labels of the entities among which possible merges are listed
CHAMBERS = WordList("chambers")  # of a parliament, whose committees are often named without them
OWNED_BODY_NOUNS = WordList("owned_body_nouns")  # what belongs to the body in its name: Committee, Caucus
ALIAS_COLUMNS = ("surface", "name", "label")  # of an aliases.csv; `use` may follow
ALIAS_USES = ("place", "demonym", "capital", "body", "acronym", "person", "")


@dataclass(frozen=True)
class Alias:
    """The entity that a surface form denotes; for a capital, only if it denotes the government."""

    name: str
    label: str
    use: str = ""


def read_aliases(path: Path) -> dict[str, Alias]:
    """The aliases of a CSV file with the columns surface, name, label and, if wanted, use; each followed to its end.

    Raises
    ------
    SameStoryError
        If a column is missing, a surface is listed twice, a cell is empty, or names form a circle; the
        message gives the line number.
    """
    aliases: dict[str, Alias] = {}
    lines: dict[str, int] = {}
    header, rows, _ = read_sidecar_rows(path, (*ALIAS_COLUMNS, "use"))
    _check_alias_header(path, header)
    for line, row in rows:
        surface, alias = _read_alias(path, line, row)
        key = _make_alias_key(surface, capital=alias.use == "capital")
        if key in aliases:
            raise SameStoryError(f"{path}, line {line}: the surface {surface!r} is already in line {lines[key]};"
                                 " expected each surface once")
        lines[key], aliases[key] = line, alias
    return _follow_chains(path, aliases, lines)


@cache
def read_shipped_aliases() -> Mapping[str, Alias]:
    """The aliases of data/aliases.csv, read once."""
    return MappingProxyType(read_aliases(resource("data/aliases.csv")))


def _make_alias_key(surface: str, *, capital: bool) -> str:
    """The key of a surface form; a capital has different keys as a city and as a government (Beijing announced)."""
    return f"{surface}\tacts" if capital else surface


def _check_alias_header(path: Path, header: Iterable[str]) -> None:
    missing = [column for column in ALIAS_COLUMNS if column not in header]
    if missing:
        raise SameStoryError(f"{path}, line 1: no column {', '.join(missing)}; expected the columns "
                             f"{', '.join(ALIAS_COLUMNS)}; found {describe_header(header)}")


def _read_alias(path: Path, line: int, row: Mapping[str, str | None]) -> tuple[str, Alias]:
    cells = {key: " ".join((row.get(key) or "").split()) for key in (*ALIAS_COLUMNS, "use")}
    empty = [key for key in ALIAS_COLUMNS if not cells[key]]
    if empty:
        raise SameStoryError(f"{path}, line {line}: {', '.join(empty)} is empty; expected a surface, the "
                             "name of its entity and a label such as PERSON, ORG or GPE")
    if cells["use"] not in ALIAS_USES:
        raise SameStoryError(f"{path}, line {line}: use is {cells['use']!r}; expected one of "
                             f"{', '.join(filter(None, ALIAS_USES))}, or nothing")
    return cells["surface"], Alias(cells["name"], cells["label"].upper(), cells["use"])


def _follow_chains(path: Path, aliases: dict[str, Alias], lines: dict[str, int]) -> dict[str, Alias]:
    """The aliases with the last name of each chain (A for B and B for C); A for B and B for A is refused."""
    ends: dict[str, Alias] = {}
    for surface in aliases:
        trail: dict[str, Alias] = {}
        while surface not in ends:
            alias = trail[surface] = aliases[surface]
            if alias.name not in aliases or aliases[alias.name].name == alias.name:
                ends[surface] = alias
            elif alias.name in trail:
                circle = list(trail)[list(trail).index(alias.name):]
                shown = [*circle[:MAX_LISTED_CIRCLE_NAMES], *["…"] * (len(circle) > MAX_LISTED_CIRCLE_NAMES), circle[0]]
                raise SameStoryError(f"{path}, line {lines[circle[0]]}: the names form a circle: {' for '.join(shown)};"
                                     " expected each to lead to one name")
            else:
                surface = alias.name
        end = ends[surface]
        ends |= {passed: replace(alias, name=end.name, label=end.label) for passed, alias in trail.items()}
    return ends


def assign_entities(forms: pd.DataFrame, *, aliases: Path | None = None) -> pd.DataFrame:
    """Decide which entity each form denotes, by aliases, acronyms and spellings; `join_entities` joins the rest.

    Parameters
    ----------
    forms : one row per form of a name: text, name (the longest one in its article), label, acts (whether it is a
        capital that denotes its government) and n (mentions); each form once, in order
    aliases : the user's own aliases.csv (surface, name, label), which wins over data/aliases.csv

    Returns
    -------
    The forms with entity_name, entity_label and is_known (whether an alias says so).

    Raises
    ------
    SameStoryError
        If an aliases.csv has a circle, a missing column or a repeated surface.
    """
    own = read_aliases(Path(aliases)) if aliases else {}
    ours = read_shipped_aliases()
    rows = [NameForm(*row) for row in forms[["text", "name", "label", "acts"]].itertuples(index=False, name=None)]
    acronyms = _find_long_forms(rows)
    resolved = [_resolve_form(form, own, ours, acronyms) for form in rows]
    known = {alias.name for alias in (*own.values(), *ours.values())}
    resolved = _choose_labels(_choose_forms(resolved, forms["n"], known), forms["n"])
    return forms.assign(entity_name=[name for name, _ in resolved], entity_label=[label for _, label in resolved],
                        is_known=[name in known for name, _ in resolved])


def _choose_forms(resolved: list[tuple[str, str]], counts: Iterable[int], known: set[str]) -> list[tuple[str, str]]:
    """Names and labels, with one spelling for names that differ only in accents, hyphens, apostrophes or capitals."""
    folded = [_fold_spelling(name, label) for name, label in resolved]
    votes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for key, (name, _), n in zip(folded, resolved, counts, strict=True):
        votes[key][name] += n
    shown = {key: min(found, key=lambda name: (name not in known, name.isupper(), -found[name], name.isascii(), name))
             for key, found in votes.items()}
    return [(shown[key], label) for key, (_, label) in zip(folded, resolved, strict=True)]


def _fold_spelling(name: str, label: str) -> tuple[str, ...]:
    """A name as its parts, in small letters; in a short single word, capitals count (US is not us)."""
    if label == "ORG":
        return _fold_body(name)
    if " " not in name:
        return (_fold_word(fold_letters(name)),)
    given, surname, suffix = parse_person_name(name)
    return (*given, surname, *filter(None, (suffix,)))


def _fold_body(name: str) -> tuple[str, ...]:
    """A body's name as its words, with `Department of Justice` as `Justice Department` and `U.S.` as `US`.

    >>> _fold_body("Department of the Interior") == _fold_body("Interior Department")
    True
    """
    words = [_drop_acronym_dots(word) for word in fold_letters(name).split()]
    at = next((i for i, word in enumerate(words[:-2]) if word in OFFICE_BODIES and words[i + 1] == "of"), None)
    if at is not None:
        rest = words[at + 2:]
        words = [*words[:at], *(rest[1:] if rest[0] in DEFINITE_ARTICLES and len(rest) > 1 else rest), words[at]]
    return tuple(word.casefold() for word in words) if len(words) > 1 else (_fold_word(words[0]),) if words else (name,)


def _fold_word(word: str) -> str:
    """A name of one word: the capitals of a long one do not count (ObamaCare), those of a short one do (US)."""
    return word.casefold() if len(word) >= MIN_UPPERCASE_NAME_LETTERS else word


def _choose_labels(resolved: list[tuple[str, str]], counts: Iterable[int]) -> list[tuple[str, str]]:
    """Names and labels, with one label per name of several words.

    If Ada Voss is labelled an organisation in one article and a person in others, the label of most mentions wins.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for (name, label), n in zip(resolved, counts, strict=True):
        if label in CONFUSED_LABELS and " " in name:
            votes[name][label] += n
    labels = {name: max(found, key=lambda label: (found[label], -CONFUSED_LABELS.index(label)))
              for name, found in votes.items()}
    return [(name, labels.get(name, label) if label in CONFUSED_LABELS else label) for name, label in resolved]


@dataclass(frozen=True)
class NameForm:
    """A form of a name: its text, the longest name in its article, its label, whether it is a capital that acts."""

    text: str
    name: str
    label: str
    acts: bool


def _find_long_forms(forms: Iterable[NameForm]) -> dict[str, NameForm]:
    """Acronyms with their long form, if all articles that give one agree."""
    long_forms: dict[str, dict[str, NameForm]] = defaultdict(dict)
    for form in forms:
        if _is_acronym(form.text) and form.name != form.text and form.label != "PERSON":
            long_forms[_drop_acronym_dots(form.text)].setdefault(form.name, form)
    return {short: next(iter(found.values())) for short, found in long_forms.items() if len(found) == 1}


def _is_acronym(text: str) -> bool:
    letters = text.replace(".", "")
    return 2 <= len(letters) <= 10 and letters.isalpha() and letters.isupper()


def _drop_acronym_dots(name: str) -> str:
    """`F.B.I.` as `FBI`; anything that is not an acronym unchanged.

    >>> _drop_acronym_dots("F.B.I."), _drop_acronym_dots("St. Louis")
    ('FBI', 'St. Louis')
    """
    return name.replace(".", "") if _is_acronym(name) else name


def list_acronym_pairs(names: Iterable[str]) -> Iterator[NamePair]:
    """The pairs of an acronym and a body's long name whose initials it consists of."""
    long_names: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for initials in _list_initials(name):
            long_names[initials].add(name)
    for short in names:
        if _is_acronym(short) and len(short) >= MIN_JOINED_ACRONYM_LETTERS:
            yield from (NamePair(min(short, name), max(short, name), "acronym")
                        for name in long_names.get(short, ()))


def _list_initials(name: str) -> set[str]:
    """The acronyms that a name may have, with and without its small words."""
    words = fold_letters(name).split()
    return {"".join(word[0] for word in words if word[0].isupper()), "".join(word[0].upper() for word in words)}


def list_bare_bodies(names: Iterable[str], places: set[str]) -> Iterator[BareName]:
    """Each body's name without a place, with the full names that have one before it: `Senate`, `Texas Senate`.

    The reason is `country` if the place is one, and `chamber` if a committee's is before it; only these names may be
    joined.
    """
    bodies = {tuple(word.casefold() for word in _fold_body(name)): name for name in sorted(names)}
    countries = _fold_countries()
    folded_places = {_fold_body(place) for place in places}
    for words, full in bodies.items():
        for cut in range(1, len(words)):
            rest = words[cut:]
            is_chamber = (len(rest) > 1 and cut == 1 and words[0].capitalize() in CHAMBERS
                          and rest[-1].capitalize() in OWNED_BODY_NOUNS)
            reason = ("country" if words[:cut] in countries else "chamber" if is_chamber
                      else "place" if words[:cut] in folded_places else None)
            if rest in bodies and reason:
                yield BareName(bodies[rest], full, reason)


@cache
def _fold_countries() -> set[tuple[str, ...]]:
    """The names and adjectives of countries in data/aliases.csv, folded as in a body's name."""
    rows = read_shipped_aliases()
    countries = {alias.name for alias in rows.values() if alias.use == "demonym" and alias.label == "GPE"}
    found = {_fold_body(surface.partition("\t")[0]) for surface, alias in rows.items() if alias.name in countries
             and alias.use != "capital"}
    return found | {tuple(word.casefold() for word in words) for words in found}


def _resolve_form(form: NameForm, own: Mapping[str, Alias], ours: Mapping[str, Alias],
                  acronyms: dict[str, NameForm]) -> tuple[str, str]:
    """The name and label of the entity that a form belongs to."""
    if alias := _look_up_alias(form, own):
        return alias.name, alias.label
    alias = _look_up_alias(form, ours)
    if alias and _is_other_long_form(form, alias):
        return form.name, form.label
    if alias and (alias.label == "PERSON") == (form.label == "PERSON"):
        return alias.name, alias.label
    short = _drop_acronym_dots(form.name)
    if form.label != "PERSON" and short in acronyms and _is_acronym(form.name):
        long_form = acronyms[short]
        return _resolve_form(NameForm(long_form.name, long_form.name, long_form.label, False), own, ours, {})
    return short if form.label != "PERSON" else form.name, form.label


def _is_other_long_form(form: NameForm, alias: Alias) -> bool:
    """Whether an article explains an acronym as something else than we do."""
    return (_is_acronym(form.text) and " " in form.name and form.name not in (alias.name, form.text)
            and not fold_letters(alias.name).endswith(fold_letters(form.name)))


def _look_up_alias(form: NameForm, aliases: Mapping[str, Alias]) -> Alias | None:
    """The alias of the longest name, or else of the text.

    A person's text is not looked up, only the longest name: Ivanka Trump, called Trump, is not Donald.
    """
    names = [" ".join(form.name.split())]
    if form.label != "PERSON":
        names.append(" ".join(form.text.split()))
    if form.label == "ORG":
        names += [_drop_country(name, aliases) for name in names]
    names += [name.title() for name in names if name.isupper() and len(name) >= MIN_UPPERCASE_NAME_LETTERS]
    keys = [_make_alias_key(name, capital=True) for name in names if form.acts] + names
    return next((aliases[key] for key in keys if key in aliases), None)


def _drop_country(name: str, aliases: Mapping[str, Alias]) -> str:
    """A body's name without the acronym of its country or its head before it: `U.S. Congress`, `Biden White House`."""
    owner, _, rest = name.partition(" ")
    alias = aliases.get(owner)
    is_owner = alias is not None and (alias.label == "PERSON" or (alias.use, alias.label) == ("acronym", "GPE"))
    return rest if rest and is_owner else name


class NamedEntity(NamedTuple):
    """The columns of the table `entities` that possible merges are found by."""

    entity_id: str
    name: str
    label: str
    n_mentions: int


def list_possible_merges(entities: pd.DataFrame, *, among: int = 5_000) -> pd.DataFrame:
    """Pairs among the most mentioned entities that may be one entity, for a person to decide; nothing is merged.

    One row per pair. Columns: entity_a (the one with more mentions), entity_b, reason (`surname` or `first name`: one
    is only that of the other; `nickname`, `initial`, `suffix`, `middle name`: one person's name in two forms;
    `spelling`: two full names are spelt alike; `acronym`: one consists of the initials of the other; `part`: one name
    begins or ends with the other), n_mentions_a, n_mentions_b, surface, name and label (the line for your aliases.csv
    that would merge them). Groups of more than 60 entities that share a word are not paired.
    """
    chosen = entities[entities["label"].isin(MERGED_LABELS)].head(among)
    blocks: dict[tuple[str, str], list[NamedEntity]] = defaultdict(list)
    for row in chosen[list(NamedEntity._fields)].itertuples(index=False, name=None):
        entity = NamedEntity(*row)
        for key in set(list_merge_blocks(entity.name, entity.label)):
            blocks[key].append(entity)
    found: dict[tuple[str, str], dict[str, str | int]] = {}
    for block in blocks.values():
        for a, b in combinations(block, 2) if len(block) <= MAX_MERGE_BLOCK_ENTITIES else ():
            a, b = sorted((a, b), key=lambda entity: (-entity.n_mentions, entity.entity_id))
            if reason := _explain_merge(a.name, b.name, a.label):
                found[a.entity_id, b.entity_id] = _write_merge(a, b, reason)
    columns = ["entity_a", "entity_b", "reason", "n_mentions_a", "n_mentions_b", "surface", "name", "label"]
    table = pd.DataFrame(found.values(), columns=columns)
    return table.sort_values(["n_mentions_b", "entity_a", "entity_b"], ascending=[False, True, True],
                             ignore_index=True)


def list_merge_blocks(name: str, label: str) -> Iterator[tuple[str, str]]:
    """The blocking keys of a name: two names are compared only if they share one."""
    words = fold_letters(name).casefold().split() or [name]
    yield from ((label, word) for word in {words[0], words[-1]})
    if label == "PERSON":
        yield label, parse_person_name(name).surname
    else:
        yield label, _initials(name)


def _initials(name: str) -> str:
    """The initials of a name's capitalised words; of a single word, the word itself."""
    words = name.split()
    letters = "".join(word[0] for word in words if word[0].isupper())
    return (letters if len(words) > 1 else _drop_acronym_dots(name)).casefold()


def _explain_merge(a: str, b: str, label: str) -> str | None:
    """The reason why two names with the same label may denote one entity, or None."""
    short, long = sorted((a, b), key=lambda name: (len(name.split()), name))
    reason = _explain_person_merge(short, long) if label == "PERSON" else _explain_body_merge(short, long)
    if reason or " " not in short or NUMBER_PATTERN.findall(short) != NUMBER_PATTERN.findall(long):
        return reason
    match = SequenceMatcher(None, short.casefold(), long.casefold(), autojunk=False)
    is_alike = all(ratio() >= MIN_SPELLING_SIMILARITY  # the quick ones are upper limits
                   for ratio in (match.real_quick_ratio, match.quick_ratio, match.ratio))
    return "spelling" if is_alike else None


def _explain_person_merge(short: str, long: str) -> str | None:
    less, more = parse_person_name(short), parse_person_name(long)
    if more.given and is_bare_form(less, more):
        return "surname"
    if not less.given and more.given[:1] == (less.surname,):
        return "first name"
    return explain_agreement(less, more)


def _explain_body_merge(short: str, long: str) -> str | None:
    """The reason why two bodies may be one; a body is not its committee, nor one in data/bodies.csv its last word."""
    is_one_word = " " not in short
    if is_one_word and " " in long and _initials(long) == _initials(short):
        return "acronym"
    begins, ends = f"{long} ".startswith(f"{short} "), f" {long}".endswith(f" {short}")
    bodies = CHAMBERS.words | read_name_words()["body"]
    is_owner = begins and long.split()[-1] in OWNED_BODY_NOUNS and short.split()[-1] in bodies
    is_fixed = ends and is_one_word and long in _read_state_bodies()
    return "part" if (begins or ends) and short != long and not (is_owner or is_fixed) else None


@cache
def _read_state_bodies() -> frozenset[str]:
    return frozenset(row["body"] for row in read_data_rows("bodies"))


def _write_merge(a: NamedEntity, b: NamedEntity, reason: str) -> dict[str, str | int]:
    surface, name = sorted((a.name, b.name), key=lambda name: (len(name), name))
    return {"entity_a": a.entity_id, "entity_b": b.entity_id, "reason": reason, "n_mentions_a": a.n_mentions,
            "n_mentions_b": b.n_mentions, "surface": surface, "name": name, "label": a.label}
