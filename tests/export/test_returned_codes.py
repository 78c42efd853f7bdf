"""Codes that come back: what people changed in a project becomes corrections, and the rest is reported."""

import csv
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from lxml import etree

from samestory.base.errors import SameStoryError
from samestory.commands.cli import main
from samestory.export.exports import export_corpus
from samestory.export.qda_project import QDA_NAMESPACE, QDA_PROJECT_FILE
from samestory.export.returned_codes import import_codes
from samestory.export.returned_project import digest_source, read_returned_project
from samestory.tables.tables import load_tables
from tests.support.export_files import make_zip

NAMES = {"q": QDA_NAMESPACE}
ARTICLES = {
    "a/1.txt": "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday.\n\nTom Berg denied that it was"
               " over.",
    "a/2.txt": "“The first part,” said Tom Berg, “and the second part of it, are ready.”\n\nHe left for Paris on"
               " Friday."}


@pytest.fixture
def project(folder, tmp_path):
    """The folder of the articles, their exported project as XML, and a function that writes it as another program."""
    root = folder(ARTICLES)
    exported = export_corpus(root, to="qdpx", out=tmp_path / "out.qdpx")
    with ZipFile(exported) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    xml = etree.fromstring(files.pop(QDA_PROJECT_FILE))

    def write(change: Callable[[bytes], bytes] = lambda text: text):
        with ZipFile(tmp_path / "back.qdpx", "w") as archive:
            archive.writestr("Project.qde", etree.tostring(xml))
            for name, text in files.items():
                archive.writestr(name, change(text))
        return tmp_path / "back.qdpx"

    return root, xml, write


def find_selection(xml, text: str):
    (found,) = xml.xpath(f"//q:PlainTextSelection[@name='{text}']", namespaces=NAMES)
    return found


def add_code(xml, name: str) -> str:
    guid = str(uuid4())
    etree.SubElement(xml.find(".//q:Codes", NAMES), f"{{{QDA_NAMESPACE}}}Code", guid=guid, name=name, isCodable="true")
    return guid


def add_coding(selection, guid: str, user: str = "") -> None:
    coding = etree.SubElement(selection, f"{{{QDA_NAMESPACE}}}Coding", guid=str(uuid4()), creatingUser=user)
    etree.SubElement(coding, f"{{{QDA_NAMESPACE}}}CodeRef", targetGUID=guid)


def drop_codings(selection, xml, prefix: str) -> None:
    codes = {code.get("guid"): code.get("name") for code in xml.iterfind(".//q:Code", NAMES)}
    for coding in selection.findall("q:Coding", NAMES):
        if codes[coding[0].get("targetGUID")].startswith(prefix):
            selection.remove(coding)


def add_selection(xml, text: str, source_place: int, start: int):
    source = xml.findall(".//q:TextSource", NAMES)[source_place]
    return etree.SubElement(source, f"{{{QDA_NAMESPACE}}}PlainTextSelection", guid=str(uuid4()),
                            startPosition=str(start), endPosition=str(start + len(text)))


def read_rows(root) -> list[dict]:
    with (root / "corrections.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_a_project_that_was_not_changed_adds_nothing(project):
    root, _, write = project
    assert import_codes(root, write()) == import_codes(root, write(lambda text: b"\xef\xbb\xbf" + text))
    result = import_codes(root, write(lambda text: text.replace(b"\n", b"\r\n")))
    assert (result.added, result.left) == ([], []) and not (root / "corrections.csv").exists()


@pytest.mark.slow
def test_a_project_of_hostile_articles_that_was_not_changed_adds_nothing(hostile, hostile_corpus, tmp_path):
    project = export_corpus(hostile_corpus, to="qdpx", out=tmp_path / "x.qdpx")
    result = import_codes(hostile_corpus, project)
    assert (result.added, result.left) == ([], [])


@pytest.mark.slow
def test_what_people_changed_becomes_corrections(project):
    root, xml, write = project
    user = str(uuid4())
    etree.SubElement(xml.find("q:Users", NAMES), f"{{{QDA_NAMESPACE}}}User", guid=f"{{{user.upper()}}}", name="Vera")
    said = find_selection(xml, "We will meet again,")
    drop_codings(said, xml, "speaker: ")
    add_coding(said, add_code(xml, "speaker: Ann Berg"), user)
    denied = find_selection(xml, "it was over")
    denied.getparent().remove(denied)
    anchorage = find_selection(xml, "Anchorage")
    drop_codings(anchorage, xml, "GPE:")
    add_coding(anchorage, add_code(xml, "ORG:Anchorage Daily"), user)
    paris = find_selection(xml, "Paris")
    paris.getparent().remove(paris)
    left, second = (ARTICLES["a/2.txt"].index(found) for found in ("left for Paris", "second part"))
    add_coding(add_selection(xml, "left for Paris", 1, left), add_code(xml, "speaker: Tom Berg"), user)
    add_coding(add_selection(xml, "second part", 1, second), add_code(xml, "LAW:Part II"), user)
    result = import_codes(root, write())
    assert result.left == []
    rows = read_rows(root)
    assert {(row["target_id"], row["operation"], row["field"], row["new"]) for row in rows} == {
        ("a/1/q1-20", "change", "speaker_name", "Ann Berg"), ("a/1/q92-103", "remove", "", ""),
        ("a/1/m47-56", "change", "label", "ORG"), ("a/1/m47-56", "change", "entity_id", "ORG:Anchorage Daily"),
        (f"a/2/m{left + 9}-{left + 14}", "remove", "", ""),
        (f"a/2/q{left}-{left + 14}", "add", "speaker_name", "Tom Berg"),
        (f"a/2/m{second}-{second + 11}", "add", "entity_id", "LAW:Part II")}
    assert {row["who"] for row in rows if row["operation"] != "remove"} == {"Vera"}
    tables = load_tables(root)
    assert set(tables.read_all("corrections")["status"]) <= {"changed", "removed", "added"}
    speakers = tables.quotations.set_index("quotation_id")["speaker_name"]
    assert speakers["a/1/q1-20"] == "Ann Berg" and speakers[f"a/2/q{left}-{left + 14}"] == "Tom Berg"
    assert "a/1/q92-103" not in speakers
    assert import_codes(root, write()).added == []  # the same once more


@pytest.mark.slow
def test_what_fits_nothing_is_reported_and_changes_nothing(project):
    root, xml, write = project
    first = find_selection(xml, "The first part,")
    drop_codings(first, xml, "speaker: ")
    add_coding(find_selection(xml, "Anchorage"), add_code(xml, "my theme"))
    add_coding(add_selection(xml, "x" * 9, 0, 9_000), add_code(xml, "speaker: Tom Berg"))
    add_coding(find_selection(xml, "it was over"), add_code(xml, "speaker: A third"))
    kind = find_selection(xml, "We will meet again,")
    drop_codings(kind, xml, "speech: ")
    add_coding(kind, add_code(xml, "speech: mixed"))
    result = import_codes(root, write())
    assert result.added == [] and not (root / "corrections.csv").exists()
    for reason in ("coded differently", "'my theme' (1)", "no span of its text", "two speakers", "kind"):
        assert sum(reason in line for line in result.left) == 1, (reason, result.left)


@pytest.mark.slow
def test_a_text_of_another_version_is_left_out_whole(project, capsys):
    root, xml, write = project
    changed = write(lambda text: text.replace("“The first".encode(), "“A first".encode()))
    assert main(["import", str(root), str(changed)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("0 corrections") and len(printed) == 2 and "a_2" in printed[1]
    for source in xml.iterfind(".//q:TextSource", NAMES):
        for selection in source.findall("q:PlainTextSelection", NAMES):
            source.remove(selection)
    result = import_codes(root, write())
    assert result.added == [] and len(result.left) == 2
    with pytest.raises(SameStoryError, match="export the project again"):
        import_codes(root, write(lambda text: b"another"))


def test_a_project_that_unpacks_to_too_much_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("samestory.export.returned_project.MAX_RETURNED_BYTES", 1_000_000)
    with ZipFile(tmp_path / "x.qdpx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b"<Project>" + b" " * 20_000_000)
    with pytest.raises(SameStoryError, match="unpacks to more than 1,000,000 bytes"):
        import_codes(folder({"a.txt": "Ann Lee said so."}), tmp_path / "x.qdpx")


def write_project(path: Path, *parts: str, **texts: str) -> Path:
    path.write_bytes(make_zip({"project.qde": f'<Project xmlns="{QDA_NAMESPACE}"><Sources>{"".join(parts)}',
                               **{f"sources/{name}.txt": text for name, text in texts.items()}}))
    return path


@pytest.mark.parametrize("limit", ["MAX_STRETCH_TAGS", "MAX_STRETCH_BYTES"])
def test_a_project_of_endless_tags_is_refused(folder, tmp_path, monkeypatch, limit):
    monkeypatch.setattr(f"samestory.export.returned_project.{limit}", 200_000)
    project = write_project(tmp_path / "x.qdpx", "<x/>" * 1_000_000)
    with pytest.raises(SameStoryError, match=r"x\.qdpx: expected at most .* found more"):
        import_codes(folder({"a.txt": "Ann Lee said so."}), project)


def test_a_text_that_many_sources_name_is_read_once(tmp_path, monkeypatch):
    source = '<TextSource name="a" plainTextPath="internal://a.txt"/>'
    project = write_project(tmp_path / "x.qdpx", source * 50, "</Sources></Project>", a="Hi.\r\n")
    opened, open_member = [], ZipFile.open
    monkeypatch.setattr(ZipFile, "open", lambda archive, name: opened.append(name) or open_member(archive, name))
    digests = [found.digest for found in read_returned_project(project)]
    assert digests == [digest_source("Hi.\n")] * 50 and opened.count("sources/a.txt") == 1


@pytest.mark.slow
def test_a_file_that_is_no_project_is_refused(folder, tmp_path, capsys):
    root, path = folder({"a.txt": "Ann Lee said so."}), tmp_path / "x.qdpx"
    for content in (b"", b"PK\x03\x04broken", b"plain text"):
        path.write_bytes(content)
        assert main(["import", str(root), str(path)]) == 2
    with ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert main(["import", str(root), str(path)]) == 2
    assert ".qde" in capsys.readouterr().err.splitlines()[-1]
    for xml in (b"<Project", b"<!DOCTYPE a [<!ENTITY x SYSTEM 'readme.txt'>]><Project>&x;</Project>"):
        with ZipFile(path, "w") as archive:
            archive.writestr("project.qde", xml)
        assert main(["import", str(root), str(path)]) == 2
    assert main(["import", str(root), str(tmp_path / "none.qdpx")]) == 2
