"""Agreement of coders on each question, and the rows on which they differ."""

import pandas as pd
import pytest

from samestory.coding.agreement import list_disagreements, measure_coder_agreement
from samestory.coding.answers import SETTLED_CODER, Coding
from tests.support.coding import make_coding

STATEMENTS = [("R1", "right", "Ann Lee", "direct"), ("R2", "wrong", "", ""), ("R3", "right", "Bob Ray", "mixed"),
              ("R4", "cut", "nobody", "indirect")]


@pytest.fixture
def coding() -> Coding:
    """Two coders who differ on one answer and one speaker, and agree on what was missed."""
    second = [("R1", "right", "Ann Lee", "direct"), ("R2", "right", "Ann Lee", "mixed"),
              ("R3", "right", "Ann Lee", "mixed"), ("R4", "cut", "nobody", "indirect")]
    return make_coding({"coder 1": {"statement": STATEMENTS, "missed_statement": [("R5", "0", "", ""),
                                                                                  ("R6", "2", "Ann Lee", "direct")]},
                        "coder 2": {"statement": second, "missed_statement": [("R5", "0", "", ""),
                                                                              ("R6", "2", "Ann Lee", "direct")]}})


def test_each_question_has_its_own_agreement(coding):
    found = measure_coder_agreement(coding).set_index("question")
    assert found["n_rows"].to_dict() == {"1 statement": 4, "2 missed statement": 2, "speaker": 4, "in quotes": 4}
    assert found["n_agreed"].to_dict() == {"1 statement": 3, "2 missed statement": 2, "speaker": 3, "in quotes": 4}
    assert found.loc["2 missed statement", "alpha"] == found.loc["in quotes", "alpha"] == 1


def test_rows_that_differ_are_listed_until_they_are_settled(coding):
    listed = list_disagreements(coding).set_index("sheet_row")["answers"]
    assert list(listed.index) == ["R2", "R3"]
    assert listed["R3"] == "coder 1: yes, Bob Ray, part of it; coder 2: yes, Ann Lee, part of it"
    settled = coding.answers[coding.answers["row"] == "R3"].head(1).assign(coder=SETTLED_CODER)
    answers = pd.concat([coding.answers, settled], ignore_index=True)
    after = Coding(answers, coding.problems, coding.key)
    assert list(list_disagreements(after)["sheet_row"]) == ["R2"] and after.coders == ["coder 1", "coder 2"]
    pd.testing.assert_frame_equal(measure_coder_agreement(after), measure_coder_agreement(coding))


def test_one_coder_has_nobody_to_agree_with():
    assert measure_coder_agreement(make_coding({"coder 1": {"statement": STATEMENTS}})).empty
