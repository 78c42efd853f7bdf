"""Dates as outlets write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.clean.dates import is_update, parse_date, read_date
from tests.support.folders import CASES as CASE_FOLDER

CASES = [json.loads(line) for line in (CASE_FOLDER / "dates.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_date(case):
    moment = parse_date(case["raw"])
    assert (moment and moment.isoformat()) == case["utc"]


def test_an_update_says_so():
    assert is_update("Updated 2021.03.17 20:36 GMT+8")
    assert is_update("Last modified: 17 March 2021")
    assert not is_update("Published 17 March 2021")
    assert not is_update("2021.03.17 20:00 GMT+8")


@pytest.mark.parametrize(("raw", "precision", "day"), [
    ("2021-03-17T12:00:05Z", "second", "2021-03-17"),
    ("1616000000", "second", "2021-03-17"),
    ("20210317120000", "second", "2021-03-17"),
    ("Mar 17, 2021 3 pm ET", "minute", "2021-03-17"),
    ("17 March 2021", "day", "2021-03-17"),
    ("2021-03-17 12:00 IST", "day", "2021-03-17"),
    ("March 2021", "month", "2021-03-01"),
    ("2021", "year", "2021-01-01"),
    ("3/17/95", "day", "1995-03-17"),
])
def test_a_date_says_how_precise_it_is(raw, precision, day):
    reading = read_date(raw)
    assert (reading.precision, f"{reading.moment:%Y-%m-%d}") == (precision, day)


@pytest.mark.parametrize(("raw", "reason"), [
    ("2021-02-30", "does not exist"), ("31 April 2021", "does not exist"), ("2021-13-05", "does not exist"),
    ("25:61 17 March 2021", "does not exist"), ("0001-01-01", "year"),
    ("9999-12-31T23:59:59-12:00", "year"), ("1970-01-01", "first second"),
    ("1970-01-01T00:00:00Z", "first second"), ("March 11", "with its year"), ("soon", "with its year"),
])
def test_what_is_no_date_says_why(raw, reason):
    reading = read_date(raw)
    assert (reading.moment, reading.precision) == (None, None)
    assert reason in reading.problem


def test_an_unknown_zone_is_reported():
    assert "zone 'XYZT'" in read_date("March 17, 2021 at 9:00 p.m. XYZT").problem
    assert not read_date("March 17, 2021 at 9:00 p.m. EDT").problem


def test_day_and_month_that_may_be_swapped_are_reported_unless_their_order_is_known():
    assert "2021-03-04" in read_date("3/4/2021").problem
    assert not read_date("3/17/2021").problem
    settled = read_date("3/4/2021", day_first=True)
    assert (settled.moment.month, settled.problem) == (4, "")


@given(st.text(alphabet=st.sampled_from("0123456789-/:. TZ+MarpmGMT"), max_size=40))
def test_any_text_is_a_date_or_says_why_not(raw):
    reading = read_date(raw)
    assert (reading.moment is None) == (reading.precision is None)
    assert reading.moment or reading.problem
