"""Docs match the code: every notebook, command, parameter, data file and public function is described."""

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
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/accuracy.md", "docs/architecture.md", "docs/cluster.md",
         "docs/editor.md", "docs/engineer.md", "docs/formats.md", "docs/limits.md", "docs/name_types.md",
         "docs/parameters.md", "docs/researcher.md", "docs/scale.md", "docs/story.md", "docs/teacher.md",
         "data/example/README.md", "notebooks/README.md", "reports/README.md")


def test_readme_links_every_notebook():
    for path in list_notebooks():
        assert f"(notebooks/{path.name})" in README


def test_every_parameter_is_listed_with_its_default():
    page = (CHECKOUT / "docs" / "parameters.md").read_text(encoding="utf-8")
    for name, parameter in PARAMETERS.items():
        row = next((line for line in page.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert row, f"docs/parameters.md has no row for {name}"
        shown = str(parameter.default).lower() if isinstance(parameter.default, bool) else str(parameter.default)
        assert not parameter.default or shown in row, row


def test_readme_names_every_command():
    commands = next(action for action in _make_parser()._actions if action.choices)
    for name in commands.choices:
        assert f"samestory {name}" in README, name


def test_readme_names_only_targets_that_exist():
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", README)) <= targets


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    page = CHECKOUT / name
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", PAGES)
def test_pages_stay_within_their_columns(name):
    lines = (CHECKOUT / name).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if len(line) > 120 and not line.startswith(("|", "!"))]


@pytest.mark.parametrize("name", PAGES)
def test_files_that_a_page_names_exist(name):
    """A path is relative to the checkout, or that of a module within a folder of the package."""
    text = (CHECKOUT / name).read_text(encoding="utf-8").replace("NN_name", "01_corpus")
    paths = re.findall(r"`((?:samestory|tests|data|notebooks|benchmarks|docs)/[\w./-]+)`", text)
    assert not [path for path in paths if not (CHECKOUT / path).exists()]
    modules = re.findall(r"`((?!samestory/|tests/|benchmarks/)[\w/]+\.py)`", text)
    assert not [module for module in modules if not any(PACKAGE_FOLDER.rglob(module))]


def test_the_tests_that_security_names_exist():
    named = set(re.findall(r"`(test_\w+)`", (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8")))
    written = {name for path in (CHECKOUT / "tests").rglob("test_*.py")
               for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)}
    assert len(named) > 40 and not named - written


def test_every_data_file_is_described():
    """The files of any language by the row of the English one."""
    described = (resource("data") / "README.md").read_text(encoding="utf-8")
    for path in resource("data").rglob("*.csv"):
        name = path.relative_to(resource("data")).as_posix()
        assert f"| {re.sub(r'^[a-z]{2,3}/', 'en/', name)} |" in described, name


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
            is_overload = any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)
            assert is_overload or ast.get_docstring(node), f"{path.name}: {node.name}"


def test_a_wrong_call_raises_a_public_error():
    with pytest.raises(samestory.SameStoryError):
        samestory.load_tables("")


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match=r"'load_table'.*\bload_tables\b"):
        samestory.load_table  # noqa: B018
