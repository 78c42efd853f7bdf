import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from samestory.base.errors import SameStoryError, UnknownName
from samestory.measure import formulas
from samestory.measure.words.dispersion import measure_dispersion
from samestory.measure.words.keyness import (
    KEYNESS_COLUMNS,
    KEYNESS_TEST_COLUMNS,
    Pair,
    add_measures,
    compare_outlets,
    compare_pair,
    count_stop_words,
    list_stop_words,
    measure_keyness,
    measure_outlets,
    smallest_contrast,
)
from samestory.measure.words.matrix import build_matrix, stack_cells
from samestory.measure.words.permutation import (
    _draw_permutations,
    _mark_chosen_articles,
    _mark_random_articles,
    permute_articles,
)


def make_counts(articles):
    """Counts of articles given as id: (outlet, text)."""
    rows = [(name, outlet, "word", term, False, text.split().count(term))
            for name, (outlet, text) in articles.items() for term in sorted(set(text.split()))]
    return pd.DataFrame(rows, columns=["article_id", "outlet", "unit", "term", "in_quotation", "n"])


def draw_counts(n_target, n_reference, seed=1, words=120):
    """Articles of one vocabulary, some words in bursts."""
    generator = np.random.default_rng(seed)
    articles = {}
    for i in range(n_target + n_reference):
        chances = 1 / np.arange(1, 41) * generator.gamma(0.5, size=40)
        drawn = generator.choice(40, size=words, p=chances / chances.sum())
        articles[f"{i:03}"] = ("A" if i < n_target else "B", " ".join(f"w{k:02}" for k in drawn))
    return make_counts(articles)


TWO = make_counts({"a/1": ("A", "red red red blue the"), "b/1": ("B", "blue blue green the the")})


def test_a_row_has_its_counts():
    row = measure_keyness(TWO, target="A", min_count=1).table.set_index("term").loc["red"]
    assert (row.n_target, row.n_reference, row.n_articles_target, row.n_articles_reference) == (3, 0, 1, 0)
    assert (row.per_1k_target, row.per_1k_reference) == (600, 0)
    assert row.high == np.inf and row.low < row.log_ratio


def test_two_articles_are_described_without_p():
    found = measure_keyness(TWO, target="A", min_count=1)
    assert tuple(found.table.columns) == KEYNESS_COLUMNS and found.support.level == "describe"
    assert (found.target, found.reference, found.n_words) == ("A", "B", (5, 5))
    assert found.sentence == found.support.sentence


@pytest.mark.parametrize(("n", "support"), [(5, "few"), (20, "test")])
def test_enough_articles_get_p(n, support):
    found = measure_keyness(draw_counts(n, n), target="A", n_permutations=99)
    table = found.table
    assert tuple(table.columns) == KEYNESS_COLUMNS + KEYNESS_TEST_COLUMNS and found.support.level == support
    assert (table["p"] <= table["q_bh"] + 1e-12).all() and (table["p"] <= table["p_max_t"]).all()


def test_stop_words_are_words_of_the_text_but_not_compared():
    with_them = measure_keyness(TWO, target="A", min_count=1, stop_words=True)
    without = measure_keyness(TWO, target="A", min_count=1)
    assert set(with_them.table["term"]) - set(without.table["term"]) == {"the"}
    assert with_them.n_words == without.n_words


def test_stop_words_of_the_texts_are_listed_by_kind():
    listed = count_stop_words(TWO).set_index("kind")
    assert listed["terms"].to_dict() == {"article": "the"}
    assert listed.loc["article", "n"] == TWO.loc[TWO["term"] == "the", "n"].sum()
    assert list(count_stop_words(TWO.head(0))) == ["kind", "n", "n_terms", "terms"]


def test_rare_terms_are_left_out():
    assert set(measure_keyness(TWO, target="A", min_count=2).table["term"]) == {"red", "blue"}


def test_the_surest_difference_comes_first():
    counts = make_counts({"a": ("A", "x " * 30 + "y " * 4 + "z " * 70), "b": ("B", "z " * 100)})
    table = measure_keyness(counts, target="A").table
    assert table["term"].tolist() == ["x", "z", "y"]
    assert table["lrc"].iloc[0] > 0 > table["lrc"].iloc[1] and table["lrc"].iloc[2] == 0


def test_equal_terms_are_in_alphabetical_order():
    counts = make_counts({"a": ("A", "z y x " * 3), "b": ("B", "d " * 9)})
    assert measure_keyness(counts, target="A").table["term"].tolist() == ["d", "x", "y", "z"]


def test_the_order_of_rows_does_not_matter():
    counts = draw_counts(5, 6)
    shuffled = counts.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(measure_keyness(counts, target="A").table,
                                  measure_keyness(shuffled, target="A").table)


def test_two_outlets_are_compared_in_alphabetical_order_and_more_against_the_rest():
    three = pd.concat([TWO, make_counts({"c/1": ("C", "red")})])
    assert compare_outlets(TWO) == [("A", "B")]
    assert compare_outlets(three) == [("A", None), ("B", None), ("C", None)]
    assert compare_outlets(three, reference="B") == [("A", "B"), ("C", "B")]
    assert compare_outlets(three, target="C") == [("C", None)]


def test_all_comparisons_are_in_one_table():
    three = pd.concat([TWO, make_counts({"c/1": ("C", "red")})])
    found = measure_outlets(three, min_count=1)
    assert found.table["target"].unique().tolist() == ["A", "B", "C"] and set(found.table["reference"]) == {"the rest"}
    assert len(found.supports) == len(found.contrasts) == len(found.sentences) == 3


def test_the_rest_is_all_other_outlets():
    three = pd.concat([TWO, make_counts({"c/1": ("C", "red red")})])
    row = measure_keyness(three, target="B", min_count=1).table.set_index("term").loc["red"]
    assert (row.n_target, row.n_reference, row.n_articles_reference) == (0, 5, 2)


def test_an_outlet_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match=r"'Q'.* A, B"):
        measure_keyness(TWO, target="Q")
    with pytest.raises(SameStoryError, match=r"'A'.*both"):
        measure_keyness(TWO, target="A", reference="A")


def test_one_outlet_gives_an_empty_table_and_says_why():
    alone = measure_keyness(TWO[TWO["outlet"] == "A"], target="A")
    assert alone.table.empty and "from A" in alone.note and alone.sentence == alone.note and alone.n_words == (0, 0)
    assert (alone.target, alone.reference) == ("A", "")
    assert alone.table.dtypes.to_dict() == measure_keyness(TWO, target="A").table.dtypes.to_dict()
    nothing = measure_outlets(TWO[TWO["outlet"] == "A"])
    assert list(nothing.table.columns) == list(measure_outlets(TWO).table.columns)
    assert not nothing.supports and not nothing.contrasts and nothing.sentences == [alone.note]


def test_no_counts_give_an_empty_table():
    nothing = measure_outlets(TWO.iloc[:0])
    assert nothing.table.empty and nothing.note


def test_no_term_may_be_frequent_enough():
    assert measure_keyness(TWO, target="A", min_count=99).table.empty
    assert measure_keyness(draw_counts(5, 5), target="A", min_count=9999).table.empty


def test_units_are_not_mixed():
    with pytest.raises(SameStoryError, match="2-gram, word"):
        measure_keyness(pd.concat([TWO, TWO.assign(unit="2-gram")]), target="A")


def test_identical_articles_differ_in_nothing():
    counts = make_counts({f"{outlet}/{i}": (outlet, "red red blue") for outlet in "AB" for i in range(5)})
    table = measure_keyness(counts, target="A").table
    assert (table["g2"] == 0).all() and (table["lrc"] == 0).all() and (table["p"] == 1).all()


def test_all_permutations_are_used_if_they_are_few():
    texts = {f"{outlet}/{i}": (outlet, f"{outlet} same same") for outlet in "AB" for i in range(5)}
    table = measure_keyness(make_counts(texts), target="A").table.set_index("term")
    assert table.loc["A", "p"] == table.loc["A", "p_max_t"] == pytest.approx(2 / 252)


def test_drawn_permutations_agree_with_all_of_them():
    matrix = build_matrix(draw_counts(6, 7))
    target, kept = matrix.outlets == "A", np.arange(len(matrix.terms))
    exact = permute_articles(matrix, target, kept, n_permutations=2_000)
    drawn = permute_articles(matrix, target, kept, n_permutations=1_700)
    for p, estimate in zip(exact, drawn, strict=True):
        assert np.abs(p - estimate).max() < 4 * np.sqrt(0.25 / 1_700)


def test_blocks_change_nothing(monkeypatch):
    matrix = build_matrix(draw_counts(8, 9))
    target, kept = matrix.outlets == "A", np.arange(len(matrix.terms))
    whole = permute_articles(matrix, target, kept, n_permutations=300)
    monkeypatch.setattr("samestory.measure.words.permutation.PERMUTATION_BLOCK_CELLS", 700)
    np.testing.assert_array_equal(whole, permute_articles(matrix, target, kept, n_permutations=300))


@pytest.mark.slow
def test_a_vocabulary_of_five_million_takes_no_more_than_its_cells():
    n = 5_000_000
    outlets = np.array(["A", "B"] * 5, dtype=object)
    matrix = stack_cells(np.arange(n) % 10, np.arange(n), outlets, pd.RangeIndex(n))
    table = compare_pair(matrix, Pair("A", None), min_count=1, stop_words=True, n_permutations=0).table
    assert len(table) == n and (table["lrc"] == 0).all()


def test_a_term_of_one_outlet_has_an_open_interval_and_no_p_below_one():
    row = measure_keyness(TWO, target="A", min_count=1).table.set_index("term").loc["green"]
    assert row.n_target == 0 and row.low == -np.inf and row.lrc == 0 and np.isfinite(row.log_ratio)
    assert np.isnan(row.dp_norm_target) and np.isfinite(row[["g2", "fw_z", "g2_articles"]].astype(float)).all()


def test_terms_are_left_as_they_are():
    counts = make_counts({"a": ("A", "=cmd() =cmd() <b>"), "b": ("B", "@sum '-- <b>")})
    assert set(measure_keyness(counts, target="A", min_count=1).table["term"]) == {"=cmd()", "<b>", "@sum", "'--"}


def test_articles_that_have_a_term_are_compared_too():
    texts = {"A/0": ("A", "burst " * 9 + "x")}
    texts |= {f"A/{i}": ("A", "steady x") for i in range(1, 10)} | {f"B/{i}": ("B", "x y") for i in range(9)}
    table = measure_keyness(make_counts(texts), target="A", min_count=1, n_permutations=99).table.set_index("term")
    steady, burst = table.loc["steady"], table.loc["burst"]
    assert steady["g2"] == burst["g2"] and steady["g2_articles"] > burst["g2_articles"]
    assert steady["g2_articles"] == formulas.g2(9, 0, 10, 9)
    assert steady["log_ratio_articles"] == formulas.log_ratio(9, 0, 10, 9)


def test_dispersion_agrees_with_each_outlets_own_table():
    counts = draw_counts(6, 7)
    table = measure_keyness(counts, target="A").table.set_index("term")
    spread = measure_dispersion(counts).set_index(["outlet", "term"])["dp_norm"]
    for outlet, column in (("A", "dp_norm_target"), ("B", "dp_norm_reference")):
        own = spread[outlet].reindex(table.index)
        np.testing.assert_allclose(table[column], own)


def test_each_pair_of_outlets_can_be_compared():
    three = pd.concat([TWO, make_counts({"c/1": ("C", "red")})])
    table = measure_outlets(three, all_pairs=True, min_count=1).table
    assert compare_outlets(three, all_pairs=True) == [("A", "B"), ("A", "C"), ("B", "C")]
    only = measure_keyness(three, target="A", reference="C", min_count=1)
    pair = table[(table["target"] == "A") & (table["reference"] == "C")].drop(columns=["target", "reference"])
    pd.testing.assert_frame_equal(pair.reset_index(drop=True), only.table)


def test_the_minimum_detectable_difference_depends_on_sizes_and_terms():
    expected = smallest_contrast(5, 5, 3)
    assert measure_keyness(TWO, target="A", min_count=1).contrast == expected.sentence
    assert measure_outlets(TWO, min_count=1).contrasts == (expected,)
    assert measure_keyness(TWO, target="A", min_count=99).contrast != smallest_contrast(5, 5, 0).sentence


def test_a_difference_that_only_the_whole_text_reaches_is_detectable():
    found = smallest_contrast(3, 2, 1)  # 2 of 3 words against none of 2 are too few
    assert (found.n_target_alone, found.n_reference_alone) == (3, 2)


def test_rare_terms_have_the_same_values_looked_up_or_computed(monkeypatch):
    matrix = build_matrix(draw_counts(8, 9))
    target, kept = matrix.outlets == "A", np.arange(len(matrix.terms))
    whole = permute_articles(matrix, target, kept, n_permutations=200)
    for saved in (0, 10):  # none is looked up, all are
        monkeypatch.setattr("samestory.measure.words.permutation.LOOKUP_SAVED_SHARE", saved)
        np.testing.assert_array_equal(whole, permute_articles(matrix, target, kept, n_permutations=200))


def test_every_choice_of_few_articles_is_equally_likely():
    marked = _mark_random_articles(30_000, 6, 2, np.random.default_rng(5))
    assert (marked.sum(axis=1) == 2).all()
    times = np.unique(marked, axis=0, return_counts=True)[1]
    assert len(times) == 15 and np.abs(times - 2_000).max() < 4 * np.sqrt(2_000)


@pytest.mark.parametrize("n_target", [6, 60, 194])
def test_permutations_have_as_many_articles_as_the_target_however_they_are_drawn(n_target):
    in_target = np.arange(200) < n_target
    blocks = list(_draw_permutations(in_target, 700, 5_000, np.random.default_rng(1)))
    divisions = np.concatenate([_mark_chosen_articles(block, n_target) for block in blocks])
    assert divisions.shape == (700, 200) and (divisions.sum(axis=1) == n_target).all()
    assert np.abs(divisions.mean(axis=0) - n_target / 200).max() < 0.1


def test_token_ids_make_the_same_matrix_as_counts():
    counts = draw_counts(3, 4)
    expected = build_matrix(counts)
    cells = counts.loc[counts.index.repeat(counts["n"])].sample(frac=1, random_state=2)
    rows = pd.Index(expected.article_ids).get_indexer(cells["article_id"])
    columns = expected.terms.get_indexer(cells["term"])
    ours = stack_cells(rows, columns, expected.outlets, expected.terms)
    assert (ours.frequencies != expected.frequencies).nnz == 0 and (ours.totals == expected.totals).all()


def test_smallest_contrast_is_the_first_that_reaches():
    contrast = smallest_contrast(416, 497, 407)  # the seeds by another tokenizer, research/keywords.md 2.4
    assert round(contrast.g2, 2) == 14.75
    assert (contrast.n_target_alone, contrast.n_reference_alone) == (10, 13)


@pytest.mark.parametrize("sizes", [(0, 100), (3, 3)])
def test_no_difference_is_detectable_in_texts_that_are_too_short(sizes):
    contrast = smallest_contrast(*sizes, 1000)
    assert contrast.n_target_alone is None


def test_stop_words_are_listed():
    assert {"the", "of", "not"} <= set(list_stop_words()["term"])


texts = st.text(alphabet="abc", min_size=1, max_size=30)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(texts, texts)
def test_swapping_target_and_reference_flips_the_sign(one, other):
    counts = make_counts({"1": ("A", " ".join(one)), "2": ("B", " ".join(other))})
    forth = measure_keyness(counts, target="A", min_count=1, stop_words=True).table.set_index("term").sort_index()
    back = measure_keyness(counts, target="B", min_count=1, stop_words=True).table.set_index("term").sort_index()
    for column in ("g2", "log_ratio", "lrc", "lrc_uncorrected"):
        np.testing.assert_allclose(forth[column], -back[column], atol=1e-12)
    np.testing.assert_allclose(forth["low"], -back["high"], atol=1e-9)


def test_a_term_in_bursts_does_not_hide_the_others():
    counts = draw_counts(20, 20)
    outlets = ["A"] * 20 + ["B"] * 20
    steady = {f"{i:03}": (outlets[i], "steady " * (4 if i < 20 else 1)) for i in range(40)}
    burst = {f"{i:03}": (outlets[i], "burst " * 300) for i in (1, 2, 3, 30)}
    counts = pd.concat([counts, make_counts(steady), make_counts(burst)])
    table = measure_keyness(counts, target="A", n_permutations=499).table.set_index("term")
    assert table.loc["burst", "g2"] > table.loc["steady", "g2"]
    assert table.loc["steady", "p_max_t"] <= 0.05 < table.loc["burst", "p_max_t"]


def test_further_measures_are_columns_named_after_their_formulas():
    found = measure_keyness(TWO, target="A", min_count=1)
    row = add_measures(found.table, ["ll_rayson", "odds_ratio", "g2"], n_words=found.n_words).iloc[0]
    assert add_measures(found, ["g2"])["g2"].equals(found.table["g2"])
    with pytest.raises(SameStoryError, match="n_words"):
        add_measures(found.table, ["g2"])
    assert row["ll_rayson"] == formulas.ll_rayson(row["n_target"], row["n_reference"], *found.n_words)
    plain = pd.DataFrame({"n_target": [9, 407], "n_reference": [4, 493]})
    assert add_measures(plain, ["simple_maths"], add=1)["simple_maths"].iloc[0] == pytest.approx(2.68789124105176)
    with pytest.raises(UnknownName, match="'chi2_yates'"):
        add_measures(plain, ["chi_yates"])


def test_an_option_goes_to_the_formulas_that_have_it():
    plain = pd.DataFrame({"n_target": [9, 407], "n_reference": [4, 493]})
    both = add_measures(plain, ["simple_maths", "g2", "fisher_p"], add=1, alternative="less")
    assert both["simple_maths"].equals(add_measures(plain, ["simple_maths"], add=1)["simple_maths"])
    assert both["fisher_p"].iloc[0] == formulas.fisher_p(9, 4, 416, 497, alternative="less")
    with pytest.raises(SameStoryError, match=r"'family'.*g2"):
        add_measures(plain, ["g2"], family=3)


def test_rows_are_sorted_by_lrc_nearer_limit_ratio_frequency_and_term():
    draw = np.random.default_rng(4)
    texts = {side: (side, " ".join(f"w{k:02}" for k in draw.zipf(power, 900) % 60))
             for side, power in (("A", 1.3), ("B", 2))}
    table = measure_keyness(make_counts(texts), target="A", min_count=1).table
    bound = [row.low if row.log_ratio >= 0 else -row.high for row in table.itertuples()]
    keys = [(-abs(row.lrc), -limit, -abs(row.log_ratio), -row.n_target - row.n_reference, row.term)
            for row, limit in zip(table.itertuples(), bound, strict=True)]
    assert keys == sorted(keys) and len(set(table["lrc"])) > 1


@pytest.mark.parametrize(("columns", "n_words"), [({}, None), ({"n_words": (10, 20)}, (10, 20))])
def test_further_measures_use_the_sums_if_no_sizes_are_given(columns, n_words):
    table = pd.DataFrame({"n_target": [3, 4], "n_reference": [1, 9]})
    sizes = n_words or (7, 10)
    assert add_measures(table, ["g2"], **columns)["g2"].tolist() == formulas.g2([3, 4], [1, 9], *sizes).tolist()


def test_stop_words_are_grouped_by_kind_the_most_frequent_first():
    counts = pd.DataFrame({"term": ["an", "the", "a", "of", "to", "by"], "n": [2, 9, 2, 3, 3, 20]})
    listed = count_stop_words(counts)
    assert listed[["n", "terms", "n_terms"]].values.tolist() == [[26, "by, of, to", 3], [13, "the, a, an", 3]]


@pytest.mark.parametrize(("n_target", "n_reference", "n_terms"), [(416, 497, 407), (1000, 50, 3), (50, 1000, 1)])
def test_the_smallest_contrast_is_the_first_number_whose_g2_is_enough(n_target, n_reference, n_terms):
    limit = chi2.isf(0.05 / n_terms, 1)
    contrast = smallest_contrast(n_target, n_reference, n_terms)
    sides = ((contrast.n_target_alone, n_target, n_reference), (contrast.n_reference_alone, n_reference, n_target))
    for alone, here, there in sides:
        first = next((k for k in range(1, here + 1) if formulas.g2(k, 0, here, there) >= limit), None)
        assert alone == first


def test_no_terms_count_as_one_comparison():
    assert smallest_contrast(416, 497, 0).g2 == smallest_contrast(416, 497, 1).g2 == pytest.approx(3.841459)


def test_per_1k_and_articles_are_of_each_side():
    counts = make_counts({"a/1": ("A", "red red blue"), "a/2": ("A", "blue"), "b/1": ("B", "red blue blue blue blue")})
    row = measure_keyness(counts, target="A", min_count=1).table.set_index("term").loc["red"]
    assert row[["per_1k_target", "per_1k_reference", "n_articles_target", "n_articles_reference"]].tolist() == [
        500, 200, 1, 1]


def test_no_permutations_give_no_p_and_the_defaults_are_those_of_the_docs():
    counts = draw_counts(5, 5)
    assert "p" not in measure_keyness(counts, target="A", n_permutations=0).table
    small = make_counts({"a": ("A", "x x y y z"), "b": ("B", "x w w w the the the")})
    assert set(measure_keyness(small, target="A").table["term"]) == {"w", "x"}


def test_keys_choose_the_right_number_of_articles_if_marking_would_be_slower():
    in_target = np.arange(1_000) < 500
    blocks = list(_draw_permutations(in_target, 250, 5_000, np.random.default_rng(1)))
    divisions = np.concatenate([_mark_chosen_articles(block, 500) for block in blocks])
    assert divisions.shape == (250, 1_000) and (divisions.sum(axis=1) == 500).all()
    assert np.abs(divisions.mean(axis=0) - 0.5).max() < 0.15


def test_the_defaults_of_keyness_are_documented():
    counts = draw_counts(6, 7)
    options = {"min_count": 3, "stop_words": False, "n_permutations": 999, "seed": 0}
    asked = measure_keyness(counts, target="A", **options).table
    pd.testing.assert_frame_equal(measure_keyness(counts, target="A").table, asked)
    pd.testing.assert_frame_equal(compare_pair(build_matrix(counts), Pair("A", None)).table, asked)
    outlets = measure_outlets(counts).table.drop(columns=["target", "reference"])
    pd.testing.assert_frame_equal(outlets, asked)


def test_by_default_a_permutation_test_draws_999_and_refines():
    matrix = build_matrix(draw_counts(8, 9))
    given = matrix, matrix.outlets == "A", np.arange(len(matrix.terms))
    for ours, asked in zip(permute_articles(*given), permute_articles(*given, n_permutations=999, seed=0, refine=True),
                           strict=True):
        np.testing.assert_array_equal(ours, asked)


def test_both_sides_are_named_before_the_columns_of_keyness():
    assert list(measure_outlets(TWO).table) == ["target", "reference", *KEYNESS_COLUMNS]
    assert list(measure_outlets(TWO[TWO["outlet"] == "A"]).table) == ["target", "reference", *KEYNESS_COLUMNS]


def test_of_terms_without_a_finite_limit_the_larger_ratio_comes_first():
    text = "x " + "y " * 2 + "z " * 3 + "the " * 994  # none is in A, whose 100 words are too few to tell
    counts = make_counts({"a": ("A", "the " * 100), "b": ("B", text)})
    table = measure_keyness(counts, target="A", min_count=1).table
    assert table["term"].tolist() == ["z", "y", "x"] and np.isneginf(table["low"]).all()
    assert not table["lrc"].any() and (table["log_ratio"] < 0).all()


def test_each_side_has_the_dispersion_over_its_own_articles():
    counts = make_counts({"a/1": ("A", "x x y"), "a/2": ("A", "x y y y y z z"), "b/1": ("B", "x y"),
                          "b/2": ("B", "x x x x z z"), "b/3": ("B", "z y")})
    table = measure_keyness(counts, target="A", min_count=1).table.set_index("term")
    for outlet, side in (("A", "target"), ("B", "reference")):
        alone = measure_dispersion(counts[counts["outlet"] == outlet], min_count=1).set_index("term")["dp_norm"]
        assert table[f"dp_norm_{side}"].to_dict() == pytest.approx(alone[table.index].to_dict())


def test_without_another_outlet_no_articles_are_compared():
    support = measure_keyness(TWO[TWO["outlet"] == "A"], target="A").support
    assert (support.n_target, support.n_reference) == (0, 0)
