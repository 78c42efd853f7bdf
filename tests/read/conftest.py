"""What tests of readers share: every file is read in the process of the test, but in tests of the reader process."""

import pytest


@pytest.fixture(autouse=True)
def read_here(request, monkeypatch):
    """Read all formats in this process, in which tests can replace parts of them and no time goes into imports."""
    if not request.node.get_closest_marker("reader_process"):
        monkeypatch.setattr("samestory.read.reader_process.is_read_here", lambda path: True)
