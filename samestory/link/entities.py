"""Entities: decides which names found within articles denote the same entity across articles.

Names are joined if their longest form is identical, by data/aliases.csv (or the user's own), and by acronyms
whose long form an article gives. Similarity alone never merges names: `list_possible_merges` lists
such pairs for a person to decide. Pronouns and roles ("the ministry") are left to annotate/quotations.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from samestory.base.errors import SameStoryError
from samestory.base.resources import resource

MIN_UPPERCASE_NAME_LETTERS = 5  # letters from which a word in capitals may be a name (WASHINGTON), not an acronym
MAX_MERGE_BLOCK_ENTITIES = 60  # entities that share a word; larger groups are not paired
MIN_SPELLING_SIMILARITY = 0.85  # similarity of spelling from which two names are listed as a possible merge
CONFUSED_LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC")  # labels that models confuse, in the order that breaks ties
MERGED_LABELS = ("PERSON", "ORG")  # labels of the entities among which possible merges are listed
ALIAS_COLUMNS = ("surface", "name", "label")  # of an aliases.csv; `use` may follow
ALIAS_USES = ("place", "demonym", "capital", "body", "acronym", "person", "")


@dataclass(frozen=True)
class Alias:
    """The entity that a surface form denotes; for a capital, only if it denotes the government."""

    name: str
    label: str
    use: str = ""


def read_aliases(path: Path) -> dict[str, Alias]:
    """The aliases of a CSV file with the columns surface, name, label and, if wanted, use.

    Raises
    ------
    SameStoryError
        If a column is missing, a surface is listed twice, a cell is empty, or names form a circle; the
        message gives the line number.
    """
    aliases: dict[str, Alias] = {}
    lines: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            _check_alias_header(path, rows.fieldnames or ())
            for row in rows:
                surface, alias = _read_alias(path, rows.line_num, row)
                key = _make_alias_key(surface, capital=alias.use == "capital")
                if key in aliases:
                    raise SameStoryError(f"{path}, line {rows.line_num}: the surface {surface!r} is already in "
                                         f"line {lines[key]}; expected each surface once")
                lines[key] = rows.line_num
                aliases[key] = alias
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SameStoryError(f"{path} cannot be read as CSV in UTF-8: {error}") from error
    _check_circles(path, aliases, lines)
    return aliases


def _make_alias_key(surface: str, *, capital: bool) -> str:
    """The key of a surface form; a capital has different keys as a city and as a government (Beijing announced)."""
    return f"{surface}\tacts" if capital else surface


def _check_alias_header(path: Path, header: Iterable[str]) -> None:
    missing = [column for column in ALIAS_COLUMNS if column not in header]
    if missing:
        raise SameStoryError(f"{path}, line 1: no column {', '.join(missing)}; expected the columns "
                             f"{', '.join(ALIAS_COLUMNS)}; found {', '.join(header) or 'an empty file'}")


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


def _check_circles(path: Path, aliases: dict[str, Alias], lines: dict[str, int]) -> None:
    """Refuse A for B and B for A; a chain, A for B and B for C, is followed to its end."""
    done: set[str] = set()
    for surface in aliases:
        trail: list[str] = []
        while surface in aliases and aliases[surface].name != surface and surface not in done:
            if surface in trail:
                raise SameStoryError(f"{path}, line {lines[surface]}: the names form a circle: "
                                     f"{' for '.join([*trail[trail.index(surface):], surface])}; "
                                     "expected each to lead to one name")
            trail.append(surface)
            surface = aliases[surface].name
        done.update(trail)


def assign_entities(forms: pd.DataFrame, *, aliases: Path | None = None) -> pd.DataFrame:
    """Decide which entity each form denotes.

    Parameters
    ----------
    forms : one row per form of a name: text, name (the longest one in its article), label, acts (whether it is a
        capital that denotes its government) and n (mentions); each form once, in order
    aliases : the user's own aliases.csv (surface, name, label), which wins over data/aliases.csv

    Returns
    -------
    The forms with entity_id, entity_name and entity_label.

    Raises
    ------
    SameStoryError
        If an aliases.csv has a circle, a missing column or a repeated surface.
    """
    own = read_aliases(Path(aliases)) if aliases else {}
    ours = read_aliases(resource("data/aliases.csv"))
    rows = [NameForm(*row) for row in forms[["text", "name", "label", "acts"]].itertuples(index=False, name=None)]
    acronyms = _find_long_forms(rows)
    resolved = _join_entity_names([_resolve_form(form, own, ours, acronyms) for form in rows], forms["n"])
    return forms.assign(entity_id=[f"{label}:{name}" for name, label in resolved],
                        entity_name=[name for name, _ in resolved], entity_label=[label for _, label in resolved])


def _join_entity_names(resolved: list[tuple[str, str]], counts: Iterable[int]) -> list[tuple[str, str]]:
    """Names and labels, with middle names dropped and one label per name of several words.

    If Ada Voss is labelled an organisation in one article and a person in others, the label of most mentions wins.
    Ada Q. Voss joins Ada Voss if that name occurs too, with no other middle name; if there are several middle names,
    all stay separate (see `list_possible_merges`).
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for (name, label), n in zip(resolved, counts, strict=True):
        if label in CONFUSED_LABELS and " " in name:
            votes[name][label] += n
    labels = {name: max(found, key=lambda label: (found[label], -CONFUSED_LABELS.index(label)))
              for name, found in votes.items()}
    resolved = [(name, labels.get(name, label) if label in CONFUSED_LABELS else label) for name, label in resolved]
    persons = {name for name, label in resolved if label == "PERSON"}
    longer = defaultdict(set)
    for name in persons:
        if (short := _drop_middle(name)) != name:
            longer[short].add(name)
    joins = {long: short for short, found in longer.items() if short in persons and len(found) == 1
             for long in found}
    return [(joins.get(name, name) if label == "PERSON" else name, label) for name, label in resolved]


def _drop_middle(name: str) -> str:
    """A person's first and last name.

    >>> _drop_middle("Ada Q. Voss"), _drop_middle("Voss")
    ('Ada Voss', 'Voss')
    """
    words = name.split()
    return " ".join([words[0], words[-1]]) if len(words) > 2 else name


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


def _resolve_form(form: NameForm, own: dict[str, Alias], ours: dict[str, Alias],
                  acronyms: dict[str, NameForm]) -> tuple[str, str]:
    """The name and label of the entity that a form belongs to."""
    if alias := _look_up_alias(form, own):
        return alias.name, alias.label
    alias = _look_up_alias(form, ours)
    if alias and (alias.label == "PERSON") == (form.label == "PERSON"):
        return alias.name, alias.label
    short = _drop_acronym_dots(form.name)
    if form.label != "PERSON" and short in acronyms and _is_acronym(form.name):
        long_form = acronyms[short]
        return _resolve_form(NameForm(long_form.name, long_form.name, long_form.label, False), own, ours, {})
    return short if form.label != "PERSON" else form.name, form.label


def _look_up_alias(form: NameForm, aliases: dict[str, Alias]) -> Alias | None:
    """The alias of the longest name, or else of the text, followed to its end.

    A person's text is not looked up, only the longest name: Ivanka Trump, called Trump, is not Donald.
    """
    names = [" ".join(form.name.split())]
    if form.label != "PERSON":
        names.append(" ".join(form.text.split()))
    names += [name.title() for name in names if name.isupper() and len(name) >= MIN_UPPERCASE_NAME_LETTERS]
    keys = [_make_alias_key(name, capital=True) for name in names if form.acts] + names
    alias = next((aliases[key] for key in keys if key in aliases), None)
    while alias and alias.name in aliases and aliases[alias.name].name != alias.name:
        alias = aliases[alias.name]
    return alias


class NamedEntity(NamedTuple):
    """The columns of the table `entities` that possible merges are found by."""

    entity_id: str
    name: str
    label: str
    n_mentions: int


def list_possible_merges(entities: pd.DataFrame, *, among: int = 5_000) -> pd.DataFrame:
    """Pairs among the most mentioned entities that may be one entity, for a person to decide; nothing is merged.

    One row per pair. Columns: entity_a (the one with more mentions), entity_b, reason (`surname`: one is only
    the surname of the other; `middle name`: first and last name agree; `spelling`: two full names are spelt
    alike; `acronym`: one consists of the initials of the other; `part`: one name begins or ends with the other),
    n_mentions_a, n_mentions_b, surface, name and label (the line for your aliases.csv that would merge
    them). Groups of more than 60 entities that share a word are not paired.
    """
    chosen = entities[entities["label"].isin(MERGED_LABELS)].head(among)
    blocks: dict[tuple[str, str], list[NamedEntity]] = defaultdict(list)
    for row in chosen[list(NamedEntity._fields)].itertuples(index=False, name=None):
        entity = NamedEntity(*row)
        for key in set(_list_merge_blocks(entity.name, entity.label)):
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


def _list_merge_blocks(name: str, label: str) -> Iterator[tuple[str, str]]:
    """The blocking keys of a name: two names are compared only if they share one."""
    words = name.casefold().split()
    for word in {words[0], words[-1]}:
        yield label, word
    if label == "ORG":
        yield label, _initials(name)


def _initials(name: str) -> str:
    """The initials of a name's capitalised words; of a single word, the word itself."""
    words = name.split()
    letters = "".join(word[0] for word in words if word[0].isupper())
    return (letters if len(words) > 1 else _drop_acronym_dots(name)).casefold()


def _explain_merge(a: str, b: str, label: str) -> str | None:
    """The reason why two names with the same label may denote one entity, or None."""
    short, long = sorted((a, b), key=lambda name: (len(name.split()), name))
    one_word = len(short.split()) == 1
    if label == "PERSON" and one_word:
        return "surname" if len(long.split()) > 1 else None
    if label == "PERSON" and (short.split()[0], short.split()[-1]) == (long.split()[0], long.split()[-1]):
        return "middle name"
    if label == "ORG" and one_word and len(long.split()) > 1 and _initials(long) == _initials(short):
        return "acronym"
    if label == "ORG" and (f" {long} ".startswith(f" {short} ") or f" {long} ".endswith(f" {short} ")):
        return "part"
    alike = SequenceMatcher(None, short.casefold(), long.casefold(), autojunk=False).ratio() >= MIN_SPELLING_SIMILARITY
    return "spelling" if alike and not one_word else None


def _write_merge(a: NamedEntity, b: NamedEntity, reason: str) -> dict[str, str | int]:
    surface, name = sorted((a.name, b.name), key=lambda name: (len(name), name))
    return {"entity_a": a.entity_id, "entity_b": b.entity_id, "reason": reason, "n_mentions_a": a.n_mentions,
            "n_mentions_b": b.n_mentions, "surface": surface, "name": name, "label": a.label}
