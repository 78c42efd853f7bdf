"""Linking: what was found within articles, joined across them.

Mentions become entities, entities named together become links, speakers become entities with a
side from the user's roster, and utterances that two outlets quote are paired.
"""

from pathlib import Path

import pandas as pd

from samestory.corpus import Corpus
from samestory.entities import link_entities, link_pairs
from samestory.errors import SameStoryError
from samestory.resources import read_sidecar
from samestory.roles import is_honorific
from samestory.utterances import match_utterances

NAMES = ["speaker_name", "speaker_title"]
MOST_NOTES = 20  # names of a roster that get a row of their own in `problems`
SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC")  # labels of what can be a source


def link_tables(tables: dict[str, pd.DataFrame], corpus: Corpus) -> dict[str, pd.DataFrame]:
    """The tables mentions, entities, links, quotations, speech_acts, utterances and problems of a corpus.

    Parameters
    ----------
    tables : articles, mentions, quotations, speech_acts and problems, of all articles
    corpus : the corpus, for its aliases.csv and roster.csv
    """
    mentions, entities = link_entities(tables["mentions"], aliases=corpus.sidecar("aliases.csv"))
    counted = mentions[mentions["article_id"].isin(_counted_ids(tables["articles"]))]
    entities = count_again(entities, counted)
    roster, titles = read_roster(corpus.sidecar("roster.csv")), choose_titles(counted)

    def link_said(said: pd.DataFrame) -> pd.DataFrame:
        """Quotations or speech acts with their speakers' entities, sides and titles."""
        return add_sides(add_titles(link_speakers(said, mentions, entities), titles), roster)

    quotations, acts = link_said(tables["quotations"]), link_said(tables["speech_acts"])
    return {"mentions": mentions, "entities": entities, "links": link_pairs(counted), "quotations": quotations,
            "speech_acts": acts, "utterances": match_utterances(quotations, tables["articles"]),
            "problems": _note_strangers(tables["problems"], roster, pd.concat([quotations[NAMES], acts[NAMES]]))}


def _counted_ids(articles: pd.DataFrame) -> set[str]:
    return set(articles["article_id"][articles["counted"]])


def count_again(entities: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """The entities with the numbers of counted articles; those that only repeats name have none."""
    found = counted.groupby("entity_id").agg(n_mentions=("mention_id", "size"), n_articles=("article_id", "nunique"))
    entities = entities.drop(columns=["n_mentions", "n_articles"]).join(found, on="entity_id")
    numbers = ["n_mentions", "n_articles"]
    entities[numbers] = entities[numbers].fillna(0).astype("int32")
    return entities.sort_values(["n_mentions", "entity_id"], ascending=[False, True], ignore_index=True)


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
    named = joined["speaker_entity_id"].map(people).astype(joined["speaker_name"].dtype)  # of no names: floats
    joined["speaker_name"] = named.fillna(joined["speaker_name"])
    return joined[list(quotations.columns)]


def choose_titles(mentions: pd.DataFrame) -> pd.Series:
    """The title each person is shown by: most often written before the full name, the earliest of equals.

    How to address somebody ("Mr.") counts as a title only for those whose surname is all that is given.
    """
    titled = mentions[mentions["title"].notna() & (mentions["label"] == "PERSON")]
    is_full = titled["text"].str.contains(r"\s", regex=True)
    is_title = ~titled["title"].map(is_honorific).astype(bool) | ~titled["name"].str.contains(r"\s", regex=True)
    titled = titled.assign(is_full=is_full)[is_title]
    counts = titled.groupby(["entity_id", "title"], sort=False).agg(
        is_full=("is_full", "max"), n=("mention_id", "size"), first=("mention_id", "first")).reset_index()
    ranked = counts.sort_values(["is_full", "n", "first"], ascending=[False, False, True], kind="stable")
    return ranked.drop_duplicates("entity_id").set_index("entity_id")["title"]


def add_titles(quotations: pd.DataFrame, titles: pd.Series) -> pd.DataFrame:
    """Quotations with `speaker_title`, and each person's `speaker_name` with it: one full form for all outlets."""
    title = quotations["speaker_entity_id"].map(titles)
    named = [name if pd.isna(title) else f"{title} {name}"
             for title, name in zip(title, quotations["speaker_name"], strict=True)]
    return quotations.assign(speaker_title=title, speaker_name=named)


def cut_title(name: str | None, title: str | None) -> str | None:
    """A speaker's name without the title at its head.

    >>> cut_title("Secretary of State Antony Blinken", "Secretary of State"), cut_title("Canada", None)
    ('Antony Blinken', 'Canada')
    """
    return name if pd.isna(title) or pd.isna(name) else name.removeprefix(f"{title} ")


def add_sides(quotations: pd.DataFrame, roster: dict[str, str]) -> pd.DataFrame:
    """Quotations with `speaker_side`: the roster may give a name with its title or without."""
    if not roster:
        return quotations.assign(speaker_side=pd.Series(None, index=quotations.index, dtype="str"))
    bare = [cut_title(*pair) for pair in zip(quotations["speaker_name"], quotations["speaker_title"], strict=True)]
    sides = [next((roster[name] for name in names if name in roster), None)
             for names in zip(bare, quotations["speaker_name"], strict=True)]
    return quotations.assign(speaker_side=pd.Series(sides, index=quotations.index, dtype="str"))


def _note_strangers(problems: pd.DataFrame, roster: dict[str, str], said: pd.DataFrame) -> pd.DataFrame:
    """The problems, and a note for each name of the roster that nobody who speaks has."""
    pairs = said.dropna(subset="speaker_name").drop_duplicates()
    bare = set(map(cut_title, pairs["speaker_name"], pairs["speaker_title"]))
    known = bare | set(pairs["speaker_name"])
    strangers = [name for name in roster if name not in known]
    reasons = [f"no speaker is called {name[:100]!r}{_suggest(name, bare)}" for name in strangers[:MOST_NOTES]]
    if len(strangers) > MOST_NOTES:
        reasons.append(f"{len(strangers) - MOST_NOTES:,} more names that no speaker has")
    notes = pd.DataFrame({"reason": reasons}).assign(path="roster.csv", step="link", severity="note")
    return pd.concat([problems, notes.reindex(columns=problems.columns)], ignore_index=True) if reasons else problems


def _suggest(name: str, speakers: set[str]) -> str:
    """The speaker whose name has the roster's name, or its last word, in it; where there is one only."""
    last = name.split()[-1:]
    near = [speaker for speaker in sorted(speakers) if last and last[0].casefold() in speaker.casefold().split()]
    return f"; perhaps {near[0][:100]!r} is meant" if len(near) == 1 else ""


def read_roster(path: Path | None) -> dict[str, str]:
    """The side of each name in a roster.csv (columns name and side; others are for its reader).

    Raises
    ------
    SameStoryError
        If a column, a name or a side is missing, or one name has two sides.
    """
    if path is None:
        return {}
    header, rows = read_sidecar(path)
    if not {"name", "side"} <= set(header):
        found = ", ".join(header) or "no header"
        raise SameStoryError(f"{path.name}: expected the columns name and side, found {found}")
    sides: dict[str, str] = {}
    for line, row in rows:
        name, side = row["name"], row["side"]
        if not (name and side):
            raise SameStoryError(f"{path.name}, line {line}: expected a name and a side, found {name!r} and {side!r}")
        if sides.setdefault(name, side) != side:
            raise SameStoryError(f"{path.name}, line {line}: {name!r} has two sides, {sides[name]!r} and {side!r}")
    return sides
