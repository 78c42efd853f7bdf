"""Two names joined by choosing both."""

import pytest

from samestory.correct.corrections import read_corrections
from samestory.explore.merges import merge_names
from samestory.tables.tables import load_tables

pytestmark = pytest.mark.slow  # annotates a corpus

STORY = ("The bridge\n\n{0}, the mayor of Springfield, said on Monday that a bridge was needed.\n\n"
         "“We need it,” {0} said.\n\nThe {1} left.\n")


@pytest.fixture
def corpus(folder):
    names = {"daily": "Karen Miller", "herald": "Karrren Miller", "post": "Paul <b>Weber"}
    return folder({f"{outlet}/1.txt": STORY.format(name, " ".join(f"{outlet}{n}" for n in range(80)))
                   for outlet, name in names.items()})


@pytest.fixture
def panel(corpus):
    made = merge_names(load_tables(corpus), str(corpus))
    assert made.box
    return made


def test_nothing_is_chosen_at_first(panel):
    assert panel.pair.value == () and [end.value for end in panel.ends] == ["", ""] and not panel.output.value
    panel.write.click()
    assert "Not done" in panel.message.value


def test_a_likely_pair_is_shown_with_its_sentences_and_joined(panel, corpus):
    panel.pair.value = panel.pair.options[1][1]
    assert {end.value for end in panel.ends} == {"PERSON:Karen Miller", "PERSON:Karrren Miller"}
    assert panel.output.value.count("<th ") == 2 and "<u>Karrren Miller</u>" in panel.output.value
    name, other = (end.value for end in panel.ends)
    panel.write.click()
    (row,) = read_corrections(corpus / "corrections.csv")
    assert (row.target_id, row.operation, row.new) == (name, "merge", other)
    assert len(panel.pair.options) == 1  # it is not offered again
    entities = load_tables(corpus).entities
    assert name not in set(entities["entity_id"])
    panel.undo.click()
    assert len(panel.pair.options) == 2


def test_any_two_names_can_be_joined_but_not_one_with_itself(panel, corpus):
    panel.part.value = "miller"
    assert len(panel.ends[0].options) == 3
    for end in panel.ends:
        end.value = "PERSON:Karen Miller"
    panel.write.click()
    assert "Not done" in panel.message.value and not (corpus / "corrections.csv").exists()


def test_hostile_names_are_escaped(panel):
    panel.ends[0].value = next(value for _, value in panel.ends[0].options if "Springfield" in value)
    assert "Paul" in panel.output.value and "<b>Weber" not in panel.output.value


def test_without_a_person_the_likely_pairs_are_a_table(panel):
    assert "Karrren Miller" in panel.show().text
