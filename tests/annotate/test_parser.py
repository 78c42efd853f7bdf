"""The parse: tokens and sentences keep their places in the untouched text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate.annotate import _read_source
from samestory.annotate.models import DEFAULT_MODEL
from samestory.annotate.parse import ParseInput
from samestory.annotate.parser import MAX_PARSED_CHARS, _run_pipeline, cut_parse_input, parse_article
from samestory.base.errors import SameStoryError
from samestory.clean.lines import find_lines, find_paragraphs


def parse(text):
    return parse_article(ParseInput("a", text, find_paragraphs(find_lines(text))))


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.sampled_from("aB .,!?\n\u00a0\u2009“”\"'’é日🙂-"), max_size=120))
def test_tokens_slice_back(text):
    parsed = parse(text)
    words = [text[a:b] for a, b in zip(parsed.starts, parsed.ends, strict=True)]
    assert words == [token.text for token in parsed.doc]
    assert "".join(words) == "".join("".join(text[p.start:p.end].split()) for p in parsed.source.paragraphs)


def test_sentences_end_with_their_paragraph():
    parsed = parse("One has no stop here but a colon:\n“Two,” he said. Three.")
    assert [parsed.text[slice(*parsed.span(s.start, s.end))] for s in parsed.sentences] == [
        "One has no stop here but a colon:", "“Two,” he said.", "Three."]


@pytest.mark.slow
def test_a_long_article_is_parsed_in_pieces():
    text = "\n".join(f"Paragraph {i} says that nothing happened in Anchorage." for i in range(MAX_PARSED_CHARS // 40))
    parsed = parse(text)
    assert len(parsed.sentences) == MAX_PARSED_CHARS // 40
    assert parsed.text[slice(*parsed.span(len(parsed.doc) - 3, len(parsed.doc)))] == "in Anchorage."


@pytest.mark.slow
def test_a_long_paragraph_is_parsed_in_pieces_too(monkeypatch):
    lengths = []
    monkeypatch.setattr("samestory.annotate.parser._run_pipeline", lambda nlp,
                        doc: lengths.append(len(doc.text)) or _run_pipeline(nlp, doc))
    sentences = [f"“Part {i},” said Ann Lee, “is no paragraph.”" for i in range(MAX_PARSED_CHARS // 15)]
    parsed = parse(" ".join(sentences))
    assert len(lengths) > 2 and max(lengths) < 1.3 * MAX_PARSED_CHARS  # with white space
    assert [parsed.text[slice(*parsed.span(s.start, s.end))] for s in parsed.sentences] == sentences


def test_a_paragraph_longer_than_a_run_is_cut_behind_a_stop(monkeypatch):
    monkeypatch.setattr("samestory.annotate.parser.MAX_ARTICLE_RUN_CHARS", 50)
    text = "Ada Voss said that nothing happened. Nobody asked her why. " * 3 + "x" * 120
    runs = cut_parse_input(ParseInput("a", text, find_paragraphs(find_lines(text))))
    found = [text[p.start:p.end] for run in runs for p in run.paragraphs]
    assert "".join(found) == text and max(map(len, found)) <= 50
    assert found[0] == "Ada Voss said that nothing happened."
    assert {p.number for run in runs for p in run.paragraphs} == {0}


@pytest.mark.slow
def test_a_very_long_article_is_read_in_runs_and_numbered_on(monkeypatch):
    text = "\n".join(f"Ada Voss said on day {i} that nothing happened. Nobody asked." for i in range(40))
    source = ParseInput("a", text, find_paragraphs(find_lines(text)))
    whole, _ = _read_source(source, DEFAULT_MODEL)
    monkeypatch.setattr("samestory.annotate.parser.MAX_ARTICLE_RUN_CHARS", 500)
    made, reasons = _read_source(source, DEFAULT_MODEL)
    assert len(cut_parse_input(source)) > 2 and reasons[0].startswith("a long article, read in ")
    assert all(made[name].equals(whole[name]) for name in ("sentences", "tokens"))
    assert made["quotations"].select(["sentence", "text"]).equals(whole["quotations"].select(["sentence", "text"]))


def test_spans_and_tokens_lead_to_each_other():
    parsed = parse("The minister left.")
    assert parsed.tokens_within(4, 12) == (1, 2)
    assert parsed.span(1, 2) == (4, 12)


def test_no_text_is_no_token():
    assert len(parse("").doc) == 0


def test_a_pipeline_that_joins_tokens_is_refused(monkeypatch):
    import spacy
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ada Voss"}])
    nlp.add_pipe("merge_entities")
    monkeypatch.setattr("samestory.annotate.parser.load_model", lambda model: nlp)
    with pytest.raises(SameStoryError, match="joins or splits tokens"):
        parse("Ada Voss left.")
