"""Relations: who speaks about whom, who is named with whom, and where each is first named."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import permutation_test

from samestory.measure.names.relations import (
    _flip_signs,
    count_first_mentions,
    count_spoken_names,
    find_first_mentions,
    find_spoken_names,
    measure_links,
)
from tests.support.tagged_corpus import write_tagged

TOGETHER = ["[ Ada Voss ] met/VERB [ Bo Karr ]", "rain", "sun", "wind"]
APART = ["[ Ada Voss ] slept/VERB", "[ Bo Karr ] ate/VERB", "sun", "wind"]


def make_quotations(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame([{"quotation_id": f"a/q{start}", "article_id": "a", "outlet": "Alpha", "speaker_name": speaker,
                          "speaker_entity_id": f"PERSON:{speaker}", "content_spans": [{"start": start, "end": end}]}
                         for speaker, start, end in rows])


def test_names_within_content_are_spoken_of_but_not_the_speaker(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ['[ Ada Voss ] said/VERB " [ Bo Karr ] "', "[ Ada Voss ]"]})
    quotations = make_quotations(("Ada Voss", 14, 60), ("(no speaker found)", 14, 60))
    table = count_spoken_names(find_spoken_names(tables, quotations))
    assert table.values.tolist() == [["Ada Voss", "Bo Karr", "Alpha", 1, 0, 1, 1]]


def test_spoken_names_of_nothing_have_the_same_columns(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["rain"]})
    found = find_spoken_names(tables, make_quotations(("Ada Voss", 0, 4)))
    assert found.empty
    assert list(count_spoken_names(found))[:3] == ["speaker_name", "name", "outlet"]


def test_first_mentions_are_shares_of_the_article(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["# [ Ada Voss ]", "[ Bo Karr ] met/VERB [ Ada Voss ]"],
                                     ("b", "Alpha"): ["rain fell/VERB", "[ Ada Voss ]"]})
    found = find_first_mentions(tables)
    assert found[["article_id", "name", "in_headline", "n_mentions"]].values.tolist() == [
        ["a", "Ada Voss", True, 2], ["a", "Bo Karr", False, 1], ["b", "Ada Voss", False, 1]]
    assert found["percent"].round(1).tolist() == [0, 31.0, 55.6]
    table = count_first_mentions(found, label="PERSON")
    assert table.iloc[0].tolist() == ["Ada Voss", "PERSON", "Alpha", 3, 2, 1, 27.8]


def test_first_mentions_of_nothing_have_the_same_columns(tmp_path):
    found = find_first_mentions(write_tagged(tmp_path, {("a", "Alpha"): ["rain"]}))
    assert list(count_first_mentions(found))[-1] == "first_percent"


def test_links_are_counted_beside_what_is_expected(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): TOGETHER, ("b", "Beta"): APART, ("c", "Beta"): ["[ Bo Karr ]"]})
    links = measure_links(tables)
    columns = ["name_a", "name_b", "n_sentences", "outlets", "expected", "n_articles", "n_naming_both"]
    assert links[columns].values.tolist() == [["Ada Voss", "Bo Karr", 1, "Alpha 1", 0.5, 1, 2]]
    assert links["p"].isna().all()
    assert "No pair is named by 5 articles" in links.attrs["sentence"]


def test_links_are_tested_from_five_articles_on(tmp_path):
    stories = {(f"{n}", "Alpha"): TOGETHER for n in range(6)}
    links = measure_links(write_tagged(tmp_path, stories))
    assert links["p"].between(0.012, 0.02).all()  # 1 of 64 ways to set six signs
    assert links.attrs["sentence"].startswith("1 of 1 pairs")


def test_one_article_with_many_sentences_is_no_test(tmp_path):
    links = measure_links(write_tagged(tmp_path, {("a", "Alpha"): TOGETHER * 50}))
    assert links[["n_sentences", "expected"]].values.tolist() == [[50, 12.5]]
    assert links["p"].isna().all()


def test_a_sentence_that_names_a_crowd_is_no_link(tmp_path):
    crowd = " , ".join(f"[ Firm{letter} ]ORG" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcde")
    links = measure_links(write_tagged(tmp_path, {("a", "Alpha"): [crowd]}))
    assert links.empty
    assert links.attrs["sentence"] == "No sentence names two entities."


def test_p_agrees_with_scipys_test_of_flipped_signs():
    surplus = np.random.default_rng(1).normal(0.3, 1, 9)
    cells = pd.DataFrame({"article_id": list("abcdefghi"), "pair": 0, "n": surplus, "expected": 0.0})
    exact = permutation_test((surplus,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="greater")
    assert _flip_signs(cells, 0)[0] == pytest.approx(exact.pvalue, abs=0.01)


@pytest.mark.parametrize("in_a_row", [1, 5])  # sentences that go together, as in a paragraph
def test_pairs_placed_at_random_are_seldom_found(in_a_row):
    """Of 1,500 pairs, each named independently in 12 articles, no more than .05 have a p of at most that."""
    generator, n = np.random.default_rng(2), 1_500
    shares = generator.uniform(0.1, 0.5, (2, n, 1, 1))
    a, b = (generator.random((2, n, 12, 25 // in_a_row)) < shares).repeat(in_a_row, axis=3)
    cells = pd.DataFrame({"article_id": np.tile(np.arange(12).astype(str), n), "pair": np.repeat(np.arange(n), 12),
                          "n": (a & b).sum(axis=2).ravel(),
                          "expected": (a.sum(axis=2) * b.sum(axis=2) / 25).ravel()})
    assert (_flip_signs(cells, 0) <= 0.05).mean() <= 0.06


def test_order_of_the_articles_does_not_matter(tmp_path):
    stories = {("1", "Alpha"): TOGETHER, ("2", "Beta"): APART, ("3", "Alpha"): TOGETHER[:2]}
    links = measure_links(write_tagged(tmp_path / "a", stories))
    again = measure_links(write_tagged(tmp_path / "b", dict(reversed(stories.items()))))
    pd.testing.assert_frame_equal(links, again)
