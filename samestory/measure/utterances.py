"""Utterances that two outlets quote, side by side."""

import numpy as np
import pandas as pd

from samestory.base.schema import UTTERANCE_RELATIONS
from samestory.tables.tables import Tables

UTTERANCE_RELATION_ORDER = ("trimmed", "paraphrase", "identical")  # rows with cuts come first


def list_utterances(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """Pairs of quotations in which two outlets quote the same utterance.

    One row per pair of quotations. Columns: speaker_name, relation, outlet_a, text_a, outlet_b, text_b,
    other_name (the speaker that outlet_b names, if different), and the positions of both: article_id_a,
    start_a, article_id_b, start_b. Pairs that repeat no quotation of a pair above come first; among them trimmed ones,
    then paraphrases, then identical ones, the longest of each first.
    """
    starts = [min(span["start"] for span in spans) for spans in quotations["content_spans"]]
    shown = quotations.assign(start=starts).set_index("quotation_id")[
        ["outlet", "text", "speaker_name", "article_id", "start"]]
    pairs = tables.read("utterances").join(shown.add_suffix("_a"), on="quotation_a", how="inner")
    pairs = pairs.join(shown.add_suffix("_b"), on="quotation_b", how="inner")
    pairs = pairs.rename(columns={"speaker_name_a": "speaker_name"})
    pairs["other_name"] = pairs["speaker_name_b"].where(pairs["speaker_name_b"] != pairs["speaker_name"], "")
    shorter = np.minimum(pairs["text_a"].str.len(), pairs["text_b"].str.len())
    pairs = pairs.assign(rank=pairs["relation"].map(UTTERANCE_RELATION_ORDER.index), length=-shorter)
    pairs = pairs.sort_values(["rank", "length", "utterance_id"])
    pairs = pairs.assign(again=_find_repeated_quotations(pairs)).sort_values("again", kind="stable", ignore_index=True)
    return pairs[["speaker_name", "relation", "outlet_a", "text_a", "outlet_b", "text_b", "other_name",
                  "article_id_a", "start_a", "article_id_b", "start_b"]]


def _find_repeated_quotations(pairs: pd.DataFrame) -> list[bool]:
    """Whether a quotation of the pair is part of a pair above it."""
    seen: set[str] = set()
    found = []
    for pair in zip(pairs["quotation_a"], pairs["quotation_b"], strict=True):
        found.append(not seen.isdisjoint(pair))
        seen.update(pair)
    return found


def tell_utterances(utterances: pd.DataFrame) -> str:
    """How many utterances two outlets quote, and how similar the quotations are.

    Parameters
    ----------
    utterances : the result of `list_utterances`

    >>> tell_utterances(pd.DataFrame({"relation": ["trimmed", "identical", "trimmed"]}))
    '3 pairs of quotations report the same utterance: 1 identical, 2 trimmed, 0 in other words.'
    """
    if utterances.empty:
        return "No utterance was found that two outlets quote."
    counts = utterances["relation"].value_counts()
    listed = ", ".join(f"{counts.get(name, 0):,} {'in other words' if name == 'paraphrase' else name}"
                       for name in UTTERANCE_RELATIONS)
    pairs = ("1 pair of quotations reports" if len(utterances) == 1
             else f"{len(utterances):,} pairs of quotations report")
    return f"{pairs} the same utterance: {listed}."
