"""Article rows: each counted article with its rows of other tables, one after another in bounded memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow.parquet as pq

from samestory.base.fields import FIELD_OF_TEXT, SPAN_FIELDS, name_field
from samestory.base.schema import TABLES
from samestory.export.fitted_text import FittedText, fit_text
from samestory.tables.tables import Tables

ExportRow = dict[str, Any]

MAX_ARTICLE_BATCH_ROWS, MAX_EXPORT_BATCH_ROWS = 50, 10_000  # rows of the table of articles, and of others, held at once
FILES_PER_FOLDER = 1_000
SPEECH_LAYERS = {"quotations": "quotation", "speech_acts": "speech act"}  # the tables of what is said, and a row's name


@dataclass(frozen=True)
class ExportedArticle:
    """A counted article: its number from 1, its row, its rows of other tables, and its fields as other programs read
    them."""

    number: int
    row: ExportRow
    tables: dict[str, list[ExportRow]]
    fields: dict[str, FittedText]

    @property
    def article_id(self) -> str:
        """Its id."""
        return str(self.row["article_id"])

    @property
    def speech(self) -> list[tuple[str, ExportRow]]:
        """The rows of quotations and speech acts, each with the name of its layer, by their first words."""
        rows = [(layer, row) for table, layer in SPEECH_LAYERS.items() for row in self.tables.get(table, ())]
        return sorted(rows, key=lambda item: (item[1]["content_spans"][0]["start"], item[1]["quotation_id"]))

    def cut(self, row: ExportRow, start: int, end: int) -> str:
        """A span of the field that a row's offsets count in."""
        return self.fields[name_field(row.get("field"))].text[start:end]

    def shorten_id(self, row_id: str) -> str:
        """A row's id without that of the article: `q3-9`."""
        return row_id.removeprefix(f"{self.article_id}/")

    def list_spoken_fields(self) -> list[str]:
        """The fields that rows of spans count in: the text, and the headline if it has any."""
        used = {name_field(row.get("field")) for rows in self.tables.values() for row in rows} | {FIELD_OF_TEXT}
        return [field for field in SPAN_FIELDS if field in used]


def name_numbered_file(number: int, ending: str) -> str:
    """The path of an article's file in a folder: subfolders have 1,000 files at most.

    >>> name_numbered_file(1_001, "txt")
    '0001/0001001.txt'
    """
    return f"{(number - 1) // FILES_PER_FOLDER:04}/{number:07}.{ending}"


def iterate_articles(tables: Tables, names: Sequence[str]) -> Iterator[ExportedArticle]:
    """The counted articles, by article_id, each with its rows of the named tables.

    Parameters
    ----------
    tables : the tables of a corpus
    names : tables that have the column `article_id` and are sorted by it
    """
    counted, number = tables.counted_ids, 0
    rows = {name: _RowsByArticle(tables, name) for name in names}
    for article in _iterate_rows(tables, "articles", MAX_ARTICLE_BATCH_ROWS):
        if article["article_id"] in counted:
            number += 1
            fields = {field: fit_text(article[field] or "") for field in SPAN_FIELDS}
            yield ExportedArticle(number, article, {name: rows[name].take(article["article_id"]) for name in names},
                                  fields)


def _iterate_rows(tables: Tables, name: str, batch_rows: int) -> Iterator[ExportRow]:
    with pq.ParquetFile(tables.path(name)) as file:
        for batch in file.iter_batches(batch_rows, columns=TABLES[name].arrow.names):
            yield from batch.to_pylist()


class _RowsByArticle:
    """The rows of a table that is sorted by article, handed out article by article in that order."""

    def __init__(self, tables: Tables, name: str) -> None:
        self._groups = groupby(_iterate_rows(tables, name, MAX_EXPORT_BATCH_ROWS), key=lambda row: row["article_id"])
        self._next = next(self._groups, None)

    def take(self, article_id: str) -> list[ExportRow]:
        """The rows of an article, which comes after all articles taken before."""
        while self._next is not None and (self._next[0] or "") < article_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != article_id:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows
