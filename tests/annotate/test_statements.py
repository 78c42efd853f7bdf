"""Statements: clauses, who claims them, negation and modality."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate.mentions import find_mentions
from samestory.annotate.quotations import find_quotations
from samestory.annotate.statements import find_statements
from samestory.base.schema import make_table
from samestory.clean.misread_text import map_back, repair_text
from tests.annotate.test_quotations import read_text


def read_statements(text: str) -> list[dict]:
    parse = read_text(text)
    return find_statements(parse, find_quotations(parse, find_mentions(parse)))


@pytest.mark.parametrize(("text", "clauses"), [
    ("The council approved the new budget on Monday, and the mayor signed two other bills.", 2),
    ("The council approved the new budget on Monday while the mayor vetoed two other bills.", 2),
    ("The council approved the new budget on Monday and signed two other bills.", 1),
    ("“The council approved the new budget on Monday, and the mayor signed two other bills,” Ann Lee said.", 1),
    ("He came, and she left.", 1),
])
def test_a_sentence_is_cut_where_clauses_have_subjects_of_their_own(text, clauses):
    assert len(read_statements(text)) == clauses


@pytest.mark.parametrize(("text", "negated", "modal"), [
    ("The witness did not testify in court.", True, None),
    ("The witness testified in court.", False, None),
    ("Nobody testified in court.", True, None),
    ("Ann Lee refused to testify in court.", True, None),
    ("The witness may testify in court.", False, "may"),
    ("The witness reportedly testified in court.", False, "reportedly"),
])
def test_negation_and_modality(text, negated, modal):
    row, = read_statements(text)
    assert (row["negated"], row.get("modal")) == (negated, modal)


def test_the_claim_is_what_the_speaker_says():
    row, = read_statements("Ann Lee said on Monday that the police arrested two protesters.")
    assert (row["speaker"], row["predicate"], row["actor"], row["object"]) == (
        "Ann Lee", "arrest", "the police", "two protesters")


def test_a_passive_clause_has_the_actor_of_the_active_one():
    row, = read_statements("Two protesters were arrested by the police.")
    assert (row["actor"], row["object"]) == ("the police", "Two protesters")


def test_an_offset_of_a_repaired_text_is_one_of_the_original():
    text = "Ann Lee said that it isnâ€™t over and that nobody won."
    shadow = repair_text(text)
    rows = read_statements(shadow.text)
    table = map_back({"statements": make_table("statements", rows)}, shadow, text)["statements"]
    row = table.to_pylist()[0]
    assert row["end"] == len(text) and row["quotation_id"].endswith(f"-{len(text) - 1}")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="Ab ,.“”\"'\nnot said and", max_size=120))
def test_statements_are_the_whole_text_in_order(text):
    rows = read_statements(text)
    assert all(a["end"] <= b["start"] for a, b in pairwise(rows))
    assert all(text[row["start"]:row["end"]].strip() for row in rows)
