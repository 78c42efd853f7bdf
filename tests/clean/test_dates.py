"""Dates as outlets write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.clean.date_stamps import cut_stamps
from samestory.clean.dates import is_date_line, parse_date, read_date
from tests.support.folders import CASES as CASE_FOLDER

CASES = [json.loads(line) for line in (CASE_FOLDER / "dates.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_date(case):
    moment = parse_date(case["raw"])
    assert (moment and moment.isoformat()) == case["utc"]


@pytest.mark.parametrize(("raw", "kinds"), [
    ("Updated 2021.03.17 20:36 GMT+8", ["update"]), ("Last modified: 17 March 2021", ["update"]),
    ("Published 17 March 2021", ["publication"]), ("2021.03.17 20:00 GMT+8", [""]),
    ("Published March 17, 2021Updated March 18, 2021", ["publication", "update"]),
    ("3 May 2022 6:15PM (Updated: 4 May 2022 8:00AM)", ["", "update"]), ("undated, 17 March", [""])])
def test_each_stamp_has_the_kind_of_its_label(raw, kinds):
    assert [stamp.kind for stamp in cut_stamps(raw)] == kinds


@pytest.mark.parametrize(("raw", "utc", "problem"), [
    ("Windle, 1 April 2024 (Wire)", "2024-04-01 00:00", ""),
    ("Mon, April 1, 2024 at 9:05 AM EDT·3 min read", "2024-04-01 13:05", ""),
    ("April 1 2024 GMT", "2024-04-01 00:00", ""), ("25:61 17 March 2021", "2021-03-17 00:00", "only the day"),
    ("April 1, 2024 at 13:05 pm", "2024-04-01 00:00", "only the day"),
    ("2024-04-01T23:59:60Z", "2024-04-01 23:59", ""),
    ("le 3 mars 2024", "2024-03-03 00:00", ""), ("14 de septiembre de 2018", "2018-09-14 00:00", ""),
    ("2018 年 9 月 14 日", "2018-09-14 00:00", "")])
def test_an_unreadable_clock_never_loses_the_day(raw, utc, problem):
    reading = read_date(raw)
    assert f"{reading.moment:%Y-%m-%d %H:%M}" == utc
    assert (problem in reading.problem) if problem else not reading.problem


@pytest.mark.parametrize("raw", ["2024-04-01 09:05 BST", "2024/04/01", "2024.04.01", "20240401T090500Z",
                                 "2024-04-01T09:05:00+05"])
def test_a_date_that_begins_with_its_year_goes_on_with_its_month_everywhere(raw):
    assert f"{read_date(raw, day_first=True).moment:%Y-%m-%d}" == "2024-04-01"


def test_a_line_of_dates_is_no_prose_that_holds_one():
    assert is_date_line("Published: 09.05, 1 April 2024 | Updated: 10.05, 1 April 2024")
    assert is_date_line("April 1, 2024 / 9:05 AM EDT / Harbour Post")
    assert not is_date_line("By Lena Marsh, published 1 April 2024")
    assert not is_date_line("Updated rules for 2024 04 01 in force")


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
    ("25:61 31 April 2021", "does not exist"), ("0001-01-01", "year"),
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
