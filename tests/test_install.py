"""The wheel is self-contained: built, installed into an empty folder, used from another folder."""

import os
import re
import subprocess
import sys
import zipfile

import pytest

from tests.support.folders import CHECKOUT

ROOT = CHECKOUT
CARRIED = {
    "samestory": "samestory",
    "data": "samestory/data",
    "notebooks": "samestory/notebooks",
    "seeds": "samestory/seeds",
}
LEFT_OVER = {"__pycache__", ".ipynb_checkpoints"}


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-index", "--no-compile")
    run("-m", "pip", "install", *options, "--target", folder, wheel)
    return folder


@pytest.mark.slow
def test_wheel_carries_every_file_of_the_package(wheel):
    expected = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in CARRIED.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not LEFT_OVER & set(path.parts)
    }
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture
def elsewhere(installed, tmp_path):
    """Settings of a command outside the checkout, with the installed package and a cache of its own."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "SAMESTORY_CACHE": str(tmp_path / "cache")}
    return {"cwd": tmp_path, "env": environment}


@pytest.mark.slow
def test_installed_package_brings_its_own_seeds(installed, elsewhere):
    code = "import samestory.base.resources as r; print(r.resource('seeds'), r.resource('notebooks'))"
    inside = installed / "samestory"
    assert run("-c", code, **elsewhere).split() == [f"{inside}/seeds", f"{inside}/notebooks"]


@pytest.mark.slow
def test_installed_package_checks_the_seeds(elsewhere):
    printed = run("-m", "samestory", "check", "seeds", **elsewhere)
    assert re.findall(r"(\d+) (files|articles|outlets)", printed)[:3] == [
        ("2", "files"), ("2", "articles"), ("2", "outlets")]


@pytest.mark.slow
def test_installed_package_makes_a_report(elsewhere, tmp_path):
    run("-m", "samestory", "run", "seeds", "--only", "01_corpus", **elsewhere)
    made = {path.name for path in (tmp_path / "reports" / "seeds").iterdir()}
    assert {"index.html", "01_corpus.html", "run.json"} <= made
