"""The subject of a report: what all of its pages are about."""

from dataclasses import dataclass
from typing import Any

from samestory.tables.tables import Tables

METHOD_FILE = "method.html"


@dataclass(frozen=True)
class ReportSubject:
    """The subject of a report: corpus, tables, parameters, provenance, (href, title, question) of pages, CSV files."""

    corpus: str
    tables: Tables
    parameters: dict[str, Any]
    provenance: dict[str, Any]
    pages: list[tuple[str, str, str]]
    csv_files: list[dict[str, Any]]  # the result of `export_tables`

    @property
    def siblings(self) -> list[tuple[str, str]]:
        """Title and address of each page in the bar."""
        return [*((title, href) for href, title, _ in self.pages), ("Method", METHOD_FILE)]
