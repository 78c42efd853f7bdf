"""DuckDB as configured in samestory."""

import pytest

from samestory.base.sql import connect_duckdb


def test_ctrl_c_in_a_query_is_a_keyboard_interrupt():
    # The error that DuckDB raises then; it notices a real signal only nine times out of ten.
    with pytest.raises(KeyboardInterrupt), connect_duckdb():
        raise RuntimeError("Query interrupted")


def test_other_errors_are_unchanged():
    with pytest.raises(RuntimeError, match="no disk"), connect_duckdb():
        raise RuntimeError("no disk")


def test_times_are_in_utc_wherever_the_machine_is(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    with connect_duckdb() as duck:
        assert "tz=UTC" in str(duck.sql("SELECT TIMESTAMPTZ '2026-12-01 23:00:00+00'").to_arrow_table().schema)
