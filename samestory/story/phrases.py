"""Shared phrases: two words side by side that statements of two outlets have and few others do.

"Human rights" in one sentence of each outlet is a reason to put both before a person, and not to say that one has no
counterpart, however much else they say.
"""

import numpy as np
import pandas as pd

MAX_PHRASE_STATEMENTS = 2  # of an outlet that have a phrase which is rare there
MAX_COUNTED_PHRASES = 2  # of a statement


def pair_by_phrases(phrases: pd.DataFrame, outlets: np.ndarray) -> set[tuple[int, int]]:
    """The pairs of statements of two outlets, the lower position first, that share a phrase that is rare in both.

    Parameters
    ----------
    phrases : statement and phrase
    outlets : number of each statement's outlet
    """
    rare = _list_rare_phrases(phrases, outlets)
    both = rare.merge(rare, on="phrase", suffixes=("", "_other"))
    both = both[(both["outlet"] != both["outlet_other"]) & (both["statement"] < both["statement_other"])]
    return set(zip(both["statement"].tolist(), both["statement_other"].tolist(), strict=True))


def count_repeated_phrases(phrases: pd.DataFrame, outlets: np.ndarray) -> np.ndarray:
    """For each statement (row) and outlet (column) how many of its phrases are rare there, but there."""
    n = int(outlets.max()) + 1
    rare = _list_rare_phrases(phrases, outlets)[["phrase", "outlet"]].drop_duplicates()
    found = phrases.merge(rare, on="phrase")
    counts = np.zeros((len(outlets), n))
    np.add.at(counts, (found["statement"].to_numpy(np.int64), found["outlet"].to_numpy(np.int64)), 1)
    return np.minimum(counts, MAX_COUNTED_PHRASES)


def _list_rare_phrases(phrases: pd.DataFrame, outlets: np.ndarray) -> pd.DataFrame:
    """The phrases with their outlets, without those that an outlet has in many statements. Columns: statement, phrase,
    outlet."""
    told = phrases.assign(outlet=outlets[phrases["statement"].to_numpy(np.int64)])
    n = told.groupby(["phrase", "outlet"])["statement"].transform("size")
    rare: pd.DataFrame = told[n <= MAX_PHRASE_STATEMENTS]
    return rare
