"""Mentions: each rule on made-up sentences, the seeds whole, and hostile input."""

import json
import re
import time
import unicodedata
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate.mentions import find_mentions
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.base.resources import resource
from samestory.clean.lines import Paragraph, find_lines, find_paragraphs
from tests.support.folders import CASES as CASE_FOLDER

LINES = (CASE_FOLDER / "mentions.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
MARKED = re.compile(r"\[(\w+):([^\]]*)\]|(\S+)")


@cache
def blank_vocabulary() -> object:
    import spacy
    return spacy.blank("en").vocab


def make_parse(marked: str, outlet: str = "") -> Parse:
    """A parse without a model: `[PERSON:Mara Okonjo]` is what the model found, capitals are names.

    Words before a bar are a headline.
    """
    from spacy.tokens import Doc, Span
    words, spans, n_head = [], [], 0
    for label, inside, word in MARKED.findall(marked):
        if word == "|":
            n_head = len(words)
            continue
        added = inside.split() if label else [part for part in re.split(r"(?<=\w{3})([.,:])$", word) if part]
        spans += [(len(words), len(words) + len(added), label)] if label else []
        words += added
    spaces = [following not in (".", ",", ":", ")", "'s", None) for following in [*words[1:], None]]
    pos = ["PROPN" if word[0].isupper() else "NOUN" for word in words]
    opens = [i in (0, n_head) or words[i - 1] == "." for i in range(len(words))]
    doc = Doc(blank_vocabulary(), words=words, spaces=spaces, pos=pos, sent_starts=opens)
    doc.set_ents([Span(doc, first, last, label) for first, last, label in spans])
    starts = np.array([token.idx for token in doc], np.int32)
    body = int(starts[n_head]) if n_head else 0
    source = ParseInput("a", doc.text, (Paragraph(0, 0, body, "headline"), Paragraph(1, body, len(doc.text))), outlet)
    return Parse(source, [], doc, starts, (np.arange(len(doc)) >= n_head).astype(np.int32))


def as_case(case: dict) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
    return pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", [as_case(case) for case in CASES])
def test_rules(case: dict) -> None:
    rows = find_mentions(make_parse(case["text"], case.get("outlet", "")))
    found = [f"{row['label']}:{row['text']}:{row['name']}" for row in rows]
    found = [f"{key}:ambiguous" if row["rule"] == "ambiguous" else key
             for key, row in zip(found, rows, strict=True)]
    assert found == case["expected"]


def test_without_rules_the_model_speaks() -> None:
    rows = find_mentions(make_parse("State [PERSON:Councilor] [PERSON:Lin Baofeng] spoke."), rules=())
    assert [(row["text"], row["rule"]) for row in rows] == [("Councilor", "model"), ("Lin Baofeng", "model")]


@pytest.fixture(scope="module")
def seeds() -> list[tuple[Parse, dict]]:
    """The seed articles' long lines, parsed, with their gold."""
    lines = resource("data/gold/seeds/entities.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [json.loads(line) for line in lines if line.strip()]
    sources = []
    for record, outlet in zip(gold, ("CGTN", "CNN"), strict=True):
        spans = [found.span() for found in re.finditer(r"[^\n]{60,}", record["text"])]
        paragraphs = tuple(Paragraph(i, *span) for i, span in enumerate(spans))
        sources.append(ParseInput(record["id"], record["text"], paragraphs, outlet))
    return list(zip(map(parse_article, sources), gold, strict=True))


@pytest.mark.slow
def test_every_person_of_the_seeds_is_found_and_nobody_else(seeds: list) -> None:
    for parse, record in seeds:
        found = {(r["start"], r["end"], r["name"]) for r in find_mentions(parse) if r["label"] == "PERSON"}
        assert found == {(e["start"], e["end"], e["canonical"]) for e in record["entities"]
                         if e["label"] == "PERSON"}


def test_mentions_of_the_seeds_slice_back_in_order_without_overlap(seeds: list) -> None:
    for parse, record in seeds:
        rows = find_mentions(parse)
        assert all(record["text"][row["start"]:row["end"]] == row["text"] for row in rows)
        assert all(a["end"] <= b["start"] for a, b in pairwise(rows))
        assert all(r["mention_id"] == f"{record['id']}/m{r['start']}-{r['end']}" for r in rows)


def test_a_capital_that_acts_is_marked(seeds: list) -> None:
    rows = [row for parse, _ in seeds for row in find_mentions(parse)]
    assert {row["text"] for row in rows if row["rule"] == "metonym"} == {"Beijing", "Washington", "Ottawa"}


def test_an_article_without_names_has_no_mentions() -> None:
    assert find_mentions(make_parse("It rained.")) == []
    assert find_mentions(parse_article(ParseInput("a", "", ()))) == []


def test_combining_marks_are_composed_in_names_only() -> None:
    row = find_mentions(make_parse("[PERSON:Zoe\u0308 Okonjo] spoke."))[0]
    assert (row["text"], row["name"]) == ("Zoe\u0308 Okonjo", "Zo\u00eb Okonjo")


NAMES = st.text(st.sampled_from("AaEeOoNnß\u0301\u0308\u0327\u0337\u200d\u0130\u01c5ﬁ日🙂'-."), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["PERSON", "ORG", "GPE", "NORP"]), NAMES, NAMES), min_size=1, max_size=6))
def test_names_with_marks_slice_back_whatever_they_are(names: list[tuple[str, str, str]]) -> None:
    parse = make_parse(" and ".join(f"[{label}:{a} {b}] met {b}" for label, a, b in names))
    rows = find_mentions(parse)
    assert all(parse.text[row["start"]:row["end"]] == row["text"] and row["name"] for row in rows)
    assert all(a["end"] <= b["start"] for a, b in pairwise(rows))
    assert all(unicodedata.is_normalized("NFC", row["name"]) for row in rows)


def read(text: str) -> list[dict]:
    return find_mentions(parse_article(ParseInput("a", text, find_paragraphs(find_lines(text)))))


def test_bylines_and_credits_name_nobody() -> None:
    rows = read("By Ada Voss and Bo Hart\n\nAntony Blinken met Wang Yi in Alaska on Monday, they said.\n\n"
                "Photo: Cy Young / Getty Images\n\n(Reporting by Di Lane in Paris; Editing by Ed Moss)\n")
    assert {row["name"] for row in rows} == {"Antony Blinken", "Wang Yi", "Alaska"}


def test_a_headline_in_capitals_names_whom_the_body_names() -> None:
    rows = read("BLINKEN LEAVES ANCHORAGE\n\nANCHORAGE (AP) — Antony Blinken left Anchorage on Monday, "
                "the ministry said. Blinken was tired, PUTIN said to Vladimir Putin.\n")
    assert {row["name"] for row in rows if row["label"] == "PERSON"} == {"Antony Blinken", "Vladimir Putin"}


@pytest.mark.parametrize(("headline", "name"), [("Judge [PERSON:Blocks Okonjo] Plan .", "Okonjo"),
                                                ("Judge meets [PERSON:Mara Okonjo] on Monday night .", "Mara Okonjo")])
def test_a_headline_in_title_case_gives_nobody_a_longer_name(headline: str, name: str) -> None:
    parse = make_parse(f"{headline} [PERSON:Okonjo] spoke .")
    at = parse.text.index(". ") + 2
    parse.source = ParseInput("a", parse.text, (Paragraph(0, 0, at, "headline"), Paragraph(1, at, len(parse.text))))
    parse.paragraph_of = (parse.starts >= at).astype(np.int32)
    assert find_mentions(parse)[-1]["name"] == name


def test_an_article_in_capitals_is_read_without_a_fault() -> None:
    text = "ANTONY BLINKEN MET WANG YI IN ALASKA. BLINKEN SAID THAT CHINA AND THE UNITED STATES AGREED.\n"
    rows = read(text * 3)
    assert "WANG YI" in {row["name"] for row in rows}
    assert all((text * 3)[row["start"]:row["end"]] == row["text"] for row in rows)


@pytest.mark.parametrize("repeated", [
    "[PERSON:Ada Voss] met. ", "[GPE:Voss] and Voss met. ", "The [ORG:World Harbour Organisation] ( WHO ) met. ",
    "[ORG:Harbour Board] of [ORG:Council] of ", "[GPE:Beijing] , ", "Secretary of State ", "[PERSON:A. Voss Voss] "])
@pytest.mark.slow
def test_time_grows_with_the_text_and_no_faster(repeated: str) -> None:
    def measure(n: int) -> float:
        parse = make_parse("[PERSON:Ada Voss] spoke. " + repeated * n)
        return min(_time(parse) for _ in range(2))
    few, many = measure(500), measure(4_000)
    assert many < 3 * 8 * few + 0.2, (few, many)  # quadratic would be 64 times


def _time(parse: Parse) -> float:
    started = time.process_time()
    find_mentions(parse)
    return time.process_time() - started


@pytest.mark.slow
def test_ten_thousand_mentions_of_one_name_are_one_person() -> None:
    rows = find_mentions(make_parse("[PERSON:Ada Voss] spoke. " + "[ORG:Voss] left. " * 9_999))
    assert len(rows) == 10_000
    assert {(row["label"], row["name"]) for row in rows} == {("PERSON", "Ada Voss")}


@pytest.mark.slow
def test_many_mentions_of_one_surname_stay_cheap() -> None:
    many = " ".join(f"[PERSON:Ada{'x' * (i % 50)} Voss] and [GPE:Voss] met." for i in range(1_000))
    rows = find_mentions(make_parse(many))
    assert {row["label"] for row in rows} == {"PERSON"} and len(rows) == 2_000
