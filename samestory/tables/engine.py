"""The engine that runs annotation: this process, local Dask workers, or a Dask scheduler.

The unit of work is a part: a batch of articles that becomes one folder of Parquet files in the store.
Every mode runs the same function, so the tables are the same. A part that breaks its worker is halved
until the responsible article is alone; this article becomes a problem, and all others are annotated.
"""

import hashlib
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from samestory import __version__
from samestory.annotate.models import is_tokens_model
from samestory.base.errors import SameStoryError
from samestory.base.language import use_language
from samestory.cache.parts import Store
from samestory.clean.articles import Article
from samestory.tables.cluster import SHARED_CACHE_ADVICE, check_workers, connect_cluster, count_workers
from samestory.tables.provenance import digest_pipeline
from samestory.tables.work import Work

if TYPE_CHECKING:
    import pyarrow as pa
    from distributed import Client, Future

    PartFuture = Future[dict[str, str]]

MAX_PART_ARTICLES, MIN_PART_ARTICLES, MAX_WORK_PART_CHARS = 50, 5, 250_000
# articles that this process annotates in the time in which workers would start (second number: tokens only)
MAX_INLINE_ARTICLES, MAX_INLINE_TOKEN_ARTICLES = 100, 5_000
MAX_INLINE_CHARS = 50_000_000  # of the articles that are read ahead to find out whether there are more
QUEUED_PARTS_PER_WORKER = 2  # parts waiting for each worker, so that no worker waits for a part
PART_SHARES_PER_WORKER = 4  # parts per worker that remaining articles are cut into; more make the last ones smaller
MAX_BROKEN_PARTS = 10  # parts that broke a worker, after which these are run one by one
MAX_FATAL_ARTICLES = 3  # articles that fail before any is annotated: then the articles are not the cause
STALLED_AFTER_SECONDS = 60  # time without a result after which the workers are counted

Keyed = tuple[str, Article]  # an article with its key, a digest of everything that its annotation depends on
PartNames = dict[str, str]  # the name of the part that holds each article, by the article's key


@dataclass(frozen=True)
class Engine:
    """How the work is run: in `workers` local processes (None: as many as are useful), or by a scheduler."""

    workers: int | None = None
    cluster: str | None = None
    dashboard: bool = False  # whether the address of Dask's dashboard is printed


class BrokenPart(Exception):
    """A part that killed its worker or did not fit into memory; the message says which."""


def cut_parts(articles: Iterable[Keyed], *,
              most: Callable[[], int] = lambda: MAX_PART_ARTICLES) -> Iterator[list[Keyed]]:
    """Articles in parts of at most 50 articles or 250,000 code points, whichever comes first.

    Parameters
    ----------
    articles : each with its key
    most : called for each part; returns a number below 50 for the last parts, so that all workers end together
    """
    part: list[Keyed] = []
    size = room = 0
    for key, article in articles:
        length = len(article.row["text"])
        if part and (len(part) >= room or size + length > MAX_WORK_PART_CHARS):
            yield part
            part, size = [], 0
        room = room if part else min(most(), MAX_PART_ARTICLES)
        part.append((key, article))
        size += length
    if part:
        yield part


def annotate_part(part: list[Keyed], work: Work) -> PartNames:
    """Annotate one part into the store.

    Raises
    ------
    SameStoryError
        If this process has another package or model than the one that results are stored for.
    """
    from samestory.annotate.annotate import annotate_articles
    use_language(work.language)
    if digest_pipeline(work.model) != work.pipeline:  # on a worker that joined after the others were checked
        raise SameStoryError(f"a worker has samestory {__version__} where {work.version} is expected, or other code,"
                             f" data or model {work.model!r}; install the same where it runs")
    tables = annotate_articles([article for _, article in part], model=work.model)
    return _write_part(part, work.store, tables)


def _write_part(part: list[Keyed], store: Store, tables: "dict[str, pa.Table]") -> PartNames:
    keys = [key for key, _ in part]
    name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
    store.write_part(name, tables, keys)
    return dict.fromkeys(keys, name)


def annotate_missing(articles: Iterable[Keyed], work: Work, engine: Engine, *,
                     count_left: Callable[[], int]) -> Iterator[PartNames]:
    """Annotate articles as they come; yields the part names of each part when it is done, in any order.

    If no number of workers is given, this process does all the work for up to 100 articles, or up to 5,000 if the
    model makes only tokens.

    Parameters
    ----------
    articles : each with its key; read only as fast as workers become free
    work : the store of the results, and the pipeline that makes them
    engine : the processes to run in
    count_left : returns the number of articles that may still follow

    Raises
    ------
    SameStoryError
        If no scheduler answers, or its workers cannot do this work.
    """
    for result in _run_on_engine(articles, work, engine, count_left):
        if not all(map(work.store.holds, set(result.values()))):
            raise SameStoryError(f"a worker's results in {work.store} are not visible to this process;"
                                 f" {SHARED_CACHE_ADVICE}")
        yield result


def _run_on_engine(articles: Iterable[Keyed], work: Work, engine: Engine,
                   count_left: Callable[[], int]) -> Iterator[PartNames]:
    articles, n_workers = iter(articles), engine.workers
    if n_workers is None and not engine.cluster:
        most = MAX_INLINE_TOKEN_ARTICLES if is_tokens_model(work.model) else MAX_INLINE_ARTICLES
        first, is_all = _read_ahead(articles, most)
        n_workers = 1 if is_all else count_workers()
        articles = chain(first, articles)
    if n_workers == 1 and not engine.cluster:
        yield from _run_parts(cut_parts(articles), partial(_run_here, work=work), work)
        return
    with _explain_lost_scheduler(), connect_cluster(n_workers, engine.cluster, dashboard=engine.dashboard) as client:
        check_workers(client, work)
        yield from run_on_cluster(client, articles, work, count_left=count_left)


def _read_ahead(articles: Iterator[Keyed], most: int) -> tuple[list[Keyed], bool]:
    """The first articles, and whether there are no more: at most `most`, with at most 50 million code points."""
    first: list[Keyed] = []
    size = 0
    for keyed in articles:
        first.append(keyed)
        size += len(keyed[1].row["text"])
        if len(first) > most or size > MAX_INLINE_CHARS:
            return first, False
    return first, True


@contextmanager
def _explain_lost_scheduler() -> Iterator[None]:
    """Explain the error of a scheduler that has ended, which Dask's client would log as a traceback."""
    from distributed import CancelledError
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    except (CancelledError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of a file; Dask's have no number
            raise
        raise SameStoryError("the Dask scheduler has ended; finished articles are kept: run again") from error
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _run_here(part: list[Keyed], work: Work) -> PartNames:
    try:
        return annotate_part(part, work)
    except MemoryError as error:
        raise BrokenPart("its annotation did not fit into memory") from error


def _run_parts(parts: Iterable[list[Keyed]], run: Callable[[list[Keyed]], PartNames], work: Work, *,
               n_done: int = 0) -> Iterator[PartNames]:
    """Run parts one by one, after `n_done` others; a part that breaks is halved until it is one article.

    Such articles are stored as failures once another one was annotated: until then, the cause may lie elsewhere.
    """
    held: list[tuple[list[Keyed], str]] = []
    waiting: list[list[Keyed]] = []
    parts = iter(parts)
    while part := waiting.pop() if waiting else next(parts, None):
        try:
            yield run(part)
            n_done += 1
        except BrokenPart as error:
            if len(part) > 1:
                waiting += [part[len(part) // 2:], part[:len(part) // 2]]
                continue
            held.append((part, f"not annotated: {error}"))
            if not n_done and len(held) == MAX_FATAL_ARTICLES:
                raise SameStoryError(f"no article can be annotated, neither {part[0][1].article_id!r} nor others:"
                                     f" {error}; give each worker more memory, about 1 GB, or start fewer") from error
        while n_done and held:
            yield _write_failure(*held.pop(0), work)
    for part, reason in held:
        yield _write_failure(part, reason, work)


def _write_failure(part: list[Keyed], reason: str, work: Work) -> PartNames:
    """Store an article that cannot be annotated, with only its lines and the reason."""
    from samestory.annotate.annotate import annotate_articles
    [(_, article)] = part
    problem = {"article_id": article.article_id, "path": article.row["path"], "step": "annotate", "severity": "error",
               "reason": reason}
    listed = replace(article, row=article.row | {"counted": False}, problems=[*article.problems, problem])
    return _write_part(part, work.store, annotate_articles([listed], model=work.model))


def run_on_cluster(client: "Client", articles: Iterable[Keyed], work: Work, *,
                   count_left: Callable[[], int]) -> Iterator[PartNames]:
    """Annotate articles on a cluster, a few parts at a time; yields the part names of each part.

    The last parts are smaller, so that all workers end together. A part that broke its worker is run again
    when no other part runs.
    """
    n_workers, n_done = len(client.nthreads()), 0
    doing: dict[PartFuture, list[Keyed]] = {}
    broken: list[list[Keyed]] = []
    parts = cut_parts(articles,
                      most=lambda: max(MIN_PART_ARTICLES, count_left() // (PART_SHARES_PER_WORKER * n_workers)))
    while True:
        room = (1 + QUEUED_PARTS_PER_WORKER) * max(1, len(client.nthreads())) - len(doing)
        for part in islice(parts, max(0, room) if len(broken) < MAX_BROKEN_PARTS else 0):
            doing[_submit(client, part, work, retries=1)] = part
        if doing:
            for future in _wait(client, doing):
                part = doing.pop(future)
                try:
                    yield _take_result(future)
                    n_done += 1
                except BrokenPart:
                    broken.append(part)
        elif broken:
            yield from _run_parts(broken, partial(_run_alone, client=client, work=work), work, n_done=n_done)
            broken = []
        else:
            return


def _run_alone(part: list[Keyed], client: "Client", work: Work) -> PartNames:
    """Run a part while nothing else runs, so that a failure can only be its own."""
    future = _submit(client, part, work)
    _wait(client, [future])
    return _take_result(future)


def _submit(client: "Client", part: list[Keyed], work: Work, *, retries: int = 0) -> "PartFuture":
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph")  # a part is as large as its largest article
        return client.submit(annotate_part, part, work, pure=False, retries=retries)


def _wait(client: "Client", futures: "Iterable[PartFuture]") -> "set[PartFuture]":
    """The futures that are done, as soon as one is."""
    from distributed import wait
    while True:
        try:
            with client.as_current():
                ended = wait(list(futures), timeout=STALLED_AFTER_SECONDS, return_when="FIRST_COMPLETED")
                return set(ended.done)
        except TimeoutError as error:
            if not client.nthreads():
                raise SameStoryError("no worker is left; finished articles are kept: start workers and run"
                                     " again") from error


def _take_result(future: "PartFuture") -> PartNames:
    """The result of a part; raises `BrokenPart` if its worker was killed."""
    from distributed import KilledWorker
    try:
        return dict(future.result())
    except KilledWorker as error:
        raise BrokenPart(f"it killed the {error.allowed_failures + 1} workers that tried it, one after the other"
                         " (out of memory, or a crash in a library)") from error
    except MemoryError as error:
        raise BrokenPart("its annotation did not fit into memory") from error
