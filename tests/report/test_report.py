"""Reports: the files of a run, when it is skipped, and what happens if a notebook fails."""

import errno
import json
import re
import shutil
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from samestory.base.digests import digest_annotation_words, digest_data, digest_rooms
from samestory.base.errors import SameStoryError, UnknownName
from samestory.base.resources import resource
from samestory.findings.finding import Finding
from samestory.report import front_page, report_pages
from samestory.report import report as reports
from samestory.report.page_content import read_notebook_page
from samestory.report.page_links import MAX_EVIDENCE_PAGE_BYTES
from samestory.report.report import list_notebooks, plan_run, write_report
from samestory.report.report_folder import is_current
from samestory.report.report_pages import name_corpus
from samestory.tables import provenance

SILENT = {"tell": lambda line: None}


@pytest.mark.slow
def test_a_report_has_its_pages_tables_and_run_file(report):
    names = {path.stem for path in list_notebooks()}
    assert report.failed == ()
    assert {path.name for path in report.folder.iterdir()} == (
        {"index.html", "method.html", "run.json", "tables", "evidence", "articles"} | {f"{n}.html" for n in names}
        | {f"{n}.ipynb" for n in names})
    for name in front_page.EXPORTED_TABLES:
        assert (report.folder / "tables" / f"{name}.csv").exists()


@pytest.mark.slow
def test_run_json_lists_the_inputs(report):
    record = json.loads((report.folder / "run.json").read_text())
    assert record["status"] == "ok"
    assert record["parameters"]["top_n"] == 15
    assert {"input", "weights", "code", "data", "versions"} <= set(record["provenance"])
    assert {"annotation", "01_corpus", "all"} <= set(record["seconds"])


@pytest.mark.slow
def test_pages_make_no_requests_and_run_no_scripts(report):
    for page in report.folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in html
        assert "<script" not in html
        assert not re.search(r"""(src|href|action)\s*=\s*["'](https?:)?//""", html), page.name


@pytest.mark.slow
def test_pages_are_small(report):
    for page in report.folder.glob("*.html"):
        html = re.sub(r"<svg.*?</svg>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert len(html.encode()) <= 66_000, page.name
    for page in report.folder.glob("evidence/*.html"):
        assert page.stat().st_size <= MAX_EVIDENCE_PAGE_BYTES + 60_000, page.name
    assert sum(path.stat().st_size for path in report.folder.rglob("*") if path.is_file()) <= 1_150_000


@pytest.mark.slow
def test_every_link_leads_to_a_file_and_an_anchor_of_the_report(report):
    pages = {page.resolve(): page.read_text(encoding="utf-8") for page in report.folder.rglob("*.html")}
    for page, html in pages.items():
        for href in re.findall(r'<a [^>]*?href="([^"]+)"', html):
            name, _, anchor = href.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.is_relative_to(report.folder.resolve()) and target.is_file(), f"{page.name}: {href}"
            assert not anchor or f' id="{anchor}"' in pages[target], f"{page.name}: {href}"


@pytest.mark.slow
def test_every_block_of_sentences_has_a_link_to_it_and_a_way_back(report):
    for evidence in report.folder.glob("evidence/0*.html"):
        page = (report.folder / evidence.name).read_text(encoding="utf-8")
        there = re.findall(rf'id="sentences\.[^"]+">.*?href="evidence/{evidence.name}#([^"]+)"', page)
        html = evidence.read_text(encoding="utf-8")
        assert there == re.findall(r'<section>\n<h2 id="([^"]+)"', html) != []
        back = set(re.findall(rf'href="../{evidence.name}#(sentences[^"]+)"', html))
        assert back == {f"sentences.{anchor}" for anchor in there}


@pytest.mark.slow
def test_every_row_with_sentences_leads_to_them_and_they_lead_back(report):
    for evidence in report.folder.glob("evidence/0*.html"):
        page, html = ((report.folder / part / evidence.name).read_text(encoding="utf-8") for part in (".", "evidence"))
        back = dict(re.findall(rf'<section class="ss-evidence" id="([^"]+)"><h3>[^<]*</h3><p[^>]*>'
                               rf'<a href="../{evidence.name}#(r[^"]+)"', html))
        there = re.findall(rf'id="(r[\d-]+)"[^>]*><a href="evidence/{evidence.name}#([^"]+)"', page)
        assert back and {(row, anchor) for anchor, row in back.items()} <= set(there)


@pytest.mark.slow
def test_a_page_without_evidence_has_no_evidence_page(report):
    assert not (report.folder / "evidence" / "01_corpus.html").exists()
    assert "evidence/" not in (report.folder / "01_corpus.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_sentences_stay_folded_in_the_notebook(report):
    notebook = (report.folder / "04_entities.ipynb").read_text(encoding="utf-8")
    assert 'class=\\"ss-rows\\"' in notebook


@pytest.mark.slow
def test_times_paths_and_commit_are_in_run_json_only(report):
    commit = provenance.find_commit() or "no commit"
    for path in [*report.folder.rglob("*.html"), *report.folder.glob("*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        assert commit[:12] not in text
        assert str(resource("seeds").parent) not in text
        assert '"papermill"' not in text


@pytest.mark.slow
def test_a_run_that_would_change_nothing_is_skipped(report):
    again = write_report(plan_run("seeds", reports=report.folder.parent), **SILENT)
    assert again.skipped
    assert again.folder == report.folder


@pytest.mark.slow
def test_a_modified_report_is_no_longer_current(report, tmp_path):
    copy = tmp_path / "seeds"
    shutil.copytree(report.folder, copy)
    plan = plan_run("seeds", reports=tmp_path)
    assert is_current(copy, plan.fingerprint())
    (copy / "evidence" / "04_entities.html").write_text("changed")
    assert not is_current(copy, plan.fingerprint())


DIGESTS = (digest_annotation_words, digest_data, digest_rooms)


@pytest.fixture
def changed(monkeypatch, folder, tmp_path):
    """Fingerprints of a plan, before and after a change of one thing it depends on."""
    root = folder({"cnn/1.txt": "A story was read.", "metadata.csv": "path,outlet\ncnn/1.txt,CNN\n"})
    package = tmp_path / "samestory"
    shutil.copytree(provenance.PACKAGE_FOLDER, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data", "notebooks", "seeds"):
        shutil.copytree(resource(name), package / name)
    model = tmp_path / "model"
    model.mkdir()
    (model / "weights").write_text("1")
    (model / "meta.json").write_text("{}")
    monkeypatch.setattr("samestory.base.resources.PACKAGE_FOLDER", package)
    monkeypatch.setattr("samestory.base.digests.PACKAGE_FOLDER", package)

    def fingerprint(*assignments):
        for cached in (*DIGESTS, provenance.digest_weights):
            cached.cache_clear()
        return plan_run(str(root), reports=tmp_path, assignments=[f"model={model}", *assignments]).fingerprint()

    yield root, package, model, fingerprint
    for cached in (*DIGESTS, provenance.digest_weights):
        cached.cache_clear()


@pytest.mark.slow
def test_each_input_of_a_report_changes_its_fingerprint(changed, monkeypatch):
    root, package, model, fingerprint = changed
    before = [fingerprint()]
    assert fingerprint() == before[0]

    def add_to(path):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        before.append(fingerprint())

    add_to(root / "cnn" / "1.txt")
    add_to(root / "metadata.csv")
    add_to(package / "data" / "en" / "cues.csv")
    add_to(package / "notebooks" / "02_keywords.ipynb")
    add_to(package / "measure" / "speakers.py")
    add_to(package / "report" / "template" / "style.css")
    add_to(model / "weights")
    before.append(fingerprint("top_n=7"))
    monkeypatch.setattr(reports, "list_versions", lambda: {"python": "4.0"})
    before.append(fingerprint())
    assert len(set(before)) == len(before) == 10


@pytest.mark.slow
def test_a_failing_notebook_leaves_the_others(monkeypatch, tmp_path, own_cache):
    broken = tmp_path / "notebooks" / "02_keywords.ipynb"
    broken.parent.mkdir()
    text = (resource("notebooks") / "02_keywords.ipynb").read_text(encoding="utf-8")
    broken.write_text(text.replace("ss.choose_pair(keyness, counts)", "1 / 0"), encoding="utf-8")
    good = resource("notebooks") / "01_corpus.ipynb"
    shutil.copy(good, broken.parent)
    monkeypatch.setattr(reports, "list_notebooks", lambda: sorted(broken.parent.glob("*.ipynb")))
    monkeypatch.setattr(reports, "digest_files", lambda paths, root: "")
    lines = []
    report = write_report(plan_run("seeds", reports=tmp_path / "out"), tell=lines.append)
    assert report.failed == ("02_keywords",)
    index = report.index.read_text(encoding="utf-8")
    assert index.index("ZeroDivisionError: ") < index.index('id="pages"')
    assert (report.folder / "01_corpus.html").exists()
    assert any(line.startswith("02_keywords") and "FAILED" in line for line in lines)
    assert json.loads((report.folder / "run.json").read_text())["status"] == "failed"
    assert not write_report(plan_run("seeds", reports=tmp_path / "out"), **SILENT).skipped


@pytest.mark.parametrize(("options", "message"), [
    ({"only": ["02_keyword"]}, "no notebook '02_keyword'.*did you mean '02_keywords'"),
    ({"assignments": ["topn=1"]}, "no parameter 'topn'"),
    ({"only": ["01_corpus"], "assignments": ["unit=word"]}, "no parameter 'unit'"),
    ({"assignments": ["corpus=x"]}, "no parameter 'corpus'"),
])
def test_a_wrong_request_is_refused_before_anything_is_done(options, message):
    with pytest.raises(UnknownName, match=message):
        plan_run("seeds", **options)


def test_a_folder_that_is_not_a_report_is_not_replaced(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "thesis.txt").write_text("precious")
    with pytest.raises(SameStoryError, match=r"'thesis\.txt'"):
        write_report(plan_run("seeds", reports=tmp_path), **SILENT)
    assert (tmp_path / "seeds" / "thesis.txt").read_text() == "precious"


@pytest.mark.parametrize(("full", "advice"), [("reports", "--reports"), ("temporary", "set TMPDIR")])
def test_a_full_disk_of_a_report_is_named(full, advice, tmp_path):
    with pytest.raises(SameStoryError, match=f"'.*{full}': No space.*{advice}"), \
            reports._explain_lack_of_room(tmp_path / "reports" / "storm", tmp_path / "temporary"):
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / full / "a" / "file"))


@pytest.mark.slow
def test_a_corpus_without_quotation_or_name_has_a_whole_report(folder, tmp_path):
    root = folder({"cnn/1.txt": "It rained all day long.", "fox/1.txt": "It was dry all day long."})
    only = ["03_quotations", "04_entities"]
    report = write_report(plan_run(str(root), reports=tmp_path / "out", only=only), **SILENT)
    assert report.failed == ()


@pytest.mark.slow
def test_a_single_page_has_its_sentences_next_to_it(folder, tmp_path):
    root = folder({"cnn/1.txt": "Ann Lee met Bob Ray in Paris.", "fox/1.txt": "Ann Lee left Paris."})
    report = write_report(plan_run(str(root), reports=tmp_path / "out", only=["04_entities"]), **SILENT)
    html = (report.folder / "evidence" / "04_entities.html").read_text(encoding="utf-8")
    assert "met Bob Ray" in re.sub("<[^>]*>", "", html)
    assert "01_corpus" not in html
    assert "evidence/04_entities.html" in json.loads((report.folder / "run.json").read_text())["files"]


@pytest.mark.slow
def test_a_truncated_table_is_marked_as_such(monkeypatch, folder, tmp_path):
    monkeypatch.setattr(front_page, "MAX_EXPORTED_ROWS", 2)
    root = folder({"cnn/1.txt": "Ann Lee met Bob Ray in Paris.", "fox/1.txt": "Ann Lee left Paris."})
    report = write_report(plan_run(str(root), reports=tmp_path / "out", only=["01_corpus"]), **SILENT)
    assert len((report.folder / "tables" / "mentions.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2
    assert "the first 2 rows" in (report.folder / "method.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_front_page_has_its_parts_in_order_and_run_json_the_commit(report):
    for page, parts in (("index", ["findings", "pages", "limits"]),
                        ("method", ["citations", "method", "tables", "parameters", "provenance"])):
        html = (report.folder / f"{page}.html").read_text(encoding="utf-8")
        places = [html.index(f'id="{part}"') for part in parts]
        assert places == sorted(places)
    assert json.loads((report.folder / "run.json").read_text())["commit"] == provenance.find_commit()


def test_a_missing_section_leads_to_its_page():
    page = read_notebook_page(new_notebook(cells=[new_markdown_cell("## Who speaks")]), title="01", href="01.html")
    finding = Finding("Voices", "Ann speaks.", "01", "Who speaks")
    assert report_pages._find_section(page, finding) == "01.html#who-speaks"
    assert report_pages._find_section(page, replace(finding, section="Who is silent")) == "01.html"
    assert report_pages._find_section(None, finding) == "01.html"


def test_a_notebook_that_is_passed_on_names_no_path():
    cell = new_code_cell('corpus = "/srv/ann/storm"\ntop_n = 3')
    cell.metadata["tags"] = ["injected-parameters"]
    notebook = new_notebook(cells=[cell])
    name_corpus(notebook, "storm")
    assert notebook.cells[0].source == 'corpus = "storm"\ntop_n = 3'


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(report, tmp_path):
    again = write_report(plan_run("seeds", reports=tmp_path), **SILENT)
    files = sorted(path.relative_to(report.folder) for path in report.folder.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again.folder) for path in again.folder.rglob("*") if path.is_file())
    for name in files:
        same = (report.folder / name).read_bytes() == (again.folder / name).read_bytes()
        assert same or name.name == "run.json", name


@pytest.mark.slow
def test_each_of_many_outlets_is_compared_with_the_rest(folder, tmp_path):
    root = folder({f"{name}/1.txt": f"The talks in Paris, said Ann {name}, went well. {name} left." for name in "abcd"})
    report = write_report(plan_run(str(root), reports=tmp_path / "out", only=["02_keywords"]), **SILENT)
    assert report.failed == ()


@pytest.mark.slow
def test_a_corpus_in_another_language_is_refused(folder, tmp_path):
    german = "Die beiden Seiten trafen sich am Donnerstag in Berlin, sagte die Ministerin am Abend vor der Presse. "
    with pytest.raises(SameStoryError, match="1 in de"):
        write_report(plan_run(str(folder({"cnn/1.txt": german * 3})), reports=tmp_path / "out"), **SILENT)


@pytest.mark.slow
def test_repeats_across_outlets_are_counted_once(folder, tmp_path, own_cache):
    from samestory.findings import find_main_points
    from samestory.tables.tables import load_tables
    story = "Ann Lee met Bob Ray in Paris on Monday. Ann Lee said that it went well."
    tables = load_tables(folder({"cnn/1.txt": story, "fox/1.txt": story}))
    entities = tables.entities.set_index("name")
    assert (entities.loc["Ann Lee", "n_mentions"], entities.loc["Ann Lee", "n_articles"]) == (2, 1)
    assert tables.read("links")["n_articles"].max() == 1
    assert not any("one outlet only" in finding.text for finding in find_main_points(tables, {}))
