"""Seals: the digests of the files of a stored folder, written with them and verified before they are used.

A folder is written under a temporary name, sealed, and renamed, in that order on the disk too; so after a loss of
power it is complete, missing, or recognised as damaged. A damaged folder is removed, and its user makes it again.
Parquet's own checksums would not do: they cover neither a file's footer nor its page headers, and DuckDB ignores them.
"""

import json
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from samestory.base.digests import digest_content
from samestory.base.progress import write_notice
from samestory.cache.folder import open_unfinished

SEAL_FILE = "sealed.json"
MAX_PARALLEL_SYNCS = 16  # the disk confirms many files in the time it takes for one


def keep_folder(unfinished: Path, folder: Path, keys: Iterable[str] = ()) -> None:
    """Seal a finished folder and give it its name, once all of it is on the disk.

    Parameters
    ----------
    unfinished : the folder under its temporary name
    folder : its path from now on
    keys : what the folder is found by, kept in its seal

    Raises
    ------
    OSError
        If a folder has that name already.
    """
    files = sorted(path for path in unfinished.rglob("*") if path.is_file())
    digests = {path.relative_to(unfinished).as_posix(): digest_content(path) for path in files}
    seal = unfinished / SEAL_FILE
    seal.write_text(json.dumps({"sha256": digests, "keys": list(keys)}), encoding="utf-8")
    with ThreadPoolExecutor(MAX_PARALLEL_SYNCS) as pool:
        list(pool.map(sync_to_disk, [*files, seal]))
    for path in {unfinished, *(file.parent for file in files)}:
        sync_to_disk(path)
    unfinished.rename(folder)
    sync_to_disk(folder.parent)


def read_sealed_keys(folder: Path) -> list[str] | None:
    """The keys of a sealed folder; None if it has no readable seal."""
    seal = _read_seal(folder)
    return None if seal is None else list(seal["keys"])


def is_whole(folder: Path) -> bool:
    """Whether every file of a folder is as it was when the folder was sealed; False if there is no such folder."""
    seal = _read_seal(folder)
    try:
        return seal is not None and all(digest_content(folder / name) == digest
                                        for name, digest in seal["sha256"].items())
    except (OSError, ValueError):  # also of a name that no file can have
        return False


def drop_damaged(folder: Path) -> None:
    """Remove a folder that is not whole, and say so; a folder that does not exist is no matter."""
    if not folder.exists():
        return
    write_notice(f"samestory: {str(folder)!r} in the cache is damaged or incomplete; it is removed and made again")
    with open_unfinished(folder.parent) as removed, suppress(FileNotFoundError):  # another process was first
        folder.rename(removed / folder.name)


def sync_to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk; Windows has no such call for folders."""
    if sys.platform == "win32":
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _read_seal(folder: Path) -> dict[str, Any] | None:
    try:
        seal = json.loads((folder / SEAL_FILE).read_bytes())
        files, keys = seal["sha256"], seal["keys"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return seal if isinstance(files, dict) and isinstance(keys, list) and set(map(type, keys)) <= {str} else None
