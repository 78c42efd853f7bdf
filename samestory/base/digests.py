"""Digests of the package's own files, which are part of the keys of stored results.

A key covers only the rooms whose code a result depends on, so that annotated articles survive a change to a
style sheet.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from samestory.base.resources import PACKAGE_FOLDER, resource

CODE_SUFFIXES = (".py", ".j2", ".css", ".html", ".json")
RESOURCE_FOLDERS = ("data", "notebooks", "seeds")  # a wheel has them inside the package
ROOMS_OF_ANNOTATION = ("base", "clean", "annotate")  # not "read": its result, the text, is part of an article's key
ROOMS_OF_TABLES = (*ROOMS_OF_ANNOTATION, "cache", "read", "link", "story", "count", "tables")
FILES_OF_NO_LANGUAGE = ("aliases.csv", "cities.csv", "outlet_words.csv", "outlets.csv", "places.csv")
RESOURCE_SUFFIXES = (".csv", ".npz")  # words and weights
WORDS_OF_MEASURES = ("label_nouns.csv", "variants.csv")  # not used before terms are counted


def digest_files(paths: Iterable[Path], root: Path) -> str:
    """A digest of the files' names below `root` and their bytes."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def digest_content(path: Path) -> str:
    """A digest of a file's bytes, which are never in memory at once."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_folder(folder: Path, pattern: str = "**/*") -> str:
    """A digest of the files below a folder, except byte code."""
    files = (path for path in folder.glob(pattern) if path.is_file() and "__pycache__" not in path.parts)
    return digest_files(files, folder)


@cache
def digest_rooms(*rooms: str) -> str:
    """A digest of the modules and templates in some rooms (folders of samestory/); by default all of them."""
    folders = [PACKAGE_FOLDER / room for room in rooms] or [PACKAGE_FOLDER]
    own = (path for folder in folders for path in folder.rglob("*") if path.suffix in CODE_SUFFIXES)
    return digest_files((path for path in own if path.relative_to(PACKAGE_FOLDER).parts[0] not in RESOURCE_FOLDERS),
                        PACKAGE_FOLDER)


@cache
def digest_data() -> str:
    """A digest of every language resource in data/."""
    data = resource("data")
    return digest_files((path for path in data.rglob("*") if path.suffix in RESOURCE_SUFFIXES), data)


@cache
def digest_annotation_words(language: str) -> str:
    """A digest of the words that annotation uses: those of one language, and names and outlets of all languages."""
    data = resource("data")
    words = (path for path in (data / language).glob("*") if path.suffix in RESOURCE_SUFFIXES
             and path.name not in WORDS_OF_MEASURES)
    return digest_files([*words, *(data / name for name in FILES_OF_NO_LANGUAGE)], data)
