"""Totals: how often each outlet has each term, over articles of any number.

Forty million tokens are read twice: once to add up equal words of an outlet, once for the few whose term hangs on
more than the word, its neighbours or its capitals. Only the sums are folded.
"""

from typing import TYPE_CHECKING

import pandas as pd

from samestory.counts import Choice, Source, filter_quoted, open_chosen, open_terms
from samestory.folding import NO_WORD, PHRASE_WORDS, add_variants, fold_words, match_phrases, write_key

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def count_outlet_terms(folder: Source, **options: object) -> pd.DataFrame:
    """Count the terms of each outlet, over articles of any number: `count_terms`, summed.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    options : those of `Choice`

    Returns
    -------
    One row a term in an outlet: outlet, unit, term, n; in the order of outlet and term.

    Raises
    ------
    UnknownName
        If an outlet is not among the counted articles, or there is no such unit.
    """
    choice = Choice(**options)
    with open_chosen(folder, choice) if choice.length == 1 else open_terms(folder, choice) as duck:
        summed = (_sum_words(duck, choice) if choice.length == 1 else
                  "SELECT outlet, term, 1 AS n FROM terms JOIN wanted USING (article_id)")
        return duck.sql(f"SELECT outlet, '{choice.unit}' AS unit, term, sum(n)::BIGINT AS n FROM ({summed})"
                        " WHERE term <> '' GROUP BY ALL HAVING sum(n) > 0 ORDER BY outlet, term"
                        ).to_arrow_table().to_pandas()


def _sum_words(duck: "DuckDBPyConnection", choice: Choice) -> str:
    """The query for outlet, term and n, of words: equal ones are added up first, then folded."""
    key, quoted = write_key(choice.unit), filter_quoted(choice)
    duck.sql("CREATE TEMP TABLE outlets AS SELECT DISTINCT outlet_number, outlet FROM wanted")
    duck.sql(f"CREATE TEMP TABLE summed AS SELECT outlet_number, {key} AS key, pos, count(*) AS n FROM chosen"
             f" WHERE {quoted} GROUP BY ALL")
    if not choice.fold:
        return f"SELECT outlet, key AS term, n FROM summed JOIN outlets USING (outlet_number) WHERE NOT ({NO_WORD})"
    add_variants(duck)
    _keep_pieces(duck, key)
    match_phrases(duck)
    return (f"SELECT outlet, term, n FROM ({_fold_sums(quoted)}) JOIN outlets USING (outlet_number) UNION ALL"
            f" SELECT outlet, term, 1 AS n FROM found JOIN wanted USING (number) WHERE {quoted}")


def _keep_pieces(duck: "DuckDBPyConnection", key: str) -> None:
    """The tables `cased`, keys whose term hangs on capitals, and `pieces`, the tokens to be looked at one by one.

    Of their places nothing is asked here, so they have none.
    """
    duck.sql("CREATE TEMP TABLE cased AS SELECT lowered AS key FROM singles WHERE cased IS NOT NULL"
             " UNION SELECT key FROM summed WHERE contains(key, '.-')")
    duck.sql('CREATE TEMP TABLE pieces AS SELECT number, outlet_number, sentence, token, 0 AS start, 0 AS "end", norm,'
             f" in_quotation, {key} AS key, pos, lemma FROM chosen WHERE norm IN ({PHRASE_WORDS} UNION FROM cased)"
             + ("" if key == "norm" else f" OR {key} IN (FROM cased)"))


def _fold_sums(quoted: str) -> str:
    """The query for outlet_number, term and n: the sums folded, without what phrases cover."""
    return fold_words(f"""
        SELECT outlet_number, key, pos, NULL AS lemma, n FROM summed ANTI JOIN cased USING (key)
        UNION ALL SELECT outlet_number, key, pos, NULL AS lemma, -1 AS n
        FROM pieces SEMI JOIN covered USING (number, token) ANTI JOIN cased USING (key) WHERE {quoted}
        UNION ALL SELECT outlet_number, key, pos, lemma, 1 AS n
        FROM pieces SEMI JOIN cased USING (key) ANTI JOIN covered USING (number, token) WHERE {quoted}
        """, "outlet_number, n")
