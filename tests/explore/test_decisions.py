"""Pairs of statements, shown one after another, and the decisions that are written."""

import shutil

import pytest

import samestory as ss
from samestory.base.resources import resource
from samestory.correct.corrections import read_corrections
from samestory.explore import menus as explore_menus
from samestory.explore.decisions import PAIR_GROUPS, decide_pairs, list_pairs_to_decide
from samestory.explore.menus import WIDGET_MIME_TYPE
from samestory.tables.tables import load_tables


@pytest.fixture(scope="module")
def copy(tmp_path_factory, own_cache):
    """The seeds in a folder of the user."""
    return shutil.copytree(resource("seeds"), tmp_path_factory.mktemp("own") / "articles")


@pytest.fixture
def panel(copy):
    (copy / "corrections.csv").unlink(missing_ok=True)
    made = decide_pairs(load_tables(copy), str(copy))
    assert made.box
    return made


def list_decisions(copy):
    return [(row.target_id, row.operation, row.field, row.new) for row in read_corrections(copy / "corrections.csv")]


def test_each_pair_is_offered_once_those_to_check_first(seeds):
    pairs = list_pairs_to_decide(seeds)
    assert set(pairs["pair_id"]) == set(seeds.read("pairs")["pair_id"]) and pairs["pair_id"].is_unique
    assert pairs["group"].map(PAIR_GROUPS.index).is_monotonic_increasing


def test_two_sentences_are_shown_with_their_differences_marked(panel):
    assert panel.shown == panel.pairs["pair_id"].iloc[0]
    pair = next(row for _, row in panel.pairs.iterrows() if "label" in row["differs"])
    panel.pair.value = pair["pair_id"]
    assert panel.output.value.count("<th ") == 2 and "<mark>" in panel.output.value
    assert panel.shown == pair["pair_id"] and f"{pair['score']:.2f}" in panel.output.value


def test_a_decision_is_written_and_the_next_pair_shown(panel, copy):
    ids = panel.pairs["pair_id"].tolist()
    for key in "ynu":
        panel.buttons[key].click()
    assert list_decisions(copy) == [(ids[0], "change", "status", "confirmed"), (ids[1], "change", "status", "refused"),
                                    (ids[2], "change", "status", "candidate")]
    assert panel.shown == ids[3]
    assert f"3 of {len(ids)} pairs checked" in panel.output.value
    panel.undo.click()
    assert len(list_decisions(copy)) == 2 and panel.shown == ids[2]


@pytest.mark.slow
def test_a_decided_pair_is_chosen_and_decided_otherwise(panel, copy):
    first = panel.pairs["pair_id"].iloc[0]
    panel.buttons["y"].click()
    panel.pair.value = first
    assert panel.shown == first
    panel.buttons["n"].click()
    rows = read_corrections(copy / "corrections.csv")
    assert [(row.old, row.new) for row in rows][1] == ("confirmed", "refused")
    assert panel.pair.value == "" and panel.shown == panel.pairs["pair_id"].iloc[1]
    tables = load_tables(copy)
    assert tables.read("corrections")["status"].tolist() == ["superseded", "changed"]


@pytest.mark.slow
def test_a_kind_is_chosen_and_ends(panel):
    panel.group.value = PAIR_GROUPS[2]
    kind = panel.pairs[panel.pairs["group"] == PAIR_GROUPS[2]]
    assert len(panel.pair.options) == len(kind) + 1
    for _ in range(len(kind)):
        panel.buttons["y"].click()
    assert not panel.shown and panel.buttons["y"].disabled


@pytest.mark.slow
def test_the_report_says_how_many_pairs_were_checked(panel, copy):
    n = len(panel.pairs)
    for key in "yu":
        panel.buttons[key].click()
    tables = load_tables(copy)
    assert ss.count_corrections(tables).set_index("what").loc["pairs", "n_changed"] == 1
    assert f"2 of {n} pairs" in ss.tell_pair_decisions(tables)
    assert f"2 of {n} pairs checked: 1 confirmed, 1 undecided" in ss.tell_corrections(tables)
    assert not tables.read("corrections")["status"].eq("unfit").any()
    undecided = tables.read("pairs").set_index("pair_id").loc[panel.pairs["pair_id"].iloc[1]]
    assert undecided["status"] == "candidate"


@pytest.mark.slow
def test_a_sure_pair_left_undecided_is_no_fact_any_more(copy):
    (copy / "corrections.csv").unlink(missing_ok=True)
    panel = decide_pairs(load_tables(copy), str(copy))
    assert panel.box
    panel.group.value = PAIR_GROUPS[2]
    pair = panel.pairs.set_index("pair_id").loc[panel.shown]
    panel.buttons["u"].click()
    facts = load_tables(copy).read("facts")
    both = {pair["statement_a"], pair["statement_b"]}
    assert not any(both <= set(ids) for ids in facts["statement_ids"])


def test_the_seeds_are_not_decided_in_place(seeds):
    panel = decide_pairs(seeds, "seeds")
    assert panel.box
    panel.buttons["y"].click()
    assert "copy their folder" in panel.message.value and panel.shown == panel.pairs["pair_id"].iloc[0]


@pytest.mark.slow
def test_a_corpus_without_pairs_has_nothing_to_decide(folder):
    corpus = folder({"daily/1.txt": "A bridge\n\nThe town of Springfield will build a bridge next year, it said.\n"})
    panel = decide_pairs(load_tables(corpus), str(corpus))
    assert panel.box
    assert all(button.disabled for button in panel.buttons.values())


def test_with_a_person_the_panel_joins_the_plain_table(seeds, monkeypatch):
    assert set(decide_pairs(seeds, "seeds")._repr_mimebundle_()) >= {"text/html", "text/plain"}
    monkeypatch.setattr(explore_menus, "_is_interactive_frontend", lambda: True)
    assert WIDGET_MIME_TYPE in decide_pairs(seeds, "seeds")._repr_mimebundle_()
