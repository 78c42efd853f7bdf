"""CSV files of a page: each table has one, named after the table, with a link below the table."""

import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from samestory.report.page_content import read_notebook_page
from samestory.report.table_files import write_table_files
from samestory.show.csv_text import CSV_ENCODING
from samestory.show.table import show_table


def write(folder, *frames: pd.DataFrame, caption: str = "Words by outlet, in all"):
    cells = [new_code_cell("x", outputs=[new_output("execute_result", show_table(frame, caption=caption)
                                                    ._repr_mimebundle_())]) for frame in frames]
    notebook = new_notebook(cells=[new_markdown_cell("## By outlet"), *cells])
    files = write_table_files(folder, read_notebook_page(notebook, title="Names", href="04_entities.html"))
    return {path: (folder / path).read_text(CSV_ENCODING) for path in files.values()}


def test_each_table_has_a_file_named_after_what_it_shows(tmp_path):
    frame = pd.DataFrame({"n_words": [3, 4]})
    assert write(tmp_path, frame, frame) == {"tables/04_entities/words-by-outlet.csv": "n_words\n3\n4\n",
                                             "tables/04_entities/words-by-outlet-2.csv": "n_words\n3\n4\n"}


def test_a_file_holds_two_thousand_rows(tmp_path):
    (text,) = write(tmp_path, pd.DataFrame({"a": range(2_500)})).values()
    assert text.count("\n") == 2_001


def test_table_without_rows_has_no_file(tmp_path):
    assert not write(tmp_path, pd.DataFrame({"a": []}))


def test_files_stay_in_their_folder_whatever_the_caption(tmp_path):
    write(tmp_path, pd.DataFrame({"a": [1]}), caption="../../etc/<b>")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.csv")] == [
        "tables/04_entities/part.csv"]
