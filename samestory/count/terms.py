"""Counts: how often each term occurs in each article, counted by DuckDB from the token table.

A term is a word, a lemma or an n-gram. Spellings of one thing (U.S., US, United States; didn't, did
not) are folded into one term by data/en/variants.csv, unless `fold` is off: see spellings.py. Counts are
additive: the counts of two parts of a corpus, concatenated, are the counts of the whole. Measures based
on counts are in measure/words, and occurrences in context are in context.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize

import pandas as pd
import pyarrow as pa

from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.fields import FIELD_OF_TEXT
from samestory.base.language import language_in_use
from samestory.base.schema import TABLE_ROW_ORDER
from samestory.base.sql import add_view, connect_duckdb, raise_interrupts, write_rows
from samestory.count.spellings import (
    NON_WORD_TOKEN_SQL,
    PHRASE_WORDS_SQL,
    add_variants,
    fold_words,
    format_key_sql,
    match_phrases,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TableSource = Path | str | Mapping[str, pa.Table | pd.DataFrame]

COUNTED_UNITS = ("word", "lemma", "2-gram", "3-gram", "4-gram", "5-gram")
TERM_CHOICE_PARAMETERS = ("unit", "fold", "include_headline", "include_quoted")  # of a notebook
COUNTED_PARTS = ("headline", "quoted")  # words that can be counted separately
# size of the Parquet files (about 400,000 words) up to which a corpus's words are kept in memory
MAX_CACHED_CORPUS_BYTES = 5_000_000


@dataclass(frozen=True)
class CountOptions:
    """Which words are counted, and as which terms.

    Parameters
    ----------
    unit : ``word``, ``lemma``, or ``2-gram`` to ``5-gram`` (of words, within a sentence and without
        punctuation between them, except a hyphen)
    fold : whether the spellings of data/en/variants.csv are one term
    include_headline, include_quoted : whether words of the headline, and words between quotation marks, are counted
    outlets : the outlets to count; all if None or empty
    article_ids : the articles to count; all if None
    only : ``headline`` or ``quoted`` counts only those words; if empty, all of the above are counted
    """

    unit: str = "word"
    fold: bool = True
    include_headline: bool = True
    include_quoted: bool = True
    outlets: Sequence[str] | None = None
    article_ids: Sequence[str] | None = None
    only: str = ""

    def __post_init__(self) -> None:
        # tuples, and one value for all outlets, so that equal options have equal hashes
        object.__setattr__(self, "outlets", tuple(() if self.outlets is None else self.outlets) or None)
        object.__setattr__(self, "article_ids", None if self.article_ids is None else tuple(self.article_ids))
        if self.only not in ("", *COUNTED_PARTS):
            raise unknown_name("part", self.only, COUNTED_PARTS)
        if self.unit not in COUNTED_UNITS:
            raise unknown_name("unit", self.unit, COUNTED_UNITS)

    @property
    def length(self) -> int:
        """The number of words in a term."""
        return int(self.unit[0]) if self.unit.endswith("-gram") else 1


def count_terms(folder: TableSource, *, unit: str = "word", fold: bool = True, include_headline: bool = True,
                include_quoted: bool = True, outlets: Sequence[str] | None = None,
                article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """Count the terms of each article, as the table `counts`.

    One row per term and article, with separate rows for words between quotation marks and for the others.
    Only articles with `counted` true are included.

    Parameters
    ----------
    folder : holds ``tokens.parquet`` and ``articles.parquet``; or the two tables by name
    unit, fold, include_headline, include_quoted, outlets, article_ids, only : see `CountOptions`

    Returns
    -------
    article_id, outlet, unit, term, in_quotation, n; sorted by article, term, in_quotation.

    Raises
    ------
    UnknownName
        If an outlet is not among the counted articles, or there is no such unit.
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    with open_terms(folder, choice) as duck:
        return duck.sql(_select_counts(choice)).to_arrow_table().to_pandas()


def write_counts(folder: TableSource, path: Path) -> None:
    """Write the table `counts` of folded words, for any number of articles; `folder` is as for `count_terms`."""
    with open_terms(folder, CountOptions()) as duck:
        write_rows(duck.sql(_select_counts(CountOptions())), "counts", path)


def _select_counts(choice: CountOptions) -> str:
    return (f"SELECT article_id, outlet, '{choice.unit}' AS unit, term, in_quotation, count(*)::INTEGER AS n"
            f" FROM terms JOIN wanted USING (article_id) GROUP BY ALL ORDER BY {TABLE_ROW_ORDER['counts']}")


def count_words(counts: pd.DataFrame) -> pd.DataFrame:
    """The size of each outlet's text.

    One row per outlet: outlet, n_articles, n (all its terms), n_terms (distinct ones).

    >>> counts = pd.DataFrame({"article_id": ["a", "a"], "outlet": "CNN", "term": ["x", "y"], "n": [2, 1]})
    >>> count_words(counts).to_dict("records")
    [{'outlet': 'CNN', 'n_articles': 1, 'n': 3, 'n_terms': 2}]
    """
    return counts.groupby("outlet", as_index=False, sort=True).agg(
        n_articles=("article_id", "nunique"), n=("n", "sum"), n_terms=("term", "nunique"))


def list_folded(folder: TableSource, *, unit: str = "word", fold: bool = True, include_headline: bool = True,
                include_quoted: bool = True, outlets: Sequence[str] | None = None,
                article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """The forms that were folded: form, term (empty if the form is not counted), outlet, n.

    One row per form and outlet, most frequent first. The parameters are those of `CountOptions`.
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    with open_terms(folder, choice) as duck:
        return duck.sql(
            "SELECT form, coalesce(term, '') AS term, outlet, count(*)::INTEGER AS n"
            " FROM units JOIN wanted USING (article_id) WHERE form IS NOT NULL"
            f" AND {filter_quoted(choice)} GROUP BY ALL ORDER BY n DESC, form, term, outlet"
        ).to_arrow_table().to_pandas()


def find_folded(folder: TableSource, *, unit: str = "word", fold: bool = True, include_headline: bool = True,
                include_quoted: bool = True, outlets: Sequence[str] | None = None,
                article_ids: Sequence[str] | None = None, only: str = "") -> pd.DataFrame:
    """Occurrences of the forms that `list_folded` counts: form, term, outlet, article_id, field, start, end.

    One row per occurrence, in the order of the articles. The parameters are those of `CountOptions`.
    """
    choice = CountOptions(unit, fold, include_headline, include_quoted, outlets, article_ids, only)
    with open_terms(folder, choice) as duck:
        return duck.sql(
            'SELECT form, coalesce(term, \'\') AS term, outlet, article_id, field, start, "end"'
            " FROM units JOIN wanted USING (article_id) WHERE form IS NOT NULL"
            f" AND {filter_quoted(choice)} ORDER BY article_id, field, start, form").to_arrow_table().to_pandas()


# Reading: two views, `articles` and `tokens`, over files or tables ---------------------------------

@contextmanager
def open_tables(source: TableSource) -> Iterator["DuckDBPyConnection"]:
    """A DuckDB connection with the views `articles` and `tokens`."""
    with connect_duckdb() as duck:
        for name in ("articles", "tokens"):
            _add_view(duck, source, name)
        known = "field" if "field" in duck.table("tokens").columns else "NULL"
        field = f"coalesce({known}, '{FIELD_OF_TEXT}')"
        duck.sql(f"CREATE TEMP VIEW field_tokens AS SELECT {field} AS field, COLUMNS(lambda name: name <> 'field')"
                 " FROM tokens")
        yield duck


def _add_view(duck: "DuckDBPyConnection", source: TableSource, name: str) -> None:
    if isinstance(source, Mapping):
        duck.register(name, source[name])
        return
    path = Path(source) / f"{name}.parquet"
    if not path.exists():
        raise SameStoryError(f"{path} does not exist: expected a folder written by `samestory annotate`")
    add_view(duck, Path(source), name)


@contextmanager
def open_chosen_tokens(source: TableSource, choice: CountOptions) -> Iterator["DuckDBPyConnection"]:
    """A connection with the table `wanted` (article_id and outlet, with numbers) and the view `chosen` of tokens."""
    with open_tables(source) as duck:
        if choice.unit == "lemma":
            _check_lemmas(duck)
        _choose_articles(duck, choice)
        duck.sql('CREATE TEMP VIEW chosen AS SELECT article_id, number, outlet_number, sentence, token, role, field,'
                 ' start, "end", norm, lemma, pos, coalesce(in_quotation, false) AS in_quotation'
                 f" FROM field_tokens JOIN wanted USING (article_id) WHERE {_filter_headline(choice)}")
        yield duck


@contextmanager
def open_terms(source: TableSource, choice: CountOptions) -> Iterator["DuckDBPyConnection"]:
    """A connection with the view `terms`: article_id, term, in_quotation, field, start, end; one row per occurrence.

    It also has `wanted`, and `units`, the words in order. A page needs the words of its corpus about twenty times,
    so the connection to those of a small corpus is kept, with its words in memory; what is added to it stays there.
    """
    key = _make_cache_key(source, choice)
    if key is None:
        with _make_terms(source, choice) as duck:
            yield duck
        return
    if key not in _kept_terms:
        _kept_terms.clear()
        _kept_terms[key] = _KeptTerms(source, choice)
    with raise_interrupts():
        yield _kept_terms[key].duck


@contextmanager
def _make_terms(source: TableSource, choice: CountOptions) -> Iterator["DuckDBPyConnection"]:
    with open_chosen_tokens(source, choice) as duck:
        _add_units(duck, choice)
        _add_terms(duck, choice)
        yield duck


class _KeptTerms:
    """A connection with the words of a small corpus, which is closed when nobody holds it."""

    def __init__(self, source: TableSource, choice: CountOptions) -> None:
        opened = ExitStack()
        self.duck = opened.enter_context(_make_terms(source, choice))
        finalize(self, opened.close)
        words = self.duck.sql("FROM units").to_arrow_table()
        self.duck.sql("DROP VIEW units")
        self.duck.register("units", words)


# Path, time and size of each file; the options; the language whose spellings are folded.
CorpusKey = tuple[tuple[tuple[str, int, int], ...], CountOptions, str]
_kept_terms: dict[CorpusKey, _KeptTerms] = {}  # of the corpus and options used last


def _make_cache_key(source: TableSource, choice: CountOptions) -> CorpusKey | None:
    """The key of a corpus's words; None if they are not cached, because they are in memory or too many."""
    if isinstance(source, Mapping):
        return None
    files = [Path(source) / f"{name}.parquet" for name in ("articles", "tokens")]
    if not all(file.is_file() for file in files):
        return None
    states = tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    is_small = sum(size for _, _, size in states) <= MAX_CACHED_CORPUS_BYTES
    return (states, choice, language_in_use()) if is_small else None


def _check_lemmas(duck: "DuckDBPyConnection") -> None:
    """Refuse tokens without part-of-speech tags: their lemmas are only words in lower case."""
    known = duck.sql("SELECT 1 FROM tokens WHERE pos IN ('NOUN', 'VERB', 'PROPN', 'ADJ') LIMIT 1").fetchall()
    if not known and duck.sql("SELECT 1 FROM tokens LIMIT 1").fetchall():
        raise SameStoryError("expected tokens with lemmas for the unit 'lemma', found tokens without parts of speech;"
                             " count words, or annotate the articles with a spaCy pipeline that tags")


def _filter_headline(choice: CountOptions) -> str:
    """The condition on a token for `include_headline`."""
    if choice.only == "headline":
        return "role = 'headline'"
    return "true" if choice.include_headline else "role <> 'headline'"


def _choose_articles(duck: "DuckDBPyConnection", choice: CountOptions) -> None:
    """Make the table `wanted`: the articles to count, and their outlets."""
    duck.sql("CREATE TEMP TABLE wanted AS SELECT article_id, coalesce(outlet, 'unknown') AS outlet,"
             " row_number() OVER (ORDER BY article_id)::INTEGER AS number,"
             " dense_rank() OVER (ORDER BY coalesce(outlet, 'unknown'))::INTEGER AS outlet_number"
             " FROM articles WHERE counted")
    if choice.outlets:
        known = [row[0] for row in duck.sql("SELECT DISTINCT outlet FROM wanted").fetchall()]
        for outlet in choice.outlets:
            if outlet not in known:
                raise unknown_name("outlet", outlet, known)
        _filter_wanted_articles(duck, "outlet", choice.outlets)
    if choice.article_ids is not None:
        _check_ids(duck, choice.article_ids)
        _filter_wanted_articles(duck, "article_id", choice.article_ids)


def _filter_wanted_articles(duck: "DuckDBPyConnection", column: str, names: Sequence[str]) -> None:
    duck.register("kept", pa.table({"name": pa.array(list(names), pa.string())}))
    duck.sql(f"DELETE FROM wanted WHERE {column} NOT IN (SELECT name FROM kept)")
    duck.unregister("kept")


def _check_ids(duck: "DuckDBPyConnection", article_ids: Sequence[str]) -> None:
    duck.register("asked", pa.table({"name": pa.array(list(article_ids), pa.string())}))
    missing = duck.sql("SELECT name FROM asked WHERE name NOT IN (SELECT article_id FROM articles)"
                       " ORDER BY name LIMIT 5").fetchall()
    duck.unregister("asked")
    if missing:
        raise SameStoryError(f"no article {', '.join(repr(row[0]) for row in missing)}: "
                             "expected ids from the column article_id of the table articles")


# Folding: tokens in, terms out ---------------------------------------------------------------------

def _add_units(duck: "DuckDBPyConnection", choice: CountOptions) -> None:
    """Make the view `units`: the words in order.

    `term` is NULL for punctuation and empty for words that are not counted; `form` is the spelling that was folded.
    """
    columns = 'article_id, sentence, token, field, start, "end", in_quotation'
    duck.sql(f"CREATE TEMP VIEW keyed AS SELECT {columns}, pos, lemma, {format_key_sql(choice.unit)} AS key"
             " FROM chosen")
    if not choice.fold:
        duck.sql(f"CREATE TEMP VIEW units AS SELECT {columns}, 0 AS part, NULL AS form, key,"
                 f" CASE WHEN NOT ({NON_WORD_TOKEN_SQL}) THEN key END AS term FROM keyed")
        return
    add_variants(duck)
    duck.sql('CREATE TEMP TABLE pieces AS SELECT number, sentence, token, field, start, "end", norm, in_quotation'
             " FROM chosen"
             f" WHERE norm IN ({PHRASE_WORDS_SQL})")
    match_phrases(duck)
    folded = fold_words("SELECT * FROM keyed ANTI JOIN covered USING (article_id, token)", columns)
    duck.sql(f"CREATE TEMP VIEW units AS {folded} UNION ALL BY NAME"
             f" SELECT {columns}, 0 AS part, form, form AS key, term FROM found")


# Terms: single words or n-grams ------------------------------------------------------------------

def filter_quoted(choice: CountOptions) -> str:
    """The condition on a word for `include_quoted`."""
    if choice.only == "quoted":
        return "in_quotation"
    return "true" if choice.include_quoted else "NOT in_quotation"


def _add_terms(duck: "DuckDBPyConnection", choice: CountOptions) -> None:
    """Make the view `terms`: article_id, term, in_quotation, field, start, end."""
    source = "units" if choice.length == 1 else f"({_join_ngrams(choice.length)})"
    duck.sql('CREATE TEMP VIEW terms AS SELECT article_id, term, in_quotation, field, start, "end"'
             f" FROM {source} WHERE term <> '' AND {filter_quoted(choice)}")


def _join_ngrams(length: int) -> str:
    """The query for n-grams of `length` words in one sentence, all of them quoted or none.

    Only a hyphen that touches the words on both sides may separate words.
    """
    order = "(PARTITION BY article_id, sentence ORDER BY token, part)"
    touching = ("SELECT *, key = '-' AND lag(\"end\") OVER w = start AND lead(start) OVER w = \"end\""
                f" AS joins FROM units WINDOW w AS {order}")
    steps = range(1, length)
    term = " || ' ' || ".join(["term", *(f"lead(term, {i}) OVER w" for i in steps)])
    same = " AND ".join(f"lead(in_quotation, {i}) OVER w = in_quotation" for i in steps)
    return (f"SELECT article_id, in_quotation, field, start, lead(\"end\", {length - 1}) OVER w AS \"end\","
            f" CASE WHEN {same} THEN {term} END AS term FROM ({touching})"
            f" WHERE NOT coalesce(joins, false) AND term IS DISTINCT FROM '' WINDOW w AS {order}")
