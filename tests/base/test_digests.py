"""A digest covers the rooms and words that a result depends on, and nothing else."""

import ast
import shutil

import pytest

from samestory.base import digests
from samestory.base.resources import PACKAGE_FOLDER, resource

SHIFTED = (digests.digest_annotation_words, digests.digest_data, digests.digest_rooms)


@pytest.fixture
def package(monkeypatch, tmp_path):
    """A copy of the package and its data that may be changed."""
    copy = tmp_path / "samestory"
    shutil.copytree(PACKAGE_FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(resource("data"), copy / "data")
    monkeypatch.setattr(digests, "PACKAGE_FOLDER", copy)
    monkeypatch.setattr(digests, "resource", copy.joinpath)
    forget()
    yield copy
    forget()


def forget() -> None:
    for cached in SHIFTED:
        cached.cache_clear()


def digest_annotation() -> tuple[str, str]:
    forget()
    return digests.digest_rooms(*digests.ROOMS_OF_ANNOTATION), digests.digest_annotation_words("en")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["report/template/style.css", "measure/speakers.py", "read/corpus.py",
                                  "link/entities.py", "data/en/label_nouns.csv", "data/example_roster.csv"])
def test_other_changes_keep_annotated_articles(package, path):
    before = digest_annotation()
    with (package / path).open("a") as file:
        file.write("\n")
    assert digest_annotation() == before


@pytest.mark.parametrize("path", ["annotate/parser.py", "annotate/quotations/cues.py", "clean/lines.py",
                                  "base/schema.py", "data/en/cues.csv", "data/en/words.csv", "data/aliases.csv"])
def test_a_change_of_an_input_of_annotation_changes_its_digest(package, path):
    before = digest_annotation()
    with (package / path).open("a") as file:
        file.write("\n")
    assert digest_annotation() != before


@pytest.mark.slow
def test_words_of_another_language_do_not_matter(package):
    before = digest_annotation()
    shutil.copytree(package / "data" / "en", package / "data" / "xx")
    assert digest_annotation() == before


@pytest.mark.slow
def test_annotation_imports_only_the_rooms_that_its_digest_covers():
    # Reading and caching are imported through clean/articles.py, from which annotation uses only the class Article.
    allowed = {*digests.ROOMS_OF_ANNOTATION}
    for path in (PACKAGE_FOLDER / "annotate").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("samestory."):
                assert node.module.split(".")[1] in allowed, f"{path.name} imports {node.module}"
