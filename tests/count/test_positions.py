"""Positions: which word of its article each place is, and strips that add up."""

import numpy as np
import pandas as pd
import pytest

from samestory.count.positions import MAX_SINGLE_ARTICLE_STRIPS, find_places, list_strips
from samestory.count.terms import count_terms
from tests.support.handmade_tables import make_tables


@pytest.fixture(scope="module")
def counts(seeds):
    return count_terms(seeds.folder)


def test_places_slice_back_and_add_up_to_the_counts(seeds, counts):
    places = find_places(seeds.folder, ["china", "united states"])
    texts = seeds.articles.set_index("article_id")["text"]
    said = {texts[row.article_id][row.start:row.end].lower() for row in places.itertuples() if row.term == "china"}
    assert said == {"china"}
    n = counts[counts["term"].isin(["china", "united states"])].groupby("term")["n"].sum()
    assert places["term"].value_counts().to_dict() == n.to_dict()


def test_words_are_numbered_from_the_first_to_the_last_of_the_article(seeds, counts):
    places = find_places(seeds.folder, list(counts["term"].unique()))
    sizes = counts.groupby("article_id")["n"].sum()
    for article_id, rows in places.groupby("article_id"):
        assert rows["word"].min() == 1 and rows["n_words"].unique() == [sizes[article_id]]
        assert rows["word"].max() <= sizes[article_id]
        assert rows.sort_values("start")["word"].is_monotonic_increasing


def test_a_spelling_finds_the_term_it_is_folded_into(seeds):
    assert set(find_places(seeds.folder, ["U.S."])["term"]) == {"united states"}


def test_few_articles_have_a_strip_each(seeds, counts):
    places = find_places(seeds.folder, ["china", "cui"])
    strips = list_strips(places, counts, ["china", "cui"], target="CGTN", reference="CNN")
    assert strips[["term", "outlet"]].to_numpy().tolist() == [
        ["china", "CGTN"], ["china", "CNN"], ["cui", "CGTN"], ["cui", "CNN"]]
    assert strips["n"].sum() == len(places) and (strips["n"] == strips["at"].map(len)).all()
    assert all(np.all((np.array(at) >= 0) & (np.array(at) < 100)) for at in strips["at"])


def test_more_articles_share_a_strip_a_side(seeds, counts):
    many = [counts.assign(article_id=counts["article_id"] + str(i)) for i in range(MAX_SINGLE_ARTICLE_STRIPS)]
    strips = list_strips(find_places(seeds.folder, ["china"]), pd.concat(many), ["china"], target="CNN",
                         reference="the rest")
    assert strips[["outlet", "article_id", "of_articles"]].to_numpy().tolist() == [
        ["CNN", "", MAX_SINGLE_ARTICLE_STRIPS], ["the rest", "", MAX_SINGLE_ARTICLE_STRIPS]]


PLACES = pd.DataFrame([("x", "a", 1, 4, True), ("x", "a", 4, 4, False), ("x", "b", 3, 9, False),
                       ("x", "c", 9, 9, True)],
                      columns=["term", "article_id", "word", "n_words", "in_quotation"])
COUNTS = pd.DataFrame([("a", "CNN", 4), ("b", "NPR", 4), ("b", "NPR", 5), ("c", "BBC", 9)],
                      columns=["article_id", "outlet", "n"])


def test_a_strip_says_where_each_place_is_in_percent_of_the_article():
    strips = list_strips(PLACES, COUNTS, ["x", "y"], target="CNN", reference="NPR")
    assert strips[["term", "outlet", "article_id", "n", "n_quoted", "n_articles", "of_articles", "n_words",
                   "at"]].values.tolist() == [
        ["x", "CNN", "a", 2, 1, 1, 1, 4, [0, 75]], ["x", "NPR", "b", 1, 0, 1, 1, 9, [22]],
        ["y", "CNN", "a", 0, 0, 0, 1, 4, []], ["y", "NPR", "b", 0, 0, 0, 1, 9, []]]
    assert strips["quoted"].tolist()[0] == [True, False]


def test_a_reference_that_is_no_outlet_means_all_the_others():
    strips = list_strips(PLACES, COUNTS, ["x"], target="NPR", reference="the rest")
    assert strips[["outlet", "article_id"]].values.tolist() == [["NPR", "b"], ["BBC", "c"], ["CNN", "a"]]


@pytest.mark.parametrize(("n", "n_strips"), [(4, 4), (5, 2)])
def test_up_to_four_articles_have_a_strip_each_and_places_come_in_order(n, n_strips):
    counts = pd.DataFrame({"article_id": [f"{i}" for i in range(n)], "outlet": ["A", *["B"] * (n - 1)], "n": 10})
    places = pd.DataFrame({"term": "x", "article_id": [f"{i}" for i in range(n)], "word": range(10, 10 - n, -1),
                           "n_words": 10, "in_quotation": False})
    strips = list_strips(places, counts, ["x"], target="A", reference="B")
    assert len(strips) == n_strips and strips["at"].tolist()[0] == [90]
    assert [percent for at in strips["at"][1:] for percent in at] == ([80, 70, 60] if n == 4 else [50, 60, 70, 80])


@pytest.mark.parametrize(("fold", "n"), [(True, 1), (False, 0)])
def test_a_place_is_numbered_among_the_words_from_one(fold, n):
    places = find_places(make_tables({"a": ("CNN", "One , U.S. talks")}), ["US"], fold=fold)
    assert len(places) == n and places[["word", "n_words"]].values.tolist() == [[2, 3]] * n
