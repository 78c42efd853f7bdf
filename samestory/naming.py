"""What the entity page shows: who and what is named, by whom, how often and together with whom."""

import pandas as pd

from samestory.evidence import find_sentences
from samestory.tables import Tables


def count_mentions(tables: Tables) -> pd.DataFrame:
    """How often each outlet names each entity.

    One row is an entity in an outlet. Columns: entity_id, name, label, outlet, n_mentions, n_articles;
    the most named first.
    """
    outlets = tables.articles.set_index("article_id")["outlet"]
    named = tables.mentions.assign(outlet=tables.mentions["article_id"].map(outlets))
    counts = named.groupby(["entity_id", "outlet"], as_index=False).agg(
        n_mentions=("mention_id", "size"), n_articles=("article_id", "nunique"))
    table = counts.merge(tables.entities[["entity_id", "name", "label"]], on="entity_id")
    table["total"] = table.groupby("entity_id")["n_mentions"].transform("sum")
    table = table.sort_values(["total", "entity_id", "outlet"], ascending=[False, True, True], ignore_index=True)
    return table[["entity_id", "name", "label", "outlet", "n_mentions", "n_articles"]]


def list_entities(mentioned: pd.DataFrame, *, label: str | None = None) -> pd.DataFrame:
    """Entities with the outlets that name them.

    Parameters
    ----------
    mentioned : what `count_mentions` returned
    label : one type only, such as PERSON

    Returns
    -------
    One row is an entity. Columns: name, label, n_mentions, outlets (with numbers), only_in
    (the outlet, if it is one alone, else empty).
    """
    chosen = mentioned if label is None else mentioned[mentioned["label"] == label]
    told = chosen.assign(told=chosen["outlet"] + " " + chosen["n_mentions"].astype(str))
    table = told.groupby(["entity_id", "name", "label"], as_index=False, sort=False).agg(
        n_mentions=("n_mentions", "sum"), outlets=("told", ", ".join), n=("outlet", "size"),
        only_in=("outlet", "first"))
    table["only_in"] = table["only_in"].where(table["n"] == 1, "")
    return table.drop(columns=["entity_id", "n"])


def list_links(tables: Tables, *, top_n: int = 15) -> pd.DataFrame:
    """Pairs of entities that stand in one sentence most often.

    One row is a pair. Columns: name_a, name_b, n_sentences, n_articles.
    """
    names = tables.entities.set_index("entity_id")["name"]
    links = tables.read("links").head(top_n)
    return pd.DataFrame({"name_a": links["entity_a"].map(names), "name_b": links["entity_b"].map(names),
                         "n_sentences": links["n_sentences"], "n_articles": links["n_articles"]})


def find_mention_sentences(tables: Tables, names: list[str], *, per_name: int = 2) -> pd.DataFrame:
    """The first sentences that name each of some entities, in each outlet.

    Parameters
    ----------
    tables : a corpus's tables
    names : names of entities, as in table `entities`
    per_name : mentions of each entity in each outlet

    Returns
    -------
    The columns of `find_sentences`.
    """
    entities = tables.entities[tables.entities["name"].isin(names)]
    mentions = tables.mentions.merge(entities[["entity_id", "name"]], on="entity_id", suffixes=("", "_shown"))
    mentions["outlet"] = mentions["article_id"].map(tables.articles.set_index("article_id")["outlet"])
    mentions["order"] = mentions["name_shown"].map({name: order for order, name in enumerate(names)})
    mentions = mentions.sort_values(["order", "outlet", "article_id", "start"])
    return find_sentences(tables, mentions.groupby(["order", "outlet"]).head(per_name))
