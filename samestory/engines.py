"""Where annotation runs: in this process, in local Dask workers, or on a Dask scheduler.

The unit of work is a part: a run of articles that becomes one folder of Parquet files, written
under a temporary name and renamed. Every mode runs the same function, so the tables are the same.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from samestory.articles import Article
from samestory.batches import cut_batches

PART_ARTICLES, PART_CHARACTERS = 50, 250_000
KEYS = "keys.json"
TIMEOUT = "10s"  # for a scheduler to answer


def cut_parts(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Articles in runs of at most 50 articles or 250,000 code points, whichever comes first."""
    return cut_batches(articles, lambda article: len(article.row["text"]), most_size=PART_CHARACTERS,
                       most_items=PART_ARTICLES)


def annotate_part(part: list[tuple[str, Article]], *, store: Path, model: str) -> dict[str, str]:
    """Annotate one part into a folder of `store`; the folder's name by each article's key.

    Parameters
    ----------
    part : each article with its key, a digest of all that its annotation depends on
    store : folder of parts, shared by all workers
    model : name or path of a spaCy pipeline, or `python:module:function`
    """
    import pyarrow.parquet as pq

    from samestory.annotate import annotate_articles
    keys = [key for key, _ in part]
    folder = store / hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
    unfinished = Path(mkdtemp(prefix="unfinished-", dir=store))
    for name, table in annotate_articles([article for _, article in part], model=model).items():
        pq.write_table(table, unfinished / f"{name}.parquet", compression="zstd")
    (unfinished / KEYS).write_text(json.dumps(keys), encoding="utf-8")
    try:
        unfinished.rename(folder)
    except OSError:  # another worker finished the same part first
        shutil.rmtree(unfinished)
    return dict.fromkeys(keys, folder.name)


def run_parts(parts: Iterable[list[tuple[str, Article]]], *, store: Path, model: str,
              workers: int | None = None, cluster: str | None = None) -> Iterator[dict[str, str]]:
    """Annotate parts as they come; yields each part's result when it is done, in any order.

    Parameters
    ----------
    parts : each article with its key
    store : folder of parts; workers on other machines must see it under the same path
    workers : local processes; without it the work is done in this one
    cluster : address of a Dask scheduler
    """
    work = partial(annotate_part, store=store, model=model)
    if not cluster and (workers or 1) == 1:
        yield from map(work, parts)
        return
    from distributed import as_completed
    with _connect(workers, cluster) as client:
        futures = [client.submit(work, part, pure=False) for part in parts]
        for future in as_completed(futures):
            yield future.result()


@contextmanager
def _connect(workers: int | None, cluster: str | None):  # distributed is imported here only
    from distributed import Client, LocalCluster

    from samestory.errors import SameStoryError
    if not cluster:
        with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as local, \
                Client(local) as client:
            yield client
        return
    try:
        client = Client(cluster, timeout=TIMEOUT)
    except (OSError, ValueError) as error:
        raise SameStoryError(f"no Dask scheduler answers at {cluster!r} ({error}); expected an address such as"
                             " tcp://10.0.0.1:8786, from the first line that `dask scheduler` prints") from error
    with client:
        yield client
