"""The table of mention rules: each has a docstring, can be left out, and changes its own example."""

import re
from dataclasses import replace

import pytest

from samestory.annotate.mentions import MENTION_RULES, find_mentions
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.clean.lines import Paragraph
from tests.annotate.test_mentions import MARKED

PLAIN_RULES = [name for name in MENTION_RULES if name != "second opinion"]  # it would set many examples right


def parse_marked(marked: str) -> Parse:
    """A parse by the model, with the names that the example marks; words before a bar are a headline."""
    from spacy.tokens import Span
    parts = [(label, inside or word) for label, inside, word in MARKED.findall(marked.replace(" | ", " "))]
    text = " ".join(part for _, part in parts)
    n_head = len(re.sub(r"\[\w+:|\]", "", marked.rpartition(" | ")[0]))
    paragraphs = [Paragraph(0, 0, n_head, "headline"), Paragraph(1, n_head, len(text))][not n_head:]
    parse = parse_article(ParseInput("a", text, tuple(paragraphs)))
    parse.source = replace(parse.source, outlet="Daily Planet")
    spans, at = [], 0
    for label, part in parts:
        if label:
            spans.append(Span(parse.doc, *parse.tokens_within(at, at + len(part)), label))
        at += len(part) + 1
    parse.doc.set_ents(spans)
    return parse


@pytest.mark.parametrize("rule", MENTION_RULES)
def test_a_rule_changes_its_example(rule: str) -> None:
    parse = parse_marked(MENTION_RULES[rule].example)
    rules = [name for name in MENTION_RULES if name in (rule, *PLAIN_RULES)]
    others = [name for name in rules if name != rule]
    assert find_mentions(parse, rules=others) != find_mentions(parse, rules=rules)


def test_every_rule_has_a_docstring() -> None:
    assert all(rule.apply.__doc__ for rule in MENTION_RULES.values())
