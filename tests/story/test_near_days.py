"""Two outlets give one act near days."""

import numpy as np
import pandas as pd
import pytest

from samestory.story.near_days import find_near_days, find_said_days, list_dated_acts

ONE_DAY = np.array([1.5e9, 1.5e9])


def make_acts(*rows: tuple[int, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(statement, verb, frozenset(nouns.split()), day) for statement, verb, nouns, day in rows],
                        columns=["statement", "verb", "nouns", "day"])


@pytest.mark.parametrize(("other", "published", "found"), [
    (("pass", "senate bill", "2018-09-19"), ONE_DAY, True),
    (("pass", "senate bill", "2018-09-18"), ONE_DAY, False),  # the same day
    (("pass", "senate bill", "2018-09-28"), ONE_DAY, False),  # far apart
    (("pass", "house", "2018-09-19"), ONE_DAY, False),  # nothing shared
    (("warn", "senate bill", "2018-09-19"), ONE_DAY, False),
    (("pass", "senate bill", "2018-09-19"), ONE_DAY * [1, 2], False),
    (("pass", "senate bill", "2018-09-19"), ONE_DAY * [1, np.nan], False),
])
def test_near_days_of_one_act_are_found(other, published, found):
    acts = make_acts((0, "pass", "senate plan", "2018-09-18"), (1, *other))
    assert find_near_days(acts, np.array([0, 1]), published) == ({(0, 1)} if found else set())


def test_a_day_that_the_other_outlet_has_too_is_another_act():
    acts = make_acts((0, "vote", "senate", "2018-09-18"), (1, "vote", "senate", "2018-09-19"),
                     (2, "vote", "senate", "2018-09-18"))
    assert find_near_days(acts, np.array([0, 1, 1]), np.repeat(ONE_DAY[:1], 3)) == set()


def test_an_act_is_the_nearest_verb_before_a_day_else_the_first_after_it():
    statements = pd.DataFrame({"article_id": ["a", "a"], "start": [0, 50], "end": [49, 99]})
    tokens = pd.DataFrame([("a", 0, "plan", "NOUN"), ("a", 5, "pass", "VERB"), ("a", 12, "Senate", "PROPN"),
                           ("a", 22, "Tuesday", "PROPN"), ("a", 50, "Wednesday", "PROPN"), ("a", 62, "House", "PROPN"),
                           ("a", 68, "vote", "VERB")], columns=["article_id", "start", "lemma", "pos"])
    values = pd.DataFrame([("a", 22, "date", "2018-09-18"), ("a", 50, "date", "2018-09-19"), ("a", 62, "number", None)],
                          columns=["article_id", "start", "kind", "date"])
    mentions = pd.DataFrame({"article_id": ["a"], "start": [12], "end": [18]})
    found = list_dated_acts(statements, tokens, mentions, values)
    assert found[["statement", "verb", "day"]].values.tolist() == [[0, "pass", "2018-09-18"], [1, "vote", "2018-09-19"]]
    assert found["nouns"][0] == {"plan", "senate", "tuesday"}


@pytest.mark.parametrize(("verb", "speaker", "people", "found"), [
    ("say", None, {"boehner"}, True),
    ("lose", "PERSON:John Boehner", {"boehner"}, True),
    ("lose", None, {"boehner"}, False),  # nothing is said
    ("say", None, {"rother"}, False),
])
def test_what_one_person_says_may_have_near_days(verb, speaker, people, found):
    acts = make_acts((0, "say", "chance", "2012-04-23"), (1, verb, "majority", "2012-04-24"))
    both = [frozenset({"boehner"}), frozenset(people)]
    assert find_said_days(acts, np.array([0, 1]), ONE_DAY, [None, speaker], both) == ({(0, 1)} if found else set())


def test_a_day_that_the_other_outlet_has_for_anything_is_no_day_of_the_saying():
    acts = make_acts((0, "say", "", "2012-04-23"), (1, "say", "", "2012-04-24"), (2, "vote", "", "2012-04-23"))
    people = [frozenset({"boehner"})] * 3
    assert find_said_days(acts, np.array([0, 1, 1]), np.repeat(ONE_DAY[:1], 3), [None] * 3, people) == set()
