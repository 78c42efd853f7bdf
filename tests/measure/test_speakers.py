"""Speakers: shares add up, intervals need enough articles, and sides come from a roster or a description."""

import csv
import json
import re
import shutil
from collections import Counter

import pandas as pd
import pytest

from samestory.base.resources import resource
from samestory.measure.intervals import describe_intervals
from samestory.measure.speakers import (
    NO_SIDE_LABEL,
    NO_SPEAKER_LABEL,
    choose_quotations,
    choose_statements,
    compare_speakers,
    count_cues,
    count_kinds,
    count_quoted_words,
    count_sides,
    count_speakers,
    count_unresolved,
    describe_sides,
    list_left_out,
    list_most_used,
    list_only_in,
    list_quotations,
    list_unresolved,
    tell_quoted_words,
)
from samestory.tables.tables import Tables, load_tables
from tests.support.wording import says

FACTS = json.loads((resource("data/gold/seeds/facts.json")).read_text(encoding="utf-8"))
SIDES = {"China": "China", "US": "United States", "Other": "Canada"}
PERCENT = ["share_percent", "low_percent", "high_percent"]


def make_quotations(*rows, each=1):
    """Quotations from tuples of outlet, article and speaker, `each` times."""
    columns = {"kind": "direct", "cue": "said", "cue_lemma": "say", "cue_class": "neutral", "n_words_direct": 5,
               "n_words_indirect": 2, "anonymous": False, "resolution": "name", "rule": "before cue", "sentence": 0,
               "confidence": 0.9, "speaker_confidence": 0.8, "speaker": "x", "speaker_title": None,
               "speaker_side": None, "text": "x"}
    table = pd.DataFrame([row for row in rows for _ in range(each)], columns=["outlet", "article_id", "speaker_name"])
    return table.assign(quotation_id=[f"q{i:04}" for i in range(len(table))], **columns)


def make_outlets(n_articles, outlets=("CGTN", "CNN")):
    """Each outlet's articles quote Ann Lee, and every second one also quotes Bo Chan."""
    rows = [(outlet, f"{outlet}/{i}", name) for outlet in outlets for i in range(n_articles)
            for name in ("Ann Lee", "Bo Chan")[:1 + i % 2]]
    return make_quotations(*rows)


@pytest.fixture(scope="module")
def sided(tmp_path_factory, own_cache):
    """The seeds' tables with the example roster in their folder."""
    folder = shutil.copytree(resource("seeds"), tmp_path_factory.mktemp("corpus") / "seeds")
    shutil.copy(resource("data/example_roster.csv"), folder / "roster.csv")
    return load_tables(folder)


def test_a_title_is_kept_apart_from_the_name():
    rows = make_quotations(("CNN", "a", "Secretary of State Ann Lee"), ("CNN", "a", "Ann Lee"), ("CNN", "a", None))
    rows["speaker_title"] = ["Secretary of State", None, None]
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["CNN"]})
    found = choose_statements(rows, articles)
    assert found["speaker_name"].tolist() == ["Ann Lee", "Ann Lee", NO_SPEAKER_LABEL]
    ledger = count_speakers(found).set_index("speaker_name")
    assert ledger.loc["Ann Lee", "speaker_title"] == "Secretary of State"
    assert ledger.loc["Ann Lee", "share"] == "2 of 3"
    without = choose_statements(rows.drop(columns="speaker_title"), articles)  # tables of an older version
    assert "speaker_title" not in count_speakers(without)


def test_the_ledger_of_the_seeds(seeds):
    ledger = count_speakers(choose_quotations(seeds)).set_index(["outlet", "speaker_name"])
    for doc, outlet in (("cgtn", "CGTN"), ("cnn", "CNN")):
        for name, gold in FACTS["voice_summary"][doc]["by_speaker"].items():
            row = ledger.loc[(outlet, name.replace("Canadian government", "Canada"))]
            assert (row["n_quotations"], row["n_words_direct"]) == (gold["attributions"], gold["direct_words"])
    assert ledger.loc[("CNN", "Antony Blinken"), "speaker_title"].endswith("Secretary of State")


@pytest.mark.slow
def test_two_articles_have_counts_and_a_sentence_instead_of_intervals(seeds):
    quotations = choose_quotations(seeds)
    tables = [count_speakers(quotations), count_kinds(quotations), count_cues(quotations),
              count_quoted_words(seeds, quotations), count_unresolved(seeds, quotations)]
    for table in tables:
        assert not {"low_percent", "high_percent"} & set(table.columns)
    assert describe_intervals(quotations).startswith("Counts only")


@pytest.mark.parametrize(("n_articles", "shown"), [(4, False), (5, True), (20, True)])
def test_intervals_begin_at_five_articles(n_articles, shown):
    table = count_speakers(make_outlets(n_articles))
    assert (set(PERCENT) <= set(table.columns)) is shown
    if shown:
        assert (table["low_percent"] < table["share_percent"]).all()
        assert (table["share_percent"] < table["high_percent"]).all()


def test_an_outlet_with_few_articles_has_no_interval_even_if_another_has():
    both = pd.concat([make_outlets(9, ["CNN"]), make_outlets(2, ["CGTN"])])
    table = count_kinds(both).set_index("outlet")
    assert table.loc["CGTN", PERCENT[1:]].isna().all()
    assert table.loc["CNN", PERCENT].notna().all()
    assert "None for CGTN" in describe_intervals(both)


@pytest.mark.slow
def test_more_quotations_in_the_same_articles_add_no_certainty():
    wide, again = (count_speakers(pd.concat([make_outlets(8)] * times, ignore_index=True)) for times in (10, 50))
    for name in ("low_percent", "high_percent"):
        assert again[name].tolist() == pytest.approx(wide[name].tolist(), abs=1)


def test_shares_of_an_outlet_add_up():
    table = count_speakers(make_outlets(7))
    assert table.groupby("outlet")["share_percent"].sum().tolist() == pytest.approx([100, 100], abs=0.2)


def test_quoted_words_have_an_interval_over_articles(tmp_path):
    quotations = make_outlets(6, ["CNN"])
    articles = pd.DataFrame({"article_id": [f"CNN/{i}" for i in range(7)], "outlet": "CNN", "n_words": 100,
                             "counted": True})
    articles.to_parquet(tmp_path / "articles.parquet")
    row = count_quoted_words(Tables(tmp_path), quotations).iloc[0]
    assert (row["n_words_direct"], row["n_words"]) == (45, 700)  # the seventh article quotes nobody
    assert row["low_percent"] < row["direct_percent"] == 6.4 < row["high_percent"]


def test_unnamed_sources_are_not_shared_by_outlets():
    rows = make_quotations(("CGTN", "a", "officials"), ("CNN", "b", "officials"), ("CNN", "b", "Ann Lee"))
    rows["anonymous"] = rows["speaker_name"] == "officials"
    assert compare_speakers(rows)["speaker_name"].tolist() == ["Ann Lee"]


def test_unnamed_sources_are_one_however_the_sentence_begins():
    rows = make_quotations(*[("CNN", "a", name) for name in ("Officials", "officials", "Critics", "Some Republicans")])
    found = choose_statements(rows.assign(anonymous=True), pd.DataFrame({"article_id": ["a"], "outlet": ["CNN"]}))
    assert found["speaker_name"].tolist() == ["officials", "officials", "Critics", "Some Republicans"]


def test_who_is_quoted_by_one_outlet_only():
    rows = make_quotations(("CGTN", "a", "Ann Lee"), ("CNN", "b", "Ann Lee"), ("CNN", "b", "Bo Chan"),
                           ("CNN", "b", NO_SPEAKER_LABEL))
    table = list_only_in(rows).set_index("outlet")
    assert table.loc["CGTN"].tolist() == [1, "0 of 1", ""]
    assert table.loc["CNN"].tolist() == [2, "1 of 2", "Bo Chan 1"]
    assert compare_speakers(rows, least_outlets=2)["outlets"].tolist() == ["CGTN 1, CNN 1"]


def test_a_speaker_who_may_be_another_outlets_is_not_quoted_by_one_only():
    rows = make_quotations(("CGTN", "a", "Lee"), ("CNN", "b", "Ann Lee"), ("CNN", "b", "Bo Lee"),
                           ("CNN", "b", "Cy Ott"))
    table = list_only_in(rows).set_index("outlet")
    assert table.loc["CGTN"].tolist() == [1, "0 of 1", "", "Lee 1"]
    assert table.loc["CNN"].tolist() == [3, "1 of 3", "Cy Ott 1", "Ann Lee 1, Bo Lee 1"]
    found = compare_speakers(rows).set_index("speaker_name")
    assert found["only_in"].to_dict() == {"Lee": "", "Ann Lee": "", "Bo Lee": "", "Cy Ott": "CNN"}
    assert found.loc["Lee", "may_be"] == "Ann Lee; Bo Lee" and found.loc["Ann Lee", "may_be"] == "Lee"


def test_a_long_list_says_how_many_more():
    rows = make_quotations(*[("CNN", "a", f"Speaker {i:02}") for i in range(11)])
    assert list_only_in(rows).loc[0, "quoted_only_here"].endswith("Speaker 04 1, and 6 more")


def test_unresolved_speakers_are_counted(seeds):
    quotations = choose_quotations(seeds)
    table = count_unresolved(seeds, quotations).set_index("outlet")
    assert table.loc["CGTN", ["unnamed", "unnamed_sources", "no_speaker", "n_left_out"]].tolist() == [
        "1 of 11", "senior American officials 1", "0 of 11", 0]
    assert list_left_out(seeds, quotations).empty


@pytest.mark.slow
def test_statements_that_were_not_made_are_left_out_and_listed(folder):
    tables = load_tables(folder({"1.txt": "Ann Lee said that the bridge is safe. She has not said that it is old."}))
    quotations = choose_quotations(tables)
    assert quotations["text"].tolist() == ["the bridge is safe"]
    assert list_left_out(tables, quotations)["text"].tolist() == ["it is old"]
    assert count_unresolved(tables, quotations)["n_left_out"].tolist() == [1]


def test_without_a_side_there_are_no_rows(seeds):
    quotations = choose_quotations(seeds).assign(speaker_side=None)
    assert count_sides(quotations).empty
    assert "roster.csv" in describe_sides(quotations) != describe_intervals(quotations)


@pytest.mark.slow
def test_the_seeds_describe_the_side_of_each_source_but_the_agency(seeds, sided):
    described, listed = choose_quotations(seeds), choose_quotations(sided)
    assert set(described["side_from"]) == {"description"} and set(listed["side_from"]) == {"roster"}
    shown = dict(zip(described["quotation_id"], described["speaker_side"], strict=True))
    assert set(shown.values()) <= {"China", "United States", "Canada", "Reuters"}
    assert Counter(shown.values())["United States"] == Counter(listed["speaker_side"])["United States"]


@pytest.mark.slow
def test_the_example_roster_gives_the_seeds_sides(sided):
    quotations = choose_quotations(sided)
    assert quotations["speaker_side"].notna().all()
    assert count_speakers(quotations)["speaker_side"].notna().all()
    assert describe_sides(quotations) == describe_intervals(quotations)
    table = count_sides(quotations).set_index(["outlet", "speaker_side"])
    for doc, outlet in (("cgtn", "CGTN"), ("cnn", "CNN")):
        for side, gold in FACTS["voice_summary"][doc]["by_side"].items():
            row = table.loc[(outlet, SIDES[side])]
            assert (row["n_quotations"], row["n_words_direct"]) == (gold["attributions"], gold["direct_words"])
    assert not (sided.problems["step"] == "link").any()


def test_the_example_roster_says_whose_words_it_rests_on(seed_texts):
    texts = dict(zip(("CGTN", "CNN"), seed_texts.values(), strict=True))
    with resource("data/example_roster.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows and set(rows[0]) == {"name", "side", "role", "source"}
    for row in rows:
        outlet, words = row["source"].split(": ", 1)
        assert words in texts[outlet], row["name"]


def test_speakers_not_in_the_roster_are_counted_as_such():
    rows = make_quotations(("CNN", "a", "Ann Lee"), ("CNN", "a", "Bo Chan"))
    rows["speaker_side"] = ["government", None]
    assert count_sides(rows)["speaker_side"].tolist() == [NO_SIDE_LABEL, "government"]
    assert count_sides(rows)["share"].tolist() == ["1 of 2", "1 of 2"]


def test_no_quotations_have_the_same_columns():
    none = make_outlets(3).iloc[:0]
    assert count_speakers(none).empty and count_kinds(none).empty and count_cues(none).empty
    assert list(list_only_in(none).columns) == ["outlet", "n_speakers", "only_here", "quoted_only_here"]


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter():
    rows = make_outlets(6)
    for count in (count_speakers, count_kinds, count_cues, list_only_in, compare_speakers):
        pd.testing.assert_frame_equal(count(rows[::-1]), count(rows))


@pytest.mark.parametrize(("options", "n"), [({}, 2), ({"min_confidence": 0.9}, 1), ({"min_confidence": 0}, 3)])
def test_quotations_are_chosen_by_their_confidence(options, n):
    rows = make_quotations(*[("CNN", "a", "Ann Lee")] * 4).assign(confidence=[0.9, 0.35, 0.34, 0.9])
    rows.loc[3, "rule"] = "before cue, passed on"  # the outer source's row says the same again
    assert len(choose_statements(rows, pd.DataFrame({"article_id": ["a"], "outlet": ["CNN"]}), **options)) == n


def test_speakers_are_sorted_by_quotations_then_words_then_alphabetically():
    rows = make_quotations(*[(outlet, "a", name) for outlet, name in (
        ("NPR", "Bo"), ("CNN", "Bo"), ("CNN", "Ann"), ("CNN", "Cy"), ("CNN", "Dee"), ("CNN", "Dee"))])
    rows["n_words_direct"] = [5, 5, 5, 6, 1, 1]
    assert count_speakers(rows)[["outlet", "speaker_name"]].agg(" ".join, axis=1).tolist() == [
        "CNN Dee", "CNN Cy", "CNN Ann", "CNN Bo", "NPR Bo"]


def test_title_and_side_follow_the_name_and_are_the_most_frequent():
    rows = make_quotations(*[("CNN", "a", "Ann")] * 5)
    rows["speaker_title"], rows["speaker_side"] = ["Dr", "Sen", "Sen", "Dr", "Adm"], ["b", "a", None, None, None]
    table = count_speakers(rows)
    assert list(table)[:5] == ["outlet", "speaker_name", "speaker_title", "speaker_side", "n_quotations"]
    assert table.iloc[0, :4].tolist() == ["CNN", "Ann", "Dr", "a"]
    sided = count_speakers(rows.assign(speaker_title=None))
    assert list(sided)[:4] == ["outlet", "speaker_name", "speaker_side", "n_quotations"]


def test_outlets_of_a_speaker_are_sorted_by_quotations_then_alphabetically():
    names = [("CNN", "Bo"), ("NPR", "Bo"), ("NPR", "Bo"), ("BBC", "Bo"), ("CNN", "Ann"), ("CNN", "Cy")]
    table = compare_speakers(make_quotations(*[(outlet, "a", name) for outlet, name in names]))
    assert table[["speaker_name", "n_quotations", "n_outlets", "outlets", "only_in"]].values.tolist() == [
        ["Bo", 4, 3, "NPR 2, BBC 1, CNN 1", ""], ["Ann", 1, 1, "CNN 1", "CNN"], ["Cy", 1, 1, "CNN 1", "CNN"]]


def test_the_most_frequent_class_of_cues_comes_first_but_neutral_last():
    classes = ["neutral"] * 4 + ["doubt"] * 2 + ["claim"] * 2 + ["order"]
    rows = make_quotations(*[("NPR" if i % 2 else "CNN", "a", "Ann") for i in range(len(classes))])
    table = count_cues(rows.assign(cue_class=classes))
    assert table[["cue_class", "outlet", "n_quotations"]].values.tolist() == [
        ["claim", "CNN", 1], ["claim", "NPR", 1], ["doubt", "CNN", 1], ["doubt", "NPR", 1], ["order", "CNN", 1],
        ["neutral", "CNN", 2], ["neutral", "NPR", 2]]


@pytest.mark.parametrize(("n", "more"), [(5, ""), (6, ", and 1 more")])
def test_five_words_are_listed_the_most_frequent_first(n, more):
    words = pd.Series([letter for i, letter in enumerate("abcdef"[:n]) for _ in range(1 + (i == 2))])
    assert list_most_used(words) == "c 2, a 1, b 1, d 1, e 1" + more


def test_unresolved_speakers_are_listed_one_of_each_outlet_in_turn():
    rows = make_quotations(*[(outlet, article, "x") for outlet, article in (
        ("CNN", "a"), ("CNN", "a"), ("NPR", "b"), ("CNN", "c"), ("NPR", "d"))])
    rows = rows.assign(content_spans=[[{"start": 9, "end": 9}, {"start": 3, "end": 5}]] * 5, sentence=[4, 2, 0, 0, 0],
                       resolution=["none", "none", "name", "name", "name"], anonymous=[False, False, True, False, True])
    table = list_unresolved(rows)
    assert table[["outlet", "article_id", "start"]].values.tolist() == [
        ["CNN", "a", 3], ["NPR", "b", 3], ["CNN", "a", 3], ["NPR", "d", 3]]


def test_quotations_to_read_are_in_the_order_of_the_articles():
    rows = make_quotations(("NPR", "a", "x"), ("CNN", "b", "x"), *[("CNN", "a", name) for name in "xyx"])
    rows = rows.assign(content_spans=[[{"start": 0, "end": 1}]] * 5, sentence=[0, 0, 7, 1, 1], text=list("edcab"))
    assert list_quotations(rows)["text"].tolist() == list("abcde")
    assert list_quotations(rows, speakers=["y"])["text"].tolist() == ["a"]


def test_quotations_whose_speaker_is_inferred_are_counted_apart():
    rows = make_quotations(*[("CNN", "a", "Ann Lee")] * 3, ("NPR", "b", "Ann Lee"))
    rows = rows.assign(resolution=["name", "pronoun", "floating", "surname"])
    table = count_speakers(rows).set_index("outlet")
    assert table["n_inferred"].to_dict() == {"CNN": 2, "NPR": 0}


def test_percents_are_rounded_shares_of_the_words(tmp_path):
    articles = pd.DataFrame({"article_id": ["a", "b", "c"], "outlet": ["CNN", "NPR", "NPR"], "n_words": [45, 0, 40],
                             "counted": [True, True, False]})
    articles.to_parquet(tmp_path / "articles.parquet")
    table = count_quoted_words(Tables(tmp_path), make_quotations(*[("CNN", "a", "x")] * 3))
    columns = ["n_articles", "n_words", "n_quotations", "n_words_direct", "direct_percent", "indirect_percent"]
    assert table[columns].values.tolist() == [[1, 45, 3, 15, 33.3, 13.3], [1, 0, 0, 0, 0, 0]]


def test_sides_are_described_as_soon_as_one_speaker_has_one():
    rows = make_outlets(3)
    rows.loc[0, "speaker_side"] = "government"
    assert describe_sides(rows) == describe_intervals(rows) != describe_sides(rows.assign(speaker_side=None))


def test_a_share_with_an_interval_is_rounded_to_a_tenth_of_a_percent():
    table = count_speakers(make_outlets(5, ["CNN"]))  # Ann Lee is quoted in 5 articles, Bo Chan in 2
    assert table["share_percent"].tolist() == [71.4, 28.6]
    assert all(float(f"{value:.1f}") == value for value in table["low_percent"])


def test_shares_of_words_are_told_by_outlet(seeds):
    said = tell_quoted_words(count_quoted_words(seeds, choose_quotations(seeds)))
    assert says(said, "58 % in CGTN", "of 372", "43 % in CNN", "of 490")


def test_of_many_outlets_the_shares_of_the_first_and_the_last_are_told():
    words = pd.DataFrame({"outlet": list("ABCDEFGH"), "n_words": 100, "n_words_direct": range(1, 9),
                          "n_words_indirect": 2})
    assert re.findall(r"(\d+) % in (\w)", tell_quoted_words(words)) == [("10", "H"), ("3", "A")]
    ties = words.iloc[[2, 0, 1]].assign(n_words_direct=4)
    assert re.findall(r"% in (\w)", tell_quoted_words(ties)) == ["A", "B", "C"]
