"""Differences between two statements, and whether both can hold, as cases."""

from dataclasses import replace

import pytest

from samestory.story.contradictions import is_contradiction
from samestory.story.differences import ComparedStatement, list_differences

VALUE = {"kind": "number", "value": 30.0, "value_to": None, "unit": None, "date": None, "counted": "protester",
         "approximation": None}
DAY = VALUE | {"kind": "date", "value": None, "counted": None, "date": "2026-11-25"}
DOLLARS = VALUE | {"kind": "money", "unit": "USD", "counted": None, "value": 855.0}
LEE, RAY = ("PERSON", "lee"), ("PERSON", "ray")
CASES = [
    ({}, {}, [], False),
    ({"values": [VALUE]}, {"values": [VALUE | {"value": 20.0}]}, ["value"], True),
    ({"values": [VALUE]}, {"values": [VALUE | {"value": 28.0, "approximation": "about"}]}, [], False),
    ({"values": [VALUE]}, {"values": [VALUE | {"value": 20.0, "approximation": "more than"}]}, [], False),
    ({"values": [VALUE]}, {"values": [VALUE | {"value": 20.0, "counted": "officer"}]}, [], False),
    ({"values": [DOLLARS]}, {"values": [DOLLARS | {"value": 850.0}]}, ["value"], False),
    ({"values": [DOLLARS], "objects": {"bill"}}, {"values": [DOLLARS | {"value": 850.0}], "objects": {"bill"}},
     ["value"], True),
    ({"values": [VALUE], "places": {"GPE:Rome"}}, {"values": [VALUE | {"value": 20.0}], "places": {"GPE:Oslo"}},
     ["value"], False),
    ({"values": [VALUE, VALUE | {"value": 50.0}]}, {"values": [VALUE | {"value": 20.0}]}, ["value"], False),
    ({"values": [DOLLARS]}, {"values": [DOLLARS | {"value": 5.0}]}, [], False),
    ({"values": [DAY]}, {"values": [DAY | {"date": "2026-11-26"}]}, ["day"], True),
    ({"values": [DAY]}, {"values": [DAY | {"date": "2026-12-25"}]}, ["day"], False),
    ({"values": [DAY], "speaker": "A"}, {"values": [DAY | {"date": "2026-11-26"}], "speaker": "A"}, ["day"], False),
    ({"values": [DAY]}, {"values": [DAY | {"date": "2026-11"}]}, [], False),
    ({"values": [DAY], "predicate": "sing"}, {"values": [DAY | {"date": "2026-11-26"}]}, ["label"], False),
    ({"values": [VALUE | {"counted": "people"}], "predicate": "meet"},
     {"values": [VALUE | {"counted": "people", "value": 21.0}], "predicate": "storm"}, ["value", "label"], False),
    ({"negated": True}, {}, ["negation"], True),
    ({"negated": True, "predicate": "be", "objects": {"part"}}, {"predicate": "be", "objects": {"legitimate"}},
     ["negation"], False),
    ({"negated": True, "modal": "will"}, {}, ["negation", "modality"], False),
    ({"negated": True, "speaker": "A"}, {"speaker": "A"}, ["negation"], False),
    ({"negated": True, "predicate": "name", "objects": {"man"}}, {"predicate": "film", "objects": {"man"}},
     ["label"], False),
    ({"negated": True, "predicate": "have", "objects": {"bill"}}, {"predicate": "show", "objects": {"bill"}},
     ["negation"], True),
    ({"modal": "may"}, {"modal": "will"}, ["modality"], False),
    ({"speaker": "A"}, {"speaker": "B"}, ["speaker"], False),
    ({"speaker": "A"}, {}, [], False),
    ({"predicate": "storm"}, {"predicate": "disrupt"}, ["label"], False),
    ({"predicate": "be"}, {"predicate": "disrupt"}, [], False),
    ({"actors": {LEE}}, {"actors": {RAY}}, ["actor"], False),
    ({"actors": {LEE}, "objects": {"vote"}}, {"actors": {RAY}, "objects": {"vote"}}, ["actor"], True),
    ({"actors": {LEE}, "objects": {"vote"}}, {"actors": {("GPE", "rome")}, "objects": {"vote"}}, ["actor"], False),
]


def make_statement(*, speaker=None, values=(), actors=(), objects=(), places=(), actor_words=(),
                   **row) -> ComparedStatement:
    return ComparedStatement(
        {"predicate": "sign", "negated": False, "modal": None} | row, speaker, values, frozenset(map(str, actors)),
        frozenset(actors), frozenset(actor_words), frozenset(objects), frozenset(places))


@pytest.mark.parametrize(("one", "other", "kinds", "check"), CASES)
def test_kinds_of_difference(one, other, kinds, check):
    for a, b in ((one, other), (other, one)):
        ours, theirs = make_statement(**a), make_statement(**b)
        assert list_differences(ours, theirs, lambda x, y: float(x == y)) == kinds
        assert is_contradiction(ours, theirs, kinds, lambda x, y: float(x == y)) == check


def test_who_is_named_in_both_is_no_other_actor():
    one, other = make_statement(actors={LEE}), replace(make_statement(actors={RAY}), names=frozenset({str(LEE)}))
    assert list_differences(one, other, lambda x, y: 1.0) == []


def test_synonyms_are_other_labels():
    claim = make_statement()
    assert list_differences(claim, claim, lambda x, y: 1.0, synonyms=True) == ["label"]


def test_a_denial_by_somebody_else_is_no_contradiction():
    one, other = (make_statement(negated=is_negated, actor_words={name}) for is_negated, name in ((True, "lee"),
                                                                                                (False, "ray")))
    assert not is_contradiction(one, other, ["negation"], lambda x, y: 1.0)
