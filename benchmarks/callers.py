"""A pytest plugin that records which tests call which functions, for `make mutants`."""

import contextlib
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest


class Recorder:
    """A pytest plugin: runs the chosen tests in order, or records what every test calls and how long it takes."""

    def __init__(self, chosen: list[str] | None = None) -> None:
        self.chosen = chosen
        self.calls: dict[str, set[tuple[str, int]]] = defaultdict(set)  # file and line of functions
        self.seconds: dict[str, float] = defaultdict(float)

    @contextlib.contextmanager
    def note(self, name: str) -> Iterator[None]:
        """Attribute all calls made in this context to a test or fixture."""
        outer, begin, calls = sys.getprofile(), time.process_time(), self.calls[name]
        sys.setprofile(lambda frame, event, _: calls.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))
                       if event == "call" else None)
        try:
            yield
        finally:
            sys.setprofile(outer)
            self.seconds[name] += time.process_time() - begin

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef) -> object:
        with self.note(fixturedef.argname) if self.chosen is None else contextlib.nullcontext():
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> object:
        with self.note(item.nodeid) if self.chosen is None else contextlib.nullcontext():
            return (yield)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.chosen is not None:
            items[:] = sorted((item for item in items if item.nodeid in self.chosen),
                              key=lambda item: self.chosen.index(item.nodeid))
        self.fixtures = {item.nodeid: getattr(item, "fixturenames", []) for item in items}

    def pytest_sessionfinish(self) -> None:
        for test, names in self.fixtures.items():
            self.calls[test] = self.calls[test].union(*(self.calls.get(name, ()) for name in names))
            self.seconds[test] += sum(self.seconds.get(name, 0) for name in names)

    def find_tests(self, path: Path, function: int | None) -> list[str]:
        """The tests that call a function of a file (given by its first line) or any function in it, quickest first."""
        tests = [test for test, calls in self.calls.items() if "::" in test and any(
            where == str(path) and function in (None, line) for where, line in calls)]
        return sorted(tests, key=self.seconds.__getitem__)
