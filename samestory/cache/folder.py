"""The cache folder, and folders that are first written under a temporary name, or are temporary altogether.

Folders that killed processes left are recognised by their released locks, and swept by the next run of their owner.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from samestory.base.errors import SameStoryError
from samestory.cache.remote import find_local, is_url

UNFINISHED_PREFIX, RUN_FOLDER_PREFIX = "unfinished-", "samestory-run-"
SOCKET_FOLDER_PREFIX, UNIQUE_NAME_CHARS = "samestory-kernel-", 16
SYSTEM_TEMPORARY_FOLDER = Path("/tmp")  # its path is short; used if that of the temporary folder is too long
MAX_SOCKET_FOLDER_CHARS = 96  # systems allow 104 and more for the path of a socket, of which 8 are for its name
PRIVATE_FOLDER_MODE, FOLDER_MODE = 0o700, 0o777  # for the user alone; as the user's umask says


def cache_folder() -> Path:
    """Where annotated articles are kept: $SAMESTORY_CACHE, else the platform's user cache folder, closed to others."""
    from platformdirs import user_cache_path
    chosen = read_cache_setting()
    if chosen and not is_url(chosen):
        return Path(chosen)
    folder = user_cache_path("samestory", appauthor=False)
    with suppress(OSError):  # if it cannot be made, writing to it says so
        folder.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
        if stat.S_IMODE(folder.stat().st_mode) != PRIVATE_FOLDER_MODE:
            folder.chmod(PRIVATE_FOLDER_MODE)
    return folder


def read_cache_setting() -> str:
    """The value of $SAMESTORY_CACHE, a path or a URL; empty if it is not set."""
    return find_local(os.environ.get("SAMESTORY_CACHE", ""))


@contextmanager
def open_unfinished(parent: Path, *, prefix: str = UNFINISHED_PREFIX, mode: int = FOLDER_MODE) -> Iterator[Path]:
    """A new folder to write in and then rename; whatever happens, nothing remains under the temporary name."""
    from samestory.cache.locks import FileLock
    folder = parent / f"{prefix}{uuid4().hex[:UNIQUE_NAME_CHARS]}"
    try:  # around the lock, too: a signal may come as soon as its file is there
        with FileLock(f"{folder}.lock"):
            try:
                folder.mkdir(mode=mode)
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        if not folder.exists():  # else another process still writes in it; the next run sweeps it
            with suppress(OSError):  # the next run may be sweeping it already
                Path(f"{folder}.lock").unlink(missing_ok=True)


def sweep_unfinished(parent: Path, *, prefix: str = UNFINISHED_PREFIX) -> None:
    """Remove folders left by killed processes of this user; a running process holds a lock on its folder."""
    from samestory.cache.locks import FileLock, Timeout
    for path in parent.glob(f"{prefix}*.lock"):
        with suppress(Timeout, OSError):
            if not _is_own_file(path):  # a link of somebody else, in a folder where all may write, leads anywhere
                continue
            with FileLock(path, timeout=0):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)


def _is_own_file(path: Path) -> bool:
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and (os.name != "posix" or found.st_uid == os.getuid())


@contextmanager
def open_run_folder() -> Iterator[Path]:
    """A private folder for every temporary file of this process and of those that it starts; it ends with the run.

    Those of runs that were killed are swept first.

    Raises
    ------
    SameStoryError
        If there is no place for temporary files.
    """
    with ExitStack() as opened:
        try:
            parent = Path(tempfile.gettempdir())
            sweep_unfinished(parent, prefix=RUN_FOLDER_PREFIX)
            folder = opened.enter_context(open_unfinished(parent, prefix=RUN_FOLDER_PREFIX, mode=PRIVATE_FOLDER_MODE))
        except OSError as error:
            raise SameStoryError(f"cannot write temporary files: {error}; free space there, or set TMPDIR to another"
                                 " folder") from error
        opened.callback(_set_temporary_folder, tempfile.tempdir, os.environ.get("TMPDIR"))
        _set_temporary_folder(str(folder), str(folder))
        yield folder


@contextmanager
def open_socket_folder() -> Iterator[Path]:
    """A private folder with a path short enough for sockets: in the temporary folder, else in that of the system.

    Raises
    ------
    OSError
        If neither has a short path that can be written to.
    """
    own = Path(tempfile.gettempdir())
    is_short = len(str(own / SOCKET_FOLDER_PREFIX)) + UNIQUE_NAME_CHARS <= MAX_SOCKET_FOLDER_CHARS
    parent = own if is_short else SYSTEM_TEMPORARY_FOLDER
    sweep_unfinished(parent, prefix=SOCKET_FOLDER_PREFIX)
    with open_unfinished(parent, prefix=SOCKET_FOLDER_PREFIX, mode=PRIVATE_FOLDER_MODE) as folder:
        yield folder


def _set_temporary_folder(here: str | None, for_others: str | None) -> None:
    """Where this process writes temporary files, and those that it starts; None: where they choose."""
    tempfile.tempdir = here
    os.environ.pop("TMPDIR", None)
    if for_others is not None:
        os.environ["TMPDIR"] = for_others
