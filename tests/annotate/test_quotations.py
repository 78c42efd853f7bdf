"""Quotations: one made-up text per rule, the hand-made gold of the seeds, and hostile input."""

import json
from collections import Counter

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samestory.annotate.mentions import find_mentions
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.quotations import find_quotations
from samestory.annotate.quotations.cues import read_cues
from samestory.annotate.quotations.quotation_parse import is_dateline
from samestory.base.resources import resource
from samestory.base.schema import CUE_CLASSES, QUOTATION_KINDS, SPEAKER_RESOLUTIONS, TABLES
from samestory.clean.lines import Paragraph
from samestory.tables.tables import load_tables
from tests.conftest import CGTN, CNN
from tests.support.folders import CASES as CASE_FOLDER

LINES = (CASE_FOLDER / "quotations.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
FACTS = json.loads(resource("data/gold/seeds/facts.json").read_text(encoding="utf-8"))
ID = {"cgtn": CGTN, "cnn": CNN}
# facts.json names the body that speaks; the table names the country whose government it is
SAME = {"Canadian government": "Canada"}
FLOOR = 0.35  # confidence below which a row is not counted
PIECES = ["“", "”", '"', "''", "``", "‘", "’", "\n", " ", ".", ",", "—", ":", "Lena Ortiz said", "he said", "that",
          "the bridge fell", "accused", "of", "according to", "“2+2”", "Who?", "says:", "A.B.", "\u00a0", "é"]


def read_text(text: str) -> Parse:
    paragraphs, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(len(paragraphs), at, at + len(line)))
        at += len(line) + 1
    return parse_article(ParseInput("a", text, tuple(paragraphs)))


def find(text: str) -> list[dict]:
    parse = read_text(text)
    return find_quotations(parse, find_mentions(parse))


def as_case(case: dict) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
    return pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", [as_case(case) for case in CASES])
def test_case(case):
    found = [[row["kind"], row["speaker_name"], row["text"]] for row in find(case["text"])]
    assert found == case["expected"]


# --- the seeds -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quotations(seeds):
    """The seeds' quotations that count: no outer sources that pass one on."""
    table = seeds.quotations
    return table[(table["confidence"] >= FLOOR) & ~table["rule"].str.endswith("passed on")]


GOLD = [attribution for attribution in FACTS["attributions"] if attribution["counted"]]


def overlaps(row, gold: dict) -> bool:
    start, end = row.content_spans[0]["start"], row.content_spans[-1]["end"]
    return row.article_id == ID[gold["doc"]] and start < gold["content"]["end"] and gold["content"]["start"] < end


def name_without_title(row) -> str:
    return row.speaker_name if pd.isna(row.speaker_title) else row.speaker_name.removeprefix(f"{row.speaker_title} ")


@pytest.mark.slow
def test_the_counted_attributions_are_found_and_no_other(quotations):
    assert len(GOLD) == 27 == len(quotations)
    for gold in GOLD:
        assert sum(overlaps(row, gold) for row in quotations.itertuples()) == 1, gold["id"]


@pytest.mark.parametrize("gold", GOLD, ids=[gold["id"] for gold in GOLD])
def test_attribution(quotations, gold):
    row = next(row for row in quotations.itertuples() if overlaps(row, gold))
    assert name_without_title(row) == SAME.get(gold["speaker"], gold["speaker"])
    assert row.kind == gold["type"]
    assert row.n_words_direct == gold["direct_words"]
    assert abs(row.n_words_indirect - gold["indirect_words"]) <= 2
    if gold["cue"]:
        assert gold["cue"].startswith(row.cue) or gold["cue"].endswith(row.cue)
        assert row.cue_class == gold["cue_class"]


@pytest.mark.parametrize(("gold_id", "expected"), [
    ("G02", "name"), ("G04", "role"), ("G06", "surname"), ("G10", "pronoun"), ("G03", "collective"),
    ("N01", "forward"), ("N02", "forward"), ("N06", "floating"), ("N15", "floating"), ("N16", "collective")])
def test_how_a_name_was_found(quotations, gold_id, expected):
    gold = next(gold for gold in GOLD if gold["id"] == gold_id)
    row = next(row for row in quotations.itertuples() if overlaps(row, gold))
    assert row.resolution == expected


def test_quoted_words_of_each_side(quotations):
    words = Counter()
    for gold in GOLD:
        row = next(row for row in quotations.itertuples() if overlaps(row, gold))
        words[gold["doc"], gold["side"]] += row.n_words_direct
    assert words == {("cgtn", "China"): 47, ("cgtn", "US"): 3, ("cnn", "China"): 90, ("cnn", "US"): 23,
                     ("cnn", "Other"): 0}


def test_a_nested_source_names_its_outer_one(seeds):
    table = seeds.quotations
    inner = table[table["via"].notna()].iloc[0]
    outer = table[table["rule"].str.endswith("passed on")].iloc[0]
    assert (inner["speaker_name"], inner["via"], outer["speaker_name"]) == (
        "senior American officials", "Reuters", "Reuters")
    assert inner["anonymous"] and outer["n_words_direct"] == 0


def test_the_teaser_is_no_quotation(seeds):
    assert not seeds.quotations["text"].str.contains("positive outcome").any()


# --- every row -------------------------------------------------------------------------------


def check_row(row: dict, text: str) -> None:
    pieces = [text[s["start"]:s["end"]] for s in row["content_spans"]]
    assert row["text"] == " … ".join(pieces) and all(pieces)
    for name in ("cue", "speaker"):
        span = (row[f"{name}_start"], row[f"{name}_end"])
        assert row[name] == (None if span[0] is None else text[slice(*span)])
    assert all(0 <= s["start"] < s["end"] <= len(text) for s in row["quoted_spans"])
    assert row["kind"] in QUOTATION_KINDS and row["resolution"] in SPEAKER_RESOLUTIONS and 0 <= row["confidence"] <= 1
    assert row["n_words_direct"] >= 0 <= row["n_words_indirect"]
    assert set(row) <= {column.name for column in TABLES["quotations"].columns}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_spans_slice_the_untouched_text(text):
    rows = find(text)
    assert len({row["quotation_id"] for row in rows}) == len(rows)
    for row in rows:
        check_row(row, text)


def test_a_headline_gives_no_quotation():
    text = "“We are ready,” said Lena Ortiz."
    parse = parse_article(ParseInput("a", text, (Paragraph(0, 0, len(text), "headline"),)))
    assert find_quotations(parse, []) == []


@pytest.mark.parametrize("text", [
    "", "“", "said", "“ ” ” “ '' ``", "“Unclosed for ever.\n" * 40, "HE SAID THE BRIDGE FELL. " * 20,
    "“a” " * 300, "he said that " * 100, "ORTIZ: " * 100, "A.B" * 30 + " he said so.",
    "Ann and " * 500 + "Bob said so."], ids=range(11))
def test_odd_text_costs_no_more_than_itself(text):
    for row in find(text):
        check_row(row, text)


def test_forty_paragraphs_of_one_speech_keep_their_speaker():
    rows = find("“We are ready,” said Lena Ortiz.\n" + "“The crews have worked all night and will go on.\n" * 40)
    assert [row["speaker_name"] for row in rows] == ["Lena Ortiz"] * len(rows)
    assert sum(len(row["content_spans"]) for row in rows) == 41 and {row["kind"] for row in rows} == {"direct"}


@pytest.mark.slow
def test_an_article_may_be_one_long_quotation():
    text = "“" + "The crews have worked all night. " * 200 + "”"
    rows = find(text)
    assert len(rows) == 1 and rows[0]["n_words_direct"] == 1200


def test_a_text_in_capitals_is_read_like_another():
    rows = find("“WE ARE READY FOR THE STORM,” LENA ORTIZ SAID. TOM REED DENIED THAT THE BRIDGE WAS WEAK.")
    assert [(row["kind"], row["speaker"]) for row in rows] == [("direct", "LENA ORTIZ"), ("indirect", "TOM REED")]


def test_turns_of_a_transcript_have_their_speakers():
    rows = find("REED: Will the bridge open?\nORTIZ: It will, in May.\nREED: Who pays?\nORTIZ: The harbor pays.")
    assert [row["speaker"] for row in rows] == ["REED", "ORTIZ"] * 2


def test_a_live_blog_s_times_are_nobody():
    rows = find("6:05 p.m.\nTom Reed demands that they vote again.\n___\n5:40 p.m.\n“I am ready,” Lena Ortiz said.")
    assert [row["speaker"] for row in rows] == ["Tom Reed", "Lena Ortiz"]


@pytest.mark.slow
def test_another_language_gives_a_problem_and_no_quotation(folder):
    text = "“Le pont est fermé,” a dit la mairesse. Elle a déclaré que les travaux dureraient jusqu’en mai. " * 3
    tables = load_tables(folder({"cnn/1.txt": text, "cnn/2.txt": "Lena Ortiz said that the bridge would open in May."}))
    assert set(tables.read_all("quotations")["article_id"]) == {"cnn/2"}
    problems = tables.problems[tables.problems["article_id"] == "cnn/1"]
    assert problems["reason"].str.contains(r"\bfr\b").any()


# --- the lexicon -----------------------------------------------------------------------------


def test_every_cue_has_a_class_and_frames():
    cues = read_cues()
    assert len(cues) > 450
    assert {cue.cue_class for cue in cues.values()} == set(CUE_CLASSES)
    assert all(cue.frames for cue in cues.values())


def test_the_verbs_that_carry_stance_are_cues():
    verbs = ("accuse", "urge", "vow", "deny", "allege", "signal", "warn", "denounce", "pledge", "call for")
    assert all((verb, "VERB") in read_cues() for verb in verbs)


@pytest.mark.parametrize(("words", "expected"), [("WASHINGTON", True), ("LONDON (Reuters)", True),
                                                 ("The bridge", False), ("", False), ("US officials", False)])
def test_dateline(words, expected):
    assert is_dateline(words) == expected
