"""Side by side: the sentences in which a speaker, a name and a word occur together, one column per outlet.

This module makes everything that the menus of notebooks/explore.ipynb show, as tables and as plain HTML; the
menus are in `samestory.explore.menus`. Nothing is measured here.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.fields import list_fields
from samestory.count.context import find_context
from samestory.show.printable import clean_text
from samestory.show.shown import MAX_TABLE_CELL_CHARS, Shown
from samestory.tables.tables import Tables

MAX_SEARCH_CHARS = 80  # code points of a word or phrase searched for
MAX_SEARCH_WORDS = 5  # words of a phrase
MAX_UNSHOWN_OUTLETS = 10  # outlets named but not shown
MAX_SEARCHED_TEXT_CHARS = 10_000_000  # longer than any article, so that offsets can be numbered across articles
SEARCH_MARK_TAGS = {"said": "mark", "speaker": "b", "cue": "i", "name": "u", "word": "u",
                    "differs": "mark"}  # need no colour
SEARCH_MARK_NOTES = {"said": "what was said marked, speaker bold, cue italic", "name": "the name underlined",
                     "word": "the word underlined"}
MIN_SIDE_COLUMN_EM, MAX_SIDE_COLUMN_EM = 16, 44  # widths of a column of sentences
SIDE_BY_SIDE_COLUMNS = ["outlet", "article_id", "headline", "sentence", "field", "start", "text", "marks"]
SentenceMark = tuple[int, int, int, str]  # row of a sentence, start and end in the article, role
# Two classes and an element outweigh JupyterLab's own rule, which aligns every cell of an output to the right.
_SIDE_BY_SIDE_STYLE = ("<style>table.ss-sides{table-layout:fixed;width:100%;line-height:1.45;border-collapse:collapse}"
                       "table.ss-table.ss-sides :is(th,td){vertical-align:top;text-align:left;white-space:normal}"
                       "table.ss-table.ss-sides :is(th,td){padding:.2em .8em 0 0}"
                       "table.ss-sides caption{text-align:left;font-weight:600}"
                       ".ss-sides blockquote{margin:.3em 0 .8em;padding:0 0 0 .6em;border-left:3px solid}"
                       ".ss-sides .ss-source{margin:0;opacity:.8}.ss-sides .ss-near{opacity:.7}"
                       ".ss-sides mark{background:#ffe9a8;color:#1c1f23}.ss-sides u{font-weight:700}</style>")


def find_side_by_side(tables: Tables, quotations: pd.DataFrame, names: pd.DataFrame, *, speaker: str = "",
                      entity_id: str = "", word: str = "") -> pd.DataFrame:
    """The sentences that contain the given speaker, name and word.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`
    names : the result of `find_names`
    speaker : a speaker_name; sentences that contain part of a statement of theirs
    entity_id : an entity; sentences that name it
    word : a word, in every spelling counted as the same, or a phrase of up to five words; case is ignored

    Returns
    -------
    One row per sentence, by outlet, article and offset; every sentence if nothing is given. Columns: outlet,
    article_id, headline, sentence (its number), field, start, text, marks (a list of {start, end, role} into the
    field; role is said, speaker, cue, name or word).
    """
    sentences = tables.sentences.assign(field=list_fields(tables.sentences))
    sentences = sentences.sort_values(["article_id", "field", "start"], ignore_index=True)
    found = set(range(len(sentences)))
    marks: list[SentenceMark] = []
    if speaker:
        said = quotations[quotations["speaker_name"] == speaker]
        found &= _add_marks(sentences, _list_speech_spans(said), "said", marks)
        for role in ("cue", "speaker"):
            _add_marks(sentences, _list_spans(said, role), role, marks)
    if entity_id:
        found &= _add_marks(sentences, names[names["entity_id"] == entity_id], "name", marks)
    if sought := " ".join(word.split())[:MAX_SEARCH_CHARS]:
        found &= _add_marks(sentences, find_word(tables, sought), "word", marks)
    return _write_rows(tables, sentences, sorted(found), marks)


def find_word(tables: Tables, word: str) -> pd.DataFrame:
    """The occurrences of a word, in every spelling counted as the same, or of a phrase of up to five words.

    One row per occurrence: article_id, field, start, end (code points), with the columns of `find_context`.
    """
    outlets, n_words = list(tables.outlets), len(word.split())
    places = find_context(tables.folder, word, width=0, per_outlet=MAX_SEARCHED_TEXT_CHARS, outlets=outlets)
    if places.empty and 1 < n_words <= MAX_SEARCH_WORDS:
        unit = f"{n_words}-gram"
        places = find_context(tables.folder, word, width=0, per_outlet=MAX_SEARCHED_TEXT_CHARS, outlets=outlets,
                              unit=unit)
    return places


def choose_rows(found: pd.DataFrame, outlets: Sequence[str], per_outlet: int) -> pd.DataFrame:
    """At most `per_outlet` sentences of each outlet, the first of each article before the second of any.

    The rows are those of `find_side_by_side`, in its order, with a column n, the number of the outlet's sentences.
    """
    found = found[found["outlet"].isin(outlets)]
    turn = found.groupby("article_id").cumcount()
    order = turn.sort_values(kind="stable").index
    kept = found.loc[order].groupby("outlet").head(per_outlet).index
    n = found.groupby("outlet")["text"].transform("size")
    return found.assign(n=n)[found.index.isin(kept)].reset_index(drop=True)


def add_neighbours(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the text of the sentence before and after each, empty where there is none."""
    mine = tables.sentences[tables.sentences["article_id"].isin(rows["article_id"])]
    texts = {(row.article_id, row.sentence): tables.field_texts[row.article_id, row.field][row.start:row.end]
             for row in mine.assign(field=list_fields(mine)).itertuples()}

    def read(row: Any, step: int) -> str:
        return texts.get((row.article_id, row.sentence + step), "")

    return rows.assign(before=[read(row, -1) for row in rows.itertuples()],
                       after=[read(row, 1) for row in rows.itertuples()])


def show_side_by_side(tables: Tables, rows: pd.DataFrame, outlets: Sequence[str], *, caption: str,
                      note: str = "") -> Shown:
    """Sentences side by side, one column per outlet, each under its article; an outlet without any says so.

    Parameters
    ----------
    tables : a corpus's tables
    rows : the result of `choose_rows`, with or without the columns of `add_neighbours`
    outlets : those of the columns, in order
    caption : what the sentences have in common
    note : a sentence below them
    """
    groups = dict(tuple(rows.groupby("outlet")))
    counted = tables.articles[tables.articles["counted"]]["outlet"].value_counts()
    columns = {outlet: groups.get(outlet, rows.head(0)) for outlet in outlets}
    heads = {outlet: f"{outlet[:120]}: {_describe_shown_part(found, int(counted.get(outlet, 0)))}"
             for outlet, found in columns.items()}
    return show_side_columns([(heads[outlet], columns[outlet]) for outlet in outlets], caption=caption, note=note)


def show_side_columns(columns: Sequence[tuple[str, pd.DataFrame]], *, caption: str, note: str = "") -> Shown:
    """Columns of sentences, each under its head and under the titles of its articles.

    Parameters
    ----------
    columns : the head of each column, and its sentences: `SIDE_BY_SIDE_COLUMNS`, and before and after if there are any
    caption : what the sentences have in common
    note : a sentence below them
    """
    label = escape(clean_text(caption))
    heads = "".join(f'<th scope="col">{_escape_sentence(head)}</th>' for head, _ in columns)
    cells = "\n".join(f"<td>{_show_column(rows)}</td>" for _, rows in columns)
    html = (f'{_SIDE_BY_SIDE_STYLE}<div class="ss-scroll" role="region" tabindex="0" aria-label="{label}"'
            ' style="overflow-x:auto">\n'
            f'<table class="ss-table ss-sides" style="min-width:{MIN_SIDE_COLUMN_EM * len(columns)}em;max-width:'
            f'{MAX_SIDE_COLUMN_EM * len(columns)}em"><caption>{label}</caption>\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody><tr>{cells}</tr></tbody></table></div>"
            + (f'\n<p class="ss-note">{_escape_sentence(note)}</p>' if note else ""))
    lines = [clean_text(caption)]
    for head, rows in columns:
        lines.append(clean_text(head))
        lines += [f"  {_format_column_source(row)}: {clean_text(row['text'][:MAX_TABLE_CELL_CHARS])}"
                  for row in rows.to_dict("records")]
    return Shown(html, "\n".join([*lines, *([clean_text(note)] if note else [])]))


def describe_unshown_outlets(found: pd.DataFrame, outlets: Sequence[str]) -> str:
    """The other outlets with such sentences, the largest numbers first.

    >>> describe_unshown_outlets(pd.DataFrame({"outlet": ["CNN", "BBC", "BBC"]}), ["CNN"])
    'Not shown: BBC 2.'
    """
    n = found["outlet"][~found["outlet"].isin(outlets)].value_counts()
    listed = [f"{outlet[:120]} {n[outlet]:,}" for outlet in sorted(n.index, key=lambda outlet: (-n[outlet], outlet))]
    more = f" and {len(listed) - MAX_UNSHOWN_OUTLETS:,} more outlets" if len(listed) > MAX_UNSHOWN_OUTLETS else ""
    return f"Not shown: {', '.join(listed[:MAX_UNSHOWN_OUTLETS])}{more}." if listed else ""


def describe_search(*, speaker: str = "", name: str = "", word: str = "") -> str:
    """A caption: the search, and how its results are marked.

    >>> describe_search(speaker="Zhao Lijian", word="sanctions")
    'Sentences of what Zhao Lijian says, with “sanctions”; what was said marked, speaker bold, cue italic, the word \
underlined'
    """
    asked = {"said": speaker and f"of what {speaker[:120]} says", "name": name and f"that name {name[:120]}",
             "word": word and f"with “{word[:MAX_SEARCH_CHARS]}”"}
    said = {role: text for role, text in asked.items() if text}
    if not said:
        return "All sentences: the first of each article first"
    return f"Sentences {', '.join(said.values())}; {', '.join(SEARCH_MARK_NOTES[role] for role in said)}"


# Finding ----------------------------------------------------------------------------------------

def _list_speech_spans(quotations: pd.DataFrame) -> pd.DataFrame:
    """The spans of the content of quotations: article_id, start, end."""
    spans = [(article_id, span["start"], span["end"]) for article_id, content in
             zip(quotations["article_id"], quotations["content_spans"], strict=True) for span in content]
    return pd.DataFrame(spans, columns=["article_id", "start", "end"])


def _list_spans(quotations: pd.DataFrame, role: str) -> pd.DataFrame:
    """The spans of the cues or the speakers, if there are any."""
    spans = quotations[["article_id", f"{role}_start", f"{role}_end"]].set_axis(["article_id", "start", "end"], axis=1)
    return spans.dropna()


def _add_marks(sentences: pd.DataFrame, spans: pd.DataFrame, role: str, marks: list[SentenceMark]) -> set[int]:
    """The sentences (rows of the table) that overlap spans; the overlaps are added to `marks`."""
    fields = ["article_id", "field"]
    known = sentences[fields].drop_duplicates()
    codes = pd.MultiIndex.from_frame(known).get_indexer(
        pd.MultiIndex.from_arrays([spans["article_id"], list_fields(spans)]))
    spans = spans[codes >= 0].astype({"start": "int64", "end": "int64"})
    opens, closes = sentences["start"].to_numpy("int64"), sentences["end"].to_numpy("int64")
    keys = sentences.groupby(fields, sort=False).ngroup().to_numpy() * MAX_SEARCHED_TEXT_CHARS + opens
    base = codes[codes >= 0].astype("int64") * MAX_SEARCHED_TEXT_CHARS
    first = np.searchsorted(keys, base + spans["start"].to_numpy(), side="right") - 1
    last = np.searchsorted(keys, base + spans["end"].to_numpy() - 1, side="right") - 1
    touched = set()
    for start, end, own, one, other in zip(spans["start"], spans["end"], base, first, last, strict=True):
        for row in range(max(one, 0), other + 1):
            begin, finish = max(start, opens[row]), min(end, closes[row])
            if keys[row] >= own and begin < finish:
                marks.append((row, int(begin), int(finish), role))
                touched.add(row)
    return touched


def _write_rows(tables: Tables, sentences: pd.DataFrame, found: list[int],
                marks: Iterable[SentenceMark]) -> pd.DataFrame:
    """The found sentences with their text and the marks in them."""
    marked: dict[int, list[dict[str, Any]]] = {row: [] for row in found}
    for row, start, end, role in sorted(marks):
        if row in marked:
            marked[row].append({"start": start, "end": end, "role": role})
    articles = tables.articles.set_index("article_id")
    rows = sentences.loc[found, ["article_id", "sentence", "field", "start", "end"]]
    rows["text"] = [tables.field_texts[row.article_id, row.field][row.start:row.end] for row in rows.itertuples()]
    rows["marks"] = pd.Series(list(marked.values()), index=rows.index, dtype="object")
    for name in ("outlet", "headline"):
        rows[name] = rows["article_id"].map(articles[name])
    return rows.sort_values(["outlet", "article_id", "field", "start"], ignore_index=True)[SIDE_BY_SIDE_COLUMNS]


# Showing ----------------------------------------------------------------------------------------

def _describe_shown_part(rows: pd.DataFrame, n_articles: int) -> str:
    """`3 of 7 sentences shown, from 1 of 2 articles`."""
    articles = f"{n_articles:,} article{'s' * (n_articles != 1)}"
    if rows.empty:
        return f"no sentence in {articles}"
    n = int(rows["n"].iloc[0])
    return f"{len(rows):,} of {n:,} sentence{'s' * (n != 1)} shown, from {rows['article_id'].nunique():,} of {articles}"


def _show_column(rows: pd.DataFrame) -> str:
    """The sentences of one outlet, grouped under the headlines of their articles."""
    parts = []
    for _, article in rows.groupby("article_id", sort=False):
        records = article.to_dict("records")
        parts.append(f'<p class="ss-source">{_escape_sentence(_format_column_source(records[0]))}</p>')
        parts += [f'<blockquote dir="auto">{_show_sentence(row)}</blockquote>' for row in records]
    return "\n".join(parts)


def _format_column_source(row: Mapping[str, Any]) -> str:
    headline = row["headline"]
    named = f"“{headline[:120]}” " if isinstance(headline, str) and headline else ""
    return clean_text(f"{named}({row['article_id'][:120]})")


def _show_sentence(row: Mapping[str, Any]) -> str:
    """The sentence with its marks; if two overlap, the inner one splits the outer."""
    text, offset = row["text"][:MAX_TABLE_CELL_CHARS], row["start"]
    roles = np.zeros(len(text), dtype="int8")
    for mark in sorted(row["marks"], key=lambda mark: mark["start"] - mark["end"]):  # the longest first
        roles[mark["start"] - offset:mark["end"] - offset] = list(SEARCH_MARK_TAGS).index(mark["role"]) + 1
    edges = [0, *(np.flatnonzero(np.diff(roles)) + 1).tolist(), len(text)]
    pieces = []
    for start, end in pairwise(edges):
        tag = ("", *SEARCH_MARK_TAGS.values())[roles[start]] if start < len(text) else ""
        pieces.append(f"<{tag}>{_escape_sentence(text[start:end])}</{tag}>" if tag
                      else _escape_sentence(text[start:end]))
    shown = "".join(pieces) + (" …" if len(row["text"]) > MAX_TABLE_CELL_CHARS else "")
    return " ".join(part for part in (_format_neighbour(row.get("before")), shown, _format_neighbour(row.get("after")))
                    if part)


def _format_neighbour(text: object) -> str:
    return f'<span class="ss-near">{_escape_sentence(str(text)[:MAX_TABLE_CELL_CHARS])}</span>' if text else ""


def _escape_sentence(text: str) -> str:
    return escape(clean_text(text))
