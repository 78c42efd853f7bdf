import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from samestory.base.errors import UnknownName
from samestory.measure.words.ranks import measure_ranks
from tests.measure.words.test_keyness import TWO, draw_counts, make_counts


def test_each_term_agrees_with_scipy():
    counts = draw_counts(6, 7)
    table = measure_ranks(counts, target="A").set_index("term")
    sizes = counts.groupby("article_id")["n"].sum()
    for term in table.index[:5]:
        rates = counts[counts["term"] == term].set_index("article_id")["n"].reindex(sizes.index).fillna(0) / sizes
        theirs = mannwhitneyu(rates[:6], rates[6:], method="asymptotic")
        assert table.loc[term, "p"] == pytest.approx(theirs.pvalue)
        assert table.loc[term, "delta"] == pytest.approx(2 * theirs.statistic / 42 - 1)
    assert (table["p"] <= table["q_bh"] + 1e-12).all() and (table["q_bh"] <= table["p_holm"] + 1e-12).all()


def test_too_few_articles_have_no_p():
    table = measure_ranks(TWO, target="A", min_count=1)
    assert list(table.columns) == ["term", "delta"]
    assert table.set_index("term").loc["red", "delta"] == 1


def test_blocks_change_nothing(monkeypatch):
    whole = measure_ranks(draw_counts(6, 7), target="B")
    monkeypatch.setattr("samestory.measure.words.ranks.MAX_RANK_CELLS", 30)
    pd.testing.assert_frame_equal(whole, measure_ranks(draw_counts(6, 7), target="B"))


def test_wrong_calls_are_explained():
    assert measure_ranks(TWO[TWO["outlet"] == "A"], target="A").empty
    assert measure_ranks(draw_counts(5, 5), target="A", min_count=9999).empty
    with pytest.raises(UnknownName, match="no outlet 'Q'"):
        measure_ranks(TWO, target="Q")
    assert np.isfinite(measure_ranks(draw_counts(5, 5), target="A")["p"]).all()


def test_the_largest_difference_comes_first_then_the_alphabet():
    deltas = measure_ranks(draw_counts(6, 7), target="A").set_index("term")["delta"]
    keys = [(-abs(delta), term) for term, delta in deltas.items()]
    assert keys == sorted(keys) and (deltas < 0).any() and (deltas > 0).any()


def test_the_rest_of_the_outlets_or_one_of_them_is_the_reference():
    counts = draw_counts(6, 7)
    third = counts[counts["outlet"] == "B"].assign(outlet="C", article_id="c" + counts["article_id"])
    three = pd.concat([counts, third])
    one, rest = measure_ranks(three, target="A", reference="B"), measure_ranks(three, target="A")
    pd.testing.assert_frame_equal(one, measure_ranks(counts, target="A"))
    assert len(rest) == len(one) and rest["p"].min() < one["p"].min()


def test_three_occurrences_are_enough_and_stop_words_are_left_out():
    counts = make_counts({"a": ("A", "x x x y y the the the"), "b": ("B", "z")})
    assert measure_ranks(counts, target="A")["term"].tolist() == ["x"]
    assert measure_ranks(counts, target="A", stop_words=True)["term"].tolist() == ["the", "x"]
