"""Dates as outlets write them."""

import json
from pathlib import Path

import pytest

from samestory.dates import is_update, parse_date

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases/dates.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_date(case):
    moment = parse_date(case["raw"])
    assert (moment and moment.isoformat()) == case["utc"]


def test_an_update_says_so():
    assert is_update("Updated 2021.03.17 20:36 GMT+8")
    assert is_update("Last modified: 17 March 2021")
    assert not is_update("Published 17 March 2021")
    assert not is_update("2021.03.17 20:00 GMT+8")
