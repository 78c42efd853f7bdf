"""W3C Web Annotations: names, values and what is said as JSON-LD, next to the texts that they are about.

The folder has a collection, and for each article a page of annotations and a text file. A span is a position in code
points of the text file, and a quote with what is before and after it (Web Annotation Data Model, 4.2.4 and 4.2.5).
A quotation of several spans has a target for each; its cue and its source are annotations that link to it.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from samestory.base.fields import FIELD_OF_HEADLINE, name_field
from samestory.export.article_rows import ExportedArticle, ExportRow, name_numbered_file

WEB_ANNOTATION_TABLES = ("mentions", "values", "quotations", "speech_acts")
WEB_ANNOTATION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
COLLECTION_FILE, PAGES_FOLDER, TEXTS_FOLDER = "collection.jsonld", "pages", "texts"
QUOTE_CONTEXT_CHARS = 32  # of the text before and after a quote

Annotation = dict[str, Any]


def write_web_annotations(articles: Iterable[ExportedArticle], folder: Path, *, label: str) -> int:
    """Write a collection of annotations into a folder; returns how many it has.

    Parameters
    ----------
    articles : with the rows of `WEB_ANNOTATION_TABLES`
    folder : an empty folder
    label : the name of the collection
    """
    total, last, previous = 0, "", None
    for article in articles:
        if previous:
            _write_page(folder, *previous, following=_name_page(article))
        items = list(list_web_annotations(article))
        previous, last = (article, items, total), _name_page(article)
        total += len(items)
        for field in article.list_spoken_fields():
            path = folder / _name_text(article, field)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(article.fields[field].text, encoding="utf-8", newline="")
    if previous:
        _write_page(folder, *previous, following="")
    collection = {"@context": WEB_ANNOTATION_CONTEXT, "id": COLLECTION_FILE, "type": "AnnotationCollection",
                  "label": label, "total": total}
    ends = {"first": f"{PAGES_FOLDER}/{name_numbered_file(1, 'jsonld')}", "last": last} if previous else {}
    _write_json(folder / COLLECTION_FILE, collection | ends)
    return total


def _name_page(article: ExportedArticle) -> str:
    return f"{PAGES_FOLDER}/{name_numbered_file(article.number, 'jsonld')}"


def _name_text(article: ExportedArticle, field: str) -> str:
    ending = f"{field}.txt" if field == FIELD_OF_HEADLINE else "txt"
    return f"{TEXTS_FOLDER}/{name_numbered_file(article.number, ending)}"


def _write_page(folder: Path, article: ExportedArticle, items: list[Annotation], start: int, *, following: str) -> None:
    place = f"../../{following}"
    page = {"@context": WEB_ANNOTATION_CONTEXT, "id": "", "type": "AnnotationPage",
            "partOf": {"id": f"../../{COLLECTION_FILE}", "type": "AnnotationCollection"}, "startIndex": start}
    _write_json(folder / _name_page(article), page | ({"next": place} if following else {}) | {"items": items})


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def list_web_annotations(article: ExportedArticle) -> Iterator[Annotation]:
    """The annotations of an article: one that names it, its names, its values, and what is said."""
    yield _annotate_source(article)
    for mention in article.tables["mentions"]:
        yield _annotate(article, mention, mention["mention_id"], "identifying", [
            _write_body(mention["label"], "classifying"), _write_body(mention["entity_id"], "identifying")])
    for value in article.tables["values"]:
        written = (value["kind"], *(f"{value[name]:g}" for name in ("value", "value_to") if value[name] is not None),
                   value["unit"], value["date"])
        yield _annotate(article, value, value["value_id"], "tagging", [
            _write_body(" ".join(filter(None, written)), "tagging")])
    yield from chain.from_iterable(_annotate_speech(article, layer, row) for layer, row in article.speech)


def _annotate_source(article: ExportedArticle) -> Annotation:
    """An annotation of the whole text: whose it is, and what was replaced in it."""
    names = ("article_id", "outlet", "headline", "byline", "published_at", "url", "sha256")
    described = {name: str(article.row[name]) for name in names if article.row[name] is not None}
    described |= {f"replaced in {field}": listed for field, fitted in article.fields.items()
                  if (listed := fitted.describe())}
    bodies = [_write_body(f"{name}: {value}", "describing") for name, value in described.items()]
    return {"id": _write_iri("article"), "type": "Annotation", "motivation": "describing", "body": bodies,
            "target": f"../../{_name_text(article, 'text')}"}


def _annotate_speech(article: ExportedArticle, layer: str, row: ExportRow) -> Iterator[Annotation]:
    spans = [(span["start"], span["end"]) for span in row["content_spans"]]
    named = [_write_body(row[name], "identifying") for name in ("speaker_name", "speaker_entity_id") if row[name]]
    kind = _write_body(row["kind"] if layer == "quotation" else layer, "classifying")
    yield _annotate(article, row, row["quotation_id"], "classifying", [kind, *named], spans)
    iri = _write_iri(article.shorten_id(row["quotation_id"]))
    for part, name in (("cue", "cue"), ("source", "speaker")):
        if row[f"{name}_start"] is not None:
            yield _annotate(article, row, f"{row['quotation_id']}.{part}", "linking", [
                iri, _write_body(part, "classifying")], [(row[f"{name}_start"], row[f"{name}_end"])])


def _annotate(article: ExportedArticle, row: ExportRow, row_id: str, motivation: str, bodies: list[Any],
              spans: Iterable[tuple[int, int]] = ()) -> Annotation:
    targets = [_write_target(article, row, start, end) for start, end in spans or [(row["start"], row["end"])]]
    return {"id": _write_iri(article.shorten_id(row_id)), "type": "Annotation", "motivation": motivation,
            "body": bodies, "target": targets}


def _write_iri(short_id: str) -> str:
    """An annotation's address within its page."""
    return f"#{quote(short_id, safe='')}"


def _write_body(value: str, purpose: str) -> Annotation:
    return {"type": "TextualBody", "value": value, "purpose": purpose}


def _write_target(article: ExportedArticle, row: ExportRow, start: int, end: int) -> Annotation:
    field = name_field(row.get("field"))
    text = article.fields[field].text
    selectors = [{"type": "TextPositionSelector", "start": start, "end": end},
                 {"type": "TextQuoteSelector", "exact": text[start:end],
                  "prefix": text[max(0, start - QUOTE_CONTEXT_CHARS):start],
                  "suffix": text[end:end + QUOTE_CONTEXT_CHARS]}]
    return {"source": f"../../{_name_text(article, field)}", "selector": selectors}
