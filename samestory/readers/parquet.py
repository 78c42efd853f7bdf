"""Parquet: one article a row, read batch by batch."""

from collections.abc import Iterator
from typing import BinaryIO

from samestory.readers.columns import read_rows

BATCH = 256  # rows


def read(file: BinaryIO) -> Iterator[dict]:
    """The articles of a .parquet file; a row without id is named by its place."""
    import pyarrow.parquet as pq
    table = pq.ParquetFile(file)
    header = table.schema_arrow.names
    yield from read_rows(header, enumerate(_read_rows(table, header), 1))


def _read_rows(table: object, header: list[str]) -> Iterator[list[object]]:
    for batch in table.iter_batches(batch_size=BATCH):
        columns = [batch.column(i).to_pylist() for i in range(len(header))]
        yield from map(list, zip(*columns, strict=True))
