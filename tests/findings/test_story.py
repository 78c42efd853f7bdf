"""Findings of the story: true to the tables, quoted with their outlet, and none where nothing was found."""

import pytest

from samestory.findings.story import find_difference, find_lone_facts, find_side_shares
from samestory.measure.facts import find_facts
from samestory.measure.speakers import choose_quotations, count_sides
from samestory.tables.tables import load_tables

STORIES = {
    "one/1.txt": "The committee approved the harbour bridge budget of 30 million dollars on Monday. A white whale was"
                 " seen again near the old lighthouse.",
    "two/1.txt": "On Monday the committee approved the harbour bridge budget of 24 million dollars. Rain flooded a long"
                 " tunnel under the old cathedral."}


@pytest.fixture
def tables(folder, own_cache):
    return load_tables(folder(STORIES))


def test_two_values_of_one_thing_are_to_be_checked(tables):
    found = find_difference(tables, find_facts(tables))
    assert found.text.startswith("Check this")
    assert "30 million dollars" in found.text and "24 million dollars" in found.text
    assert found.text.index("(one)") < found.text.index("(two)")
    assert found.evidence.html.count("<li>") == 2


def test_each_outlet_has_a_statement_without_a_counterpart(tables):
    found = find_lone_facts(tables, find_facts(tables))
    assert "whale" in found.text and "tunnel" in found.text
    assert "left out" not in found.text


def test_one_outlet_has_neither(folder, own_cache):
    tables = load_tables(folder({"one/1.txt": STORIES["one/1.txt"]}))
    facts = find_facts(tables)
    assert find_difference(tables, facts) is None and find_lone_facts(tables, facts) is None
    assert find_side_shares(tables, choose_quotations(tables)) is None


def test_sides_agree_with_their_table(seeds):
    quotations = choose_quotations(seeds)
    text = find_side_shares(seeds, quotations).text
    for row in count_sides(quotations).itertuples():
        if row.speaker_side in ("China", "United States"):
            assert f"{row.speaker_side} {row.share}" in text
