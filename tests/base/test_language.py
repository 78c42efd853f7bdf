"""The words of a language: data/en/words.csv and the lists that the code asks for."""

import csv
import re

import pytest

from samestory.base.language import WordList, cache_by_language, language_in_use, use_language
from samestory.base.resources import PACKAGE_FOLDER, resource


@pytest.fixture
def rows() -> list[tuple[str, str]]:
    with resource("data/en/words.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["list"], row["word"]) for row in csv.DictReader(lines)]


def test_rows_are_sorted_and_there_once(rows):
    assert rows == sorted(set(rows))


def test_every_list_is_read_and_every_list_read_has_words(rows):
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE_FOLDER.rglob("*.py"))
    assert {name for name, _ in rows} == set(re.findall(r'WordList\("(\w+)"\)', code))


def test_a_language_without_words_gets_those_of_english():
    before = language_in_use()
    use_language("xx")
    assert language_in_use() == "en" == before and "the" in WordList("leading_articles")


def test_a_list_that_a_language_lacks_is_empty_and_matches_nothing():
    missing = WordList("no_such_list")
    assert list(missing) == [] and re.search(missing.pattern, "the words") is None


def test_results_are_kept_per_language():
    calls = []

    @cache_by_language
    def count(words: int) -> int:
        calls.append(words)
        return words

    assert [count(2), count(2), count(3)] == [2, 2, 3] and calls == [2, 3]
