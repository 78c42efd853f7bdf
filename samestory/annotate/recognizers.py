"""Names from a user's own function, in place of the pipeline's: the model `python:package.module:function`.

`function(text)` is called once with an article's original text and returns (start, end, label) for each name: start
and end in code points of the text, end exclusive, and a label of RECOGNIZER_LABELS or LABEL_SYNONYMS. Names in lines
that are not analysed (bylines, credits) are skipped. A span that cuts a token is widened to include it; invalid spans
are left out and reported as problems. The rules of samestory/annotate/mentions follow, as after any model, without the
second opinion: a user's function knows better.
"""

import importlib
import importlib.util
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from importlib.machinery import ModuleSpec, PathFinder
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.annotate.models import FUNCTION_MODEL_PREFIX, is_function_model
from samestory.base.errors import SameStoryError, unknown_name

if TYPE_CHECKING:
    from samestory.annotate.parse import Parse

LABEL_SYNONYMS = {"PER": "PERSON", "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "LOCATION": "LOC", "FACILITY": "FAC"}
NAME_LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT")
# also labels of things that are not names; dates and times keep `on Monday` from becoming a speaker
RECOGNIZER_LABELS = (*NAME_LABELS,
                     "DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL", "LANGUAGE", "MISC")
EXPECTED_SPANS_MESSAGE = "expected an iterable of (start, end, label) with whole numbers and a text"
USER_NAMES_KEY = "names of a user's function"  # in the user_data of a Doc
MAX_WRONG_VALUE_CHARS = 60  # characters of a wrong value in a message

Recognizer = Callable[[str], Iterable[tuple[int, int, str]]]


@cache
def load_recognizer(model: str) -> Recognizer:
    """The function of a model of the form `python:package.module:function`.

    Raises
    ------
    SameStoryError
        If there is no such module or function, the module cannot be imported, or it is not a function.
    """
    module_name, name = _split_function_model(model)
    find_recognizer_source(model)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # a user's module may raise anything on import
        raise SameStoryError(f"the module {module_name!r} of the model {model!r} cannot be imported: "
                             f"{type(error).__name__}: {error}") from error
    if not hasattr(module, name):
        named = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise unknown_name(f"function of the module {module_name}", name, named)
    function: Recognizer = getattr(module, name)
    if not callable(function):
        raise SameStoryError(f"model {model!r}: expected a function that takes a text,"
                             f" found {_format_wrong_value(function)}")
    return function


def _split_function_model(model: str) -> tuple[str, str]:
    """The module and the function of a model.

    >>> _split_function_model("python:my_names.people:find_names")
    ('my_names.people', 'find_names')
    """
    found = re.fullmatch(r"((?!\d)\w+(?:\.(?!\d)\w+)*):((?!\d)\w+)", model.removeprefix(FUNCTION_MODEL_PREFIX))
    if not is_function_model(model) or not found:
        raise SameStoryError(f"expected a model of the form {FUNCTION_MODEL_PREFIX}package.module:function,"
                             f" found {model!r}")
    return found[1], found[2]


def find_recognizer_source(model: str) -> Path:
    """The file of the module of a user's function; nothing is imported.

    Raises
    ------
    SameStoryError
        If there is no such module, or it has no file.
    """
    module_name, _ = _split_function_model(model)
    spec = _find_spec(module_name)
    if spec is None or not spec.has_location or spec.origin is None:
        raise SameStoryError(f"no module {module_name!r} for the model {model!r} can be found; expected one that is "
                             "installed or in a folder of the environment variable PYTHONPATH")
    return Path(spec.origin)


def _find_spec(module_name: str) -> ModuleSpec | None:
    """The location of a module; unlike importlib's own function, this does not import the packages above it."""
    top, *below = module_name.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except ValueError:  # a module without a spec, such as __main__
        return None
    for name in below:
        if spec is None or spec.submodule_search_locations is None:
            return None
        spec = PathFinder.find_spec(f"{spec.name}.{name}", spec.submodule_search_locations)
    return spec


def find_recognizer_version(model: str) -> str:
    """The version of the package of a user's function, or its module's `__version__`, or nothing."""
    try:
        return metadata.version(_split_function_model(model)[0].partition(".")[0])
    except metadata.PackageNotFoundError:
        source = find_recognizer_source(model).read_text(encoding="utf-8", errors="replace")
        found = re.search(r"""^__version__\s*=\s*["']([^"'\n]{1,40})["']""", source, re.MULTILINE)
        return found[1] if found else ""


@dataclass
class _WrongSpans:
    """The spans of one article that were left out: by reason, their number and the first one."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, span: tuple[int, int, str]) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        self.first.setdefault(reason, _format_wrong_value(span))

    def list_reasons(self) -> list[str]:
        return [f"{n} of the recognizer's spans {reason}, the first {self.first[reason]}: left out"
                for reason, n in self.counts.items()]


def set_names(parse: "Parse", model: str) -> list[str]:
    """Set the entities of a parse to the names that a user's function finds; returns the problems, one line per kind.

    Raises
    ------
    SameStoryError
        If the function does not return spans.
    """
    from spacy.tokens import Span
    wrong = _WrongSpans()
    spans = sorted(set(_align_spans(_call_recognizer(model, parse.text), parse, wrong)),
                   key=lambda span: (span[0] - span[1], span))
    taken, kept = bytearray(len(parse.doc)), []
    for first, last, label in spans:  # the longest first, then the earliest, then by label
        if any(taken[first:last]):
            wrong.add("overlap with a longer or an earlier one", (*parse.span(first, last), label))
            continue
        taken[first:last] = b"\1" * (last - first)
        kept.append(Span(parse.doc, first, last, label))
    parse.doc.set_ents(kept)
    parse.doc.user_data[USER_NAMES_KEY] = True
    return wrong.list_reasons()


def _call_recognizer(model: str, text: str) -> Iterator[tuple[int, int, str]]:
    """The spans that a user's function returns, with their types checked."""
    try:
        found = load_recognizer(model)(text)
        spans = list(islice(found, len(text) + 1)) if isinstance(found, Iterable) else None
    except SameStoryError:
        raise
    except Exception as error:  # becomes a problem of the article that names the function
        raise RuntimeError(f"{model}: {type(error).__name__}: {error}") from error
    if spans is None or isinstance(found, str | bytes | dict):
        raise SameStoryError(f"{model} returned {_format_wrong_value(found)}; {EXPECTED_SPANS_MESSAGE}")
    if len(spans) > len(text):
        raise SameStoryError(f"{model} returned more spans than the text has characters ({len(text):,});"
                             f" {EXPECTED_SPANS_MESSAGE}")
    for span in spans:
        try:
            start, end, label = span
            yield operator.index(start), operator.index(end), _check_label(label)
        except (TypeError, ValueError) as error:
            raise SameStoryError(f"{model} returned a list with {_format_wrong_value(span)};"
                                 f" {EXPECTED_SPANS_MESSAGE}") from error


def _check_label(label: object) -> str:
    if not isinstance(label, str):
        raise TypeError(label)
    return str(label)


def _align_spans(spans: Iterable[tuple[int, int, str]], parse: "Parse",
                 wrong: _WrongSpans) -> Iterator[tuple[int, int, str]]:
    """The spans as tokens, first and last (exclusive), with spaCy's labels."""
    for span in spans:
        start, end, label = span
        label = LABEL_SYNONYMS.get(label, label)
        if not 0 <= start < end <= len(parse.text):
            wrong.add("are empty or out of range", span)
        elif label not in RECOGNIZER_LABELS:
            wrong.add(f"have a label that is none of {', '.join(NAME_LABELS)}", span)
        else:
            first, last = parse.tokens_within(start, end)
            if first < last and parse.paragraph_of[first] != parse.paragraph_of[last - 1]:
                wrong.add("cross the end of a paragraph", span)
            elif first < last:  # otherwise it is in a line that is not analysed
                yield first, last, label


def _format_wrong_value(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MAX_WRONG_VALUE_CHARS else f"{text[:MAX_WRONG_VALUE_CHARS]} …"
