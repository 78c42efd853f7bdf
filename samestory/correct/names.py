"""Corrections of names: which entity a mention denotes, whether it is a name at all, and which entities are one.

An entity whose name or label changes keeps its id. Entities and links are recounted from the mentions; the
names of speakers are left to quotations.py.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import pyarrow as pa

from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, name_field, write_span_id
from samestory.correct.allowed import (
    ENTITY_ID_PATTERN,
    FIELD_READERS,
    SPAN_ID_PATTERN,
    Misfit,
    TableRow,
    Target,
    clip_value,
    fit_rows,
    is_same_value,
    read_entity_id,
    read_label,
)
from samestory.correct.articles import is_dropped_row
from samestory.correct.corrections import Correction
from samestory.correct.state import HAND_ADDED_RULE, State, filter_rows_by_values, find_targets
from samestory.link.name_queries import (
    ENTITY_NAME_SCHEMA,
    count_entities,
    count_links,
    open_mentions,
    register_entity_names,
)

MaybeId = TypeVar("MaybeId", bound=str | None)


class Move(NamedTuple):
    """A mention that now belongs to another entity, or to none; `before` is missing for an added mention."""

    article_id: str
    start: int
    name: str
    before: str | None
    after: str | None


@dataclass
class Names:
    """The corrections of names that apply.

    Parameters
    ----------
    merged : the entity that each merged entity now belongs to
    named : new names and labels, by entity
    moves : mentions that now belong to another entity
    touched : all entities that any of these concern
    """

    merged: dict[str, str] = field(default_factory=dict)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def follow(self, entity_id: MaybeId) -> MaybeId | str:
        """The entity that an entity belongs to after all merges."""
        return entity_id if entity_id is None else self.merged.get(entity_id, entity_id)


def correct_names(state: State) -> Names:
    """Apply the corrections of entities and mentions."""
    names = Names()
    _correct_entities(state, names)
    mentions = _correct_mentions(state, names)
    names.touched |= {entity_id for move in names.moves for entity_id in (move.before, move.after) if entity_id}
    names.touched |= {names.follow(entity_id) for entity_id in names.touched}
    if mentions or names.named or names.merged or state.recounted or state.dropped:
        _count_entities(state, names)
    return names


# Entities ---------------------------------------------------------------------------------------

def _correct_entities(state: State, names: Names) -> None:
    rows = state.open_rows("entity")
    if not rows:
        return
    found = {entity["entity_id"]: (entity["name"], entity["label"]) for entity in state.table("entities").to_pylist()}
    targets = _find_entity_targets(state, rows, found)
    _refuse_unknown(state, rows, {*found, *targets})
    targets = find_targets("entity", rows, (), "") | targets
    _refuse_circles(state, targets)
    readers = FIELD_READERS["entity"] | {"name": lambda text, target: _read_unique_entity_name(text, target, found)}
    fit_rows(state.open_rows("entity"), targets, state.outcomes, readers=readers)
    merged = {entity_id: target.merged_into for entity_id, target in targets.items() if target.merged_into}
    names.merged = _follow_to_end(merged)
    names.named = {entity_id: (target.now["name"], target.now["label"]) for entity_id, target in targets.items()
                   if target.now and target.set_by}
    names.touched |= {*names.merged, *names.merged.values(), *names.named}


def _find_entity_targets(state: State, rows: Iterable[Correction],
                         found: dict[str, tuple[str, str]]) -> dict[str, Target]:
    """The entities that rows are about or that corrections assign mentions to, as far as they are known."""
    asked = dict.fromkeys(row.target_id for row in rows if row.target_id in found)
    targets = {entity_id: Target("entity", _make_entity(entity_id, *found[entity_id])) for entity_id in asked}
    for entity_id in _list_new_entities(state):
        if entity_id not in found:
            label, _, name = entity_id.partition(":")
            targets[entity_id] = Target("entity", None, _make_entity(entity_id, name, label))
    return targets


def _make_entity(entity_id: str, name: str, label: str) -> TableRow:
    return {"entity_id": entity_id, "name": name, "label": label}


def _list_new_entities(state: State) -> Iterator[str]:
    """The entities to which corrections assign mentions."""
    for row in state.open_rows("mention"):
        if row.field == "entity_id" and ENTITY_ID_PATTERN.fullmatch(row.new):
            try:
                yield read_entity_id(row.new)
            except Misfit:
                continue


def _read_unique_entity_name(text: str, target: Target, found: dict[str, tuple[str, str]]) -> TableRow:
    values = FIELD_READERS["entity"]["name"](text, target)
    other = f"{target.row['label']}:{values['name']}"
    if other != target.row["entity_id"] and found.get(other, ("",))[0] == values["name"]:
        raise Misfit(f"another entity, {clip_value(other)}, has this name; expected the operation merge")
    return values


def _refuse_unknown(state: State, rows: Iterable[Correction], known: set[str]) -> None:
    """Refuse merges of an entity into itself or into an unknown entity."""
    for row in rows:
        if row.operation != "merge" or row.line in state.outcomes:
            continue
        new = " ".join(row.new.split())
        if new == row.target_id:
            state.refuse(row, "expected in new another entity to merge this one into, found the same")
        elif new not in known:
            state.refuse(row, f"expected in new the entity_id of another entity, found {clip_value(row.new)}")


def _refuse_circles(state: State, targets: dict[str, Target]) -> None:
    """Refuse all merges that form a circle, since there is no way to know which of them is right."""
    merges: dict[str, list[Correction]] = {}
    for row in state.open_rows("entity"):
        if row.operation == "merge" and targets[row.target_id].now is not None:
            merges.setdefault(row.target_id, []).append(row)
    for circle in _find_circles({entity_id: " ".join(rows[0].new.split()) for entity_id, rows in merges.items()}):
        lines = sorted(merges[entity_id][0].line for entity_id in circle)
        listed = ", ".join(map(str, lines[:20])) + (" ..." if len(lines) > 20 else "")
        for row in (row for entity_id in circle for row in merges[entity_id]):
            state.refuse(row, f"the merges of lines {listed} form a circle")


def _follow_to_end(merged: dict[str, str]) -> dict[str, str]:
    """The last entity of each chain of merges, which form no circle."""
    ends: dict[str, str] = {}
    for start in merged:
        trail, at = [], start
        while at in merged and at not in ends:
            trail.append(at)
            at = merged[at]
        ends |= dict.fromkeys(trail, ends.get(at, at))
    return ends


def _find_circles(merged: dict[str, str]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in merged:
        trail: dict[str, None] = {}
        at = start
        while at in merged and at not in done and at not in trail:
            trail[at] = None
            at = merged[at]
        if at in trail:
            walked = list(trail)
            yield walked[walked.index(at):]
        done |= set(trail)


# Mentions ---------------------------------------------------------------------------------------

def _correct_mentions(state: State, names: Names) -> bool:
    """Apply the corrections of mentions; returns whether any mention changed."""
    rows = state.open_rows("mention")
    found = filter_rows_by_values(state.table("mentions"), "mention_id", {row.target_id for row in rows}).to_pylist()
    targets = find_targets("mention", rows, found, "mention_id")
    for target in targets.values():
        if target.found:
            target.derived = target.found | {"entity_id": names.follow(target.found["entity_id"])}
            target.now = dict(target.derived)

    def read(text: str, target: Target) -> TableRow:
        return {"entity_id": names.follow(read_entity_id(text))}

    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["mention"] | {"entity_id": read},
             make=_MentionMaker(state, rows).make)
    changed = [target for target in targets.values() if target.set_by or target.gone_by or target.added_by]
    for target in changed:
        if target.now:
            target.now["entity_id"] = names.follow(target.now["entity_id"])
    names.moves = list(_list_moves(changed))
    _map_entities(state, names)
    _store_mentions(state, changed)
    return bool(changed)


def _store_mentions(state: State, changed: list[Target]) -> None:
    if changed:
        gone = {target.found["mention_id"] for target in changed if target.found}
        state.replace("mentions", "mention_id", gone, (target.now for target in changed if target.now))
        state.recut |= {target.now["article_id"] for target in changed if target.now and target.added_by}


def _list_moves(changed: Iterable[Target]) -> Iterator[Move]:
    for target in changed:
        row = target.now or target.found
        before = target.derived["entity_id"] if target.found and target.derived else None
        after = target.now["entity_id"] if target.now else None
        if row and before != after:
            start = row["start"] if name_field(row["field"]) == FIELD_OF_TEXT else -1  # not a place in the text
            yield Move(row["article_id"], start, row["name"], before, after)


def _map_entities(state: State, names: Names) -> None:
    """Move the mentions of merged entities to the entities that they now belong to."""
    if not names.merged:
        return
    table = state.table("mentions")
    rows = filter_rows_by_values(table, "entity_id", names.merged).to_pylist()
    moved = [row | {"entity_id": names.follow(row["entity_id"])} for row in rows]
    if moved:
        state.replace("mentions", "mention_id", {row["mention_id"] for row in moved}, moved)


class _MentionMaker:
    """Makes the mentions that a person adds, from their articles and sentences."""

    def __init__(self, state: State, rows: Iterable[Correction]) -> None:
        self.places = Places(state, [row.target_id for row in rows if row.operation == "add"])

    def make(self, row: Correction) -> TableRow:
        """The row of a mention.

        Raises
        ------
        Misfit
            If it is not within a sentence of an analysed article, or `new` is not an entity.
        """
        place = self.places.find(row, "m")
        name = " ".join(place["text"].split())
        entity_id = f"{read_label(row.new)}:{name}" if row.field == "label" else read_entity_id(row.new)
        return place | {"mention_id": row.target_id, "label": entity_id.partition(":")[0], "name": name, "title": None,
                        "entity_id": entity_id, "rule": HAND_ADDED_RULE, "in_quotation": False}


class Places:
    """The texts and sentences of the articles to which rows are added."""

    def __init__(self, state: State, target_ids: Iterable[str]) -> None:
        ids = {found["article_id"] for target_id in target_ids if (found := SPAN_ID_PATTERN.fullmatch(target_id))}
        articles = filter_rows_by_values(state.table("articles"), "article_id", ids).to_pylist() if ids else []
        self.articles = {row["article_id"]: row for row in articles}
        self.sentences: dict[tuple[str, str], list[tuple[int, int, int]]] = {}  # in order: start, end, number
        for row in state.read("sentences", ids).to_pylist() if ids else ():
            if not is_dropped_row(row, state):
                key = row["article_id"], name_field(row["field"])
                self.sentences.setdefault(key, []).append((row["start"], row["end"], row["sentence"]))

    def find(self, row: Correction, what: str) -> TableRow:
        """The place of an added row: article_id, field, start, end, text and the sentence it begins in.

        Raises
        ------
        Misfit
            If the id does not denote such a place, its words differ, or they are not part of the story.
        """
        found = SPAN_ID_PATTERN.fullmatch(row.target_id)
        if not found or found["what"] != what or (what == "q" and found["field"]):
            raise Misfit(f"expected a target_id such as ARTICLE/{what}30-35, found {clip_value(row.target_id)}")
        start, end = int(found["start"]), int(found["end"])
        article = self.articles.get(found["article_id"])
        if article is None:
            raise Misfit(f"no article has the id {clip_value(found['article_id'])} here")
        field = FIELD_OF_HEADLINE if found["field"] else FIELD_OF_TEXT
        words = (article[field] or "")[start:end]
        if not words or words != words.strip() or row.target_id != write_span_id(found["article_id"], what, field,
                                                                                 start, end):
            raise Misfit(f"expected the start and end offset of words, found {found['start']} and {found['end']}")
        if not is_same_value(row.old, words):
            raise Misfit(f"expected in old the words at these offsets, {clip_value(words)};"
                         f" found {clip_value(row.old)}")
        sentences = self.sentences.get((found["article_id"], field), [])
        at = bisect_right(sentences, (start, float("inf"))) - 1
        if at < 0 or start >= sentences[at][1] or (what == "m" and end > sentences[at][1]):
            raise Misfit("these words are not in a sentence of the story")
        return {"article_id": found["article_id"], "field": field, "start": start, "end": end, "text": words,
                "sentence": sentences[at][2]}


# Counting ---------------------------------------------------------------------------------------

def _count_entities(state: State, names: Names) -> None:
    """Recount entities and links from the mentions."""
    mentions = state.table("mentions")
    known = state.table("entities").select(["entity_id", "name", "label"]).to_pylist()
    about = {row["entity_id"]: (row["name"], row["label"]) for row in known}
    for entity_id in sorted(set(mentions["entity_id"].to_pylist()) - set(about)):
        label, _, name = entity_id.partition(":")
        about[entity_id] = (name, label)
    about |= names.named
    rows = [{"entity_id": key, "shown": name, "kind": label} for key, (name, label) in about.items()]
    with open_mentions(mentions, state.counted_ids()) as duck:
        register_entity_names(duck, pa.Table.from_pylist(rows, schema=ENTITY_NAME_SCHEMA))
        state.tables["entities"] = count_entities(duck)
        state.tables["links"] = count_links(duck)
