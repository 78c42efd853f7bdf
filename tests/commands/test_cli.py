"""The command line: its output, and its errors."""

import gzip
import json
import re
import socket
import threading
from pathlib import Path

import pytest

from samestory.commands.cli import main
from samestory.tables.cluster import SCHEDULER_TIMEOUT_SECONDS
from tests.support.export_files import make_zip
from tests.support.folders import FIXTURES

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The talks with Japan ended late."


def test_check_reports_what_would_be_read_and_what_is_odd(folder, capsys):
    root = folder({"cnn/1.txt": STORY, "2.txt": b"", "3.doc": b"x", "roster.csv": "name,side\n"})
    assert main(["check", str(root)]) == 0
    printed = capsys.readouterr().out
    for expected in ("corpus: 2 files, 1 article ", "CNN: 1\n", "published_at: 1 of 1\n", "sidecars: roster.csv\n",
                     "\nerror: 2: ", "\nwarning: 3.doc: "):
        assert expected in printed


def test_check_reports_readers_columns_and_untried_formats(folder, capsys):
    root = folder({"a.csv": "Outlet,Body,Page\nCNN,A story.,3\n",
                   "b.rtf": (FIXTURES / "nexis.rtf").read_bytes(), "c.txt": STORY})
    assert main(["check", str(root)]) == 0
    printed = capsys.readouterr().out
    for expected in ("3 files, 4 articles", "read as table: 1 file\n", "read as plain text: 1 file\n",
                     "read as Nexis Uni RTF: 1 file, ", "note: a.csv: ", "from 'Body'", "from 'Outlet'", ": 'Page'\n",
                     "headline: 2 of 4"):
        assert expected in printed


def test_check_has_a_line_for_each_file_also_in_archives(folder, capsys):
    table = 'source,text\nCNN,"A story."\n,"Another one."\n'
    root = folder({"a.csv": table, "b.zip": make_zip({"x/2.csv": table}), "c.csv.gz": gzip.compress(table.encode()),
                   "~$d.docx": "x", "e.txt": ""})
    assert main(["check", str(root)]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "e.txt: read as plain text, 0 articles; 1 error" in lines and not any("~$" in line for line in lines)
    for file, kind in (("a.csv", "table"), ("b.zip", "archive of table"), ("c.csv.gz", "archive of table")):
        (line,) = (line for line in lines if line.startswith(f"{file}: read as {kind}, 2 articles; with outlet; "))
        assert "without outlet (1), headline (2)" in line


@pytest.mark.slow
def test_check_of_very_many_files_is_short(folder, capsys):
    folder({f"{i}.doc": "x" for i in range(99)})
    root = folder({f"outlet {i % 200}/{i}.txt": "" if i % 2 else STORY for i in range(600)})
    assert main(["check", str(root)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) < 100
    assert any(re.match("  70 more .*210 articles", line) for line in printed)
    assert sum(line.startswith("error: ") for line in printed) == sum(line.startswith("warning: ") for line in printed)
    assert any(line.startswith("error: 297 more") for line in printed)
    assert any(line.startswith("warning: 96 more") for line in printed)


def test_check_prints_no_control_characters(folder, capsys):
    root = folder({"a.jsonl": json.dumps({"id": "\x1b[2J", "outlet": "\x1b]0;x\x07", "text": STORY}),
                   "b\x1b[31m.txt": "", "c.csv": "x\x1b[2J\n1\n"})
    assert main(["check", str(root)]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.slow
def test_annotate_writes_the_tables(folder, tmp_path, capsys):
    assert main(["annotate", str(folder({"a.txt": STORY})), "--out", str(tmp_path / "out")]) == 0
    assert "quotations" in capsys.readouterr().out
    assert (tmp_path / "out" / "tokens.parquet").exists()


@pytest.mark.parametrize(("arguments", "message"), [
    (["check", "no/such/folder"], "'no/such/folder'"),
    (["run", "seeds", "--only", "05_facts"], "'05_facts'; expected one of 01_corpus"),
    (["run", "seeds", "-p", "min_cuont=2"], "mean 'min_count'?"),
    (["annotate", "seeds", "--out", "x/y", "--model", "en_core_web_trf"], "pipeline 'en_core_web_trf'"),
    (["annotate", "seeds", "--out", "x/y", "--cluster", "tcp://127.0.0.1:9"], "'tcp://127.0.0.1:9'"),
])
def test_a_wrong_call_says_what_was_expected(arguments, message, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("samestory.tables.cluster.SCHEDULER_TIMEOUT_SECONDS", 1)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("samestory: ")
    assert message in error
    assert not Path("x").exists()


def greet(server: socket.socket, greeting: bytes | None) -> None:
    """Send a greeting to a client, and close the connection; without a greeting send nothing and wait."""
    line, _ = server.accept()
    if greeting is None:
        line.recv(1)
    else:
        line.sendall(greeting)
    line.close()


@pytest.mark.parametrize("greeting", [None, b"", b"SSH-2.0-OpenSSH_9.6\r\n"])
@pytest.mark.slow
def test_another_program_is_refused_as_scheduler_within_ten_seconds(greeting, tmp_path, monkeypatch, capsys):
    assert SCHEDULER_TIMEOUT_SECONDS < 10
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("samestory.tables.cluster.SCHEDULER_TIMEOUT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=greet, args=(server, greeting), daemon=True).start()
        assert main(["annotate", "seeds", "--out", str(tmp_path / "out"), "--cluster", address]) == 2
    assert f"'{address}'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists() and not list(tmp_path.glob("cache/*/*/*.parquet"))


@pytest.mark.slow
def test_a_hostile_article_is_read_as_text(folder, tmp_path):
    record = {"id": "=1+1", "outlet": "<b>Out</b>", "headline": '<script>alert("x")</script>', "text": STORY}
    root = folder({"a.jsonl": json.dumps(record)})
    assert main(["run", str(root), "--reports", str(tmp_path / "reports"), "--only", "01_corpus"]) == 0
    for page in (tmp_path / "reports" / "corpus").glob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert "<script" not in html
        assert "<b>Out</b>" not in html
    assert "&lt;script&gt;" in (tmp_path / "reports" / "corpus" / "01_corpus.html").read_text(encoding="utf-8")
