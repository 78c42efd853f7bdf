"""Corrections of articles and of what their lines are.

A line that turns out to be no part of the story takes its sentences, words, names and quotations with
it; the other way round is refused, as its words were never analysed.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import Any

import pyarrow as pa

from samestory.base.schema import ANALYSED_LINE_ROLES, TABLES
from samestory.clean.lines import count_line_words
from samestory.correct.allowed import (
    FIELD_READERS,
    LINE_ID_PATTERN,
    CorrectionOutcome,
    Misfit,
    Target,
    fit_rows,
)
from samestory.correct.state import Span, State, filter_rows_by_values, find_targets

RECOUNT_FIELDS = ("outlet", "counted")


def correct_articles(state: State) -> None:
    """Carry out what is said of articles."""
    rows = state.open_rows("article")
    if not rows:
        return
    found = filter_rows_by_values(state.table("articles"), "article_id", {row.target_id for row in rows}).to_pylist()
    targets = find_targets("article", rows, found, "article_id")

    def read_outlet(text: str, target: Target) -> dict[str, Any]:
        if not text:
            raise Misfit("expected an outlet, found none")
        return {"outlet": state.outlets.name(text), "outlet_from": "corrected"}

    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["article"] | {"outlet": read_outlet})
    changed = [target for target in targets.values() if target.set_by]
    if changed:
        ids = {target.now["article_id"] for target in changed}
        state.replace("articles", "article_id", ids, (target.now for target in changed))
        state.recounted |= {target.now["article_id"] for target in changed
                            if any(target.now[name] != target.found[name] for name in RECOUNT_FIELDS)}


def correct_lines(state: State) -> None:
    """Carry out what is said of lines, and take what they hold out of the tables if they are no story."""
    rows = state.open_rows("line")
    if not rows:
        return
    named = [LINE_ID_PATTERN.fullmatch(row.target_id) for row in rows]
    lines = state.read("lines", {found["article_id"] for found in named if found}).to_pylist()
    targets = find_targets("line", rows, [row | {"target_id": f"{row['article_id']}/l{row['line']}"} for row in lines],
                           "target_id")
    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["line"])
    articles = _group_by_article(targets)
    for article_id, group in articles.items():
        _keep_sentences_whole(state, article_id, group)
    changed = [target for target in targets.values() if target.set_by]
    if changed:
        stretched = {target.found["article_id"] for target in changed}
        rows = [target.now for target in targets.values() if target.found and target.found["article_id"] in stretched]
        state.stretches["lines"] = (stretched, pa.Table.from_pylist(rows, schema=TABLES["lines"].arrow))
        _drop_line_contents(state, changed)


def _group_by_article(targets: dict[str, Target]) -> dict[str, list[Target]]:
    """The lines of each article that a correction touches, in order."""
    groups = defaultdict(list)
    for target in targets.values():
        if target.found:
            groups[target.found["article_id"]].append(target)
    return {article_id: sorted(group, key=lambda target: target.found["start"]) for article_id, group in groups.items()
            if any(target.set_by for target in group)}


def _is_dropped(target: Target) -> bool:
    return target.found["role"] in ANALYSED_LINE_ROLES and target.now["role"] not in ANALYSED_LINE_ROLES


def _keep_sentences_whole(state: State, article_id: str, lines: list[Target]) -> None:
    """Refuse to take a line out of the story whose sentence goes on in a line that stays."""
    sentences = [(row["start"], row["end"]) for row in state.read("sentences", {article_id}).to_pylist()]
    starts = [line.found["start"] for line in lines]
    held = [[line for line in lines[max(bisect_right(starts, start) - 1, 0):bisect_right(starts, end - 1)]
             if line.found["end"] > start and line.found["role"] in ANALYSED_LINE_ROLES] for start, end in sentences]
    is_open = True
    while is_open:  # a line that stays may hold the line before it, too
        is_open = False
        for group in (*held, *reversed(held)):
            dropped = [line for line in group if _is_dropped(line)]
            if dropped and len(dropped) < len(group):
                is_open = True
                for line in dropped:
                    _reject_line_correction(state, line)


def _reject_line_correction(state: State, line: Target) -> None:
    state.outcomes[line.set_by["role"]] = CorrectionOutcome(
        "unfit", "a sentence goes on from this line to one that stays; give every line that it stands in")
    line.now, line.set_by = dict(line.found), {}


def _drop_line_contents(state: State, lines: list[Target]) -> None:
    """Take what stands in lines that are no story any more out of the smaller tables, and count words anew."""
    for line in sorted(filter(_is_dropped, lines), key=lambda line: line.found["start"]):
        state.dropped.setdefault(line.found["article_id"], []).append((line.found["start"], line.found["end"]))
    if not state.dropped:
        return
    _count_body(state, [line for line in lines if _is_dropped(line) and line.found["role"] == "body"])
    state.recut |= set(state.dropped)
    for name, key in (("mentions", "mention_id"), ("quotations", "quotation_id"), ("speech_acts", "quotation_id")):
        rows = filter_rows_by_values(state.table(name), "article_id", state.dropped).to_pylist()
        gone = {row[key] for row in rows if is_within_spans(find_row_start(row), state.dropped[row["article_id"]])}
        if gone:
            state.replace(name, key, gone, ())


def find_row_start(row: dict[str, Any]) -> int:
    """Where a mention, a sentence, a token or what is said begins."""
    return row["content_spans"][0]["start"] if "content_spans" in row else row["start"]


def is_within_spans(place: int, spans: list[Span]) -> bool:
    """Whether a place lies in one of some stretches, which are in order."""
    at = bisect_right(spans, (place, float("inf"))) - 1
    return at >= 0 and place < spans[at][1]


def _count_body(state: State, lines: list[Target]) -> None:
    articles = filter_rows_by_values(state.table("articles"), "article_id",
                                     {line.found["article_id"] for line in lines}).to_pylist()
    rows = {row["article_id"]: row for row in articles}
    for line in lines:
        row = rows[line.found["article_id"]]
        row["n_words"] -= count_line_words(row["text"][line.found["start"]:line.found["end"]])
    state.replace("articles", "article_id", rows, rows.values())
