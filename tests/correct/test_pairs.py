"""Corrections of pairs of statements, and the facts that follow."""

import pytest

from samestory.correct.corrections import Correction
from samestory.correct.overlay import apply_corrections
from samestory.tables.tables import Tables, load_tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def decide(tables: Tables, *decisions: tuple[str, str, str]):
    rows = [Correction(line, pair_id, "change", "status", old, new, "Ann Lee", "")
            for line, (pair_id, old, new) in enumerate(decisions, start=2)]
    state = apply_corrections(tables.folder, rows)
    return state, {name: state.table(name).to_pandas() for name in ("pairs", "facts", "corrections")}


def find_pair(tables: Tables, status: str):
    pairs = tables.read("pairs")
    return pairs[pairs["status"] == status].sort_values("score").iloc[-1]


def test_a_confirmed_candidate_is_a_shared_fact(tables):
    pair = find_pair(tables, "candidate")
    _, after = decide(tables, (pair["pair_id"], "candidate", "confirmed"))
    row = after["pairs"].set_index("pair_id").loc[pair["pair_id"]]
    assert (row["status"], row["who"]) == ("confirmed", "Ann Lee")
    assert any({pair["statement_a"], pair["statement_b"]} <= set(ids) for ids in after["facts"]["statement_ids"])
    assert after["facts"].explode("statement_ids")["statement_ids"].is_unique


def test_a_refused_pair_is_no_fact_and_its_statements_are_no_one_s_own(tables):
    pair = find_pair(tables, "sure")
    _, after = decide(tables, (pair["pair_id"], "sure", "refused"))
    members = set(after["facts"].explode("statement_ids")["statement_ids"])
    assert not {pair["statement_a"], pair["statement_b"]} & members
    assert len(after["facts"]) == len(tables.read("facts")) - 1


def test_the_last_decision_counts(tables):
    pair = find_pair(tables, "sure")["pair_id"]
    _, after = decide(tables, (pair, "sure", "refused"), (pair, "refused", "confirmed"))
    assert after["corrections"]["status"].tolist() == ["superseded", "changed"]
    assert after["facts"]["relation"].tolist() == tables.read("facts")["relation"].tolist()


@pytest.mark.parametrize(("pair_id", "new"), [("a/1/s0-5+b/1/s0-5", "confirmed"), ("", "sure"), ("", "maybe")])
def test_what_does_not_fit_changes_nothing(tables, pair_id, new):
    state, after = decide(tables, (pair_id or find_pair(tables, "sure")["pair_id"], "sure", new))
    assert after["corrections"]["status"].tolist() == ["unfit"]
    assert state.table("facts").equals(state.found["facts"])


@pytest.mark.slow
def test_an_uncounted_article_has_no_facts(tables):
    article = tables.articles["article_id"].iloc[0]
    state = apply_corrections(tables.folder, [Correction(2, article, "change", "counted", "true", "false", "", "")])
    assert state.table("pairs").num_rows == 0
    ids = [name for names in state.table("facts")["statement_ids"].to_pylist() for name in names]
    assert not [name for name in ids if name.startswith(f"{article}/s")]
