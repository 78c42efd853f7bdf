"""Accuracy from coded sheets, corrected shares, and the corrections that follow; on answers made up."""

import pandas as pd
import pytest

from samestory.base.errors import SameStoryError
from samestory.coding.accuracy import (
    ACCURACY_COLUMNS,
    list_accuracy,
    list_measured_accuracy,
    measure_coded_accuracy,
    tell_coding,
)
from samestory.coding.answers import SETTLED_CODER, Coding, load_coding, read_coding
from samestory.coding.decisions import (
    add_coded_corrections,
    list_coded_corrections,
    list_decisions,
    write_settling_sheet,
)
from samestory.coding.shares import correct_shares
from samestory.coding.sheets import write_sheets
from samestory.draw.accuracy import describe_accuracy, plot_accuracy
from samestory.tables.tables import load_tables
from tests.support.coding import make_coding

RIGHT = ("right", "Ann Lee", "direct")
TALKS = ("Talks end\n\nThe talks ended late, Ann Lee said. “We will meet again,” she added. She left for Ulm on Monday."
         " Bob Ray said that nothing was signed.\n")


def make_rows(prefix: str, answers: list[tuple[str, str, str]]) -> list[tuple[str, str, str, str]]:
    return [(f"{prefix}{number}", *answer) for number, answer in enumerate(answers)]


@pytest.fixture
def coding() -> Coding:
    """Of ten found statements eight are right, one is cut and one wrong; two were missed in ten sentences."""
    other = [("right", "Bob Ray", "mixed"), ("cut", "Bob Ray", "mixed"), ("wrong", "", "")]
    found = make_rows("S", [*[RIGHT] * 7, *other])
    missed = make_rows("M", [("1", "Bob Ray", "direct"), ("1", "nobody", "indirect"), *[("0", "", "")] * 8])
    made = make_coding({"coder 1": {"statement": found, "missed_statement": missed}})
    said = {"found_answer": "right", "found_speaker": "Ann Lee", "found_in_marks": "direct"}
    answers = made.answers.assign(**said)
    units = pd.DataFrame({"task": "statement", "outlet": "CNN", **said}, index=range(100))
    return Coding(answers, made.problems, made.key, units)


def find_figure(coding: Coding, figure: str, among: str = "all") -> pd.Series:
    rows = measure_coded_accuracy(coding).set_index(["figure", "among"])
    return rows.loc[(figure, among)]


def test_precision_and_recall_count_what_was_cut_and_missed(coding):
    assert find_figure(coding, "precision")["percent"] == pytest.approx(80)  # 8 of 10
    assert find_figure(coding, "recall")["percent"] == pytest.approx(100 * 80 / (90 + 20))
    assert find_figure(coding, "right speaker")["percent"] == find_figure(coding, "right kind")["percent"]
    assert find_figure(coding, "right kind")["percent"] == pytest.approx(100 * 7 / 8)
    assert find_figure(coding, "precision", "mixed").isna()["percent"]  # no row was found to be of that kind


def test_shares_are_corrected_by_what_coders_found(coding):
    shares = correct_shares(coding, by="kind").set_index("kind")
    assert shares.loc["direct", ["n_found", "found_percent"]].tolist() == [100, 100.0]
    # of 70 + 20 cut or mixed + 20 missed: 70 found as direct and right, 10 missed
    assert shares.loc["direct", "corrected_percent"] == pytest.approx(100 * 80 / 110)
    assert shares.loc["direct", "at_least_percent"] < 100 * 80 / 110 < shares.loc["direct", "at_most_percent"]
    speakers = correct_shares(coding, by="speaker_name").set_index("speaker_name")
    assert speakers.loc["Ann Lee", "corrected_percent"] == pytest.approx(100 * 70 / 110)


def test_where_all_was_coded_no_interval_is_told(coding):
    assert "80 % is right (95 % interval " in tell_coding(coding)
    whole = Coding(coding.answers.assign(stratum_size=10), coding.problems, coding.key.assign(stratum_size=10))
    assert "80 % is right (all were coded)." in tell_coding(whole)


def test_without_answers_about_missed_statements_no_share_is_corrected(coding):
    kept = coding.answers[coding.answers["task"] == "statement"]
    assert correct_shares(Coding(kept, coding.problems, coding.key, coding.found), by="kind").empty


def test_coders_who_differ_count_half_each_until_it_is_settled(coding):
    second = coding.answers.assign(coder="coder 2", answer=coding.answers["answer"].replace("wrong", "right"))
    both = Coding(pd.concat([coding.answers, second]), coding.problems, coding.key, coding.found)
    assert find_figure(both, "precision")["percent"] == pytest.approx(85)
    settled = second[second["row"] == "S9"].assign(coder=SETTLED_CODER)
    after = Coding(pd.concat([both.answers, settled]), coding.problems, coding.key, coding.found)
    assert find_figure(after, "precision")["percent"] == pytest.approx(90)


def test_a_stratum_without_answers_counts_like_the_others(coding):
    extra = coding.key.head(1).assign(row="S99", stratum="other", stratum_size=50)
    more = Coding(coding.answers, coding.problems, pd.concat([coding.key, extra]), coding.found)
    assert find_figure(more, "recall")["percent"] == pytest.approx(100 * 120 / (135 + 20))


def test_without_a_sheet_the_measured_accuracy_has_the_same_form(seeds):
    empty = load_coding(seeds, [])
    accuracy = list_accuracy(empty)
    assert list(accuracy.columns) == ACCURACY_COLUMNS and accuracy.equals(list_measured_accuracy())
    assert accuracy["percent"].between(accuracy["at_least_percent"], accuracy["at_most_percent"]).all()
    assert "samestory sample" in tell_coding(empty)
    assert all(table.empty for table in (correct_shares(empty, by="kind"), list_decisions(empty)))


def test_the_figure_has_a_point_per_figure_and_says_so_in_words(coding):
    accuracy = measure_coded_accuracy(coding)
    ax = plot_accuracy(accuracy)
    n_known = int(accuracy["percent"].notna().sum())
    assert len(ax.lines) >= n_known and len(ax.get_yticklabels()) == n_known
    assert {"precision of statements", "right speaker of statements"} <= {
        label.get_text() for label in ax.get_yticklabels()}
    assert "precision of statements: 80 percent" in describe_accuracy(accuracy)
    assert describe_accuracy(accuracy.iloc[:0]) == plot_accuracy(accuracy.iloc[:0]).texts[0].get_text()


def test_no_label_of_the_measured_accuracy_is_clipped():
    ax = plot_accuracy(list_measured_accuracy())
    texts = [text.get_text() for text in (*ax.texts, *ax.get_yticklabels())]
    assert "Worldwide newswire" in texts and "PolNeAR (US outlets)" in texts and not any("…" in text for text in texts)


def test_names_and_pairs_become_corrections_where_they_fit(seeds):
    made = make_coding({"coder 1": {"name": [("N0", "PERSON", "", ""), ("N1", "wrong", "", ""), ("N2", "ORG", "", ""),
                                             ("N3", "PLACE", "", "")],
                                    "pair": [("P0", "wrong", "", ""), ("P1", "differs", "", "")]}})
    found = made.answers["row"].map({"N0": "PERSON", "P1": "same"}).fillna("")
    rows = list_coded_corrections(seeds, Coding(made.answers.assign(found_answer=found), made.problems, made.key))
    assert rows[["operation", "field", "old", "new"]].to_numpy().tolist() == [
        ["change", "", "", ""], ["remove", "", "", ""], ["change", "label", "", "ORG"],  # a place may be of three kinds
        ["change", "status", "candidate", "refused"], ["change", "status", "sure", "confirmed"]]


@pytest.mark.slow
def test_settled_answers_become_corrections_that_apply(folder, tmp_path):
    root = folder({"cnn/1.txt": TALKS, "fox/2.txt": TALKS.replace("Bob", "Rob").replace("Monday", "Friday")})
    tables = load_tables(root)
    write_sheets(root, tmp_path / "sheet.xlsx", n=50, tables=tables)
    key = pd.read_csv(tmp_path / "sheet.key.csv", dtype=str, keep_default_na=False)
    said = key.index[key["task"] == "statement"]
    for coder, answer in ((1, "yes"), (2, "no")):
        path = tmp_path / f"sheet.coder{coder}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows.loc[said, "answer"], rows.loc[said[1:], "answer"] = answer, "no"
        path.write_text(rows.to_csv(index=False))
    sheets = [tmp_path / "sheet.coder1.csv", tmp_path / "sheet.coder2.csv"]
    coding = read_coding(sheets, tables=tables)
    path = write_settling_sheet(tables, coding, tmp_path / "sheet.settled.xlsx")
    disputed = read_coding([*sheets, path], tables=tables)
    assert [row for row, reason in disputed.problems[["row", "reason"]].itertuples(index=False)
            if reason.startswith("not answered") and row == key["row"][said[0]]]  # still empty
    corrections = list_coded_corrections(tables, coding)
    assert set(corrections["target_id"]) == set(key["target_id"][said[1:]])  # the disputed one is not decided
    assert add_coded_corrections(root, tables, coding) == len(said) - 1
    assert add_coded_corrections(root, tables, coding) == 0
    after = load_tables(root)
    assert set(after.read("corrections")["status"]) == {"removed"} and len(after.quotations) == 1
    assert not read_coding(sheets, tables=after).found.empty  # corrections do not change what was sampled
    with pytest.raises(SameStoryError, match="exists already"):
        write_settling_sheet(tables, coding, path)
