"""DuckDB as it is set up here."""

import pytest

from samestory.duck import connect


def test_ctrl_c_in_a_query_is_a_keyboard_interrupt():
    # What DuckDB raises then; a signal that is really sent it notices nine times of ten only.
    with pytest.raises(KeyboardInterrupt), connect():
        raise RuntimeError("Query interrupted")


def test_other_errors_are_what_they_are():
    with pytest.raises(RuntimeError, match="no disk"), connect():
        raise RuntimeError("no disk")
