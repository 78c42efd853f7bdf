"""Labels are clipped and wrapped to a width; ties and the number of things not drawn are put into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.draw.labels import (
    LETTER_WIDTH_POINTS,
    clip_label,
    find_extreme_names,
    format_hidden_count,
    format_name_list,
    measure_text,
    wrap_lines,
)


@pytest.mark.parametrize(("text", "letters", "clipped"), [
    ("short", 10, "short"), ("abcdefghij", 10, "abcdefghij"), ("one word more", 10, "one word…"),
    ("中文新闻网", 6, "中文…"), ("two\nlines", 20, "two lines"), ("", 9, "(blank)"), ("x" * 5_000_000, 4, "xx…"),
    ("WWWWWWWW", 8, "WWWW…")])
def test_labels_are_clipped_by_width(text, letters, clipped):
    assert clip_label(text, letters) == clipped


@given(st.text(max_size=200), st.integers(4, 40))
def test_no_line_is_wider_than_its_letters(text, letters):
    assert all(measure_text(line) <= letters * LETTER_WIDTH_POINTS for line in wrap_lines(text, letters))


def test_ties_are_named():
    assert find_extreme_names({"b": 1, "a": 1}) == ["a", "b"]
    assert format_name_list(["a", "b"]) == "a and b"


def test_hidden_things_are_counted():
    assert format_hidden_count(1, "name").startswith("1 more name ")
    assert format_hidden_count(2, "class").startswith("2 more classes ")
    assert format_hidden_count(0, "name") == ""
