"""Descriptions: titles before names and appositions behind them."""

import re
from collections.abc import Iterable

import pandas as pd
import pytest

from samestory.measure.names.descriptions import count_descriptions, find_descriptions
from tests.support.tagged_corpus import write_tagged


def find(folder, *sentences: str, **titles: str) -> pd.DataFrame:
    return find_descriptions(write_tagged(folder, {("a", "Alpha"): list(sentences)}, titles=titles))


def find_each(folder, sentences: Iterable[str]) -> list[list[tuple[str, str]]]:
    """Place and description of what is found in each sentence, each an article of its own."""
    articles = {(f"{i:02}", "Alpha"): [sentence] for i, sentence in enumerate(sentences)}
    found = find_descriptions(write_tagged(folder, articles))
    rows = list(found[["article_id", "place", "description"]].itertuples(index=False, name=None))
    return [[row[1:] for row in rows if row[0] == article_id] for article_id, _ in articles]


APPOSITIONS = {
    "the ambassador to the [ US ]GPE , said/VERB": ["ambassador to the US"],
    "China ='s/PART ambassador , said/VERB": ["China's ambassador"],
    "director of the Board ( CPC ) Office , minister .": ["director of the Board ( CPC ) Office", "minister"],
    "45/NUM , a teacher , said/VERB": ["teacher"],
    "the retired/VERB general , said/VERB": ["retired general"],
    "speaking/VERB for/ADP officials , said/VERB": [],
    "[ Bo Karr ] and others , said/VERB": [],
    "officials and others , said/VERB": [],
    "who/PRON is/AUX minister , said/VERB": [],
}


def test_apposition_is_a_role_between_commas(tmp_path):
    found = find_each(tmp_path, [f"[ Ada Voss ] , {behind}" for behind in APPOSITIONS])
    assert found == [[("behind", text) for text in texts] for texts in APPOSITIONS.values()]


ENCLOSED = {
    "said/VERB the F.B.I. director , [ Ada Voss ] , who/PRON left/VERB": ["F.B.I. director"],
    "China ='s/PART ambassador to the US , [ Ada Voss ] , said/VERB": ["China's ambassador to the US"],
    "a word to his/PRON lawyer , [ Ada Voss ] , helped/VERB": ["his lawyer"],
    "she/PRON met/VERB the director , [ Ada Voss ] , and Bo": [],
    "a director , [ Ada Voss ] , left/VERB": [],
    "the town , [ Ada Voss ] , grew/VERB": [],
    "the director , [ Ada Voss ] left/VERB": [],
}


def test_description_before_a_name_between_commas_is_found(tmp_path):
    assert find_each(tmp_path, ENCLOSED) == [[("before", text) for text in texts] for texts in ENCLOSED.values()]


def test_titles_are_found_where_they_stand(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["the US Secretary of State [ Ada Voss ] met/VERB",
                                                      "Mr. [ Bo Karr ] left/VERB"]},
                          titles={"Ada Voss": "US Secretary of State", "Bo Karr": "Mr."})
    row, = find_descriptions(tables).itertuples()
    assert tables.articles["text"][0][row.start:row.end] == row.description == "US Secretary of State"
    assert (row.name, row.place) == ("Ada Voss", "before")


@pytest.mark.parametrize(("sentence", "description"), [
    ("White House 's/PART envoy [ Ada Voss ]", ["envoy"]),
    ("the White House ='s/PART envoy [ Ada Voss ]", ["White House's envoy"]),
    ("[ Bo Karr ] and envoy [ Ada Voss ]", ["envoy"]),
    ("[ Bo Karr ] hugs/VERB envoy [ Ada Voss ]", []),
])
def test_title_takes_in_its_owner_and_no_other_person(tmp_path, sentence, description):
    title = "envoy" if "House" in sentence else re.sub(r"\[ | \[.*| \]|/VERB", "", sentence)
    assert find(tmp_path, sentence, **{"Ada Voss": title})["description"].tolist() == description


def test_title_of_the_next_person_is_no_apposition(tmp_path):
    found = find(tmp_path, "[ Ada Voss ] , minister [ Bo Karr ] , said/VERB", **{"Bo Karr": "minister"})
    assert found[["name", "description", "place"]].values.tolist() == [["Bo Karr", "minister", "before"]]


def test_descriptions_that_differ_in_capitals_are_one(tmp_path):
    found = find(tmp_path, "[ Ada Voss ] , Former/ADJ minister .", "[ Ada Voss ] , former/ADJ minister .",
                 "[ Ada Voss ] , former/ADJ minister .")
    table = count_descriptions(found)
    columns = ["description", "n_outside", "n_inside", "n_articles"]
    assert table[columns].values.tolist() == [["former minister", 3, 0, 1]]


def test_no_descriptions_have_the_same_columns(tmp_path):
    some, none = find(tmp_path / "some", "[ Ada Voss ] , minister ."), find(tmp_path / "none", "rain fell/VERB")
    assert list(some) == list(none)
    assert list(count_descriptions(some)) == list(count_descriptions(none))


def test_a_name_before_every_comma_is_read_in_time(tmp_path):
    found = find(tmp_path, "[ Ada Voss ] , minister , " * 400)
    assert len(found) >= 400
