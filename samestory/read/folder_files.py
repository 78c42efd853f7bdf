"""The files of a corpus folder, and what in it is not read, with the reason.

Somebody else may have made the folder: links out of it would pull other files of the user into a report, pipes never
end, and reports and tables that samestory wrote there are no articles. Nothing is opened here but a `run.json`.
"""

import json
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

RUN_FILE = "run.json"  # of a report
EVENT_REPORTS_SUFFIX = "-events"  # of the folder that has a report of each event, after the corpus's name
OWN_TABLE_FILES = {"articles.parquet", "sentences.parquet", "tokens.parquet", "problems.parquet"}
MAX_RUN_FILE_BYTES = 10_000_000
LINK_REFUSAL = "a link to a place outside the folder, which is not followed; to have it read, put a copy there"


@dataclass(frozen=True)
class RefusedPath:
    """A path in a corpus folder that is not read: why, and how severe that is."""

    path: Path
    reason: str
    severity: str = "error"


@dataclass
class FolderFiles:
    """The files in a folder, and the paths in it that are refused."""

    files: list[Path] = field(default_factory=list)
    refused: list[RefusedPath] = field(default_factory=list)


def list_folder_files(root: Path, *, most_deep: int | None = None) -> FolderFiles:
    """Every file in a folder and its subfolders, sorted by path; links to folders are not followed.

    Dot folders are left out without a word, and so are folders in which a browser keeps the pictures and scripts of a
    saved page.

    Parameters
    ----------
    root : the folder
    most_deep : 1 for the files of the folder itself, 2 for those of its subfolders too; None for all
    """
    found, home, waiting = FolderFiles(), Path(os.path.realpath(root)), [(root, 1)]
    while waiting:  # not recursive: folders may be a thousand deep
        folder, depth = waiting.pop()
        subfolders = _list_one_folder(folder, root, home, found)
        if most_deep is None or depth < most_deep:
            waiting += [(subfolder, depth + 1) for subfolder in subfolders]
    found.files.sort(key=lambda path: path.as_posix())
    found.refused.sort(key=lambda refused: refused.path.as_posix())
    return found


def list_matching_files(pattern: Path, root: Path) -> FolderFiles:
    """The files below a folder whose paths match a glob; `**` is any number of folders.

    glob.glob would follow links to folders, and take forever where two of them lead upwards.
    """
    parts = pattern.relative_to(root).parts
    listed = list_folder_files(root, most_deep=None if "**" in parts else len(parts))
    return FolderFiles([path for path in listed.files if _match_parts(path.relative_to(root).parts, parts)],
                       [refused for refused in listed.refused
                        if refused.severity == "note" or _match_parts(refused.path.relative_to(root).parts, parts)])


def _match_parts(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern or not parts:
        return not parts and set(pattern) <= {"**"}
    if pattern[0] == "**":
        return any(_match_parts(parts[i:], pattern[1:]) for i in range(len(parts) + 1))
    return fnmatchcase(parts[0], pattern[0]) and _match_parts(parts[1:], pattern[1:])


def check_paths(paths: Iterable[Path], root: Path) -> FolderFiles:
    """The files among chosen paths of a folder."""
    home, found = Path(os.path.realpath(root)), FolderFiles()
    for path in paths:
        if reason := find_refusal(path, home):
            found.refused.append(RefusedPath(path, reason))
        else:
            found.files.append(path)
    return found


def _list_one_folder(folder: Path, root: Path, home: Path, found: FolderFiles) -> list[Path]:
    """Add the files of one folder; returns its subfolders."""
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        found.refused.append(RefusedPath(folder, f"a folder that cannot be opened: {error.strerror}"))
        return []
    names = {entry.name for entry in entries}
    if folder != root and (own := name_own_output(folder, names)):
        found.refused.append(RefusedPath(folder, own, "note"))
        return []
    skipped = {Path(name).stem + "_files" for name in names if is_page(name)}
    folders = []
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            folders += [path] if not entry.name.startswith(".") and entry.name not in skipped else []
        elif not entry.is_file(follow_symlinks=False) and (reason := find_refusal(path, home)):
            found.refused.append(RefusedPath(path, reason))
        else:
            found.files.append(path)
    return folders


def is_page(name: str) -> bool:
    """Whether a file's name is that of a web page."""
    return name.lower().endswith((".html", ".htm"))


def find_refusal(path: Path, home: Path) -> str:
    """Why a path that is no folder is not read; empty if it is. `home` is the real path of the corpus."""
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(home):
        return LINK_REFUSAL
    if target.is_dir():
        return "a link to a folder, which is not followed"
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return f"cannot be opened: {error.strerror}"
    return "" if is_file else "not a file but a pipe, socket or device"


def name_own_output(folder: Path, names: set[str]) -> str:
    """What samestory wrote into a folder, if it did: a report, or tables; else nothing."""
    if names >= OWN_TABLE_FILES:
        return "tables that samestory wrote; not read as articles"
    if RUN_FILE in names and _is_report(folder / RUN_FILE):
        return "a report that samestory wrote; not read as articles"
    if folder.name.endswith(EVENT_REPORTS_SUFFIX) and any(_is_report(folder / name / RUN_FILE) for name in names):
        return "reports that samestory wrote; not read as articles"
    return ""


def _is_report(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > MAX_RUN_FILE_BYTES:
            return False
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and {"fingerprint", "files", "status"} <= record.keys()
