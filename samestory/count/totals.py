"""Totals: how often each outlet uses each term, over any number of articles.

The tokens are read twice: once to add up equal words of an outlet, and once for the few words whose term also depends
on their neighbours or capitals. Only the sums are folded, a few outlets at a time.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from samestory.count.spellings import (
    NON_WORD_TOKEN_SQL,
    PHRASE_WORDS_SQL,
    add_variants,
    fold_words,
    format_key_sql,
    match_phrases,
)
from samestory.count.terms import CountOptions, TableSource, filter_quoted, open_chosen_tokens, open_terms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_SUMS_PER_BATCH = 300_000  # sums folded and sorted at a time, unless a single outlet has more


def count_outlet_terms(folder: TableSource, *, unit: str = "word", fold: bool = True, include_headline: bool = True,
                       include_quoted: bool = True, outlets: Sequence[str] | None = None,
                       article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """Count the terms of each outlet, over any number of articles: the sums of `count_terms`.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : see `CountOptions`

    Returns
    -------
    One row per term and outlet: outlet, unit, term, n; sorted by outlet and term.

    Raises
    ------
    UnknownName
        If an outlet is not among the counted articles, or there is no such unit.
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    with open_chosen_tokens(folder, choice) if choice.length == 1 else open_terms(folder, choice) as duck:
        _sum_words(duck, choice) if choice.length == 1 else _sum_ngrams(duck)
        listed = duck.sql("SELECT DISTINCT outlet_number, outlet FROM wanted").to_arrow_table()
        counted = pa.concat_tables(_fetch_totals(duck))
    place = pc.index_in(counted["outlet_number"], listed["outlet_number"].combine_chunks())
    columns = {"outlet": listed["outlet"].take(place), "unit": pa.repeat(choice.unit, len(counted)),
               "term": counted["term"], "n": counted["n"]}
    return pa.table(columns).to_pandas()


def _fetch_totals(duck: "DuckDBPyConnection") -> Iterator[pa.Table]:
    """The sums of the view `totals`, in order, for some outlets at a time: outlet_number, term, n."""
    yield pa.schema({"outlet_number": pa.int32(), "term": pa.string(), "n": pa.int64()}).empty_table()
    runs = duck.sql(f"""
        SELECT min(outlet_number), max(outlet_number)
        FROM (SELECT outlet_number, sum(count(*)) OVER (ORDER BY outlet_number) // {MAX_SUMS_PER_BATCH} AS run
              FROM summed GROUP BY outlet_number) GROUP BY run ORDER BY run""").fetchall()
    for first, last in runs:
        yield duck.sql(f"""
            SELECT outlet_number, term, sum(n)::BIGINT AS n FROM totals
            WHERE outlet_number BETWEEN {first} AND {last} AND term <> ''
            GROUP BY ALL HAVING sum(n) > 0 ORDER BY outlet_number, term""").to_arrow_table()


def _sum_ngrams(duck: "DuckDBPyConnection") -> None:
    """Make the table `summed` (outlet_number, term, n) of n-grams, and an identical view `totals`."""
    duck.sql("CREATE OR REPLACE TEMP TABLE summed AS SELECT outlet_number, term, count(*) AS n FROM terms"
             " JOIN wanted USING (article_id) GROUP BY ALL")
    duck.sql("CREATE OR REPLACE TEMP VIEW totals AS FROM summed")


def _sum_words(duck: "DuckDBPyConnection", choice: CountOptions) -> None:
    """Make the table `summed` (outlet_number, key, pos, n) of equal words, and the view `totals` of their terms."""
    key, quoted = format_key_sql(choice.unit), filter_quoted(choice)
    duck.sql(f"CREATE TEMP TABLE summed AS SELECT outlet_number, {key} AS key, pos, count(*) AS n FROM chosen"
             f" WHERE {quoted} GROUP BY ALL")
    if not choice.fold:
        duck.sql("CREATE TEMP VIEW totals AS SELECT outlet_number, key AS term, n FROM summed"
                 f" WHERE NOT ({NON_WORD_TOKEN_SQL})")
        return
    add_variants(duck)
    _find_context_dependent(duck, key, quoted)
    folded = fold_words("SELECT outlet_number, key, pos, NULL AS lemma, n FROM summed ANTI JOIN cased USING (key)"
                        " UNION ALL FROM odd", "outlet_number, n")
    duck.sql(f"CREATE TEMP VIEW totals AS SELECT outlet_number, term, n FROM ({folded}) UNION ALL FROM phrased")


def _find_context_dependent(duck: "DuckDBPyConnection", key: str, quoted: str) -> None:
    """Make three tables for words whose term depends on their context or capitals.

    `cased`: keys whose term depends on capitals; `odd` (outlet_number, key, pos, lemma, n): these words and, with
    negative counts, words that are part of a phrase; `phrased` (outlet_number, term, n): the phrases.
    """
    duck.sql("CREATE TEMP TABLE cased AS SELECT lowered AS key FROM singles WHERE cased IS NOT NULL"
             " UNION SELECT key FROM summed WHERE contains(key, '.-')")
    duck.sql("CREATE TEMP TABLE looked_at AS SELECT number, outlet_number, sentence, token, norm, in_quotation, pos,"
             f" lemma FROM chosen WHERE norm IN ({PHRASE_WORDS_SQL} UNION FROM cased)"
             + ("" if key == "norm" else f" OR {key} IN (FROM cased)"))
    # no places are needed
    duck.sql('CREATE TEMP VIEW pieces AS SELECT *, NULL AS field, 0 AS start, 0 AS "end" FROM looked_at')
    match_phrases(duck)
    duck.sql(f"""
        CREATE TEMP TABLE odd AS SELECT outlet_number, key, pos, lemma, sum(n) AS n FROM (
            SELECT outlet_number, {key} AS key, pos, NULL AS lemma, -1 AS n
            FROM looked_at SEMI JOIN covered USING (number, token) WHERE {key} NOT IN (FROM cased) AND {quoted}
            UNION ALL SELECT outlet_number, {key} AS key, pos, lemma, 1 AS n
            FROM looked_at ANTI JOIN covered USING (number, token) WHERE {key} IN (FROM cased) AND {quoted})
        GROUP BY ALL""")
    duck.sql("CREATE TEMP TABLE phrased AS SELECT outlet_number, term, count(*) AS n FROM found"
             f" JOIN wanted USING (number) WHERE {quoted} GROUP BY ALL")
    duck.sql("DROP VIEW pieces; DROP TABLE looked_at; DROP TABLE near; DROP TABLE found; DROP TABLE covered")
