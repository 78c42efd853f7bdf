"""Quotations on a page: in their sentences, with speaker, cue and content marked, and side by side.

Quotations are counted in `samestory.measure.speakers`; versions of the same utterance are paired in
`samestory.link.utterances`. Only the rows shown are looked up, so a corpus may be large. Every text is clipped.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from samestory.base.fields import FIELD_OF_TEXT
from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.link.utterances import find_cuts
from samestory.show.block_html import Block
from samestory.show.evidence import EVIDENCE_SENTENCES_PER_ROW, name_part, show_parts
from samestory.show.printable import clean_text
from samestory.show.shown import (
    MAX_TABLE_CELL_CHARS,
    Shown,
    cut_pieces,
    format_rest_count,
    make_item,
    name_title,
    show_block,
)
from samestory.tables.tables import Tables

QUOTATION_MARK_TAGS = {"speaker": "b", "cue": "i", "content": "mark"}  # distinguishable without colour, on any page
MAX_SPEAKER_GAP_SENTENCES = 2  # sentences between a speaker and the quotation, if both are shown
UTTERANCE_SIDES = (("a", "b"), ("b", "a"))
MAX_UNSHORTENED_CUT_CHARS = 200  # code points of a cut shown in full
SPEAKER_RESOLUTION_LABELS = {"name": "speaker named here", "surname": "speaker found by surname",
                             "role": "speaker found by title", "pronoun": "speaker found by pronoun",
                             "floating": "speaker of the words before", "forward": "speaker named further on",
                             "collective": "speaker a group, body or place", "none": "no speaker found",
                             "corrected": "speaker corrected by hand"}
_PASSAGE_COLUMNS = ("quotation_id", "article_id", "outlet", "speaker_name", "speaker", "resolution", "cue", "cue_class",
                    "kind")


class QuotationMark(NamedTuple):
    """A marked span of a text, and its role: a key of QUOTATION_MARK_TAGS."""

    start: int
    end: int
    role: str


def spread_rows(quotations: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most `most` rows, spread over the outlets as evenly as possible, in the order of the articles."""
    ordered = quotations.sort_values(["outlet", "article_id", "sentence", "quotation_id"])
    turn = ordered.groupby("outlet").cumcount()
    chosen = turn.sort_values(kind="stable").index[:most]
    return ordered[ordered.index.isin(chosen)]


def find_passages(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """The sentences that contain quotations, with content, speaker and cue marked.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : rows with the columns of table `quotations`, and outlet

    Returns
    -------
    One row per quotation, in the order given. Columns: quotation_id, article_id, outlet, headline, speaker_name,
    resolution, cue, cue_class, kind, text, start (of the text in the article) and marks (a list of {start, end,
    role} into the article). A speaker named more than two sentences away is not in the text.
    """
    passages = [_read_passage(tables, row) for row in quotations.to_dict("records")]
    return pd.DataFrame(passages, columns=[*_PASSAGE_COLUMNS, "headline", "text", "start", "marks"])


def _read_passage(tables: Tables, quotation: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the result of `find_passages`."""
    article, marks = quotation["article_id"], _list_marks(quotation)
    start, end = _find_passage_bounds(marks, *tables.sentence_spans[article, FIELD_OF_TEXT])
    return {name: quotation[name] for name in _PASSAGE_COLUMNS} | {
        "headline": tables.articles_by_id.at[article, "headline"],
        "text": tables.field_texts[article, FIELD_OF_TEXT][start:end], "start": start,
        "marks": [mark._asdict() for mark in marks if start <= mark.start and mark.end <= end]}


def _list_marks(row: Mapping[str, Any]) -> list[QuotationMark]:
    """The spans of a quotation; those of the content first, then the cue, then the speaker."""
    marks = [QuotationMark(span["start"], span["end"], "content") for span in row["content_spans"]]
    marks += [QuotationMark(int(row[f"{role}_start"]), int(row[f"{role}_end"]), role) for role in ("cue", "speaker")
              if not pd.isna(row[f"{role}_start"])]
    return [mark for mark in marks if mark.start < mark.end]


def _find_passage_bounds(marks: list[QuotationMark], opens: list[int], closes: list[int]) -> tuple[int, int]:
    """Start and end of the sentences with the content, and with the cue and speaker if they are near."""
    said = [mark for mark in marks if mark.role == "content"]
    first = _find_sentence_number(opens, min(mark.start for mark in said))
    last = _find_sentence_number(opens, max(mark.end for mark in said) - 1)
    for mark in marks:
        number = _find_sentence_number(opens, mark.start)
        if first - MAX_SPEAKER_GAP_SENTENCES <= number <= last + MAX_SPEAKER_GAP_SENTENCES:
            first, last = min(first, number), max(last, number)
    return opens[first], closes[last]


def _find_sentence_number(opens: list[int], place: int) -> int:
    """The number of the sentence that contains an offset."""
    return max(bisect_right(opens, place) - 1, 0)


def show_quotations(tables: Tables, quotations: pd.DataFrame, *, caption: str, max_rows: int = 30) -> Shown:
    """Quotations in their sentences: speaker in bold, cue in italics, content marked.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations` or `choose_speech_acts`
    caption : description of the quotations
    max_rows : quotations shown, spread over the outlets; the others are counted
    """
    rows = find_passages(tables, spread_rows(quotations, max_rows)).to_dict("records")
    more = format_rest_count(len(quotations), len(rows), "quotation")
    items = [_make_passage_item(row) for row in rows]
    lines = [f"{item['source']}: {clean_text(row['text'][:MAX_TABLE_CELL_CHARS])}"
             for item, row in zip(items, rows, strict=True)] or ["none"]
    return _show_section({"kind": "sentences", "items": items}, caption, lines, more)


def show_statements(tables: Tables, quotations: pd.DataFrame, rows: pd.DataFrame, *, by: Sequence[str], caption: str,
                    per_row: int = EVIDENCE_SENTENCES_PER_ROW, max_rows: int = 30) -> Shown:
    """The first statements that support each row of a table, one from every article before a second from any, folded.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the statements that the table counts: the result of `choose_quotations` or `choose_speech_acts`
    rows : the table
    by : columns that identify the statements a row counts
    caption : description of the statements
    per_row : statements per row
    max_rows : rows of the table whose statements are shown; the others are counted
    """
    shown = rows.head(max_rows).reset_index(drop=True)
    groups = _group_statements(quotations, shown, by)
    parts: dict[int, tuple[str, list[Block]]] = {}
    for row, values in enumerate(shown[[*by]].to_dict("records")):
        if group := groups.get(tuple(values.values())):
            chosen = [_read_passage(tables, quotation) for quotation in _take_first_per_article(group, per_row)]
            name = name_part(values, by, len(chosen), len(group), "statement")
            parts[row] = name, [_make_passage_item(passage) for passage in chosen]
    return show_parts(shown, parts, by=by, caption=caption, n_left_out=len(rows) - len(shown))


def _group_statements(quotations: pd.DataFrame, rows: pd.DataFrame,
                      by: Sequence[str]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """The statements of each row that has any, by the row's values, in the order of the articles."""
    wanted = quotations.merge(rows[[*by]].dropna().drop_duplicates(), on=[*by])
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for quotation in wanted.sort_values(["article_id", "sentence", "quotation_id"]).to_dict("records"):
        groups.setdefault(tuple(quotation[name] for name in by), []).append(quotation)
    return groups


def _take_first_per_article(quotations: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The first of each article, then the second of each; the chosen ones in the order given."""
    seen: Counter[str] = Counter()
    turns = []
    for place, quotation in enumerate(quotations):
        turns.append((seen[quotation["article_id"]], place))
        seen[quotation["article_id"]] += 1
    return [quotations[place] for place in sorted(place for _, place in sorted(turns)[:most])]


def _make_passage_item(row: Mapping[str, Any]) -> Block:
    """A quotation in its sentences, with its source and the place where it begins."""
    marks = ((mark["start"] - row["start"], mark["end"] - row["start"], QUOTATION_MARK_TAGS[mark["role"]])
             for mark in row["marks"])
    return make_item(cut_pieces(row["text"], marks), _describe_quotation_source(row),
                     (row["article_id"], _find_quotation_start(row)),
                     short=f"{row['speaker_name'][:120]}{_describe_inference(row)}, {row['outlet'][:120]}")


def _find_quotation_start(row: Mapping[str, Any]) -> int:
    """The offset in the article at which the content begins."""
    return min((int(mark["start"]) for mark in row["marks"] if mark["role"] == "content"), default=int(row["start"]))


def _describe_quotation_source(row: Mapping[str, Any]) -> str:
    """`Zhao Lijian (inferred from “he”), noting (factive), indirect; CGTN, "China to clarify ..." (cgtn/1)`."""
    cue = f", {row['cue']}" if isinstance(row["cue"], str) else ""
    return clean_text(f"{row['speaker_name'][:120]}{_describe_inference(row)}{cue[:80]}, {row['kind']}; "
                      f"{name_title(row['headline'], row['outlet'][:120])}")


def _describe_inference(row: Mapping[str, Any]) -> str:
    """What a speaker's name was inferred from, if no name stands beside the cue."""
    if row["resolution"] not in INFERRED_RESOLUTIONS:
        return ""
    if row["resolution"] == "floating" or not isinstance(row["speaker"], str):
        return " (inferred from the words before)"
    return f" (inferred from “{row['speaker'][:80]}”)"


def show_utterances(utterances: pd.DataFrame, *, caption: str, max_rows: int = 15) -> Shown:
    """Two outlets' versions side by side, each with the words that the other lacks marked.

    Parameters
    ----------
    utterances : the result of `list_utterances`
    caption : description of the pairs
    max_rows : pairs shown; the others are counted
    """
    rows = utterances.head(max_rows).to_dict("records")
    pairs = [{"versions": [_make_version_item(row, *sides) for sides in UTTERANCE_SIDES],
              "source": _describe_utterance_pair(row)} for row in rows]
    lines = [line for row in rows for line in _list_pair_lines(row)] or ["none"]
    more = format_rest_count(len(utterances), len(rows), "pair")
    return _show_section({"kind": "pairs", "pairs": pairs}, caption, lines, more)


def _make_version_item(row: Mapping[str, Any], side: str, other: str) -> Block:
    """A version with the words that the other lacks marked; its source is the outlet."""
    text, marks = _shorten_cuts(row[f"text_{side}"], _find_pair_cuts(row, side, other))
    pieces = cut_pieces(text, ((mark.start, mark.end, QUOTATION_MARK_TAGS[mark.role]) for mark in marks))
    return make_item(pieces, row[f"outlet_{side}"][:120], (row[f"article_id_{side}"], row[f"start_{side}"]))


def _list_pair_lines(row: Mapping[str, Any]) -> list[str]:
    """The pair as plain text; the words that the other version lacks follow in brackets."""
    lines = [_describe_utterance_pair(row)]
    for side, other in UTTERANCE_SIDES:
        text = row[f"text_{side}"]
        cuts = " … ".join(text[start:end] for start, end in _find_pair_cuts(row, side, other))
        alone = f" [only here: {cuts[:MAX_TABLE_CELL_CHARS]}]" if cuts else ""
        lines.append(clean_text(f"  {row[f'outlet_{side}'][:120]}: {text[:MAX_TABLE_CELL_CHARS]}{alone}"))
    return lines


def _describe_utterance_pair(row: Mapping[str, Any]) -> str:
    relation = row["relation"].replace("paraphrase", "in other words")
    speaker, other = row["speaker_name"][:120], row["other_name"][:120]
    names = f"{row['outlet_a'][:120]} has {speaker}, {row['outlet_b'][:120]} has {other}" if other else speaker
    return clean_text(f"{names}; {relation}")


def _find_pair_cuts(row: Mapping[str, Any], side: str, other: str) -> list[tuple[int, int]]:
    """The spans of a trimmed pair that the other version lacks; none for a paraphrase, whose words may all differ."""
    return find_cuts(row[f"text_{side}"], row[f"text_{other}"]) if row["relation"] == "trimmed" else []


def _shorten_cuts(text: str, cuts: list[tuple[int, int]]) -> tuple[str, list[QuotationMark]]:
    """The text without the middle of its long cuts, and the cuts as marks in the remaining text."""
    pieces, marks, at, length = [], [], 0, 0
    for start, end in cuts:
        said = text[start:end]
        if len(said) > MAX_UNSHORTENED_CUT_CHARS:
            inner = said[MAX_UNSHORTENED_CUT_CHARS // 2:-MAX_UNSHORTENED_CUT_CHARS // 4]
            said = (f"{said[:MAX_UNSHORTENED_CUT_CHARS // 2]} … [{len(inner.split()):,} words] …"
                    f" {said[-MAX_UNSHORTENED_CUT_CHARS // 4:]}")
        length += start - at
        pieces += [text[at:start], said]
        marks.append(QuotationMark(length, length + len(said), "content"))
        length, at = length + len(said), end
    shown = "".join(pieces) + text[at:]
    return shown, [QuotationMark(start, min(end, MAX_TABLE_CELL_CHARS), role) for start, end, role in marks
                   if start < MAX_TABLE_CELL_CHARS]


def _show_section(block: Block, caption: str, lines: list[str], more: str) -> Shown:
    caption = clean_text(caption)
    return show_block(block | {"caption": caption, "note": more},
                      "\n".join([caption, *lines, *([more] if more else [])]))
