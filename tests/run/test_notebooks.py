"""Running notebooks: kernels forked from a warm process, or new processes if there is none."""

import ast
import errno
import os
import signal
import time
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from samestory.base.errors import SameStoryError
from samestory.run.fork_server import WarmProcess, warm_process
from samestory.run.notebooks import (
    KERNEL_KILLED_REASON,
    _read_executed,
    run_notebook,
    run_notebooks,
    strip_metadata,
)
from samestory.run.parameters import read_declared

PARAMETERS = new_code_cell('top_n: int = 1  # rows', metadata={"tags": ["parameters"]})


@pytest.fixture
def notebook(tmp_path):
    """Makes a notebook of code cells; its first declares top_n."""
    def make(*sources, name="one"):
        path = tmp_path / f"{name}.ipynb"
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        cells = [new_markdown_cell("# One?"), PARAMETERS, *map(new_code_cell, sources)]
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel, "papermill": {"x": 1}}), path)
        return path
    return make


def outputs(run):
    return [output["text"] for cell in run.notebook.cells for output in cell.get("outputs", []) if "text" in output]


@pytest.mark.slow
def test_notebooks_run_side_by_side_in_forked_kernels(notebook, find_warm_process):
    paths = [notebook("import os; print(os.getpid(), top_n)", name=name) for name in ("a", "b")]
    runs = run_notebooks(paths, {"top_n": 7, "other": 1}, warm=find_warm_process())
    printed = [outputs(run)[0].split() for run in runs]
    assert [words[1] for words in printed] == ["7", "7"]
    pids = {int(words[0]) for words in printed}
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.slow
def test_no_cell_runs_before_all_is_prepared(notebook, tmp_path, find_warm_process):
    path = notebook(f"print(open({str(tmp_path / 'ready.txt')!r}).read())")

    def prepare():
        time.sleep(1)
        (tmp_path / "ready.txt").write_text("ready")
    [run] = run_notebooks([path], {}, prepare=prepare, warm=find_warm_process())
    assert outputs(run) == ["ready\n"]
    assert run.seconds < 1


@pytest.mark.slow
def test_kernels_end_if_nothing_can_be_prepared(notebook, capfd):
    with warm_process() as warm, pytest.raises(SameStoryError, match="no article"):
        run_notebooks([notebook("1")], {}, prepare=Mock(side_effect=SameStoryError("no article")), warm=warm)
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_without_the_warm_process_kernels_are_new_processes(notebook):
    warm = WarmProcess()
    warm._process.send_signal(signal.SIGKILL)
    warm._process.wait()
    run = run_notebook(notebook("print(6 * 7)"), {}, warm=warm)
    warm.close()
    assert (run.error, outputs(run)) == ("", ["42\n"])


@pytest.mark.slow
def test_a_killed_kernel_is_reported_in_words(notebook, find_warm_process):
    run = run_notebook(notebook("import os; os.kill(os.getpid(), 9)"), {}, warm=find_warm_process())
    assert run.error == KERNEL_KILLED_REASON and "memory" in run.error


@pytest.mark.slow
@pytest.mark.parametrize("forked", [True, False])
def test_kernels_import_nothing_from_the_working_folder(forked, folder, notebook, monkeypatch):
    path = notebook("import colorsys, sys; print(colorsys.__file__); print(sys.path)")
    monkeypatch.chdir(folder({"colorsys.py": "raise SystemExit"}))
    monkeypatch.setenv("SAMESTORY_WARM", "1" if forked else "0")
    with warm_process() as warm:
        run = run_notebook(path, {}, warm=warm)
    module, searched = "".join(outputs(run)).splitlines()
    assert run.error == "" and Path(module).parent != Path.cwd()
    assert not {"", str(Path.cwd())} & set(ast.literal_eval(searched))


@pytest.mark.slow
def test_kernels_end_with_the_warm_process(tmp_path):
    warm = WarmProcess()
    kernel = warm.fork(str(tmp_path / "connection.json"))
    assert kernel.poll() is None
    warm.close()
    limit = time.monotonic() + 30
    while kernel.poll() is None and time.monotonic() < limit:
        time.sleep(0.1)
    assert kernel.poll() == 0


@pytest.mark.slow
def test_an_error_is_part_of_the_result(notebook, find_warm_process):
    run = run_notebooks([notebook("1 / 0", "print('never')")], {}, warm=find_warm_process())[0]
    assert run.error.startswith("ZeroDivisionError: ")
    assert outputs(run) == []


def test_a_notebook_that_was_written_in_part_is_none(notebook, monkeypatch, tmp_path):
    path = notebook("1")
    (tmp_path / "part.ipynb").write_text(path.read_text()[:99])
    for executed in (tmp_path / "part.ipynb", tmp_path / "none.ipynb"):
        assert _read_executed(executed, path) == nbformat.read(path, as_version=4)
    monkeypatch.setattr("papermill.execute_notebook", Mock(side_effect=OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        run_notebook(path, {})


def test_metadata_of_time_and_place_is_removed(notebook):
    stripped = strip_metadata(nbformat.read(notebook("1"), as_version=4))
    assert set(stripped.metadata) == {"kernelspec"}
    assert [cell.id for cell in stripped.cells] == ["cell-00", "cell-01", "cell-02"]


def test_a_notebook_without_parameters_is_refused(tmp_path):
    path = tmp_path / "bare.ipynb"
    nbformat.write(new_notebook(cells=[]), path)
    with pytest.raises(SameStoryError, match=r"bare\.ipynb: "):
        read_declared(path)
