"""The reader process: reads files whose libraries take as much memory as a file demands, with a limit on its memory.

One process reads such files of a corpus one after another, so that its libraries are imported once. A file that ends
it, for lack of memory or by a crash in a library, becomes a problem, and the next file gets a new process. Linux
enforces the limit; on other systems only the ceilings of the formats apply.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from samestory.base.errors import Problem
from samestory.base.resources import PACKAGE_FOLDER
from samestory.read.files import is_read_here, make_problem, name_format, read_file
from samestory.read.formats.formats import Record, Unreadable

MAX_READER_MEMORY_BYTES = 1_000_000_000
READER_START_CODE = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
                     " from samestory.read.reader_process import serve_files; serve_files()")
READER_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
MEMORY_EXIT_STATUS = 3  # of a reader process that got no more memory


class ReaderLost(Exception):
    """The reader process has ended while it read a file."""


class ReaderProcess:
    """A process that reads files, started when the first file needs it; use it in a `with` statement."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "ReaderProcess":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def read(self, path: Path, relative: str) -> Iterator[Record | Problem]:
        """The articles and problems of a file; `relative` is its path in the corpus."""
        if is_read_here(path):
            yield from read_file(path, relative)
            return
        n = 0
        try:
            for answer in self._ask("read", path, relative):
                n += "article_id" in answer and "text" in answer
                yield Record(**answer) if "text" in answer else answer
        except ReaderLost:
            yield make_problem(relative, "error", "reading it takes more than"
                               f" {MAX_READER_MEMORY_BYTES // 1_000_000:,} MB of memory, or crashes its library;"
                               f" {f'only {n:,} articles of it are read' if n else 'it is not read'}: save it as text"
                               " or CSV, or split it")

    def read_cells(self, path: Path) -> Iterator[tuple[str, list[str]]]:
        """The rows of each tab of a workbook: the name of the tab, and the cells as text.

        Raises
        ------
        Unreadable
            If it cannot be read as a workbook.
        """
        try:
            for answer in _answer("cells", path) if is_read_here(path) else self._ask("cells", path):
                if isinstance(answer, str):
                    raise Unreadable(answer)
                yield answer
        except ReaderLost:
            raise Unreadable(f"reading it takes more than {MAX_READER_MEMORY_BYTES // 1_000_000:,} MB of memory, or"
                             " crashes its library; save it as CSV") from None

    def name(self, path: Path) -> str:
        """The name of the format that a file would be read as."""
        if is_read_here(path):
            return name_format(path)
        try:
            return "".join(self._ask("name", path))
        except ReaderLost:
            return "unreadable"

    def _ask(self, act: str, path: Path, relative: str = "") -> Iterator[Any]:
        """The answers of the process; if it ends before the last, or nobody wants them all, the next file restarts it.

        Raises
        ------
        ReaderLost
            If it ends before the last answer.
        """
        process = self._process = self._process or _start_reader()
        assert process.stdin is not None and process.stdout is not None  # both are pipes
        is_done = False
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps([act, str(path), relative]).encode() + b"\n")
                process.stdin.flush()
            for line in process.stdout:
                if line in (b"null\n", b"false\n"):
                    is_done = line == b"null\n"
                    return
                yield json.loads(line)
            raise ReaderLost
        finally:
            if not is_done:
                self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _start_reader() -> "subprocess.Popen[bytes]":
    paths = [str(PACKAGE_FOLDER.parent), *filter(None, sys.path)]  # not the working folder, which may be the corpus
    return subprocess.Popen([sys.executable, "-P", "-c", READER_START_CODE, json.dumps(paths)],
                            env=os.environ | READER_ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, start_new_session=True)


def serve_files() -> None:
    """Read the files that standard input names, one a line, and answer in lines of JSON; `null` is the last of a file.

    It is `false` if the file took so much memory that the next one should be read by another process.

    A message that a library prints goes to standard error.
    """
    _limit_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        for request in sys.stdin:
            act, path, relative = json.loads(request)
            for answer in _answer(act, Path(path), relative):
                found = asdict(answer) if isinstance(answer, Record) else answer
                answers.write(json.dumps(found).encode() + b"\n")
            answers.write(b"null\n" if _has_room() else b"false\n")
            answers.flush()
    except MemoryError:
        with suppress(MemoryError, OSError):
            answers.flush()
        os._exit(MEMORY_EXIT_STATUS)


def _answer(act: str, path: Path, relative: str = "") -> Iterator[Any]:
    """What is found in a file: a reason, as a string, if its cells cannot be read."""
    if act == "read":
        yield from read_file(path, relative)
    elif act == "name":
        yield name_format(path)
    else:
        from samestory.read.formats.workbook_cells import read_cells
        try:
            yield from read_cells(path)
        except Unreadable as error:
            yield str(error)


def _has_room() -> bool:
    """Whether this process never took half of the memory that it may take; what a library freed may be of no use."""
    if sys.platform != "linux":
        return True
    # Not getrusage, whose figure begins with that of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    most_kib = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    return 2_000 * most_kib < MAX_READER_MEMORY_BYTES


def _limit_memory() -> None:
    """Limit the data of this process, and leave no core dump when a library aborts."""
    with suppress(ImportError, OSError, ValueError):
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_READER_MEMORY_BYTES, MAX_READER_MEMORY_BYTES))
