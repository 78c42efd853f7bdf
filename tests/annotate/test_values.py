"""Values: a made-up sentence for each reading, invariants, and hostile input."""

import json
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate.mentions import find_mentions
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.values import VALUE_RULES, find_values
from samestory.annotate.values.value_context import ValueContext, parse_words
from samestory.base.schema import APPROXIMATIONS, TABLES, VALUE_KINDS
from samestory.clean.lines import Paragraph
from tests.support.folders import CASES as CASE_FOLDER

CASES = [json.loads(line) for line in (CASE_FOLDER / "values.jsonl").read_text(encoding="utf-8").splitlines()]
WEDNESDAY = "2021-03-17"
PIECES = ["1", "1,000", "one", "hundred", "million", "and", "a", "half", "-", "–", "$", "%", "to", "between", "of",
          "March", "Monday", "last", "week", "ago", ".", ",", ":", "/", "two", "dozen", "dozens", "years", "old",
          "p.m.", "½", " ", "\n", "2016", "s", "’", "#", "first", "century", "in", "no more than", "٣", "é"]


def read_text(text: str, published: str | None = WEDNESDAY) -> Parse:
    paragraphs, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(len(paragraphs), at, at + len(line)))
        at += len(line) + 1
    day = date.fromisoformat(published) if published else None
    return parse_article(ParseInput("a", text, tuple(paragraphs), published=day))


def find(text: str, published: str | None = WEDNESDAY) -> list[dict]:
    parse = read_text(text, published)
    return find_values(parse, find_mentions(parse))


def as_case(case: dict) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
    return pytest.param(case, id=case["label"], marks=marks)


def describe(row: dict) -> list:
    number = row["value"] if row["value_to"] is None else [row["value"], row["value_to"]]
    cells = [row["text"], row["kind"], row["date"] if row["kind"] in ("date", "time") else number, row["unit"],
             row["counted"], row["approximation"]]
    while len(cells) > 3 and cells[-1] is None:
        cells.pop()
    return cells


@pytest.mark.parametrize("case", [as_case(case) for case in CASES])
def test_case(case: dict) -> None:
    assert [describe(row) for row in find(case["text"], case.get("published", WEDNESDAY))] == case["expected"]


@pytest.mark.parametrize("name", VALUE_RULES)
def test_example_reads_differently_without_its_rule(name: str) -> None:
    parse = read_text(VALUE_RULES[name].example)
    mentions = find_mentions(parse)
    without = find_values(parse, mentions, rules=set(VALUE_RULES) - {name})
    assert find_values(parse, mentions) != without


@pytest.mark.slow
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["", " "]))
@settings(deadline=None, max_examples=60)
def test_spans_slice_back_and_do_not_overlap(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    rows, columns = find(text), set(TABLES["values"].arrow.names)
    assert all(text[row["start"]:row["end"]] == row["text"] and set(row) <= columns for row in rows)
    assert all(row["kind"] in VALUE_KINDS and row["approximation"] in (None, *APPROXIMATIONS) for row in rows)
    assert all(before["end"] <= row["start"] for before, row in pairwise(rows))


class CountingContext(ValueContext):
    """A context that counts the atoms that rules look at."""

    looked = 0

    def word(self, i: int) -> str:
        self.looked += 1
        return super().word(i)

    def text(self, i: int) -> str:
        self.looked += 1
        return super().text(i)


@pytest.mark.parametrize("text", ["9" * 30_000, "1,1" * 15_000, "9," * 15_000, "1 " * 15_000, "one " * 10_000,
                                  "$" * 30_000, "a half " * 5_000, "tens of " * 5_000, "Monday, " * 5_000,
                                  "5-" * 15_000, "hundred thousand " * 5_000, "and a half " * 5_000, "½ " * 15_000])
@pytest.mark.slow
def test_rules_look_at_few_atoms(text: str) -> None:
    context = CountingContext(parse_words(text).parse, [])
    places = range(0, len(context.atoms), 500)
    for rule in VALUE_RULES.values():
        for i in places:
            rule.find(context, i)
    assert context.looked < 1_500 * len(places)
