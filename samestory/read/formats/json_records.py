"""JSON records: where in a JSON value the articles are, and where in a record its text is.

Services wrap their answers (`response.results`), and some keep the text of a record in an object of its own (`fields`,
`_source`). Names of fields decide; the depth is bounded.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from samestory.read.formats.fields import FieldPlan, join_paragraphs, plan_fields

MAX_RECORD_DEPTH = 4
MAX_TRIED_RECORDS = 20  # the first of a list, to see whether it has texts
JsonObject = dict[str, Any]
FoundList = tuple[str, list[Any]]


def find_records(value: JsonObject) -> FoundList | None:
    """The longest list of objects in an object, or its objects by their names, with its path; lists with texts first.

    >>> find_records({"response": {"results": [{"fields": {"body": "The talks ended."}}]}})[0]
    'response.results'
    """
    found: list[tuple[int, int, FoundList]] = []
    for path, chain in _walk_objects(value):
        inner = chain[-1]
        lists = [(name, held) for name, held in inner.items() if isinstance(held, list)]
        named = [{"id": name} | held for name, held in inner.items() if isinstance(held, dict)]
        for name, held in (*lists, *([("", named)] if len(named) > 1 else [])):
            rank = max(map(_rate_record, held[:MAX_TRIED_RECORDS]), default=0)
            if rank or (name and any(isinstance(record, dict) for record in held)):
                found.append((rank, len(held), (".".join(filter(None, (path, name))), held)))
    rank, _, best = max(found, key=lambda one: one[:2], default=(0, 0, None))
    return best if rank or not _rate_record(value) else None


def spread_record(record: JsonObject) -> tuple[JsonObject, FieldPlan]:
    """A record with the fields of the object in it that has the text, and of those around that, and their plan."""
    for _, chain in _walk_objects(record):
        if reads_as_text(chain[-1], plan_fields(tuple(chain[-1]))):
            record = {name: value for outer in chain for name, value in outer.items()
                      if not any(value is inner for inner in chain)}
            break
    return record, plan_fields(tuple(record))


def reads_as_text(record: JsonObject, plan: FieldPlan) -> bool:
    """Whether a field of a record that is named as its text holds one."""
    return any(join_paragraphs(record[name]) is not None for name in plan.get("text", ()))


def _rate_record(record: object) -> int:
    """0 for a record without text, 2 for one that has a headline, too, as comments have none."""
    if not isinstance(record, dict):
        return 0
    merged, plan = spread_record(record)
    return reads_as_text(merged, plan) * (1 + ("headline" in plan))


def _walk_objects(value: JsonObject) -> Iterator[tuple[str, tuple[JsonObject, ...]]]:
    """An object and those in it, level by level: the path of each, and the objects from the outermost to it."""
    waiting: deque[tuple[str, tuple[JsonObject, ...]]] = deque([("", (value,))])
    while waiting:
        path, chain = waiting.popleft()
        yield path, chain
        if len(chain) <= MAX_RECORD_DEPTH:
            waiting.extend((f"{path}.{name}" if path else name, (*chain, held)) for name, held in chain[-1].items()
                           if isinstance(held, dict))
