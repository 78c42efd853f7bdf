"""Permutations of the articles: p by counting, for any sizes, and refined if it is small."""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from samestory.measure import formulas
from samestory.measure.words import permutation
from samestory.measure.words.matrix import build_matrix
from samestory.measure.words.permutation import permute_articles
from tests.measure.words.test_keyness import draw_counts, make_counts


def permute(n_target, n_reference, **options):
    matrix = build_matrix(draw_counts(n_target, n_reference))
    return permute_articles(matrix, matrix.outlets == "A", np.arange(len(matrix.terms)), **options)


def count_plainly(n_target, n_reference):
    """p and p_max_t from `formulas.g2` of every permutation, the latter from values over their average."""
    matrix = build_matrix(draw_counts(n_target, n_reference))
    n, frequencies = n_target + n_reference, matrix.frequencies.toarray()
    chosen = np.zeros((len(list(combinations(range(n), n_target))), n), dtype=bool)
    for row, places in zip(chosen, combinations(range(n), n_target), strict=True):
        row[list(places)] = True
    n1 = (chosen @ matrix.words)[:, None]
    g2 = np.abs(formulas.g2(chosen @ frequencies, ~chosen @ frequencies, n1, matrix.words.sum() - n1))
    share = matrix.totals / matrix.words.sum()
    spread = ((chosen @ frequencies - n1 * share) ** 2).mean(axis=0)  # over that of independent words
    part = n_target / n
    scale = np.maximum(spread / (matrix.totals * (1 - share) * part * (1 - part)), 0.01)
    real = np.flatnonzero((chosen == (matrix.outlets == "A")).all(axis=1))[0]
    least = g2[real] - 1e-7 * (scale + g2[real])
    return (g2 >= least).mean(axis=0), ((g2 / scale).max(axis=1)[:, None] >= least / scale).mean(axis=0)


@pytest.mark.parametrize("sizes", [(4, 5), (5, 5), (2, 7), (7, 2)])
def test_p_is_the_share_of_all_permutations_that_reach_the_observed_value(sizes):
    for ours, plain in zip(permute(*sizes), count_plainly(*sizes), strict=True):
        np.testing.assert_allclose(ours, plain)


@pytest.mark.parametrize("sizes", [(4, 5), (5, 4), (2, 9), (9, 2)])
def test_drawn_permutations_are_equally_likely_whichever_side_is_smaller(sizes):
    exact, drawn = permute(*sizes, n_permutations=999), permute(*sizes, n_permutations=30)
    assert np.abs(exact[0] - drawn[0]).max() < 0.35  # 30 draws, refined to 600
    many = permute(*sizes, n_permutations=50, refine=False)[0]
    assert np.abs(exact[0] - many).mean() < 0.08


def test_all_permutations_are_enumerated_if_there_are_no_more_than_asked_for():
    exact, same, drawn = (permute(4, 5, n_permutations=n)[0] for n in (999, 126, 125))
    np.testing.assert_array_equal(exact, same)
    assert np.allclose(exact * 126, np.round(exact * 126)) and not np.allclose(exact, drawn)


def test_without_refinement_p_counts_the_real_assignment_among_the_drawn():
    p, p_max_t = permute(8, 9, n_permutations=99, refine=False)
    assert p.min() >= 0.01 and np.allclose(p * 100, np.round(p * 100))
    assert (p_max_t >= p).all() and np.allclose(p_max_t * 100, np.round(p_max_t * 100))


def test_a_small_p_is_drawn_twenty_and_then_fifty_times_as_finely():
    texts = {f"{outlet}/{i}": (outlet, f"{outlet} " * 9 + "x y y") for outlet in "AB" for i in range(12)}
    matrix = build_matrix(pd.concat([make_counts(texts), draw_counts(12, 12).assign(
        article_id=lambda t: t["article_id"].map(dict(zip(sorted(set(t["article_id"])), texts, strict=True))))]))
    p, p_max = permute_articles(matrix, matrix.outlets == "A", np.arange(len(matrix.terms)), n_permutations=99)
    steps = [np.isclose(p * (times * 99 + 1) % 1, [[0], [1]], atol=1e-9).any(axis=0) for times in (1, 20, 50)]
    assert np.any(steps, axis=0).all()
    assert steps[0][p > 0.14].all() and steps[1][(p < 0.07) & (p > 0.002)].all()
    assert p[matrix.terms == "A"][0] == 1 / (50 * 99 + 1) and (p < 0.14).sum() > 1
    assert p_max[matrix.terms == "A"][0] == 1 / (99 + 1)  # the largest of all terms is not refined


def test_terms_that_fewer_than_ten_and_then_no_permutations_reach_are_refined(monkeypatch):
    monkeypatch.setattr(permutation, "_count_permutations_reaching",
                        lambda rows, blocks: (np.zeros(len(rows)), None, 0))  # no further permutation reaches them
    sample = SimpleNamespace(in_target=np.arange(9) < 4, words=np.ones(9), choose=list)
    reached = np.array([0.0, 1, 9, 10, 99])
    p = permutation._refine_p(sample, reached, 99, np.random.default_rng(0))
    assert p * (99 * np.array([50, 20, 20, 1, 1]) + 1) == pytest.approx(reached + 1)
    monkeypatch.setattr(permutation, "MAX_REFINEMENT_CELLS", 1_000)  # 111 more of nine articles in each step
    bounded = permutation._refine_p(sample, reached, 99, np.random.default_rng(0))
    assert bounded * (99 + 111 * np.array([2, 1, 1, 0, 0]) + 1) == pytest.approx(reached + 1)
