"""People whom one outlet quotes: no other names them, and their words are between marks beside their name."""

import re

import pytest

from samestory.findings.sources import find_lone_sources
from samestory.measure.speakers import choose_quotations
from samestory.tables.tables import load_tables

LEE = "“We will not sign it,” Ann Lee said. "
RAY = "“We have signed it,” Bob Ray said. "


def find_people(root):
    tables = load_tables(root)
    found = find_lone_sources(tables, choose_quotations(tables))
    return found.text if found else ""


@pytest.mark.slow
def test_people_whom_one_outlet_quotes_are_named_with_it(folder, own_cache):
    text = find_people(folder({"cnn/1.txt": LEE + "It rained.", "fox/1.txt": RAY + "It was dry."}))
    assert text.startswith("Only CNN quotes Ann Lee; only Fox News quotes Bob Ray.") and "both" not in text


@pytest.mark.slow
@pytest.mark.parametrize(("ours", "theirs"), [
    (LEE, "Mayor Lee left the hall. "),  # named there
    (LEE.replace("Lee", "Lee-Merkeley"), "Ann Merkley left the hall. "),  # in another spelling
    ("Ann Lee came. She said: “We will not sign it.” ", "It was dry. "),  # said by "she"
    ("Ann Lee said that nobody would sign it. ", "It was dry. "),  # no words between marks
    ("“We will not sign it,” the mayor said. ", "It was dry. ")])  # no name
def test_nobody_is_listed_where_it_is_open(ours, theirs, folder, own_cache):
    assert "Lee" not in find_people(folder({"cnn/1.txt": ours, "fox/1.txt": theirs + RAY}))


@pytest.mark.slow
def test_who_is_quoted_by_several_is_not_listed(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": LEE + RAY, "fox/1.txt": "It was dry. " + LEE}, "two"))
    found = find_lone_sources(tables, choose_quotations(tables))
    assert found.text.startswith("Only CNN quotes Bob Ray. ") and "Lee" not in found.text
    assert re.sub("<.*?>", "", found.evidence.html).count("We have signed it") == 1


@pytest.mark.slow
@pytest.mark.parametrize(("ours", "found"), [
    (LEE + "Cy Orr said that it rained.", "Only CNN quotes Ann Lee, among others; only Fox"),
    (LEE.replace("Ann", "Senator Ann"), "Only CNN quotes Senator Ann Lee; only Fox"),
    (LEE.replace("Lee", "Abbott"), "Only CNN quotes Ann Abbott; only Fox")])  # "about" is not a spelling of it
def test_a_list_has_titles_and_says_if_there_are_more(ours, found, folder, own_cache):
    text = find_people(folder({"cnn/1.txt": f"It rained. {ours}", "fox/1.txt": RAY + "They spoke about 9 o’clock."}))
    assert text.startswith(found)
