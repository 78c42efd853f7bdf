"""What the steps of an overlay share: the tables as they are by now, the rows, and what became of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from samestory.base.schema import TABLE_ROW_ORDER, TABLES, make_table
from samestory.clean.outlets import Outlets
from samestory.correct.allowed import CorrectionOutcome, Target, clip_value
from samestory.correct.corrections import Correction

Span = tuple[int, int]
HAND_ADDED_RULE = "added by hand"  # the rule of what a person added


@dataclass
class State:
    """A corpus's tables while corrections are carried out on them.

    Parameters
    ----------
    read : gives a table as it was found, all of it or the rows of some articles
    rows : the rows of corrections.csv, by the kind of thing they are about
    outcomes : what became of each row, by line
    found, tables : tables as they were found, as far as they were read; those of them that are corrected
    stretches : of tables that are large, articles that have other rows now, and these rows
    recut : articles whose quotations or lines changed, so that what is said of their words must follow
    recounted : articles whose words or outlet changed, or that are counted no more
    dropped : stretches of articles that are no part of the story any more
    """

    read: Callable[[str, Iterable[str] | None], pa.Table]
    rows: dict[str, list[Correction]]
    roster: dict[str, str] = field(default_factory=dict)
    outlets: Outlets | None = None
    outcomes: dict[int, CorrectionOutcome] = field(default_factory=dict)
    found: dict[str, pa.Table] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    recut: set[str] = field(default_factory=set)
    recounted: set[str] = field(default_factory=set)
    dropped: dict[str, list[Span]] = field(default_factory=dict)
    stretches: dict[str, tuple[set[str], pa.Table]] = field(default_factory=dict)

    def table(self, name: str) -> pa.Table:
        """A table as it is by now."""
        if name not in self.tables and name not in self.found:
            self.found[name] = self.read(name, None)
        return self.tables.get(name, self.found.get(name))

    def open_rows(self, what: str) -> list[Correction]:
        """The rows about one kind of thing that nothing is known against so far."""
        return [row for row in self.rows.get(what, ()) if row.line not in self.outcomes]

    def refuse(self, row: Correction, reason: str) -> None:
        """List a row as one that does not fit."""
        self.outcomes[row.line] = CorrectionOutcome("unfit", reason)

    def replace(self, name: str, key: str, gone: Iterable[str], rows: Iterable[dict]) -> None:
        """Put rows in the place of those with these keys."""
        kept = exclude_rows(self.table(name), key, gone)
        self.tables[name] = sort_table(name, pa.concat_tables([kept, make_table(name, rows)]))

    def set_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Put a pandas table in the place of a table."""
        self.tables[name] = pa.Table.from_pandas(frame, schema=TABLES[name].arrow, preserve_index=False)

    def find_articles(self, article_ids: Iterable[str]) -> set[str]:
        """Those of some ids that an article has."""
        return set(filter_rows_by_values(self.table("articles"), "article_id",
                                         set(article_ids))["article_id"].to_pylist())

    def counted_ids(self) -> set[str]:
        """The articles that are counted by now."""
        articles = self.table("articles")
        return set(articles.filter(articles["counted"])["article_id"].to_pylist())


def filter_rows_by_values(table: pa.Table, key: str, values: Iterable[str]) -> pa.Table:
    """The rows with one of these values."""
    return table.filter(pc.is_in(table[key], value_set=pa.array(sorted(values), pa.string())))


def exclude_rows(table: pa.Table, key: str, values: Iterable[str]) -> pa.Table:
    """The rows with none of these values."""
    return table.filter(pc.invert(pc.is_in(table[key], value_set=pa.array(sorted(values), pa.string()))))


def sort_table(name: str, table: pa.Table) -> pa.Table:
    """The rows in the order that the table `name` has."""
    return table.sort_by([(column, "ascending") for column in TABLE_ROW_ORDER[name].split(", ")])


def find_targets(what: str, rows: Iterable[Correction], found: Iterable[dict], key: str) -> dict[str, Target]:
    """What rows are about, by id; nothing where no row of the table has the id."""
    targets = {row[key]: Target(what, row) for row in found}
    for row in rows:
        missing = f"no {what} has the id {clip_value(row.target_id)} here"
        targets.setdefault(row.target_id, Target(what, None, missing=missing))
    return targets
