"""Groups of articles by shared terms and days."""

import numpy as np
import pytest

from samestory.link import article_groups
from samestory.link.article_groups import MAX_LINKED_ARTICLES, group_articles, number_by_first, weigh_days


def group(words, days=None):
    """The groups of articles that have these words, all of one weight."""
    rows = np.array([i for i, found in enumerate(words) for _ in found], np.int64)
    terms = np.array([ord(word) for found in words for word in found], np.uint64)
    days = np.full(len(words), 1.0) if days is None else np.array(days, float)
    sizes = np.array([max(len(words[row]), 1) for row in rows], float)
    return group_articles(rows, terms, 1 / np.sqrt(sizes), days).tolist()


def test_articles_with_shared_terms_are_one_event_and_others_their_own():
    assert group(["abc", "xyz", "abd", "q", ""]) == [0, 1, 0, 2, 3]


def test_days_apart_are_different_events_unless_one_is_unknown_or_a_year_off():
    words = ["abc"] * 10  # more than SMALL_CORPUS_ARTICLES
    assert len(set(group(words, [1, 2, 3, 1, 2, 60, 61, 60, 61, 62]))) == 2
    assert len(set(group(words, [1, 2, np.nan, 366, 2, 1, 1, 1, 1, 1]))) == 1


@pytest.mark.parametrize(("gap", "factor"), [(0, 1), (4, 1), (5, 0), (365, 0.7), (366, 0.7), (367, 0), (363, 0),
                                            (300, 0), (731, 0)])
def test_only_days_in_the_window_or_a_year_apart_count(gap, factor):
    assert weigh_days(np.array([0.0]), np.array([float(gap)])).tolist() == [factor]


def test_a_component_that_is_too_large_is_cut_at_its_weakest_pairs(monkeypatch):
    monkeypatch.setattr(article_groups, "MAX_LINKED_ARTICLES", 4)
    chain = ["abcd", "bcde", "cdef", "defg", "ijkl", "jklm", "klmn", "lmni", "gi"]
    found = group(chain)
    assert len(found) == len(chain) and found[0] != found[5]
    pairs = ["abcd", "dcef", "efgh", "ghij"]
    assert group([*pairs, *"opqrst"])[:4] == [0, 0, 1, 1]  # just as many as are linked
    assert group(pairs) == [0, 0, 0, 0]  # a small corpus needs less in common
    assert len(set(group(["abc"] * 9))) == 1  # copies, which nothing can cut
    assert MAX_LINKED_ARTICLES > 4


def test_groups_are_numbered_by_their_first_article():
    assert number_by_first(np.array([9, 9, 2, 5, 2])).tolist() == [0, 0, 1, 2, 1]
