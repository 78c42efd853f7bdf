"""Krippendorff's alpha against published values, and its interval against nltk's alpha of drawn articles."""

import math

import numpy as np
import pandas as pd
import pytest

from samestory.measure.agreement import _bound_alpha, describe_agreement, measure_agreement, measure_alpha

# Published data: one string per coder, `.` for no answer.
BINARY = ("0100000010", "1110010000")  # Krippendorff (2011), section A
NOMINAL = ("aabbdcccedda", "babbbccceddd")  # section B
MISSING = ("123321412...", "1233224125..", ".33323422513", "12332441251.")  # section C
THREE_CODERS = (".....34121133.3", "1.213343.......", "..21344.21133.4")  # Krippendorff's, in Wikipedia's article
# 100 patients, by diagnosis (ectopic, abnormal or normal intrauterine pregnancy) and abstractor: K. Gwet (2014),
# Handbook of inter-rater reliability, fourth edition; his R package irrCAC prints an alpha of 0.7972585 (its vignette).
ABSTRACTORS = {"ee": 13, "aa": 20, "an": 7, "na": 4, "nn": 56}
TWO_ABSTRACTORS = tuple("".join(pair[coder] * n for pair, n in ABSTRACTORS.items()) for coder in (0, 1))
PUBLISHED = [(BINARY, False, 1 - 19 * 4 / (14 * 6), 0.095),
             (NOMINAL, False, 1 - 23 * 6 / (24**2 - (16 + 36 + 36 + 36 + 4)), 0.692),
             (MISSING, False, 113 / 152, 0.743), (MISSING, True, None, 0.849),
             (THREE_CODERS, False, None, 0.691), (THREE_CODERS, True, None, 0.811),
             (TWO_ABSTRACTORS, False, 1 - 199 * 22 / (200**2 - (26**2 + 51**2 + 123**2)), 0.7972585)]


def make_answers(coders: tuple[str, ...], *, is_count: bool = False) -> pd.DataFrame:
    rows = [(row, coder, int(value) if is_count else value, row // 3) for coder, values in enumerate(coders)
            for row, value in enumerate(values) if value != "."]
    return pd.DataFrame(rows, columns=["row", "coder", "answer", "article_id"])


def compute_alpha(coders: tuple[str, ...], *, is_count: bool) -> float:
    """Alpha by the definition: the mean distance within rows by the mean distance of all answers."""
    rows = [[int(v) if is_count else v for v in column if v != "."] for column in zip(*coders, strict=True)]
    rows = [row for row in rows if len(row) > 1]
    every = [value for row in rows for value in row]

    def distance(a, b):
        return (a - b) ** 2 if is_count else float(a != b)
    observed = sum(distance(a, b) / (len(row) - 1) for row in rows for a in row for b in row) / len(every)
    expected = sum(distance(a, b) for a in every for b in every) / (len(every) * (len(every) - 1))
    return 1 - observed / expected


@pytest.mark.parametrize(("coders", "is_count", "exact", "printed"), PUBLISHED)
def test_alpha_is_the_published_one(coders, is_count, exact, printed):
    assert len({len(values) for values in coders}) == 1
    alpha = measure_alpha(make_answers(coders, is_count=is_count), is_count=is_count)
    assert alpha == pytest.approx(exact or compute_alpha(coders, is_count=is_count), abs=1e-9)
    assert f"{alpha:.{len(str(printed)) - 2}f}" == str(printed)


def test_the_interval_is_over_articles_and_holds_alpha():
    found = measure_agreement(make_answers(MISSING))
    assert found["n_rows"] == 11 and found["n_articles"] == 4
    assert found["low"] < found["alpha"] < found["high"] <= 1 and found["word"] == describe_agreement(found["alpha"])


def test_draws_use_the_alpha_of_nltk():
    random = np.random.default_rng(5)
    answers = pd.DataFrame({"row": np.repeat(np.arange(40), 2), "coder": ["a", "b"] * 40,
                            "answer": random.integers(0, 3, 80), "article_id": np.repeat(np.arange(2), 40)})
    halves = [answers[answers["article_id"] == i] for i in (0, 1)]
    twice = [measure_alpha(pd.concat([half, half.assign(row=half["row"] + 99)]), is_count=True) for half in halves]
    assert _bound_alpha(answers, True, 1) == pytest.approx((min(twice), max(twice)), abs=1e-9)


def test_without_variation_agreement_cannot_be_measured():
    answers = make_answers(("aaaa", "aaaa"))
    found = measure_agreement(answers)
    assert math.isnan(found["alpha"]) and found["n_agreed"] == 4 and found["word"].startswith("cannot")
    assert math.isnan(measure_agreement(make_answers(("aab", "abb")))["low"])  # one article
