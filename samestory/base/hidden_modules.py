"""Imports without what they do not need: seconds of every run, at no loss."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hide_module(module: str) -> Iterator[None]:
    """Let a module look missing while others are imported that can do without it.

    nltk imports scipy.stats (1.4 s) for Fisher's test and one more, which nothing here asks it for.
    """
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[module]
