"""The sample of a coding sheet: reproducible, with the probabilities that it states."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.base.errors import SameStoryError, UnknownName
from samestory.coding.sample import MIN_STRATUM_ROWS, apportion, draw_sample, put_surest_first

SIZES = {"CNN | direct": 120, "CNN | mixed": 4, "Fox | direct": 60, "Fox | indirect": 16}


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    """Two tasks: statements in four strata, and sentences of which some are of more interest."""
    statements = [("statement", f"{stratum}{i}", stratum, 1.0) for stratum, n in SIZES.items() for i in range(n)]
    sentences = [("missed_statement", f"{kind}{i}", f"{kind} | CNN", interest)
                 for kind, n, interest in (("left out", 10, 4.0), ("neither", 300, 1.0)) for i in range(n)]
    return pd.DataFrame([*statements, *sentences], columns=["task", "target_id", "stratum", "interest"])


@given(st.integers(0, 500), st.lists(st.tuples(st.floats(0.01, 9), st.integers(1, 90)), min_size=1, max_size=12))
def test_rows_are_shared_out_to_the_last_and_within_limits(total, cells):
    weights, limits = zip(*cells, strict=True)
    given_rows = apportion(total, weights, limits)
    assert sum(given_rows) == min(total, sum(limits))
    assert all(0 <= rows <= limit for rows, limit in zip(given_rows, limits, strict=True))


def test_the_same_seed_draws_the_same_rows_in_any_order_of_the_units(units):
    first, again, other = (draw_sample(rows, n=60, seed=seed)["target_id"].tolist() for rows, seed in
                           ((units, 3), (units.iloc[::-1], 3), (units, 4)))
    assert first == again != other


def test_probabilities_are_those_of_the_strata_and_add_up_to_the_corpus(units):
    drawn = draw_sample(units, n=60)
    assert len(drawn) == 60 and not drawn["target_id"].duplicated().any()
    assert (drawn.groupby("stratum").size() >= MIN_STRATUM_ROWS).all()
    weights = (1 / drawn["probability"]).groupby(drawn["task"]).sum()
    assert weights.round(6).to_dict() == {"missed_statement": 310, "statement": 200}


def test_small_strata_are_joined_with_others_of_their_outlet(units):
    strata = set(draw_sample(units, n=60)["stratum"])
    assert "CNN | direct to CNN | mixed" in strata and not any("CNN" in name and "Fox" in name for name in strata)


def test_sentences_of_more_interest_are_drawn_more_often(units):
    rows = draw_sample(units, n=60).drop_duplicates("stratum").set_index("stratum")["probability"]
    assert rows["left out | CNN"] > 3 * rows["neither | CNN"]


@pytest.mark.slow
def test_units_are_drawn_as_often_as_their_probability_says(units):
    drawn = pd.concat([draw_sample(units, n=40, seed=seed) for seed in range(1, 61)])
    stated = drawn.groupby("stratum")[["probability", "stratum_size"]].first()
    times = drawn.groupby(["stratum", "target_id"]).size()
    for stratum, (probability, size) in stated.iterrows():
        of_each = np.zeros(int(size))
        of_each[:len(times[stratum])] = times[stratum]
        spread = 60 * probability * (1 - probability)
        squares = ((of_each - 60 * probability) ** 2).sum() / max(spread, 1e-9)
        assert abs(squares - (size - 1)) < 5 * np.sqrt(2 * size), stratum  # chi-squared, of size - 1 degrees


def test_a_sheet_begins_with_the_surest_statement_and_is_else_as_drawn(units):
    drawn = draw_sample(units, n=60).assign(start=0, end=range(60, 0, -1))
    said = drawn[drawn["task"] == "statement"]
    sure = said["target_id"].iloc[[4, 9]].to_list()  # the second of these is shorter
    statements = pd.DataFrame({"quotation_id": said["target_id"], "speaker_confidence": 0.5,
                               "confidence": said["target_id"].isin(sure) * 0.1 + 0.8})
    rows = put_surest_first(drawn, statements)
    assert rows["target_id"].to_list() == [sure[1], *drawn["target_id"][drawn["target_id"] != sure[1]]]
    sentences = drawn[drawn["task"] != "statement"].reset_index(drop=True)
    pd.testing.assert_frame_equal(put_surest_first(sentences, statements), sentences)


def test_a_wrong_request_is_refused(units):
    with pytest.raises(UnknownName, match="statements"):
        draw_sample(units, subjects=["statement"])
    with pytest.raises(SameStoryError, match="n = 3"):
        draw_sample(units, n=3)
    with pytest.raises(SameStoryError, match="nothing to draw"):
        draw_sample(units, subjects=["names"])


def test_a_subject_that_is_not_there_leaves_its_rows_to_the_others(units):
    assert draw_sample(units, n=50)["task"].value_counts().to_dict() == {"statement": 27, "missed_statement": 23}
