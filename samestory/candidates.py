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

from samestory.duck import quote

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RUN = 4  # words of a run that two versions share
COMMON = 60  # a run or word in more quotations of an event (where one has none: of all) says nothing; not looked up
SHARED = 4  # content words that a paraphrase shares with the other version
TOPIC = 0.2  # of an event's quotations; a word in more of them is its topic, and ties no two together
FEW = 10  # quotations of an event from which a topic is looked for
MOST_SAID, MOST_LETTERS, MOST_PAIRS = 200_000, 20_000_000, 2_000_000  # of a part; together below 0.5 GB

TOPICS = f"""
    SELECT event, list(word) AS topics FROM (
        SELECT event, word
        FROM (SELECT event, unnest(string_split(content, ' ')) AS word FROM said WHERE content <> '')
        JOIN (SELECT event, count(*) AS size FROM said GROUP BY event HAVING size >= {FEW}) USING (event)
        GROUP BY event, word, size HAVING count(*) > {TOPIC}::DOUBLE * size)
    GROUP BY event"""
VERSIONS = f"""
    SELECT row_number() OVER () + (SELECT count(*) FROM versions) AS number,
        said.* REPLACE (array_to_string(list_filter(string_split(content, ' '),
            lambda word: NOT list_contains(coalesce(topics, []), word)), ' ') AS content)
    FROM said LEFT JOIN ({TOPICS}) AS topics USING (event)"""
# A run is of words and single spaces only; a tab parts a speaker from one word, or from two and more.
KEYS = f"""
    WITH split AS NOT MATERIALIZED (
        SELECT *, string_split(words, ' ') AS list, len(string_split(quoted, ' ')) BETWEEN 2 AND {RUN - 1} AS is_short
        FROM versions)
    SELECT number, outlet, event, 1 AS weight, speaker || chr(9) || unnest(string_split(content, ' ')) AS key
    FROM split WHERE speaker <> '' AND content <> ''
    UNION ALL
    SELECT number, outlet, event, {SHARED}, speaker || chr(9) || if(is_short, quoted, words)
    FROM split WHERE speaker <> '' AND (is_short OR len(list) BETWEEN 2 AND {RUN - 1})
    UNION ALL
    SELECT number, outlet, event, {SHARED}, concat_ws(' ', {", ".join(f"word_{i}" for i in range(RUN))})
    FROM (SELECT number, outlet, event, {", ".join(
        f"unnest(list[{i + 1}:len(list) - {RUN - 1 - i}]) AS word_{i}" for i in range(RUN))}
        FROM split WHERE NOT is_short AND len(list) >= {RUN})"""
KEPT = """
    SELECT DISTINCT * FROM keys SEMI JOIN (
        SELECT key FROM keys GROUP BY key HAVING min(outlet) <> max(outlet)) USING (key)"""
# Pairs of one event, then those of which one or both have none: at most COMMON a row, so they grow with the rows.
PAIRS = f"""
    WITH of_event AS (
        SELECT * FROM kept SEMI JOIN (
            SELECT key, event FROM kept WHERE event > 0
            GROUP BY ALL HAVING count(*) <= {COMMON} AND min(outlet) <> max(outlet)) USING (key, event)),
    of_any AS (
        SELECT * FROM kept SEMI JOIN (
            SELECT key FROM kept GROUP BY key HAVING count(*) <= {COMMON} AND min(event) = 0) USING (key)),
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
    n_parts = _count_parts(duck, "SELECT count(*) FROM quotations", MOST_SAID)
    for part in _split_rows(duck, said, "event", n_parts):
        duck.execute(f"CREATE OR REPLACE TEMP VIEW said AS SELECT * FROM {part} WHERE words <> ''")
        duck.execute(f"INSERT INTO versions BY NAME {VERSIONS}")
    duck.execute("DROP VIEW IF EXISTS said")


def find_candidates(duck: "DuckDBPyConnection") -> Iterator[None]:
    """Fill the temporary table `candidates` with a part of the pairs of `versions`, again and again.

    One row is a pair of numbers, `a` of the outlet first in order. The two are of one event where both have one.
    """
    duck.execute("CREATE TEMP TABLE pairs (a INTEGER, b INTEGER, weight INTEGER)")
    n_parts = _count_parts(duck, "SELECT sum(strlen(words)) FROM versions", MOST_LETTERS)
    for part in _split_rows(duck, KEYS, "hash(key)", n_parts):
        duck.execute(f"CREATE OR REPLACE TEMP VIEW keys AS SELECT * FROM {part}")
        duck.execute(f"CREATE OR REPLACE TEMP TABLE kept AS {KEPT}")
        duck.execute(f"INSERT INTO pairs BY NAME {PAIRS}")
    duck.execute("DROP TABLE IF EXISTS kept; DROP VIEW IF EXISTS keys")
    n_parts = _count_parts(duck, "SELECT count(*) FROM pairs", MOST_PAIRS)
    for part in range(n_parts):
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE candidates AS SELECT a, b FROM pairs WHERE a % {n_parts} = {part}
            GROUP BY a, b HAVING sum(weight) >= {SHARED}""")
        yield
    duck.execute("DROP TABLE candidates; DROP TABLE pairs")


def _count_parts(duck: "DuckDBPyConnection", size: str, most: int) -> int:
    """In how many parts to take what has a size, found by SQL."""
    return 1 + (duck.sql(size).fetchall()[0][0] or 0) // most


def _split_rows(duck: "DuckDBPyConnection", rows: str, key: str, n_parts: int) -> Iterator[str]:
    """SQL for each of some parts of the rows; rows of one key are of one part."""
    with TemporaryDirectory(prefix="samestory-") as folder:
        duck.execute(f"COPY (SELECT *, {key} % {n_parts} AS part FROM ({rows})) TO {quote(folder)}"
                     " (FORMAT parquet, PARTITION_BY part, OVERWRITE_OR_IGNORE)")
        for path in sorted(Path(folder).iterdir()):
            yield f"read_parquet({quote(glob.escape(str(path)) + '/*.parquet')}, hive_partitioning = false)"
