"""Labels: the nouns for events and actors, with what stands before them, counted by outlet."""

import pandas as pd

from samestory.base.language import read_language_rows
from samestory.measure.names.labels import add_names, count_actor_labels, count_labels, find_labels
from tests.support.tagged_corpus import write_tagged


def find(folder, *sentences: str, **options) -> pd.DataFrame:
    return find_labels(write_tagged(folder, {("a", "Alpha"): list(sentences)}, **options))


PHRASES = {
    "the strategic/ADJ meeting ended/VERB": ["meeting", ["strategic"]],
    "the high/ADJ =-/PUNCT =level/NOUN talks ended/VERB": ["talks", ["high-level"]],
    "a failed/VERB attack": ["attack", ["failed"]],
    "they/PRON attended/VERB talks": ["talks", []],
    "[ Israel ]GPE ='s/PART attack": ["attack", ["Israel's"]],
    "White House meeting": ["meeting", ["White House"]],
    "an/DET air strike followed/VERB": ["air strike", []],
    "a brief/ADJ cease/VERB =-/PUNCT =fire": ["cease-fire", ["brief"]],
    "riots broke/VERB out/ADP": ["riot", []],
}


def test_phrases_are_read_with_their_modifiers(tmp_path):
    found = find(tmp_path, *PHRASES)
    assert found[["label", "modifiers"]].values.tolist() == list(PHRASES.values())


def test_what_heads_no_phrase_is_no_label(tmp_path):
    assert find(tmp_path, "# March 17/NUM", "the protest song spoke/VERB", "a talks =-/PUNCT =based/VERB plan",
                "the re/ADJ =-/PUNCT =election", "[ Federal Election Commission ]ORG", "they/PRON attack/VERB",
                "the Summit").empty


def test_proper_nouns_are_labels_in_headlines_only(tmp_path):
    assert find(tmp_path, "# Alaska Talks", "the Alaska Talks")["start"].tolist() == [0]


def test_spans_take_in_the_modifiers_and_leave_out_the_article(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["the deadly/ADJ air strike", "a summit"]})
    text = tables.articles["text"][0]
    assert [text[row.start:row.end] for row in find_labels(tables).itertuples()] == ["deadly air strike", "summit"]


def test_labels_are_counted_by_outlet_outside_and_inside_marks(tmp_path):
    tables = write_tagged(tmp_path, {
        ("a", "Alpha"): ["the strategic/ADJ meeting", '" the Strategic/ADJ meeting "'], ("b", "Beta"): ["the summit"],
        ("c", "Beta"): ["the talks"]}, uncounted=("c",))
    table = count_labels(find_labels(tables))
    assert table.values.tolist() == [["meetings", "meeting", "Alpha", 1, 1, 1, "strategic 2"],
                                     ["meetings", "summit", "Beta", 1, 0, 1, ""]]


def test_actors_are_counted_under_the_name_that_is_theirs(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): [
        "the [ Chinese ]NORP government", "[ China ]GPE ='s/PART regime", "the government", "a crowd"]})
    found = find_labels(tables)
    table = count_actor_labels(found, tables.entities)
    assert table[["name", "label"]].values.tolist() == [["China", "government"], ["China", "regime"]]
    assert len(add_names(found, tables.entities)) == 2
    assert count_labels(found)["label"].tolist() == ["crowd"]


def test_no_labels_have_the_same_columns(tmp_path):
    some, none = find(tmp_path / "some", "the summit"), find(tmp_path / "none", "rain fell/VERB")
    assert list(some) == list(none)
    assert list(count_labels(some)) == list(count_labels(none))


def test_a_sentence_of_nothing_but_labels_is_read_in_time(tmp_path):
    assert len(find(tmp_path, "talks of/ADP " * 3_000)) == 3_000


def test_nouns_are_listed_once_in_order_with_known_kinds():
    rows = read_language_rows("label_nouns")
    nouns = [row["noun"] for row in rows]
    assert len(nouns) == len(set(nouns))
    assert all(nouns)
    assert {row["kind"] for row in rows} == {"event", "actor", "people"}
