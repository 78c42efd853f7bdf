"""Candidate pairs: quotations worth comparing, since they share a rare n-gram, or a speaker and several words.

DuckDB finds them in bounded memory: rows that must be counted together are written to one file, and the files
are counted one after the other. There are enough files to keep each of moderate size, except that all quotations
of one event (or of no event) share a file; only their distinct words are held in memory. Without this, DuckDB
runs out of memory above a million quotations.
"""

import glob
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from samestory.base.sql import quote_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHARED_RUN_WORDS = 4  # words of an n-gram that two versions share
# quotations of an event (or of all, if one has no event) that share an n-gram or word; more frequent ones are ignored
MAX_KEY_QUOTATIONS = 60
MIN_SHARED_CONTENT_WORDS = 4  # content words that a paraphrase shares with the other version
# share of an event's quotations; a word in more of them is a topic word, and no evidence that two are the same
MIN_TOPIC_QUOTATION_SHARE = 0.2
MIN_TOPIC_QUOTATIONS = 10  # quotations of an event from which topic words are dropped
MAX_PART_QUOTATIONS, MAX_PART_CHARS, MAX_PART_PAIRS = 200_000, 20_000_000, 2_000_000  # of a part, below 0.5 GB each

TOPIC_WORDS_QUERY = f"""
    SELECT event, list(word) AS topics FROM (
        SELECT event, word
        FROM (SELECT event, unnest(string_split(content, ' ')) AS word FROM said WHERE content <> '')
        JOIN (SELECT event, count(*) AS size FROM said GROUP BY event
              HAVING size >= {MIN_TOPIC_QUOTATIONS}) USING (event)
        GROUP BY event, word, size HAVING count(*) > {MIN_TOPIC_QUOTATION_SHARE}::DOUBLE * size)
    GROUP BY event"""
NUMBERED_VERSIONS_QUERY = f"""
    SELECT row_number() OVER () + (SELECT count(*) FROM versions) AS number,
        said.* REPLACE (array_to_string(list_filter(string_split(content, ' '),
            lambda word: NOT list_contains(coalesce(topics, []), word)), ' ') AS content)
    FROM said LEFT JOIN ({TOPIC_WORDS_QUERY}) AS topics USING (event)"""
# A key is an n-gram (words and single spaces), or a speaker, a tab, and one or several words.
_WORD_COLUMNS = ", ".join(f"word_{i}" for i in range(SHARED_RUN_WORDS))
_UNNESTED_WORDS = ", ".join(f"unnest(list[{i + 1}:len(list) - {SHARED_RUN_WORDS - 1 - i}]) AS word_{i}"
                            for i in range(SHARED_RUN_WORDS))
VERSION_KEYS_QUERY = f"""
    WITH split AS NOT MATERIALIZED (
        SELECT *, string_split(words, ' ') AS list,
            len(string_split(quoted, ' ')) BETWEEN 2 AND {SHARED_RUN_WORDS - 1} AS is_short
        FROM versions)
    SELECT number, outlet, event, 1 AS weight, speaker || chr(9) || unnest(string_split(content, ' ')) AS key
    FROM split WHERE speaker <> '' AND content <> ''
    UNION ALL
    SELECT number, outlet, event, {MIN_SHARED_CONTENT_WORDS}, speaker || chr(9) || if(is_short, quoted, words)
    FROM split WHERE speaker <> '' AND (is_short OR len(list) BETWEEN 2 AND {SHARED_RUN_WORDS - 1})
    UNION ALL
    SELECT number, outlet, event, {MIN_SHARED_CONTENT_WORDS}, concat_ws(' ', {_WORD_COLUMNS})
    FROM (SELECT number, outlet, event, {_UNNESTED_WORDS}
        FROM split WHERE NOT is_short AND len(list) >= {SHARED_RUN_WORDS})"""
SHARED_KEYS_QUERY = """
    SELECT DISTINCT * FROM keys SEMI JOIN (
        SELECT key FROM keys GROUP BY key HAVING min(outlet) <> max(outlet)) USING (key)"""
# Pairs of one event, then pairs in which one or both have no event: at most MAX_KEY_QUOTATIONS per row, so that time
# grows only in proportion to the rows.
VERSION_PAIRS_QUERY = f"""
    WITH of_event AS (
        SELECT * FROM kept SEMI JOIN (
            SELECT key, event FROM kept WHERE event > 0
            GROUP BY ALL HAVING count(*) <= {MAX_KEY_QUOTATIONS} AND min(outlet) <> max(outlet)) USING (key, event)),
    of_any AS (
        SELECT * FROM kept SEMI JOIN (
            SELECT key FROM kept GROUP BY key HAVING count(*) <= {MAX_KEY_QUOTATIONS} AND min(event) = 0) USING (key)),
    pair AS (
        SELECT a.number AS a, b.number AS b, a.weight
        FROM of_event AS a JOIN of_event AS b ON a.key = b.key AND a.event = b.event AND a.outlet < b.outlet
        UNION ALL
        SELECT a.number, b.number, a.weight
        FROM of_any AS a JOIN of_any AS b ON a.key = b.key AND a.outlet < b.outlet AND (a.event = 0 OR b.event = 0))
    SELECT a, b, sum(weight)::INTEGER AS weight FROM pair GROUP BY ALL"""


def add_versions(duck: "DuckDBPyConnection", said: str) -> None:
    """Make the temporary table `versions`: numbered quotations, with content words other than topic words.

    Parameters
    ----------
    duck : has the table or view `quotations`, for their number
    said : SQL of one row per quotation: quotation_id, outlet and event (numbers; 0 is no event), speaker, and
        words, quoted and content (words separated by spaces; content without repeats)
    """
    duck.execute("CREATE TEMP TABLE versions (number INTEGER, quotation_id VARCHAR, outlet INTEGER,"
                 " event INTEGER, speaker VARCHAR, words VARCHAR, quoted VARCHAR, content VARCHAR)")
    n_parts = _count_parts(duck, "SELECT count(*) FROM quotations", MAX_PART_QUOTATIONS)
    for part in _split_rows(duck, said, "event", n_parts):
        duck.execute(f"CREATE OR REPLACE TEMP VIEW said AS SELECT * FROM {part} WHERE words <> ''")
        duck.execute(f"INSERT INTO versions BY NAME {NUMBERED_VERSIONS_QUERY}")
    duck.execute("DROP VIEW IF EXISTS said")


def find_candidates(duck: "DuckDBPyConnection") -> Iterator[None]:
    """Fill the temporary table `candidates` with the pairs of `versions`, part by part.

    One row per pair of numbers; the outlet of `a` sorts first. If both have an event, it is the same.
    """
    duck.execute("CREATE TEMP TABLE pairs (a INTEGER, b INTEGER, weight INTEGER)")
    n_parts = _count_parts(duck, "SELECT sum(strlen(words)) FROM versions", MAX_PART_CHARS)
    for part in _split_rows(duck, VERSION_KEYS_QUERY, "hash(key)", n_parts):
        duck.execute(f"CREATE OR REPLACE TEMP VIEW keys AS SELECT * FROM {part}")
        duck.execute(f"CREATE OR REPLACE TEMP TABLE kept AS {SHARED_KEYS_QUERY}")
        duck.execute(f"INSERT INTO pairs BY NAME {VERSION_PAIRS_QUERY}")
    duck.execute("DROP TABLE IF EXISTS kept; DROP VIEW IF EXISTS keys")
    n_parts = _count_parts(duck, "SELECT count(*) FROM pairs", MAX_PART_PAIRS)
    for remainder in range(n_parts):
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE candidates AS SELECT a, b FROM pairs WHERE a % {n_parts} = {remainder}
            GROUP BY a, b HAVING sum(weight) >= {MIN_SHARED_CONTENT_WORDS}""")
        yield
    duck.execute("DROP TABLE candidates; DROP TABLE pairs")


def _count_parts(duck: "DuckDBPyConnection", size: str, most: int) -> int:
    """The number of parts of size `most` at most, for a total size found by SQL."""
    return 1 + (duck.sql(size).fetchall()[0][0] or 0) // most


def _split_rows(duck: "DuckDBPyConnection", rows: str, key: str, n_parts: int) -> Iterator[str]:
    """SQL for each part of the rows; rows with the same key are in the same part."""
    with TemporaryDirectory(prefix="samestory-") as folder:
        duck.execute(f"COPY (SELECT *, {key} % {n_parts} AS part FROM ({rows})) TO {quote_sql(folder)}"
                     " (FORMAT parquet, PARTITION_BY part, OVERWRITE_OR_IGNORE)")
        for path in sorted(Path(folder).iterdir()):
            yield f"read_parquet({quote_sql(glob.escape(str(path)) + '/*.parquet')}, hive_partitioning = false)"
