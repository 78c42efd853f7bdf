"""Parquet: one article per row, read batch by batch. A value that has no form in Python costs its field, no row."""

from collections.abc import Iterator
from typing import IO, Any

from samestory.base.wording import format_quantity
from samestory.read.formats.columns import open_table, read_rows
from samestory.read.formats.formats import Found, Unreadable

PARQUET_BATCH_ROWS = 256


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of a .parquet file; a row without an id is named by its number."""
    import pyarrow.parquet as pq
    table = pq.ParquetFile(file)
    header = table.schema_arrow.names
    yield from read_rows(open_table(_read_parquet_rows(table, header), header))


def _read_parquet_rows(table: Any, header: list[str]) -> Iterator[list[object]]:  # a ParquetFile, which has no types
    n, n_rows = 0, table.metadata.num_rows
    try:
        for batch in table.iter_batches(batch_size=PARQUET_BATCH_ROWS, use_threads=False):
            columns = [_list_column_values(batch.column(i)) for i in range(len(header))]
            yield from map(list, zip(*columns, strict=True))
            n += len(batch)
    except (OSError, ValueError) as error:  # of Arrow, for damaged pages
        raise Unreadable(f"damaged from row {n + 1:,} on, {format_quantity(max(0, n_rows - n), 'row')} not read:"
                         f" {error}") from None


def _list_column_values(column: Any) -> list[object]:
    """The values of a column; in place of one that Python cannot hold, such as the year 292,277, the error."""
    try:
        return list(column.to_pylist())
    except MemoryError:
        raise
    except Exception:
        return [_read_row_value(column, i) for i in range(len(column))]


def _read_row_value(column: Any, i: int) -> object:
    try:
        return column[i].as_py()
    except MemoryError:
        raise
    except Exception as error:
        return error
