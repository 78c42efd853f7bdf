"""Facts for a page: each statement of a fact in its sentence, with the outlet and the place in the article.

Facts and pairs are found in `samestory.story`; here they are chosen, ordered and joined with their sentences. Nothing
is scored again.
"""

from bisect import bisect_right
from collections.abc import Iterable

import numpy as np
import pandas as pd

from samestory.base.fields import FIELD_OF_TEXT, select_text_rows
from samestory.base.schema import SHOWN_DIFFERENCE_KINDS
from samestory.base.wording import format_quantity
from samestory.tables.tables import Tables

# Of 45 pairs read by eye in articles on which no threshold was set, nearly all said the same from here on (10 of 11),
# and some 60 % of the others.
MIN_TOLD_SCORE = 0.7
MAX_LEAD_SENTENCES = 2  # that begin an article, and report what all report
MAX_FACT_OUTLETS = 8  # outlets side by side; of more, those with the most shared facts
MAX_LABEL_WORDS = 3  # shared words that name a fact in a figure
FACT_STATEMENT_COLUMNS = ["fact_id", "event_id", "label", "relation", "differs", "check", "not_in", "novelty", "outlet",
                          "article_id", "headline", "speaker", "start", "end", "text", "place_percent", "statement",
                          "marks", "new_words", "statement_id"]
# The part of a statement that each kind of difference is in; of `value` and `day` they are rows of the table values.
DIFFERENCE_PARTS = {"negation": "predicate", "actor": "actor"}
DAY_VALUE_KINDS = ("date", "time")


def find_facts(tables: Tables) -> pd.DataFrame:
    """The facts of the corpus's events, with the sentences that report them.

    Parameters
    ----------
    tables : a corpus's tables

    Returns
    -------
    One row per statement of a fact; those of a fact are together, in the order of outlets and articles. Columns:
    fact_id, event_id, label (words that its statements share), relation (`shared`, `differs` by a kind that pages
    name, `one_outlet`, or `likely` if its best pair scores less than MIN_TOLD_SCORE), differs (what is said
    differently), check (whether both cannot hold as said), not_in (outlets without a counterpart), novelty (of a
    fact of one outlet), outlet, article_id, headline, speaker (missing for the narrator), start, end and text (of
    the sentence), place_percent (of the article, before it), statement ({start, end}) and marks (a list of {start,
    end}: the words that differ), both into the article, new_words (words of a statement of one outlet that no other
    has; 0 in the first two sentences, which report what all report, and without a verb) and statement_id.
    """
    facts = tables.read("facts")
    rows = facts.explode("statement_ids").rename(columns={"statement_ids": "statement_id"})
    matched = _read_matches(tables)
    rows["label"] = pd.Series([matched.get(name, (0.0, ""))[1] for name in rows["statement_id"]], rows.index, "str")
    rows["score"] = [matched.get(name, (0.0, ""))[0] for name in rows["statement_id"]]
    of_fact = rows.groupby("fact_id")
    rows["label"], score = of_fact["label"].transform("max"), of_fact["score"].transform("max")
    rows["relation"] = rows["relation"].mask((rows["relation"] != "one_outlet") & (score < MIN_TOLD_SCORE), "likely")
    is_told = rows["differs"].map(lambda kinds: not {*SHOWN_DIFFERENCE_KINDS}.isdisjoint(kinds)).astype(bool)
    is_alike = (rows["relation"] == "differs") & ~is_told & ~rows["check"].astype(bool)
    rows["relation"] = rows["relation"].mask(is_alike, "shared")
    return _add_sentences(tables, rows)


def find_likely_pairs(tables: Tables) -> pd.DataFrame:
    """The pairs of statements that may say the same, for a person to decide: the columns of `find_facts`.

    One row per statement of a pair, the likeliest pairs first; `fact_id` is the pair's id.
    """
    return join_pair_sentences(tables, choose_likely_pairs(tables))


def choose_likely_pairs(tables: Tables) -> pd.DataFrame:
    """The rows of the table `pairs` that may say the same, the likeliest first.

    Parameters
    ----------
    tables : a corpus's tables
    """
    pairs = tables.read("pairs")
    is_open = (pairs["status"] == "candidate") | ((pairs["status"] == "sure") & (pairs["score"] < MIN_TOLD_SCORE))
    return pairs[is_open].sort_values(["score", "pair_id"], ascending=[False, True])


def join_pair_sentences(tables: Tables, pairs: pd.DataFrame) -> pd.DataFrame:
    """The sentences of pairs of statements: the columns of `find_facts`, `relation` is `candidate`.

    Parameters
    ----------
    tables : a corpus's tables
    pairs : rows of the table `pairs`
    """
    both = pairs.assign(statement_id=list(zip(pairs["statement_a"], pairs["statement_b"], strict=True)))
    rows = both.explode("statement_id").rename(columns={"pair_id": "fact_id"})
    rows["label"] = [_name_label(words) for words in rows["shared"]]
    check = rows["check"].astype(bool) & (rows["status"] != "candidate")  # only what says the same can contradict
    return _add_sentences(tables, rows.assign(relation="candidate", not_in=None, novelty=np.nan, check=check))


def choose_facts(facts: pd.DataFrame, *, relations: Iterable[str], to_check: bool | None = None,
                 top_n: int) -> pd.DataFrame:
    """Some facts: those of many outlets and early in the articles first; of one outlet, those with most new words.

    Of the first fact of each of 28 articles in this order, coders said of 44 % that it belongs on a front page, and of
    4 % that the other outlet has it; in the order of novelty alone, of 25 % and 14 %.

    Parameters
    ----------
    facts : the result of `find_facts`
    relations : `shared`, `differs` and `one_outlet`, or some of them
    to_check : only facts to check, or only others; all if None
    top_n : facts chosen; of one outlet, that many facts in all, the outlets in turn
    """
    chosen = facts[facts["relation"].isin(list(relations))]
    if to_check is not None:
        chosen = chosen[chosen["check"].astype(bool) == to_check]
    if chosen.empty:
        return chosen
    by_fact = chosen.groupby("fact_id").agg(
        n_outlets=("outlet", "nunique"), place=("place_percent", "min"), new_words=("new_words", "max"),
        outlet=("outlet", "min"))
    by_fact = by_fact.sort_values(["n_outlets", "new_words", "place"], ascending=[False, False, True], kind="stable")
    by_fact["turn"] = np.where(by_fact["n_outlets"] > 1, 0, by_fact.groupby("outlet").cumcount())
    order = {fact_id: place for place, fact_id in enumerate(by_fact.sort_values("turn", kind="stable").index[:top_n])}
    chosen = chosen[chosen["fact_id"].isin(order)]
    places = chosen["fact_id"].map(order)
    return chosen.loc[places.sort_values(kind="stable").index].reset_index(drop=True)


def describe_facts(facts: pd.DataFrame) -> str:
    """How many facts several outlets report, how many differently, and how many one alone; in a sentence or two.

    Parameters
    ----------
    facts : the result of `find_facts`
    """
    once = facts.drop_duplicates("fact_id")
    counts = once["relation"].value_counts()
    several, differs = counts.get("shared", 0) + counts.get("differs", 0), counts.get("differs", 0)
    if not several:
        return ("No statement of one outlet is surely that of another. The pairs under “May be the same” are for you to"
                " decide.")
    checks = int(once["check"].sum())
    said = f"; {checks:,} to check, since both cannot hold as said" if checks else ""
    return (f"{format_quantity(int(several), 'fact').capitalize()} reported by two outlets or more, {differs:,} of them"
            f" in other words or with other details{said}. For"
            f" {format_quantity(int(counts.get('one_outlet', 0)), 'statement')} of one outlet no counterpart was found"
            " in any other.")


def _read_matches(tables: Tables) -> dict[str, tuple[float, str]]:
    """For each statement of a sure pair its best score (1 if a person confirmed it), and the words of that pair."""
    pairs = tables.read("pairs")
    pairs = pairs[pairs["status"].isin(("sure", "confirmed"))]
    pairs = pairs.assign(score=pairs["score"].mask(pairs["status"] == "confirmed", 1.0)).sort_values("score")
    return {statement: (score, _name_label(words)) for a, b, score, words in
            zip(pairs["statement_a"], pairs["statement_b"], pairs["score"], pairs["shared"], strict=True)
            for statement in (a, b)}


def _name_label(words: Iterable[str]) -> str:
    """The weightiest shared words; of two words for one thing, the first.

    >>> _name_label(["gun / firearm", "senator", "vote", "law"])
    'gun, senator, vote'
    """
    return ", ".join([word.partition(" / ")[0] for word in words][:MAX_LABEL_WORDS])


def _add_sentences(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of `find_facts`, for rows with a statement_id each."""
    found = rows.merge(tables.read("statements"), on="statement_id")
    found["marks"] = _mark_differences(tables, found)
    found["statement"] = [{"start": int(start), "end": int(end)} for start, end in
                          zip(found["start"], found["end"], strict=True)]
    articles = tables.articles_by_id
    spans = {article_id: found for (article_id, field), found in tables.sentence_spans.items()
             if field == FIELD_OF_TEXT}
    places = [bisect_right(spans[article_id][0], start) - 1
              for article_id, start in zip(found["article_id"], found["start"], strict=True)]
    for side, name in enumerate(("start", "end")):
        found[name] = [max(spans[article_id][side][place], int(end)) if side else spans[article_id][side][place]
                       for article_id, place, end in zip(found["article_id"], places, found["end"], strict=True)]
    texts = articles["text"]
    found["text"] = [texts[article_id][start:end] for article_id, start, end in
                     zip(found["article_id"], found["start"], found["end"], strict=True)]
    for name in ("outlet", "headline"):
        found[name] = found["article_id"].map(articles[name])
    lengths = found["article_id"].map({article_id: ends[-1] for article_id, (_, ends) in spans.items()}).astype(float)
    found["place_percent"] = (100 * found["start"] / lengths).round(1)
    found["new_words"] = _count_new_words(found, places)
    return found[FACT_STATEMENT_COLUMNS]


def _count_new_words(rows: pd.DataFrame, sentences: list[int]) -> "pd.Series[float]":
    """The column `new_words` of `find_facts`, for statements in sentences with these numbers in their articles."""
    lengths = np.array([place["end"] - place["start"] for place in rows["statement"]], dtype=float)
    n_words = np.array([len(text.split()) for text in rows["text"]], dtype=float)
    share = lengths / np.array([len(text) for text in rows["text"]], dtype=float)
    is_new = (np.array(sentences, dtype=int) >= MAX_LEAD_SENTENCES) & rows["predicate"].notna().to_numpy()
    return (rows["novelty"] * n_words * share * is_new).fillna(0.0).round(2)


def _mark_differences(tables: Tables, rows: pd.DataFrame) -> list[list[dict[str, int]]]:
    """The words of each statement in which it differs: its predicate, if denied, its actor, numbers or dates."""
    values = select_text_rows(tables.read("values", ["article_id", "field", "start", "end", "kind"]))
    by_article: dict[str, list[tuple[int, int, str]]] = {}
    for article_id, *value in zip(values["article_id"], values["start"], values["end"], values["kind"], strict=True):
        by_article.setdefault(article_id, []).append(tuple(value))
    marks = []
    for row in rows.to_dict("records"):
        kinds = set(row["differs"] if row["differs"] is not None else ())
        parts = dict.fromkeys(DIFFERENCE_PARTS[kind] for kind in DIFFERENCE_PARTS if kind in kinds)
        found = [{"start": int(row[f"{part}_start"]), "end": int(row[f"{part}_end"])} for part in parts
                 if not pd.isna(row[f"{part}_start"])]
        marks.append(found + _mark_values(by_article.get(row["article_id"], ()), row["start"], row["end"], kinds))
    return marks


def _mark_values(values: Iterable[tuple[int, int, str]], first: int, last: int,
                 kinds: set[str]) -> list[dict[str, int]]:
    """The values (start, end, kind) within a statement, if it has another number (`value`) or another day."""
    return [{"start": start, "end": end} for start, end, kind in values if start >= first and end <= last
            and ("day" if kind in DAY_VALUE_KINDS else "value") in kinds]
