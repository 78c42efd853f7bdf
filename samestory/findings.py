"""Main findings: plain sentences made from the tables, for the front page of a report.

Each says its numbers and out of how many, and leads to the page that shows the evidence. What the
articles are too few to say is said to be so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from samestory.counts import count_terms
from samestory.keyness import compare_outlets, measure_keyness
from samestory.tables import Tables
from samestory.voices import NO_SPEAKER, choose_quotations, compare_speakers, count_quoted_words, count_speakers

MOST = 3  # outlets or names that one sentence lists
NAMED = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT")


@dataclass(frozen=True)
class Finding:
    """A sentence, and the page that shows what it rests on."""

    text: str
    page: str


def find_main_points(tables: Tables, parameters: dict[str, Any]) -> list[Finding]:
    """At most one sentence a question, in the order of the pages.

    Parameters
    ----------
    tables : a corpus's tables
    parameters : the parameters of the run, by name
    """
    sure = {name: parameters[name] for name in ("min_confidence",) if name in parameters}
    quotations = choose_quotations(tables, **sure)
    said = [("01_corpus", tell_corpus(tables)), ("02_keywords", tell_keywords(tables, parameters)),
            ("03_quotations", tell_speakers(quotations)), ("03_quotations", tell_quoted_words(tables, quotations)),
            ("03_quotations", tell_shared_speakers(quotations)), ("04_entities", tell_entities(tables))]
    return [Finding(text, page) for page, text in said if text]


def tell_corpus(tables: Tables) -> str:
    """How many articles of which outlets, of which days."""
    articles = tables.articles[tables.articles["counted"]]
    by_outlet = articles.groupby("outlet").agg(n=("article_id", "size"), words=("n_words", "sum"))
    by_outlet = by_outlet.sort_values(["n", "words"], ascending=False, kind="stable")
    listed = _list(f"{outlet} {_count(row.n, 'article')} ({row.words:,} words)" for outlet, row in by_outlet.iterrows())
    days = articles["published_at"].dropna()
    known = f" (known for {len(days)} of {len(articles)})" if 0 < len(days) < len(articles) else ""
    return (f"{_count(len(articles), 'article')} of {_count(len(by_outlet), 'outlet')}: {listed};"
            f" published: {tell_days(days)}{known}.")


def tell_days(days: pd.Series) -> str:
    """The first and the last day, or the one, or that none is known.

    >>> tell_days(pd.to_datetime(pd.Series(["2021-03-17 12:00", "2021-03-17 20:00"])))
    '2021-03-17'
    """
    first, last = (f"{day:%Y-%m-%d}" if len(days) else "not known" for day in (days.min(), days.max()))
    return first if first == last else f"{first} to {last}"


def tell_keywords(tables: Tables, parameters: dict[str, Any]) -> str:
    """Whether a word difference can be supported, and the widest one."""
    options = {name: parameters[name] for name in ("unit", "fold", "include_headline", "include_quoted")
               if name in parameters}
    counts = count_terms(tables.folder, outlets=list(tables.outlets) or None, **options)
    pairs = compare_outlets(counts, target=parameters.get("target") or None,
                            reference=parameters.get("reference") or None)
    if not pairs:
        return "One outlet alone: there is nothing to compare its words with."
    target, reference = pairs[0]
    table = measure_keyness(counts, target=target, reference=reference, min_count=parameters.get("min_count", 3))
    return _tell_keyness(table, target, reference or "the others")


def _tell_keyness(table: pd.DataFrame, target: str, reference: str) -> str:
    if table.empty:
        return f"No word is frequent enough to compare {target} with {reference}."
    top = table.iloc[0]
    more = target if top["log_ratio"] > 0 else reference
    here, there = _count(top["n_target"], "time"), _count(top["n_reference"], "time")
    widest = (f"{top['term']!r} stands {here} in {target} and {there} in {reference} (log ratio"
              f" {top['log_ratio']:+.1f}, interval {top['low']:+.1f} to {top['high']:+.1f} within these texts)")
    if "p" not in table:
        return (f"Too few articles to say that a word sets {target} and {reference} apart; the clearest"
                f" difference: {widest}.")
    supported = int((table["q_bh"] <= 0.05).sum())
    if not supported:
        return (f"No word of {len(table):,} sets {target} and {reference} apart beyond chance (q at most .05, article"
                f" permutation); the clearest difference: {widest}.")
    return (f"{supported:,} of {len(table):,} words set {target} and {reference} apart (q at most .05, article"
            f" permutation); first, used more by {more}: {widest}.")


def tell_speakers(quotations: pd.DataFrame) -> str:
    """Whom each outlet quotes most."""
    speakers = count_speakers(quotations[quotations["speaker_name"] != NO_SPEAKER])
    if speakers.empty:
        return "No quotation was found."
    totals = quotations.groupby("outlet").size()
    first = speakers.groupby("outlet", sort=False).head(1).set_index("outlet")
    first = first.loc[totals.loc[first.index].sort_values(ascending=False, kind="stable").index]
    listed = _list((f"{outlet} {row.speaker_name} ({row.n_quotations:,} of {totals[outlet]:,})"
                    for outlet, row in first.iterrows()))
    return f"Most quoted, by statements: {listed}."


def tell_quoted_words(tables: Tables, quotations: pd.DataFrame) -> str:
    """How much of each outlet's text stands between marks."""
    words = count_quoted_words(tables, quotations).sort_values(["n_words", "outlet"], ascending=[False, True])
    listed = _list(f"{row.outlet} {row.n_words_direct:,} of {row.n_words:,} words ({row.direct_percent:.0f} %)"
                    for row in words.itertuples())
    return f"Quoted word for word: {listed}." if len(words) else ""


def tell_shared_speakers(quotations: pd.DataFrame) -> str:
    """How many speakers one outlet alone quotes."""
    speakers = compare_speakers(quotations)
    if speakers.empty or quotations["outlet"].nunique() < 2:
        return ""
    shared = speakers[speakers["only_in"] == ""]["speaker_name"]
    told = f"; quoted by more than one: {_list(shared)}" if len(shared) else ""
    return f"{len(speakers) - len(shared):,} of {_count(len(speakers), 'speaker')} are quoted by one outlet only{told}."


def tell_entities(tables: Tables) -> str:
    """What is named by one outlet only."""
    outlets = tables.articles[tables.articles["counted"]].set_index("article_id")["outlet"]
    mentions = tables.mentions[tables.mentions["label"].isin(NAMED)]
    named = mentions.assign(outlet=mentions["article_id"].map(outlets)).groupby("entity_id").agg(
        n=("mention_id", "size"), n_outlets=("outlet", "nunique"), outlet=("outlet", "first"))
    if named.empty or outlets.nunique() < 2:
        return ""
    names = tables.entities.set_index("entity_id")
    alone = named[named["n_outlets"] == 1].join(names[["name", "label"]])
    alone = alone.sort_values(["n", "name"], ascending=[False, True])
    people = alone[alone["label"] == "PERSON"]
    told = _list(f"{row.name} ({row.outlet})" for row in people.reset_index(drop=True).itertuples(index=False))
    return (f"{len(alone):,} of {_count(len(named), 'name')} stand in one outlet only"
            f"{f', among them the people {told}' if len(people) else ''}.")


def _list(items: Iterable[str]) -> str:
    """The first items, and how many more there are."""
    items = list(items)
    rest = len(items) - MOST
    listed = ", ".join(items[:MOST])
    return f"{listed} and {rest:,} more" if rest > 0 else listed


def _count(n: int, unit: str) -> str:
    return f"{n:,} {unit}{'' if n == 1 else 's'}"
