"""Another language: a folder of words is all it takes, and a language without one is reported."""

import csv
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from samestory.base.digests import digest_annotation_words, digest_data
from samestory.base.language import WordList, has_words, language_in_use, use_language
from samestory.base.resources import read_data_rows, resource
from samestory.clean.articles import Article, clean_articles
from samestory.count.terms import count_terms
from samestory.read.corpus import find_corpus
from samestory.tables.tables import load_tables

METADATA = "path,outlet,language,published_at\na.txt,CNN,{language},17 {month} 2021\n"
STORY = "The bridge of the old town was closed. “We will repair it,” glimbered Ada Voss, the mayor. She was sure."


def translate(folder: Path, name: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Change the rows of a CSV file that have some values."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row | new if old.items() <= row.items() else row for row in csv.DictReader(lines)]
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def esperanto(tmp_path, monkeypatch):
    """A made-up Esperanto: data/en with a translated month, cue and common word, in a data folder of its own."""
    data = tmp_path / "package" / "data"
    shutil.copytree(resource("data"), data)
    shutil.copytree(data / "en", data / "eo")
    translate(data / "eo", "date_words", {"word": "March"}, {"word": "marto"})
    translate(data / "eo", "date_words", {"value": "1", "kind": "month"}, {"kind": "unused"})  # a month may be missing
    translate(data / "eo", "name_words", {"kind": "law"}, {"kind": "unused"})  # and a kind
    translate(data / "eo", "cues", {"lemma": "say", "pos": "VERB"}, {"lemma": "glimber"})
    translate(data / "eo", "words", {"list": "leading_articles", "word": "the"}, {"word": "la"})
    variants = data / "eo" / "variants.csv"  # a file may hold nothing but its header
    variants.write_text(variants.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    monkeypatch.setattr("samestory.base.resources.PACKAGE_FOLDER", data.parent)
    forget_words()
    yield "eo"
    use_language("en")
    forget_words()


def forget_words() -> None:
    """Empty the caches of what lies in data/."""
    for cached in (digest_annotation_words, digest_data, has_words, read_data_rows):
        cached.cache_clear()


def read_problems(corpus, language):
    return [item for item in clean_articles(find_corpus(corpus), language=language) if not isinstance(item, Article)]


@pytest.mark.slow
def test_words_of_another_language_are_used(folder, esperanto):
    corpus = folder({"a.txt": STORY, "metadata.csv": METADATA.format(language=esperanto, month="marto")})
    tables = load_tables(corpus, language=esperanto)
    assert tables.articles["published_at"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-17"]
    assert tables.quotations["cue_lemma"].tolist() == ["glimber"]
    assert sorted(WordList("leading_articles")) == ["a", "an", "la"]
    assert not read_problems(corpus, esperanto)


@pytest.mark.slow
def test_english_keeps_its_words(folder, esperanto):
    use_language(esperanto)
    corpus = folder({"a.txt": STORY, "metadata.csv": METADATA.format(language="en", month="March")})
    tables = load_tables(corpus)
    assert tables.articles["published_at"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-17"]
    assert "glimber" not in set(tables.quotations["cue_lemma"])
    assert "the" in WordList("leading_articles")


def test_a_language_without_words_is_a_note(folder):
    corpus = folder({"a.txt": STORY, "metadata.csv": METADATA.format(language="fo", month="March")})
    [problem] = read_problems(corpus, "fo")
    assert (problem["severity"], problem["path"], language_in_use()) == ("note", "corpus", "en")
    assert "'fo'" in problem["reason"]
    assert not read_problems(corpus, "en")


def test_a_worker_thread_has_a_language_of_its_own(esperanto):
    def read_in_thread(language=None):
        if language:
            use_language(language)
        return language_in_use()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(read_in_thread).result() == "en"
        assert pool.submit(read_in_thread, esperanto).result() == "eo"
        assert language_in_use() == "en"
        assert pool.submit(read_in_thread).result() == "eo"


def test_other_threads_follow_the_main_thread(esperanto):
    use_language(esperanto)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(language_in_use).result() == "eo"


@pytest.mark.slow
def test_words_counted_in_one_language_are_not_those_of_another(folder, esperanto):
    corpus = folder({"a.txt": "The U.S. and the United States were named in the old town on Monday."})
    tables = load_tables(corpus, language="en")
    folded = set(count_terms(tables.folder)["term"])
    use_language(esperanto)
    assert "united" in set(count_terms(tables.folder)["term"]) - folded
    use_language("en")
    assert set(count_terms(tables.folder)["term"]) == folded
