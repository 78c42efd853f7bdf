"""Coding sheets: workbook and CSV have the same rows, the key has the answers, and nothing is a formula."""

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from samestory.base.errors import SameStoryError
from samestory.coding.contexts import MAX_SENTENCES_BEFORE, find_contexts
from samestory.coding.sheets import CODED_COLUMNS, KEY_COLUMNS, SHEET_COLUMNS, list_beginning, write_sheets
from samestory.coding.tasks import CODING_TASKS, SPEAKER_TASKS, name_head, read_instructions, read_tasks
from samestory.coding.units import list_units
from samestory.coding.workbook import (
    CELL_HINTS,
    CODING_TAB,
    COLUMN_WIDTHS,
    INSTRUCTIONS_TAB,
    LISTS_TAB,
    write_sheet_workbook,
)
from samestory.tables.tables import load_tables

HOSTILE = ('=HYPERLINK("http://evil.example")\n\n“=1+1, we will see,” said @SUM(A1) Ann Lee of +49 Corp on Monday. '
           '[[Ulm]] is a town, \x07she said. <script>alert(1)</script> was said by Bob Ray.\n')


@pytest.fixture(scope="module")
def sheet(seeds, tmp_path_factory) -> Path:
    """The folder of a sheet of the seeds for two coders."""
    place = tmp_path_factory.mktemp("sheet")
    write_sheets("seeds", place / "sheet.xlsx", n=60, tables=seeds)
    return place


HEADS = [name_head(name) for name in SHEET_COLUMNS]


def read_rows(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_files_are_a_workbook_and_a_table_for_each_coder_a_key_and_instructions(sheet):
    assert sorted(path.name for path in sheet.iterdir()) == [
        "sheet.coder1.csv", "sheet.coder1.xlsx", "sheet.coder2.csv", "sheet.coder2.xlsx",
        "sheet.csv-instructions.md", "sheet.key.csv"]


def test_workbook_and_table_have_the_same_rows(sheet):
    rows = CalamineWorkbook.from_path(sheet / "sheet.coder2.xlsx").get_sheet_by_name(CODING_TAB).to_python()
    table = read_rows(sheet / "sheet.coder2.csv")
    assert rows[0] == list(table.columns) == HEADS and len(rows) == 61
    assert rows[1:] == table.to_numpy().tolist()
    assert set(table["coder"]) == {"coder 2"}


@pytest.mark.parametrize("column", ["before", "sentence", "note"])
def test_markup_of_workbooks_in_an_article_is_text(column, tmp_path):
    text = "<r><t>1</t></r></si><si><t>2</t></si><r></r>"
    sheet = pd.DataFrame([{name: text if name == column else "x" for name in SHEET_COLUMNS}])
    write_sheet_workbook(sheet, [{"answer": ["yes", text]}], [text], {INSTRUCTIONS_TAB: []},
                         tmp_path / "a.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.get_sheet_by_name(CODING_TAB).to_python()[1][SHEET_COLUMNS.index(column)].rstrip() == text
    assert [row[0].rstrip() for row in book.get_sheet_by_name(LISTS_TAB).to_python()] == ["yes", text]


def test_coders_get_the_same_rows_and_no_answer(sheet):
    first, second = (read_rows(sheet / f"sheet.coder{i}.csv").drop(columns="coder") for i in (1, 2))
    assert first.equals(second) and (first[list(map(name_head, CODED_COLUMNS))] == "").all(axis=None)


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
        coding, lists = (book.read(f"xl/worksheets/sheet{i}.xml").decode() for i in (2, 4))
    key = read_rows(sheet / "sheet.key.csv")
    said = key["task"].isin(SPEAKER_TASKS).sum()
    assert coding.count("<dataValidation ") == len(key) + 2 * said
    assert all(coding.count(f'prompt="{hint}"') == said for hint in CELL_HINTS.values())
    for name, n_rows in key["task"].value_counts().items():
        assert coding.count(f'prompt="{read_tasks()[name].rule}"') == n_rows
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
        for place in (1, 2, 3):
            rows = re.findall(r"<row ([^>]*)>", book.read(f"xl/worksheets/sheet{place}.xml").decode())
            assert all('customHeight="1"' in row for row in rows[place == 2:])  # the head of the sheet is one line


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


def test_little_is_read_before_the_first_answer():
    words = sum(len(f"{row['heading']} {row['text']}".split()) for row in list_beginning(100))
    assert words <= 150 and all(len(task.rule) <= 255 for task in read_tasks().values())  # 255: all a cell can show
    assert all(read_instructions([name]) for name in ("all", "csv", *CODING_TASKS))


def test_the_rule_of_a_task_is_in_its_first_row_alone(sheet):
    rows = read_rows(sheet / "sheet.coder1.csv")
    for task in read_tasks().values():
        questions = rows["question"][rows["task"] == task.heading].to_list()
        assert questions[0].endswith(task.rule) and set(questions[1:]) == {task.question}


def test_sentence_question_and_answers_are_seen_at_once_and_the_sentence_stays(sheet):
    seen = SHEET_COLUMNS[:SHEET_COLUMNS.index("before") + 1]
    assert seen[:2] == ["sentence", "question"] and set(CODED_COLUMNS) < set(seen)
    assert sum(7 * COLUMN_WIDTHS[name] + 5 for name in seen) < 1366 - 50  # numbers of rows, and a bar to scroll
    with zipfile.ZipFile(sheet / "sheet.coder1.xlsx") as book:
        assert '<pane xSplit="1" ySplit="1" ' in book.read("xl/worksheets/sheet2.xml").decode()


def test_what_is_before_reaches_back_to_the_name_of_the_speaker(seeds):
    said = list_units(seeds).query("task == 'statement'").merge(
        seeds.raw.quotations[["quotation_id", "speaker_entity_id"]], left_on="target_id", right_on="quotation_id")
    far = 0
    for row, context in zip(said.itertuples(), find_contexts(seeds, said), strict=True):
        named = seeds.raw.mentions.query("article_id == @row.article_id and entity_id == @row.speaker_entity_id"
                                         " and start < @row.end")
        starts, _ = seeds.raw.sentence_spans[row.article_id, "text"]
        n_back = sum(named["start"].max() < start <= row.start for start in starts)
        if len(named) and n_back <= MAX_SENTENCES_BEFORE:
            far += n_back > 2
            assert named.sort_values("start")["text"].iloc[-1] in f"{context.before} {context.sentence}"
    assert far


def test_both_passages_of_a_pair_have_what_is_around_them(sheet):
    pairs = read_rows(sheet / "sheet.coder1.csv").query("task == '3 pair'")
    around = pairs["before"] + pairs["after"]
    assert around.str.contains("A (", regex=False).any() and around.str.contains("B (", regex=False).any()


def test_the_instructions_for_the_csv_file_list_every_rule_and_answer(sheet):
    written = (sheet / "sheet.csv-instructions.md").read_text("utf-8")
    assert all(f"{task.rule}\n\n- answer: {'; '.join(task.answers)}\n" in written for task in read_tasks().values())


def test_the_workbook_opens_on_the_instructions(sheet):
    with zipfile.ZipFile(sheet / "sheet.coder1.xlsx") as book:
        assert "activeTab" not in book.read("xl/workbook.xml").decode()  # the first is the default
    assert CalamineWorkbook.from_path(sheet / "sheet.coder1.xlsx").sheet_names[0] == INSTRUCTIONS_TAB
