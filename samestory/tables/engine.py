"""Where annotation runs: in this process, in local Dask workers, or on a Dask scheduler.

The unit of work is a part: a run of articles that becomes one folder of Parquet files in the store.
Every mode runs the same function, so the tables are the same. A part that breaks its worker is halved
until the article that does so stands alone; that one is a problem, all others are annotated.
"""

import hashlib
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
    from distributed import Client, Future

MAX_PART_ARTICLES, MIN_PART_ARTICLES, MAX_WORK_PART_CHARS = 50, 5, 250_000
# articles, the latter for words alone, done here before others had started
MAX_INLINE_ARTICLES, MAX_INLINE_TOKEN_ARTICLES = 100, 5_000
MAX_INLINE_CHARS = 50_000_000  # of them, as they are read ahead to see whether there are more
QUEUED_PARTS_PER_WORKER = 2  # parts that wait for each worker, so that none waits for a part
PART_SHARES_PER_WORKER = 4  # of what is left for each worker: the larger, the smaller the parts at the end
MAX_BROKEN_PARTS = 10  # parts that broke a worker, before they are looked at one by one
MAX_FATAL_ARTICLES = 3  # articles that do so before any other is annotated: then it is not the articles
STALLED_AFTER_SECONDS = 60  # seconds without a result after which it is asked whether there are workers at all

Keyed = tuple[str, Article]  # an article with its key, a digest of all that its annotation depends on


@dataclass(frozen=True)
class Engine:
    """How the work is to be run: `workers` local processes (None: as many as pay), or a scheduler."""

    workers: int | None = None
    cluster: str | None = None
    dashboard: bool = False  # whether the address of Dask's dashboard is printed


class BrokenPart(Exception):
    """A part that its worker did not survive, or that did not fit into memory; the message says which."""


def cut_parts(articles: Iterable[Keyed], *,
              most: Callable[[], int] = lambda: MAX_PART_ARTICLES) -> Iterator[list[Keyed]]:
    """Articles in runs of at most 50 articles or 250,000 code points, whichever comes first.

    Parameters
    ----------
    articles : each with its key
    most : asked for each part, for fewer articles than 50: small parts at the end let all workers end together
    """
    part, size, room = [], 0, 0
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


def annotate_part(part: list[Keyed], work: Work) -> dict[str, str]:
    """Annotate one part into the store; the part's name by each article's key.

    Raises
    ------
    SameStoryError
        If the package or the model of this process is not the one that the results are kept under.
    """
    from samestory.annotate.annotate import annotate_articles
    use_language(work.language)
    if digest_pipeline(work.model) != work.pipeline:  # a worker that came after the others were looked at
        raise SameStoryError(f"a worker has samestory {__version__} where {work.version} is expected, or other code,"
                             f" data or model {work.model!r}; install the same where it runs")
    tables = annotate_articles([article for _, article in part], model=work.model)
    return _write_part(part, work.store, tables)


def _write_part(part: list[Keyed], store: Store, tables: dict) -> dict[str, str]:
    keys = [key for key, _ in part]
    name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
    store.write_part(name, tables, keys)
    return dict.fromkeys(keys, name)


def annotate_missing(articles: Iterable[Keyed], work: Work, engine: Engine, *,
                     count_left: Callable[[], int]) -> Iterator[dict[str, str]]:
    """Annotate articles as they come; yields each part's result when it is done, in any order.

    Without a number of workers, this process does it alone where 100 articles or fewer are to be done; for words
    alone, where 5,000 or fewer are.

    Parameters
    ----------
    articles : each with its key; read as far as workers are free for them
    work : where results go, and what makes them
    engine : where to run
    count_left : how many articles may still come, at most

    Raises
    ------
    SameStoryError
        If no scheduler answers, or its workers cannot do this work.
    """
    for result in _run_on_engine(articles, work, engine, count_left):
        if not all(map(work.store.holds, set(result.values()))):
            raise SameStoryError(f"a worker wrote to {work.store} what this process does not see there; {SHARED_CACHE_ADVICE}")
        yield result


def _run_on_engine(articles: Iterable[Keyed], work: Work, engine: Engine,
                   count_left: Callable[[], int]) -> Iterator[dict[str, str]]:
    articles, n_workers = iter(articles), engine.workers
    if n_workers is None and not engine.cluster:
        first, is_all = _read_ahead(articles,
                                    MAX_INLINE_TOKEN_ARTICLES if is_tokens_model(work.model) else MAX_INLINE_ARTICLES)
        n_workers = 1 if is_all else count_workers()
        articles = chain(first, articles)
    if n_workers == 1 and not engine.cluster:
        yield from _run_parts(cut_parts(articles), partial(_run_here, work=work), work)
        return
    with _explain_lost_scheduler(), connect_cluster(n_workers, engine.cluster, dashboard=engine.dashboard) as client:
        check_workers(client, work)
        yield from run_on_cluster(client, articles, work, count_left=count_left)


def _read_ahead(articles: Iterator[Keyed], most: int) -> tuple[list[Keyed], bool]:
    """The first articles, and whether they are all, being at most so many and of at most 50 million code points."""
    first, size = [], 0
    for keyed in articles:
        first.append(keyed)
        size += len(keyed[1].row["text"])
        if len(first) > most or size > MAX_INLINE_CHARS:
            return first, False
    return first, True


@contextmanager
def _explain_lost_scheduler() -> Iterator[None]:
    """Say that the scheduler is no longer there."""
    from distributed import CancelledError
    from distributed.comm import CommClosedError
    try:
        yield
    except (CancelledError, CommClosedError) as error:
        raise SameStoryError("the Dask scheduler went away; what was annotated is kept: run again") from error


def _run_here(part: list[Keyed], work: Work) -> dict[str, str]:
    try:
        return annotate_part(part, work)
    except MemoryError as error:
        raise BrokenPart("its annotation did not fit into memory") from error


def _run_parts(parts: Iterable[list[Keyed]], run: Callable[[list[Keyed]], dict[str, str]], work: Work, *,
               n_done: int = 0) -> Iterator[dict]:
    """Run parts one after the other, `n_done` being done before; one that breaks is halved until it is one article.

    Such articles are kept as failures once another was annotated: before, it may be none of them that is to blame.
    """
    held, waiting, parts = [], [], iter(parts)
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
                raise SameStoryError(f"no article can be annotated, {part[0][1].article_id!r} like others before it:"
                                     f" {error}; give each worker more memory, about 1 GB, or start fewer") from error
        while n_done and held:
            yield _write_failure(*held.pop(0), work)
    for part, reason in held:
        yield _write_failure(part, reason, work)


def _write_failure(part: list[Keyed], reason: str, work: Work) -> dict[str, str]:
    """Keep an article that cannot be annotated as its lines and the reason."""
    from samestory.annotate.annotate import annotate_articles
    [(_, article)] = part
    problem = {"article_id": article.article_id, "path": article.row["path"], "step": "annotate", "severity": "error",
               "reason": reason}
    listed = replace(article, row=article.row | {"counted": False}, problems=[*article.problems, problem])
    return _write_part(part, work.store, annotate_articles([listed], model=work.model))


def run_on_cluster(client: "Client", articles: Iterable[Keyed], work: Work, *,
                   count_left: Callable[[], int]) -> Iterator[dict[str, str]]:
    """Annotate articles on a cluster, a few parts at a time; yields each part's result.

    Parts get smaller at the end, so that all workers end together. One that broke its worker is run again
    when no other runs.
    """
    n_workers, doing, broken, n_done = len(client.nthreads()), {}, [], 0
    parts = cut_parts(articles,
                      most=lambda: max(MIN_PART_ARTICLES, count_left() // (PART_SHARES_PER_WORKER * n_workers)))
    while True:
        room = 0 if len(broken) >= MAX_BROKEN_PARTS else (1 + QUEUED_PARTS_PER_WORKER) * max(1,
                                                                                             len(client.nthreads())) - len(doing)
        for part in islice(parts, max(0, room)):
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


def _run_alone(part: list[Keyed], client: "Client", work: Work) -> dict[str, str]:
    """Run a part while nothing else runs, so that it and no other is to blame."""
    future = _submit(client, part, work)
    _wait(client, [future])
    return _take_result(future)


def _submit(client: "Client", part: list[Keyed], work: Work, *, retries: int = 0) -> "Future":
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph")  # a part is as large as its largest article
        return client.submit(annotate_part, part, work, pure=False, retries=retries)


def _wait(client: "Client", futures: Iterable) -> set:
    """The futures that are done, as soon as one is."""
    from distributed import wait
    while True:
        try:
            with client.as_current():
                return wait(list(futures), timeout=STALLED_AFTER_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError as error:
            if not client.nthreads():
                raise SameStoryError("no worker is left; what was annotated is kept: start workers and run"
                                     " again") from error


def _take_result(future: "Future") -> dict[str, str]:
    """The result of a part, or how it broke."""
    from distributed import KilledWorker
    try:
        return future.result()
    except KilledWorker as error:
        raise BrokenPart(f"it killed the {error.allowed_failures + 1} workers that tried it, one after the other"
                         " (out of memory, or a crash in a library)") from error
    except MemoryError as error:
        raise BrokenPart("its annotation did not fit into memory") from error
