"""Stubs: texts that a service cut off, and notices of a page."""

import json

import pytest

from samestory.clean.articles import clean_article
from samestory.clean.stubs import describe_stub
from samestory.read.formats.formats import Record
from tests.support.folders import CASES as CASE_FOLDER

CASES = [json.loads(line) for line in (CASE_FOLDER / "stubs.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_a_notice_is_no_story(case):
    reason = describe_stub(case["text"])
    assert reason.endswith(case["reason"]) if case["reason"] else not reason


@pytest.mark.parametrize(("mark", "missing"), [
    ("… [+4321 chars]", "4321 chars are missing after 10 characters"), ("[1,234 characters]", "1,234"),
    ("(87 more words)", "87 words"), ("[…]", "excerpt"), ("[...]", "excerpt"), ("...", ""),
    ("He wrote 300 words.", "")])
def test_a_service_says_how_much_it_cut_off(mark, missing):
    reason = describe_stub(f"It began {mark}")
    assert (missing in reason) if missing else not reason


def test_a_stub_is_listed_and_not_counted():
    article = clean_article(Record("a", "a.txt", "The council of Windle shut its bridge… [+4321 chars]"))
    assert not article.row["counted"]
    assert "cut off" in article.problems[-1]["reason"]
