"""Intervals of coded sheets hold the truth, with the gold of the Wikinews articles as the coder."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.accuracy.gold import read_gold
from benchmarks.accuracy.tables import write_articles
from benchmarks.interval_coverage import DEFAULT_GOLD, answer_units, measure_coverage
from benchmarks.simulated_corpora import make_simulated_units
from samestory.coding.accuracy import ALL_LABEL
from samestory.coding.sample import draw_sample
from samestory.coding.tasks import SPEAKER_TASKS
from samestory.tables.tables import load_tables

N_DRAWS, LEAST_HELD = 40, 0.825  # a nominal 95 % holds the truth less often once in 3,000 such tests


@pytest.fixture(scope="module")
def units(tmp_path_factory) -> pd.DataFrame:
    """The statements and sentences of the Wikinews articles, answered by the gold."""
    (gold,) = read_gold(Path(DEFAULT_GOLD))
    folder: Path = tmp_path_factory.mktemp("wikinews")
    write_articles(gold, folder)
    answered = answer_units(gold, load_tables(folder, most_articles=None))
    return answered[answered["task"].isin(SPEAKER_TASKS)].assign(outlet=ALL_LABEL)  # strata are by outlet all the same


def test_simulated_corpora_can_be_drawn_from_and_are_the_same_each_time():
    units = make_simulated_units(4)
    pd.testing.assert_frame_equal(units, make_simulated_units(4))
    drawn = draw_sample(units, n=100, subjects=["statements"])
    assert set(drawn["task"]) == set(SPEAKER_TASKS) and len(drawn) == 100
    said = units[units["answer"].isin(("right", "1"))]
    assert (said["in_marks"] != "").all() and (units.drop(said.index)["in_marks"] == "").all()


@pytest.mark.slow
def test_intervals_hold_the_truth_and_estimates_meet_it(units):
    tallies = measure_coverage(units, 200, N_DRAWS, top_n=1)
    for name in ("precision all", "recall all", *(f"share {kind} (all)" for kind in ("direct", "mixed", "indirect"))):
        values = np.array(tallies[name].values)
        assert np.mean(tallies[name].held) >= LEAST_HELD, name
        assert abs(values.mean() - tallies[name].truth) < 4 * values.std() / np.sqrt(N_DRAWS) + 0.5, name
