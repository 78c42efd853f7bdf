"""House style that can be counted: unique names, constants that say their thing, plain English, short functions."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from samestory.base.resources import PACKAGE_FOLDER
from tests.support.folders import CHECKOUT

MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE_FOLDER.rglob("*.py"))}
# A reader's interface: the same meaning in each format.
READER_INTERFACE = {"read", "read_lines", "read_members", "suits"}
DIALECT = re.compile(r"\b(stands?|tells?|told|anew)\b", re.IGNORECASE)
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "data/README.md", "docs/accuracy.md",
         "docs/architecture.md", "docs/scale.md", "docs/editor.md", "docs/engineer.md", "docs/formats.md",
         "docs/limits.md", "docs/parameters.md", "docs/researcher.md", "docs/teacher.md", "data/example/README.md")


def list_constants() -> list[str]:
    """The names of all constants at the top of a module, with their repeats."""
    assigned = (node for tree in MODULES.values() for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign))
    names = (leaf.id for node in assigned for leaf in ast.walk(node)
             if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store))
    return [name for name in names if name.isupper()]


def list_definitions() -> list[str]:
    """The names of all functions and classes at the top of a module, with their repeats."""
    return [node.name for tree in MODULES.values() for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def list_functions() -> Iterator[ast.FunctionDef]:
    return (node for tree in MODULES.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def count_code_lines(function: ast.FunctionDef) -> int:
    """Lines from the signature to the end, docstring left out."""
    docstring = function.body[0] if ast.get_docstring(function) else None
    length = function.end_lineno - function.lineno + 1
    return length - (docstring.end_lineno - docstring.lineno + 1 if docstring else 0)


def list_prose(path: Path) -> Iterator[str]:
    """Comments, docstrings and messages of a module."""
    source = path.read_text(encoding="utf-8")
    yield from (node.value for node in ast.walk(MODULES[path])
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value)
    yield from (token.string for token in tokenize.generate_tokens(io.StringIO(source).readline)
                if token.type == tokenize.COMMENT)


def test_a_name_has_one_meaning():
    counts = Counter([*list_constants(), *list_definitions()])
    assert {name for name, n in counts.items() if n > 1} - READER_INTERFACE == set()


def test_constants_say_their_thing_and_unit():
    names = list_constants()
    of_one_word = [name for name in names if "_" not in name.strip("_")]
    assert len(of_one_word) <= 0.03 * len(names), of_one_word


def test_functions_are_short():
    lengths = sorted(map(count_code_lines, list_functions()))
    assert median(lengths) <= 7
    assert lengths[int(0.95 * len(lengths))] <= 18
    assert lengths[-1] <= 36


@pytest.mark.slow
def test_prose_is_plain_english():
    prose = [text for path in MODULES for text in list_prose(path)]
    prose += [(CHECKOUT / page).read_text(encoding="utf-8") for page in PAGES]
    n_words = sum(len(re.findall(r"[A-Za-z']+", text)) for text in prose)
    found = Counter(word.lower() for text in prose for word in DIALECT.findall(text))
    assert sum(found.values()) <= 0.0006 * n_words, found


def test_facts_have_names():
    # A fact about a table is a column or a named field, not an entry of `frame.attrs`.
    hidden = [ast.unparse(node) for tree in MODULES.values() for node in ast.walk(tree)
              if isinstance(node, ast.Subscript) and getattr(node.value, "attr", "") == "attrs"]
    assert hidden == []


def test_options_have_names():
    loose = {function.name for function in list_functions()
             if function.args.kwarg and ast.unparse(function.args.kwarg.annotation or ast.Name("")) == "object"}
    assert loose == set()
