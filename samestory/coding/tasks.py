"""Tasks: the questions that a coding sheet asks, and the answers to choose from, in the language in use.

The words are in data/<language>/coding_questions.csv, coding_answers.csv and coding_instructions.csv; each answer has
a code that does not depend on the language.
"""

from collections.abc import Collection
from dataclasses import dataclass

from samestory.base.language import cache_by_language, read_language_rows

CODING_TASKS = ("statement", "missed_statement", "pair", "name", "missed_name")  # in the order of the sheet
CODING_SUBJECTS = {"statements": ("statement", "missed_statement"), "pairs": ("pair",),
                   "names": ("name", "missed_name")}
SPEAKER_TASKS = ("statement", "missed_statement")  # they also ask for the speaker and for quotation marks
UNCLEAR_CODE, CUT_CODE, WRONG_CODE, RIGHT_CODE = "unclear", "cut", "wrong", "right"
NOBODY_CODE, OTHER_SPEAKER_CODE = "nobody", "other"
COLUMN_HEADS = {"in_marks": "in quotes"}  # what a coder reads, where it is not the name of the column


@dataclass(frozen=True)
class CodingTask:
    """A question of the sheet: its heading, its words, its rule, and its answers (as shown) with their codes."""

    name: str
    heading: str
    question: str
    rule: str
    answers: dict[str, str]


@cache_by_language
def read_tasks() -> dict[str, CodingTask]:
    """The tasks by name, in the order of the sheet.

    >>> read_tasks()["statement"].answers
    {'yes': 'right', 'yes, but wrongly cut': 'cut', 'no': 'wrong', 'unclear': 'unclear'}
    """
    rows = {row["task"]: row for row in read_language_rows("coding_questions")}
    return {name: CodingTask(name, rows[name]["heading"], rows[name]["question"], rows[name]["rule"],
                             read_coding_answers(name)) for name in CODING_TASKS}


def read_instructions(parts: Collection[str]) -> list[dict[str, str]]:
    """The paragraphs of these parts of the instructions, in the order of the parts, each with its heading.

    Parameters
    ----------
    parts : `begin` (how to begin), `csv` (without a spreadsheet), `all` (cases of any row), and tasks (their hard
        cases)
    """
    rows = read_language_rows("coding_instructions")
    return [{"part": part, "heading": row["heading"], "text": row["text"]}
            for part in parts for row in rows if row["part"] == part]


def name_head(column: str) -> str:
    """The head of a column of the sheet.

    >>> name_head("in_marks"), name_head("speaker")
    ('in quotes', 'speaker')
    """
    return COLUMN_HEADS.get(column, column)


@cache_by_language
def read_coding_answers(question: str) -> dict[str, str]:
    """The codes of a question's answers, by the answer as shown.

    >>> read_coding_answers("in_marks")
    {'all of it': 'direct', 'part of it': 'mixed', 'none of it': 'indirect'}
    """
    return {row["answer"]: row["means"] for row in read_language_rows("coding_answers") if row["question"] == question}
