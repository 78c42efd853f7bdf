"""Keeps modules out of imports that can do without them, which saves seconds in every run."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
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
def bare_packages(*names: str) -> Iterator[None]:
    """Let modules of a package be imported without what its __init__ imports; the first name is the whole package's.

    nltk imports all of its parts, the largest ones for nothing: Punkt needs a twelfth of them. The modules are
    forgotten afterwards, so that a later import of the package finds it whole.
    """
    whole = names[0]
    is_new = whole not in sys.modules
    place: Sequence[str] | None = None
    for name in names if is_new else ():
        found = PathFinder.find_spec(name, place)
        if found is None:
            raise ModuleNotFoundError(f"no package {name!r} is installed", name=name)
        sys.modules[name] = module_from_spec(found)
        place = found.submodule_search_locations
    try:
        yield
    finally:
        for name in [name for name in sys.modules if is_new and (name == whole or name.startswith(f"{whole}."))]:
            del sys.modules[name]


@contextmanager
def delay_module(module: str, function: str) -> Iterator[None]:
    """Put off the import of a module in a package of its own until a function is called that others take from it.

    spaCy imports all of its command line (a quarter of its time) for spacy.cli.info.info, which is not called here.
    """
    names = [name for name in (module.rpartition(".")[0], module) if name not in sys.modules]

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
