"""`make rules` on made-up gold: what a rule adds and costs when it alone is left out."""

import pytest

from benchmarks.accuracy.gold import GoldSet
from benchmarks.accuracy.rules import cut_gold, join_trials, show_trial, try_rules, weigh_rules

ACCORDING = "The bridge will close in May, according to Ann Lee."
PLAIN = "The bridge is old. It was built by hand in a single year."
NAMED = "Ann Lee opened the bridge. Later Lee closed it again."


def quote(text: str, content: str, speaker: str) -> dict:
    spans = [[text.index(words), text.index(words) + len(words)] for words in (content, speaker)]
    return {"content_spans": spans[:1], "speaker_span": spans[1], "speaker": speaker, "type": "indirect",
            "tier": "quote"}


QUOTED = GoldSet("q", "quotations", [
    {"id": "a", "text": ACCORDING, "quotes": [quote(ACCORDING, "The bridge will close in May", "Ann Lee")]},
    {"id": "b", "text": PLAIN, "quotes": []}])
NAMES = GoldSet("n", "names", [{"id": "a", "text": NAMED, "entities": [
    {"start": 0, "end": 7, "label": "PERSON"}, {"start": 33, "end": 36, "label": "PERSON"}]}])


@pytest.fixture(scope="module")
def trial():
    return join_trials([try_rules(GoldSet("q", "quotations", [record])) for record in QUOTED.records])


def test_a_rule_is_weighed_by_what_is_lost_without_it(trial):
    one = next(one for one in weigh_rules(trial, "quotations") if one.rule == "quotations: according to")
    assert (one.n_articles, one.n_gained, one.n_lost) == (1, 1, 0)
    points = {figure.name: figure.value for figure in one.points}
    assert points == {"overlap": 100.0, "with speaker": 100.0}


def test_a_rule_that_changes_nothing_is_listed(trial, capsys):
    show_trial(QUOTED, trial)
    printed = capsys.readouterr().out
    assert "with all rules overlap 100.0, with speaker 100.0" in printed
    assert "quotations: transcript turns" in printed.partition("changes nothing:")[2]
    assert "quotations: according to" in printed.partition("changes nothing:")[0]


def test_rules_for_names_are_weighed_on_names():
    trial = try_rules(NAMES)
    assert trial.all_rules["a"].counts["gold"] == 2
    assert all(rule.startswith("names: ") for rule in trial.without)


def test_batches_are_the_whole(monkeypatch):
    monkeypatch.setattr("benchmarks.accuracy.rules.BATCH_ARTICLES", 1)
    assert [record for batch in cut_gold(QUOTED) for record in batch.records] == QUOTED.records
