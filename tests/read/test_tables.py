"""Readers of JSON, CSV, spreadsheets and Parquet: the fields are found, the mapping is reported, no row is lost."""

import datetime
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.read.formats.fields import plan_fields
from samestory.read.formats.json_values import _read_values
from tests.read.test_records import read
from tests.support.export_files import make_xlsx

# In the form that the tools write; the values are made up.
NEWS_PLEASE = {"authors": ["Mary Dunne", "Tom Reilly"], "date_publish": "2021-03-18 23:50:00", "date_modify": None,
               "date_download": "2021-03-20 10:00:00", "language": "en", "source_domain": "www.cnn.com",
               "title": "Talks", "maintext": "The talks ended.", "text": None, "url": "https://www.cnn.com/a",
               "filename": "x.json"}
NEWSPAPER4K = {"source_url": "https://www.cnn.com", "url": "https://www.cnn.com/a", "title": "Talks",
               "meta_lang": "en", "text": "The talks ended.", "authors": ["Mary Dunne", "Tom Reilly"],
               "publish_date": "2021-03-18T23:50:00", "top_image": "x", "movies": [], "keywords": []}
TRAFILATURA = {"title": "Talks", "author": "Mary Dunne; Tom Reilly", "hostname": "cnn.com", "date": "2021-03-18",
               "fingerprint": "ab", "id": None, "raw_text": "The talks ended.", "text": "The talks ended.",
               "language": "en", "source": "https://www.cnn.com/a", "source-hostname": "CNN", "excerpt": "x"}
STORY = "The talks ended late on Thursday, “with nothing to show”. " * 6


@pytest.mark.parametrize(("record", "outlet", "published"), [
    (NEWS_PLEASE, "www.cnn.com", "2021-03-18 23:50:00"), (NEWSPAPER4K, "cnn.com", "2021-03-18T23:50:00"),
    (TRAFILATURA, "cnn.com", "2021-03-18")])
@pytest.mark.parametrize("form", ["object", "list", "lines"])
def test_records_of_scrapers_are_read(folder, record, outlet, published, form):
    content = {"object": json.dumps(record, indent=1), "list": json.dumps([record] * 2), "lines": json.dumps(record)}
    records, problems = read(folder({"a.jsonl" if form == "lines" else "a.json": content[form]}))
    assert problems == []
    assert len(records) == (2 if form == "list" else 1)
    found = records[0].metadata
    assert (records[0].text, found["headline"], found["url"]) == ("The talks ended.", "Talks", "https://www.cnn.com/a")
    assert (found["outlet"], found["published_at"], found["language"]) == (outlet, published, "en")
    assert found["byline"].replace(";", ",") == "Mary Dunne, Tom Reilly"


def test_objects_one_after_another_are_read(folder):
    records, _ = read(folder({"a.json": '{"text": "one"}\n{"text": "two"}\n'}))
    assert [record.article_id for record in records] == ["a:1", "a:2"]


def test_an_answer_of_a_news_service_is_read(folder):
    answer = {"status": "ok", "articles": [{"content": "one", "source": {"id": None, "name": "CNN"}}, {"content": 1}]}
    records, problems = read(folder({"a.json": json.dumps(answer)}))
    assert (records[0].text, records[0].metadata) == ("one", {"outlet": "CNN"})
    assert problems[0]["reason"].startswith("'articles', record 2: ")


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(st.recursive(st.text() | st.integers() | st.none() | st.booleans(),
                             lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)))
def test_values_of_a_list_equal_those_of_the_json_library(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(values, indent=1))
    with path.open("rb") as file:
        assert list(_read_values(file, {})) == values


def test_a_list_longer_than_a_chunk_is_read(folder):
    records, problems = read(folder({"a.json": json.dumps([{"text": f"{i} {STORY}"} for i in range(500)])}))
    assert [record.text.split()[0] for record in records] == [str(i) for i in range(500)]
    assert problems == []


def test_values_before_the_cut_are_kept(folder):
    records, problems = read(folder({"a.json": json.dumps([{"text": "one"}, {"text": "two"}])[:-8]}))
    assert [record.text for record in records] == ["one"]
    assert problems[0]["severity"] == "error"
    assert "cut off" in problems[0]["reason"]


@pytest.mark.parametrize(("author", "kind"), [({"x": 1}, "dict"), ([["x"]], "list"), ({"name": {"name": 1}}, "dict")])
def test_metadata_of_an_odd_kind_loses_only_itself(folder, author, kind):
    records, problems = read(folder({"a.jsonl": json.dumps({"text": "one", "author": author, "title": "T"})}))
    assert records[0].metadata == {"headline": "T"}
    assert problems[0]["severity"] == "warning"
    assert f"'author', found {kind};" in problems[0]["reason"]


@pytest.mark.parametrize(("separator", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv"), ("|", "a.csv")])
def test_any_separator_is_found_and_the_mapping_reported(folder, separator, name):
    rows = [["Publication", "Article Title", "Full Text", "Pages"],
            ["CNN", '"One, two"', '"He said:\n""no; never""\n|"', "3"]]
    content = "\r\n".join(map(separator.join, rows))
    records, problems = read(folder({name: content}))
    assert records[0].text == 'He said:\n"no; never"\n|'
    assert records[0].metadata == {"outlet": "CNN", "headline": "One, two"}
    assert [row["severity"] for row in problems] == ["note"]
    mapping, _, unused = problems[0]["reason"].partition(";")
    assert re.findall(r"(\w+) from '([^']+)'", mapping) == [
        ("text", "Full Text"), ("outlet", "Publication"), ("headline", "Article Title")]
    assert unused.endswith(": 'Pages'")


def test_a_text_column_of_unknown_name_is_guessed_and_reported(folder):
    records, problems = read(folder({"a.csv": f"nr,sisus\n1,{STORY.replace(',', '')}\n"}))
    assert records[0].text.startswith("The talks")
    assert problems[0]["severity"] == "note"
    assert "guessed" in problems[0]["reason"].partition("'sisus' holds")[2]


@pytest.mark.parametrize(("header", "expected"), [
    ("a;b", "columns 'a', 'b'"), ("a" + "," * 20_000, "at most 16,384 columns, found 20,001"),
    ("id,indexed_date,language,media_name,media_url,publish_date,title,url", "Media Cloud")])
def test_a_table_without_text_names_its_columns(folder, header, expected):
    rows = f"1{';' if ';' in header else ','}2\n" * 3
    records, problems = read(folder({"a.csv": f"{header}\n{rows}", "good.txt": "x"}))
    assert len(records) == len(problems) == 1
    assert expected in problems[0]["reason"]


def test_ragged_and_empty_rows_are_reported(folder):
    records, problems = read(folder({"a.csv": "id,text,title\n1,one\n\n,,\n2,two,T,more\n3,,T\n"}))
    assert [(record.article_id, record.text) for record in records] == [("1", "one"), ("2", "two")]
    assert [(row["severity"], row["article_id"]) for row in problems[1:]] == [("error", "3"), ("warning", None)]
    assert problems[2]["reason"].startswith("2 rows ") and "3 columns (row 1, 3)" in problems[2]["reason"]
def test_a_mark_that_is_never_closed_is_reported(folder):
    records, problems = read(folder({"a.csv": 'text\none\n"two\nthree\nfour\n'}))
    assert [record.text for record in records] == ["one", "two\nthree\nfour\n"]
    assert problems[-1]["severity"] == "warning"
    assert problems[-1]["reason"].startswith("line 3: a quotation mark")


def test_a_mark_within_a_value_is_kept(folder):
    records, problems = read(folder({"a.csv": 'text,n\na 5" screen,1\n"two\nlines",2\n'}))
    assert [record.text for record in records] == ['a 5" screen', "two\nlines"]
    assert [row["severity"] for row in problems] == ["note"]


@pytest.mark.parametrize(("content", "reason"), [
    ('text\n"' + ("x" * 99 + "\n") * 170_000, "line 2: field larger"),
    ("text\nshort\n" + "x" * 17_000_000, "line 3: longer than 16,000,000")])
def test_an_endless_value_is_a_problem(folder, content, reason):
    records, problems = read(folder({"a.csv": content, "good.txt": "x"}))
    assert records[-1].text == "x"
    assert reason in problems[-1]["reason"]


def test_rows_of_other_encodings_and_old_line_ends_are_read(folder):
    encoded = "text,title\rThe café,“T”\rA naïve owner,x\r".encode("cp1252")
    records, problems = read(folder({"a.csv": encoded, "b.csv": "text\nThe café\n".encode("utf-16")}))
    assert [record.text for record in records] == ["The café", "A naïve owner", "The café"]
    assert [(row["path"], row["severity"]) for row in problems if "cp1252" in row["reason"]] == [("a.csv", "warning")]


def test_two_columns_of_one_name_are_distinguished(folder):
    records, problems = read(folder({"a.csv": "text,text,title\none,,T\n"}))
    assert (records[0].text, records[0].metadata) == ("one", {"headline": "T"})
    assert "not used: 'text (2)'" in problems[0]["reason"]


def test_a_spreadsheet_is_read(folder):
    rows = [["id", "Title", "Body", "Date"], [7, "A & B", "one\ntwo", "2021-03-18"], ["x", "", "three", ""]]
    records, problems = read(folder({"a.xlsx": make_xlsx(rows)}))
    assert [(record.article_id, record.text) for record in records] == [("7", "one\ntwo"), ("x", "three")]
    assert records[0].metadata == {"headline": "A & B", "published_at": "2021-03-18"}
    assert "text from 'Body'" in problems[0]["reason"]


@pytest.mark.parametrize("declared", ['<!ENTITY x SYSTEM "file:/etc/hostname">',
                                      '<!ENTITY a "HIDDEN"><!ENTITY x "&a;&a;&a;">'])
def test_entities_of_a_spreadsheet_are_not_resolved(folder, declared):
    sheet = make_xlsx([["text"], ["before &x;"]], before=f"<!DOCTYPE d [{declared}]>", is_markup=True)
    records, problems = read(folder({"a.xlsx": sheet, "good.txt": "x"}))
    shown = str([record.text for record in records]) + str(problems)
    assert records[-1].text == "x"
    assert "HIDDEN" not in shown
    assert Path("/etc/hostname").read_text().strip() not in shown


def test_parquet_is_read(tmp_path):
    moment = datetime.datetime(2021, 3, 18, 23, 50, tzinfo=datetime.UTC)
    table = pa.table({"text": ["one", None, "three"], "published_at": [moment, moment, None], "outlet": ["CNN"] * 3})
    pq.write_table(table, tmp_path / "a.parquet")
    records, problems = read(tmp_path)
    assert [record.article_id for record in records] == ["a:1", "a:3"]
    assert records[0].metadata == {"outlet": "CNN", "published_at": "2021-03-18T23:50:00+00:00"}
    assert problems[1]["reason"].startswith("row 2: ") and problems[1]["reason"].endswith("'text'")


def test_names_of_fields_are_compared_without_case_and_punctuation():
    assert plan_fields(("Publication Date", "FULL-TEXT", "x")) == {"text": ("FULL-TEXT",),
                                                                   "published_at": ("Publication Date",)}


def test_a_timestamp_out_of_range_costs_its_own_field(folder):
    times = [1_600_000_000_000_000] * 1_000
    times[700] = 2 ** 62  # the year 148,000
    root = folder({"good.txt": "x"})
    pq.write_table(pa.table({"text": ["A story."] * 1_000, "date": pa.array(times, pa.timestamp("us"))}),
                   root / "a.parquet")
    records, problems = read(root)
    assert len(records) == 1_001 and "published_at" not in records[700].metadata
    assert [row["article_id"] for row in problems if row["severity"] != "note"] == ["a:701"]


def test_a_text_that_is_no_utf8_costs_one_row(folder):
    texts = pa.array([b"A story."] * 400 + [b"caf\xe9"] + [b"A story."] * 99, pa.binary())
    root = folder({"good.txt": "x"})
    pq.write_table(pa.table({"text": pa.Array.from_buffers(pa.string(), 500, texts.buffers())}), root / "a.parquet")
    records, problems = read(root)
    assert len(records) == 500
    assert [row["reason"][:8] for row in problems if row["severity"] != "note"] == ["row 401:"]


@pytest.mark.parametrize(("name", "before", "between"), [("a.json", "[", ","), ("a.jsonl", "", "\n"),
                                                        ("b.json", '{"articles": [', ",")])
@pytest.mark.parametrize("odd", [1, 2, 701])
def test_a_number_of_5000_digits_costs_its_own_field(folder, name, before, between, odd):
    rows = [f'{{"text": "A story.", "date": {"9" * (5_000 if i == odd else 8)}}}' for i in range(1, 1_001)]
    records, problems = read(folder({name: before + between.join(rows) + {"[": "]", "": ""}.get(before, "]}")}))
    assert len(records) == 1_000
    assert [row["article_id"] for row in problems] == [f"{name.partition('.')[0]}:{odd}"]
