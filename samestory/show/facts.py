"""Facts side by side: a row for each fact, a column for each outlet, the sentence in the cell, marked and linked.

Which facts are shown is decided in `samestory.measure.facts`. Every text is escaped and clipped.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from samestory.base.wording import format_list
from samestory.show.anchors import format_place_attribute
from samestory.show.csv_text import format_csv
from samestory.show.printable import clean_text
from samestory.show.sentences import write_marked_text
from samestory.show.shown import Shown, clip_cell, format_rest_count, write_note_html

MAX_FACT_COLUMNS = 8  # outlets side by side
MAX_CELL_SENTENCES = 2  # sentences of one fact and outlet
DIFFERENCE_LABELS = {"value": "another number", "day": "another day", "negation": "one says it is not so",
                     "modality": "done, planned or possible", "speaker": "another source", "label": "other words",
                     "actor": "another actor"}
_FACTS_STYLE = ("<style>table.ss-table.ss-facts :is(th,td){vertical-align:top;text-align:left;white-space:normal;"
                "min-width:14em}table.ss-table.ss-facts th[scope=row]{min-width:7em;font-weight:400}"
                "table.ss-facts caption{text-align:left;font-weight:600}.ss-facts p{margin:.2em 0}"
                ".ss-mark{font-weight:700;text-decoration:underline}</style>")


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
    html = "\n".join([
        f'{_FACTS_STYLE}<div class="ss-scroll" role="region" tabindex="0" aria-label="{escape(clean_text(caption))}">',
        f'<table class="ss-table ss-facts"><caption>{escape(clean_text(caption))}</caption>',
        _write_fact_head(columns or ["outlets"]), "<tbody>",
        *(_write_fact_row(head, _list_cells(fact_id, cells, columns)) for fact_id, head in heads.items()),
        "" if heads else '<tr><td colspan="2">none</td></tr>',
        f"</tbody></table></div>{write_note_html(note, more)}"])
    lines = [f"{row['outlet']}: {clip_cell(row['text'])}" for key in cells for row in cells[key]]
    return Shown(html, "\n".join([clean_text(caption), *lines, *([more] if more else [])]),
                 format_csv(_tabulate_facts(facts), most_rows=2_000) if len(facts) else "")


def _choose_columns(facts: pd.DataFrame) -> list[str]:
    """The outlets that have the most of the facts, in alphabetical order; none if there are several events."""
    if facts["event_id"].nunique() > 1:
        return []
    counts = facts.groupby("outlet")["fact_id"].nunique()
    return sorted(sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:MAX_FACT_COLUMNS])


def _list_cells(fact_id: str, cells: dict[tuple[str, str], list[dict[str, Any]]], columns: list[str]) -> list[str]:
    """The cells of a fact: one for each outlet, or one for all, in which each sentence has its outlet's name."""
    if columns:
        return ["".join(_write_fact_sentence(row) for row in cells.get((fact_id, outlet), [])) for outlet in columns]
    rows = [row for (fact, _), of_outlet in cells.items() if fact == fact_id for row in of_outlet]
    return ["".join(_write_fact_sentence(row, named=True) for row in rows)]


def _describe_difference(row: dict[str, Any]) -> str:
    """What the statements of a fact say differently, in words."""
    kinds = [DIFFERENCE_LABELS.get(kind, kind) for kind in _list_values(row["differs"])]
    said = format_list(kinds) if kinds else ""
    return f"check this: {said}" if row["check"] and said else "check this" if row["check"] else said


def _list_values(value: Iterable[str] | None) -> list[str]:
    return [] if value is None else list(value)


def _write_fact_head(outlets: Sequence[str]) -> str:
    names = "".join(f'<th scope="col">{escape(clip_cell(outlet))}</th>' for outlet in outlets)
    return f'<thead><tr><th scope="col">what differs</th>{names}</tr></thead>'


def _write_fact_row(head: str, cells: Sequence[str]) -> str:
    written = "".join(f"<td>{cell or '–'}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(head) or "–"}</th>{written}</tr>'


def _write_fact_sentence(row: dict[str, Any], *, named: bool = False) -> str:
    """A sentence with the words that differ marked, and its place, which links to the article in a report."""
    place = format_place_attribute(row["article_id"], row["start"])
    name = f"{clip_cell(row['outlet'])}, " if named else ""
    return (f'<p dir="auto">{write_marked_text(row["text"], row["marks"], row["start"])}</p>'
            f'<p class="ss-source"{place}>{escape(name)}{row["place_percent"]:.0f} % into the article</p>')


def _tabulate_facts(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts as a table for a file."""
    joined = facts.assign(differs=[", ".join(_list_values(kinds)) for kinds in facts["differs"]])
    return joined[["fact_id", "relation", "differs", "check", "outlet", "article_id", "start", "text"]]
