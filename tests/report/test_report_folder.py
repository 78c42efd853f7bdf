"""The folder of a report: what in it is the user's, and stays."""

import hashlib
import json

import pytest

from samestory.base.errors import SameStoryError
from samestory.report.report_folder import check_report_folder, is_current, replace_report

HERE = {"corpus": "b/storm", "place": "here", "content": "1"}


@pytest.fixture
def make_report(tmp_path):
    """Makes the folder of a report, as a run leaves it."""
    def make(name, notebook="{}", **facts):
        folder = tmp_path / name
        (folder / "articles").mkdir(parents=True)
        files = {"01_corpus.ipynb": notebook, "articles/1.html": "<p>"}
        for path, text in files.items():
            (folder / path).write_text(text)
        record = {"fingerprint": "f", "status": "ok", "corpus": "a/storm", "provenance": {"input": "1"},
                  "files": {path: hashlib.sha256(text.encode()).hexdigest() for path, text in files.items()}} | facts
        (folder / "run.json").write_text(json.dumps(record))
        return folder
    return make


@pytest.mark.parametrize("name", [
    ".DS_Store", "articles/.DS_Store", "Thumbs.db", "desktop.ini", "._01_corpus.ipynb", ".directory", "~$index.html",
    "tables/.~lock.articles.csv#", ".ipynb_checkpoints/01_corpus-checkpoint.ipynb", "01_corpus.edited.ipynb"])
def test_what_systems_leave_is_no_obstacle(name, make_report):
    folder = make_report("storm")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    check_report_folder(folder, **HERE)


@pytest.mark.parametrize("name", ["thesis.txt", ".git/config", "articles/2.html", "02_notes.ipynb"])
def test_a_file_of_the_user_is_not_replaced(name, make_report):
    folder = make_report("storm")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    with pytest.raises(SameStoryError, match=name):
        check_report_folder(folder, **HERE)


@pytest.mark.parametrize(("facts", "is_other"), [
    ({}, False), ({"place": "here"}, False), ({"place": "there"}, False),  # made before, there, or moved since
    ({"place": "here", "provenance": {"input": "2"}}, False),
    ({"place": "there", "provenance": {"input": "2"}}, True)])
def test_the_report_of_another_corpus_of_the_same_name_is_not_replaced(facts, is_other, make_report):
    folder = make_report("storm", **facts)
    if not is_other:
        check_report_folder(folder, **HERE)
        return
    with pytest.raises(SameStoryError, match=r"'a/storm'.*'b/storm'.*--reports"):
        check_report_folder(folder, **HERE)


def test_a_notebook_that_the_user_changed_is_kept(make_report):
    folder = make_report("storm")
    for n in (1, 2):
        (folder / "01_corpus.ipynb").write_text(f"my notes {n}")
        kept = replace_report(folder, make_report(f"new{n}", notebook="[]"))
        assert kept == [("01_corpus.edited.ipynb", "01_corpus.edited-2.ipynb")[n - 1]]
        assert (folder / "01_corpus.ipynb").read_text() == "[]"
    assert [path.read_text() for path in sorted(folder.glob("*.edited*"))] == ["my notes 2", "my notes 1"]
    assert replace_report(folder, make_report("new")) == []
    assert len(list(folder.glob("*.edited*"))) == 2 and {path.name for path in folder.parent.iterdir()} == {"storm"}


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 5_000, '{"files": 1}', '{"files": {}, "provenance": 1}'])
def test_a_broken_run_file_is_that_of_no_report(content, make_report):
    folder = make_report("storm")
    (folder / "run.json").write_text(content)
    assert not is_current(folder, "f")
    with pytest.raises(SameStoryError, match="not part of a report"):
        check_report_folder(folder, **HERE)
