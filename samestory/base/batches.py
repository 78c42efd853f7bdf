"""Batches: a stream of things of unequal size in runs that stay within bounds."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def cut_batches(items: Iterable[Item], size_of: Callable[[Item], int], *, most_size: int,
                most_items: int | None = None) -> Iterator[list[Item]]:
    """Items in runs of at most `most_size` together and `most_items`; a larger item is a run alone.

    >>> list(cut_batches([3, 3, 9, 1, 1, 1], lambda n: n, most_size=6, most_items=2))
    [[3, 3], [9], [1, 1], [1]]
    """
    batch, size = [], 0
    for item in items:
        if batch and (len(batch) == most_items or size + size_of(item) > most_size):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += size_of(item)
    if batch:
        yield batch
