"""The wheel works by itself: built, installed into an empty folder, used from somewhere else."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CARRIED = {"samestory": "samestory", "data": "samestory/data", "notebooks": "samestory/notebooks",
           "seeds": "samestory/seeds"}
LEFT_OVER = {"__pycache__", ".ipynb_checkpoints"}


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run("hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    run("pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target", folder, wheel)
    return folder


def test_wheel_carries_every_file_of_the_package(wheel):
    expected = {
        f"{inside}/{path.relative_to(ROOT / beside).as_posix()}"
        for beside, inside in CARRIED.items()
        for path in (ROOT / beside).rglob("*")
        if path.is_file() and not LEFT_OVER & set(path.parts)
    }
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_installed_package_runs_outside_the_checkout(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed), "SAMESTORY_CACHE": str(tmp_path / "cache")}
    code = "from samestory.resources import resource; print(resource('seeds'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True,
                          text=True, check=True)
    assert Path(done.stdout.strip()) == installed / "samestory" / "seeds"
