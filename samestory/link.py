"""Linking: what was found within articles, joined across them.

Mentions become entities, entities named together become links, speakers become entities with a
side from the user's roster, and utterances that two outlets quote are paired.
"""

import csv
from pathlib import Path

import pandas as pd

from samestory.corpus import Corpus
from samestory.entities import link_entities, link_pairs
from samestory.errors import SameStoryError
from samestory.utterances import match_utterances

SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC")  # labels of what can be a source


def link_tables(tables: dict[str, pd.DataFrame], corpus: Corpus) -> dict[str, pd.DataFrame]:
    """The tables mentions, entities, links, quotations and utterances of a corpus.

    Parameters
    ----------
    tables : articles, mentions and quotations, of all articles
    corpus : the corpus, for its aliases.csv and roster.csv
    """
    mentions, entities = link_entities(tables["mentions"], aliases=corpus.sidecar("aliases.csv"))
    quotations = link_speakers(tables["quotations"], mentions, entities)
    quotations["speaker_side"] = quotations["speaker_name"].map(read_roster(corpus.sidecar("roster.csv")))
    return {"mentions": mentions, "entities": entities, "links": link_pairs(mentions), "quotations": quotations,
            "utterances": match_utterances(quotations, tables["articles"])}


def link_speakers(quotations: pd.DataFrame, mentions: pd.DataFrame, entities: pd.DataFrame) -> pd.DataFrame:
    """Quotations with `speaker_entity_id`, and with the entity's name where the speaker is one.

    A speaker is an entity if the same article mentions one by the speaker's name.
    """
    named = mentions[mentions["label"].isin(SPEAKING)]
    named = named.drop_duplicates(["article_id", "name"])[["article_id", "name", "entity_id"]]
    joined = quotations.drop(columns="speaker_entity_id").merge(
        named, how="left", left_on=["article_id", "speaker_name"], right_on=["article_id", "name"])
    joined = joined.rename(columns={"entity_id": "speaker_entity_id"})
    people = entities[entities["label"].isin(["PERSON", "ORG"])].set_index("entity_id")["name"]
    joined["speaker_name"] = joined["speaker_entity_id"].map(people).fillna(joined["speaker_name"])
    return joined[list(quotations.columns)]


def read_roster(path: Path | None) -> dict[str, str]:
    """The side of each name in a roster.csv (columns name and side; others are for its reader).

    Raises
    ------
    SameStoryError
        If a column is missing, or one name has two sides.
    """
    if path is None:
        return {}
    sides: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not {"name", "side"} <= set(rows.fieldnames or ()):
            raise SameStoryError(f"{path.name}: expected the columns name and side,"
                                 f" found {', '.join(rows.fieldnames or ()) or 'no header'}")
        for row in rows:
            name, side = (row["name"] or "").strip(), (row["side"] or "").strip()
            if sides.setdefault(name, side) != side:
                raise SameStoryError(f"{path.name}, line {rows.line_num}: {name!r} has two sides,"
                                     f" {sides[name]!r} and {side!r}")
    return sides
