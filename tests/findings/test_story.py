"""Findings of the story: true to the tables, quoted with their outlet, and none where nothing was found."""

import re

import pytest

from samestory.correct.corrections import add_correction
from samestory.findings.story import find_contradiction, find_lone_facts, find_same_matter, find_side_shares
from samestory.measure.facts import find_facts
from samestory.measure.speakers import choose_quotations, count_sides
from samestory.tables.tables import load_tables

COUNCIL = "The council met in the old town hall for three long hours. Many people had come to listen to it. "
STORIES = {
    "one/1.txt": "The committee approved the harbour bridge budget of 30 million dollars on Monday. "
                 "Mayor Lee told a large crowd in the town hall that the harbour bridge would be closed all winter for"
                 " repairs. A white whale would have killed two fishermen by the old lighthouse, because they refused"
                 " to turn back in time.",
    "two/1.txt": "On Monday the committee approved the harbour bridge budget of 24 million dollars. "
                 "A crowd in the town hall heard from the mayor that the bridge at the harbour could not be crossed in"
                 " winter, as repairs are due. Rain flooded a long tunnel under the cathedral, and its owners sued the"
                 " city for nine million dollars of damages."}


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
def test_what_weighs_comes_first_and_what_weighs_little_is_not_shown(folder, own_cache):
    more = " A brown seal slept under the pier for an hour. The captain of the new ferry admitted that it had failed."
    tables = load_tables(folder({**STORIES, "one/1.txt": STORIES["one/1.txt"] + more}))
    found = find_lone_facts(tables, find_facts(tables))
    assert "whale" in found.text and "seal" not in found.text


def test_one_matter_is_shown_in_the_words_of_both(tables):
    text = find_same_matter(tables, find_facts(tables)).text
    assert text.index("(one)") < text.index("(two)") and len(re.findall("“", text)) == 2


@pytest.mark.slow
def test_what_one_outlet_contradicts_or_says_in_the_same_words_is_no_matter_to_compare(tables, folder, own_cache):
    assert "million dollars" in find_contradiction(tables, find_facts(tables)).text
    assert "million dollars" not in find_same_matter(tables, find_facts(tables)).text
    same = load_tables(folder(dict.fromkeys(STORIES, "It rained. " + COUNCIL), "same"))
    assert find_same_matter(same, find_facts(same)) is None


@pytest.mark.slow
def test_matters_are_shown_pair_by_pair(folder, own_cache):
    more = {"one/1.txt": " Police arrested nine angry protesters in the council chamber, who refused to leave it.",
            "two/1.txt": " Nine protesters were arrested by the police, as they would not leave the council's chamber."}
    tables = load_tables(folder({name: text + more[name] for name, text in STORIES.items()}))
    found = find_same_matter(tables, find_facts(tables))
    outlets = re.findall(r"\(([^()]*)\)[;.]", found.text)
    assert len(outlets) == 4 and outlets[:2] == outlets[2:] == sorted(outlets[:2])
    labels = [part["name"].partition(" · ")[0] for part in found.evidence.block["parts"]]
    assert labels[0] == labels[1] != labels[2] == labels[3]


@pytest.mark.slow
def test_states_are_no_sides_but_parties_are(folder, own_cache):
    said = " ".join(f"Republican Sen. Ann Lee said that the {thing} was closed." for thing in ("road", "mill", "shop"))
    tables = load_tables(folder({"one/1.txt": said + " Texas Gov. Bob Ray said that it snowed.", "two/1.txt": said}))
    found = find_side_shares(tables, choose_quotations(tables))
    assert found.text.count("Republican Party 3") == 2 and "Texas" not in found.text


@pytest.mark.slow
def test_articles_that_share_no_statement_have_no_statement_of_one_outlet(folder, own_cache):
    tables = load_tables(folder({"one/1.txt": "A white whale was seen again near the old lighthouse by two fishermen.",
                                 "two/1.txt": "Rain flooded a long tunnel under the old cathedral in the night."}))
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
