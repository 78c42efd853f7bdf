"""DuckDB, set up once: bounded memory, no downloads, no order but the one asked for; and its rows written."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

DUCKDB_SETTINGS = {
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",  # never download
    "preserve_insertion_order": "false",  # order is asked for where it matters
    "memory_limit": "1GB", "threads": 2,
}
DUCKDB_INTERRUPT_MESSAGE = "Query interrupted"  # all that DuckDB says of Ctrl-C
# articles, whose rows hold their texts, and rows of other tables, written at a time
ARTICLE_GROUP_ROWS, DEFAULT_GROUP_ROWS = 200, 100_000


@contextmanager
def connect_duckdb() -> Iterator["DuckDBPyConnection"]:
    """A connection that spills to a folder of its own when memory is short; Ctrl-C is a KeyboardInterrupt in it."""
    import duckdb
    with TemporaryDirectory(prefix="samestory-") as spill, \
            duckdb.connect(config=DUCKDB_SETTINGS | {"temp_directory": spill}) as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand among what a command prints
        try:
            yield connection
        except RuntimeError as error:
            if str(error) != DUCKDB_INTERRUPT_MESSAGE:
                raise
            raise KeyboardInterrupt from error


def add_view(duck: "DuckDBPyConnection", folder: Path, name: str) -> None:
    """Make a table of a folder, one Parquet file or a folder of them, a view of its name."""
    path = folder / f"{name}.parquet"
    pattern = glob.escape(str(path)) + ("/**/*.parquet" if path.is_dir() else "")
    duck.sql(f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet({quote_sql(pattern)}, hive_partitioning = false)")


def write_rows(rows: "DuckDBPyRelation", name: str, path: Path) -> None:
    """Write sorted rows as a table of schema.py; the same rows give the same bytes, which DuckDB does not promise.

    Parameters
    ----------
    rows : in the order of ORDER[name], read a batch at a time
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
            while len(held) >= size:
                writer.write_table(held.slice(0, size).combine_chunks())
                held = held.slice(size)
        writer.write_table(held.combine_chunks())


def quote_sql(text: str | Path) -> str:
    """A string as an SQL literal, for the places where DuckDB takes no parameter.

    >>> quote_sql("it's")
    "'it''s'"
    """
    return "'" + str(text).replace("'", "''") + "'"
