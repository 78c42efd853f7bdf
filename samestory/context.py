"""Context: where a term stands, and which words stand beside it.

`find_context` shows a counted term on the untouched text, in every spelling that was folded into it;
`collocate` scores pairs of neighbouring words with nltk's association measures or quanteda's lambda. Both
look at exactly what counts counted; what a term's context means is left to the reader.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from samestory.counts import Choice, Source, filter_quoted, open_terms
from samestory.errors import unknown_name
from samestory.formulas import pair_lambda
from samestory.lean import without
from samestory.resources import read_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEASURES = ("likelihood_ratio", "pmi", "chi_sq", "student_t", "dice", "jaccard", "phi_sq", "poisson_stirling",
            "mi_like", "raw_freq")  # of nltk.metrics.BigramAssocMeasures
LAMBDA = ("lambda", "lambda_z")  # of formulas.pair_lambda


def find_context(folder: Source, terms: str | Sequence[str], *, width: int = 60, per_outlet: int = 5,
                 **choice: object) -> pd.DataFrame:
    """Terms' places in the untouched text, with what stands before and after: keyword in context.

    One row is a place. Of each term and outlet at most `per_outlet` are shown, the first of each article
    before the second of any.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    terms : one or more, as in the table `counts`, or a spelling that is folded into one (``U.S.``)
    width : code points on each side at most; whole words, within the line
    choice : what was counted, as in `Choice`

    Returns
    -------
    term, article_id, outlet, start, end, left, keyword, right, n_more (places of the outlet not shown),
    in the order of the terms, then of outlet, article, place.
    """
    chosen = Choice(**choice)
    terms = [terms] if isinstance(terms, str) else terms
    sought = list(dict.fromkeys(fold_term(term) if chosen.fold else term.lower() for term in terms))
    with open_terms(folder, chosen) as duck:
        duck.register("sought", pa.table({"term": pa.array(sought, pa.string()),
                                          "position": pa.array(range(len(sought)), pa.int32())}))
        places = _find_places(duck, per_outlet)
        texts = _read_texts(duck, places["article_id"].unique())
    lines = [_cut_line(texts[place.article_id], place.start, place.end, width)
             for place in places.itertuples(index=False)]
    cut = pd.DataFrame(lines, columns=["left", "keyword", "right"], dtype="str")
    n_more = places.pop("n") - places.groupby(["term", "outlet"])["start"].transform("size")
    return pd.concat([places, cut, n_more.rename("n_more")], axis=1)


def fold_term(term: str) -> str:
    """The term that a spelling is counted as; itself in lower case where data/variants.csv has none.

    >>> fold_term("U.S."), fold_term("US"), fold_term("us"), fold_term("China")
    ('united states', 'united states', 'us', 'china')
    """
    folded = {row["form"]: row["term"] for row in read_rows("variants") if row["term"] and not row["pos"]}
    return folded.get(term) or folded.get(term.lower()) or term.lower()


def _find_places(duck: "DuckDBPyConnection", per_outlet: int) -> pd.DataFrame:
    return duck.sql(f"""
        WITH places AS (
            SELECT term, position, article_id, outlet, start, "end",
                   row_number() OVER (PARTITION BY term, article_id ORDER BY start) AS place
            FROM terms JOIN wanted USING (article_id) JOIN sought USING (term)),
        ranked AS (
            SELECT *, row_number() OVER (PARTITION BY term, outlet ORDER BY place, article_id) AS rank,
                   count(*) OVER (PARTITION BY term, outlet) AS n
            FROM places)
        SELECT term, article_id, outlet, start, "end", n FROM ranked WHERE rank <= {int(per_outlet)}
        ORDER BY position, outlet, article_id, start""").to_arrow_table().to_pandas()


def _read_texts(duck: "DuckDBPyConnection", article_ids: Iterable[str]) -> dict[str, str]:
    duck.register("shown", pa.table({"article_id": pa.array(list(article_ids), pa.string())}))
    return dict(duck.sql("SELECT article_id, text FROM articles"
                         " WHERE article_id IN (SELECT article_id FROM shown)").fetchall())


def _cut_line(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    """What stands before, at and after a place: whole words of its own line."""
    first, last = max(0, start - width), min(len(text), end + width)
    while 0 < first < start and not (text[first - 1].isspace() or text[first].isspace()):
        first += 1
    while end < last < len(text) and not (text[last - 1].isspace() or text[last].isspace()):
        last -= 1
    left, right = text[first:start], text[end:last]
    newest = max(left.rfind("\n"), left.rfind("\r"))
    return left[newest + 1:], text[start:end], right.split("\n", 1)[0].split("\r", 1)[0]


def collocate(folder: Source, *, node: str | None = None, measure: str = "likelihood_ratio",
              window: int = 2, min_count: int = 3, stop_words: bool = False, top_n: int = 20,
              **choice: object) -> pd.DataFrame:
    """Pairs of words that stand together more often than their frequencies explain.

    One row is a pair in an outlet, the highest score first.

    Parameters
    ----------
    node : only pairs with this term
    measure : of nltk's association measures: ``likelihood_ratio``, ``pmi``, ``dice`` ...; or ``lambda``, the
        pair's interaction in a log-linear model as quanteda gives it, or ``lambda_z``, over its error
    window : how many words in a row a pair is looked for in, within a sentence; 2 is neighbours
    min_count : occurrences in the outlet that a pair must have
    stop_words : whether pairs with a term of data/stop_words.csv are shown
    choice : what is counted, as in `Choice`; the unit is ``word`` or ``lemma``

    Returns
    -------
    outlet, term_a, term_b, n (of the pair), n_a, n_b, score; `attrs` holds measure and window.
    """
    if measure not in MEASURES + LAMBDA:
        raise unknown_name("measure", measure, MEASURES + LAMBDA)
    chosen = Choice(**choice)
    if chosen.length > 1:
        raise unknown_name("unit", chosen.unit, ["word", "lemma"])
    with open_terms(folder, chosen) as duck:
        words, pairs = _count_pairs(duck, chosen, max(2, window), min_count)
    scored = [_score_pairs(outlet, words[words["outlet"] == outlet], found, measure, max(2, window))
              for outlet, found in pairs.groupby("outlet")]
    table = pd.concat(scored or [_score_pairs("", words, pairs, measure, 2)])
    if node is not None:
        sought = fold_term(node) if chosen.fold else node.lower()
        table = table[(table["term_a"] == sought) | (table["term_b"] == sought)]
    if not stop_words:
        stops = [row["term"] for row in read_rows("stop_words")]
        table = table[~table["term_a"].isin(stops) & ~table["term_b"].isin(stops)]
    table = table.sort_values(["outlet", "score", "n", "term_a", "term_b"],
                              ascending=[True, False, False, True, True])
    table = table.groupby("outlet").head(top_n).reset_index(drop=True)
    table.attrs.update(measure=measure, window=window)
    return table


def _count_pairs(duck: "DuckDBPyConnection", choice: Choice, window: int,
                 min_count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frequencies of words, and of the pairs that are frequent enough, by outlet."""
    duck.sql("CREATE TEMP VIEW running AS SELECT article_id, sentence, token, part, term FROM units"
             f" WHERE term <> '' AND {filter_quoted(choice)}")
    steps = ", ".join(f"lead(term, {i}) OVER w" for i in range(1, window))
    words = duck.sql("SELECT outlet, term, count(*) AS n FROM running JOIN wanted USING (article_id)"
                     " GROUP BY ALL ORDER BY outlet, term").to_arrow_table().to_pandas()
    pairs = duck.sql(f"""
        WITH together AS (
            SELECT outlet, term AS term_a, term_b, count(*) AS n FROM (
                SELECT article_id, term, unnest([{steps}]) AS term_b FROM running
                WINDOW w AS (PARTITION BY article_id, sentence ORDER BY token, part))
            JOIN wanted USING (article_id) WHERE term_b IS NOT NULL GROUP BY ALL),
        summed AS (
            SELECT *, sum(n) OVER (PARTITION BY outlet, term_a) AS n_first,
                   sum(n) OVER (PARTITION BY outlet, term_b) AS n_second, sum(n) OVER (PARTITION BY outlet) AS n_pairs
            FROM together)
        FROM summed WHERE n >= {int(min_count)} ORDER BY outlet, term_a, term_b""")
    return words, pairs.to_arrow_table().to_pandas()


def _score_pairs(outlet: str, words: pd.DataFrame, pairs: pd.DataFrame, measure: str,
                 window: int) -> pd.DataFrame:
    """The pairs of one outlet with their score."""
    n_of = dict(zip(words["term"], words["n"].tolist(), strict=True))
    table = pairs[["term_a", "term_b", "n"]].assign(
        outlet=outlet, n_a=pairs["term_a"].map(n_of), n_b=pairs["term_b"].map(n_of))
    if measure in LAMBDA:
        sums = (pairs[name].astype("float64") for name in ("n", "n_first", "n_second", "n_pairs"))
        table["score"] = pair_lambda(*sums)[LAMBDA.index(measure)]
    else:
        score = _score_by_nltk(n_of, table, measure, window)
        table["score"] = [score.get(pair) for pair in zip(table["term_a"], table["term_b"], strict=True)]
    return table[["outlet", "term_a", "term_b", "n", "n_a", "n_b", "score"]].astype({
        "outlet": "str", "term_a": "str", "term_b": "str", "n": "int64", "n_a": "int64", "n_b": "int64",
        "score": "float64"})


def _score_by_nltk(n_of: dict[str, int], pairs: pd.DataFrame, measure: str,
                   window: int) -> dict[tuple[str, str], float]:
    with without("scipy.stats"):
        from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
        from nltk.probability import FreqDist
    both = zip(pairs["term_a"], pairs["term_b"], strict=True)
    together = FreqDist(dict(zip(both, pairs["n"].tolist(), strict=True)))
    finder = BigramCollocationFinder(FreqDist(n_of), together, window_size=window)
    return dict(finder.score_ngrams(getattr(BigramAssocMeasures, measure)))
