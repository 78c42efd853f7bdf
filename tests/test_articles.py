"""Articles: metadata from sidecar, file, text and folder, and where each came from."""

import json

import pytest

from samestory.articles import Article, clean_article, clean_articles
from samestory.corpus import find_corpus
from samestory.errors import SameStoryError
from samestory.languages import is_plainly_english
from samestory.readers import Record

STORY = "The two sides met in Anchorage on Thursday. They said that they would meet again in the spring. " * 3


def clean(text=STORY, path="a.txt", beside=None, **metadata):
    return clean_article(Record("a", path, text, metadata), beside)


@pytest.mark.parametrize(("article", "outlet", "origin"), [
    (clean(beside={"outlet": "NPR"}, outlet="Fox News"), "NPR", "sidecar"),
    (clean(outlet="CNN (Online News)", path="x/a.txt"), "CNN", "file"),
    (clean(f"CGTN\n{STORY}", path="x/a.txt"), "CGTN", "text"),
    (clean(f"{STORY}\nCNN’s Beijing bureau contributed to this article.", path="x/a.txt"), "CNN", "text"),
    (clean(f"{STORY}\nReuters contributed to this report.", path="fox news/a.txt"), "Fox News", "inferred"),
    (clean(path="daily planet/a.txt"), "daily planet", "inferred"),
    (clean(), "unknown", "missing"),
])
def test_outlet_comes_from_the_surest_source(article, outlet, origin):
    assert (article.row["outlet"], article.row["outlet_from"]) == (outlet, origin)


def test_what_no_source_gives_stays_missing():
    row = clean().row
    assert (row["headline"], row["headline_from"], row["published_at"], row["published_at_from"]) == (
        None, "missing", None, "missing")


def test_a_date_that_is_none_is_a_problem():
    article = clean(published_at="March 11")
    assert article.row["published_at"] is None
    assert article.row["published_raw"] == "March 11"
    assert "expected a date with its year" in article.problems[-1]["reason"]


def test_another_language_is_set_aside():
    article = clean("Die beiden Seiten trafen sich am Donnerstag in Anchorage. Sie wollen sich wieder treffen. " * 4)
    assert (article.row["language"], article.row["counted"]) == ("de", False)
    assert "language is de, expected en" in article.problems[-1]["reason"]


@pytest.mark.parametrize("text", [
    "De minister zei woensdag dat het tijd was voor overleg in Den Haag, en was men het daar niet over eens.",
    "Die Ministerin sagte am Abend, man habe so lange an einer Lösung gearbeitet, was in der Tat so war.",
    "Le ministre a dit que les deux pays se rencontreront. On a attendu, mais il y a un accord, me voici.",
    "El ministro dijo que los dos se reunirán en Madrid, pero no quiso decir a qué hora. Me lo han dicho.",
])
def test_other_languages_are_not_plainly_english(text):
    assert not is_plainly_english(text)


def test_metadata_csv_wins_and_its_unused_rows_are_told(folder):
    sidecar = "path,outlet,published_at\ncnn/1.txt,NPR,2021-03-17\nx.txt,A,\n"
    root = folder({"cnn/1.txt": STORY, "metadata.csv": sidecar})
    found = list(clean_articles(find_corpus(root)))
    article = next(item for item in found if isinstance(item, Article))
    assert (article.row["outlet"], article.row["published_at_from"]) == ("NPR", "sidecar")
    assert "no article has the id or path 'x.txt'; its row is not used" in [
        item["reason"] for item in found if isinstance(item, dict)]


def test_metadata_csv_with_a_wrong_column_is_refused(folder):
    root = folder({"a.txt": STORY, "metadata.csv": "path,outlett\na.txt,NPR\n"})
    with pytest.raises(SameStoryError, match=r"metadata.csv: expected a column article_id or.*found path, outlett"):
        list(clean_articles(find_corpus(root)))


def test_headline_of_a_record_may_hold_anything(folder):
    record = {"id": "x", "text": STORY, "headline": '<script>alert("1")</script>'}
    article = next(iter(clean_articles(find_corpus(folder({"a.jsonl": json.dumps(record)})))))
    assert article.row["headline"] == record["headline"]
