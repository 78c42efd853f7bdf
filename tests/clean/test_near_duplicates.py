"""Near-duplicates: groups of articles that are one text, whatever the order they come in."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.clean.near_duplicates import cut_shingles, group_signatures, sign_texts


def write_words(seed, n=200):
    draw = random.Random(seed)
    return [f"w{draw.randrange(5_000)}" for _ in range(n)]


def share(one, other):
    """The oracle: the Jaccard similarity of the runs of words."""
    one, other = set(cut_shingles(one)), set(cut_shingles(other))
    return len(one & other) / len(one | other)


def group(texts, order=None):
    order = np.arange(len(texts)) if order is None else np.array(order, np.int64)
    return group_signatures(sign_texts(texts), order).tolist()


@pytest.mark.parametrize(("kept", "is_one"), [(200, True), (180, True), (150, True), (60, False), (0, False)])
def test_an_article_cut_at_the_end_is_the_same_down_to_about_half(kept, is_one):
    words = write_words(1)
    other = " ".join(words[:kept] + write_words(2)[:200 - kept])
    assert (share(" ".join(words), other) > 0.5) == is_one
    assert (group([" ".join(words), other]) == [0, 0]) == is_one


@pytest.mark.slow
@given(st.lists(st.integers(0, 4), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_no_group(seeds, draw):
    texts = [" ".join(write_words(seed, 80)) for seed in seeds]
    order = list(range(len(texts)))
    draw.shuffle(order)
    firsts = {seed: next(i for i in order if seeds[i] == seed) for seed in seeds}
    assert group(texts, order) == [firsts[seed] for seed in seeds]


def test_short_texts_are_one_only_with_the_same_words():
    texts = ["The talks are over.", "the talks  are over", "The talks are not over."]
    assert group(texts) == [0, 0, 2]


def test_signatures_estimate_the_share_of_common_runs():
    words = write_words(3, 1_000)
    pairs = [(" ".join(words), " ".join(words[:n] + write_words(4, 1_000)[n:])) for n in range(100, 1_000, 100)]
    one, other = (sign_texts([pair[side] for pair in pairs]) for side in (0, 1))
    errors = (one == other).mean(axis=1) - [share(*pair) for pair in pairs]
    assert abs(errors).max() < 4 * 0.044


@pytest.mark.slow
def test_many_copies_take_no_quadratic_time():
    signatures = np.repeat(sign_texts([" ".join(write_words(5))]), 20_000, axis=0)
    assert set(group_signatures(signatures, np.arange(20_000))) == {0}


def test_nothing_has_no_groups():
    assert group([]) == []
