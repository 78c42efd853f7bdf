"""What tests of coding share: workbooks are read in the process of the test, in which no time goes into imports."""

import pytest


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    """Read workbooks in this process."""
    monkeypatch.setattr("samestory.read.reader_process.is_read_here", lambda path: True)
