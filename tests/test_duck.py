"""DuckDB as it is set up here."""

import signal
import threading

import pytest

from samestory.duck import connect

ENDLESS = "CREATE TEMP TABLE found AS SELECT sum(hash(a.range * b.range)) FROM range(200000) a, range(100000) b"


def test_ctrl_c_ends_a_query():
    threading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt), connect() as duck:
        duck.sql(ENDLESS)


def test_other_errors_are_what_they_are():
    with pytest.raises(RuntimeError, match="no disk"), connect():
        raise RuntimeError("no disk")
