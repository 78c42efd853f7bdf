"""Whether a correction fits what it is about: one row of corrections.csv against one row of a table.

What can be corrected of which kind of row is declared here, with how a new value is read. A row that
does not fit says why, for the person who wrote it; it changes nothing. What follows from a correction
elsewhere (counts, speakers, links) is overlay.py's work.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from samestory.annotate.recognizers import NAME_LABELS
from samestory.base.schema import ANALYSED_LINE_ROLES, CUE_CLASSES, LINE_ROLES, QUOTATION_KINDS
from samestory.clean.dates import read_date
from samestory.correct.corrections import CORRECTION_OPERATIONS, Correction

CORRECTABLE_RELATIONS = ("identical", "trimmed", "paraphrase")
TARGET_KINDS = ("article", "line", "quotation", "mention", "entity", "utterance")
OPERATIONS_BY_KIND = {"article": ("change",), "line": ("change",), "entity": ("change", "merge"),
                      "utterance": ("change", "remove"), "mention": ("change", "remove", "add"),
                      "quotation": ("change", "remove", "add")}
ADDED_FIELDS_BY_KIND = {"quotation": ("speaker_name", ""), "mention": ("entity_id", "label")}  # fields of an `add`
SPAN_ID_PATTERN = re.compile(r"(?P<article_id>.*)/(?P<what>[qm])(?P<start>\d{1,9})-(?P<end>\d{1,9})", re.DOTALL)
UTTERANCE_ID_PATTERN = re.compile(r".*/q\d{1,9}-\d{1,9}\+.*/q\d{1,9}-\d{1,9}", re.DOTALL)
MAX_TARGET_ID_CHARS = 2_000  # characters of an id that is looked at
LINE_ID_PATTERN = re.compile(r"(?P<article_id>.*)/l(?P<line>\d{1,9})", re.DOTALL)
ENTITY_ID_PATTERN = re.compile(r"(?P<label>[A-Z][A-Z_]*):(?P<name>\S.*)", re.DOTALL)
BOOLEAN_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
IDENTIFYING_FIELDS = {"article": "headline", "quotation": "text", "mention": "text", "entity": "name",
                      "utterance": "relation",
                      "line": "role"}  # what a whole row is known by
MAX_REASON_VALUE_CHARS = 80  # characters of a value that a reason shows


class Misfit(Exception):
    """A correction that does not fit; the message says what was expected and what was found."""


@dataclass
class Target:
    """What corrections are about: a row as it was found and as it is by now; None where nothing is.

    `derived` is the row after what other corrections brought with them; `set_by` has the line of the
    file that set each field, `said` the value as it stands in that line, `gone_by` the line that took the
    row away; `missing` says why nothing is there.
    """

    what: str
    found: dict[str, Any] | None
    derived: dict[str, Any] | None = None
    now: dict[str, Any] | None = None
    set_by: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    gone_by: int = 0
    added_by: int = 0
    merged_into: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        self.derived = self.derived or self.found
        self.now = dict(self.derived) if self.derived else None


@dataclass
class CorrectionOutcome:
    """What became of a correction: changed, removed, added, merged, checked, superseded, repeated or unfit."""

    status: str
    reason: str = ""


FieldValues = dict[str, Any]
ValueReader = Callable[[str, Target], FieldValues]
RowMaker = Callable[[Correction], FieldValues]


# Values: how a cell is read, and how a value is told ------------------------------------------------

def _make_choice_reader(name: str, choices: Iterable[str]) -> ValueReader:
    def read(text: str, target: Target) -> FieldValues:
        if text.lower() not in choices:
            raise Misfit(f"expected one of {', '.join(choices)}, found {clip_value(text)}")
        return {name: text.lower()}
    return read


def _make_flag_reader(name: str) -> ValueReader:
    def read(text: str, target: Target) -> FieldValues:
        if text.lower() not in BOOLEAN_WORDS:
            raise Misfit(f"expected true or false, found {clip_value(text)}")
        return {name: BOOLEAN_WORDS[text.lower()]}
    return read


def _make_text_reader(name: str) -> ValueReader:
    return lambda text, target: {name: " ".join(text.split()) or None}


def _make_metadata_reader(name: str) -> ValueReader:
    return lambda text, target: {name: text or None, f"{name}_from": "corrected" if text else "missing"}


def _make_date_reader(name: str) -> ValueReader:
    short = name.removesuffix("_at")

    def read(text: str, target: Target) -> FieldValues:
        reading = read_date(text) if text else None
        if reading and not reading.moment:
            raise Misfit(f"{reading.problem or 'expected a date'}; found {clip_value(text)}")
        values = {name: reading.moment if reading else None, f"{name}_from": "corrected" if reading else "missing",
                  f"{short}_precision": reading.precision if reading else None}
        return values | ({"published_raw": text or None} if name == "published_at" else {})
    return read


def _read_counted(text: str, target: Target) -> FieldValues:
    values = _make_flag_reader("counted")(text, target)
    if values["counted"] and not target.found["counted"]:
        raise Misfit("a repeat, or a text in another language, was not analysed and cannot be counted; say in"
                     " metadata.csv what it is")
    return values


def _read_role(text: str, target: Target) -> FieldValues:
    values = _make_choice_reader("role", LINE_ROLES)(text, target)
    was, role = target.found["role"], values["role"]
    if role in ANALYSED_LINE_ROLES and was != role:
        raise Misfit(f"a line that was read as {was} cannot become {role}: its words were not analysed so")
    return values | ({"paragraph": None} if role not in ANALYSED_LINE_ROLES
                     else {"paragraph": target.found["paragraph"]})


def _read_entity_name(text: str, target: Target) -> FieldValues:
    if not text:
        raise Misfit("expected a name, found none")
    return {"name": " ".join(text.split())}


def _read_mention_label(text: str, target: Target) -> FieldValues:
    label = read_label(text)
    known = ENTITY_ID_PATTERN.fullmatch(target.now["entity_id"])
    is_tied = known and known["label"] == target.now["label"]
    return {"label": label} | ({"entity_id": f"{label}:{known['name']}"} if is_tied else {})


def read_label(text: str) -> str:
    """A label that names can have.

    Raises
    ------
    Misfit
        If there is none like this.
    """
    if text.upper() not in NAME_LABELS:
        raise Misfit(f"expected one of {', '.join(NAME_LABELS)}, found {clip_value(text)}")
    return text.upper()


def read_entity_id(text: str) -> str:
    """An entity's id, with its spaces plain; of an entity that is not there yet too.

    Raises
    ------
    Misfit
        If it is none.
    """
    found = ENTITY_ID_PATTERN.fullmatch(text)
    if not found:
        raise Misfit(f"expected an entity_id such as PERSON:Ada Voss, found {clip_value(text)}")
    return f"{read_label(found['label'])}:{' '.join(found['name'].split())}"


FIELD_READERS: dict[str, dict[str, ValueReader]] = {
    "article": {**{name: _make_metadata_reader(name)
                   for name in ("outlet", "headline", "byline", "section", "url", "event")},
                "published_at": _make_date_reader("published_at"), "updated_at": _make_date_reader("updated_at"),
                "counted": _read_counted},
    "line": {"role": _read_role},
    "quotation": {"speaker_name": _make_text_reader("speaker_name"), "speaker_side": _make_text_reader("speaker_side"),
                  "cue_class": _make_choice_reader("cue_class", CUE_CLASSES),
                  "kind": _make_choice_reader("kind", QUOTATION_KINDS),
                  "anonymous": _make_flag_reader("anonymous")},
    "mention": {"entity_id": lambda text, target: {"entity_id": read_entity_id(text)}, "label": _read_mention_label},
    "entity": {"name": _read_entity_name, "label": lambda text, target: {"label": read_label(text)}},
    "utterance": {"relation": _make_choice_reader("relation", CORRECTABLE_RELATIONS)},
}


def format_cell_value(value: Any) -> str:
    """A value as a cell of corrections.csv has it; nothing for what is missing."""
    if isinstance(value, str):
        return value
    if value is None or value != value:  # NaN and NaT are not themselves
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(bool(value)).lower() if type(value).__name__ in ("bool", "bool_") else str(value)


def is_same_value(text: str, value: Any) -> bool:
    """Whether a cell says what stands there; spaces, and of dates and flags the wording, do not matter."""
    if isinstance(value, datetime) and value == value:
        moment = read_date(text).moment if text else None
        return moment is not None and moment == value
    told = format_cell_value(value)
    if told in ("true", "false"):
        return BOOLEAN_WORDS.get(text.lower()) is (told == "true")
    return text.split() == told.split()


def clip_value(text: object) -> str:
    """A value as a reason shows it: quoted, control characters written out, not too long."""
    told = format_cell_value(text)
    return repr(told if len(told) <= MAX_REASON_VALUE_CHARS else f"{told[:MAX_REASON_VALUE_CHARS - 1]}…")


# Form: what can be said of a row without its table --------------------------------------------------

def guess_target_kind(target_id: str) -> str:
    """What kind of thing an id is of, by its look; an article where it looks like nothing else.

    >>> guess_target_kind("cnn/1/q3-9"), guess_target_kind("PERSON:Ada Voss"), guess_target_kind("cnn/1/q3-9+fox/2/q1-8"), guess_target_kind("a/l4")
    ('quotation', 'entity', 'utterance', 'line')
    """
    if len(target_id) <= MAX_TARGET_ID_CHARS and UTTERANCE_ID_PATTERN.fullmatch(target_id):
        return "utterance"
    if found := SPAN_ID_PATTERN.fullmatch(target_id):
        return {"q": "quotation", "m": "mention"}[found["what"]]
    if LINE_ID_PATTERN.fullmatch(target_id):
        return "line"
    entity = ENTITY_ID_PATTERN.fullmatch(target_id)
    return "entity" if entity and entity["label"] in NAME_LABELS else "article"


def check_correction_form(row: Correction, what: str) -> None:
    """Refuse a row whose operation or field is none of those that its kind of target has.

    Raises
    ------
    Misfit
        If it is so.
    """
    if row.odd:
        raise Misfit(row.odd)
    if not 0 < len(row.target_id) <= MAX_TARGET_ID_CHARS:
        raise Misfit(f"expected a target_id of at most {MAX_TARGET_ID_CHARS:,} characters, found {len(row.target_id):,}")
    if row.operation not in CORRECTION_OPERATIONS:
        raise Misfit(f"expected an operation of {', '.join(CORRECTION_OPERATIONS)}, found {clip_value(row.operation)}")
    if row.operation not in OPERATIONS_BY_KIND[what]:
        raise Misfit(f"{_add_indefinite_article(what)} cannot be corrected by {row.operation}; expected {' or '.join(OPERATIONS_BY_KIND[what])}")
    fields = {"change": (*FIELD_READERS[what], ""), "add": ADDED_FIELDS_BY_KIND.get(what, ()), "remove": ("",),
              "merge": ("", "entity_id")}[row.operation]
    if row.field not in fields:
        named = ", ".join(filter(None, fields))
        raise Misfit(f"{row.operation} of {_add_indefinite_article(what)}: expected {f'a field of {named}' if named else 'no field'},"
                     f" found {clip_value(row.field)}")
    if row.operation == "change" and not row.field and row.old.split() != row.new.split():
        raise Misfit(f"expected the field that is changed, one of {', '.join(FIELD_READERS[what])}; found none")
    if row.operation == "remove" and row.new:
        raise Misfit(f"remove takes the whole row away: expected nothing in new, found {clip_value(row.new)}")


def find_misfit(row: Correction) -> str:
    """What is wrong with a row's form, as far as its file says; nothing if it may fit."""
    try:
        check_correction_form(row, guess_target_kind(row.target_id))
    except Misfit as misfit:
        return str(misfit)
    return ""


def _add_indefinite_article(what: str) -> str:
    return f"{'an' if what[0] in 'aeu' else 'a'} {what}"


# Fit: a row against what it is about ----------------------------------------------------------------

def fit_rows(rows: Iterable[Correction], targets: Mapping[str, Target], outcomes: dict[int, CorrectionOutcome], *,
             readers: Mapping[str, ValueReader], make: RowMaker | None = None) -> None:
    """Carry the rows out on their targets, in the order of the file, and say what became of each.

    Parameters
    ----------
    rows : those of one kind of target that nothing is known against so far
    targets : what they are about, by id
    outcomes : by line; filled here
    readers : how the new value of each field is read
    make : how a row that is added is made
    """
    carry_out = {"change": lambda *about: _apply_change(*about, readers), "remove": _apply_removal,
                 "merge": _apply_merge,
                 "add": lambda *about: _apply_addition(*about, make)}
    for row in rows:
        target = targets[row.target_id]
        try:
            outcomes[row.line] = carry_out[row.operation](row, target, outcomes)
        except Misfit as misfit:
            outcomes[row.line] = CorrectionOutcome("unfit", str(misfit))


def _require_target_row(target: Target) -> None:
    if target.now is None:
        raise Misfit(f"line {target.gone_by} {'merged' if target.merged_into else 'took'} it away" if target.gone_by
                     else target.missing or f"no {target.what} has this id here")


def _apply_addition(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome],
                    make: RowMaker) -> CorrectionOutcome:
    if target.now is not None:
        return CorrectionOutcome("repeated",
                                 f"line {target.added_by} added it already") if target.added_by else CorrectionOutcome(
            "checked", "it stands there already")
    if target.gone_by:
        raise Misfit(f"line {target.gone_by} took it away; expected that line to be taken back instead")
    target.now = make(row)
    target.derived, target.added_by = dict(target.now), row.line
    return CorrectionOutcome("added")


def _apply_removal(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome]) -> CorrectionOutcome:
    if target.now is None and target.gone_by:
        return CorrectionOutcome("repeated", f"line {target.gone_by} removed it already")
    _require_target_row(target)
    check_old_text(row.old, target)
    _supersede(row, target, outcomes)
    return CorrectionOutcome("superseded",
                             f"it takes line {target.added_by} back") if target.added_by else CorrectionOutcome("removed")


def _apply_merge(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome]) -> CorrectionOutcome:
    into = read_entity_id(row.new)
    if target.merged_into == into:
        return CorrectionOutcome("repeated", f"line {target.gone_by} says so already")
    _require_target_row(target)
    if row.old not in ("", row.target_id):
        check_old_text(row.old, target)
    _supersede(row, target, outcomes)
    target.merged_into = into
    return CorrectionOutcome("merged")


def _supersede(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome]) -> None:
    """Take the row away that a target has, and what earlier lines said of it."""
    for line in {*target.set_by.values(), target.added_by} - {0}:
        outcomes[line] = CorrectionOutcome("superseded", f"line {row.line} takes it away")
    target.now, target.gone_by, target.set_by = None, row.line, {}


def check_old_text(old: str, target: Target) -> None:
    """Refuse a row whose `old` is given and is not what stands there.

    Raises
    ------
    Misfit
        If it is so.
    """
    known_by = IDENTIFYING_FIELDS[target.what]
    if old and not is_same_value(old, target.now[known_by]):
        raise Misfit(f"expected in old the {known_by} as it stands there, {clip_value(target.now[known_by])};"
                     f" found {clip_value(old)}")


def _apply_change(row: Correction, target: Target, outcomes: dict[int, CorrectionOutcome],
                  readers: Mapping[str, ValueReader]) -> CorrectionOutcome:
    _require_target_row(target)
    if not row.field:
        check_old_text(row.old, target)
        if target.what == "quotation":
            target.now["confidence"] = 1.0
        return CorrectionOutcome("checked")
    values = readers[row.field](row.new, target)
    now, new, before = target.now[row.field], values[row.field], target.set_by.get(row.field, 0)
    if format_cell_value(now) == format_cell_value(new):
        if before and row.old != row.new:
            return CorrectionOutcome("repeated", f"line {before} says so already")
        return CorrectionOutcome("checked", "" if is_same_value(row.old, now) else "it stands there already")
    if not _matches_old_value(row, target):
        said = f", set by line {before}" if before else ""
        raise Misfit(f"{row.field} is {clip_value(now)} here{said}; expected that in old, found {clip_value(row.old)}")
    if before:
        outcomes[before] = CorrectionOutcome("superseded", f"line {row.line} says otherwise")
    target.now |= values
    target.set_by[row.field], target.said[row.field] = row.line, row.new
    is_back = target.found is not None and format_cell_value(target.found[row.field]) == format_cell_value(new)
    return CorrectionOutcome("checked", "as it was found") if is_back else CorrectionOutcome("changed")


def _matches_old_value(row: Correction, target: Target) -> bool:
    """Whether `old` is what stands there: as it was found, as other corrections left it, or as a line set it."""
    if row.field in target.set_by:
        return is_same_value(row.old, target.now[row.field]) or row.old == target.said[row.field]
    states = (state for state in (target.found, target.derived, target.now) if state)
    return any(is_same_value(row.old, state[row.field]) for state in states)
