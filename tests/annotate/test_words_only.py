"""Words alone: the sentences and tokens of a parse, without one; what is not known is refused or empty."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate import words_only as words
from samestory.annotate.annotate import annotate_articles
from samestory.annotate.models import load_model
from samestory.annotate.parse import ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.quotation_marks import find_regions
from samestory.annotate.words_only import tabulate_words
from samestory.base.errors import SameStoryError
from samestory.clean.articles import clean_articles
from samestory.clean.lines import find_lines, find_paragraphs
from samestory.count.terms import count_terms
from samestory.read.corpus import find_corpus
from samestory.tables.provenance import digest_pipeline

SAME = ["article_id", "token", "role", "start", "end", "norm"]


def tabulate(text):
    return tabulate_words([ParseInput("a", text, find_paragraphs(find_lines(text)))], model="tokens")


def list_words(text):
    return tabulate(text)["tokens"].to_pandas()


@pytest.fixture(scope="module")
def seeds():
    """The tables of the seed articles, parsed and by their words alone."""
    articles = list(clean_articles(find_corpus("seeds")))
    return articles, annotate_articles(articles), annotate_articles(articles, model="tokens")


def test_no_component_is_loaded():
    assert load_model("tokens").component_names == []
    assert digest_pipeline("tokens") != digest_pipeline()


@pytest.mark.slow
def test_sentences_and_tokens_are_those_of_a_parse(seeds):
    _, full, words = seeds
    assert words["sentences"].equals(full["sentences"])
    assert words["tokens"].select([*SAME, "sentence"]).equals(full["tokens"].select([*SAME, "sentence"]))
    assert all(words[name].num_rows == 0 for name in ("mentions", "quotations", "speech_acts"))
    assert any("model 'tokens'" in reason for reason in words["problems"]["reason"].to_pylist())


def test_counts_are_nearly_those_of_a_parse(seeds):
    articles, *made = seeds
    listed = pd.DataFrame([{name: article.row[name] for name in ("article_id", "outlet", "counted")}
                           for article in articles])
    full, words = (count_terms({"tokens": tables["tokens"], "articles": listed}).groupby(["article_id", "term"])["n"]
                   .sum() for tables in made)
    assert full.sub(words, fill_value=0).abs().sum() <= 0.005 * full.sum()


def test_lemmas_are_refused(seeds):
    articles, _, words = seeds
    listed = pd.DataFrame([{name: a.row[name] for name in ("article_id", "outlet", "counted")} for a in articles])
    with pytest.raises(SameStoryError, match="without parts of speech"):
        count_terms({"tokens": words["tokens"], "articles": listed}, unit="lemma")


def test_the_word_before_decides_about_clitics():
    words = list_words("China's envoy can't go. It's late. Let's wait; Ca is calcium.")
    clitics = words[words["pos"] != ""]
    assert list(zip(clitics["norm"], clitics["pos"], strict=True)) == [
        ("'s", "PART"), ("ca", "AUX"), ("'s", "AUX"), ("'s", "PRON")]


def test_a_word_is_kept_as_written_but_where_all_is_in_capitals():
    words = list_words("The US told us.\nGIVE US A BREAK.")
    assert list(words["lemma"][words["norm"] == "us"]) == ["US", "us", "us"]


def test_words_between_marks_are_quoted_except_terms():
    words = list_words("“We are ready to talk,” he said of the “2+2” plan.")
    assert list(words["norm"][words["in_quotation"]]) == ["we", "are", "ready", "to", "talk", ","]


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.sampled_from("aB .,!?\n\u00a0\u2009“”\"'’é日🙂-"), max_size=120))
def test_any_text_is_cut_into_the_tokens_of_a_parse(text):
    parse = parse_article(ParseInput("a", text, find_paragraphs(find_lines(text))), model="tokens")
    words = list_words(text)
    assert words["start"].tolist() == parse.starts.tolist() and words["end"].tolist() == parse.ends.tolist()


def test_a_long_text_is_numbered_on():
    made = tabulate("\n".join(f"Paragraph {i} says that nothing happened." for i in range(2_000)))
    assert made["sentences"]["sentence"].to_pylist() == list(range(2_000))
    assert made["tokens"]["token"].to_pylist() == list(range(made["tokens"].num_rows))


@pytest.mark.slow
def test_articles_read_at_once_get_the_rows_that_each_gets_alone(monkeypatch, tmp_path):
    texts = ["“We agree,” she said.\nUS envoys’ talks can't fail.", "Itâ€™s not so. “Noâ€¦” he said.", "A. B.\nC"]
    for i, text in enumerate([*texts, *texts, *texts, "One more paragraph, it says here.\n" * 50, *texts]):
        (tmp_path / f"{i:02}.txt").write_text(text, encoding="utf-8")
    articles = list(clean_articles(find_corpus(tmp_path)))
    monkeypatch.setattr(words, "WORDS_BATCH_CHARS", 200)  # an article goes on in the next batch
    together = annotate_articles(articles, model="tokens")
    alone = [annotate_articles([article], model="tokens") for article in articles]
    for name, table in together.items():
        assert table.equals(pa.concat_tables(tables[name] for tables in alone)), name
    assert together["sentences"].num_rows > 60


def test_an_article_that_cannot_be_read_costs_no_other(monkeypatch, seeds):
    articles, _, made = seeds

    def find_no_regions(text, spans):
        if text == articles[0].row["text"]:
            raise ValueError("odd marks")
        return find_regions(text, spans)

    monkeypatch.setattr(words, "find_regions", find_no_regions)
    found = annotate_articles(articles, model="tokens")
    assert set(found["tokens"]["article_id"].to_pylist()) == {articles[1].article_id}
    assert found["lines"].equals(made["lines"])
    assert [row["reason"] for row in found["problems"].to_pylist() if row["severity"] == "error"] == [
        "ValueError: odd marks"]


def test_a_mark_is_no_possessive_but_after_s():
    tokens = list_words("The talks failed.\n‘Gosh,’ he said. The envoys’ talks.")
    assert tokens["pos"][tokens["norm"] == "'"].tolist() == ["", "", "PART"]
