"""Names across articles, as DuckDB queries, so that memory stays bounded for any size of corpus.

Mentions become entities, entities are counted and linked to those named in the same sentence, and persons get
titles. All queries use a connection with a view `mentions` and a table `wanted` of the counted articles' ids.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from samestory.annotate.roles import is_honorific
from samestory.base.schema import TABLES
from samestory.base.sql import connect_duckdb
from samestory.link.entities import assign_entities, list_acronym_pairs, list_bare_bodies
from samestory.link.person_joins import NamePair, join_names, list_agreeing_names, list_bare_persons

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
    """A connection for the queries below, over mentions in memory, of articles without events."""
    with connect_duckdb() as duck:
        duck.register("mentions", mentions)
        duck.register("story_articles", pa.table({name: pa.array([], pa.string()) for name in ("article_id", "event")}))
        duck.register("wanted", pa.table({"article_id": pa.array(sorted(counted_ids), pa.string())}))
        yield duck


def link_names(duck: "DuckDBPyConnection", *, aliases: Path | None = None) -> None:
    """Make the view `linked`, the mentions with their entity_id, and the table `names` of these entities.

    Parameters
    ----------
    duck : a connection with the view `mentions`, whose entity_id is ignored, and the table `story_articles` (article_id
        and event), by which names are joined within an event
    aliases : the user's own aliases.csv, which wins over data/aliases.csv

    Raises
    ------
    SameStoryError
        If an aliases.csv has a circle, a missing column or a repeated surface.
    """
    found = duck.sql(f"SELECT text, name, label, {IS_METONYM_SQL} AS acts, count(*) AS n FROM mentions GROUP BY ALL"
                     " ORDER BY ALL").to_arrow_table().to_pandas()
    forms = assign_entities(found, aliases=aliases)
    _register_forms(duck, forms)
    forms = _join_full_names(duck, forms)
    named = _register_forms(duck, forms).rename(columns={"entity_name": "shown", "entity_label": "kind"})
    register_entity_names(duck, pa.Table.from_pandas(named, schema=ENTITY_NAME_SCHEMA, preserve_index=False))
    _join_bare_names(duck, forms)
    duck.sql("CREATE TEMP VIEW linked AS SELECT named.* REPLACE (coalesce(full_id, entity_id) AS entity_id)"
             " FROM named LEFT JOIN story_articles USING (article_id)"
             " LEFT JOIN bare_joins ON bare_id = entity_id AND bare_joins.event = story_articles.event")


def _register_forms(duck: "DuckDBPyConnection", forms: pd.DataFrame) -> pd.DataFrame:
    """Make the view `named`, the mentions with the entity of their form; the forms, one for each entity."""
    ids = [f"{label}:{name}" for label, name in zip(forms["entity_label"], forms["entity_name"], strict=True)]
    forms = forms.assign(entity_id=ids)
    duck.register("forms", pa.Table.from_pandas(forms, schema=NAME_FORM_SCHEMA, preserve_index=False))
    duck.sql("CREATE OR REPLACE TEMP VIEW named AS SELECT mentions.* REPLACE (forms.entity_id AS entity_id)"
             " FROM mentions JOIN forms ON mentions.text = forms.text AND mentions.name = forms.name"
             f" AND mentions.label = forms.label AND {IS_METONYM_SQL} = forms.acts")
    return forms.drop_duplicates("entity_id")


def _join_full_names(duck: "DuckDBPyConnection", forms: pd.DataFrame) -> pd.DataFrame:
    """The forms, with one name for each person and body that has several full ones."""
    for label, list_pairs in (("PERSON", list_agreeing_names), ("ORG", list_acronym_pairs)):
        of_label = forms["entity_label"] == label
        counts = forms[of_label].groupby("entity_name")["n"].sum().to_dict()
        if pairs := list(list_pairs(counts)):
            duck.register("name_pairs", _make_pair_rows(label, pairs))
            known = set(forms.loc[of_label & forms["is_known"], "entity_name"])
            shown = join_names(pairs, apart=_find_named_together(duck, "article_id") if label == "PERSON" else set(),
                               near=_find_named_together(duck, "event"), counts=counts, known=known)
            names = zip(forms["entity_name"], of_label, strict=True)
            forms = forms.assign(entity_name=[shown.get(name, name) if is_of else name for name, is_of in names])
    return forms


def _make_pair_rows(label: str, pairs: Iterable[NamePair]) -> pa.Table:
    rows = [(pair.one, pair.other, f"{label}:{pair.one}", f"{label}:{pair.other}") for pair in pairs]
    return pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)],
                    names=["one", "other", "one_id", "other_id"])


def _find_named_together(duck: "DuckDBPyConnection", where: str) -> set[tuple[str, str]]:
    """The pairs of names that occur in one article, or in articles of one event; a surname alone is no evidence."""
    return set(duck.sql(f"""
        WITH sought AS (SELECT one_id AS entity_id FROM name_pairs UNION SELECT other_id FROM name_pairs),
             placed AS (SELECT DISTINCT entity_id, {where} AS place FROM named SEMI JOIN sought USING (entity_id)
                        LEFT JOIN story_articles USING (article_id)
                        WHERE place IS NOT NULL AND (label <> 'PERSON' OR contains(name, ' ')))
        SELECT DISTINCT one, other FROM name_pairs JOIN placed a ON a.entity_id = one_id
        JOIN placed b ON b.entity_id = other_id AND b.place = a.place""").fetchall())


def _join_bare_names(duck: "DuckDBPyConnection", forms: pd.DataFrame) -> None:
    """Make the table `bare_joins` (event, bare_id, full_id): short names that can only mean one full name in an event.

    They are surnames alone, and bodies without their country; if a body may be that of a state or town, it stays.
    """
    rows = [(f"{label}:{pair.bare}", f"{label}:{pair.full}", pair.reason) for label, pairs in
            (("PERSON", list_bare_persons(_list_names(forms, "PERSON"), _find_addressed(duck))),
             ("ORG", list_bare_bodies(_list_names(forms, "ORG"), _list_names(forms, "GPE")))) for pair in pairs]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    duck.register("bare_names", pa.table([pa.array(column, pa.string()) for column in columns],
                                         names=["bare_id", "full_id", "reason"]))
    duck.sql("""
        CREATE TEMP TABLE bare_joins AS
        WITH sought AS (SELECT bare_id AS entity_id FROM bare_names UNION SELECT full_id FROM bare_names),
             placed AS (SELECT DISTINCT entity_id, event FROM named SEMI JOIN sought USING (entity_id)
                        JOIN story_articles USING (article_id) WHERE event IS NOT NULL),
             met AS (SELECT bare.event, bare_id, full_id, reason FROM bare_names
                     JOIN placed bare ON bare.entity_id = bare_id
                     JOIN placed whole ON whole.entity_id = full_id AND whole.event = bare.event),
             nearest AS (FROM met QUALIFY reason <> 'family name first'
                         OR NOT bool_or(reason = 'surname') OVER (PARTITION BY event, bare_id))
        SELECT event, bare_id, min(full_id) AS full_id FROM nearest GROUP BY ALL
        HAVING count(DISTINCT full_id) = 1 AND NOT bool_or(reason = 'place')""")


def _list_names(forms: pd.DataFrame, label: str) -> set[str]:
    return set(forms.loc[forms["entity_label"] == label, "entity_name"])


def _find_addressed(duck: "DuckDBPyConnection") -> set[str]:
    """The names that follow a form of address."""
    titled = duck.sql("SELECT DISTINCT name, title FROM mentions WHERE title IS NOT NULL AND label = 'PERSON'")
    return {name for name, title in titled.fetchall() if is_honorific(title)}


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
                        AND (title NOT IN (FROM honorifics) OR NOT regexp_matches(entity_id, '{WHITE_SPACE_PATTERN}'))),
             counted AS (SELECT entity_id, title, bool_or(is_full) AS is_full, count(*) AS n,
                                min(row(article_id, start, mention_id)) AS first
                         FROM titled GROUP BY entity_id, title)
        SELECT entity_id, arg_min(title, row(NOT is_full, -n, first)) FROM counted GROUP BY entity_id""").fetchall())
