"""A process that makes tables ahead: silent, and no longer there than its owner."""

import time
from contextlib import closing
from pathlib import Path

import pytest

from samestory.annotate.models import DEFAULT_MODEL
from samestory.cache.seals import is_whole
from samestory.read.corpus import find_corpus
from samestory.report.report import choose_tables, plan_run
from samestory.run.fork_server import ForkedKernel, WarmProcess, warm_process
from samestory.tables.annotator import make_tables
from samestory.tables.provenance import find_tables_folder

STORY = {"cnn/1.txt": "Ann Lee met Bob Ray in Paris."}


@pytest.mark.slow
def test_tables_are_made_ahead_once(folder, own_cache):
    root = folder(STORY)
    missing = choose_tables(plan_run(str(root)))
    assert missing == (str(root), DEFAULT_MODEL, "en")
    with warm_process(*missing) as warm:
        warm.wait_for_tables()
    assert is_whole(find_tables_folder(find_corpus(root), model=DEFAULT_MODEL, language="en"))
    assert choose_tables(plan_run(str(root))) == ()


@pytest.mark.slow
def test_a_failure_ahead_is_silent(own_cache, capfd):
    with warm_process("none", "none", "en") as warm:
        warm.wait_for_tables()
    assert make_tables("none", "none", "en") == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_it_ends_with_its_owner(folder, own_cache):
    with closing(WarmProcess(str(folder(STORY)), DEFAULT_MODEL, "en")) as warm:
        children = Path(f"/proc/{warm._process.pid}/task/{warm._process.pid}/children")
        limit = time.monotonic() + 60
        while not (pids := children.read_text().split()) and time.monotonic() < limit:
            time.sleep(0.01)
    maker = ForkedKernel(int(pids[0]))
    while maker.poll() is None and time.monotonic() < limit:
        time.sleep(0.01)
    assert maker.poll() == 0
