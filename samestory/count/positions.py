"""Positions: where in each article a term occurs, from the first word to the last.

This shows whether an outlet uses a word in the lead or in the last paragraph, once or throughout, in its own voice
or between quotation marks. It covers exactly the words that `count_terms` counts; context.py shows the words around
a place.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from samestory.annotate.norms import normalize_acronym
from samestory.count.context import fold_term
from samestory.count.terms import CountOptions, TableSource, open_terms

MAX_SINGLE_ARTICLE_STRIPS = 4  # articles of both sides that get a strip each; more than these share one strip per side


def find_places(folder: TableSource, terms: Sequence[str], *, unit: str = "word", fold: bool = True,
                include_headline: bool = True, include_quoted: bool = True, outlets: Sequence[str] | None = None,
                article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """Every occurrence of the terms, and its position among the words of the article.

    One row per occurrence, sorted by the order of the terms, then outlet, article, place.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    terms : as in the table `counts`
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : those of the counts, see `CountOptions`

    Returns
    -------
    term, article_id, outlet, field, start, end (code points into that field), in_quotation, word (its number among the
    article's counted words, from 1), n_words (of the article).
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    sought = list(dict.fromkeys(fold_term(term) if fold else normalize_acronym(term) for term in terms))
    with open_terms(folder, choice) as duck:
        duck.register("sought", pa.table({"term": pa.array(sought, pa.string()),
                                          "position": pa.array(range(len(sought)), pa.int32())}))
        return duck.sql("""
            WITH numbered AS (
                SELECT article_id, field, start,
                       row_number() OVER (PARTITION BY article_id ORDER BY token, part) AS word,
                       count(*) OVER (PARTITION BY article_id) AS n_words FROM units WHERE term <> ''),
            opened AS (SELECT article_id, field, start, min(word) AS word, any_value(n_words) AS n_words FROM numbered
                       GROUP BY ALL)
            SELECT term, article_id, outlet, field, start, "end", in_quotation, word::INTEGER AS word,
                   n_words::INTEGER AS n_words
            FROM terms JOIN sought USING (term) JOIN wanted USING (article_id)
            JOIN opened USING (article_id, field, start)
            ORDER BY position, outlet, article_id, field, start, "end" """).to_arrow_table().to_pandas()


def list_strips(places: pd.DataFrame, counts: pd.DataFrame, terms: Sequence[str], *, target: str,
                reference: str) -> pd.DataFrame:
    """The places of each term by article, or by side if there are more than four articles.

    One row per term and article (or side), even if the term does not occur there.

    Parameters
    ----------
    places : the result of `find_places`
    counts : the table `counts` that the terms were chosen from
    terms : the terms that get a strip
    target, reference : the two sides; a reference that is not an outlet means all the others

    Returns
    -------
    term, outlet (a side, or the outlet of the article), article_id (empty for a side), n, n_quoted, n_articles (with
    the term), of_articles, n_words, at (whole percent of the article before each place), quoted (for each place).
    """
    lengths = counts.groupby(["article_id", "outlet"], as_index=False)["n"].sum()
    if reference in set(lengths["outlet"]):
        lengths = lengths[lengths["outlet"].isin([target, reference])]
    is_single = len(lengths) <= MAX_SINGLE_ARTICLE_STRIPS
    lengths["side"] = np.where(lengths["outlet"] == target, target, reference)
    lengths["strip"] = lengths["article_id"] if is_single else lengths["side"]
    lengths["name"] = lengths["outlet"] if is_single else lengths["side"]
    lengths["rank"] = (lengths["side"] != target).astype(int)
    lengths = lengths.sort_values(["rank", "name", "article_id"])
    found = places[places["article_id"].isin(lengths["article_id"])].merge(
        lengths[["article_id", "strip"]], on="article_id")
    places_by_strip = dict(tuple(found.groupby(["term", "strip"])))
    nothing = places.head(0)
    rows = [_describe_strip(term, places_by_strip.get((term, strip), nothing), group, is_single=is_single)
            for term in terms for strip, group in lengths.groupby("strip", sort=False)]
    return pd.DataFrame(rows, columns=["term", "outlet", "article_id", "n", "n_quoted", "n_articles", "of_articles",
                                       "n_words", "at", "quoted"])


def _describe_strip(term: str, places: pd.DataFrame, articles: pd.DataFrame, *, is_single: bool) -> tuple[Any, ...]:
    places = places.assign(at=100 * (places["word"] - 1) // places["n_words"]).sort_values("at", kind="stable")
    return (term, articles["name"].iloc[0], articles["article_id"].iloc[0] if is_single else "", len(places),
            int(places["in_quotation"].sum()), places["article_id"].nunique(), len(articles),
            int(articles["n"].sum()), places["at"].tolist(), places["in_quotation"].tolist())
