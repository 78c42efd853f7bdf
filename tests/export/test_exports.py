"""Exports: where they are written, and what is refused."""

import pytest

from samestory.base.errors import SameStoryError, UnknownName
from samestory.commands.cli import EXPORT_FORMAT_NAMES, main
from samestory.export import exports
from samestory.export.exports import EXPORT_FORMATS, ExportFormat, export_corpus


def test_the_command_names_every_format():
    assert tuple(EXPORT_FORMATS) == EXPORT_FORMAT_NAMES


def test_the_command_writes_where_it_says(seeds, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "seeds", "--to", "conllu"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("seeds.conllu")
    assert [path.name for path in tmp_path.iterdir()] == ["seeds.conllu"]


@pytest.mark.parametrize("arguments", [["export"], ["export", "seeds"], ["export", "--to", "w3c"],
                                       ["export", "seeds", "--to"]])
def test_a_command_without_corpus_or_format_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2 and "usage" in capsys.readouterr().err


def test_an_unknown_format_is_refused():
    with pytest.raises(UnknownName, match=r"'conlu'.*mean 'conllu'"):
        export_corpus("seeds", to="conlu")


def test_a_place_that_exists_is_kept(tmp_path):
    path = tmp_path / "mine.conllu"
    path.write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    for place in (path, tmp_path, tmp_path / "link"):
        with pytest.raises(SameStoryError, match="exists: remove it"):
            export_corpus("seeds", to="conllu", out=place)
    assert path.read_text() == "mine"


def test_a_place_among_the_articles_is_refused(folder):
    root = folder({"a.txt": "Ann Lee said so."})
    with pytest.raises(SameStoryError, match="folder of the articles"):
        export_corpus(root, to="w3c", out=root / "x" / "y")
    assert [path.name for path in root.iterdir()] == ["a.txt"]


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SameStoryError, match="cannot write"):
        export_corpus("seeds", to="conllu", out=tmp_path / "file" / "x.conllu")


@pytest.mark.slow
def test_articles_that_are_not_counted_are_left_out_with_a_word(folder, tmp_path, capsys):
    story = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The talks with Japan ended late."
    root = folder({"a.txt": story, "b.txt": story})
    for name in ("conllu", "qdpx"):
        export_corpus(root, to=name, out=tmp_path / f"x.{name}")
        assert "1 article not exported" in capsys.readouterr().err
    assert (tmp_path / "x.conllu").read_text().count("# newdoc id") == 1


def test_an_export_that_fails_leaves_nothing(seeds, tmp_path, monkeypatch):
    def fail(source, place):
        place.write_text("half")
        raise OSError(28, "No space left on device")
    monkeypatch.setitem(EXPORT_FORMATS, "conllu", ExportFormat(".conllu", "tokens", fail))
    with pytest.raises(SameStoryError, match="No space left"):
        export_corpus("seeds", to="conllu", out=tmp_path / "x.conllu")
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "find_spec", lambda name: None)
    for name in ("docx", "rocrate"):
        with pytest.raises(SameStoryError, match=rf"pip install 'samestory\[{name}\]'"):
            export_corpus("seeds", to=name, out=tmp_path / "x")
