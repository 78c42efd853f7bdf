"""A machine on which everything is odd gives the same bytes: locale, time zone, paths, few open files, no home."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from samestory.commands.cli import main

ODD_NAME = "it's [1] * $HOME `x`\n\t"
MOST_OPEN_FILES = 64
STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."
ODD_FILES = ["日本.txt", "-dash.txt", "tab\tand\nline.txt", "quote'\".txt", "a*[b]?.txt", "$HOME `id`.txt",
             "\u202eevil.txt", "Cafe\u0301.txt", "Caf\u00e9.txt", "x" * 200 + ".txt"]
ODD_ENVIRONMENT = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Kiritimati",
                   "PYTHONHASHSEED": "7", "PYTHONOPTIMIZE": "2", "PYTHONIOENCODING": "ascii", "HOME": "/nowhere"}


def annotate(root: Path, place: Path, **environment: str) -> dict[str, bytes]:
    """The bytes of every table, made by a process with few open files."""
    done = subprocess.run([sys.executable, "-P", "-m", "samestory", "annotate", str(root), "--out", str(place / "out")],
                          env=os.environ | {"SAMESTORY_CACHE": str(place / "cache")} | environment, capture_output=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN_FILES,) * 2))
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr[-2_000:]
    return {path.name: path.read_bytes() for path in (place / "out").rglob("*.parquet")}


@pytest.mark.slow
def test_an_odd_machine_gives_the_same_bytes(tmp_path, folder):
    root, odd = folder({name: STORY.format(i) for i, name in enumerate(ODD_FILES)}), tmp_path / ODD_NAME
    (odd / "temporary").mkdir(parents=True)
    usual = annotate(root, tmp_path)
    assert annotate(root, odd, TMPDIR=str(odd / "temporary"), **ODD_ENVIRONMENT) == usual
    assert len(usual) > 10 and not list((odd / "temporary").iterdir())


@pytest.mark.slow
def test_a_cache_whose_name_is_no_text_is_reported(tmp_path, folder, monkeypatch, capsys):
    monkeypatch.setenv("SAMESTORY_CACHE", os.fsdecode(os.fsencode(tmp_path / "caf") + b"\xe9"))
    assert main(["annotate", str(folder({"a.txt": STORY})), "--out", str(tmp_path / "out")]) == 2
    assert "udce9" in capsys.readouterr().err
