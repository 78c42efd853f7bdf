import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.measure.support import judge_event_support, judge_support, smallest_p


@pytest.mark.parametrize(("n_target", "n_reference", "level"), [
    (0, 0, "describe"), (1, 1, "describe"), (4, 400, "describe"), (5, 5, "few"), (19, 400, "few"),
    (20, 20, "test"), (400, 20, "test")])
def test_the_smaller_side_decides(n_target, n_reference, level):
    assert judge_support(n_target, n_reference).level == level
    assert judge_support(n_reference, n_target).level == level


def test_only_enough_articles_are_tested():
    assert not judge_support(4, 4).tested and judge_support(5, 5).tested


def test_the_sentence_gives_the_number_of_articles():
    assert judge_support(1, 1).sentence.startswith("With 1 article against 1, ")
    assert "0.0079" in judge_support(5, 5).sentence


def test_negative_numbers_of_articles_are_refused():
    with pytest.raises(ValueError, match="-1 and 3"):
        judge_support(-1, 3)


@given(st.integers(0, 60), st.integers(0, 60))
def test_smallest_p_counts_the_permutations(n_target, n_reference):
    p = smallest_p(n_target, n_reference)
    assert p == smallest_p(n_reference, n_target) and 0 < p <= 1
    divisions = math.comb(n_target + n_reference, n_target)
    assert p == 1 or math.isclose(p * divisions, 2 if n_target == n_reference else 1)


def test_the_smallest_p_is_given_as_long_as_it_is_representable():
    assert smallest_p(515, 515) > 0 == smallest_p(516, 516)
    assert smallest_p(516, 515) > 0 and smallest_p(516, 600) == 0


@pytest.mark.parametrize(("n_target", "n_reference"), [(0, 0), (-1, 0), (0, -1)])
def test_zero_articles_are_allowed(n_target, n_reference):
    if n_target or n_reference:
        with pytest.raises(ValueError, match=f"{n_target} and {n_reference}"):
            judge_support(n_target, n_reference)
    else:
        assert judge_support(n_target, n_reference).smallest_p == 1


@pytest.mark.parametrize(("n", "said"), [(0, "With 0 articles "), (1, "With 1 article "), (2, "With 2 articles ")])
def test_the_sentence_counts_articles(n, said):
    assert judge_support(n, 9).sentence.startswith(said)


@pytest.mark.parametrize(("n", "said"), [(1, " 1 event that"), (2, " 2 events that")])
def test_the_sentence_counts_events(n, said):
    assert said in judge_event_support([1] * n, [2] * n).sentence
