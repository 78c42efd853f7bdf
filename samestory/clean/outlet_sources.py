"""Outlet sources: from which of its sources an article's outlet is taken, if none is given.

A known outlet in the name of a folder comes first, then one in the file's name or address, then whatever the folder is
called. Names of days, numbers and words such as `articles` are no outlets.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from samestory.clean.outlets import UNKNOWN_OUTLET, Outlets, find_host
from samestory.read.formats.formats import ARCHIVE_ENDINGS
from samestory.read.formats.place_names import keep_naming_words, may_name_outlet

MAX_NAME_WORDS = 4  # of an outlet at the beginning or end of a file's name
VOWEL_PATTERN = re.compile(r"[aeiouy]")


class OutletSource(NamedTuple):
    """An outlet as its source writes it, and which source that is: empty if it is a surer one than a mere name."""

    written: str
    named_by: str = ""


def infer_outlet(path: str, url: str, outlets: Outlets) -> OutletSource:
    """The outlet of an article of which no outlet is given, from its folders, the file's name and its address."""
    folders = [name for name in _list_folders(path) if may_name_outlet(name)]
    for folder in folders:
        if written := _find_written(folder, outlets):
            return OutletSource(written)
    host = find_host(url)
    if named := _find_in_file_name(PurePosixPath(path).name, outlets):
        return OutletSource(named, "file's name")
    if known := outlets.name_host(host):
        return OutletSource(known)
    if folders:
        return OutletSource(folders[0], "folder's name")
    return OutletSource(host, "address") if host else OutletSource(UNKNOWN_OUTLET)


def _list_folders(path: str) -> Iterator[str]:
    """The folders and archives of an article, innermost first, without the archives' endings: cnn for `cnn.zip`."""
    for part in reversed(PurePosixPath(path).parts[:-1]):
        while PurePosixPath(part).suffix.lower() in ARCHIVE_ENDINGS:
            part = PurePosixPath(part).stem
        yield part


def _find_written(name: str, outlets: Outlets) -> str | None:
    """The words of a name that are a known outlet's: `fox_news` and `cnn_articles_2` name one."""
    words = keep_naming_words(name)
    tried = (name, name.replace("_", " ").replace("-", " "), " ".join(words))
    found = next((text for text in tried if outlets.is_listed(outlets.name(text))), None)
    return found or _find_joined_words("".join(words), outlets)


def _find_in_file_name(name: str, outlets: Outlets) -> str | None:
    """A known outlet that is a file's whole name, or is at its beginning or end and could be nothing else."""
    words = keep_naming_words(PurePosixPath(name).stem)
    if not words:
        return None
    whole = " ".join(words)
    if outlets.is_listed(outlets.name(whole)):
        return whole
    found = {outlet for n in range(min(MAX_NAME_WORDS, len(words)), 0, -1) for part in (words[:n], words[-n:])
             if (outlet := _name_surely(part, outlets))}
    return found.pop() if len(found) == 1 else None


def _name_surely(words: list[str], outlets: Outlets) -> str | None:
    """The outlet that words name: several, an acronym, or several in one."""
    name = " ".join(words)
    if len(words) == 1 and not (name.isupper() or not VOWEL_PATTERN.search(name.lower())):
        return None if outlets.find(name) else _find_joined_words(name, outlets)
    return outlets.find(name)


def _find_joined_words(name: str, outlets: Outlets) -> str | None:
    """The outlet whose name has these letters without its blanks, or its domain before `.com`."""
    return outlets.find_squashed(name.lower()) or outlets.name_host(f"{name.lower()}.com")
