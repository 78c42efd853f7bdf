"""Descriptions: titles and appositions next to a person's name, by which an outlet says who the person is.

A title comes right before the name ("US Secretary of State"); an apposition comes before or after it, separated by
commas ("China's ambassador to the US"). An apposition counts if its head is a noun for people (data/en/roles.csv);
descriptions in whole sentences are left out.
"""

import itertools
import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from samestory.annotate.roles import is_honorific, read_roles
from samestory.base.fields import list_fields
from samestory.measure.largest_rows import ShortTable, keep_largest
from samestory.tables.tables import Tables

MAX_PERSON_APPOSITION_TOKENS = 60  # tokens examined after a name
DESCRIPTION_BATCH_NAMES = 20_000  # names whose neighbours are in memory at once
MAX_DESCRIPTION_TOKENS = 25  # tokens of one description
DESCRIPTION_NOMINAL_POS = ("NOUN", "PROPN", "ADJ", "NUM")
DESCRIPTION_FIRST_POS = (*DESCRIPTION_NOMINAL_POS, "DET", "PRON")
DESCRIPTION_LINKING_POS = ("ADP", "CCONJ", "PART", "ADV", "SYM", "PUNCT")  # may occur within a description
DESCRIPTION_END_MARKS = (",", ".", ";", ":", "—", "–", "--", '"', "?", "!")
# China's, up to the title
TITLE_POSSESSOR_PATTERN = re.compile(r"(?:(?<=\s)|^)(?:[A-Z][\w.-]* ){0,3}[A-Z][\w.-]*['\u2019]s?\s+$")
MAX_TITLE_POSSESSOR_CHARS = 80  # code points
APPOSITION_ARTICLES = ("a", "an", "the")
DESCRIPTION_POSSESSIVES = ("my", "your", "his", "her", "its", "our", "their")
DESCRIPTION_PREPOSITIONS = ("of", "to", "for", "at", "in", "on")  # within a description that ends before a name
COMMA_AFTER_NAME_PATTERN = re.compile(r"\s*,(?!\s*(?:and|or)\b)")  # follows a name between commas
DESCRIPTION_COLUMNS = ["article_id", "outlet", "entity_id", "name", "description", "place", "field", "start", "end",
                       "in_quotation"]


class DescriptionToken(NamedTuple):
    """A token near a person's name; `number` is the mention's."""

    number: int
    start: int
    end: int
    norm: str
    lemma: str
    pos: str
    in_quotation: bool


DescriptionRow = tuple[int, int, int, str, str, bool]  # number, start, end, description, place, in_quotation


def find_descriptions(tables: Tables) -> pd.DataFrame:
    """Titles and appositions next to the names of people.

    One row per description, in the order of the articles.

    Returns
    -------
    article_id, outlet, entity_id, name (the entity's), description (as written, on one line, without a leading
    article; of forms that differ only in capitals, the most frequent), place (`before` or `behind` the name),
    field, start, end (code points into that field), in_quotation.
    """
    people = tables.mentions[tables.mentions["label"] == "PERSON"].reset_index(drop=True)
    people = people.assign(field=list_fields(people))
    rows = [*_find_titles(people, tables.field_texts), *_find_appositions(tables, people)]
    found = pd.DataFrame(rows, columns=["number", "start", "end", "description", "place", "in_quotation"])
    found = found.merge(people[["article_id", "field", "entity_id"]], left_on="number", right_index=True)
    # titles first: another's title is not an apposition
    found = found.drop_duplicates(["article_id", "field", "start"])
    found["outlet"] = found["article_id"].map(tables.articles_by_id["outlet"])
    found["name"] = found["entity_id"].map(tables.entities.set_index("entity_id")["name"])
    found["description"] = _unify_description_case(found["description"])
    return found.sort_values(["article_id", "field", "start"], ignore_index=True)[DESCRIPTION_COLUMNS]


def _unify_description_case(written: pd.Series) -> pd.Series:
    """Descriptions; those that differ only in capitals take the most frequent form."""
    counts = written.value_counts().rename("n").rename_axis("form").reset_index()
    counts = counts.assign(key=counts["form"].str.casefold()).sort_values(["n", "form"], ascending=[False, True])
    return written.str.casefold().map(counts.drop_duplicates("key").set_index("key")["form"])


def _find_titles(people: pd.DataFrame, texts: dict[tuple[str, str], str]) -> Iterator[DescriptionRow]:
    """The titles right before names, with their possessors (`China's top diplomat`), without `Mr.` and the like."""
    last_ends = people.groupby(["article_id", "field"])["end"].shift(fill_value=0)
    titled = people[people["title"].notna() & ~people["title"].fillna("").map(is_honorific).astype(bool)]
    for row, last_end in zip(titled.itertuples(), last_ends[titled.index], strict=True):
        text = texts[row.article_id, row.field]
        start = _find_title_start(text, row.start, row.title, last_end)
        if start is not None:
            end = len(text[start:row.start].rstrip()) + start
            yield row.Index, start, end, " ".join(text[start:end].split()), "before", bool(row.in_quotation)


def _find_title_start(text: str, name_start: int, title: str, last_end: int) -> int | None:
    """The start of a title; None if it is not found or includes another person's name."""
    opens = max(0, name_start - 4 * len(title) - 8)
    found = re.search(r"\s+".join(map(re.escape, title.split())) + r"\s*$", text[opens:name_start])
    if found is None:
        return None
    start = opens + found.start()
    if start < last_end:  # Smith and former minister Jones
        joint = re.match(r"\s+and\s+", text[last_end:name_start])
        return last_end + joint.end() if joint else None
    whose = TITLE_POSSESSOR_PATTERN.search(text, max(last_end, start - MAX_TITLE_POSSESSOR_CHARS), start)
    return whose.start() if whose else start


def _find_appositions(tables: Tables, people: pd.DataFrame) -> Iterator[DescriptionRow]:
    """The descriptions between commas after names, and those before a name between commas."""
    texts = [tables.field_texts[key] for key in zip(people["article_id"], people["field"], strict=True)]
    ends = people["end"].tolist()
    for place, find in (("behind", _cut_appositions), ("before", _cut_description)):
        nearby = (word for first in range(0, len(people), DESCRIPTION_BATCH_NAMES)
                  for word in _read_apposition_tokens(tables, people[first:first + DESCRIPTION_BATCH_NAMES], place))
        for number, words in groupby(nearby, key=lambda word: word.number):
            if place == "before" and not COMMA_AFTER_NAME_PATTERN.match(texts[number], ends[number]):
                continue
            for part in find(list(words)):
                start, end = part[0].start, part[-1].end
                yield number, start, end, " ".join(texts[number][start:end].split()), place, part[0].in_quotation


def _read_apposition_tokens(tables: Tables, people: pd.DataFrame, place: str) -> list[DescriptionToken]:
    """The tokens of the sentence beyond the comma before or after each name."""
    from samestory.base.sql import connect_duckdb, quote_sql
    edge, step, reach = ('"end"', 1, f"{{}} + 1, {{}} + {MAX_PERSON_APPOSITION_TOKENS}") if place == "behind" else (
        "start", -1, f"{{}} - {MAX_DESCRIPTION_TOKENS + 1}, {{}}")
    with connect_duckdb() as duck:
        named = people[["article_id", "sentence", "start", "end"]].rename_axis("number").reset_index()
        duck.register("people", pa.Table.from_pandas(named, preserve_index=False))
        rows = duck.sql(f"""
            WITH tokens AS (SELECT * FROM {quote_sql(tables.path("tokens"))}
                WHERE article_id IN (SELECT article_id FROM people)),
            adjacent AS (SELECT number, article_id, sentence, token + {step} AS token
                FROM people JOIN tokens USING (article_id, sentence, {edge})),
            near AS (SELECT number, article_id, sentence, unnest(range({reach.format("token", "token")})) AS token
                FROM adjacent JOIN tokens USING (article_id, sentence, token) WHERE norm = ',')
            SELECT number, start, "end", norm, lower(lemma), pos, coalesce(in_quotation, false)
            FROM near JOIN tokens USING (article_id, sentence, token) ORDER BY number, token""").fetchall()
    return [DescriptionToken(*row) for row in rows]


def _cut_description(words: list[DescriptionToken]) -> Iterator[list[DescriptionToken]]:
    """The description that ends right before a comma and a name: `the F.B.I. director, Ann Lee, said`."""
    bars = [i for i, word in enumerate(words)
            if word.pos not in (*DESCRIPTION_NOMINAL_POS, "DET", "PART")
            and word.norm not in (*DESCRIPTION_PREPOSITIONS, *DESCRIPTION_POSSESSIVES, "-")]
    for start in range(max(bars, default=-1) + 1, len(words)):
        part = words[start:]
        if _is_definite(part) and _is_description(part):
            yield part[1:] if part[0].norm in APPOSITION_ARTICLES else part
            return


def _is_definite(words: list[DescriptionToken]) -> bool:
    """Whether words name one known person: `the director`, `its director`, `China's director`."""
    before_head = itertools.takewhile(lambda word: word.pos != "ADP", words)
    return words[0].norm in ("the", *DESCRIPTION_POSSESSIVES) or any(word.pos == "PART" for word in before_head)


def _cut_appositions(words: list[DescriptionToken]) -> Iterator[list[DescriptionToken]]:
    """The descriptions between the commas after a name, up to the first part that is not one."""
    while words:
        end = _find_description_end(words)
        part, rest = words[:end], words[end:]
        if _is_description(part):
            yield part[1:] if part[0].norm in APPOSITION_ARTICLES else part
        elif not _is_age(part):
            return
        words = rest[1:] if rest and rest[0].norm == "," else []


def _find_description_end(words: list[DescriptionToken]) -> int:
    """The position of the first mark that ends a description; words in brackets belong to it."""
    depth = 0
    for i, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word.norm, 0)
        if depth < 0 or (not depth and word.norm in DESCRIPTION_END_MARKS):
            return i
    return len(words)


def _is_description(words: list[DescriptionToken]) -> bool:
    """Whether words are a noun phrase whose head is a noun for one person."""
    if not 0 < len(words) <= MAX_DESCRIPTION_TOKENS or words[0].pos not in DESCRIPTION_FIRST_POS:
        return False
    end = next((i for i, word in enumerate(words) if word.pos in ("ADP", "CCONJ", "SYM")), len(words))
    if not end or words[end - 1].norm not in read_roles():
        return False
    fits = [word.pos in (*DESCRIPTION_FIRST_POS, *DESCRIPTION_LINKING_POS) or (word.pos == "VERB" and 0 < i < end)
            for i, word in enumerate(words)]
    return all(fits)


def _is_age(words: list[DescriptionToken]) -> bool:
    return len(words) == 1 and words[0].pos == "NUM"


def count_descriptions(found: pd.DataFrame, *, top_n: int = 15) -> ShortTable:
    """How each outlet describes people.

    The table has one row per person, outlet and description; the person with the most comes first.

    Parameters
    ----------
    found : the result of `find_descriptions`
    top_n : people shown, each with the descriptions used most

    Returns
    -------
    The table: name, outlet, description, place (`before` or `behind` the name), n_outside and n_inside (outside and
    inside quotation marks), n_articles; with it, how much is left out.
    """
    by = ["name", "outlet", "description", "place"]
    table = found.assign(in_quotation=found["in_quotation"].astype(bool)).groupby(by, as_index=False).agg(
        n=("start", "size"), n_inside=("in_quotation", "sum"), n_articles=("article_id", "nunique"))
    table.insert(len(by), "n_outside", table["n"] - table["n_inside"])
    table["total"] = table.groupby("name")["n"].transform("sum")
    table = table.sort_values(["total", "name", "outlet", "n", "description", "place"],
                              ascending=[False, True, True, False, True, True], ignore_index=True)
    return keep_largest(table.drop(columns=["n", "total"]), table["n"], by="name", top_n=top_n)
