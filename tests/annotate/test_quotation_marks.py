"""Quotation marks: which opens, which closes, and that a stray one affects nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.annotate.quotation_marks import find_regions

MARKS = ["“", "”", '"', "''", "``", "«", "»", "‘", "’", "'", " ", "a", "s", ".", ",", "5", "\n"]


def regions_of(text: str) -> list:
    paragraphs, at = [], 0
    for line in text.split("\n"):
        paragraphs.append((at, at + len(line)))
        at += len(line) + 1
    return find_regions(text, paragraphs)


def inner(text: str) -> list[str]:
    return [text[r.inner_start:r.inner_end] for r in regions_of(text)]


@pytest.mark.parametrize(("text", "expected"), [
    ("“a b” c “d”", ["a b", "d"]),
    ('"a b" c "d"', ["a b", "d"]),
    ("``a b'' c ''d e''", ["a b", "d e"]),
    ("«a b» c", ["a b"]),
    ("“a ‘b c’ d” e", ["a ‘b c’ d"]),
    ("he said ‘no deal’ and left", ["no deal"]),
    ("the workers' rights and the boss's desk", []),
    ("don't, won't, 'tis", []),
    ('a 5" pipe and a 6" one', []),
    ('a 5" pipe. "So big," he said.', ["So big,"]),
    ("a” stray. “b c” d", ["b c"]),
    ("“ab “cd” e", ["cd"]),
    ("he said a “b and c", []),
    ("he said: “b and c", ["b and c"]),
    ("“a b\n“c d”", ["a b", "c d"]),
    ("“a b\nc d”\n“e”", ["a b", "c d", "e"]),
    ("“a b\nc d\n“e” f", ["a b", "e"]),
    ("“”", []),
])
def test_regions(text, expected):
    assert inner(text) == expected


def test_a_reopened_paragraph_says_so():
    first, second = regions_of("“a b\n“c d”")
    assert (first.closed, first.reopened, second.closed, second.reopened) == (False, False, True, True)


@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_regions_are_in_order_and_disjoint(text):
    at = 0
    for region in regions_of(text):
        assert at <= region.start <= region.inner_start <= region.inner_end <= region.end <= len(text)
        assert "\n" not in text[region.start:region.end]
        at = region.end


@pytest.mark.slow
def test_many_marks_take_no_time():
    assert len(find_regions("“a” " * 50_000, [(0, 200_000)])) == 50_000
    assert find_regions("‘a " * 50_000, [(0, 150_000)]) == []
