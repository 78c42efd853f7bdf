"""Sidecars: metadata.csv, metadata.yml and events.csv, a researcher's metadata, which override the files' own.

A row names its article by id or path. The YAML is read event by event, so that values stay as written
(`no` is a word, an impossible date is reported as one), and neither nesting nor aliases can make it grow.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from samestory.base.errors import SameStoryError
from samestory.base.wording import format_quantity
from samestory.read.corpus import EVENTS_FILE, METADATA_CSV_FILE, METADATA_YAML_FILE, Corpus
from samestory.read.formats.day_order import DAY_FIRST_KEY, DayOrder
from samestory.read.formats.fields import METADATA_FIELDS, FieldPlan, plan_fields, read_field_names, read_names_of
from samestory.read.sidecar_rows import describe_header, read_sidecar_rows

METADATA_KEYS = ("article_id", "path")
MAX_YAML_BYTES = 10_000_000  # a larger file should be a metadata.csv
METADATA_CSV_EXPECTED = f"expected a column article_id or path, and any of {', '.join(METADATA_FIELDS)}"
METADATA_YAML_EXPECTED = ("expected article ids or paths, each with its fields, or a list of such fields with"
                          " article_id or path")
EVENTS_EXPECTED = "expected the columns article_id (or path) and event"
MAX_METADATA_PROBLEM_ROWS = 20  # rows of one kind that are reported one by one
ReadRows = tuple[list[dict[str, str]], list[str]]  # the fields of each row, and warnings
YamlEvent = Any  # an event of PyYAML; which attributes it has depends on its class


@dataclass
class Sidecars:
    """The rows of the metadata files, by article id or path, and their problems."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)  # file name, reason
    origins: dict[str, str] = field(default_factory=dict)  # the file that each key is from
    used: set[str] = field(default_factory=set)
    differing: dict[str, str] = field(default_factory=dict)  # the fields in which rows for an id and its path differ

    def find(self, article_id: str, path: str) -> dict[str, str]:
        """The metadata of an article, found by its path and by its id; those found by id win."""
        keys = [key for key in dict.fromkeys((path, article_id)) if key in self.rows]
        self.used.update(keys)
        is_alone = path.startswith(f"{article_id}.")  # a row for a file of many articles is what others override
        if len(keys) > 1 and is_alone and (names := self._compare_rows(*keys)):
            self.differing[article_id] = names
        return {name: value for key in keys for name, value in self.rows[key].items() if value}

    def _compare_rows(self, one: str, other: str) -> str:
        first, second = self.rows[one], self.rows[other]
        return ", ".join(name for name in METADATA_FIELDS if first.get(name) and second.get(name)
                         and first[name] != second[name])

    def list_differing(self) -> Iterator[tuple[str, str]]:
        """The file and the reason, for articles whose rows by id and by path differ."""
        for key, names in list(self.differing.items())[:MAX_METADATA_PROBLEM_ROWS]:
            yield self.origins[key], (f"{key[:200]!r} has a row by its id and one by its path, which differ in {names}:"
                                      " that by its id is used")
        if (more := len(self.differing) - MAX_METADATA_PROBLEM_ROWS) > 0:
            yield self.origins[next(iter(self.differing))], f"{more:,} more articles with two rows that differ"

    def list_unused(self) -> Iterator[tuple[str, str]]:
        """The file and the reason, for every row without an article."""
        unused = sorted(self.rows.keys() - self.used)
        for key in unused[:MAX_METADATA_PROBLEM_ROWS]:
            yield self.origins[key], f"no article has the id or path {key[:200]!r}; its row is not used"
        if more := unused[MAX_METADATA_PROBLEM_ROWS:]:
            yield self.origins[more[0]], f"{format_quantity(len(more), 'more row')} without an article; not used"


def read_sidecars(corpus: Corpus) -> Sidecars:
    """Read the metadata files of a corpus folder; the later of two rows for one article wins, csv wins over yml, and
    events.csv over both.

    Raises
    ------
    SameStoryError
        If a file cannot be read, names no article, or has an unknown field.
    """
    found = Sidecars()
    for name, read in ((METADATA_YAML_FILE, _read_yaml), (METADATA_CSV_FILE, _read_csv), (EVENTS_FILE, _read_events)):
        path = corpus.sidecar(name)
        if path is not None:
            rows, warnings = read(path)
            _add_rows(found, path.name, rows)
            found.problems += [(path.name, warning) for warning in warnings]
    return found


def _add_rows(found: Sidecars, name: str, rows: Iterable[dict[str, str]]) -> None:
    repeated: dict[str, str] = {}
    nameless = 0
    for row in rows:
        key = row.get("article_id") or row.get("path")
        if not key:
            nameless += 1
            continue
        fields = {field: row[field] for field in (*METADATA_FIELDS, DAY_FIRST_KEY) if row.get(field)}
        if key in found.rows and (reason := _describe_repeat(name, found.rows[key], fields)):
            repeated[key] = reason
        found.rows[key] = found.rows.get(key, {}) | fields
        found.origins[key] = name
    reasons = [f"{key[:200]!r} {reason}" for key, reason in repeated.items()]
    if nameless:
        reasons.append(f"{format_quantity(nameless, 'row')} without article_id or path; not used")
    if len(reasons) > MAX_METADATA_PROBLEM_ROWS:
        reasons[MAX_METADATA_PROBLEM_ROWS:] = [f"{len(reasons) - MAX_METADATA_PROBLEM_ROWS:,} more like these"]
    found.problems += [(name, reason) for reason in reasons]


def _describe_repeat(name: str, before: dict[str, str], fields: dict[str, str]) -> str:
    """What is odd about a second row for an article; events.csv may add an event to a row of another file."""
    if name != EVENTS_FILE:
        return "is listed more than once, or in two files; the last row wins"
    was, now = before.get("event", ""), fields.get("event", "")
    return f"is given two events, {was[:80]!r} and {now[:80]!r}; the last one is used" if was not in ("", now) else ""


def _read_events(path: Path) -> ReadRows:
    rows, warnings = _read_table(path, ("event",), EVENTS_EXPECTED)
    return [{name: row[name] for name in (*METADATA_KEYS, "event") if name in row} for row in rows], warnings


def _read_csv(path: Path) -> ReadRows:
    return _read_table(path, METADATA_FIELDS, METADATA_CSV_EXPECTED)


def _read_table(path: Path, fields: Collection[str], expected: str) -> ReadRows:
    """The rows of a sidecar, which names any of some fields; columns are named as in tables of articles."""
    header, rows, warning = read_sidecar_rows(path, {*METADATA_KEYS, *read_field_names()})
    keys = {"path": tuple(name for name in header if name in read_names_of("path"))}
    plan = plan_fields(tuple(header)) | (keys if keys["path"] else {})
    if not set(METADATA_KEYS) & set(plan) or not set(fields) & set(plan):
        raise SameStoryError(f"{path.name}: {expected}; found {describe_header(header)}")
    used = {name for names in plan.values() for name in names}
    order = DayOrder()
    order.add(row[name] for _, row in rows for field in ("published_at", "updated_at") for name in plan.get(field, ()))
    first = {} if order.day_first is None else {DAY_FIRST_KEY: "yes" if order.day_first else "no"}
    warnings = [warning] if warning else []
    unknown = [name for name in header if name and name not in used]
    warnings += map(_describe_unknown_column, unknown[:MAX_METADATA_PROBLEM_ROWS])
    if more := unknown[MAX_METADATA_PROBLEM_ROWS:]:
        warnings.append(f"{format_quantity(len(more), 'more column')} without a use")
    return [_fill_fields(row, plan) | first for _, row in rows], warnings


def _fill_fields(row: dict[str, str], plan: FieldPlan) -> dict[str, str]:
    """The fields of a row; each from the first of its columns that has a value."""
    return {field: value for field, names in plan.items() if (value := next(filter(None, map(row.get, names)), None))}


def _describe_unknown_column(name: str) -> str:
    nearest = get_close_matches(name, (*METADATA_KEYS, *METADATA_FIELDS), n=1)
    return f"the column {name[:80]!r} is not used" + (f"; did you mean {nearest[0]!r}?" if nearest else "")


def _read_yaml(path: Path) -> ReadRows:
    import yaml
    try:
        if (size := path.stat().st_size) > MAX_YAML_BYTES:
            raise SameStoryError(f"{path.name}: expected at most {MAX_YAML_BYTES:,} bytes, found {size:,};"
                                 f" write it as {METADATA_CSV_FILE}")
        text = path.read_text(encoding="utf-8-sig")
        events = yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        return list(_list_yaml_rows(events, path.name)), []
    except (OSError, ValueError, yaml.YAMLError) as error:  # UnicodeDecodeError is a ValueError
        raise SameStoryError(f"{path.name}: expected YAML in UTF-8; {' '.join(str(error).split())[:300]}") from error


def _list_yaml_rows(events: Iterator[YamlEvent], name: str) -> Iterator[dict[str, str]]:
    """The rows of a YAML file: a mapping of ids or paths to fields, or a list of mappings of fields."""
    events = (event for event in events if not type(event).__name__.startswith(("Stream", "Document")))
    opening = next(events, None)
    kind = type(opening).__name__
    if kind not in ("MappingStartEvent", "SequenceStartEvent"):
        if opening is None or getattr(opening, "value", None) == "":
            return  # an empty file
        raise _make_yaml_error(name, opening)
    for event in events:
        if type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            return
        row = {"article_id": _read_scalar(event, name)} if kind == "MappingStartEvent" else {}
        start = next(events) if row else event
        if type(start).__name__ != "MappingStartEvent":
            raise _make_yaml_error(name, start)
        yield _read_yaml_fields(events, name, start) | row


def _read_yaml_fields(events: Iterator[YamlEvent], name: str, start: YamlEvent) -> dict[str, str]:
    fields: dict[str, str] = {}
    for event in events:
        if type(event).__name__ == "MappingEndEvent":
            break
        key, value = _read_scalar(event, name), _read_scalar(next(events), name)
        if key not in (*METADATA_KEYS, *METADATA_FIELDS):
            raise SameStoryError(f"{name}: {METADATA_CSV_EXPECTED}; found {key[:80]!r}"
                                 f" (line {start.start_mark.line + 1})")
        fields[key] = "" if value in ("null", "~") else value
    return fields


def _read_scalar(event: YamlEvent, name: str) -> str:
    if type(event).__name__ != "ScalarEvent":
        raise _make_yaml_error(name, event)
    return str(event.value).strip()


def _make_yaml_error(name: str, event: YamlEvent) -> SameStoryError:
    kind = type(event).__name__.removesuffix("Event").removesuffix("Start").lower()
    return SameStoryError(f"{name}: {METADATA_YAML_EXPECTED}; found {'an' if kind == 'alias' else 'a'} {kind} in line"
                          f" {event.start_mark.line + 1}")
