"""What the keyword page shows of the measures: one comparison to draw, the top of each, evidence."""

import pandas as pd

from samestory.context import find_context
from samestory.evidence import find_sentences
from samestory.keyness import smallest_contrast
from samestory.tables import Tables

SHOWN = ["term", "n_target", "n_reference", "per_1k_target", "per_1k_reference", "log_ratio", "low", "high",
         "n_articles_target", "n_articles_reference"]
MOST_SENTENCES = 3
TESTED = ["p", "q_bh", "p_max_t"]


def pick_comparison(keyness: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """The first comparison of `measure_outlets`: all there is with two outlets.

    One row is a term. Columns: those of `measure_keyness` that a reader needs. `attrs` holds target,
    reference and `contrast`, the smallest contrast that could have been found, as a sentence.
    """
    if keyness.empty:
        target, reference = "this outlet", "another"
    else:
        target, reference = keyness["target"].iloc[0], keyness["reference"].iloc[0]
    chosen = keyness[(keyness["target"] == target) & (keyness["reference"] == reference)]
    columns = SHOWN + [name for name in TESTED if name in chosen and chosen[name].notna().any()]
    table = chosen[columns].reset_index(drop=True)
    words = counts.groupby(counts["outlet"] == target)["n"].sum()
    table.attrs = {"target": target, "reference": reference, "contrast": smallest_contrast(
        int(words.get(True, 0)), int(words.get(False, 0)), len(table)).sentence}
    return table


def tell_support(keyness: pd.DataFrame) -> str:
    """What the comparisons can support: the sentence of each, or how many of each kind there are."""
    sentences = keyness.attrs["sentences"]
    if len(sentences) <= MOST_SENTENCES:
        return " ".join(dict.fromkeys(sentences))
    tested = keyness.groupby("target")["p"].any() if "p" in keyness else pd.Series(dtype=bool)
    described = sorted(set(keyness["target"]) - set(tested[tested].index))
    return (f"{len(sentences)} outlets are compared with the rest. For {len(sentences) - len(described)} of them a test"
            f" is possible; the others have too few articles, so that their differences are described only"
            f"{': ' + ', '.join(described) if described else ''}.")


def list_top_terms(keyness: pd.DataFrame, *, top_n: int = 10) -> pd.DataFrame:
    """The terms that each outlet uses more than those it is compared with, the surest first.

    One row is an outlet. Columns: outlet, compared_with, terms (each with its count here and there).
    """
    there = {"target": "reference", "reference": "target", "n_target": "n_reference", "n_reference": "n_target"}
    is_pair = len(set(keyness["target"])) == 1  # then the reference is a side of its own
    sides = [keyness[keyness["log_ratio"] > 0]]
    sides += [keyness[keyness["log_ratio"] < 0].rename(columns=there)] if is_pair else []
    more = pd.concat([side.groupby("target", sort=True).head(top_n) for side in sides], ignore_index=True)
    more["terms"] = (more["term"] + " " + more["n_target"].astype(int).astype(str) + ":"
                     + more["n_reference"].astype(int).astype(str))
    table = more.groupby(["target", "reference"], as_index=False)["terms"].agg(", ".join)
    return table.rename(columns={"target": "outlet", "reference": "compared_with"})


def find_keyword_sentences(tables: Tables, terms: list[str], *, per_outlet: int = 2,
                           **choice: object) -> pd.DataFrame:
    """The sentences that the differences rest on, a few of each outlet for each term.

    Parameters
    ----------
    tables : a corpus's tables
    terms : the terms, the most telling first
    per_outlet : places of each term in each outlet
    choice : what was counted, as in `Choice`

    Returns
    -------
    The columns of `find_sentences`.
    """
    return find_sentences(tables, find_context(tables.folder, terms, per_outlet=per_outlet, **choice))
