"""From each finding of the front page a person clicks to the marked sentences, to the page, and back."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import browser  # noqa: F401 -- a fixture
from tests.support.browser import follow

pytestmark = pytest.mark.slow  # opens a browser

FINDINGS = ".findings > li"


@pytest.fixture
def tab(browser: Any, seeds_report: Path) -> Any:  # noqa: F811 -- the fixture above
    """The front page of the seeds' report."""
    page = browser.new_page()
    page.goto((seeds_report / "index.html").as_uri())
    yield page
    page.close()


def test_each_finding_leads_to_its_marked_sentences_and_back(tab):
    for number in range(1, tab.locator(FINDINGS).count() + 1):
        follow(tab, tab.get_by_role("link", name=f"See the sentences behind finding {number}"))
        assert "/evidence/index.html#" in tab.url
        block = tab.locator("section:has(> h2:target)")
        assert block.locator("mark").count() > 0
        follow(tab, block.get_by_role("link", name="Back to the finding").first)
        assert tab.url.partition("#")[0].endswith("/seeds/index.html")


def test_each_finding_leads_to_a_section_of_its_page(tab):
    front = tab.url
    for number in range(tab.locator(FINDINGS).count()):
        follow(tab, tab.locator(FINDINGS).nth(number).get_by_role("link", name="More in"))
        assert "#" in tab.url
        tab.goto(front)


def test_a_sentence_of_a_finding_leads_to_its_place_in_the_article(tab):
    follow(tab, tab.get_by_role("link", name="See the sentences behind finding 1"))
    follow(tab, tab.locator(".ss-evidence li a").first)
    assert "/articles/" in tab.url


def test_there_are_at_most_five_findings_with_numbers_or_outlets(tab):
    told = tab.locator(FINDINGS).all_inner_texts()
    assert 3 <= len(told) <= 5
    assert all(re.search(r"[0-9]|CNN|CGTN", text) for text in told)


def test_a_headline_leads_to_its_article(tab):
    rows = tab.get_by_role("region", name="Articles").locator("tbody tr")
    assert rows.count() == 2
    follow(tab, rows.first.locator("td a"))
    assert "/articles/" in tab.url
