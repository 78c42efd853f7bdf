"""Corpora: folders, files and globs, and refused places."""

import pytest

from samestory.base.errors import SameStoryError
from samestory.read.corpus import find_corpus


def test_seeds_are_the_default_corpus():
    assert [path.suffix for path in find_corpus().files] == [".txt", ".txt"]
    assert find_corpus().name == "seeds"


def test_files_are_sorted_below_their_outlet_folders(folder):
    corpus = find_corpus(folder({"fox/1.txt": "b", "cnn/2.txt": "a", "cnn/1.txt": "a"}))
    assert [corpus.relative(path) for path in corpus.files] == ["cnn/1.txt", "cnn/2.txt", "fox/1.txt"]


def test_reserved_files_are_no_articles(folder):
    corpus = find_corpus(folder({"a.txt": "x", "README.txt": "x", ".hidden.txt": "x", "roster.csv": "name,side"}))
    assert [path.name for path in corpus.files] == ["a.txt"]
    assert corpus.sidecar("roster.csv") is not None
    assert corpus.unread == ()


def test_a_single_file_and_a_glob_are_corpora(folder):
    root = folder({"a.txt": "x", "b.txt": "x", "c.pdf": "x"})
    assert find_corpus(root / "a.txt").name == "a"
    assert len(find_corpus(root / "*.txt").files) == 2


def test_files_saved_along_with_a_page_are_no_articles(folder):
    root = folder(dict.fromkeys(("Talks.html", "Talks_files/ad.html", "Talks_files/a.css", "my_files/1.txt"), "x"))
    assert [path.name for path in find_corpus(root).files] == ["Talks.html", "1.txt"]
    assert find_corpus(root).unread == ()


def test_links_to_folders_are_not_followed(folder):
    root = folder({"cnn/1.txt": "x"})
    (root / "cnn" / "loop").symlink_to(root)
    assert len(find_corpus(root).files) == 1


@pytest.mark.parametrize(("files", "found"), [({}, "nothing"), ({"a.pdf": "x"}, r"1 \(\.pdf\)")])
def test_a_folder_without_articles_is_refused(tmp_path, folder, files, found):
    tmp_path.joinpath("corpus").mkdir()
    with pytest.raises(SameStoryError, match=rf"corpus.*\.txt, .*\.docx, .*\.tar, found {found}"):
        find_corpus(folder(files))


def test_a_missing_path_is_refused_with_the_nearest_name(folder):
    root = folder({"article.txt": "x"})
    with pytest.raises(SameStoryError, match=r"artcle\.txt.*did you mean .*article\.txt"):
        find_corpus(root / "artcle.txt")


def test_the_digest_depends_on_names_and_bytes(folder):
    root = folder({"a.txt": "x"})
    before = find_corpus(root).digest()
    (root / "a.txt").rename(root / "b.txt")
    renamed = find_corpus(root).digest()
    (root / "b.txt").write_text("y")
    assert len({before, renamed, find_corpus(root).digest()}) == 3
