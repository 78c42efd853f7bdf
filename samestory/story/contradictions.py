"""Contradictions: whether two statements that say the same, but for a difference, cannot both hold as said.

A difference alone is none: polls have other numbers, articles other days, two sentences about one person other verbs.
So both must make one claim: with verbs alike, and neither actors nor objects that have no word in common. One remark
that is quoted in other words is always one: one of the quotations is wrong.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from samestory.base.language import WordList
from samestory.story.differences import ComparedStatement, group_values, has_other_value, is_same_act, list_days

GENERAL_VALUE_KINDS = ("money", "percentage", "duration")
LISTED_VALUE_KINDS = ("number", "percentage")  # of which a statement may have several: "46 to 44 percent"
GENERAL_COUNTED_NOUNS = WordList("general_counted_nouns")
UNCOMPARED_COUNTED_NOUNS = WordList("uncompared_counted_nouns")  # of polls
LIGHT_VERBS = WordList("light_verbs")  # which say little without their object
MAX_DAYS_APART = 3  # between two days of one act


def is_contradiction(a: ComparedStatement, b: ComparedStatement, kinds: Collection[str],
                     match_words: Callable[[str, str], float]) -> bool:
    """Whether both statements cannot hold.

    Parameters
    ----------
    a, b : statements of two outlets that say the same
    kinds : in what they differ
    match_words : how well two words match, 0 to 1
    """
    same_object = bool((a.objects & b.objects) - UNCOMPARED_COUNTED_NOUNS.words)
    is_light = {a.row["predicate"], b.row["predicate"]} <= {*LIGHT_VERBS}
    same_claim = same_object if is_light else (
        is_same_act(a.row["predicate"], b.row["predicate"], match_words) and not _is_apart(a.objects, b.objects)
        and not _is_apart(a.actor_words, b.actor_words))
    return ("quotation" in kinds or ("value" in kinds and _gives_other_value(a, b, is_same_thing=same_object))
            or ("day" in kinds and same_claim and "modality" not in kinds and _gives_near_day(a, b))
            or ("actor" in kinds and same_object and _has_other_actor(a.sole_actors, b.sole_actors))
            or ("negation" in kinds and same_claim and "modality" not in kinds
                and not (a.speaker and a.speaker == b.speaker)))


def _is_apart(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two parts of claims are known and have no word in common."""
    return bool(a and b) and not a & b


def _gives_other_value(a: ComparedStatement, b: ComparedStatement, *, is_same_thing: bool) -> bool:
    """Whether two statements, not about different places, give one thing another value."""
    if _is_apart(a.places, b.places):
        return False
    ours, theirs = (_keep_compared_values(statement.values, with_general=is_same_thing) for statement in (a, b))
    return has_other_value(ours, theirs)


def _keep_compared_values(values: Sequence[dict[str, Any]], *, with_general: bool) -> list[dict[str, Any]]:
    """The values of things that have one: many things in an event cost dollars, last days or befall people."""
    found = []
    for group in group_values(values).values():
        first = group[0]
        is_listed = first["kind"] in LISTED_VALUE_KINDS and len(group) > 1
        is_general = first["kind"] in GENERAL_VALUE_KINDS or first["counted"] in GENERAL_COUNTED_NOUNS
        if not is_listed and first["counted"] not in UNCOMPARED_COUNTED_NOUNS and (with_general or not is_general):
            found += group
    return found


def _gives_near_day(a: ComparedStatement, b: ComparedStatement) -> bool:
    """Whether two statements of the outlets themselves give days that may be of one act."""
    (ours, *_), (theirs, *_) = sorted(list_days(a.values)), sorted(list_days(b.values))
    apart = abs((date.fromisoformat(ours) - date.fromisoformat(theirs)).days)
    return not a.speaker and not b.speaker and apart <= MAX_DAYS_APART


def _has_other_actor(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> bool:
    """Whether two acts have other actors of one kind: a person and a body may be the same in other words."""
    return not a & b and bool({label for label, _ in a} & {label for label, _ in b})
