"""Room on disks: recognises errors of writing that lack it, and finds the folder that they are about."""

import errno
import shutil
from pathlib import Path

NO_ROOM_ERRNOS = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)}
MIN_FREE_BYTES = 10_000_000  # with less, a disk counts as full


def is_out_of_room(error: BaseException) -> bool:
    """Whether something could not be written because a disk, a quota or the size of files is at its limit."""
    return isinstance(error, OSError) and error.errno in NO_ROOM_ERRNOS


def find_full_folder(error: BaseException, *folders: Path) -> Path:
    """Which of these folders an error is about: one that it names, one without room, or else the first."""
    named = [folder for folder in folders if str(folder) in str(error)]
    full = [folder for folder in folders if _measure_room(folder) < MIN_FREE_BYTES]
    return (named or full or list(folders))[0]


def _measure_room(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:  # it is not there yet
        return _measure_room(folder.parent) if folder != folder.parent else 0
