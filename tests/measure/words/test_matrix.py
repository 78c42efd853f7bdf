"""The matrix of articles by terms: sums, order, and the terms left when articles are chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.measure.words.matrix import build_matrix, stack_cells
from tests.measure.words.test_divergence import make_counts

MATRIX = build_matrix(make_counts([("B", {"y": 2, "x": 1}), ("A", {"z": 4}), ("B", {"z": 1, "x": 3})]))


def test_articles_and_terms_are_in_alphabetical_order():
    assert list(MATRIX.article_ids) == ["A/1", "B/0", "B/2"] and MATRIX.outlets.tolist() == ["A", "B", "B"]
    assert list(MATRIX.terms) == ["x", "y", "z"]
    assert MATRIX.frequencies.toarray().tolist() == [[0, 0, 4], [1, 2, 0], [3, 0, 1]]


def test_words_and_totals_are_sums():
    assert MATRIX.words.tolist() == [4, 3, 4] and MATRIX.totals.tolist() == [4, 2, 5]
    assert MATRIX.columns.tolist() == [0, 0, 1, 2, 2]


def test_chosen_articles_keep_the_terms_that_they_have():
    part = MATRIX.choose(MATRIX.outlets == "B")
    assert part.frequencies.toarray().tolist() == [[1, 2, 0], [3, 0, 1]] and part.outlets.tolist() == ["B", "B"]
    one = MATRIX.choose(MATRIX.outlets == "A")
    assert list(one.terms) == ["z"] and list(one.article_ids) == ["A/1"] and one.totals.tolist() == [4]
    assert MATRIX.choose(np.ones(3, dtype=bool)) is MATRIX


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=30))
def test_places_are_counted_in_any_order(places):
    articles, terms = np.array(places, dtype=int).reshape(-1, 2).T
    plain = np.zeros((4, 5))
    np.add.at(plain, (articles, terms), 1)
    for n in (None, np.ones(len(places))):
        found = stack_cells(articles, terms, ["A"] * 4, list("abcde"), n=n)
        assert found.frequencies.toarray().tolist() == plain.tolist() and list(found.article_ids) == [0, 1, 2, 3]


def test_numbers_of_a_place_are_added_up():
    found = stack_cells([0, 1, 0], [1, 0, 1], ["A", "B"], ["x", "y"], n=[2, 3, 4], article_ids=["p", "q"])
    assert found.frequencies.toarray().tolist() == [[0, 6], [3, 0]] and list(found.article_ids) == ["p", "q"]


@pytest.mark.parametrize("n", [None, []])
def test_nothing_makes_an_empty_matrix(n):
    none = np.empty(0, dtype=np.int64)
    assert stack_cells(none, none, [], [], n=n).frequencies.shape == (0, 0)
