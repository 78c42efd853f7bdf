"""The workbook, read back by calamine."""

import json
from zipfile import ZipFile

import pandas as pd
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from samestory.base.schema import TABLES, make_table
from samestory.export.fitted_text import fit_text
from samestory.export.workbook import MAX_SHEET_CELL_UNITS, write_workbook
from samestory.tables.tables import Tables
from tests.support.handmade_tables import write_tables

FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "<r><t>x</t></r>", "_x0041_", "_x000D_", "http://a.b/", "#REF!", "1",
            "TRUE", " lead and trail ", "a & b < c > d \" '", "🧑‍🚀", "line\nline"]


def read_sheets(path) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def handmade(tmp_path):
    """Writes tables, the given rows of some and no rows of others, and reads their workbook."""
    def make(**rows) -> dict[str, list[list]]:
        folder = write_tables(tmp_path / "tables", {name: make_table(name, rows.get(name, ())) for name in TABLES})
        write_workbook(Tables(folder), tmp_path / "x.xlsx")
        return read_sheets(tmp_path / "x.xlsx")
    return make


def test_text_comes_back_as_text_and_never_as_a_formula(handmade, tmp_path):
    sheets = handmade(articles=[{"article_id": str(place), "text": text} for place, text in enumerate(FORMULAS)])
    column = sheets["articles"][0].index("text")
    assert [row[column] for row in sheets["articles"][1:]] == FORMULAS
    with ZipFile(tmp_path / "x.xlsx") as book:
        for name in book.namelist():
            root = etree.fromstring(book.read(name))
            assert not root.findall(".//{*}f") and not root.findall(".//{*}hyperlink")


def test_columns_are_as_wide_as_their_heads_and_short_texts(handmade, tmp_path):
    handmade()
    with ZipFile(tmp_path / "x.xlsx") as book:
        about, columns = (etree.fromstring(book.read(f"xl/worksheets/sheet{place}.xml")) for place in (1, 2))
    assert float(about.find(".//{*}col[@min='5']").get("width")) == len("cells cut to 32,767 units") + 2
    assert 60 < float(columns.find(".//{*}col[@min='4']").get("width")) <= 80
    assert [child.tag.rpartition("}")[2] for child in about] == ["sheetViews", "cols", "sheetData"]  # the only order


def test_values_keep_their_types(handmade):
    moment = pd.Timestamp("2026-03-02 13:45:06", tz="UTC")
    sheets = handmade(articles=[{"article_id": "a", "published_at": moment, "n_words": 7, "counted": False}],
                      values=[{"value_id": "a/v1-2", "value": 1.25}, {"value_id": "a/v3-4", "value": float("inf")}],
                      events=[{"event_id": "e", "outlets": ["A", "Bé"]}])
    row = dict(zip(*sheets["articles"], strict=True))
    assert (row["published_at"], row["n_words"], row["counted"]) == (moment.tz_localize(None), 7, False)
    column = sheets["values"][0].index("value")
    assert [row[column] for row in sheets["values"][1:]] == [1.25, ""]
    assert json.loads(sheets["events"][1][sheets["events"][0].index("outlets")]) == ["A", "Bé"]


def test_what_does_not_fit_is_cut_and_counted(handmade, monkeypatch):
    monkeypatch.setattr("samestory.export.workbook.MAX_TABLE_SHEET_ROWS", 3)
    rows = [{"article_id": "a", "text": "𝔘" * 20_000}, {"article_id": "b", "text": "a\x07b"}, {"article_id": "c"}]
    sheets = handmade(articles=rows)
    column = sheets["articles"][0].index("text")
    units = [len(row[column].encode("utf-16-le")) // 2 for row in sheets["articles"][1:]]
    assert units == [MAX_SHEET_CELL_UNITS - 1, 3]
    assert next(row[2:] for row in sheets["about"] if row[0] == "articles") == [3, 1, 1, 1]


def test_every_table_has_a_sheet_and_every_column_a_meaning(seeds, tmp_path):
    write_workbook(seeds, tmp_path / "x.xlsx")
    sheets = read_sheets(tmp_path / "x.xlsx")
    assert list(sheets) == ["about", "columns", *TABLES]
    explained = [(row[0], row[1], row[3]) for row in sheets["columns"][1:]]
    assert explained == [(table.name, column.name, column.meaning) for table in TABLES.values()
                         for column in table.columns]
    for name, table in TABLES.items():
        assert sheets[name][0] == table.arrow.names
        assert len(sheets[name]) - 1 == len(seeds.read_all(name))


@pytest.mark.slow
def test_spans_of_hostile_articles_come_back(hostile, tmp_path):
    write_workbook(hostile, tmp_path / "x.xlsx")
    sheets = read_sheets(tmp_path / "x.xlsx")
    rows = {name: [dict(zip(sheets[name][0], row, strict=True)) for row in sheets[name][1:]]
            for name in ("articles", "mentions", "quotations")}
    texts = {(row["article_id"], field): row[field] for row in rows["articles"] for field in ("text", "headline")}
    original = {key: fit_text(text).text for key, text in hostile.field_texts.items()}
    assert texts == original
    assert {row["text"] for row in rows["mentions"]} == {
        original[row.article_id, row.field][row.start:row.end] for row in hostile.mentions.itertuples()}
    for row in rows["quotations"]:
        parts = [texts[row["article_id"], row["field"]][span["start"]:span["end"]]
                 for span in json.loads(row["content_spans"])]
        assert " … ".join(parts) == row["text"]
