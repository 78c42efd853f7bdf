"""Articles: metadata from sidecar, file, text and folder, and where each came from."""

import json

import pytest

from samestory.base.errors import SameStoryError
from samestory.clean.articles import Article, clean_article, clean_articles
from samestory.clean.languages import has_common_words
from samestory.read.corpus import find_corpus
from samestory.read.formats.formats import Record

STORY = "The two sides met in Anchorage on Thursday. They said that they would meet again in the spring. " * 3


def clean(text=STORY, path="a.txt", sidecar=None, **metadata):
    return clean_article(Record("a", path, text, metadata), sidecar)


def reports(article, severity, *values):
    """Whether a problem of that severity mentions all values."""
    return any(problem["severity"] == severity and all(value in problem["reason"] for value in values)
               for problem in article.problems)


@pytest.mark.parametrize(("article", "outlet", "origin"), [
    (clean(sidecar={"outlet": "NPR"}, outlet="Fox News"), "NPR", "sidecar"),
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
    assert reports(article, "warning", "published_at", "'March 11'")


def test_another_language_is_set_aside():
    article = clean("Die beiden Seiten trafen sich am Donnerstag in Anchorage. Sie wollen sich wieder treffen. " * 4)
    assert (article.row["language"], article.row["counted"]) == ("de", False)
    assert reports(article, "warning", "is de", "expected en")


@pytest.mark.parametrize("text", [
    "De minister zei woensdag dat het tijd was voor overleg in Den Haag, en was men het daar niet over eens.",
    "Die Ministerin sagte am Abend, man habe so lange an einer Lösung gearbeitet, was in der Tat so war.",
    "Le ministre a dit que les deux pays se rencontreront. On a attendu, mais il y a un accord, me voici.",
    "El ministro dijo que los dos se reunirán en Madrid, pero no quiso decir a qué hora. Me lo han dicho.",
])
def test_other_languages_lack_the_common_words_of_english(text):
    assert not has_common_words(text)


def test_metadata_csv_wins_and_its_unused_rows_are_reported(folder):
    sidecar = "path,outlet,published_at\ncnn/1.txt,NPR,2021-03-17\nx.txt,A,\n"
    root = folder({"cnn/1.txt": STORY, "metadata.csv": sidecar})
    article, problem = clean_articles(find_corpus(root))
    assert (article.row["outlet"], article.row["published_at_from"]) == ("NPR", "sidecar")
    assert (problem["path"], problem["severity"]) == ("metadata.csv", "warning")
    assert "'x.txt'" in problem["reason"]


def test_metadata_csv_with_a_wrong_column_is_refused(folder):
    root = folder({"a.txt": STORY, "metadata.csv": "path,outlett\na.txt,NPR\n"})
    with pytest.raises(SameStoryError, match=r"metadata.csv.*found path, outlett"):
        list(clean_articles(find_corpus(root)))


def test_headline_of_a_record_may_hold_anything(folder):
    record = {"id": "x", "text": STORY, "headline": '<script>alert("1")</script>'}
    article = next(iter(clean_articles(find_corpus(folder({"a.jsonl": json.dumps(record)})))))
    assert article.row["headline"] == record["headline"]


@pytest.mark.parametrize(("article", "outlet", "origin"), [
    (clean(url="https://edition.cnn.com/2021/x"), "CNN", "inferred"),
    (clean(url="https://planet.example/2021/x"), "planet.example", "inferred"),
    (clean(url="https://planet.example/2021/x", path="my folder/a.txt"), "my folder", "inferred"),
    (clean(url="https://cnn.com/x", path="fox news/a.txt"), "Fox News", "inferred"),
    (clean(outlet="www.reuters.com"), "Reuters", "file"),
])
def test_an_address_gives_the_outlet_where_nothing_better_does(article, outlet, origin):
    assert (article.row["outlet"], article.row["outlet_from"]) == (outlet, origin)


def test_the_folders_own_outlets_are_known_in_the_text_too(folder):
    root = folder({"a.jsonl": json.dumps({"id": "a", "text": f"Daily Planet\n{STORY}"}),
                   "outlets.csv": "outlet,names\nThe Planet,Daily Planet\n"})
    article = next(item for item in clean_articles(find_corpus(root)) if isinstance(item, Article))
    assert (article.row["outlet"], article.row["outlet_from"]) == ("The Planet", "text")


def test_an_address_gives_the_day_where_nothing_else_does():
    row = clean(url="https://cnn.com/2021/mar/17/politics/x.html").row
    assert (str(row["published_at"].date()), row["published_at_from"], row["published_precision"]) == (
        "2021-03-17", "inferred", "day")
    assert clean(url="https://cnn.com/2021/45/17/x").row["published_at"] is None
    assert clean(url="https://cnn.com/2021/mar/17/x", published_at="2021-03-18").row["published_at_from"] == "file"


def test_day_and_month_follow_the_outlets_country():
    assert [clean(outlet=outlet, published_at="3/4/2021").row["published_at"].month
            for outlet in ("BBC News", "CNN", "The Daily Planet")] == [4, 3, 3]
    assert reports(clean(outlet="The Daily Planet", published_at="3/4/2021"), "warning", "2021-03-04")
    assert not reports(clean(outlet="CNN", published_at="3/4/2021"), "warning", "2021-03-04")


@pytest.mark.parametrize(("published", "updated", "severity", "values"), [
    ("2021-03-20", "2021-03-17", "warning", ["published_at 2021-03-20", "updated_at 2021-03-17"]),
    ("2021-02-30", "", "warning", ["published_at", "does not exist", "'2021-02-30'"]),
    ("1970-01-01T00:00:00Z", "", "warning", ["placeholder"]),
    ("0001-01-01", "", "warning", ["year", "'0001-01-01'"]),
    ("2021-03-17 10:00 XYZT", "", "warning", ["zone 'XYZT'"]),
    ("2021-03-17 10:00", "", "note", ["zone", "UTC"]),
])
def test_a_dubious_date_is_reported(published, updated, severity, values):
    metadata = {"published_at": published} | ({"updated_at": updated} if updated else {})
    assert reports(clean(outlet="CNN", **metadata), severity, *values)


GERMAN = "Die beiden Seiten trafen sich am Donnerstag in Anchorage. Sie wollen sich wieder treffen. "


@pytest.mark.parametrize(("text", "language", "values"), [
    (STORY * 5 + GERMAN * 25, "en", ["de, en", "as en"]),
    ("Sie kamen nicht.", "en", []),
    ("Минувшей ночью стороны встретились в Анкоридже.", "ru", ["is ru", "expected en"]),
])
def test_languages_of_mixed_and_short_texts(text, language, values):
    article = clean(text, outlet="CNN")
    assert (article.row["language"], article.row["language_from"]) == (language, "inferred")
    assert reports(article, "warning", *values) == bool(values)


def test_a_language_that_the_text_is_not_in_is_reported():
    article = clean(GERMAN * 4, outlet="CNN", language="en-US")
    assert (article.row["language"], article.row["counted"]) == ("en", True)
    assert reports(article, "warning", "is en", "reads as de")
    assert reports(clean(outlet="CNN", language="??"), "warning", "'en'", "'??'")


@pytest.mark.parametrize(("article", "agency"), [
    (clean(f"ANCHORAGE, Alaska (AP) — {STORY}", outlet="CNN"), "Associated Press"),
    (clean(outlet="CNN", byline="By Jane Doe, Reuters"), "Reuters"),
    (clean(f"{STORY}\nMaterial from the Associated Press was used in this report.", outlet="CNN"), None),
    (clean(f"{STORY}\nSource: Xinhua", outlet="CNN"), "Xinhua"),
    (clean(f"LONDON (Reuters) - {STORY}", outlet="Reuters"), None),
    (clean(f"The lawmaker (Alaska) — {STORY}", outlet="CNN"), None),
])
def test_an_agency_that_is_named_as_the_source_is_found(article, agency):
    assert article.row["wire"] == agency


def test_an_archive_named_after_its_outlet_gives_the_outlet(tmp_path):
    import zipfile
    with zipfile.ZipFile(tmp_path / "cnn.zip", "w") as archive:
        archive.writestr("1.txt", "The bridge was closed on Friday.")
    article = next(a for a in clean_articles(find_corpus(tmp_path)) if isinstance(a, Article))
    assert (article.row["outlet"], article.row["outlet_from"]) == ("CNN", "inferred")
