"""Tables of a corpus: `load_tables` annotates what is missing, links, and returns the tables.

Annotated articles are stored by content, so that a second run annotates only new articles and a killed run
continues where it stopped. The tables of a corpus are a folder of Parquet files, one per table.
"""

import errno
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from samestory.annotate.models import DEFAULT_MODEL
from samestory.base.disk_room import find_full_folder
from samestory.base.errors import Problem, SameStoryError, unknown_name
from samestory.base.fields import list_fields, read_field_texts
from samestory.base.language import DEFAULT_LANGUAGE, use_language
from samestory.base.progress import choose_progress_options, write_notice
from samestory.base.schema import ANNOTATED_TABLES, RAW_TABLES_FOLDER, TABLE_ROW_ORDER, TABLES
from samestory.base.sql import ARTICLE_GROUP_CHARS, ARTICLE_GROUP_ROWS
from samestory.cache.folder import cache_folder, open_unfinished, sweep_unfinished
from samestory.cache.parts import KnownParts, Store
from samestory.cache.remote import check_writable, find_local, is_url, put_files
from samestory.cache.seals import drop_damaged, is_whole, keep_folder
from samestory.read.corpus import CORRECTIONS_FILE, SEED_CORPUS, Corpus, find_corpus
from samestory.tables.provenance import digest_pipeline, find_tables_folder
from samestory.tables.sample import MAX_SAMPLE_ARTICLES, event_folder, sample_folder

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from samestory.clean.articles import Article
    from samestory.tables.engine import Engine
    from samestory.tables.work import Work

READING_PROBLEMS_FILE = "reading.parquet"  # until they are joined with those of annotation
CACHE_WRITE_ERRNOS = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM",
                                                        "ENOTDIR", "ENAMETOOLONG") if hasattr(errno, name)}
DUCKDB_WRITE_FAILURE = "ould not write"  # part of DuckDB's message


@dataclass(frozen=True)
class Tables:
    """The tables of a corpus, each read when first used; with `outlets`, only the rows of those outlets."""

    folder: Path
    outlets: tuple[str, ...] = ()

    def read(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """One table of schema.py, or some of its columns, as a pandas table.

        Only `articles`, `lines` and `problems` have rows of articles that are not counted (duplicates, in
        another language, or no whole story).
        """
        frame = self.read_all(name)
        if name == "events":
            frame = frame[frame["event_id"].isin(self.articles["event_id"])].reset_index(drop=True)
        if name != "problems" and "article_id" in frame:
            chosen = self.article_ids if name in ("articles", "lines") else self.counted_ids
            frame = frame[frame["article_id"].isin(chosen)].reset_index(drop=True)
        return frame if columns is None else frame[columns]

    def read_all(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """One table of schema.py with every row, including those of other outlets and of duplicates.

        Raises
        ------
        SameStoryError
            If there is no such table, or the cache was removed.
        """
        import pandas as pd
        if name not in TABLES:
            raise unknown_name("table", name, TABLES)
        with _explain_cache_error():
            return pd.read_parquet(self.path(name), columns=columns)

    def path(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / f"{name}.parquet"

    @property
    def raw(self) -> "Tables":
        """The same tables before corrections.csv was applied; these tables themselves if there are no corrections."""
        folder = self.folder / RAW_TABLES_FOLDER
        return Tables(folder, self.outlets) if folder.is_dir() and len(self.read_all("corrections")) else self

    @cached_property
    def article_ids(self) -> frozenset[str]:
        """The ids of the articles of the chosen outlets."""
        return frozenset(self._are_counted)

    @cached_property
    def counted_ids(self) -> frozenset[str]:
        """The ids of those articles that are counted."""
        return frozenset(article_id for article_id, is_counted in self._are_counted.items() if is_counted)

    @cached_property
    def _are_counted(self) -> dict[str, bool]:
        """Whether each article of the chosen outlets is counted, by its id."""
        frame = self.read_all("articles", ["article_id", "outlet", "counted"])
        chosen = frame[frame["outlet"].isin(self.outlets)] if self.outlets else frame
        return dict(zip(chosen["article_id"], chosen["counted"], strict=True))

    @cached_property
    def articles(self) -> "pd.DataFrame":
        """The table articles."""
        return self.read("articles")

    @cached_property
    def lines(self) -> "pd.DataFrame":
        """The table lines."""
        return self.read("lines")

    @cached_property
    def sentences(self) -> "pd.DataFrame":
        """The table sentences."""
        return self.read("sentences")

    @cached_property
    def articles_by_id(self) -> "pd.DataFrame":
        """The table articles, by article_id."""
        return self.articles.set_index("article_id")

    @cached_property
    def sentence_spans(self) -> dict[tuple[str, str], tuple[list[int], list[int]]]:
        """The starts and the ends of the sentences, in order, by article_id and field."""
        ordered = self.sentences.assign(field=list_fields(self.sentences)).sort_values("start", kind="stable")
        return {key: (group["start"].tolist(), group["end"].tolist())
                for key, group in ordered.groupby(["article_id", "field"], sort=False)}

    @cached_property
    def field_texts(self) -> dict[tuple[str, str], str]:
        """The text of each field of the articles, by article_id and field (text or headline)."""
        return read_field_texts(self.articles)

    @cached_property
    def mentions(self) -> "pd.DataFrame":
        """The table mentions."""
        return self.read("mentions")

    @cached_property
    def events(self) -> "pd.DataFrame":
        """The table events."""
        return self.read("events")

    @cached_property
    def event_ids(self) -> dict[str, str]:
        """The event of each counted article, by its id."""
        articles = self.articles[self.articles["counted"]].dropna(subset="event_id")
        return dict(zip(articles["article_id"], articles["event_id"], strict=True))

    @cached_property
    def entities(self) -> "pd.DataFrame":
        """The table entities."""
        return self.read("entities")

    @cached_property
    def quotations(self) -> "pd.DataFrame":
        """The table quotations."""
        return self.read("quotations")

    @cached_property
    def speech_acts(self) -> "pd.DataFrame":
        """The table speech_acts."""
        return self.read("speech_acts")

    @cached_property
    def problems(self) -> "pd.DataFrame":
        """The table problems."""
        return self.read("problems")


def load_tables(corpus: str | Path | Corpus = SEED_CORPUS, *, event: list[str] | str | None = None,
                outlets: list[str] | None = None,
                model: str = DEFAULT_MODEL, language: str = DEFAULT_LANGUAGE, workers: int | None = None,
                cluster: str | None = None, dashboard: bool = False,
                most_articles: int | None = MAX_SAMPLE_ARTICLES) -> Tables:
    """The tables of a corpus; only articles that are new or have changed are annotated.

    Parameters
    ----------
    corpus : folder, file, glob or URL; ``seeds`` and ``example`` are those in the package
    event : ids or names of the events whose articles are wanted; all if empty
    outlets : the outlets whose rows are wanted; all if empty
    model : name or path of a spaCy pipeline
    language : ISO 639-1 code of the articles that are counted; later calls use its words, too
    workers : local processes that annotate; by default this process for up to 100 new articles, and as many
        processes as are useful for more
    cluster : address of a Dask scheduler
    dashboard : print the address of Dask's dashboard, if Dask is used
    most_articles : if more articles of the chosen outlets are counted, this many are drawn at random, since the
        tables are held in memory; None for all articles

    Raises
    ------
    SameStoryError
        If the corpus, the model, an event or an outlet does not exist, no scheduler answers, or the cache cannot be
        written.
    """
    use_language(language)
    corpus = corpus if isinstance(corpus, Corpus) else find_corpus(corpus)
    folder = find_tables_folder(corpus, model=model, language=language)
    if not is_whole(folder):
        from samestory.tables.engine import Engine
        engine = Engine(workers, cluster, dashboard)
        with _explain_cache_error(), _lock_folder(folder):
            if not is_whole(folder):
                drop_damaged(folder)
                folder = _build_tables(corpus, folder, model=model, language=language, engine=engine)
    if (corpus.root / CORRECTIONS_FILE).is_file() and not corpus.refuses(CORRECTIONS_FILE):
        from samestory.correct.overlay import correct_folder
        with _explain_cache_error():
            folder = correct_folder(folder, corpus)
    if event:
        with _explain_cache_error():
            folder = event_folder(folder, [event] if isinstance(event, str) else event)
    chosen = tuple(sorted(outlets or []))
    if chosen:
        _check_outlets(Tables(folder), chosen)
    if most_articles is not None:
        with _explain_cache_error():
            folder = sample_folder(folder, most_articles, chosen)
    return Tables(folder, chosen)


@contextmanager
def _lock_folder(folder: Path) -> Iterator[None]:
    """Let only one process at a time make a folder; the others wait and say so."""
    from samestory.cache.locks import FileLock, Timeout
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{folder}.lock")
    try:
        lock.acquire(timeout=1)
    except Timeout:
        write_notice("another process is annotating these articles; waiting until it is done")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _explain_cache_error() -> Iterator[None]:
    """Explain a lack of space, permission or memory, or that the cache was removed; nothing half-written is kept."""
    from duckdb import IOException, OutOfMemoryException
    try:
        yield
    except (MemoryError, OutOfMemoryException) as error:
        raise SameStoryError("there is too little memory; finished articles are kept: close other programs, or compare"
                             " fewer articles, and run again") from error
    except (OSError, IOException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        if getattr(error, "errno", None) in CACHE_WRITE_ERRNOS or DUCKDB_WRITE_FAILURE in reason:
            cache, temporary = cache_folder(), Path(gettempdir())
            is_temporary = find_full_folder(error, cache, temporary) == temporary
            place, variable = ("", "TMPDIR") if is_temporary else ("the cache ", "SAMESTORY_CACHE")
            raise SameStoryError(f"cannot write to {place}{str(temporary if is_temporary else cache)!r}: {reason};"
                                 f" finished articles are kept: free space there, or set {variable} to another folder,"
                                 " and run again") from error
        if str(cache_folder()) in str(error) and isinstance(error, FileNotFoundError | IOException):
            raise SameStoryError(f"the cache {str(cache_folder())!r} was removed, or a file in it, while it was used;"
                                 " run again") from error
        raise


def write_tables(corpus: str | Path, out: str | Path, *, model: str = DEFAULT_MODEL, language: str = DEFAULT_LANGUAGE,
                 workers: int | None = None, cluster: str | None = None, dashboard: bool = False) -> Tables:
    """Write a corpus's tables to the folder or URL `out`, one Parquet file each; parameters as for `load_tables`.

    If the corpus has corrections, the folder `raw` in `out` has the tables without them (except at a URL).

    Raises
    ------
    SameStoryError
        If `out` cannot be written, which is checked first; otherwise as for `load_tables`.
    """
    load = partial(load_tables, corpus, model=model, language=language, workers=workers, cluster=cluster,
                   dashboard=dashboard, most_articles=None)
    place = find_local(str(out))
    if is_url(place):
        check_writable(place)
        built = load()
        put_files(sorted(built.folder.glob("*.parquet")), place)
        return built
    folder = Path(place)
    with _check_output_folder(folder):
        built = load()
    with _explain_output_error(folder):
        _replace_files(sorted(built.folder.glob("*.parquet")), folder)
        if built.raw.folder != built.folder:
            (folder / RAW_TABLES_FOLDER).mkdir(exist_ok=True)
            _replace_files(sorted(built.raw.folder.glob("*.parquet")), folder / RAW_TABLES_FOLDER)
    return Tables(folder)


@contextmanager
def _check_output_folder(out: Path) -> Iterator[None]:
    """Check that files can be created in a folder before the long work; if not, no new folder is left."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        with _explain_output_error(out):
            out.mkdir(parents=True, exist_ok=True)
            with open_unfinished(out):
                pass
        yield
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _explain_output_error(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SameStoryError(f"cannot write tables to {str(out)!r}: {error.strerror}; expected a folder with free"
                             " space in which files can be created") from error


def _replace_files(paths: list[Path], out: Path) -> None:
    """Copy files next to those with the same names, and replace them only once all are copied."""
    with open_unfinished(out) as unfinished:
        for path in paths:
            shutil.copyfile(path, unfinished / path.name)
        for path in paths:
            (unfinished / path.name).replace(out / path.name)


def _check_outlets(tables: Tables, outlets: Iterable[str]) -> None:
    articles = tables.read_all("articles", ["outlet", "counted"])
    present = set(articles["outlet"][articles["counted"]])
    for outlet in outlets:
        if outlet not in present:
            raise unknown_name("outlet", outlet, present)


def _build_tables(corpus: Corpus, folder: Path, *, model: str, language: str, engine: "Engine") -> Path:
    """Read, clean, annotate and link a corpus into `folder`; if it fails, nothing is left there.

    If files changed while they were read, the folder gets another name, so that it is never reused.
    """
    from samestory.tables.work import Work
    pipeline = digest_pipeline(model)
    work = Work(Store.of(pipeline), model, pipeline, language)
    work.store.prepare()
    sweep_unfinished(folder.parent)
    with open_unfinished(folder.parent) as unfinished:
        wanted = _annotate_corpus(corpus, unfinished, work, engine, language)
        sweep_unfinished(work.store.folder)  # what workers left that were killed
        _join_parts(unfinished, work.store.folder, wanted)
        _sort_articles(unfinished)
        _link(unfinished, corpus)
        if corpus.has_changed():
            folder = folder.with_name(f"{folder.name}-{uuid4().hex[:8]}")
        keep_folder(unfinished, folder)
    return folder


def _annotate_corpus(corpus: Corpus, folder: Path, work: "Work", engine: "Engine",
                     language: str) -> dict[str, tuple[str, str]]:
    """Write the articles, and annotate those not yet in the store; returns each article's id and part by its key."""
    from samestory.tables.engine import annotate_missing
    parts, left = KnownParts(work.store), _RemainingArticles()
    ids: dict[str, str] = {}

    def list_missing() -> Iterator[tuple[str, "Article"]]:
        for article in _write_corpus_articles(corpus, folder, language, left):
            key = _article_key(article)
            ids[key] = article.article_id
            is_done = parts.find(key) is not None
            left.pass_on(is_done=is_done)
            if not is_done:
                yield key, article

    results = annotate_missing(list_missing(), work, engine, count_left=lambda: left.to_come)
    for done in _show_progress(results, left):
        parts.add(done)
    return {key: (article_id, str(parts.find(key))) for key, article_id in ids.items()}


@dataclass
class _RemainingArticles:
    """The number of articles to annotate, as far as known, and the number not yet handed out."""

    to_do: int = 0
    to_come: int = 0

    def count(self, found: "Iterable[Article | Problem]") -> "Iterator[Article | Problem]":
        """Pass on articles and problems, counting articles."""
        for item in found:
            is_article = not isinstance(item, dict)
            self.to_do += is_article
            self.to_come += is_article
            yield item

    def pass_on(self, *, is_done: bool) -> None:
        """Count an article that was looked up in the store."""
        self.to_come -= 1
        self.to_do -= is_done


def _article_key(article: "Article") -> str:
    """A digest of everything that the article's annotation depends on, except the pipeline."""
    row = {name: str(value) for name, value in article.row.items() if name != "duplicate_group"}
    lines = [(line.number, line.role, line.rule) for line in article.lines]
    return hashlib.sha256(json.dumps([row, article.problems, lines], sort_keys=True).encode()).hexdigest()


def _show_progress(results: Iterable[dict[str, str]], left: _RemainingArticles) -> Iterator[dict[str, str]]:
    """The results, with a progress bar of articles if a person is watching."""
    from tqdm import tqdm
    with tqdm(desc="annotating", unit=" articles", **choose_progress_options()) as bar:
        for result in results:
            bar.total = left.to_do
            bar.update(len(result))
            yield result


def _show_reading(found: "Iterable[Article | Problem]") -> "Iterator[Article | Problem]":
    """The articles and problems as they are read, with a progress bar if a person is watching."""
    from tqdm import tqdm
    yield from tqdm(found, desc="reading", unit=" articles", **choose_progress_options())


def _write_corpus_articles(corpus: Corpus, folder: Path, language: str,
                           left: _RemainingArticles) -> Iterator["Article"]:
    """Write articles.parquet in batches, and the problems of reading; yields each article."""
    import pyarrow.parquet as pq

    from samestory.base.schema import make_table
    from samestory.clean.across_articles import survey_articles
    from samestory.clean.articles import Article, clean_articles
    problems: list[Problem] = []
    batch: list[dict[str, Any]] = []
    size = 0
    with pq.ParquetWriter(folder / "articles.parquet", TABLES["articles"].arrow, compression="zstd") as writer:
        for found in survey_articles(left.count(_show_reading(clean_articles(corpus, language=language)))):
            if not isinstance(found, Article):
                problems.append(found)
                continue
            batch.append(found.row)
            size += len(found.row["text"])
            if len(batch) == ARTICLE_GROUP_ROWS or size >= ARTICLE_GROUP_CHARS:
                writer.write_table(make_table("articles", batch))
                batch, size = [], 0
            yield found
        writer.write_table(make_table("articles", batch))
    if corpus.has_changed():
        problems.append({"article_id": None, "path": corpus.name, "step": "read", "severity": "warning", "reason":
                         "files changed while they were read; run again to read them as they are now"})
    pq.write_table(make_table("problems", problems), folder / READING_PROBLEMS_FILE)
    if pq.read_metadata(folder / "articles.parquet").num_rows == 0:
        reasons = "; ".join(f"{row['path']}: {row['reason']}" for row in problems[:5])
        raise SameStoryError(f"no article of {corpus.name!r} can be read: {reasons}")


def _join_parts(folder: Path, store: Path, wanted: dict[str, tuple[str, str]]) -> None:
    """Write each annotated table with the rows of the wanted articles, collected from the store's parts."""
    from samestory.base.sql import connect_duckdb, quote_sql, write_rows
    parts = sorted({part for _, part in wanted.values()})
    reading = f"UNION ALL SELECT * FROM {quote_sql(folder / READING_PROBLEMS_FILE)}"
    with connect_duckdb() as duck:
        for name in ANNOTATED_TABLES:
            duck.register("wanted", _list_part_files(store, name, wanted))
            files = ", ".join(quote_sql(store / part / f"{name}.parquet") for part in parts)
            write_rows(duck.sql(f"""
                SELECT * FROM (
                    SELECT part.* EXCLUDE (filename) FROM read_parquet([{files}], filename = true) AS part
                    JOIN wanted ON part.filename = wanted.file AND part.article_id = wanted.article_id
                    {reading if name == "problems" else ""}
                ) ORDER BY {TABLE_ROW_ORDER[name]}"""), name, folder / f"{name}.parquet")
    (folder / READING_PROBLEMS_FILE).unlink()


def _list_part_files(store: Path, name: str, wanted: dict[str, tuple[str, str]]) -> "pa.Table":
    import pyarrow as pa
    return pa.table({"article_id": [article_id for article_id, _ in wanted.values()],
                     "file": [str(store / part / f"{name}.parquet") for _, part in wanted.values()]},
                    schema=pa.schema([("article_id", pa.string()), ("file", pa.string())]))


def _sort_articles(folder: Path) -> None:
    """Sort the table of articles by article id, unless files gave them in that order."""
    import pyarrow.parquet as pq

    from samestory.base.sql import connect_duckdb, quote_sql, write_rows
    articles, ordered = folder / "articles.parquet", folder / "ordered.parquet"
    ids = pq.read_table(articles, columns=["article_id"])["article_id"].to_pylist()
    if all(first <= second for first, second in pairwise(ids)):
        return
    with connect_duckdb() as duck:
        write_rows(duck.sql(f"SELECT * FROM {quote_sql(articles)} ORDER BY {TABLE_ROW_ORDER['articles']}"), "articles",
                   ordered)
    ordered.replace(articles)


def _link(folder: Path, corpus: Corpus) -> None:
    """Write the tables that depend on all articles: linked names and speakers, and counts of terms."""
    import pyarrow.parquet as pq

    from samestory.count.terms import write_counts
    from samestory.link.link import link_folder
    from samestory.story.openings import write_openings
    from samestory.story.story import write_story
    link_folder(folder, corpus)
    write_openings(folder)
    write_story(folder)
    write_counts(folder, folder / "counts.parquet")
    pq.write_table(TABLES["corrections"].arrow.empty_table(), folder / "corrections.parquet", compression="zstd")
