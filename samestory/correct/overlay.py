"""The overlay of corrections: a corpus's tables after corrections.csv, in addition to the raw ones.

The tables of annotation and linking are never changed. A second folder has the same tables: those that a correction
touches are rewritten, the others are links to the same files, and its subfolder `raw` has all of them as they were
found. Everything counted or matched from corrected rows is updated: entities, links, speakers, utterances, facts, word
counts, and which words are between quotation marks.

Rows are applied by kind: articles and lines first, then entities and mentions, then quotations and speech acts, then
utterances, then pairs of statements; rows about one target in the order of the file. So the order of rows about
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
from samestory.base.fields import FIELD_OF_TEXT, name_field
from samestory.base.schema import RAW_TABLES_FOLDER, TABLE_ROW_ORDER, TABLES, make_table
from samestory.base.sql import connect_duckdb, quote_sql
from samestory.cache.folder import open_unfinished, sweep_unfinished
from samestory.cache.seals import drop_damaged, is_whole, keep_folder
from samestory.clean.outlets import Outlets, known_outlets, read_outlets
from samestory.correct.allowed import (
    LINE_ID_PATTERN,
    SPAN_ID_PATTERN,
    CorrectionOutcome,
    Misfit,
    TableRow,
    check_correction_form,
    guess_target_kind,
)
from samestory.correct.articles import correct_articles, correct_lines, is_dropped_row
from samestory.correct.corrections import CORRECTION_COLUMNS, Correction, read_corrections
from samestory.correct.names import correct_names
from samestory.correct.pairs import correct_pairs
from samestory.correct.quotations import correct_quotations, correct_utterances
from samestory.correct.state import State, exclude_rows, filter_rows_by_values, sort_table
from samestory.correct.values import correct_values
from samestory.link.link import SPEECH_TABLES, read_roster
from samestory.read.corpus import CORRECTIONS_FILE, OUTLETS_FILE, ROSTER_FILE, Corpus
from samestory.story.openings import OPENING_INPUT_TABLES, OPENING_TABLES, tabulate_openings

MAX_CORRECTION_PROBLEMS = 200  # corrections of a file that get their own row in `problems`
OPENING_COMPARED_COLUMNS = {  # what openings depend on, as one value a row
    "articles": "article_id, counted::TEXT", "lines": "article_id, line || role",
    "sentences": "article_id, sentence || role",
    "quotations": "article_id, concat_ws('|', quotation_id, speaker_name, speaker_entity_id, speaker_side, anonymous,"
                  " confidence)"}
OUTCOME_SEVERITIES = {"unfit": "warning", "repeated": "note"}


def correct_folder(raw: Path, corpus: Corpus) -> Path:
    """The folder of a corpus's corrected tables, written if needed; `raw` itself if there are no corrections.

    Parameters
    ----------
    raw : the folder of the tables as they were found
    corpus : the corpus, for its corrections.csv, roster.csv and outlets.csv

    Raises
    ------
    SameStoryError
        If corrections.csv cannot be read; the message gives the line number.
    """
    from samestory.cache.locks import FileLock
    path = corpus.root / CORRECTIONS_FILE  # it may have been created since the corpus was found
    rows = read_corrections(path) if path.is_file() else []
    if not rows:
        return raw
    made_from = hashlib.sha256(repr((raw.name, digest_rooms("correct"), rows)).encode("utf-8", "surrogatepass"))
    folder = raw.parent.parent / "corrected" / made_from.hexdigest()[:24]
    if not is_whole(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not is_whole(folder):
                drop_damaged(folder)
                sweep_unfinished(folder.parent)
                write_corrected(raw, rows, folder, roster=read_roster(corpus.sidecar(ROSTER_FILE)),
                                outlets=read_outlets(corpus.sidecar(OUTLETS_FILE)))
    return folder


def write_corrected(raw: Path, rows: list[Correction], folder: Path, *, roster: Mapping[str, str] | None = None,
                    outlets: Outlets | None = None) -> None:
    """Write the corrected tables into `folder`, with links to the others; if this fails, `folder` is not created.

    Parameters
    ----------
    raw : the folder of the tables as they were found; not changed
    rows : the rows of corrections.csv
    folder : the folder to write, which must not exist
    roster, outlets : sides by name; the known outlets
    """
    with open_unfinished(folder.parent) as unfinished:
        (unfinished / RAW_TABLES_FOLDER).mkdir()
        for path in raw.glob("*.parquet"):
            _link_file(path, unfinished / path.name)
            _link_file(path, unfinished / RAW_TABLES_FOLDER / path.name)
        state = apply_corrections(raw, rows, roster=roster, outlets=outlets)
        for name, table in state.tables.items():
            _write_overlay_table(table, unfinished / f"{name}.parquet")
        for name, (article_ids, table) in state.stretches.items():
            _write_large_table(name, article_ids, table, unfinished)
        if counted := state.recounted | (state.recut if "tokens" in state.stretches else set()):
            _write_overlay_table(_recount_terms(unfinished, counted), unfinished / "counts.parquet")
        _write_openings_again(unfinished, {*state.tables, *state.stretches})
        keep_folder(unfinished, folder)


def apply_corrections(raw: Path, rows: list[Correction], *, roster: Mapping[str, str] | None = None,
                      outlets: Outlets | None = None) -> State:
    """Apply corrections to tables; a row that does not fit changes nothing and is listed.

    Parameters
    ----------
    raw : the folder of the tables as they were found; not changed
    rows : the rows of corrections.csv
    roster, outlets : sides by name; the known outlets

    Returns
    -------
    `tables` has the changed tables, including `corrections` and `problems`; for large tables, `stretches` has the
    rows of some articles. Word counts are left to the caller.
    """
    def read(name: str, article_ids: Iterable[str] | None) -> pa.Table:
        ids = None if article_ids is None else pa.array(sorted(article_ids), pa.string())
        wanted = None if ids is None else pc.field("article_id").isin(ids)
        return pq.read_table(raw / f"{name}.parquet", filters=wanted).cast(TABLES[name].arrow)

    state = State(read, dict(roster or {}), outlets or known_outlets())
    kinds = _sort_rows(state, rows)
    correct_articles(state)
    correct_lines(state)
    names = correct_names(state)
    correct_quotations(state, names)
    correct_utterances(state)
    correct_values(state)
    correct_pairs(state)
    _update_quoted_words(state)
    ids = {row.target_id for row in rows}
    acts = filter_rows_by_values(state.read("speech_acts", None), "quotation_id", ids)["quotation_id"].to_pylist()
    kinds |= {row.line: "speech act" for row in rows if row.target_id in set(acts)}
    state.tables["corrections"] = _tabulate_corrections(rows, kinds, state.outcomes)
    if problems := _list_correction_problems(state, rows, kinds):
        state.tables["problems"] = pa.concat_tables([state.table("problems"), make_table("problems", problems)])
    return state


def _sort_rows(state: State, rows: list[Correction]) -> dict[int, str]:
    """Sort the rows by kind of target, and refuse malformed ones; returns the kinds by line."""
    articles = state.find_articles(row.target_id for row in rows)
    kinds = {row.line: "article" if row.target_id in articles else guess_target_kind(row.target_id) for row in rows}
    for row in rows:
        state.rows.setdefault(kinds[row.line], []).append(row)
        try:
            check_correction_form(row, kinds[row.line])
        except Misfit as misfit:
            state.refuse(row, str(misfit))
    return kinds


# Words ------------------------------------------------------------------------------------------

def _update_quoted_words(state: State) -> None:
    """Update which words, names and values of changed articles are between quotation marks, without dropped lines."""
    if not state.recut:
        return
    tokens: dict[str, list[TableRow]] = {}
    for row in state.read("tokens", state.recut).to_pylist():
        if not is_dropped_row(row, state):
            tokens.setdefault(row["article_id"], []).append(row)
    quoted: dict[str, list[tuple[int, int]]] = {}
    for name in SPEECH_TABLES:
        for row in filter_rows_by_values(state.table(name), "article_id", state.recut).to_pylist():
            quoted.setdefault(row["article_id"], []).extend((s["start"], s["end"]) for s in row["quoted_spans"])
    marked = {name: filter_rows_by_values(state.table(name), "article_id", state.recut).to_pylist()
              for name in ("mentions", "values")}
    for article_id, words in tokens.items():
        _mark_words_in_quotations(words, quoted.get(article_id, []), [
            row for rows in marked.values() for row in rows if row["article_id"] == article_id])
    for name, rows in marked.items():
        state.replace(name, "article_id", state.recut, rows)
    state.stretches["tokens"] = (state.recut, make_table("tokens", (row for words in tokens.values() for row in words)))
    if state.dropped:
        for name, is_kept in (("sentences", False), ("statements", True)):  # pairs refer to statements of the text
            state.stretches[name] = (state.recut, make_table(name, (
                row for row in state.read(name, state.recut).to_pylist() if not is_dropped_row(row, state)
                or (is_kept and name_field(row["field"]) == FIELD_OF_TEXT))))


def _mark_words_in_quotations(words: list[TableRow], spans: list[tuple[int, int]], mentions: list[TableRow]) -> None:
    """Set `in_quotation` for the tokens of an article's text, and for its mentions and values by their first token."""
    words, mentions = ([row for row in rows if name_field(row["field"]) == FIELD_OF_TEXT] for rows in (words, mentions))
    starts, ends = (np.array([word[name] for word in words]) for name in ("start", "end"))
    quoted = np.zeros(len(words), bool)
    for start, end in spans:
        first, last = np.searchsorted(ends, start, side="right"), np.searchsorted(starts, end, side="left")
        quoted[first:max(first, last)] = True
    for word, is_quoted in zip(words, quoted.tolist(), strict=True):
        word["in_quotation"] = is_quoted
    for mention in mentions:
        token = int(np.searchsorted(ends, mention["start"], side="right"))
        mention["in_quotation"] = token < len(words) and bool(quoted[token])


def _write_openings_again(folder: Path, changed_tables: set[str]) -> None:
    """Describe the openings of articles again whose rows in other tables differ from the raw ones."""
    if not changed_tables & set(OPENING_INPUT_TABLES):
        return
    with connect_duckdb() as duck:
        pairs = [[f"SELECT {OPENING_COMPARED_COLUMNS[name]} FROM {quote_sql(place / f'{name}.parquet')}"
                  for place in (folder, folder / RAW_TABLES_FOLDER)] for name in OPENING_INPUT_TABLES]
        differing = " UNION ".join(f"({one} EXCEPT {other})" for pair in pairs for one, other in (pair, pair[::-1]))
        ids = {article_id for article_id, _ in duck.sql(differing).fetchall()}
    for name in OPENING_TABLES:
        parts = [tables[name] for tables in tabulate_openings(folder, ids)]
        _write_large_table(name, ids, pa.concat_tables([TABLES[name].arrow.empty_table(), *parts]), folder)


def _recount_terms(folder: Path, article_ids: set[str]) -> pa.Table:
    """The table `counts`, with the words of these articles recounted."""
    from samestory.count.terms import count_terms
    schema = TABLES["counts"].arrow
    counts = count_terms(folder, article_ids=sorted(article_ids))
    recounted = pa.Table.from_pandas(counts, schema=schema, preserve_index=False)
    kept = exclude_rows(pq.read_table(folder / "counts.parquet").cast(schema), "article_id", article_ids)
    return sort_table("counts", pa.concat_tables([kept, recounted]))


# Outcomes ---------------------------------------------------------------------------------------

def _tabulate_corrections(rows: list[Correction], kinds: Mapping[int, str],
                          outcomes: Mapping[int, CorrectionOutcome]) -> pa.Table:
    return make_table("corrections", (
        {"line": row.line, "what": kinds[row.line], **{name: getattr(row, name) for name in CORRECTION_COLUMNS},
         "status": outcomes[row.line].status, "reason": outcomes[row.line].reason} for row in rows))


def _list_correction_problems(state: State, rows: list[Correction], kinds: Mapping[int, str]) -> list[TableRow]:
    """A problem for each correction that does not fit or repeats another, up to 200, and one for the rest."""
    odd = [row for row in rows if state.outcomes[row.line].status in OUTCOME_SEVERITIES]
    articles = {row.line: _find_article(row, kinds[row.line]) for row in odd[:MAX_CORRECTION_PROBLEMS]}
    known = state.find_articles(filter(None, articles.values()))
    problems = [{"article_id": articles[row.line] if articles[row.line] in known else None, "path": CORRECTIONS_FILE,
                 "step": "correct", "severity": OUTCOME_SEVERITIES[state.outcomes[row.line].status],
                 "reason": f"line {row.line}: {state.outcomes[row.line].reason}"[:500]}
                for row in odd[:MAX_CORRECTION_PROBLEMS]]
    if len(odd) > MAX_CORRECTION_PROBLEMS:
        problems.append({"path": CORRECTIONS_FILE, "step": "correct", "severity": "warning", "reason":
                         f"{len(odd) - MAX_CORRECTION_PROBLEMS:,} more rows do not fit or repeat another row;"
                         " the table corrections lists them"})
    return problems


def _find_article(row: Correction, what: str) -> str | None:
    """The article that a row's target_id names."""
    found = (LINE_ID_PATTERN if what == "line" else SPAN_ID_PATTERN).fullmatch(row.target_id)
    is_of_two = what in ("utterance", "pair")
    return row.target_id if what == "article" else found["article_id"] if found and not is_of_two else None


# Files ------------------------------------------------------------------------------------------

def _link_file(source: Path, target: Path) -> None:
    """Hard-link a file under another name, or copy it if the disk has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write_overlay_table(table: pa.Table, path: Path) -> None:
    """Write a table to a new file that replaces the old one, which may be a hard link to a raw table."""
    written = path.with_name(f"{path.name}.new")
    pq.write_table(table, written, compression="zstd")
    written.replace(path)


def _write_large_table(name: str, article_ids: set[str], table: pa.Table, folder: Path) -> None:
    """Rewrite a large table, with the rows of `table` in place of those of some articles."""
    path, written = folder / f"{name}.parquet", folder / f"{name}.parquet.new"
    with connect_duckdb() as duck:
        duck.register("replaced", table)
        duck.register("gone", pa.table({"article_id": pa.array(sorted(article_ids), pa.string())}))
        duck.execute(f"""
            COPY (SELECT * FROM {quote_sql(path)} WHERE article_id NOT IN (SELECT article_id FROM gone)
                  UNION ALL SELECT * FROM replaced ORDER BY {TABLE_ROW_ORDER[name]})
            TO {quote_sql(written)} (FORMAT parquet, COMPRESSION zstd)""")
    written.replace(path)
