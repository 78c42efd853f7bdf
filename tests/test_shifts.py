"""Word shift: parts that add up to the divergence, beside what chance alone gives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from samestory.errors import UnknownName
from samestory.shifts import measure_shift


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
    table = measure_shift(counts, min_count=1, stop_words=True)
    assert np.isclose(table["bits"].sum(), jensenshannon(a, b, base=2) ** 2, atol=1e-9)
    assert np.isclose(table.attrs["bits"], table["bits"].sum())


def test_what_adds_most_comes_first_on_its_counts():
    table = measure_shift(TWO)
    assert table["term"].tolist() == ["china", "beijing", "side"] or table["bits"].is_monotonic_decreasing
    assert table.set_index("term").loc["china", ["n_target", "n_reference"]].tolist() == [12, 4]


def test_stop_words_and_rare_terms_have_no_row_but_are_part_of_the_whole():
    table, everything = measure_shift(TWO, min_count=5), measure_shift(TWO, min_count=1, stop_words=True)
    assert set(table["term"]) == {"china", "beijing"} and "the" in set(everything["term"])
    assert table.attrs["bits"] == everything.attrs["bits"] > table["bits"].sum()


def test_swapping_the_sides_changes_no_part():
    one, other = (measure_shift(TWO, target=name).set_index("term")["bits"] for name in ("CGTN", "CNN"))
    assert np.allclose(one, other[one.index])


def test_texts_drawn_from_one_differ_no_more_than_by_chance():
    rng = np.random.default_rng(3)
    draw = lambda: dict(enumerate(rng.multinomial(600, np.full(300, 1 / 300))))  # noqa: E731
    articles = [(outlet, {f"t{k:03}": n for k, n in draw().items() if n}) for outlet in ("A", "B")]
    table = measure_shift(make_counts(articles))
    assert abs(table.attrs["bits"] - table.attrs["chance"]) < 0.03
    assert "the same words divided at random" in table.attrs["sentence"]


def test_enough_articles_are_divided_as_articles():
    articles = [(outlet, {"a": 3 + i, outlet: 4}) for outlet in ("x", "y") for i in range(5)]
    table = measure_shift(make_counts(articles))
    assert "the same articles divided at random" in table.attrs["sentence"]
    assert table.attrs["chance"] < table.attrs["bits"]


def test_the_same_seed_gives_the_same_again_and_rows_may_come_in_any_order():
    one, other = measure_shift(TWO), measure_shift(TWO.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs == other.attrs


def test_one_outlet_has_nothing_to_differ_from():
    table = measure_shift(TWO[TWO["outlet"] == "CNN"])
    assert table.empty and table.attrs["sentence"].startswith("There is no other outlet")


def test_an_outlet_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="CMN"):
        measure_shift(TWO, target="CMN")
