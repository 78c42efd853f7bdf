"""The articles of a corpus: order of publication, stripped lines, repeats, problems."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.base.schema import TABLES
from samestory.measure.corpus import (
    CHECKED_METADATA_FIELDS,
    count_articles,
    count_missing,
    count_problems,
    count_roles,
    count_stripped,
    count_wire,
    doubt_single_event,
    list_articles,
    list_events,
    list_order,
    list_outlet_forms,
    list_repeats,
    list_stripped,
    tell_corpus,
)
from tests.support.wording import says


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
def test_articles_have_an_order_only_if_their_dates_show_one(dates, places):
    assert list(order(*dates).values()) in (places, sorted(places))
    assert order(*dates, event="x") == {f"a{i}": place for i, place in enumerate(places)}


def test_a_corpus_over_months_is_not_an_event():
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


def test_forms_of_outlets_and_names_that_look_alike_are_listed():
    tables = make([{"outlet": "CNN", "outlet_written": "CNN Wire"}, {"outlet": "CNN", "outlet_written": "cnn"},
                   {"outlet": "The Nation", "outlet_written": "The Nation"},
                   {"outlet": "The Nation (Nigeria)", "outlet_written": "The Nation (Nigeria)"}])
    listed = list_outlet_forms(tables)
    assert listed["outlet"].tolist() == ["CNN", "The Nation", "The Nation (Nigeria)"]
    assert listed["written"].tolist()[0] == "CNN Wire" and listed["n_articles"].tolist() == [1, 1, 1]
    assert listed["looks_like"].tolist()[1:] == ["The Nation (Nigeria)", "The Nation"]
    several = make([{"outlet": "CNN", "outlet_written": name} for name in ("CNN Wire", "CNN.com", "CNN US", "CNN.com")])
    assert list_outlet_forms(several)["written"].tolist() == ["CNN.com", "CNN US", "CNN Wire"]


def test_every_stripped_line_has_a_reason(seeds):
    counted = count_stripped(seeds)
    assert counted["reason"].notna().all()
    assert list(counted) == ["rule", "role", "reason", "n_lines", "n_words", "n_articles", "n_outlets"]
    assert counted["n_lines"].sum() == (~seeds.lines["role"].isin(["body", "headline"])).sum()


def test_problems_that_differ_in_the_value_found_are_one_kind():
    rows = [{"article_id": f"a{i}", "path": "a.txt", "step": "clean", "severity": "warning",
             "reason": f"published_at: expected a date with its year; found 'March {i}'"} for i in range(3)]
    counted = count_problems(make(problems=pd.DataFrame(rows)))
    assert counted.to_dict("records") == [{
        "severity": "warning", "step": "clean", "kind": counted["kind"][0],
        "n_articles": 3, "example": "a0"}]
    assert counted["kind"][0].startswith("published_at") and "March" not in counted["kind"][0]


HOUR = 3600


@pytest.mark.parametrize(("precision", "seconds"), [
    ("second", 1), ("minute", 60),
    # a day begins 14 hours before, and ends 12 hours after, the day in UTC
    ("day", 50 * HOUR), ("month", (31 * 24 + 26) * HOUR), ("year", (366 * 24 + 26) * HOUR)])
def test_one_article_comes_first_as_soon_as_its_span_of_time_is_over(precision, seconds):
    def place(gap):
        dates = pd.Timestamp("2021-03-17T10:00", tz="UTC") + pd.to_timedelta([0, gap], unit="s")
        tables = make([{"published_at": str(date), "published_precision": precision, "event": "x"} for date in dates])
        return list_order(tables)["place"].tolist()
    assert place(seconds) == ["1", "2"]
    assert place(seconds - 1) == ["1 to 2", "1 to 2"]


@pytest.mark.parametrize(("last", "n"), [("2021-03-15T10:00", 2), ("2021-03-15T10:01", 0)])
def test_a_corpus_of_at_most_fourteen_days_is_one_event(last, n):
    assert len(order("2021-03-01T10:00", last)) == n


def test_articles_with_the_same_place_are_sorted_by_date_then_by_id():
    dates = ["2021-03-18", "2021-03-17", "2021-03-17"]
    tables = make([{"published_at": date, "published_precision": "day", "event": "x"} for date in dates])
    assert list_order(tables)["article_id"].tolist() == ["a1", "a2", "a0"]


def test_articles_are_listed_by_outlet_and_date_undated_ones_last():
    tables = make([{"outlet": "NPR", "published_at": "2021-01-01"}, {}, {"published_at": "2021-01-03"},
                   {"published_at": "2021-01-02"}])
    assert list_articles(tables)["article_id"].tolist() == ["a3", "a2", "a1", "a0"]


def test_words_of_an_outlet_are_those_of_counted_articles():
    tables = make([{"n_words": 7, "published_at": "2021-01-02"}, {"n_words": 5, "published_at": "2021-01-01"},
                   {"n_words": 3, "counted": False}])
    row, = count_articles(tables).to_dict("records")
    assert (row["n_articles"], row["n_counted"], row["n_words"]) == (3, 2, 12)
    assert (row["first"].day, row["last"].day) == (1, 2)


def test_metadata_is_missing_by_field_and_outlet():
    fields = {f"{field}_from": "file" for field in ("outlet", *CHECKED_METADATA_FIELDS)}
    tables = make([fields | {"byline_from": origin} for origin in ("text", "missing", "missing", "file")])
    table = count_missing(tables).set_index("field")
    assert table.loc["byline", ["outlet", "n_articles", "n_missing", "origins"]].tolist() == ["CNN", 4, 2, "file, text"]
    assert table.loc["outlet", ["n_missing", "origins"]].tolist() == [0, "file"]


LINES = pd.DataFrame(
    [("a1", 1, 0, 4, "body", ""), ("a1", 0, 0, 4, "credit", "agency"), ("a0", 2, 0, 4, "teaser", "more"),
     ("a0", 1, 5, 9, "teaser", "more"), ("a0", 0, 0, 4, "copyright", "all_rights"), ("a1", 3, 0, 9, "teaser", "more")],
    columns=["article_id", "line", "start", "end", "role", "rule"])


def test_stripped_lines_are_not_part_of_the_story_and_in_text_order():
    tables = make([{"text": "one two "}, {"text": "six ten "}], lines=LINES)
    found = list_stripped(tables)
    assert found[["article_id", "line"]].values.tolist() == [["a0", 0], ["a0", 1], ["a0", 2], ["a1", 0], ["a1", 3]]
    assert found["text"].tolist() == ["one", "wo", "one", "six", "six ten"]


def test_reasons_for_stripping_are_sorted_by_frequency_then_alphabetically():
    counted = count_stripped(make([{"text": "one two "}, {"text": "six ten ", "outlet": "NPR"}], lines=LINES))
    assert counted[["rule", "n_lines", "n_words", "n_articles", "n_outlets"]].values.tolist() == [
        ["more", 3, 4, 2, 2], ["agency", 1, 1, 1, 1], ["all_rights", 1, 1, 1, 1]]


def test_lines_are_counted_by_outlet_and_role():
    counted = count_roles(make([{}, {"outlet": "NPR"}], lines=LINES))
    assert counted.values.tolist() == [["CNN", "copyright", 1], ["CNN", "teaser", 2], ["NPR", "body", 1],
                                       ["NPR", "credit", 1], ["NPR", "teaser", 1]]


def test_the_counted_repeat_comes_first_then_the_others_alphabetically():
    tables = make([{"duplicate_group": "a2", "counted": False}, {"duplicate_group": "a2", "counted": False},
                   {"duplicate_group": "a2"}, {}, {"duplicate_group": "a1"}])
    assert list_repeats(tables)["article_id"].tolist() == ["a4", "a2", "a0", "a1"]


def test_a_text_that_one_outlet_repeats_is_not_shared():
    tables = make([{"duplicate_group": "a0"}, {"duplicate_group": "a0", "counted": False}])
    assert count_wire(tables)[["n_repeats", "n_shared"]].values.tolist() == [[1, 0]]


def test_the_most_severe_and_the_most_frequent_problem_comes_first():
    rows = [("note", "b odd", "a0"), ("note", "a odd", "a0"), ("error", "z odd", "a0"), ("warning", "m odd", "a0"),
            ("warning", "n odd", "a1"), ("warning", "n odd", "a0"), ("error", "z odd", "a0")]
    problems = pd.DataFrame(rows, columns=["severity", "reason", "article_id"]).assign(path=None, step="read")
    counted = count_problems(make(problems=problems))
    assert counted[["kind", "n_articles"]].values.tolist() == [
        ["z odd", 1], ["n odd", 2], ["m odd", 1], ["a odd", 1], ["b odd", 1]]


def test_only_counted_articles_with_a_date_have_a_place():
    tables = make([{"published_at": date, "published_precision": "minute", "counted": counted}
                   for date, counted in (("2021-03-17T10:00", True), ("2021-03-17T09:00", True),
                                         ("2021-03-17T08:00", False), (None, True))])
    assert list_order(tables)[["place", "article_id"]].values.tolist() == [["1", "a1"], ["2", "a0"]]


def test_a_corpus_is_told_in_a_sentence(seeds):
    assert says(tell_corpus(seeds), "2 articles", "2 outlets", "CGTN, CNN", "862 words", "1 without a date")


def test_events_of_most_outlets_come_first_then_of_most_articles_then_the_earliest():
    rows = [("d", "A", 5, 3), ("a", "AB", 3, 2), ("c", "AB", 4, 2), ("b", "AB", 4, 1), ("e", "ABC", 3, 9),
            ("f", "AB", 4, 2)]
    events = pd.DataFrame([{"event_id": event_id, "event": event_id, "outlets": list(outlets), "n_articles": n,
                            "first_at": pd.Timestamp(2020, 1, day), "last_at": None, "event_from": "file",
                            "joined_by": []} for event_id, outlets, n, day in rows])
    listed = list_events(SimpleNamespace(events=events))
    assert listed["event_id"].tolist() == ["e", "b", "c", "f", "a", "d"]
    assert listed["outlets"].tolist()[0] == "A, B, C" and list_events(SimpleNamespace(events=events), least=7).empty


def test_articles_that_are_not_counted_are_told():
    said = tell_corpus(make([{"n_words": 7}, {"counted": False, "outlet": "NPR"}, {}]))
    assert re.findall(r"\d+", said) == ["2", "1", "17", "2", "1"]
    assert "not counted" in said and "not counted" not in tell_corpus(make([{}]))


def test_a_single_event_is_no_list_of_events(seeds):
    assert len(list_events(seeds)) == 1 and list_events(seeds, least=2).empty


@pytest.mark.parametrize(("relations", "days", "outlets", "numbers"), [
    (["one_outlet"], (1, 5), "AB", []), (["one_outlet"], (1, 6), "AB", ["5"]), (["one_outlet"], (None, None), "AB", []),
    (["one_outlet", "shared"], (1, 9), "AB", None), (["differs"], (1, 9), "AB", None),
    (["one_outlet"], (1, 9), "AA", None)])
def test_articles_without_a_common_fact_may_report_different_events(relations, days, outlets, numbers):
    articles = pd.DataFrame({"outlet": list(outlets), "counted": True, "published_at": [
        pd.Timestamp(2020, 1, day) if day else pd.NaT for day in days]})
    tables = SimpleNamespace(events=pd.DataFrame({"event": ["x"]}), articles=articles,
                             read={"facts": pd.DataFrame({"relation": relations})}.get)
    said = doubt_single_event(tables)
    assert bool(said) is (numbers is not None) and re.findall(r"\d+", said) == (numbers or [])
