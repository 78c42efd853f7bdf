"""Names across articles, as DuckDB queries, so that memory stays bounded for any size of corpus.

Mentions become entities, entities are counted and linked to those named in the same sentence, and persons get
titles. All queries use a connection with a view `mentions` and a table `wanted` of the counted articles' ids.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from samestory.annotate.roles import is_honorific
from samestory.base.schema import TABLES
from samestory.base.sql import connect_duckdb
from samestory.link.entities import assign_entities

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_LINK_ROWS = 2_000  # rows of `links`
MAX_SENTENCE_ENTITIES = 30  # entities; a sentence that names more is a list, whose pairs mean nothing
# white space as `str.split` defines it, for DuckDB's patterns
WHITE_SPACE_PATTERN = r"[\t-\r\x1c- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+"
IS_METONYM_SQL = "(rule IS NOT DISTINCT FROM 'metonym')"  # whether a capital denotes its government
COUNTED_MENTIONS_SQL = "(SELECT mentions.* FROM mentions SEMI JOIN wanted USING (article_id))"
NAME_FORM_SCHEMA = pa.schema([("text", pa.string()), ("name", pa.string()), ("label", pa.string()),
                              ("acts", pa.bool_()), ("entity_id", pa.string())])
ENTITY_NAME_SCHEMA = pa.schema([("entity_id", pa.string()), ("shown", pa.string()), ("kind", pa.string())])


@contextmanager
def open_mentions(mentions: pa.Table, counted_ids: Iterable[str]) -> Iterator["DuckDBPyConnection"]:
    """A connection for the queries below, over mentions in memory."""
    with connect_duckdb() as duck:
        duck.register("mentions", mentions)
        duck.register("wanted", pa.table({"article_id": pa.array(sorted(counted_ids), pa.string())}))
        yield duck


def link_names(duck: "DuckDBPyConnection", *, aliases: Path | None = None) -> None:
    """Make the view `linked`, the mentions with their entity_id, and the table `names` of these entities.

    Parameters
    ----------
    duck : a connection with the view `mentions`, whose entity_id is ignored
    aliases : the user's own aliases.csv, which wins over data/aliases.csv

    Raises
    ------
    SameStoryError
        If an aliases.csv has a circle, a missing column or a repeated surface.
    """
    found = duck.sql(f"SELECT text, name, label, {IS_METONYM_SQL} AS acts, count(*) AS n FROM mentions GROUP BY ALL"
                     " ORDER BY ALL").to_arrow_table().to_pandas()
    forms = assign_entities(found, aliases=aliases)
    duck.register("forms", pa.Table.from_pandas(forms, schema=NAME_FORM_SCHEMA, preserve_index=False))
    named = forms.drop_duplicates("entity_id").rename(columns={"entity_name": "shown", "entity_label": "kind"})
    register_entity_names(duck, pa.Table.from_pandas(named, schema=ENTITY_NAME_SCHEMA, preserve_index=False))
    duck.sql("CREATE TEMP VIEW linked AS SELECT mentions.* REPLACE (forms.entity_id AS entity_id) FROM mentions"
             " JOIN forms ON mentions.text = forms.text AND mentions.name = forms.name AND mentions.label = forms.label"
             f" AND {IS_METONYM_SQL} = forms.acts")


def register_entity_names(duck: "DuckDBPyConnection", names: pa.Table) -> None:
    """Make the table `names`: entity_id, shown (the name it is shown by) and kind (its label)."""
    duck.register("names", names.cast(ENTITY_NAME_SCHEMA))


def count_entities(duck: "DuckDBPyConnection") -> pa.Table:
    """The table `entities`, from linked mentions and `names`: the most mentioned first, those only in duplicates last.

    Aliases are the forms of all mentions, most frequent first; numbers include only counted articles.
    """
    return duck.sql(f"""
        WITH written AS (SELECT entity_id, trim(regexp_replace(text, '{WHITE_SPACE_PATTERN}', ' ', 'g')) AS form,
                                count(*) AS n FROM mentions GROUP BY ALL),
             written_as AS (SELECT entity_id, list(form ORDER BY n DESC, form) AS aliases FROM written GROUP BY ALL),
             named AS (SELECT entity_id, article_id, count(*) AS n FROM {COUNTED_MENTIONS_SQL} GROUP BY ALL),
             counted AS (SELECT entity_id, sum(n)::BIGINT AS n_mentions, count(*) AS n_articles FROM named GROUP BY ALL)
        SELECT entity_id, shown AS name, kind AS label, aliases, coalesce(n_mentions, 0) AS n_mentions,
               coalesce(n_articles, 0) AS n_articles
        FROM names JOIN written_as USING (entity_id) LEFT JOIN counted USING (entity_id)
        ORDER BY n_mentions DESC, entity_id""").to_arrow_table().cast(TABLES["entities"].arrow)


def count_links(duck: "DuckDBPyConnection") -> pa.Table:
    """The table `links`, from linked mentions: entities named in the same sentence, most frequent pairs first.

    One row per pair of entities; entity_a is the smaller id. At most 2,000 pairs are kept. A sentence
    that names more than 30 entities is skipped: it is a list, whose pairs would swamp the others.
    """
    return duck.sql(f"""
        WITH named AS (SELECT DISTINCT article_id, sentence, entity_id FROM {COUNTED_MENTIONS_SQL}),
             pairing AS (SELECT article_id, sentence FROM named GROUP BY ALL
                         HAVING count(*) BETWEEN 2 AND {MAX_SENTENCE_ENTITIES}),
             near AS (SELECT named.* FROM named SEMI JOIN pairing USING (article_id, sentence)),
             paired AS (SELECT a.entity_id AS entity_a, b.entity_id AS entity_b, article_id, count(*) AS n
                        FROM near a JOIN near b USING (article_id, sentence) WHERE a.entity_id < b.entity_id
                        GROUP BY ALL)
        SELECT entity_a, entity_b, 'sentence' AS relation, sum(n)::BIGINT AS n_sentences,
               count(*) AS n_articles FROM paired GROUP BY ALL
        ORDER BY n_sentences DESC, n_articles DESC, entity_a, entity_b
        LIMIT {MAX_LINK_ROWS}""").to_arrow_table().cast(TABLES["links"].arrow)


def choose_titles(duck: "DuckDBPyConnection") -> dict[str, str]:
    """Each person's title, by entity_id: the one most often written before the full name; of several, the earliest.

    An honorific ("Mr.") is a title only for persons known only by surname.
    """
    found = duck.sql("SELECT DISTINCT title FROM mentions WHERE title IS NOT NULL").fetchall()
    duck.register("honorifics", pa.table({"title": pa.array([t for t, in found if is_honorific(t)], pa.string())}))
    return dict(duck.sql(f"""
        WITH titled AS (SELECT *, regexp_matches(text, '{WHITE_SPACE_PATTERN}') AS is_full FROM {COUNTED_MENTIONS_SQL}
                        WHERE title IS NOT NULL AND label = 'PERSON'
                        AND (title NOT IN (FROM honorifics) OR NOT regexp_matches(name, '{WHITE_SPACE_PATTERN}'))),
             counted AS (SELECT entity_id, title, bool_or(is_full) AS is_full, count(*) AS n,
                                min(row(article_id, start, mention_id)) AS first
                         FROM titled GROUP BY entity_id, title)
        SELECT entity_id, arg_min(title, row(NOT is_full, -n, first)) FROM counted GROUP BY entity_id""").fetchall())
