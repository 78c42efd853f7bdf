"""The reader process: a file that asks for too much memory, or crashes its library, costs only itself."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from samestory.read import reader_process
from samestory.read.corpus import find_corpus
from samestory.read.formats import workbook_cells
from samestory.read.formats.formats import FORMATS, Record, Unreadable
from samestory.read.reader_process import ReaderProcess
from samestory.read.records import name_formats, read_records
from tests.support.export_files import make_docx, make_xlsx, make_zip
from tests.support.folders import FIXTURES

pytestmark = pytest.mark.reader_process
STORY = "The talks will go on, the minister said on Thursday."


def read(folder):
    found = list(read_records(find_corpus(folder)))
    return [item for item in found if isinstance(item, Record)], [item for item in found if isinstance(item, dict)]


def write_repeated(path, text: str, n: int) -> None:
    """A Parquet file that holds one text once, and names it in many rows."""
    repeated = pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array([text]))
    pq.write_table(pa.table({"text": repeated}), path, compression="zstd")


@pytest.fixture
def started(monkeypatch):
    """The reader processes that are started."""
    processes, start = [], reader_process._start_reader
    monkeypatch.setattr(reader_process, "_start_reader", lambda: processes.append(start()) or processes[-1])
    return processes


@pytest.fixture
def packed(folder):
    """A file of every format that is read apart, and a text."""
    page = (FIXTURES / "pages/harbour.html").read_bytes()
    root = folder({"a.html": page, "b.docx": make_docx([STORY]), "c.xlsx": make_xlsx([["text"], [STORY]]),
                   "d.zip": make_zip({"x/1.txt": STORY, "2.html": page}), "e.txt": STORY})
    pq.write_table(pa.table({"text": [STORY, STORY]}), root / "f.parquet")
    return root


@pytest.mark.slow
def test_a_file_reads_the_same_in_either_process(packed, started, monkeypatch):
    apart = list(read_records(find_corpus(packed)))
    names = list(name_formats(find_corpus(packed)))
    monkeypatch.setattr(reader_process, "is_read_here", lambda path: True)
    assert list(read_records(find_corpus(packed))) == apart
    assert names == ["web page", "Word document", "spreadsheet", "archive of plain text", "plain text", "Parquet"]
    assert len(started) == 2  # one for all files, each time


def test_text_is_read_without_a_second_process(folder, started):
    read(folder({"a.txt": STORY, "b.jsonl": "{}", "c.csv": "text\nx\n", "d.json": "[]", "e.rtf": r"{\rtf1 x}"}))
    assert started == []


def test_every_format_with_a_library_or_a_packed_file_is_read_apart():
    here = {ending for kind in FORMATS if not kind.apart for ending in kind.endings}
    assert here == {".txt", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".rtf", ".md", ".markdown"}


@pytest.mark.slow
def test_a_packed_file_by_any_other_name_is_read_apart(folder, started):
    read(folder({"a.txt": make_docx([STORY]), "b.csv": (FIXTURES / "pages/harbour.html").read_bytes()}))
    assert len(started) == 1


@pytest.mark.parametrize("address", ["XFD1048576", "AZ1048576"])
def test_a_far_cell_is_refused_before_memory_is_taken(folder, address):
    records, problems = read(folder({"a.xlsx": make_xlsx([["text"], [STORY]], far=address), "b.txt": STORY}))
    assert [record.article_id for record in records] == ["b"]
    assert "most of them empty" in problems[0]["reason"] and problems[0]["path"] == "a.xlsx"


@pytest.mark.slow
def test_a_parquet_bomb_is_one_problem_and_the_next_file_is_read(folder, started):
    root = folder({"c.docx": make_docx([STORY])})
    write_repeated(root / "a.parquet", "word " * 4_000_000, 2_000)
    records, problems = read(root)
    assert [record.article_id for record in records] == ["c"]
    assert [row["path"] for row in problems if row["severity"] == "error"] == ["a.parquet"]
    assert "1,000 MB" in problems[-1]["reason"] and len(started) == 2


@pytest.mark.slow
def test_a_small_file_may_not_become_much_text(folder):
    root = folder({"b.txt": STORY})
    write_repeated(root / "a.parquet", "word " * 200_000, 500)
    records, problems = read(root)
    assert sum(len(record.text) for record in records) <= 64_000_100
    assert "200 times" in problems[-1]["reason"]


def test_a_crash_costs_its_file(packed, started, monkeypatch):
    monkeypatch.setattr(reader_process, "READER_START_CODE", "import os; os.abort()")
    records, problems = read(packed)
    assert [record.article_id for record in records] == ["e"]
    assert len(problems) == len(started) == 5


@pytest.mark.slow
def test_a_workbook_that_a_coder_sends_back_is_read_apart(tmp_path, started):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(make_xlsx([["row", "answer"], ["R1", 2]]))
    with ReaderProcess() as reader:
        assert list(reader.read_cells(path)) == [["Sheet1", ["row", "answer"]], ["Sheet1", ["R1", "2"]]]
        path.write_bytes(b"PK")
        with pytest.raises(Unreadable, match="expected a spreadsheet"):
            next(reader.read_cells(path))
    assert len(started) == 1


def test_a_workbook_that_crashes_its_library_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_process, "READER_START_CODE", "import os; os.abort()")
    (tmp_path / "sheet.xlsx").write_bytes(make_xlsx([["row", "answer"]]))
    with ReaderProcess() as reader, pytest.raises(Unreadable, match="1,000 MB of memory, or crashes"):
        list(reader.read_cells(tmp_path / "sheet.xlsx"))


@pytest.mark.parametrize(("limit", "value"), [("MAX_WORKBOOK_CELLS", 3), ("MAX_WORKBOOK_CHARS", 9)])
def test_a_workbook_of_too_many_cells_is_refused(tmp_path, monkeypatch, limit, value):
    monkeypatch.setattr(workbook_cells, limit, value)
    (tmp_path / "sheet.xlsx").write_bytes(make_xlsx([["row", "answer"], ["R1", "yes"]]))
    with pytest.raises(Unreadable, match="expected at most"):
        list(workbook_cells.read_cells(tmp_path / "sheet.xlsx"))


@pytest.mark.slow
def test_no_process_is_left(packed, started):
    read(packed)
    some = read_records(find_corpus(packed))
    next(some)
    some.close()
    assert len(started) == 2 and all(process.poll() is not None for process in started)


@pytest.mark.slow
def test_a_file_that_took_much_memory_takes_none_from_the_next(folder, started):
    elements = b"<a/>" * 6_000_000
    bomb = make_zip({"word/document.xml": b"<document>" + elements + b"</document>"})
    read(folder({"a.docx": bomb, "b.docx": make_docx([STORY]), "c.docx": make_docx([STORY])}))
    assert len(started) == 2
