"""Hides modules from imports that can do without them, which saves seconds in every run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hide_module(module: str) -> Iterator[None]:
    """Make a module look missing while others that can do without it are imported.

    nltk imports scipy.stats (1.4 s) for two functions, Fisher's test among them, that are not used here.
    """
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # type: ignore[assignment]  # how Python marks a module as missing
    try:
        yield
    finally:
        if hidden:
            del sys.modules[module]
