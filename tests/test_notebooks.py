"""Notebooks, beyond what nbval checks: that cells were run, and that a changed article makes the run fail."""

import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from samestory.base.resources import resource
from samestory.commands.refresh import list_committed, refresh
from samestory.report.report import list_notebooks
from samestory.run.parameters import PARAMETERS
from samestory.tables.tables import load_tables

NOTEBOOKS = pytest.mark.parametrize("path", list_committed(), ids=lambda path: path.stem)
PAGES = pytest.mark.parametrize("path", list_notebooks(), ids=lambda path: path.stem)
MAX_CELL_LINES = 5
STATEMENT = re.compile(r"^\s*(def|class|for|while|if|try|with|import (?!samestory))\b", re.MULTILINE)
LIMITS_HEADING = "## What this does not show"


def read(path):
    return nbformat.read(path, as_version=4)


def code(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


@NOTEBOOKS
def test_every_cell_was_run_in_order_without_error(path):
    assert [cell.execution_count for cell in code(path)] == list(range(1, len(code(path)) + 1)), "run `make refresh`"
    outputs = [output for cell in code(path) for output in cell.outputs]
    assert outputs
    assert not [output for output in outputs if output.output_type in {"error", "stream"}]


@NOTEBOOKS
def test_a_notebook_asks_one_question_and_computes_nothing(path):
    notebook = read(path)
    assert notebook.cells[0].source.startswith("# ")
    assert "?" in notebook.cells[0].source.splitlines()[0]
    assert notebook.metadata.kernelspec.name == "python3"
    assert {"title", "question"} <= set(notebook.metadata)
    for cell in code(path):
        assert not STATEMENT.search(cell.source)
        if "parameters" not in cell.metadata.get("tags", []):
            assert len(cell.source.splitlines()) <= MAX_CELL_LINES
    assert any(cell.source.startswith(LIMITS_HEADING) for cell in notebook.cells)


@NOTEBOOKS
def test_the_parameters_are_annotated_and_explained(path):
    first = code(path)[0]
    assert first.metadata.tags == ["parameters"]
    for line in first.source.splitlines():
        name, meaning = re.fullmatch(r"(\w+): \w+ = .+?  # (.+)", line).groups()
        assert meaning == PARAMETERS[name].meaning


@NOTEBOOKS
def test_no_cell_escapes_nbval(path):
    tags = {tag for cell in code(path) for tag in cell.metadata.get("tags", [])}
    assert tags == {"parameters"}


@PAGES
def test_every_figure_has_its_numbers_and_its_alt_text(path):
    cells = [cell for cell in code(path) if any("image/svg+xml" in output.get("data", {}) for output in cell.outputs)]
    for cell in cells:
        svg = next(output for output in cell.outputs if "image/svg+xml" in output.data)
        alt = svg.metadata["image/svg+xml"]["alt"]
        assert len(alt) > 30
        assert re.search(r"\d", alt)
        shown = "".join("".join(output.data.get("text/html", "")) for output in cell.outputs)
        is_of_articles = "plot_articles" in cell.source or "plot_words" in cell.source  # their numbers are in a table
        assert "<table" in shown or is_of_articles


@pytest.mark.slow
def test_refreshing_changes_nothing(tmp_path, monkeypatch, own_cache):
    for path in list_committed():
        shutil.copy(path, tmp_path)
    copies = sorted(tmp_path.glob("*.ipynb"))
    monkeypatch.setattr("samestory.commands.refresh.list_committed", lambda: copies)
    monkeypatch.setattr("samestory.commands.refresh.refresh_dictionary", lambda: None)
    assert refresh() == 0
    originals = {path.name: path for path in (resource("notebooks")).glob("*.ipynb")}
    for copy, path in ((copy, originals[copy.name]) for copy in copies):
        assert copy.read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), "run `make refresh`"


@pytest.mark.slow
def test_a_changed_article_makes_nbval_fail(tmp_path):
    corpus, copy = tmp_path / "seeds", tmp_path / "04_entities.ipynb"
    shutil.copytree(resource("seeds"), corpus)
    article = next(corpus.glob("003*.txt"))
    article.write_bytes(article.read_bytes().replace(b"Yang Jiechi", b"Yang Jiechu", 1))
    load_tables(corpus)  # here, where the model may have been loaded
    notebook = read(resource("notebooks") / copy.name)
    notebook.cells[1].source = notebook.cells[1].source.replace('"seeds"', json.dumps(str(corpus)))
    nbformat.write(notebook, copy)
    command = [sys.executable, "-m", "pytest", "--nbval", "-vv", "-p", "no:cacheprovider", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 1, done.stdout
    assert "Yang Jiechu" in done.stdout
    assert re.search(r"[1-9]\d* failed, [1-9]\d* passed", done.stdout)  # cells that do not show the name still pass


@pytest.mark.slow
def test_bare_papermill_runs_a_notebook(tmp_path):
    notebook = next(path for path in list_notebooks() if path.stem == "01_corpus")
    out = tmp_path / "out.ipynb"
    done = subprocess.run([sys.executable, "-m", "papermill", str(notebook), str(out), "-p", "top_n", "3",
                           "--no-progress-bar"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert [cell.metadata.tags for cell in read(out).cells[1:3]] == [["parameters"], ["injected-parameters"]]
