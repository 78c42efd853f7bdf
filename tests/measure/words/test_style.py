import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.measure.words.collocations import collocate
from samestory.measure.words.dispersion import measure_reduced_frequency
from samestory.measure.words.style import count_syllables, flesch, flesch_kincaid, mattr, measure_style
from tests.support.handmade_tables import make_tables

SYLLABLES = {1: "talks made makes asked states used freed quite cue whole tough stance rights",
             2: "china changes boxes watches places table little human being agreed issue",
             3: "created media area officials continued president government numerous",
             4: "political security society democracy situation economic european",
             5: "administration communication immediately territorial"}


@pytest.mark.parametrize(("number", "word"), [
    (number, word) for number, words in SYLLABLES.items() for word in words.split() if "-" not in word])
def test_syllables_are_counted(number, word):
    assert count_syllables(word) == number


@given(st.text(max_size=100))
def test_any_word_has_a_syllable(word):
    assert 1 <= count_syllables(word) <= 64


def test_reading_ease_agrees_with_quanteda():
    # quanteda.textstats 0.97.2 on the seed of CNN: 497 words, 21 sentences, 827 syllables
    assert flesch(497, 21, 827) == pytest.approx(42.0402951039571)
    assert flesch_kincaid(497, 21, 827) == pytest.approx(13.2750100603622)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=30), st.integers(1, 12))
def test_the_moving_average_is_over_all_windows(words, window):
    window = min(window, len(words))
    ratios = [len(set(words[i:i + window])) / window for i in range(len(words) - window + 1)]
    assert mattr(words, window=window) == pytest.approx(sum(ratios) / len(ratios))


def test_articles_are_measured_as_written():
    table = measure_style(make_tables({"b": ("CNN", "The US did n't go . The envoy 's talks ended ."),
                                       "a": ("CGTN", "Talks .")}))
    assert table["article_id"].tolist() == ["a", "b"]
    assert table.loc[1, ["n_words", "n_sentences", "n_types"]].tolist() == [8, 2, 7]
    assert table.loc[1, "ttr"] == table.loc[1, "mattr"] == 7 / 8


def test_no_articles_have_the_same_columns():
    none, some = measure_style(make_tables({})), measure_style(make_tables({"a": ("CNN", "Talks .")}))
    assert len(none) == 0 and none.dtypes.to_dict() == some.dtypes.to_dict()


def test_a_long_word_is_read_up_to_its_64th_letter():
    assert count_syllables("ba" * 40) == 32 and count_syllables("b" * 63 + "ab") == 1 == count_syllables("b" * 64 + "a")
    assert count_syllables("ba" * 31 + "bba") == 31 and count_syllables("ba" * 31 + "ba") == 32


def test_fifty_words_are_a_window():
    words = [f"w{i}" for i in range(50)] + ["w0"]  # both windows have 50 words
    assert mattr(words) == 1 and mattr([*words[:49], "w0", "w1"]) == pytest.approx((49 + 48 + 1) / 100)


BOTH = {"a": ("CNN", '# U.S. talks China\nChina met the US talks . " The U.S. talks China met China met "')}


@pytest.mark.slow
@pytest.mark.parametrize(("measure", "fold"), [
    (measure_style, False), (lambda tables, **options: measure_reduced_frequency(tables, min_count=1, **options), True),
    (lambda tables, **options: collocate(tables, min_count=1, stop_words=True, **options), True)])
def test_by_default_headline_and_quotations_are_measured(measure, fold):
    tables = make_tables(BOTH)
    options = {"fold": fold, "include_headline": True, "include_quoted": True}
    pd.testing.assert_frame_equal(measure(tables), measure(tables, **options))
    assert all(not measure(tables).equals(measure(tables, **options | {name: not value}))
               for name, value in options.items())
