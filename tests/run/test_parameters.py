"""Parameters: names and values are checked before papermill is called."""

import pytest

from samestory.base.errors import SameStoryError, UnknownName
from samestory.report.report import list_notebooks
from samestory.run.parameters import PARAMETERS, check_parameters, parse_parameters, read_declared

DECLARED = set(PARAMETERS)


@pytest.mark.parametrize("text", ["9" * 5_000, "9" * 301, "1" * 8])
def test_a_number_of_very_many_digits_is_refused(text):
    with pytest.raises(SameStoryError, match=r"top_n: .{,200}$"):
        parse_parameters([f"top_n={text}"], {"top_n"})


def test_the_name_of_a_parameter_is_no_code():
    with pytest.raises(UnknownName):
        parse_parameters(['x=__import__("os").getcwd();corpus'], set(PARAMETERS))


def test_values_take_the_type_of_their_parameter():
    given = ["top_n=5", "fold=false", "outlets=CGTN, CNN", "target=A=B", "min_confidence=1"]
    assert parse_parameters(given, DECLARED) == {
        "top_n": 5, "fold": False, "outlets": ["CGTN", "CNN"], "target": "A=B", "min_confidence": 1.0}


@pytest.mark.parametrize(("assignment", "message"), [
    ("topn=5", "'topn'.*mean 'top_n'"),
    ("x=1;import os#=1", "parameter 'x'"),
    ("top_n", "NAME=VALUE, found 'top_n'"),
    ("top_n=five", "top_n: .*15; found 'five'"),
    ("top_n=0", "top_n: .*at least 1, found 0"),
    ("min_confidence=high", "min_confidence: .*0.35; found 'high'"),
    ("min_confidence=7", "min_confidence: .*at most 1.0, found 7.0"),
    ("language=EN", "language: .*'en', found 'EN'"),
    ("fold=yes", "fold: .*True; found 'yes'"),
    ("unit=sentence", "unit 'sentence'.*2-gram"),
])
def test_what_does_not_fit_is_refused(assignment, message):
    with pytest.raises(SameStoryError, match=message):
        parse_parameters([assignment], DECLARED)


def test_a_parameter_that_no_notebook_declares_is_refused():
    with pytest.raises(UnknownName, match="no parameter 'unit'"):
        parse_parameters(["unit=word"], {"top_n"})


def test_values_are_checked_with_bare_papermill_too():
    with pytest.raises(SameStoryError, match=r"outlets: .*found 'CGTN'"):
        check_parameters({"outlets": "CGTN", "other": object()})
    with pytest.raises(SameStoryError, match=r"top_n: .*found '5'"):
        check_parameters({"top_n": "5"})


@pytest.mark.parametrize("notebook", list_notebooks(), ids=lambda path: path.stem)
def test_notebooks_declare_the_shared_parameters_with_their_defaults(notebook):
    declared = read_declared(notebook)
    assert declared == {name: PARAMETERS[name].default for name in declared}
    assert {"corpus", "outlets", "model", "language"} <= set(declared)


def test_every_parameter_is_declared_by_a_notebook():
    assert {name for path in list_notebooks() for name in read_declared(path)} == DECLARED
