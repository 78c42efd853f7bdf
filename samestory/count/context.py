"""Context (KWIC): occurrences of terms in the unaltered text, in every spelling that was folded into them.

It covers exactly the words that `count_terms` counts. Interpretation is left to the reader.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from samestory.annotate.norms import normalize_acronym
from samestory.base.fields import read_field_texts
from samestory.base.language import read_language_rows
from samestory.count.terms import CountOptions, TableSource, open_terms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def find_context(folder: TableSource, terms: str | Sequence[str], *, width: int = 60, per_outlet: int = 5,
                 unit: str = "word", fold: bool = True, include_headline: bool = True,
                 include_quoted: bool = True, outlets: Sequence[str] | None = None,
                 article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """Keyword in context: where terms occur in the unaltered text, with the words before and after.

    One row per occurrence. At most `per_outlet` occurrences are shown per term and outlet, the first in each
    article before the second in any.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    terms : one or more, as in the table `counts`, or a spelling that is folded into one (``U.S.``)
    width : code points on each side, at most; whole words, within the line
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : those of the counts, see `CountOptions`

    Returns
    -------
    term, article_id, outlet, field, start, end, left, keyword, right, n_more (the outlet's occurrences that are not
    shown); sorted by the order of the terms, then outlet, article, place.
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    terms = [terms] if isinstance(terms, str) else terms
    sought = list(dict.fromkeys(fold_term(term) if fold else normalize_acronym(term) for term in terms))
    with open_terms(folder, choice) as duck:
        duck.register("sought", pa.table({"term": pa.array(sought, pa.string()),
                                          "position": pa.array(range(len(sought)), pa.int32())}))
        places = _find_places(duck, per_outlet)
        texts = _read_texts(duck, places["article_id"].unique())
    lines = [_cut_line(texts[place.article_id, place.field], place.start, place.end, width)
             for place in places.itertuples(index=False)]
    cut = pd.DataFrame(lines, columns=["left", "keyword", "right"], dtype="str")
    n_more = places.pop("n") - places.groupby(["term", "outlet"])["start"].transform("size")
    return pd.concat([places, cut, n_more.rename("n_more")], axis=1)


def fold_term(term: str) -> str:
    """The term that a spelling is counted as; the spelling in lower case if data/en/variants.csv has no such form.

    >>> fold_term("U.S."), fold_term("US"), fold_term("us"), fold_term("China")
    ('united states', 'united states', 'us', 'china')
    """
    folded = {row["form"]: row["term"] for row in read_language_rows("variants") if row["term"] and not row["pos"]}
    return folded.get(term) or folded.get(term.lower()) or normalize_acronym(term)


def _find_places(duck: "DuckDBPyConnection", per_outlet: int) -> pd.DataFrame:
    return duck.sql(f"""
        WITH places AS (
            SELECT term, position, article_id, outlet, field, start, "end",
                   row_number() OVER (PARTITION BY term, article_id ORDER BY field, start) AS place
            FROM terms JOIN wanted USING (article_id) JOIN sought USING (term)),
        ranked AS (
            SELECT *, row_number() OVER (PARTITION BY term, outlet ORDER BY place, article_id) AS rank,
                   count(*) OVER (PARTITION BY term, outlet) AS n
            FROM places)
        SELECT term, article_id, outlet, field, start, "end", n FROM ranked WHERE rank <= {int(per_outlet)}
        ORDER BY position, outlet, article_id, field, start""").to_arrow_table().to_pandas()


def _read_texts(duck: "DuckDBPyConnection", article_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """The fields of some articles, by article_id and field."""
    duck.register("shown", pa.table({"article_id": pa.array(list(article_ids), pa.string())}))
    articles = duck.sql("SELECT article_id, headline, text FROM articles WHERE article_id IN (FROM shown)")
    return read_field_texts(articles.to_arrow_table().to_pandas())


def _cut_line(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    """The text before, at and after a place, in whole words within its line."""
    first, last = max(0, start - width), min(len(text), end + width)
    while 0 < first < start and not (text[first - 1].isspace() or text[first].isspace()):
        first += 1
    while end < last < len(text) and not (text[last - 1].isspace() or text[last].isspace()):
        last -= 1
    left, right = text[first:start], text[end:last]
    newest = max(left.rfind("\n"), left.rfind("\r"))
    return left[newest + 1:], text[start:end], right.split("\n", 1)[0].split("\r", 1)[0]
