"""Answers: coding sheets as people send them back, read against the key, with every odd row reported.

Sheets may have been sorted, saved by another program, as a workbook or as CSV with other separators and encodings, and
rows may be missing. Nothing is guessed: an answer that is not in its list, a row that is in two sheets of one coder
with two answers, or a row about a text that has changed is not counted, and is a row of `problems`.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from samestory.base.errors import SameStoryError
from samestory.coding.contexts import fold_speaker
from samestory.coding.key import find_key_file, read_key
from samestory.coding.sheet_rows import SheetRow, read_sheet_rows
from samestory.coding.sheets import KEY_COLUMNS
from samestory.coding.tasks import (
    CUT_CODE,
    RIGHT_CODE,
    SPEAKER_TASKS,
    UNCLEAR_CODE,
    name_head,
    read_coding_answers,
    read_tasks,
)
from samestory.coding.units import UNIT_COLUMNS, digest_units, list_units
from samestory.tables.tables import Tables

SETTLED_CODER = "settled"  # the coder of a sheet in which disagreements were settled
ANSWER_COLUMNS = ["row", "coder", "answer", "speaker", "in_marks", "note"]
CODING_PROBLEM_COLUMNS = ["sheet", "line", "row", "reason"]
COUNTED_NONE_ANSWER = "0"


@dataclass(frozen=True)
class Coding:
    """What people decided on a sample.

    `answers` has one row per coded row and coder (row, coder, answer, speaker and in_marks as codes, note, and the
    columns of the key), `problems` one row per odd thing (sheet, line, row, reason), `key` one row per drawn row.
    `found` has the statements that were found in the corpus, of which those coded are a sample; no rows without the
    corpus's tables, or if other statements are found now than when the sheet was drawn.
    """

    answers: pd.DataFrame
    problems: pd.DataFrame
    key: pd.DataFrame
    found: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=UNIT_COLUMNS))

    @property
    def coders(self) -> list[str]:
        """The coders with an answer, without the settled ones."""
        return sorted(set(self.answers["coder"]) - {SETTLED_CODER})


def read_coding(sheets: Sequence[str | Path], *, key: str | Path = "", tables: Tables | None = None) -> Coding:
    """Read filled-in sheets, their key, and what is odd about them.

    Parameters
    ----------
    sheets : the workbooks or CSV files, one or more per coder, in any order
    key : the key of the sample; by default the file next to the first sheet whose name ends in ``.key.csv``
    tables : the corpus's tables; rows about an article that has changed since are then not counted

    Raises
    ------
    SameStoryError
        If there is no sheet, or a file cannot be read or is no sheet or key.
    """
    if not sheets:
        raise SameStoryError("no sheet given: expected the coded sheets, such as sheet.coder1.xlsx")
    paths = [Path(sheet).expanduser() for sheet in sheets]
    if missing := [path for path in paths if not path.is_file()]:
        raise SameStoryError(f"no file {str(missing[0])!r}: expected the coded sheets, such as sheet.coder1.xlsx")
    rows = read_key(Path(key).expanduser() if key else find_key_file(paths[0]))
    found, problems = _collect_rows(paths, rows)
    answers, more = _read_answers(found, rows)
    frame = pd.DataFrame(answers, columns=ANSWER_COLUMNS).merge(rows, on="row", how="left")
    listed = pd.DataFrame([*problems, *more], columns=CODING_PROBLEM_COLUMNS)
    coding = Coding(frame, listed, rows)
    return coding if tables is None else _find_statements(check_coded_texts(coding, tables), tables)


def load_coding(tables: Tables, sheets: Sequence[str | Path], *, key: str | Path = "") -> Coding:
    """`read_coding` for a notebook: without sheets, a coding without answers.

    Parameters
    ----------
    tables : the corpus's tables
    sheets, key : as for `read_coding`
    """
    if sheets:
        return read_coding(sheets, key=key, tables=tables)
    empty = pd.DataFrame(columns=KEY_COLUMNS)
    answers = pd.DataFrame(columns=[*ANSWER_COLUMNS, *KEY_COLUMNS[1:]])
    return Coding(answers, pd.DataFrame(columns=CODING_PROBLEM_COLUMNS), empty)


def _find_statements(coding: Coding, tables: Tables) -> Coding:
    """The coding with the statements found in the corpus, or with a problem if they are others than then."""
    units = list_units(tables)
    if digest_units(units) == coding.key["found_digest"].iloc[0]:
        return replace(coding, found=units[units["task"] == "statement"])
    reason = ("shares are not corrected: version " + str(coding.key["version"].iloc[0]) + ", by which the sheet was"
              " drawn, found other things in these articles than are found now; draw a new sheet to correct shares")
    problem = pd.DataFrame([("", 0, "", reason)], columns=CODING_PROBLEM_COLUMNS)
    return replace(coding, problems=pd.concat([problem, coding.problems], ignore_index=True))


def check_coded_texts(coding: Coding, tables: Tables) -> Coding:
    """The coding without the rows about articles that have changed or are missing, which become problems."""
    digests = tables.raw.articles.set_index("article_id")["sha256"].to_dict()
    reasons = {row.row: reason for row in coding.key.itertuples() if (reason := _explain_change(row, digests))}
    if not reasons:
        return coding
    problems = pd.DataFrame([("", 0, row, reason) for row, reason in reasons.items()], columns=CODING_PROBLEM_COLUMNS)
    answers = coding.answers[~coding.answers["row"].isin(reasons)].reset_index(drop=True)
    return replace(coding, answers=answers, problems=pd.concat([coding.problems, problems], ignore_index=True))


def _explain_change(row: Any, digests: Mapping[str, str]) -> str:
    for article_id, digest in ((row.article_id, row.text_sha256), (row.other_article_id, row.other_text_sha256)):
        if article_id and article_id not in digests:
            return f"not counted: the corpus has no article {article_id!r}; expected the corpus of the sheet"
        if article_id and digests[article_id] != digest:
            return (f"not counted: the text of {article_id!r} is another one than when the sheet was drawn; draw a new"
                    " sheet, or restore the text")
    return ""


# Rows ---------------------------------------------------------------------------------------------

def _collect_rows(paths: Iterable[Path], key: pd.DataFrame) -> tuple[dict[tuple[str, str], list[SheetRow]], list[Any]]:
    """The rows of all sheets by coder and row, and the problems of rows that belong to none."""
    known, problems = set(key["row"]), []
    found: dict[tuple[str, str], list[SheetRow]] = {}
    coders: dict[str, set[str]] = {}
    for path in paths:
        rows = read_sheet_rows(path)
        for row in rows:
            if row.row not in known:
                problems.append((row.sheet, row.line, row.row, "not counted: the key has no such row; expected a row of"
                                 " this sample, with its name as it was"))
            elif not row.coder:
                problems.append((row.sheet, row.line, row.row, "not counted: the cell coder is empty; expected who"
                                 " answered, such as coder 1"))
            else:
                found.setdefault((row.coder, row.row), []).append(row)
                coders.setdefault(row.coder, set()).add(row.row)
    for coder, rows_of_coder in sorted(coders.items()):
        if coder != SETTLED_CODER:
            problems += [("", 0, row, f"not answered: the row is missing in the sheets of {coder}")
                         for row in key["row"] if row not in rows_of_coder]
    return found, problems


def _read_answers(found: Mapping[tuple[str, str], list[SheetRow]], key: pd.DataFrame) -> tuple[list[Any], list[Any]]:
    """The answers, one per coder and row, and the problems met."""
    answers, problems = [], []
    asked = {row.row: row for row in key.itertuples()}
    for (coder, name), every in found.items():
        rows = [row for row in every if any(row.cells.values())] or every  # work may be split over sheets
        first = rows[0]
        if any(other.cells != first.cells for other in rows[1:]):
            problems += [(row.sheet, row.line, name, f"not counted: {coder} answered this row {len(rows)} times, and"
                          " differently; keep one of the answers") for row in rows]
            continue
        reading = _read_coded_row(first, asked[name])
        problems += [(first.sheet, first.line, name, reason) for reason in reading.reasons]
        if reading.answer:
            answers.append((name, coder, reading.answer, reading.speaker, reading.in_marks, first.cells["note"]))
    return answers, problems


@dataclass
class _Reading:
    """The codes read from a row, and what was odd."""

    answer: str = ""
    speaker: str = ""
    in_marks: str = ""
    reasons: tuple[str, ...] = ()


def _read_coded_row(row: SheetRow, asked: Any) -> _Reading:
    """The codes of a row's answers; no answer if it is none of its list, or unclear."""
    answer, reason = read_choice(row.cells["answer"], read_tasks()[asked.task].answers, "answer")
    if reason or not answer or answer == UNCLEAR_CODE:
        left = "not answered: the cell answer is empty" if not answer else "not counted: the answer is unclear"
        return _Reading(reasons=(f"not counted: {reason}" if reason else left,))
    has_more = asked.task in SPEAKER_TASKS and answer not in ("wrong", COUNTED_NONE_ANSWER)
    if not has_more:
        filled = [name for name in ("speaker", "in_marks") if row.cells[name]]
        return _Reading(answer, reasons=tuple(f"not used: {name_head(name)} is filled in, though the answer is"
                                              f" {row.cells['answer']!r}" for name in filled))
    names = read_coding_answers("speaker")
    speaker, no_speaker = read_choice(row.cells["speaker"],
                                      {name: names.get(name, name) for name in asked.speaker_choices}, "speaker")
    marks, no_marks = read_choice(row.cells["in_marks"], read_coding_answers("in_marks"),
                                  name_head("in_marks"))
    empty = [f"{name_head(name)} is empty" for name in ("speaker", "in_marks") if not row.cells[name]]
    reasons = tuple(f"counted without it: {reason}" for reason in (no_speaker, no_marks, *empty) if reason)
    is_found = bool(speaker) and fold_speaker(speaker) == fold_speaker(asked.found_speaker)  # a list has one spelling
    return _Reading(answer, asked.found_speaker if is_found else speaker, marks, reasons)


def read_choice(cell: str, choices: Mapping[str, str], column: str) -> tuple[str, str]:
    """The code of a cell's answer, and the reason if it is none of the list; neither for an empty cell.

    Case, blanks and the form of numbers do not matter.

    >>> read_choice(" Yes ", {"yes": "right", "no": "wrong"}, "answer")
    ('right', '')
    >>> read_choice("1,0", {"0": "0", "1": "1"}, "answer")
    ('1', '')
    >>> read_choice("yse", {"yes": "right", "no": "wrong"}, "answer")[1]
    "answer is 'yse': expected yes or no; did you mean 'yes'?"
    """
    folded = {_fold_answer(choice): code for choice, code in choices.items()}
    said = _fold_answer(cell)
    if not said or said in folded:
        return folded.get(said, ""), ""
    with_word = [choice for choice in folded if said in choice.split()]  # a surname alone
    nearest = get_close_matches(said, folded, n=1, cutoff=0.6) or (with_word if len(with_word) == 1 else [])
    hint = next((f"; did you mean {choice!r}?" for choice in choices if nearest and _fold_answer(choice) == nearest[0]),
                "")
    expected = " or ".join(choices) if len(choices) < 9 else "a name of its list"
    return "", f"{column} is {cell[:80]!r}: expected {expected}{hint}"


def _fold_answer(cell: str) -> str:
    """An answer in lower case, with single blanks; a whole number without decimals."""
    text = " ".join(unicodedata.normalize("NFKC", cell).casefold().split())
    whole, mark, decimals = text.replace(",", ".").partition(".")
    return whole if mark and whole.isdecimal() and decimals.strip("0") == "" else text


def is_statement_answer(code: str) -> bool:
    """Whether an answer says that a found passage is a statement, cut rightly or not."""
    return code in (RIGHT_CODE, CUT_CODE)
