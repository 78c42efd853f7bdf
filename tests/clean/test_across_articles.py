"""Findings that need all articles: repeated lines, repeated texts, dates far from all others."""

import random

import pytest

from samestory.clean.across_articles import survey_articles
from samestory.clean.articles import Article, clean_article
from samestory.read.formats.formats import Record


def write_story(seed, n=120):
    draw = random.Random(seed)
    words = [f"word{draw.randrange(3_000)}" for _ in range(n)]
    return "\n\n".join(" ".join(words[i:i + 30]).capitalize() + "." for i in range(0, n, 30))


def clean(name, text, **metadata):
    return clean_article(Record(name, f"{name}.txt", text, {"outlet": "CNN", "language": "en", **metadata}))


def survey(articles):
    return {article.article_id: article for article in survey_articles(articles) if isinstance(article, Article)}


def list_stripped(article):
    return [line.content for line in article.lines if line.rule == "repeated"]


@pytest.mark.parametrize(("line", "n", "is_stripped"), [
    ("Stay with our live coverage", 5, True), ("Stay with our live coverage", 4, False),
    ("Prices are those at the close of the day in New York.", 12, True),
    ("Prices are those at the close of the day in New York.", 2, False),
    ("Prices are those at the close of the day in New York.", 9, False),
    ("“No,” he said", 9, False),
])
def test_a_line_that_many_articles_of_an_outlet_have_is_no_story(line, n, is_stripped):
    found = survey([clean(f"a{i}", f"{write_story(i)}\n\n{line}\n\n{write_story(100 + i, 30)}") for i in range(n)])
    assert {tuple(list_stripped(article)) for article in found.values()} == {(line,) if is_stripped else ()}
    body = found["a0"]
    assert body.row["n_words"] == 150 + (0 if is_stripped else len(line.split()))
    numbers = [line.paragraph for line in body.lines if line.paragraph is not None]
    assert numbers == list(range(len(numbers)))


def test_a_line_of_several_outlets_is_none_of_their_own():
    found = survey([clean(f"a{i}", f"{write_story(i)}\n\nOn this page", outlet=f"Outlet {i}") for i in range(6)])
    assert not any(map(list_stripped, found.values()))


def test_a_story_that_an_outlet_prints_again_and_again_stays_a_story():
    repeats = [clean(f"r{i}", f"{write_story(1)}\n\nVersion {i}") for i in range(6)]
    found = survey([*repeats, *(clean(f"a{i}", write_story(10 + i)) for i in range(6))])
    assert not any(map(list_stripped, found.values()))
    assert {found[f"r{i}"].row["duplicate_group"] for i in range(6)} == {"r0"}


def test_what_an_outlet_repeats_makes_no_two_articles_one():
    prompt = "\n\n".join(f"Our promise to readers, part {i}: {write_story(50 + i, 30)}" for i in range(5))
    found = survey([clean(f"a{i}", f"{write_story(i, 60)}\n\n{prompt}") for i in range(12)])
    assert all(article.row["counted"] for article in found.values())
    assert all(article.row["n_words"] == 60 for article in found.values())


def test_of_one_text_the_earliest_then_the_smallest_id_is_counted():
    story = write_story(1)
    articles = [clean("d", story, published_at="2021-03-18"), clean("c", story, published_at="2021-03-17"),
                clean("b", story[:-40], published_at="2021-03-17"), clean("a", story), clean("z", write_story(2))]
    for chosen in (articles, articles[::-1]):
        found = survey([clean_again(article) for article in chosen])
        assert {name: article.row["counted"] for name, article in found.items()} == {
            "d": False, "c": False, "b": True, "a": False, "z": True}
        assert {article.row.get("duplicate_group") for article in found.values()} == {"b", None}


def clean_again(article):
    row = article.row
    date = {"published_at": row["published_raw"]} if row["published_raw"] else {}
    return clean(row["article_id"], row["text"], **date)


def test_a_repeat_in_a_language_that_is_set_aside_is_not_counted_either():
    story = write_story(1)
    found = survey([clean("a", story, language="de"), clean("b", story), clean("c", story)])
    assert {name: article.row["counted"] for name, article in found.items()} == {"a": False, "b": True, "c": False}


def test_a_date_far_after_all_others_is_reported():
    dates = ["2021-03-17", "2021-03-18", "2021-03-19", "2050-01-01"]
    found = survey([clean(f"a{i}", write_story(i), published_at=date) for i, date in enumerate(dates)])
    assert [article.article_id for article in found.values() if "2050-01-01" in str(article.problems)] == ["a3"]


def test_problems_pass_and_nothing_is_nothing():
    problem = {"reason": "x"}
    assert list(survey_articles([problem])) == [problem]
    assert list(survey_articles([])) == []
