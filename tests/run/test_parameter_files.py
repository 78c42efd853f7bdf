"""Parameter files: each of notebooks/parameters fits its notebooks, with samestory and with papermill alone."""

import json

import pytest
import yaml
from papermill.inspection import inspect_notebook

from samestory.base.errors import SameStoryError, UnknownName
from samestory.base.resources import resource
from samestory.commands.cli import main
from samestory.report.report import list_notebooks, plan_run
from samestory.run.notebooks import run_notebook
from samestory.run.parameters import PARAMETERS, read_declared, read_parameters

FILES = sorted((resource("notebooks") / "parameters").glob("*.yml"))
EACH_FILE = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_there_are_several():
    assert len(FILES) >= 5


@EACH_FILE
def test_a_file_fits_the_notebooks_and_begins_with_its_purpose(path):
    values = read_parameters(path, set(PARAMETERS))
    assert values == yaml.safe_load(path.read_text(encoding="utf-8"))
    assert path.read_text(encoding="utf-8").startswith("# ")
    declared = [set(read_declared(notebook)) for notebook in list_notebooks()]
    assert any(set(values) <= names for names in declared), "one notebook takes all of it"


@pytest.mark.parametrize(("name", "notebook"), [("lemmas", "02_keywords"), ("sure_quotations", "03_quotations")])
@pytest.mark.slow
def test_a_file_runs(name, notebook, find_warm_process):
    values = read_parameters(resource("notebooks") / "parameters" / f"{name}.yml", set(PARAMETERS))
    run = run_notebook(resource("notebooks") / f"{notebook}.ipynb", values, warm=find_warm_process())
    assert run.error == ""
    injected = next(cell for cell in run.notebook.cells if "injected-parameters" in cell.metadata.get("tags", []))
    assert all(f"{given} = " in injected.source for given in values)


@pytest.mark.filterwarnings("ignore:the file is not specified with any extension")  # papermill's, of `-`
def test_bare_papermill_reads_a_file_and_writes_the_given_output(tmp_path):
    from click.testing import CliRunner
    from papermill.cli import papermill
    notebook, given = resource("notebooks") / "02_keywords.ipynb", resource("notebooks") / "parameters" / "lemmas.yml"
    call = [str(notebook), "-f", str(given), "--prepare-only", "--no-progress-bar"]
    for output in (tmp_path / "a folder" / "out.ipynb", "-"):
        (tmp_path / "a folder").mkdir(exist_ok=True)
        done = CliRunner().invoke(papermill, [call[0], str(output), *call[1:]])
        assert done.exit_code == 0, done.output
        written = done.stdout if output == "-" else output.read_text(encoding="utf-8")
        cells = json.loads(written)["cells"]
        assert any("unit = \"lemma\"" in "".join(cell["source"]) for cell in cells)


def test_later_files_and_assignments_win(tmp_path):
    first, second = tmp_path / "a.yml", tmp_path / "b.yml"
    first.write_text("top_n: 5\nmin_count: 4\nunit: lemma\nmin_confidence: 1\n")
    second.write_text("top_n: 6\nmin_count: 5\n")
    parameters = plan_run(files=[first, second], assignments=["top_n=7"]).parameters
    assert [parameters[name] for name in ("top_n", "min_count", "unit", "min_confidence")] == [7, 5, "lemma", 1.0]


def test_a_file_may_name_the_corpus(folder, tmp_path):
    root = folder({"cnn/1.txt": "A story."})
    path = tmp_path / "own.yml"
    path.write_text(yaml.safe_dump({"corpus": str(root)}))
    assert plan_run(files=[path]).corpus.name == root.name
    assert plan_run("seeds", files=[path]).parameters["corpus"] == "seeds"
    assert plan_run().parameters["corpus"] == "seeds"


@pytest.mark.parametrize(("text", "error", "message"), [
    ("topn: 5", UnknownName, "'topn'.*mean 'top_n'"),
    ("top_n: five", SameStoryError, "top_n: .*15; found 'five'"),
    ("language: no", SameStoryError, "language: .*'en'; found False"),
    ("- top_n", SameStoryError, r"bad\.yml.*NAME: VALUE, found list"),
    ("", SameStoryError, r"bad\.yml.*NAME: VALUE, found NoneType"),
    ("a: [", SameStoryError, r"(?s)bad\.yml.*line 1"),
    ("!!python/object/apply:os.getcwd []", SameStoryError, r"bad\.yml.*os\.getcwd"),
    ("1: 2", UnknownName, "parameter '1'"),
    ("model: python:subprocess:getoutput", SameStoryError, r"bad\.yml.*getoutput.*-p model="),
    ("'x=__import__(\"os\").getcwd();corpus': seeds", UnknownName, "no parameter"),
    ("top_n: " + "9" * 5_000, SameStoryError, r"bad\.yml"),
    ("top_n: 0x" + "f" * 5_000, SameStoryError, "top_n.*thousands of digits"),
    ("min_confidence: " + "9" * 4_000, SameStoryError, "min_confidence.{,200}…$"),
    ("top_n: 2026-99-99", SameStoryError, r"bad\.yml"),
    ("a: " + "[" * 5_000, SameStoryError, r"bad\.yml.*deep"),
    ("a: " + "x" * 1_000_001, SameStoryError, r"bad\.yml.*1,000,000 bytes"),
])
def test_what_does_not_fit_is_refused(tmp_path, text, error, message):
    (tmp_path / "bad.yml").write_text(text)
    with pytest.raises(error, match=message):
        plan_run(files=[tmp_path / "bad.yml"])


def test_a_missing_file_is_reported(tmp_path, capsys):
    assert main(["run", "-f", str(tmp_path / "none.yml")]) == 2
    assert "none.yml" in capsys.readouterr().err


@pytest.mark.parametrize("path", list_notebooks(), ids=lambda path: path.stem)
def test_papermill_reports_type_default_and_meaning_of_each_parameter(path):
    inspected = inspect_notebook(path)
    assert set(inspected) == set(read_declared(path))
    for name, parameter in inspected.items():
        assert parameter["inferred_type_name"] == PARAMETERS[name].type.__name__
        assert yaml.safe_load(parameter["default"]) == PARAMETERS[name].default
        assert parameter["help"] == PARAMETERS[name].meaning


@pytest.mark.parametrize("path", list_notebooks(), ids=lambda path: path.stem)
def test_the_help_of_a_notebook_is_shown(path):
    from click.testing import CliRunner
    from papermill.cli import papermill
    shown = CliRunner().invoke(papermill, ["--help-notebook", str(path)])
    assert shown.exit_code == 0
    assert "corpus: str" in shown.output and PARAMETERS["corpus"].meaning in shown.output
    assert "Unknown type" not in shown.output
