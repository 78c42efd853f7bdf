"""Events: given ones, found ones, their names and ids."""

import json

import numpy as np
import pandas as pd
import pytest

import samestory.link.events as link_events_module
from samestory.base.sql import add_view, connect_duckdb
from samestory.correct.corrections import add_correction
from samestory.link.events import (
    EVENT_ID_PATTERN,
    _number_days,
    make_found_id,
    make_given_id,
    name_event,
    tabulate_events,
)
from samestory.read.corpus import find_corpus
from samestory.read.records import read_records
from samestory.tables.tables import load_tables

FLOOD = "The river Elbe flooded Dresden on Monday. Rescuers in Dresden carried residents from the Elbe in boats. {}"
STRIKE = "Nurses in Oslo went on strike on Monday. The union of nurses in Oslo asked for higher wages. {}"
TAILS = ["Mayor Dirk Hilbert thanked the helpers.", "Schools stay closed until Friday, the city said.",
         "Trains to Prague were stopped at noon.", "Volunteers filled sandbags through the night."]


def write_corpus(folder, rows, **files):
    lines = "\n".join(json.dumps({"outlet": "CNN" if i % 2 else "Fox News", "id": f"a{i}", **row})
                      for i, row in enumerate(rows))
    return folder({"all.jsonl": lines, **files})


def make_story(text, day="2021-03-18", **fields):
    return {"text": text, "date": day, **fields}


@pytest.fixture(scope="module")
def two_events(tmp_path_factory, own_cache):
    """Two floods and two strikes, without named events."""
    root = tmp_path_factory.mktemp("two")
    rows = [make_story(text.format(tail), title=title) for text, title, tail in (
        (FLOOD, "Elbe floods Dresden", TAILS[0]), (FLOOD, "Dresden wades as Elbe rises", TAILS[1]),
        (STRIKE, "Nurses strike in Oslo", TAILS[2]), (STRIKE, "Oslo nurses walk out", TAILS[3]))]
    root.joinpath("all.jsonl").write_text("\n".join(
        json.dumps({"outlet": "CNN" if i % 2 else "Fox News", "id": f"a{i}", **row}) for i, row in enumerate(rows)))
    return root


@pytest.mark.slow
def test_articles_are_grouped_into_events_that_say_what_joins_them(two_events):
    tables = load_tables(two_events)
    ids = tables.articles_by_id["event_id"]
    assert ids["a0"] == ids["a1"] != ids["a2"] == ids["a3"]
    flood = tables.events.set_index("event_id").loc[ids["a0"]]
    assert flood["event"] == "Elbe floods Dresden" and flood["event_from"] == "found" and flood["n_articles"] == 2
    assert list(flood["outlets"]) == ["CNN", "Fox News"] and {"Elbe", "Dresden"} <= set(flood["joined_by"])
    assert len(flood["joined_by"]) == 6
    assert tables.articles["event"].isna().all()


@pytest.mark.slow
def test_terms_may_be_weighed_one_article_at_a_time(two_events, monkeypatch):
    tables = load_tables(two_events)
    monkeypatch.setattr(link_events_module, "WEIGHED_ARTICLES", 1)
    with connect_duckdb() as duck:
        for name in ("articles", "mentions", "tokens"):
            add_view(duck, tables.folder, name)
        choice = link_events_module.choose_events(duck, tables.articles)
    assert choice.ids.to_dict() == tables.event_ids
    assert {name: list(terms) for name, terms in choice.joined_by.items()} == \
        {row.event_id: list(row.joined_by) for row in tables.events.itertuples()}


@pytest.mark.slow
def test_an_event_may_be_corrected_to_a_known_or_a_new_one(two_events, folder):
    root = folder({"all.jsonl": (two_events / "all.jsonl").read_text()})
    strike = load_tables(root).articles_by_id["event_id"]["a2"]
    for article_id, event in (("a1", "oslo  Nurses walk out"), ("a0", "Flood in Saxony")):
        add_correction(root, target_id=article_id, operation="change", field="event", new=event)
    tables = load_tables(root)
    ids = tables.articles_by_id["event_id"]
    assert ids["a1"] == strike and ids["a0"] == make_given_id("Flood in Saxony")
    events = tables.events.set_index("event_id")
    assert events["n_articles"].to_dict() == {strike: 3, ids["a0"]: 1}
    assert events.loc[ids["a0"], "event_from"] == "corrected"


@pytest.mark.slow
def test_events_come_from_records_and_from_events_csv_which_wins(folder):
    rows = [make_story(FLOOD.format(tail), event="The Flood") for tail in TAILS[:3]]
    root = write_corpus(folder, rows, **{"events.csv": "article_id,event\na2,Other\na2,Another\nzz,Nothing\n"})
    tables = load_tables(root)
    events = tables.events.set_index("event")
    assert events["event_from"].to_dict() == {"Another": "sidecar", "The Flood": "file"}
    assert events["n_articles"].to_dict() == {"Another": 1, "The Flood": 2}
    reasons = tables.problems.loc[tables.problems["path"] == "events.csv", "reason"]
    assert sorted(reason.split("'")[1] for reason in reasons) == ["a2", "zz"]


@pytest.mark.slow
def test_days_are_counted_from_1970_with_their_parts():
    days = _number_days(pd.Series(pd.to_datetime(["1970-01-03 06:00", None])))
    assert days[0] == 2.25 and np.isnan(days[1])


@pytest.mark.slow
def test_two_spellings_are_one_event_named_as_most_articles_do(folder):
    names = ["Hillary’s server", "Hillary's  Server", "Hillary’s server"]
    tables = load_tables(write_corpus(folder, [make_story(FLOOD.format(tail), event=name)
                                               for tail, name in zip(TAILS, names, strict=False)]))
    (event,) = tables.events.itertuples()
    assert event.event == "Hillary’s server" and event.n_articles == 3
    assert (tables.problems["step"] == "link").sum() == 1


@pytest.mark.slow
def test_dates_that_are_missing_or_a_year_off_are_said(folder):
    rows = [make_story(FLOOD.format(tail), day) for tail, day in
            zip(TAILS, ["2021-03-18", "2020-03-18", "", "2021-03-19"], strict=True)]
    tables = load_tables(write_corpus(folder, [*rows, make_story(STRIKE.format(""), "")]))
    assert tables.articles["event_id"].nunique() == 2  # of one article alone no day is missed
    reasons = tables.problems.loc[tables.problems["step"] == "link", "reason"]
    assert len(reasons) == 2 and any("'a1'" in reason for reason in reasons)


@pytest.mark.slow
def test_duplicates_follow_the_article_that_is_counted_for_them(folder):
    text = FLOOD.format(" ".join(f"word{i}" for i in range(60)))
    articles = load_tables(write_corpus(folder, [make_story(text), make_story(text)])).read_all("articles")
    assert articles["counted"].sum() == 1 and articles["event_id"].nunique() == 1
    assert articles["event_id"].notna().all()


def test_events_csv_is_no_article_and_needs_its_columns(folder):
    from samestory.base.errors import SameStoryError
    root = folder({"cnn/1.txt": FLOOD, "events.csv": "article_id,story\ncnn/1,Flood\n"})
    assert [record.path for record in read_records(find_corpus(root))] == ["cnn/1.txt"]
    with pytest.raises(SameStoryError, match=r"events.csv: .*found article_id, story"):
        load_tables(root)


@pytest.mark.parametrize("name", ["A, B: “C”", "../../etc", "ü" * 500, "\0", "?!", "Café"])
def test_ids_are_safe_as_names_of_folders(name):
    for event_id in (make_given_id(name), make_found_id(name)):
        assert EVENT_ID_PATTERN.fullmatch(event_id) and len(event_id) < 80 and "/" not in event_id


def test_long_names_are_cut_after_120_characters_and_in_ids_after_40():
    assert name_event(["word" * 60]) == ("word" * 60)[:120]
    assert {make("a" * 500).split("-")[1] for make in (make_given_id, make_found_id)} == {"a" * 40}


def test_an_event_without_shared_words_has_one_of_its_headlines():
    assert name_event(["Alpha beta", "Gamma"]) == "Gamma"
    assert name_event([]) == name_event([" "]) == ""


def test_no_counted_article_has_no_event():
    columns = ["event_id", "event_from", "outlet", "published_at", "counted"]
    assert tabulate_events(pd.DataFrame(columns=columns), {}).num_rows == 0


def test_the_seeds_are_one_event(seeds):
    assert pd.unique(seeds.articles["event_id"]).size == 1 and len(seeds.events) == 1


@pytest.mark.parametrize("spelling", [
    "HILLARY'S SERVER", "Hillary’s server.", " Hillary`s  server!", "\u201cHillary\u2019s server\u201d",
    "Hillary\uff07s server", "Hillary's\u00a0server:"])
def test_spellings_of_a_name_have_one_id(spelling):
    assert make_given_id(spelling) == make_given_id("Hillary's server") != make_given_id("Hillary's servers")


@pytest.mark.parametrize("spelling", ["Talks - Day 2", "Talks – day 2", "talks — Day  2"])
def test_dashes_of_a_name_have_one_id(spelling):
    assert make_given_id(spelling) == make_given_id("Talks - day 2") != make_given_id("Talks - day 3")


@pytest.mark.slow
def test_an_article_in_two_events_is_in_the_first_and_listed(folder):
    rows = [make_story(FLOOD.format(tail), event=event) for tail, event in
            zip(TAILS, [["Flood", "Strike"], "Flood", "Flood, and after"], strict=False)]
    tables = load_tables(write_corpus(folder, rows))
    assert tables.events.set_index("event")["n_articles"].to_dict() == {"Flood": 2, "Flood, and after": 1}
    assert [row.article_id for row in tables.problems.itertuples() if "event" in row.reason] == ["a0"]


@pytest.mark.slow
def test_five_thousand_events_of_one_article_are_named_and_listed():
    articles = pd.DataFrame({"article_id": [f"a{n:04}" for n in range(5_000)], "outlet": "CNN", "headline": None,
                             "event": [f"Event {n}" for n in range(5_000)], "event_from": "file", "counted": True,
                             "published_at": pd.Series(pd.NaT, range(5_000), "datetime64[us, UTC]")})
    ids, names, notes = link_events_module.read_given_events(articles)
    table = tabulate_events(articles.assign(event_id=ids), names)
    assert table.num_rows == len(names) == ids.nunique() == 5_000 and not notes
    assert set(table["n_articles"].to_pylist()) == {1}
