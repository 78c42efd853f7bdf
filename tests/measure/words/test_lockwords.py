"""Lockwords: a term is one only if its whole interval lies within the margin."""

import numpy as np
import pytest
from scipy.stats import t

from samestory.measure.formulas import log_ratio, log_ratio_interval
from samestory.measure.words.keyness import measure_outlets
from samestory.measure.words.keywords import pick_comparison
from samestory.measure.words.lockwords import LOCKWORD_LOG_RATIO_MARGIN, find_lockwords, find_min_lockword_counts
from tests.measure.words.test_divergence import make_counts


def find(articles, **options):
    counts = make_counts(articles)
    return find_lockwords(pick_comparison(measure_outlets(counts), counts), counts, **options)


def list_alike(articles, **options):
    table = find(articles, **options).table
    return set(table["term"][table["is_alike"]])


ALIKE = {"talks": 200, "summit": 300}


def test_frequent_words_of_equal_rate_are_alike_and_rare_ones_are_not():
    found = find([("A", ALIKE | {"rare": 3}), ("B", ALIKE | {"rare": 3})])
    table = found.table
    assert table["term"].tolist() == ["summit", "talks"] and found.n_terms == 3
    assert table["is_alike"].all() and found.sentence.startswith("Of 3 terms, 2 ")
    assert (table["low"] > -LOCKWORD_LOG_RATIO_MARGIN).all() and (table["high"] < LOCKWORD_LOG_RATIO_MARGIN).all()


def test_a_different_term_is_not_a_lockword():
    assert "talks" not in list_alike([("A", ALIKE), ("B", ALIKE | {"talks": 400})])


def test_a_wider_margin_lets_more_in():
    articles = [("A", ALIKE | {"harbour": 40}), ("B", ALIKE | {"harbour": 40})]
    assert list_alike(articles) < list_alike(articles, margin=1.0)


def test_the_nearest_terms_are_listed_but_are_not_lockwords():
    table = find([("A", ALIKE | {"harbour": 40}), ("B", ALIKE | {"harbour": 40})]).table.set_index("term")
    assert not table.loc["harbour", "is_alike"] and table.index[-1] == "harbour"


def test_a_word_in_bursts_is_alike_by_words_but_not_by_articles():
    articles = [(outlet, {"steady": 120, "harbour" if i else "burst": 500}) for outlet in "AB" for i in range(6)]
    table = find(articles).table
    assert "steady" in set(table["term"]) and "burst" not in set(table["term"])


def test_without_lockwords_the_least_frequency_is_given():
    found = find([("A", {"talks": 4, "trade": 6}), ("B", {"talks": 4, "trade": 6})])
    assert found.table.empty and found.min_counts == find_min_lockword_counts(10, 10)
    assert f"at least {found.min_counts[0]} times in A" in found.sentence


@pytest.mark.parametrize("sizes", [(390, 491), (5_000, 100), (6_783, 312_577)])
def test_the_least_frequency_is_the_first_within_the_margin(sizes):
    a, b = find_min_lockword_counts(*sizes)
    total = sum(sizes)
    for k, is_within in ((a + b, True), (a + b - 3, False)):
        limits = log_ratio_interval(k * sizes[0] / total, k * sizes[1] / total, *sizes)
        assert (np.abs(limits) < LOCKWORD_LOG_RATIO_MARGIN).all() == is_within


def test_one_outlet_has_no_lockword():
    found = find([("A", ALIKE)])
    assert found.table.empty and found.n_terms == 0 and found.min_counts is None


def find_limits(articles, **options):
    """low, high and is_alike of each term."""
    return find(articles, **options).table.set_index("term")[["low", "high", "is_alike"]]


def test_the_narrowest_interval_comes_first_then_the_alphabet():
    words = {"z": 900, "b": 300, "aa": 300, "c": 200}
    assert list(find_limits([("A", words), ("B", words)]).index) == ["z", "aa", "b", "c"]
    for sides in ((words | {"b": 420}, words), (words, words | {"b": 420})):  # far on one side is far
        assert list(find_limits(list(zip("AB", sides, strict=True)), margin=1).index)[-1] == "b"


@pytest.mark.parametrize(("share", "n_alike", "n_listed"), [
    (1.01, 1, 1), (1.0, 0, 1), (0.51, 0, 1), (0.5, 0, 0)])
def test_an_interval_within_the_margin_is_alike_and_within_twice_that_is_listed(share, n_alike, n_listed):
    counts = [("A", {"talks": 50, "trade": 5_000}), ("B", {"talks": 50, "trade": 5_000})]
    _, high, _ = find_limits(counts, margin=100).loc["talks"]
    limits = find_limits(counts, margin=share * high)
    assert limits["is_alike"].reindex(["talks"], fill_value=False).sum() == n_alike
    assert ("talks" in limits.index) == bool(n_listed)


def test_with_enough_articles_the_interval_has_the_article_as_its_unit():
    draw = np.random.default_rng(0)
    parts, words = draw.poisson(20, (2, 5)), draw.integers(200, 300, (2, 5))
    articles = [(outlet, {"talks": int(n), "trade": int(m - n)})
                for outlet, row, sizes in zip("AB", parts, words, strict=True) for n, m in zip(row, sizes, strict=True)]
    rates = parts.sum(axis=1) / words.sum(axis=1)
    spread = ((parts - rates[:, None] * words) ** 2).sum(axis=1) * 5 / 4 / words.sum(axis=1) ** 2
    reach = t.ppf(0.975, 4) * np.sqrt((spread / (rates * np.log(2)) ** 2).sum())
    middle = log_ratio(*parts.sum(axis=1), *words.sum(axis=1))
    exact = log_ratio_interval(*parts.sum(axis=1), *words.sum(axis=1))
    low, high, _ = find_limits(articles, margin=9).loc["talks"]
    assert (low, high) == pytest.approx((min(middle - reach, exact[0]), max(middle + reach, exact[1])))
    assert reach > 0.1 and (low < exact[0] or high > exact[1])
    few = find_limits(articles[:4] + articles[5:], margin=9).loc["talks"]
    assert few["low"] == pytest.approx(log_ratio_interval(
        parts[0, :4].sum(), parts[1].sum(), words[0, :4].sum(), words[1].sum())[0])


def test_with_three_outlets_the_pair_or_the_rest_is_compared():
    counts = make_counts([(outlet, ALIKE) for outlet in "ABC"])
    for options, total in (({"target": "A", "reference": "B"}, 200), ({"target": "A"}, 400)):
        comparison = pick_comparison(measure_outlets(counts, **options), counts)
        table = find_lockwords(comparison, counts).table.set_index("term")
        assert table.loc["talks", ["n_target", "n_reference"]].tolist() == [200, total]


def test_no_number_is_enough_for_no_margin():
    assert find_min_lockword_counts(1000, 1000, margin=2e-4) is None  # some 800 million
    assert find_min_lockword_counts(1000, 1000, margin=3e-4) is not None


def test_a_word_of_one_side_is_never_a_lockword():
    articles = [(outlet, ALIKE | ({"harbour": 9} if outlet == "A" else {})) for outlet in "AB" for _ in range(5)]
    assert "harbour" not in find_limits(articles, margin=99).index


def test_the_sentence_has_the_margins_as_ratios():
    articles = [(outlet, ALIKE | {"harbour": 40}) for outlet in "AB"]
    sentence = find(articles).sentence
    assert sentence.startswith("Of 3 terms, 2 ") and "0.7 to 1.4 times" in sentence
    assert "1 more within 0.5 to 2.0" in sentence and "at least" not in sentence
    assert "0.5 to 2.0 times" in find(articles, margin=1).sentence and " more " not in find(articles, margin=1).sentence


def test_the_least_frequency_is_given_of_each_side():
    sides = [(outlet, {f"w{i:03}": n for i in range(250)}) for outlet, n in (("A", 4), ("B", 12))]
    sentence = find(sides).sentence
    assert find_min_lockword_counts(1_000, 3_000) == (49, 146) and "49 times in A and 146 times in B" in sentence
    assert "1,000 and 3,000 words" in sentence
