"""Answers of coders, made up: what `read_coding` gives, without files."""

import pandas as pd

from samestory.coding.answers import ANSWER_COLUMNS, CODING_PROBLEM_COLUMNS, Coding
from samestory.coding.sheets import KEY_COLUMNS

CodedRow = tuple[str, str, str, str]  # row, answer, speaker, in_marks


def make_coding(coders: dict[str, dict[str, list[CodedRow]]], *, size: int = 100) -> Coding:
    """The coding of some rows by coder and task; every task is one stratum of `size` units, each row an article."""
    rows = [(task, *row, coder) for coder, tasks in coders.items() for task, listed in tasks.items() for row in listed]
    answers = pd.DataFrame(rows, columns=["task", "row", "answer", "speaker", "in_marks", "coder"]).assign(note="")
    key = answers[["row", "task"]].drop_duplicates("row", ignore_index=True)
    key = key.assign(stratum="all " + key["task"], stratum_size=size, target_id="t" + key["row"],
                     article_id="a" + key["row"], outlet="CNN", field="text", start=0, end=9,
                     stratum_drawn=key.groupby("task")["row"].transform("size"))
    key = key.reindex(columns=KEY_COLUMNS)
    return Coding(answers[ANSWER_COLUMNS].merge(key, on="row"), pd.DataFrame(columns=CODING_PROBLEM_COLUMNS), key)
