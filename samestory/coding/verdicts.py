"""Verdicts: answers as numbers, ready to be counted: which findings are right, and how much was missed.

A row counts once, whoever answered it: with the settled answer if there is one, else with the mean of its coders'
answers. A row that nobody answered counts as if it were like the others of its stratum.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from samestory.coding.answers import SETTLED_CODER, Coding
from samestory.coding.tasks import CUT_CODE, NOBODY_CODE, RIGHT_CODE
from samestory.coding.units import ASKED_NAME_CODES
from samestory.measure.estimates import Estimate, estimate_ratio

MISSED_TASKS = {"statement": "missed_statement", "name": "missed_name"}
SAME_PAIR_CODES = ("same", "differs")


def judge_answers(coding: Coding) -> pd.DataFrame:
    """The answers that count, as numbers.

    One row per row and coder; where a row was settled, only the settled answer. Columns: those of `Coding.answers`, and
    is_right (what was found is right), n_true (statements or names that are there: found, wrongly cut or missed);
    found_speaker is `nobody` where none was found, and stratum_size is scaled up where a whole stratum has no answer.

    Parameters
    ----------
    coding : the result of `read_coding`
    """
    answers = coding.answers
    settled = set(answers["row"][answers["coder"] == SETTLED_CODER])
    kept = answers[(answers["coder"] == SETTLED_CODER) | ~answers["row"].isin(settled)]
    kept = kept[~((kept["task"] == "pair") & (kept["found_answer"] == ""))]  # candidates: the program claims nothing
    is_missed = kept["task"].isin(MISSED_TASKS.values())
    count = pd.to_numeric(kept["answer"], errors="coerce").where(is_missed, 0).fillna(0).astype("float64")
    is_there = _is_true(kept)
    return kept.assign(
        is_right=_is_right(kept).astype("float64"), n_true=count + is_there.astype("float64"),
        found_speaker=kept["found_speaker"].replace("", NOBODY_CODE),
        stratum_size=_scale_strata(kept, coding.key)).reset_index(drop=True)


def estimate_verdicts(judged: pd.DataFrame, parts: pd.Series, wholes: pd.Series, *, known_part: float = 0.0,
                      known_whole: float = 0.0, n_about: int | None = None) -> Estimate:
    """`estimate_ratio` of numbers per answer, as the mean of the coders of each row.

    Parameters
    ----------
    judged : rows of `judge_answers`
    parts, wholes : a number per row of `judged`
    known_part, known_whole, n_about : as for `estimate_ratio`; `n_about` is by default the number of sheet rows with a
        whole
    """
    numbers, first, n_answers = _number_rows(judged)
    part, whole = (np.bincount(numbers, np.asarray(values, dtype=float), len(first)) / n_answers
                   for values in (parts, wholes))
    rows = judged[["task", "stratum", "stratum_size"]].iloc[first]
    n_rows = int((whole > 0).sum()) if n_about is None else n_about
    return estimate_ratio(rows, part, whole, known_part=known_part, known_whole=known_whole, n_about=n_rows)


def _number_rows(judged: pd.DataFrame) -> tuple[NDArray[np.intp], ...]:
    """The number of each answer's row, the place of each row's first answer, and how many answers it has."""
    _, first, numbers, n_answers = np.unique(judged["row"].to_numpy(dtype=str), return_index=True, return_inverse=True,
                                             return_counts=True)
    return numbers, first, n_answers


def _is_right(answers: pd.DataFrame) -> pd.Series:
    """Whether what was found is right; false for sentences, in which nothing is claimed."""
    is_statement = (answers["task"] == "statement") & (answers["answer"] == RIGHT_CODE)
    is_name = (answers["task"] == "name") & (answers["answer"] == answers["found_answer"])
    return is_statement | is_name | ((answers["task"] == "pair") & answers["answer"].isin(SAME_PAIR_CODES))


def _is_true(answers: pd.DataFrame) -> pd.Series:
    """Whether there is a statement, or a name of a kind that is asked for, at what was found."""
    is_cut = answers["answer"] == CUT_CODE
    is_statement = (answers["task"] == "statement") & ((answers["answer"] == RIGHT_CODE) | is_cut)
    is_asked = answers["answer"].isin(ASKED_NAME_CODES) | (is_cut & answers["found_answer"].isin(ASKED_NAME_CODES))
    return is_statement | ((answers["task"] == "name") & is_asked)


def _scale_strata(answers: pd.DataFrame, key: pd.DataFrame) -> pd.Series:
    """The sizes of strata; those without any answer are shared out over the others of their task."""
    strata = key.drop_duplicates(["task", "stratum"])
    present = set(zip(answers["task"], answers["stratum"], strict=True))
    is_answered = np.array([pair in present for pair in zip(strata["task"], strata["stratum"], strict=True)], bool)
    whole = strata.groupby("task")["stratum_size"].sum()
    scale = whole / strata[is_answered].groupby("task")["stratum_size"].sum()
    return answers["stratum_size"].astype("float64") * answers["task"].map(scale).astype("float64")
