"""Parameters: the names that notebooks share, their types, and checks that papermill does not make.

papermill only warns about an unknown name, pastes it into code and never checks types. Here, unknown names
are refused and values converted before papermill is called; a notebook run with papermill alone checks its
values in its second cell.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samestory.annotate.models import DEFAULT_MODEL, is_function_model
from samestory.base.confidence import MIN_QUOTATION_CONFIDENCE
from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.language import DEFAULT_LANGUAGE
from samestory.read.corpus import SEED_CORPUS

PARAMETER_TYPE_NAMES = {list: "a list of strings", int: "a whole number", float: "a number with a point",
                        bool: "true or false", str: "text"}
WHOLE_PARAMETERS = ("event",)  # lists whose items may hold commas: one is given at a time, and -p may be repeated
LISTED_VALUE_PATTERN = re.compile(r'"[^"]*"|(?:\([^()]*\)|[^,"])+')  # a name has commas in marks, brackets
MAX_ARGUMENT_CHARS = 300  # Python refuses to read numbers of more than 4,300
MAX_COUNT, MAX_SHOWN_VALUE_CHARS = 1_000_000, 100
MAX_PARAMETER_FILE_BYTES = 1_000_000
CHART_TYPES = ("forest", "bars")
TERM_UNITS = ("word", "lemma", "2-gram", "3-gram")


@dataclass(frozen=True)
class Parameter:
    """A parameter of the notebooks: its type (a `list` holds strings), default, meaning and allowed values."""

    type: type
    default: Any
    meaning: str
    least: float | None = None
    most: float | None = None
    among: tuple[str, ...] = ()


PARAMETERS = {
    "corpus": Parameter(str, SEED_CORPUS, "folder, file or glob of articles; seeds is the included corpus"),
    "event": Parameter(list, [], "events to show, by their ids or names; all if empty"),
    "outlets": Parameter(list, [], "outlets to compare; all if empty"),
    "target": Parameter(str, "", "outlet whose words are looked for; the first in the alphabet if empty"),
    "reference": Parameter(str, "", "outlet it is compared with; all others if empty"),
    "model": Parameter(str, DEFAULT_MODEL, "name or path of a spaCy pipeline, or python:module:function"),
    "language": Parameter(str, DEFAULT_LANGUAGE, "articles in other languages are listed, not analysed"),
    "unit": Parameter(str, "word", "unit of a term: word, lemma, 2-gram or 3-gram", among=TERM_UNITS),
    "min_count": Parameter(int, 3, "terms with fewer occurrences in all are left out", least=1, most=MAX_COUNT),
    "stop_words": Parameter(bool, False, "compare the words of data/en/stop_words.csv too (the, of, will)"),
    "fold": Parameter(bool, True, "count different spellings as one term (U.S., US, United States)"),
    "include_headline": Parameter(bool, True, "count the words of headlines, in the text or only in its metadata"),
    "include_quoted": Parameter(bool, True, "count the words between quotation marks"),
    "min_confidence": Parameter(float, MIN_QUOTATION_CONFIDENCE, "quotations found with less confidence are left out;"
                                " 0.0 to 1.0", least=0.0, most=1.0),
    "chart": Parameter(str, "forest", "how differences are drawn: forest (log ratio, interval) or bars (rates of both)",
                       among=CHART_TYPES),
    "sheets": Parameter(list, [], "coded sheets of `samestory sample`; empty: the measured accuracy of this version"),
    "key": Parameter(str, "", "the key of these sheets; the one next to them if empty"),
    "top_n": Parameter(int, 15, "rows that a table or chart shows", least=1, most=MAX_COUNT),
}


def read_declared(notebook: Path) -> dict[str, Any]:
    """The parameters that a notebook declares in its cell tagged `parameters`, with their defaults.

    Raises
    ------
    SameStoryError
        If it has no such cell.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    if not tagged:
        raise SameStoryError(f"{notebook.name}: expected a cell tagged parameters, found none")
    source = "".join(tagged[0]["source"])
    return {node.target.id: ast.literal_eval(node.value) for node in ast.parse(source).body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None}


def parse_parameters(assignments: list[str], declared: set[str]) -> dict[str, Any]:
    """Values given as NAME=VALUE, converted to each parameter's type; `event` may be given several times.

    Raises
    ------
    SameStoryError
        If a name is not declared by any notebook, or a value does not fit its type.

    >>> parse_parameters(["top_n=5", "outlets=CGTN, CNN"], {"top_n", "outlets"})
    {'top_n': 5, 'outlets': ['CGTN', 'CNN']}
    >>> parse_parameters(['outlets="Post, The", Record (Kelby, Ohio)'], {"outlets"})
    {'outlets': ['Post, The', 'Record (Kelby, Ohio)']}
    """
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise SameStoryError(f"expected NAME=VALUE, found {assignment!r}")
        if name not in declared:
            raise unknown_name("parameter", name, declared)
        value = _convert_value(name, text)
        values[name] = [*values[name], *value] if name in WHOLE_PARAMETERS and name in values else value
    return check_parameters(values)


def read_parameters(path: str | Path, declared: set[str]) -> dict[str, Any]:
    """Values of a YAML or JSON file of NAME: VALUE, the format of `papermill -f`; it is data, and names no code.

    Raises
    ------
    SameStoryError
        If the file cannot be read, contains a name or value that `parse_parameters` would refuse, or names a function.
    """
    values = _load_yaml(Path(path))
    if not isinstance(values, dict):
        raise SameStoryError(f"{str(path)!r}: expected lines of NAME: VALUE, found {type(values).__name__}")
    for name in values:
        if name not in declared:
            raise unknown_name("parameter", str(name), declared)
    whole = {name for name, value in values.items()
             if type(value) is int and PARAMETERS[name].type is float and abs(value) < MAX_COUNT}
    values |= {name: [values[name]] for name in WHOLE_PARAMETERS if isinstance(values.get(name), str)}
    checked = check_parameters(values | {name: float(values[name]) for name in whole})
    if is_function_model(checked.get("model", "")):
        raise SameStoryError(f"{str(path)!r}: a file of parameters cannot name a function to run, found the model"
                             f" {checked['model']!r}; if you trust it, give it in the command: -p model=...")
    return checked


def _load_yaml(path: Path) -> Any:  # whatever the file holds
    import yaml
    try:
        if (size := path.stat().st_size) > MAX_PARAMETER_FILE_BYTES:
            raise SameStoryError(f"cannot read parameters from {str(path)!r}: expected at most"
                                 f" {MAX_PARAMETER_FILE_BYTES:,} bytes, found {size:,}")
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise SameStoryError(f"cannot read parameters from {str(path)!r}: expected lines of NAME: VALUE, found lists"
                             " many deep") from None
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: not UTF-8, an impossible date
        raise SameStoryError(f"cannot read parameters from {str(path)!r}: {error}") from error


def check_parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters among `values` (a notebook passes `globals()`), checked.

    Raises
    ------
    SameStoryError
        If a value is not of its parameter's type, or is out of range.
    """
    known = {name: value for name, value in values.items() if name in PARAMETERS}
    for name, value in known.items():
        _check_value(name, value, PARAMETERS[name])
    return known


def _convert_value(name: str, text: str) -> Any:  # the parameter's own type
    kind = PARAMETERS[name].type
    if name in WHOLE_PARAMETERS:
        return [text.strip()] if text.strip() else []
    if kind is list:
        return [part.strip(' "') for part in LISTED_VALUE_PATTERN.findall(text) if part.strip(' "')]
    if kind is bool and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if len(text) > MAX_ARGUMENT_CHARS:
        return text  # which is no number
    if kind is float and re.fullmatch(r"\d+(\.\d+)?", text.strip()):
        return float(text)
    if kind is int and text.strip().removeprefix("-").isdecimal():
        return int(text)
    return text


def _check_value(name: str, value: Any, parameter: Parameter) -> None:  # the value may have any type
    is_kind = type(value) is parameter.type
    if parameter.type is list and is_kind:
        is_kind = all(isinstance(item, str) for item in value)
    if not is_kind:
        raise SameStoryError(f"parameter {name}: expected {PARAMETER_TYPE_NAMES[parameter.type]}, such as"
                             f" {parameter.default!r}; found {_show_value(value)}")
    if parameter.least is not None and value < parameter.least:
        raise SameStoryError(f"parameter {name}: expected at least {parameter.least}, found {_show_value(value)}")
    if parameter.most is not None and value > parameter.most:
        raise SameStoryError(f"parameter {name}: expected at most {parameter.most}, found {_show_value(value)}")
    if name == "language" and not re.fullmatch(r"[a-z]{2}", value):
        raise SameStoryError(f"parameter language: expected two lower-case letters such as 'en', found {value!r}")
    if parameter.among and value not in parameter.among:
        raise unknown_name(name, value, parameter.among)


def _show_value(value: Any) -> str:  # the value may have any type
    """A wrong value as Python writes it, cut if it is long."""
    try:
        shown = repr(value)
    except ValueError:  # an integer of very many digits
        return "a number of thousands of digits"
    return shown if len(shown) <= MAX_SHOWN_VALUE_CHARS else f"{shown[:MAX_SHOWN_VALUE_CHARS]}…"
