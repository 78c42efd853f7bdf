"""Titles before names: found as written, cut off what is none."""

import pytest

from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.roles import find_title, read_roles
from samestory.clean.lines import Paragraph


def parse_text(text: str) -> Parse:
    return parse_article(ParseInput("a", text, (Paragraph(0, 0, len(text)),)))


@pytest.mark.parametrize(("sentence", "name", "title"), [
    ("US Secretary of State Antony Blinken spoke on Friday.", "Antony", "US Secretary of State"),
    ("It was written by coauthor Colette Heald.", "Colette", "coauthor"),
    ("Facebook co-founder Mark Zuckerberg wrote back.", "Mark", "Facebook co-founder"),
    ("The critics of President Donald Trump spoke.", "Donald", "President"),
    ("Minister of Education Stefania Giannini spoke.", "Stefania", "Minister of Education"),
    ("The singer Ann Lee and actor Jason Beghe came.", "Jason", "actor"),
    ("On Thursday Senate Majority Leader Mitch McConnell spoke.", "Mitch", "Senate Majority Leader"),
    ("In the film Donald Trump plays himself.", "Donald", None),
    ("His wife Jill Biden came.", "Jill", None),
    ("White House acting Chief of Staff Mick Mulvaney spoke.", "Mick", "White House acting Chief of Staff"),
    ("His wife Dr. Jill Biden came.", "Jill", "Dr."),
    ("Donald Trump came.", "Donald", None),
])
def test_titles_are_found_as_written(sentence, name, title):
    parse = parse_text(sentence)
    first = next(token.i for token in parse.doc if token.text == name)
    assert find_title(parse, first) == title


def test_kin_is_no_title():
    assert "wife" in read_roles()
    assert "wife" not in read_roles(titles_only=True)
