"""Corpora that never were: statements found and sentences, each with the answer of a coder, drawn by chance.

How often the program errs is drawn for each corpus anew, from half to two and a half times as often as on the
development part of PolNeAR; so are its size, its outlets and their kinds of statement. Nothing in them is a text.
"""

import numpy as np
import pandas as pd

from samestory.base.schema import QUOTATION_KINDS
from samestory.coding.tasks import NOBODY_CODE, RIGHT_CODE, WRONG_CODE
from samestory.coding.units import CONFIDENCE_BANDS, SENTENCE_INTERESTS, UNIT_COLUMNS

STATEMENTS_FOUND, SENTENCES_PER_STATEMENT, MOST_OUTLETS = (100, 1_300), 2.6, 4
ERROR_LEVELS, MOST_MISLABELLED = (0.5, 2.5), 0.12
WRONG_SHARES = {"direct": 0.015, "mixed": 0.07, "indirect": 0.11}  # of what is found with high confidence
DOUBTFUL_SHARE, DOUBTFUL_TIMES_WRONG, MOST_WRONG = 0.04, 3, 0.6
SENTENCE_SHARES = {"left out": 0.03, "verb of saying or marks": 0.2, "statement found": 0.47, "neither": 0.3}
MISSED_SHARES = {"left out": 0.35, "verb of saying or marks": 0.12, "statement found": 0.04, "neither": 0.017}


def make_simulated_units(seed: int) -> pd.DataFrame:
    """The units of a corpus, as `answer_units` gives them for gold; the same seed makes the same corpus."""
    random = np.random.default_rng(seed)
    n_found = int(np.exp(random.uniform(*np.log(STATEMENTS_FOUND))))
    outlets = [f"outlet {number}" for number in range(random.integers(MOST_OUTLETS) + 1)]
    level, mislabelled = random.uniform(*ERROR_LEVELS), random.uniform(0, MOST_MISLABELLED)
    parts = [_make_statements(n_found, level, mislabelled, random),
             _make_sentences(int(n_found * SENTENCES_PER_STATEMENT), level, random)]
    for part in parts:
        outlet = pd.Series(random.choice(outlets, len(part)), index=part.index)
        by_outlet = outlet + " | " + part["stratum"], part["stratum"] + " | " + outlet
        part["stratum"] = by_outlet[0 if part["task"].iloc[0] == "statement" else 1]
    units = pd.concat(parts, ignore_index=True)
    units = units.assign(target_id=[f"u{number:06d}" for number in range(len(units))], article_id="", outlet="",
                         field="text", start=0, end=0, found_speaker="")
    return units[[*UNIT_COLUMNS, "answer", "speaker", "in_marks"]]


def _make_statements(n: int, level: float, mislabelled: float, random: np.random.Generator) -> pd.DataFrame:
    kinds = random.choice(QUOTATION_KINDS, n, p=random.dirichlet([9, 4, 7]))
    doubtful = random.random(n) < DOUBTFUL_SHARE
    wrong = np.array([WRONG_SHARES[kind] for kind in kinds]) * level * np.where(doubtful, DOUBTFUL_TIMES_WRONG, 1)
    is_wrong = random.random(n) < np.minimum(wrong, MOST_WRONG)
    told = np.where(random.random(n) < mislabelled, random.choice(QUOTATION_KINDS, n), kinds)
    bands = [name for _, name in CONFIDENCE_BANDS]
    return pd.DataFrame({
        "task": "statement", "stratum": [f"{kind} | {bands[int(low)]}" for kind, low in
                                         zip(kinds, doubtful, strict=True)],
        "interest": 1.0, "found_answer": RIGHT_CODE, "found_in_marks": kinds,
        "answer": np.where(is_wrong, WRONG_CODE, RIGHT_CODE), "speaker": np.where(is_wrong, "", NOBODY_CODE),
        "in_marks": np.where(is_wrong, "", told)})


def _make_sentences(n: int, level: float, random: np.random.Generator) -> pd.DataFrame:
    kinds = random.choice(list(SENTENCE_SHARES), n, p=list(SENTENCE_SHARES.values()))
    missed = random.random(n) < np.minimum(level * np.array([MISSED_SHARES[kind] for kind in kinds]), MOST_WRONG)
    told = random.choice(QUOTATION_KINDS, n, p=random.dirichlet([1.5, 2, 4]))
    return pd.DataFrame({
        "task": "missed_statement", "stratum": kinds, "interest": [SENTENCE_INTERESTS[kind] for kind in kinds],
        "found_answer": "0", "found_in_marks": "", "answer": np.where(missed, "1", "0"),
        "speaker": np.where(missed, NOBODY_CODE, ""), "in_marks": np.where(missed, told, "")})
