"""The folder of a report: what lies in it already, what of that is the user's, and how a new report takes its place.

Files that are not of a report are never touched, nor is the report of another corpus; a notebook that the user changed
is kept next to the new one. What systems and programs leave in folders that one looks at is no obstacle.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from samestory.base.errors import SameStoryError
from samestory.read.folder_files import RUN_FILE
from samestory.report.pdf import name_pdf

INDEX_FILE = "index.html"  # the front page
SYSTEM_FILE_PATTERN = re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.directory|\.~lock\..*#|~\$.*",
                                 re.IGNORECASE)  # of macOS, Windows, KDE, LibreOffice and Word
CHECKPOINT_FOLDER = ".ipynb_checkpoints"  # of JupyterLab, where a notebook was opened
EDITED_NOTEBOOK_PATTERN = re.compile(r"[^/]+\.edited(-\d+)?\.ipynb")


def is_current(folder: Path, fingerprint: str) -> bool:
    """Whether the folder contains exactly this report, complete and unchanged."""
    record = read_run_file(folder)
    return (record.get("fingerprint") == fingerprint and record.get("status") == "ok"
            and all(_has_digest(folder / name, digest) for name, digest in record["files"].items()))


def check_report_folder(folder: Path, *, corpus: str, place: str, content: str) -> None:
    """Refuse a folder that is no report, or that of another corpus, or that cannot be written to.

    Parameters
    ----------
    folder : where the report is to be
    corpus : the corpus, as the user named it
    place, content : digests of where it is, and of its files; another corpus differs in both
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        found |= {"."} if folder.is_symlink() or (folder.exists() and not folder.is_dir()) else set()
    except OSError as error:
        raise SameStoryError(f"cannot write the report to {str(folder)!r}: {error.strerror}") from error
    record = read_run_file(folder)
    if foreign := sorted(name for name in found - _list_own_files(record) if not _is_harmless(name)):
        raise SameStoryError(f"{str(folder)!r} contains {foreign[0]!r}, which is not part of a report; choose another"
                             " folder with --reports, or move it away")
    if record.get("place", place) != place and record["provenance"].get("input") != content:
        raise SameStoryError(f"{str(folder)!r} is the report of another corpus of this name, {record.get('corpus')!r},"
                             f" expected that of {corpus!r}; choose another folder with --reports, or move it away")


def read_run_file(folder: Path) -> dict[str, Any]:
    """The run.json of a report; empty if there is none, or it is not one of ours."""
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(record, dict) or not isinstance(record.get("files"), dict):
        return {}
    return record if isinstance(record.get("provenance"), dict) else record | {"provenance": {}}


def _has_digest(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _list_own_files(record: dict[str, Any]) -> set[str]:
    """The files of a report, and the PDFs that may have been printed from its pages."""
    files = set(record.get("files", ()))
    return files | {RUN_FILE} | {name_pdf(name) for name in files if name.endswith(".html")}


def _is_harmless(name: str) -> bool:
    """Whether a file was left by a system or a program, or is a notebook that was kept."""
    path = PurePosixPath(name)
    return bool(SYSTEM_FILE_PATTERN.fullmatch(path.name) or EDITED_NOTEBOOK_PATTERN.fullmatch(name)
                or path.parent.name == CHECKPOINT_FOLDER)


def replace_report(folder: Path, finished: Path) -> list[str]:
    """Replace the previous report with the finished one; returns the names of the notebooks newly kept."""
    kept = list(_keep_edited(folder, finished))
    if folder.exists():
        replaced = finished.with_name(f"{finished.name}-replaced")
        folder.rename(replaced)
        finished.rename(folder)
        shutil.rmtree(replaced, ignore_errors=True)
    else:
        finished.rename(folder)
    return kept


def _keep_edited(folder: Path, finished: Path) -> Iterator[str]:
    """Copy the notebooks that the user changed since they were written, and those kept before."""
    for path in sorted(folder.glob("*.ipynb")):
        if EDITED_NOTEBOOK_PATTERN.fullmatch(path.name):
            shutil.copy(path, finished)
    for name, digest in read_run_file(folder).get("files", {}).items():
        path = folder / name
        if path.suffix == ".ipynb" and path.parent == folder and path.is_file() and not _has_digest(path, digest):
            kept = _choose_free_name(finished, path.stem)
            shutil.copy(path, finished / kept)
            yield kept


def _choose_free_name(folder: Path, stem: str) -> str:
    name, n = f"{stem}.edited.ipynb", 1
    while (folder / name).exists():
        n += 1
        name = f"{stem}.edited-{n}.ipynb"
    return name
