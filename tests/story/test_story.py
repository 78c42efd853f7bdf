"""The story of the seeds, as tables."""

import pytest

from samestory.story.pairs import MIN_SURE_SCORE, PAIR_STATUSES
from samestory.story.story import write_story
from samestory.tables.tables import Tables, load_tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def test_pairs_join_statements_of_two_outlets(tables):
    pairs, articles = tables.read("pairs"), tables.articles.set_index("article_id")["outlet"]
    outlet = tables.read("statements").set_index("statement_id")["article_id"].map(articles)
    assert (pairs["statement_a"].map(outlet) < pairs["statement_b"].map(outlet)).all()
    assert set(pairs["status"]) <= set(PAIR_STATUSES) and pairs["pair_id"].is_unique
    assert ((pairs["score"] >= MIN_SURE_SCORE) == (pairs["status"] == "sure")).all()


def test_who_meets_is_told_by_both_with_no_other_actor_as_both_name_wang_yi(tables):
    pair = tables.read("pairs").sort_values("score").iloc[-1]
    text = tables.articles_by_id["text"]
    said = {name: text[name.partition("/s")[0]] for name in (pair["statement_a"], pair["statement_b"])}
    spans = [said[name][slice(*map(int, name.rpartition("/s")[2].split("-")))] for name in said]
    assert all("Wang Yi" in span and "Blinken" in span for span in spans)
    assert pair["status"] == "sure" and "actor" not in pair["differs"]


def test_a_fact_of_one_outlet_is_in_no_shared_one(tables):
    facts = tables.read("facts")
    members = facts.explode("statement_ids")["statement_ids"]
    assert members.is_unique and facts["fact_id"].is_unique
    assert (facts["outlets"].str.len().gt(1) == facts["relation"].ne("one_outlet")).all()
    assert facts.loc[facts["relation"] == "one_outlet", "not_in"].str.len().eq(1).all()


def test_the_same_tables_give_the_same_bytes(tables, tmp_path):
    for name in ("articles", "statements", "tokens", "mentions", "quotations", "speech_acts", "values"):
        if tables.path(name).exists():
            (tmp_path / f"{name}.parquet").symlink_to(tables.path(name))
    write_story(tmp_path)
    assert all((tmp_path / f"{name}.parquet").read_bytes() == tables.path(name).read_bytes()
               for name in ("pairs", "facts"))
