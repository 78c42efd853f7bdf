"""Reports of single events, and the index over them."""

import json

import pandas as pd
import pytest

from samestory.base.errors import UnknownName
from samestory.commands.cli import main
from samestory.findings import find_main_points
from samestory.measure.event_shares import compare_within_events
from samestory.measure.names.names import find_names
from samestory.report.event_reports import rank_events, write_event_index
from samestory.report.method import _describe_event_method
from samestory.run.parameters import parse_parameters, read_parameters
from samestory.tables.tables import load_tables

TEXT = "{0} said in {1} on Monday that the talks about {1} went well. {0} said that nobody in {1} was hurt. {2}"


@pytest.fixture(scope="module")
def three_events(tmp_path_factory, own_cache):
    """Two events of two outlets, one with a comma in its name, and one of a single outlet."""
    root = tmp_path_factory.mktemp("three")
    rows = [{"id": f"{outlet}-{i}", "outlet": outlet, "event": event, "title": f"{outlet} on {place}",
             "text": TEXT.format(who, place, f"{outlet} asked {word}. " * 3)}
            for i, (event, who, place, word, outlets) in enumerate((
                ("Talks, at last", "Ann Lee", "Lima", "why", ("CNN", "Fox")),
                ("Strike", "Bo Chan", "Oslo", "when", ("CNN", "Fox")),
                ("Flood", "Cy Dunn", "Bonn", "where", ("Fox",)))) for outlet in outlets]
    root.joinpath("all.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return root


@pytest.mark.slow
def test_an_event_is_chosen_by_name_or_id(three_events):
    ids = load_tables(three_events).articles_by_id["event_id"]
    for asked in ("Talks, at last", ["talks,  at last"], [ids["CNN-0"]]):
        tables = load_tables(three_events, event=asked)
        assert set(tables.articles["article_id"]) == {"CNN-0", "Fox-0"} and len(tables.events) == 1
        assert set(tables.entities["name"]) >= {"Lima"} and "Oslo" not in set(tables.entities["name"])
    assert len(load_tables(three_events, event=["Strike", ids["CNN-0"]]).articles) == 4


@pytest.mark.slow
def test_an_unknown_event_is_refused_with_the_nearest_name(three_events):
    with pytest.raises(UnknownName, match="Strike"):
        load_tables(three_events, event=["Strikes"])


def test_events_are_given_one_by_one_since_names_may_hold_commas(tmp_path):
    given = parse_parameters(["event=Talks, at last", "event=Strike"], {"event"})
    assert given == {"event": ["Talks, at last", "Strike"]}
    path = tmp_path / "p.yml"
    path.write_text("event: Talks, at last\n")
    assert read_parameters(path, {"event"}) == {"event": ["Talks, at last"]}


@pytest.mark.slow
def test_the_index_lists_events_by_outlets_with_who_speaks_most(three_events):
    tables = load_tables(three_events)
    events = rank_events(tables.events)
    assert events["event"].tolist()[2] == "Flood"
    page = write_event_index("three", tables, events, most=2)
    assert "Flood" not in page and all(name in page for name in ("Ann Lee", "Bo Chan", "CNN on Lima"))
    assert page.count("/index.html") == 2


@pytest.mark.slow
def test_the_method_says_how_events_are_compared_and_that_none_was_found(three_events):
    assert "Mantel-Haenszel" in _describe_event_method(load_tables(three_events))
    assert "found" not in _describe_event_method(load_tables(three_events))
    assert _describe_event_method(load_tables(three_events, event="Strike")) == ""


@pytest.mark.slow
def test_each_event_gets_a_report_in_a_folder_of_its_own(three_events, tmp_path):
    arguments = ["run", str(three_events), "--reports", str(tmp_path), "--only", "01_corpus", "--each-event", "1"]
    assert main(arguments) == 0
    (folder,) = tmp_path.iterdir()
    assert sorted(path.name for path in folder.iterdir())[1:] == ["index.html"]
    (report,) = folder.glob("event-*")
    record = json.loads((report / "run.json").read_text())
    assert record["parameters"]["event"] == [report.name] and (report / "01_corpus.html").exists()


@pytest.mark.slow
def test_an_event_of_one_outlet_has_a_report_without_a_comparison(three_events):
    tables = load_tables(three_events, event="Flood")
    assert compare_within_events(find_names(tables), tables, by=["name"]).table.empty
    topics = {point.topic for point in find_main_points(tables, {})}
    assert not topics & {"In one outlet only", "Words that set them apart"}
    assert tables.event_ids["Fox-2"] not in set(load_tables(three_events).read("pairs")["event_id"])


@pytest.mark.slow
def test_the_index_of_five_thousand_events_lists_some(three_events):
    tables = load_tables(three_events)
    one = rank_events(tables.events).tail(1)
    events = pd.concat([one.assign(event_id=f"event-{n:08x}", event=f"Event {n}") for n in range(5_000)])
    page = write_event_index("many", tables, events, most=200)
    assert page.count("/index.html") == 200 and "4,800 events" in page
