"""Which pairs of names are drawn."""

from dataclasses import dataclass

import pandas as pd

MAX_NETWORK_NAMES = 30
MAX_NETWORK_LINKS = 60
MIN_NETWORK_ARTICLES = 10
MIN_LINK_SENTENCES = 2  # sentences from which a pair is drawn


@dataclass(frozen=True)
class DrawnLinks:
    """The pairs of names that are drawn.

    Attributes
    ----------
    table : one row per pair, as `measure_links` describes it
    n_left_out : further pairs of the same kind that are not drawn
    """

    table: pd.DataFrame
    n_left_out: int


def choose_links(links: pd.DataFrame, *, n_articles: int = MIN_NETWORK_ARTICLES,
                 most_names: int = MAX_NETWORK_NAMES) -> DrawnLinks:
    """The pairs to draw, at most 60: named together in two sentences or more, and more often than expected.

    Of fewer than ten articles none is drawn: in one story, nearly all names are linked with its main ones.

    Parameters
    ----------
    links : the table of `measure_links`
    n_articles : articles of the corpus
    most_names : the most names drawn; pairs with the most sentences come first
    """
    links = links if n_articles >= MIN_NETWORK_ARTICLES else links.head(0)
    apart = links[(links["n_sentences"] >= MIN_LINK_SENTENCES) & (links["n_sentences"] > links["expected"])]
    names: set[str] = set()
    for a, b in zip(apart["entity_a"], apart["entity_b"], strict=True):
        if len(names | {a, b}) <= most_names:
            names |= {a, b}
    chosen = apart[apart["entity_a"].isin(names) & apart["entity_b"].isin(names)].head(MAX_NETWORK_LINKS)
    return DrawnLinks(chosen.reset_index(drop=True), len(apart) - len(chosen))
