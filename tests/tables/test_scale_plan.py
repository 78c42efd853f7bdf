"""The plan for very many articles: its page is the output of its script, and its totals are right."""

import importlib.util
import json

import pytest

from samestory.base.schema import ANNOTATED_TABLES
from tests.support.folders import CHECKOUT

ROOT = CHECKOUT


@pytest.fixture(scope="module")
def plan():
    """The module benchmarks/plan_scale.py."""
    spec = importlib.util.spec_from_file_location("plan_scale", ROOT / "benchmarks" / "plan_scale.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_prints(plan, capsys):
    plan.main()
    assert capsys.readouterr().out == (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def test_the_totals_follow_from_the_figures(plan):
    figures = json.loads(plan.FIGURES.read_text(encoding="utf-8")) | {
        "tokens per article": 1_000, "characters per token": 5, "tokens per second": 5_000,
        "bytes per token, all tables": 10, "bytes per token in the cache, all tables": 20, "articles linked": 1_000,
        "seconds of CPU to link them": 3.6}
    made = plan._plan(1_000_000, figures)
    assert (made["tokens"], made["text read"], made["written to DIR, all tables"]) == ("1.0 billion", "5 GB", "10 GB")
    assert (made["moved, all tables"], made["core-hours to link, in one process"]) == ("60 GB", "1.0")
    assert made["core-hours, all tables"] == f"{1e9 / 5_000 / 3600:,.0f}"
    assert (made["parts"], made["files while annotating"]) == ("20,000", "200,000")


def test_the_number_of_files_of_a_part_is_right(plan):
    assert len(ANNOTATED_TABLES) + 1 == plan.TABLES
