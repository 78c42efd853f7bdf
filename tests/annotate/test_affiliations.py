"""Affiliations: the country, body or party next to a person's name, in made-up sentences."""

import pytest

from samestory.annotate.mentions import find_mentions
from samestory.annotate.parse import ParseInput
from samestory.annotate.parser import parse_article
from samestory.clean.lines import Paragraph


@pytest.mark.parametrize(("text", "affiliation"), [
    ("China's ambassador to the United States, Lin Bao, spoke on Monday.", "China"),
    ("Lin Bao, China's ambassador to the United States, spoke on Monday.", "China"),
    ("Lin Bao, the ambassador to the United States, spoke on Monday.", None),
    ("State Department spokesman Ben Cole spoke on Monday.", "State Department"),
    ("Ben Cole, a spokesman for the State Department, spoke on Monday.", "State Department"),
    ("Sen. Mary Cole (R-Texas) spoke on Monday.", "Republican Party"),
    ("Sen. Mary Cole (D-Conn.) spoke on Monday.", "Democratic Party"),
    ("Mary Cole, a California Democrat, spoke on Monday.", "Democratic Party"),
    ("Texas Sen. Mary Cole spoke on Monday.", None),
    ("Mary Cole, a farmer in Kenya, spoke on Monday.", None),
    ("Kenya's Foreign Ministry was silent. Then ministry spokeswoman Mary Cole spoke.", "Kenya's Foreign Ministry"),
    ("Mary Cole spoke about the State Department on Monday.", None),
    ("“It was named after Mary Cole,” the State Department said.", None),
])
def test_a_person_is_of_whom_the_words_next_to_the_name_say(text, affiliation):
    rows = find_mentions(parse_article(ParseInput("a", text, (Paragraph(0, 0, len(text)),))))
    assert [row["affiliation"] for row in rows if row["label"] == "PERSON"] == [affiliation]
    assert all(row["affiliation"] is None for row in rows if row["label"] != "PERSON")
