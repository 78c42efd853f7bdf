"""TEI, read back by lxml and checked by TEI's own document type definition, which trafilatura has."""

from importlib.resources import files

import pytest
from lxml import etree

from samestory.base.schema import TABLES
from samestory.export.article_rows import ExportedArticle, iterate_articles
from samestory.export.fitted_text import fit_text, restore_text
from samestory.export.tei_texts import TEI_NAMESPACE, TEI_TABLES, XML_ID, make_tei_text, write_tei_texts

NAMES = {"t": TEI_NAMESPACE}


def export(tables, folder) -> dict[str, etree._Element]:
    """The articles as elements, by id."""
    folder.mkdir()
    write_tei_texts(iterate_articles(tables, TEI_TABLES), folder)
    roots = [etree.parse(path).getroot() for path in sorted(folder.rglob("*.xml"))]
    return {root.findtext(".//t:publicationStmt/t:idno", namespaces=NAMES): root for root in roots}


def read_said(root: etree._Element, name: str) -> str:
    """The text of an element and of the parts that follow it."""
    element, texts = root.xpath(f"//*[@xml:id='{name}']")[0], []
    while element is not None:
        texts.append("".join(element.itertext()))
        following = element.get("next", "")[1:]
        element = root.xpath(f"//*[@xml:id='{following}']")[0] if following else None
    return "".join(texts)


def check_texts(tables, folder) -> None:
    dtd = etree.DTD(str(files("trafilatura") / "data" / "tei_corpus.dtd"))
    roots = export(tables, folder)
    texts = {key: fit_text(text).text for key, text in tables.field_texts.items()}
    for article_id in tables.counted_ids:
        root = roots[" ".join(article_id.split())]
        assert dtd.validate(_strip_namespace(root)), dtd.error_log
        body = "".join(root.find(".//t:body", NAMES).itertext())
        assert body == texts[article_id, "text"]
        replaced = root.findtext(".//t:normalization/t:p", namespaces=NAMES)
        assert restore_text(body, replaced.partition("text: ")[2]) == tables.field_texts[article_id, "text"]
        _check_spans(root, article_id, tables, texts)


def _strip_namespace(root: etree._Element) -> etree._Element:
    """A copy without the namespace, which a document type definition does not know."""
    copy = etree.fromstring(etree.tostring(root).replace(f' xmlns="{TEI_NAMESPACE}"'.encode(), b""))
    return copy


def _check_spans(root, article_id: str, tables, texts) -> None:
    for row in tables.mentions[tables.mentions["article_id"] == article_id].itertuples():
        assert read_said(root, row.mention_id.removeprefix(f"{article_id}/")) == (
            texts[article_id, row.field][row.start:row.end])
    for row in tables.quotations[tables.quotations["article_id"] == article_id].itertuples():
        name = row.quotation_id.removeprefix(f"{article_id}/")
        spoken = "".join(texts[article_id, row.field][span["start"]:span["end"]] for span in row.content_spans)
        assert read_said(root, name).split() == spoken.split()  # white space between paragraphs belongs to none
        (said,) = root.xpath(f"//t:said[@xml:id='{name}']", namespaces=NAMES)
        assert said.get("direct") == str(row.kind == "direct").lower()
        if isinstance(row.speaker_name, str):
            (who,) = root.xpath(f"//t:particDesc//*[@xml:id='{said.get('who')[1:]}']", namespaces=NAMES)
            assert who[0].text == " ".join(fit_text(row.speaker_name).text.split())


def test_spans_of_the_seeds_come_back(seeds, tmp_path):
    check_texts(seeds, tmp_path / "out")


@pytest.mark.slow
def test_spans_of_hostile_articles_come_back(hostile, tmp_path):
    check_texts(hostile, tmp_path / "out")


def test_words_between_marks_are_kept_in_a_mixed_quotation(seeds, tmp_path):
    for root in export(seeds, tmp_path / "out").values():
        marked = {"".join(q.itertext()) for q in root.iterfind(".//t:said//t:q", NAMES)}
        rows = seeds.quotations[(seeds.quotations["kind"] == "mixed") & seeds.quotations["article_id"].isin(
            [root.findtext(".//t:publicationStmt/t:idno", namespaces=NAMES)])]
        expected = {seeds.field_texts[row.article_id, row.field][span["start"]:span["end"]]
                    for row in rows.itertuples() for span in row.quoted_spans}
        assert expected <= marked


def test_parts_have_unique_ids(seeds, tmp_path):
    for root in export(seeds, tmp_path / "out").values():
        ids = [element.get(XML_ID) for element in root.iter() if element.get(XML_ID)]
        assert len(ids) == len(set(ids)) > 50


def make_article(text: str, **tables) -> ExportedArticle:
    row = dict.fromkeys(TABLES["articles"].arrow.names)
    row |= {"article_id": "a", "text": text, "outlet": "O", "sha256": "0"}
    return ExportedArticle(1, row, {name: tables.get(name, []) for name in TEI_TABLES},
                           {"text": fit_text(text), "headline": fit_text("")})


def make_quotation(start: int, end: int, **values) -> dict:
    empty = dict.fromkeys(TABLES["quotations"].arrow.names)
    return empty | {"quotation_id": f"a/q{start}-{end}", "content_spans": [{"start": start, "end": end}],
                    "kind": "indirect", "quoted_spans": [], "confidence": 0.9, **values}


def test_marks_that_cross_are_cut_and_linked():
    lines = [{"role": "body", "paragraph": 0, "start": 0, "end": 9},
             {"role": "body", "paragraph": 1, "start": 10, "end": 15}]
    name = {"mention_id": "a/m6-12", "start": 6, "end": 12, "label": "ORG", "entity_id": "ORG:x", "field": "text"}
    article = make_article("one two x\nthree", lines=lines, mentions=[name],
                           quotations=[make_quotation(0, 8), make_quotation(4, 15, speaker_name="Ann")])
    root = make_tei_text(article)
    assert "".join(root.find(".//t:body", NAMES).itertext()) == "one two x\nthree"
    assert [read_said(root, found) for found in ("q0-8", "q4-15", "m6-12")] == ["one two ", "two xthree", "o xth"]
    assert len(root.findall(".//t:said", NAMES)) == 4 and len(root.findall(".//t:orgName", NAMES)) == 3
