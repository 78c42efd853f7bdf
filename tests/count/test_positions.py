"""Positions: which word of its article each place is, and strips that add up."""

import numpy as np
import pandas as pd
import pytest

from samestory.count.positions import MAX_SINGLE_ARTICLE_STRIPS, find_places, list_strips
from samestory.count.terms import count_terms


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
