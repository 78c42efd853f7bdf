"""The one door to the tables: `load_tables` annotates what is missing, links, and hands them out.

Annotated articles are kept by content, so a second run does only what is new and a killed one
goes on where it was. A corpus's tables are a folder of Parquet files, one a table.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from samestory.corpus import Corpus, find_corpus
from samestory.errors import SameStoryError, unknown_name
from samestory.models import DEFAULT_MODEL
from samestory.provenance import digest_pipeline
from samestory.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from samestory.articles import Article

ORDER = {"lines": "article_id, line", "sentences": "article_id, sentence", "tokens": "article_id, token",
         "mentions": "article_id, start, mention_id", "quotations": "article_id, sentence, quotation_id",
         "speech_acts": "article_id, sentence, quotation_id",
         "problems": "article_id, path, step, reason"}
TO_LINK = ("articles", "mentions", "quotations", "speech_acts", "problems")
BATCH = 200  # articles written at a time


@dataclass(frozen=True)
class Tables:
    """The tables of a corpus, read when asked for; with `outlets`, those outlets' rows only."""

    folder: Path
    outlets: tuple[str, ...] = ()

    def read(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """One table of schema.py, or some of its columns, as a pandas table.

        Rows of articles that are not counted (repeats of one text, another language) stand in
        `articles`, `lines` and `problems` only.
        """
        frame = self.read_all(name)
        if name != "problems" and "article_id" in frame:
            chosen = self.article_ids if name in ("articles", "lines") else self.counted_ids
            frame = frame[frame["article_id"].isin(chosen)].reset_index(drop=True)
        return frame if columns is None else frame[columns]

    def read_all(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """One table of schema.py with every row, those of other outlets and repeats included.

        Raises
        ------
        UnknownName
            If there is no such table.
        """
        import pandas as pd
        if name not in TABLES:
            raise unknown_name("table", name, TABLES)
        return pd.read_parquet(self.path(name), columns=columns)

    def path(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / f"{name}.parquet"

    @cached_property
    def article_ids(self) -> frozenset[str]:
        """The articles of the chosen outlets."""
        frame = self.read_all("articles", ["article_id", "outlet"])
        return frozenset(frame["article_id"][frame["outlet"].isin(self.outlets) | (not self.outlets)])

    @cached_property
    def counted_ids(self) -> frozenset[str]:
        """Those of them that are counted."""
        frame = self.read_all("articles", ["article_id", "counted"])
        return self.article_ids & set(frame["article_id"][frame["counted"]])

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
    def mentions(self) -> "pd.DataFrame":
        """The table mentions."""
        return self.read("mentions")

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


def load_tables(corpus: str | Path | Corpus = "seeds", *, outlets: list[str] | None = None,
                model: str = DEFAULT_MODEL, language: str = "en", workers: int | None = None,
                cluster: str | None = None) -> Tables:
    """The tables of a corpus; what has been annotated before is not annotated again.

    Parameters
    ----------
    corpus : folder, file or glob; ``seeds`` is the corpus that goes with the package
    outlets : the outlets whose rows are wanted; all if empty
    model : name or path of a spaCy pipeline
    language : ISO 639-1 code of the articles that are counted
    workers : local processes that annotate; without it this one does
    cluster : address of a Dask scheduler

    Raises
    ------
    SameStoryError
        If the corpus, the model or an outlet is not there.
    """
    from filelock import FileLock
    corpus = corpus if isinstance(corpus, Corpus) else find_corpus(corpus)
    folder = _tables_folder(corpus, model, language)
    if not folder.exists():
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                _build_tables(corpus, folder, model=model, language=language, workers=workers, cluster=cluster)
    return _choose_outlets(Tables(folder), outlets or [])


def write_tables(corpus: str | Path, out: str | Path, **options: object) -> Tables:
    """Write a corpus's tables to the folder `out`, one Parquet file each; options as for `load_tables`."""
    built, out = load_tables(corpus, **options), Path(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(built.folder.glob("*.parquet")):
            shutil.copyfile(path, out / path.name)
    except OSError as error:
        raise SameStoryError(f"cannot write tables to {str(out)!r}: {error.strerror}") from error
    return Tables(out)


def cache_folder() -> Path:
    """Where annotated articles are kept: $SAMESTORY_CACHE, else the platform's user cache folder."""
    from platformdirs import user_cache_path
    chosen = os.environ.get("SAMESTORY_CACHE")
    return Path(chosen) if chosen else user_cache_path("samestory", appauthor=False)


def _choose_outlets(tables: Tables, outlets: list[str]) -> Tables:
    articles = tables.read_all("articles", ["outlet", "counted"])
    present = set(articles["outlet"][articles["counted"]])
    for outlet in outlets:
        if outlet not in present:
            raise unknown_name("outlet", outlet, present)
    return Tables(tables.folder, tuple(sorted(outlets)))


def _tables_folder(corpus: Corpus, model: str, language: str) -> Path:
    made_from = "\n".join([corpus.digest(), digest_pipeline(model), language])
    return cache_folder() / "tables" / hashlib.sha256(made_from.encode()).hexdigest()[:24]


def _build_tables(corpus: Corpus, folder: Path, *, model: str, language: str, workers: int | None,
                  cluster: str | None) -> None:
    """Read, clean, annotate and link a corpus into `folder`; nothing is left there if it fails."""
    store = cache_folder() / "annotated" / digest_pipeline(model)[:24]
    store.mkdir(parents=True, exist_ok=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(prefix="unfinished-", dir=folder.parent))
    try:
        wanted = _annotate_corpus(corpus, unfinished, store, language=language, model=model, workers=workers,
                                  cluster=cluster)
        _join_parts(unfinished, store, wanted)
        _sort_articles(unfinished)
        _link(unfinished, corpus)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _annotate_corpus(corpus: Corpus, folder: Path, store: Path, *, language: str, model: str,
                     workers: int | None, cluster: str | None) -> dict[str, tuple[str, str]]:
    """Write the articles, annotate those not yet in the store; each article's id and part, by its key."""
    from samestory.engines import cut_parts, run_parts
    parts, ids = _list_stored(store), {}

    def list_missing() -> Iterator["Article"]:
        for article in _write_articles(corpus, folder, language):
            key = _article_key(article)
            ids[key] = article.article_id
            if key not in parts:
                yield article

    keyed = ([(_article_key(article), article) for article in part] for part in cut_parts(list_missing()))
    results = run_parts(keyed, store=store, model=model, workers=workers, cluster=cluster)
    for done in _show_progress(results):
        parts.update(done)
    return {key: (article_id, parts[key]) for key, article_id in ids.items()}


def _article_key(article: "Article") -> str:
    """A digest of what the article's annotation depends on, beside the pipeline."""
    row = {name: str(value) for name, value in article.row.items() if name != "duplicate_group"}
    stripped = [line.number for line in article.lines if line.rule == "repeated"]
    return hashlib.sha256(json.dumps([row, article.problems, stripped], sort_keys=True).encode()).hexdigest()


def _list_stored(store: Path) -> dict[str, str]:
    """The part that holds each annotated article, by its key."""
    from samestory.engines import KEYS
    return {key: path.parent.name for path in sorted(store.glob(f"*/{KEYS}"))
            if not path.parent.name.startswith("unfinished-")
            for key in json.loads(path.read_text(encoding="utf-8"))}


def _show_progress(results: Iterable[dict]) -> Iterator[dict]:
    """The results, with a progress bar of articles where a person watches."""
    from tqdm import tqdm
    with tqdm(desc="annotating", unit=" articles", disable=not sys.stderr.isatty(), leave=False) as bar:
        for result in results:
            bar.update(len(result))
            yield result


def _show_reading(found: Iterable) -> Iterable:
    """The articles and problems as they are read, with a progress bar where a person watches."""
    from tqdm import tqdm
    return tqdm(found, desc="reading", unit=" articles", disable=not sys.stderr.isatty(), leave=False)


def _write_articles(corpus: Corpus, folder: Path, language: str) -> Iterator["Article"]:
    """Write articles.parquet and the problems of reading, a batch at a time, passing each article on."""
    import pyarrow.parquet as pq

    from samestory.articles import Article, clean_articles
    from samestory.schema import make_table
    from samestory.survey import survey_articles
    problems, batch = [], []
    with pq.ParquetWriter(folder / "articles.parquet", TABLES["articles"].arrow, compression="zstd") as writer:
        for found in survey_articles(_show_reading(clean_articles(corpus, language=language))):
            if not isinstance(found, Article):
                problems.append(found)
                continue
            batch.append(found.row)
            if len(batch) == BATCH:
                writer.write_table(make_table("articles", batch))
                batch = []
            yield found
        writer.write_table(make_table("articles", batch))
    pq.write_table(make_table("problems", problems), folder / "reading.parquet")
    if pq.read_metadata(folder / "articles.parquet").num_rows == 0:
        reasons = "; ".join(f"{row['path']}: {row['reason']}" for row in problems[:5])
        raise SameStoryError(f"no article of {corpus.name!r} can be read: {reasons}")


def _join_parts(folder: Path, store: Path, wanted: dict[str, tuple[str, str]]) -> None:
    """Write each annotated table of the wanted articles, gathered from the store's parts."""
    from samestory.duck import connect, quote
    parts = sorted({part for _, part in wanted.values()})
    reading = f"UNION ALL SELECT * FROM {quote(folder / 'reading.parquet')}"
    with connect() as duck:
        for name, order in ORDER.items():
            duck.register("wanted", _list_files(store, name, wanted))
            files = ", ".join(quote(store / part / f"{name}.parquet") for part in parts)
            duck.execute(f"""
                COPY (SELECT * FROM (
                    SELECT part.* EXCLUDE (filename) FROM read_parquet([{files}], filename = true) AS part
                    JOIN wanted ON part.filename = wanted.file AND part.article_id = wanted.article_id
                    {reading if name == "problems" else ""}
                ) ORDER BY {order}) TO {quote(folder / f"{name}.parquet")} (COMPRESSION zstd)""")
    (folder / "reading.parquet").unlink()


def _list_files(store: Path, name: str, wanted: dict[str, tuple[str, str]]) -> "pa.Table":
    import pyarrow as pa
    return pa.table({"article_id": [article_id for article_id, _ in wanted.values()],
                     "file": [str(store / part / f"{name}.parquet") for _, part in wanted.values()]},
                    schema=pa.schema([("article_id", pa.string()), ("file", pa.string())]))


def _sort_articles(folder: Path) -> None:
    """Put the articles in order of their ids."""
    from samestory.duck import connect, quote
    articles, ordered = folder / "articles.parquet", folder / "ordered.parquet"
    with connect() as duck:
        duck.execute(f"COPY (SELECT * FROM {quote(articles)} ORDER BY article_id) TO {quote(ordered)}"
                     " (COMPRESSION zstd)")
    ordered.replace(articles)


def _link(folder: Path, corpus: Corpus) -> None:
    """Write the tables that need all articles: linked names and speakers, and the counts of words."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from samestory.counts import count_terms
    from samestory.link import link_tables
    raw = Tables(folder)
    linked = link_tables({name: raw.read_all(name) for name in TO_LINK}, corpus)
    linked["counts"] = count_terms(folder)
    for name, frame in linked.items():
        table = pa.Table.from_pandas(frame, schema=TABLES[name].arrow, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
