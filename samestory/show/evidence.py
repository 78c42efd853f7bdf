"""Evidence: the sentences that support a number, with the counted words marked.

Each row of a table has its own part, identified by the row's values, so that a report can link from the row to
its part and back. Where a report puts the parts is decided in `samestory.report.evidence_pages`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from samestory.base.fields import list_fields
from samestory.base.wording import SENTENCE_END_MARKS
from samestory.show.anchors import digest_row
from samestory.show.block_html import Block
from samestory.show.glossary import spell_value
from samestory.show.printable import clean_text
from samestory.show.sentences import make_sentence_item
from samestory.show.shown import Piece, Shown, clip_cell, format_rest_count, show_block
from samestory.tables.tables import Tables

EVIDENCE_COLUMNS = ["article_id", "outlet", "headline", "field", "text", "start", "marks"]
EVIDENCE_SENTENCES_PER_ROW = 2  # sentences per row; the others are counted
NEIGHBOUR_TAG = "small"  # of the sentences next to one that is shown
MAX_SENTENCES_AFTER = 2  # that are shown after a sentence
MAX_CHARS_BEFORE, MAX_CHARS_AFTER = 130, 240  # code points of what is shown before a sentence, and after it
# number of the table's row, article, and field, start and end of the sentence
EvidenceSentence = tuple[int, str, tuple[str, int, int]]


def find_sentences(tables: Tables, spans: pd.DataFrame) -> pd.DataFrame:
    """The sentences that contain spans.

    Parameters
    ----------
    tables : a corpus's tables
    spans : article_id, start and end (code points), one row per span; the first rows matter most; a column `field`
        says whether the offsets count in the text or in the headline

    Returns
    -------
    One row per sentence. Columns: article_id, outlet, headline, field, text, start (of the sentence), marks
    (a list of {start, end} into the field); in the order of the spans.
    """
    found = _gather_marks(tables, spans.assign(row=0, field=list_fields(spans)))
    return _tabulate([_write_sentence(tables, key, marks) for key, marks in found.items()], EVIDENCE_COLUMNS)


def find_row_sentences(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, *, by: Sequence[str],
                       per_row: int = EVIDENCE_SENTENCES_PER_ROW) -> pd.DataFrame:
    """The first sentences that support each row of a table, the first of each article before the second of any.

    Parameters
    ----------
    tables : a corpus's tables
    spans : the spans that the table counts, one row per span: article_id, start, end and the columns `by`
    rows : the table
    by : columns that identify the spans a row counts
    per_row : sentences per row

    Returns
    -------
    One row per sentence, in the order of the table, then of the articles. Columns: row (its number in the table,
    from 0), n (sentences that support the table's row), and those of `find_sentences`.
    """
    return _tabulate(_list_row_sentences(tables, spans, rows, by, per_row), ["row", "n", *EVIDENCE_COLUMNS])


def _list_row_sentences(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, by: Sequence[str],
                        per_row: int) -> list[dict[str, Any]]:
    """The rows of the result of `find_row_sentences`."""
    by = list(by)
    numbered = rows[by].reset_index(drop=True).rename_axis("row").reset_index().drop_duplicates(by)
    wanted = spans.assign(field=list_fields(spans)).merge(numbered, on=by)
    found = _gather_marks(tables, wanted.sort_values(["row", "article_id", "field", "start"], kind="stable"))
    chosen = _choose_evidence_sentences(found, per_row)
    return [{"row": key[0], "n": chosen[key], **_write_sentence(tables, key, marks)}
            for key, marks in found.items() if key in chosen]


def _choose_evidence_sentences(found: Iterable[EvidenceSentence], per_row: int) -> dict[EvidenceSentence, int]:
    """The sentences shown for each row, the first of each article before the second; and how many the row has."""
    by_row: dict[int, dict[str, dict[tuple[str, int, int], None]]] = {}
    for row, article_id, opens in found:
        by_row.setdefault(row, {}).setdefault(article_id, {})[opens] = None
    chosen: dict[EvidenceSentence, int] = {}
    for row, articles in by_row.items():
        turns = sorted((turn, place, article_id, opens)
                       for place, (article_id, sentences) in enumerate(articles.items())
                       for turn, opens in enumerate(sentences))
        chosen |= {(row, article_id, opens): len(turns) for _, _, article_id, opens in turns[:per_row]}
    return chosen


def show_evidence(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, *, by: Sequence[str], caption: str,
                  per_row: int = EVIDENCE_SENTENCES_PER_ROW, max_rows: int = 30,
                  with_neighbours: bool = False) -> Shown:
    """The first sentences that support each row of a table, folded.

    In a report each row of the preceding table that has the same values of `by` links to its sentences.

    Parameters
    ----------
    tables, spans, rows, by, per_row : see `find_row_sentences`
    caption : description of the marked words
    max_rows : rows of the table whose sentences are shown; the others are counted
    with_neighbours : whether the sentences before and after each are shown, too, as they may turn what it says
    """
    shown = rows.head(max_rows).reset_index(drop=True)
    found = _list_row_sentences(tables, spans, shown, by, per_row)
    values = shown[[*by]].to_dict("records")
    parts: dict[int, tuple[str, list[Block]]] = {}
    for row, sentences in groupby(found, itemgetter("row")):
        group = list(sentences)
        name = name_part(values[row], by, len(group), group[0]["n"], "sentence")
        items = [make_sentence_item(sentence) for sentence in group]
        if speaker := values[row].get("speaker_name"):
            items = [item | {"short": f"{clip_cell(speaker)}, in {item['short']}"} for item in items]
        if with_neighbours:
            items = [item | {"pieces": _add_neighbours(tables, sentence, item["pieces"])}
                     for item, sentence in zip(items, group, strict=True)]
        parts[row] = name, items
    return show_parts(shown, parts, by=by, caption=caption, n_left_out=len(rows) - len(shown))


def _add_neighbours(tables: Tables, sentence: Mapping[str, Any], pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a sentence between the one before and those after it, clipped: more after it, as it may be turned.
    """
    key = sentence["article_id"], sentence["field"]
    text, (starts, ends) = tables.field_texts[key], tables.sentence_spans[key]
    i = starts.index(sentence["start"])
    before = " ".join(text[starts[i - 1]:ends[i - 1]].split()) if i else ""
    before = before if before.endswith((*SENTENCE_END_MARKS, ":")) else ""  # a headline
    following = starts[i + 1:i + 1 + MAX_SENTENCES_AFTER], ends[i + 1:i + 1 + MAX_SENTENCES_AFTER]
    after = " ".join(" ".join(text[start:end].split()) for start, end in zip(*following, strict=True))
    if len(before) > MAX_CHARS_BEFORE:
        before = f"… {before[-MAX_CHARS_BEFORE:].partition(' ')[2]}"
    if len(after) > MAX_CHARS_AFTER:
        after = f"{after[:MAX_CHARS_AFTER].rpartition(' ')[0]} …"
    return [*([(clean_text(f"{before} "), NEIGHBOUR_TAG)] if before else []), *pieces,
            *([(clean_text(f" {after}"), NEIGHBOUR_TAG)] if after else [])]


def show_parts(rows: pd.DataFrame, parts: Mapping[int, tuple[str, list[Block]]], *, by: Sequence[str], caption: str,
               n_left_out: int) -> Shown:
    """The sentences of a table's rows, each row headed by its values, folded.

    Parameters
    ----------
    rows : the rows of the table, numbered from 0
    parts : the name and the sentences of each row that has any
    by, caption : see `show_evidence`
    n_left_out : rows left without a part because there are too many
    """
    note = format_rest_count(n_left_out, 0, "row") or ("" if parts else "There are none.")
    values = rows[[*by]].to_dict("records")
    made = [{"name": clean_text(name), "keys": digest_row(values[row]), "items": items}
            for row, (name, items) in parts.items()]
    block: Block = {"kind": "evidence", "caption": clean_text(caption), "note": note, "parts": made}
    lines = [clean_text(caption), *(clean_text(name) for name, _ in parts.values()), *([note] if note else [])]
    return show_block(block, "\n".join(lines))


def name_part(row: Mapping[str, object], by: Sequence[str], n_shown: int, n: int, unit: str) -> str:
    """The row's values, and how much of its evidence is shown.

    >>> name_part({"term": "talks", "side": "CNN"}, ["term", "side"], 3, 1_204, "sentence")
    'talks · CNN: 3 of 1,204 sentences'
    """
    said = f"the only {unit}" if n == 1 else f"{n_shown:,} of {n:,} {unit}s"
    return f"{' · '.join(str(spell_value(name, row[name]))[:120] for name in by if row[name] != '')}: {said}"


def _gather_marks(tables: Tables, spans: pd.DataFrame) -> dict[EvidenceSentence, list[dict[str, int]]]:
    """The sentences that spans begin in, each with all spans of its row, in the order given."""
    found: dict[EvidenceSentence, list[dict[str, int]]] = {}
    columns = (spans[name].tolist() for name in ("row", "article_id", "field", "start", "end"))
    for row, article_id, field, start, end in zip(*columns, strict=True):
        starts, ends = tables.sentence_spans.get((article_id, field), ((), ()))
        i = bisect_right(starts, start) - 1
        if i >= 0 and start < ends[i]:  # a missing sentence matches nothing
            marks = found.setdefault((row, article_id, (field, starts[i], ends[i])), [])
            marks.append({"start": int(start), "end": int(end)})
    return found


def _write_sentence(tables: Tables, key: EvidenceSentence, marks: list[dict[str, int]]) -> dict[str, Any]:
    _, article_id, (field, start, end) = key
    outlet, headline = (tables.articles_by_id.at[article_id, name] for name in ("outlet", "headline"))
    return {"article_id": article_id, "outlet": outlet, "headline": headline, "field": field,
            "text": tables.field_texts[article_id, field][start:end], "start": start, "marks": marks}


def _tabulate(sentences: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    types = {name: "int64" if name in ("row", "n", "start") else "object" if name == "marks" else "str"
             for name in columns}
    return pd.DataFrame(sentences, columns=columns).astype(types)
