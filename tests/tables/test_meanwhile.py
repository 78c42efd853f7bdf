"""What changes while a corpus is annotated: its files, or the folder of the tables."""

import shutil

import pytest

from samestory.tables import tables as module
from samestory.tables.tables import load_tables, write_tables

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."


@pytest.mark.slow
def test_files_that_change_while_they_are_read_are_told_and_read_again(folder, monkeypatch):
    root, survey = folder({f"{i}.txt": STORY.format(i) for i in range(3)}), module._write_corpus_articles

    def change(*given):
        (root / "1.txt").write_text(STORY.format("ten, or eleven"))
        (root / "2.txt").unlink()
        yield from survey(*given)

    monkeypatch.setattr(module, "_write_corpus_articles", change)
    reasons = load_tables(root).problems.set_index("path")["reason"]
    assert "cannot be opened" in reasons["2.txt"] and "run again" in reasons["corpus"]
    monkeypatch.undo()
    again = load_tables(root)
    assert len(again.articles) == 2 and not again.problems["reason"].str.contains("run again|opened").any()


@pytest.mark.slow
def test_a_folder_of_tables_that_is_removed_meanwhile_is_made_again(folder, tmp_path, monkeypatch):
    def remove(*given, **options):
        shutil.rmtree(tmp_path / "out")
        return load_tables(*given, **options)

    monkeypatch.setattr(module, "load_tables", remove)
    assert len(write_tables(folder({"a.txt": STORY}), tmp_path / "out").articles) == 1
