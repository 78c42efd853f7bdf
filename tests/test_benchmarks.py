"""The benchmarks still run: each is imported, and the one that patches the package is run at its smallest size."""

import os
import subprocess
import sys

import pytest

from tests.support.folders import CHECKOUT

FOLDER = CHECKOUT / "benchmarks"
pytestmark = pytest.mark.slow


def run(code: str, cache: str) -> str:
    """Run code in the folder of the benchmarks; its output."""
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "SAMESTORY_CACHE": cache}
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, env=environment, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_benchmark_can_be_imported(tmp_path):
    names = [path.stem for path in sorted(FOLDER.glob("*.py"))]
    code = "; ".join(f"import {name}; print({name}.__name__, flush=True)" for name in names)  # the last one fails
    assert run(code, str(tmp_path)).split() == names


def test_reruns_of_a_few_articles_are_measured(tmp_path):
    printed = run("import bench_cluster; bench_cluster.REPEATS = 1; bench_cluster.measure_reruns(100)", str(tmp_path))
    assert printed.count("target:") == 2


def test_damaged_files_are_read_and_the_process_is_started_again(tmp_path):
    names = "list.json", "all.zip"  # each format takes seconds to start
    code = (f"from benchmarks import fuzz; seeds = fuzz.make_seeds(); fuzz.make_seeds = lambda: "
            f"{{name: seeds[name] for name in {names}}}; fuzz.run_formats(fuzz.Path({str(tmp_path)!r}), 50)")
    printed = run(code, str(tmp_path))
    assert " 0 exceptions" in printed and "process ended" not in printed
