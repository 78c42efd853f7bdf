"""Coding sheets: workbook and CSV have the same rows, the key has the answers, and nothing is a formula."""

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from samestory.base.errors import SameStoryError
from samestory.coding.sheets import CODED_COLUMNS, KEY_COLUMNS, SHEET_COLUMNS, read_instructions, write_sheets
from samestory.coding.tasks import CODING_TASKS, read_tasks
from samestory.coding.workbook import CELL_HINTS, CODING_TAB, INSTRUCTIONS_TAB, LISTS_TAB, write_sheet_workbook
from samestory.tables.tables import load_tables

HOSTILE = ('=HYPERLINK("http://evil.example")\n\n“=1+1, we will see,” said @SUM(A1) Ann Lee of +49 Corp on Monday. '
           '[[Ulm]] is a town, \x07she said. <script>alert(1)</script> was said by Bob Ray.\n')


@pytest.fixture(scope="module")
def sheet(seeds, tmp_path_factory) -> Path:
    """The folder of a sheet of the seeds for two coders."""
    place = tmp_path_factory.mktemp("sheet")
    write_sheets("seeds", place / "sheet.xlsx", n=60, tables=seeds)
    return place


def read_rows(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_files_are_a_workbook_and_a_table_for_each_coder_a_key_and_instructions(sheet):
    assert sorted(path.name for path in sheet.iterdir()) == [
        "sheet.coder1.csv", "sheet.coder1.xlsx", "sheet.coder2.csv", "sheet.coder2.xlsx", "sheet.instructions.md",
        "sheet.key.csv"]


def test_workbook_and_table_have_the_same_rows(sheet):
    rows = CalamineWorkbook.from_path(sheet / "sheet.coder2.xlsx").get_sheet_by_name(CODING_TAB).to_python()
    table = read_rows(sheet / "sheet.coder2.csv")
    assert rows[0] == list(table.columns) == SHEET_COLUMNS and len(rows) == 61
    assert rows[1:] == table.to_numpy().tolist()
    assert set(table["coder"]) == {"coder 2"}


@pytest.mark.parametrize("column", ["before", "sentence", "note"])
def test_markup_of_workbooks_in_an_article_is_text(column, tmp_path):
    text = "<r><t>1</t></r></si><si><t>2</t></si><r></r>"
    sheet = pd.DataFrame([{name: text if name == column else "x" for name in SHEET_COLUMNS}])
    write_sheet_workbook(sheet, [{"answer": ["yes", text]}], [], tmp_path / "a.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.get_sheet_by_name(CODING_TAB).to_python()[1][SHEET_COLUMNS.index(column)].rstrip() == text
    assert [row[0].rstrip() for row in book.get_sheet_by_name(LISTS_TAB).to_python()] == ["yes", text]


def test_coders_get_the_same_rows_and_no_answer(sheet):
    first, second = (read_rows(sheet / f"sheet.coder{i}.csv").drop(columns="coder") for i in (1, 2))
    assert first.equals(second) and (first[list(CODED_COLUMNS)] == "").all(axis=None)


def test_the_key_has_what_was_found_and_where(sheet, seeds):
    key, rows = read_rows(sheet / "sheet.key.csv"), read_rows(sheet / "sheet.coder1.csv")
    assert list(key.columns) == KEY_COLUMNS and key["row"].tolist() == rows["row"].tolist()
    assert set(key["task"]) == set(CODING_TASKS)
    assert key["text_sha256"].map(set(seeds.articles["sha256"]).__contains__).all()
    said = key[key["task"] == "statement"]
    assert (said["found_speaker"] != "").any() and set(said["found_in_marks"]) <= {"direct", "mixed", "indirect"}
    for row, choices in zip(said["found_speaker"], said["speaker_choices"], strict=True):
        assert row in choices


def test_a_cell_offers_the_answers_of_its_question(sheet):
    with zipfile.ZipFile(sheet / "sheet.coder1.xlsx") as book:
        coding, lists = (book.read(f"xl/worksheets/sheet{i}.xml").decode() for i in (2, 3))
    key = read_rows(sheet / "sheet.key.csv")
    said = key["task"].isin(("statement", "missed_statement")).sum()
    assert coding.count("<dataValidation ") == len(key) + 2 * said
    assert all(coding.count(f'prompt="{hint}"') == said for hint in CELL_HINTS.values())
    assert len(re.findall("<c ", lists)) > sum(len(task.answers) for task in read_tasks().values()) - 5


@pytest.mark.slow
def test_no_cell_is_a_formula_and_no_text_a_link(folder, tmp_path):
    root = folder({"a/=1.txt": HOSTILE, "b/2.txt": HOSTILE.replace("Monday", "Friday")})
    write_sheets(root, tmp_path / "s.xlsx", n=30, coders=1, tables=load_tables(root))
    with zipfile.ZipFile(tmp_path / "s.xlsx") as book:
        text = "".join(book.read(name).decode() for name in book.namelist())
    assert "<f>" not in text and "hyperlink" not in text.replace("HYPERLINK", "") and "\x07" not in text
    assert not [cell for row in read_rows(tmp_path / "s.csv").to_numpy() for cell in row if cell[:1] in ("=", "+", "@")]


def test_rows_are_as_high_as_their_text_in_programs_that_do_not_measure_it(sheet):
    with zipfile.ZipFile(sheet / "sheet.coder1.xlsx") as book:
        for place in (1, 2):
            rows = re.findall(r"<row ([^>]*)>", book.read(f"xl/worksheets/sheet{place}.xml").decode())
            assert all('customHeight="1"' in row for row in rows[place - 1:])  # the head of the sheet is one line


def test_the_same_sample_gives_the_same_bytes(sheet, seeds, tmp_path):
    paths = write_sheets("seeds", tmp_path / "sheet.xlsx", n=60, tables=seeds)
    assert all(path.read_bytes() == (sheet / path.name).read_bytes() for path in paths)


def test_no_sheet_is_overwritten_or_written_among_the_articles(sheet, folder):
    with pytest.raises(SameStoryError, match="exists already"):
        write_sheets("seeds", sheet / "sheet.csv")
    root = folder({"1.txt": "A story."})
    with pytest.raises(SameStoryError, match="folder of the articles"):
        write_sheets(root, root / "sheet.xlsx")
    with pytest.raises(SameStoryError, match="no folder"):
        write_sheets(root, root.parent / "missing" / "sheet.xlsx")
    with pytest.raises(SameStoryError, match="1 to 9 coders"):
        write_sheets(root, root.parent / "sheet.xlsx", coders=10)


def test_instructions_fit_on_a_page_and_explain_each_task():
    rows = read_instructions()
    assert sum(len(row["text"].split()) for row in rows) < 500
    assert {task.heading for task in read_tasks().values()} <= {row["heading"] for row in rows}


def test_the_instructions_list_every_answer_for_those_who_code_in_csv(sheet):
    written = (sheet / "sheet.instructions.md").read_text("utf-8")
    assert all(f"- {task.heading}: {'; '.join(task.answers)}\n" in written for task in read_tasks().values())


def test_the_workbook_opens_on_the_instructions(sheet):
    with zipfile.ZipFile(sheet / "sheet.coder1.xlsx") as book:
        assert "activeTab" not in book.read("xl/workbook.xml").decode()  # the first is the default
    assert CalamineWorkbook.from_path(sheet / "sheet.coder1.xlsx").sheet_names[0] == INSTRUCTIONS_TAB
