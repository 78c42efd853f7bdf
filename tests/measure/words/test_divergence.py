"""Word shift: parts that add up to the divergence, and the divergence by chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from samestory.base.errors import UnknownName
from samestory.measure.words.divergence import measure_pairs, measure_shift


def make_counts(articles):
    rows = [(f"{outlet}/{i}", outlet, "word", term, False, n)
            for i, (outlet, terms) in enumerate(articles) for term, n in terms.items()]
    return pd.DataFrame(rows, columns=["article_id", "outlet", "unit", "term", "in_quotation", "n"])


TWO = make_counts([("CGTN", {"china": 12, "side": 4, "the": 20}), ("CNN", {"china": 4, "beijing": 5, "the": 30})])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=8))
def test_the_parts_add_up_to_the_divergence(pairs):
    a, b = np.array(pairs).T + np.array([[1], [1]])
    counts = make_counts([("A", {f"t{i}": n for i, n in enumerate(a)}), ("B", {f"t{i}": n for i, n in enumerate(b)})])
    shift = measure_shift(counts, min_count=1, stop_words=True)
    assert np.isclose(shift.table["bits"].sum(), jensenshannon(a, b, base=2) ** 2, atol=1e-9)
    assert np.isclose(shift.bits, shift.table["bits"].sum())


def test_the_largest_part_comes_first_with_its_counts():
    table = measure_shift(TWO).table
    assert table["term"].tolist() == ["china", "beijing", "side"] or table["bits"].is_monotonic_decreasing
    assert table.set_index("term").loc["china", ["n_target", "n_reference"]].tolist() == [12, 4]


def test_stop_words_and_rare_terms_have_no_row_but_are_part_of_the_whole():
    some, everything = measure_shift(TWO, min_count=5), measure_shift(TWO, min_count=1, stop_words=True)
    assert set(some.table["term"]) == {"china", "beijing"} and "the" in set(everything.table["term"])
    assert some.bits == everything.bits > some.table["bits"].sum()


def test_swapping_the_sides_changes_no_part():
    one, other = (measure_shift(TWO, target=name).table.set_index("term")["bits"] for name in ("CGTN", "CNN"))
    assert np.allclose(one, other[one.index])


def test_texts_drawn_from_one_differ_no_more_than_by_chance():
    rng = np.random.default_rng(3)
    draw = lambda: dict(enumerate(rng.multinomial(600, np.full(300, 1 / 300))))  # noqa: E731
    articles = [(outlet, {f"t{k:03}": n for k, n in draw().items() if n}) for outlet in ("A", "B")]
    shift = measure_shift(make_counts(articles))
    assert abs(shift.bits - shift.chance) < 0.03
    assert shift.unit == "words"


def test_enough_articles_are_permuted_as_articles():
    articles = [(outlet, {"a": 3 + i, outlet: 4}) for outlet in ("x", "y") for i in range(5)]
    shift = measure_shift(make_counts(articles))
    assert shift.unit == "articles" and shift.chance < shift.bits
    assert f"{shift.bits:.2f} bits" in shift.sentence and f"{shift.chance:.2f}" in shift.sentence


def test_the_same_seed_gives_the_same_again_and_rows_may_come_in_any_order():
    one, other = measure_shift(TWO), measure_shift(TWO.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(one.table, other.table)
    assert (one.bits, one.chance) == (other.bits, other.chance)


def test_one_outlet_has_nothing_to_differ_from():
    shift = measure_shift(TWO[TWO["outlet"] == "CNN"])
    assert shift.table.empty and not shift.target and "bits" not in shift.sentence


def test_an_outlet_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="CMN"):
        measure_shift(TWO, target="CMN")


def draw_outlets(seed, sizes, lean=0.0):
    """Articles of outlets of so many each, the last of which leans to a word."""
    generator, articles = np.random.default_rng(seed), []
    for outlet, n in sizes.items():
        shares = np.array([4, 3, 2, 1 + 10 * lean * (outlet == max(sizes))])
        drawn = generator.multinomial(60, shares / shares.sum(), n)
        articles += [(outlet, {f"word{i}": k for i, k in enumerate(row) if k}) for row in drawn]
    return make_counts(articles)


def test_the_pairs_that_differ_most_come_first_and_name_the_word():
    found = measure_pairs(draw_outlets(1, {"A": 8, "B": 8, "C": 8}, lean=0.5))
    pairs = found.table
    assert pairs[["outlet_a", "outlet_b"]].to_numpy().tolist()[2] == ["A", "B"]
    assert pairs["terms"].str.startswith("word3").tolist()[:2] == [True, True]
    assert (pairs["q_bh"].head(2) <= 0.05).all() and pairs["p"].iloc[2] > 0.05
    assert found.sentence.startswith("Of 3 pairs, 3 ") and "in 2 of them" in found.sentence


def test_a_pair_has_the_divergence_of_its_shift():
    counts = draw_outlets(2, {"A": 3, "B": 6, "C": 7})
    for row in measure_pairs(counts).table.itertuples():
        shift = measure_shift(counts, target=row.outlet_a, reference=row.outlet_b)
        assert np.isclose(row.bits, shift.bits) and np.isfinite(row.chance)
        assert np.isnan(row.p) == (row.outlet_a == "A")  # three articles are too few


def test_pairs_of_few_articles_have_no_p():
    found = measure_pairs(TWO)
    assert "p" not in found.table and found.table["terms"].tolist() == ["beijing 0:5, side 4:0, china 12:4"]
    assert found.sentence.startswith("1 pair, ")


def test_one_outlet_makes_no_pair_and_many_are_bounded():
    assert measure_pairs(TWO[TWO["outlet"] == "CNN"]).table.empty and measure_pairs(TWO.head(0)).table.empty
    many = measure_pairs(draw_outlets(3, {f"o{i}": 1 + i for i in range(6)}), most_outlets=3)
    assert len(many.table) == 3 and set(many.table["outlet_a"]) == {"o3", "o4"} and many.n_outlets == 6
    assert "3 largest of 6" in many.sentence


def test_pairs_of_chance_alone_are_rarely_sure():
    p = np.concatenate([measure_pairs(draw_outlets(seed, {"A": 6, "B": 6}), n_divisions=39).table["p"]
                        for seed in range(60)])
    assert (p <= 0.05).mean() < 0.15
