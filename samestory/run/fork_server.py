"""A warm process that forks kernels, so that all notebooks and the annotation of their corpus import pandas once.

`python -m samestory.run.fork_server PIPE [CORPUS MODEL LANGUAGE]` forks a process that makes the tables of a corpus, if
one is given; the end of that process closes the pipe. Meanwhile it imports the modules that every notebook needs, then
reads connection files from its standard input, one per line, forks a kernel for each and answers with the kernel's
process id. When its standard input ends, so does it, along with all that it forked. It runs no notebook and reads no
article. It is used only where processes can be forked safely (not on macOS or Windows); elsewhere, or if
SAMESTORY_WARM is 0, each kernel is a new process, and the process that asks for tables makes them.
"""

import ctypes
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from threading import Lock

import samestory
from samestory.base.garbage import collect_garbage_rarely

# Imported by what makes tables and by notebooks alike.
TABLE_LIBRARIES = ("pandas", "pyarrow.parquet", "duckdb", "samestory.cache.locks", "samestory.tables.tables",
                   "samestory.link.link")
# Imported by what notebooks call, beside the modules of the public functions themselves.
KERNEL_LIBRARIES = ("ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.oinspect",
                    "pdb", "sqlite3", "pandas.core.methods.to_dict", "pandas.core.reshape.reshape",
                    "pandas.io.formats.csvs", "pyarrow.acero", "pyarrow.dataset", "scipy.sparse", "scipy.special",
                    "matplotlib.backends.backend_svg", "rensa")
KERNEL_OPTIONS = ("--HistoryManager.enabled=False",)  # nobody scrolls back in a report's kernel
PR_SET_PDEATHSIG = 1  # of Linux's prctl: the signal that a process gets when its parent ends


class ForkedKernel:
    """A forked kernel, with the part of the `subprocess.Popen` interface that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs, else 0; only its parent knows its exit status."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    wait = poll

    def send_signal(self, number: int) -> None:
        """Send the kernel a signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to exit."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)


class WarmProcess:
    """The owner's handle on the warm process: started at once, asked for kernels later.

    Parameters
    ----------
    tables : the arguments of `samestory.tables.annotator.make_tables`, if tables are to be made
    """

    def __init__(self, *tables: str) -> None:
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # other threads do not survive a fork
        self._end_of_tables, pipe = os.pipe()
        # -P: nothing in the working folder is imported, by it or by what it forks
        self._process = subprocess.Popen([sys.executable, "-P", "-m", "samestory.run.fork_server", str(pipe), *tables],
                                         env=os.environ | one_thread, start_new_session=True,  # Ctrl-C is for its owner
                                         pass_fds=(pipe,), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        os.close(pipe)
        assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._lock = Lock()

    def wait_for_tables(self) -> None:
        """Wait until the tables are made, or could not be."""
        os.read(self._end_of_tables, 1)

    def fork(self, connection_file: str) -> ForkedKernel:
        """Fork a kernel that listens on a connection file.

        Raises
        ------
        OSError
            If the process has ended.
        """
        with self._lock:
            if self._process.poll() is None:
                self._requests.write(connection_file + "\n")
                self._requests.flush()
            answer = self._answers.readline().strip()
        if not answer:
            raise OSError("the process that forks kernels has ended")
        return ForkedKernel(int(answer))

    def kill(self) -> None:
        """End the process at once, even if it is not ready yet, and every kernel still running."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it, and forget it."""
        self.kill()
        with self._lock:  # no thread waits for an answer any more
            with suppress(BrokenPipeError):
                self._requests.close()
            self._answers.close()
        os.close(self._end_of_tables)


@contextmanager
def warm_process(*tables: str) -> Iterator[WarmProcess | None]:
    """A warm process (see there) that ends with the context; None where kernels cannot be forked."""
    if not sys.platform.startswith("linux") or os.environ.get("SAMESTORY_WARM") == "0":
        yield None
        return
    with closing(WarmProcess(*tables)) as warm:
        yield warm


def serve_kernels(pipe: int, *tables: str) -> None:
    """Make tables, if any are given, and fork a kernel for each line of standard input; answer with its process id."""
    gc.disable()
    for module in TABLE_LIBRARIES:
        import_module(module)
    provenance = import_module("samestory.tables.provenance")
    provenance.digest_code(), provenance.list_versions()  # kept for what is forked
    if tables and os.fork() == 0:
        _leave_warm_process()
        os._exit(import_module("samestory.tables.annotator").make_tables(*tables))
    os.close(pipe)
    _prepare_kernels()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels leave no zombie
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner handles Ctrl-C
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            _run_kernel(line.strip())
        with suppress(ProcessLookupError):
            os.setpgid(pid, pid)  # before anyone knows the pid, so that signals to its group reach only it
        try:
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
        except BrokenPipeError:  # its owner was killed
            os._exit(1)


def _prepare_kernels() -> None:
    """Import once what every kernel would."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # a kernel ends itself when its parent has ended
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # makes it look missing: nobody debugs a report
    for module in KERNEL_LIBRARIES:
        import_module(module)
    for name in samestory.__all__:
        getattr(samestory, name)


def _leave_warm_process() -> None:
    """Become a process of its own, which ends with the warm process but has none of its pipes and signals."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    gc.freeze()  # else the first collection would copy everything imported
    gc.enable()
    collect_garbage_rarely()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)


def _run_kernel(connection_file: str) -> None:
    """Become a kernel; never returns."""
    _leave_warm_process()
    sys.argv = ["ipykernel_launcher", "-f", connection_file, *KERNEL_OPTIONS]
    from ipykernel.kernelapp import IPKernelApp
    try:
        IPKernelApp.launch_instance(argv=sys.argv[1:])
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve_kernels(int(sys.argv[1]), *sys.argv[2:])
    os._exit(0)  # skips Python's shutdown, which takes a second
