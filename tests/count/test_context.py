import pytest
from nltk.text import ConcordanceIndex

from samestory.count.context import find_context
from samestory.count.terms import count_terms
from tests.support.handmade_tables import make_tables, write_tables

TALKS = {
    "cgtn/1": ("CGTN", "China and the U.S. met in Alaska .\nThe U.S. side spoke . The U.S. side left ."),
    "cgtn/2": ("CGTN", "It was the U.S. side ."),
    "cnn/1": ("CNN", "The United States met China . Nobody told us ."),
}


def test_every_spelling_is_found_in_the_untouched_text():
    found = find_context(make_tables(TALKS), "US")
    assert found["keyword"].tolist() == ["U.S.", "U.S.", "U.S.", "U.S.", "United States"]
    assert all(TALKS[row.article_id][1][row.start:row.end] == row.keyword for row in found.itertuples())


def test_the_pronoun_is_another_word():
    assert find_context(make_tables(TALKS), "us")["left"].str[-12:].tolist() == ["Nobody told "]


def test_context_is_whole_words_of_the_same_line():
    found = find_context(make_tables(TALKS), "U.S.", width=9)
    assert found[["left", "right"]].to_numpy().tolist()[:2] == [[" and the ", " met in "], ["The ", " side "]]


def test_what_is_not_shown_is_numbered_and_articles_take_turns():
    found = find_context(make_tables(TALKS), "united states", per_outlet=2)
    assert found[["article_id", "n_more"]].to_numpy().tolist() == [["cgtn/1", 2], ["cgtn/2", 2], ["cnn/1", 0]]


def test_there_are_as_many_places_as_counted(tmp_path):
    folder = write_tables(tmp_path, make_tables(TALKS))
    counts = count_terms(folder, unit="2-gram")
    shown = find_context(folder, "united states side", unit="2-gram")
    assert len(shown) == counts[counts["term"] == "united states side"]["n"].sum() == 3


@pytest.mark.slow
def test_several_terms_come_in_their_order():
    found = find_context(make_tables(TALKS), ["side", "US", "U.S."], per_outlet=1)
    assert found["term"].tolist() == ["side", "united states", "united states"]
    assert found["outlet"].tolist() == ["CGTN", "CGTN", "CNN"]
    assert find_context(make_tables(TALKS), []).empty


def test_a_word_that_is_not_there_has_no_places():
    found = find_context(make_tables(TALKS), "Japan")
    assert len(found) == 0
    assert list(found.columns) == ["term", "article_id", "outlet", "field", "start", "end", "left", "keyword", "right",
                                   "n_more"]


def test_places_are_those_of_nltks_concordance():
    text = "the cat saw the dog and the cat ran"
    index = ConcordanceIndex(text.split())
    found = find_context(make_tables({"a": ("CNN", text)}), "cat")
    assert [len(text[:start].split()) for start in found["start"]] == index.offsets("cat")


def test_a_long_line_costs_no_more_than_its_width():
    text = "x" * 200_000 + " cat " + "y" * 200_000
    assert find_context(make_tables({"a": ("CNN", text)}), "cat")["left"].tolist() == [" "]


@pytest.mark.parametrize(("width", "left", "right"), [
    (0, "", ""), (1, " ", " "), (2, " ", " "), (3, " ", " on"), (4, " the", " on "), (5, " the ", " on a"),
    (6, " the ", " on a "), (7, " the ", " on a "), (8, "saw the ", " on a ")])
def test_as_many_code_points_as_asked_are_shown_but_whole_words_only(width, left, right):
    row, = find_context(make_tables({"a": ("CNN", "he saw the cat on a mat")}), "cat", width=width).itertuples()
    assert (row.left.strip(), row.right.strip()) == (left.strip(), right.strip())
    assert len(row.left) <= width >= len(row.right)


@pytest.mark.slow
def test_a_text_is_shown_to_both_ends_and_a_line_to_its_own():
    row, = find_context(make_tables({"a": ("CNN", "see the cat run")}), "cat", width=99).itertuples()
    assert (row.left, row.keyword, row.right) == ("see the ", "cat", " run")
    text = "one\ntwo\rthe cat ran\rfar\naway"
    row, = find_context(make_tables({"a": ("CNN", text)}), "cat", width=99).itertuples()
    assert (row.left, row.right) == ("the ", " ran")


def test_five_places_of_an_outlet_are_shown_sixty_code_points_wide():
    text = " ".join(["cat", *["word"] * 20] * 7)
    found = find_context(make_tables({"a": ("CNN", text)}), "cat")
    assert found["n_more"].tolist() == [2] * 5 and found["right"].str.len().tolist() == [60] * 5


def test_a_term_is_sought_as_it_is_where_nothing_is_folded():
    assert find_context(make_tables(TALKS), "U.S.", fold=False)["keyword"].tolist() == ["U.S."] * 4


@pytest.mark.parametrize(("term", "unit", "keyword"), [
    ("united states side", "2-gram", "U.S. side"), ("the united states side", "3-gram", "The U.S. side")])
def test_a_run_of_words_is_found_from_its_first_to_its_last(term, unit, keyword):
    found = find_context(make_tables({"a": TALKS["cgtn/1"]}), term, unit=unit)
    assert found["keyword"].tolist() == [keyword] * 2
