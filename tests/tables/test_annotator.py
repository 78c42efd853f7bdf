"""A process that makes tables ahead: silent, and no longer there than its owner."""

import os
import subprocess
import sys

import pytest

from samestory.annotate.models import DEFAULT_MODEL
from samestory.read.corpus import find_corpus
from samestory.tables.annotator import annotating

CHOICE = {"model": DEFAULT_MODEL, "language": "en"}


@pytest.mark.slow
def test_tables_are_made_ahead_once(folder, own_cache):
    root = folder({"cnn/1.txt": "Ann Lee met Bob Ray in Paris."})
    with annotating(find_corpus(root), str(root), **CHOICE) as ahead:
        assert ahead.wait() == 0
    with annotating(find_corpus(root), str(root), **CHOICE) as ahead:
        assert ahead is None


@pytest.mark.slow
def test_a_failure_ahead_is_silent(own_cache):
    command = [sys.executable, "-m", "samestory.tables.annotator", "none", "none", "en"]
    ended = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, b"", b"")


def test_it_ends_with_its_owner(folder, own_cache):
    root = folder({"cnn/1.txt": "Cy Ott left Rome."})
    with annotating(find_corpus(root), str(root), **CHOICE) as ahead:
        os.kill(ahead.pid, 0)
    assert ahead.returncode
