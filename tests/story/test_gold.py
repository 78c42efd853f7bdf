"""The coded facts of the seeds: what must be found at least, and what must never be said."""

import importlib.util

import pytest

from samestory.base.resources import resource
from tests.support.folders import CHECKOUT


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    path = CHECKOUT / "benchmarks" / "score_facts.py"
    spec = importlib.util.spec_from_file_location("score_facts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score_seeds(resource("data/gold/seeds/facts.json"))


@pytest.mark.parametrize(("name", "least"), [
    ("proposed", 9), ("told differently, found", 7), ("facts of one outlet, found", 12),
])
def test_facts_are_found(counts, name, least):
    assert counts[name] >= least


@pytest.mark.parametrize(("name", "most"), [
    ("sure without a coded fact", 0), ("no counterpart, though coded in both", 2),
])
def test_what_is_wrong_is_rare(counts, name, most):
    assert counts[name] <= most
