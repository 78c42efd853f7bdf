"""The table of quotation rules: each is applied somewhere, can be switched off, and changes its own example."""

import re

import pytest

from samestory.annotate.mentions import find_mentions
from samestory.annotate.quotations import QUOTATION_RULES, find_quotations
from samestory.annotate.quotations.phrases import PHRASE_FRAMES
from samestory.base.resources import resource
from tests.annotate.test_quotations import read_text


@pytest.mark.parametrize("rule", QUOTATION_RULES)
def test_a_rule_changes_its_example(rule):
    parse = read_text(QUOTATION_RULES[rule])
    mentions = find_mentions(parse)
    others = [name for name in QUOTATION_RULES if name != rule]
    assert find_quotations(parse, mentions, rules=others) != find_quotations(parse, mentions)


def test_each_rule_is_applied_and_each_applied_one_is_in_the_table():
    code = "".join(path.read_text(encoding="utf-8")
                   for path in sorted(resource("annotate/quotations").rglob("*.py")))
    applied = set(re.findall(r'\.applies\("([^"]+)"\)', code)) | {f"phrases with {frame}" for frame, _ in PHRASE_FRAMES}
    assert sorted(applied) == sorted(QUOTATION_RULES)
