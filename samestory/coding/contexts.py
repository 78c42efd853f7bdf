"""Contexts: the sentences that a coder reads, with what the question is about in [[ ]].

Only drawn rows are looked up. All text is cleaned of unprintable characters and bounded; articles are never changed.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from samestory.base.fields import list_fields, select_text_rows
from samestory.coding.tasks import SPEAKER_TASKS, read_coding_answers
from samestory.measure.speakers import NO_SPEAKER_LABEL, choose_quotations
from samestory.show.printable import clean_text
from samestory.tables.tables import Tables

SPAN_OPENING, SPAN_CLOSING = "[[", "]]"
CONTEXT_SENTENCES = 2  # before and after
MAX_CONTEXT_CHARS, MAX_PASSAGE_CHARS = 600, 4_000  # code points of a cell
MAX_SPEAKER_CHOICES = 80  # names that one list offers
SPEAKING_NAME_LABELS = ("PERSON", "ORG", "GPE")  # kinds of name that may speak

Span = tuple[int, int]


class Context(NamedTuple):
    """A passage, and what is before and after it."""

    before: str
    sentence: str
    after: str


def find_contexts(tables: Tables, rows: pd.DataFrame) -> list[Context]:
    """What a coder reads of each row.

    Parameters
    ----------
    tables : a corpus's tables
    rows : the result of `draw_sample`
    """
    raw = tables.raw
    marks = _find_marks(raw, rows)
    return [_show_pair(raw, row, marks[row.target_id]) if row.task == "pair" else
            _show_span(raw, (row.article_id, row.field), (row.start, row.end),
                       marks[f"{row.task} {row.target_id}"]) for row in rows.itertuples()]


def list_speaker_choices(tables: Tables, article_ids: Iterable[str]) -> dict[str, list[str]]:
    """The names that may be chosen as speakers, by article: who speaks or is named in it, in alphabetical order.

    The two answers that are no name come first.
    """
    raw, ids = tables.raw, set(article_ids)
    quotations = choose_quotations(raw)
    speaking = quotations[quotations["article_id"].isin(ids) & (quotations["speaker_name"] != NO_SPEAKER_LABEL)]
    named = raw.mentions[raw.mentions["article_id"].isin(ids) & raw.mentions["label"].isin(SPEAKING_NAME_LABELS)]
    names = named["entity_id"].map(raw.entities.set_index("entity_id")["name"])
    listed: dict[str, dict[str, str]] = {article_id: {} for article_id in ids}
    for article_id, name in [*zip(speaking["article_id"], speaking["speaker_name"], strict=True),
                             *zip(named["article_id"], names, strict=True)]:
        if isinstance(name, str) and len(listed[article_id]) < MAX_SPEAKER_CHOICES:
            listed[article_id].setdefault(clean_speaker(name).casefold(), clean_speaker(name))
    fixed = list(read_coding_answers("speaker"))
    return {article_id: [*fixed, *sorted(found.values(), key=str.casefold)] for article_id, found in listed.items()}


def clean_speaker(name: str) -> str:
    """A speaker's name as a list shows it: on one line, and not too long."""
    return " ".join(clean_text(name).split())[:200]


def _find_marks(raw: Tables, rows: pd.DataFrame) -> dict[str, list[Any]]:
    """The spans to mark, by task and target; for a pair, the statements' rows by target."""
    quotations = select_text_rows(choose_quotations(raw))
    said = {row.quotation_id: [(int(span["start"]), int(span["end"])) for span in row.content_spans]
            for row in quotations.itertuples()}
    pairs = raw.read("pairs").set_index("pair_id") if (rows["task"] == "pair").any() else pd.DataFrame()
    statements = raw.read("statements").set_index("statement_id") if len(pairs) else pd.DataFrame()
    marks: dict[str, list[Any]] = {}
    for row in rows.itertuples():
        if row.task == "pair":
            marks[row.target_id] = [statements.loc[pairs.loc[row.target_id, name]]
                                    for name in ("statement_a", "statement_b")]
        elif row.task in SPEAKER_TASKS:
            spans = said.get(row.target_id) if row.task == "statement" else _list_said_spans(quotations, row)
            marks[f"{row.task} {row.target_id}"] = spans or []
        else:
            marks[f"{row.task} {row.target_id}"] = [(row.start, row.end)] if row.task == "name" else \
                _list_named_spans(raw, row)
    return marks


def _list_said_spans(quotations: pd.DataFrame, row: Any) -> list[Span]:
    found = quotations[quotations["article_id"] == row.article_id]
    return _cut_to([(int(span["start"]), int(span["end"])) for spans in found["content_spans"] for span in spans],
                   (row.start, row.end))


def _list_named_spans(raw: Tables, row: Any) -> list[Span]:
    found = raw.mentions[(raw.mentions["article_id"] == row.article_id)]
    found = found[list_fields(found) == row.field]
    return _cut_to(list(zip(found["start"].astype(int), found["end"].astype(int), strict=True)), (row.start, row.end))


def _cut_to(spans: Iterable[Span], within: Span) -> list[Span]:
    """The parts of spans that are within another, in order; one that overlaps the one before begins after it."""
    cut: list[Span] = []
    for start, end in sorted(spans):
        start, end = max(start, within[0], cut[-1][1] if cut else 0), min(end, within[1])
        if start < end:
            cut.append((start, end))
    return cut


def _show_span(raw: Tables, key: tuple[str, str], span: Span, marks: list[Span]) -> Context:
    text = raw.field_texts[key]
    starts, ends = raw.sentence_spans.get(key, ([span[0]], [span[1]]))
    first = min(int(np.searchsorted(ends, span[0], "right")), len(starts) - 1)
    last = max(int(np.searchsorted(starts, span[1], "left")) - 1, first)
    start, end = min(starts[first], span[0]), max(ends[last], span[1])
    before = text[starts[max(first - CONTEXT_SENTENCES, 0)]:start]
    after = text[end:ends[min(last + CONTEXT_SENTENCES, len(ends) - 1)]]
    return Context(_tidy(before)[-MAX_CONTEXT_CHARS:], _mark_passage(text, (start, end), marks),
                   _tidy(after)[:MAX_CONTEXT_CHARS])


def _show_pair(raw: Tables, row: Any, statements: list[Any]) -> Context:
    outlets = raw.articles_by_id["outlet"]
    shown = []
    for letter, statement in zip("AB", statements, strict=True):
        key, span = (statement["article_id"], statement.get("field") or "text"), (int(statement["start"]),
                                                                                 int(statement["end"]))
        context = _show_span(raw, key, span, [span])
        shown.append(f"{letter} ({clean_speaker(str(outlets[key[0]]))}): {context.sentence}")
    return Context("", "\n\n".join(shown), "")


def _mark_passage(text: str, span: Span, marks: list[Span]) -> str:
    """The text of a span with its marks, cut in the middle if it is too long."""
    pieces, at = [], span[0]
    for start, end in marks:
        pieces += [text[at:start], SPAN_OPENING, text[start:end], SPAN_CLOSING]
        at = end
    passage = _tidy("".join([*pieces, text[at:span[1]]]))
    half = MAX_PASSAGE_CHARS // 2
    return passage if len(passage) <= MAX_PASSAGE_CHARS else f"{passage[:half]} … {passage[-half:]}"


def _tidy(text: str) -> str:
    """Text for a cell: on one line, without unprintable characters."""
    return " ".join(clean_text(text).split())
