"""A sample of a very large corpus, so that its pages fit into the memory of a laptop.

Pages load the tables of the articles they show. If there are too many articles, some are drawn at random (whole
events if articles have them, since outlets are compared within events), and their tables are written like those of a
separate corpus. The same corpus gives the same sample. Results for all articles come from the complete tables, by
`count_outlet_terms` or DuckDB.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.base.errors import unknown_name
from samestory.base.schema import ANNOTATED_TABLES, RAW_TABLES_FOLDER, TABLE_ROW_ORDER
from samestory.base.wording import format_quantity
from samestory.cache.folder import open_unfinished, sweep_unfinished
from samestory.cache.seals import drop_damaged, is_whole, keep_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_SAMPLE_ARTICLES = 10_000  # counted articles in the tables of pages; about 2 GB of memory for the largest page
MAX_EVENT_SAMPLE_SHARE = 0.05  # of a sample; if any event has more articles, articles are drawn instead of events
SAMPLE_COUNTS_FILE = "sample.json"
SAMPLED_STORY_QUERIES = {
    "pairs": "SELECT pairs.* FROM pairs WHERE statement_a IN (SELECT statement_id FROM statements)"
             " AND statement_b IN (SELECT statement_id FROM statements)",
    "facts": "SELECT * FROM facts WHERE fact_id IN (SELECT fact_id FROM (SELECT fact_id, unnest(statement_ids) AS id"
             " FROM facts) GROUP BY fact_id HAVING bool_and(id IN (SELECT statement_id FROM statements)))"}


def sample_folder(folder: Path, most: int, outlets: Iterable[str] = ()) -> Path:
    """The folder with the tables of at most `most` counted articles, written if needed; `folder` if it has no more.

    Duplicates of the drawn articles are included, but no more than there are drawn articles; nor are there more in
    `folder` if that is given back. Entities and links are counted within the sample.

    Parameters
    ----------
    folder : the tables of a corpus; `raw` in it has those before corrections, if any
    most : number of articles that are counted with or without corrections
    outlets : outlets whose articles are drawn; all if empty
    """
    from samestory.cache.locks import FileLock
    n_counted, n_all = _count_source_articles(folder)
    if n_counted <= most and n_all <= 2 * most:
        return folder
    chosen = sorted(set(outlets))
    made_from = hashlib.sha256(repr((folder.parent.name, folder.name, most, chosen)).encode("utf-8", "surrogatepass"))
    sample = folder.parent.parent / "samples" / made_from.hexdigest()[:24]
    sample.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{sample}.lock"):
        if not is_whole(sample):
            drop_damaged(sample)
            sweep_unfinished(sample.parent)
            with open_unfinished(sample.parent) as unfinished:
                _write_sample(folder, unfinished, most, chosen)
                keep_folder(unfinished, sample)
    return sample


def event_folder(folder: Path, events: Sequence[str]) -> Path:
    """The folder with the tables of the articles of some events, written if needed.

    Parameters
    ----------
    folder : the tables of a corpus; `raw` in it has those before corrections, if any
    events : ids or names of events

    Raises
    ------
    UnknownName
        If there is no such event.
    """
    from samestory.cache.locks import FileLock
    chosen = find_event_ids(folder, events)
    made_from = hashlib.sha256(repr((folder.parent.name, folder.name, chosen)).encode("utf-8", "surrogatepass"))
    part = folder.parent.parent / "events" / made_from.hexdigest()[:24]
    part.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{part}.lock"):
        if not is_whole(part):
            drop_damaged(part)
            sweep_unfinished(part.parent)
            with open_unfinished(part.parent) as unfinished:
                _write_events(folder, unfinished, chosen)
                keep_folder(unfinished, part)
    return part


def find_event_ids(folder: Path, events: Iterable[str]) -> list[str]:
    """The ids of events that are given by id or name, however the name is spelled, each once and in order.

    Raises
    ------
    UnknownName
        If there is no such event.
    """
    import pyarrow.parquet as pq

    from samestory.link.events import make_given_id
    table = pq.read_table(folder / "events.parquet", columns=["event_id", "event"]).to_pydict()
    known = {name: name for name in table["event_id"]}
    for event_id, name in zip(table["event_id"], table["event"], strict=True):
        known.setdefault(make_given_id(name), event_id)
    ids = []
    for asked in events:
        found = known.get(asked) or known.get(make_given_id(asked))
        if not found:
            raise unknown_name("event", asked, [*table["event"], *table["event_id"]])
        ids.append(found)
    return sorted(set(ids))


def _write_events(folder: Path, part: Path, events: list[str]) -> None:
    import pyarrow as pa

    from samestory.base.sql import add_view, connect_duckdb
    for below in _list_table_folders(folder):
        (part / below).mkdir(exist_ok=True)
        with connect_duckdb() as duck:
            add_view(duck, folder / below, "articles")
            duck.register("chosen", pa.table({"event_id": pa.array(events, pa.string())}))
            duck.sql("CREATE TEMP TABLE drawn AS SELECT article_id, counted FROM articles SEMI JOIN chosen"
                     " USING (event_id)")
            duck.sql("CREATE TEMP VIEW wanted AS SELECT article_id FROM drawn WHERE counted")
            _write_sample_tables(duck, folder / below, part / below, [])


def describe_sample(folder: Path) -> str:
    """One or two sentences saying that the tables of a folder are a sample; empty if they are not."""
    path = folder / SAMPLE_COUNTS_FILE
    return _format_sample_note(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else ""


def _format_sample_note(n: int, n_counted: int, n_left: int, n_repeats_left: int, n_others_left: int) -> str:
    sentences = []
    if n_left:
        sentences.append(f"{n:,} of {n_counted:,} counted articles, drawn at random, are shown: shares and rates are"
                         " those of the sample, and `count_outlet_terms` counts the words of all.")
    left = [format_quantity(number, thing) + rest for number, thing, rest in (
        (n_repeats_left, "repeat", " of articles shown"), (n_others_left, "other article", " not counted")) if number]
    if left:
        sentences.append(f"Left out: {' and '.join(left)}.")
    return " ".join(sentences)


def _count_source_articles(folder: Path) -> tuple[int, int]:
    """The number of articles that are counted, with or without corrections, and of all articles."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    found = [pq.read_table(folder / below / "articles.parquet", columns=["article_id", "counted"])
             for below in _list_table_folders(folder)]
    counted = pa.concat_tables([rows.filter(rows["counted"]) for rows in found])
    return int(pc.count_distinct(counted["article_id"]).as_py()), found[0].num_rows


def _list_table_folders(folder: Path) -> list[str]:
    """The relative folders that hold tables: the folder itself, and `raw` if there are corrections."""
    return [below for below in ("", RAW_TABLES_FOLDER) if (folder / below).is_dir()]


def _write_sample(folder: Path, sample: Path, most: int, outlets: list[str]) -> None:
    from samestory.base.sql import connect_duckdb
    with connect_duckdb() as duck:
        _find_articles(duck, folder, outlets)
        drawn = _draw_articles(duck, most)
        note = _format_sample_note(**drawn)
        problems = [{"path": "", "step": "count", "severity": "warning", "reason": note}] if note else []
        for below in _list_table_folders(folder):
            (sample / below).mkdir(exist_ok=True)
            duck.sql(f"CREATE OR REPLACE TEMP VIEW wanted AS SELECT article_id FROM shown WHERE below = '{below}'")
            _write_sample_tables(duck, folder / below, sample / below, problems)
    (sample / SAMPLE_COUNTS_FILE).write_text(json.dumps(drawn), encoding="utf-8")


def _find_articles(duck: "DuckDBPyConnection", folder: Path, outlets: list[str]) -> None:
    """Make the table `found`: the articles of the outlets, once with and once without corrections."""
    import pyarrow as pa

    from samestory.base.sql import add_view
    duck.register("outlets", pa.table({"outlet": pa.array(outlets, pa.string())}))
    duck.sql("CREATE TEMP TABLE found (below TEXT, article_id TEXT, event_id TEXT, duplicate_group TEXT,"
             " counted BOOLEAN)")
    for below in _list_table_folders(folder):
        add_view(duck, folder / below, "articles")
        duck.sql(f"INSERT INTO found SELECT '{below}', article_id, event_id, duplicate_group, counted FROM articles"
                 f" {'SEMI JOIN outlets USING (outlet)' if outlets else ''}")


def _draw_articles(duck: "DuckDBPyConnection", most: int) -> dict[str, int]:
    """Make the tables `drawn`, with duplicates, and `shown`, its counted articles; returns their numbers.

    Articles that a person removed are drawn too, since numbers before corrections refer to the same articles.
    """
    event = "coalesce(nullif(arg_min(event_id, below), ''), article_id)"
    duck.sql(f"CREATE TEMP TABLE counting AS SELECT article_id, {event} AS event FROM found WHERE counted"
             " GROUP BY article_id")
    [(largest,)] = duck.sql("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM counting GROUP BY event)"
                            ).fetchall()
    unit = "event" if largest <= MAX_EVENT_SAMPLE_SHARE * most else "article_id"
    duck.sql(f"""
        CREATE TEMP TABLE chosen AS
        WITH sizes AS (SELECT {unit} AS unit, count(*) AS n FROM counting GROUP BY unit),
             ranked AS (SELECT unit, sum(n) OVER (ORDER BY md5(unit), unit) AS total FROM sizes)
        SELECT article_id FROM counting JOIN ranked ON {unit} = unit WHERE total <= {most}""")
    duck.sql("""
        CREATE TEMP TABLE repeats AS
        SELECT DISTINCT article_id, duplicate_group FROM found ANTI JOIN counting USING (article_id)
        WHERE duplicate_group IN (SELECT duplicate_group FROM found SEMI JOIN chosen USING (article_id))""")
    duck.sql("""
        CREATE TEMP TABLE drawn AS
        WITH ranked AS (SELECT article_id, row_number() OVER (PARTITION BY duplicate_group ORDER BY article_id) AS rank
                        FROM repeats),
             kept AS (SELECT article_id FROM ranked ORDER BY rank, md5(article_id), article_id
                      LIMIT (SELECT count(*) FROM chosen))
        FROM chosen UNION ALL FROM kept""")
    duck.sql("CREATE TEMP TABLE shown AS FROM found SEMI JOIN chosen USING (article_id) WHERE counted")
    counts = {"n": "shown WHERE below = ''", "n_counted": "found WHERE below = '' AND counted",
              "n_left": "counting ANTI JOIN chosen USING (article_id)",
              "n_repeats_left": "repeats ANTI JOIN drawn USING (article_id)",
              "n_others_left": "(SELECT article_id FROM found WHERE below = '') ANTI JOIN counting USING (article_id)"
                               " ANTI JOIN repeats USING (article_id)"}
    return {name: duck.sql(f"SELECT count(*) FROM {rows}").fetchall()[0][0] for name, rows in counts.items()}


def _write_sample_tables(duck: "DuckDBPyConnection", folder: Path, sample: Path,
                         problems: list[dict[str, str]]) -> None:
    """Write the drawn articles' rows of each table, and the tables that are counted from them."""
    import pyarrow.parquet as pq

    from samestory.base.schema import TABLES
    from samestory.base.sql import add_view, write_rows
    from samestory.link.events import count_events
    from samestory.link.link import add_problems
    from samestory.link.name_queries import count_entities, count_links, register_entity_names
    add_view(duck, folder, "articles")
    for name in ("articles", *ANNOTATED_TABLES, "counts", "openings", "voices"):
        add_view(duck, folder, name)
        is_about_all = " OR article_id IS NULL" if name == "problems" else ""
        write_rows(duck.sql(f"SELECT * FROM {name} WHERE article_id IN (SELECT article_id FROM drawn){is_about_all}"
                            f" ORDER BY {TABLE_ROW_ORDER[name]}"), name, sample / f"{name}.parquet")
    add_view(duck, sample, "mentions")
    add_view(duck, folder, "entities")
    register_entity_names(duck,
                          duck.sql("SELECT entity_id, name AS shown, label AS kind FROM entities").to_arrow_table())
    counted = {"entities": count_entities(duck), "links": count_links(duck)}
    add_view(duck, sample, "quotations")
    add_view(duck, sample, "statements")
    add_view(duck, folder, "utterances")
    counted["utterances"] = duck.sql(f"""
        SELECT utterances.* FROM utterances WHERE quotation_a IN (SELECT quotation_id FROM quotations)
        AND quotation_b IN (SELECT quotation_id FROM quotations)
        ORDER BY {TABLE_ROW_ORDER['utterances']}""").to_arrow_table()
    for name, query in SAMPLED_STORY_QUERIES.items():
        add_view(duck, folder, name)
        counted[name] = duck.sql(f"{query} ORDER BY {TABLE_ROW_ORDER[name]}").to_arrow_table()
    for name, table in counted.items():
        pq.write_table(table.cast(TABLES[name].arrow), sample / f"{name}.parquet", compression="zstd")
    pq.write_table(count_events(pq.read_table(sample / "articles.parquet"), pq.read_table(folder / "events.parquet")),
                   sample / "events.parquet", compression="zstd")
    shutil.copyfile(folder / "corrections.parquet", sample / "corrections.parquet")
    add_problems(sample, problems)
