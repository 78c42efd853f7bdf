"""The quotations and names that samestory finds in gold articles: in its tables, as anyone gets them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from benchmarks.accuracy.gold import KIND_OF_FIELD, GoldSet, Record
from samestory.annotate.models import DEFAULT_MODEL
from samestory.tables.tables import load_tables

Found = Mapping[str, list[Record]]  # by article id
QUOTATION_FIELDS = ("speaker_name", "rule", "resolution", "confidence", "speaker_confidence")


def write_articles(gold: GoldSet, folder: Path) -> None:
    """Write the articles without their annotation, as the corpus to be annotated."""
    lines = ({name: value for name, value in record.items() if name not in KIND_OF_FIELD} for record in gold.records)
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    (folder / "gold.jsonl").write_text(text, encoding="utf-8", newline="\n")


def annotate_gold(gold: GoldSet, model: str = DEFAULT_MODEL) -> tuple[Found, list[str], GoldSet]:
    """What was found in each article; the articles whose text was read differently, for which offsets differ; the gold.

    The gold is that of the articles that are read: a repeat of another article is not, as in any corpus.
    """
    with TemporaryDirectory() as folder:
        write_articles(gold, Path(folder))
        tables = load_tables(folder, model=model, most_articles=None)
    texts = dict(zip(*(tables.read_all("articles")[name] for name in ("article_id", "text")), strict=True))
    changed = [record["id"] for record in gold.records if texts.get(record["id"]) != record["text"]]
    articles = tables.read_all("articles")
    repeats = set(articles.loc[~articles["counted"], "article_id"])
    read = GoldSet(gold.name, gold.kind, [record for record in gold.records if record["id"] not in repeats])
    if gold.kind == "names":
        return _group_rows(tables.read_all("mentions")), changed, read
    return _group_rows(map_quotation(row) for row in _list_rows(tables.read_all("quotations"))), changed, read


def _list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain dictionaries, missing values as None."""
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def _group_rows(rows: pd.DataFrame | Iterable[dict[str, Any]]) -> Found:
    """The rows of the body by article; those of headlines in metadata have offsets of their own."""
    found = defaultdict(list)
    for row in _list_rows(rows) if isinstance(rows, pd.DataFrame) else rows:
        if row.get("field") in (None, "text"):
            found[str(row["article_id"])].append(row)
    return found


def map_quotation(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table quotations with the fields of a gold quotation."""
    start, end = row["speaker_start"], row["speaker_end"]
    return {"article_id": row["article_id"], "field": row.get("field"), "speaker": row["speaker"] or "",
            "content_spans": [(int(span["start"]), int(span["end"])) for span in row["content_spans"]],
            "speaker_span": None if start is None else (int(start), int(end)),
            **{name: row.get(name) for name in QUOTATION_FIELDS}}
