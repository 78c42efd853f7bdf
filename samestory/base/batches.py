"""Batches: a stream of items of unequal size, cut into batches of bounded size."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def cut_batches(items: Iterable[Item], size_of: Callable[[Item], int], *, most_size: int,
                most_items: int | None = None) -> Iterator[list[Item]]:
    """Items in batches of at most `most_items` items and a total size of `most_size`; a larger item gets its own.

    >>> list(cut_batches([3, 3, 9, 1, 1, 1], lambda n: n, most_size=6, most_items=2))
    [[3, 3], [9], [1, 1], [1]]
    """
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and (len(batch) == most_items or size + size_of(item) > most_size):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += size_of(item)
    if batch:
        yield batch
