"""Outlets: one name for each, by names and domains."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.base.errors import SameStoryError
from samestory.base.resources import read_data_rows
from samestory.clean.outlets import find_host, name_outlet, read_outlets


@pytest.mark.parametrize(("given_name", "outlet"), [
    (" the new york  times", "New York Times"), ("edition.cnn.com", "CNN"), ("BLOOMBERG.COM", "Bloomberg"),
    ("https://www.bbc.co.uk/news/1", "BBC News"), ("The Daily Planet", "The Daily Planet"),
    ("planet.example", "planet.example"),
    ("english.ahram.org.eg", "Ahram Online"), ("notcnn.com", "notcnn.com"),
])
def test_outlet_names_are_unified(given_name, outlet):
    assert name_outlet(given_name) == outlet


@pytest.mark.parametrize(("url", "host"), [
    ("http://www.foxnews.com/x", "foxnews.com"), ("//m.dw.com", "dw.com"), ("https://user@cnn.com:80/", "cnn.com"),
    ("https://[::1", ""), ("10.0.0.1", ""), ("no host here", ""), ("", ""), ("https://www.com", "www.com"),
])
def test_host_of_an_address(url, host):
    assert find_host(url) == host


def test_no_name_or_domain_means_two_outlets():
    rows = read_data_rows("outlets")
    names = Counter(name for row in rows for name in {row["outlet"].casefold(), *row["names"].casefold().split("|")})
    domains = Counter(domain for row in rows for domain in row["domains"].split("|"))
    assert [name for name, n in (names + domains).items() if name and n > 1 and "." not in name] == []
    assert [domain for domain, n in domains.items() if domain and n > 1] == []
    assert len(rows) >= 200


def test_every_listed_domain_is_one():
    assert [d for row in read_data_rows("outlets") for d in row["domains"].split("|") if d and not find_host(d)] == []


def test_the_folders_own_list_wins(folder):
    own = "outlet,names,domains,country\nThe Planet,CNN|Planet,dailyplanet.example,us\n"
    outlets = read_outlets(folder({"outlets.csv": own}) / "outlets.csv")
    assert [outlets.name(name) for name in ("cnn", "x.dailyplanet.example", "cnn.com", "NYT")] == [
        "The Planet", "The Planet", "The Planet", "New York Times"]
    assert (outlets.country("The Planet"), outlets.country("BBC News"), outlets.country("x")) == ("US", "GB", None)


def test_a_list_without_outlets_is_refused(folder):
    with pytest.raises(SameStoryError, match=r"outlets.csv.*found name"):
        read_outlets(folder({"outlets.csv": "name\nCNN\n"}) / "outlets.csv")


@given(st.text(max_size=60))
def test_any_text_has_a_name(text):
    assert name_outlet(text) == name_outlet(name_outlet(text))
