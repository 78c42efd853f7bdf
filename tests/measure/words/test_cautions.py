"""Each warning appears with its cause, and none without."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.count.terms import count_terms
from samestory.measure.support import judge_support
from samestory.measure.words.cautions import (
    WARNING_CODES,
    WARNING_COLUMNS,
    find_near_duplicates,
    list_warnings,
    normalize_spelling,
)
from samestory.measure.words.keyness import measure_outlets, smallest_contrast
from samestory.measure.words.matrix import build_matrix
from tests.measure.words.test_keyness import make_counts
from tests.support.handmade_tables import make_tables


def warn(articles, *, min_count=1, **choice):
    tables = make_tables(articles)
    counts = count_terms(tables, **choice)
    keyness = measure_outlets(counts, min_count=min_count, stop_words=True).table
    return list_warnings(tables, keyness, counts, top_n=100, **choice)


def texts(*pairs):
    """Articles of outlets, each given as outlet and text."""
    return {f"{outlet}/{i}": (outlet, text) for i, (outlet, text) in enumerate(pairs)}


def find(table, code):
    rows = table[table["code"] == code]
    return dict(zip(rows["term"], rows["text"], strict=True))


@pytest.mark.slow
def test_few_texts_come_with_the_minimum_detectable_difference():
    table = warn(texts(("A", "red " * 30), ("B", "blue " * 30)))
    text = find(table, "few_texts")[""]
    assert judge_support(1, 1).sentence in text and smallest_contrast(30, 30, 2).sentence in text
    assert set(table["severity"]) == {"warning"} and list(table.columns) == WARNING_COLUMNS


@pytest.mark.slow
def test_enough_texts_are_not_few():
    assert not find(warn(texts(*(("A" if i < 20 else "B", f"w{i} x{i} y{i}") for i in range(40)))), "few_texts")
    notes = warn(texts(*(("A" if i < 5 else "B", f"w{i} x{i} y{i}") for i in range(10))))
    assert notes.loc[notes["code"] == "few_texts", "severity"].tolist() == ["note"]


@pytest.mark.slow
def test_unequal_sizes_are_noted():
    assert "60 words and B 2" in find(warn(texts(("A", "red " * 60), ("B", "blue red"))), "unequal_sizes")[""]
    assert not find(warn(texts(("A", "red " * 9), ("B", "blue red"))), "unequal_sizes")


@pytest.mark.slow
def test_one_article_that_drives_a_word_is_named():
    table = warn(texts(("A", "red red red up"), ("A", "red on"), ("B", "blue at"), ("B", "in")))
    found = find(table, "one_article")
    assert set(found) == {"red"} and found["red"].startswith("3 of its 4 ") and found["red"].endswith(", A/0.")


@pytest.mark.slow
def test_the_only_article_of_an_outlet_is_not_named():
    assert not find(warn(texts(("A", "red red red"), ("B", "blue blue blue"))), "one_article")


@pytest.mark.slow
def test_a_word_of_quoted_speakers_is_noted():
    table = warn(texts(("A", 'He said " red red red " red'), ("B", 'blue blue blue " blue "')))
    found = find(table, "quotations")
    assert set(found) == {"red"} and found["red"].startswith("3 of its 4 ")


@pytest.mark.slow
def test_a_folded_word_that_each_writes_its_own_way_is_a_note():
    table = warn(texts(("A", "the U.S. met"), ("B", "the United States met")))
    text = find(table, "house_style")["united states"]
    assert "'u.s.' in A" in text and "'united states' in B" in text


def test_a_spelling_is_a_warning_where_nothing_is_folded():
    assert "u.s." in find(warn(texts(("A", "the U.S. met"), ("B", "the side met")), fold=False), "house_style")


@pytest.mark.slow
def test_two_spellings_of_a_word_are_noted():
    table = warn(texts(("A", "grand co-operation"), ("B", "grand cooperation")))
    assert set(find(table, "house_style")) == {"co-operation", "cooperation"}


@pytest.mark.slow
def test_near_copies_are_counted():
    body = " ".join(f"w{i}" for i in range(40))
    table = warn(texts(("A", body), ("B", body + " more"), ("B", "other words")))
    assert find(table, "near_duplicates")[""].startswith("1 of 3 articles ")


@pytest.mark.slow
def test_a_word_of_repeated_sentences_is_noted():
    line = "Sign up for our letter ."
    table = warn(texts(("A", f"one . {line}"), ("A", f"two . {line}"), ("A", f"three letter . {line}"), ("B", "four")))
    found = find(table, "boilerplate")
    assert found["letter"].startswith("3 of its 4 ") and "three" not in found


@pytest.mark.slow
def test_many_outlets_are_warned_of_one_by_one():
    table = warn(texts(("A", "red"), ("B", "blue"), ("C", "up")))
    assert table["target"].unique().tolist() == ["A", "B", "C"] and set(table["code"]) <= set(WARNING_CODES)


@pytest.mark.slow
def test_only_counted_outlets_are_checked():
    articles = texts(("A", "the U.S. met"), ("B", "the U.S. met"), ("C", "the United States met"))
    assert not find(warn(articles, outlets=["A", "B"]), "house_style")


@pytest.mark.slow
def test_nothing_to_compare_gives_no_warnings():
    assert warn(texts(("A", "red"))).empty


@pytest.mark.parametrize("pair", [("organise", "organize"), ("colours", "colors"), ("centre", "center"),
                                  ("catalogue", "catalog"), ("co-operation", "cooperation")])
def test_spellings_of_a_word_are_normalized_alike(pair):
    assert normalize_spelling(pair[0]) == normalize_spelling(pair[1])


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.sets(st.sampled_from("abcdefghij"), min_size=1), min_size=2, max_size=8))
def test_near_copies_share_the_given_part_of_their_words(articles):
    names = [f"{i}" for i in range(len(articles))]
    counts = make_counts({name: ("A", " ".join(words)) for name, words in zip(names, articles, strict=True)})
    found = find_near_duplicates(build_matrix(counts))
    for row in found.itertuples():
        one, other = articles[int(row.article_id)], articles[int(row.like)]
        assert row.shared == pytest.approx(len(one & other) / len(one | other)) and row.shared >= 0.8
    same = [j for j in range(len(articles)) if articles[j] in articles[:j]]
    assert {str(j) for j in same} <= set(found["article_id"])  # exact copies are never missed


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter():
    articles = texts(("A", "red red red U.S."), ("A", "on red"), ("B", "blue United States"), ("B", "in up"))
    tables, counts = make_tables(articles), count_terms(make_tables(articles))
    keyness = measure_outlets(counts, min_count=1).table
    shuffled = list_warnings(tables, keyness, counts.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(list_warnings(tables, keyness, counts), shuffled)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "unequal"), [(10, False), (11, True)])
def test_sizes_are_unequal_above_five_times_the_words_on_either_side(n, unequal):
    for sides in ((("A", "red " * n), ("B", "blue red")), (("A", "blue red"), ("B", "red " * n))):
        assert bool(find(warn(texts(*sides)), "unequal_sizes")) is unequal


@pytest.mark.slow
@pytest.mark.parametrize(("articles", "drives"), [
    (["red red", "red on", "in"], True), (["red", "red", "up"], False), (["red red", "up"], False),
    (["red red", "red red"], False), (["red red red", "red red"], True)])
def test_one_article_drives_a_word_of_three_places_or_more_with_more_than_half(articles, drives):
    found = find(warn(texts(*(("A", text) for text in articles), ("B", "blue"), ("B", "at"))), "one_article")
    assert ("red" in found) is drives


@pytest.mark.slow
@pytest.mark.parametrize(("text", "quoted"), [
    ('" red red " red', True), ('" red red " red red', False), ('" red red "', False), ('" red red red "', True)])
def test_a_word_is_quoted_with_more_than_half_of_three_places_or_more(text, quoted):
    assert ("red" in find(warn(texts(("A", text), ("B", "blue"))), "quotations")) is quoted


@pytest.mark.slow
@pytest.mark.parametrize(("line", "rest", "repeated"), [
    ("our letter is new .", "letter . letter", False), ("our letter is new .", "letter", True),
    ("our letter .", "letter", False), ("a letter letter .", "up", True), ("our letter is new .", "up", False)])
def test_a_repeated_sentence_has_four_tokens_and_the_word_three_places(line, rest, repeated):
    found = find(warn(texts(("A", f"one . {line}"), ("A", f"{rest} . {line}"), ("B", "four"))), "boilerplate")
    assert ("letter" in found) is repeated


@pytest.mark.slow
def test_a_sentence_that_one_article_repeats_is_not_boilerplate():
    line = "our letter is new ."
    assert not find(warn(texts(("A", f"{line} {line} {line}"), ("B", "four"))), "boilerplate")
    assert not find(warn(texts(("A", f"{line} letter"), ("B", line))), "boilerplate")  # nor one of two outlets


@pytest.mark.slow
def test_a_word_of_the_reference_is_checked_there():
    table = warn(texts(("A", "blue"), ("A", "on"), ("B", "red red red"), ("B", "red up")))
    assert find(table, "one_article")["red"].startswith("3 of its 4 occurrences in B ")


@pytest.mark.parametrize(("n", "share"), [(10, True), (9, False)])
def test_articles_are_near_copies_with_four_fifths_of_their_words(n, share):
    one, other = [f"w{i}" for i in range(n)], [f"w{i}" for i in range(2, n)] if n == 10 else [
        f"w{i}" for i in range(7)]
    counts = make_counts({"a": ("A", " ".join(one)), "b": ("A", " ".join(other))})
    found = find_near_duplicates(build_matrix(counts))
    assert len(found) == share and (not share or found["shared"].tolist() == [0.8])


def test_the_most_similar_article_is_named_or_the_first_of_ties():
    words = [f"w{i:02}" for i in range(20)]
    articles = {"a": words[:18], "b": words[:19], "c": words, "d": words[:19]}
    found = find_near_duplicates(build_matrix(make_counts({k: ("A", " ".join(v)) for k, v in articles.items()})))
    assert found[["article_id", "like"]].values.tolist() == [["b", "a"], ["c", "b"], ["d", "b"]]
    assert found["shared"].tolist() == pytest.approx([18 / 19, 0.95, 1])


@pytest.mark.slow
@pytest.mark.parametrize(("pair", "same"), [
    (("zolour", "zolor"), True), (("zour", "zor"), False), (("zlour", "zlor"), False), (("zolours", "zolors"), True),
    (("zolation", "zolason"), False),
    (("zolisation", "zolization"), True), (("zolised", "zolized"), True), (("zoltres", "zolters"), True)])
def test_terms_of_five_letters_or_more_may_be_one_word(pair, same):
    found = find(warn(texts(("A", f"grand {pair[0]}"), ("B", f"grand {pair[1]}"))), "house_style")
    assert (set(found) == set(pair)) is same
    assert not same or (repr(pair[1]) in found[pair[0]] and repr(pair[0]) in found[pair[1]])


@pytest.mark.slow
def test_two_spellings_on_one_side_are_not_a_house_style():
    assert not find(warn(texts(("A", "grand zolour zolor"), ("B", "grand"))), "house_style")


@pytest.mark.slow
def test_quotations_and_repeats_of_the_reference_are_named_there():
    table = warn(texts(("A", "blue"), ("B", '" red red red " red'), ("B", "on")))
    assert " 4 occurrences in B " in find(table, "quotations")["red"]
    line = "our letter is new ."
    table = warn(texts(("A", "four"), *(("B", f"w{i} . {line}") for i in range(3))))
    assert " 3 occurrences in B " in find(table, "boilerplate")["letter"]


def test_of_equally_similar_articles_the_first_is_named():
    counts = make_counts(dict.fromkeys("cab", ("A", "red blue green")))
    assert find_near_duplicates(build_matrix(counts))[["article_id", "like"]].values.tolist() == [
        ["b", "a"], ["c", "a"]]


@pytest.mark.slow
def test_the_first_of_several_near_copies_is_named():
    one, other = (" ".join(f"{letter}{i}" for i in range(40)) for letter in "xy")
    found = find(warn(texts(("A", one), ("A", one), ("B", other), ("B", other))), "near_duplicates")[""]
    assert found.startswith("2 of 4 ") and "A/1, like A/0 (100%" in found and "B/3" not in found


@pytest.mark.slow
def test_no_near_copy_is_missed_because_its_share_is_estimated():
    pairs = {f"{i}/{side}": ("A", " ".join(f"w{i}x{j}" for j in range(first, first + 90)))
             for i in range(150) for side, first in enumerate((0, 10))}  # 80 of 100 different words in common
    assert len(find_near_duplicates(build_matrix(make_counts(pairs)))) == 150


@pytest.mark.slow
def test_near_copies_are_named_only_where_both_are_compared():
    body = " ".join(f"w{i}" for i in range(40))
    tables = make_tables(texts(("A", body), ("B", "other words"), ("C", body)))
    counts = count_terms(tables)
    for target, reference, is_named in (("A", "B", False), ("B", "C", False), ("A", "C", True)):
        keyness = measure_outlets(counts, target=target, reference=reference, min_count=1).table
        assert bool(find(list_warnings(tables, keyness, counts), "near_duplicates")) is is_named
