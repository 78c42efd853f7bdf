"""Reader of archives: their files are read as if unpacked, and a hostile archive is only a row of problems."""

import gzip
import io
import tarfile
import time
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from samestory.read.formats.archive import Allowance
from tests.read.test_records import line, read
from tests.support.export_files import make_docx, make_xlsx, make_zip
from tests.support.folders import FIXTURES


def make_tar(files, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


FILES = {"cnn/1.txt": b"One.", "fox/more.jsonl": line(id="x", text="Two.").encode()}


@pytest.mark.parametrize(("name", "content"), [
    ("a.zip", make_zip(FILES)), ("a.tar.gz", make_tar(FILES)), ("a.tgz", make_tar(FILES)),
    ("a.tar", make_tar(FILES, "w"))])
def test_the_files_of_an_archive_are_read(folder, name, content):
    records, problems = read(folder({name: content}))
    assert [(record.article_id, record.path, record.text) for record in records] == [
        (f"{name}/cnn/1", f"{name}/cnn/1.txt", "One."), ("x", f"{name}/fox/more.jsonl", "Two.")]
    assert problems == []


def test_every_format_is_read_from_an_archive(folder):
    table = io.BytesIO()
    pq.write_table(pa.table({"text": ["parquet"]}), table)
    page = (FIXTURES / "pages/water.html").read_bytes()
    files = {"a.parquet": table.getvalue(), "b.xlsx": make_xlsx([["text"], ["sheet"]]), "c.docx": make_docx(["word"]),
             "d.csv": "text\ntable\n".encode("utf-16"), "e.html": page,
             "f.rtf": b"{\\rtf1 rich}", "g.json": b'{"text": "j"}'}
    for name, content in (("a.zip", make_zip(files)), ("a.tgz", make_tar(files))):
        records, problems = read(folder({name: content}, name))
        assert [record.text[:4].strip() for record in records] == ["parq", "shee", "word", "tabl", "Parl", "rich", "j"]
        assert {row["severity"] for row in problems} == {"note"}


def test_a_packed_file_keeps_its_name(folder):
    records, problems = read(folder({"cnn/a.jsonl.gz": gzip.compress(line(text="One.").encode())}))
    assert (records[0].article_id, problems) == ("cnn/a:1", [])


def test_archives_in_archives_are_read_three_deep(folder):
    inner = make_zip({"1.txt": "deepest"})
    for _ in range(3):
        inner = make_zip({"in.zip": inner, "1.txt": "one more"})
    records, problems = read(folder({"a.zip": inner}))
    assert [record.text for record in records] == ["one more"] * 3
    assert (problems[0]["path"], problems[0]["severity"]) == ("a.zip/in.zip/in.zip/in.zip", "error")
    assert "3 deep" in problems[0]["reason"]


def test_names_that_lead_out_of_the_archive_are_read_within_it(folder, tmp_path):
    records, problems = read(folder({"a.zip": make_zip({"../../evil.txt": "x", "/abs.txt": "y", "C:\\win.txt": "z"})}))
    assert [record.path for record in records] == ["a.zip/evil.txt", "a.zip/abs.txt", "a.zip/win.txt"]
    assert [row["severity"] for row in problems] == ["note"] * 3
    assert "'../../evil.txt'" in problems[0]["reason"]
    assert not list(tmp_path.rglob("evil.txt"))


def test_links_in_archives_are_not_followed(folder):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/hostname")
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        info = tarfile.TarInfo("link.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(info)
    records, problems = read(folder({"a.zip": buffer.getvalue(), "b.tar": tar.getvalue()}))
    assert records == []
    assert [(row["path"], row["severity"]) for row in problems] == [
        ("a.zip/link.txt", "warning"), ("b.tar/link.txt", "warning")]
    assert all("link" in row["reason"] for row in problems)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content"), [
    ("a.zip", make_zip({"1.txt": b"\0" * 80_000_000})), ("a.txt.gz", gzip.compress(b"\0" * 80_000_000)),
    ("a.tgz", make_tar({"1.txt": b"\0" * 80_000_000})),
    ("a.zip", make_zip({"in.zip": make_zip({"1.txt": b"\0" * 80_000_000})}))])
def test_a_bomb_is_not_unpacked(folder, name, content):
    records, problems = read(folder({name: content, "good.txt": "x"}))
    assert [record.text for record in records] == ["x"]
    assert problems[0]["severity"] == "error"
    assert "200 times" in problems[0]["reason"]


def test_a_spreadsheet_with_a_false_size_is_refused(folder, monkeypatch):
    monkeypatch.setattr("samestory.read.formats.sheet.MAX_UNPACKED_SHEET_BYTES", 100_000)
    sheet = bytearray(make_xlsx([["text"], *[["x" * 1_000]] * 1_000]))
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    records, problems = read(folder({"a.xlsx": bytes(sheet.replace(size.to_bytes(4, "little"), b"\x10\0\0\0"))}))
    assert records == []
    assert "100,000 bytes" in problems[0]["reason"]


@pytest.mark.parametrize("cut", [10, 60, -30])
@pytest.mark.parametrize(("name", "content"), [("a.zip", make_zip(FILES)), ("a.tgz", make_tar(FILES)),
                                               ("a.xlsx", make_xlsx([["text"], ["one"]]))])
def test_a_truncated_archive_is_reported(folder, name, content, cut):
    _, problems = read(folder({name: content[:cut], "good.txt": "x"}))
    assert problems[-1]["severity"] == "error"
    assert "damaged" in problems[-1]["reason"]


def test_the_other_files_of_an_archive_with_a_damaged_one_are_read(folder):
    data = make_zip({"1.txt": "One story.", "2.txt": "Another story."}, zipfile.ZIP_STORED)
    records, problems = read(folder({"a.zip": data.replace(b"One story.", b"Own story.")}))
    assert [record.text for record in records] == ["Another story."]
    assert "a.zip/1.txt" in problems[0]["path"]
    assert "damaged" in problems[0]["reason"]


def test_files_without_a_reader_and_those_of_macos_are_not_unpacked(folder):
    records, problems = read(folder({"a.zip": make_zip({"1.doc": "x", "__MACOSX/._1.txt": "x", "README.txt": "x"})}))
    assert records == []
    assert [(row["path"], row["severity"], row["reason"][-5:]) for row in problems] == [
        ("a.zip/1.doc", "warning", ".docx")]


@pytest.mark.slow
def test_an_archive_of_many_files_is_read_in_reasonable_time(folder):
    content = make_zip({f"cnn/{i}.txt": f"Story {i}." for i in range(5_000)}, zipfile.ZIP_STORED)
    root = folder({"a.zip": content})
    started = time.perf_counter()
    assert len(read(root)[0]) == 5_000
    assert time.perf_counter() - started < 20  # about one second on an idle core


def test_the_allowance_grows_with_the_archive():
    assert Allowance.of(io.BytesIO(b"x" * 1_000)).left == 64_000_000
    assert Allowance.of(io.BytesIO(b"x" * 1_000_000)).left == 200_000_000


def test_an_endless_list_of_members_is_refused(folder, monkeypatch):
    monkeypatch.setattr("samestory.read.formats.zip_members.MAX_ZIP_DIRECTORY_BYTES", 1_000)
    records, problems = read(folder({"a.zip": make_zip({f"{i}.txt": "x" for i in range(100)}), "b.txt": "A story."}))
    assert [record.article_id for record in records] == ["b"]
    assert "list of members" in problems[-1]["reason"]
