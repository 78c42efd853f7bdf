"""Relations: who speaks about whom, who is named with whom, and where in an article each is first named.

Two entities are named together if one sentence names both. Whether that is more frequent than expected by chance is
tested over articles, never over sentences, because the sentences of one article are not independent: each article
gives one number, how many sentences name both in excess of the expected number, and the signs of these numbers
are flipped at random. The meaning of a relation is left to the reader of the sentences.

References
----------
.. [1] N. Mantel, W. Haenszel (1959), Statistical aspects of the analysis of data from retrospective studies
   of disease. Journal of the National Cancer Institute 22(4).
.. [2] A. Agresti (2002), Categorical Data Analysis, second edition, section 6.3.2, equation (6.6).
.. [3] R. Fisher (1935), The Design of Experiments, section 21: the signs of paired differences.
.. [4] B. Phipson, G. Smyth (2010), Permutation p-values should never be zero. Statistical Applications in
   Genetics and Molecular Biology 9(1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from samestory.base.fields import find_reading_places, list_fields, select_text_rows
from samestory.link.name_queries import MAX_SENTENCE_ENTITIES
from samestory.measure import formulas
from samestory.measure.formulas import FloatArray
from samestory.measure.largest_rows import ShortTable, keep_largest
from samestory.measure.speakers import NO_SPEAKER_LABEL
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE, MIN_TEST_ARTICLES, judge_support
from samestory.tables.tables import Tables

if TYPE_CHECKING:
    from scipy.sparse import csr_array

N_SIGN_FLIPS, N_REFINED_SIGN_FLIPS = 9_999, 190_000  # draws of signs, and further ones for pairs that ...
MIN_FLIPS_REACHED = 10  # ... fewer of the first reach than that
SIGN_FLIP_BATCH = 1_000  # draws held at once
MAX_SIGN_FLIP_CELLS = 2_000_000_000  # draws times articles' numbers that a test may take
MAX_PAIRED_ENTITIES = 300  # entities among which pairs are formed
MAX_OUTLETS_PER_PAIR = 4  # that a row lists
ENTITY_PAIR_COLUMNS = ["entity_a", "entity_b"]
SIGN_SUM_TOLERANCE = 1e-6  # sums of fractions that differ by less are equal


# Who speaks about whom ----------------------------------------------------------------------------

def find_spoken_names(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """Names within quotations, except those of the speaker.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`

    Returns
    -------
    One row per mention within a quotation. Columns: quotation_id, speaker_name, entity_id, name, label, outlet,
    is_direct (whether it is between quotation marks), article_id, start, end (code points).
    """
    said = quotations[quotations["speaker_name"] != NO_SPEAKER_LABEL]
    mentions = select_text_rows(tables.mentions).sort_values(["article_id", "start"], ignore_index=True)
    pairs = np.array(list(_pair_mentions(said, mentions)), dtype=np.int64).reshape(-1, 2)
    quoted = said.iloc[pairs[:, 0]].reset_index(drop=True)
    named = mentions.iloc[pairs[:, 1]].reset_index(drop=True)
    found = pd.concat([quoted[["quotation_id", "speaker_name", "speaker_entity_id", "outlet"]],
                       named[["entity_id", "article_id", "start", "end"]]], axis=1)
    found["is_direct"] = named["in_quotation"].fillna(False).astype(bool)
    found = found.merge(tables.entities[["entity_id", "name", "label"]], on="entity_id")
    others = found[(found["entity_id"] != found["speaker_entity_id"]) & (found["name"] != found["speaker_name"])]
    others = others.sort_values(["article_id", "start", "quotation_id"], ignore_index=True)
    return others[["quotation_id", "speaker_name", "entity_id", "name", "label", "outlet", "is_direct", "article_id",
                   "start", "end"]]


def _pair_mentions(quotations: pd.DataFrame, mentions: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """The positions of quotations and of the mentions that begin within their content."""
    places = {article: (group.index[0], group["start"].to_numpy()) for article, group in mentions.groupby("article_id")}
    for row, (article, spans) in enumerate(zip(quotations["article_id"], quotations["content_spans"], strict=True)):
        base, starts = places.get(article, (0, np.empty(0)))
        for span in spans:
            first, last = np.searchsorted(starts, [span["start"], span["end"]])
            yield from ((row, base + i) for i in range(first, last))


def count_spoken_names(found: pd.DataFrame, *, top_n: int = 15) -> ShortTable:
    """Who speaks about whom in each outlet.

    Parameters
    ----------
    found : the result of `find_spoken_names`
    top_n : speakers shown, those who mention most names, each with the names mentioned most

    Returns
    -------
    The table, with how much is left out. One row per speaker, entity named and outlet: speaker_name, name,
    outlet, n_direct and n_indirect (mentions between quotation marks and outside), n_quotations, n_articles.
    """
    by = ["speaker_name", "name", "outlet"]
    table = found.astype({"is_direct": bool}).groupby(by, as_index=False).agg(
        n=("start", "size"), n_direct=("is_direct", "sum"), n_quotations=("quotation_id", "nunique"),
        n_articles=("article_id", "nunique"))
    table.insert(len(by) + 1, "n_indirect", table["n"] - table["n_direct"])
    table = table[[*by, "n_direct", "n_indirect", "n_quotations", "n_articles", "n"]]
    sums = {name: table.groupby(name_by)["n"].transform("sum") for name, name_by in (
        ("spoken", "speaker_name"), ("named", ["speaker_name", "name"]))}
    table = table.assign(**sums).sort_values(["spoken", "speaker_name", "named", "name", "outlet"], ignore_index=True,
                                             ascending=[False, True, False, True, True])
    return keep_largest(table.drop(columns=["n", *sums]), table["n"], by="speaker_name", top_n=top_n)


# Where each is first named ------------------------------------------------------------------------

def find_first_mentions(tables: Tables) -> pd.DataFrame:
    """The first mention of each entity in each article.

    One row per entity in an article. Columns: entity_id, name, label, outlet, article_id, field, start, end (code
    points into that field), in_headline, percent (the share of the headline's and body's code points that precede
    it), n_mentions.
    """
    sentences = tables.sentences.assign(opens=find_reading_places(tables.sentences, tables.articles),
                                        closes=find_reading_places(tables.sentences, tables.articles, "end"))
    bounds = sentences.groupby("article_id").agg(opens=("opens", "min"), closes=("closes", "max"))
    headlines = sentences[sentences["role"] == "headline"].groupby("article_id")["closes"].max()
    mentions = tables.mentions.assign(field=list_fields(tables.mentions),
                                      place=find_reading_places(tables.mentions, tables.articles))
    mentions = mentions.sort_values(["article_id", "place"])
    mentions["n_mentions"] = mentions.groupby(["article_id", "entity_id"])["start"].transform("size")
    first = mentions.drop_duplicates(["article_id", "entity_id"])
    first = first.drop(columns=["name", "label"]).join(bounds, on="article_id").merge(
        tables.entities[["entity_id", "name", "label"]], on="entity_id")
    first["percent"] = 100 * (first["place"] - first["opens"]) / (first["closes"] - first["opens"]).clip(lower=1)
    first["in_headline"] = first["place"] < first["article_id"].map(headlines).astype("float64")
    first["outlet"] = first["article_id"].map(tables.articles.set_index("article_id")["outlet"])
    return first.sort_values(["article_id", "place"], ignore_index=True)[
        ["entity_id", "name", "label", "outlet", "article_id", "field", "start", "end", "in_headline", "percent",
         "n_mentions"]]


def count_first_mentions(found: pd.DataFrame, *, label: str | None = None, top_n: int = 15) -> ShortTable:
    """How early each outlet names an entity.

    Parameters
    ----------
    found : the result of `find_first_mentions`
    label : only this type, such as PERSON
    top_n : entities shown, those with the most mentions, each in the outlets with the most

    Returns
    -------
    The table, with how much is left out. One row per entity and outlet: name, label, outlet, n_mentions,
    n_articles, n_headlines (articles that name it in the headline), first_percent (median over these articles of the
    share of the article that precedes it).
    """
    chosen = found if label is None else found[found["label"] == label]
    table = chosen.assign(in_headline=chosen["in_headline"].astype(bool)).groupby(
        ["entity_id", "name", "label", "outlet"], as_index=False).agg(
        n_mentions=("n_mentions", "sum"), n_articles=("article_id", "size"), n_headlines=("in_headline", "sum"),
        first_percent=("percent", "median"))
    table["first_percent"] = table["first_percent"].round(1)
    table["total"] = table.groupby("entity_id")["n_mentions"].transform("sum")
    table = table.sort_values(["total", "entity_id", "outlet"], ascending=[False, True, True], ignore_index=True)
    kept = keep_largest(table.drop(columns="total"), table["n_mentions"], by="entity_id", top_n=top_n)
    return replace(kept, table=kept.table.drop(columns="entity_id"))


# Who is named with whom ---------------------------------------------------------------------------

@dataclass(frozen=True)
class Links:
    """The pairs of entities that sentences name together.

    Attributes
    ----------
    table : one row per pair that any sentence names, as `measure_links` describes it
    n_pairs : all pairs that any article names, even in different sentences
    n_tested : those that enough articles name for a test
    most_articles : the largest number of articles that name both entities of a pair
    """

    table: pd.DataFrame
    n_pairs: int
    n_tested: int
    most_articles: int

    @property
    def sentence(self) -> str:
        """How many pairs are tested and how many are significant, or why none is tested."""
        if self.table.empty:
            return "No sentence names two entities."
        if not self.n_tested:
            return (f"No pair is named by {MIN_TEST_ARTICLES} articles or more (at most by {self.most_articles}), so"
                    " that pairs are counted only: no test can say whether two belong together beyond these texts.")
        n_significant = int((self.table["q_bh"] <= MAX_FALSE_DISCOVERY_RATE).sum())
        return (f"{self.n_tested:,} of {self.n_pairs:,} pairs are named by {MIN_TEST_ARTICLES} articles or more and"
                f" tested with the article as the unit; {n_significant:,} of them share more sentences than their"
                " frequencies explain (false discovery rate q ≤ .05).")


def measure_links(tables: Tables, *, among: int = MAX_PAIRED_ENTITIES, seed: int = 0) -> Links:
    """Which entities are named in one sentence, and whether more often than their frequencies explain.

    The null hypothesis is that within each article, sentences name the two independently. If a of an article's n
    sentences name one and b the other, a b / n name both on average ([1]_; the numerator of equation (6.6)
    in [2]_). The surplus over that is the article's number; p is the share of random sign assignments [3]_
    for which the surpluses add up to at least the observed sum, the observed signs counted as one draw [4]_.
    Surpluses are skewed to the right, so the test is conservative. Only articles that name both contribute,
    and if there are too few of them for `judge_support`, p is missing.

    Parameters
    ----------
    tables : a corpus's tables; a sentence that names more than 30 entities is left out as a list
    among : number of entities among which pairs are formed, those that most articles name
    seed : of the random signs

    Returns
    -------
    The table, with the number of tests. One row per pair, the one with the most sentences first: entity_a, entity_b,
    name_a, name_b, n_sentences (that name both), outlets (with their sentences), expected (sentences), n_articles
    (with such a sentence), n_naming_both (articles), p, q_bh (false discovery rate over all pairs with a p).
    """
    named, sizes = _list_named_entities(tables, among)
    cells = _cross_articles(named, sizes)
    table = cells.assign(has=cells["n"] > 0).groupby(ENTITY_PAIR_COLUMNS, as_index=False).agg(
        n_sentences=("n", "sum"), expected=("expected", "sum"), n_articles=("has", "sum"), n_naming_both=("n", "size"))
    tested = table["n_naming_both"].map(lambda n: judge_support(n, n).tested).to_numpy(dtype=bool)
    table[["p", "q_bh"]] = np.nan
    if tested.any():
        numbered = table.loc[tested, ENTITY_PAIR_COLUMNS].assign(pair=range(tested.sum()))
        table.loc[tested, "p"] = _flip_signs(cells.merge(numbered, on=ENTITY_PAIR_COLUMNS), seed)
        table.loc[tested, "q_bh"] = formulas.q_bh(table.loc[tested, "p"])
    return Links(_name_pairs(table[table["n_sentences"] > 0], cells, tables), len(table), int(tested.sum()),
                 int(table["n_naming_both"].max()) if len(table) else 0)


def _list_named_entities(tables: Tables, among: int) -> tuple[pd.DataFrame, pd.Series]:
    """Which sentence names which of the entities that most articles name; and the sentences of each article."""
    named = tables.mentions[["article_id", "sentence", "entity_id"]].drop_duplicates()
    crowds = named.groupby(["article_id", "sentence"])["entity_id"].transform("size") > MAX_SENTENCE_ENTITIES
    lists = named[crowds].drop_duplicates(["article_id", "sentence"]).groupby("article_id").size()
    sizes = tables.sentences.groupby("article_id").size()
    chosen = tables.entities.sort_values(["n_articles", "n_mentions", "entity_id"], ascending=[False, False, True])
    named = named[~crowds & named["entity_id"].isin(chosen["entity_id"].head(among))]
    return named, sizes.sub(lists, fill_value=0)


def _cross_articles(named: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """For each pair and article that names both: the sentences with both (n), and those expected."""
    def pair(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        pairs = rows.merge(rows, on=by, suffixes=("_a", "_b")).rename(
            columns={"entity_id_a": "entity_a", "entity_id_b": "entity_b"})
        return pairs[pairs["entity_a"] < pairs["entity_b"]]

    alone = named.groupby(["article_id", "entity_id"], as_index=False).agg(n=("sentence", "size"))
    cells = pair(alone, ["article_id"])
    n_sentences = cells["article_id"].map(sizes).astype("float64")
    cells["expected"] = cells["n_a"] * cells["n_b"] / n_sentences  # [1]_, [2]_
    by = ["article_id", *ENTITY_PAIR_COLUMNS]
    together = pair(named, ["article_id", "sentence"]).groupby(by, as_index=False).agg(n=("sentence", "size"))
    cells = cells.merge(together, on=by, how="left")
    return cells.fillna({"n": 0})[[*by, "n", "expected"]]


def _flip_signs(cells: pd.DataFrame, seed: int) -> FloatArray:
    """The p of each pair, by number: how often random signs of the articles' surpluses reach the observed sum.

    Pairs that few of the first draws reach get many more, as a small p among many pairs requires.
    """
    from scipy.sparse import csr_array
    articles, _ = pd.factorize(cells["article_id"], sort=True)
    pairs = cells["pair"].to_numpy(dtype=np.int64)
    surplus = csr_array(((cells["n"] - cells["expected"]).to_numpy(), (pairs, articles)))
    generator = np.random.default_rng(seed)
    reached, n_flips = _count_sign_flips_reached(surplus, N_SIGN_FLIPS, generator)
    drawn = np.full(len(reached), n_flips)
    rare = np.flatnonzero(reached < MIN_FLIPS_REACHED)
    more, n_flips = _count_sign_flips_reached(surplus[rare], N_REFINED_SIGN_FLIPS, generator)
    reached[rare] += more
    drawn[rare] += n_flips
    p: FloatArray = (reached + 1) / (drawn + 1)  # [4]_
    return p


def _count_sign_flips_reached(surplus: "csr_array", n_flips: int,
                              generator: np.random.Generator) -> tuple[FloatArray, int]:
    """How many random signs reach each row's sum, and how many were drawn: fewer if the sums are long."""
    n_flips = min(n_flips, MAX_SIGN_FLIP_CELLS // max(surplus.nnz, surplus.shape[1])) if surplus.nnz else 0
    real, reached = surplus.sum(axis=1) - SIGN_SUM_TOLERANCE, np.zeros(surplus.shape[0])
    for done in range(0, n_flips, SIGN_FLIP_BATCH):
        signs = 2.0 * generator.integers(0, 2, (surplus.shape[1], min(SIGN_FLIP_BATCH, n_flips - done)),
                                         dtype=np.int8) - 1
        reached += (surplus @ signs >= real[:, None]).sum(axis=1)
    return reached, n_flips


def _name_pairs(table: pd.DataFrame, cells: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The pairs with names and outlets, the one with the most sentences first."""
    names = tables.entities.set_index("entity_id")["name"]
    outlets = tables.articles.set_index("article_id")["outlet"]
    table = table.merge(_list_pair_outlets(cells, outlets), on=ENTITY_PAIR_COLUMNS,
                        how="left").astype({"n_sentences": "int64"})
    table["name_a"], table["name_b"] = table["entity_a"].map(names), table["entity_b"].map(names)
    order = ["n_sentences", "n_articles", *ENTITY_PAIR_COLUMNS]
    return table.sort_values(order, ascending=[False, False, True, True], ignore_index=True)[
        [*ENTITY_PAIR_COLUMNS, "name_a", "name_b", "n_sentences", "outlets", "expected", "n_articles", "n_naming_both",
         "p", "q_bh"]]


def _list_pair_outlets(cells: pd.DataFrame, outlets: pd.Series) -> pd.DataFrame:
    """For each pair, the outlets with their numbers of sentences, the largest first, and how many more there are."""
    sums = cells[cells["n"] > 0].assign(outlet=cells["article_id"].map(outlets))
    sums = sums.groupby([*ENTITY_PAIR_COLUMNS, "outlet"], as_index=False)["n"].sum()
    sums = sums.sort_values([*ENTITY_PAIR_COLUMNS, "n", "outlet"], ascending=[True, True, False, True])
    sums["shown"] = sums["outlet"] + " " + sums["n"].astype("int64").astype(str)
    groups = sums.groupby(ENTITY_PAIR_COLUMNS)
    listed = groups.head(MAX_OUTLETS_PER_PAIR).groupby(ENTITY_PAIR_COLUMNS, as_index=False).agg(
        outlets=("shown", ", ".join))
    rest = groups["n"].size().to_numpy() - MAX_OUTLETS_PER_PAIR
    listed["outlets"] = [f"{names} and {n} more" if n > 0 else names
                         for names, n in zip(listed["outlets"], rest, strict=True)]
    return listed
