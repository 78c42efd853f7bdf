"""Corrections of pairs of statements: a person confirms or refuses that two outlets say the same.

The facts of the events concerned are grouped again. A statement that is no part of a fact any more is not called one
outlet's own: that was not measured.
"""

from collections.abc import Iterable
from typing import Any

from samestory.correct.allowed import FIELD_READERS, TableRow, fit_rows
from samestory.correct.state import State, filter_rows_by_values, find_targets
from samestory.story.facts import group_facts


def correct_pairs(state: State) -> None:
    """Apply the corrections of pairs, and leave out statements of articles that are no longer counted."""
    uncounted = _find_uncounted(state)
    if uncounted:
        _drop_articles(state, uncounted)
    rows = state.open_rows("pair")
    found = filter_rows_by_values(state.table("pairs"), "pair_id", {row.target_id for row in rows}).to_pylist()
    targets = find_targets("pair", rows, found, "pair_id")
    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["pair"])
    who = {row.target_id: row.who for row in rows if state.outcomes[row.line].status in ("changed", "checked")}
    changed = {key: target.now | {"who": who.get(key)} for key, target in targets.items()
               if target.now and key in who}
    if changed:
        state.replace("pairs", "pair_id", changed, changed.values())
        _regroup_facts(state, {row["event_id"] for row in changed.values()})


def _find_uncounted(state: State) -> set[str]:
    """The articles that a correction leaves out of every count."""
    if "articles" not in state.tables:
        return set()
    return set(state.found["articles"].filter(state.found["articles"]["counted"])["article_id"].to_pylist()) \
        - state.counted_ids()


def _drop_articles(state: State, article_ids: set[str]) -> None:
    """Leave out the pairs of some articles, and group the facts of their events again."""
    gone = [row for row in state.table("pairs").to_pylist()
            if {_name_article(row["statement_a"]), _name_article(row["statement_b"])} & article_ids]
    facts = [row for row in state.table("facts").to_pylist()
             if article_ids & set(map(_name_article, row["statement_ids"]))]
    state.replace("pairs", "pair_id", {row["pair_id"] for row in gone}, ())
    alone = {row["fact_id"] for row in facts if row["relation"] == "one_outlet"}
    state.replace("facts", "fact_id", alone, ())
    _regroup_facts(state, {row["event_id"] for row in (*gone, *facts)}, without=article_ids)


def _regroup_facts(state: State, event_ids: Iterable[str], *, without: Iterable[str] = ()) -> None:
    """Group the facts of some events again, from their pairs as they are now."""
    event_ids = set(event_ids)
    pairs = filter_rows_by_values(state.table("pairs"), "event_id", event_ids).to_pylist()
    facts = filter_rows_by_values(state.table("facts"), "event_id", event_ids).to_pylist()
    articles = state.table("articles").select(["article_id", "outlet"]).to_pylist()
    outlets = {row["article_id"]: row["article_id"] if row["outlet"] == "unknown" else row["outlet"]
               for row in articles}
    places: dict[str, dict[str, Any]] = {}
    for fact in facts:
        places |= {name: _make_place(fact, outlets[_name_article(name)]) for name in fact["statement_ids"]
                   if _name_article(name) not in set(without)}
    for pair in pairs:
        for name in (pair["statement_a"], pair["statement_b"]):
            empty = {"event_id": pair["event_id"], "not_in": [], "novelty": None, "relation": ""}
            places.setdefault(name, _make_place(empty, outlets[_name_article(name)]))
    rows = [fact for event_id in sorted(event_ids)
            for fact in group_facts([pair for pair in pairs if pair["event_id"] == event_id],
                                    {name: place for name, place in places.items() if place["event_id"] == event_id})]
    state.replace("facts", "event_id", event_ids, rows)


def _make_place(fact: TableRow, outlet: str) -> dict[str, Any]:
    """What `group_facts` asks of a statement, from the fact that it was a part of."""
    return {"event_id": fact["event_id"], "outlet": outlet, "not_in": fact["not_in"] or [],
            "novelty": fact["novelty"], "is_lone": fact["relation"] == "one_outlet"}


def _name_article(statement_id: str) -> str:
    """The article of a statement."""
    return statement_id.rpartition("/s")[0]
