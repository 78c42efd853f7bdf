"""The hostile articles, annotated once for all tests of exports."""

from pathlib import Path

import pytest

from samestory.tables.tables import Tables, load_tables
from tests.support.hostile_texts import write_hostile_records


@pytest.fixture(scope="session")
def hostile_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the hostile articles."""
    root = tmp_path_factory.mktemp("hostile") / "hostile"
    root.mkdir()
    (root / "articles.jsonl").write_text(write_hostile_records(), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def hostile(hostile_corpus: Path) -> Tables:
    """Their tables."""
    return load_tables(hostile_corpus, most_articles=None)
