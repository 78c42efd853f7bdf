"""What a result was made from: digests of code, data, notebooks and model weights, and versions.

Only the standard library is used, so that finding out that nothing changed takes no time.
"""

import hashlib
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.corpus import find_corpus
from samestory.models import DEFAULT_MODEL, find_model
from samestory.resources import PACKAGE, resource

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("samestory", "spacy", "thinc", "nltk", "pandas", "numpy", "scipy", "pyarrow", "duckdb", "matplotlib",
            "papermill", "nbconvert", "nbformat", "jinja2", "ipykernel", "py3langid", "charset-normalizer",
            "python-dateutil")


def digest_files(paths: Iterable[Path], root: Path) -> str:
    """A digest of the files' names below `root` and their bytes."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def digest_folder(folder: Path, pattern: str = "**/*") -> str:
    """A digest of the files below a folder, byte code left out."""
    files = (p for p in folder.glob(pattern) if p.is_file() and "__pycache__" not in p.parts)
    return digest_files(files, folder)


@cache
def digest_code() -> str:
    """A digest of the package's own modules and templates."""
    own = (p for p in PACKAGE.rglob("*") if p.suffix in {".py", ".j2", ".css", ".html", ".json"})
    inside = ("data", "notebooks", "seeds")  # the wheel carries these in the package
    return digest_files((p for p in own if p.relative_to(PACKAGE).parts[0] not in inside), PACKAGE)


@cache
def digest_data() -> str:
    """A digest of the language resources in data/."""
    return digest_folder(resource("data"), "*.csv")


@cache
def digest_weights(model: str = DEFAULT_MODEL) -> str:
    """A digest of every file of a spaCy pipeline."""
    return digest_folder(find_model(model))


def list_versions() -> dict[str, str]:
    """The versions of Python and of the packages that a result depends on."""
    versions = {"python": platform.python_version()}
    return versions | {name: metadata.version(name) for name in PACKAGES}


def digest_pipeline(model: str = DEFAULT_MODEL) -> str:
    """What an annotated article depends on besides its text: code, data, weights, versions."""
    versions = list_versions()
    parts = [digest_code(), digest_data(), digest_weights(model),
             *(f"{name} {version}" for name, version in versions.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def list_provenance(corpus: str | Path, *, model: str = DEFAULT_MODEL) -> "pd.DataFrame":
    """What a notebook's results were made from: digests and the model, no time, path or version.

    One row is a thing. Columns: name, value.
    """
    import pandas as pd
    rows = {"digest of the input": find_corpus(corpus).digest()[:16], "model": model,
            "digest of its weights": digest_weights(model)[:16]}
    return pd.DataFrame({"name": list(rows), "value": list(rows.values())})


def find_commit() -> str | None:
    """The checkout's commit, with ``+`` if files differ from it; None outside a checkout."""
    if not (PACKAGE.parent / ".git").exists():
        return None
    try:
        commit = _ask_git("rev-parse", "HEAD")
        return commit + ("+" if _ask_git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _ask_git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(PACKAGE.parent), *arguments],
                          check=True, capture_output=True, text=True)
    return done.stdout.strip()
