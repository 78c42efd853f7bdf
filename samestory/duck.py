"""DuckDB, set up once: bounded memory, no downloads, no order but the one asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTINGS = {
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",  # never download
    "preserve_insertion_order": "false",  # order is asked for where it matters
    "memory_limit": "1GB", "threads": 2,
}


@contextmanager
def connect() -> Iterator["DuckDBPyConnection"]:
    """A connection that spills to a folder of its own when memory is short."""
    import duckdb
    with TemporaryDirectory(prefix="samestory-") as spill, \
            duckdb.connect(config=SETTINGS | {"temp_directory": spill}) as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand among what a command prints
        yield connection


def quote(text: str | Path) -> str:
    """A string as an SQL literal, for the places where DuckDB takes no parameter.

    >>> quote("it's")
    "'it''s'"
    """
    return "'" + str(text).replace("'", "''") + "'"
