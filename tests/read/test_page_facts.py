"""Page facts: headline, address and outlet of pages whose metadata differ from what they show."""

import pytest

from samestory.read.formats.page_facts import choose_headline, is_slogan, measure_kept_share, strip_site
from tests.read.test_records import read

PARAGRAPHS = ["The council of Windle shut its swing bridge on Monday, after an engineer found cracks in two piers.",
              "“We could not wait,” said Ruth Adair, who leads the council. Walkers may use the pontoon until autumn.",
              "Work begins in September and ends, if all goes well, before the storms of the new year come in."]


def make_page(title, heading, *, before="", head="", after=""):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (f"<!DOCTYPE html>{before}<html><head><title>{title}</title><meta property='og:title' content=\"{title}\">"
            f"{head}</head><body><article>{heading}{body}</article>{after}</body></html>")


@pytest.mark.parametrize(("headings", "title", "headline"), [
    (["The Post", "Town shuts ‘old’ bridge"], "Town shuts 'old' bridge | The Post", "Town shuts ‘old’ bridge"),
    (["Nine bakers shut their doors"], "Bakers in trouble", "Nine bakers shut their doors"),
    (["World News"], "Town shuts old bridge", "Town shuts old bridge"),
    (["Weather today in your town", "Old bridge shut in town"], "Town shuts old bridge", "Old bridge shut in town"),
    ([], "Town shuts old bridge | The Post", "Town shuts old bridge"), (["The Post"], None, None)])
def test_the_first_heading_of_a_page_is_its_headline(headings, title, headline):
    assert choose_headline(headings, title, "", "The Post") == headline


@pytest.mark.parametrize(("title", "stripped"), [
    ("Goats clear bank - The Post", "Goats clear bank"), ("Goats clear bank | TechCrunch", "Goats clear bank"),
    ("Rain - and wind", "Rain - and wind"), ("Opinion | Goats clear bank", "Opinion | Goats clear bank")])
def test_the_name_of_the_site_is_no_part_of_a_title(title, stripped):
    assert strip_site(title, "The Post") == stripped


@pytest.mark.parametrize(("site", "host", "slogan"), [
    ("Where the News Wakes Up First", "foxnews.com", True), ("Truth for a Better Tomorrow", "x.example", True),
    ("The New York Times", "nytimes.com", False), ("The Wall Street Journal", "wsj.com", False),
    ("The Christian Science Monitor", "csmonitor.com", False), ("BBC News", "bbc.co.uk", False),
    ("The Times of India", "timesofindia.indiatimes.com", False), ("A slogan of many words", "", False)])
def test_a_slogan_has_nothing_of_its_host(site, host, slogan):
    assert is_slogan(site, host) == slogan


def test_a_page_that_was_saved_says_where_from(folder):
    site = "<meta property='og:site_name' content='All the News That Is Fit'>"
    page = make_page("Bridge shut", "<h1>Bridge shut</h1>", head=site,
                     before="<!-- saved from url=(0024)https://post.example/a -->")
    records, _ = read(folder({"a.html": page}))
    assert records[0].metadata == {"url": "https://post.example/a", "outlet": "post.example", "headline": "Bridge shut"}


def test_an_article_that_lost_much_of_its_page_is_reported():
    page = [*PARAGRAPHS, *(f"Paragraph {i} of a long page that goes on and on about the town." for i in range(20))]
    assert measure_kept_share(page, "\n".join(page)) == 1
    assert round(measure_kept_share(page, "\n".join(page[:3])), 2) == 0.16
    assert measure_kept_share(PARAGRAPHS, "") is None
