from collections import Counter

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.base.errors import SameStoryError, UnknownName
from samestory.base.language import read_language_rows
from samestory.base.schema import TABLES
from samestory.count import terms as counts
from samestory.count.context import find_context
from samestory.count.positions import find_places
from samestory.count.terms import count_terms, count_words, find_folded, list_folded, write_counts
from samestory.count.totals import count_outlet_terms
from samestory.measure.words.collocations import collocate
from tests.support.handmade_tables import make_tables, write_tables

TALKS = {
    "cgtn/1": ("CGTN", '# China-U.S. talks\nThe U.S. and China met . " We thank the U.S. " he said .'),
    "cnn/1": ("CNN", "The US met China \u2019s envoy . The United States told us nothing ."),
}


def count(articles, changes=None, **options):
    table = count_terms(make_tables(articles, **changes or {}), **options)
    return Counter(table.groupby("term")["n"].sum().to_dict())


def count_text(text, changes=None, **options):
    return count({"a": ("CNN", text)}, changes, **options)


def test_counts_have_the_declared_columns():
    assert list(count_terms(make_tables(TALKS)).columns) == TABLES["counts"].arrow.names


@pytest.mark.slow
def test_empty_counts_have_the_same_columns_and_types():
    full, empty = count_terms(make_tables(TALKS)), count_terms(make_tables({}))
    assert len(empty) == 0 and empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_punctuation_is_no_term():
    assert count_text("One , two - 3 % !") == {"one": 1, "two": 1, "3": 1}


def test_the_country_is_one_term_and_the_pronoun_another():
    terms = count(TALKS)
    assert terms["united states"] == 4 and terms["us"] == 1 and terms["united"] == 0


def test_a_compound_after_a_full_stop_is_split():
    assert count_text("U.S.-China talks") == {"united states": 1, "china": 1, "talks": 1}


def test_folding_is_reversible():
    terms = count(TALKS, fold=False)
    assert terms["united states"] == 0
    assert (terms["u.s."], terms["us"], terms["united"], terms["'s"], terms["china-u.s."]) == (2, 2, 1, 1, 1)


@pytest.mark.slow
def test_a_possessive_is_no_term_and_a_contraction_is_two():
    with_marks, plain = "China 's envoys ca n't go", "China envoys can not go"
    assert count_text(with_marks, {"ca": "AUX"}) == count_text(plain)


def test_a_form_bound_to_a_part_of_speech_is_left_alone_elsewhere():
    assert count_text("in ca 1500")["ca"] == 1


def test_the_longest_form_wins():
    terms = count_text("the United States of America won")
    assert terms == {"the": 1, "united states": 1, "won": 1}


def test_a_form_does_not_reach_over_a_sentence_or_a_mark():
    for text in ("They stood united . States differ .", 'united " states "'):
        assert count_text(text)["united states"] == 0


def test_lemmas_are_folded_too():
    assert count_text("Organise the US", unit="lemma") == {"organize": 1, "the": 1, "united states": 1}


def test_ngrams_keep_within_sentence_and_punctuation():
    grams = count_text("One two , three . Four five", unit="2-gram")
    assert grams == {"one two": 1, "four five": 1}


def test_ngrams_are_made_of_folded_terms():
    [term] = count_text("the US 's talks", unit="3-gram")
    assert term.split() == ["the", "united", "states", "talks"]


def test_ngrams_reach_over_a_hyphen_that_touches_both_words():
    tables = make_tables({"a": ("CNN", "high - level")})
    tokens = tables["tokens"].to_pandas().assign(start=[0, 4, 5], end=[4, 5, 10])
    assert count_terms(tables | {"tokens": tokens}, unit="2-gram")["term"].tolist() == ["high level"]
    assert len(count_terms(tables, unit="2-gram")) == 0


def test_ngrams_do_not_mix_quoted_and_other_words():
    tables = make_tables({"a": ("CNN", "one two three")})
    tokens = tables["tokens"].to_pandas().assign(in_quotation=[False, True, True])
    assert count_terms(tables | {"tokens": tokens}, unit="2-gram")["term"].tolist() == ["two three"]


@pytest.mark.parametrize(("option", "gone"), [("include_headline", "talks"), ("include_quoted", "thank")])
def test_headline_and_quoted_words_can_be_left_out(option, gone):
    assert count(TALKS)[gone] == 1 and count(TALKS, **{option: False})[gone] == 0


def test_quoted_words_are_counted_apart():
    table = count_terms(make_tables({"a": ("CNN", 'talks " talks talks "')}))
    assert table[["in_quotation", "n"]].to_numpy().tolist() == [[False, 1], [True, 2]]


@pytest.mark.slow
def test_headlines_and_quoted_words_can_be_counted_apart():
    assert count(TALKS, only="headline") == {"china-u.s.": 1, "talks": 1}
    assert count(TALKS, only="quoted") == {"we": 1, "thank": 1, "the": 1, "united states": 1}
    apart = count(TALKS, only="quoted") + count(TALKS, include_quoted=False)
    assert apart == count(TALKS)


@pytest.mark.parametrize("only", ["headline", "quoted"])
def test_a_part_that_is_not_there_has_no_counts(only):
    counted = count_text("No headline , nothing quoted .", only=only)
    assert counted == {}


def test_only_counted_articles_are_counted():
    tables = make_tables(TALKS, uncounted=("cnn/1",))
    assert set(count_terms(tables)["article_id"]) == {"cgtn/1"}


@pytest.mark.slow
def test_outlets_and_articles_can_be_chosen():
    tables = make_tables(TALKS)
    of_outlet, of_article = count_terms(tables, outlets=["CNN"]), count_terms(tables, article_ids=["cnn/1"])
    assert len(of_outlet) > 0 and len(count_terms(tables, outlets=[])) == len(count_terms(tables))
    pd.testing.assert_frame_equal(of_outlet, of_article)


def test_a_wrong_choice_says_what_there_is():
    tables = make_tables(TALKS)
    with pytest.raises(UnknownName, match=r"'CNM'.*'CNN'"):
        count_terms(tables, outlets=["CNM"])
    with pytest.raises(UnknownName, match=r"unit 'words'.*word"):
        count_terms(tables, unit="words")
    with pytest.raises(UnknownName, match=r"part 'quotes'.*quoted"):
        count_terms(tables, only="quotes")
    with pytest.raises(SameStoryError, match="article 'cnn/2'"):
        count_terms(tables, article_ids=["cnn/2"])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SameStoryError, match=r"articles\.parquet"):
        count_terms(tmp_path)


def test_a_folder_of_any_name_is_read(tmp_path):
    tables = make_tables(TALKS)
    folder = write_tables(tmp_path / "it's [a] *folder* a=1", tables)
    pd.testing.assert_frame_equal(count_terms(folder), count_terms(tables))


def test_a_table_may_be_a_folder_of_parts(tmp_path):
    tables = make_tables(TALKS)
    whole = write_tables(tmp_path, tables)
    (whole / "tokens.parquet").unlink()
    (whole / "tokens.parquet").mkdir()
    for part in (0, 1):
        pq.write_table(tables["tokens"].slice(part * 10, 10 if part == 0 else None),
                       whole / "tokens.parquet" / f"{part}.parquet")
    pd.testing.assert_frame_equal(count_terms(whole), count_terms(tables))


def test_nothing_is_left_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    count_terms(make_tables(TALKS))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_many_chosen_articles_are_distinguished(tmp_path):
    folder = write_tables(tmp_path, make_tables({f"a/{i}": ("CNN", f"word{i}") for i in range(120)}))
    ids = [f"a/{i}" for i in range(120) if i != 60], [f"a/{i}" for i in range(120) if i != 61]
    for kind in (list, pd.Series, pd.array):
        assert [set(count_terms(folder, article_ids=kind(chosen))["article_id"]) for chosen in ids] == [*map(set, ids)]
    assert len(count_terms(folder, outlets=pd.Series(["CNN"]))) == 120


@pytest.mark.slow
def test_words_are_kept_for_the_same_choice_until_the_files_change(tmp_path, monkeypatch):
    made, add = [], counts._add_units
    monkeypatch.setattr(counts, "_add_units", lambda duck, choice: (made.append(choice.fold), add(duck, choice)))
    folder = write_tables(tmp_path, make_tables(TALKS))
    first = count_terms(folder, outlets=["CNN"])
    pd.testing.assert_frame_equal(count_terms(folder, outlets=("CNN",)), first)
    assert made == [True]
    assert len(count_terms(folder, fold=False)) > len(first) and made == [True, False]
    write_tables(tmp_path, make_tables(TALKS | {"cnn/2": ("CNN", "more")}))
    assert "more" in set(count_terms(folder, fold=False)["term"]) and made == [True, False, False]


def test_what_was_folded_is_listed():
    folded = list_folded(make_tables(TALKS))
    rows = set(folded.itertuples(index=False, name=None))
    assert {("u.s.", "united states", "CGTN", 2), ("US", "united states", "CNN", 1),
            ("united states", "united states", "CNN", 1), ("'s", "", "CNN", 1)} == rows


def test_each_form_that_was_folded_is_found_in_the_text():
    found = find_folded(make_tables(TALKS))
    assert found.groupby(["form", "term", "outlet"]).size().to_dict() == {
        row[:3]: row[3] for row in list_folded(make_tables(TALKS)).itertuples(index=False, name=None)}
    for row in found[found["term"] != ""].to_dict("records"):
        assert TALKS[row["article_id"]][1][row["start"]:row["end"]].lower() == row["form"].lower()


def test_nothing_is_listed_where_nothing_is_folded():
    assert len(list_folded(make_tables(TALKS), fold=False)) == 0


def test_words_of_an_outlet_are_summed():
    sizes = count_words(count_terms(make_tables(TALKS))).set_index("outlet")
    assert sizes.loc["CNN"].to_dict() == {"n_articles": 1, "n": 10, "n_terms": 8}


def test_an_empty_article_is_nothing_odd():
    tables = make_tables({"a": ("CNN", "red"), "b": ("CGTN", ""), "c": ("CGTN", ". ,")})
    assert count_terms(tables)["article_id"].tolist() == ["a"] and count_terms(tables, unit="3-gram").empty


def test_a_formula_for_a_spreadsheet_is_counted_as_it_is_written():
    assert count_text("=cmd() =cmd() +1 @sum") == {"=cmd()": 2, "+1": 1, "@sum": 1}  # escaped where it is written


vocabulary = ["US", "us", "U.S.", "United", "States", "of", "America", ",", ".", "'s"]
words = st.lists(st.sampled_from(vocabulary), max_size=12)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.lists(words, min_size=2, max_size=4))
def test_counts_add_and_article_order_does_not_matter(texts):
    articles = {f"a/{i}": ("CNN", " ".join(text)) for i, text in enumerate(texts)}
    whole = count_terms(make_tables(articles))
    parts = [count_terms(make_tables({name: article})) for name, article in reversed(articles.items())]
    summed = pd.concat(parts).sort_values(["article_id", "term"], kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(whole, summed)


def test_no_form_of_the_variants_can_overlap_another():
    phrases = [row["form"].split() for row in read_language_rows("variants") if " " in row["form"]]
    overlaps = [(first, second) for first in phrases for second in phrases for n in range(1, len(first))
                if first[-n:] == second[:n] and first[:n] != second[:n]]
    assert not overlaps  # the query settles only forms that hold one another


def test_variants_are_listed_once_and_lead_to_a_term_that_is_not_folded_further():
    rows = read_language_rows("variants")
    forms = [(row["form"], row["pos"]) for row in rows]
    assert len(set(forms)) == len(forms)
    led_to = {(row["form"], row["term"]) for row in rows if " " not in row["form"] and not row["pos"]}
    further = {term for _, term in led_to} & {form for form, term in led_to if form != term}
    assert not further


@pytest.mark.parametrize("options", [
    {}, {"unit": "lemma"}, {"unit": "2-gram"}, {"fold": False}, {"include_quoted": False}, {"only": "quoted"},
    {"only": "headline"}, {"outlets": ["CNN"]}])
def test_the_terms_of_outlets_are_those_of_their_articles(options):
    tables = make_tables(TALKS | {"cnn/2": ("CNN", "U.S.-China talks : co - operation , \u201c the United States")})
    summed = count_terms(tables, **options).groupby(["outlet", "term"])["n"].sum()
    made = count_outlet_terms(tables, **options).set_index(["outlet", "term"])["n"]
    assert made.to_dict() == summed.to_dict()


@pytest.mark.parametrize(("unit", "terms"), [
    ("4-gram", ["a b c d", "b c d e", "c d e f"]), ("5-gram", ["a b c d e", "b c d e f"])])
def test_ngrams_have_as_many_words_as_asked(unit, terms):
    assert list(count_text("a b c d e f", unit=unit)) == terms


@pytest.mark.parametrize("unit", ["1-gram", "6-gram", "2-grams", "Word"])
def test_another_unit_is_refused(unit):
    with pytest.raises(UnknownName, match="no unit"):
        count_terms(make_tables(TALKS), unit=unit)


def test_phrases_of_any_length_are_found_whole():
    forms = {row["form"]: row["term"] for row in read_language_rows("variants") if " " in row["form"]}
    table = count_terms(make_tables({form: ("CNN", f"zz {form} zz") for form in forms}))
    found = table[table["term"] != "zz"].groupby("article_id")["term"].agg(list).to_dict()
    assert found == {form: [term] for form, term in forms.items()}


def test_lemmas_need_a_tagger():
    tables = make_tables({"a": ("CNN", "talks")})
    untagged = tables["tokens"].to_pandas().assign(pos="X")
    with pytest.raises(SameStoryError, match="lemma"):
        count_terms(tables | {"tokens": untagged}, unit="lemma")


@pytest.mark.slow
def test_totals_of_many_outlets_are_the_same_in_batches(monkeypatch):
    articles = {f"{i}": (f"o{i % 7}", f"U.S. talks word{i} word{i % 3} in U.S.-China") for i in range(20)}
    whole = count_outlet_terms(make_tables(articles))
    monkeypatch.setattr("samestory.count.totals.MAX_SUMS_PER_BATCH", 5)
    pd.testing.assert_frame_equal(count_outlet_terms(make_tables(articles)), whole)
    assert whole.sort_values(["outlet", "term"]).index.tolist() == list(range(len(whole)))


def test_words_of_a_large_corpus_are_not_kept(tmp_path, monkeypatch):
    folder = write_tables(tmp_path, make_tables(TALKS))
    size = sum(path.stat().st_size for path in folder.iterdir())
    for most, n_kept in ((size, 1), (size - 1, 0)):
        monkeypatch.setattr(counts, "MAX_CACHED_CORPUS_BYTES", most)
        monkeypatch.setattr(counts, "_kept_terms", {})
        count_terms(folder)
        assert len(counts._kept_terms) == n_kept


@pytest.mark.parametrize("unit", ["word", "2-gram"])
@pytest.mark.slow
def test_terms_that_are_kept_can_be_used_again(unit, tmp_path):
    folder = write_tables(tmp_path, make_tables(TALKS))
    for count_all in (count_outlet_terms, count_terms, lambda folder, unit: find_places(folder, ["talks"], unit=unit)):
        pd.testing.assert_frame_equal(count_all(folder, unit=unit), count_all(folder, unit=unit))
    pd.testing.assert_frame_equal(collocate(folder, min_count=1), collocate(folder, min_count=1))


BOTH = {"a": ("CNN", '# U.S. talks China\nChina met the U.S. . " The U.S. talks of China "')}


@pytest.mark.slow
@pytest.mark.parametrize("count_all", [
    count_terms, count_outlet_terms, list_folded, find_folded,
    lambda tables, **options: find_context(tables, "US", **options),
    lambda tables, **options: find_places(tables, ["US"], **options)])
def test_without_options_words_are_folded_and_headline_and_quotations_counted(count_all):
    tables = make_tables(BOTH)
    whole = count_all(tables)
    options = {"fold": True, "include_headline": True, "include_quoted": True}
    pd.testing.assert_frame_equal(whole, count_all(tables, **options))
    assert all(not whole.equals(count_all(tables, **options | {name: False})) for name in options)


@pytest.mark.slow
def test_words_of_a_folder_of_parts_are_read_again(tmp_path):
    folder, part = write_tables(tmp_path, make_tables({"a": ("CNN", "red")})), tmp_path / "tokens.parquet" / "0.parquet"
    (folder / "tokens.parquet").unlink()
    part.parent.mkdir()
    for word in ("red", "sky"):
        pq.write_table(make_tables({"a": ("CNN", word)})["tokens"], part)
        assert count_terms(folder)["term"].tolist() == [word]


def test_written_counts_are_those_of_words_without_options(tmp_path):
    tables = make_tables(BOTH)
    write_counts(tables, tmp_path / "counts.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "counts.parquet"), count_terms(tables))
