"""Corrections: how much was checked and changed, and the numbers as they were found."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.measure.corrected import (
    LISTED_CORRECTION_COLUMNS,
    _count_changed_pairs,
    add_uncorrected,
    compare_corrected,
    count_corrections,
    list_corrections,
    summarize_corrections,
    tell_corrections,
    tell_pair_decisions,
)

COUNTS = ["what", "n", "n_checked", "n_changed", "n_removed", "n_added", "n_unfit"]


def correct(*rows: tuple[str, str, str]) -> SimpleNamespace:
    """Tables with five quotations q0 to q4 and two lines, and rows of corrections: what, target_id, status."""
    found = {"quotations": pd.DataFrame({"quotation_id": [f"q{i}" for i in range(5)]}),
             "lines": pd.DataFrame({"article_id": "a", "line": [0, 1]})}
    corrections = pd.DataFrame(rows, columns=["what", "target_id", "status"])
    raw = SimpleNamespace(read=lambda name, columns=None: found[name])
    return SimpleNamespace(read=lambda name: corrections, raw=raw)


CORRECTED = correct(
    ("quotation", "q0", "confirmed"), ("quotation", "q1", "changed"), ("quotation", "q1", "changed"),
    ("quotation", "q2", "merged"), ("quotation", "q3", "removed"), ("quotation", "new", "added"),
    ("quotation", "q4", "unfit"), ("quotation", "gone", "unfit"), ("line", "a/l1", "changed"),
    ("line", "a/l7", "changed"))


def test_each_thing_is_counted_once_by_its_status():
    assert count_corrections(CORRECTED)[COUNTS].values.tolist() == [
        ["lines", 2, 1, 1, 0, 0, 0], ["quotations", 5, 4, 2, 1, 1, 2]]


def test_no_corrections_have_no_rows_and_no_summary():
    assert list(count_corrections(correct())) == COUNTS and count_corrections(correct()).empty
    assert summarize_corrections(correct()) == ""


def test_the_summary_adds_up_the_kinds():
    assert re.findall(r"\d+", summarize_corrections(CORRECTED)) == ["5", "5", "2"]
    assert summarize_corrections(correct(("quotation", "q0", "confirmed"))).startswith("1 checked, 0 changed")
    assert ";" not in summarize_corrections(correct(("quotation", "q0", "confirmed")))


@pytest.mark.parametrize(("rows", "parts"), [
    ([("quotation", "q1", "changed")], ["1 of 5 quotations checked", "1 changed"]),
    ([("quotation", "q1", "confirmed")], ["1 of 5 quotations checked", "none changed"]),
    ([("quotation", "new", "added")], ["0 of 5 quotations checked", "1 added"]),
    ([("line", "a/l0", "changed"), ("quotation", "x", "unfit")], ["1 of 2 lines", " 1 row of corrections.csv does"]),
    ([("quotation", "x", "unfit"), ("quotation", "y", "unfit")], [" 2 rows of corrections.csv do "]),
])
def test_the_sentence_gives_the_numbers(rows, parts):
    sentence = tell_corrections(correct(*rows))
    assert all(part in sentence for part in parts)
    assert ("0 changed" in sentence) is ("0 removed" in sentence) is ("0 added" in sentence) is False
    assert ("corrections.csv" in sentence) is any(status == "unfit" for *_, status in rows)


def test_rows_that_do_not_fit_come_first_then_file_order():
    rows = pd.DataFrame({"line": [4, 2, 5, 3], "status": ["changed", "removed", "unfit", "unfit"]})
    table = rows.reindex(columns=LISTED_CORRECTION_COLUMNS)
    assert list_corrections(SimpleNamespace(read=lambda name: table))["line"].tolist() == [3, 5, 2, 4]


def make_tables(folder: str, counted: list[bool], n_mentions: int) -> SimpleNamespace:
    articles = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["CNN", "NPR"], "n_words": [10, 20],
                             "counted": counted})
    mentions = pd.DataFrame({"article_id": ["a"] * n_mentions, "entity_id": ["x", "x", "y"][:n_mentions]})
    return SimpleNamespace(folder=folder, articles=articles, mentions=mentions,
                           quotations=pd.DataFrame({"article_id": ["a", "a", "b"]}))


def test_numbers_of_each_outlet_come_with_those_as_found():
    tables = make_tables("corrected", [True, False], 2)
    tables.raw = make_tables("raw", [True, True], 3)
    table = compare_corrected(tables).set_index(["outlet", "what"])
    assert table.loc["CNN"].to_dict("index") == {
        "articles": {"n": 1, "n_uncorrected": 1}, "entities": {"n": 1, "n_uncorrected": 2},
        "mentions": {"n": 2, "n_uncorrected": 3}, "quotations": {"n": 2, "n_uncorrected": 2},
        "words": {"n": 10, "n_uncorrected": 10}}
    assert table.loc[("NPR", "words")].tolist() == [0, 20]


def test_uncorrected_tables_are_not_compared():
    tables = make_tables("same", [True, True], 1)
    tables.raw = tables
    assert compare_corrected(tables).empty


TABLE = pd.DataFrame({"speaker": ["Ann", "Bo"], "share": [0.5, 0.5], "n_quotations": [2, 2], "n_words_direct": [9, 9]})


def test_counts_that_changed_get_a_column_after_them():
    found = pd.DataFrame({"speaker": ["Ann"] * 3 + ["Bo"] * 2, "n_words_direct": [3, 3, 3, 4, 5]})
    table = add_uncorrected(TABLE, found, by=["speaker"])
    assert list(table) == ["speaker", "share", "n_quotations", "n_quotations_uncorrected", "n_words_direct"]
    assert table["n_quotations_uncorrected"].tolist() == [3, 2]


def test_counts_that_did_not_change_stay_as_they_are():
    found = pd.DataFrame({"speaker": ["Ann"] * 2 + ["Bo"] * 2, "n_words_direct": [4, 5, 4, 5]})
    pd.testing.assert_frame_equal(add_uncorrected(TABLE, found, by=["speaker"]), TABLE)


def test_a_removed_thing_has_a_row_of_zeros_at_the_end():
    found = pd.DataFrame({"speaker": ["Ann"] * 2 + ["Bo"] * 2 + ["Cy"], "n_words_direct": [4, 5, 4, 5, 7]})
    row = add_uncorrected(TABLE, found, by=["speaker"]).iloc[-1]
    assert row.drop("share").tolist() == ["Cy", 0, 1, 0, 7] and pd.isna(row["share"])


def decide(*pairs):
    """Tables in which each pair was found as the first status and decided as the second, and one pair as none."""
    ids = [f"p{i}" for i in range(len(pairs))]
    found, decided = ({"pairs": pd.DataFrame({"pair_id": [*ids, "open"], "status": [*statuses, "sure"]})}
                      for statuses in zip(*pairs, strict=True))
    decided["corrections"] = pd.DataFrame({"what": "pair", "target_id": ids, "status": "changed"})
    return SimpleNamespace(read=decided.get, raw=SimpleNamespace(read=found.get))


@pytest.mark.parametrize(("before", "after", "n"), [
    ("sure", "confirmed", 0), ("sure", "refused", 1), ("candidate", "confirmed", 1), ("candidate", "refused", 0)])
def test_a_pair_is_changed_if_it_is_one_fact_after_or_before_only(before, after, n):
    assert _count_changed_pairs(decide((before, after))) == n


def test_decisions_on_pairs_are_counted_by_what_was_found():
    said = tell_pair_decisions(decide(("sure", "refused"), ("sure", "confirmed"), ("sure", "refused"),
                                      ("candidate", "confirmed")))
    assert re.findall(r"\d+", said) == ["4", "5", "1", "2", "1"]
    assert said.count(":") == 3 and "0" not in said
