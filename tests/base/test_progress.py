"""Progress: shown in a notebook that a person has open, never in one that is run for a report or a test."""

import sys
from types import ModuleType

import pytest
from jupyter_client.utils import run_sync

from samestory.base.progress import choose_progress_options, write_notice
from samestory.run.notebooks import LocalKernelManager, RunningKernels

SHOWING = {"display_data", "update_display_data", "stream", "error"}
LOOP = """
from tqdm import tqdm
from samestory.base.progress import choose_progress_options
for _ in tqdm(range(3), desc="reading", **choose_progress_options()):
    pass
"""


@pytest.fixture(scope="module")
def kernel():
    manager = LocalKernelManager(kernel_name="python3")
    manager.running = RunningKernels()
    run_sync(manager.start_kernel)()
    client = manager.client()
    client.start_channels()
    run_sync(client.wait_for_ready)(timeout=120)
    yield client
    client.stop_channels()
    run_sync(manager.shutdown_kernel)(now=True)


def run(client, *, allow_stdin):
    """The messages that a cell sends."""
    sent = []
    run_sync(client.execute_interactive)(LOOP, allow_stdin=allow_stdin, output_hook=sent.append, timeout=120)
    return [message for message in sent if message["msg_type"] in SHOWING]


def test_a_notice_may_come_while_a_thread_imports_ipython(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))
    write_notice("still there")
    assert capsys.readouterr().err == "still there\n"


@pytest.mark.slow
def test_a_person_sees_one_line_of_progress(kernel):
    sent = run(kernel, allow_stdin=True)
    assert sent[0]["msg_type"] == "display_data"
    assert {message["msg_type"] for message in sent[1:]} == {"update_display_data"}
    last = sent[-1]["content"]["data"]["text/plain"]
    assert last.startswith("reading: 100%") and "3/3" in last


def test_nothing_is_shown_if_nobody_can_answer(kernel):
    assert run(kernel, allow_stdin=False) == []


def test_without_terminal_and_kernel_nothing_is_shown(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    assert choose_progress_options() == {"disable": True}


def test_in_a_terminal_the_bar_is_removed_at_the_end(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert choose_progress_options() == {"leave": False}


WAITING = "from samestory.base.progress import write_notice\nwrite_notice('another process')"


@pytest.mark.parametrize(("allow_stdin", "n_lines"), [(True, 1), (False, 0)])
def test_only_a_person_is_asked_to_wait(kernel, allow_stdin, n_lines):
    sent = []
    run_sync(kernel.execute_interactive)(WAITING, allow_stdin=allow_stdin, output_hook=sent.append, timeout=120)
    assert len([message for message in sent if message["msg_type"] == "stream"]) == n_lines


def test_a_script_is_asked_to_wait(capsys):
    write_notice("another process")
    assert capsys.readouterr().err == "another process\n"
