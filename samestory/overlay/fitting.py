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

from samestory.corrections import OPERATIONS, Correction
from samestory.dates import read_date
from samestory.recognizers import NAME_LABELS
from samestory.schema import CUE_CLASSES, KINDS, ROLES

STORY = ("body", "headline")
RELATIONS = ("identical", "trimmed", "paraphrase")
KINDS_OF_TARGETS = ("article", "line", "quotation", "mention", "entity", "utterance")
ALLOWED = {"article": ("change",), "line": ("change",), "entity": ("change", "merge"),
           "utterance": ("change", "remove"), "mention": ("change", "remove", "add"),
           "quotation": ("change", "remove", "add")}
ADDED_AS = {"quotation": ("speaker_name", ""), "mention": ("entity_id", "label")}  # fields of an `add`
SPAN = re.compile(r"(?P<article_id>.*)/(?P<what>[qm])(?P<start>\d{1,9})-(?P<end>\d{1,9})", re.DOTALL)
PAIR = re.compile(r".*/q\d{1,9}-\d{1,9}\+.*/q\d{1,9}-\d{1,9}", re.DOTALL)
LONGEST_ID = 2_000  # characters of an id that is looked at
LINE = re.compile(r"(?P<article_id>.*)/l(?P<line>\d{1,9})", re.DOTALL)
ENTITY = re.compile(r"(?P<label>[A-Z][A-Z_]*):(?P<name>\S.*)", re.DOTALL)
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
TEXTS = {"article": "headline", "quotation": "text", "mention": "text", "entity": "name", "utterance": "relation",
         "line": "role"}  # what a whole row is known by
CLIP = 80  # characters of a value that a reason shows


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
class Outcome:
    """What became of a correction: changed, removed, added, merged, checked, superseded, repeated or unfit."""

    status: str
    reason: str = ""


Values = dict[str, Any]
Reader = Callable[[str, Target], Values]
Maker = Callable[[Correction], Values]


# Values: how a cell is read, and how a value is told ------------------------------------------------

def _read_choice(name: str, choices: Iterable[str]) -> Reader:
    def read(text: str, target: Target) -> Values:
        if text.lower() not in choices:
            raise Misfit(f"expected one of {', '.join(choices)}, found {clip(text)}")
        return {name: text.lower()}
    return read


def _read_flag(name: str) -> Reader:
    def read(text: str, target: Target) -> Values:
        if text.lower() not in TRUTHS:
            raise Misfit(f"expected true or false, found {clip(text)}")
        return {name: TRUTHS[text.lower()]}
    return read


def _read_text(name: str) -> Reader:
    return lambda text, target: {name: " ".join(text.split()) or None}


def _read_metadata(name: str) -> Reader:
    return lambda text, target: {name: text or None, f"{name}_from": "corrected" if text else "missing"}


def _read_date(name: str) -> Reader:
    short = name.removesuffix("_at")

    def read(text: str, target: Target) -> Values:
        reading = read_date(text) if text else None
        if reading and not reading.moment:
            raise Misfit(f"{reading.problem or 'expected a date'}; found {clip(text)}")
        values = {name: reading.moment if reading else None, f"{name}_from": "corrected" if reading else "missing",
                  f"{short}_precision": reading.precision if reading else None}
        return values | ({"published_raw": text or None} if name == "published_at" else {})
    return read


def _read_counted(text: str, target: Target) -> Values:
    values = _read_flag("counted")(text, target)
    if values["counted"] and not target.found["counted"]:
        raise Misfit("a repeat, or a text in another language, was not analysed and cannot be counted; say in"
                     " metadata.csv what it is")
    return values


def _read_role(text: str, target: Target) -> Values:
    values = _read_choice("role", ROLES)(text, target)
    was, role = target.found["role"], values["role"]
    if role in STORY and was != role:
        raise Misfit(f"a line that was read as {was} cannot become {role}: its words were not analysed so")
    return values | ({"paragraph": None} if role not in STORY else {"paragraph": target.found["paragraph"]})


def _read_name(text: str, target: Target) -> Values:
    if not text:
        raise Misfit("expected a name, found none")
    return {"name": " ".join(text.split())}


def _read_mention_label(text: str, target: Target) -> Values:
    label = read_label(text)
    known = ENTITY.fullmatch(target.now["entity_id"])
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
        raise Misfit(f"expected one of {', '.join(NAME_LABELS)}, found {clip(text)}")
    return text.upper()


def read_entity(text: str) -> str:
    """An entity's id, with its spaces plain; of an entity that is not there yet too.

    Raises
    ------
    Misfit
        If it is none.
    """
    found = ENTITY.fullmatch(text)
    if not found:
        raise Misfit(f"expected an entity_id such as PERSON:Ada Voss, found {clip(text)}")
    return f"{read_label(found['label'])}:{' '.join(found['name'].split())}"


READERS: dict[str, dict[str, Reader]] = {
    "article": {**{name: _read_metadata(name) for name in ("outlet", "headline", "byline", "section", "url", "event")},
                "published_at": _read_date("published_at"), "updated_at": _read_date("updated_at"),
                "counted": _read_counted},
    "line": {"role": _read_role},
    "quotation": {"speaker_name": _read_text("speaker_name"), "speaker_side": _read_text("speaker_side"),
                  "cue_class": _read_choice("cue_class", CUE_CLASSES), "kind": _read_choice("kind", KINDS),
                  "anonymous": _read_flag("anonymous")},
    "mention": {"entity_id": lambda text, target: {"entity_id": read_entity(text)}, "label": _read_mention_label},
    "entity": {"name": _read_name, "label": lambda text, target: {"label": read_label(text)}},
    "utterance": {"relation": _read_choice("relation", RELATIONS)},
}


def tell_value(value: Any) -> str:
    """A value as a cell of corrections.csv has it; nothing for what is missing."""
    if isinstance(value, str):
        return value
    if value is None or value != value:  # NaN and NaT are not themselves
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(bool(value)).lower() if type(value).__name__ in ("bool", "bool_") else str(value)


def is_same(text: str, value: Any) -> bool:
    """Whether a cell says what stands there; spaces, and of dates and flags the wording, do not matter."""
    if isinstance(value, datetime) and value == value:
        moment = read_date(text).moment if text else None
        return moment is not None and moment == value
    told = tell_value(value)
    if told in ("true", "false"):
        return TRUTHS.get(text.lower()) is (told == "true")
    return text.split() == told.split()


def clip(text: object) -> str:
    """A value as a reason shows it: quoted, control characters written out, not too long."""
    told = tell_value(text)
    return repr(told if len(told) <= CLIP else f"{told[:CLIP - 1]}…")


# Form: what can be said of a row without its table --------------------------------------------------

def guess_what(target_id: str) -> str:
    """What kind of thing an id is of, by its look; an article where it looks like nothing else.

    >>> guess_what("cnn/1/q3-9"), guess_what("PERSON:Ada Voss"), guess_what("cnn/1/q3-9+fox/2/q1-8"), guess_what("a/l4")
    ('quotation', 'entity', 'utterance', 'line')
    """
    if len(target_id) <= LONGEST_ID and PAIR.fullmatch(target_id):
        return "utterance"
    if found := SPAN.fullmatch(target_id):
        return {"q": "quotation", "m": "mention"}[found["what"]]
    if LINE.fullmatch(target_id):
        return "line"
    entity = ENTITY.fullmatch(target_id)
    return "entity" if entity and entity["label"] in NAME_LABELS else "article"


def check_form(row: Correction, what: str) -> None:
    """Refuse a row whose operation or field is none of those that its kind of target has.

    Raises
    ------
    Misfit
        If it is so.
    """
    if row.odd:
        raise Misfit(row.odd)
    if not 0 < len(row.target_id) <= LONGEST_ID:
        raise Misfit(f"expected a target_id of at most {LONGEST_ID:,} characters, found {len(row.target_id):,}")
    if row.operation not in OPERATIONS:
        raise Misfit(f"expected an operation of {', '.join(OPERATIONS)}, found {clip(row.operation)}")
    if row.operation not in ALLOWED[what]:
        raise Misfit(f"{_a(what)} cannot be corrected by {row.operation}; expected {' or '.join(ALLOWED[what])}")
    fields = {"change": (*READERS[what], ""), "add": ADDED_AS.get(what, ()), "remove": ("",),
              "merge": ("", "entity_id")}[row.operation]
    if row.field not in fields:
        named = ", ".join(filter(None, fields))
        raise Misfit(f"{row.operation} of {_a(what)}: expected {f'a field of {named}' if named else 'no field'},"
                     f" found {clip(row.field)}")
    if row.operation == "change" and not row.field and row.old.split() != row.new.split():
        raise Misfit(f"expected the field that is changed, one of {', '.join(READERS[what])}; found none")
    if row.operation == "remove" and row.new:
        raise Misfit(f"remove takes the whole row away: expected nothing in new, found {clip(row.new)}")


def find_misfit(row: Correction) -> str:
    """What is wrong with a row's form, as far as its file says; nothing if it may fit."""
    try:
        check_form(row, guess_what(row.target_id))
    except Misfit as misfit:
        return str(misfit)
    return ""


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeu' else 'a'} {what}"


# Fit: a row against what it is about ----------------------------------------------------------------

def fit_rows(rows: Iterable[Correction], targets: Mapping[str, Target], outcomes: dict[int, Outcome], *,
             readers: Mapping[str, Reader], make: Maker | None = None) -> None:
    """Carry the rows out on their targets, in the order of the file, and say what became of each.

    Parameters
    ----------
    rows : those of one kind of target that nothing is known against so far
    targets : what they are about, by id
    outcomes : by line; filled here
    readers : how the new value of each field is read
    make : how a row that is added is made
    """
    carry_out = {"change": lambda *about: _change(*about, readers), "remove": _remove, "merge": _merge,
                 "add": lambda *about: _add(*about, make)}
    for row in rows:
        target = targets[row.target_id]
        try:
            outcomes[row.line] = carry_out[row.operation](row, target, outcomes)
        except Misfit as misfit:
            outcomes[row.line] = Outcome("unfit", str(misfit))


def _expect_there(target: Target) -> None:
    if target.now is None:
        raise Misfit(f"line {target.gone_by} {'merged' if target.merged_into else 'took'} it away" if target.gone_by
                     else target.missing or f"no {target.what} has this id here")


def _add(row: Correction, target: Target, outcomes: dict[int, Outcome], make: Maker) -> Outcome:
    if target.now is not None:
        return Outcome("repeated", f"line {target.added_by} added it already") if target.added_by else Outcome(
            "checked", "it stands there already")
    if target.gone_by:
        raise Misfit(f"line {target.gone_by} took it away; expected that line to be taken back instead")
    target.now = make(row)
    target.derived, target.added_by = dict(target.now), row.line
    return Outcome("added")


def _remove(row: Correction, target: Target, outcomes: dict[int, Outcome]) -> Outcome:
    if target.now is None and target.gone_by:
        return Outcome("repeated", f"line {target.gone_by} removed it already")
    _expect_there(target)
    check_text(row.old, target)
    _supersede(row, target, outcomes)
    return Outcome("superseded", f"it takes line {target.added_by} back") if target.added_by else Outcome("removed")


def _merge(row: Correction, target: Target, outcomes: dict[int, Outcome]) -> Outcome:
    into = read_entity(row.new)
    if target.merged_into == into:
        return Outcome("repeated", f"line {target.gone_by} says so already")
    _expect_there(target)
    if row.old not in ("", row.target_id):
        check_text(row.old, target)
    _supersede(row, target, outcomes)
    target.merged_into = into
    return Outcome("merged")


def _supersede(row: Correction, target: Target, outcomes: dict[int, Outcome]) -> None:
    """Take the row away that a target has, and what earlier lines said of it."""
    for line in {*target.set_by.values(), target.added_by} - {0}:
        outcomes[line] = Outcome("superseded", f"line {row.line} takes it away")
    target.now, target.gone_by, target.set_by = None, row.line, {}


def check_text(old: str, target: Target) -> None:
    """Refuse a row whose `old` is given and is not what stands there.

    Raises
    ------
    Misfit
        If it is so.
    """
    known_by = TEXTS[target.what]
    if old and not is_same(old, target.now[known_by]):
        raise Misfit(f"expected in old the {known_by} as it stands there, {clip(target.now[known_by])};"
                     f" found {clip(old)}")


def _change(row: Correction, target: Target, outcomes: dict[int, Outcome], readers: Mapping[str, Reader]) -> Outcome:
    _expect_there(target)
    if not row.field:
        check_text(row.old, target)
        if target.what == "quotation":
            target.now["confidence"] = 1.0
        return Outcome("checked")
    values = readers[row.field](row.new, target)
    now, new, before = target.now[row.field], values[row.field], target.set_by.get(row.field, 0)
    if tell_value(now) == tell_value(new):
        if before and row.old != row.new:
            return Outcome("repeated", f"line {before} says so already")
        return Outcome("checked", "" if is_same(row.old, now) else "it stands there already")
    if not _fits_old(row, target):
        said = f", set by line {before}" if before else ""
        raise Misfit(f"{row.field} is {clip(now)} here{said}; expected that in old, found {clip(row.old)}")
    if before:
        outcomes[before] = Outcome("superseded", f"line {row.line} says otherwise")
    target.now |= values
    target.set_by[row.field], target.said[row.field] = row.line, row.new
    is_back = target.found is not None and tell_value(target.found[row.field]) == tell_value(new)
    return Outcome("checked", "as it was found") if is_back else Outcome("changed")


def _fits_old(row: Correction, target: Target) -> bool:
    """Whether `old` is what stands there: as it was found, as other corrections left it, or as a line set it."""
    if row.field in target.set_by:
        return is_same(row.old, target.now[row.field]) or row.old == target.said[row.field]
    states = (state for state in (target.found, target.derived, target.now) if state)
    return any(is_same(row.old, state[row.field]) for state in states)
