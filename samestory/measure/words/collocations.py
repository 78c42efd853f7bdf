"""Collocations: which words occur next to each other more often than their frequencies explain.

`collocate` scores those in annotated articles, outlet by outlet; `measure_collocations` those in any lists of words.
Pairs are scored by nltk's association measures, pairs and triples by the interaction of a log-linear model as in
quanteda. Both count in the same way; the meaning of a collocation is left to the reader.

References
----------
.. [1] D. Blaheta, M. Johnson (2001), Unsupervised learning of multi-word verbs. ACL workshop on collocation.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from samestory.annotate.norms import normalize_acronym
from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.hidden_modules import hide_module
from samestory.base.language import read_stop_words
from samestory.base.sql import connect_duckdb
from samestory.count.context import fold_term
from samestory.count.terms import CountOptions, TableSource, filter_quoted, open_terms
from samestory.measure.formulas import log_linear_interaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NLTK_MEASURES = ("likelihood_ratio", "pmi", "chi_sq", "student_t", "dice", "jaccard", "phi_sq", "poisson_stirling",
                 "mi_like", "raw_freq")  # of nltk.metrics.BigramAssocMeasures
LAMBDA_MEASURES = ("lambda", "lambda_z")  # of formulas.log_linear_interaction
COLLOCATION_SIZES = (2, 3)  # words of a collocation
REMOVED_WORD = ""  # in place of a word that was removed


def collocate(folder: TableSource, *, node: str | None = None, measure: str = "likelihood_ratio", size: int = 2,
              window: int = 2, min_count: int = 3, stop_words: bool = False, top_n: int = 20,
              unit: str = "word", fold: bool = True, include_headline: bool = True, include_quoted: bool = True,
              outlets: Sequence[str] | None = None, article_ids: Sequence[str] | None = None,
              only: str = "") -> pd.DataFrame:
    """Words that occur together more often than expected from their frequencies.

    One row per outlet and pair (or triple, see `size`), the highest score first.

    Parameters
    ----------
    node : only pairs with this term
    measure : one of nltk's association measures: ``likelihood_ratio``, ``pmi``, ``dice`` ...; or ``lambda``, the
        interaction in a log-linear model as in quanteda, or ``lambda_z``, lambda over its standard error
    size : words of a collocation, 2 or 3; three are scored by lambda only
    window : span of words within a sentence in which pairs are counted; 2 means neighbours
    min_count : occurrences in the outlet that a collocation must have
    stop_words : whether collocations with a term of data/en/stop_words.csv are shown; they count in the totals
        either way, as in quanteda when stop words are removed with padding
    top_n : collocations of each outlet
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : see `CountOptions`; the unit is ``word``
        or ``lemma``

    Returns
    -------
    outlet, term_a, term_b, n (of the pair), n_a, n_b, score; with size 3 term_c and n_c as well.

    Raises
    ------
    UnknownName
        If there is no such measure, or the unit is an n-gram.
    """
    window = _check_request([measure], size, window)
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    if choice.length > 1:
        raise unknown_name("unit", unit, ["word", "lemma"])
    with open_terms(folder, choice) as duck:
        duck.sql("CREATE OR REPLACE TEMP VIEW running AS"
                 " SELECT outlet, article_id AS text, sentence, token AS place, part, term"
                 f" FROM units JOIN wanted USING (article_id) WHERE term <> '' AND {filter_quoted(choice)}")
        words, runs = _count_collocation_words(duck), _count_runs(duck, size, window, min_count)
    table = _score_runs(words, runs, size, window, [measure]).rename(columns={measure: "score"})
    terms = _name_terms(size)
    if node is not None:
        table = table[(table[terms] == (fold_term(node) if fold else normalize_acronym(node))).any(axis=1)]
    if not stop_words:
        table = table[~table[terms].isin(read_stop_words()).any(axis=1)]
    table = table.sort_values(["outlet", "score", "n", *terms], ascending=[True, False, False, *(True for _ in terms)])
    return table.groupby("outlet").head(top_n).reset_index(drop=True)


def measure_collocations(texts: Iterable[Sequence[str | None]], *, size: int = 2,
                         measures: Sequence[str] = LAMBDA_MEASURES, window: int = 2, min_count: int = 2,
                         add: float = 0.5) -> pd.DataFrame:
    """Collocations of lists of words, from any tokenizer.

    One row per pair or triple, the highest by the first measure first.

    Parameters
    ----------
    texts : the words of each text in their order; None (or "") in place of one that was removed, such as a stop
        word: it is part of no pair, but counts in the totals of lambda, like quanteda's padding
    size : words of a collocation, 2 or 3; three are scored by lambda only
    measures : one column each, of `NLTK_MEASURES` (nltk's) and `LAMBDA_MEASURES`: ``lambda`` is the interaction in a
        log-linear model [1]_, ``lambda_z`` is lambda over its standard error
    window : span of words in which pairs are counted; 2 means neighbours
    min_count : occurrences that a collocation must have
    add : added to each cell for lambda (smoothing)

    Returns
    -------
    term_a, term_b (term_c with size 3), n, n_a, n_b (n_c; of the words anywhere), and one column per measure.

    Raises
    ------
    UnknownName
        If there is no such measure.

    >>> sentences = ["I like good ice cream".split(), "Me too".split(), "I like good ice cream".split()]
    >>> found = measure_collocations(sentences, min_count=1).set_index(["term_a", "term_b"])
    >>> found.loc[("good", "ice"), ["n", "lambda", "lambda_z"]].round(6).tolist()  # quanteda's own test
    [2.0, 4.317488, 2.027787]
    """
    window = _check_request(measures, size, window)
    rows = [(number, place, word or REMOVED_WORD) for number, text in enumerate(texts)
            for place, word in enumerate(text)]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    types = {"text": pa.int64(), "place": pa.int64(), "term": pa.string()}
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    with connect_duckdb() as duck:
        duck.register("places", pa.table(arrays, list(types)))
        duck.sql("CREATE TEMP VIEW running AS SELECT '' AS outlet, *, 0 AS sentence, 0 AS part FROM places")
        words, runs = _count_collocation_words(duck), _count_runs(duck, size, window, min_count)
    found = _score_runs(words, runs, size, window, measures, add=add).drop(columns="outlet")
    terms = _name_terms(size)
    order = [*([measures[0]] if measures else []), "n", *terms]
    return found.sort_values(order, ascending=[name in terms for name in order], ignore_index=True)


def _check_request(measures: Sequence[str], size: int, window: int) -> int:
    """The window, in words; raises if size, measure and window do not go together."""
    for measure in measures:
        if measure not in NLTK_MEASURES + LAMBDA_MEASURES:
            raise unknown_name("measure", measure, NLTK_MEASURES + LAMBDA_MEASURES)
    if size not in COLLOCATION_SIZES:
        raise SameStoryError(f"expected collocations of 2 or 3 words, found size {size!r}")
    if size == 2:
        return max(2, window)
    if window > 2 or not set(measures) <= set(LAMBDA_MEASURES):
        raise SameStoryError("three words are scored by lambda or lambda_z, and in a row: expected such a measure and"
                             f" window 2, found {', '.join(measures)} and window {window}; or ask for size 2")
    return size


# Counting: the view `running` has outlet, text, sentence, place, part, term ------------------------

def _count_collocation_words(duck: "DuckDBPyConnection") -> pd.DataFrame:
    return duck.sql(f"SELECT outlet, term, count(*) AS n FROM running WHERE term <> '{REMOVED_WORD}' GROUP BY ALL"
                    " ORDER BY outlet, term").to_arrow_table().to_pandas()


def _count_runs(duck: "DuckDBPyConnection", size: int, window: int, min_count: int) -> pd.DataFrame:
    """The word sequences that are frequent enough, and how many share their words in each choice of places."""
    terms = _name_terms(size)
    later = [[f"lead(term, {i}) OVER w" for i in range(1, window)]] if size == 2 else [
        [f"lead(term, {i}) OVER w"] for i in range(1, size)]  # words may separate a pair, but not a triple
    leads = ", ".join(f"unnest([{', '.join(lead)}]) AS {name}" for lead, name in zip(later, terms[1:], strict=True))
    margins = ", ".join(
        f"sum(n) OVER (PARTITION BY {', '.join(['outlet', *(terms[i] for i in places)])}) AS {_name_margin(places)}"
        for places in _list_margins(size))
    return duck.sql(f"""
        WITH together AS (
            SELECT outlet, {', '.join(terms)}, count(*) AS n FROM (
                SELECT outlet, term AS term_a, {leads} FROM running
                WINDOW w AS (PARTITION BY text, sentence ORDER BY place, part))
            WHERE {' AND '.join(f'{name} IS NOT NULL' for name in terms)} GROUP BY ALL),
        summed AS (SELECT *, {margins} FROM together)
        FROM summed WHERE n >= {int(min_count)} AND {' AND '.join(f"{name} <> '{REMOVED_WORD}'" for name in terms)}
        ORDER BY outlet, {', '.join(terms)}""").to_arrow_table().to_pandas()


def _name_terms(size: int) -> list[str]:
    return [f"term_{letter}" for letter in "abc"[:size]]


def _list_margins(size: int) -> list[tuple[int, ...]]:
    """Every choice of places, from none to all."""
    return [places for n in range(size + 1) for places in combinations(range(size), n)]


def _name_margin(places: tuple[int, ...]) -> str:
    return "margin_" + "".join("abc"[i] for i in places)


# Scoring ------------------------------------------------------------------------------------------

def _score_runs(words: pd.DataFrame, runs: pd.DataFrame, size: int, window: int, measures: Sequence[str], *,
                add: float = 0.5) -> pd.DataFrame:
    """The collocations with one column per measure, each outlet separately."""
    terms = _name_terms(size)
    n_of = words.set_index(["outlet", "term"])["n"]
    table = runs[["outlet", *terms, "n"]].astype({"outlet": "str", **dict.fromkeys(terms, "str"), "n": "int64"})
    for name in terms:
        places = pd.MultiIndex.from_arrays([table["outlet"], table[name]])
        table[f"n_{name[-1]}"] = n_of.reindex(places).fillna(0).to_numpy(dtype="int64")
    if set(measures) & set(LAMBDA_MEASURES):
        margins = {places: runs[_name_margin(places)].astype("float64") for places in _list_margins(size)}
        scores = dict(zip(LAMBDA_MEASURES, log_linear_interaction(margins, add=add), strict=True))
    for measure in measures:
        is_lambda = measure in LAMBDA_MEASURES
        table[measure] = scores[measure] if is_lambda else _score_by_nltk(words, table, measure, window)
    return table


def _score_by_nltk(words: pd.DataFrame, pairs: pd.DataFrame, measure: str, window: int) -> pd.Series:
    """The score of each pair among those of its outlet; missing if no contingency table has these frequencies.

    That happens if nearly all words are the same: the cell of pairs with neither word would be negative.
    """
    with hide_module("scipy.stats"):
        from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
        from nltk.probability import FreqDist
    scores = pd.Series(index=pairs.index, dtype="float64")
    for outlet, found in pairs.groupby("outlet"):
        own = words[words["outlet"] == outlet]
        found = found[found["n_a"] + found["n_b"] - found["n"] / (window - 1) <= own["n"].sum()]
        n_of = FreqDist(dict(zip(own["term"], own["n"].tolist(), strict=True)))
        pair = list(zip(found["term_a"], found["term_b"], strict=True))
        together = FreqDist(dict(zip(pair, found["n"].tolist(), strict=True)))
        finder = BigramCollocationFinder(n_of, together, window_size=window)
        score = dict(finder.score_ngrams(getattr(BigramAssocMeasures, measure)))
        scores.loc[found.index] = [score.get(both) for both in pair]
    return scores
