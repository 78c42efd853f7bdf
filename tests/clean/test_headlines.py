"""Headlines of metadata: read unless the text has them, without the outlet's name."""

import pytest

from samestory.clean.headlines import find_metadata_headline
from samestory.clean.lines import find_lines

BODY = "A fire broke out in the old harbour of Ulm on Monday.\nNobody was hurt, the police said."


def read(headline, text=BODY, outlet="CNN"):
    span = find_metadata_headline(headline, outlet, find_lines(text, headline))
    return headline[slice(*span)] if span else None


@pytest.mark.parametrize(("headline", "part"), [
    ("Fire in Ulm", "Fire in Ulm"), ("  Fire in Ulm \n", "Fire in Ulm"), ("Fire in Ulm | CNN", "Fire in Ulm"),
    ("Fire in Ulm - Reuters", "Fire in Ulm"), ("Fire in Ulm – World | CNN", "Fire in Ulm – World"),
    ("Fire in Ulm | Reuters | CNN", "Fire in Ulm"), ("Fire - and ice", "Fire - and ice"), ("", None), (None, None),
    ("Fire in Ulm | CNN Politics", "Fire in Ulm"), ("Fire in Ulm - CNN.com", "Fire in Ulm"),
    ("Fire in Ulm (Reuters)", "Fire in Ulm"), ("Fire in Ulm|CNN", "Fire in Ulm"), ("CNN - Fire in Ulm", "Fire in Ulm"),
    ("Fire in Ulm – police", "Fire in Ulm – police"), ("Inside (the) Times", "Inside (the) Times"),
    ("Talks - on fire", "Talks - on fire"), ("A fire in Ulm (updated)", "A fire in Ulm (updated)"),
    ("CNN", None), ("CNN | CNN", None), ("  ", None), ("!!!", None), ("Brand in Ülm — 新闻", "Brand in Ülm — 新闻")])
def test_a_headline_is_read_without_the_outlets_name(headline, part):
    assert read(headline) == part


@pytest.mark.parametrize("line", [
    "Fire in the old harbour of Ulm.", "FIRE IN THE OLD HARBOUR OF ULM!", "Fire in the old harbour of Ulm: live now.",
    "Fire in the old ...", "“Fire” in the old harbour of Ulm."])
def test_a_headline_that_the_text_repeats_is_not_read_twice(line):
    assert read("Fire in the old harbour of Ulm | CNN", f"{line}\n{BODY}") is None


def test_a_headline_that_begins_a_paragraph_is_not_read_twice():
    assert read("Fire in old harbour of Ulm", f"Fire in old harbour of Ulm By Ann Lee (Reuters) - {BODY}") is None


def test_a_very_long_headline_is_not_read():
    assert read("Fire in Ulm " * 80) is not None and read("Fire in Ulm " * 90) is None


def test_a_sentence_may_begin_like_the_headline():
    assert read("Fire in Old Harbour of Ulm", "Fire in old harbour of Ulm has killed two people.") is not None


def test_a_headline_after_a_summary_is_the_headline():
    lines = find_lines(f"Two people were hurt by a fire on Monday.\n“Fire” in Ulm\n{BODY}", "'Fire' in Ulm")
    assert [line.role for line in lines] == ["body", "headline", "body", "body"]


def test_a_short_headline_may_begin_the_text():
    assert read("Fire in Ulm", "Fire in Ulm has killed two people, the police said on Monday.") == "Fire in Ulm"


def test_a_headline_repeated_in_a_line_that_is_no_part_of_the_story_is_read():
    assert read("Fire in old harbour of Ulm", f"{BODY}\nRead more:\nFire in old harbour of Ulm") is not None
