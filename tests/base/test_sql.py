"""DuckDB as it is set up here."""

import pytest

from samestory.base.sql import connect_duckdb


def test_ctrl_c_in_a_query_is_a_keyboard_interrupt():
    # What DuckDB raises then; a signal that is really sent it notices nine times of ten only.
    with pytest.raises(KeyboardInterrupt), connect_duckdb():
        raise RuntimeError("Query interrupted")


def test_other_errors_are_what_they_are():
    with pytest.raises(RuntimeError, match="no disk"), connect_duckdb():
        raise RuntimeError("no disk")
