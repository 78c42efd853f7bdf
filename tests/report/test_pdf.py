"""PDF: the pages of a report, printed by an installed browser or a fake one."""

import os
import re
import shutil
import stat

import pytest

from samestory.base.errors import SameStoryError
from samestory.report import pdf
from samestory.report.report_folder import check_report_folder


@pytest.fixture
def finished(tmp_path):
    """A report of two pages."""
    folder = tmp_path / "a report's folder"
    (folder / "evidence").mkdir(parents=True)
    page = ('<!DOCTYPE html><html lang="en"><title>One</title><h1 id="a">One</h1><h2>Two</h2>'
            '<p><a href="evidence/x.html">out</a> <a href="#a">within</a></p>')
    for name in ("index.html", "01_corpus.html", "evidence/x.html"):
        (folder / name).write_text(page, encoding="utf-8")
    (folder / "run.json").write_text('{"files": {"index.html": "", "01_corpus.html": "", "evidence/x.html": ""}}')
    return folder


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Makes a browser of a shell script, alone on PATH."""
    def make(script):
        path = tmp_path / "bin" / "chromium"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")
        return str(path)
    return make


PRINTS = """for last; do :; done
for each; do case "$each" in --print-to-pdf=*) echo "$last" >"${each#--print-to-pdf=}";; esac; done"""


def test_each_page_is_printed_next_to_the_report(finished, browser):
    printed = pdf.print_report(finished, browser=browser(PRINTS))
    assert [path.relative_to(finished).as_posix() for path in printed] == ["pdf/01_corpus.pdf", "pdf/index.pdf"]
    assert all(path.read_text().endswith(f"{path.stem}.html\n") for path in printed)


def test_a_printed_report_can_be_replaced(finished, browser):
    pdf.print_report(finished, browser=browser(PRINTS))
    check_report_folder(finished, corpus="", place="", content="")
    (finished / "pdf" / "thesis.pdf").write_text("precious")
    with pytest.raises(SameStoryError, match=r"pdf/thesis.pdf"):
        check_report_folder(finished, corpus="", place="", content="")


def test_a_browser_that_prints_nothing_is_an_error(finished, browser):
    with pytest.raises(SameStoryError, match=r"01_corpus\..*no display"):
        pdf.print_report(finished, browser=browser("echo no display >&2; exit 1"))


def test_without_a_browser_a_line_says_so(finished, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert pdf.run_pdf_command([str(finished)]) == 0
    said = capsys.readouterr()
    assert all(command in said.out for command in pdf.CHROMIUM_COMMANDS)
    assert (said.out.count("\n"), said.err) == (1, "")
    assert not (finished / "pdf").exists()


def test_a_folder_that_is_not_a_report_is_refused(tmp_path, browser, capsys):
    browser(PRINTS)
    assert pdf.run_pdf_command([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_report_of_a_corpus_is_found(finished, browser, folder, capsys):
    browser(PRINTS)
    corpus = folder({"cnn/1.txt": "A story."}, name="event")
    finished.rename(finished.parent / "bin" / "event")
    assert pdf.run_pdf_command([str(finished.parent / "bin"), str(corpus)]) == 0
    assert capsys.readouterr().out.endswith("2 pages\n")


@pytest.mark.parametrize("html", ['<a class="x" href="01.html#y" aria-label="z">', '<a href="javascript:alert(1)">'])
def test_links_out_of_a_page_are_dropped(html):
    assert "href" not in pdf.drop_outside_links(html)


@pytest.mark.slow
def test_chromium_prints_tagged_pages_with_an_outline_and_no_path(finished):
    if (chromium := shutil.which("chromium")) is None:
        if os.environ.get("SAMESTORY_BROWSER") == "required":
            pytest.fail("SAMESTORY_BROWSER=required, but there is no chromium on PATH")
        pytest.skip("there is no chromium on PATH (apt install chromium)")
    for path in pdf.print_report(finished, browser=chromium):
        printed = path.read_bytes()
        assert printed.startswith(b"%PDF")
        assert b"/StructTreeRoot" in printed and b"/Outlines" in printed
        assert re.search(rb"/Lang ?\(en\)", printed)
        assert b"file:" not in printed
