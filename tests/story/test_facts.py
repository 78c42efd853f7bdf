"""Facts: groups of statements, and statements of one outlet."""

from samestory.story.facts import group_facts

PLACES = {name: {"event_id": "e", "outlet": outlet, "not_in": not_in, "novelty": 0.5, "is_lone": len(not_in) == 2}
          for name, outlet, not_in in (("a1", "A", ["C"]), ("a2", "A", ["B", "C"]), ("b1", "B", ["C"]), ("b2", "B", []),
                                       ("c1", "C", []), ("c2", "C", []))}


def make_pair(a: str, b: str, status: str = "sure", score: float = 0.5, differs=(), check: bool = False) -> dict:
    return {"pair_id": f"{a}+{b}", "statement_a": a, "statement_b": b, "status": status, "score": score,
            "differs": list(differs), "check": check}


def list_relations(pairs: list[dict]) -> list[tuple]:
    return [(fact["relation"], *fact["statement_ids"]) for fact in group_facts(pairs, PLACES)]


def test_a_sure_pair_is_a_shared_fact_and_a_lone_statement_one_of_an_outlet():
    shared, lone = group_facts([make_pair("a1", "b1")], PLACES)
    assert (shared["relation"], shared["outlets"], shared["not_in"]) == ("shared", ["A", "B"], ["C"])
    assert (lone["relation"], lone["statement_ids"], lone["not_in"]) == ("one_outlet", ["a2"], ["B", "C"])


def test_a_difference_of_a_pair_is_one_of_the_fact():
    fact, _ = group_facts([make_pair("a1", "b1", differs=["value"], check=True)], PLACES)
    assert (fact["relation"], fact["differs"], fact["check"]) == ("differs", ["value"], True)


def test_candidates_and_refused_pairs_make_no_fact_and_confirmed_ones_do():
    assert list_relations([make_pair("a1", "b1", "candidate"), make_pair("a1", "c1", "refused")]) == [
        ("one_outlet", "a2")]
    assert list_relations([make_pair("a2", "b1", "confirmed", 0.06)]) == [("shared", "a2", "b1")]


def test_a_chain_of_pairs_is_not_one_fact():
    chain = [make_pair("a1", "b1", score=0.9), make_pair("b2", "c1", score=0.8), make_pair("a1", "b2")]
    assert list_relations(chain) == [("shared", "a1", "b1"), ("shared", "b2", "c1"), ("one_outlet", "a2")]
    near = [make_pair("a1", "c1", "candidate")]
    assert list_relations(chain + near) == [("shared", "a1", "b1", "b2", "c1"), ("one_outlet", "a2")]
