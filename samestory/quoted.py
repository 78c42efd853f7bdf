"""Quotations on a page: in their sentences, with speaker, cue and content told apart, and side by side.

What is counted is voices' business, which versions belong together utterances'. Only the rows that
are shown are looked up, so a corpus may be large. Every text is escaped and clipped.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from samestory.anchors import tell_place
from samestory.display import LONGEST, Shown, clean_text
from samestory.evidence import PER_ROW, name_part, show_parts
from samestory.tables import Tables
from samestory.utterances import find_cuts

TAGS = {"speaker": "b", "cue": "i", "content": "mark"}  # told apart without colour, in any page
NEAR = 2  # sentences between a speaker's name and the quotation, up to which both are shown
RELATIONS = ("identical", "trimmed", "paraphrase")
ORDER = ("trimmed", "paraphrase", "identical")  # what was cut is read first
SIDES = (("a", "b"), ("b", "a"))
LONG_CUT = 200  # code points of a stretch that the other version lacks, shown in full up to here


class Mark(NamedTuple):
    """A marked stretch of a text, and what it is."""

    start: int
    end: int
    role: str


# Quotations in their sentences ------------------------------------------------------------------

def spread_rows(quotations: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many rows, as many from each outlet as there is room for, in the order of the articles."""
    ordered = quotations.sort_values(["outlet", "article_id", "sentence", "quotation_id"])
    turn = ordered.groupby("outlet").cumcount()
    chosen = turn.sort_values(kind="stable").index[:most]
    return ordered[ordered.index.isin(chosen)]


def find_passages(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """The sentences that quotations stand in, with what is said, by whom and by which word marked.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : rows with the columns of table `quotations`, and outlet

    Returns
    -------
    One row is a quotation, in the order given. Columns: quotation_id, article_id, outlet, headline, speaker_name,
    resolution, cue, cue_class, kind, text, start (of the text in the article) and marks (a list of {start, end,
    role} into the article). A speaker who is named more than two sentences away is not in the text.
    """
    articles = tables.articles.set_index("article_id")
    sentences = tables.sentences[tables.sentences["article_id"].isin(quotations["article_id"])]
    bounds = {name: (group["start"].to_numpy(), group["end"].to_numpy())
              for name, group in sentences.sort_values("start").groupby("article_id")}
    rows = []
    for row in quotations.to_dict("records"):
        marks = _list_marks(row)
        start, end = _choose_sentences(marks, *bounds[row["article_id"]])
        inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
        article = articles.loc[row["article_id"]]
        rows.append({name: row[name] for name in _KEPT} | {
            "headline": article["headline"], "text": article["text"][start:end], "start": start,
            "marks": [mark._asdict() for mark in inside]})
    return pd.DataFrame(rows, columns=[*_KEPT, "headline", "text", "start", "marks"])


_KEPT = ("quotation_id", "article_id", "outlet", "speaker_name", "resolution", "cue", "cue_class", "kind")


def _list_marks(row: Mapping[str, Any]) -> list[Mark]:
    """The spans of a quotation; those of the content first, then the cue, then the speaker."""
    marks = [Mark(span["start"], span["end"], "content") for span in row["content_spans"]]
    marks += [Mark(int(row[f"{role}_start"]), int(row[f"{role}_end"]), role) for role in ("cue", "speaker")
              if not pd.isna(row[f"{role}_start"])]
    return [mark for mark in marks if mark.start < mark.end]


def _choose_sentences(marks: list[Mark], opens: np.ndarray, closes: np.ndarray) -> tuple[int, int]:
    """Where the sentences of the content begin and end, with those of cue and speaker if they are near."""
    said = [mark for mark in marks if mark.role == "content"]
    first = _number(opens, min(mark.start for mark in said))
    last = _number(opens, max(mark.end for mark in said) - 1)
    for mark in marks:
        number = _number(opens, mark.start)
        if first - NEAR <= number <= last + NEAR:
            first, last = min(first, number), max(last, number)
    return int(opens[first]), int(closes[last])


def _number(opens: np.ndarray, place: int) -> int:
    """Which sentence a place is in."""
    return max(int(np.searchsorted(opens, place, side="right")) - 1, 0)


def show_quotations(tables: Tables, quotations: pd.DataFrame, *, caption: str, max_rows: int = 30) -> Shown:
    """Quotations in their sentences: speaker in bold, cue in italics, content marked.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : what `choose_quotations` or `choose_speech_acts` returned
    caption : what they are
    max_rows : quotations shown, from every outlet as far as there is room; how many more there are is said
    """
    rows = find_passages(tables, spread_rows(quotations, max_rows)).to_dict("records")
    more = _tell_more(len(quotations) - len(rows), "quotation")
    lines = [f"{_tell_source(row)}: {clean_text(row['text'][:LONGEST])}" for row in rows] or ["none"]
    return _show_section(caption, _list_html(rows), lines, more)


def show_statements(tables: Tables, quotations: pd.DataFrame, rows: pd.DataFrame, *, by: Sequence[str], caption: str,
                    per_row: int = PER_ROW, max_rows: int = 30) -> Shown:
    """The first statements behind each row of a table, of every article one before a second, folded until wanted.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : what the table counts: what `choose_quotations` or `choose_speech_acts` returned
    rows : the table
    by : columns that say which statements a row counts
    caption : what they are
    per_row : statements a row
    max_rows : rows of the table whose statements are shown; how many more there are is said
    """
    by, shown = list(by), rows.head(max_rows).reset_index(drop=True)
    groups = dict(tuple(quotations.groupby(by, sort=False)))
    parts = {}
    for row, key in enumerate(shown[by].itertuples(index=False, name=None)):
        if (group := groups.get(key)) is not None:
            chosen = find_passages(tables, _take_first(group, per_row)).to_dict("records")
            name = name_part(shown.loc[row], by, len(chosen), len(group), "statement")
            parts[row] = name, _show_section(name, _list_html(chosen), [], "").html
    return show_parts(shown, parts, by=by, caption=caption, n_left_out=len(rows) - len(shown))


def _take_first(quotations: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first of each article, then the second of each, in the order of the articles."""
    ordered = quotations.sort_values(["article_id", "sentence", "quotation_id"])
    turn = ordered.groupby("article_id").cumcount().sort_values(kind="stable")
    return ordered[ordered.index.isin(turn.index[:most])]


def _list_html(rows: Iterable[Mapping[str, Any]]) -> str:
    """Quotations in their sentences as a list, each with its source, which names where it begins."""
    items = "\n".join(f'<li><blockquote dir="auto">{_mark_html(row["text"], _clip_marks(row))}</blockquote>\n'
                      f'<p class="ss-source"{tell_place(row["article_id"], _find_start(row))}>'
                      f'{escape(_tell_source(row))}</p></li>' for row in rows)
    return f"<ul>\n{items or '<li>none</li>'}\n</ul>"


def _find_start(row: Mapping[str, Any]) -> int:
    """Where what is said begins in the article."""
    return min((mark["start"] for mark in row["marks"] if mark["role"] == "content"), default=row["start"])


def _clip_marks(row: Mapping[str, Any]) -> list[Mark]:
    """The marks as offsets into the row's text, none beyond what is shown of it."""
    length = min(len(row["text"]), LONGEST)
    marks = [Mark(mark["start"] - row["start"], min(mark["end"] - row["start"], length), mark["role"])
             for mark in row["marks"]]
    return [mark for mark in marks if mark.start < mark.end]


def _tell_source(row: Mapping[str, Any]) -> str:
    """`Zhao Lijian (surname), noting (factive), indirect; CGTN, "China to clarify ..." (cgtn/1)`."""
    introduced = f" ({row['cue_class']})" if isinstance(row["cue_class"], str) else ""
    cue = f", {row['cue']}{introduced}" if isinstance(row["cue"], str) else ", no cue"
    headline = f", “{row['headline'][:120]}”" if isinstance(row["headline"], str) and row["headline"] else ""
    found = f" ({row['resolution']})" if row["resolution"] not in ("name", "none") else ""
    return clean_text(f"{row['speaker_name'][:120]}{found}{cue[:80]}, {row['kind']}; {row['outlet'][:120]}{headline} "
                      f"({row['article_id'][:120]})")


# Utterances side by side ------------------------------------------------------------------------

def list_utterances(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """What two outlets quote of one utterance, side by side.

    One row is a pair of quotations. Columns: speaker_name, relation, outlet_a, text_a, outlet_b, text_b,
    other_name (whom outlet_b gives as the speaker, if it is somebody else), and where both stand: article_id_a,
    start_a, article_id_b, start_b. Pairs of quotations that stand in no
    pair above come first; of these trimmed ones, then those in other words, then identical ones, the longest of
    each first.
    """
    starts = [min(span["start"] for span in spans) for spans in quotations["content_spans"]]
    shown = quotations.assign(start=starts).set_index("quotation_id")[
        ["outlet", "text", "speaker_name", "article_id", "start"]]
    pairs = tables.read("utterances").join(shown.add_suffix("_a"), on="quotation_a", how="inner")
    pairs = pairs.join(shown.add_suffix("_b"), on="quotation_b", how="inner")
    pairs = pairs.rename(columns={"speaker_name_a": "speaker_name"})
    pairs["other_name"] = pairs["speaker_name_b"].where(pairs["speaker_name_b"] != pairs["speaker_name"], "")
    shorter = np.minimum(pairs["text_a"].str.len(), pairs["text_b"].str.len())
    pairs = pairs.assign(rank=pairs["relation"].map(ORDER.index), length=-shorter)
    pairs = pairs.sort_values(["rank", "length", "utterance_id"])
    pairs = pairs.assign(again=_find_seen(pairs)).sort_values("again", kind="stable", ignore_index=True)
    return pairs[["speaker_name", "relation", "outlet_a", "text_a", "outlet_b", "text_b", "other_name",
                  "article_id_a", "start_a", "article_id_b", "start_b"]]


def _find_seen(pairs: pd.DataFrame) -> list[bool]:
    """Whether a quotation of the pair stands in a pair above it."""
    seen: set[str] = set()
    found = []
    for pair in zip(pairs["quotation_a"], pairs["quotation_b"], strict=True):
        found.append(not seen.isdisjoint(pair))
        seen.update(pair)
    return found


def tell_utterances(utterances: pd.DataFrame) -> str:
    """How many utterances two outlets quote, and how alike.

    Parameters
    ----------
    utterances : what `list_utterances` returned

    >>> tell_utterances(pd.DataFrame({"relation": ["trimmed", "identical", "trimmed"]}))
    '3 pairs of quotations tell the same utterance: 1 identical, 2 trimmed, 0 in other words.'
    """
    if utterances.empty:
        return "No utterance was found that two outlets quote."
    counts = utterances["relation"].value_counts()
    listed = ", ".join(f"{counts.get(name, 0):,} {name}" for name in RELATIONS).replace("paraphrase", "in other words")
    pairs = "1 pair of quotations tells" if len(utterances) == 1 else f"{len(utterances):,} pairs of quotations tell"
    return f"{pairs} the same utterance: {listed}."


def show_utterances(utterances: pd.DataFrame, *, caption: str, max_rows: int = 15) -> Shown:
    """Two outlets' versions beside each other, with the words marked that the other one left out.

    Parameters
    ----------
    utterances : what `list_utterances` returned
    caption : what they are
    max_rows : pairs shown; how many more there are is said
    """
    rows = utterances.head(max_rows).to_dict("records")
    items = "\n".join(f"<li>{_pair_html(row)}</li>" for row in rows) or "<li>none</li>"
    lines = [line for row in rows for line in _pair_lines(row)] or ["none"]
    return _show_section(caption, f"<ul>\n{items}\n</ul>", lines, _tell_more(len(utterances) - len(rows), "pair"))


def _pair_html(row: Mapping[str, Any]) -> str:
    """Both versions, each with its outlet and with the words marked that the other one lacks."""
    versions = []
    for side, other in SIDES:
        text, marks = _shorten_cuts(row[f"text_{side}"], _find_pair_cuts(row, side, other))
        outlet = escape(clean_text(row[f"outlet_{side}"][:120]))
        place = tell_place(row[f"article_id_{side}"], row[f"start_{side}"])
        versions.append(f'<blockquote dir="auto"><b{place}>{outlet}:</b> {_mark_html(text, marks)}</blockquote>')
    return f'<div style="{_BESIDE}">{"".join(versions)}</div><p class="ss-source">{escape(_tell_pair(row))}</p>'


def _pair_lines(row: Mapping[str, Any]) -> list[str]:
    """The same as plain text; what one has and the other lacks stands in brackets behind it."""
    lines = [_tell_pair(row)]
    for side, other in SIDES:
        text = row[f"text_{side}"]
        cuts = " … ".join(text[start:end] for start, end in _find_pair_cuts(row, side, other))
        alone = f" [only here: {cuts[:LONGEST]}]" if cuts else ""
        lines.append(clean_text(f"  {row[f'outlet_{side}'][:120]}: {text[:LONGEST]}{alone}"))
    return lines


def _tell_pair(row: Mapping[str, Any]) -> str:
    relation = row["relation"].replace("paraphrase", "in other words")
    speaker, other = row["speaker_name"][:120], row["other_name"][:120]
    names = f"{row['outlet_a'][:120]} has {speaker}, {row['outlet_b'][:120]} has {other}" if other else speaker
    return clean_text(f"{names}; {relation}")


def _find_pair_cuts(row: Mapping[str, Any], side: str, other: str) -> list[tuple[int, int]]:
    """What a trimmed version has and the other lacks; in other words altogether, that tells nothing."""
    return find_cuts(row[f"text_{side}"], row[f"text_{other}"]) if row["relation"] == "trimmed" else []


_BESIDE = "display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.6rem 1.8rem"


def _shorten_cuts(text: str, cuts: list[tuple[int, int]]) -> tuple[str, list[Mark]]:
    """The text with the middle of its long cuts left out, and its cuts as marks in what is left."""
    pieces, marks, at, length = [], [], 0, 0
    for start, end in cuts:
        said = text[start:end]
        if len(said) > LONG_CUT:
            inner = said[LONG_CUT // 2:-LONG_CUT // 4]
            said = f"{said[:LONG_CUT // 2]} … [{len(inner.split()):,} words] … {said[-LONG_CUT // 4:]}"
        length += start - at
        pieces += [text[at:start], said]
        marks.append(Mark(length, length + len(said), "content"))
        length, at = length + len(said), end
    shown = "".join(pieces) + text[at:]
    return shown, [Mark(start, min(end, LONGEST), role) for start, end, role in marks if start < LONGEST]


# Parts of both ----------------------------------------------------------------------------------

def _mark_html(text: str, marks: Iterable[Mark]) -> str:
    """The text, escaped and clipped, each mark in its tag; of two that overlap, the later begins behind."""
    pieces, at = [], 0
    for start, end, role in sorted(marks):
        start = max(start, at)
        if start < end:
            tag = TAGS[role]
            pieces += [_escape(text[at:start]), f"<{tag}>{_escape(text[start:end])}</{tag}>"]
            at = end
    return "".join(pieces) + _escape(text[at:LONGEST]) + (" …" if len(text) > LONGEST else "")


def _escape(text: str) -> str:
    return escape(clean_text(text))


def _tell_more(n: int, unit: str) -> str:
    return f"{n:,} more {unit}{'s' * (n != 1)} not shown here." if n > 0 else ""


def _show_section(caption: str, body: str, lines: list[str], more: str) -> Shown:
    note = f'\n<p class="ss-note">{escape(more)}</p>' if more else ""
    caption = clean_text(caption)
    return Shown(f'<section class="ss-evidence"><p class="ss-caption">{escape(caption)}</p>\n{body}{note}</section>',
                 "\n".join([caption, *lines, *([more] if more else [])]))
