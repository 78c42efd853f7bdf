"""The seeds against the gold annotation in data/gold, which is one coder's; see data/gold/README.md.
"""

import hashlib
import json

import pandas as pd
import pytest

from samestory.base.resources import resource
from tests.conftest import CGTN, CNN

FACTS = json.loads((resource("data/gold/seeds/facts.json")).read_text(encoding="utf-8"))
ID = {"cgtn": CGTN, "cnn": CNN}
ROLE = {"section_kicker": "kicker", "publish_time": "dateline", "headline": "headline", "update_time": "dateline",
        "outlet_byline": "outlet", "boilerplate_read_more": "teaser", "boilerplate_teaser_link": "teaser",
        "boilerplate_copyright": "copyright", "boilerplate_related": "teaser", "credit_line": "credit"}


def row(seeds, article_id):
    return seeds.articles.set_index("article_id").loc[article_id]


@pytest.mark.parametrize("name", ID)
def test_the_text_is_the_file(seeds, seed_texts, name):
    text = row(seeds, ID[name])["text"]
    assert text == seed_texts[ID[name]]
    assert hashlib.sha256(text.encode()).hexdigest() == FACTS["documents"][name]["sha256"]
    assert text.count("\u00a0") == FACTS["documents"][name]["nbsp"]


def test_lines_that_are_not_part_of_the_story(seeds):
    lines = seeds.lines[seeds.lines["role"] != "body"]
    found = {(line.article_id, line.line, line.start, line.end, line.role) for line in lines.itertuples()}
    assert found == {(ID[g["doc"]], g["line"], g["start"], g["end"], ROLE[g["role"]]) for g in FACTS["line_roles"]}


@pytest.mark.parametrize("name", ID)
def test_paragraphs_and_words_of_the_body(seeds, name):
    body = seeds.lines[(seeds.lines["role"] == "body") & (seeds.lines["article_id"] == ID[name])]
    assert list(zip(body["start"], body["end"], strict=True)) == [
        (p["start"], p["end"]) for p in FACTS["paragraphs"][name]]
    assert row(seeds, ID[name])["n_words"] == FACTS["documents"][name]["body_words"]


def test_metadata_of_cgtn(seeds):
    article, gold = row(seeds, CGTN), FACTS["documents"]["cgtn"]
    assert (article["outlet"], article["headline"], article["section"]) == ("CGTN", gold["headline"], gold["section"])
    assert article["published_at"] == pd.Timestamp(gold["published_utc"])
    assert article["updated_at"] == pd.Timestamp(gold["updated_utc"])


def test_metadata_of_cnn_is_missing_not_invented(seeds):
    article = row(seeds, CNN)
    assert (article["outlet"], article["outlet_from"]) == ("CNN", "text")
    for name in ("headline", "published_at", "section", "byline"):
        assert pd.isna(article[name])
        assert article[f"{name}_from"] == "missing"


def test_nothing_is_taken_from_the_teaser(seeds):
    teaser = next(g for g in FACTS["line_roles"] if g["role"] == "boilerplate_teaser_link")
    for table in ("mentions", "sentences", "tokens"):
        rows = seeds.read(table)
        inside = (rows["article_id"] == CGTN) & (rows["start"] >= teaser["start"]) & (rows["start"] < teaser["end"])
        assert not inside.any(), table
    assert not seeds.quotations["text"].str.contains("UN chief hopes").any()


def test_quoted_words_by_outlet(seeds):
    from samestory.measure.speakers import choose_quotations, count_quoted_words
    table = count_quoted_words(seeds, choose_quotations(seeds)).set_index("outlet")
    for name, outlet in (("cgtn", "CGTN"), ("cnn", "CNN")):
        gold = FACTS["voice_summary"][name]
        counted = sum(speaker["attributions"] for speaker in gold["by_speaker"].values())
        assert table.loc[outlet, "n_words_direct"] == gold["direct_words"]
        assert table.loc[outlet, "n_quotations"] == counted


def test_no_word_difference_is_called_supported(seeds):
    from samestory.count.terms import count_terms
    from samestory.measure.words.keyness import measure_outlets
    table = measure_outlets(count_terms(seeds.folder)).table
    assert "p" not in table
    assert (table["lrc"] == 0).all()


def test_us_is_one_term_however_it_is_written(seeds):
    from samestory.count.terms import list_folded
    folded = list_folded(seeds.folder)
    forms = set(folded.loc[folded["term"] == "united states", "form"].str.lower())
    assert {"u.s.", "us", "united states"} <= forms


def test_participants_of_one_outlet_only(seeds):
    from samestory.measure.names.names import find_names
    outlets = find_names(seeds).groupby("name")["outlet"].agg(set)
    assert outlets["Yang Jiechi"] == {"CNN"}
    assert outlets["Zhao Lijian"] == {"CGTN"}
    assert outlets["Antony Blinken"] == {"CGTN", "CNN"}
