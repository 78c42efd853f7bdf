"""Every page of a report, opened in Chromium: readable by all, asks for nothing, fits a phone.

Needs Debian's chromium and the packages of the extra `browser`. Without them the tests are skipped,
or, where SAMESTORY_BROWSER=required, they fail.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_pages import FAILED, INDEX, code, convert

from samestory.pages import write_index

WIDTHS = {"desk": 1280, "phone": 400, "zoomed to 400 %": 320}
FIND_OVERFLOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 80)).slice(-5)"""
FIND_NAMELESS = """() => [...document.querySelectorAll('img, svg')].filter(e => {
    const named = (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    const alt = e.tagName === 'IMG' ? e.alt : named.map(n => n ? n.textContent : '').join(' ');
    return alt.trim().length < 20 || alt.startsWith('No description');
}).map(e => e.outerHTML.slice(0, 120))"""


def _miss(reason: str) -> None:
    if os.environ.get("SAMESTORY_BROWSER") == "required":
        pytest.fail(f"SAMESTORY_BROWSER=required, but {reason}")
    pytest.skip(f"pages are not opened in a browser: {reason}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    if (chromium := shutil.which("chromium")) is None:
        _miss("there is no chromium on PATH (apt install chromium)")
    try:
        from axe_playwright_python.sync_playwright import Axe  # noqa: F401 -- asked for here, used below
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        _miss(f"{error.name} is not installed (pip install 'samestory[browser]')")
    with sync_playwright() as play:
        chrome = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield chrome
        chrome.close()


@pytest.fixture(scope="module")
def made_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A front page and a page with everything in it, a failure and hostile text too."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "index.html").write_text(write_index(INDEX), encoding="utf-8")
    (folder / "02.html").write_text(convert(code("1/0", FAILED)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["made_report", "seeds_report"])
def pages(request: pytest.FixtureRequest, browser: Any) -> list[Path]:
    """The HTML pages of a report; the browser comes first, so that no report is made only to be skipped."""
    return sorted(request.getfixturevalue(request.param).rglob("*.html"))


def _visit(browser: Any, page: Path, scheme: str = "light", width: int = 1280) -> tuple[Any, list[str]]:
    """The page opened, and what it did that it must not: requests and console messages."""
    seen: list[str] = []
    tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    tab.on("console", lambda message: seen.append(f"console: {message.text}"))
    tab.on("pageerror", lambda error: seen.append(f"error: {error}"))
    tab.on(
        "request",
        lambda request: (
            None
            if request.url == page.as_uri() or request.url.startswith("data:")
            else seen.append(f"request: {request.url}")
        ),
    )
    tab.goto(page.as_uri())
    return tab, seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(pages, browser, scheme):
    from axe_playwright_python.sync_playwright import Axe

    broken = []
    for page in pages:
        tab, _ = _visit(browser, page, scheme)
        tab.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
        broken += [
            f"{page.name}: {rule['id']}: {node['html'][:120]}"
            for rule in Axe().run(tab).response["violations"]
            for node in rule["nodes"]
        ]
        tab.close()
    assert not broken, "\n".join(broken)


def test_no_page_asks_for_anything_or_complains(pages, browser):
    seen = []
    for page in pages:
        tab, noted = _visit(browser, page)
        tab.wait_for_load_state("networkidle")
        seen += [f"{page.name}: {note}" for note in noted]
        tab.close()
    assert pages and not seen, "\n".join(seen)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_is_wider_than_the_window(pages, browser, width):
    wide = []
    for page in pages:
        tab, _ = _visit(browser, page, width=width)
        wide += [f"{page.name}: {element}" for element in tab.evaluate(FIND_OVERFLOW)]
        tab.close()
    assert not wide, "\n".join(wide)


def test_every_figure_says_what_it_shows(pages, browser):
    nameless = []
    for page in pages:
        tab, _ = _visit(browser, page)
        nameless += [f"{page.name}: {element}" for element in tab.evaluate(FIND_NAMELESS)]
        tab.close()
    assert not nameless, "\n".join(nameless)


def test_every_link_within_the_report_leads_somewhere(pages, browser):
    lost = []
    for page in pages:
        tab, _ = _visit(browser, page)
        for href in tab.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
            name, _, anchor = href.partition("#")
            target = page.parent / name if name else page
            if anchor and target.exists() and f'id="{anchor}"' not in target.read_text(encoding="utf-8"):
                lost.append(f"{page.name}: {href}")
        tab.close()
    assert not lost, "\n".join(lost)


def test_keyboard_reaches_the_text_first(pages, browser):
    tab, _ = _visit(browser, pages[0])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#main"
    tab.close()
