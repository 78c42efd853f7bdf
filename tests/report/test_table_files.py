"""CSV files of a page: each table has one, with a link below the table that gives its number of rows."""

import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from samestory.report.table_files import move_tables, write_csv_files
from samestory.show.table import show_table
from tests.support.markup import read_elements


def make_notebook(*frames: pd.DataFrame, heading: str = "## By outlet"):
    cells = [new_code_cell("x", outputs=[new_output("execute_result", show_table(frame, caption="Rows & <more>")
                                                    ._repr_mimebundle_())]) for frame in frames]
    return new_notebook(cells=[new_markdown_cell(heading), *cells])


def move(notebook):
    return move_tables(notebook, title="Names", name="04_entities")


def test_each_table_has_a_file_named_after_its_heading():
    frame = pd.DataFrame({"n_words": [3, 4]})
    _, files = move(make_notebook(frame, frame))
    assert files == {"tables/04_entities/by-outlet.csv": "n_words\n3\n4\n",
                     "tables/04_entities/by-outlet-2.csv": "n_words\n3\n4\n"}


def test_link_names_the_table_and_counts_its_rows():
    before = make_notebook(pd.DataFrame({"a": ["=1"]}))
    notebook, _ = move(before)
    html = notebook.cells[1].outputs[0].data["text/html"]
    ((attributes, text),) = read_elements(html, "a")
    assert (attributes["href"], text) == ("tables/04_entities/by-outlet.csv", "CSV, 1 row")
    assert attributes["aria-label"].endswith(": Rows & <more>")
    assert "text/csv" not in notebook.cells[1].outputs[0].data
    assert "text/csv" in before.cells[1].outputs[0].data


def test_rows_beyond_two_thousand_are_noted():
    notebook, files = move(make_notebook(pd.DataFrame({"a": range(2_500)})))
    assert "first 2,000 rows" in notebook.cells[1].outputs[0].data["text/html"]
    assert next(iter(files.values())).count("\n") == 2_001


def test_table_without_rows_has_no_file():
    notebook, files = move(make_notebook(pd.DataFrame({"a": []})))
    assert not files
    assert "ss-csv" not in notebook.cells[1].outputs[0].data["text/html"]


def test_files_stay_in_their_folder_whatever_the_heading(tmp_path):
    _, files = move(make_notebook(pd.DataFrame({"a": [1]}), heading="## ../../etc/<b>"))
    write_csv_files(tmp_path, files)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.csv")] == [
        "tables/04_entities/etc-b.csv"]
