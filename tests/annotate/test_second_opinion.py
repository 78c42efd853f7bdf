"""The second opinion on names: what the trained model changes, and that its scores are exact."""

import numpy as np
import pytest

from samestory.annotate.mentions.evidence import collect_evidence
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext
from samestory.annotate.mentions.second_opinion import list_candidates, weigh_types
from samestory.annotate.mentions.type_model import SCORED_TYPES, read_type_model
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.recognizers import USER_NAMES_KEY
from samestory.clean.lines import Paragraph
from tests.annotate.test_mentions import make_parse

TEXT = ("Mombasa police said Amina Okonjo left Kisumu on Friday. Okonjo, who works for the Harbour Workers Union, "
        "told the Daily Nation that she would return to Kisumu.")


@pytest.fixture(scope="module")
def parse() -> Parse:
    return parse_article(ParseInput("a", TEXT, (Paragraph(0, 0, len(TEXT)),)))


def find_tokens(parse: Parse, text: str) -> tuple[int, int]:
    return parse.tokens_within(TEXT.index(text), TEXT.index(text) + len(text))


@pytest.mark.parametrize(("text", "wrong", "right"), [
    ("Amina Okonjo", "ORG", "PERSON"), ("Amina Okonjo", "GPE", "PERSON"), ("Kisumu", "PERSON", "GPE"),
    ("Harbour Workers Union", "PERSON", "ORG"), ("Daily Nation", "GPE", "ORG")])
def test_a_wrong_type_is_changed(parse, text, wrong, right):
    found = weigh_types([FoundMention(*find_tokens(parse, text), wrong)], MentionContext(parse))
    assert FoundMention(*find_tokens(parse, text), right, "second opinion") in found


def test_what_is_no_name_is_dropped(parse):
    friday = FoundMention(*find_tokens(parse, "Friday"), "PERSON")
    assert not {m.first for m in weigh_types([friday], MentionContext(parse))} & {friday.first}


def test_a_name_that_nothing_found_is_added(parse):
    found = weigh_types([], MentionContext(parse))
    assert {(m.first, m.last, m.label) for m in found} >= {(*find_tokens(parse, "Amina Okonjo"), "PERSON")}


def test_scores_are_exact(parse):
    """Multiples of a power of two, whatever the order of sums: no machine can round them differently."""
    context = MentionContext(parse)
    scores = read_type_model().score(collect_evidence(list_candidates([], context), context))
    assert scores.shape[1] == len(SCORED_TYPES)
    assert (scores * 2 ** 24 == np.rint(scores * 2 ** 24)).all()
    assert abs(scores).max() < 2 ** 20


def test_each_candidate_is_scored_alone(parse):
    context = MentionContext(parse)
    evidence = collect_evidence(list_candidates([], context), context)
    model = read_type_model()
    assert (model.score(evidence) == np.vstack([model.score([one]) for one in evidence])).all()


def test_without_grammar_there_is_no_second_opinion():
    parse = make_parse("[ORG:Amina Okonjo] spoke to the press.")
    found = [FoundMention(0, 2, "ORG")]
    assert weigh_types(found, MentionContext(parse)) == found


def test_names_of_a_users_function_are_kept():
    text = "Amina Okonjo left Kisumu."
    parse = parse_article(ParseInput("a", text, (Paragraph(0, 0, len(text)),)))
    parse.doc.user_data[USER_NAMES_KEY] = True
    found = [FoundMention(0, 2, "ORG")]
    assert weigh_types(found, MentionContext(parse)) == found


def test_a_language_without_a_model_has_no_second_opinion(monkeypatch):
    monkeypatch.setattr("samestory.annotate.mentions.type_model.language_in_use", lambda: "xx")
    assert read_type_model.__wrapped__() is None
