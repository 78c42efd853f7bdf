"""Running notebooks: one process runs all of them at once with papermill, one thread per notebook.

The kernels communicate over local sockets, not TCP, so that parallel runs never compete for a port.
Times and paths that papermill writes into a notebook are removed, so that it depends only on its input.
"""

import samestory.base.jupyter_imports  # noqa: F401, I001 -- before any Jupyter import

import logging
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Event
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import ensure_event_loop
from traitlets import default

from samestory.base.disk_room import is_out_of_room
from samestory.cache.folder import open_socket_folder
from samestory.run.fork_server import WarmProcess
from samestory.run.parameters import read_declared

CELL_TIMEOUT_SECONDS, KERNEL_START_SECONDS = 1_800, 120
KERNEL_KILLED_REASON = ("its kernel was killed: there was too little memory, or a library crashed; close other"
                        " programs, run fewer notebooks at once with --only, or compare fewer articles")
KERNEL_END_SECONDS = 2  # for papermill to notice that its kernel was killed
KERNEL_POLL_SECONDS = 0.01  # between two looks whether a killed kernel has ended; Jupyter's own number is 0.1
TERMINAL_ESCAPE_PATTERN = re.compile(r"\x1b\[[0-9;]*m")
KEPT_NOTEBOOK_METADATA = ("kernelspec", "language_info", "title", "question")


@dataclass
class NotebookRun:
    """The result of a run: the executed notebook, the error if there was one, and the time it took."""

    name: str
    notebook: nbformat.NotebookNode
    seconds: float
    error: str = ""


class RunningKernels:
    """The kernels of a run, so that all of them can be killed at once, those that are being started too."""

    def __init__(self) -> None:
        self._processes: list[Any] = []
        self.are_killed = False
        self.may_run = Event()  # until it is set, kernels start, but run no cell

    def add(self, process: Any) -> None:  # a Popen or a ForkedKernel
        """Add a kernel; it is killed if the others were."""
        self._processes.append(process)
        if self.are_killed:
            self.kill()

    def kill(self) -> None:
        """Kill them."""
        self.are_killed = True
        self.may_run.set()
        for process in tuple(self._processes):
            with suppress(OSError):
                process.kill()


class LocalKernelManager(AsyncKernelManager):
    """A kernel on sockets in its own folder, which is removed with it; forked if there is a `warm` process."""

    warm: WarmProcess | None = None
    running: RunningKernels

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"

    @default("ip")
    def _default_ip(self) -> str:
        if self.transport == "tcp":
            return "127.0.0.1"
        self._sockets = ExitStack()
        return f"{self._sockets.enter_context(open_socket_folder())}/k"

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        local = self.provisioner
        assert isinstance(local, LocalProvisioner)  # the kernelspec python3 names no other provisioner
        try:
            kernel = self.warm.fork(self.connection_file) if self.warm else None
        except (OSError, ValueError):  # the warm process has ended, and its pipes may be closed
            kernel = None
        if self.running.are_killed:
            raise InterruptedError("the run was stopped")
        if kernel is None:
            safe = {**os.environ, **(options.get("env") or {}), "PYTHONSAFEPATH": "1"}  # as -P of the warm process
            await super()._async_launch_kernel(kernel_cmd, **options | {"env": safe})
        else:
            local.process = kernel  # type: ignore[assignment]  # it uses only the part of Popen that ForkedKernel has
            local.pid = local.pgid = kernel.pid
        self.running.add(local.process)

    _launch_kernel = _async_launch_kernel

    async def _async_wait(self, pollinterval: float = KERNEL_POLL_SECONDS) -> None:
        await super()._async_wait(pollinterval)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        if not restart and hasattr(self, "_sockets"):
            self._sockets.close()

    cleanup_resources = _async_cleanup_resources


def run_notebooks(notebooks: Iterable[Path], parameters: dict[str, Any], *,
                  prepare: Callable[[], None] = lambda: None,
                  finish: Callable[[NotebookRun], None] = lambda run: None,
                  warm: WarmProcess | None = None) -> list[NotebookRun]:
    """Run notebooks in parallel, each with the parameters it declares.

    Parameters
    ----------
    notebooks : the notebooks' files; they are not changed
    parameters : values by name
    prepare : called once while kernels start; no cell is run before it has returned
    finish : called with each run as it ends
    warm : the process that forks kernels; without it each kernel is a new process

    Returns
    -------
    The runs in the order of `notebooks`; a failed one holds its outputs up to the error.
    """
    notebooks, running = list(notebooks), RunningKernels()
    pool = ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))  # half the time is spent waiting
    futures = [pool.submit(_run_in_own_loop, path, parameters, warm, running) for path in notebooks]
    try:
        prepare()
        running.may_run.set()
        for future in as_completed(futures):
            finish(future.result())
    except BaseException:  # Ctrl-C, no article to compare, or no room to write
        logging.getLogger("papermill").disabled = True  # it would report each kernel that is killed here
        running.kill()
        if warm:
            warm.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        wait(futures, timeout=KERNEL_END_SECONDS)
        raise
    pool.shutdown()
    return [future.result() for future in futures]


def _run_in_own_loop(path: Path, parameters: dict[str, Any], warm: WarmProcess | None,
                     running: RunningKernels) -> NotebookRun:
    """Run a notebook in a thread, and close the thread's event loop, which Jupyter does not."""
    with closing(ensure_event_loop()):
        return run_notebook(path, parameters, warm=warm, running=running)


def run_notebook(path: Path, parameters: dict[str, Any], *, warm: WarmProcess | None = None,
                 running: RunningKernels | None = None) -> NotebookRun:
    """Run one notebook with papermill; an error in it is part of the result.

    Raises
    ------
    OSError
        If there is no room for temporary files.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    declared = read_declared(path)
    given = {name: value for name, value in parameters.items() if name in declared}
    started, error = [time.perf_counter()], ""

    def wait_for_start(notebook: nbformat.NotebookNode) -> None:  # nbclient's name for its argument
        if running:
            running.may_run.wait()
        started[0] = time.perf_counter()

    folder = Path(mkdtemp(prefix="samestory-"))
    executed = folder / path.name
    try:
        papermill.execute_notebook(
            path, executed, parameters=given, kernel_name="python3", progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, start_timeout=KERNEL_START_SECONDS,
            execution_timeout=CELL_TIMEOUT_SECONDS, on_notebook_start=wait_for_start,
            kernel_manager_class=type("Kernels", (LocalKernelManager,), {
                "warm": warm, "running": running or RunningKernels()}), shutdown_kernel="immediate")
    except PapermillExecutionError as failed:
        error = f"{failed.ename}: {failed.evalue}"
    except DeadKernelError:
        error = KERNEL_KILLED_REASON
    except Exception as failed:  # a notebook that cannot be run must not stop the others
        if is_out_of_room(failed):
            raise
        error = f"{type(failed).__name__}: {failed}"
    notebook = _read_executed(executed, path)
    shutil.rmtree(folder, ignore_errors=True)
    return NotebookRun(path.stem, strip_metadata(notebook), time.perf_counter() - started[0],
                       TERMINAL_ESCAPE_PATTERN.sub("", error))


def _read_executed(executed: Path, path: Path) -> nbformat.NotebookNode:
    """The notebook as far as it was executed; as it was, if that was not written, or not wholly."""
    try:
        read: nbformat.NotebookNode = nbformat.read(executed, as_version=4)
    except (OSError, ValueError):  # nbformat's NotJSONError is a ValueError
        read = nbformat.read(path, as_version=4)
    return read


def strip_metadata(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook without metadata that depends on when and where it ran; executions are numbered from 1."""
    notebook.metadata = nbformat.from_dict({name: notebook.metadata[name] for name in KEPT_NOTEBOOK_METADATA
                                            if name in notebook.metadata})
    count = 0
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code" and cell.execution_count is not None:
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    return notebook
