"""Warnings as data: what a reader should know before taking a keyword for a difference in coverage.

Each is a row with a code, so that a page, a table or a program can act on it. The caller chooses the words;
the causes are counted in the texts, never guessed from the word itself.

References
----------
.. [1] A. Broder (1997), On the resemblance and containment of documents.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from samestory.base.batches import cut_batches
from samestory.clean.near_duplicates import MIN_DUPLICATE_SHARE, pair_signatures, sign_tokens
from samestory.count.context import fold_term
from samestory.count.terms import CountOptions, TableSource, list_folded, open_terms
from samestory.measure.support import judge_support
from samestory.measure.words.keyness import REST_OF_OUTLETS, smallest_contrast
from samestory.measure.words.matrix import TermMatrix, build_matrix
from samestory.measure.words.strata import MAX_ONE_EVENT_SHARE

WARNING_CODES = {
    "few_texts": "too few articles for a test, or few for the one that is made",
    "unequal_sizes": "one side has more than five times the words of the other",
    "house_style": "a spelling that an outlet prefers, not a word",
    "one_event": "most of a word's occurrences are in one event",
    "one_article": "more than half of a word's occurrences are in one of several articles",
    "quotations": "more than half of a word's occurrences are between quotation marks",
    "near_duplicates": "articles that share four fifths of their words are each counted",
    "boilerplate": "more than half of a word's occurrences are in sentences that its outlet repeats",
}
WARNING_COLUMNS = ["target", "reference", "term", "code", "severity", "text"]
UNEQUAL_SIZE_RATIO = 5  # times as many words
MAJORITY_SHARE = 0.5  # share of a word's occurrences
MIN_WARNING_OCCURRENCES = 3  # occurrences from which a share of them is reported
NEAR_COPY_WORD_SHARE = 0.8  # share of their distinct words that two near-copies have in common
MINHASH_BATCH_CELLS = 500_000  # terms of articles whose MinHash signatures are computed at a time
MINHASH_ERROR = 0.15  # by which the estimated share of a pair may be too small
MIN_BOILERPLATE_TOKENS = 4  # tokens of a sentence whose repeats count as boilerplate


def list_warnings(folder: TableSource, keyness: pd.DataFrame, counts: pd.DataFrame, *, top_n: int = 20,
                  unit: str = "word", fold: bool = True, include_headline: bool = True, include_quoted: bool = True,
                  outlets: Sequence[str] | None = None, article_ids: Sequence[str] | None = None,
                  only: str = "") -> pd.DataFrame:
    """Reasons other than the outlets' coverage for the top words of each comparison.

    One row per warning, by comparison: those about the whole comparison first, then in the order of its words.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    keyness : the table of `measure_outlets`
    counts : the counts that it was measured from
    top_n : words of each comparison to check
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : as for the counts, see `CountOptions`

    Returns
    -------
    target, reference, term (empty if it is about the whole comparison), code (of `WARNING_CODES`), severity
    (``warning``: not a difference in coverage until checked; ``note``: good to know), text.
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    return collect_warnings(folder, keyness, counts, choice, top_n=top_n)


def collect_warnings(folder: TableSource, keyness: pd.DataFrame, counts: pd.DataFrame, choice: CountOptions, *,
                     top_n: int) -> pd.DataFrame:
    """`list_warnings` of counts made with the given options."""
    top = keyness.groupby(["target", "reference"], sort=False).head(top_n)
    facts = _Facts(folder, counts, sorted(set(top["term"])), choice)
    rows = []
    for (target, reference), words in keyness.groupby(["target", "reference"], sort=False):
        sides = (target, reference)
        own = [(*sides, "", *found) for found in _warn_of_comparison(facts, *sides, len(words))]
        rows += own + [(*sides, term, *found) for term, found in _warn_of_words(facts, words, top_n)]
    return pd.DataFrame(rows, columns=WARNING_COLUMNS).astype("str")


WarningParts = tuple[str, str, str]  # code, severity, text


class _Facts:
    """Counts that the warnings are based on, made once for all comparisons."""

    def __init__(self, folder: TableSource, counts: pd.DataFrame, terms: list[str], choice: CountOptions) -> None:
        self.fold = choice.fold
        self.sizes = counts.groupby(["outlet", "article_id"], as_index=False)["n"].sum()
        self.places = dict(tuple(counts[counts["term"].isin(terms)].groupby("term")))
        plain = pd.Series({term: normalize_spelling(term) for term in counts["term"].unique()}, dtype="str")
        self.spelt_twice = plain[plain.str.len().ge(5) & plain.duplicated(keep=False)]
        repeated = count_boilerplate_terms(folder, terms, choice)
        of_terms = repeated[repeated["term"].isin(repeated.loc[repeated["n_repeated"] > 0, "term"])]
        self.repeated = dict(tuple(of_terms.groupby("term")))
        self.alike = find_near_duplicates(build_matrix(counts))
        self.forms = dict(tuple(list_folded(folder, **asdict(choice)).groupby("term")))

    def choose(self, table: pd.DataFrame, outlet: str, other: str) -> pd.DataFrame:
        """The rows of one side."""
        return table[table["outlet"] != other] if outlet == REST_OF_OUTLETS else table[table["outlet"] == outlet]


# Of a comparison ----------------------------------------------------------------------------------

def _warn_of_comparison(facts: _Facts, target: str, reference: str, n_terms: int) -> Iterator[WarningParts]:
    here, there = (facts.choose(facts.sizes, *pair) for pair in ((target, reference), (reference, target)))
    support = judge_support(len(here), len(there))
    n_here, n_there = int(here["n"].sum()), int(there["n"].sum())
    if support.level != "test":
        contrast = "" if support.tested else f" {smallest_contrast(n_here, n_there, n_terms).sentence}"
        yield "few_texts", "note" if support.tested else "warning", support.sentence + contrast
    if max(n_here, n_there) > UNEQUAL_SIZE_RATIO * min(n_here, n_there):
        yield "unequal_sizes", "note", f"{target} has {n_here:,} words and {reference} {n_there:,}."
    compared = {*here["article_id"], *there["article_id"]}
    copies = facts.alike[facts.alike["article_id"].isin(compared) & facts.alike["like"].isin(compared)]
    if len(copies):
        first = copies.iloc[0]
        yield "near_duplicates", "warning", (
            f"{len(copies):,} of {len(compared):,} articles are near-copies of another and each counted; first"
            f" {first['article_id']}, like {first['like']} ({first['shared']:.0%} of their different words).")


# Of a word ----------------------------------------------------------------------------------------

def _warn_of_words(facts: _Facts, words: pd.DataFrame, top_n: int) -> Iterator[tuple[str, WarningParts]]:
    twins = _find_spelling_variants(words, words.head(top_n), facts.spelt_twice)
    for row in words.head(top_n).itertuples():
        pair = (row.target, row.reference)
        pair = pair if row.per_1k_target >= row.per_1k_reference else pair[::-1]
        places = facts.choose(facts.places[row.term], *pair)
        n_articles = len(facts.choose(facts.sizes, *pair))
        for found in (_warn_of_house_style(facts, row.term, *pair, twins), _warn_of_one_event(row),
                      _warn_of_one_article(places, pair[0], n_articles),
                      _warn_of_quotations(places, pair[0]), _warn_of_boilerplate(facts, row.term, *pair)):
            if found:
                yield row.term, found


def _warn_of_one_event(row: Any) -> WarningParts | None:
    share = getattr(row, "one_event", 0.0)  # a row of keyness has it if outlets are compared within events
    if share < MAX_ONE_EVENT_SHARE:
        return None
    return "one_event", "warning", f"{share:.0%} of its uses are in one event: it is a word of that event."


def _warn_of_one_article(places: pd.DataFrame, outlet: str, n_articles: int) -> WarningParts | None:
    by_article = places.groupby("article_id")["n"].sum()
    n, most = int(by_article.sum()), int(by_article.max()) if len(by_article) else 0
    if n_articles < 2 or n < MIN_WARNING_OCCURRENCES or most <= MAJORITY_SHARE * n:
        return None
    return "one_article", "warning", (f"{most:,} of its {n:,} occurrences in {outlet} are in one of {n_articles:,}"
                                      f" articles, {by_article.idxmax()}.")


def _warn_of_quotations(places: pd.DataFrame, outlet: str) -> WarningParts | None:
    n, quoted = int(places["n"].sum()), int(places.loc[places["in_quotation"].astype(bool), "n"].sum())
    if n < MIN_WARNING_OCCURRENCES or quoted <= MAJORITY_SHARE * n:
        return None
    return "quotations", "note", f"{quoted:,} of its {n:,} occurrences in {outlet} are between quotation marks."


def _warn_of_boilerplate(facts: _Facts, term: str, outlet: str, other: str) -> WarningParts | None:
    if term not in facts.repeated:
        return None
    rows = facts.choose(facts.repeated[term], outlet, other)
    n, repeated = int(rows["n"].sum()), int(rows["n_repeated"].sum())
    if n < MIN_WARNING_OCCURRENCES or repeated <= MAJORITY_SHARE * n:
        return None
    return "boilerplate", "warning", (
        f"{repeated:,} of its {n:,} occurrences in {outlet} are in sentences that its articles repeat.")


def _warn_of_house_style(facts: _Facts, term: str, outlet: str, other: str,
                         twins: dict[str, str]) -> WarningParts | None:
    if not facts.fold and (folded := fold_term(term)) != term:
        return "house_style", "warning", f"A spelling of {folded!r}, counted separately because nothing is folded."
    if term in twins:
        return "house_style", "warning", f"One word in two spellings: the other side writes {twins[term]!r}."
    mine, theirs = (_find_form(facts, term, *pair) for pair in ((outlet, other), (other, outlet)))
    if mine and theirs and mine != theirs:
        return "house_style", "note", f"Written {mine!r} in {outlet} and {theirs!r} in {other}; counted as one term."
    return None


def _find_form(facts: _Facts, term: str, outlet: str, other: str) -> str:
    """The form in which a side writes a folded term most often."""
    if term not in facts.forms:
        return ""
    rows = facts.choose(facts.forms[term], outlet, other)
    n = rows.groupby("form")["n"].sum()
    return str(n.idxmax()) if len(n) else ""


_BRITISH_ENDINGS = [(re.compile(british), american) for british, american in (
    (r"isation", "ization"), (r"is(e[drs]?|ing)$", r"iz\1"),
    (r"our(?=s?$|ed|ing|abl|al)", "or"), (r"tre(?=s?$)", "ter"),
    (r"ogue(?=s?$)", "og"))]


def normalize_spelling(term: str) -> str:
    """A term without punctuation and with American endings, so that two spellings of a word are equal.

    >>> normalize_spelling("co-operation") == normalize_spelling("cooperation"), normalize_spelling("harbours")
    (True, 'harbors')
    """
    plain = re.sub(r"[^\w ]", "", term)
    for british, american in _BRITISH_ENDINGS:
        plain = british.sub(american, plain)
    return plain


def _find_spelling_variants(words: pd.DataFrame, top: pd.DataFrame, spelt_twice: pd.Series) -> dict[str, str]:
    """Terms that are the same word in two spellings, each preferred by a different side."""
    sought = spelt_twice[spelt_twice.isin(spelt_twice.reindex(top["term"]).dropna())]
    table = words[words["term"].isin(sought.index)]
    table = table.assign(plain=table["term"].map(spelt_twice),
                         side=table["per_1k_target"] >= table["per_1k_reference"])
    twins: dict[str, str] = {}
    for _, same in table.groupby("plain"):
        for row in same.itertuples():
            others = same.loc[same["side"] != row.side, "term"]
            twins |= {row.term: others.iloc[0]} if len(others) else {}
    return twins


# Counted from the texts ---------------------------------------------------------------------------

def count_boilerplate_terms(folder: TableSource, terms: Iterable[str], choice: CountOptions) -> pd.DataFrame:
    """How often terms occur in sentences that several articles of their outlet repeat word for word.

    One row per term and outlet: outlet, term, n, n_repeated.
    """
    with open_terms(folder, choice) as duck:
        duck.register("sought", pa.table({"term": pa.array(list(terms), pa.string())}))
        return duck.sql(f"""
            WITH said AS (
                SELECT outlet, article_id, hash(string_agg(norm, ' ' ORDER BY token)) AS line,
                       min(start) AS first, max("end") AS last
                FROM chosen JOIN wanted USING (article_id) GROUP BY outlet, article_id, sentence
                HAVING count(*) >= {MIN_BOILERPLATE_TOKENS}),
            repeated AS (
                FROM said SEMI JOIN (
                    SELECT outlet, line FROM said GROUP BY ALL HAVING count(DISTINCT article_id) > 1)
                USING (outlet, line)),
            places AS (SELECT * FROM terms JOIN sought USING (term) JOIN wanted USING (article_id)),
            hit AS (
                SELECT places.outlet, term, count(*) AS n_repeated FROM places JOIN repeated
                ON places.article_id = repeated.article_id AND start >= first AND start < last GROUP BY ALL)
            SELECT outlet, term, count(*) AS n, coalesce(any_value(n_repeated), 0) AS n_repeated
            FROM places LEFT JOIN hit USING (outlet, term) GROUP BY ALL ORDER BY outlet, term
            """).to_arrow_table().to_pandas()


def find_near_duplicates(matrix: TermMatrix, *, shared: float = NEAR_COPY_WORD_SHARE) -> pd.DataFrame:
    """Articles with nearly the same vocabulary as another, found by MinHash [1]_.

    One row per article that resembles an earlier one: article_id, like (the earlier one), shared (share of their
    distinct words, 0 to 1). The time is proportional to the corpus: two articles are compared only if hashes agree.
    """
    cells = matrix.frequencies.tocsr()
    least = min(MIN_DUPLICATE_SHARE, shared - MINHASH_ERROR)
    pairs = _find_near_copy_candidates(cells.indices, cells.indptr, matrix.terms.to_numpy(object), least)
    has = (cells > 0).astype(np.float64)
    size = np.diff(cells.indptr)
    both = np.asarray(has[pairs[:, 0]].multiply(has[pairs[:, 1]]).sum(axis=1)).ravel() if len(pairs) else np.empty(0)
    share = both / (size[pairs].sum(axis=1) - both)
    table = pd.DataFrame({"article_id": matrix.article_ids[pairs[:, 1]], "like": matrix.article_ids[pairs[:, 0]],
                          "shared": share})
    table = table[table["shared"] >= shared]
    table = table.sort_values(["article_id", "shared", "like"], ascending=[True, False, True])
    return table.drop_duplicates("article_id").reset_index(drop=True)


def _find_near_copy_candidates(cells: np.ndarray, starts: np.ndarray, terms: np.ndarray,
                               least: float) -> NDArray[np.intp]:
    """Pairs of articles, the earlier first, that may share most of their terms."""
    full = np.flatnonzero(np.diff(starts))
    token_sets = (terms[cells[starts[i]:starts[i + 1]]].tolist() for i in full)
    batches = cut_batches(token_sets, len, most_size=MINHASH_BATCH_CELLS)
    signatures = np.concatenate([sign_tokens([]), *map(sign_tokens, batches)])
    return full[pair_signatures(signatures, np.arange(len(full)), least=least)]
