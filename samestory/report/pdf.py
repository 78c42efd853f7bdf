"""PDF: the pages of a finished report, printed by an installed Chromium; tagged, with an outline of headings.

`python -m samestory.report.pdf DIR` prints the front page and each question's page of the report in DIR into DIR/pdf.
Sentences and articles stay web pages: links out of a page become text, because they would contain a path on this
machine. Without a Chromium, nothing is made, and a line says so.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from samestory.base.errors import SameStoryError
from samestory.read.corpus import find_corpus

CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome")
PDF_FOLDER = "pdf"  # within the report
PDF_TIMEOUT_SECONDS = 120  # seconds per page
# The new headless mode prints tagged PDFs; the other options keep the browser from doing anything but printing.
CHROMIUM_OPTIONS = ("--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                    "--disable-sync", "--disable-extensions", "--disable-component-update",
                    "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline")
OUTSIDE_LINK_PATTERN = re.compile(r' href="(?!#)[^"]*"(?=[^<>]*>)')


def find_browser() -> str | None:
    """The first Chromium on PATH, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_COMMANDS)), None)


def name_pdf(page: str) -> str:
    """The path of a page's PDF within the report.

    >>> name_pdf("01_corpus.html")
    'pdf/01_corpus.pdf'
    """
    return f"{PDF_FOLDER}/{Path(page).stem}.pdf"


def print_report(folder: str | Path, *, browser: str) -> list[Path]:
    """Print each page of a report; return the paths of the PDFs.

    Parameters
    ----------
    folder : of a finished report
    browser : path of a Chromium

    Raises
    ------
    SameStoryError
        If there is no report, or the browser prints nothing.
    """
    folder = Path(folder)
    if not (folder / "run.json").is_file():
        raise SameStoryError(f"{str(folder)!r} is not a finished report; expected a folder with run.json, as written by"
                             " samestory run")
    (folder / PDF_FOLDER).mkdir(exist_ok=True)
    return [_print_page_as_pdf(page, folder / name_pdf(page.name), browser) for page in sorted(folder.glob("*.html"))]


def drop_outside_links(html: str) -> str:
    """A page whose links to other pages are plain text; links within it stay.

    >>> drop_outside_links('<a href="a.html#b">A</a> <a href="#b">B</a> href="c"')
    '<a>A</a> <a href="#b">B</a> href="c"'
    """
    return OUTSIDE_LINK_PATTERN.sub("", html)


def _print_page_as_pdf(page: Path, pdf: Path, browser: str) -> Path:
    with TemporaryDirectory(prefix="samestory-pdf-") as own:
        copy, printed = Path(own) / page.name, Path(own) / "printed.pdf"
        copy.write_text(drop_outside_links(page.read_text(encoding="utf-8")), encoding="utf-8")
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        call = [browser, *CHROMIUM_OPTIONS, *as_root, f"--user-data-dir={own}/profile", f"--print-to-pdf={printed}",
                copy.as_uri()]
        try:
            done = subprocess.run(call, capture_output=True, text=True, timeout=PDF_TIMEOUT_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SameStoryError(f"{browser} could not print {page.name}: {error}") from error
        if not printed.is_file():
            said = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise SameStoryError(f"{browser} printed nothing of {page.name}: {said}")
        shutil.copyfile(printed, pdf)
    return pdf


def run_pdf_command(arguments: Sequence[str] | None = None) -> int:
    """Print a report; the exit status is 0, even without a Chromium, or 2 if there is no report."""
    parser = argparse.ArgumentParser(prog="python -m samestory.report.pdf",
                                     description="Print a finished report as PDF.")
    parser.add_argument("folder", metavar="DIR", help="the report; with CORPUS, the folder that contains the reports")
    parser.add_argument("corpus", metavar="CORPUS", nargs="?", help="folder, file or glob that the report is about")
    options = parser.parse_args(arguments)
    if (browser := find_browser()) is None:
        return _print_status_line(f"no PDF was made: none of {', '.join(CHROMIUM_COMMANDS)} is on PATH"
                                  " (Debian: apt install chromium)", 0)
    try:
        folder = Path(options.folder, *([find_corpus(options.corpus).name] if options.corpus else []))
        printed = print_report(folder, browser=browser)
    except SameStoryError as error:
        return _print_status_line(f"samestory: {error}", 2)
    return _print_status_line(f"{'pdf':<14} {folder / PDF_FOLDER}, {len(printed)} pages", 0)


def _print_status_line(line: str, status: int) -> int:
    (sys.stderr if status else sys.stdout).write(f"{line}\n")
    return status


if __name__ == "__main__":
    sys.exit(run_pdf_command())
