"""Sidecars: metadata.csv and metadata.yml, and their problems."""

import pytest

from samestory.base.errors import SameStoryError
from samestory.read.corpus import find_corpus
from samestory.read.sidecars import MAX_METADATA_PROBLEM_ROWS, read_sidecars


def read(folder, **files):
    sidecars = {f"metadata.{ending}": text for ending, text in files.items()}
    return read_sidecars(find_corpus(folder({"a.txt": "x", **sidecars})))


@pytest.mark.parametrize("text", [
    "cnn/1:\n  outlet: NO\n  published_at: 2021-02-30\n",
    "- article_id: cnn/1\n  outlet: NO\n  published_at: 2021-02-30\n",
    "{cnn/1: {outlet: 'NO', published_at: 2021-02-30, byline: null}}",
])
def test_yaml_is_a_mapping_or_a_list_and_its_values_stay_as_written(folder, text):
    assert read(folder, yml=text).find("cnn/1", "cnn/1.txt") == {"outlet": "NO", "published_at": "2021-02-30"}


def test_csv_wins_over_yaml_and_the_id_over_the_path(folder):
    found = read(folder, yml="a:\n  outlet: One\n  section: World\n",
                 csv="path,article_id,outlet\na.txt,,Two\n,a,Three\n")
    assert found.find("a", "a.txt") == {"outlet": "Three", "section": "World"}
    ((file, reason),) = found.problems
    assert file == "metadata.csv" and reason.startswith("'a' ")


EXCEL_ROWS = "article_id;outlet;published_at;byline\r\na;The Café, Kelby;13/04/2024;Ann Lée\r\nb;x;03/04/2024;\r\n"


@pytest.mark.parametrize("data", [
    EXCEL_ROWS.encode("cp1252"), EXCEL_ROWS.encode("utf-8-sig"), EXCEL_ROWS.encode("utf-16"),
    ("sep=;\r\n" + EXCEL_ROWS).encode(), EXCEL_ROWS.replace(";", "\t").encode("utf-16"),
    EXCEL_ROWS.replace(";", "|").encode(),
    EXCEL_ROWS.replace("article_id", "Article ID").replace("b;", "\r\nb;").encode(),
    EXCEL_ROWS.replace("article_id;outlet;published_at", "Datei;Quelle;Datum").replace("a;", "a.txt;")
    .encode("cp1252")])
def test_csv_is_read_as_spreadsheets_save_it(folder, data):
    found = read_sidecars(find_corpus(folder({"a.txt": "x", "metadata.csv": data})))
    assert found.find("a", "a.txt") == {"outlet": "The Café, Kelby", "published_at": "13/04/2024", "byline": "Ann Lée",
                                        "day_first": "yes"}


def test_a_column_of_another_name_is_reported(folder):
    found = read(folder, csv="path,outlet,bylin,notes\na.txt,X,Y,Z\n")
    assert found.find("a", "a.txt") == {"outlet": "X"}
    assert [reason for _, reason in found.problems] == ["the column 'bylin' is not used; did you mean 'byline'?",
                                                        "the column 'notes' is not used"]


def test_rows_without_an_article_are_reported_up_to_a_number(folder):
    found = read(folder, csv="article_id,outlet\na,X\n,Y\n"
                 + "".join(f"x{i},Z\n" for i in range(MAX_METADATA_PROBLEM_ROWS + 5)))
    found.find("a", "a.txt")
    ((file, reason),) = found.problems
    assert file == "metadata.csv" and reason.startswith("1 row ")
    unused = list(found.list_unused())
    assert len(unused) == MAX_METADATA_PROBLEM_ROWS + 1
    assert {file for file, _ in unused} == {"metadata.csv"}
    assert "'x0'" in unused[0][1] and unused[-1][1].startswith("5 more ")


@pytest.mark.parametrize(("text", "reason"), [
    ("a:\n  outlett: X\n", "found 'outlett'"), ("a: [1, 2]\n", "found a sequence in line 1"),
    ("- a\n", "found a scalar"), ("just words\n", "found a scalar"), ("[" * 100_000, "found a sequence"),
    ("a: &x {outlet: y}\nb: *x\n", "found an alias in line 2"), ("a: {outlet: [[[[x]]]]}", "found a sequence"),
    ("a: {outlet: 'x\n", "expected YAML"), ("a: {outlet: x", "expected YAML"), ("a: \x00", "expected YAML"),
])
def test_other_yaml_is_refused(folder, text, reason):
    with pytest.raises(SameStoryError, match=rf"metadata.yml: .*{reason}"):
        read(folder, yml=text)


def test_an_empty_file_has_no_rows(folder):
    assert read(folder, yml="# nothing yet\n").rows == {}


def test_yaml_that_is_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr("samestory.read.sidecars.MAX_YAML_BYTES", 10)
    with pytest.raises(SameStoryError, match=r"metadata\.yml: .*10 bytes, found 16;.*metadata\.csv"):
        read(folder, yml="a: {outlet: xy}\n")


@pytest.mark.parametrize(("limit", "value", "message"), [
    ("MAX_SIDECAR_COLUMNS", 4, "at most 4 columns, found 5"), ("MAX_SIDECAR_ROWS", 2, "at most 2 rows of 5 columns"),
    ("MAX_SIDECAR_CELLS", 14, "at most 2 rows of 5 columns")])
def test_a_sidecar_that_would_fill_the_memory_is_refused(folder, monkeypatch, limit, value, message):
    monkeypatch.setattr(f"samestory.read.sidecar_rows.{limit}", value)
    with pytest.raises(SameStoryError, match=rf"metadata\.csv: expected {message}"):
        read(folder, csv="path,outlet,c,d,e\n" + "a.txt,X\n" * 3)


def test_many_columns_of_other_names_are_counted(folder):
    found = read(folder, csv="path,outlet," + ",".join(f"c{i}" for i in range(MAX_METADATA_PROBLEM_ROWS + 5)) + "\n")
    reasons = [reason for _, reason in found.problems]
    assert len(reasons) == MAX_METADATA_PROBLEM_ROWS + 1 and reasons[-1].startswith("5 more columns ")


def test_rows_by_id_and_by_path_that_differ_are_reported(folder):
    root = folder({"cnn/1.txt": "A.", "cnn/2.txt": "B.", "events.csv":
                   "article_id,path,event\ncnn/1,,Flood\n,cnn/1.txt,Strike\ncnn/2,,Flood\n,cnn/2.txt,Flood\n"})
    found = read_sidecars(find_corpus(root))
    assert [found.find(f"cnn/{n}", f"cnn/{n}.txt")["event"] for n in (1, 2)] == ["Flood", "Flood"]
    assert [reason.split("'")[1] for _, reason in found.list_differing()] == ["cnn/1"]
