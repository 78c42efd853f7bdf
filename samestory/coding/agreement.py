"""Agreement of the coders on each question of a sheet, and the rows on which they differ.

Rows that were settled count as the coders answered them, since agreement is about the coders.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from samestory.coding.answers import COUNTED_NONE_ANSWER, SETTLED_CODER, Coding
from samestory.coding.tasks import (
    CODING_TASKS,
    SPEAKER_TASKS,
    WRONG_CODE,
    name_head,
    read_coding_answers,
    read_tasks,
)
from samestory.measure.agreement import measure_agreement

AGREEMENT_COLUMNS = ["question", "n_rows", "n_agreed", "alpha", "low", "high", "word", "n_articles"]
COUNT_TASKS = ("missed_statement", "missed_name")
COMPARED_ANSWER_COLUMNS = ["answer", "speaker", "in_marks"]


def measure_coder_agreement(coding: Coding) -> pd.DataFrame:
    """How far the coders agree on each question.

    One row per question that two coders answered. Columns: question, n_rows (with two answers or more), n_agreed,
    alpha (Krippendorff's; interval for numbers, else nominal) with low and high (95 %, articles drawn again), word,
    n_articles. Speakers and quotation marks are compared where all coders found a statement.

    Parameters
    ----------
    coding : the result of `read_coding`
    """
    rows = [{"question": name, **measure_agreement(answers, is_count=is_count)}
            for name, answers, is_count in _list_questions(coding)]
    frame = pd.DataFrame(rows, columns=AGREEMENT_COLUMNS)
    return frame[frame["n_rows"] > 0].reset_index(drop=True)


def _list_questions(coding: Coding) -> Iterator[tuple[str, pd.DataFrame, bool]]:
    """Each question's name and its answers as row, coder, answer, article_id; and whether they are numbers."""
    answers = coding.answers[coding.answers["coder"] != SETTLED_CODER]
    for task in CODING_TASKS:
        of_task = answers[answers["task"] == task]
        is_count = task in COUNT_TASKS
        values = of_task["answer"].astype("int64") if is_count else of_task["answer"]
        yield read_tasks()[task].heading, of_task.assign(answer=values), is_count
    said = answers[answers["task"].isin(SPEAKER_TASKS)]
    is_none = said["answer"].isin((WRONG_CODE, COUNTED_NONE_ANSWER))
    said = said[~said["row"].isin(said["row"][is_none])]
    for name in ("speaker", "in_marks"):
        yield name_head(name), said[said[name] != ""].assign(answer=said[name]), False


def list_disagreements(coding: Coding) -> pd.DataFrame:
    """The rows on which coders differ and which nobody has settled.

    One row per row of the sheet. Columns: sheet_row, task, answers (of each coder, as the sheet writes them), notes,
    article_id, field, start.

    Parameters
    ----------
    coding : the result of `read_coding`
    """
    settled = set(coding.answers["row"][coding.answers["coder"] == SETTLED_CODER])
    answers = coding.answers[~coding.answers["row"].isin(settled)]
    differs = answers.groupby("row")[COMPARED_ANSWER_COLUMNS].nunique().gt(1).any(axis=1)
    rows = []
    for row, group in answers[answers["row"].isin(differs.index[differs])].groupby("row"):
        first = group.iloc[0]
        notes = "; ".join(f"{note.coder}: {note.note}" for note in group.itertuples() if note.note)
        rows.append((row, read_tasks()[first["task"]].heading, "; ".join(map(describe_answer, group.itertuples())),
                     notes, first["article_id"], first["field"], first["start"]))
    return pd.DataFrame(rows, columns=["sheet_row", "task", "answers", "notes", "article_id", "field", "start"])


def describe_answer(answer: Any) -> str:
    """A coder's answer in the words of the sheet: `coder 1: yes, Ann Lee, all of it`."""
    shown = {code: name for name, code in read_tasks()[answer.task].answers.items()}
    speakers, marks = ({code: name for name, code in read_coding_answers(name_of).items()}
                       for name_of in ("speaker", "in_marks"))
    parts = (shown.get(answer.answer, ""), speakers.get(answer.speaker, answer.speaker),
             marks.get(answer.in_marks, ""))
    return f"{answer.coder}: {', '.join(filter(None, parts))}"
