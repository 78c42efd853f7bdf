"""Figures of a comparison: filled markers, the sides of terms, and a sentence if there is too little to draw."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from samestory.base.errors import UnknownName
from samestory.draw.comparison import (
    describe_comparison,
    describe_effects,
    describe_keyness,
    describe_lockwords,
    describe_shift,
    describe_two_way,
    find_log_ratio_limit,
    name_comparison,
    plot_comparison,
    plot_effects,
    plot_keyness,
    plot_lockwords,
    plot_shift,
    plot_two_way,
)
from samestory.show.outlet_style import PANEL_COLOUR
from tests.support.wording import says

SIDES = {"target": "CNN", "reference": "CGTN"}


def _terms(names):
    ratio = np.linspace(-3, 3, len(names))
    return pd.DataFrame(
        {
            "term": names,
            "n_target": range(len(names)),
            "n_reference": range(len(names)),
            "per_1k_target": 1.0,
            "per_1k_reference": 1.0,
            "log_ratio": ratio,
            "low": ratio - 1,
            "high": ratio + 1.5,
        }
    )


def test_keyness_shows_both_counts_and_hollow_markers_for_unsure_terms():
    table = _terms(["sure", "unsure", "surer"]).assign(
        log_ratio=[-3.0, 0.5, 3.0], low=[-4.0, -1, 2], high=[-2.0, 2, 4]
    )
    axes = plot_keyness(table, target="CNN", reference="CGTN")
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() in ("o", "s")]
    assert faces.count(PANEL_COLOUR) == 1
    alt = describe_keyness(table, target="CNN", reference="CGTN")
    assert "surer (2 to 2, 8.0 times)" in alt and says(alt, "Of 3 words", "2 have an interval")


def test_keyness_leaves_out_terms_without_a_ratio():
    table = _terms(["a", "b"]).assign(log_ratio=[np.nan, 1.0])
    assert "a (" not in describe_keyness(table, target="CNN", reference="CGTN")
    assert [
        label.get_text() for label in plot_keyness(table, target="x", reference="y").get_yticklabels()
    ] == ["b"]


def test_q_decides_which_markers_are_filled_if_articles_are_tested():
    table = _terms(["a", "b", "c"]).assign(q_bh=[0.01, 0.2, 0.9])
    axes = plot_keyness(table, **SIDES)
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() in ("o", "s")]
    assert faces.count(PANEL_COLOUR) == 2
    assert says(describe_keyness(table, **SIDES), "Of 3 words", "1 has a false discovery rate", ".05")


def test_the_first_terms_of_the_table_are_shown():
    axes = plot_keyness(_terms(["a", "b", "c", "d"]), **SIDES, top_n=2)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a"]


def test_a_rate_of_each_side_is_on_its_side():
    table = _terms(["a"]).assign(per_1k_target=3.0, per_1k_reference=2.0)
    widths = sorted(patch.get_width() for patch in plot_two_way(table, **SIDES).patches)
    assert widths == [-2.0, 3.0]


def test_a_shift_is_on_the_side_that_uses_the_term_more():
    table = _terms(["here", "there"]).assign(per_1k_target=[2.0, 0.0], percent=[6.0, 4.0])
    assert [patch.get_width() for patch in plot_shift(table, **SIDES).patches] == [6.0, -4.0]
    alt = describe_shift(table, **SIDES)
    assert says(alt, "10 percent in all", "in CNN: here", "6.0 percent")


def test_a_sentence_replaces_a_figure_without_a_shift():
    table = _terms(["a"]).assign(percent=0.0)
    assert "no term" in plot_shift(table, **SIDES).texts[0].get_text()


@pytest.mark.slow
@pytest.mark.parametrize("n, words, other", [(12, 1000, 1000), (40, 500, 2500), (400, 90_000, 10_000)])
def test_limit_is_where_the_binomial_interval_begins_to_exclude_the_share(n, words, other):
    limit = float(find_log_ratio_limit(np.array([n]), words, other)[0])
    share = words / (words + other)
    sure = [a for a in range(n + 1)
            if binomtest(a, n).proportion_ci(method="exact").low > share]
    ratio = [np.log2((a + 0.5) / (words + 0.5) * (other + 0.5) / (n - a + 0.5)) for a in (sure[0] - 1, sure[0])]
    assert ratio[0] < limit <= ratio[1] + 1e-6


def test_two_terms_are_too_few_for_an_effect_plot():
    assert "too few" in " ".join(plot_effects(_terms(["a", "b"]), **SIDES).texts[0].get_text().split())
    assert "too few" in describe_effects(_terms(["a", "b"]), **SIDES)


def test_labels_of_an_effect_plot_do_not_overlap():
    n = 60
    table = _terms([f"name{i}" for i in range(n)]).assign(n_target=5, n_reference=range(1, n + 1), log_ratio=1.0)
    axes = plot_effects(table, **SIDES)
    axes.get_figure().draw_without_rendering()
    boxes = [text.get_window_extent().padded(-4) for text in axes.texts if text.get_text().startswith("name")]
    assert len(boxes) > 2
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.slow
def test_a_large_vocabulary_is_still_a_small_figure():
    from samestory.show.figure import show_figure
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 4000, (2, 20_000))
    table = _terms([f"t{i}" for i in range(20_000)]).assign(
        n_target=a, n_reference=b, per_1k_target=a / 1e4, per_1k_reference=b / 1e4,
        log_ratio=np.log2((a + 0.5) / (b + 0.5)))
    table = table.assign(low=table["log_ratio"] - 0.5, high=table["log_ratio"] + 0.5)
    assert len(show_figure(plot_effects(table, **SIDES), alt="a", caption="c", table=None).svg) < 250_000


def test_a_sentence_replaces_a_figure_without_lockwords():
    assert "no term" in plot_lockwords(_terms([]), **SIDES).texts[0].get_text()
    assert "no term" in describe_lockwords(_terms([]), **SIDES)


def test_only_lockwords_are_filled():
    table = _terms(["a", "b", "c"]).assign(low=-0.4, high=0.6, is_alike=[True, False, False])
    faces = [line.get_markerfacecolor() for line in plot_lockwords(table, **SIDES).lines if line.get_marker() == "D"]
    assert faces.count(PANEL_COLOUR) == 2
    assert "interval of 1" in describe_lockwords(table, **SIDES)


def test_the_chart_of_a_comparison_is_chosen_by_name():
    sides = {"target": "A", "reference": "B"}
    table = pd.DataFrame({"term": ["red", "blue"], "n_target": [9, 1], "n_reference": [1, 9], "log_ratio": [3.0, -3.0],
                          "per_1k_target": [9.0, 1.0], "per_1k_reference": [1.0, 9.0], "low": [1.0, -6.0],
                          "high": [6.0, -1.0]})
    assert describe_comparison(table, chart="bars", **sides) == describe_two_way(table, **sides)
    assert describe_comparison(table, **sides) == describe_keyness(table, **sides)
    assert len(plot_comparison(table, chart="bars", **sides).patches) == 4 and "1,000 words" in name_comparison("bars")
    with pytest.raises(UnknownName, match="'bars'"):
        plot_comparison(table, chart="bar", **sides)
