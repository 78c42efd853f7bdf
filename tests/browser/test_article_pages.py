"""In Chromium, a reader's path: from a row to its sentences, to the sentence marked in its article, and back."""

from collections.abc import Iterator
from typing import Any

import pytest

from samestory.show.anchors import name_article
from tests.support.browser import follow, open_browser, open_page

pytestmark = pytest.mark.slow  # opens a browser

READ_TEXT = """e => { const copy = e.cloneNode(true); copy.querySelectorAll('.role, sup').forEach(x => x.remove());
    return copy.textContent; }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    with open_browser() as chrome:
        yield chrome


@pytest.mark.parametrize("name", ["02_keywords", "03_quotations", "04_entities"])
def test_a_row_leads_to_a_marked_sentence_of_an_article_and_back(browser, seeds_report, name):
    with open_page(browser, seeds_report / f"{name}.html") as (tab, _):
        link = tab.locator(".ss-table [id^=r] > a").first
        row, values = tab.url, link.inner_text()
        part = follow(tab, link)
        assert values in part.locator("h3").inner_text()
        evidence, said = tab.url, part.locator("blockquote").first.inner_text()
        target = follow(tab, part.locator(".ss-source a").first)
        assert "/articles/" in tab.url
        sentence = target.locator("xpath=ancestor-or-self::*[contains(@class, 't')]").first.evaluate(READ_TEXT)
        assert sentence.strip() in said or said in sentence
        shown = follow(tab, tab.locator("sup a[href^='#u']").first)
        back = follow(tab, shown.locator("p a").first)
        assert back.locator("a").get_attribute("href").startswith(("../articles/", "articles/"))
        tab.goto(evidence)
        assert follow(tab, tab.locator(":target .ss-back a")).locator("a").inner_text() == values
        assert tab.url.startswith(row)


@pytest.mark.parametrize("name", ["02_keywords", "03_quotations", "04_entities"])
def test_a_name_in_a_figure_leads_to_its_sentences_by_keyboard(browser, seeds_report, name):
    with open_page(browser, seeds_report / f"{name}.html") as (tab, asked):
        link = tab.locator("figure.plot").first.locator("svg a").first
        said = link.text_content().strip()
        link.focus()
        assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid" and asked == []
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/evidence/*#*")
        assert said.lower() in tab.locator(":target h3").inner_text().lower()


def test_a_lead_leads_to_its_place(browser, seeds_report):
    with open_page(browser, seeds_report / "05_story.html") as (tab, _):
        assert follow(tab, tab.locator("td[id^=c] > a").first).evaluate(READ_TEXT)


def test_a_number_in_the_text_leads_to_its_quotation_and_back(browser, seeds_report):
    page = min((seeds_report / "articles").iterdir())
    with open_page(browser, page) as (tab, asked):
        said = follow(tab, tab.locator("sup a[href='#q1']"))
        assert said.locator("b").inner_text() and "confidence" in said.inner_text()
        quoted = follow(tab, said.locator("a").first).evaluate(READ_TEXT)
        assert quoted[:20] in said.inner_text() or said.locator("a").first.inner_text()[:20] in quoted
        assert asked == []


def test_the_browser_shows_every_character_of_an_article(browser, seeds, seeds_report):
    for article in seeds.articles.to_dict("records"):
        page = seeds_report / "articles" / f"{name_article(article['article_id'])}.html"
        with open_page(browser, page) as (tab, _):
            shown = tab.locator("div.text").evaluate(READ_TEXT)
        assert shown == article["text"].replace("\r\n", "\n")
