"""Line roles: the story and the page around it."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.base.language import read_language_rows
from samestory.base.schema import LINE_ROLES
from samestory.clean.lines import count_line_words, find_lines, find_paragraphs
from tests.support.folders import CASES as CASE_FOLDER

CASES = [json.loads(line) for line in (CASE_FOLDER / "lines.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_roles(case):
    assert [line.role for line in find_lines(case["text"], case.get("headline"))] == case["roles"]


@given(st.text(alphabet=st.sampled_from("ab .\n\r\u00a0“”\"A©"), max_size=80))
def test_lines_cover_all_that_is_not_blank(text):
    lines = find_lines(text)
    assert " ".join(text[line.start:line.end] for line in lines).split() == text.split()
    assert all(text[line.start:line.end].strip() == line.content for line in lines)
    assert {line.role for line in lines} <= set(LINE_ROLES)


@given(st.text(max_size=60))
def test_paragraphs_are_numbered_in_order_and_slice_back(text):
    paragraphs = find_paragraphs(find_lines(text))
    assert [p.number for p in paragraphs] == list(range(len(paragraphs)))
    assert all(text[p.start:p.end].strip() for p in paragraphs)


def test_lines_broken_by_an_editor_are_one_paragraph():
    line = "word " * 13 + "end"
    text = f"{line}\n{line}\n{line}\nlast words.\n\n{line}\n{line}\nlast words."
    assert len(find_paragraphs(find_lines(text))) == 2


def test_a_line_that_ends_in_a_title_is_not_the_end_of_a_sentence():
    text = "“We will see about the bridge,” said Sen.\nEd Marsh of Arden.\nRoe v.\nWade was decided in January."
    assert [paragraph.number for paragraph in find_paragraphs(find_lines(text))] == [0, 1]


def test_newlines_of_all_systems():
    assert [(line.number, line.content) for line in find_lines("One.\r\nTwo.\rThree.\n\nFour.")] == [
        (1, "One."), (2, "Two."), (3, "Three."), (5, "Four.")]


def test_a_long_hostile_line_is_read_at_once():
    assert find_lines("by " + "A " * 200_000)[0].role == "body"


@given(st.text(max_size=60))
def test_a_run_is_one_word_or_none(text):
    assert count_line_words(text) == sum(any(char.isalnum() or char == "_" for char in run) for run in text.split())


def test_words_hold_a_letter_or_digit():
    assert count_line_words("“No” – 24 , ... it's") == 3


def test_every_rule_is_tried_on_lines_that_have_one_of_its_words():
    for row in read_language_rows("line_rules"):
        assert row["role"] in LINE_ROLES and row["where"] in ("any", "head", "below", "tail"), row["rule"]
        assert row["words"] == row["words"].lower(), row["rule"]


@pytest.mark.parametrize("line", ["a" * 320, "A " * 160, "(" * 320, "[a-b " * 64, "/ " * 160, "- (@" * 80,
                                  "Image: " * 45, "It has been " * 26, "Watch our " * 31, "To , please " * 26,
                                  "Do you have a ? " * 20, "We use , the " * 24, "This article is " * 20])
def test_no_rule_is_slow_on_a_hostile_line(line):
    started = time.process_time()
    find_lines("\n".join([line] * 50))
    assert time.process_time() - started < 2
