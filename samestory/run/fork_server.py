"""A warm process that forks kernels, so that four notebooks import pandas once, not four times.

`python -m samestory.run.fork_server` imports the modules that every notebook needs, then reads connection
files from its standard input, one per line, forks a kernel for each and answers with the kernel's process id.
When its standard input ends, so does it, along with its kernels. It runs no notebook and reads no article. It is
used only where processes can be forked safely (not on macOS or Windows); elsewhere, or if SAMESTORY_WARM
is 0, each kernel is a new process.
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

# Imported by what notebooks call, beside the modules of the public functions themselves.
KERNEL_LIBRARIES = ("ipykernel.kernelapp", "IPython.core.completerlib", "IPython.core.oinspect", "sqlite3", "pandas",
                    "pandas.core.methods.to_dict", "pandas.core.reshape.reshape", "pandas.io.formats.csvs",
                    "pyarrow.parquet", "pyarrow.acero", "pyarrow.dataset", "duckdb", "scipy.sparse", "scipy.special",
                    "matplotlib.backends.backend_svg", "samestory.cache.locks", "rensa")
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
    """The owner's handle on the warm process: started at once, asked for kernels later."""

    def __init__(self) -> None:
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # other threads do not survive a fork
        # -P: nothing in the working folder is imported, by it or by its kernels
        self._process = subprocess.Popen([sys.executable, "-P", "-m", "samestory.run.fork_server"],
                                         env=os.environ | one_thread, start_new_session=True,  # Ctrl-C is for its owner
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._lock = Lock()

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


@contextmanager
def warm_process() -> Iterator[WarmProcess | None]:
    """A warm process that ends with the context; None where kernels cannot be forked."""
    if not sys.platform.startswith("linux") or os.environ.get("SAMESTORY_WARM") == "0":
        yield None
        return
    with closing(WarmProcess()) as warm:
        yield warm


def serve_kernels() -> None:
    """Fork a kernel for each line of standard input; answer with its process id."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # a kernel ends itself when its parent has ended
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
    """Import and read once what every kernel would."""
    collect_garbage_rarely()
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # makes it look missing: nobody debugs a report
    for module in KERNEL_LIBRARIES:
        import_module(module)
    for name in samestory.__all__:
        getattr(samestory, name)
    import_module("samestory.tables.provenance").digest_code()
    gc.collect()
    gc.freeze()  # else the first collection of each kernel would copy everything imported


def _run_kernel(connection_file: str) -> None:
    """Become a kernel, which ends with the warm process; never returns."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):  # the pipes of the warm process
        os.dup2(nowhere, number)
    sys.argv = ["ipykernel_launcher", "-f", connection_file, *KERNEL_OPTIONS]
    from ipykernel.kernelapp import IPKernelApp
    try:
        IPKernelApp.launch_instance(argv=sys.argv[1:])
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve_kernels()
    os._exit(0)  # skips Python's shutdown, which takes a second
