"""Keeps modules out of imports that can do without them, which saves seconds in every run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


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


@contextmanager
def delay_module(module: str, function: str) -> Iterator[None]:
    """Put off the import of a module in a package of its own until a function is called that others take from it.

    spaCy imports all of its command line (a quarter of its time) for spacy.cli.info.info, which is not called here.
    """
    names = () if module in sys.modules else (module.rpartition(".")[0], module)

    def call(*args: Any, **options: Any) -> Any:
        return getattr(import_module(module), function)(*args, **options)
    for name in names:
        sys.modules[name] = ModuleType(name)
        setattr(sys.modules[name], function, call)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
