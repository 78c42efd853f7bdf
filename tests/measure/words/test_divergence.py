"""Word shift: parts that add up to the divergence, and the divergence by chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from samestory.base.errors import UnknownName
from samestory.measure.words import divergence
from samestory.measure.words.divergence import OutletPairs, measure_pairs, measure_shift
from samestory.measure.words.matrix import build_matrix


def make_counts(articles):
    rows = [(f"{outlet}/{i}", outlet, "word", term, False, n)
            for i, (outlet, terms) in enumerate(articles) for term, n in terms.items()]
    return pd.DataFrame(rows, columns=["article_id", "outlet", "unit", "term", "in_quotation", "n"])


TWO = make_counts([("CGTN", {"china": 12, "side": 4, "the": 20}), ("CNN", {"china": 4, "beijing": 5, "the": 30})])


@pytest.mark.slow
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


def test_swapping_the_sides_changes_no_contribution():
    one, other = (measure_shift(TWO, target=name).table.set_index("term")["bits"] for name in ("CGTN", "CNN"))
    assert np.allclose(one, other[one.index])


def test_texts_from_the_same_source_differ_no_more_than_by_chance():
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


def test_the_same_seed_gives_the_same_result_in_any_row_order():
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
    """Articles of outlets, so many for each; the last outlet favours a word."""
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


@pytest.mark.slow
def test_pairs_that_differ_by_chance_are_rarely_significant():
    p = np.concatenate([measure_pairs(draw_outlets(seed, {"A": 6, "B": 6}), n_divisions=39).table["p"]
                        for seed in range(60)])
    assert (p <= 0.05).mean() < 0.15


def test_shares_and_percents_are_of_each_side_and_of_the_whole():
    table = measure_shift(TWO, min_count=1, stop_words=True).table.set_index("term")
    rates = table.loc["china", ["per_1k_target", "per_1k_reference"]].tolist()
    assert rates == pytest.approx([12_000 / 36, 4_000 / 39])
    assert table["percent"].sum() == pytest.approx(100)
    assert table["percent"].tolist() == pytest.approx((100 * table["bits"] / table["bits"].sum()).tolist())


def test_equal_contributions_are_sorted_by_frequency_then_alphabetically():
    counts = make_counts([("A", {"d": 5, "c": 5, "x": 3, "y": 4}), ("B", {"b": 5, "aa": 5, "x": 3, "y": 4})])
    assert measure_shift(counts, min_count=1).table["term"].tolist() == ["aa", "b", "c", "d", "y", "x"]


def test_three_occurrences_in_both_together_make_a_row():
    counts = make_counts([("A", {"x": 2, "y": 2, "z": 9}), ("B", {"x": 1, "z": 1})])
    assert set(measure_shift(counts).table["term"]) == {"x", "z"}


def test_of_three_outlets_one_is_compared_with_one_or_with_the_rest():
    three = pd.concat([TWO, make_counts([("NPR", {"talks": 9})]).assign(article_id="n")])
    pair = measure_shift(three, target="CGTN", reference="CNN").table
    pd.testing.assert_frame_equal(pair, measure_shift(TWO).table)
    rest = measure_shift(three, target="CGTN").table.set_index("term")
    assert rest.loc["talks", ["n_target", "n_reference"]].tolist() == [0, 9]


def test_random_words_diverge_on_average_as_scipy_expects():
    matrix = build_matrix(TWO)
    drawn = divergence._draw_divergences(matrix, matrix.outlets == "CGTN", 4_000, by_article=False, seed=0)
    rng, totals = np.random.default_rng(1), matrix.totals.astype(int)
    sides = rng.binomial(totals, 36 / 75, (4_000, len(totals)))
    plain = [jensenshannon(a, totals - a, base=2) ** 2 for a in sides]
    assert len(drawn) == 4_000 and drawn.mean() == pytest.approx(np.mean(plain), rel=0.05)


def test_random_permutations_of_articles_cover_all_of_them_in_the_long_run():
    matrix = build_matrix(make_counts([("A", {"x": 3, "y": 1}), ("A", {"x": 1, "y": 4}), ("B", {"y": 2, "z": 2})]))
    rows, words = matrix.frequencies.toarray(), matrix.totals
    exact = [jensenshannon(words - row, row, base=2) ** 2 for row in rows]
    drawn = divergence._draw_divergences(matrix, matrix.outlets == "A", 3_000, by_article=True, seed=0)
    assert set(drawn.round(9)) == set(np.round(exact, 9)) and drawn.mean() == pytest.approx(np.mean(exact), rel=0.05)


def test_a_side_without_words_gives_no_divergence():
    matrix = build_matrix(make_counts([("A", {"x": 1}), ("B", {"y": 1})]))
    drawn = divergence._draw_divergences(matrix, matrix.outlets == "A", 200, by_article=False, seed=0)
    assert 60 < len(drawn) < 140 and set(drawn.round(9)) == {1}


def test_blocks_of_draws_change_nothing(monkeypatch):
    whole = measure_pairs(draw_outlets(2, {"A": 5, "B": 6})).table
    monkeypatch.setattr(divergence, "MAX_SHIFT_CELLS", 9)
    pd.testing.assert_frame_equal(measure_pairs(draw_outlets(2, {"A": 5, "B": 6})).table, whole)


def test_p_of_a_pair_counts_the_real_assignment_among_ninety_nine():
    counts = make_counts([(outlet, {f"{outlet}": 9, "x": 1}) for outlet in "AB" for _ in range(6)])
    pair = measure_pairs(counts).table.iloc[0]
    assert pair["p"] in (0.01, 0.02) and pair["bits"] > pair["chance"]
    alike = make_counts([(outlet, {"x": 5, "y": 1 + i % 2}) for outlet in "AB" for i in range(6)])
    same = measure_pairs(alike).table.iloc[0]
    assert same["p"] == 1 == same["q_bh"]  # no division differs less


def test_pairs_list_three_words_that_contribute_most_and_occur_three_times():
    counts = make_counts([("A", {"aa": 9, "b": 8, "c": 7, "d": 6, "the": 40}), ("B", {"e": 3, "f": 2, "the": 12})])
    assert measure_pairs(counts).table["terms"].tolist() == ["e 0:3, aa 9:0, b 8:0"]
    assert measure_pairs(counts, top_n=1).table["terms"].tolist() == ["e 0:3"]


def test_pairs_with_a_test_come_first_then_those_that_differ_most_beyond_chance():
    articles = [(outlet, {outlet: 30, "x": 9}) for outlet in "AB"] + [("C", {"x": 9, "y": 1})] * 5 + [
        ("D", {"x": 9, "y": 2})] * 5
    table = measure_pairs(make_counts(articles)).table
    assert table[["outlet_a", "outlet_b"]].agg("".join, axis=1).tolist()[0] == "CD"
    beyond = (table["bits"] - table["chance"]).tolist()[1:]
    assert beyond == sorted(beyond, reverse=True) and table["p"].notna().tolist() == [True, *[False] * 5]


@pytest.mark.slow
def test_the_largest_outlets_are_compared_and_pairs_are_counted():
    many = measure_pairs(make_counts([(f"o{i:02}", {"x": 1 + i}) for i in range(26)]))
    assert len(many.table) == 300 and "o00" not in set(many.table["outlet_a"])
    assert "25 largest of 26" in many.sentence
    assert "largest" not in measure_pairs(TWO).sentence and measure_pairs(TWO).sentence.startswith("1 pair")


@pytest.mark.parametrize(("n", "said"), [(2, "Of 1 pair, 1 has "), (3, "Of 3 pairs, 3 have ")])
def test_the_sentence_counts_pairs_with_a_test(n, said):
    assert measure_pairs(draw_outlets(4, {"ABC"[i]: 5 for i in range(n)})).sentence.startswith(said)


def test_the_defaults_of_the_divergence_are_documented():
    counts = draw_outlets(5, {"A": 5, "B": 6})
    shift, asked = measure_shift(counts), measure_shift(counts, min_count=3, stop_words=False, seed=0)
    pd.testing.assert_frame_equal(shift.table, asked.table)
    assert shift.chance == asked.chance != measure_shift(counts, seed=1).chance
    asked = measure_pairs(counts, top_n=3, n_divisions=99, most_outlets=25, seed=0)
    pd.testing.assert_frame_equal(measure_pairs(counts).table, asked.table)


def test_chance_is_the_average_of_twenty_permutations():
    matrix = build_matrix(TWO)
    drawn = divergence._draw_divergences(matrix, matrix.outlets == "CGTN", 20, by_article=False, seed=0)
    assert len(drawn) == 20 and measure_shift(TWO).chance == pytest.approx(drawn.mean())


def test_a_small_divergence_beyond_chance_comes_before_a_large_one_by_chance():
    counts = make_counts([("A", {"aa": 1}), ("B", {"bb": 1}), ("C", {"x": 50, "y": 50}), ("D", {"x": 50, "z": 50})])
    table = measure_pairs(counts).table
    order = (table["outlet_a"] + table["outlet_b"]).tolist()
    assert order.index("CD") < order.index("AB") and table["bits"].max() == pytest.approx(1)


def test_pairs_differ_up_to_a_false_discovery_rate_of_five_percent():
    table = pd.DataFrame({"outlet_a": "A", "outlet_b": list("BCDE"), "p": [0.01, 0.02, 0.02, None],
                          "q_bh": [0.05, 0.02, 0.0501, None]})
    sentence = OutletPairs(table, n_outlets=5).sentence
    assert sentence.startswith("Of 4 pairs, 3 have ") and " in 2 of them " in sentence


def test_the_first_of_several_comparisons_is_measured():
    three = make_counts([(outlet, {"x": 3, outlet: 3}) for outlet in "BCA"])
    for options, sides in (({}, ("A", "the rest")), ({"reference": "B"}, ("A", "B"))):
        shift = measure_shift(three, **options)
        assert (shift.target, shift.reference) == sides


def test_more_terms_than_fit_in_a_block_change_no_result(monkeypatch):
    whole = measure_shift(TWO, stop_words=True)
    monkeypatch.setattr(divergence, "MAX_SHIFT_CELLS", 1)
    parts = measure_shift(TWO, stop_words=True)
    assert (whole.bits, whole.chance) == pytest.approx((parts.bits, parts.chance))
