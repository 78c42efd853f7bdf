"""Debian's Chromium for tests: opened once per module; requests, messages and dialogs of a page are recorded.

Needs chromium and the packages of tests/locks/browser.txt. Without them the tests are skipped, or, where
SAMESTORY_BROWSER=required, they fail.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FIND_OVERFLOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 80)).slice(-5)"""


def find_chromium() -> str:
    """The path of chromium; without it or playwright the test is skipped, or fails."""
    chromium = shutil.which("chromium")
    if chromium is None:
        _miss("there is no chromium on PATH (apt install chromium)")
    try:
        from axe_playwright_python.sync_playwright import Axe  # noqa: F401 -- asked for here, used below
    except ImportError as error:
        _miss(f"{error.name} is not installed (tests/locks/browser.txt has it)")
    return chromium


def _miss(reason: str) -> None:
    if os.environ.get("SAMESTORY_BROWSER") == "required":
        pytest.fail(f"SAMESTORY_BROWSER=required, but {reason}")
    pytest.skip(f"pages are not opened in a browser: {reason}")


@contextmanager
def open_browser() -> Iterator[Any]:
    """A headless Chromium."""
    chromium = find_chromium()
    from playwright.sync_api import sync_playwright
    with sync_playwright() as play:
        chrome = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield chrome
        chrome.close()


@contextmanager
def open_page(browser: Any, page: Path, *, width: int = 1280) -> Iterator[tuple[Any, list[str]]]:
    """A page in a new tab, and the requests, messages and errors recorded so far."""
    asked: list[str] = []
    tab = browser.new_page(color_scheme="light", viewport={"width": width, "height": 900})
    tab.on("console", lambda message: asked.append(f"console: {message.text}"))
    tab.on("pageerror", lambda error: asked.append(f"error: {error}"))
    tab.on("dialog", lambda dialog: (asked.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    tab.on("request", lambda request: _note_request(request.url, page, asked))
    tab.goto(page.as_uri())
    yield tab, asked
    tab.close()


def follow(tab: Any, link: Any) -> Any:
    """Click a link and return its target, once it is in view; another page may have to load first."""
    from playwright.sync_api import expect
    address = link.evaluate("link => new URL(link.getAttribute('href'), document.baseURI).href")  # in figures too
    link.click()
    tab.wait_for_url(address)
    target = tab.locator(":target")
    expect(target).to_be_in_viewport(timeout=30_000)
    return target


def _note_request(url: str, page: Path, asked: list[str]) -> None:
    if url != page.as_uri() and not url.startswith("data:"):
        asked.append(f"request: {url}")
