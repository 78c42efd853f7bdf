"""Corpora: folders, files and globs, and refused places."""

import gzip
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from samestory.base.errors import SameStoryError
from samestory.correct.corrections import add_correction
from samestory.read.corpus import describe_bundled, find_corpus
from samestory.read.records import read_records


def test_seeds_are_the_default_corpus():
    assert [path.suffix for path in find_corpus().files] == [".txt", ".txt"]
    assert find_corpus().name == "seeds"


def test_a_folder_seeds_of_the_user_wins_and_is_named(folder, monkeypatch):
    monkeypatch.chdir(folder({"seeds/a.txt": "x"}))
    assert [path.name for path in find_corpus("seeds").files] == ["a.txt"]
    assert str(Path.cwd() / "seeds") in describe_bundled("seeds", find_corpus("seeds"))
    monkeypatch.chdir("seeds")
    seeds = find_corpus("seeds")
    assert len(seeds.files) == 2 and "come with samestory" in describe_bundled("seeds", seeds)


def test_the_example_is_found_by_its_name_and_not_corrected_in_place():
    example = find_corpus("example")
    assert (example.name, len(example.files)) == ("example", 5) and example.sidecar("roster.csv")
    with pytest.raises(SameStoryError, match="copy their folder"):
        add_correction("example", target_id="post/1", operation="change", field="outlet", new="x")


def test_files_are_sorted_below_their_outlet_folders(folder):
    corpus = find_corpus(folder({"fox/1.txt": "b", "cnn/2.txt": "a", "cnn/1.txt": "a"}))
    assert [corpus.relative(path) for path in corpus.files] == ["cnn/1.txt", "cnn/2.txt", "fox/1.txt"]


def test_reserved_files_are_no_articles(folder):
    corpus = find_corpus(folder({"a.txt": "x", "README.txt": "x", ".hidden.txt": "x", "roster.csv": "name,side"}))
    assert [path.name for path in corpus.files] == ["a.txt"]
    assert corpus.sidecar("roster.csv") is not None
    assert corpus.unread == ()


def test_a_single_file_and_a_glob_are_corpora(folder):
    root = folder({"a.txt": "x", "b.txt": "x", "c.pdf": "x"})
    assert find_corpus(root / "a.txt").name == "a"
    assert len(find_corpus(root / "*.txt").files) == 2


def test_files_saved_along_with_a_page_are_no_articles(folder):
    root = folder(dict.fromkeys(("Talks.html", "Talks_files/ad.html", "Talks_files/a.css", "my_files/1.txt"), "x"))
    assert [path.name for path in find_corpus(root).files] == ["Talks.html", "1.txt"]
    assert find_corpus(root).unread == ()


@pytest.fixture
def odd_folder(folder, tmp_path):
    """A corpus with links, a pipe and a socket, and the socket."""
    root = folder({"cnn/1.txt": "x", "talk.txt": "x", ".hidden/2.txt": "x", "metadata.yml": ""})
    (tmp_path / "secret.txt").write_text("secret")
    for name, target in (("passwd.txt", tmp_path / "secret.txt"), ("up.txt", "../../secret.txt"), ("loop", root),
                         ("roster.csv", tmp_path / "secret.txt"), ("self.txt", "self.txt"), ("dev.txt", "/dev/zero"),
                         ("same.txt", "1.txt"), (".dot.txt", "/dev/zero")):
        (root / ("." if name == "roster.csv" else "cnn") / name).symlink_to(target)
    os.mkfifo(root / "metadata.csv")
    os.mkfifo(root / "cnn" / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server, pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)  # the address of a socket is short
        server.bind("talk.sock")
        yield root


def test_links_out_of_the_folder_pipes_and_sockets_are_refused(odd_folder):
    corpus = find_corpus(odd_folder)
    assert [corpus.relative(path) for path in corpus.files] == ["cnn/1.txt", "cnn/same.txt", "talk.txt"]
    assert [path.name for path in corpus.sidecars] == ["metadata.yml"]
    told = {row["path"]: row["reason"] for row in read_records(corpus) if isinstance(row, dict)}
    assert {name for name, reason in told.items() if reason.startswith("a link to a place outside")} == {
        "cnn/passwd.txt", "cnn/up.txt", "cnn/dev.txt", "roster.csv"}
    assert {name for name, reason in told.items() if "pipe" in reason} == {"cnn/pipe.txt", "metadata.csv", "talk.sock"}
    assert told.keys() >= {"cnn/loop", "cnn/self.txt"} and not any("dot" in name for name in told)


def test_a_glob_and_the_sidecars_of_a_file_are_refused_alike(odd_folder):
    (odd_folder / "cnn" / "out").symlink_to(odd_folder.parent)
    found = find_corpus(str(odd_folder / "**" / "*.txt"))
    assert {path.name for path in found.files} == {"1.txt", "same.txt", "talk.txt"}
    assert {"cnn/passwd.txt", "cnn/pipe.txt", "roster.csv"} <= {found.relative(r.path) for r in found.refused}
    assert {r.path.name for r in find_corpus(odd_folder / "talk.txt").refused} == {"roster.csv", "metadata.csv"}


def test_the_digest_depends_on_what_is_refused(folder):
    root = folder({"a.txt": "x"})
    before = find_corpus(root).digest()
    (root / "b.txt").symlink_to("/etc/passwd")
    assert find_corpus(root).digest() != before


@pytest.mark.slow
def test_a_folder_may_be_two_thousand_deep(folder):
    root = folder({"a.txt": "x"})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for _ in range(2_000):
            Path("d").mkdir()
            os.chdir("d")
        Path("b.txt").touch()
    corpus = find_corpus(root)
    assert [path.name for path in corpus.files] == ["a.txt", "b.txt"]
    subprocess.run(["rm", "-r", root], check=True)  # pytest's own clean-up is recursive


def test_a_folder_that_cannot_be_opened_is_told(folder, monkeypatch):
    root, scan = folder({"a.txt": "x", "closed/b.txt": "x"}), os.scandir

    def refuse(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)
    monkeypatch.setattr(os, "scandir", refuse)
    [refused] = find_corpus(root).refused
    assert refused.path.name == "closed" and "Permission denied" in refused.reason


@pytest.mark.parametrize(("name", "content"), [
    ("a.jsonl", b""), ("a.json", b"[]"), ("a.csv", b"text,outlet\n"), ("a.zip", b"PK\5\6" + bytes(18)),
    ("a.txt", b""), ("a.html", b""), ("a.xlsx", b""), ("a.docx", b""), ("a.parquet", b""), ("a.rtf", b""),
    ("a.tar", bytes(10_240)), ("a.gz", gzip.compress(b"", mtime=0))])
def test_a_file_without_any_article_is_told(name, content, folder):
    found = list(read_records(find_corpus(folder({name: content, "b.txt": "x"}))))
    assert any(isinstance(row, dict) and row["path"].startswith("a.") and row["severity"] != "note" for row in found)


def test_reports_and_tables_of_samestory_are_no_articles(folder):
    report = {"run.json": '{"fingerprint": "", "files": {}, "status": "ok"}', "articles/1.html": "x"}
    tables = dict.fromkeys(("articles.parquet", "sentences.parquet", "tokens.parquet", "problems.parquet"), "x")
    root = folder({"a.txt": "x", "b/run.json": "{}"}
                  | {f"{where}/{name}": text for where in ("b/reports/storm", "storm-events/e1")
                     for name, text in report.items()}
                  | {f"out/{name}": text for name, text in tables.items()})
    corpus = find_corpus(root)
    assert [corpus.relative(path) for path in corpus.files] == ["a.txt", "b/run.json"]
    refused = {corpus.relative(refused.path): refused.severity for refused in corpus.refused}
    assert refused == {"b/reports/storm": "note", "out": "note", "storm-events": "note"}
    assert [path.name for path in find_corpus(str(root / "**" / "*.*")).files] == ["a.txt", "run.json"]
    with pytest.raises(SameStoryError, match="report that samestory wrote"):
        find_corpus(root / "b" / "reports" / "storm")


@pytest.mark.parametrize(("files", "found"), [({}, "nothing"), ({"a.doc": "x"}, r"1 \(\.doc\); .*save it as \.docx")])
def test_a_folder_without_articles_is_refused(tmp_path, folder, files, found):
    tmp_path.joinpath("corpus").mkdir()
    with pytest.raises(SameStoryError, match=rf"corpus.*\.txt, .*\.docx, .*\.tar, .*, found {found}"):
        find_corpus(folder(files))


def test_an_error_names_the_folder_that_was_searched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for corpus in ("storm", "*.txt"):
        with pytest.raises(SameStoryError, match=re.escape(str(tmp_path.resolve()))):
            find_corpus(corpus)


def test_a_missing_path_is_refused_with_the_nearest_name(folder):
    root = folder({"article.txt": "x"})
    with pytest.raises(SameStoryError, match=r"artcle\.txt.*did you mean .*article\.txt"):
        find_corpus(root / "artcle.txt")


def test_the_digest_depends_on_names_and_bytes(folder):
    root = folder({"a.txt": "x"})
    before = find_corpus(root).digest()
    (root / "a.txt").rename(root / "b.txt")
    renamed = find_corpus(root).digest()
    (root / "b.txt").write_text("y")
    assert len({before, renamed, find_corpus(root).digest()}) == 3


@pytest.mark.parametrize(("pattern", "matched"), [
    ("*.txt", "a.txt"), ("*/*.txt", "b/c.txt"), ("**/*.txt", "a.txt b/c.txt b/d/e.txt"), ("b/**", "b/c.txt b/d/e.txt"),
    ("[ab].txt", "a.txt"), ("**/d/**/*.txt", "b/d/e.txt"), ("?/?.txt", "b/c.txt")])
def test_a_glob_matches_as_in_a_shell(pattern, matched, folder):
    root = folder(dict.fromkeys(("a.txt", "b/c.txt", "b/d/e.txt", ".f/g.txt", "b/.h.txt"), "x"))
    assert [path.relative_to(root).as_posix() for path in find_corpus(str(root / pattern)).files] == matched.split()
