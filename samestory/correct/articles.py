"""Corrections of articles and of the roles of their lines.

Removing a line from the story also removes its sentences, words, names and quotations. Adding a line to the
story is refused, since its words were never analysed.
"""

from bisect import bisect_right
from collections import defaultdict

import pyarrow as pa

from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, name_field
from samestory.base.schema import ANALYSED_LINE_ROLES, CORRECTED_ID_COLUMNS, CORRECTED_TABLES, TABLES
from samestory.clean.lines import count_line_words
from samestory.correct.allowed import (
    FIELD_READERS,
    LINE_ID_PATTERN,
    CorrectionOutcome,
    Misfit,
    TableRow,
    Target,
    fit_rows,
)
from samestory.correct.state import State, filter_rows_by_values, find_targets
from samestory.link.events import count_events, find_event_id

RECOUNT_FIELDS = ("outlet", "counted")
EVENT_FIELDS = ("outlet", "counted", "event", "published_at")  # those that the table events is made from


def correct_articles(state: State) -> None:
    """Apply the corrections of articles."""
    rows = state.open_rows("article")
    if not rows:
        return
    found = filter_rows_by_values(state.table("articles"), "article_id", {row.target_id for row in rows}).to_pylist()
    targets = find_targets("article", rows, found, "article_id")

    def read_outlet(text: str, target: Target) -> TableRow:
        if not text:
            raise Misfit("expected an outlet, found none")
        return {"outlet": state.outlets.name(text), "outlet_from": "corrected"}

    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["article"] | {"outlet": read_outlet})
    changed = [target for target in targets.values() if target.set_by]
    if changed:
        ids = {target.row["article_id"] for target in changed}
        _set_event_ids(state, changed)
        _drop_old_headlines(state, changed)
        state.replace("articles", "article_id", ids, (target.row for target in changed))
        if any(target.row[name] != target.found_row[name] for target in changed for name in EVENT_FIELDS):
            state.tables["events"] = count_events(state.table("articles"), state.table("events"))
        state.recounted |= {target.row["article_id"] for target in changed
                            if any(target.row[name] != target.found_row[name] for name in RECOUNT_FIELDS)}


def _set_event_ids(state: State, changed: list[Target]) -> None:
    """The event of each article whose event was corrected: a known one of that name or id, else a new one."""
    moved = [target for target in changed if target.row["event"] != target.found_row["event"]]
    if moved:
        names = state.table("events").select(["event_id", "event"]).to_pylist()
        known = {row["event_id"]: row["event"] for row in names}
        for target in moved:
            event_id = find_event_id(target.row["event"] or "", target.row["article_id"], known)
            target.row["event_id"] = event_id
            target.row["event"] = known.get(event_id, target.row["event"])


def _drop_old_headlines(state: State, changed: list[Target]) -> None:
    """Remove what was found in a headline of the metadata that now has other words; these are not analysed."""
    for target in changed:
        was = target.found_row["headline"]
        if was and target.row["headline"] != was:
            state.dropped[target.row["article_id"], FIELD_OF_HEADLINE] = [(0, len(was))]
    _remove_dropped_rows(state)


def correct_lines(state: State) -> None:
    """Apply the corrections of lines, and drop the contents of lines that are no longer part of the story."""
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
        touched = {target.found_row["article_id"] for target in changed}
        now = [target.row for target in targets.values() if target.found and target.found["article_id"] in touched]
        state.stretches["lines"] = (touched, pa.Table.from_pylist(now, schema=TABLES["lines"].arrow))
        _drop_line_contents(state, changed)


def _group_by_article(targets: dict[str, Target]) -> dict[str, list[Target]]:
    """The lines that corrections are about, by article and in order."""
    groups: dict[str, list[Target]] = defaultdict(list)
    for target in targets.values():
        if target.found:
            groups[target.found["article_id"]].append(target)
    return {article_id: sorted(group, key=lambda target: target.found_row["start"])
            for article_id, group in groups.items() if any(target.set_by for target in group)}


def _is_dropped(target: Target) -> bool:
    return target.found_row["role"] in ANALYSED_LINE_ROLES and target.row["role"] not in ANALYSED_LINE_ROLES


def _keep_sentences_whole(state: State, article_id: str, lines: list[Target]) -> None:
    """Refuse to drop a line from the story if its sentence continues in a line that stays."""
    sentences = [(row["start"], row["end"]) for row in state.read("sentences", {article_id}).to_pylist()
                 if name_field(row["field"]) == FIELD_OF_TEXT]
    starts = [line.found_row["start"] for line in lines]
    held = [[line for line in lines[max(bisect_right(starts, start) - 1, 0):bisect_right(starts, end - 1)]
             if line.found_row["end"] > start and line.found_row["role"] in ANALYSED_LINE_ROLES]
            for start, end in sentences]
    is_open = True
    while is_open:  # a line that stays may in turn keep the line before it
        is_open = False
        for group in (*held, *reversed(held)):
            dropped = [line for line in group if _is_dropped(line)]
            if dropped and len(dropped) < len(group):
                is_open = True
                for line in dropped:
                    _reject_line_correction(state, line)


def _reject_line_correction(state: State, line: Target) -> None:
    state.outcomes[line.set_by["role"]] = CorrectionOutcome(
        "unfit", "a sentence continues from this line in one that stays in the story; correct each line of it")
    line.now, line.set_by = dict(line.found_row), {}


def _drop_line_contents(state: State, lines: list[Target]) -> None:
    """Remove the contents of lines that left the story from the smaller tables, and recount words."""
    dropped = [line.found_row for line in lines if _is_dropped(line)]
    for line in sorted(dropped, key=lambda line: line["start"]):
        state.dropped.setdefault((line["article_id"], FIELD_OF_TEXT), []).append((line["start"], line["end"]))
    if dropped:
        _count_body(state, [line for line in dropped if line["role"] == "body"])
        _remove_dropped_rows(state)


def _remove_dropped_rows(state: State) -> None:
    """Remove what is no longer part of the story from the smaller tables."""
    articles = {article_id for article_id, _ in state.dropped}
    state.recut |= articles
    for what in ("mention", "value", "quotation", "speech act") if articles else ():
        name, key = CORRECTED_TABLES[what], CORRECTED_ID_COLUMNS[what]
        rows = filter_rows_by_values(state.table(name), "article_id", articles).to_pylist()
        if gone := {row[key] for row in rows if is_dropped_row(row, state)}:
            state.replace(name, key, gone, ())


def is_dropped_row(row: TableRow, state: State) -> bool:
    """Whether a mention, value, sentence, token, statement, quotation or speech act is no longer part of the story."""
    place: int = row["content_spans"][0]["start"] if "content_spans" in row else row["start"]
    spans = state.dropped.get((row["article_id"], name_field(row["field"])), [])  # in order
    at = bisect_right(spans, (place, float("inf"))) - 1
    return at >= 0 and place < spans[at][1]


def _count_body(state: State, lines: list[TableRow]) -> None:
    """Subtract the words of dropped lines from `n_words` of their articles."""
    articles = filter_rows_by_values(state.table("articles"), "article_id",
                                     {line["article_id"] for line in lines}).to_pylist()
    rows = {row["article_id"]: row for row in articles}
    for line in lines:
        row = rows[line["article_id"]]
        row["n_words"] -= count_line_words(row["text"][line["start"]:line["end"]])
    state.replace("articles", "article_id", rows, rows.values())
