"""Checks whether a correction fits its target: one row of corrections.csv against one row of a table.

This module declares which fields of each kind of row can be corrected, and how new values are read. A correction
that does not fit changes nothing, and its author gets the reason. Consequences of a correction elsewhere (counts,
speakers, links) are left to overlay.py.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from samestory.annotate.recognizers import NAME_LABELS
from samestory.base.schema import (
    ANALYSED_LINE_ROLES,
    APPROXIMATIONS,
    CUE_CLASSES,
    LINE_ROLES,
    QUOTATION_KINDS,
    UTTERANCE_RELATIONS,
    VALUE_KINDS,
)
from samestory.clean.dates import read_date
from samestory.correct.corrections import CORRECTION_OPERATIONS, Correction
from samestory.story.pairs import DECIDED_PAIR_STATUSES, UNDECIDED_PAIR_STATUS

OPERATIONS_BY_KIND = {"article": ("change",), "line": ("change",), "entity": ("change", "merge"),
                      "utterance": ("change", "remove"), "pair": ("change",), "value": ("change", "remove"),
                      "mention": ("change", "remove", "add"), "quotation": ("change", "remove", "add")}
ADDED_FIELDS_BY_KIND = {"quotation": ("speaker_name", ""), "mention": ("entity_id", "label")}  # fields of an `add`
SPAN_ID_PATTERN = re.compile(r"(?P<article_id>.*)/(?P<what>[qmv])(?P<field>h?)(?P<start>\d{1,9})-(?P<end>\d{1,9})",
                             re.DOTALL)
PAIR_ID_PATTERN = re.compile(r".*/s\d{1,9}-\d{1,9}\+.*/s\d{1,9}-\d{1,9}", re.DOTALL)
UTTERANCE_ID_PATTERN = re.compile(r".*/q\d{1,9}-\d{1,9}\+.*/q\d{1,9}-\d{1,9}", re.DOTALL)
MAX_TARGET_ID_CHARS = 2_000  # characters of the longest id that is read
LINE_ID_PATTERN = re.compile(r"(?P<article_id>.*)/l(?P<line>\d{1,9})", re.DOTALL)
ENTITY_ID_PATTERN = re.compile(r"(?P<label>[A-Z][A-Z_]*):(?P<name>\S.*)", re.DOTALL)
BOOLEAN_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# the field that `old` repeats if a correction is about a whole row
IDENTIFYING_FIELDS = {"article": "headline", "quotation": "text", "mention": "text", "value": "text", "entity": "name",
                      "utterance": "relation", "line": "role", "pair": "status"}
# a date, its parts from the year on, or two with / between; X is a digit that stays open
VALUE_DATE_PATTERN = re.compile(r"[0-9X]{4}(-[0-9XW]{2,3}(-[0-9]{1,2})?)?(/[0-9X]{4}(-[0-9]{2}(-[0-9]{2})?)?)?"
                                r"|T[0-9]{2}(:[0-9]{2})?", re.ASCII)
MAX_REASON_VALUE_CHARS = 80  # characters of a value that are shown in a reason

TableRow = dict[str, Any]  # columns and values of one row, or some of them


class Misfit(Exception):
    """A correction that does not fit; the message says what was expected and found."""


@dataclass
class Target:
    """The target of corrections: a row as it was found and as it is now; None if there is no row.

    `derived` is the row after the consequences of other corrections. `set_by` has the line of the file that set
    each field, `said` the value as written in that line; `gone_by` is the line that removed the row, `added_by` the
    line that added it, and `missing` the reason why there is no row.
    """

    what: str
    found: TableRow | None
    derived: TableRow | None = None
    now: TableRow | None = None
    set_by: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    gone_by: int = 0
    added_by: int = 0
    merged_into: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        self.derived = self.derived or self.found
        self.now = dict(self.derived) if self.derived else None

    @property
    def row(self) -> TableRow:
        """The row as it is now, if there is one."""
        assert self.now is not None
        return self.now

    @property
    def found_row(self) -> TableRow:
        """The row as it was found, if there was one."""
        assert self.found is not None
        return self.found


@dataclass
class CorrectionOutcome:
    """The outcome of a correction: one of `CORRECTION_STATUSES`, and the reason for it."""

    status: str
    reason: str = ""


ValueReader = Callable[[str, Target], TableRow]
RowMaker = Callable[[Correction], TableRow]


# Values: how a cell is read, and how a value is written ---------------------------------------------

def _make_choice_reader(name: str, choices: Iterable[str]) -> ValueReader:
    def read(text: str, target: Target) -> TableRow:
        if text.lower() not in choices:
            raise Misfit(f"expected one of {', '.join(choices)}, found {clip_value(text)}")
        return {name: text.lower() or None}
    return read


def _make_flag_reader(name: str) -> ValueReader:
    def read(text: str, target: Target) -> TableRow:
        if text.lower() not in BOOLEAN_WORDS:
            raise Misfit(f"expected true or false, found {clip_value(text)}")
        return {name: BOOLEAN_WORDS[text.lower()]}
    return read


def _make_text_reader(name: str) -> ValueReader:
    return lambda text, target: {name: " ".join(text.split()) or None}


def _make_number_reader(name: str) -> ValueReader:
    def read(text: str, target: Target) -> TableRow:
        number = _read_finite_number(text)
        if number is None and text:
            raise Misfit(f"expected a number such as 1500000, found {clip_value(text)}")
        return {name: number}
    return read


def _read_finite_number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _read_value_date(text: str, target: Target) -> TableRow:
    if text and not VALUE_DATE_PATTERN.fullmatch(text):
        raise Misfit(f"expected a date such as 2021-03-18, 2021-03 or XXXX-03-18, found {clip_value(text)}")
    return {"date": text or None}


def _make_metadata_reader(name: str) -> ValueReader:
    return lambda text, target: {name: text or None, f"{name}_from": "corrected" if text else "missing"}


def _make_date_reader(name: str) -> ValueReader:
    short = name.removesuffix("_at")

    def read(text: str, target: Target) -> TableRow:
        reading = read_date(text) if text else None
        if reading and not reading.moment:
            raise Misfit(f"{reading.problem or 'expected a date'}; found {clip_value(text)}")
        values = {name: reading.moment if reading else None, f"{name}_from": "corrected" if reading else "missing",
                  f"{short}_precision": reading.precision if reading else None}
        return values | ({"published_raw": text or None} if name == "published_at" else {})
    return read


def _read_counted(text: str, target: Target) -> TableRow:
    values = _make_flag_reader("counted")(text, target)
    if values["counted"] and not target.found_row["counted"]:
        raise Misfit("a repeat, or a text in another language, was not analysed and cannot be counted; if it is"
                     " neither, correct its data in metadata.csv")
    return values


def _read_role(text: str, target: Target) -> TableRow:
    values = _make_choice_reader("role", LINE_ROLES)(text, target)
    was, role = target.found_row["role"], values["role"]
    if role in ANALYSED_LINE_ROLES and was != role:
        raise Misfit(f"a line that was read as {was} cannot become {role}: its words were not analysed as {role}")
    return values | {"paragraph": target.found_row["paragraph"] if role in ANALYSED_LINE_ROLES else None}


def _read_entity_name(text: str, target: Target) -> TableRow:
    if not text:
        raise Misfit("expected a name, found none")
    return {"name": " ".join(text.split())}


def _read_mention_label(text: str, target: Target) -> TableRow:
    values = {"label": read_label(text)}
    entity = ENTITY_ID_PATTERN.fullmatch(target.row["entity_id"])
    if entity and entity["label"] == target.row["label"]:
        values["entity_id"] = f"{values['label']}:{entity['name']}"
    return values


def read_label(text: str) -> str:
    """The label of a name.

    Raises
    ------
    Misfit
        If names cannot have this label.
    """
    if text.upper() not in NAME_LABELS:
        raise Misfit(f"expected one of {', '.join(NAME_LABELS)}, found {clip_value(text)}")
    return text.upper()


def read_entity_id(text: str) -> str:
    """An entity's id, its spaces normalised; the entity need not exist yet.

    Raises
    ------
    Misfit
        If it is not such an id.
    """
    found = ENTITY_ID_PATTERN.fullmatch(text)
    if not found:
        raise Misfit(f"expected an entity_id such as PERSON:Ada Voss, found {clip_value(text)}")
    return f"{read_label(found['label'])}:{' '.join(found['name'].split())}"


def _read_side_text(text: str, target: Target) -> TableRow:
    side = " ".join(text.split()) or None
    return {"speaker_side": side, "side_from": "corrected" if side else None}


FIELD_READERS: dict[str, dict[str, ValueReader]] = {
    "article": {**{name: _make_metadata_reader(name)
                   for name in ("outlet", "headline", "byline", "section", "url", "event")},
                "published_at": _make_date_reader("published_at"), "updated_at": _make_date_reader("updated_at"),
                "counted": _read_counted},
    "line": {"role": _read_role},
    "quotation": {"speaker_name": _make_text_reader("speaker_name"), "speaker_side": _read_side_text,
                  "cue_class": _make_choice_reader("cue_class", CUE_CLASSES),
                  "kind": _make_choice_reader("kind", QUOTATION_KINDS),
                  "anonymous": _make_flag_reader("anonymous")},
    "mention": {"entity_id": lambda text, target: {"entity_id": read_entity_id(text)}, "label": _read_mention_label},
    "entity": {"name": _read_entity_name, "label": lambda text, target: {"label": read_label(text)}},
    "value": {"kind": _make_choice_reader("kind", VALUE_KINDS), "value": _make_number_reader("value"),
              "value_to": _make_number_reader("value_to"), "unit": _make_text_reader("unit"), "date": _read_value_date,
              "counted": _make_text_reader("counted"),
              "approximation": _make_choice_reader("approximation", ("", *APPROXIMATIONS))},
    "utterance": {"relation": _make_choice_reader("relation", UTTERANCE_RELATIONS)},
    "pair": {"status": _make_choice_reader("status", (*DECIDED_PAIR_STATUSES, UNDECIDED_PAIR_STATUS))},
}


def format_cell_value(value: Any) -> str:
    """A value as a cell of corrections.csv; empty for a missing value."""
    if isinstance(value, str):
        return value
    if value is None or value != value:  # NaN and NaT do not equal themselves
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(bool(value)).lower() if type(value).__name__ in ("bool", "bool_") else str(value)


def is_same_value(text: str, value: Any) -> bool:
    """Whether a cell means this value, whatever its spaces and its way of writing dates and flags."""
    if isinstance(value, datetime) and value == value:
        moment = read_date(text).moment if text else None
        return moment is not None and moment == value
    if isinstance(value, float) and value == value:
        return _read_finite_number(text) == value
    cell = format_cell_value(value)
    if cell in ("true", "false"):
        return BOOLEAN_WORDS.get(text.lower()) is (cell == "true")
    return text.split() == cell.split()


def clip_value(text: object) -> str:
    """A value as shown in a reason: quoted, with control characters escaped, and not too long."""
    cell = format_cell_value(text)
    return repr(cell if len(cell) <= MAX_REASON_VALUE_CHARS else f"{cell[:MAX_REASON_VALUE_CHARS - 1]}…")


# Form: checks of a row that do not need its table ---------------------------------------------------

def guess_target_kind(target_id: str) -> str:
    """The kind of target that an id denotes, judging by its form; an article if no other form fits.

    >>> [guess_target_kind(name) for name in ("cnn/1/q3-9", "PERSON:Ada Voss", "cnn/1/q3-9+fox/2/q1-8", "a/l4")]
    ['quotation', 'entity', 'utterance', 'line']
    >>> guess_target_kind("cnn/1/s3-9+fox/2/s1-8")
    'pair'
    """
    for kind, pattern in (("utterance", UTTERANCE_ID_PATTERN), ("pair", PAIR_ID_PATTERN)):
        if len(target_id) <= MAX_TARGET_ID_CHARS and pattern.fullmatch(target_id):
            return kind
    if found := SPAN_ID_PATTERN.fullmatch(target_id):
        return {"q": "quotation", "m": "mention", "v": "value"}[found["what"]]
    if LINE_ID_PATTERN.fullmatch(target_id):
        return "line"
    entity = ENTITY_ID_PATTERN.fullmatch(target_id)
    return "entity" if entity and entity["label"] in NAME_LABELS else "article"


def check_correction_form(row: Correction, what: str) -> None:
    """Refuse a row whose operation or field does not exist for its kind of target.

    Raises
    ------
    Misfit
        If the row is refused.
    """
    if row.odd:
        raise Misfit(row.odd)
    if not 0 < len(row.target_id) <= MAX_TARGET_ID_CHARS:
        raise Misfit(f"expected a target_id of 1 to {MAX_TARGET_ID_CHARS:,} characters, found {len(row.target_id):,}")
    if row.operation not in CORRECTION_OPERATIONS:
        raise Misfit(f"expected one of the operations {', '.join(CORRECTION_OPERATIONS)};"
                     f" found {clip_value(row.operation)}")
    if row.operation not in OPERATIONS_BY_KIND[what]:
        raise Misfit(f"{row.operation} is no operation for {_add_indefinite_article(what)}:"
                     f" expected {' or '.join(OPERATIONS_BY_KIND[what])}")
    _check_field(row, what)
    if row.operation == "change" and not row.field and row.old.split() != row.new.split():
        raise Misfit(f"expected the field to change, one of {', '.join(FIELD_READERS[what])}; found none")
    if row.operation == "remove" and row.new:
        raise Misfit(f"remove deletes the whole row: expected nothing in new, found {clip_value(row.new)}")


def _check_field(row: Correction, what: str) -> None:
    fields = {"change": (*FIELD_READERS[what], ""), "add": ADDED_FIELDS_BY_KIND.get(what, ()), "remove": ("",),
              "merge": ("", "entity_id")}[row.operation]
    if row.field not in fields:
        named = ", ".join(filter(None, fields))
        raise Misfit(f"{row.operation} of {_add_indefinite_article(what)}: expected"
                     f" {f'one of the fields {named}' if named else 'no field'}; found {clip_value(row.field)}")


def find_misfit(row: Correction) -> str:
    """The fault in a row's form, as far as its file shows it; empty if the row may fit."""
    try:
        check_correction_form(row, guess_target_kind(row.target_id))
    except Misfit as misfit:
        return str(misfit)
    return ""


def _add_indefinite_article(what: str) -> str:
    return f"{'an' if what[0] in 'aeu' else 'a'} {what}"


# Fit: a row against its target ----------------------------------------------------------------------

def fit_rows(rows: Iterable[Correction], targets: Mapping[str, Target], outcomes: dict[int, CorrectionOutcome], *,
             readers: Mapping[str, ValueReader], make: RowMaker | None = None) -> None:
    """Apply the rows to their targets, in the order of the file, and record the outcome of each.

    Parameters
    ----------
    rows : the rows about one kind of target that have no outcome yet
    targets : their targets, by id
    outcomes : the outcomes by line, filled in here
    readers : for each field, the function that reads its new value
    make : makes an added row, for kinds of target that can be added
    """
    for row in rows:
        try:
            outcomes[row.line] = _apply_row(row, targets[row.target_id], outcomes, readers, make)
        except Misfit as misfit:
            outcomes[row.line] = CorrectionOutcome("unfit", str(misfit))


def _apply_row(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome],
               readers: Mapping[str, ValueReader], make: RowMaker | None) -> CorrectionOutcome:
    if row.operation == "change":
        return _apply_change(row, target, outcomes, readers)
    if row.operation == "remove":
        return _apply_removal(row, target, outcomes)
    if row.operation == "merge":
        return _apply_merge(row, target, outcomes)
    assert make is not None  # `check_correction_form` refuses all other kinds
    return _apply_addition(row, target, make)


def _require_target_row(target: Target) -> None:
    if target.now is not None:
        return
    if target.gone_by:
        raise Misfit(f"line {target.gone_by} {'merged it into another entity' if target.merged_into else 'removed it'}")
    raise Misfit(target.missing or f"no {target.what} has this id here")


def _apply_addition(row: Correction, target: Target, make: RowMaker) -> CorrectionOutcome:
    if target.now is not None and target.added_by:
        return CorrectionOutcome("repeated", f"line {target.added_by} already added it")
    if target.now is not None:
        return CorrectionOutcome("checked", "it is already there")
    if target.gone_by:
        raise Misfit(f"line {target.gone_by} removed it; expected that line to be deleted instead")
    target.now = make(row)
    target.derived, target.added_by = dict(target.now), row.line
    return CorrectionOutcome("added")


def _apply_removal(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome]) -> CorrectionOutcome:
    if target.now is None and target.gone_by:
        return CorrectionOutcome("repeated", f"line {target.gone_by} already removed it")
    _require_target_row(target)
    check_old_text(row.old, target)
    _supersede(row, target, outcomes)
    if target.added_by:
        return CorrectionOutcome("superseded", f"it undoes line {target.added_by}")
    return CorrectionOutcome("removed")


def _apply_merge(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome]) -> CorrectionOutcome:
    into = read_entity_id(row.new)
    if target.merged_into == into:
        return CorrectionOutcome("repeated", f"it repeats line {target.gone_by}")
    _require_target_row(target)
    if row.old not in ("", row.target_id):
        check_old_text(row.old, target)
    _supersede(row, target, outcomes)
    target.merged_into = into
    return CorrectionOutcome("merged")


def _supersede(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome]) -> None:
    """Remove the row of a target; earlier lines about it are superseded."""
    for line in {*target.set_by.values(), target.added_by} - {0}:
        outcomes[line] = CorrectionOutcome("superseded", f"line {row.line} removes its target")
    target.now, target.gone_by, target.set_by = None, row.line, {}


def check_old_text(old: str, target: Target) -> None:
    """Refuse a correction whose `old` is given and differs from its target.

    Raises
    ------
    Misfit
        If it differs.
    """
    known_by = IDENTIFYING_FIELDS[target.what]
    if old and not is_same_value(old, target.row[known_by]):
        raise Misfit(f"expected in old the {known_by} of this {target.what}, {clip_value(target.row[known_by])};"
                     f" found {clip_value(old)}")


def _apply_change(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome],
                  readers: Mapping[str, ValueReader]) -> CorrectionOutcome:
    _require_target_row(target)
    if not row.field:
        return _confirm_row(row, target)
    values = readers[row.field](row.new, target)
    now, new, before = target.row[row.field], values[row.field], target.set_by.get(row.field, 0)
    if format_cell_value(now) == format_cell_value(new):
        if before and row.old != row.new:
            return CorrectionOutcome("repeated", f"it repeats line {before}")
        return CorrectionOutcome("checked", "" if is_same_value(row.old, now) else "it already has this value")
    if not _matches_old_value(row, target):
        setter = f", set by line {before}" if before else ""
        raise Misfit(f"{row.field} is {clip_value(now)} here{setter}; expected that in old,"
                     f" found {clip_value(row.old)}")
    if before:
        outcomes[before] = CorrectionOutcome("superseded", f"line {row.line} sets another value")
    target.row.update(values)
    target.set_by[row.field], target.said[row.field] = row.line, row.new
    if target.found and format_cell_value(target.found[row.field]) == format_cell_value(new):
        return CorrectionOutcome("checked", "the value is as it was found")
    return CorrectionOutcome("changed")


def _confirm_row(row: Correction, target: Target) -> CorrectionOutcome:
    """Record that a person checked a whole row and found it right."""
    check_old_text(row.old, target)
    if target.what == "quotation":
        target.row["confidence"] = target.row["speaker_confidence"] = 1.0
    return CorrectionOutcome("checked")


def _matches_old_value(row: Correction, target: Target) -> bool:
    """Whether `old` is the field's value as it was found, as other corrections left it, or as a line set it."""
    if row.field in target.set_by:
        return is_same_value(row.old, target.row[row.field]) or row.old == target.said[row.field]
    states = (state for state in (target.found, target.derived, target.now) if state)
    return any(is_same_value(row.old, state[row.field]) for state in states)
