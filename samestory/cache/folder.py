"""The cache folder, and folders in it that are first written under a temporary name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from samestory.cache.remote import find_local, is_url

UNFINISHED_PREFIX = "unfinished-"


def cache_folder() -> Path:
    """Where annotated articles are kept: $SAMESTORY_CACHE, else the platform's user cache folder."""
    from platformdirs import user_cache_path
    chosen = read_cache_setting()
    return Path(chosen) if chosen and not is_url(chosen) else user_cache_path("samestory", appauthor=False)


def read_cache_setting() -> str:
    """The value of $SAMESTORY_CACHE, a path or a URL; empty if it is not set."""
    return find_local(os.environ.get("SAMESTORY_CACHE", ""))


@contextmanager
def open_unfinished(parent: Path) -> Iterator[Path]:
    """A new folder to write in and then rename; whatever happens, nothing remains under the temporary name."""
    from filelock import FileLock
    folder = parent / f"{UNFINISHED_PREFIX}{uuid4().hex[:16]}"
    with FileLock(f"{folder}.lock"):
        try:
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            Path(f"{folder}.lock").unlink(missing_ok=True)


def sweep_unfinished(parent: Path) -> None:
    """Remove folders left by killed processes; a running process holds a lock on its folder."""
    from filelock import FileLock, Timeout
    for path in parent.glob(f"{UNFINISHED_PREFIX}*.lock"):
        with suppress(Timeout, OSError), FileLock(path, timeout=0):
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink(missing_ok=True)
