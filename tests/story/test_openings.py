"""Openings: what opens an article, and when others speak."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.story.openings import OpeningArticle, describe_opening

TEXT = "Big news\nRain fell in Hull on Monday. It was cold. “Stay home,” said Ann Lee. Bo Kim said that he would."
BODY_START = TEXT.index("Rain")
LINES = [{"start": 0, "end": 8, "role": "headline"}, {"start": BODY_START, "end": len(TEXT), "role": "body"}]


def find_span(words: str) -> dict[str, int]:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def make_quotation(words: str, speaker: str | None) -> dict:
    return {"quotation_id": f"a/q{TEXT.index(words)}", "content_spans": [find_span(words)], "speaker_name": speaker,
            "speaker_entity_id": None, "speaker_side": None, "anonymous": False}


def make_article(*quotations: dict) -> OpeningArticle:
    sentences = [find_span(words) | {"paragraph": 0} for words in ("Rain fell in Hull on Monday.", "It was cold.")]
    return OpeningArticle("a", TEXT, LINES, sentences, list(quotations))


def test_headline_and_lead_are_spans_of_the_text() -> None:
    opening, _ = describe_opening(make_article())
    assert TEXT[opening["headline_start"]:opening["headline_end"]] == "Big news"
    assert TEXT[opening["lead_start"]:opening["lead_end"]] == "Rain fell in Hull on Monday. It was cold."


def test_a_second_headline_is_no_lead() -> None:
    sentences = [find_span(words) | {"paragraph": n} for n, words in enumerate(
        ("Big news", "Rain fell in Hull on Monday.", "It was cold."))]
    opening, _ = describe_opening(OpeningArticle("a", TEXT, LINES, sentences))
    assert TEXT[opening["lead_start"]:opening["lead_end"]] == "Rain fell in Hull on Monday."
    opening, _ = describe_opening(OpeningArticle("a", TEXT, LINES, sentences[:1]))  # nothing follows it
    assert TEXT[opening["lead_start"]:opening["lead_end"]] == "Big news"


def test_speakers_stand_in_the_order_of_their_first_words() -> None:
    opening, voices = describe_opening(make_article(make_quotation("Stay home,", "Ann Lee"),
                                                    make_quotation("he would", "Bo Kim")))
    assert (opening["first_speaker"], opening["last_speaker"]) == ("Ann Lee", "Bo Kim")
    assert opening["words_before_first_quotation"] == 9
    assert [(voice["speaker_name"], voice["n_words"]) for voice in voices] == [("Ann Lee", 2), ("Bo Kim", 2)]
    assert voices[1]["place"] == pytest.approx(18 / 20)
    assert opening["said_share"] == pytest.approx(4 / 20)


def test_an_article_without_speakers_has_neither_first_nor_last() -> None:
    opening, voices = describe_opening(make_article(make_quotation("Stay home,", None)))
    assert opening["first_speaker"] is None and opening["n_words_said"] == 2 and voices == []


def test_an_empty_article_has_no_lead() -> None:
    opening, _ = describe_opening(OpeningArticle("a", ""))
    assert opening["lead_start"] is None and opening["said_share"] is None


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 20)), max_size=8))
def test_shares_are_between_zero_and_one(spans: list[tuple[int, int]]) -> None:
    quotations = [make_quotation("he would", "Bo Kim") | {"content_spans": [{"start": start, "end": start + length}]}
                  for start, length in sorted(spans)]
    opening, voices = describe_opening(make_article(*quotations))
    assert 0 <= opening["said_share"] <= 1 and all(0 <= voice["place"] <= 1 for voice in voices)
