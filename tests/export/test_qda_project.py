"""REFI-QDA projects, read back by pyrefiqda, whose classes are made from the schema, and as QualCoder does."""

import os
from collections import Counter
from zipfile import ZipFile

import pytest
from lxml import etree

from samestory.export.fitted_text import fit_line, fit_text, restore_text
from samestory.export.qda_project import QDA_NAMESPACE, QDA_PROJECT_FILE, write_qda_project

NAMES = {"q": QDA_NAMESPACE}


def read_project(tables, path) -> tuple[etree._Element, dict[str, str]]:
    """The project, and the texts of its sources by their guids, with universal newlines as QualCoder reads them."""
    write_qda_project(tables, path, name="test")
    with ZipFile(path) as archive:
        archive.extractall(path.parent / "x")
        root = etree.fromstring(archive.read(QDA_PROJECT_FILE))
    return root, {file.stem: file.read_text(encoding="utf-8") for file in (path.parent / "x" / "sources").iterdir()}


def list_expected(tables) -> Counter:
    """Code and text of every coding that the project should have."""
    texts = {key: fit_text(text).text for key, text in tables.field_texts.items()}
    found = Counter((fit_line(row.entity_id), texts[row.article_id, row.field][row.start:row.end])
                    for row in tables.mentions.itertuples())
    for row in tables.quotations.itertuples():
        named = [f"speaker: {fit_line(row.speaker_name)}"] if isinstance(row.speaker_name, str) else []
        found += Counter((code, texts[row.article_id, row.field][span["start"]:span["end"]])
                         for span in row.content_spans for code in (f"speech: {row.kind}", *named))
    return found


def check_project(tables, path) -> None:
    root, texts = read_project(tables, path)
    codes = {code.get("guid"): code.get("name") for code in root.iterfind(".//q:Code", NAMES)}
    assert len(set(codes.values())) == len(codes)
    found = Counter()
    for source in root.iterfind(".//q:TextSource", NAMES):
        text = texts[source.get("plainTextPath").removeprefix("internal://").removesuffix(".txt")]
        for selection in source.iterfind("q:PlainTextSelection", NAMES):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            for coding in selection.iterfind("q:Coding/q:CodeRef", NAMES):
                found[codes[coding.get("targetGUID")], text[start:end]] += 1
    assert found == list_expected(tables)
    listed = {source.get("guid"): source.findtext("q:Description", namespaces=NAMES).partition("replaced in it: ")[2]
              for source in root.iterfind(".//q:TextSource", NAMES)}
    restored = {restore_text(texts[guid], replaced) for guid, replaced in listed.items()}
    assert restored >= set(tables.articles["text"][tables.articles["counted"]])


def test_spans_of_the_seeds_come_back(seeds, tmp_path):
    check_project(seeds, tmp_path / "x.qdpx")


@pytest.mark.slow
def test_spans_of_hostile_articles_come_back(hostile, tmp_path):
    check_project(hostile, tmp_path / "x.qdpx")


@pytest.mark.slow
def test_names_are_those_of_no_folder(hostile, tmp_path):
    root, _ = read_project(hostile, tmp_path / "x.qdpx")
    assert all(source.get("name").isprintable() and not set(source.get("name")) & set("/\\")
               for source in root.iterfind(".//q:TextSource", NAMES))
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids)) > 200


@pytest.mark.slow
def test_pyrefiqda_reads_the_project(hostile, tmp_path):
    if os.environ.get("SAMESTORY_EXPORTS") != "required":
        pytest.importorskip("pyrefiqda", reason="`make exports` installs it")
    from pyrefiqda import RefiProject
    write_qda_project(hostile, tmp_path / "x.qdpx", name="test")
    project = RefiProject.load(tmp_path / "x.qdpx", extract_dir=tmp_path / "x")
    selections = [selection for source in project.sources.text_source for selection in source.plain_text_selection]
    expected = len(hostile.mentions) + sum(map(len, hostile.quotations["content_spans"]))
    assert len(selections) == expected
    for source in project.sources.text_source:
        text = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "x").read_text(encoding="utf-8")
        assert all(0 <= found.start_position < found.end_position <= len(text) for found in source.plain_text_selection)
