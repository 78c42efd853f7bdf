"""The overlay of corrections: a corpus's tables with what a person wrote in corrections.csv, beside the raw ones.

The tables that annotation and linking made are never changed. A folder of the same tables is made
beside them, in which those that a correction touches are written anew and the others are the same
files; below it, `raw` has all of them as they were found. What is counted or paired from corrected
rows follows them: entities, links, speakers, utterances, words, and what of them stands between
quotation marks. The rows are carried out by kind: articles and lines first, then entities and mentions,
then what is said, then its pairs; rows of one target in the order of the file. So the order of rows of
different targets does not matter.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from samestory.base.digests import digest_rooms
from samestory.base.schema import TABLE_ROW_ORDER, TABLES, make_table
from samestory.cache.folder import open_unfinished, sweep_unfinished
from samestory.clean.outlets import Outlets, known_outlets, read_outlets
from samestory.correct.allowed import (
    LINE_ID_PATTERN,
    SPAN_ID_PATTERN,
    CorrectionOutcome,
    Misfit,
    check_correction_form,
    guess_target_kind,
)
from samestory.correct.articles import correct_articles, correct_lines, is_within_spans
from samestory.correct.corrections import CORRECTION_COLUMNS, FILE, Correction, read_corrections
from samestory.correct.names import correct_names
from samestory.correct.quotations import CORRECTED_SPEECH_TABLES, correct_quotations, correct_utterances
from samestory.correct.state import State, exclude_rows, filter_rows_by_values, sort_table
from samestory.read.corpus import OUTLETS_FILE, ROSTER_FILE, Corpus

MAX_CORRECTION_PROBLEMS = 200  # corrections of a file that get a row of their own in `problems`
OUTCOME_SEVERITIES = {"unfit": "warning", "repeated": "note"}


def correct_folder(raw: Path, corpus: Corpus) -> Path:
    """The folder of a corpus's corrected tables, made if it is not there; `raw` itself without corrections.

    Parameters
    ----------
    raw : the folder of its tables as they were found
    corpus : the corpus, for its corrections.csv, roster.csv and outlets.csv

    Raises
    ------
    SameStoryError
        If corrections.csv cannot be read as such; the message has the line number.
    """
    from filelock import FileLock

    from samestory.link.link import read_roster
    path = corpus.root / FILE  # which may have been made since the corpus was looked at
    rows = read_corrections(path) if path.is_file() else []
    if not rows:
        return raw
    made_from = hashlib.sha256(repr((raw.name, digest_rooms("correct"), rows)).encode("utf-8", "surrogatepass"))
    folder = raw.parent.parent / "corrected" / made_from.hexdigest()[:24]
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                sweep_unfinished(folder.parent)
                write_corrected(raw, rows, folder, roster=read_roster(corpus.sidecar(ROSTER_FILE)),
                                outlets=read_outlets(corpus.sidecar(OUTLETS_FILE)))
    return folder


def write_corrected(raw: Path, rows: list[Correction], folder: Path, *, roster: Mapping[str, str] | None = None,
                    outlets: Outlets | None = None) -> None:
    """Write the corrected tables into `folder`, and links to the others; nothing is left there if it fails.

    Parameters
    ----------
    raw : the folder of the tables as they were found; not changed
    rows : the rows of corrections.csv
    folder : where they are written; must not be there
    roster, outlets : sides by name; the outlets that are known
    """
    with open_unfinished(folder.parent) as unfinished:
        (unfinished / "raw").mkdir()
        for path in raw.glob("*.parquet"):
            _link_file(path, unfinished / path.name)
            _link_file(path, unfinished / "raw" / path.name)
        state = apply_corrections(raw, rows, roster=roster, outlets=outlets)
        for name, table in state.tables.items():
            _write_overlay_table(table, unfinished / f"{name}.parquet")
        for name, (article_ids, table) in state.stretches.items():
            _write_large_table(name, article_ids, table, unfinished)
        if counted := state.recounted | (state.recut if "tokens" in state.stretches else set()):
            _write_overlay_table(_recount_terms(unfinished, counted), unfinished / "counts.parquet")
        unfinished.rename(folder)


def apply_corrections(raw: Path, rows: list[Correction], *, roster: Mapping[str, str] | None = None,
                      outlets: Outlets | None = None) -> State:
    """Carry corrections out on tables; a row that does not fit changes nothing and is listed.

    Parameters
    ----------
    raw : the folder of the tables as they were found; not changed
    rows : the rows of corrections.csv
    roster, outlets : sides by name; the outlets that are known

    Returns
    -------
    `tables` has the tables that are others now, with `corrections` and `problems`; `stretches` the rows of
    some articles, of those tables that are large. Counts of words are left to the caller.
    """
    def read(name: str, article_ids: Iterable[str] | None) -> pa.Table:
        ids = None if article_ids is None else pa.array(sorted(article_ids), pa.string())
        wanted = None if ids is None else pc.field("article_id").isin(ids)
        return pq.read_table(raw / f"{name}.parquet", filters=wanted).cast(TABLES[name].arrow)

    state = State(read, {}, dict(roster or {}), outlets or known_outlets())
    kinds = _sort_rows(state, rows)
    correct_articles(state)
    correct_lines(state)
    names = correct_names(state)
    correct_quotations(state, names)
    correct_utterances(state)
    _update_quoted_words(state)
    acts = set(filter_rows_by_values(state.read("speech_acts", None), "quotation_id", {row.target_id for row in rows})
               ["quotation_id"].to_pylist())
    kinds |= {row.line: "speech act" for row in rows if row.target_id in acts}
    state.tables["corrections"] = _tabulate_corrections(rows, kinds, state.outcomes)
    if problems := _list_correction_problems(state, rows, kinds):
        state.tables["problems"] = pa.concat_tables([state.table("problems"), make_table("problems", problems)])
    return state


def _sort_rows(state: State, rows: list[Correction]) -> dict[int, str]:
    """Put the rows with the kind of thing they are about, and refuse those of no form; the kinds, by line."""
    articles = state.find_articles(row.target_id for row in rows)
    kinds = {row.line: "article" if row.target_id in articles else guess_target_kind(row.target_id) for row in rows}
    for row in rows:
        state.rows.setdefault(kinds[row.line], []).append(row)
        try:
            check_correction_form(row, kinds[row.line])
        except Misfit as misfit:
            state.refuse(row, str(misfit))
    return kinds


# What follows for words -------------------------------------------------------------------------

def _update_quoted_words(state: State) -> None:
    """Say anew which words and names of changed articles stand between marks, and leave out dropped lines."""
    if not state.recut:
        return
    tokens = {}
    for row in state.read("tokens", state.recut).to_pylist():
        if not is_within_spans(row["start"], state.dropped.get(row["article_id"], [])):
            tokens.setdefault(row["article_id"], []).append(row)
    quoted: dict[str, list[tuple[int, int]]] = {}
    for name in CORRECTED_SPEECH_TABLES:
        for row in filter_rows_by_values(state.table(name), "article_id", state.recut).to_pylist():
            quoted.setdefault(row["article_id"], []).extend((s["start"], s["end"]) for s in row["quoted_spans"])
    mentions = filter_rows_by_values(state.table("mentions"), "article_id", state.recut).to_pylist()
    for article_id, words in tokens.items():
        _mark_words_in_quotations(words, quoted.get(article_id, []),
                                  [row for row in mentions if row["article_id"] == article_id])
    state.replace("mentions", "article_id", state.recut, mentions)
    state.stretches["tokens"] = (state.recut, make_table("tokens", (row for words in tokens.values() for row in words)))
    if state.dropped:
        sentences = state.read("sentences", state.recut).to_pylist()
        state.stretches["sentences"] = (state.recut, make_table("sentences", (
            row for row in sentences if not is_within_spans(row["start"], state.dropped.get(row["article_id"], [])))))


def _mark_words_in_quotations(words: list[dict], spans: list[tuple[int, int]], mentions: list[dict]) -> None:
    """Set `in_quotation` of an article's tokens, and of its mentions by their first token."""
    starts, ends = (np.array([word[name] for word in words]) for name in ("start", "end"))
    quoted = np.zeros(len(words), bool)
    for start, end in spans:
        first, last = np.searchsorted(ends, start, side="right"), np.searchsorted(starts, end, side="left")
        quoted[first:max(first, last)] = True
    for word, is_quoted in zip(words, quoted.tolist(), strict=True):
        word["in_quotation"] = is_quoted
    for mention in mentions:
        first = int(np.searchsorted(ends, mention["start"], side="right"))
        mention["in_quotation"] = first < len(words) and bool(quoted[first])


def _recount_terms(folder: Path, article_ids: set[str]) -> pa.Table:
    """The table `counts`, with the words of these articles counted again."""
    from samestory.count.terms import count_terms
    schema = TABLES["counts"].arrow
    counts = count_terms(folder, article_ids=sorted(article_ids))
    recounted = pa.Table.from_pandas(counts, schema=schema, preserve_index=False)
    kept = exclude_rows(pq.read_table(folder / "counts.parquet").cast(schema), "article_id", article_ids)
    return sort_table("counts", pa.concat_tables([kept, recounted]))


# What is told -----------------------------------------------------------------------------------

def _tabulate_corrections(rows: list[Correction], kinds: Mapping[int, str],
                          outcomes: Mapping[int, CorrectionOutcome]) -> pa.Table:
    return make_table("corrections", (
        {"line": row.line, "what": kinds[row.line], **{name: getattr(row, name) for name in CORRECTION_COLUMNS},
         "status": outcomes[row.line].status, "reason": outcomes[row.line].reason} for row in rows))


def _list_correction_problems(state: State, rows: list[Correction], kinds: Mapping[int, str]) -> list[dict]:
    """A row for each correction that does not fit or says nothing new, up to 200, and one for the others."""
    odd = [row for row in rows if state.outcomes[row.line].status in OUTCOME_SEVERITIES]
    articles = {row.line: _find_article(row, kinds[row.line]) for row in odd[:MAX_CORRECTION_PROBLEMS]}
    known = state.find_articles(filter(None, articles.values()))
    told = [{"article_id": articles[row.line] if articles[row.line] in known else None, "path": FILE, "step": "correct",
             "severity": OUTCOME_SEVERITIES[state.outcomes[row.line].status],
             "reason": f"line {row.line}: {state.outcomes[row.line].reason}"[:500]}
            for row in odd[:MAX_CORRECTION_PROBLEMS]]
    if len(odd) > MAX_CORRECTION_PROBLEMS:
        told.append({"path": FILE, "step": "correct", "severity": "warning", "reason":
                     f"{len(odd) - MAX_CORRECTION_PROBLEMS:,} more rows that do not fit or say nothing new; the table corrections"
                     " lists them"})
    return told


def _find_article(row: Correction, what: str) -> str | None:
    """The article that a row names."""
    found = (LINE_ID_PATTERN if what == "line" else SPAN_ID_PATTERN).fullmatch(row.target_id)
    return row.target_id if what == "article" else found["article_id"] if found and what != "utterance" else None


# Files ------------------------------------------------------------------------------------------

def _link_file(source: Path, target: Path) -> None:
    """The same file under another name, without a copy where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write_overlay_table(table: pa.Table, path: Path) -> None:
    """Write a table beside the file of its name, and put it in its place: that file is a raw table's too."""
    beside = path.with_name(f"{path.name}.new")
    pq.write_table(table, beside, compression="zstd")
    beside.replace(path)


def _write_large_table(name: str, article_ids: set[str], table: pa.Table, folder: Path) -> None:
    """Write a large table with the rows of `table` for some articles."""
    from samestory.base.sql import connect_duckdb, quote_sql
    path, beside = folder / f"{name}.parquet", folder / f"{name}.parquet.new"
    with connect_duckdb() as duck:
        duck.register("anew", table)
        duck.register("gone", pa.table({"article_id": pa.array(sorted(article_ids), pa.string())}))
        duck.execute(f"""
            COPY (SELECT * FROM {quote_sql(path)} WHERE article_id NOT IN (SELECT article_id FROM gone)
                  UNION ALL SELECT * FROM anew ORDER BY {TABLE_ROW_ORDER[name]})
            TO {quote_sql(beside)} (FORMAT parquet, COMPRESSION zstd)""")
    beside.replace(path)
