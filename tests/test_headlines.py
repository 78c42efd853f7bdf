"""A headline that only the metadata have, from the file to the pages: read once, counted, shown and corrected."""

import json
import re

import pandas as pd
import pytest

import samestory as ss
from samestory.correct.corrections import Correction
from samestory.correct.overlay import write_corrected
from samestory.explore.corrections import list_targets
from samestory.explore.side_by_side import add_neighbours, find_side_by_side
from samestory.report.article_pages import write_articles
from samestory.report.page_links import Citation
from samestory.show.anchors import name_article
from samestory.tables.tables import Tables, load_tables

ARTICLES = [
    {"id": "cnn/1", "outlet": "CNN", "headline": "Kenya talks collapse as Ada Voss leaves Oslo | CNN",
     "text": "Prime Minister Ada Voss left the talks in Oslo on Monday.\nVoss said: “We tried for 3 days.”"},
    {"id": "cnn/2", "outlet": "CNN", "headline": "Oslo talks on trade collapse",
     "text": "Oslo talks on trade collapse\n\nTalks ended."},
    {"id": "fox/1", "outlet": "Fox News", "headline": "",
     "text": "The talks in Oslo ended after 3 days, said Ada Voss."}]
HEADLINE = ARTICLES[0]["headline"][:-6]


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Tables:
    path = tmp_path_factory.mktemp("headlines") / "talks.jsonl"
    path.write_text("".join(f"{json.dumps(article)}\n" for article in ARTICLES), encoding="utf-8")
    return load_tables(path)


def cut(tables, rows):
    return [tables.field_texts[row.article_id, row.field][row.start:row.end] for row in rows.itertuples()]


@pytest.mark.parametrize(("include", "n"), [(True, [2, 2, 1]), (False, [1, 1, 1])])
def test_words_of_headlines_are_counted_under_include_headline(tables, include, n):
    counts = ss.count_terms(tables.folder, include_headline=include)
    assert counts[counts["term"] == "talks"]["n"].tolist() == n
    assert set(counts["term"]) >= {"collapse", "kenya"} if include else "kenya" not in set(counts["term"])


def test_words_of_headlines_alone_can_be_counted(tables):
    counts = ss.count_terms(tables.folder, only="headline")
    assert counts[counts["article_id"] == "cnn/1"]["term"].tolist() == [
        "ada", "as", "collapse", "kenya", "leaves", "oslo", "talks", "voss"]


def test_words_in_context_and_their_places_are_cut_from_their_field(tables):
    context = ss.find_context(tables.folder, "talks", outlets=["CNN"])
    assert context["keyword"].str.lower().tolist() == ["talks"] * 4
    assert (context["left"] + "*" + context["right"]).tolist()[0] == "Kenya * collapse as Ada Voss leaves Oslo | CNN"
    places = ss.find_places(tables.folder, ["talks"], outlets=["CNN"])
    assert places[["article_id", "field", "word"]].values.tolist()[:2] == [
        ["cnn/1", "headline", 2], ["cnn/1", "text", 15]]


@pytest.mark.parametrize("find", ["find_names", "find_first_mentions"])
def test_names_are_cut_from_their_field(tables, find):
    found = getattr(ss, find)(tables)
    named = found[found["article_id"] == "cnn/1"]
    assert [text.replace("Voss", "Ada Voss") for text in cut(tables, named)[:3]] == ["Kenya", "Ada Ada Voss", "Oslo"]
    assert set(found["field"]) == {"headline", "text"} and set(cut(tables, found)) >= {"Oslo", "Ada Voss"}


def test_a_name_in_the_headline_is_named_first_there(tables):
    first = ss.find_first_mentions(tables)
    kenya = first[first["name"] == "Kenya"].iloc[0]
    assert (kenya["in_headline"], kenya["percent"], kenya["n_mentions"]) == (True, 0, 1)
    assert first[first["article_id"] == "cnn/1"]["in_headline"].all()
    assert first["percent"].between(0, 100).all()


def test_evidence_is_the_headline_and_leads_to_it(tables):
    names = ss.find_names(tables)
    found = ss.find_sentences(tables, names[(names["name"] == "Ada Voss") & (names["article_id"] == "cnn/1")])
    assert found["text"].tolist() == [HEADLINE, ARTICLES[0]["text"][:57], ARTICLES[0]["text"][58:]]
    assert [[found["text"][i][mark["start"] - found["start"][i]:mark["end"] - found["start"][i]] for mark in marks]
            for i, marks in enumerate(found["marks"])] == [["Ada Voss"], ["Ada Voss"], ["Voss"]]
    items = ss.show_sentences(found, caption="c").block["items"]
    assert [item["place"] for item in items] == [["cnn/1", 0, "headline"], ["cnn/1", 0], ["cnn/1", 58]]


def test_labels_and_descriptions_are_cut_from_their_field(tables):
    labels = ss.find_labels(tables)
    assert labels[labels["article_id"] == "cnn/1"]["field"].tolist() == ["headline", "text"]
    assert {text.split()[-1].lower() for text in cut(tables, labels)} == {"talks", "collapse"}
    assert set(cut(tables, ss.find_descriptions(tables))) == {"Prime Minister"}


def test_sentences_stand_side_by_side_with_their_marks(tables):
    quotations, names = ss.choose_quotations(tables), ss.find_names(tables)
    rows = find_side_by_side(tables, quotations, names, word="collapse")
    assert rows["text"].tolist() == [HEADLINE, "Oslo talks on trade collapse"]
    assert [(mark["start"], mark["end"]) for marks in rows["marks"] for mark in marks] == [(12, 20), (20, 28)]
    near = add_neighbours(tables, rows)
    assert near["before"].tolist() == ["", ""] and near["after"][0] == ARTICLES[0]["text"][:57]
    assert "Kenya talks collapse" in list_targets(tables, rows).set_index("target_id")["told"]["cnn/1/mh0-5"]


def test_an_article_page_shows_the_headline_before_the_text(tables, tmp_path):
    cited = [Citation("cnn/1", 0, "01.html#c1", "Who", field) for field in ("headline", "text")]
    choice = {"unit": "word", "min_count": 1, "top_n": 5}
    written = write_articles(tmp_path, tables, cited, parameters=choice, siblings=[("Names", "01.html")])["cnn/1"]
    page = (tmp_path / "articles" / f"{name_article('cnn/1')}.html").read_text(encoding="utf-8")
    head, body = re.findall(r'<p(?: class="head")?>(.*?)</p>', page.partition('<div class="text">')[2], re.DOTALL)[:2]
    assert re.sub("<sup>.*?</sup>|<[^>]*>", "", head).strip() == f"headline{ARTICLES[0]['headline']}"
    assert re.sub("<sup>.*?</sup>|<[^>]*>", "", body).strip() == ARTICLES[0]["text"][:57]
    assert re.findall(r'<span class="n"[^>]*>([^<]*)</span>', head) == ["Kenya", "Ada Voss", "Oslo"]
    anchors = [written.find(written.locate(0, field)) for field in ("headline", "text")]
    assert anchors == ["#o0", f"#o{len(HEADLINE) + 8}"]
    assert set(re.findall(r'href="#(o\d+)"', page)) <= set(re.findall(r'id="(o\d+)"', page))


def test_a_report_of_headlines_has_no_broken_facts(tables):
    facts = ss.find_facts(tables)
    assert not set(facts["text"]) & {HEADLINE, ARTICLES[0]["headline"]}
    spoken = ss.find_spoken_names(tables, ss.choose_quotations(tables))
    assert set(spoken.get("field", pd.Series(dtype=str))) <= {"text"}


def correct(tables, tmp_path, *cells):
    rows = [Correction(line, *cell, "me", "") for line, cell in enumerate(cells, start=2)]
    write_corrected(tables.folder, rows, tmp_path / "corrected")
    return Tables(tmp_path / "corrected")


def test_names_of_headlines_are_corrected(tables, tmp_path):
    now = correct(tables, tmp_path, ("cnn/1/mh0-5", "change", "label", "GPE", "ORG"),
                  ("cnn/1/mh6-11", "add", "entity_id", "talks", "EVENT:Oslo talks"),
                  ("cnn/1/qh6-11", "add", "speaker_name", "talks", "Ada Voss"))
    assert now.read("corrections")["status"].tolist() == ["changed", "added", "unfit"]
    headline = now.mentions[now.mentions["field"] == "headline"]
    assert headline["entity_id"].tolist()[:2] == ["ORG:Kenya", "EVENT:Oslo talks"]


def test_a_corrected_headline_is_no_longer_read_as_the_old_one(tables, tmp_path):
    now = correct(tables, tmp_path, ("cnn/1", "change", "headline", ARTICLES[0]["headline"], "Talks end"))
    for name in ("sentences", "tokens", "mentions", "values", "statements"):
        assert "headline" not in set(now.read(name)["field"]), name
    assert "kenya" not in set(now.read("counts")["term"]) and "GPE:Kenya" not in set(now.entities["entity_id"])
    assert len(now.read("tokens")) == len(tables.read("tokens")) - 8


def test_a_dropped_line_leaves_the_headline(tables, tmp_path):
    now = correct(tables, tmp_path, ("cnn/1/l1", "change", "role", "body", "other"))
    sentences = now.sentences[now.sentences["article_id"] == "cnn/1"]
    assert cut(now, sentences) == [HEADLINE, ARTICLES[0]["text"][58:]]
    assert now.mentions[now.mentions["article_id"] == "cnn/1"]["field"].tolist() == ["headline"] * 3 + ["text"]
