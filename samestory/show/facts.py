"""Facts side by side: a row for each fact, a column for each outlet, the sentence in the cell, marked and linked.

Which facts are shown is decided in `samestory.measure.facts`. Every text is clipped.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from samestory.base.schema import SHOWN_DIFFERENCE_KINDS
from samestory.base.wording import format_list
from samestory.show.block_html import Block
from samestory.show.csv_text import format_csv
from samestory.show.printable import clean_text
from samestory.show.sentences import cut_marked
from samestory.show.shown import Shown, clip_cell, format_rest_count, join_notes, make_item, show_block

MAX_FACT_COLUMNS = 8  # outlets side by side
MAX_CELL_SENTENCES = 2  # sentences of one fact and outlet
CHECKED_DIFFERENCE_KINDS = ("negation", "speaker")  # that are named, too, where both statements cannot hold
DIFFERENCE_LABELS = {"value": "another number", "day": "another day", "negation": "one says it is not so",
                     "modality": "done, planned or possible", "speaker": "another source", "label": "other words",
                     "actor": "another actor", "quotation": "other words in a quotation"}


def show_facts(facts: pd.DataFrame, *, caption: str, note: str = "", max_rows: int = 30) -> Shown:
    """Facts as a table: a row for each, a column for each outlet, the sentences in the cells.

    Parameters
    ----------
    facts : the result of `find_facts` or `find_likely_pairs`, or some of its rows
    caption : what one row is
    note : a sentence below the table
    max_rows : facts shown; the others are counted
    """
    ids = list(dict.fromkeys(facts["fact_id"]))
    shown = facts[facts["fact_id"].isin(ids[:max_rows])]
    columns = _choose_columns(shown)
    cells = {key: group.head(MAX_CELL_SENTENCES).to_dict("records")
             for key, group in shown.groupby(["fact_id", "outlet"], sort=False)}
    heads = {row["fact_id"]: _describe_difference(row) for row in shown.to_dict("records")}
    more = format_rest_count(len(ids), len(heads), "row")
    rows = [{"head": head, "cells": _list_cells(fact_id, cells, columns)} for fact_id, head in heads.items()]
    block: Block = {"kind": "facts", "caption": clean_text(caption), "note": join_notes(note, more), "rows": rows,
                    "outlets": [clip_cell(outlet) for outlet in columns or ["outlets"]],
                    "csv": format_csv(_tabulate_facts(facts), most_rows=2_000) if len(facts) else ""}
    lines = [f"{row['outlet']}: {clip_cell(row['text'])}" for key in cells for row in cells[key]]
    return show_block(block, "\n".join([clean_text(caption), *lines, *([more] if more else [])]))


def _choose_columns(facts: pd.DataFrame) -> list[str]:
    """The outlets that have the most of the facts, in alphabetical order; none if there are several events."""
    if facts["event_id"].nunique() > 1:
        return []
    counts = facts.groupby("outlet")["fact_id"].nunique()
    return sorted(sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:MAX_FACT_COLUMNS])


def _list_cells(fact_id: str, cells: dict[tuple[str, str], list[dict[str, Any]]],
                columns: list[str]) -> list[list[Block]]:
    """The cells of a fact: one for each outlet, or one for all, in which each sentence has its outlet's name."""
    if columns:
        return [[_make_fact_item(row) for row in cells.get((fact_id, outlet), [])] for outlet in columns]
    rows = [row for (fact, _), of_outlet in cells.items() if fact == fact_id for row in of_outlet]
    return [[_make_fact_item(row, named=True) for row in rows]]


def _describe_difference(row: dict[str, Any]) -> str:
    """What the statements of a fact say differently, in words; nothing of a pair that may not say the same at all."""
    if row["relation"] == "candidate" and not row["check"]:
        return ""
    kinds = [DIFFERENCE_LABELS.get(kind, kind) for kind in _list_values(row["differs"])
             if kind in SHOWN_DIFFERENCE_KINDS or (row["check"] and kind in CHECKED_DIFFERENCE_KINDS)]
    said = format_list(kinds) if kinds else ""
    return f"check this: {said}" if row["check"] and said else "check this" if row["check"] else said


def _list_values(value: Iterable[str] | None) -> list[str]:
    return [] if value is None else list(value)


def _make_fact_item(row: dict[str, Any], *, named: bool = False) -> Block:
    """A sentence with the words that differ marked, and its place, which links to the article in a report."""
    name = f"{clip_cell(row['outlet'])}, " if named else ""
    return make_item(cut_marked(row), f"{name}{row['place_percent']:.0f} % into the article", row)


def _tabulate_facts(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts as a table for a file."""
    joined = facts.assign(differs=[", ".join(_list_values(kinds)) for kinds in facts["differs"]])
    return joined[["fact_id", "relation", "differs", "check", "outlet", "article_id", "start", "text"]]
