"""Linking: joins the mentions and quotations found within articles across them.

Mentions become entities, entities named together become links, speakers become entities with a side, from the user's
roster or the articles' descriptions, and quotations of one utterance in two outlets are paired. DuckDB reads the tables
of annotation and replaces those that linking adds to.
"""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from samestory.base.errors import SameStoryError
from samestory.base.schema import TABLE_ROW_ORDER, make_table
from samestory.base.sql import add_view, connect_duckdb, write_rows
from samestory.link.events import link_events
from samestory.link.name_queries import choose_titles, count_entities, count_links, link_names
from samestory.link.sides import add_described_sides
from samestory.link.utterances import find_utterances
from samestory.read.corpus import ALIASES_FILE, ROSTER_FILE, Corpus
from samestory.read.sidecar_rows import describe_header, read_sidecar_rows

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

MaybeName = TypeVar("MaybeName", bound=str | None)
SPEECH_TABLES = ("quotations", "speech_acts")  # the tables that have speakers
LINK_INPUT_TABLES = ("articles", "tokens", "mentions", *SPEECH_TABLES)
MAX_UNNAMED_EVENT_ARTICLES, MAX_UNNAMED_EVENT_DAYS = 50, 14  # articles without an event that are taken as one
MAX_ROSTER_NOTES = 20  # names of a roster that get their own row in `problems`
SPEAKER_ENTITY_LABELS = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC")  # labels of entities that can be a source
SHOWN_SPEAKER_LABELS = ("PERSON", "ORG")  # labels of speakers who are shown by their entity's name


def link_folder(folder: Path, corpus: Corpus) -> None:
    """Link the tables of a folder: write events, entities, links and utterances, and add to the other tables.

    Parameters
    ----------
    folder : holds articles, tokens, mentions, quotations, speech_acts and problems of all articles
    corpus : the corpus, for its aliases.csv and roster.csv

    Raises
    ------
    SameStoryError
        If aliases.csv or roster.csv has errors.
    """
    roster = read_roster(corpus.sidecar(ROSTER_FILE))
    with connect_duckdb() as duck:
        for name in LINK_INPUT_TABLES:
            add_view(duck, folder, name)
        events = link_events(duck, folder)
        _add_event_ids(duck, folder, events.ids)
        duck.sql("CREATE TEMP TABLE wanted AS SELECT article_id FROM articles WHERE counted")
        duck.sql(STORY_ARTICLES_QUERY)
        link_names(duck, aliases=corpus.sidecar(ALIASES_FILE))
        _rewrite_table(duck, folder, "mentions", "FROM linked")
        for name, table in {"entities": count_entities(duck), "links": count_links(duck)}.items():
            pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        _add_speakers(duck, roster)
        for name in SPEECH_TABLES:
            _rewrite_table(duck, folder, name, SPEAKER_ENTITY_QUERY.format(name=name))
        write_rows(find_utterances(duck), "utterances", folder / "utterances.parquet")
        add_problems(folder, _note_unknown_names(duck, roster))
        add_problems(folder, [{"step": "link", "severity": "note", "reason": note} for note in events.notes])


STORY_ARTICLES_QUERY = f"""
CREATE TEMP TABLE story_articles AS
WITH unnamed AS (SELECT count(*) <= {MAX_UNNAMED_EVENT_ARTICLES} AND coalesce(max(published_at) - min(published_at)
                        <= INTERVAL {MAX_UNNAMED_EVENT_DAYS} DAY, true) AS is_one
                 FROM articles WHERE coalesce(event, '') = '')
SELECT article_id, if(coalesce(event, '') <> '', event, if(is_one, '', NULL)) AS event FROM articles, unnamed"""


def _add_event_ids(duck: "DuckDBPyConnection", folder: Path, ids: "pd.Series[str]") -> None:
    """Fill the column event_id of articles."""
    duck.register("chosen_events", pa.table({"article_id": pa.array(ids.index, pa.string()),
                                             "chosen": pa.array(ids, pa.string())}))
    _rewrite_table(duck, folder, "articles", "SELECT articles.* REPLACE (chosen AS event_id) FROM articles"
                   " LEFT JOIN chosen_events USING (article_id)")
    duck.unregister("chosen_events")


def _rewrite_table(duck: "DuckDBPyConnection", folder: Path, name: str, query: str) -> None:
    """Rewrite a table, in its row order, from a query that may read it."""
    path, rewritten = folder / f"{name}.parquet", folder / f"{name}.linked.parquet"
    write_rows(duck.sql(f"SELECT * FROM ({query}) ORDER BY {TABLE_ROW_ORDER[name]}"), name, rewritten)
    rewritten.replace(path)
    add_view(duck, folder, name)


# A speaker is an entity if the same article mentions one by the speaker's name. Each person is shown by one full form
# for all outlets, including the title; the roster may give a name with or without its title.
SPEAKER_ENTITY_QUERY = f"""
SELECT q.* EXCLUDE (named, entity_id, entity_title) REPLACE (
    entity_id AS speaker_entity_id, entity_title AS speaker_title,
    coalesce(entity_title || ' ', '') || named AS speaker_name,
    coalesce(bare.side, whole.side, described_sides.side) AS speaker_side,
    CASE WHEN coalesce(bare.side, whole.side) IS NOT NULL THEN 'roster'
         WHEN described_sides.side IS NOT NULL THEN 'description' END AS side_from)
FROM (SELECT said.*, speaking.entity_id, titles.title AS entity_title, coalesce(names.shown, speaker_name) AS named
      FROM {{name}} said LEFT JOIN speaking ON speaking.article_id = said.article_id AND speaking.name = speaker_name
      LEFT JOIN names ON names.entity_id = speaking.entity_id AND names.kind IN {SHOWN_SPEAKER_LABELS}
      LEFT JOIN titles ON titles.entity_id = speaking.entity_id) q
LEFT JOIN sides bare ON bare.name = named
LEFT JOIN sides whole ON whole.name = entity_title || ' ' || named
LEFT JOIN described_sides USING (quotation_id)"""


def _add_speakers(duck: "DuckDBPyConnection", roster: dict[str, str]) -> None:
    """Make the tables that SPEAKER_ENTITY_QUERY joins: `speaking` (an article's names), `titles` and both of sides."""
    duck.sql("CREATE TEMP TABLE speaking AS SELECT article_id, name,"
             " arg_min(entity_id, row(field, start, mention_id)) AS entity_id FROM mentions"
             f" WHERE label IN {SPEAKER_ENTITY_LABELS} GROUP BY article_id, name")
    duck.register("titles", _make_pair_table(choose_titles(duck), "entity_id", "title"))
    duck.register("sides", _make_pair_table(roster, "name", "side"))
    add_described_sides(duck)


def _make_pair_table(pairs: dict[str, str], key: str, value: str) -> pa.Table:
    schema = pa.schema([(key, pa.string()), (value, pa.string())])
    return pa.table([list(pairs), list(pairs.values())], schema=schema)


def cut_title(name: MaybeName, title: str | None) -> MaybeName | str:
    """A speaker's name without its leading title; either may be missing (None or NaN).

    >>> cut_title("Secretary of State Antony Blinken", "Secretary of State"), cut_title("Canada", None)
    ('Antony Blinken', 'Canada')
    """
    return name.removeprefix(f"{title} ") if isinstance(name, str) and isinstance(title, str) else name


def _note_unknown_names(duck: "DuckDBPyConnection", roster: dict[str, str]) -> list[dict[str, str]]:
    """A problem for each name in the roster that no speaker has."""
    if not roster:
        return []
    pairs = duck.sql(" UNION ".join(f"SELECT speaker_name, speaker_title FROM {name} WHERE speaker_name IS NOT NULL"
                                    for name in SPEECH_TABLES)).fetchall()
    bare = {cut_title(*pair) for pair in pairs}
    known = bare | {name for name, _ in pairs}
    strangers = [name for name in roster if name not in known]
    reasons = [f"no speaker is called {name[:100]!r}{_suggest_speaker(name, bare)}"
               for name in strangers[:MAX_ROSTER_NOTES]]
    if len(strangers) > MAX_ROSTER_NOTES:
        reasons.append(f"{len(strangers) - MAX_ROSTER_NOTES:,} more names that no speaker has")
    return [{"path": ROSTER_FILE, "step": "link", "severity": "note", "reason": reason} for reason in reasons]


def add_problems(folder: Path, rows: list[dict[str, str]]) -> None:
    """Append rows to the table `problems` of a folder."""
    if rows:
        path = folder / "problems.parquet"
        pq.write_table(pa.concat_tables([pq.read_table(path), make_table("problems", rows)]), path, compression="zstd")


def _suggest_speaker(name: str, speakers: set[str]) -> str:
    """A hint at the speaker with the same last word as a name in the roster, if there is exactly one."""
    last = name.split()[-1:]
    near = [speaker for speaker in sorted(speakers) if last and last[0].casefold() in speaker.casefold().split()]
    return f"; perhaps {near[0][:100]!r} is meant" if len(near) == 1 else ""


def read_roster(path: Path | None) -> dict[str, str]:
    """The side of each name in a roster.csv (columns name and side; any others are ignored).

    Raises
    ------
    SameStoryError
        If a column, a name or a side is missing, or one name has two sides.
    """
    if path is None:
        return {}
    header, rows, _ = read_sidecar_rows(path, ("name", "side"))
    if not {"name", "side"} <= set(header):
        raise SameStoryError(f"{path.name}: expected the columns name and side, found {describe_header(header)}")
    sides: dict[str, str] = {}
    for line, row in rows:
        name, side = row["name"], row["side"]
        if not (name and side):
            raise SameStoryError(f"{path.name}, line {line}: expected a name and a side, found {name!r} and {side!r}")
        if sides.setdefault(name, side) != side:
            raise SameStoryError(f"{path.name}, line {line}: {name!r} has two sides, {sides[name]!r} and {side!r}")
    return sides
