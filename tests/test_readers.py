"""Readers: every file becomes records or problems, and no text is lost or changed."""

import json

import pytest

from samestory.corpus import find_corpus
from samestory.readers import LONGEST_ARTICLE, Record, read_records


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
    ("a.txt", b"x" * (LONGEST_ARTICLE + 1), "at most 1,000,000 characters, found 1,000,001"),
    ("a.txt", b"x" * 9_000_000, "found 9,000,000 bytes"),
    ("a.jsonl", b"{]\n", "line 1: expected a JSON object"),
    ("a.jsonl", b"[1]\n", "line 1: expected an object with a text field, found a list"),
    ("a.jsonl", b'{"body": "x"}\n', "found the fields body"),
    ("a.jsonl", b'{"text": 3}\n', "expected an object with a text field"),
    ("a.jsonl", b'{"text": "\\ud800"}\n', "half a surrogate pair"),
    ("a.jsonl", b"\xff\xfe\n", "expected a JSON object in UTF-8"),
    ("a.jsonl", b"[" * 100_000, "expected a JSON object"),
    ("a.pdf", b"%PDF", "no reader for .pdf"),
])
def test_what_cannot_be_read_is_one_problem(folder, name, content, reason):
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
