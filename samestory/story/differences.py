"""Differences between two statements that say the same: other value, day, negation, modality, speaker, label, actor or
words in a quotation.

Whether both can hold as said is judged in `contradictions`, which outlet is right never. An approximate value that fits
an exact one is no difference; another day and "not" are one if they are of one act, another speaker if both have one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from samestory.base.language import WordList
from samestory.story.other_words import QuotedRun, quote_other_words

DIFFERENCE_KINDS = ("value", "day", "negation", "modality", "speaker", "label", "actor", "quotation")
MIN_SAME_PREDICATE_MATCH = 0.3  # of two verbs by which something is claimed of the same act
MAX_VALUE_RATIO = 2.0  # of two values of one thing
MAX_ROUNDING_SHARE = 0.0  # by which exact values may be apart
MAX_APPROXIMATE_SHARE = 0.15  # by which a value may be apart from one that is said to be approximate
FUTURE_MODAL_WORDS, DOUBT_MODAL_WORDS = WordList("future_modals"), WordList("possibility_modals")
PLAIN_VERBS = WordList("light_verbs")
SAYING_VERBS = WordList("plain_saying_verbs")
LEAST_WORDS, MOST_WORDS = ("more than", "at least"), ("less than", "at most", "nearly")


@dataclass(frozen=True)
class ComparedStatement:
    """A statement with what is needed to compare it: the names, values and actor in it."""

    row: dict[str, Any]
    speaker: str | None = None
    values: Sequence[dict[str, Any]] = ()
    actors: frozenset[str] = frozenset()  # entities named in the actor
    sole_actors: frozenset[tuple[str, str]] = frozenset()  # label and last name of the entity that is the actor
    actor_words: frozenset[str] = frozenset()  # content words of the actor, in lower case
    objects: frozenset[str] = frozenset()  # content words of the object, in lower case
    places: frozenset[str] = frozenset()  # entities that are places
    names: frozenset[str] = frozenset()  # all entities
    quoted: Sequence[QuotedRun] = ()


def list_differences(a: ComparedStatement, b: ComparedStatement, match_words: Callable[[str, str], float], *,
                     synonyms: bool = False, has_near_day: bool = False, is_denial: bool = False) -> list[str]:
    """The kinds of difference between two statements.

    Parameters
    ----------
    a, b : statements of two outlets that say the same
    match_words : how well two words match, 0 to 1
    synonyms : whether they match by different words for one thing
    has_near_day : whether they give one act different days
    is_denial : whether one denies what the other claims
    """
    is_one_act = is_same_act(a.row["predicate"], b.row["predicate"], match_words)
    found = {
        "value": has_other_value(a.values, b.values),
        "day": has_near_day or (_has_other_day(a.values, b.values) and is_one_act),
        "negation": is_denial or (bool(a.row["negated"]) != bool(b.row["negated"])
                                  and (is_one_act or _is_of_one_object(a, b))),
        "modality": classify_modal(a.row["modal"]) != classify_modal(b.row["modal"]),
        "speaker": bool(a.speaker and b.speaker) and a.speaker != b.speaker,
        "label": synonyms or _has_other_label(a.row["predicate"], b.row["predicate"]),
        "actor": is_one_act and bool(a.actors and b.actors) and not a.actors & b.names and not b.actors & a.names,
        "quotation": quote_other_words(a.quoted, b.quoted),
    }
    return [kind for kind in DIFFERENCE_KINDS if found[kind]]


def _is_of_one_object(a: ComparedStatement, b: ComparedStatement) -> bool:
    """Whether two statements have an object in common, by verbs that say little without it: `has doubts`."""
    return {a.row["predicate"], b.row["predicate"]} <= {*PLAIN_VERBS} and bool(a.objects & b.objects)


def is_same_act(a: str | None, b: str | None, match_words: Callable[[str, str], float]) -> bool:
    """Whether two predicates are one verb, or verbs alike."""
    if not a or not b:
        return False
    return a == b or match_words(a.split()[0], b.split()[0]) >= MIN_SAME_PREDICATE_MATCH


def classify_modal(word: str | None) -> str:
    """How a claim is made: `done`, `planned`, `possible` or `reported`.

    >>> classify_modal("will"), classify_modal("may"), classify_modal(None), classify_modal("reportedly")
    ('planned', 'possible', 'done', 'reported')
    """
    if not word:
        return "done"
    if word in DOUBT_MODAL_WORDS:
        return "possible"
    return "planned" if word in FUTURE_MODAL_WORDS or word == "would" else "reported"


def _has_other_label(a: str | None, b: str | None) -> bool:
    """Whether two outlets call an act by different verbs that say something."""
    return bool(a and b) and a != b and not {a, b} & {*PLAIN_VERBS, *SAYING_VERBS}


def has_other_value(a: Sequence[dict[str, Any]], b: Sequence[dict[str, Any]]) -> bool:
    """Whether a thing that both count has no value in one that fits any value in the other."""
    ours, theirs = group_values(a), group_values(b)
    return any(not any(fits(x, y) for x in ours[key] for y in theirs[key])
               and any(_is_comparable_size(x, y) for x in ours[key] for y in theirs[key])
               for key in ours.keys() & theirs.keys())


def _is_comparable_size(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two values may be of one thing: neither is a multiple of the other."""
    low, high = sorted((abs(a["value"]), abs(b["value"])))
    return bool(high <= MAX_VALUE_RATIO * low)


def group_values(values: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Values by what they are of: kind, unit, and what is counted; a bare number of nothing is left out."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for value in values:
        unit, counted = value["unit"] or "", value["counted"] or ""
        is_comparable = value["value"] is not None and value["kind"] not in ("date", "time", "ordinal", "score")
        if is_comparable and (counted or unit):
            key = (value["kind"], unit, "" if unit else counted)
            groups.setdefault(key, []).append(value)
    return groups


def fits(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two values may be one: ranges that meet, as wide as their approximation allows.

    >>> about, exact = {"value": 24, "approximation": "nearly"}, {"value": 22, "approximation": None}
    >>> fits(about, exact), fits({"value": 30, "approximation": None}, exact)
    (True, False)
    """
    (low_a, high_a), (low_b, high_b) = _widen_value(a), _widen_value(b)
    return low_a <= high_b and low_b <= high_a


def _widen_value(value: dict[str, Any]) -> tuple[float, float]:
    """The lowest and highest value that is meant."""
    low = float(value["value"])
    high = float(value.get("value_to") or low)
    low, high = min(low, high), max(low, high)
    how = value["approximation"]
    if how in LEAST_WORDS:
        return low, high * 1.5
    if how in MOST_WORDS:
        return low * (1 - 2 * MAX_APPROXIMATE_SHARE), high
    if how == "several":
        return low, high * 4
    share = MAX_APPROXIMATE_SHARE if how else MAX_ROUNDING_SHARE
    return low * (1 - share), high * (1 + share)


def _has_other_day(a: Sequence[dict[str, Any]], b: Sequence[dict[str, Any]]) -> bool:
    """Whether both give one day, and another."""
    ours, theirs = list_days(a), list_days(b)
    return len(ours) == len(theirs) == 1 and ours != theirs


def list_days(values: Sequence[dict[str, Any]]) -> set[str]:
    """The days that are given to the day."""
    return {value["date"][:10] for value in values
            if value["kind"] == "date" and value["date"] and len(value["date"]) >= 10 and "X" not in value["date"]
            and "/" not in value["date"]}
