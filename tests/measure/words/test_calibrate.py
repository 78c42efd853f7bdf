"""Chance alone: few random splits of one corpus find a keyword; tests that assume independent words find many."""

import pandas as pd
import pytest

from benchmarks.calibrate import bound_errors, measure_errors, read_counts
from tests.measure.words.test_keyness import draw_counts


@pytest.fixture(scope="module")
def speeches(tmp_path_factory):
    """Sixty made-up documents whose words come in bursts, as a file of counts."""
    path = tmp_path_factory.mktemp("counts") / "inaugural_dfm_triplets.csv"
    counts = draw_counts(20, 40, words=60)[["article_id", "term", "n"]]
    counts.set_axis(["document", "feature", "frequency"], axis=1).to_csv(path, index=False)
    return path.parent


@pytest.mark.slow
def test_sixty_splits_find_no_more_than_chance_allows(speeches):
    errors = measure_errors(read_counts(speeches), n_splits=60, n_target=20, min_count=10, n_permutations=499, seed=5)
    low, high = bound_errors(60)
    assert 0.03 <= errors["a word"] <= 0.07  # of 60 splits; 500 of real speeches lie within 4 and 6 %
    assert low <= errors["a family"] <= high
    assert errors["by g2 of tokens a word"] > 0.1 and errors["a family by Bonferroni"] > 0.5


def test_words_that_look_like_missing_values_are_words(tmp_path):
    path = tmp_path / "counts.csv"
    pd.DataFrame({"document": ["a", "b"], "feature": ["nan", "null"], "frequency": [1, 2]}).to_csv(path, index=False)
    assert list(read_counts(path).terms) == ["nan", "null"]


def test_the_bound_is_binomial():
    from scipy.stats import binom
    low, high = bound_errors(500)
    assert binom.cdf(low * 500 - 1, 500, 0.05) <= 0.005 and binom.sf(high * 500, 500, 0.05) <= 0.005
