"""Sheets read back: however they were saved, and with every odd row reported and nothing guessed."""

from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pytest
import xlsxwriter

from samestory.base.errors import SameStoryError
from samestory.coding.accuracy import measure_coded_accuracy, tell_coding
from samestory.coding.agreement import list_disagreements, measure_coder_agreement
from samestory.coding.answers import Coding, read_choice, read_coding
from samestory.coding.decisions import list_coded_corrections, list_decisions
from samestory.coding.shares import correct_shares
from samestory.coding.sheets import write_sheets
from samestory.show.csv_text import write_csv
from samestory.tables.tables import load_tables
from tests.read.test_kinds_of_files import make_ods
from tests.support.export_files import make_xlsx

LIBREOFFICE = Path(__file__).with_name("libreoffice")
RIGHT = {"statement": "yes", "missed_statement": "0", "name": "person", "missed_name": "0", "pair": "yes"}


@pytest.fixture(scope="module")
def drawn(seeds, tmp_path_factory) -> Path:
    """The folder of a sheet of the seeds, not yet coded."""
    place = tmp_path_factory.mktemp("drawn")
    write_sheets("seeds", place / "sheet.xlsx", n=40, tables=seeds)
    return place


@pytest.fixture
def place(drawn, tmp_path) -> Path:
    """A folder with the key of the sheet alone."""
    (tmp_path / "sheet.key.csv").write_bytes((drawn / "sheet.key.csv").read_bytes())
    return tmp_path


@pytest.fixture
def coded(drawn) -> pd.DataFrame:
    """The rows of the first coder, all filled in as the program found them."""
    rows, key = (pd.read_csv(drawn / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
                 for name in ("sheet.coder1.csv", "sheet.key.csv"))
    marks = {"direct": "all of it", "mixed": "part of it", "indirect": "none of it"}
    rows["answer"] = key["task"].map(RIGHT)
    said = key["task"] == "statement"
    rows.loc[said, "in quotes"] = key["found_in_marks"].map(marks)
    rows.loc[said, "speaker"] = key["found_speaker"].replace("", "(nobody is named)")
    return rows


def save(rows: pd.DataFrame, path: Path, *, separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    path.write_text(rows.to_csv(index=False, sep=separator, lineterminator="\r\n"), encoding=encoding, newline="")
    return path


def list_reasons(coding: Coding) -> list[tuple[str, str]]:
    return list(coding.problems[["row", "reason"]].itertuples(index=False, name=None))


def test_a_filled_in_sheet_is_read_without_problems(place, coded):
    coding = read_coding([save(coded, place / "sheet.coder1.csv")])
    assert coding.problems.empty and len(coding.answers) == 40 and coding.coders == ["coder 1"]
    said = coding.answers[coding.answers["task"] == "statement"]
    assert (said["answer"] == "right").all() and (said["in_marks"] == said["found_in_marks"]).all()
    assert (said["speaker"] == said["found_speaker"].replace("", "nobody")).all()


def test_a_workbook_is_read_like_its_table(place, coded):
    with xlsxwriter.Workbook(str(place / "sheet.coder1.xlsx")) as book:
        book.add_worksheet("read me first").write(0, 0, "row by row")
        tab = book.add_worksheet("coding")
        for number, row in enumerate([list(coded.columns), *coded.to_numpy().tolist()]):
            for column, cell in enumerate(row):
                tab.write(number, column, float(cell) if cell == "0" else cell)  # as another program saves numbers
    table = read_coding([save(coded, place / "sheet.coder1.csv")])
    pd.testing.assert_frame_equal(read_coding([place / "sheet.coder1.xlsx"]).answers, table.answers)


def test_an_opendocument_sheet_is_read_like_its_table(place, coded):
    table = read_coding([save(coded, place / "sheet.coder1.csv")])
    rows = [[escape(cell) for cell in row] for row in [list(coded.columns), *coded.to_numpy().tolist()]]
    (place / "sheet.coder1.ods").write_bytes(make_ods(rows))
    pd.testing.assert_frame_equal(read_coding([place / "sheet.coder1.ods"]).answers, table.answers)


def test_a_table_of_another_locale_is_read_as_well(place, coded):
    expected = read_coding([save(coded, place / "sheet.coder1.csv")]).answers
    coded.loc[coded["answer"] == "0", "answer"] = "0,0"
    coded["before"] = coded["before"] + " – déjà “vu”"
    there = read_coding([save(coded, place / "sheet.coder1.csv", separator=";", encoding="cp1252")])
    pd.testing.assert_frame_equal(there.answers, expected)
    assert there.problems.empty


@pytest.mark.parametrize(("name", "decimal", "true", "day"), [
    ("sheet.xlsx", "1.5", "True", "2026-12-03"), ("sheet.csv", "1,5", "WAHR", "03.12.2026")])
def test_a_sheet_saved_by_libreoffice_in_another_locale_is_read(name, decimal, true, day):
    """A sheet of the example, filled in by LibreOffice 7.4 (German), sorted, two rows deleted, some answers not listed.

    The CSV has semicolons and the encoding of the country. Of a formula with an error a workbook gives no text.
    """
    coding = read_coding([LIBREOFFICE / name])
    expected = {3: ("R012-4e82", "ja"), 4: ("R011-196d", decimal), 5: ("R020-bd85", true), 6: ("R017-c547", ""),
                7: ("R010-258f", day), 9: ("R003-b6e3", "unclear")}
    told = {row.line: row for row in coding.problems.itertuples() if row.line}
    assert {line: row.row for line, row in told.items()} == {line: row for line, (row, _) in expected.items()}
    assert all(answer in told[line].reason for line, (_, answer) in expected.items())
    assert [row for row, reason in list_reasons(coding) if "is missing" in reason] == ["R014-f0b1", "R015-4822"]
    answers = coding.answers.set_index("row")
    assert len(answers) == 12 and answers["answer"].value_counts().to_dict() == {"right": 6, "0": 4, "PERSON": 2}
    assert "line one\nline two" in set(answers["note"])


def test_the_order_of_rows_does_not_matter(place, coded):
    first, other = (read_coding([save(rows, place / "sheet.coder1.csv")]).answers.sort_values("row", ignore_index=True)
                    for rows in (coded, coded.sample(frac=1, random_state=3)))
    pd.testing.assert_frame_equal(first, other)


def test_a_deleted_and_an_empty_row_are_reported(place, coded):
    gone, empty = coded["row"][3], coded["row"][7]
    coded.loc[7, "answer"] = " "
    coding = read_coding([save(coded.drop(index=3), place / "sheet.coder1.csv")])
    assert list_reasons(coding) == [(gone, "not answered: the row is missing in the sheets of coder 1"),
                                    (empty, "not answered: the cell answer is empty")]
    assert not {gone, empty} & set(coding.answers["row"])


def test_a_sheet_that_nobody_filled_in_says_nothing(drawn, seeds):
    coding = read_coding([drawn / "sheet.coder1.xlsx"], tables=seeds)
    assert coding.answers.empty and len(coding.problems) == len(coding.key) and not coding.found.empty
    assert correct_shares(coding, by="kind").empty and measure_coder_agreement(coding).empty
    assert measure_coded_accuracy(coding).empty and list_decisions(coding).empty
    assert list_coded_corrections(seeds, coding).empty and list_disagreements(coding).empty
    assert tell_coding(coding).startswith("No row")


def test_an_answer_that_is_not_in_the_list_is_reported_and_not_counted(place, coded):
    coded.loc[0, "answer"] = "yse"
    coded.loc[1, "speaker"] = "Nobody Known"
    coding = read_coding([save(coded, place / "sheet.coder1.csv")])
    (first, wrong), (second, unknown) = list_reasons(coding)
    assert first == coded["row"][0] and wrong.startswith("not counted: answer is 'yse'") and "'yes'?" in wrong
    assert second == coded["row"][1] and unknown.startswith("counted without it: speaker is 'Nobody Known'")
    assert coding.answers.set_index("row")["speaker"][second] == "" and first not in set(coding.answers["row"])
    assert coding.problems["line"].gt(1).all() and set(coding.problems["sheet"]) == {"sheet.coder1.csv"}


def test_two_sheets_of_one_coder_count_once_and_not_where_they_differ(place, coded):
    save(coded, place / "sheet.coder1.csv")
    other = coded.copy()
    other.loc[0, "answer"] = "no"
    coding = read_coding([place / "sheet.coder1.csv", save(other, place / "sheet.copy.csv")])
    twice = [row for row, reason in list_reasons(coding) if "2 times" in reason]
    assert twice == [coded["row"][0]] * 2 and len(coding.answers) == 39


def test_work_split_over_two_sheets_of_one_coder_is_put_together(place, coded):
    first, second = coded.copy(), coded.copy()
    for half, rows in ((first, slice(0, 19)), (second, slice(20, None))):
        half.loc[rows, ["answer", "speaker", "in quotes"]] = ""
    coding = read_coding([save(first, place / "sheet.coder1.csv"), save(second, place / "sheet.copy.csv")])
    assert coding.problems.empty and len(coding.answers) == 40


def test_rows_of_another_sample_and_without_coder_are_not_counted(place, coded):
    coded.loc[0, "row"], coded.loc[1, "coder"] = "R001-zzzz", ""
    coding = read_coding([save(coded, place / "sheet.coder1.csv")])
    reasons = dict(list_reasons(coding))
    assert "no such row" in reasons["R001-zzzz"] and len(coding.answers) == 38


@pytest.mark.slow
def test_a_sheet_of_another_version_of_the_articles_is_recognised(folder, tmp_path):
    story = "Talks end\n\nThe talks ended late, Ann Lee said. “We will meet again,” she added. She left on Monday.\n"
    root = folder({"cnn/1.txt": story, "fox/2.txt": story.replace("late", "early")})
    write_sheets(root, tmp_path / "sheet.xlsx", n=10, coders=1, tables=load_tables(root))
    rows = pd.read_csv(tmp_path / "sheet.csv", dtype=str, keep_default_na=False)
    rows["answer"] = "0"
    save(rows, tmp_path / "sheet.csv")
    (root / "cnn" / "1.txt").write_text(story.replace("Monday", "Friday"))
    coding = read_coding([tmp_path / "sheet.csv"], tables=load_tables(root))
    changed = coding.key["row"][coding.key["article_id"] == "cnn/1"]
    assert len(changed) and set(changed) == {row for row, reason in list_reasons(coding) if "another one" in reason}
    assert set(coding.answers["article_id"]) == {"fox/2"}


def test_files_that_are_no_sheet_or_have_no_key_are_refused(place, coded, tmp_path):
    with pytest.raises(SameStoryError, match="no sheet given"):
        read_coding([])
    with pytest.raises(SameStoryError, match=r"no file .*none\.xlsx"):
        read_coding([place / "none.xlsx"])
    with pytest.raises(SameStoryError, match=r"no key next to 'other\.csv'"):
        read_coding([save(coded, place / "other.csv")])
    with pytest.raises(SameStoryError, match="lacks the columns answer"):
        read_coding([save(coded.drop(columns="answer"), place / "sheet.coder1.csv")])
    (place / "sheet.coder1.xlsx").write_text("no workbook")
    with pytest.raises(SameStoryError, match="expected a spreadsheet"):
        read_coding([place / "sheet.coder1.xlsx"])
    (place / "sheet.coder1.xlsx").write_bytes(make_xlsx([["row", "answer"]], far="XFD1048576"))
    with pytest.raises(SameStoryError, match=r"coder1\.xlsx: .* most of them empty"):
        read_coding([place / "sheet.coder1.xlsx"])
    write_csv(pd.DataFrame({"row": ["a"]}), place / "sheet.key.csv")
    with pytest.raises(SameStoryError, match="expected the key"):
        read_coding([place / "sheet.coder1.csv"])


def test_a_surname_alone_is_not_taken_but_the_name_that_has_it_is_offered():
    names = {name: name for name in ("Zhao Lijian", "Cui Tiankai", "Cui Yonghua")}
    assert read_choice("Zhao", names, "speaker")[1].endswith("did you mean 'Zhao Lijian'?")
    assert "did you mean" not in read_choice("Cui", names, "speaker")[1]


@pytest.mark.parametrize(("cell", "code"), [("YES ", "right"), ("１", ""), ("", ""), ("yes, but  wrongly cut", "cut")])
def test_case_and_blanks_of_an_answer_do_not_matter(cell, code):
    assert read_choice(cell, {"yes": "right", "yes, but wrongly cut": "cut"}, "answer")[0] == code
