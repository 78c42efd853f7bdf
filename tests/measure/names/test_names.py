"""Naming: who is named by whom, in which forms, and with whom in one sentence."""

import pandas as pd
import pytest

from samestory.measure.names.names import (
    compare_names,
    count_mentions,
    find_link_names,
    find_names,
    find_only_in,
    list_links,
)
from samestory.measure.names.relations import measure_links
from tests.support.tagged_corpus import write_tagged

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
    table = compare_names(find_names(tables))
    assert table[["outlet", "form", "n_outside", "n_inside"]].values.tolist() == [
        ["Alpha", "US", 1, 0], ["Beta", "American", 0, 1], ["Beta", "U.S.", 1, 0]]


def test_only_in_names_the_outlet(tables):
    table = find_only_in(find_names(tables), tables.entities)
    assert table[["outlet", "name", "n_mentions"]].values.tolist() == [["Alpha", "Ada Voss", 1]]


def test_only_in_warns_of_a_bare_surname_elsewhere(tmp_path):
    tables = write_tagged(tmp_path, {("a", "Alpha"): ["[ Ada Voss ]"], ("b", "Beta"): ["[ Voss ]"]})
    table = find_only_in(find_names(tables), tables.entities)
    assert table[["name", "may_be"]].values.tolist() == [["Ada Voss", "Voss"], ["Voss", "Ada Voss"]]


def test_names_of_a_link_are_marked_in_sentences_with_both(tables):
    links = measure_links(tables)
    found = find_link_names(tables, links)
    text = tables.articles.set_index("article_id")["text"]["a"]
    assert [text[row.start:row.end] for row in found.itertuples()] == ["US", "Ada Voss"]
    assert "p" not in list_links(links)


def test_tables_without_mentions_keep_their_columns(tables, tmp_path):
    none = write_tagged(tmp_path / "none", {("a", "Alpha"): ["rain"]})
    for measure in (count_mentions, compare_names, lambda names: find_only_in(names, none.entities)):
        assert list(measure(find_names(none))) == list(measure(find_names(tables)))
    assert isinstance(list_links(measure_links(none)), pd.DataFrame)
