"""Fields: a headline of the metadata is analysed with the text, and every row slices its own field."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate.annotate import annotate_articles
from samestory.annotate.models import TOKENS_MODEL
from samestory.base.schema import ANNOTATED_TABLES, TABLES
from samestory.clean.articles import Article, clean_articles
from samestory.read.corpus import find_corpus

HEADLINE = "Voss wins 12 seats in Norway | CNN"
TEXT = "OSLO (CNN) Prime Minister Ada Voss said on Monday that she had won. “We did it,” she said in Oslo."
SPAN_TABLES = [name for name in ANNOTATED_TABLES if any(c.name == "field" for c in TABLES[name].columns)]


@pytest.fixture(scope="module")
def annotate(tmp_path_factory):
    """Annotates records of a JSONL file; returns the articles and the rows of each table of spans."""
    def make(*records, **options):
        path = tmp_path_factory.mktemp("fields") / "a.jsonl"
        path.write_text("".join(json.dumps({"id": str(n), "outlet": "CNN"} | record) + "\n"
                                for n, record in enumerate(records)), encoding="utf-8", errors="surrogatepass")
        articles = [found for found in clean_articles(find_corpus(path)) if isinstance(found, Article)]
        tables = annotate_articles(articles, **options)
        return ({article.article_id: article.row for article in articles},
                {name: tables[name].to_pylist() for name in SPAN_TABLES})
    return make


def cut(articles, row):
    return articles[row["article_id"]][row["field"]][row["start"]:row["end"]]


def test_names_and_values_of_a_headline_have_offsets_into_it(annotate):
    articles, rows = annotate({"headline": HEADLINE, "text": TEXT})
    found = [(row["field"], row["text"], row["name"], row["mention_id"]) for row in rows["mentions"]]
    assert found[:2] == [("headline", "Voss", "Ada Voss", "0/mh0-4"), ("headline", "Norway", "Norway", "0/mh22-28")]
    assert [(row["text"], row["value_id"]) for row in rows["values"] if row["field"] == "headline"] == [
        ("12", "0/vh10-12")]
    assert all(cut(articles, row) == row["text"] for name in ("mentions", "values") for row in rows[name])
    assert {cut(articles, row) for row in rows["statements"] if row["field"] == "headline"} == {HEADLINE[:-6]}


def test_a_headline_comes_first_and_has_no_paragraph(annotate):
    articles, rows = annotate({"headline": HEADLINE, "text": TEXT})
    assert [(row["sentence"], row["paragraph"], row["role"], cut(articles, row)) for row in rows["sentences"]][:2] == [
        (0, None, "headline", HEADLINE[:-6]), (1, 0, "body", TEXT[:67])]
    assert [row["token"] for row in rows["tokens"]] == list(range(len(rows["tokens"])))
    assert "cnn" not in [row["norm"] for row in rows["tokens"] if row["field"] == "headline"]


def test_the_text_is_annotated_as_without_a_headline(annotate):
    _, rows = annotate({"headline": "It rains", "text": TEXT})
    _, alone = annotate({"text": TEXT})
    for name, found in rows.items():
        own = [row | {"sentence": row["sentence"] - 1} for row in found if row["field"] == "text"]
        want = [row | {"token": row["token"] + 2} if "token" in row else row for row in alone[name]]
        assert own == want


@pytest.mark.slow
@pytest.mark.parametrize("model", [{}, {"model": TOKENS_MODEL}])
def test_a_headline_of_a_misread_text_has_its_own_offsets(annotate, model):
    articles, rows = annotate({"headline": "It isnâ€™t Norway", "text": "Ada Voss said â€œit is soâ€\x9d in Oslo."},
                              {"headline": "Rain in Oslo", "text": "It rained."}, **model)
    assert articles["0"]["headline"] == "It isn’t Norway"
    words = [cut(articles, row) for row in rows["tokens"]]
    assert words[:4] == ["It", "is", "n’t", "Norway"] and words[4:7] == ["Ada", "Voss", "said"]
    assert words[-6:] == ["Rain", "in", "Oslo", "It", "rained", "."]
    assert all(cut(articles, row) == row["text"] for row in rows["mentions"])


@pytest.mark.slow
def test_words_alone_are_the_same_tokens(annotate):
    records = [{"headline": HEADLINE, "text": TEXT}, {"text": TEXT}, {"headline": "Rain", "text": "It rained."}]
    columns = ("article_id", "sentence", "token", "role", "field", "start", "end", "norm")
    parsed, cheap = (annotate(*records, **options)[1]["tokens"] for options in ({}, {"model": TOKENS_MODEL}))
    assert [[row[name] for name in columns] for row in cheap] == [[row[name] for name in columns] for row in parsed]


def test_marks_in_a_headline_open_no_quotation_of_the_text(annotate):
    _, rows = annotate({"headline": "Voss: “We won", "text": TEXT})
    assert [row["text"] for row in rows["quotations"] if row["kind"] == "direct"] == ["We did it,"]
    assert {row["field"] for row in rows["quotations"]} == {"text"}


def test_a_headline_in_the_text_is_a_line_of_it(annotate):
    _, rows = annotate({"headline": "Voss wins seats in Norway", "text": f"Voss wins seats in Norway\n\n{TEXT}"})
    assert {row["field"] for found in rows.values() for row in found} == {"text"}
    assert [row["role"] for row in rows["sentences"]] == ["headline", "body", "body"]


@settings(max_examples=20)
@given(headline=st.text(alphabet="Aé \u00a0\n“”'.!|-9日🙂\u00ad", max_size=40),
       text=st.text(alphabet="ab é.\n“”", max_size=60))
def test_tokens_are_words_of_their_field_in_order(annotate, headline, text):
    articles, rows = annotate({"headline": headline, "text": f"Rain fell. {text}"}, model=TOKENS_MODEL)
    reached = {"headline": 0, "text": 0}
    for row in rows["tokens"]:
        assert len(cut(articles, row).split()) == 1 and row["start"] >= reached[row["field"]]
        reached[row["field"]] = row["end"]
    assert len({row["token"] for row in rows["tokens"]}) == len(rows["tokens"])
