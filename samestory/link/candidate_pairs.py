"""Which quotations are worth comparing: those that share a rare run of words, or a speaker and several words.

DuckDB looks for them, in memory that stays the same however many there are: what is to be counted is
written to files, so that what must be counted together stands in one, and the files are counted one after
the other. There are so many files that each is of moderate size, but for the quotations of one event (or
of none, which stand together too): they are in one file however many they are, of which only the different
words are held. Left to itself DuckDB runs out of memory above a million quotations.
"""

import glob
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from samestory.base.sql import quote_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHARED_RUN_WORDS = 4  # words of a run that two versions share
# a run or word in more quotations of an event (where one has none: of all) says nothing; not looked up
MAX_KEY_QUOTATIONS = 60
MIN_SHARED_CONTENT_WORDS = 4  # content words that a paraphrase shares with the other version
# of an event's quotations; a word in more of them is its topic, and ties no two together
MIN_TOPIC_QUOTATION_SHARE = 0.2
MIN_TOPIC_QUOTATIONS = 10  # quotations of an event from which a topic is looked for
MAX_PART_QUOTATIONS, MAX_PART_CHARS, MAX_PART_PAIRS = 200_000, 20_000_000, 2_000_000  # of a part; together below 0.5 GB

TOPIC_WORDS_QUERY = f"""
    SELECT event, list(word) AS topics FROM (
        SELECT event, word
        FROM (SELECT event, unnest(string_split(content, ' ')) AS word FROM said WHERE content <> '')
        JOIN (SELECT event, count(*) AS size FROM said GROUP BY event HAVING size >= {MIN_TOPIC_QUOTATIONS}) USING (event)
        GROUP BY event, word, size HAVING count(*) > {MIN_TOPIC_QUOTATION_SHARE}::DOUBLE * size)
    GROUP BY event"""
NUMBERED_VERSIONS_QUERY = f"""
    SELECT row_number() OVER () + (SELECT count(*) FROM versions) AS number,
        said.* REPLACE (array_to_string(list_filter(string_split(content, ' '),
            lambda word: NOT list_contains(coalesce(topics, []), word)), ' ') AS content)
    FROM said LEFT JOIN ({TOPIC_WORDS_QUERY}) AS topics USING (event)"""
# A run is of words and single spaces only; a tab parts a speaker from one word, or from two and more.
VERSION_KEYS_QUERY = f"""
    WITH split AS NOT MATERIALIZED (
        SELECT *, string_split(words, ' ') AS list, len(string_split(quoted, ' ')) BETWEEN 2 AND {SHARED_RUN_WORDS - 1} AS is_short
        FROM versions)
    SELECT number, outlet, event, 1 AS weight, speaker || chr(9) || unnest(string_split(content, ' ')) AS key
    FROM split WHERE speaker <> '' AND content <> ''
    UNION ALL
    SELECT number, outlet, event, {MIN_SHARED_CONTENT_WORDS}, speaker || chr(9) || if(is_short, quoted, words)
    FROM split WHERE speaker <> '' AND (is_short OR len(list) BETWEEN 2 AND {SHARED_RUN_WORDS - 1})
    UNION ALL
    SELECT number, outlet, event, {MIN_SHARED_CONTENT_WORDS}, concat_ws(' ', {", ".join(f"word_{i}" for i in range(SHARED_RUN_WORDS))})
    FROM (SELECT number, outlet, event, {", ".join(
        f"unnest(list[{i + 1}:len(list) - {SHARED_RUN_WORDS - 1 - i}]) AS word_{i}" for i in range(SHARED_RUN_WORDS))}
        FROM split WHERE NOT is_short AND len(list) >= {SHARED_RUN_WORDS})"""
SHARED_KEYS_QUERY = """
    SELECT DISTINCT * FROM keys SEMI JOIN (
        SELECT key FROM keys GROUP BY key HAVING min(outlet) <> max(outlet)) USING (key)"""
# Pairs of one event, then those of which one or both have none: at most MAX_KEY_QUOTATIONS a row, so they grow with the rows.
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
    """Make the temporary table `versions`: what was said, numbered, its content without an event's topics.

    Parameters
    ----------
    duck : has the table or view `quotations`, which says how many there are
    said : SQL of one row a quotation: quotation_id, outlet and event (numbers; 0 is no event), speaker, and
        words, quoted and content (words with spaces between; content without repeats)
    """
    duck.execute("CREATE TEMP TABLE versions (number INTEGER, quotation_id VARCHAR, outlet INTEGER,"
                 " event INTEGER, speaker VARCHAR, words VARCHAR, quoted VARCHAR, content VARCHAR)")
    n_parts = _count_parts(duck, "SELECT count(*) FROM quotations", MAX_PART_QUOTATIONS)
    for part in _split_rows(duck, said, "event", n_parts):
        duck.execute(f"CREATE OR REPLACE TEMP VIEW said AS SELECT * FROM {part} WHERE words <> ''")
        duck.execute(f"INSERT INTO versions BY NAME {NUMBERED_VERSIONS_QUERY}")
    duck.execute("DROP VIEW IF EXISTS said")


def find_candidates(duck: "DuckDBPyConnection") -> Iterator[None]:
    """Fill the temporary table `candidates` with a part of the pairs of `versions`, again and again.

    One row is a pair of numbers, `a` of the outlet first in order. The two are of one event where both have one.
    """
    duck.execute("CREATE TEMP TABLE pairs (a INTEGER, b INTEGER, weight INTEGER)")
    n_parts = _count_parts(duck, "SELECT sum(strlen(words)) FROM versions", MAX_PART_CHARS)
    for part in _split_rows(duck, VERSION_KEYS_QUERY, "hash(key)", n_parts):
        duck.execute(f"CREATE OR REPLACE TEMP VIEW keys AS SELECT * FROM {part}")
        duck.execute(f"CREATE OR REPLACE TEMP TABLE kept AS {SHARED_KEYS_QUERY}")
        duck.execute(f"INSERT INTO pairs BY NAME {VERSION_PAIRS_QUERY}")
    duck.execute("DROP TABLE IF EXISTS kept; DROP VIEW IF EXISTS keys")
    n_parts = _count_parts(duck, "SELECT count(*) FROM pairs", MAX_PART_PAIRS)
    for part in range(n_parts):
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE candidates AS SELECT a, b FROM pairs WHERE a % {n_parts} = {part}
            GROUP BY a, b HAVING sum(weight) >= {MIN_SHARED_CONTENT_WORDS}""")
        yield
    duck.execute("DROP TABLE candidates; DROP TABLE pairs")


def _count_parts(duck: "DuckDBPyConnection", size: str, most: int) -> int:
    """In how many parts to take what has a size, found by SQL."""
    return 1 + (duck.sql(size).fetchall()[0][0] or 0) // most


def _split_rows(duck: "DuckDBPyConnection", rows: str, key: str, n_parts: int) -> Iterator[str]:
    """SQL for each of some parts of the rows; rows of one key are of one part."""
    with TemporaryDirectory(prefix="samestory-") as folder:
        duck.execute(f"COPY (SELECT *, {key} % {n_parts} AS part FROM ({rows})) TO {quote_sql(folder)}"
                     " (FORMAT parquet, PARTITION_BY part, OVERWRITE_OR_IGNORE)")
        for path in sorted(Path(folder).iterdir()):
            yield f"read_parquet({quote_sql(glob.escape(str(path)) + '/*.parquet')}, hive_partitioning = false)"
