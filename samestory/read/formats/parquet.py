"""Parquet: one article per row, read batch by batch."""

from collections.abc import Iterator
from typing import IO, Any

from samestory.read.formats.columns import read_table_rows
from samestory.read.formats.formats import Found

PARQUET_BATCH_ROWS = 256


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of a .parquet file; a row without an id is named by its number."""
    import pyarrow.parquet as pq
    table = pq.ParquetFile(file)
    header = table.schema_arrow.names
    yield from read_table_rows(header, enumerate(_read_parquet_rows(table, header), 1))


def _read_parquet_rows(table: Any, header: list[str]) -> Iterator[list[object]]:  # a ParquetFile, which has no types
    for batch in table.iter_batches(batch_size=PARQUET_BATCH_ROWS):
        columns = [batch.column(i).to_pylist() for i in range(len(header))]
        yield from map(list, zip(*columns, strict=True))
