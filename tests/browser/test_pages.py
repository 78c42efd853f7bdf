"""Every page of a report, opened in Chromium: accessible, without requests, fit for a phone.

Of the pages of articles, and of those of sentences, the first and the last are opened. Requirements: see
tests/support/browser.py.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from samestory.report.evidence_pages import write_evidence
from samestory.report.page_content import read_notebook_page
from samestory.report.page_links import PageLinks, ReportArticles, list_evidence
from samestory.report.pages import write_index, write_method, write_page
from samestory.show.evidence import show_parts
from samestory.show.sentences import make_sentence_item
from tests.report.test_pages import FAILED, HOSTILE, INDEX, METHOD, SIBLINGS, code, collect_outputs, make_notebook
from tests.support.browser import FIND_OVERFLOW, open_browser, open_page

pytestmark = pytest.mark.slow  # opens a browser

WIDTHS = {"desk": 1280, "phone": 400, "zoomed to 400 %": 320}  # the last is that of reflow
FIND_NAMELESS = """() => [...document.querySelectorAll('img, svg:not([role=group]), [role=img]')].filter(e => {
    const named = (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    const alt = e.tagName === 'IMG' ? e.alt : named.map(n => n ? n.textContent : '').join(' ');
    return alt.trim().length < 20 || alt.startsWith('No description');
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    with open_browser() as chrome:
        yield chrome


@pytest.fixture(scope="module")
def made_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A front page and a page with everything in it, including a failure and hostile text."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "index.html").write_text(write_index(INDEX), encoding="utf-8")
    (folder / "method.html").write_text(write_method(METHOD), encoding="utf-8")
    item = make_sentence_item({"outlet": HOSTILE, "headline": HOSTILE, "article_id": "a", "text": HOSTILE, "marks": []})
    folded = show_parts(pd.DataFrame({"term": [HOSTILE]}), {0: (HOSTILE, [item])}, by=["term"], caption=HOSTILE,
                        n_left_out=0)
    cells = [code("x", *collect_outputs(folded)), code("1/0", FAILED)]
    page = read_notebook_page(make_notebook(*cells), title="Keywords", href="02.html")
    evidence = list_evidence(page)
    links = PageLinks(page, evidence, ReportArticles({}), [])
    (folder / "02.html").write_text(write_page(page, evidence, links, SIBLINGS), encoding="utf-8")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "02.html").write_text(write_evidence(evidence, links, SIBLINGS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["made_report", "seeds_report"])
def notes(request: pytest.FixtureRequest, browser: Any) -> dict[str, list[str]]:
    """The findings on the HTML pages of a report, by check; each page is opened once.

    The browser comes first, so that no report is made only to be skipped.
    """
    folder = request.getfixturevalue(request.param)
    pages = sorted(folder.glob("*.html"))
    for name in ("articles", "evidence"):
        similar = sorted(folder.glob(f"{name}/*.html"))
        pages += dict.fromkeys(similar[:1] + similar[-1:])
    found: dict[str, list[str]] = {"pages": [str(page) for page in pages]}
    for page in pages:
        for check, notes in _inspect(browser, page).items():
            found.setdefault(check, []).extend(f"{page.name}: {note}" for note in notes)
    return found


def _inspect(browser: Any, page: Path) -> dict[str, list[str]]:
    """Open the page and try it: at three widths, in light and dark, with everything unfolded."""
    notes: dict[str, list[str]] = {}
    with open_page(browser, page) as (tab, asked):
        tab.keyboard.press("Tab")
        notes["first"] = [tab.evaluate("document.activeElement.getAttribute('href') || ''")]
        notes["nameless"] = tab.evaluate(FIND_NAMELESS)
        notes["lost"] = _find_lost(tab, page)
        tab.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
        notes["light"] = _find_violations(tab, {"resultTypes": ["violations"]})
        for name, width in WIDTHS.items():
            tab.set_viewport_size({"width": width, "height": 900})
            notes[name] = tab.evaluate(FIND_OVERFLOW)
        notes["reflow"] = _find_violations(tab, {"resultTypes": ["violations"]})
        tab.emulate_media(color_scheme="dark")  # what is not about colour is as it was
        notes["dark"] = _find_violations(tab, {"runOnly": ["color-contrast", "link-in-text-block"]})
        notes["asked"] = asked
    return notes


def _find_violations(tab: Any, options: dict[str, Any]) -> list[str]:
    """The rules of axe that the page breaks, and where."""
    from axe_playwright_python.sync_playwright import Axe

    broken = Axe().run(tab, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in broken for node in rule["nodes"]]


def _find_lost(tab: Any, page: Path) -> list[str]:
    """The links within the report that lead to no page or no anchor."""
    lost = []
    for href in tab.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
        name, _, anchor = href.partition("#")
        target = page.parent / name if name else page
        if anchor and target.exists() and f'id="{anchor}"' not in target.read_text(encoding="utf-8"):
            lost.append(href)
    return lost


@pytest.mark.parametrize("scheme", ["light", "dark", "reflow"])
def test_no_page_breaks_a_rule_of_accessibility(notes, scheme):
    assert notes["pages"] and not notes[scheme], "\n".join(notes[scheme])


def test_pages_of_sentences_and_of_articles_are_opened_too(notes):
    opened = " ".join(notes["pages"])
    assert "/evidence/" in opened
    assert ("/articles/" in opened) == ("/01_corpus.html" in opened)  # the page that was made here has no articles


def test_no_page_makes_requests_or_logs_errors(notes):
    assert not notes["asked"], "\n".join(notes["asked"])


@pytest.mark.parametrize("name", WIDTHS)
def test_no_page_is_wider_than_the_window(notes, name):
    assert not notes[name], "\n".join(notes[name])


def test_every_figure_has_a_description(notes):
    assert not notes["nameless"], "\n".join(notes["nameless"])


def test_every_link_within_the_report_leads_somewhere(notes):
    assert not notes["lost"], "\n".join(notes["lost"])


def test_the_keyboard_reaches_the_text_first(notes):
    assert {note.partition(": ")[2] for note in notes["first"]} == {"#main"}
