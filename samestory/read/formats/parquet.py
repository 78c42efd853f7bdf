"""Parquet: one article a row, read batch by batch."""

from collections.abc import Iterator
from typing import BinaryIO

from samestory.read.formats.columns import read_table_rows

PARQUET_BATCH_ROWS = 256  # rows


def read(file: BinaryIO) -> Iterator[dict]:
    """The articles of a .parquet file; a row without id is named by its place."""
    import pyarrow.parquet as pq
    table = pq.ParquetFile(file)
    header = table.schema_arrow.names
    yield from read_table_rows(header, enumerate(_read_parquet_rows(table, header), 1))


def _read_parquet_rows(table: object, header: list[str]) -> Iterator[list[object]]:
    for batch in table.iter_batches(batch_size=PARQUET_BATCH_ROWS):
        columns = [batch.column(i).to_pylist() for i in range(len(header))]
        yield from map(list, zip(*columns, strict=True))
