"""JupyterLab in Chromium: a notebook is opened, changed and run, and explored by keyboard, with no network.

Lab's own folders are temporary ones, so that the settings of whoever runs this stay as they are. Needs what
tests/support/browser.py says; without it the tests are skipped, or, where SAMESTORY_BROWSER=required, they fail.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest

import samestory as ss
from samestory.base.resources import resource
from samestory.correct.corrections import read_corrections
from samestory.run.parameters import read_declared
from tests.support.browser import find_chromium, open_browser

pytestmark = pytest.mark.slow  # opens a browser

PATIENCE = 90  # seconds that anything may take on a slow machine
HOSTILE = "<img src=x onerror=alert(1)>"
STORY = ("The bridge of {0}\n\nKaren Miller said on Monday that the town would build a bridge. “We need it,” Miller"
         " said.\n\nJohn Carter, the mayor, said that <script>alert(2)</script> was late.\n\nThe {1} stood.\n")
FIND_CHARTS = """() => [...document.querySelectorAll('.jp-RenderedSVG img')].filter(img => img.naturalWidth > 100).map(
    img => new DOMParser().parseFromString(decodeURIComponent(img.src.slice(img.src.indexOf(',') + 1)), 'image/svg+xml')
    .querySelector('desc').textContent)"""


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """JupyterLab's address, and the folder it shows: copies of the notebooks, whose corpora are already annotated."""
    find_chromium()
    request.getfixturevalue("seeds")
    root, own = tmp_path_factory.mktemp("shown") / "notebooks", tmp_path_factory.mktemp("lab")
    shutil.copytree(resource("notebooks"), root)
    with (own / "log.txt").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "jupyterlab", *_list_options(root)], stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, env=_make_environment(own))
        try:
            yield _wait_for_address(process, own), root
        finally:
            process.terminate()  # its kernels end with it
            process.wait(PATIENCE)


def _list_options(root: Path) -> list[str]:
    return ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
            f"--ServerApp.root_dir={root}", "--IdentityProvider.token=", "--LabApp.news_url=None",
            "--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]


def _make_environment(own: Path) -> dict[str, str]:
    """The environment with every folder that Jupyter and IPython write to below `own`, and no question about news."""
    asked = own / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    asked.parent.mkdir(parents=True)
    asked.write_text('{"fetchNews": "false"}', encoding="utf-8")
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
               "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "places", "IPYTHONDIR": "ipython"}
    return os.environ | {name: str(own / folder) for name, folder in folders.items()}


def _wait_for_address(process: subprocess.Popen, own: Path) -> str:
    """The address, once the server has written it where Jupyter keeps such things."""
    written, deadline = own / "runtime" / f"jpserver-{process.pid}.json", time.monotonic() + PATIENCE
    while not (written.exists() and written.read_text(encoding="utf-8").endswith("}")):
        assert process.poll() is None and time.monotonic() < deadline, (own / "log.txt").read_text(encoding="utf-8")
        time.sleep(0.1)
    return json.loads(written.read_text(encoding="utf-8"))["url"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as chrome:
        yield chrome


@contextmanager
def open_notebook(browser: Any, address: str, name: str) -> Iterator[Any]:
    """A notebook open in Lab, its kernel ready; afterwards, checks that no other machine was contacted."""
    page, odd = browser.new_page(viewport={"width": 1280, "height": 900}), []
    page.set_default_timeout(1000 * PATIENCE)
    page.on("request", lambda request: odd.append(request.url) if not request.url.startswith(
        (address, "data:", "blob:")) else None)
    page.on("dialog", lambda dialog: (odd.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(f"{address}lab/tree/{name}?reset")  # without the notebooks that were open before
    page.get_by_text("| Idle").wait_for()
    yield page
    page.close()
    assert not odd


def run_all(page: Any) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def test_a_changed_parameter_changes_table_and_chart(lab, browser, seeds):
    given = read_declared(resource("notebooks") / "02_keywords.ipynb")
    choice = {name: given[name] for name in ("unit", "fold", "include_headline", "include_quoted")}
    counts = ss.count_terms(seeds.folder, **choice)
    keyness = ss.measure_outlets(counts, target="CNN", min_count=given["min_count"], stop_words=given["stop_words"])
    first = ss.leave_out_names(seeds, ss.choose_pair(keyness, counts), **choice)
    told = ss.describe_comparison(first.table, chart=given["chart"], target=first.target, reference=first.reference,
                                  top_n=given["top_n"])
    with open_notebook(browser, lab[0], "02_keywords.ipynb") as page:
        page.locator(".cm-line", has_text="target: str").click()
        page.keyboard.press("Home")
        page.keyboard.press("Shift+End")
        page.keyboard.insert_text('target: str = "CNN"')
        run_all(page)
        page.wait_for_function(f"told => ({FIND_CHARTS})().includes(told)", arg=told)
        table = page.locator("table.ss-table", has=page.locator("caption", has_text=ss.name_comparison(given["chart"])))
        row = table.first.locator("tbody tr").first
        row.wait_for(state="attached")  # the table comes after the chart
        shown = row.locator("th, td").all_text_contents()
    assert shown[:2] == [str(value) for value in ss.head_by_outlet(first).iloc[0, :2]]


def test_sentences_are_explored_and_corrected_by_keyboard(lab, browser, folder):
    corpus = folder({f"{outlet}/1.txt": STORY.format(outlet, " ".join(f"{outlet[:1]}{n}" for n in range(80)))
                     for outlet in ("Daily", HOSTILE)})  # the last words keep them from being counted as one
    ss.load_tables(corpus)  # here where the model is loaded, not in the kernel
    _write_notebook(lab[1] / "explore.ipynb", corpus)
    with open_notebook(browser, lab[0], "explore.ipynb") as page:
        cells = page.locator(".jp-Notebook .jp-Cell").count()
        run_all(page)
        page.get_by_label("Outlets", exact=True).focus()
        page.keyboard.press("Tab")
        page.keyboard.type("Karen")
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        page.get_by_text("Sentences of what Karen Miller says; what").first.wait_for()
        assert page.locator(".ss-sides mark", has_text="We need it").count() == 2
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("End")
        page.wait_for_function("document.querySelector('.ss-menus').querySelectorAll('.ss-sides th').length === 1")
        assert page.locator(".ss-menus").first.locator(".ss-sides th").inner_text().startswith("Daily")
        _decide(page)
        _correct(page, "John Carter")
        assert page.locator(".jp-Notebook .jp-Cell").count() == cells  # no key reached Lab, where X cuts a cell
    *decisions, row = read_corrections(corpus / "corrections.csv")
    assert [(made.field, made.new) for made in decisions] == [("status", "refused"), ("status", "candidate")]
    assert (row.field, row.old, row.new) == ("speaker_name", "Karen Miller", "John Carter")


def _write_notebook(path: Path, corpus: Path) -> None:
    """Set the notebook's corpus."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = notebook.cells[1].source.replace('"seeds"', json.dumps(str(corpus)))
    nbformat.write(notebook, path)


def _decide(page: Any) -> None:
    """Refuse a pair of statements and leave another open, by keys, after a click on the sentences."""
    panel = page.locator(".ss-menus", has=page.locator(".ss-key-n"))
    panel.locator(".ss-sides blockquote").first.click()
    for key, said in (("n", "1 no."), ("u", "1 undecided.")):
        page.keyboard.press(key)
        panel.locator("caption", has_text=said).wait_for()


def _correct(page: Any, speaker: str) -> None:
    """Sort a table, then give a statement another speaker, all by keyboard."""
    page.get_by_label("sort and search all rows").focus()
    page.keyboard.press("Space")
    page.locator("table.dataTable tbody td").first.wait_for()
    page.get_by_label("New", exact=True).focus()
    page.keyboard.type(speaker)
    page.get_by_role("button", name="Write the correction").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Written to corrections.csv").first.wait_for()  # Lab may still show the panel before it, too
