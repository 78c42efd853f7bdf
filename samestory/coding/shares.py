"""Corrected shares: how often each kind of statement or speaker occurs, with the program's errors taken out.

The program's count of the whole corpus is corrected by what coders found wrong in the sample (the difference estimator
of `samestory.measure.estimates`): statements that are none, that are another's or of another kind, and missed ones.
"""

from typing import Any

import pandas as pd

from samestory.base.schema import QUOTATION_KINDS
from samestory.coding.answers import Coding
from samestory.coding.tasks import NOBODY_CODE, SPEAKER_TASKS
from samestory.coding.verdicts import estimate_verdicts, judge_answers

CORRECTED_SHARE_COLUMNS = ["outlet", "n_found", "found_percent", "corrected_percent", "at_least_percent",
                           "at_most_percent", "n_rows"]
ALL_OUTLETS_LABEL = "(all)"
SHARED_FEATURES = {"kind": "in_marks", "speaker_name": "speaker"}


def correct_shares(coding: Coding, *, by: str, top_n: int = 15) -> pd.DataFrame:
    """Shares of statements as found, and corrected by what coders found.

    Parameters
    ----------
    coding : the result of `read_coding`, with the corpus's tables
    by : kind (direct, mixed, indirect) or speaker_name
    top_n : speakers with the most statements found

    Returns
    -------
    One row per kind or speaker, in all outlets and in each. Columns: `by`, outlet, n_found (statements found in the
    corpus), found_percent (their share of those found), corrected_percent with at_least_percent and at_most_percent
    (95 %; all three missing if fewer than 8 coded rows are about it), n_rows (coded rows about it). No rows without
    answers about statements and about missed ones, or if other statements are found now than when the sheet was drawn.
    """
    feature = SHARED_FEATURES[by]
    judged = judge_answers(coding)
    judged = judged[judged["task"].isin(SPEAKER_TASKS) & ((judged["n_true"] == 0) | (judged[feature] != ""))]
    if coding.found.empty or set(judged["task"]) != set(SPEAKER_TASKS):
        return pd.DataFrame(columns=[by, *CORRECTED_SHARE_COLUMNS])
    found = coding.found.assign(found_speaker=coding.found["found_speaker"].fillna("").replace("", NOBODY_CODE))
    counts = found[f"found_{feature}"].value_counts()
    values = QUOTATION_KINDS if by == "kind" else [name for name in counts.index if name != NOBODY_CODE][:top_n]
    outlets = sorted(set(found["outlet"]))
    rows = [_correct_share(judged, found, feature, value, outlet)
            for outlet in [ALL_OUTLETS_LABEL, *(outlets if outlets[1:] else ())] for value in values]
    return pd.DataFrame(rows, columns=[by, *CORRECTED_SHARE_COLUMNS])


def _correct_share(judged: pd.DataFrame, found: pd.DataFrame, feature: str, value: str,
                   outlet: str) -> tuple[Any, ...]:
    """A row of `correct_shares`."""
    is_here = (judged["outlet"] == outlet) | (outlet == ALL_OUTLETS_LABEL)
    inside = found[(found["outlet"] == outlet) | (outlet == ALL_OUTLETS_LABEL)]
    claims = is_here & (judged["task"] == "statement")
    said_so = claims & (judged[f"found_{feature}"] == value)
    n_found = int((inside[f"found_{feature}"] == value).sum())
    parts = judged["n_true"] * (is_here & (judged[feature] == value)) - said_so.astype("float64")
    wholes = judged["n_true"] * is_here - claims.astype("float64")
    estimate = estimate_verdicts(judged, parts, wholes, known_part=n_found, known_whole=len(inside),
                                 n_about=judged["row"][said_so].nunique())
    percents = (100 * number for number in (estimate.value, estimate.low, estimate.high))
    return (value, outlet, n_found, 100 * n_found / max(len(inside), 1), *percents, estimate.n_rows)


