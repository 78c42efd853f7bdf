"""Commands that are stopped: by a signal, by a kill, or because nobody reads on."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from samestory.cache.folder import open_run_folder

CODE = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"  # a background job ignores it
        "signal.signal(signal.SIGHUP, signal.SIG_DFL);"  # as nohup does
        "from samestory.commands.cli import main; sys.exit(main())")


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts a command in tmp_path, with temporary files in its folder `temporary`."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))

    def start(*arguments: str, **environment: str) -> subprocess.Popen:
        own = os.environ | {"TMPDIR": str(tmp_path / "temporary")} | environment
        return subprocess.Popen([sys.executable, "-c", CODE, *arguments], cwd=tmp_path, env=own, text=True,
                                encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return start


def wait_for_notebooks(running: subprocess.Popen) -> None:
    while not running.stdout.readline().startswith("tables"):
        assert running.poll() is None


def list_left(folder: Path) -> list[str]:
    """What is left of runs, after the next one has swept."""
    with open_run_folder() as own:
        return [path.name for path in (folder / "temporary").iterdir() if path.stem != own.name]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_run_says_so_and_leaves_nothing(number, start, tmp_path):
    running = start("run", "seeds", "--only", "02_keywords")
    wait_for_notebooks(running)
    running.send_signal(number)
    errors = running.communicate()[1].splitlines()  # before it, perhaps, that another test annotates the seeds
    assert errors[-1] == "samestory: stopped; finished articles are kept" and len(errors) <= 2
    assert running.returncode == 128 + number
    assert not list((tmp_path / "reports").iterdir()) and not list_left(tmp_path)


@pytest.mark.slow
def test_the_next_run_sweeps_what_a_killed_one_left(start, tmp_path):
    running = start("run", "seeds", "--only", "02_keywords")
    wait_for_notebooks(running)
    while not list((tmp_path / "reports").glob(".unfinished-*[!k]")):
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.communicate()
    assert list((tmp_path / "reports").glob(".unfinished-*")) and list((tmp_path / "temporary").iterdir())
    again = start("run", "seeds", "--only", "02_keywords")
    assert "Traceback" not in again.communicate()[1] and again.returncode == 0
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["seeds"] and not list_left(tmp_path)


@pytest.mark.slow
def test_a_command_ends_where_nobody_reads_on(start):
    with start("check", "seeds") as running:
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 141


@pytest.mark.slow
@pytest.mark.parametrize("environment", [
    {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_a_terminal_without_the_characters_gets_their_codes(environment, start, folder):
    folder({"\u65e5\u672c/1.txt": "A story."})
    printed, errors = start("check", "corpus", **environment).communicate()
    assert "  \\u65e5\\u672c: 1\n" in printed and errors == ""


def test_an_interrupt_that_meets_a_destructor_is_not_lost():
    code = ("import time\nfrom samestory.commands.interrupts import listen_for_interrupts\nlisten_for_interrupts()\n"
            "class Frail:\n    def __del__(self):\n        raise KeyboardInterrupt(2)\n"
            "try:\n    Frail()\n    time.sleep(30)\nexcept KeyboardInterrupt as again:\n    print(again.args)\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=25)
    assert (done.stdout, done.stderr) == ("(2,)\n", "")
