"""Names: who is named by whom, in which forms, and with whom in one sentence."""

import pandas as pd
import pytest

from samestory.measure.names.descriptions import count_descriptions, find_descriptions
from samestory.measure.names.names import (
    compare_names,
    count_mentions,
    find_link_names,
    find_names,
    find_only_in,
    join_name_forms,
    join_name_spans,
    list_links,
    tell_names,
)
from samestory.measure.names.relations import measure_links
from tests.support.tagged_corpus import write_tagged
from tests.support.wording import says

STORY = {("a", "Alpha"): ["[ US ]GPE met/VERB [ Ada Voss ]", "rain"],
         ("b", "Beta"): ["[ U.S. ]GPE ,", '" [ American ]NORP "'], ("c", "Alpha"): ["[ Zingo ]ORG"]}


@pytest.fixture
def tables(tmp_path):
    return write_tagged(tmp_path, STORY, uncounted=("c",))


def test_names_are_counted_by_outlet_in_counted_articles(tables):
    counts = count_mentions(find_names(tables))
    assert counts[["name", "outlet", "n_mentions", "n_articles"]].values.tolist() == [
        ["United States", "Alpha", 1, 1], ["United States", "Beta", 2, 1], ["Ada Voss", "Alpha", 1, 1]]


def test_forms_are_counted_outside_and_inside_marks(tables):
    table = compare_names(find_names(tables)).table
    assert table[["outlet", "form", "n_outside", "n_inside"]].values.tolist() == [
        ["Alpha", "US", 1, 0], ["Beta", "American", 0, 1], ["Beta", "U.S.", 1, 0]]


def test_only_in_gives_the_outlet(tables):
    table = find_only_in(find_names(tables))
    assert table[["outlet", "name", "n_mentions"]].values.tolist() == [["Alpha", "Ada Voss", 1]]


def test_only_in_warns_of_a_bare_surname_elsewhere(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["[ Ada Voss ]"], ("b", "Beta"): ["[ Voss ]"]})
    table = find_only_in(find_names(tables))
    assert table[["name", "may_be"]].values.tolist() == [["Ada Voss", "Voss"], ["Voss", "Ada Voss"]]


@pytest.mark.parametrize("missed", ["Plan", "Long Harbour Plan", "HARBOUR PLAN"])
def test_only_in_leaves_out_a_name_that_another_text_has_unrecognised(tmp_path, missed):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["[ Harbour Plan ]LAW of [ Ada Voss ] ."],
                                     ("b", "Beta"): [f"Their {missed} of Voss ."]})
    names = find_names(tables)
    assert find_only_in(names)["name"].tolist() == ["Harbour Plan"] * (missed == "Plan")
    assert count_mentions(names)["elsewhere"].tolist() == [missed != "Plan", True]


def test_small_words_and_acronyms_are_no_names_as_written(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["[ IT ]ORG and [ Dock ]GPE and [ ATF ]ORG ."],
                                     ("b", "Beta"): ["It is at the dock of ATF ."]})
    assert find_only_in(find_names(tables))["name"].tolist() == ["Dock", "IT"]


@pytest.mark.slow
def test_names_of_a_link_are_marked_in_sentences_with_both(tables):
    links = measure_links(tables).table
    found = find_link_names(tables, links)
    text = tables.articles.set_index("article_id")["text"]["a"]
    assert [text[row.start:row.end] for row in found.itertuples()] == ["US", "Ada Voss"]
    assert "p" not in list_links(links)


@pytest.mark.slow
def test_tables_without_mentions_keep_their_columns(tables, tmp_path):
    none = write_tagged(tmp_path / "none", {("a", "Alpha"): ["rain"]})
    for measure in (count_mentions, lambda names: compare_names(names).table,
                    lambda names: find_only_in(names)):
        assert list(measure(find_names(none))) == list(measure(find_names(tables)))
    assert isinstance(list_links(measure_links(none).table), pd.DataFrame)


def make_names(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Mentions from tuples of entity, outlet, article and form."""
    table = pd.DataFrame(rows, columns=["entity_id", "outlet", "article_id", "form"])
    return table.assign(name=table["entity_id"], label="ORG", start=range(len(rows)), in_quotation=False,
                        elsewhere=False)



def test_mentions_are_found_in_the_order_of_the_text(tmp_path):
    tables = write_tagged(tmp_path, {("b", "Beta"): ["[ Zingo ]ORG met/VERB [ Ada Voss ]"],
                                     ("a", "Alpha"): ["[ US ]GPE"]})
    assert find_names(tables)["form"].tolist() == ["US", "Zingo", "Ada Voss"]


def test_the_most_named_comes_first_then_entity_and_outlet():
    rows = [("b", "NPR", "1", "b"), ("b", "CNN", "2", "b"), ("a", "CNN", "2", "a"), ("c", "NPR", "1", "c"),
            ("c", "NPR", "1", "c"), ("c", "NPR", "3", "c")]
    assert count_mentions(make_names(*rows))[["name", "outlet", "n_mentions", "n_articles"]].values.tolist() == [
        ["c", "NPR", 3, 2], ["b", "CNN", 1, 1], ["b", "NPR", 1, 1], ["a", "CNN", 1, 1]]


def test_forms_are_listed_for_entities_with_several_the_most_used_first():
    rows = [("a", "CNN", "1", "A"), ("a", "CNN", "1", "A"), ("b", "NPR", "1", "y"), ("b", "CNN", "1", "x"),
            ("b", "CNN", "1", "w"), ("b", "CNN", "2", "z"), ("b", "CNN", "2", "z"), ("c", "CNN", "1", "u"),
            ("c", "CNN", "1", "v")]
    table = compare_names(make_names(*rows)).table
    assert table[["name", "outlet", "form"]].agg("".join, axis=1).tolist() == [
        "bCNNz", "bCNNw", "bCNNx", "bNPRy", "cCNNu", "cCNNv"]
    assert table["n_outside"].tolist() == [2, 1, 1, 1, 1, 1]
    assert list(table) == ["name", "label", "outlet", "form", "n_outside", "n_inside", "n_articles"]
    assert set(compare_names(make_names(*rows), top_n=1).table["name"]) == {"b"}


@pytest.mark.parametrize(("function", "n"), [(lambda names: compare_names(names).table, 10), (find_only_in, 20)])
def test_only_the_most_named_entities_are_shown(function, n):
    names = [f"{i:02} {'x' * i}z" for i in range(25)]
    rows = [(name, "CNN", "1", form) for i, name in enumerate(names) for form in [name, name + "!"] * (1 + (i == 24))]
    found = function(make_names(*rows))
    assert list(dict.fromkeys(found["name"])) == [names[24], *names[:n - 1]]


def test_only_in_sorts_outlets_alphabetically_and_their_names_by_frequency():
    rows = [("b b", "NPR", "1", "b"), ("d d", "CNN", "1", "d"), ("e e", "CNN", "1", "e"), ("e e", "CNN", "1", "e"),
            ("c c", "CNN", "1", "c"), ("x x", "CNN", "1", "x"), ("x x", "NPR", "1", "x")]
    table = find_only_in(make_names(*rows))
    assert table["name"].tolist() == ["e e", "c c", "d d", "b b"] and set(table["may_be"]) == {""}


@pytest.mark.parametrize(("name", "other"), [("Harbour Board", "Harbour Board X"),
                                             ("Board Harbour", "X Board Harbour")])
def test_only_in_warns_of_names_that_begin_or_end_alike_elsewhere_only(name, other):
    apart = make_names((name, "CNN", "1", "x"), (other, "NPR", "2", "y"))
    assert find_only_in(apart)["may_be"].tolist() == [other, name]
    assert find_only_in(apart.assign(outlet="CNN"))["may_be"].tolist() == ["", ""]


def make_links(**columns) -> pd.DataFrame:
    n = max(len(values) for values in columns.values())
    names = {"name_a": [f"a{i}" for i in range(n)], "name_b": "b", "n_sentences": 1, "expected": 0.5, "outlets": "CNN",
             "n_articles": 1, "n_naming_both": 1, "p": None, "q_bh": None}
    return pd.DataFrame(names | columns)


def test_fifteen_links_are_listed_with_p_if_any_has_one():
    assert len(list_links(make_links(n_sentences=[1] * 20))) == 15
    assert list_links(make_links(n_sentences=[1] * 3), top_n=2)["name_a"].tolist() == ["a0", "a1"]
    assert list(list_links(make_links(p=[0.5, None])))[-1] == "p"
    assert list(list_links(make_links(p=[0.5, None], q_bh=[0.5, None])))[-2:] == ["p", "q_bh"]


def test_names_of_links_are_sorted_by_pair_article_and_place(tmp_path):
    tables = write_tagged(tmp_path, {("b", "Beta"): ["[ Zingo ]ORG met/VERB [ Ada Voss ]"],
                                     ("a", "Alpha"): ["[ US ]GPE and [ Zingo ]ORG",
                                                      "[ Ada Voss ] met/VERB [ Zingo ]ORG"]})
    ids = tables.entities.set_index("name")["entity_id"]
    links = pd.DataFrame([(ids[a], ids[b], a, b) for a, b in (("Zingo", "United States"), ("Ada Voss", "Zingo"))],
                         columns=["entity_a", "entity_b", "name_a", "name_b"])
    found = find_link_names(tables, links)
    assert found[["name_a", "article_id"]].values.tolist() == [["Zingo", "a"]] * 2 + [["Ada Voss", "a"]] * 2 + [
        ["Ada Voss", "b"]] * 2
    assert (found.groupby(["name_a", "article_id"])["start"].diff().dropna() > 0).all()


@pytest.mark.parametrize(("own", "shared"), [("Zorg Holdings", "Zorg"), ("Zorg", "Zorg Holdings")])
def test_only_in_warns_of_a_name_that_begins_with_the_other(tmp_path, own, shared):
    tables = write_tagged(tmp_path, {("a", "Alpha"): [f"[ {own} ]ORG"], ("b", "Beta"): [f"[ {shared} ]ORG"],
                                     ("c", "Gamma"): [f"[ {shared} ]ORG"]})
    table = find_only_in(find_names(tables))
    assert table[["outlet", "name", "may_be"]].values.tolist() == [["Alpha", own, shared]]


def test_names_that_may_be_another_outlets_come_last():
    rows = [("Harbour Board", "CNN", "1", "b"), ("Harbour Board", "CNN", "1", "b"), ("Sea Firm", "CNN", "1", "s"),
            ("Harbour Board X", "NPR", "2", "x")]
    table = find_only_in(make_names(*rows))
    assert table[["name", "may_be"]].values.tolist() == [
        ["Sea Firm", ""], ["Harbour Board", "Harbour Board X"], ["Harbour Board X", "Harbour Board"]]


@pytest.mark.slow
def test_names_are_told_by_outlet(seeds):
    said = tell_names(find_names(seeds))
    assert says(said, "both outlets", "only in CGTN", "only in CNN")


def test_forms_and_descriptions_share_a_table_and_their_spans(seeds):
    names, described = find_names(seeds), find_descriptions(seeds)
    rows = join_name_forms(compare_names(names).table, count_descriptions(described).table)
    assert {"name", "description before the name"} <= set(rows["as"])
    spans = join_name_spans(names, described)
    assert set(map(tuple, rows[["name", "outlet", "said"]].values)) <= set(
        map(tuple, spans[["name", "outlet", "said"]].values))
