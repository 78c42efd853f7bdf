"""Sides: a body's country, and the level at which an event's sources are told apart."""

import pytest

from samestory.link.sides import find_body_country
from samestory.tables.tables import load_tables

AT_HOME = ("White House spokesman Ben Cole said on Monday that the bill was good. Mary Cole, a California Democrat,"
           " said on Monday that the bill was old.")
LISTED = ("Senator Mary Cole of Ohio, a Republican who is old, said on Monday that the bill was good. Democratic"
          " Sens. Ann Reed and Uwe Voss said nothing. Reed said it was old. Voss said on Monday that the bill was bad.")
ABROAD = ("China's Foreign Ministry said that the bill was wrong. Chinese officials said that the bill was old. White"
          " House spokesman Ben Cole said that it was good. He said that it would pass. Republican mayors from ten"
          " towns said that it was old. Kenyan Bakers Union lawyer Ann Reed said that it was bad.")


@pytest.mark.parametrize(("name", "country"), [
    ("China", "China"), ("Chinese Foreign Ministry", "China"), ("US Department of State", "United States"),
    ("United Arab Emirates Air Force", "United Arab Emirates"), ("Kremlin", "Russia"), ("Oxfam", None), ("", None),
    ("Kenyan Teachers Union", None), ("American Dairy Council", None), ("Kenya's High Court", "Kenya"),
])
def test_a_body_is_of_the_country_in_its_name_or_in_the_list(name, country):
    assert find_body_country(name) == country


@pytest.mark.slow
@pytest.mark.parametrize(("text", "sides"), [
    (AT_HOME, ["White House", "Democratic Party"]),
    (LISTED, ["Republican Party", "Democratic Party", "Democratic Party"]),
    (ABROAD, ["China", "China", "United States", "United States", "Republican Party", "Kenyan Bakers Union"]),
])
def test_bodies_are_countries_where_two_countries_speak(folder, text, sides):
    quotations = load_tables(folder({"cnn/1.txt": text})).quotations
    assert quotations["speaker_side"].tolist() == sides
    assert set(quotations["side_from"]) == {"description"}


@pytest.mark.slow
def test_the_roster_wins_where_it_has_the_name(folder):
    root = folder({"cnn/1.txt": AT_HOME, "roster.csv": "name,side\nBen Cole,government\n"})
    quotations = load_tables(root).quotations
    assert quotations["speaker_side"].tolist() == ["government", "Democratic Party"]
    assert quotations["side_from"].tolist() == ["roster", "description"]
