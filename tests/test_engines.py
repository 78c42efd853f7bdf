"""Engines: however the work is run, the tables are the same."""

import pandas as pd

from samestory.articles import Article
from samestory.engines import cut_parts
from samestory.schema import TABLES
from samestory.tables import load_tables

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."


def test_parts_are_bounded_by_articles_and_text():
    small = [(str(i), Article({"article_id": str(i), "text": "x"}, [])) for i in range(120)]
    large = [(str(i), Article({"article_id": str(i), "text": "x" * 200_000}, [])) for i in range(3)]
    assert [len(part) for part in cut_parts(small)] == [50, 50, 20]
    assert [len(part) for part in cut_parts(large)] == [1, 1, 1]
    rooms = iter([90, 30, 5, 40])
    assert [len(part) for part in cut_parts(small, most=lambda: next(rooms))] == [50, 30, 5, 35]


def test_local_workers_make_the_same_tables(folder, monkeypatch, tmp_path):
    root = folder({f"cnn/{i}.txt": STORY.format(i) for i in range(6)})
    alone = load_tables(root)
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "other"))
    monkeypatch.setattr("samestory.engines.PART_ARTICLES", 3)
    workers = load_tables(root, workers=2)
    assert alone.folder != workers.folder
    for name in TABLES:
        pd.testing.assert_frame_equal(alone.read(name), workers.read(name))
