"""Groups of articles by shared terms and days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

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


def test_many_articles_of_few_terms_are_compared_in_blocks(monkeypatch):
    monkeypatch.setattr(article_groups, "COMPARED_BLOCK_ARTICLES", 2)
    assert group(["ab", "cd"] * 6) == [0, 1] * 6


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


def group_naively(vectors, days, least, window):
    """The same, from all pairs at once: cosines, days, average linkage."""
    gap = np.abs(days[:, None] - days[None, :])
    factor = np.where(np.isnan(gap) | (np.abs(gap - 365.25) <= 1), 0.7, gap <= window)
    cosines = vectors @ vectors.T
    similarity = np.where((cosines >= least / 2) & (cosines * factor >= least / 2), cosines * factor, 0)
    distances = (1 - np.minimum(similarity, 1))[np.triu_indices(len(days), 1)]
    return number_by_first(fcluster(linkage(distances, "average"), 1 - least, "distance")).tolist()


@pytest.mark.slow
@given(st.integers(2, 14), st.integers(0, 10**6))
def test_groups_are_those_of_all_pairs(n, seed):
    generator = np.random.default_rng(seed)
    vectors = generator.random((n, 12)) * (generator.random((n, 12)) < 0.25)
    vectors /= np.maximum(np.sqrt((vectors**2).sum(axis=1)), 1e-9)[:, None]
    days = generator.choice([1.0, 3, 5, 6, 9, 14, 15, 16, 366, 367, 369, np.nan], n)
    rows, terms = np.nonzero(vectors)
    least, window = (0.08, 14) if n <= 8 else (0.14, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(article_groups, "COMPARED_BLOCK_ARTICLES", 3)
        found = group_articles(rows.astype(np.int32), terms.astype(np.uint64), vectors[rows, terms], days)
    assert found.tolist() == group_naively(vectors, days, least, window)


def test_groups_are_numbered_by_their_first_article():
    assert number_by_first(np.array([9, 9, 2, 5, 2])).tolist() == [0, 0, 1, 2, 1]
