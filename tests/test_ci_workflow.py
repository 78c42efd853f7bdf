"""The workflow of docs/ci.yml: its steps are run here, as a runner does, on a folder like a user's."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output

from samestory.base.resources import resource
from tests.support.folders import CHECKOUT

WORKFLOW = yaml.safe_load((CHECKOUT / "docs" / "ci.yml").read_text(encoding="utf-8"))
STEPS = WORKFLOW["jobs"]["report"]["steps"]
COMMANDS = {step["name"]: step["run"] for step in STEPS if "run" in step}
CODE = "import samestory as ss\n\nlen(ss.load_tables('../articles').quotations)"


def write_repository(folder: Path, code: str, stored: int) -> None:
    """Articles, and a notebook of one cell with its stored output."""
    shutil.copytree(resource("seeds"), folder / "articles")
    (folder / "samestory").symlink_to(CHECKOUT)
    output = new_output("execute_result", {"text/plain": str(stored)}, execution_count=1)
    notebook = new_notebook(cells=[new_code_cell(code, execution_count=1, outputs=[output])])
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / "notebooks" / "mine.ipynb")


def run_step(name: str, folder: Path, cache: Path) -> bool:
    """Run a step like a runner, with a report of one page; returns whether it passed."""
    own = {name: value for name, value in WORKFLOW["env"].items() if "${{" not in value}
    command = COMMANDS[name] + " --only 01_corpus" * ("samestory run" in COMMANDS[name])
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=folder, capture_output=True,
                          env={**os.environ, **own, "SAMESTORY_CACHE": str(cache)})
    return done.returncode == 0


def test_every_action_has_a_version():
    used = [step["uses"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step]
    assert len(used) > 5 and all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)


def test_nothing_is_published_unless_the_user_says_so():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    publishing = [step for step in STEPS if "pages" in step.get("uses", "")] + [WORKFLOW["jobs"]["publish"]]
    assert all(part["if"] == "vars.PUBLISH == 'true'" for part in publishing)


@pytest.mark.slow
def test_the_steps_write_the_report(seeds, own_cache, tmp_path):
    write_repository(tmp_path, CODE, len(seeds.quotations))
    assert [name for name in COMMANDS if not run_step(name, tmp_path, own_cache)] == []
    assert (tmp_path / "site" / "index.html").exists() and (tmp_path / "site" / "run.json").exists()


@pytest.mark.slow
def test_an_output_that_differs_stops_them(own_cache, tmp_path):
    write_repository(tmp_path, "1 + 1", 3)
    compare, write = "Run the notebooks and compare their outputs", "Write the report"
    assert list(COMMANDS).index(compare) < list(COMMANDS).index(write)
    assert not run_step(compare, tmp_path, own_cache)
