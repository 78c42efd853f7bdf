"""The state that the steps of an overlay share: the tables as they are now, the corrections, and their outcomes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from samestory.base.schema import TABLE_ROW_ORDER, TABLES, make_table
from samestory.clean.outlets import Outlets
from samestory.correct.allowed import CorrectionOutcome, TableRow, Target, clip_value
from samestory.correct.corrections import Correction

Span = tuple[int, int]
HAND_ADDED_RULE = "added by hand"  # the `rule` of rows that a person added


@dataclass
class State:
    """A corpus's tables while corrections are applied to them.

    Parameters
    ----------
    read : returns a table as it was found, or only the rows of some articles
    roster, outlets : sides by name; the known outlets
    rows : the rows of corrections.csv, by kind of target
    outcomes : the outcome of each row, by line
    found, tables : the tables as they were found, as far as they were read; the corrected tables
    stretches : for large tables, the articles whose rows changed, with these rows
    recut : articles whose quotations or lines changed, so that the columns of their words must be updated
    recounted : articles whose words or outlet changed, or that are no longer counted
    dropped : spans that are no longer part of the story, by article_id and field
    """

    read: Callable[[str, Iterable[str] | None], pa.Table]
    roster: dict[str, str]
    outlets: Outlets
    rows: dict[str, list[Correction]] = field(default_factory=dict)
    outcomes: dict[int, CorrectionOutcome] = field(default_factory=dict)
    found: dict[str, pa.Table] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    recut: set[str] = field(default_factory=set)
    recounted: set[str] = field(default_factory=set)
    dropped: dict[tuple[str, str], list[Span]] = field(default_factory=dict)
    stretches: dict[str, tuple[set[str], pa.Table]] = field(default_factory=dict)

    def table(self, name: str) -> pa.Table:
        """A table as it is now."""
        if name not in self.tables and name not in self.found:
            self.found[name] = self.read(name, None)
        return self.tables.get(name, self.found.get(name))

    def open_rows(self, what: str) -> list[Correction]:
        """The rows about one kind of target that have no outcome yet."""
        return [row for row in self.rows.get(what, ()) if row.line not in self.outcomes]

    def refuse(self, row: Correction, reason: str) -> None:
        """Record that a row does not fit."""
        self.outcomes[row.line] = CorrectionOutcome("unfit", reason)

    def replace(self, name: str, key: str, gone: Iterable[str], rows: Iterable[TableRow]) -> None:
        """Replace the rows with these keys."""
        kept = exclude_rows(self.table(name), key, gone)
        self.tables[name] = sort_table(name, pa.concat_tables([kept, make_table(name, rows)]))

    def set_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Replace a table with a pandas table."""
        self.tables[name] = pa.Table.from_pandas(frame, schema=TABLES[name].arrow, preserve_index=False)

    def find_articles(self, article_ids: Iterable[str]) -> set[str]:
        """Those of the ids that belong to articles."""
        return set(filter_rows_by_values(self.table("articles"), "article_id",
                                         set(article_ids))["article_id"].to_pylist())

    def counted_ids(self) -> set[str]:
        """The ids of the articles that are now counted."""
        articles = self.table("articles")
        return set(articles.filter(articles["counted"])["article_id"].to_pylist())


def filter_rows_by_values(table: pa.Table, key: str, values: Iterable[str]) -> pa.Table:
    """The rows with one of these values."""
    return table.filter(pc.is_in(table[key], value_set=pa.array(sorted(values), pa.string())))


def exclude_rows(table: pa.Table, key: str, values: Iterable[str]) -> pa.Table:
    """The rows with none of these values."""
    return table.filter(pc.invert(pc.is_in(table[key], value_set=pa.array(sorted(values), pa.string()))))


def sort_table(name: str, table: pa.Table) -> pa.Table:
    """The rows in the row order of the table `name`."""
    return table.sort_by([(column, "ascending") for column in TABLE_ROW_ORDER[name].split(", ")])


def find_targets(what: str, rows: Iterable[Correction], found: Iterable[TableRow], key: str) -> dict[str, Target]:
    """The targets of rows, by id; a target has no row if its id is not in the table."""
    targets = {row[key]: Target(what, row) for row in found}
    for row in rows:
        missing = f"no {what} has the id {clip_value(row.target_id)} here"
        targets.setdefault(row.target_id, Target(what, None, missing=missing))
    return targets
