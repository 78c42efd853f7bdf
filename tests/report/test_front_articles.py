"""Articles on the front page: by time, with a headline, and the one who speaks most."""

import pytest

from samestory.report.front_articles import MAX_FRONT_ARTICLES, list_front_articles
from samestory.tables.tables import load_tables


def test_the_seeds_are_listed_by_time_with_their_voices(seeds):
    rows = list_front_articles(seeds)
    assert [row["outlet"] for row in rows] == seeds.articles.sort_values("published_at")["outlet"].tolist()
    assert all(row["start"] is not None and row["title"] for row in rows)
    assert {row["voice"] for row in rows} == {"Zhao Lijian: 162 of 216 words", "Cui Tiankai: 126 of 212 words"}
    assert [row["lead"][:27] for row in rows] == ["The Chinese Foreign Ministr", ""]  # the other has no headline


@pytest.mark.slow
def test_an_article_without_headline_or_speaker_is_named_by_its_first_sentence(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": "It rained all day long in the old town. It was wet."}))
    rows = list_front_articles(tables)
    assert [(row["title"], row["voice"], row["published"]) for row in rows] == [
        ("It rained all day long in the old town.", "hardly anybody else", "not known")]


@pytest.mark.slow
@pytest.mark.parametrize(("text", "voice"), [
    ("Ann Lee said that it rained for a week in town. Bob Ray said that it snowed.", "Ann Lee: 7 of 9 words"),
    (" ".join(f"{name} Ray said that it rained." for name in ("Ann", "Bob", "Cy", "Di", "Ed", "Flo")), "no main voice"),
    ("Ann Lee said that it rained. " + "The old town was wet and empty. " * 10, "hardly anybody else"),
    ("Several officials said that it rained for a week. Ann Lee said that it snowed.",
     "Several officials: 5 of 7 words"),
    ("Bob Ray said that it rained. He said that it snowed for a week in the town. Ann Lee said that it froze for days.",
     "not clear"),  # most words of Bob Ray are his by "he" alone
    ("“It rained for a week,” the report says. Ann Lee said that it snowed for two weeks.", "not clear"),
    ("An official said that it rained for a week. Ann Lee said that it snowed.", "an official: 5 of 7 words")])
def test_who_speaks_most_has_most_words_and_a_fifth_of_them(text, voice, folder, own_cache):
    assert list_front_articles(load_tables(folder({"cnn/1.txt": text})))[0]["voice"] == voice


@pytest.mark.slow
def test_many_articles_are_not_listed(folder, own_cache):
    many = {f"cnn/{n}.txt": f"It rained in town number {n}. {'Place' + str(n)} was wet." for n in range(
        MAX_FRONT_ARTICLES + 1)}
    assert list_front_articles(load_tables(folder(many))) == []
