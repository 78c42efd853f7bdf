"""Hostile articles never change a page: no script runs, nothing is requested, nothing is wider than the window.

Hostile text is wherever an outlet or a user could put it: texts, headlines, bylines, addresses, outlets,
ids, file names, sidecars. Every page of the report is opened, those of articles and sentences too.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from samestory.report.report import plan_run, write_report
from samestory.show.csv_text import CSV_FORMULA_PATTERN
from tests.support.browser import FIND_OVERFLOW, find_chromium, open_browser, open_page

pytestmark = pytest.mark.slow  # opens a browser

MARK = "document.documentElement.dataset.owned=1;alert(1)"
PAYLOADS = (
    f"<script>{MARK}</script>", f'<img src=x onerror="{MARK}">', f"<svg onload={MARK}><title>",
    f"</style><script>{MARK}//", f"]]><script>{MARK}</script><![CDATA[", "</title></main></body>",
    '" onmouseover=alert(1) x="', "' autofocus onfocus=a",
    "<iframe src=http://127.0.0.1:9/></iframe>", "<base href=http://127.0.0.1:9/>", "{{7*7}}{% raw %}", "<!--",
    "<a href=javascript:alert(1)>here</a>", "[x](javascript:alert(1)) ![y](http://127.0.0.1:9/z.png)",
    "=HYPERLINK(\"http://127.0.0.1:9\")", "@SUM(1)", "\u202egnihton\u202c", "\x1b[31mred\x1b[0m", "nul\x00l", "$x_1^{$",
    "a" + "\u0301" * 400, "&lt;script&gt;", "<style>*{display:none}</style>", "<plaintext>", "\ufdd0\ufffe\U000e0041",
)
LONG = "w" * 900_000
LONG_OUTLET = "<b onclick=alert(1)>Daily " + "Very Long News " * 660 + "</b>"
FIND_FOREIGN = r"""() => {
    const tell = all => [...all].map(e => e.outerHTML.slice(0, 90));
    const runs = a => a.name.startsWith('on') || a.name === 'autofocus' ||
        (['href', 'src', 'action'].includes(a.name) && /^\s*javascript:/i.test(a.value));
    const is_alone = name => document.querySelectorAll(name).length === 1;
    return [
        ...tell(document.querySelectorAll('script, iframe, object, embed, form, base, plaintext, img, video')),
        ...tell([...document.querySelectorAll('*')].filter(e => [...e.attributes].some(runs))),
        ...(document.documentElement.dataset.owned ? ['a script ran'] : []),
        ...(is_alone('main') && is_alone('style') ? [] : ['main or style is not alone']),
        ...(/[\u202a-\u202e\u2066-\u2069\u0000\u001b]/.test(document.documentElement.outerHTML) ? ['control'] : []),
    ];
}"""


def write_text(payloads: tuple[str, ...], name: str) -> str:
    """An article whose quotations, names, keywords and lines are all hostile."""
    lines = [f'"{payload} {name} will not go," said {name} Zhao <b>Lijian</b> {payload} of the Ministry of Truth.\n\n'
             f"Officials in Beijing {payload} talked {payload} about Alaska, {name} noted.\n" for payload in payloads]
    return f"<h1>{payloads[0]}</h1>\n\n" + "\n".join(lines)


@pytest.fixture(scope="module")
def hostile_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "<b>corpus & =1+1"
    rows = [{"id": f"../{payload}\\{place}", "outlet": payload if place % 3 else "=cmd()|' /C calc'!A0",
             "headline": f"{payload} meets {payload}", "byline": payload, "section": payload,
             "url": f"javascript:{MARK}" if place % 2 else f'https://example.org/"{payload}',
             "published_at": payload if place % 4 == 0 else "2021-03-17T12:00:00Z",
             "text": write_text(PAYLOADS[place::4], f"Name{place}")}
            for place, payload in enumerate(PAYLOADS[:6])]
    rows += [{"id": "long", "outlet": LONG_OUTLET, "text": f"{write_text(PAYLOADS[:3], 'Ann')} {LONG} said Ann Lee."}]
    files = {"articles.jsonl": "\n".join(map(json.dumps, rows)),
             f"{LONG_OUTLET[:60]}/<img src=x onerror=alert(1)>.txt": write_text(PAYLOADS, "Bob"),
             "fox/=1+1.txt": write_text(PAYLOADS[::-3], "Eve"),
             "saved.html": f"<html><body><article><h1>{PAYLOADS[1]}</h1>"
                           f"<p>{'Officials in Beijing talked about Alaska. ' * 20}</p><p>{PAYLOADS[2]}</p></article>",
             "metadata.csv": "path,headline,outlet,url\n"
                             'fox/=1+1.txt,"<svg/onload=alert(1)>","@fox","java\tscript:alert(1)"\n',
             "aliases.csv": 'surface,name,label\nBeijing,"<script>alert(1)</script>",GPE\n',
             "roster.csv": 'name,side\nZhao Lijian,"=1+1<script>alert(1)</script>"\n'}
    for name, text in files.items():
        path = folder / name.replace("</", "<")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return folder


@pytest.fixture(scope="module")
def hostile_report(hostile_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    find_chromium()  # before a report is made in vain
    report = write_report(plan_run(str(hostile_corpus), reports=tmp_path_factory.mktemp("reports")),
                          tell=lambda line: None)
    assert report.failed == ()
    return report.folder


@pytest.fixture(scope="module")
def browser(hostile_report: Path) -> Iterator[Any]:
    with open_browser() as chrome:
        yield chrome


@pytest.fixture(scope="module")
def notes(hostile_report: Path, browser: Any) -> dict[str, list[str]]:
    """The findings on the pages of the report, by check."""
    found: dict[str, list[str]] = {"pages": []}
    for page in sorted(hostile_report.rglob("*.html")):
        found["pages"].append(page.relative_to(hostile_report).as_posix())
        with open_page(browser, page) as (tab, asked):
            notes = {"foreign": tab.evaluate(FIND_FOREIGN), "desk": tab.evaluate(FIND_OVERFLOW)}
            tab.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
            notes["unfolded"] = tab.evaluate(FIND_OVERFLOW)
            tab.set_viewport_size({"width": 320, "height": 900})
            notes["phone"] = tab.evaluate(FIND_OVERFLOW)
            hrefs = tab.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
            notes["lost"] = [href for href in set(hrefs) if not leads_somewhere(page, href)]
            notes["asked"] = asked
        for check, told in notes.items():
            found.setdefault(check, []).extend(f"{page.name}: {note}" for note in told)
    return found


def leads_somewhere(page: Path, href: str) -> bool:
    """Whether a link leads to a file of the report, or to an article on the web."""
    if re.match(r"https?://", href):
        return True
    target, _, anchor = href.partition("#")
    path = page.parent / unquote(target) if target else page
    return path.is_file() and (not anchor or f'id="{anchor}"' in read_page(path))


@cache
def read_page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_kind_of_page_is_opened(notes):
    folders = {name.rpartition("/")[0] for name in notes["pages"]}
    assert folders == {"", "articles", "evidence"}
    assert len(notes["pages"]) > 12


@pytest.mark.parametrize("check", ["foreign", "asked", "desk", "unfolded", "phone", "lost"])
def test_no_article_changes_a_page(notes, check):
    assert not notes[check], "\n".join(notes[check][:20])


def test_no_cell_of_a_table_is_a_formula(hostile_report):
    csv.field_size_limit(10_000_000)
    paths = sorted(hostile_report.rglob("*.csv"))
    assert len(paths) > 20
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row if CSV_FORMULA_PATTERN.match(cell)}
        odd = {cell for cell in cells if not re.fullmatch(r"-?([\d.]+(e[+-]\d+)?|inf)", cell.strip())}
        assert not odd, (path.name, sorted(odd)[:3])


def test_no_file_of_the_report_is_outside_its_folder(hostile_report):
    assert {path.name for path in hostile_report.parent.iterdir()} == {hostile_report.name}
