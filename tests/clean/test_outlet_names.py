"""Outlet names: what is taken off a name, what stays on it, and the sources an outlet is inferred from."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samestory.clean.outlet_forms import find_lookalikes, unify_outlets
from samestory.clean.outlet_sources import infer_outlet
from samestory.clean.outlets import known_outlets, name_outlet


@pytest.mark.parametrize(("written", "outlet"), [
    ("The Guardian(London)", "The Guardian"), ("The Guardian (London) - Final Edition", "The Guardian"),
    ("Guardian, The (London, England)", "The Guardian"), ("Guardian.com.", "The Guardian"),
    ("FOX NEWS NETWORK", "Fox News"), ("CNN Wire", "CNN"), ("Wall Street Journal (Online)", "Wall Street Journal"),
    ("Agence France Presse -- English", "Agence France-Presse"), ("The i Paper", "i (UK)"),
    ("The Associated Press State & Local Wire", "Associated Press"), ("The Times of India (TOI)", "Times of India"),
    ("National Post (f/k/a The Financial Post) (Canada)", "National Post"), ("Dailymail.com", "Daily Mail"),
    ("The Gazette (Montreal, Quebec)", "Montreal Gazette"), ("Le Figaro Newsflash - Economy", "Le Figaro"),
    ("Breaking News from globeandmail.com", "Globe and Mail"),
    ("LOS ANGELES TIMES - Home Edition", "Los Angeles Times"),
    ("The Kelby Echo (Online)", "The Kelby Echo"), ("MAIL ON KELBY (London)", "Mail on Kelby (London)"),
])
def test_an_edition_a_place_and_a_house_are_taken_off(written, outlet):
    assert name_outlet(written) == outlet


@pytest.mark.parametrize("written", [
    "The Guardian (Charlottetown)", "The Nation (Nigeria)", "The Sun (Baltimore)", "The Sunday Times (Perth)",
    "The Wrap", "The Times - Picayune", "Nation Media Group", "Mirror Media", "The Nation News", "independent.com",
    "sundaytimes.lk", "Irish Daily Mail", "The Scottish Sun", "El Pais (Uruguay)", "The National (Scotland)",
    "Daily Star (Beirut)", "The Kelby Echo (Ohio)", "HYPEBEAST", "CNN (Opinion)"])
def test_another_outlet_stays_another(written):
    assert name_outlet(written) == written


@given(st.lists(st.sampled_from(["The", "Sun", "CNN", "(London)", "(Ohio)", "- Final Edition", ".com", "Wire",
                                 ", Inc."]), max_size=8).map(" ".join))
@example("The" + " - Final Edition" * 9)
def test_a_name_is_final(name):
    assert name_outlet(name_outlet(name)) == name_outlet(name)


def test_spellings_of_a_corpus_become_the_most_frequent_one():
    counts = {"Kelby Echo": 1, "The Kelby Echo": 3, "KELBY ECHO": 2, "Kelby Ec ho": 1, "Echo (Kelby)": 1,
              "Echo (Kelby, Ohio)": 2, "Post (Leeds)": 1, "Post (Leeds, Iowa)": 1, "Post (Leeds, Ohio)": 1}
    assert unify_outlets(counts) == dict.fromkeys(["Kelby Echo", "KELBY ECHO", "Kelby Ec ho"], "The Kelby Echo") \
        | {"Echo (Kelby)": "Echo (Kelby, Ohio)"}


def test_names_that_look_alike_are_listed():
    assert find_lookalikes(["The Nation", "CNN", "The Nation (Nigeria)", "unknown", "Echo Wire", "The Echo"]) == [
        ["Echo Wire", "The Echo"], ["The Nation", "The Nation (Nigeria)"]]


@pytest.mark.parametrize(("path", "outlet"), [
    ("fox_news/1.txt", "Fox News"), ("2024-05-01/cnn.txt", "CNN"), ("cnn/politics/1.txt", "CNN"),
    ("May 2024/2024-05-01 CNN bridge.txt", "CNN"), ("articles/foxnews-3.txt", "Fox News"),
    ("01_bbc_articles/a.txt", "BBC News"),
    ("bridge_washingtonpost_2.txt", "Washington Post"), ("time_to_go.txt", "unknown"), ("fox_hunting.txt", "unknown"),
    ("cnn_and_bbc.txt", "unknown"), ("2024/week 3/a.txt", "unknown"), ("daily planet/a.txt", "daily planet"),
    ("x.zip/cnn.tar.gz/2024-05-01/1.txt", "CNN")])
def test_folders_and_files_name_outlets(path, outlet):
    assert known_outlets().name(infer_outlet(path, "", known_outlets()).written) == outlet
