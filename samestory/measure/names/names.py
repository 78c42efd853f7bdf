"""The entity page's tables: who and what is named, by whom, how often and together with whom."""

from dataclasses import replace

import pandas as pd

from samestory.base.fields import list_fields
from samestory.base.wording import MAX_LISTED_ITEMS, format_quantity
from samestory.measure.doubles import find_doubles
from samestory.measure.largest_rows import ShortTable, keep_largest
from samestory.measure.names.written import mark_elsewhere
from samestory.tables.tables import Tables

NAME_TEST_COLUMNS = ["p", "q_bh"]


def find_names(tables: Tables) -> pd.DataFrame:
    """Every mention of each entity.

    One row per mention, in the order of the articles. Columns: article_id, outlet, field, start, end (code
    points into that field), entity_id, name, label (the entity's), form (as written, white space plain), in_quotation,
    elsewhere (whether the entity was found in one outlet only, but another outlet's text has the words of its name).
    """
    found = tables.mentions.drop(columns=["name", "label"]).merge(
        tables.entities[["entity_id", "name", "label"]], on="entity_id")
    found["outlet"] = found["article_id"].map(tables.articles.set_index("article_id")["outlet"])
    found["form"] = found["text"].str.split().str.join(" ")
    found["field"] = list_fields(found)
    found["elsewhere"] = mark_elsewhere(found, tables)
    columns = ["article_id", "outlet", "field", "start", "end", "entity_id", "name", "label", "form", "in_quotation",
               "elsewhere"]
    return found.sort_values(["article_id", "field", "start", "end"], ignore_index=True)[columns]


def count_mentions(names: pd.DataFrame) -> pd.DataFrame:
    """How often each outlet names each entity.

    Parameters
    ----------
    names : the result of `find_names`

    Returns
    -------
    One row per entity and outlet: entity_id, name, label, outlet, n_mentions, n_articles, elsewhere (as in
    `find_names`); those with the most mentions first.
    """
    table = names.groupby(["entity_id", "name", "label", "outlet"], as_index=False).agg(
        n_mentions=("start", "size"), n_articles=("article_id", "nunique"), elsewhere=("elsewhere", "any"))
    table["total"] = table.groupby("entity_id")["n_mentions"].transform("sum")
    table = table.sort_values(["total", "entity_id", "outlet"], ascending=[False, True, True], ignore_index=True)
    return table.drop(columns="total")


def tell_names(names: pd.DataFrame) -> str:
    """How many names all outlets have, and how many only one of them, as a sentence.

    Parameters
    ----------
    names : the result of `find_names`
    """
    n_outlets, n = names["outlet"].nunique(), names["entity_id"].nunique()
    if n_outlets < 2:
        return f"{format_quantity(n, 'name')} found."
    found = names.groupby("entity_id").agg(n=("outlet", "nunique"), elsewhere=("elsewhere", "any"))
    shared = int((found["n"] + found["elsewhere"] == n_outlets).sum())  # elsewhere: in one other outlet or more
    lone = list_lone_names(names)
    alone = lone["outlet"][lone["may_be"] == ""].value_counts().sort_index()
    told = ", ".join(f"{alone[outlet]:,} only in {outlet}" for outlet in alone.index) if n_outlets <= MAX_LISTED_ITEMS \
        else f"{alone.sum():,} in one outlet only"
    both = "both outlets have" if n_outlets == 2 else f"all {n_outlets} outlets have"
    return f"Of {format_quantity(n, 'name')}, {both} {shared:,}{f'; {told}' if told else ''}, as far as was found."


def join_name_forms(forms: pd.DataFrame, descriptions: pd.DataFrame) -> pd.DataFrame:
    """The forms of names and the descriptions of people in one table, the descriptions below the forms of their name.

    One row per name, outlet and form or description. Columns: name, outlet, said (the form or description), as (name,
    or description before or behind it), n_outside, n_inside, n_articles.

    Parameters
    ----------
    forms : the table of `compare_names`
    descriptions : the table of `count_descriptions`
    """
    columns = ["name", "outlet", "said", "as", "n_outside", "n_inside", "n_articles"]
    named = forms.rename(columns={"form": "said"}).assign(**{"as": "name"})
    described = descriptions.rename(columns={"description": "said"})
    described["as"] = "description " + described["place"].astype("str") + " the name"
    order = {name: place for place, name in enumerate(dict.fromkeys([*named["name"], *described["name"]]))}
    both = pd.concat([named[columns], described[columns]], ignore_index=True)
    return both.assign(order=both["name"].map(order)).sort_values("order", kind="stable", ignore_index=True)[columns]


def join_name_spans(names: pd.DataFrame, descriptions: pd.DataFrame) -> pd.DataFrame:
    """The mentions and descriptions that `join_name_forms` counts: article_id, outlet, field, start, end, name, said.

    Parameters
    ----------
    names : the result of `find_names`
    descriptions : the result of `find_descriptions`
    """
    columns = ["article_id", "outlet", "field", "start", "end", "name", "said"]
    both = names.rename(columns={"form": "said"}), descriptions.rename(columns={"description": "said"})
    return pd.concat([spans[columns] for spans in both], ignore_index=True)


def compare_names(names: pd.DataFrame, *, top_n: int = 10) -> ShortTable:
    """The names that each outlet uses for the same entity, outside and inside quotation marks.

    Parameters
    ----------
    names : the result of `find_names`
    top_n : entities shown, the most mentioned of those with more than one form, each with the forms used most

    Returns
    -------
    The table, with how much is left out. One row per entity, outlet and form of the name: name, label, outlet, form,
    n_outside and n_inside (mentions outside and inside quotation marks), n_articles.
    """
    several = names.groupby("entity_id")["form"].transform("nunique") > 1
    named = names[several].assign(inside=names["in_quotation"].fillna(False).astype(bool))
    forms = named.groupby(["entity_id", "name", "label", "outlet", "form"], as_index=False).agg(
        n=("form", "size"), n_inside=("inside", "sum"), n_articles=("article_id", "nunique"))
    forms.insert(5, "n_outside", forms["n"] - forms["n_inside"])
    forms["total"] = forms.groupby("entity_id")["n"].transform("sum")
    forms = forms.sort_values(["total", "entity_id", "outlet", "n", "form"],
                              ascending=[False, True, True, False, True], ignore_index=True)
    kept = keep_largest(forms.drop(columns=["n", "total"]), forms["n"], by="entity_id", top_n=top_n)
    return replace(kept, table=kept.table.drop(columns="entity_id"))


def find_only_in(names: pd.DataFrame, *, top_n: int = 20) -> pd.DataFrame:
    """The entities that were found in one outlet only, and whose name no other outlet's text has.

    Parameters
    ----------
    names : the result of `find_names`
    top_n : entities of each outlet, those it names most; first those without `may_be`

    Returns
    -------
    One row per entity: outlet, name, label, n_mentions, n_articles and may_be (names in other outlets that may be the
    same entity, such as the surname alone; see `list_possible_merges`): an entity with an entry there may occur in
    other outlets after all.
    """
    table = list_lone_names(names)
    table = table.sort_values(["outlet", "may_be", "n_mentions", "entity_id"], ascending=[True, True, False, True],
                              key=lambda column: column != "" if column.name == "may_be" else column)
    table = table.groupby("outlet").head(top_n).reset_index(drop=True)
    return table[["outlet", "name", "label", "n_mentions", "n_articles", "may_be"]]


def list_lone_names(names: pd.DataFrame) -> pd.DataFrame:
    """All entities of one outlet only: entity_id, and the columns of `find_only_in`."""
    table = names.groupby(["entity_id", "name", "label"], as_index=False).agg(
        outlet=("outlet", "min"), n_outlets=("outlet", "nunique"), n_mentions=("start", "size"),
        n_articles=("article_id", "nunique"), elsewhere=("elsewhere", "any"))
    table, doubles = table[table["n_outlets"] == 1], find_doubles(names)
    may_be = pd.Series(["; ".join(doubles.get(entity, ())) for entity in table["entity_id"]], table.index, "str")
    return table.assign(may_be=may_be)[~table["elsewhere"] | (may_be != "")].drop(columns="elsewhere")


def list_links(links: pd.DataFrame, *, top_n: int = 15) -> pd.DataFrame:
    """The pairs of entities that most sentences name together.

    Parameters
    ----------
    links : the table of `measure_links`
    top_n : pairs

    Returns
    -------
    One row per pair. Columns: name_a, name_b, n_sentences, expected, outlets, n_articles, n_naming_both and, if
    any pair is tested, p and q_bh.
    """
    columns = ["name_a", "name_b", "n_sentences", "expected", "outlets", "n_articles", "n_naming_both"]
    columns += [name for name in NAME_TEST_COLUMNS if links[name].notna().any()]
    return links[columns].head(top_n)


def find_link_names(tables: Tables, links: pd.DataFrame) -> pd.DataFrame:
    """The mentions of pairs of entities in one sentence.

    Parameters
    ----------
    tables : a corpus's tables
    links : rows of the table of `measure_links`

    Returns
    -------
    One row per mention of either entity of a pair. Columns: name_a, name_b, article_id, field, start, end (code points
    into that field).
    """
    pairs = links[["entity_a", "entity_b", "name_a", "name_b"]].reset_index(names="pair")
    mentions = tables.mentions.assign(field=list_fields(tables.mentions))[
        ["article_id", "sentence", "entity_id", "field", "start", "end"]]
    sides = [pairs[["pair", "name_a", "name_b", side]].merge(mentions, left_on=side, right_on="entity_id")
             for side in ("entity_a", "entity_b")]
    where = ["pair", "article_id", "sentence"]
    shared = sides[0][where].drop_duplicates().merge(sides[1][where].drop_duplicates(), on=where)
    found = pd.concat([side.merge(shared, on=where) for side in sides])
    return found.sort_values(["pair", "article_id", "field", "start"], ignore_index=True)[
        ["name_a", "name_b", "article_id", "field", "start", "end"]]
