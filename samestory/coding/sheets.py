"""Coding sheets: the files that a person fills in, the key with what the program found, and a page of instructions.

A sheet is written twice, as a workbook with lists to choose from and as CSV; both have the same rows and columns. The
key has for each row its place in the corpus, a digest of the text, its stratum and probability, and what the program
found. No cell is a formula, whatever an article contains.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from samestory import __version__
from samestory.base.errors import SameStoryError
from samestory.coding.contexts import find_contexts, list_speaker_choices
from samestory.coding.sample import draw_sample, put_surest_first
from samestory.coding.tasks import SPEAKER_TASKS, name_head, read_coding_answers, read_instructions, read_tasks
from samestory.coding.units import digest_units, list_units
from samestory.coding.workbook import CASES_TAB, INSTRUCTIONS_TAB, write_sheet_workbook
from samestory.read.corpus import Corpus, find_corpus
from samestory.show.csv_text import write_csv
from samestory.tables.tables import Tables, load_tables

SHEET_COLUMNS = ["sentence", "question", "answer", "speaker", "in_marks", "note", "before", "after", "row", "task",
                 "coder"]  # what is read and filled in side by side, then what may be needed; names are the contract
CODED_COLUMNS = ("answer", "speaker", "in_marks", "note")  # those that a coder fills in
KEY_COLUMNS = ["row", "task", "target_id", "article_id", "outlet", "field", "start", "end", "text_sha256",
               "other_article_id", "other_text_sha256", "stratum", "stratum_size", "stratum_drawn", "probability",
               "found_answer", "found_speaker", "found_in_marks", "speaker_choices", "seed", "found_digest", "version"]
MAX_CODERS = 9
KEY_SUFFIX, INSTRUCTIONS_SUFFIX = ".key.csv", ".csv-instructions.md"
MINUTES_PER_ROW = (0.6, 0.75)  # as somebody who coded for the first time judged 100 rows


def write_sheets(corpus: str | Path | Corpus, out: str | Path, *, n: int = 100, coders: int = 2, seed: int = 1,
                 subjects: Sequence[str] = (), tables: Tables | None = None) -> list[Path]:
    """Draw a sample of a corpus and write a coding sheet for each coder, the key, and the instructions.

    Parameters
    ----------
    corpus : folder, file or glob of articles
    out : the sheet, such as ``sheet.xlsx``; from two coders on ``sheet.coder1.xlsx`` and so on
    n, seed, subjects : of the sample, as for `draw_sample`
    coders : how many people code the same rows; 1 to 9
    tables : the corpus's tables, if they are loaded already

    Returns
    -------
    The files written: a workbook and a CSV for each coder, the key, the instructions.

    Raises
    ------
    SameStoryError
        If a file exists already, would be in the folder of the articles, or the sample cannot be drawn.
    """
    if not 1 <= coders <= MAX_CODERS:
        raise SameStoryError(f"expected 1 to {MAX_CODERS} coders, found {coders}")
    found = corpus if isinstance(corpus, Corpus) else find_corpus(corpus)
    stem = _check_sheet_place(Path(out).expanduser(), found.root)
    sheets = [stem.with_name(f"{stem.name}.coder{i}" if coders > 1 else stem.name) for i in range(1, coders + 1)]
    paths = [Path(f"{sheet}{ending}") for sheet in sheets for ending in (".xlsx", ".csv")]
    paths += [Path(f"{stem}{KEY_SUFFIX}"), Path(f"{stem}{INSTRUCTIONS_SUFFIX}")]
    if there := [path for path in paths if path.exists()]:
        raise SameStoryError(f"{str(there[0])!r} exists already and may be coded: choose another name for --out")
    tables = tables or load_tables(found)
    units = list_units(tables)
    drawn = put_surest_first(draw_sample(units, n=n, seed=seed, subjects=subjects), tables.raw.quotations)
    key = make_key(tables, drawn, seed=seed, found_digest=digest_units(units))
    choices = list_speaker_choices(tables, key["article_id"])
    key["speaker_choices"] = [choices[row.article_id] if row.task in SPEAKER_TASKS else [] for row in key.itertuples()]
    _write_sheet_files(make_sheet(tables, key), key, sheets, stem)
    return paths


def make_key(tables: Tables, rows: pd.DataFrame, *, seed: int, found_digest: str) -> pd.DataFrame:
    """The key of a sample: one row per row of the sheet, with the columns `KEY_COLUMNS` but for speaker_choices."""
    digests = tables.raw.articles.set_index("article_id")["sha256"]
    others = [_name_other_article(row.target_id) if row.task == "pair" else "" for row in rows.itertuples()]
    marks = [hashlib.sha256(f"{found_digest} {seed} {row.task} {row.target_id}".encode("utf-8", "surrogatepass"))
             .hexdigest()[:4] for row in rows.itertuples()]
    key = rows.assign(
        row=[f"R{number:03d}-{mark}" for number, mark in enumerate(marks, start=1)],
        text_sha256=rows["article_id"].map(digests), other_article_id=others,
        other_text_sha256=[digests.get(other, "") for other in others], seed=seed, found_digest=found_digest,
        version=__version__)
    return key.reindex(columns=KEY_COLUMNS).astype(object).fillna("")


def _name_other_article(pair_id: str) -> str:
    """The article of a pair's second statement."""
    return pair_id.split("+", 1)[1].rsplit("/s", 1)[0]


def make_sheet(tables: Tables, key: pd.DataFrame) -> pd.DataFrame:
    """The sheet as its coders get it: one row per row of the key, with the columns `SHEET_COLUMNS`.

    The question of a task's first row has the rule of the task, too.
    """
    tasks, begins = read_tasks(), ~key["task"].duplicated()
    questions = [f"{tasks[name].question}\n\n{tasks[name].rule}" if is_first else tasks[name].question
                 for name, is_first in zip(key["task"], begins, strict=True)]
    contexts = pd.DataFrame(find_contexts(tables, key), columns=["before", "sentence", "after"])
    sheet = contexts.assign(row=key["row"].to_list(), task=[tasks[name].heading for name in key["task"]],
                            question=questions)
    return sheet.reindex(columns=SHEET_COLUMNS).astype(object).fillna("")


def _check_sheet_place(out: Path, corpus_folder: Path) -> Path:
    """The path of the sheet without its ending."""
    folder = out.parent.resolve()
    if folder.is_relative_to(corpus_folder.resolve()):
        raise SameStoryError(f"{str(out)!r} is in the folder of the articles, where it would be read as articles:"
                             " choose another place for --out")
    if not folder.is_dir():
        raise SameStoryError(f"no folder {str(folder)!r} to write a sheet into: make it first, or choose another")
    return out.with_suffix("") if out.suffix.lower() in (".xlsx", ".csv") else out


def _write_sheet_files(sheet: pd.DataFrame, key: pd.DataFrame, sheets: list[Path], stem: Path) -> None:
    try:
        for number, path in enumerate(sheets, start=1):
            coded = sheet.assign(coder=f"coder {number}")
            write_csv(coded.rename(columns=name_head), Path(f"{path}.csv"))
            write_sheet_book(coded, key, Path(f"{path}.xlsx"))
        write_csv(key, Path(f"{stem}{KEY_SUFFIX}"))
        Path(f"{stem}{INSTRUCTIONS_SUFFIX}").write_text(format_instructions(key), "utf-8")
    except OSError as error:
        raise SameStoryError(f"cannot write the sheet at {str(stem)!r}: {error.strerror}") from error


def write_sheet_book(sheet: pd.DataFrame, key: pd.DataFrame, path: Path) -> None:
    """Write a sheet as a workbook that needs no other file: how to begin, the rows with lists, hard cases.

    Parameters
    ----------
    sheet, key : the rows, and their key
    path : the file
    """
    tasks = read_tasks()
    hard = [{"heading": f"{tasks[row['part']].heading}: {row['heading'].lower()}" if row["part"] in tasks else
             row["heading"], "text": row["text"]} for row in read_instructions(["all", *key["task"].unique()])]
    write_sheet_workbook(sheet, list_row_choices(key), [tasks[name].rule for name in key["task"]],
                         {INSTRUCTIONS_TAB: list_beginning(len(key)), CASES_TAB: hard}, path)


def list_beginning(n_rows: int) -> list[dict[str, str]]:
    """The paragraphs on how to begin with a sheet of so many rows."""
    low, high = (max(5, 5 * round(n_rows * minutes / 5)) for minutes in MINUTES_PER_ROW)
    return [row | {"text": row["text"].format(rows=f"{n_rows:,}", low=low, high=max(high, low + 5))}
            for row in read_instructions(["begin"])]


def format_instructions(key: pd.DataFrame) -> str:
    """The instructions as Markdown, with rules and answers, for those who code in the CSV file, which has no lists."""
    tasks = read_tasks()
    parts = [_format_paragraphs([*read_instructions(["csv"]), *list_beginning(len(key)), *read_instructions(["all"])])]
    for name in key["task"].unique():
        asked = [("answer", list(tasks[name].answers))]
        asked += [(column, list(read_coding_answers(column))) for column in ("speaker", "in_marks")
                  if name in SPEAKER_TASKS]
        answers = "".join(f"- {name_head(column)}: {'; '.join(choices)}\n" for column, choices in asked)
        parts.append(f"## {tasks[name].heading}\n\n{tasks[name].question}\n\n{tasks[name].rule}\n\n{answers}\n"
                     f"{_format_paragraphs(read_instructions([name]))}")
    return f"# Coding in the CSV file\n\n{''.join(parts)}"


def _format_paragraphs(rows: Sequence[dict[str, str]]) -> str:
    return "".join(f"**{row['heading']}.** " + row["text"].replace("\n", "\n\n") + "\n\n" for row in rows)


def list_row_choices(key: pd.DataFrame) -> list[dict[str, list[str]]]:
    """The answers to choose from in each row, by column; a column without a list is not asked for."""
    tasks, in_marks = read_tasks(), list(read_coding_answers("in_marks"))
    choices: list[dict[str, Any]] = []
    for row in key.itertuples():
        asked = {"answer": list(tasks[row.task].answers)}
        choices.append(asked | ({"speaker": list(row.speaker_choices), "in_marks": in_marks}
                                if row.task in SPEAKER_TASKS else {}))
    return choices
