"""What many tests share: a cache of their own, the seeds' tables, and one finished report."""

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from filelock import FileLock
from hypothesis import settings

from samestory.base import sql
from samestory.base.resources import resource
from samestory.report.report import Report, plan_run, write_report
from samestory.run.fork_server import WarmProcess, warm_process
from samestory.tables.tables import Tables, load_tables

settings.register_profile("all", deadline=None)  # a loaded machine is slow, not wrong
settings.register_profile("quick", deadline=None, max_examples=30)

CGTN, CNN = "000_0b07e5500e004d72", "003_8ef2c8583ee47e5d"


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer made-up inputs where slow tests are left out."""
    settings.load_profile("quick" if config.option.markexpr == "not slow" else "all")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that open a browser: the longest, which one process would else end alone with."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test run that all its processes share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def own_cache(shared_folder: Path) -> Iterator[Path]:
    """Annotated articles of this test run, kept apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMESTORY_CACHE", str(shared_folder / "cache"))
        yield shared_folder / "cache"


@pytest.fixture(scope="session", autouse=True)
def shared_database() -> Iterator[None]:
    """One database of DuckDB for all tests of a process: making one takes 14 ms, a connection to it 0.3."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as spill, sql.open_database(spill) as database:
        patch.setattr(sql, "open_database", lambda _: database.cursor())
        yield


@pytest.fixture(scope="session", autouse=True)
def find_warm_process(own_cache: Path) -> Iterator[Callable[[], WarmProcess]]:
    """One process that forks the kernels of all reports made here, from the first on; another if that was killed.

    To start one takes longer than a report, and this process has the model with which it annotates already.
    """
    started: list[WarmProcess] = []
    environment = dict(os.environ)

    def find() -> WarmProcess:
        if not started or started[-1]._process.poll() is not None:
            with patch.dict(os.environ, environment, clear=True):  # not that of a run, whose folders end with it
                started.append(WarmProcess())
        return started[-1]
    with patch("samestory.report.report.warm_process", lambda *tables: nullcontext(find())), \
            patch("samestory.commands.refresh.warm_process", lambda: nullcontext(find())):
        yield find
    for process in started:
        process.close()


@pytest.fixture(scope="session")
def seeds(own_cache: Path) -> Tables:
    """The tables of the two seed articles, annotated by whichever process asks first."""
    return load_tables("seeds")


@pytest.fixture(scope="session")
def report(own_cache: Path, shared_folder: Path) -> Report:
    """The seeds' report as `samestory run` writes it, by whichever process asks first; the others find it there."""
    with FileLock(shared_folder / "report.lock"):
        folder = shared_folder / "reports" / "seeds"
        if (folder / "run.json").exists():
            return Report(folder)
        with patch("samestory.report.report.warm_process", warm_process):
            return write_report(plan_run("seeds", reports=folder.parent), tell=lambda line: None)


@pytest.fixture(scope="session")
def seeds_report(report: Report) -> Path:
    """The folder of the seeds' report."""
    return report.folder


@pytest.fixture
def folder(tmp_path: Path):
    """Makes a corpus folder of files: name and content, as text or bytes."""
    def make(files: dict[str, str | bytes], name: str = "corpus") -> Path:
        for relative, content in files.items():
            path = tmp_path / name / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return tmp_path / name
    return make


@pytest.fixture(scope="session")
def seed_texts() -> dict[str, str]:
    """The two seed articles by id, every character as in the file."""
    return {name: (resource("seeds") / f"{name}.txt").read_bytes().decode("utf-8") for name in (CGTN, CNN)}
