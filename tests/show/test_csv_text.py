"""Exported tables: no text becomes a formula, numbers stay numbers, nothing breaks a row."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.show.csv_text import MAX_CSV_CELL_CHARS, format_csv, guard_cell, write_csv


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_is_safe_in_a_spreadsheet(tmp_path):
    frame = pd.DataFrame({"text": ["=cmd()", "+1", "@x", "plain", None], "n": [-1, 2, 3, 4, 5]})
    write_csv(frame, tmp_path / "a.csv")
    found = pd.read_csv(tmp_path / "a.csv")
    assert found["text"].tolist()[:4] == ["'=cmd()", "'+1", "'@x", "plain"]
    assert found["n"].tolist() == [-1, 2, 3, 4, 5]


ODD_STARTS = ["=1", "+1", "-1", "@a", " =1", "\t1", "\n=1", "\u200b=1", "\uff1d1", "\uff20a", "\r=1"]


@pytest.mark.parametrize("text", ODD_STARTS)
def test_no_text_begins_as_a_formula(text):
    assert guard_cell(text).startswith(("'", "\ufffd"))


def test_headers_are_guarded_too():
    assert format_csv(pd.DataFrame([[1]], columns=["=outlet()"])) == "'=outlet()\n1\n"
    assert format_csv(pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))) == "a / b\n1\n"


@pytest.mark.parametrize("dtype", ["object", "str", "category"])
def test_texts_of_every_kind_are_guarded(dtype):
    assert format_csv(pd.DataFrame({"a": pd.Series(["=1"], dtype=dtype)})) == "a\n'=1\n"


def test_lists_and_mappings_are_json():
    frame = pd.DataFrame({"a": [[{"start": 1}], np.array([2])], "b": [{"x": "é"}, None]})
    rows = read(format_csv(frame))
    assert [json.loads(rows[1][0]), json.loads(rows[2][0]), json.loads(rows[1][1])] == [[{"start": 1}], [2], {"x": "é"}]


def test_rows_and_cells_are_bounded():
    rows = read(format_csv(pd.DataFrame({"a": ["x" * 1_000_000] * 5}), most_rows=2))
    assert len(rows) == 3
    assert len(rows[1][0]) < MAX_CSV_CELL_CHARS + 100
    assert rows[1][0].endswith("970,000 more characters")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_is_one_cell_of_its_row(cells):
    rows = read(format_csv(pd.DataFrame({"a": cells, "b": 1})))
    assert [row[1] for row in rows] == ["b", *["1"] * len(cells)]
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows)
