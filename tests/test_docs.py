"""Docs that cannot drift: every notebook, command, parameter, data file and function is told about."""

import ast
import inspect
import re

import pytest

import samestory
from samestory.base.resources import PACKAGE_FOLDER, resource
from samestory.commands.cli import _make_parser
from samestory.report.report import list_notebooks
from samestory.run.parameters import PARAMETERS

CHECKOUT = PACKAGE_FOLDER.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_readme_tells_of_every_notebook():
    for path in list_notebooks():
        assert f"(notebooks/{path.name})" in README


def test_readme_tells_of_every_parameter_and_its_default():
    for name, parameter in PARAMETERS.items():
        row = next((line for line in README.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert row, f"README has no row for the parameter {name}"
        shown = str(parameter.default).lower() if isinstance(parameter.default, bool) else str(parameter.default)
        assert not parameter.default or shown in row, row


def test_readme_tells_of_every_command():
    commands = next(action for action in _make_parser()._actions if action.choices)
    for name in commands.choices:
        assert f"samestory {name}" in README, name


def test_readme_names_only_targets_that_exist():
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", README)) <= targets


def test_readme_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (CHECKOUT / target).exists(), target


def test_readme_stays_within_its_columns():
    long = [line for line in README.splitlines() if len(line) > 120 and not line.startswith(("|", "!"))]
    assert not long


def test_every_data_file_is_described():
    described = (resource("data") / "README.md").read_text(encoding="utf-8")
    for path in resource("data").rglob("*.csv"):
        assert f"| {path.relative_to(resource('data')).as_posix()} |" in described, path.name


@pytest.mark.parametrize("name", [name for name in samestory.__all__ if name != "__version__"])
def test_public_names_exist_and_are_explained(name):
    thing = getattr(samestory, name)
    assert inspect.getdoc(thing)
    hints = inspect.signature(thing).parameters.values() if inspect.isfunction(thing) else ()
    assert all(hint.annotation is not inspect.Parameter.empty for hint in hints)


@pytest.mark.parametrize("path", sorted(PACKAGE_FOLDER.rglob("*.py")),
                         ids=lambda path: path.relative_to(PACKAGE_FOLDER).as_posix())
def test_modules_and_public_functions_have_docstrings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), path.name
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="samestory has no 'load_table'"):
        samestory.load_table  # noqa: B018
