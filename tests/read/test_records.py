"""Readers: every file becomes records or problems, and no text is lost or changed."""

import json
import os
import tracemalloc
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.read.corpus import find_corpus
from samestory.read.formats.formats import FORMATS, MAX_ARTICLE_CHARS, Record
from samestory.read.records import read_records
from tests.support.folders import FIXTURES


def read(folder):
    found = list(read_records(find_corpus(folder)))
    return ([item for item in found if isinstance(item, Record)], [item for item in found if isinstance(item, dict)])


def line(**record):
    return json.dumps(record) + "\n"


def test_text_keeps_every_character(folder):
    text = "One\r\n“two”\u00a0three\n\n"
    records, problems = read(folder({"cnn/1.txt": text}))
    assert (records[0].text, records[0].article_id, problems) == (text, "cnn/1", [])


def test_two_files_of_one_name_are_two_articles(folder):
    records, problems = read(folder({"cnn/1.txt": "a", "fox/1.txt": "b"}))
    assert [record.article_id for record in records] == ["cnn/1", "fox/1"]
    assert problems == []


def test_jsonl_gives_text_and_metadata(folder):
    records, _ = read(folder({"a.jsonl": line(id="x", outlet="CNN", text="Hello", published_at="2021-03-17", other=1)}))
    assert records[0] == Record("x", "a.jsonl", "Hello", {"outlet": "CNN", "published_at": "2021-03-17"})


def test_a_record_without_id_is_named_by_file_and_line(folder):
    records, _ = read(folder({"fox/a.jsonl": "\n" + line(text="Hello")}))
    assert records[0].article_id == "fox/a:2"


def test_a_second_record_of_one_id_is_kept_under_its_own(folder):
    lines = line(id="x", text="one") + 2 * line(id="x", text="two")
    records, problems = read(folder({"a.jsonl": lines}))
    assert [record.text for record in records] == ["one", "two", "two"]
    assert len({record.article_id for record in records}) == 3
    assert [row["severity"] for row in problems] == ["warning", "warning"]


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("a.txt", b"", "found no text"),
    ("a.txt", b" \n ", "found no text"),
    ("a.txt", b"PK\x03\x04\x00\x00", "found a binary file"),
    ("a.txt", b"x" * (MAX_ARTICLE_CHARS + 1), "6,000,000 characters, found 6,000,001"),
    ("a.txt", b"x" * 9_000_000, "8,000,000 bytes"),
    ("a.txt", b"\xd0\xcf\x11\xe0", ".txt, but it is an old Word"),
    ("a.html", b"\x89PNG\r\n\x1a\n", ".html, but it is a picture"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word or Excel"),
    ("a.docx", b"only text", "(.docx), found another"),
    ("a.xlsx", b"only text", "(.xlsx or .ods), found another"),
    ("a.parquet", b"only text", "damaged"),
    ("a.rtf", b"only text", "rename it to .txt"),
    ("a.html", b"", "no markup"),
    ("a.html", b"<html><body></body></html>", "no text"),
    ("a.json", b"", "no value"),
    ("a.json", b'[{"text": "cut of', "cut off"),
    ("a.json", b"[" * 100_000, "brackets"),
    ("a.csv", b"", "header"),
    ("a.jsonl", b"", "it is empty"),
    ("a.zip", b"PK\x05\x06" + bytes(18), "it is empty"),
    ("a.jsonl", b"{]\n", "line 1: "),
    ("a.jsonl", b"[1]\n", "found a list"),
    ("a.jsonl", b'{"summary": "x"}\n', "fields summary"),
    ("a.jsonl", b'{"text": 3}\n', "fields text"),
    ("a.jsonl", b"\xff\xfe\n", "UTF-8"),
    ("a.jsonl", b"[" * 100_000, "JSON object"),
    ("a.pdf", b"%PDF", "damaged PDF"),
])
def test_an_unreadable_file_is_one_problem(folder, name, content, reason):
    records, problems = read(folder({name: content, "good.txt": "A good article."}))
    assert [record.text for record in records] == ["A good article."]
    assert len(problems) == 1
    assert reason in problems[0]["reason"]
    assert problems[0]["path"] == name


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read(folder, encoding):
    text = "The café was “closed” on Monday, the naïve owner said – nobody knew why. " * 5
    records, problems = read(folder({"a.txt": text.encode(encoding)}))
    assert records[0].text == text
    assert [row["severity"] for row in problems] == (["warning"] if encoding == "cp1252" else [])


def test_a_file_that_cannot_be_opened_is_a_problem(folder):
    root = folder({"a.txt": "x", "b.txt": "y"})
    (root / "a.txt").unlink()
    (root / "a.txt").symlink_to(root / "nowhere.txt")
    records, problems = read(root)
    assert [record.article_id for record in records] == ["b"]
    assert "cannot be opened" in problems[0]["reason"]


def test_every_format_has_the_functions_that_it_needs():
    for kind in FORMATS:
        module = import_module(f"samestory.read.formats.{kind.module}")
        assert hasattr(module, "read_members" if kind.holds_files else "read")
        same_ending = [other for other in FORMATS if set(other.endings) & set(kind.endings)]
        assert kind is same_ending[-1] or hasattr(module, "suits")


def test_an_endless_line_loses_only_itself(folder):
    records, problems = read(folder({"a.jsonl": line(text="x" * 17_000_000) + line(text="next")}))
    assert [record.text for record in records] == ["next"]
    assert problems[0]["reason"].startswith("line 1: ") and "16,000,000 bytes" in problems[0]["reason"]


def test_a_page_called_text_is_read_as_a_page(folder):
    page = (FIXTURES / "pages/harbour.html").read_bytes()
    records, problems = read(folder({"a.txt": page}))
    assert records[0].metadata["byline"] == "Mary Dunne"
    assert problems[0]["severity"] == "warning"
    assert ".txt" in problems[0]["reason"] and "HTML" in problems[0]["reason"]


@pytest.mark.parametrize(("encoding", "text"), [
    ("utf-16-le", "The café was closed on Monday,\r\nthe naïve owner said.\n"),
    ("utf-16-be", "The café was closed on Monday,\r\nthe naïve owner said.\n"),
    ("latin-1", "The café was closed on Monday,\r\nthe naïve owner said.\n"),
    ("cp1252", "“We will,” said Zoë – the café’s owner."),
    ("cp1252", "Le président a déclaré qu’il était prêt à négocier dès l’été."),
    ("cp1254", "Başbakan, görüşmelerin yarın İstanbul’da süreceğini söyledi."),
    ("cp1251", "Министр заявил, что переговоры продолжатся завтра."),
    ("gb18030", "外交部发言人表示，会谈将于明天继续举行。"),
])
def test_encodings_without_a_mark_are_read(folder, encoding, text):
    records, _ = read(folder({"a.txt": text.encode(encoding)}))
    assert records[0].text == text


def test_lines_of_another_encoding_do_not_change_the_others(folder):
    first, second = "Zoë’s café in 东京 was closed.\n", "The owner of the old café is naïve.\n"
    records, problems = read(folder({"a.txt": first.encode() + second.encode("cp1252")}))
    assert records[0].text == first + second
    assert "1 line read as cp1252" in problems[0]["reason"]


@pytest.mark.parametrize(("broken", "read_as"), [
    (b"caf\xe9 ", "café "), (b"caf\xc3", "caf\ufffd"), (b"open\xe2\x80 he", "open\ufffd he"), (b"\x93", "“")])
def test_a_broken_byte_costs_one_character(folder, broken, read_as):
    text = "“We shut the café for good” said Zoë. “It is over” he said to the nine guests. It is {}"
    content = text.format("@").encode().replace(b"@", broken)
    page = b"<html><head><meta charset='iso-8859-1'></head><body><article><p>" + content + b"</p></article></body>"
    files = {"a.txt": content, "b.csv": b"text\n" + content, "c.jsonl": b'{"text": "' + content + b'"}', "d.html": page,
             "e.json": b'[{"text": "' + content + b'"}]'}
    records, problems = read(folder(files))
    assert [record.text.strip() for record in records] == [text.format(read_as).strip()] * 5
    assert [row["path"] for row in problems if "not UTF-8" in row["reason"]] == list(files)


@pytest.mark.parametrize("text", ["שלום עולם\u200f said “x”", "e\u0301te\u0301 \U0001f600", "a\u2028b\x0bc\x0cd",
                                  "one\rtwo\r"])
def test_text_of_any_script_is_kept(folder, text):
    records, problems = read(folder({"a.txt": text, "b.jsonl": line(text=text)}))
    assert [record.text for record in records] == [text, text]
    assert problems == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_every_text_in_json_is_unchanged(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("corpus") / "a.jsonl"
    path.write_text(line(text=text), encoding="utf-8")
    records, _ = read(path)
    assert records[0].text == text


def test_nul_characters_are_kept_and_reported(folder):
    records, problems = read(folder({"a.txt": "A story with one \0 in it, and many other characters. " * 3}))
    assert records[0].text.count("\0") == 3
    assert "holds 3 NUL characters" in problems[0]["reason"]


def test_halves_of_surrogate_pairs_are_replaced_and_reported(folder):
    records, problems = read(folder({"a.jsonl": b'{"text": "one \\ud83d two", "headline": "\\ude00"}\n'}))
    assert (records[0].text, records[0].metadata["headline"]) == ("one \ufffd two", "\ufffd")
    assert problems[0]["severity"] == "warning"
    assert "surrogate pairs" in problems[0]["reason"]


def test_a_name_that_is_not_unicode_is_escaped(folder):
    root = folder({"good.txt": "A story."})
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.txt")).write_text("Another.")
    records, _ = read(root)
    assert [record.article_id for record in records] == ["caf\\udce9", "good"]


def test_pipes_and_devices_are_not_read(folder):
    root = folder({"good.txt": "A story."})
    os.mkfifo(root / "pipe.txt")
    (root / "zero.txt").symlink_to("/dev/zero")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    assert len(find_corpus(root).digest()) == 64
    records, problems = read(root)
    assert [record.article_id for record in records] == ["good"]
    assert [row["path"] for row in problems] == ["loop.txt", "pipe.txt", "zero.txt"]


def test_a_file_without_permission_is_a_problem(folder, monkeypatch):
    def refuse(path, *arguments, **options):  # what root, who may read everything, never sees
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)
    root, opened = folder({"a.txt": "x", "b.txt": "y"}), Path.open
    monkeypatch.setattr(Path, "open", refuse)
    records, problems = read(root)
    assert [record.article_id for record in records] == ["b"]
    assert "Permission denied" in problems[0]["reason"]


def test_a_failing_library_loses_one_file(folder, monkeypatch):
    def fail(file):
        raise RuntimeError("inside")
        yield
    monkeypatch.setattr("samestory.read.formats.jsonl.read", fail)
    records, problems = read(folder({"a.jsonl": line(text="x"), "b.txt": "A story."}))
    assert [record.article_id for record in records] == ["b"]
    assert (problems[0]["path"], problems[0]["severity"]) == ("a.jsonl", "error")
    assert problems[0]["reason"].endswith("RuntimeError: inside")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json"])
def test_a_large_file_is_read_in_little_memory(folder, name):
    body = "The minister said that the talks would go on. " * 40
    contents = {"a.jsonl": line(text=body) * 3_000, "a.csv": "text\n" + f'"{body}"\n' * 3_000,
                "a.json": f"[{', '.join([line(text=body)] * 3_000)}]"}
    corpus = find_corpus(folder({name: contents[name]}))
    assert (corpus.root / name).stat().st_size > 5_000_000
    import_module("samestory.read.formats.columns")
    tracemalloc.start()
    n = sum(isinstance(found, Record) for found in read_records(corpus))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n == 3_000
    assert peak < 2_500_000
