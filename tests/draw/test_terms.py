"""Figures of terms: strokes for places, shades for rates, and a sentence if there is too little to draw."""

import numpy as np
import pandas as pd

from samestory.draw.terms import MAX_STRIP_STROKES, STRIP_BINS, describe_places, describe_rates, plot_places, plot_rates
from tests.support.wording import says


def strip(at, quoted=None, **changes):
    row = {"term": "china", "outlet": "CNN", "article_id": "a", "n": len(at), "n_quoted": sum(quoted or []),
           "n_articles": 1, "of_articles": 1, "n_words": 400, "at": at, "quoted": quoted or [False] * len(at)}
    return pd.DataFrame([row | changes])


def rates(cells):
    rows = [(term, outlet, n, 1.0 * n, 1, 1, 1000) for (term, outlet), n in cells.items()]
    return pd.DataFrame(rows, columns=["term", "outlet", "n", "per_1k", "n_articles", "of_articles", "n_words"])


def test_each_position_has_a_stroke_and_a_short_one_if_quoted():
    line = plot_places(strip([5.0, 50.0], [False, True])).lines[-1]
    x, y = (np.asarray(values).reshape(-1, 3)[:, :2] for values in line.get_data())
    assert x.tolist() == [[5, 5], [50, 50]]
    assert np.ptp(y[0]) > 1.5 * np.ptp(y[1])
    assert says(describe_places(strip([5.0, 50.0], [False, True])), "2 times", "1 of them", "from 5 to 50")


def test_many_places_become_bars_that_add_up():
    at = list(np.linspace(0, 99, MAX_STRIP_STROKES + 1))
    bars = plot_places(strip(at)).patches
    assert len(bars) == STRIP_BINS
    heights = -np.array([bar.get_height() for bar in bars])
    assert np.isclose((heights / heights.max() * np.histogram(at, STRIP_BINS, (0, 100))[0].max()).sum(), len(at))


def test_an_article_without_the_term_keeps_its_empty_strip():
    table = pd.concat([strip([5.0]), strip([], outlet="CGTN")])
    axes = plot_places(table)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["", "CNN", "CGTN"]
    assert says(describe_places(table), "in CGTN nowhere")


def test_each_row_of_rates_is_shaded_by_its_own_highest():
    axes = plot_rates(rates({("often", "A"): 80, ("often", "B"): 40, ("rare", "A"): 1, ("rare", "B"): 2}))
    darkest = max((line for line in axes.lines if line.get_alpha()), key=lambda line: line.get_alpha())
    assert np.asarray(darkest.get_ydata())[::3].tolist() == [0, 1]


def test_alt_text_names_the_outlet_that_uses_a_term_most_and_counts_those_that_never_do():
    table = rates({("x", "A"): 4, ("x", "B"): 0, ("x", "C"): 0})
    assert "x: A 4.0, none in 2 outlets" in describe_rates(table)


def test_one_outlet_has_no_heat_map():
    assert "no terms to compare" in plot_rates(rates({("x", "A"): 4})).texts[0].get_text()
