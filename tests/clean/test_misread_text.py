"""Text read in the wrong encoding: repaired in a shadow, with every place led back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.clean.articles import clean_article
from samestory.clean.misread_text import repair_text, repair_value
from samestory.read.formats.formats import Record

STORY = ("“We will meet again,” said Peña Núñez, the mayor of Málaga, on Monday.\n\n"
         "Núñez’s party won the vote – by far. He said: “It isn’t over.”")


def spoil(text):
    """UTF-8 read as what Windows calls Western, every byte kept."""
    return "".join(chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
                   for byte in text.encode())


@pytest.mark.parametrize("text", [
    "“—…” naïve – façade élève", "日本語テキスト", "Beyoncé’s “été” in Ürümqi", "PREÇO É 10 €",
    "مرحبا بالعالم", "A£B©®", "N’Djamena – “Où ça ?” – l’été", "Škoda, Łódź, Żółć", "plain",
])
def test_text_that_is_right_has_no_shadow(text):
    assert repair_text(text) is None


def test_every_place_leads_back():
    shadow, spoilt = repair_text(spoil(STORY)), spoil(STORY)
    assert shadow.text == STORY
    for word in ("Núñez", "Málaga", "isn’t", "“We"):
        at = STORY.index(word)
        assert spoilt[shadow.to_source(at):shadow.to_source(at + len(word))] == spoil(word)
        assert shadow.to_shadow(shadow.to_source(at)) == at


@given(st.text(alphabet=st.sampled_from("a “”’é€—ñ\n.ÃâÂ\u00a0ž日"), max_size=60))
def test_a_shadow_covers_its_text_in_order(text):
    spoilt = spoil(text)
    if shadow := repair_text(spoilt):
        places = [shadow.to_source(i) for i in range(len(shadow.text) + 1)]
        assert places == sorted(set(places))
        assert places[-1] == len(spoilt)


def test_a_second_wrong_reading_is_repaired_too():
    assert repair_value(spoil(spoil("isn’t"))) == "isn’t"


def test_an_article_is_repaired_and_its_lines_point_into_the_untouched_text():
    headline = "A headline – “quoted” words here"
    text = spoil(f"{headline}\n\n© Outlet’s notice\n{STORY}")
    article = clean_article(Record("a", "a.txt", text, {"byline": spoil("José Núñez")}))
    assert [line.role for line in article.lines][:2] == ["headline", "copyright"]
    assert article.row["text"] == text
    assert (article.row["byline"], article.row["headline"]) == ("José Núñez", headline)
    assert all(repair_value(text[line.start:line.end]) == line.content for line in article.lines)
    assert article.problems[0]["severity"] == "note"
    assert "'â€“' as '–'" in article.problems[0]["reason"]


def test_analysis_reads_the_repaired_words_and_points_into_the_untouched_text():
    from samestory.annotate.annotate import annotate_articles
    right, spoilt = (clean_article(Record("a", "a.txt", text)) for text in (STORY, spoil(STORY)))
    one, two = (annotate_articles([article]) for article in (right, spoilt))
    assert one["tokens"]["norm"] == two["tokens"]["norm"]
    text = spoilt.row["text"]
    for row, before in zip(two["mentions"].to_pylist(), one["mentions"].to_pylist(), strict=True):
        assert text[row["start"]:row["end"]] == row["text"] == spoil(before["text"])
        assert row["name"] == before["name"]
    for row, before in zip(two["quotations"].to_pylist(), one["quotations"].to_pylist(), strict=True):
        assert " … ".join(text[span["start"]:span["end"]] for span in row["content_spans"]) == row["text"]
        assert (row["kind"], row["speaker_name"]) == (before["kind"], before["speaker_name"])
    assert one["quotations"].num_rows == 2


@pytest.mark.slow
def test_a_long_hostile_line_is_read_at_once():
    repair_text("â€" * 200_000)


def test_letters_in_another_form_are_read_in_the_usual_one():
    shadow = repair_text("A cafe\u0301, the o\ufb03ce, a ｗａｌｌ and a gar\u00adden\u200b.")
    assert shadow.text == "A café, the office, a wall and a garden."
    assert shadow.to_source(shadow.text.index(",")) == 7  # both characters of the é are before it
    assert shadow.examples == ()  # nothing was misread


def test_a_wrong_encoding_and_another_form_are_repaired_at_once():
    text = "It isnâ€™t so.\nThe \ufb02oor."
    shadow = repair_text(text)
    assert shadow.text == "It isn’t so.\nThe floor."
    assert [text[shadow.to_source(i)] for i in (shadow.text.index("t so"), shadow.text.index("oor"))] == ["t", "o"]


def test_usual_typography_is_left_alone():
    assert repair_text("“Well…”\u00a0— he said, ½ or 2² of it ™") is None
    assert repair_text("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645") is None  # joiners are letters there
