"""DuckDB, configured in one place: bounded memory, no downloads, row order only on request. Also writes tables."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

DUCKDB_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",  # never download
    "preserve_insertion_order": "false",  # queries ask for an order if it matters
    "memory_limit": "1GB", "threads": 2,
}
DUCKDB_INTERRUPT_MESSAGE = "Query interrupted"  # the whole message of the error that DuckDB raises at Ctrl-C
# rows written at a time: of the table of articles (or this many characters of their texts), and of other tables
ARTICLE_GROUP_ROWS, ARTICLE_GROUP_CHARS, DEFAULT_GROUP_ROWS = 200, 10_000_000, 100_000


@contextmanager
def connect_duckdb() -> Iterator["DuckDBPyConnection"]:
    """A connection that spills to its own folder when memory runs short; Ctrl-C raises KeyboardInterrupt in it."""
    with TemporaryDirectory(prefix="samestory-") as spill, open_database(spill) as connection, raise_interrupts():
        connection.execute("SET enable_progress_bar = false")  # it would mix with a command's output
        connection.execute("SET TimeZone = 'UTC'")  # else times are in the machine's zone, and tables say so
        yield connection


@contextmanager
def raise_interrupts() -> Iterator[None]:
    """Turn DuckDB's error at Ctrl-C into a KeyboardInterrupt."""
    try:
        yield
    except RuntimeError as error:
        if str(error) != DUCKDB_INTERRUPT_MESSAGE:
            raise
        raise KeyboardInterrupt from error


def open_database(spill_folder: str) -> "DuckDBPyConnection":
    """A database of its own: closed, it gives its memory back, which a connection to a shared one does not."""
    import duckdb
    return duckdb.connect(config=DUCKDB_SETTINGS | {"temp_directory": spill_folder})


def add_view(duck: "DuckDBPyConnection", folder: Path, name: str) -> None:
    """Add a view of a table, under its name; in the folder it is one Parquet file, or a folder of them."""
    path = folder / f"{name}.parquet"
    pattern = glob.escape(str(path)) + ("/**/*.parquet" if path.is_dir() else "")
    rows = f"read_parquet({quote_sql(pattern)}, hive_partitioning = false)"
    duck.sql(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {rows}")


def write_rows(rows: "DuckDBPyRelation", name: str, path: Path) -> None:
    """Write sorted rows as a table of schema.py; the same rows give the same bytes, which DuckDB does not guarantee.

    Parameters
    ----------
    rows : in the order of TABLE_ROW_ORDER[name], read in batches
    name : a table of schema.py
    path : its Parquet file
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from samestory.base.schema import TABLES
    schema, size = TABLES[name].arrow, ARTICLE_GROUP_ROWS if name == "articles" else DEFAULT_GROUP_ROWS
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        held = schema.empty_table()
        for batch in rows.to_arrow_reader(size):
            held = pa.concat_tables([held, pa.Table.from_batches([batch]).select(schema.names).cast(schema)])
            while n := _find_group_end(held) if name == "articles" else size * (len(held) >= size):
                writer.write_table(held.slice(0, n).combine_chunks())
                held = held.slice(n)
        writer.write_table(held.combine_chunks())


def _find_group_end(articles: "pa.Table") -> int:
    """The number of rows that fill a group of the table of articles; 0 if there are too few."""
    import pyarrow.compute as pc
    size = 0
    for n, length in enumerate(pc.utf8_length(articles["text"]).to_pylist(), 1):
        size += length
        if n == ARTICLE_GROUP_ROWS or size >= ARTICLE_GROUP_CHARS:
            return n
    return 0


def quote_sql(text: str | Path) -> str:
    """A string as an SQL literal, for the places where DuckDB takes no parameter.

    >>> quote_sql("it's")
    "'it''s'"
    """
    return "'" + str(text).replace("'", "''") + "'"
