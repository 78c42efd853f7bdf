"""W3C Web Annotations, read back as RDF by rdflib, and as a reader of selectors finds their text."""

import json
import os
from pathlib import Path

import pytest

from samestory.export.article_rows import iterate_articles
from samestory.export.fitted_text import fit_text, restore_text
from samestory.export.web_annotations import (
    COLLECTION_FILE,
    WEB_ANNOTATION_CONTEXT,
    WEB_ANNOTATION_TABLES,
    write_web_annotations,
)

OA, ACTIVITY = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#"
# The terms of the Web Annotation vocabulary that are used, as its context maps them (Web Annotation Vocabulary, A).
TERMS = {
    "oa": OA, "as": ACTIVITY, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id", "type": "@type", "Annotation": "oa:Annotation", "TextualBody": "oa:TextualBody",
    "TextPositionSelector": "oa:TextPositionSelector", "TextQuoteSelector": "oa:TextQuoteSelector",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "body": {"@type": "@id", "@id": "oa:hasBody"}, "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"}, "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"}, "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "classifying": "oa:classifying", "describing": "oa:describing", "identifying": "oa:identifying",
    "linking": "oa:linking", "tagging": "oa:tagging", "exact": "oa:exact", "prefix": "oa:prefix", "suffix": "oa:suffix",
    "start": {"@type": "xsd:nonNegativeInteger", "@id": "oa:start"}, "value": "rdf:value", "label": "rdfs:label",
    "end": {"@type": "xsd:nonNegativeInteger", "@id": "oa:end"},
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"}, "partOf": {"@type": "@id", "@id": "as:partOf"},
    "next": {"@type": "@id", "@id": "as:next"}, "first": {"@type": "@id", "@id": "as:first"},
    "last": {"@type": "@id", "@id": "as:last"},
    "total": {"@type": "xsd:nonNegativeInteger", "@id": "as:totalItems"},
    "startIndex": {"@type": "xsd:nonNegativeInteger", "@id": "as:startIndex"}}


def export(tables, folder: Path) -> list[dict]:
    """The pages of the collection, in order; each with its path."""
    folder.mkdir()
    total = write_web_annotations(iterate_articles(tables, WEB_ANNOTATION_TABLES), folder, label="test")
    collection = json.loads((folder / COLLECTION_FILE).read_text(encoding="utf-8"))
    pages, path = [], folder / collection["first"]
    while path:
        pages.append(json.loads(path.read_text(encoding="utf-8")) | {"path": path})
        path = (path.parent / pages[-1]["next"]).resolve() if "next" in pages[-1] else None
    assert pages[-1]["path"] == folder / collection["last"]
    assert total == collection["total"] == sum(len(page["items"]) for page in pages)
    return pages


def find_text(text: str, selectors: list[dict]) -> str:
    """The text that selectors select: the position's, which must be where the quote is."""
    position, quoted = ({found["type"]: found for found in selectors}[name]
                        for name in ("TextPositionSelector", "TextQuoteSelector"))
    start, end = position["start"], position["end"]
    assert text[:start].endswith(quoted["prefix"]) and text[end:].startswith(quoted["suffix"])
    assert text[start:end] == quoted["exact"]
    return text[start:end]


def check_pages(tables, folder: Path) -> None:
    pages = export(tables, folder)
    counted = tables.articles[tables.articles["counted"]].sort_values("article_id")
    assert len(pages) == len(counted)
    for page, row in zip(pages, counted.itertuples(), strict=True):
        described = dict(body["value"].split(": ", 1) for body in page["items"][0]["body"])
        source = page["path"].parent / page["items"][0]["target"]
        with source.open(encoding="utf-8") as file:  # with universal newlines, as most programs read it
            assert restore_text(file.read(), described.get("replaced in text", "")) == row.text
        found = {}
        for item in page["items"][1:]:
            for target in item["target"]:
                text = (page["path"].parent / target["source"]).read_text(encoding="utf-8")
                found.setdefault(item["id"], []).append(find_text(text, target["selector"]))
        assert len(found) == len(page["items"]) - 1
        _check_found(found, row.article_id, tables)


def _check_found(found: dict[str, list[str]], article_id: str, tables) -> None:
    for name, key in (("mentions", "mention_id"), ("values", "value_id")):
        rows = tables.read(name)
        for row in rows[rows["article_id"] == article_id].itertuples():
            text = tables.field_texts[article_id, row.field][row.start:row.end]
            assert found["#" + getattr(row, key).removeprefix(f"{article_id}/")] == [fit_text(text).text]
    for row in tables.quotations[tables.quotations["article_id"] == article_id].itertuples():
        text = fit_text(tables.field_texts[article_id, row.field]).text
        assert found["#" + row.quotation_id.removeprefix(f"{article_id}/")] == [
            text[span["start"]:span["end"]] for span in row.content_spans]


def test_spans_of_the_seeds_come_back(seeds, tmp_path):
    check_pages(seeds, tmp_path / "out")


@pytest.mark.slow
def test_spans_of_hostile_articles_come_back(hostile, tmp_path):
    check_pages(hostile, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_rdflib_reads_the_same_spans(seeds, tmp_path):
    if os.environ.get("SAMESTORY_EXPORTS") != "required":
        pytest.importorskip("rdflib", reason="`make exports` installs it")
    from rdflib import Graph, URIRef
    spans = set()
    for page in export(seeds, tmp_path / "out"):
        path = page.pop("path")
        assert page["@context"] == WEB_ANNOTATION_CONTEXT
        graph = Graph().parse(data=json.dumps(page | {"@context": TERMS}), format="json-ld", publicID=path.as_uri())
        query = """SELECT ?annotation ?source ?start ?end ?exact WHERE {
            ?annotation a oa:Annotation ; oa:hasTarget [ oa:hasSource ?source ; oa:hasSelector ?position, ?quote ] .
            ?position oa:start ?start ; oa:end ?end . ?quote oa:exact ?exact . }"""
        for _, source, start, end, exact in graph.query(query, initNs={"oa": OA}):
            assert Path(source.removeprefix("file://")).read_text(encoding="utf-8")[int(start):int(end)] == str(exact)
            spans.add((source, int(start), int(end)))
        listed = graph.value(URIRef(path.as_uri()), URIRef(ACTIVITY + "items"))
        assert len(list(graph.items(listed))) == len(page["items"])
        assert all(isinstance(item, URIRef) for item in graph.items(listed))
    expected = {(row.article_id, row.start, row.end) for name in ("mentions", "values")
                for row in seeds.read(name).itertuples()}
    expected |= {(row.article_id, span["start"], span["end"]) for row in seeds.quotations.itertuples()
                 for span in row.content_spans}
    assert len(spans) >= len(expected) > 100
