"""DuckDB, set up once: bounded memory, no downloads, results as pandas tables."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MEMORY = "2GB"


def connect(scratch: Path | None = None) -> "duckdb.DuckDBPyConnection":
    """A connection that never downloads an extension and spills to `scratch` when memory is short."""
    import duckdb
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "memory_limit": MEMORY,
                                        "autoload_known_extensions": False})
    if scratch is not None:
        connection.execute("SET temp_directory = ?", [str(scratch)])
    return connection


def quote(text: str | Path) -> str:
    """A string as an SQL literal, for the places where DuckDB takes no parameter.

    >>> quote("it's")
    "'it''s'"
    """
    return "'" + str(text).replace("'", "''") + "'"
