"""`make mutants`: how many small mistakes in counting, linking and measuring the tests catch.

Each mutant of a seeded sample (see mutations.py) runs in a fork of this process, which has imported everything that no
mutant changes, against the tests that call the changed function (or, outside functions, any function of the module),
the quickest first, until one fails. The mutants that survive are printed as file:line: before -> after, with the share
of those that were caught. Mutants listed in docs/mutants.md behave like the original and are not counted.
"""

import argparse
import contextlib
import gc
import importlib.machinery
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the checkout, not an installed copy

from benchmarks.callers import Recorder  # noqa: E402
from benchmarks.mutations import Mutant, list_mutants  # noqa: E402

ROOMS = ("count", "link", "measure")
FIXED_ROOMS = ("base", "cache", "read", "clean", "annotate")  # import none of these
PYTEST_OPTIONS = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
MAX_MUTANT_SECONDS, MAX_MUTANT_BYTES = 600, 12 << 30  # wall time; CPU time is bounded by that of the tests


def fork(run: Callable[[], int], scratch: Path) -> int:
    """The id of a process that runs a function silently in its own folder."""
    if pid := os.fork():
        return pid
    folder = scratch / str(os.getpid())
    folder.mkdir()
    os.environ |= {"TMPDIR": str(folder), "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)}
    tempfile.tempdir = None
    for stream in (1, 2):
        os.dup2(os.open(folder / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    try:
        os._exit(int(run()))
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def record_tests(scratch: Path) -> Recorder:
    """Record what all tests of the rooms call; this also imports what no mutant changes."""
    def run() -> int:
        recorder = Recorder()
        folders = [f"{top}/{room}" for top in ("tests", "samestory") for room in ROOMS]
        code = pytest.main([*PYTEST_OPTIONS, *folders], plugins=[recorder])
        (scratch / "calls").write_bytes(pickle.dumps((dict(recorder.calls), recorder.seconds, list(sys.modules))))
        return code
    pid = fork(run, scratch)
    if os.waitpid(pid, 0)[1]:
        sys.exit("the tests fail without a mutant:\n" + (scratch / str(pid) / "output").read_text(encoding="utf-8"))
    recorder = Recorder()
    recorder.calls, recorder.seconds, modules = pickle.loads((scratch / "calls").read_bytes())
    for name in modules:
        package, room = (*name.split("."), "", "")[:2]
        if room in ("", *FIXED_ROOMS) if package == "samestory" else package not in ("tests", "benchmarks", "conftest"):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    from samestory.annotate.models import load_model
    load_model()
    gc.collect()
    gc.freeze()  # else garbage collection in each fork would copy everything imported
    return recorder


def run_mutant(mutant: Mutant, tests: list[str], seconds: float) -> int:
    """Whether a test catches the mutant; to be run in a fork."""
    class Loader(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname: str) -> object:
            return mutant.compile() if Path(self.path) == ROOT / mutant.path else super().get_code(fullname)

    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MUTANT_BYTES, MAX_MUTANT_BYTES))
    signal.alarm(MAX_MUTANT_SECONDS)
    sys.path_hooks.insert(0, importlib.machinery.FileFinder.path_hook((Loader, [".py"])))
    sys.path_importer_cache.clear()
    files = {test.partition("::")[0] for test in tests}
    return pytest.main([*PYTEST_OPTIONS, *sorted(files)], plugins=[Recorder(tests)]) not in (0, 5) if tests else 0


def run_mutants(mutants: list[Mutant], recorder: Recorder, scratch: Path, jobs: int) -> Iterator[Mutant]:
    """Run the mutants, some at a time; print and yield the survivors."""
    running: dict[int, Mutant] = {}
    for mutant in [*mutants, *[None] * jobs]:
        while len(running) >= (jobs if mutant else 1):
            pid, status = os.wait()
            shutil.rmtree(scratch / str(pid))
            survivor = running.pop(pid)
            if not status:
                print(f"{survivor.path}:{survivor.line}: {survivor.describe()}", flush=True)
                yield survivor
        if mutant:
            tests = recorder.find_tests(ROOT / mutant.path, mutant.function)
            seconds = 60 + 3 * sum(recorder.seconds[test] for test in tests)
            running[fork(lambda m=mutant, t=tests, s=seconds: run_mutant(m, t, s), scratch)] = mutant


def main() -> None:
    """Print the survivors, and the share of mutants caught."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time")
    options = parser.parse_args()
    os.chdir(ROOT)
    files = sorted(path for room in ROOMS for path in Path("samestory", room).rglob("*.py"))
    mutants = [mutant for path in files for mutant in list_mutants(ROOT, str(path))]
    chosen = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    with tempfile.TemporaryDirectory() as scratch:
        survivors = list(run_mutants(chosen, record_tests(Path(scratch)), Path(scratch), options.jobs))
    listed = (ROOT / "docs/mutants.md").read_text(encoding="utf-8")
    alike = sum(f"`{mutant.path}: {mutant.describe()}`" in listed for mutant in survivors)
    counted, noticed = len(chosen) - alike, len(chosen) - len(survivors)
    print(f"{noticed} of {counted} mutants noticed ({noticed / counted:.1%}); {alike} more behave like the original")


if __name__ == "__main__":
    main()
