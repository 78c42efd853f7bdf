"""A damaged cache: what does not verify is removed, reported in one line and made again; tables are never wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from unittest.mock import Mock

import pytest

from benchmarks.damage import count_outcomes, drop_tables, list_stored, load_small_tables, read_stored, write_corpus
from samestory.base.errors import SameStoryError
from samestory.cache.folder import cache_folder
from samestory.cache.seals import SEAL_FILE
from samestory.tables.tables import load_tables, write_tables

CHANGES: dict[str, Callable[[bytes], bytes]] = {"cut": lambda data: data[:len(data) // 2],
                                                "zeros": lambda data: bytes(len(data))}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Two articles, annotated in a part each, in a cache of their own."""
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("samestory.tables.engine.MAX_PART_ARTICLES", 1)
    return write_corpus(tmp_path / "corpus")


def damage(pattern: str, change: str) -> Path:
    """Change the content of a stored file."""
    path = list_stored(pattern)[0]
    path.write_bytes(CHANGES[change](path.read_bytes()))
    return path


@pytest.mark.slow
@pytest.mark.parametrize(("name", "change"), [("tokens.parquet", "cut"), (SEAL_FILE, "zeros")])
def test_damaged_tables_are_made_again(root, name, change, capsys):
    first = read_stored(load_tables(root))
    damage(f"tables/*/{name}", change)
    assert read_stored(load_tables(root)) == first
    assert "'" in capsys.readouterr().err
    assert read_stored(load_tables(root)) == first and capsys.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "change"), [("tokens.parquet", "zeros"), (SEAL_FILE, "cut")])
def test_a_damaged_part_is_annotated_again_and_no_other(root, name, change, annotated):
    first = read_stored(load_tables(root))
    annotated.clear()
    drop_tables()
    damage(f"annotated/*/*/{name}", change)
    assert read_stored(load_tables(root)) == first
    assert len(annotated) == 1


@pytest.mark.slow
def test_corrected_tables_and_samples_are_made_again(root):
    first = read_stored(load_small_tables(root))
    for pattern in ("corrected/*/entities.parquet", "corrected/*/raw/tokens.parquet", "samples/*/sample.json"):
        damage(pattern, "cut")
        assert read_stored(load_small_tables(root)) == first


@pytest.mark.slow
def test_damaged_tables_are_not_copied_out(root, tmp_path):
    first = read_stored(write_tables(root, tmp_path / "out"))
    damage("tables/*/tokens.parquet", "zeros")
    assert read_stored(write_tables(root, tmp_path / "out")) == first


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["samestory.tables.tables._sort_articles", "samestory.link.link.link_folder",
                                    "samestory.tables.tables.keep_folder"])
def test_a_cache_that_is_removed_while_it_is_used_is_reported(root, monkeypatch, moment):
    def remove(*given):
        shutil.rmtree(cache_folder())
        return work(*given)
    work = resolve_name(moment)
    monkeypatch.setattr(moment, remove)
    with pytest.raises(SameStoryError, match="was removed"):
        load_tables(root)
    monkeypatch.undo()


@pytest.mark.slow
def test_tables_of_a_removed_cache_are_reported(root):
    tables = load_tables(root)
    shutil.rmtree(cache_folder())
    with pytest.raises(SameStoryError, match="was removed"):
        tables.articles.head()


def test_too_little_memory_is_reported(root, monkeypatch):
    monkeypatch.setattr("samestory.tables.tables._join_parts", Mock(side_effect=MemoryError))
    with pytest.raises(SameStoryError, match="too little memory"):
        load_tables(root)


@pytest.mark.slow
def test_a_flipped_bit_anywhere_changes_no_table(root):
    outcomes = count_outcomes(root, 5, seed=1)  # `make damage` flips 1,000
    assert {outcome for outcome, _ in outcomes} <= {"healed", "harmless"}
