"""The example: five articles of ours on one invented event, which show every kind of claim of the front page."""

import shutil

import pytest

import samestory as ss
from samestory.base.resources import resource
from samestory.correct.corrections import add_correction
from samestory.findings import find_main_points
from samestory.measure.facts import find_facts
from samestory.tables.tables import load_tables


@pytest.fixture(scope="module")
def example(own_cache):
    return load_tables("example")


@pytest.fixture(scope="module")
def claims(example):
    return {point.topic: point for point in find_main_points(example, {})}


@pytest.mark.slow
def test_the_articles_are_one_event_and_read_without_a_problem(example):
    assert len(example.events) == 1 and example.articles["counted"].sum() == 5 and example.problems.empty
    assert sorted(example.articles["outlet"].unique()) == ["Harrowmouth Courier", "Quaymark News", "The Tarnfield Post"]


@pytest.mark.slow
@pytest.mark.parametrize(("topic", "parts"), [
    ("The same fact, reported differently", ["says it is not so", "heard the islanders", "did not hear the islanders"]),
    ("On the same matter", ["a vote of the council", "demonstrators entered the chamber"]),
    ("In one outlet only", ["(The Tarnfield Post)", "(Quaymark News)", "shipping company"]),
    ("The same words, cut", ["Ilda Marwick", "two inspections", "Quaymark News does not quote"]),
    ("On whose side", ["Courier: the council 9 of 10", "News: the islanders 8 of 9", "Post: the council 2 of 5"])])
def test_each_kind_of_claim_is_made(topic, parts, claims):
    assert all(part in claims[topic].text for part in parts) and ",”" not in claims[topic].text, claims[topic].text
    assert "<li>" in claims[topic].evidence.html


@pytest.mark.slow
def test_the_other_contradiction_is_on_the_story_page(example):
    facts = find_facts(example)
    checked = facts[facts["check"].astype(bool) & facts["differs"].map(lambda kinds: "value" in kinds)]
    assert {"Police arrested 12 protesters in the chamber.", "Police arrested nine protesters in the chamber."} <= {
        *checked["text"]}


@pytest.mark.slow
def test_the_lesson_s_decisions_put_the_arrests_first(example, tmp_path):
    copy = shutil.copytree(resource("data/example"), tmp_path / "lesson")
    pairs = example.read("pairs").query("status == 'sure'")
    texts = example.read("statements").set_index("statement_id")
    words = {row.pair_id: " / ".join(_read_statement(example, texts.loc[name]) for name in (row.statement_a,
             row.statement_b)) for row in pairs.itertuples()}
    (wrong,) = [pair for pair, text in words.items() if "defended the decision" in text and "the ferry is old" in text]
    (arrests,) = [pair for pair, text in words.items() if "nine protesters" in text]
    for pair, new in ((wrong, "refused"), (arrests, "confirmed")):
        add_correction(copy, target_id=pair, operation="change", field="status", old="sure", new=new)
    tables = load_tables(copy)
    assert "nine protesters" in find_main_points(tables, {})[0].text
    assert "1 confirmed, 1 refused" in ss.tell_pair_decisions(tables)
    assert ss.count_corrections(tables)["n_changed"].tolist() == [1]  # the program had said so of the confirmed one


def _read_statement(tables, row) -> str:
    return tables.field_texts[row["article_id"], "text"][row["start"]:row["end"]]


@pytest.mark.slow
def test_the_lesson_s_town_is_taken_for_a_body(example):
    assert "ORG:Harrowmouth" in set(example.entities["entity_id"])


@pytest.mark.slow
def test_the_act_has_another_word_in_each_outlet(example):
    words = ss.join_act_words(ss.list_act_words(example)).groupby("outlet")["verbs"].agg(", ".join)
    for outlet, verb in (("Harrowmouth Courier", "storm"), ("Quaymark News", "disrupt"),
                         ("The Tarnfield Post", "entered")):
        assert verb in words[outlet]


@pytest.mark.slow
def test_nobody_speaks_without_a_name_but_a_body_or_a_report(example):
    quotations = ss.choose_quotations(example)
    people = {"Ilda Marwick", "Hugo Tarrant", "Petra Vennick", "Jonas Ruddock"}
    assert set(quotations["speaker_name"]) - people == {"Police", "report by the harbour office"}
