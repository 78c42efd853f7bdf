"""Facts: groups of statements of several outlets that say the same, and statements that only one outlet has.

Sure pairs join statements, best first; a group grows only where most of its statements match the new ones too, so that
a chain of pairs does not join what is different. "No counterpart" is said only of a statement without a likely match.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

FACT_RELATIONS = ("shared", "differs", "one_outlet")
SAME_STATUSES = ("sure", "confirmed")  # of pairs that are said to say the same
MAX_FACT_STATEMENTS = 24
MIN_NEAR_SCORE = 0.35
MIN_JOINED_SHARE = 0.5  # of the pairs between two groups that must be confirmed or have that score


def group_facts(pairs: Sequence[Mapping[str, Any]], places: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the table `facts`.

    Parameters
    ----------
    pairs : rows of the table `pairs`
    places : for each statement its event_id, outlet, not_in (outlets without a counterpart), novelty and is_lone
    """
    kept = [pair for pair in pairs if pair["status"] != "refused"]
    sure = sorted((pair for pair in kept if pair["status"] in SAME_STATUSES),
                  key=lambda pair: (pair["status"] != "confirmed", -pair["score"], pair["pair_id"]))
    outlets = {name: place["outlet"] for name, place in places.items()}
    groups = _join_statements([(pair["statement_a"], pair["statement_b"]) for pair in sure],
                              {frozenset((pair["statement_a"], pair["statement_b"])) for pair in kept
                               if pair["score"] >= MIN_NEAR_SCORE or pair["status"] == "confirmed"}, outlets)
    group_of = {name: number for number, group in enumerate(groups) for name in group}
    inside: list[list[Mapping[str, Any]]] = [[] for _ in groups]
    for pair in sure:
        number = group_of.get(pair["statement_a"])
        if number is not None and number == group_of.get(pair["statement_b"]):
            inside[number].append(pair)
    shared = [_make_fact(group, places, found) for group, found in zip(groups, inside, strict=True)]
    return shared + [_make_fact([name], places, ()) for name, place in places.items()
                     if place["is_lone"] and name not in group_of]


def _join_statements(sure: Iterable[tuple[str, str]], near: set[frozenset[str]],
                     outlets: Mapping[str, str]) -> list[list[str]]:
    """Groups of statements that say the same, each in the order in which it was joined.

    Parameters
    ----------
    sure : pairs that say the same, best first
    near : pairs that say the same or are likely to
    outlets : the outlet of each statement

    >>> near = {frozenset("ac"), frozenset("bc")}
    >>> _join_statements(["ac", "bc"], near, {"a": "X", "b": "X", "c": "Y"})
    [['a', 'c', 'b']]
    """
    group_of: dict[str, list[str]] = {}
    for a, b in sure:
        ours, theirs = group_of.setdefault(a, [a]), group_of.setdefault(b, [b])
        if ours is theirs or len(ours) + len(theirs) > MAX_FACT_STATEMENTS:
            continue
        apart = [frozenset(pair) for pair in product(ours, theirs) if outlets[pair[0]] != outlets[pair[1]]]
        if sum(pair in near for pair in apart) >= MIN_JOINED_SHARE * len(apart):
            ours, theirs = (ours, theirs) if len(ours) >= len(theirs) else (theirs, ours)
            ours += theirs
            group_of.update(dict.fromkeys(theirs, ours))
    groups = {id(group): group for group in group_of.values()}
    return [group for group in groups.values() if len({outlets[name] for name in group}) > 1]


def _make_fact(names: Sequence[str], places: Mapping[str, Mapping[str, Any]],
               pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One row of the table `facts`."""
    names = sorted(names)
    own = [places[name] for name in names]
    told_by = sorted({place["outlet"] for place in own})
    differs = sorted({kind for pair in pairs for kind in pair["differs"]})
    absent = set.intersection(*(set(place["not_in"]) for place in own))
    relation = "one_outlet" if len(told_by) == 1 else "differs" if differs else "shared"
    return {"fact_id": f"{names[0]}/f", "event_id": own[0]["event_id"], "relation": relation, "statement_ids": names,
            "outlets": told_by, "not_in": sorted(absent), "differs": differs,
            "check": any(pair["check"] for pair in pairs),
            "novelty": min(place["novelty"] for place in own) if len(told_by) == 1 else None}
