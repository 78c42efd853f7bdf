"""Which pairs of names are drawn."""

import pandas as pd

MAX_NETWORK_NAMES = 30
MAX_NETWORK_LINKS = 60
MIN_LINK_SENTENCES = 2  # sentences from which a pair is drawn


def choose_links(links: pd.DataFrame, *, most_names: int = MAX_NETWORK_NAMES) -> pd.DataFrame:
    """The pairs that are drawn: named together in two sentences and more than their frequencies explain.

    Parameters
    ----------
    links : what `measure_links` returned
    most_names : names drawn at most; pairs with most sentences come first

    Returns
    -------
    Rows of `links`, at most 60; `attrs["n_left_out"]` is how many such pairs are not drawn.
    """
    apart = links[(links["n_sentences"] >= MIN_LINK_SENTENCES) & (links["n_sentences"] > links["expected"])]
    names: set[str] = set()
    for a, b in zip(apart["entity_a"], apart["entity_b"], strict=True):
        if len(names | {a, b}) <= most_names:
            names |= {a, b}
    chosen = apart[apart["entity_a"].isin(names) & apart["entity_b"].isin(names)].head(MAX_NETWORK_LINKS)
    chosen = chosen.reset_index(drop=True)
    chosen.attrs = {"n_left_out": len(apart) - len(chosen)}
    return chosen
