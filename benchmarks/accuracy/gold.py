"""Gold annotation: articles whose quotations or names a person marked, one article in each line of a JSONL file.

An article has `id`, `text` and either `quotes` or `entities`; data/gold/README.md describes their fields.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]
KIND_OF_FIELD = {"quotes": "quotations", "entities": "names"}


class UnreadableGold(Exception):
    """Gold that is not there or not in this form; the message is for the person at the terminal."""


@dataclass(frozen=True)
class GoldSet:
    """The annotated articles of one file, all with quotations or all with names."""

    name: str
    kind: str
    records: list[Record]

    @property
    def ids(self) -> set[str]:
        """The ids of the articles."""
        return {record["id"] for record in self.records}


@dataclass(frozen=True)
class Part:
    """A part of the articles, chosen by a digest of their ids: number 1 of 3, or all but that."""

    number: int
    of: int
    is_left_out: bool = False

    def holds(self, article_id: str) -> bool:
        """Whether an article belongs to the part."""
        digest = int(hashlib.md5(article_id.encode(), usedforsecurity=False).hexdigest(), 16)
        return (digest % self.of == self.number) != self.is_left_out


def parse_part(text: str) -> Part:
    """The part that "1/3" or "not 0/3" means.

    >>> parse_part("1/3"), parse_part("not 0/3")
    (Part(number=1, of=3, is_left_out=False), Part(number=0, of=3, is_left_out=True))
    """
    number, _, of = text.removeprefix("not ").partition("/")
    return Part(int(number), int(of), is_left_out=text.startswith("not "))


def read_gold(place: Path, part: Part | None = None) -> list[GoldSet]:
    """The gold sets of a folder or of one file, in order of their names; files of another form are skipped."""
    root = place if place.is_dir() else place.parent
    paths = sorted(place.rglob("*.jsonl")) if place.is_dir() else [place]
    read = ((path.relative_to(root).with_suffix("").as_posix(), read_records(path)) for path in paths)
    sets = [_make_set(name, records, part) for name, records in read if records and find_field(records[0])]
    sets = [gold for gold in sets if gold.records]
    if not sets:
        raise UnreadableGold(f"no gold in {place}: expected .jsonl files whose lines have id, text, quotes or entities")
    return sets


def _make_set(name: str, records: list[Record], part: Part | None) -> GoldSet:
    kept = [record for record in records if part is None or part.holds(record["id"])]
    return GoldSet(name, KIND_OF_FIELD[find_field(records[0])], kept)


def find_field(record: Record) -> str:
    """The field with a record's annotation: quotes, entities, or empty if it has neither."""
    return next((field for field in KIND_OF_FIELD if "text" in record and field in record), "")


def read_records(path: Path) -> list[Record]:
    """The records of a JSONL file."""
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as problem:
        raise UnreadableGold(f"cannot read {path}: {problem}") from problem
