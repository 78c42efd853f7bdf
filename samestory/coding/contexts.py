"""Contexts: the sentences that a coder reads, with what the question is about in [[ ]].

What is before a sentence reaches back to where its speaker is named, if that is near. Only drawn rows are looked up.
All text is cleaned of unprintable characters and bounded; articles are never changed.
"""

import unicodedata
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
CONTEXT_SENTENCES, MAX_SENTENCES_BEFORE = 2, 6  # before and after; before, where the speaker is named further back
MAX_CONTEXT_CHARS, MAX_CHARS_REACHING_BACK, MAX_PASSAGE_CHARS = 600, 1_000, 4_000  # code points of a cell
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
    marks, namings = _find_marks(raw, rows), _find_namings(raw, rows)
    return [_show_pair(raw, row, marks[row.target_id]) if row.task == "pair" else
            _show_span(raw, (row.article_id, row.field), (row.start, row.end), marks[f"{row.task} {row.target_id}"],
                       named_at=naming) for row, naming in zip(rows.itertuples(), namings, strict=True)]


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
            listed[article_id].setdefault(fold_speaker(name), clean_speaker(name))
    fixed = list(read_coding_answers("speaker"))
    return {article_id: [*fixed, *sorted(found.values(), key=str.casefold)] for article_id, found in listed.items()}


def clean_speaker(name: str) -> str:
    """A speaker's name as a list shows it: on one line, and not too long."""
    return " ".join(clean_text(name).split())[:200]


def fold_speaker(name: str) -> str:
    """A speaker's name as it is compared: names that differ in case, points or an article are one.

    >>> fold_speaker("the D.C. Council") == fold_speaker("DC council")
    True
    """
    return unicodedata.normalize("NFKC", clean_speaker(name)).casefold().replace(".", "").removeprefix("the ")


def _find_namings(raw: Tables, rows: pd.DataFrame) -> list[int | None]:
    """Where the last name of the speaker begins that is before the end of a row's passage; none if nobody is asked for.

    Of a sentence in which nothing was found the speaker is not known: it is the last person who is named.
    """
    entities = raw.quotations.set_index("quotation_id")["speaker_entity_id"].to_dict()
    mentions = raw.mentions[raw.mentions["article_id"].isin(rows["article_id"])]
    mentions = mentions.assign(field=list_fields(mentions))
    by_field = {key: group.sort_values("start") for key, group in mentions.groupby(["article_id", "field"])}
    places: list[int | None] = []
    for row in rows.itertuples():
        named = by_field.get((row.article_id, row.field))
        if row.task not in SPEAKER_TASKS or named is None:
            places.append(None)
            continue
        is_speaker = (named["entity_id"] == entities.get(row.target_id) if row.task == "statement" else
                      named["label"] == "PERSON")
        starts = named["start"][is_speaker & (named["start"] < row.end)]
        places.append(int(starts.iloc[-1]) if len(starts) else None)
    return places


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


def _show_span(raw: Tables, key: tuple[str, str], span: Span, marks: list[Span], *,
               named_at: int | None = None) -> Context:
    text = raw.field_texts[key]
    starts, ends = raw.sentence_spans.get(key, ([span[0]], [span[1]]))
    first = min(int(np.searchsorted(ends, span[0], "right")), len(starts) - 1)
    last = max(int(np.searchsorted(starts, span[1], "left")) - 1, first)
    start, end = min(starts[first], span[0]), max(ends[last], span[1])
    opening = max(first - CONTEXT_SENTENCES, 0)
    naming = opening if named_at is None else int(np.searchsorted(starts, named_at, "right")) - 1
    if first - MAX_SENTENCES_BEFORE <= naming < opening:
        opening = max(naming, 0)
    before = text[starts[opening]:start]
    after = text[end:ends[min(last + CONTEXT_SENTENCES, len(ends) - 1)]]
    return Context(_tidy(before)[-MAX_CHARS_REACHING_BACK:], _mark_passage(text, (start, end), marks),
                   _tidy(after)[:MAX_CONTEXT_CHARS])


def _show_pair(raw: Tables, row: Any, statements: list[Any]) -> Context:
    outlets = raw.articles_by_id["outlet"]
    shown: list[Context] = []
    for letter, statement in zip("AB", statements, strict=True):
        key, span = (statement["article_id"], statement.get("field") or "text"), (int(statement["start"]),
                                                                                 int(statement["end"]))
        context = _show_span(raw, key, span, [span])
        head = f"{letter} ({clean_speaker(str(outlets[key[0]]))}): "
        shown.append(Context(*(f"{head}{text}" if text else "" for text in context)))
    return Context(*("\n\n".join(filter(None, texts)) for texts in zip(*shown, strict=True)))


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
