"""Dask: starts local workers or connects to a scheduler, and checks that the workers can do the work.

Local workers are started by a separate process, so that a script needs no `if __name__ == "__main__"`, Ctrl-C
reaches only this process, and the workers end when this process does, however it ends. They obey only who has the
certificate of this run, which is never written to a file that others can read; other users of the machine have not.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from multiprocessing import get_all_start_methods
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

from samestory import __version__
from samestory.base.errors import SameStoryError
from samestory.base.language import DEFAULT_LANGUAGE, use_language
from samestory.tables.provenance import digest_pipeline, list_versions

if TYPE_CHECKING:
    from distributed import Client, Security

    from samestory.tables.work import Work

SCHEDULER_TIMEOUT_SECONDS = 8  # for a scheduler to answer, and for its first worker
DEFAULT_SCHEDULER_PORT, MAX_GREETING_BYTES = 8786, 1_000_000  # a scheduler's greeting has a few hundred bytes
WORKER_STOP_SECONDS = 60  # for local workers to end, on a loaded machine
MIN_WORKER_MEMORY_BYTES = 1_500_000_000
WORKERS_MEMORY_SHARE = 0.7  # of the machine's memory, for all workers together
WORKER_START_CODE = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
                     " from samestory.tables.cluster import serve_local_workers; serve_local_workers()")
WORKER_PRELOAD_MODULES = ["distributed", "spacy", "samestory.annotate.annotate"]  # imported once, for all local workers
# each worker has one thread; a part that kills its worker twice is run alone
WORKER_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
                      "PYTHONSAFEPATH": "1", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
                      "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
HAS_FORKSERVER = "forkserver" in get_all_start_methods()  # with it, a dead worker is replaced at once
# the pages that the scheduler and the workers serve by HTTP to every user of the machine: none
NO_PAGES_ENVIRONMENT = {"DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
                        "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]"}
if HAS_FORKSERVER:
    WORKER_ENVIRONMENT["DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD"] = "forkserver"
OPEN_CLUSTER_NOTE = ("note: whoever reaches this scheduler can run programs as the user of its workers; docs/cluster.md"
                     " says how to use tls:// instead\n")
SHARED_CACHE_ADVICE = "use a shared path or a URL for SAMESTORY_CACHE"


def count_workers() -> int:
    """The useful number of local workers: one per core, as far as memory allows."""
    from distributed.nanny import CPU_COUNT  # type: ignore[attr-defined]  # of dask, no direct dependency
    from distributed.system import MEMORY_LIMIT
    return max(1, min(CPU_COUNT, int(WORKERS_MEMORY_SHARE * MEMORY_LIMIT / MIN_WORKER_MEMORY_BYTES)))


@contextmanager
def connect_cluster(workers: int | None, cluster: str | None, *, dashboard: bool = False) -> Iterator["Client"]:
    """A client of a scheduler at an address, or of local workers that end with it.

    Raises
    ------
    SameStoryError
        If nothing answers at the address, or there are no workers.
    """
    if cluster:
        with _open_client(cluster, dashboard) as client:
            if sys.stderr is not None and not cluster.startswith("tls://"):
                sys.stderr.write(OPEN_CLUSTER_NOTE)
            yield client
    else:
        with start_workers(workers or 1, dashboard=dashboard) as (address, security), \
                _open_client(address, dashboard, security) as client:
            yield client


@contextmanager
def _open_client(address: str, dashboard: bool, security: "Security | None" = None) -> Iterator["Client"]:
    """A client of the scheduler at an address; without `security`, with what Dask's own configuration says."""
    from distributed import Client
    try:
        _check_greeting(address)
        client = Client(address, security=security, timeout=SCHEDULER_TIMEOUT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # TypeError: tls:// without certificates
        raise SameStoryError(f"no Dask scheduler answers at {address!r} ({error}); expected an address such as"
                             " tcp://10.0.0.1:8786, from the first line that `dask scheduler` prints") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=SCHEDULER_TIMEOUT_SECONDS)
        except TimeoutError as error:
            raise SameStoryError(f"the Dask scheduler at {address!r} has no workers; start some with"
                                 f" `dask worker {address} --nthreads 1`") from error
        if dashboard:
            sys.stderr.write(f"Dask's dashboard: {_find_dashboard(client)}\n")
        yield client


def _check_greeting(address: str) -> None:
    """Check the first bytes that a scheduler sends, since Dask's client would wait forever for any other program.

    They are the length of a message, in eight bytes. Only tcp addresses are checked.

    Raises
    ------
    OSError
        If nothing answers, or something other than a scheduler.
    """
    from distributed.comm.addressing import parse_address, parse_host_port
    scheme, place = parse_address(address)
    if scheme != "tcp":
        return
    with socket.create_connection(parse_host_port(place, DEFAULT_SCHEDULER_PORT),
                                  timeout=SCHEDULER_TIMEOUT_SECONDS) as connection:
        with connection.makefile("rb") as greeting:
            length = greeting.read(8)
    if len(length) < 8 or int.from_bytes(length, "little") > MAX_GREETING_BYTES:
        raise OSError("the program that answers is not a scheduler")


def _find_dashboard(client: "Client") -> str:
    """The dashboard's address, or that of the plain pages if bokeh, which draws it, is not installed."""
    from importlib.util import find_spec
    link = str(client.dashboard_link)
    return link if find_spec("bokeh") else link.removesuffix("status") + "info/main/workers.html"


@contextmanager
def start_workers(workers: int, *, dashboard: bool = False) -> Iterator[tuple[str, "Security"]]:
    """Start local workers in a separate process; yields the address of their scheduler, and the key to it."""
    from distributed import Security
    command = [sys.executable, "-c", WORKER_START_CODE, json.dumps(sys.path), str(workers)]
    environment = (os.environ | WORKER_ENVIRONMENT | ({} if dashboard else NO_PAGES_ENVIRONMENT)
                   | {"PYTHONPATH": os.pathsep.join(sys.path)})
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          start_new_session=True) as process:
        assert process.stdin is not None and process.stdout is not None  # both are pipes
        try:
            answer = process.stdout.readline().decode().strip()
            if not answer:
                raise SameStoryError(f"{workers} local Dask workers could not be started; their messages are above")
            address, certificate, key = json.loads(answer)
            yield address, Security(require_encryption=True, tls_ca_file=certificate, tls_client_cert=certificate,
                                    tls_client_key=key)
        except BaseException:  # Ctrl-C; what a worker leaves half-written is swept later
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            process.stdin.close()  # this ends the workers
            try:
                process.wait(WORKER_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def serve_local_workers() -> None:
    """Start local workers, print their scheduler's address and key, and end them when standard input ends."""
    import logging

    from distributed import LocalCluster, Security
    from distributed.config import config
    from distributed.system import MEMORY_LIMIT
    from distributed.utils import get_mp_context
    # By default Dask's workers return memory to the system at once, and spend a tenth of their time on page faults.
    config["distributed"]["nanny"]["pre-spawn-environ"] = {}
    workers, answer = int(sys.argv[2]), os.dup(1)
    os.dup2(2, 1)  # output of the workers must not fill a pipe that nobody reads
    if HAS_FORKSERVER:
        get_mp_context().set_forkserver_preload(WORKER_PRELOAD_MODULES)
    security = Security.temporary()
    with (suppress(KeyboardInterrupt), _explain_lost_worker(), TemporaryDirectory(prefix="samestory-") as own,
          LocalCluster(
              n_workers=workers, threads_per_worker=1, silence_logs=logging.CRITICAL, security=security,
              memory_limit=max(MIN_WORKER_MEMORY_BYTES, int(WORKERS_MEMORY_SHARE * MEMORY_LIMIT / workers)),
              local_directory=own,  # by default, a folder in which other users can read
              dashboard_address="127.0.0.1:0") as cluster):  # by default, Dask takes a port that others use, too
        secret = [cluster.scheduler_address, security.tls_client_cert, security.tls_client_key]
        os.write(answer, f"{json.dumps(secret)}\n".encode())
        os.close(answer)
        sys.stdin.read()


@contextmanager
def _explain_lost_worker() -> Iterator[None]:
    """Say in one line that a worker ended while it was started."""
    try:
        yield
    except RuntimeError as error:
        sys.exit(f"samestory: {error} A worker was killed while it started, or there is too little memory"
                 f" ({error.__cause__!r})")


def check_workers(client: "Client", work: "Work") -> None:
    """Check that every worker has this package, and that its output is visible here.

    Raises
    ------
    SameStoryError
        If a worker has a different version, code, data or model, or writes elsewhere.
    """
    versions = client.run(metadata.version, "samestory", on_error="return")  # works with any version
    for worker, version in sorted(versions.items()):
        if version != __version__:
            raise SameStoryError(f"worker {worker} has samestory {_format_worker_version(version)}, this process"
                                 f" {__version__}; install the same version where the worker runs")
    pipelines = client.run(describe_pipeline, work.model, work.language, on_error="return")
    for worker, found in sorted(pipelines.items()):
        _compare_pipelines(f"worker {worker}", found, describe_pipeline(work.model, work.language))
    probes = client.run(_write_probe, work, uuid4().hex, on_error="return")
    for worker, probe in sorted(probes.items()):
        if isinstance(probe, SameStoryError):
            raise SameStoryError(f"worker {worker}: {probe}")
        if isinstance(probe, Exception) or not work.store.take_probe(probe):
            raise SameStoryError(f"worker {worker} does not see {work.store}; {SHARED_CACHE_ADVICE}")


def describe_pipeline(model: str, language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """The versions and the digest that annotation depends on, which may differ between machines."""
    use_language(language)
    return list_versions() | {"pipeline": digest_pipeline(model)}


def _format_worker_version(found: object) -> str:
    return "not installed" if isinstance(found, metadata.PackageNotFoundError) else str(found)


def _compare_pipelines(worker: str, found: dict[str, str] | Exception, own: dict[str, str]) -> None:
    if isinstance(found, Exception):
        raise SameStoryError(f"{worker} cannot do this work: {type(found).__name__}: {found}")
    differing = [name for name in own if found.get(name) != own[name] and name != "pipeline"]
    if differing:
        listed = ", ".join(f"{name} {found.get(name, 'not installed')} (this process {own[name]})"
                           for name in differing)
        raise SameStoryError(f"{worker} has {listed}; install requirements.txt of the same version where it runs")
    if found != own:
        raise SameStoryError(f"{worker} has samestory {__version__} with different code, data or model: digest"
                             f" {found['pipeline'][:12]} (this process {own['pipeline'][:12]}); install the same there")


def _write_probe(work: "Work", name: str) -> str:
    """Write a probe of this worker to the store; returns its name."""
    name = f"{name}-{os.getpid()}-{uuid4().hex[:8]}"
    work.store.write_probe(name)
    return name
