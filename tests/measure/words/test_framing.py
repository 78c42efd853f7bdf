"""Words that frame: in the outlet's own words, wherever they stand, those of one outlet first."""

import pandas as pd
import pytest

from samestory.measure.words.framing import count_framing_words, find_framing_words
from samestory.tables.tables import load_tables

STORIES = {
    "cnn/1.txt": "Protesters stormed the old hall.\n\nAngry crowds cheered. Ann Lee said that they trashed the library."
                 " “A shameful day,” Lee said.",
    "fox/1.txt": "Protesters entered the old hall.\n\nPolice arrested nobody. Crowds hoped for more."}


@pytest.fixture
def found(folder, own_cache):
    return find_framing_words(load_tables(folder(STORIES)))


@pytest.mark.slow
def test_words_of_others_are_left_out(found):
    assert {"trash", "shameful"}.isdisjoint(found["lemma"])
    assert {"storm", "cheer", "angry", "arrest"} <= set(found["lemma"])
    assert "hoped" in set(found["word"])


def test_places_are_headline_lead_and_the_rest(found):
    where = dict(zip(found["lemma"], found["where"], strict=True))
    assert where["storm"] == "lead" and where["cheer"] == "further down"


def test_words_that_no_other_outlet_has_come_first(found):
    rows = count_framing_words(found).set_index(["where", "outlet"])
    assert rows.loc[("lead", "CNN"), "verbs"] == "stormed" and rows.loc[("lead", "Fox News"), "verbs"] == "entered"


def test_nothing_is_found_in_nothing(found):
    assert count_framing_words(found.head(0)).empty


def test_own_words_come_before_shared_ones_then_the_most_frequent():
    lemmas = ["win", "lose", *["storm"] * 2, "barge", *["shout"] * 3, *["win"] * 8]
    found = pd.DataFrame({
        "outlet": ["CNN"] * len(lemmas) + ["Fox News"] * 14, "where": "lead", "pos": "verbs",
        "lemma": [*lemmas, "win", *(f"verb{i:02}" for i in range(13))]})
    table = count_framing_words(found.assign(word=found["lemma"]))
    assert table["verbs"].tolist()[0] == "shout 3, storm 2, lose, barge, win 9"
    assert table["verbs"].tolist()[1] == ", ".join(f"verb{i:02}" for i in range(12)) + ", and 2 more"


def test_a_word_is_shown_as_it_is_mostly_written_there():
    found = pd.DataFrame({"outlet": "CNN", "where": "lead", "pos": "verbs", "lemma": "hop",
                          "word": ["hoping", "hoped", "hoped"]})
    assert count_framing_words(found)["verbs"].tolist() == ["hoped 3"]
