"""Labels: the nouns for events and actors, with their modifiers, counted by outlet."""

import pandas as pd
import pytest

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


def test_a_noun_that_heads_no_phrase_is_not_a_label(tmp_path):
    assert find(tmp_path, "# March 17/NUM", "the protest song spoke/VERB", "a talks =-/PUNCT =based/VERB plan",
                "the re/ADJ =-/PUNCT =election", "[ Federal Election Commission ]ORG", "they/PRON attack/VERB",
                "the Summit").empty


def test_proper_nouns_are_labels_in_headlines_only(tmp_path):
    assert find(tmp_path, "# Alaska Talks", "the Alaska Talks")["start"].tolist() == [0]


def test_spans_include_the_modifiers_but_not_the_article(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["the deadly/ADJ air strike", "a summit"]})
    text = tables.articles["text"][0]
    assert [text[row.start:row.end] for row in find_labels(tables).itertuples()] == ["deadly air strike", "summit"]


def test_labels_are_counted_by_outlet_outside_and_inside_marks(tmp_path):
    tables = write_tagged(tmp_path, {
        ("a", "Alpha"): ["the strategic/ADJ meeting", '" the Strategic/ADJ meeting "'], ("b", "Beta"): ["the summit"],
        ("c", "Beta"): ["the talks"]}, uncounted=("c",))
    table = count_labels(find_labels(tables)).table
    assert table.values.tolist() == [["meetings", "meeting", "Alpha", 1, 1, 1, "strategic 2"],
                                     ["meetings", "summit", "Beta", 1, 0, 1, ""]]


@pytest.mark.slow
def test_actors_are_counted_under_their_own_name(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): [
        "the [ Chinese ]NORP government", "[ China ]GPE ='s/PART regime", "the government", "a crowd"]})
    found = find_labels(tables)
    table = count_actor_labels(found, tables.entities).table
    assert table[["name", "label"]].values.tolist() == [["China", "government"], ["China", "regime"]]
    assert len(add_names(found, tables.entities)) == 2
    assert count_labels(found).table["label"].tolist() == ["crowd"]


@pytest.mark.slow
def test_no_labels_have_the_same_columns(tmp_path):
    some, none = find(tmp_path / "some", "the summit"), find(tmp_path / "none", "rain fell/VERB")
    assert list(some) == list(none)
    assert list(count_labels(some).table) == list(count_labels(none).table)


@pytest.mark.slow
def test_a_sentence_of_nothing_but_labels_is_read_in_time(tmp_path):
    assert len(find(tmp_path, "talks of/ADP " * 3_000)) == 3_000


def test_nouns_are_listed_once_in_order_with_known_kinds():
    rows = read_language_rows("label_nouns")
    nouns = [row["noun"] for row in rows]
    assert len(nouns) == len(set(nouns))
    assert all(nouns)
    assert {row["kind"] for row in rows} == {"event", "actor", "people"}


@pytest.mark.parametrize(("sentence", "modifiers"), [
    ("the " + "big/ADJ " * 8 + "attack", 8), ("the " + "big/ADJ " * 9 + "attack", 8),  # as many tokens as are looked at
    ("the failed/VERB attack", 1), ("failed/VERB attack", 0), ("they/PRON failed/VERB attack", 0),
    ("his/PRON failed/VERB attack", 1), ("whose/PRON failed/VERB attack", 1), ("a big/ADJ failed/VERB attack", 2),
    ("a coming/VERB attack", 1), ("a broken/VERB attack", 1), ("a flew/VERB attack", 0),
    ("two/NUM big/ADJ Alaska attack", 3), ("went/VERB - attack", 0), ("the - big/ADJ attack", 1),
])
def test_modifiers_belong_to_the_noun(tmp_path, sentence, modifiers):
    row, = find(tmp_path, sentence).itertuples()
    assert len(row.modifiers) == modifiers


@pytest.mark.parametrize(("sentence", "labels"), [
    ("the attack ended/VERB", ["attack"]), ("the attack =- =plan", []), ("the attack - a plan", ["attack"]),
    ("an/DET attack plan", []), ("# Attack Plan", []), ("# Attack 17/NUM", []), ("# The Attack ended/VERB", ["attack"]),
    ("an/DET attack 17/NUM", ["attack"]), ("a cease =- fire", ["fire"]), ("a - attack", ["attack"]),
    ("# Alaska Talks", ["talks"]), ("# Many Attacks", ["attack"]), ("# The Attacks", ["attack"]),
])
def test_a_label_is_the_whole_noun_at_the_end_of_its_phrase(tmp_path, sentence, labels):
    assert find(tmp_path, sentence)["label"].tolist() == labels


def test_the_entity_is_the_last_one_named_before_the_noun(tmp_path):
    found = find(tmp_path, "the [ China ]GPE [ United States ]GPE talks", "[ Bo ] left/VERB the talks",
                 "the [ May 3 ]DATE talks", "the [ Big Talks ]EVENT ended/VERB", "the [ Peace talks ]ORG")
    assert found["entity_id"].fillna("").tolist() == ["GPE:United States", "", ""]


def make_phrases(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Phrases from tuples of group, label, outlet and modifiers."""
    table = pd.DataFrame(rows, columns=["group", "label", "outlet", "modifiers"])
    return table.assign(modifiers=table["modifiers"].str.split(), kind="event", article_id="a", in_quotation=False,
                        start=range(len(rows)))


def test_groups_and_their_labels_are_sorted_by_number_of_phrases():
    rows = [("z", "talks", "NPR", ""), ("z", "talks", "CNN", ""), ("z", "meeting", "CNN", ""), ("b", "war", "CNN", ""),
            ("a", "war", "CNN", ""), ("z", "hearing", "CNN", "")]
    table = count_labels(make_phrases(*rows)).table
    assert table[["group", "label", "outlet"]].agg(" ".join, axis=1).tolist() == [
        "z talks CNN", "z talks NPR", "z hearing CNN", "z meeting CNN", "a war CNN", "b war CNN"]


@pytest.mark.parametrize(("modifiers", "listed"), [
    (["a b c d e"], "a 1, b 1, c 1, d 1, e 1"), (["a b c d e f"], "a 1, b 1, c 1, d 1, e 1 and 1 more"),
    (["z a", "z"], "z 2, a 1"), (["New", "new", "new"], "new 3"), (["New", "New", "new"], "New 3"),
    (["f e d c b a"], "a 1, b 1, c 1, d 1, e 1 and 1 more"), (["New new"], "new 2"), (["new New"], "new 2"),
])
def test_five_modifiers_are_listed_in_the_form_that_is_written_most(modifiers, listed):
    table = count_labels(make_phrases(*[("z", "talks", "CNN", units) for units in modifiers])).table
    assert table["modifiers"].tolist() == [listed]


def test_only_events_and_people_are_labels_and_the_most_frequent_are_shown():
    found = make_phrases(*[("z", f"talks{i:02}", "CNN", "") for i in range(20) for _ in range(1 + (i == 19))])
    assert count_labels(found).table["label"].tolist() == ["talks19", *(f"talks{i:02}" for i in range(14))]
    assert len(count_labels(found, top_n=3).table) == 3
    assert count_labels(found.assign(kind="actor")).table.empty


def test_only_a_name_in_capitals_loses_its_plural(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["# Many Attacks", "many/ADJ attacks"]})
    tokens = pd.read_parquet(tmp_path / "tokens.parquet")  # the lemma of a proper noun keeps its s
    tokens.assign(lemma=tokens["norm"]).to_parquet(tmp_path / "tokens.parquet")
    assert find_labels(tables)[["label", "start"]].values.tolist() == [["attack", 0]]


def test_a_participle_that_opens_the_sentence_is_no_modifier(tmp_path):
    found = find(tmp_path, "failed/VERB deadly/ADJ attack", "a failed/VERB deadly/ADJ attack")
    assert found["modifiers"].tolist() == [["deadly"], ["failed", "deadly"]]


def test_labels_of_the_fifteen_entities_with_the_most_phrases_are_shown():
    entities = pd.DataFrame({"entity_id": [f"e{i:02}" for i in range(17)], "name": [f"n{i:02}" for i in range(17)]})
    found = make_phrases(*[("z", "side", "CNN", "") for _ in range(18)]).assign(
        kind="actor", entity_id=[*entities["entity_id"], "e16"])
    assert count_actor_labels(found, entities).table["name"].tolist() == ["n16", *entities["name"][:14]]
