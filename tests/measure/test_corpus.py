"""What a corpus holds: order of publication, what was stripped, repeats, problems."""

from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.base.schema import TABLES
from samestory.measure.corpus import count_problems, count_stripped, count_wire, list_order, list_repeats


def make(articles=(), **tables):
    defaults = {"counted": True, "outlet": "CNN", "n_words": 10}
    rows = [{**dict.fromkeys(TABLES["articles"].arrow.names), "article_id": f"a{i}", **defaults, **row}
            for i, row in enumerate(articles)]
    frame = pd.DataFrame(rows, columns=TABLES["articles"].arrow.names)
    frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True, format="ISO8601")
    return SimpleNamespace(articles=frame, **tables)


def order(*dates, **fields):
    articles = [{"published_at": date, "published_precision": "minute" if "T" in date else "day", **fields}
                for date in dates]
    return list_order(make(articles)).set_index("article_id")["place"].to_dict()


@pytest.mark.parametrize(("dates", "places"), [
    (("2021-03-17T10:00", "2021-03-17T09:00"), ["2", "1"]),
    (("2021-03-17T10:00", "2021-03-17"), ["1 to 2", "1 to 2"]),
    (("2021-03-17T10:00", "2021-03-20", "2021-03-20"), ["1", "2 to 3", "2 to 3"]),
    (("2021-03-17", "2021-03-18"), ["1 to 2", "1 to 2"]),  # the days of two zones overlap
    (("2021-03-17", "2021-03-20"), ["1", "2"]),
])
def test_articles_have_an_order_only_where_their_dates_say_so(dates, places):
    assert list(order(*dates).values()) in (places, sorted(places))
    assert order(*dates, event="x") == {f"a{i}": place for i, place in enumerate(places)}


def test_a_corpus_over_months_is_no_event():
    assert order("2021-03-17", "2021-06-17") == {}
    assert len(order("2021-03-17", "2021-06-17", event="x")) == 2
    assert order("2021-03-17") == {}
    assert list(list_order(make()).columns) == ["place", "outlet", "article_id", "published_at", "published_precision",
                                                "headline", "event"]


def test_repeats_and_wire_copy_by_outlet():
    tables = make([{"duplicate_group": "a0"}, {"duplicate_group": "a0", "outlet": "NPR", "counted": False},
                   {"wire": "Reuters"}, {}])
    assert count_wire(tables).to_dict("records") == [
        {"outlet": "CNN", "n_articles": 3, "n_wire": 1, "agencies": "Reuters", "n_repeats": 0, "n_shared": 1},
        {"outlet": "NPR", "n_articles": 1, "n_wire": 0, "agencies": "", "n_repeats": 1, "n_shared": 1}]
    assert list(list_repeats(tables)["article_id"]) == ["a0", "a1"]


def test_every_stripped_line_has_a_reason(seeds):
    counted = count_stripped(seeds)
    assert counted["reason"].notna().all()
    assert counted["n_lines"].sum() == (~seeds.lines["role"].isin(["body", "headline"])).sum()


def test_problems_that_differ_in_what_was_found_are_one_kind():
    rows = [{"article_id": f"a{i}", "path": "a.txt", "step": "clean", "severity": "warning",
             "reason": f"published_at: expected a date with its year; found 'March {i}'"} for i in range(3)]
    counted = count_problems(make(problems=pd.DataFrame(rows)))
    assert counted.to_dict("records") == [{
        "severity": "warning", "step": "clean", "kind": "published_at: expected a date with its year…",
        "n_articles": 3, "example": "a0"}]
