"""Labels: the common nouns that an outlet uses for events and for actors, with their modifiers.

"Talks", "summit", "strategic meeting"; "the Chinese government", "the regime". The nouns are listed
in data/en/label_nouns.csv, in groups of words that can mean the same thing. Whether two labels of one group
do mean the same event is for the reader to judge from the sentences; nothing here decides it. Pronouns,
verbs and unlisted nouns are left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from samestory.base.fields import FIELD_OF_TEXT, list_fields
from samestory.base.language import read_language_rows
from samestory.measure.largest_rows import ShortTable, keep_largest
from samestory.tables.tables import Tables

LABEL_BATCH_WORDS = 10_000  # words held in memory
MAX_PHRASE_LEFT_TOKENS = 8  # tokens before a noun that can belong to its phrase
LABEL_MODIFIER_POS = ("ADJ", "NOUN", "PROPN", "NUM")
POS_BEFORE_PARTICIPLE = ("DET", "ADJ", "NUM", "PART")  # a participle after these belongs to the noun: the planned talks
LABEL_POSSESSIVES = ("my", "your", "his", "her", "its", "our", "their", "whose")
# names within which a noun is not a label
NAME_TYPES_WITHOUT_LABEL = ("ORG", "PERSON", "FAC", "GPE", "LOC", "NORP", "LAW", "PRODUCT", "WORK_OF_ART")
ACTOR_ENTITY_TYPES = ("GPE", "NORP", "ORG", "PERSON", "LOC")  # possessors of a government, forces ...
MAX_LISTED_MODIFIERS = 5  # modifiers that a row lists
LABEL_COLUMNS = ("article_id", "outlet", "field", "start", "end", "kind", "group", "label", "modifiers", "entity_id",
                 "in_quotation")


class LabelToken(NamedTuple):
    """A token near a listed noun."""

    article_id: str
    head: int
    field: str
    token: int
    start: int
    end: int
    norm: str
    lemma: str
    pos: str
    in_quotation: bool


NounRows = dict[str, dict[str, str]]  # rows of data/en/label_nouns.csv by noun
# article_id, field, first, start, end, label, modifiers, quoted
PhraseRow = tuple[str, str, int, int, int, str, list[str], bool]


def find_labels(tables: Tables) -> pd.DataFrame:
    """Noun phrases whose head is a noun of data/en/label_nouns.csv.

    One row per phrase, in the order of the articles. A noun before another one (`protest leader`) is not
    a head; a proper noun, or one within a name (`Election Commission`), is a label only in a headline's capitals.

    Returns
    -------
    article_id, outlet, field, start and end (code points into that field, with its modifiers), kind (event, actor or
    people), group, label (the noun), modifiers (list: adjectives, nouns and names before it; `Israel's` and
    `high-level` are one each),
    entity_id (the last entity among them, if any), in_quotation.
    """
    nouns = {row["noun"]: row for row in read_language_rows("label_nouns")}
    words = _read_label_tokens(tables, nouns)
    rows = [row for _, phrase in groupby(words, key=lambda word: (word.article_id, word.head))
            if (row := _read_phrase(list(phrase), tables.field_texts, nouns))]
    found = pd.DataFrame(rows, columns=["article_id", "field", "first", "start", "end", "label", "modifiers",
                                        "in_quotation"])
    found = found.astype({"article_id": "str", "field": "str", "first": "int64", "start": "int64", "end": "int64"})
    found["kind"], found["group"] = ([nouns[label][key] for label in found["label"]] for key in ("kind", "group"))
    found["outlet"] = found["article_id"].map(tables.articles.set_index("article_id")["outlet"])
    return _add_modifying_entities(found, tables.mentions)[list(LABEL_COLUMNS)]


def _read_label_tokens(tables: Tables, nouns: Iterable[str]) -> Iterator[LabelToken]:
    """The tokens from MAX_PHRASE_LEFT_TOKENS before each listed noun to the one after it, in order."""
    from samestory.base.sql import connect_duckdb, quote_sql
    last_words = sorted({re.split("[ -]", noun)[-1] for noun in nouns})
    with connect_duckdb() as duck:
        duck.register("sought", pa.table({"noun": last_words}))
        duck.register("wanted", pa.table({"article_id": pa.array(sorted(tables.counted_ids), pa.string())}))
        found = duck.sql(f"""
            WITH tokens AS (SELECT * REPLACE (coalesce(field, '{FIELD_OF_TEXT}') AS field)
                FROM {quote_sql(tables.path("tokens"))} JOIN wanted USING (article_id)),
            heads AS (SELECT article_id, sentence, token AS head,
                    unnest(range(token - {MAX_PHRASE_LEFT_TOKENS}, token + 2)) AS token
                FROM tokens WHERE (pos = 'NOUN' AND (norm IN (FROM sought) OR lower(lemma) IN (FROM sought)))
                    OR (pos = 'PROPN' AND role = 'headline'
                        AND (norm IN (FROM sought) OR rtrim(norm, 's') IN (FROM sought))))
            SELECT article_id, head, field, token, start, "end", norm, lower(lemma), pos, coalesce(in_quotation, false)
            FROM heads JOIN tokens USING (article_id, sentence, token) ORDER BY article_id, head, token""")
        for batch in found.to_arrow_reader(LABEL_BATCH_WORDS):
            yield from map(LabelToken, *(column.to_pylist() for column in batch.columns))


def _read_phrase(words: list[LabelToken], texts: dict[tuple[str, str], str], nouns: NounRows) -> PhraseRow | None:
    """The phrase whose head is a listed noun, or None if the noun is not a head."""
    place = next(i for i, word in enumerate(words) if word.token == word.head)
    head, before, after = words[place], words[:place], words[place + 1:]
    label, length = _match_label_noun(head, before, nouns)
    if label is None or (after and _continues_after_noun(head, after[0])):
        return None
    before = before[:len(before) - length + 1]
    first = _find_phrase_start(before, head)
    modifiers = _join_modifier_units(before[first:], texts[head.article_id, head.field])
    first_noun = words[place - length + 1]
    start = before[first].start if first < len(before) else first_noun.start
    return head.article_id, head.field, first_noun.start, start, head.end, label, modifiers, head.in_quotation


def _match_label_noun(head: LabelToken, before: list[LabelToken], nouns: NounRows) -> tuple[str | None, int]:
    """The longest listed noun and its number of tokens: `air strike` is not `strike`."""
    forms = (head.norm, head.lemma, *([head.norm.rstrip("s")] if head.pos == "PROPN" else []))
    if len(before) > 1 and before[-1].norm == "-" and before[-1].end == head.start:  # a cease-fire is not a fire
        return next((f"{before[-2].norm}-{form}" for form in forms if f"{before[-2].norm}-{form}" in nouns), None), 3
    for first, length in ((f"{before[-1].norm} ", 2), ("", 1)) if before else (("", 1),):
        if label := next((first + form for form in forms if first + form in nouns), None):
            return label, length
    return None, 1


def _continues_after_noun(head: LabelToken, after: LabelToken) -> bool:
    """Whether the phrase goes on after the noun, so that another word is its head."""
    if after.norm == "-":
        return after.start == head.end
    return after.pos == "NOUN" or (head.pos == "PROPN" and after.pos in ("PROPN", "NUM"))


def _find_phrase_start(before: list[LabelToken], head: LabelToken) -> int:
    """The position of the first word that belongs to the phrase; its articles are left out."""
    first, follows = len(before), head
    for i in reversed(range(len(before))):
        word = before[i]
        is_tied = word.end == follows.start and (word.norm == "-" or follows.norm == "-")
        opens = i > 0 and (before[i - 1].pos in POS_BEFORE_PARTICIPLE or before[i - 1].norm in LABEL_POSSESSIVES)
        is_participle = word.pos == "VERB" and word.norm.endswith(("ed", "en", "ing")) and opens
        if not (is_tied or word.pos in LABEL_MODIFIER_POS or is_participle or _is_possessive_token(word)):
            break
        first, follows = i, word
    while first < len(before) and (before[first].norm == "-" or _is_possessive_token(before[first])):
        first += 1
    return first


def _is_possessive_token(word: LabelToken) -> bool:
    return word.pos == "PART" and word.norm in ("'s", "'")


def _join_modifier_units(words: list[LabelToken], text: str) -> list[str]:
    """The modifiers as written; those written together, and names of several words, are one unit."""
    units: list[str] = []
    last = None
    for word in words:
        written = text[word.start:word.end]
        if last is not None and last.end == word.start:
            units[-1] += written
        elif last is not None and last.pos == word.pos == "PROPN":
            units[-1] += f" {written}"
        else:
            units.append(written)
        last = word
    return units


def _add_modifying_entities(found: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The phrases with the entity that modifies them, without those whose noun is part of a name."""
    found = found.reset_index(names="phrase")
    named = mentions.assign(field=list_fields(mentions)).rename(
        columns={"start": "opens", "end": "closes", "label": "type"})
    named = named[["article_id", "field", "opens", "closes", "type", "entity_id"]].astype(
        {"article_id": "str", "field": "str", "opens": "int64"}).sort_values(["opens", "article_id"], kind="stable")
    last = pd.merge_asof(found.sort_values(["first", "article_id"], kind="stable"), named, left_on="first",
                         right_on="opens", by=["article_id", "field"]).sort_values("phrase", ignore_index=True)
    is_name = (last["closes"] > last["first"]) & last["type"].isin(NAME_TYPES_WITHOUT_LABEL)
    is_whose = (last["opens"] >= last["start"]) & last["type"].isin(ACTOR_ENTITY_TYPES)
    last["entity_id"] = last["entity_id"].where(is_whose)
    return last[~is_name].reset_index(drop=True)


def count_labels(found: pd.DataFrame, *, kinds: Sequence[str] = ("event", "people"), top_n: int = 15) -> ShortTable:
    """The nouns that each outlet uses for events, and for the people in them.

    Parameters
    ----------
    found : the result of `find_labels`
    kinds : of event, people (protesters, soldiers, migrants ...) and actor (governments, nations)
    top_n : labels shown, those with the most phrases, each in the outlets with the most

    Returns
    -------
    The table, with how much is left out. One row per label and outlet: group, label, outlet, n_outside and n_inside
    (phrases outside and inside quotation marks), n_articles, modifiers (the most frequent, with numbers). The group
    with the most phrases comes first, and in it the label with the most.
    """
    return _count_phrases(found[found["kind"].isin(kinds)], "group", shown="label", top_n=top_n)


def count_actor_labels(found: pd.DataFrame, entities: pd.DataFrame, *, top_n: int = 15) -> ShortTable:
    """The common nouns that each outlet uses for those who act for an entity: `Chinese government`, `side`.

    Parameters
    ----------
    found : the result of `find_labels`
    entities : the table `entities`
    top_n : entities shown, those with the most phrases, each with its most frequent labels

    Returns
    -------
    The table, with how much is left out. One row per entity, label and outlet: name, label, outlet, and the other
    columns of `count_labels`.
    """
    return _count_phrases(add_names(found, entities), "name", shown="name", top_n=top_n)


def add_names(found: pd.DataFrame, entities: pd.DataFrame) -> pd.DataFrame:
    """The phrases of `find_labels` for those who act for an entity, with its name."""
    named = found[(found["kind"] != "event") & found["entity_id"].notna()]
    return named.assign(name=named["entity_id"].map(entities.set_index("entity_id")["name"]))


def _count_phrases(found: pd.DataFrame, block: str, *, shown: str, top_n: int) -> ShortTable:
    table = found.assign(in_quotation=found["in_quotation"].astype(bool)).groupby(
        [block, "label", "outlet"], as_index=False).agg(
        n=("start", "size"), n_inside=("in_quotation", "sum"), n_articles=("article_id", "nunique"),
        modifiers=("modifiers", _list_frequent_modifiers))
    table.insert(3, "n_outside", table["n"] - table["n_inside"])
    sums = {"of_block": table.groupby(block)["n"].transform("sum"),
            "of_label": table.groupby([block, "label"])["n"].transform("sum")}
    table = table.assign(**sums).sort_values(["of_block", block, "of_label", "label", "outlet"], ignore_index=True,
                                             ascending=[False, True, False, True, True])
    return keep_largest(table.drop(columns=["n", *sums]), table["n"], by=shown, top_n=top_n)


def _list_frequent_modifiers(modifiers: Iterable[list[str]]) -> str:
    """The most frequent modifiers with their numbers, and how many more there are; case does not matter."""
    written = Counter(unit for units in modifiers for unit in units)
    shown = {unit.casefold(): unit for unit, _ in sorted(written.items(), key=lambda pair: (pair[1], pair[0]))}
    counts = Counter(unit.casefold() for unit in written.elements())
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    listed = ", ".join(f"{shown[unit]} {n}" for unit, n in ordered[:MAX_LISTED_MODIFIERS])
    rest = len(ordered) - MAX_LISTED_MODIFIERS
    return f"{listed} and {rest:,} more" if rest > 0 else listed
