import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.measure.words.keyness import compare_outlets, measure_keyness
from samestory.measure.words.plain_texts import compare_texts, split_texts
from tests.measure.words.test_keyness import make_counts


def make_texts(*texts):
    return pd.DataFrame({"outlet": ["A", "B"] * (len(texts) // 2), "text": list(texts)})


def test_words_are_runs_of_letters_and_digits_in_lower_case():
    matrix = split_texts(make_texts("Élan, don't 'quote' 2021!", "“Élan” — =cmd() '"))
    assert list(matrix.terms) == ["2021", "cmd", "don't", "quote", "élan"]
    assert matrix.frequencies.toarray().tolist() == [[1, 0, 1, 1, 1], [0, 1, 0, 0, 1]]


@pytest.mark.slow
@given(st.lists(st.text(alphabet="ab ", max_size=12), min_size=2, max_size=6))
def test_the_table_agrees_with_that_of_the_same_counts(texts):
    articles = {f"{i:03}": ("AB"[i % 2], text) for i, text in enumerate(texts)}
    counts = make_counts(articles)
    frame = pd.DataFrame(articles.values(), columns=["outlet", "text"])
    if counts["outlet"].nunique() == 2:
        ours = compare_texts(frame, min_count=1, stop_words=True)
        theirs = measure_keyness(counts, target="A", min_count=1, stop_words=True)
        pd.testing.assert_frame_equal(ours.table, theirs.table, check_dtype=False)


def test_of_several_outlets_the_first_pair_is_compared():
    texts = pd.DataFrame({"outlet": list("ABC"), "text": ["red blue", "red", "blue"]})
    found, pairs = compare_texts(texts), compare_outlets(texts)
    assert len(pairs) == 3 and (found.target, found.reference) == ("A", "the rest")


def test_batches_change_nothing(monkeypatch):
    texts = make_texts(*(f"w{i % 7} w{i % 5} same" for i in range(40)))
    whole = compare_texts(texts).table
    monkeypatch.setattr("samestory.measure.words.plain_texts.SPLIT_BATCH_ARTICLES", 3)
    pd.testing.assert_frame_equal(whole, compare_texts(texts).table)


@pytest.mark.parametrize("texts", [[], ["", "..."], ["red"] * 2])
def test_texts_without_a_difference_are_handled(texts):
    table = compare_texts(make_texts(*texts), min_count=1).table
    assert not np.any(table["lrc"])
