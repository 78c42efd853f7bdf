"""Folding: maps the spellings of one thing to one term, as parts of DuckDB queries.

Forms in data/en/variants.csv are matched as follows: a form of one word against the term itself; a form of
several words against the tokens as written, in lower case; a form with capitals (US) against the lemma,
in which spaCy keeps a proper noun's capitals, so that the pronoun never becomes the country. A form
may be restricted to a part of speech. An empty term is not counted: the possessive 's, a separate token
in spaCy, is not a word, and China's counts as china.
"""

from typing import TYPE_CHECKING

import pyarrow as pa

from samestory.annotate.norms import STRAIGHT_MARKS_TABLE
from samestory.base.language import read_language_rows
from samestory.base.sql import quote_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STRAIGHTEN_MARKS_SQL = ", ".join(quote_sql("".join(map(chr, marks))) for marks in (
    STRAIGHT_MARKS_TABLE.keys(), STRAIGHT_MARKS_TABLE.values()))  # the arguments of `translate`
NON_WORD_TOKEN_SQL = r"pos IN ('PUNCT', 'SYM', 'SPACE') OR NOT regexp_matches(key, '[\p{L}\p{N}]')"
PHRASE_WORDS_SQL = "SELECT unnest(words) FROM phrases"

PHRASE_SCHEMA = pa.schema([("form", pa.string()), ("words", pa.list_(pa.string())), ("length", pa.int64()),
                           ("term", pa.string())])


def format_key_sql(unit: str) -> str:
    """The SQL for the spelling under which a word is counted before it is folded; an acronym's has capitals."""
    return f"CASE WHEN norm <> lower(norm) THEN norm ELSE translate(lower(lemma), {STRAIGHTEN_MARKS_SQL}) END" if (
        unit == "lemma") else "norm"


def add_variants(duck: "DuckDBPyConnection") -> None:
    """Add data/en/variants.csv as two tables: `singles`, forms of one token, and `phrases`, of several."""
    rows = [(row["form"], row["form"].lower(), row["pos"], row["term"]) for row in read_language_rows("variants")]
    singles = [{"form": form, "lowered": lowered, "cased": None if form == lowered else form,
                "bound_to": pos, "term": term} for form, lowered, pos, term in rows if " " not in form]
    phrases = [{"form": form, "words": lowered.split(), "length": len(lowered.split()), "term": term}
               for form, lowered, _, term in rows if " " in form]
    names = ("form", "lowered", "bound_to", "term", "cased")
    duck.register("singles", pa.Table.from_pylist(singles, schema=pa.schema([(name, pa.string()) for name in names])))
    duck.register("phrases", pa.Table.from_pylist(phrases, schema=PHRASE_SCHEMA))


def fold_words(source: str, columns: str) -> str:
    """The query that folds the words of `source` (key, pos, lemma, `columns`) into: columns, part, form, key, term.

    spaCy splits words at a hyphen between letters, but not after a full stop: U.S.-China is split here.
    """
    return f"""
WITH rest AS ({source}),
parts AS (
    SELECT *, 0 AS part FROM rest WHERE NOT contains(key, '.-')
    UNION ALL BY NAME
    SELECT * EXCLUDE (cut) REPLACE (cut.key AS key), cut.part AS part FROM (
        SELECT *, unnest(list_transform(string_split(replace(key, '.-', '. '), ' '),
                                        lambda piece, i: {{'key': piece, 'part': i}})) AS cut
        FROM rest WHERE contains(key, '.-'))
)
SELECT {columns}, part, singles.form, key,
       CASE WHEN singles.form IS NOT NULL THEN singles.term WHEN NOT ({NON_WORD_TOKEN_SQL}) THEN key END AS term
FROM parts LEFT JOIN singles
    ON key = singles.lowered AND (singles.cased IS NULL OR singles.cased = lemma)
    AND (singles.bound_to = '' OR singles.bound_to = parts.pos)"""


def match_phrases(duck: "DuckDBPyConnection") -> None:
    """Make the tables `found` (forms of several tokens, the longest where two overlap) and `covered` (their tokens).

    They are found in the table `pieces` of tokens that may be part of a form: number of the article in `wanted`,
    sentence, token, field, start, end, norm, in_quotation. Most of these have no such neighbour and are dropped first.
    """
    duck.sql("CREATE TEMP TABLE paired AS SELECT p1.number, unnest([p1.token, p2.token]) AS token FROM pieces p1"
             " JOIN pieces p2 ON p2.number = p1.number AND p2.token = p1.token + 1")
    duck.sql("CREATE TEMP TABLE near AS FROM pieces SEMI JOIN paired USING (number, token)")
    [(longest,)] = duck.sql("SELECT coalesce(max(length), 2) FROM phrases").fetchall()
    matches = " UNION ALL ".join(_match_length(length) for length in range(2, longest + 1))
    duck.sql(f"CREATE TEMP TABLE matches AS {matches}")
    duck.sql("CREATE TEMP TABLE found AS SELECT matches.*, article_id FROM matches JOIN wanted USING (number)"
             " ANTI JOIN matches AS longer"
             " ON matches.number = longer.number AND longer.length > matches.length"
             " AND matches.token BETWEEN longer.token AND longer.token + longer.length - matches.length")
    duck.sql("DROP TABLE paired; DROP TABLE matches")
    duck.sql("CREATE TEMP TABLE covered AS SELECT number, article_id, unnest(range(token, token + length)) AS token"
             " FROM found")


def _match_length(length: int) -> str:
    """The query for forms of `length` tokens: neighbours in one sentence, all quoted or none."""
    joins = "".join(
        f" JOIN near p{i} ON p{i}.number = p1.number AND p{i}.token = p1.token + {i - 1}"
        f" AND p{i}.sentence = p1.sentence AND p{i}.in_quotation = p1.in_quotation"
        f" AND p{i}.norm = words[{i}]"
        for i in range(2, length + 1))
    return (f'SELECT p1.number, p1.sentence, p1.token, p1.field, p1.start, p{length}."end", p1.in_quotation,'
            f" form, length, term FROM phrases JOIN near p1 ON p1.norm = words[1]{joins}"
            f" WHERE length = {length}")
