"""The statements of one event, with what they are compared by: their outlets, speakers, words, names and values.

Events are read some at a time, so that memory is bounded; of a very large event the first statements of each article
are compared. Articles of one outlet are not compared with each other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from samestory.base.batches import cut_batches
from samestory.base.fields import IN_TEXT_SQL
from samestory.base.language import read_stop_words
from samestory.base.sql import add_view, connect_duckdb
from samestory.story.differences import ComparedStatement
from samestory.story.near_days import list_dated_acts
from samestory.story.near_denials import list_claims
from samestory.story.other_words import list_quoted_runs
from samestory.story.statement_words import (
    find_statement_places,
    list_statement_phrases,
    list_statement_words,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STORY_INPUT_TABLES = ("articles", "statements", "tokens", "mentions", "quotations", "speech_acts", "values")
MAX_BATCH_ARTICLES = 300  # articles of whole events that are read at a time
MAX_EVENT_STATEMENTS = 1_200
COMPARED_COLUMNS = ["statement_id", "predicate", "negated", "modal", "object", "actor", "actor_start", "actor_end"]
PLACE_LABEL = "GPE"
NAME_BREAK_PATTERN = re.compile(r"[\s:]")  # before the last name in an entity_id
ACTOR_LABELS = ("PERSON", "ORG", "GPE", "NORP")
# An article without an outlet is compared with all others.
EVENT_ARTICLES_QUERY = """
    SELECT article_id, event_id, epoch(published_at) AS published_s,
        if(outlet = 'unknown', article_id, outlet) AS teller
    FROM articles WHERE counted AND event_id IS NOT NULL ORDER BY event_id, article_id"""
STORY_COLUMNS = {
    "statements": "*",
    "tokens": "article_id, start, norm, lemma, pos, in_quotation",
    "mentions": "article_id, start, \"end\", entity_id, label",
    "values": "article_id, start, kind, value, value_to, unit, \"date\", counted, approximation"}
SPEAKERS_QUERY = """
    SELECT quotation_id, coalesce(nullif(speaker_entity_id, ''), nullif(speaker_name, '')) AS speaker
    FROM (SELECT * FROM quotations UNION ALL SELECT * FROM speech_acts) SEMI JOIN chosen USING (article_id)"""


@dataclass(frozen=True, eq=False)
class EventStatements:
    """The statements of an event's articles, in order, and what they are compared by.

    `words` has the columns of `list_statement_words`, `phrases` those of `list_statement_phrases`, `acts` those of
    `list_dated_acts`, `claims` those of `list_claims`; `outlets` are numbers into `outlet_names`.
    """

    event_id: str
    frame: pd.DataFrame
    words: pd.DataFrame
    phrases: pd.DataFrame
    acts: pd.DataFrame
    claims: pd.DataFrame
    outlet_names: list[str]
    outlets: np.ndarray
    speakers: list[str | None]
    first: int  # place of the event's first statement among those of `mentions`, `values` and `quoted`
    mentions: dict[int, list[dict[str, Any]]]
    values: dict[int, list[dict[str, Any]]]
    quoted: dict[int, list[list[tuple[str, bool]]]]

    @property
    def sentences(self) -> np.ndarray:
        """A number for each statement's sentence, other in each article."""
        numbers: np.ndarray = self.frame.groupby(["article_id", "sentence"], sort=False).ngroup().to_numpy()
        return numbers

    @property
    def own_values(self) -> dict[int, list[dict[str, Any]]]:
        """The values in each of the event's statements, by its position in the event."""
        return {position: self.values[self.first + position] for position in range(len(self.frame))
                if self.first + position in self.values}

    @property
    def published_s(self) -> np.ndarray:
        """When the article of each statement was published, in seconds since 1970; NaN if that is unknown."""
        seconds: np.ndarray = self.frame["published_s"].to_numpy(float)
        return seconds

    @property
    def places(self) -> np.ndarray:
        """The number of each statement's sentence among those of its article, from 0."""
        ranks: np.ndarray = self.frame.groupby("article_id", sort=False)["sentence"].rank("dense").to_numpy() - 1
        return ranks

    @property
    def people(self) -> list[frozenset[str]]:
        """The last names of the people in each statement, its speaker among them."""
        named = [[mention["entity_id"] for mention in self.mentions.get(self.first + position, ())
                  if mention["label"] == "PERSON"] for position in range(len(self.frame))]
        return [frozenset(_cut_last_name(name) for name in [*names, speaker] if name)
                for names, speaker in zip(named, self.speakers, strict=True)]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The statements as rows, without what only the text needs."""
        frame = self.frame[COMPARED_COLUMNS]
        records: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return records

    def make_compared(self, position: int) -> ComparedStatement:
        """A statement with its speaker, values, and the names in its actor."""
        row, mentions = self.rows[position], self.mentions.get(self.first + position, ())
        start, end = row["actor_start"], row["actor_end"]
        names = [mention for mention in mentions if start is not None and mention["start"] < end
                 and mention["end"] == end and mention["label"] in ACTOR_LABELS]  # no "China" of China's diplomat
        sole = frozenset((name["label"], _cut_last_name(name["entity_id"])) for name in names
                         if start <= name["start"])  # no dateline
        common = (word for word in (row["object"] or "").split() if not word[0].isupper())  # much is said of a name
        return ComparedStatement(
            row, self.speakers[position], self.values.get(self.first + position, ()),
            frozenset(name["entity_id"] for name in names), sole,
            frozenset((row["actor"] or "").lower().split()) - read_stop_words(), frozenset(common) - read_stop_words(),
            frozenset(mention["entity_id"] for mention in mentions if mention["label"] == PLACE_LABEL),
            frozenset(mention["entity_id"] for mention in mentions), self.quoted.get(self.first + position, ()))


def _cut_last_name(name: str) -> str:
    """The last word of an entity's id or of a name, in lower case."""
    return NAME_BREAK_PATTERN.split(name)[-1].lower()


def read_events(folder: Path) -> Iterator[EventStatements]:
    """The events of a folder of linked tables that two or more outlets report, in the order of their ids."""
    with connect_duckdb() as duck:
        for name in STORY_INPUT_TABLES:
            add_view(duck, folder, name)
        articles = duck.sql(EVENT_ARTICLES_QUERY).df()
        tellers = articles.groupby("event_id")["teller"].transform("nunique")
        articles = articles[tellers > 1]
        sizes = articles.groupby("event_id", sort=True).size()
        for batch in cut_batches(sizes.index, sizes.__getitem__, most_size=MAX_BATCH_ARTICLES):
            yield from _read_batch(duck, articles[articles["event_id"].isin(batch)])


def _read_batch(duck: "DuckDBPyConnection", articles: pd.DataFrame) -> Iterator[EventStatements]:
    """The events of some articles."""
    duck.register("chosen", articles)
    tables = {name: duck.sql(f"SELECT {columns} FROM {name} SEMI JOIN chosen USING (article_id)"
                              f" WHERE {IN_TEXT_SQL}").df()
              for name, columns in STORY_COLUMNS.items()}
    speakers = dict(duck.sql(SPEAKERS_QUERY).fetchall())
    statements = tables["statements"][tables["statements"]["role"] == "body"].merge(articles, on="article_id")
    statements = _limit_statements(statements.sort_values(["event_id", "article_id", "start"], ignore_index=True))
    tokens, mentions, values = (tables[name] for name in ("tokens", "mentions", "values"))
    parts = (list_statement_words(statements, tokens, mentions, values), list_statement_phrases(statements, tokens),
             list_dated_acts(statements, tokens, mentions, values), list_claims(statements, tokens, mentions))
    quoted = list_quoted_runs(statements, tokens)
    inside = {name: _group_by_statement(statements, tables[name]) for name in ("mentions", "values")}
    for event_id, frame in statements.groupby("event_id", sort=True):
        start, end = int(frame.index[0]), int(frame.index[-1]) + 1
        codes, names = pd.factorize(frame["teller"], sort=True)
        words, phrases, acts, claims = (_cut_rows(part, start, end) for part in parts)
        yield EventStatements(
            str(event_id), frame.reset_index(drop=True), words, phrases, acts, claims, list(names), codes,
            [speakers.get(quotation) for quotation in frame["quotation_id"]], start, inside["mentions"],
            inside["values"], quoted)


def _cut_rows(rows: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """The rows of the statements of one event, which are then counted from 0."""
    first, last = rows["statement"].searchsorted([start, end])
    own = rows.iloc[first:last]
    return own.assign(statement=own["statement"] - start)


def _limit_statements(statements: pd.DataFrame) -> pd.DataFrame:
    """The statements of each event, of a very large event only the first of each article."""
    size = statements.groupby("event_id")["article_id"].transform("size")
    n_articles = statements.groupby("event_id")["article_id"].transform("nunique")
    most = (MAX_EVENT_STATEMENTS // n_articles).clip(lower=1)
    rank = statements.groupby("article_id").cumcount()
    kept = statements[(size <= MAX_EVENT_STATEMENTS) | (rank < most)]
    place = kept.groupby("event_id").cumcount()
    return kept[place < MAX_EVENT_STATEMENTS].reset_index(drop=True)


def _group_by_statement(statements: pd.DataFrame, rows: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """The rows that begin in each statement, by its position."""
    place = find_statement_places(statements, rows)
    groups: dict[int, list[dict[str, Any]]] = {}
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    for position, record in zip(place.tolist(), records, strict=True):
        groups.setdefault(position, []).append(record)
    return groups
