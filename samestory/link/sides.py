"""Sides: the country, body or party for which a source speaks, from the articles' own descriptions.

A body speaks for itself, a person for what the words next to the name say (`mentions.affiliation`, in any article of
the event), unnamed officials for what their phrase names. Where two countries speak in an event, a body counts as its
country: the State Department as the United States, the Foreign Ministry as China. A side that no article gives is not
guessed; the user's roster, which wins, is applied in `samestory.link.link`.
"""

from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from samestory.annotate.mentions.affiliations import read_party_letters
from samestory.base.fields import IN_TEXT_SQL
from samestory.base.language import WordList
from samestory.base.resources import read_data_rows
from samestory.base.sql import quote_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REGIONS_WITH_PEOPLE = WordList("regions_with_people")  # no countries, though there are Texans and Catalans
STATE_BODY_WORDS = WordList("state_body_words")  # a country's own bodies: Army, Embassy, but not Council or Institute
SIDE_ENTITY_LABELS = ("GPE", "ORG", "NORP")
MAX_COUNTRY_WORDS = 4  # words of a country's name at the start of a body's: United Arab Emirates Foreign Ministry
SIDE_SCHEMA = pa.schema([(name, pa.string()) for name in ("affiliation_id", "body", "country")])


def add_described_sides(duck: "DuckDBPyConnection") -> None:
    """Make the table `described_sides`: quotation_id and side, for the statements whose source has one.

    Parameters
    ----------
    duck : a connection with the linked `mentions`, the tables of statements, `story_articles`, `names` (see
        `samestory.link.name_queries`) and `speaking` (article_id, name, entity_id)
    """
    parties = ", ".join(quote_sql(f"ORG:{party}") for party in sorted(read_party_letters().values()))
    duck.sql(AFFILIATION_QUERY.format(parties=parties))
    ids = [row[0] for row in duck.sql("SELECT DISTINCT affiliation_id FROM affiliated"
                                      " WHERE affiliation_id IS NOT NULL ORDER BY ALL").fetchall()]
    names = dict(duck.sql("SELECT entity_id, shown FROM names SEMI JOIN affiliated ON affiliation_id = entity_id"
                          ).fetchall())
    rows = [(found, *_read_side(found, names.get(found, found.partition(":")[2]))) for found in ids]
    duck.register("affiliation_sides", pa.table([pa.array([row[i] for row in rows], pa.string()) for i in range(3)],
                                                schema=SIDE_SCHEMA))
    duck.sql(SIDE_QUERY)


# An entity is of itself; a person of the party, or else the country or body, that the event's articles name most often
# next to the person or for the person ("the Ohio Republican said"); and a source that is no entity of the first name in
# its phrase.
AFFILIATION_QUERY = f"""
CREATE TEMP TABLE affiliated AS
WITH placed AS (SELECT article_id, coalesce(event, article_id) AS event FROM story_articles),
     described AS (SELECT event, mentions.entity_id, coalesce(speaking.entity_id, 'ORG:' || affiliation) AS of_id
                   FROM mentions JOIN placed USING (article_id) LEFT JOIN speaking
                   ON speaking.article_id = mentions.article_id AND speaking.name = affiliation
                   WHERE affiliation IS NOT NULL),
     said AS (SELECT quotation_id, article_id, event, speaker_start, speaker_end, entity_id
              FROM (SELECT quotation_id, article_id, speaker_name, speaker_start, speaker_end FROM quotations UNION ALL
                    SELECT quotation_id, article_id, speaker_name, speaker_start, speaker_end FROM speech_acts) q
              JOIN placed USING (article_id)
              LEFT JOIN speaking ON speaking.article_id = q.article_id AND speaking.name = speaker_name),
     within AS (SELECT said.*, mentions.entity_id AS inner_id, mentions.start, label FROM said JOIN mentions
                ON mentions.article_id = said.article_id AND {IN_TEXT_SQL}
                AND mentions.start >= speaker_start AND mentions.end <= speaker_end),
     named_for AS (SELECT event, entity_id, inner_id AS of_id FROM within
                   WHERE starts_with(entity_id, 'PERSON:') AND inner_id IN ({{parties}})),
     persons AS (SELECT event, entity_id, of_id FROM (FROM described UNION ALL FROM named_for)
                 GROUP BY event, entity_id, of_id
                 QUALIFY row_number() OVER (PARTITION BY event, entity_id
                                             ORDER BY of_id NOT IN ({{parties}}), count(*) DESC, of_id) = 1),
     phrased AS (SELECT quotation_id, arg_min(inner_id, start) AS phrase_id FROM within
                 WHERE entity_id IS NULL AND label IN {SIDE_ENTITY_LABELS} GROUP BY quotation_id)
SELECT quotation_id, said.event, CASE WHEN said.entity_id IS NULL THEN phrase_id
       WHEN starts_with(said.entity_id, 'PERSON:') THEN persons.of_id ELSE said.entity_id END AS affiliation_id
FROM said LEFT JOIN persons ON persons.event = said.event AND persons.entity_id = said.entity_id
LEFT JOIN phrased USING (quotation_id)"""

SIDE_QUERY = """
CREATE TEMP TABLE described_sides AS
WITH of_countries AS (SELECT event, country FROM affiliated JOIN affiliation_sides USING (affiliation_id)
                      WHERE country IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
     levels AS (SELECT event, count(*) > 1 AS is_international FROM of_countries GROUP BY event)
SELECT quotation_id, if(is_international, coalesce(country, body), body) AS side
FROM affiliated JOIN affiliation_sides USING (affiliation_id) LEFT JOIN levels USING (event) WHERE side IS NOT NULL"""


def _read_side(entity_id: str, name: str) -> tuple[str | None, str | None]:
    """The body or place for which an entity speaks, and its country; a people is a side only as its country.

    A party that competes with others at home does not speak for its country.
    """
    label, country = entity_id.partition(":")[0], None if name in list_parties() else find_body_country(name)
    if label not in SIDE_ENTITY_LABELS:
        return None, None
    return (country if label == "NORP" else name), country


def find_body_country(name: str) -> str | None:
    """The country of a body of state: the one its name begins with, or that of data/bodies.csv; a country's is itself.

    >>> find_body_country("Kenya's Foreign Ministry"), find_body_country("White House"), find_body_country("Oxfam")
    ('Kenya', 'United States', None)
    >>> find_body_country("Kenyan Bakers Union")
    """
    words, countries = name.replace("’", "'").split(), _read_country_surfaces()
    for n in range(min(MAX_COUNTRY_WORDS, len(words)), 0, -1):
        country = countries.get(" ".join(words[:n]).removesuffix("'s"))
        if country and (n == len(words) or not STATE_BODY_WORDS.words.isdisjoint(words[n:])):
            return country
    return _read_body_countries().get(name)


@cache
def _read_country_surfaces() -> dict[str, str]:
    """The names of countries and of their peoples, and the country of each, from data/aliases.csv."""
    rows = [row for row in read_data_rows("aliases") if row["label"] == "GPE"]
    countries = {row["name"] for row in rows if row["use"] == "demonym"} - {*REGIONS_WITH_PEOPLE}
    return {row["surface"]: row["name"] for row in rows if row["name"] in countries and row["use"] != "capital"}


@cache
def list_countries() -> frozenset[str]:
    """The names of countries in data/aliases.csv."""
    return frozenset(_read_country_surfaces().values())


def list_parties() -> frozenset[str]:
    """The names of parties in data/bodies.csv."""
    return frozenset(read_party_letters().values())


@cache
def _read_body_countries() -> dict[str, str]:
    return {row["body"]: row["country"] for row in read_data_rows("bodies")}
