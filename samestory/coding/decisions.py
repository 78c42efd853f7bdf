"""Decisions: rows on which coders differ become a sheet to settle them on, decided rows become corrections.

A row is decided if it was settled, or if all its coders gave one answer. Its correction has the form of corrections.csv
(`samestory.correct`): what is wrong is removed or changed, what is right is recorded as checked. What was missed has
no place in the sheet, and a name's exact kind may not follow from the answer; such rows become no corrections.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from samestory.base.errors import SameStoryError
from samestory.coding.agreement import describe_answer, list_disagreements
from samestory.coding.answers import SETTLED_CODER, Coding
from samestory.coding.sheets import make_sheet, write_sheet_book
from samestory.coding.tasks import NOBODY_CODE, OTHER_SPEAKER_CODE, RIGHT_CODE, WRONG_CODE
from samestory.coding.verdicts import SAME_PAIR_CODES
from samestory.correct.corrections import CORRECTION_COLUMNS, add_correction, read_corrections
from samestory.read.corpus import CORRECTIONS_FILE, Corpus, find_corpus
from samestory.tables.tables import Tables

DECISION_REASON = "coded by {coders} (row {row})"
DECIDED_NAME_LABELS = ("PERSON", "ORG")  # codes that are a label; a place may be of three


def write_settling_sheet(tables: Tables, coding: Coding, out: str | Path) -> Path:
    """Write the rows on which coders differ as a sheet, with their answers in the column note.

    Its coder is `settled`; filled in and read with the others, its answers count instead of theirs.

    Parameters
    ----------
    tables : the corpus's tables
    coding : the result of `read_coding`
    out : the workbook to write

    Raises
    ------
    SameStoryError
        If nothing is to be settled, or the file exists already.
    """
    disputed = list_disagreements(coding).set_index("sheet_row")["answers"]
    path = Path(out).expanduser().with_suffix(".xlsx")
    if disputed.empty:
        raise SameStoryError("nothing to settle: the coders agree, or all rows on which they differ are settled")
    if path.exists():
        raise SameStoryError(f"{str(path)!r} exists already, and may be filled in: choose another name")
    key = coding.key[coding.key["row"].isin(disputed.index)].reset_index(drop=True)
    sheet = make_sheet(tables, key).assign(coder=SETTLED_CODER, note=key["row"].map(disputed).to_list())
    write_sheet_book(sheet, key, path)
    return path


def list_coded_corrections(tables: Tables, coding: Coding) -> pd.DataFrame:
    """The corrections that follow from decided rows, in the form of corrections.csv.

    One row per correction. Columns: target_id, operation, field, old, new, who, why.

    Parameters
    ----------
    tables : the corpus's tables
    coding : the result of `read_coding`
    """
    speakers = tables.raw.quotations.set_index("quotation_id")["speaker_name"].to_dict()
    labels = tables.raw.mentions.set_index("mention_id")["label"].to_dict()
    rows = [correction for row in _list_decided(coding)
            for correction in _list_row_corrections(row, speakers, labels)]
    return pd.DataFrame(rows, columns=list(CORRECTION_COLUMNS))


def add_coded_corrections(corpus: str | Path | Corpus, tables: Tables, coding: Coding) -> int:
    """Append the corrections that follow to the corpus's corrections.csv; those that are in it are left out.

    Parameters
    ----------
    corpus : the corpus, or its path
    tables, coding : as for `list_coded_corrections`

    Returns
    -------
    The number of rows added.
    """
    found = corpus if isinstance(corpus, Corpus) else find_corpus(corpus)
    path = found.root / CORRECTIONS_FILE
    there = {row[1:6] for row in read_corrections(path)} if path.is_file() else set()
    rows = [row for row in list_coded_corrections(tables, coding).itertuples(index=False, name=None)
            if row[:5] not in there]
    for row in rows:
        add_correction(found, **dict(zip(CORRECTION_COLUMNS, row, strict=True)))
    return len(rows)


def _list_decided(coding: Coding) -> Iterator[Any]:
    """One answer of each decided row, with its coders in `coder`."""
    for _, group in coding.answers.groupby("row", sort=False):
        settled = group[group["coder"] == SETTLED_CODER]
        kept = settled if len(settled) else group
        if (kept[["answer", "speaker", "in_marks"]].nunique() == 1).all():
            first = kept.assign(coder=" and ".join(sorted(group["coder"])))
            yield next(first.itertuples())


def _list_row_corrections(row: Any, speakers: dict[str, Any], labels: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The corrections that follow from one answer."""
    why = DECISION_REASON.format(coders=row.coder, row=row.row)
    if row.task in ("statement", "name") and row.answer == WRONG_CODE:
        yield (row.target_id, "remove", "", "", "", row.coder, why)
    elif row.task == "statement" and row.answer == RIGHT_CODE:
        changes = [*_list_statement_changes(row, speakers.get(row.target_id))] or [("", "", "")]
        yield from ((row.target_id, "change", *change, row.coder, why) for change in changes)
    elif row.task == "name" and row.answer == row.found_answer:
        yield (row.target_id, "change", "", "", "", row.coder, why)
    elif row.task == "name" and row.answer in DECIDED_NAME_LABELS:
        yield (row.target_id, "change", "label", str(labels.get(row.target_id, "")), row.answer, row.coder, why)
    elif row.task == "pair" and row.answer in (*SAME_PAIR_CODES, WRONG_CODE):
        status = "refused" if row.answer == WRONG_CODE else "confirmed"
        yield (row.target_id, "change", "status", "sure" if row.found_answer else "candidate", status, row.coder, why)


def _list_statement_changes(row: Any, speaker: Any) -> Iterator[tuple[str, str, str]]:
    """Field, old and new value of what is wrong about a statement."""
    found = row.found_speaker or NOBODY_CODE
    if row.speaker not in ("", OTHER_SPEAKER_CODE, found):
        old = speaker if isinstance(speaker, str) else ""
        yield ("speaker_name", old, "" if row.speaker == NOBODY_CODE else row.speaker)
    if row.in_marks not in ("", row.found_in_marks):
        yield ("kind", row.found_in_marks, row.in_marks)


def list_decisions(coding: Coding) -> pd.DataFrame:
    """What was decided about each row, next to what the program found: the result of an exercise.

    One row per decided row on which the program is wrong. Columns: sheet_row, answers, found (by the program),
    article_id, field, start.

    Parameters
    ----------
    coding : the result of `read_coding`
    """
    listed = [(row.row, describe_answer(row), describe_answer(_make_found(row)).removeprefix(f"{row.coder}: "),
               row.article_id, row.field, row.start) for row in _list_decided(coding) if _is_wrong(row)]
    return pd.DataFrame(listed, columns=["sheet_row", "answers", "found", "article_id", "field", "start"])


def _make_found(row: Any) -> Any:
    """The row as the program would answer it."""
    found = row.found_speaker or (NOBODY_CODE if row.task == "statement" else "")
    return row._replace(answer=row.found_answer, speaker=found, in_marks=row.found_in_marks)


def _is_wrong(row: Any) -> bool:
    """Whether the program's answer is another one."""
    if row.task == "pair" and not row.found_answer:
        return False
    found = _make_found(row)
    is_said = row.task == "statement" and row.answer == RIGHT_CODE
    return bool(row.answer != found.answer or (is_said and (
        row.speaker not in ("", found.speaker) or row.in_marks not in ("", found.in_marks))))
