"""Relations: who speaks about whom, who is named with whom, and where each is first named."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import permutation_test

from samestory.measure.names.relations import (
    Links,
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
    table = count_spoken_names(find_spoken_names(tables, quotations)).table
    assert table.values.tolist() == [["Ada Voss", "Bo Karr", "Alpha", 1, 0, 1, 1]]


def test_spoken_names_of_nothing_have_the_same_columns(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["rain"]})
    found = find_spoken_names(tables, make_quotations(("Ada Voss", 0, 4)))
    assert found.empty
    assert list(count_spoken_names(found).table)[:3] == ["speaker_name", "name", "outlet"]


def test_first_mentions_are_shares_of_the_article(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["# [ Ada Voss ]", "[ Bo Karr ] met/VERB [ Ada Voss ]"],
                                     ("b", "Alpha"): ["rain fell/VERB", "[ Ada Voss ]"]})
    found = find_first_mentions(tables)
    assert found[["article_id", "name", "in_headline", "n_mentions"]].values.tolist() == [
        ["a", "Ada Voss", True, 2], ["a", "Bo Karr", False, 1], ["b", "Ada Voss", False, 1]]
    assert found["percent"].round(1).tolist() == [0, 31.0, 55.6]
    table = count_first_mentions(found, label="PERSON").table
    assert table.iloc[0].tolist() == ["Ada Voss", "PERSON", "Alpha", 3, 2, 1, 27.8]


def test_first_mentions_of_nothing_have_the_same_columns(tmp_path):
    found = find_first_mentions(write_tagged(tmp_path, {("a", "Alpha"): ["rain"]}))
    assert list(count_first_mentions(found).table)[-1] == "first_percent"


def test_links_are_counted_next_to_the_expected_number(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): TOGETHER, ("b", "Beta"): APART, ("c", "Beta"): ["[ Bo Karr ]"]})
    found = measure_links(tables)
    links = found.table
    columns = ["name_a", "name_b", "n_sentences", "outlets", "expected", "n_articles", "n_naming_both"]
    assert links[columns].values.tolist() == [["Ada Voss", "Bo Karr", 1, "Alpha 1", 0.5, 1, 2]]
    assert links["p"].isna().all()
    assert (found.n_pairs, found.n_tested, found.most_articles) == (1, 0, 2)
    assert "at most by 2" in found.sentence


def test_links_are_tested_from_five_articles_on(tmp_path):
    stories = {(f"{n}", "Alpha"): TOGETHER for n in range(6)}
    links = measure_links(write_tagged(tmp_path, stories))
    assert links.table["p"].between(0.012, 0.02).all()  # 1 of 64 ways to set six signs
    assert (links.n_pairs, links.n_tested) == (1, 1) and links.sentence.startswith("1 of 1 pairs")


def test_one_article_with_many_sentences_is_not_tested(tmp_path):
    links = measure_links(write_tagged(tmp_path, {("a", "Alpha"): TOGETHER * 50})).table
    assert links[["n_sentences", "expected"]].values.tolist() == [[50, 12.5]]
    assert links["p"].isna().all()


def test_a_sentence_that_names_a_crowd_makes_no_link(tmp_path):
    crowd = " , ".join(f"[ Firm{number} ]ORG" for number in range(31))
    links = measure_links(write_tagged(tmp_path, {("a", "Alpha"): [crowd]}))
    assert links.table.empty and links.n_tested == 0 and links.sentence.startswith("No sentence")


def test_p_agrees_with_scipys_test_of_flipped_signs():
    surplus = np.random.default_rng(1).normal(0.3, 1, 9)
    cells = pd.DataFrame({"article_id": list("abcdefghi"), "pair": 0, "n": surplus, "expected": 0.0})
    exact = permutation_test((surplus,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="greater")
    assert _flip_signs(cells, 0)[0] == pytest.approx(exact.pvalue, abs=0.01)


@pytest.mark.parametrize("in_a_row", [1, 5])  # sentences that go together, as in a paragraph
def test_pairs_placed_at_random_are_seldom_found(in_a_row):
    """Of 1,500 pairs, each named independently in 12 articles, at most 5 % have a p of at most .05."""
    generator, n = np.random.default_rng(2), 1_500
    shares = generator.uniform(0.1, 0.5, (2, n, 1, 1))
    a, b = (generator.random((2, n, 12, 25 // in_a_row)) < shares).repeat(in_a_row, axis=3)
    cells = pd.DataFrame({"article_id": np.tile(np.arange(12).astype(str), n), "pair": np.repeat(np.arange(n), 12),
                          "n": (a & b).sum(axis=2).ravel(),
                          "expected": (a.sum(axis=2) * b.sum(axis=2) / 25).ravel()})
    assert (_flip_signs(cells, 0) <= 0.05).mean() <= 0.06


@pytest.mark.slow
def test_order_of_the_articles_does_not_matter(tmp_path):
    stories = {("1", "Alpha"): TOGETHER, ("2", "Beta"): APART, ("3", "Alpha"): TOGETHER[:2]}
    links = measure_links(write_tagged(tmp_path / "a", stories))
    again = measure_links(write_tagged(tmp_path / "b", dict(reversed(stories.items()))))
    pd.testing.assert_frame_equal(links.table, again.table)


@pytest.mark.slow
def test_pairs_with_most_sentences_then_articles_come_first(tmp_path):
    tables = write_tagged(tmp_path, {
        ("1", "Alpha"): ["[ Ada Voss ] [ Bo Karr ]"] * 2 + ["[ Cy Orr ] [ Di Poe ]", "[ Ed Roe ] [ Flo Soe ]"],
        ("2", "Alpha"): ["[ Cy Orr ] [ Di Poe ]", "[ Al Moe ] [ Ed Roe ]", "[ Al Moe ] [ Flo Soe ]"]})
    assert measure_links(tables).most_articles == 2
    links = measure_links(tables).table
    assert (links["name_a"] + "+" + links["name_b"]).tolist() == [
        "Cy Orr+Di Poe", "Ada Voss+Bo Karr", "Al Moe+Ed Roe", "Al Moe+Flo Soe", "Ed Roe+Flo Soe"]


@pytest.mark.parametrize(("n", "n_links"), [(30, 435), (31, 0)])
def test_a_list_of_more_than_thirty_names_is_not_a_sentence(tmp_path, n, n_links):
    crowd = " ".join(f"[ Firm{chr(65 + i // 26)}{chr(97 + i % 26)} ]ORG" for i in range(n))
    tables = write_tagged(tmp_path, {("a", "Alpha"): [crowd, "[ Ada Voss ] [ Bo Karr ]", "rain"]})
    links = measure_links(tables).table
    assert len(links) == n_links + 1
    people = links[links["name_a"] == "Ada Voss"].iloc[0]
    assert people["expected"] == pytest.approx(1 / (3 if n_links else 2))  # a list is left out of the sentences


@pytest.mark.slow
def test_pairs_are_formed_among_those_that_most_articles_name(tmp_path):
    tables = write_tagged(tmp_path, {("1", "Alpha"): ["[ Bo Karr ] [ Cy Orr ] [ Ada Voss ]", "[ Ada Voss ]"],
                                     ("2", "Alpha"): ["[ Cy Orr ]"]})
    assert measure_links(tables, among=2).table[["name_a", "name_b"]].values.tolist() == [["Ada Voss", "Cy Orr"]]
    assert measure_links(tables, among=1).table.empty


@pytest.mark.parametrize(("n", "listed"), [(4, "o3 2, o0 1, o1 1, o2 1"), (5, "o4 2, o0 1, o1 1, o2 1 and 1 more")])
def test_four_outlets_of_a_pair_are_listed_by_number_of_sentences(tmp_path, n, listed):
    stories = {(f"{i}", f"o{i}"): ["[ Ada Voss ] [ Bo Karr ]"] * (1 + (i == n - 1)) for i in range(n)}
    assert measure_links(write_tagged(tmp_path, stories)).table["outlets"].tolist() == [listed]


def test_pairs_are_tested_with_five_articles_and_corrected_for_their_number(tmp_path):
    people = "[ Ada Voss ] met/VERB [ Bo Karr ] and [ Cy Orr ]"
    stories = {(f"{i}", "Alpha"): [people if i < 4 else "[ Ada Voss ] met/VERB [ Bo Karr ]", "rain", "sun", "wind"]
               for i in range(5)}
    links = measure_links(write_tagged(tmp_path, stories)).table.set_index(["name_a", "name_b"])
    p = links.loc[("Ada Voss", "Bo Karr"), "p"]
    assert p == pytest.approx(1 / 32, abs=0.003) == links.loc[("Ada Voss", "Bo Karr"), "q_bh"]
    assert links["p"].notna().sum() == 1 and links["n_naming_both"].tolist() == [5, 4, 4]


def test_equal_sums_reach_the_observed_one_despite_rounding():
    n = [0.1, 0.2, 0.3, 0.7, 0.7, 0.0]
    cells = pd.DataFrame({"article_id": list("abcdef"), "pair": 0, "n": n, "expected": 0.0})
    assert _flip_signs(cells, 0)[0] == pytest.approx(1 / 32, abs=0.003)  # the last article's sign changes nothing
    nothing = cells.assign(n=0.0)
    assert _flip_signs(nothing, 0)[0] == 1


def test_a_small_p_is_drawn_more_finely():
    cells = pd.DataFrame({"article_id": [f"{i:02}" for i in range(40)], "pair": 0, "n": 1.0, "expected": 0.5})
    assert _flip_signs(cells, 0)[0] == 1 / 200_000  # 9,999 draws and 190,000 more, the real one counted
    unsure = cells.assign(pair=np.arange(40) // 20, n=np.tile([1.0, 0.0], 20))
    assert (_flip_signs(unsure, 0) * 10_000).tolist() == pytest.approx([5_880, 5_880], abs=150)
    assert np.allclose(_flip_signs(unsure, 0) * 10_000, np.round(_flip_signs(unsure, 0) * 10_000))  # not drawn again


def make_spoken(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["speaker_name", "name", "outlet"])
    return table.assign(is_direct=False, start=range(len(rows)), quotation_id="q", article_id="a")


def test_the_speaker_with_most_names_comes_first_with_the_most_frequent_name():
    rows = [("Bo", "x", "NPR"), ("Bo", "x", "CNN"), ("Bo", "z", "CNN"), ("Bo", "y", "CNN"), ("Cy", "x", "CNN"),
            ("Ada", "x", "CNN")]
    table = count_spoken_names(make_spoken(*rows)).table
    assert table[["speaker_name", "name", "outlet"]].agg(" ".join, axis=1).tolist() == [
        "Bo x CNN", "Bo x NPR", "Bo y CNN", "Bo z CNN", "Ada x CNN", "Cy x CNN"]


def test_names_of_the_speaker_are_not_spoken_of_by_id_or_by_name(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ['[ Ada Voss ] and [ Bo Karr ]']})
    quotations = make_quotations(("Ada Voss", 0, 60)).assign(speaker_entity_id=[None])
    assert find_spoken_names(tables, quotations)["name"].tolist() == ["Bo Karr"]
    quotations = make_quotations(("Minister Voss", 0, 60)).assign(speaker_entity_id=["PERSON:Ada Voss"])
    assert find_spoken_names(tables, quotations)["name"].tolist() == ["Bo Karr"]


def test_a_name_is_spoken_if_it_begins_within_the_content(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["it [ Ada Voss ] saw [ Bo Karr ] and [ Cy Orr ]"]})  # 3, 16, 28
    cases = [(3, 16, ["Ada Voss"]), (4, 17, ["Bo Karr"]), (4, 28, ["Bo Karr"]),
             (0, 29, ["Ada Voss", "Bo Karr", "Cy Orr"])]
    for start, end, names in cases:
        assert find_spoken_names(tables, make_quotations(("Ed", start, end)))["name"].tolist() == names


def test_mentions_of_the_second_article_are_found_too(tmp_path):
    tables = write_tagged(tmp_path, {("0", "Alpha"): ["[ Cy Orr ]", "[ Di Poe ]"], ("a", "Alpha"): ["it [ Ada Voss ]"]})
    assert find_spoken_names(tables, make_quotations(("Ed", 0, 60)))["name"].tolist() == ["Ada Voss"]


def make_first(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["name", "outlet", "n_mentions", "percent"])
    return table.assign(entity_id=table["name"], label="ORG", article_id="a", in_headline=False)


def test_first_mentions_are_sorted_by_number_of_mentions_then_alphabetically():
    rows = [("b", "NPR", 1, 0.0), ("b", "CNN", 2, 0.0), ("a", "CNN", 1, 2.0), ("a", "CNN", 1, 5.04),
            ("c", "CNN", 9, 0.0)]
    table = count_first_mentions(make_first(*rows)).table
    assert table[["name", "outlet", "n_mentions", "n_articles", "first_percent"]].values.tolist() == [
        ["c", "CNN", 9, 1, 0], ["b", "CNN", 2, 1, 0], ["b", "NPR", 1, 1, 0], ["a", "CNN", 2, 2, 3.5]]
    assert count_first_mentions(make_first(*rows), label="PERSON").table.empty


@pytest.mark.parametrize(("count", "make"), [(count_spoken_names, lambda n: make_spoken((f"{n:02}", "x", "CNN"))),
                                             (count_first_mentions, lambda n: make_first((f"{n:02}", "CNN", 1, 0.0)))])
def test_fifteen_are_shown(count, make):
    found = pd.concat([make(n) for n in range(20)], ignore_index=True)
    assert len(count(found).table) == 15 and len(count(found, top_n=2).table) == 2


def test_a_name_is_in_the_headline_up_to_its_end(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["# rain", "[ Ada Voss ]"], ("b", "Alpha"): ["# [ Ada Voss ]"]})
    found = find_first_mentions(tables)
    assert found["in_headline"].tolist() == [False, True] and found["percent"].round(2).tolist() == [38.46, 0]


@pytest.mark.slow
def test_the_defaults_of_links_are_documented(tmp_path):
    tables = write_tagged(tmp_path, {(f"{n}", "Alpha"): TOGETHER if n % 3 else APART for n in range(12)})
    links = measure_links(tables).table
    pd.testing.assert_frame_equal(links, measure_links(tables, among=300, seed=0).table)
    assert links["p"].tolist() != measure_links(tables, seed=1).table["p"].tolist()


def test_links_are_significant_up_to_a_false_discovery_rate_of_five_percent():
    table = pd.DataFrame({"q_bh": [0.01, 0.05, 0.0501, 0.5, None]})
    sentence = Links(table, n_pairs=1_234, n_tested=4, most_articles=9).sentence
    assert sentence.startswith("4 of 1,234 pairs") and " 2 of them " in sentence
    assert "at most by 4" in Links(table, n_pairs=5, n_tested=0, most_articles=4).sentence


@pytest.mark.slow
def test_pairs_reached_by_ten_draws_are_not_drawn_again():
    cells = pd.DataFrame({"article_id": [f"{i:03}" for i in range(600)], "pair": np.arange(600) // 10, "n": 1.0,
                          "expected": 0.0})
    p = _flip_signs(cells, 0)
    assert (p == 11 / 10_000).sum() > 3 >= (p == 10 / 10_000).sum()
    assert p == pytest.approx(np.full(60, 1 / 1_024), abs=0.0012)


def test_the_first_mention_is_a_share_of_headline_and_body_only():
    mentions = pd.DataFrame({"article_id": "a", "start": [70, 30], "end": [75, 35], "entity_id": "x", "name": "",
                             "label": ""})
    tables = SimpleNamespace(
        sentences=pd.DataFrame({"article_id": "a", "role": ["headline", "body"], "start": [10, 40], "end": [35, 90]}),
        mentions=mentions, entities=pd.DataFrame({"entity_id": ["x"], "name": "X", "label": "ORG"}),
        articles=pd.DataFrame({"article_id": ["a"], "outlet": "CNN"}))
    row, = find_first_mentions(tables).itertuples()
    assert (row.start, row.percent, row.in_headline, row.n_mentions) == (30, 25, True, 2)
    later = SimpleNamespace(**vars(tables) | {"mentions": mentions.assign(start=[70, 35])})
    assert not find_first_mentions(later)["in_headline"].any()


@pytest.mark.slow
def test_pairs_are_formed_among_three_hundred(tmp_path):
    names = [f"[ Firm{i:03} ]ORG" for i in range(301)]
    sentences = [f"{a} and {b}" for a, b in zip(names[::2], [*names[1::2], names[0]], strict=True)]
    links = measure_links(write_tagged(tmp_path, {("a", "Alpha"): sentences})).table
    assert len(links) == 150 and "Firm299" in set(links["name_b"])


def test_pairs_go_together_up_to_a_false_discovery_rate_of_five_percent():
    found = Links(pd.DataFrame({"q_bh": [0.01, 0.05, 0.0501, 0.9, 0.2]}), n_pairs=9, n_tested=5, most_articles=7)
    assert found.sentence.startswith("5 of 9 pairs ") and " 2 of them " in found.sentence
