"""Findings of the story: true to the tables, quoted with their outlet, and none where nothing was found."""

import re

import pytest

from samestory.correct.corrections import add_correction
from samestory.findings.story import find_common_fact, find_contradiction, find_lone_facts, find_side_shares
from samestory.measure.facts import find_facts
from samestory.measure.speakers import choose_quotations, count_sides
from samestory.tables.tables import load_tables

COUNCIL = "The council met in the old town hall for three long hours. Many people had come to listen to it. "
STORIES = {
    "one/1.txt": "The committee approved the harbour bridge budget of 30 million dollars on Monday. " + COUNCIL +
                 "A white whale was seen again near the old lighthouse by two fishermen.",
    "two/1.txt": "On Monday the committee approved the harbour bridge budget of 24 million dollars. " + COUNCIL +
                 "Rain flooded a long tunnel under the old cathedral in the night."}


@pytest.fixture
def tables(folder, own_cache):
    return load_tables(folder(STORIES))


@pytest.mark.slow
def test_two_values_of_one_thing_are_to_be_checked(tables):
    found = find_contradiction(tables, find_facts(tables))
    assert found.text.startswith("Check this")
    assert "30 million dollars" in found.text and "24 million dollars" in found.text
    assert found.text.index("(one)") < found.text.index("(two)")
    assert found.evidence.html.count("<li>") == 2


@pytest.mark.slow
def test_a_contradiction_by_negation_is_shown_and_says_if_a_person_confirmed_it(folder, own_cache):
    texts = {name: text.replace("30 million dollars", "money").replace("24 million dollars", "money")
             for name, text in STORIES.items()}
    texts["two/1.txt"] = texts["two/1.txt"].replace("committee approved", "committee did not approve")
    corpus = folder(texts)
    tables = load_tables(corpus)
    pairs = tables.read("pairs")
    (pair,) = pairs[pairs["check"].astype(bool)].itertuples()
    assert list(pair.differs) == ["negation"]
    assert "looks like one fact" in find_contradiction(tables, find_facts(tables)).lead
    add_correction(corpus, target_id=pair.pair_id, operation="change", field="status", old=pair.status, new="confirmed")
    tables = load_tables(corpus)
    found = find_contradiction(tables, find_facts(tables))
    assert "did not approve" in found.text and found.evidence.html.count("<li>") == 2
    assert "confirmed" in found.lead


def test_each_outlet_has_a_statement_without_a_counterpart(tables):
    found = find_lone_facts(tables, find_facts(tables))
    assert "whale" in found.text and "tunnel" in found.text
    assert "left out" not in found.text


@pytest.mark.slow
@pytest.mark.parametrize("sentence", [
    "One was told of a white whale that two fishermen saw near the old lighthouse.",  # about the outlet
    "A whale near the lighthouse."])  # says too little
def test_what_is_about_the_outlet_or_says_little_is_not_chosen(sentence, folder, own_cache):
    texts = {**STORIES, "one/1.txt": STORIES["one/1.txt"].rpartition("A white")[0] + sentence}
    tables = load_tables(folder(texts))
    found = find_lone_facts(tables, find_facts(tables))
    assert "tunnel" in found.text and "lighthouse" not in found.text


@pytest.mark.slow
def test_what_was_refused_comes_before_what_was_seen(folder, own_cache):
    more = (" The mayor would not support the new ferry because of an old lawsuit against its captain."
            " A brown seal slept for an hour under the wooden pier with three small pups.")
    tables = load_tables(folder({**STORIES, "one/1.txt": STORIES["one/1.txt"] + more}))
    assert "lawsuit" in find_lone_facts(tables, find_facts(tables)).text


def test_what_both_report_is_shown_with_their_sentences(tables):
    facts = find_facts(tables)
    text = find_common_fact(tables, facts[facts["relation"] != "one_outlet"]).text
    assert text.index("(one)") < text.index("(two)") and len(re.findall("“", text)) == 2


@pytest.mark.slow
def test_what_one_outlet_contradicts_is_not_reported_by_several(tables):
    facts = find_facts(tables)
    assert "million dollars" in find_contradiction(tables, facts).text
    common = find_common_fact(tables, facts)
    assert common and "million dollars" not in common.text


@pytest.mark.slow
def test_states_are_no_sides_but_parties_are(folder, own_cache):
    said = " ".join(f"Republican Sen. Ann Lee said that the {thing} was closed." for thing in ("road", "mill", "shop"))
    tables = load_tables(folder({"one/1.txt": said + " Texas Gov. Bob Ray said that it snowed.", "two/1.txt": said}))
    found = find_side_shares(tables, choose_quotations(tables))
    assert found.text.count("Republican Party 3") == 2 and "Texas" not in found.text


@pytest.mark.slow
def test_articles_that_share_no_statement_have_no_statement_of_one_outlet(folder, own_cache):
    tables = load_tables(folder({"one/1.txt": STORIES["one/1.txt"].rpartition(". ")[2], "two/1.txt":
                                 STORIES["two/1.txt"].rpartition(". ")[2]}))
    facts = find_facts(tables)
    assert set(facts["relation"]) == {"one_outlet"} and find_lone_facts(tables, facts) is None


@pytest.mark.slow
def test_one_outlet_has_neither(folder, own_cache):
    tables = load_tables(folder({"one/1.txt": STORIES["one/1.txt"]}))
    facts = find_facts(tables)
    assert find_contradiction(tables, facts) is None and find_lone_facts(tables, facts) is None
    assert find_side_shares(tables, choose_quotations(tables)) is None


def test_sides_agree_with_their_table(seeds):
    quotations = choose_quotations(seeds)
    text = find_side_shares(seeds, quotations).text
    for row in count_sides(quotations).itertuples():
        if row.speaker_side in ("China", "United States"):
            assert f"{row.speaker_side} {row.share}" in text
