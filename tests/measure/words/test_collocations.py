"""Collocations against nltk, quanteda's own test and the formula written out."""

import math
from itertools import product

import pytest
from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

from samestory.base.errors import SameStoryError, UnknownName
from samestory.measure.words.collocations import NLTK_MEASURES, collocate, measure_collocations
from tests.support.handmade_tables import make_tables

TALKS = {
    "cgtn/1": ("CGTN", "China and the U.S. met in Alaska .\nThe U.S. side spoke . The U.S. side left ."),
    "cgtn/2": ("CGTN", "It was the U.S. side ."),
    "cnn/1": ("CNN", "The United States met China . Nobody told us ."),
}


@pytest.mark.parametrize(("measure", "window"), [("pmi", 2), ("likelihood_ratio", 2), ("dice", 4)])
def test_collocations_are_scored_as_nltk_scores_the_text(measure, window):
    text = "the cat saw the dog and the cat ran to the dog and the cat sat"
    ours = collocate(make_tables({"a": ("CNN", text)}), measure=measure, window=window, min_count=1,
                     stop_words=True, top_n=1000)
    theirs = BigramCollocationFinder.from_words(text.split(), window_size=window)
    expected = dict(theirs.score_ngrams(getattr(BigramAssocMeasures, measure)))
    assert {(row.term_a, row.term_b): row.score for row in ours.itertuples()} == pytest.approx(expected)


@pytest.mark.slow
def test_lambda_agrees_with_quantedas_own_test():
    tables = make_tables({"a": ("CNN", "I like good ice cream"), "b": ("CNN", "Me too . I like good ice cream")})
    for measure, published in (("lambda", 4.317488), ("lambda_z", 2.027787)):
        pairs = collocate(tables, measure=measure, min_count=1, stop_words=True, top_n=99)
        row = pairs[(pairs["term_a"] == "good") & (pairs["term_b"] == "ice")].iloc[0]
        assert row["n"] == 2 and row["score"] == pytest.approx(published, abs=5e-7)


@pytest.mark.slow
def test_rare_pairs_still_count_for_lambda():
    tables = make_tables({"a": ("CNN", "a b a b a c d e")})
    one, all_ = (collocate(tables, measure="lambda", min_count=n, stop_words=True) for n in (2, 1))
    wanted = all_[all_["n"] >= 2].reset_index(drop=True)
    assert one["score"].tolist() == wanted["score"].tolist()


def test_every_measure_is_one_of_nltk():
    assert all(callable(getattr(BigramAssocMeasures, measure)) for measure in NLTK_MEASURES)


def test_collocations_of_a_word_have_it_on_one_side():
    pairs = collocate(make_tables(TALKS), node="U.S.", min_count=2)
    columns = ["outlet", "term_a", "term_b", "n"]
    assert pairs[columns].to_numpy().tolist() == [["CGTN", "united states", "side", 3]]


@pytest.mark.slow
def test_no_collocations_have_the_same_columns():
    none, some = collocate(make_tables(TALKS), min_count=99), collocate(make_tables(TALKS), min_count=1)
    assert len(none) == 0 and none.dtypes.to_dict() == some.dtypes.to_dict()


def test_a_misspelt_measure_gets_the_nearest():
    with pytest.raises(UnknownName, match="'dice'"):
        collocate(make_tables(TALKS), measure="dyce")


def test_three_words_are_scored_by_their_eight_cells():
    text = "a b c a b d a e c a b c f b c".split()
    threes = list(zip(text, text[1:], text[2:], strict=False))
    cells = {cell: 0.5 + sum(tuple(int(x == y) for x, y in zip(three, "abc", strict=True)) == cell for three in threes)
             for cell in product((0, 1), repeat=3)}
    expected = sum((-1) ** (3 - sum(cell)) * math.log(n) for cell, n in cells.items())
    found = measure_collocations([text], size=3, min_count=1)
    row = found.set_index(["term_a", "term_b", "term_c"]).loc[("a", "b", "c")]
    assert row[["n", "n_a", "n_b", "n_c"]].tolist() == [2, 4, 4, 4] and row["lambda"] == pytest.approx(expected)
    assert row["lambda_z"] == pytest.approx(expected / math.sqrt(sum(1 / n for n in cells.values())))


def test_a_gap_separates_words_but_counts_in_the_totals():
    plain = measure_collocations(["a b the c a b".split()], min_count=1).set_index(["term_a", "term_b"])
    gapped = measure_collocations([["a", "b", None, "c", "a", "b"]], min_count=1).set_index(["term_a", "term_b"])
    assert sorted(gapped.index) == [("a", "b"), ("c", "a")]
    assert gapped["lambda"].to_dict() == plain.loc[gapped.index, "lambda"].to_dict()


@pytest.mark.slow
def test_lists_of_words_are_scored_like_articles_by_every_measure():
    words = "the cat saw the dog and the cat ran".split()
    listed = measure_collocations([words], measures=NLTK_MEASURES, min_count=1)
    for measure in NLTK_MEASURES:
        ours = collocate(make_tables({"a": ("CNN", " ".join(words))}), measure=measure, min_count=1, stop_words=True)
        own = dict(zip(zip(listed["term_a"], listed["term_b"], strict=True), listed[measure], strict=True))
        assert {(row.term_a, row.term_b): row.score for row in ours.itertuples()} == pytest.approx(own)


@pytest.mark.slow
def test_three_words_of_articles_are_counted_by_outlet():
    threes = collocate(make_tables(TALKS), size=3, measure="lambda", min_count=2, stop_words=True)
    assert threes[["outlet", "term_a", "term_b", "term_c", "n"]].to_numpy().tolist() == [
        ["CGTN", "the", "united states", "side", 3]]


@pytest.mark.parametrize("asked", [{"size": 4}, {"size": 3, "measures": ["pmi"]}, {"size": 3, "window": 5}])
def test_unscorable_requests_are_refused(asked):
    with pytest.raises(SameStoryError, match="expected"):
        measure_collocations([["a", "b"]], **asked)


def test_no_words_make_an_empty_table():
    assert list(measure_collocations([])) == ["term_a", "term_b", "n", "n_a", "n_b", "lambda", "lambda_z"]


def test_a_word_that_makes_up_nearly_all_words_has_no_score_with_itself():
    found = measure_collocations([["a", "b", *["w"] * 9]] * 2, measures=["likelihood_ratio", "pmi"])
    scores = found.set_index(["term_a", "term_b"])["likelihood_ratio"]
    assert scores["a", "b"] > 0
    assert measure_collocations([["w"] * 9], measures=["likelihood_ratio"])["likelihood_ratio"].isna().all()


@pytest.mark.slow
def test_collocations_are_sorted_by_score_then_frequency_then_alphabetically():
    text = " . ".join(["red sky"] * 2 + ["big sea"] * 2 + ["old oak", "new oak"])
    tables = make_tables({"b": ("CNN", text), "a": ("BBC", "no one . no one")})
    options = {"measure": "raw_freq", "min_count": 1, "stop_words": True}
    found = collocate(tables, **options)
    assert (found["term_a"] + " " + found["term_b"]).tolist() == ["no one", "big sea", "red sky", "new oak", "old oak"]
    assert collocate(tables, **options, top_n=1)["term_a"].tolist() == ["no", "big"]


@pytest.mark.slow
def test_three_occurrences_make_a_pair_and_twenty_pairs_are_shown():
    few = "red sky . red sky . big sea . big sea . big sea"
    assert collocate(make_tables({"a": ("CNN", few)}))["n"].tolist() == [3]
    many = " . ".join(f"w{i} x{i}" for i in range(25) for _ in range(3))
    assert len(collocate(make_tables({"a": ("CNN", many)}))) == 20


def test_collocations_of_lists_are_sorted_by_the_first_measure_and_occur_twice():
    texts = [["a", "b"], ["a", "b"], ["c", "d"], ["c", "d"], ["c", "d"], ["e", "f"]]
    assert measure_collocations(texts, measures=["raw_freq"])["term_a"].tolist() == ["c", "a"]
    assert measure_collocations(texts, measures=["pmi"])["term_a"].tolist() == ["a", "c"]
    assert measure_collocations(texts, measures=[])["term_a"].tolist() == ["c", "a"]


@pytest.mark.parametrize(("window", "n"), [(1, 2), (2, 2), (3, 3), (4, 3)])
def test_the_window_of_a_pair_has_at_least_two_words(window, n):
    assert len(measure_collocations([["a", "b", "c"]], window=window, min_count=1)) == n


@pytest.mark.parametrize("window", [1, 2])
def test_three_words_are_in_a_row(window):
    found = measure_collocations([["a", "b", "c", "d"]], size=3, window=window, min_count=1)
    assert found[["term_a", "term_b", "term_c"]].agg("".join, axis=1).tolist() == ["abc", "bcd"]
    with pytest.raises(SameStoryError, match="window 3"):
        measure_collocations([["a", "b", "c", "d"]], size=3, window=3)


def test_smoothing_is_added_to_each_cell():
    found = measure_collocations([["a", "b", "c", "a", "b"]], min_count=2, add=1)
    assert found["lambda"].tolist() == pytest.approx([math.log(3 * 3 / (1 * 1))])


@pytest.mark.parametrize(("words", "scored"), [("w w w x", True), ("w w w", False), ("w w", False), ("w w x", True)])
def test_a_word_next_to_itself_is_scored_if_there_is_another_word(words, scored):
    found = measure_collocations([words.split()], measures=["pmi"], min_count=1).set_index(["term_a", "term_b"])
    assert (found.loc[("w", "w"), "pmi"] == found.loc[("w", "w"), "pmi"]) == scored  # a missing score equals nothing


def test_collocations_of_ngrams_are_refused():
    with pytest.raises(UnknownName, match="no unit '2-gram'"):
        collocate(make_tables(TALKS), unit="2-gram")
