"""Descriptions: titles before names and appositions after them."""

import re
from collections.abc import Iterable

import pandas as pd
import pytest

from samestory.measure.names.descriptions import count_descriptions, find_descriptions
from tests.support.tagged_corpus import write_tagged


def find(folder, *sentences: str, **titles: str) -> pd.DataFrame:
    return find_descriptions(write_tagged(folder, {("a", "Alpha"): list(sentences)}, titles=titles))


def find_each(folder, sentences: Iterable[str]) -> list[list[tuple[str, str]]]:
    """Place and description of the descriptions found in each sentence, one article per sentence."""
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


@pytest.mark.slow
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


def test_titles_are_found_before_the_name(tmp_path):
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
def test_a_title_includes_its_possessor_but_no_other_person(tmp_path, sentence, description):
    title = "envoy" if "House" in sentence else re.sub(r"\[ | \[.*| \]|/VERB", "", sentence)
    assert find(tmp_path, sentence, **{"Ada Voss": title})["description"].tolist() == description


def test_title_of_the_next_person_is_not_an_apposition(tmp_path):
    found = find(tmp_path, "[ Ada Voss ] , minister [ Bo Karr ] , said/VERB", **{"Bo Karr": "minister"})
    assert found[["name", "description", "place"]].values.tolist() == [["Bo Karr", "minister", "before"]]


@pytest.mark.slow
def test_descriptions_that_differ_in_capitals_are_one(tmp_path):
    found = find(tmp_path, "[ Ada Voss ] , Former/ADJ minister .", "[ Ada Voss ] , former/ADJ minister .",
                 "[ Ada Voss ] , former/ADJ minister .")
    table = count_descriptions(found).table
    columns = ["description", "n_outside", "n_inside", "n_articles"]
    assert table[columns].values.tolist() == [["former minister", 3, 0, 1]]


@pytest.mark.slow
def test_no_descriptions_have_the_same_columns(tmp_path):
    some, none = find(tmp_path / "some", "[ Ada Voss ] , minister ."), find(tmp_path / "none", "rain fell/VERB")
    assert list(some) == list(none)
    assert list(count_descriptions(some).table) == list(count_descriptions(none).table)


@pytest.mark.slow
def test_a_name_before_every_comma_is_read_in_time(tmp_path):
    found = find(tmp_path, "[ Ada Voss ] , minister , " * 400)
    assert len(found) >= 400


BOUNDS = {
    "minister " + "of/ADP " * 24 + ".": 1, "minister " + "of/ADP " * 25 + ".": 0,  # 25 tokens are a description at most
    "the minister , a teacher , and/CCONJ": 2, "45/NUM 46/NUM , a teacher .": 0, "45/NUM .": 0,
    "minister of/ADP war ( a , b ) , a teacher .": 2, "minister ) , a teacher .": 1, "swiftly/ADV minister .": 0,
    "former/ADJ coming/VERB minister .": 1, "minister of/ADP coming/VERB .": 0, "minister of/ADP war": 1,
    "minister ! teacher": 1, "! minister .": 0, "a minister who/PRON left/VERB .": 0,
}


def test_a_description_ends_at_a_mark_and_has_at_most_25_tokens(tmp_path):
    found = find_each(tmp_path, [f"[ Ada Voss ] , {behind}" for behind in BOUNDS])
    assert [len(texts) for texts in found] == list(BOUNDS.values())


BEFORE = {
    "the " + "big/ADJ " * 23 + "minister , [ Ada Voss ] , said/VERB": 1,
    "the " + "big/ADJ " * 24 + "minister , [ Ada Voss ] , said/VERB": 0,
    "its/PRON minister of/ADP war , [ Ada Voss ] , said/VERB": 1,
    "minister of/ADP China ='s/PART war , [ Ada Voss ] , said/VERB": 0,  # whose minister is not said
    "the minister , [ Ada Voss ] ,": 1, "the minister , [ Ada Voss ] , or": 0, "the minister [ Ada Voss ] ,": 0,
    "the teacher and the minister , [ Ada Voss ] ,": 1,
    "met/VERB the failed/VERB minister , [ Ada Voss ] ,": 0,  # a verb bars what is before it
}


def test_a_description_before_a_name_is_of_a_known_person(tmp_path):
    assert [len(texts) for texts in find_each(tmp_path, BEFORE)] == list(BEFORE.values())


@pytest.mark.parametrize(("sentence", "title", "found"), [
    ("China 's/PART  top/ADJ envoy [ Ada Voss ]", "top envoy", ["top envoy"]),
    ("China ='s/PART top/ADJ envoy [ Ada Voss ]", "top envoy", ["China's top envoy"]),
    ("Big Old Red China ='s/PART envoy [ Ada Voss ]", "envoy", ["Big Old Red China's envoy"]),
    ("The Big Old Red China ='s/PART envoy [ Ada Voss ]", "envoy", ["Big Old Red China's envoy"]),
    ("envoy and/CCONJ [ Ada Voss ]", "envoy", []),
    ("[ Bo Karr ] , China ='s/PART envoy [ Ada Voss ]", "envoy", ["China's envoy"]),
])
def test_a_title_includes_its_possessor(tmp_path, sentence, title, found):
    assert find(tmp_path, sentence, **{"Ada Voss": title})["description"].tolist() == found


def make_descriptions(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["name", "outlet", "description"])
    return table.assign(place="before", in_quotation=False, article_id="a", start=range(len(rows)))


def test_the_person_with_most_descriptions_comes_first_with_the_one_used_most():
    rows = [("Bo", "NPR", "chief"), ("Bo", "CNN", "z"), ("Bo", "CNN", "z"), ("Bo", "CNN", "b"), ("Bo", "CNN", "a"),
            ("Cy", "CNN", "x"), ("Ada", "CNN", "x")]
    table = count_descriptions(make_descriptions(*rows)).table
    assert table[["name", "outlet", "description"]].agg(" ".join, axis=1).tolist() == [
        "Bo CNN z", "Bo CNN a", "Bo CNN b", "Bo NPR chief", "Ada CNN x", "Cy CNN x"]


def test_fifteen_people_are_shown():
    found = make_descriptions(*[(f"{i:02}", "CNN", "chief") for i in range(20)])
    assert len(count_descriptions(found).table) == 15
    assert count_descriptions(found, top_n=1).table["name"].tolist() == ["00"]


@pytest.mark.parametrize(("forms", "shown"), [(["A", "a", "a"], "a"), (["A", "A", "a"], "A"), (["a", "A"], "A")])
def test_the_form_of_a_description_is_the_most_frequent_then_the_first_alphabetically(tmp_path, forms, shown):
    found = find_descriptions(write_tagged(tmp_path, {
        (f"{i}", "Alpha"): [f"[ Ada Voss ] , {form} minister/NOUN ."] for i, form in enumerate(
            {"a": "big/ADJ", "A": "Big/ADJ"}[form] for form in forms)}))
    assert set(found["description"]) == {{"a": "big minister", "A": "Big minister"}[shown]}


def test_sixty_tokens_after_a_name_are_examined(tmp_path):
    longest = "minister " + "of/ADP " * 24 + ", "
    found = find(tmp_path, f"[ Ada Voss ] , {longest}{longest}teacher " + "of/ADP " * 20 + ".")
    assert found["description"].str.split().str.len().tolist() == [25, 25, 7]  # the comma counts too
