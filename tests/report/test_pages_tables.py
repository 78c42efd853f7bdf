"""Tables of the pages: each small table adds up to the large one it was made from."""

import pandas as pd
import pytest

from samestory.findings import find_main_points
from samestory.measure.corpus import (
    count_articles,
    count_missing,
    count_roles,
    list_articles,
    list_repeats,
    list_stripped,
)
from samestory.measure.names.names import count_mentions, find_names
from samestory.measure.speakers import (
    choose_quotations,
    compare_speakers,
    count_cues,
    count_kinds,
    count_quoted_words,
    count_sides,
    count_speakers,
    list_quotations,
    list_unresolved,
)
from samestory.measure.words.keywords import list_top_terms, pick_comparison, tell_support
from samestory.show.evidence import find_sentences


@pytest.fixture(scope="module")
def quotations(seeds):
    return choose_quotations(seeds)


def test_articles_and_words_by_outlet(seeds):
    table = count_articles(seeds).set_index("outlet")
    assert table["n_words"].to_dict() == {"CGTN": 372, "CNN": 490}
    assert table.loc["CGTN", "first"] == pd.Timestamp("2021-03-17 12:00", tz="UTC")
    assert pd.isna(table.loc["CNN", "first"])
    assert len(list_articles(seeds)) == 2


def test_missing_metadata_is_counted(seeds):
    table = count_missing(seeds).set_index(["field", "outlet"])
    assert table.loc[("headline", "CNN"), "n_missing"] == 1
    assert table.loc[("headline", "CGTN"), "origins"] == "text"


def test_lines_add_up(seeds):
    roles = count_roles(seeds)
    assert roles["n_lines"].sum() == len(seeds.lines)
    stripped = list_stripped(seeds)
    assert len(stripped) == roles.loc[~roles["role"].isin(["body", "headline"]), "n_lines"].sum()
    assert "Read More:" in set(stripped["text"])


def test_without_repeats_the_table_is_empty(seeds):
    assert list_repeats(seeds).empty


def test_speakers_add_up_to_the_quotations(quotations):
    speakers = count_speakers(quotations)
    assert speakers["n_quotations"].sum() == len(quotations)
    assert compare_speakers(quotations)["n_quotations"].sum() <= len(quotations)
    first = speakers[speakers["outlet"] == "CGTN"].iloc[0]
    assert first["share"] == f"{first['n_quotations']} of {(quotations['outlet'] == 'CGTN').sum()}"


def test_kinds_and_cues_add_up(quotations):
    assert count_kinds(quotations)["n_quotations"].sum() == len(quotations)
    assert count_cues(quotations)["n_quotations"].sum() == quotations["cue_class"].notna().sum()


def test_quoted_words_are_a_share_of_the_body(seeds, quotations):
    table = count_quoted_words(seeds, quotations)
    assert table["n_words_direct"].sum() == quotations["n_words_direct"].sum()
    assert table["direct_percent"].between(0, 100).all()


def test_confident_quotations_are_a_subset_of_all(seeds, quotations):
    assert len(choose_quotations(seeds, min_confidence=1.01)) == 0
    assert list_quotations(quotations, speakers=["Zhao Lijian"])["speaker_name"].unique().tolist() == ["Zhao Lijian"]
    assert len(list_unresolved(quotations)) < len(quotations)


def test_mentions_add_up(seeds):
    mentioned = count_mentions(find_names(seeds))
    assert mentioned["n_mentions"].sum() == len(seeds.mentions)
    assert mentioned["entity_id"].nunique() == len(seeds.entities)


def test_evidence_marks_the_counted_words(seeds):
    texts = seeds.articles.set_index("article_id")["text"]
    names = find_names(seeds)
    rows = find_sentences(seeds, names[names["name"] == "Yang Jiechi"])
    assert rows["outlet"].tolist() == ["CNN"]
    row = rows.iloc[0]
    assert texts[row["article_id"]][row["start"]:row["start"] + len(row["text"])] == row["text"]
    assert [texts[row["article_id"]][m["start"]:m["end"]] for m in row["marks"]] == ["Yang Jiechi"]


def test_evidence_of_nothing_is_empty(seeds):
    rows = find_sentences(seeds, pd.DataFrame({"article_id": [], "start": [], "end": []}))
    assert list(rows.columns) == ["article_id", "outlet", "headline", "field", "text", "start", "marks"]


def test_keywords_of_two_articles_are_described_not_tested(seeds):
    from samestory.count.terms import count_terms
    from samestory.measure.words.keyness import measure_outlets
    counts = count_terms(seeds.folder)
    keyness = measure_outlets(counts)
    first = pick_comparison(keyness, counts)
    assert (first.target, first.reference) == ("CGTN", "CNN")
    assert "p" not in first.table
    assert first.contrast == keyness.contrasts[0].sentence
    assert tell_support(keyness) == first.sentence
    assert list_top_terms(keyness.table)["outlet"].tolist() == ["CGTN", "CNN"]


@pytest.mark.slow
def test_findings_take_their_numbers_from_the_tables(seeds, quotations):
    text = " ".join(finding.text for finding in find_main_points(seeds, {}))
    sides = count_sides(quotations)
    assert len(sides) > 3 and all(f"{row.speaker_side} {row.share}" in text for row in sides.itertuples())
