"""Quotations on a page: marked in their sentences, escaped, bounded; versions side by side."""

import re
from html import unescape

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.measure.speakers import choose_quotations
from samestory.measure.speech_acts import choose_speech_acts, count_speech_acts
from samestory.measure.utterances import list_utterances, tell_utterances
from samestory.show.quotations import _shorten_cuts as shorten_cuts
from samestory.show.quotations import (
    find_passages,
    show_quotations,
    show_statements,
    show_utterances,
    spread_rows,
)
from samestory.show.shown import cut_pieces
from samestory.tables.tables import load_tables
from tests.support.wording import says

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>\x07\u202e'
BRIDGE = "Mayor Ann Lee said on Monday that the bridge would be closed."
VERSIONS = {"cnn/1.txt": f'{BRIDGE}\n\n"We will open the old bridge again before winter comes," Ann Lee said.',
            "fox/1.txt": f'{BRIDGE}\n\nAnn Lee said that she was sure. "We will open the bridge again," Lee said.'}
ACTS = "Ann Lee urged Congress to act. Ann Lee vowed to rebuild the bridge. Bo Chan thanked the crowd."


@pytest.fixture(scope="module")
def quotations(seeds):
    return choose_quotations(seeds)


@pytest.fixture
def versions(folder):
    tables = load_tables(folder(VERSIONS))
    return list_utterances(tables, choose_quotations(tables))


def strip_tags(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_speaker_cue_and_content_are_marked(seeds, quotations):
    texts = seeds.articles.set_index("article_id")["text"]
    for row, source in zip(find_passages(seeds, quotations).to_dict("records"), quotations.to_dict("records"),
                           strict=True):
        assert texts[row["article_id"]][row["start"]:].startswith(row["text"])
        said = [texts[row["article_id"]][m["start"]:m["end"]] for m in row["marks"] if m["role"] == "content"]
        assert " … ".join(said) == source["text"]
        cues = [texts[row["article_id"]][m["start"]:m["end"]] for m in row["marks"] if m["role"] == "cue"]
        assert cues == ([source["cue"]] if isinstance(source["cue"], str) else [])


def test_a_speaker_named_far_away_does_not_lengthen_the_passage(seeds, quotations):
    assert find_passages(seeds, quotations)["text"].str.len().max() < 700


def test_roles_are_distinguishable_without_colour(seeds, quotations):
    html = show_quotations(seeds, quotations, caption="c").html
    assert says(html, "<b>Zhao</b>", "<i>added</i>", "<mark>the U.S.&#x27;s attempts")
    assert html.count("<li>") == len(quotations)


def test_rows_that_are_not_shown_are_counted(seeds, quotations):
    shown = show_quotations(seeds, quotations, caption="c", max_rows=5)
    assert shown.html.count("<li>") == 5
    assert f"{len(quotations) - 5} more quotations" in shown.html
    assert f"{len(quotations) - 5} more quotations" in shown.text


def test_a_short_list_has_something_of_every_outlet():
    rows = pd.DataFrame({"outlet": ["A"] * 9 + ["B"] * 2, "article_id": "a", "sentence": range(11),
                         "quotation_id": [f"q{i:02}" for i in range(11)]})
    assert spread_rows(rows, 5)["outlet"].tolist() == ["A", "A", "A", "B", "B"]
    assert len(spread_rows(rows, 99)) == 11


def test_nothing_to_show_gives_none(seeds, quotations):
    assert "<li>none</li>" in show_quotations(seeds, quotations.iloc[:0], caption="c").html
    assert show_quotations(seeds, quotations.iloc[:0], caption="c").text == "c\nnone"


@pytest.mark.slow
def test_hostile_text_is_escaped(folder):
    tables = load_tables(folder({"cnn/1.txt": f'{HOSTILE} "{HOSTILE} is all we have," Ann Lee said.'}))
    quotations = choose_quotations(tables)
    assert len(quotations)
    html = show_quotations(tables, quotations, caption=HOSTILE).html
    assert "<script" not in html and "<img" not in html and "\x07" not in html and "\u202e" not in html


@given(st.text("ab <&\"", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60),
                                                           st.sampled_from(["b", "i", "mark"]))))
def test_marks_never_change_the_text(text, spans):
    pieces = cut_pieces(text, [(min(a, b), max(a, b), tag) for a, b, tag in spans])
    assert "".join(part for part, _ in pieces) == text


@pytest.mark.slow
def test_the_words_that_were_cut_are_marked(versions):
    row = versions[versions["relation"] == "trimmed"].iloc[0]
    assert (row["speaker_name"], row["outlet_a"], row["outlet_b"]) == ("Ann Lee", "CNN", "Fox News")
    shown = show_utterances(versions, caption="c")
    html, text = shown.html, shown.text
    assert says(text, "[only here: old", "before winter comes]\n")
    assert re.findall("<mark>(.*?)</mark>", html)[-2:] == ["old", "before winter comes"]
    assert says(html, "CNN:</b>", "old", "Fox News:</b>", "the bridge again")


def test_a_sentence_counts_the_versions(versions):
    assert says(tell_utterances(versions), "2 pairs", "1 identical", "1 trimmed", "0 in other words")
    assert not re.search(r"\d", tell_utterances(versions.iloc[:0]))
    assert "<li>none</li>" in show_utterances(versions.iloc[:0], caption="c").html
    assert "1 more pair" in show_utterances(versions, caption="c", max_rows=1).text


@pytest.mark.slow
def test_a_pair_of_the_same_quotation_again_comes_last(folder):
    third = '"We will open the old bridge again before winter," Ann Lee said.'
    tables = load_tables(folder(VERSIONS | {"bbc/1.txt": third}))
    found = list_utterances(tables, choose_quotations(tables))
    trimmed = found.index[found["relation"] == "trimmed"]
    assert len(trimmed) == 3
    assert trimmed.tolist() == [0, 2, 3]  # first one pair of the three, then the identical one of the other utterance


@pytest.mark.slow
def test_two_outlets_may_give_the_same_words_to_two_speakers(folder):
    tables = load_tables(folder({"cnn/1.txt": '"We will open the old bridge again," Ann Lee said.',
                                 "fox/1.txt": '"We will open the old bridge again," Bo Chan said.'}))
    found = list_utterances(tables, choose_quotations(tables))
    assert found[["speaker_name", "other_name"]].values.tolist() == [["Ann Lee", "Bo Chan"]]
    assert says(show_utterances(found, caption="c").html, "CNN", "Ann Lee", "Fox News", "Bo Chan", "identical")


def test_a_long_cut_is_shown_by_its_ends():
    text = f"We agree. {'word ' * 200}And we said so."
    shown, marks = shorten_cuts(text, [(10, 1010)])
    assert len(shown) < 250
    assert re.search(r" … \[1\d\d words\] … ", shown[marks[0].start:marks[0].end])
    assert (shown[:10], shown[marks[0].end:]) == (text[:10], text[1010:])


@pytest.mark.slow
def test_acts_are_counted_apart_with_their_speakers(folder):
    tables = load_tables(folder({"cnn/1.txt": ACTS}))
    acts = choose_speech_acts(tables)
    counted = count_speech_acts(acts)
    assert counted["n_acts"].sum() == len(acts)
    demanding = counted.set_index("cue_class").loc["demanding"]
    assert demanding[["cues", "speakers", "share"]].tolist() == ["urge 1", "Ann Lee 1", f"1 of {len(acts)}"]
    assert "<i>urged</i> <mark>Congress" in show_quotations(tables, acts, caption="c").html
    assert not set(acts["quotation_id"]) & set(tables.quotations["quotation_id"])


def test_no_acts_have_the_same_columns(seeds):
    counted = count_speech_acts(choose_speech_acts(seeds))
    assert list(counted.columns) == ["outlet", "cue_class", "n_acts", "share", "cues", "speakers"]
    assert counted.empty


def test_statements_are_given_for_the_rows_that_count_them(seeds, quotations):
    rows = quotations[["kind", "outlet"]].drop_duplicates().sort_values(["kind", "outlet"])
    shown = show_statements(seeds, quotations, rows, by=["kind", "outlet"], caption="c", per_row=1)
    counts = quotations.groupby(["kind", "outlet"]).size()
    said = ["the only statement" if n == 1 else f"1 of {n} statements" for n in counts]
    names = [f"{' · '.join(key)}: {one}" for key, one in zip(counts.index, said, strict=True)]
    assert shown.text.splitlines() == ["c", *names]
    assert len(shown.block["parts"]) == shown.html.count("<li>") == len(rows)


def test_rows_without_statements_have_no_part(seeds, quotations):
    rows = pd.DataFrame({"kind": ["direct", "sung", None]})
    shown = show_statements(seeds, quotations, rows, by=["kind"], caption="c", max_rows=2)
    assert len(shown.block["parts"]) == 1 and "1 more row" in shown.text
    assert "There are none." in show_statements(seeds, quotations, rows.tail(1), by=["kind"], caption="c").text


def test_each_quotation_records_where_it_begins(seeds, quotations, versions):
    places = [item["place"] for item in show_quotations(seeds, quotations, caption="c").block["items"]]
    starts = [[row["article_id"], min(span["start"] for span in row["content_spans"])]
              for row in quotations.to_dict("records")]
    assert sorted(places) == sorted(starts)
    pairs = show_utterances(versions, caption="c").block["pairs"]
    assert all(item["place"] for pair in pairs for item in pair["versions"])
