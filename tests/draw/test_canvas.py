"""Parts that all figures share: rows for many outlets, notes that wrap, shades that follow shares."""

import re

import numpy as np
import pandas as pd
import pytest

from samestory.draw.canvas import FIGURE_WIDTH_POINTS, lay_count_axis, lay_rows, shade_cells, split_note
from samestory.draw.corpus import plot_articles, plot_roles
from samestory.draw.labels import measure_text
from samestory.draw.speakers import plot_cues, plot_quoted_words, plot_speakers
from samestory.show.outlet_style import outlet_style
from tests.draw.test_all_figures import FEW, MANY, _cross


def read_texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_each_of_many_outlets_is_a_row_with_its_marker_and_n():
    table = _cross(MANY, ["neutral", "accusing"], "cue_class", "n_quotations")
    axes = plot_cues(table)
    assert [label.get_text() for label in axes.get_yticklabels()] == sorted(MANY)
    style, totals = outlet_style(MANY), table.groupby("outlet")["n_quotations"].sum()
    markers = [line.get_marker() for line in axes.lines if line.get_marker() not in ("None", "")]
    assert markers == [style[outlet].marker for outlet in sorted(MANY)]
    assert {str(n) for n in totals} <= set(read_texts(axes))


def test_few_outlets_share_a_row_and_the_key_has_n():
    table = _cross(FEW, ["body", "credit"], "role", "n_lines")
    n = table.groupby("outlet")["n_lines"].sum()
    assert {f"CGTN, n = {n['CGTN']}", f"CNN, n = {n['CNN']}"} <= set(read_texts(plot_roles(table)))


def test_columns_that_do_not_fit_are_counted():
    table = _cross(MANY, [f"class {i:02}" for i in range(30)], "cue_class", "n_quotations")
    table["n_quotations"] = table["n_quotations"] * 1000 + 1
    assert re.search(r"\d+ more cue classes", " ".join(read_texts(plot_cues(table))))


def test_with_many_outlets_each_shows_the_speaker_with_most_words_that_it_names():
    rows = [(outlet, name, 1, words, 0) for outlet in MANY
            for name, words in (("(no speaker found)", 90), ("Ann", 50), ("Bob", 40))]
    table = pd.DataFrame(rows, columns=["outlet", "speaker_name", "n_quotations", "n_words_direct", "n_words_indirect"])
    said = read_texts(plot_speakers(table))
    assert said.count("Ann 50") == len(MANY)
    assert not any("no speaker" in text or "Bob" in text for text in said)


def test_a_share_is_next_to_its_marker_and_has_no_interval_without_limits():
    table = pd.DataFrame({"outlet": FEW, "n_articles": 1, "n_words": 200, "n_words_direct": [20, 50],
                          "direct_percent": [10.0, 25.0]})
    axes = plot_quoted_words(table)
    assert {"10.0 %", "25.0 %", "200"} <= set(read_texts(axes))
    assert not axes.collections
    assert "intervals" not in " ".join(read_texts(axes))


def test_one_date_is_a_sentence():
    times = pd.to_datetime(["2021-03-17 12:00", None], utc=True)
    axes = plot_articles(pd.DataFrame({"outlet": FEW, "published_at": times}))
    assert "no timeline" in axes.texts[0].get_text()
    assert not axes.lines


def test_a_note_keeps_within_the_figure_and_is_bounded():
    lines = split_note("word " * 500)
    assert len(lines) == 4
    assert all(0.9 * measure_text(line) <= FIGURE_WIDTH_POINTS for line in lines)
    axes = lay_rows(None, ["a"], note="One line.")
    assert "One line." in read_texts(axes)


@pytest.mark.parametrize("most", [0, 0.4, 1, 9, 1_234, 9_999_999])
def test_a_count_axis_begins_at_zero_with_few_ticks(most):
    axes = lay_rows(None, ["a"])
    lay_count_axis(axes, most, "words", room=40)
    assert axes.get_xlim()[0] == 0
    assert axes.get_xlim()[1] >= most
    assert 2 <= len(axes.get_xticks()) <= 8


def test_the_larger_share_is_never_lighter():
    axes = lay_rows(None, ["a", "b"])
    shade_cells(axes, np.array([[0.0, 0.2, 1.0], [0.5, 0.5, 0.9]]))
    drawn = {(int(y), int(x + 0.5)): line.get_alpha() for line in axes.lines if line.get_alpha()
             for x, y in zip(line.get_xdata()[::3], line.get_ydata()[::3], strict=True)}
    assert (0, 0) not in drawn
    assert drawn[0, 1] < drawn[1, 0] == drawn[1, 1] < drawn[0, 2]
