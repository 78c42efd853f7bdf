"""The guides in docs/ and the README: each command and piece of Python in them runs, on the example."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner
from papermill.cli import papermill

from samestory.commands.cli import main
from samestory.run.fork_server import WarmProcess
from tests.support.folders import CHECKOUT, TESTS

GUIDES = ("README.md", "docs/researcher.md", "docs/editor.md", "docs/teacher.md", "docs/engineer.md",
          "docs/parameters.md")
CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Commands that are run in other tests, or would change this machine: how they begin, and the test that runs them.
RUN_ELSEWHERE = {"export DASK_CONFIG": "tables/test_engine.py", "dask ": "tables/test_engine.py",
                 "SAMESTORY_CACHE=": "tables/test_engine.py", ".venv/bin/python -m pytest --nbval": "../Makefile"}
PLACE_COMMANDS = ("cp", "mkdir")


def list_blocks(guide: str) -> list[tuple[str, str]]:
    """The language and the content of each block of code of a page."""
    return CODE_BLOCK.findall((CHECKOUT / guide).read_text(encoding="utf-8"))


COMMANDS = [(guide, line.strip()) for guide in GUIDES for language, block in list_blocks(guide) if language != "python"
            for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def place(tmp_path_factory, own_cache) -> Path:
    """A working folder with the example as a user's articles, and the folders of the checkout that commands name."""
    root = tmp_path_factory.mktemp("guides")
    for name in ("articles", "FOLDER", "lesson", "story"):
        shutil.copytree(CHECKOUT / "data" / "example", root / name)
    for name in ("data", "notebooks"):
        (root / name).symlink_to(CHECKOUT / name)
    return root


@pytest.fixture(scope="module", autouse=True)
def one_warm_process(place) -> Iterator[None]:
    """One process that forks the kernels of all reports of this page: to start one takes longer than a report."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        with closing(WarmProcess()) as warm:
            patch.setattr("samestory.report.report.warm_process", lambda *tables: nullcontext(warm))
            yield


def run_command(words: list[str], place: Path) -> int:
    """Run a command in the folder, here if it can be.

    `make` only says what it would do, and a report has one page, which is quicker.
    """
    if words[0] == "samestory":
        is_whole = words[1] == "run" and not {"--only", "--each-event", "-p", "-f"}.intersection(words)
        return main([*words[1:], *("--only", "01_corpus") * is_whole])
    if words[0] == ".venv/bin/papermill":
        return CliRunner().invoke(papermill, words[1:]).exit_code
    if words[0] == "make":
        call, place = ["make", "-n", *words[1:]], CHECKOUT
    elif words[0] == ".venv/bin/python":
        call = [sys.executable, *words[1:]]
    else:
        assert words[0] in PLACE_COMMANDS, words
        call = words
    return subprocess.run(call, cwd=place, capture_output=True, check=False).returncode


@pytest.mark.slow
@pytest.mark.parametrize(("guide", "line"), COMMANDS)
def test_each_command_runs(guide, line, place, monkeypatch):
    if test := next((test for start, test in RUN_ELSEWHERE.items() if line.startswith(start)), ""):
        assert (TESTS / test).exists()
        return
    monkeypatch.chdir(place)
    words = shlex.split(line, comments=True)
    for made in ("sheet.coder1.xlsx", "articles.xlsx", "FOLDER.xlsx", "lesson" if words[0] == "cp" else "none"):
        shutil.rmtree(made) if Path(made).is_dir() else Path(made).unlink(missing_ok=True)
    for path in place.glob("sheet.*"):
        path.unlink()
    if "sheet.coder1.xlsx" in line:  # those that the command before has drawn, still empty
        assert main(["sample", words[2], "--out", "sheet.xlsx", "--n", "30"]) == 0
    assert run_command(words, place) == 0


@pytest.mark.slow
@pytest.mark.parametrize(("guide", "code"), [(guide, block) for guide in GUIDES for language, block in
                                             list_blocks(guide) if language == "python"])
def test_each_piece_of_python_runs(guide, code, place, monkeypatch):
    monkeypatch.chdir(place)
    exec(compile(code, guide, "exec"), {})


def test_every_guide_is_linked_from_the_readme():
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert all(f"({guide})" in readme for guide in GUIDES[1:])
