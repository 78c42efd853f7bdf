"""Measured figures on pages: data/gold/accuracy.csv keeps them, README.md and docs/accuracy.md show them.

A page shows a table between the comments `<!-- accuracy: NAME -->` and `<!-- end -->`; `make accuracy ARGS=--keep`
writes the file and these tables.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from benchmarks.accuracy.figures import Measured
from benchmarks.accuracy.reliability import Bin

PAGE_TABLE = re.compile(r"(<!-- accuracy: ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
README_FIGURES = {"quotations": ("overlap", "exact", "with speaker", "with full name"),
                  "names": ("persons", "organisations", "places", "all names")}
STATEMENT_WORDING = {"confidence": "a statement", "speaker_confidence": "its speaker"}


@dataclass(frozen=True)
class KeptFigure:
    """A row of accuracy.csv."""

    set: str
    kind: str  # quotations or names
    texts: str  # new, if no rule was written on these articles; known
    figure: str
    value: str
    low: str
    high: str
    articles: str
    gold: str
    measured: str  # date
    version: str


@dataclass(frozen=True)
class KeptBin:
    """A row of reliability.csv: quotations of one confidence, and how many are right."""

    set: str
    column: str
    lowest: str
    mean: str
    n: str
    right: str
    measured: str
    version: str


KeptRow = TypeVar("KeptRow", bound=KeptFigure | KeptBin)


def keep_figure(set_name: str, kind: str, texts: str, figure: Measured, measured: str, version: str) -> KeptFigure:
    """A figure as a row of accuracy.csv."""
    return KeptFigure(set_name, kind, texts, figure.name, f"{figure.value:.1f}", f"{figure.low:.1f}",
                      f"{figure.high:.1f}", str(figure.n_articles), str(figure.n_gold), measured, version)


def keep_bin(set_name: str, made: Bin, measured: str, version: str) -> KeptBin:
    """A bin as a row of reliability.csv."""
    return KeptBin(set_name, made.column, f"{made.lowest:.2f}", f"{made.mean:.2f}", str(made.n), f"{made.right:.0f}",
                   measured, version)


def read_kept(path: Path, kind: type[KeptRow]) -> list[KeptRow]:
    """The rows of a file of figures, as that dataclass."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [kind(**row) for row in csv.DictReader(lines)]


def write_kept(path: Path, kind: type[KeptRow], rows: Sequence[KeptRow]) -> None:
    """Write rows of that dataclass; they replace those of the same sets."""
    replaced = {_identify_set(row) for row in rows}
    others = [row for row in read_kept(path, kind) if _identify_set(row) not in replaced]
    columns = [field.name for field in fields(kind)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([getattr(row, column) for column in columns] for row in [*others, *rows])


def _identify_set(row: KeptFigure | KeptBin) -> tuple[str, str]:
    return row.set, row.kind if isinstance(row, KeptFigure) else ""


def fill_page(text: str, figures: Sequence[KeptFigure], bins: Sequence[KeptBin]) -> str:
    """A page with each of its tables made anew."""
    tables = {f"{texts} {kind}": _make_table(figures, kind, texts)
              for kind in README_FIGURES for texts in ("new", "known")}
    tables |= {f"all {kind}": _make_long_table(figures, kind) for kind in README_FIGURES}
    tables["confidence"] = _make_bin_table(bins)
    return PAGE_TABLE.sub(lambda found: f"{found[1]}{tables[found[2]]}\n{found[3]}", text)


def _make_table(figures: Sequence[KeptFigure], kind: str, texts: str) -> str:
    """One row for each gold set, one column for each main figure with its interval."""
    chosen = [row for row in figures if (row.kind, row.texts) == (kind, texts)]
    head = [f"{kind}, of articles", *README_FIGURES[kind]]
    rows = [_list_cells([row for row in chosen if row.set == name], kind) for name in _list_sets(chosen)]
    return _draw_table(head, rows)


def _list_cells(of_set: Sequence[KeptFigure], kind: str) -> list[str]:
    values = {row.figure: f"{row.value} ({row.low} to {row.high})" for row in of_set}
    first = of_set[0]
    name = first.set.removesuffix("/quotations").removesuffix("/entities")
    title = f"{name}: {int(first.articles):,} articles, {int(first.gold):,} {kind}"
    return [title, *(values.get(name, "") for name in README_FIGURES[kind])]


def _make_long_table(figures: Sequence[KeptFigure], kind: str) -> str:
    """One row for each figure of each gold set."""
    chosen = [row for row in figures if row.kind == kind]
    return _draw_table(["set", "articles", "figure", "value", "95 % interval", "measured on", "version"],
                       [[row.set, row.articles, row.figure, row.value, f"{row.low} to {row.high}", row.measured,
                         row.version] for row in chosen])


def _make_bin_table(bins: Sequence[KeptBin]) -> str:
    return _draw_table(["set", "confidence of", "from", "mean", "rows", "right, %"],
                       [[row.set, STATEMENT_WORDING[row.column], row.lowest, row.mean, row.n, row.right]
                        for row in bins])


def _list_sets(figures: Iterable[KeptFigure]) -> list[str]:
    return list(dict.fromkeys(row.set for row in figures))


def _draw_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
