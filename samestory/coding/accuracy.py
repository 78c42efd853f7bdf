"""Accuracy on the user's own articles, from coded sheets; or, without a sheet, as measured on gold annotation.

Precision is the share of what was found that is right, recall the share of what is there that was found. Both are
about the whole corpus: each row counts for as many as it was drawn from.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from samestory.base.resources import read_data_rows
from samestory.base.schema import QUOTATION_KINDS
from samestory.base.wording import format_quantity
from samestory.coding.answers import Coding
from samestory.coding.units import ASKED_NAME_CODES
from samestory.coding.verdicts import MISSED_TASKS, estimate_verdicts, judge_answers
from samestory.measure.estimates import Estimate

ACCURACY_COLUMNS = ["subject", "figure", "among", "percent", "at_least_percent", "at_most_percent", "n_rows"]
SUBJECT_OF_TASK = {"statement": "statements", "name": "names", "pair": "pairs"}
ALL_LABEL = "all"
CENSUS_PERCENT_POINTS = 0.01  # width of an interval below which all rows of a corpus were coded
NO_SHEETS_SENTENCE = ("No coded sheet was given: this is how often the program was right on annotated articles. To"
                      " measure it on yours, draw a sheet with “samestory sample” and give it as the parameter"
                      " “sheets”.")
NAME_CODE_LABELS = {"PERSON": "persons", "ORG": "organisations", "PLACE": "places", "OTHER": "other kinds of name"}


def measure_coded_accuracy(coding: Coding) -> pd.DataFrame:
    """Precision and recall on the corpus that a sheet was drawn from.

    One row per figure. Columns: subject (statements, names or pairs), figure (precision, recall, right speaker, right
    kind), among (all, an outlet, or a kind), percent with at_least_percent and at_most_percent (95 %; all three missing
    if fewer than 8 rows are about it), n_rows (coded rows about it).

    Parameters
    ----------
    coding : the result of `read_coding`
    """
    judged = judge_answers(coding)
    rows = [*_list_statement_figures(judged[judged["task"].isin(("statement", "missed_statement"))]),
            *_list_name_figures(judged[judged["task"].isin(("name", "missed_name"))]),
            *_list_pair_figures(judged[judged["task"] == "pair"])]
    return pd.DataFrame(rows, columns=ACCURACY_COLUMNS)


def list_accuracy(coding: Coding) -> pd.DataFrame:
    """The accuracy by a coding; if it has no answers, that measured on gold annotation, in the same form.

    Columns as in `measure_coded_accuracy`.

    Parameters
    ----------
    coding : the result of `load_coding`
    """
    return list_measured_accuracy() if coding.answers.empty else measure_coded_accuracy(coding)


def list_measured_accuracy() -> pd.DataFrame:
    """The measured accuracy of this version on gold annotation (`make accuracy`), in the form of a coded sheet's.

    Columns as in `measure_coded_accuracy`; `among` names the articles, and n_rows is the number of annotated quotations
    or names. The figures are F1, the harmonic mean of precision and recall, unless they are named otherwise; those on
    articles that no rule was written on come first.
    """
    rows = sorted(read_data_rows("gold/accuracy"), key=lambda row: row["texts"] != "new")
    listed = [(row["kind"], row["figure"], row["set"], *(float(row[name]) for name in ("value", "low", "high")),
               int(row["gold"])) for row in rows]
    return pd.DataFrame(listed, columns=ACCURACY_COLUMNS)


def tell_coding(coding: Coding) -> str:
    """What was coded, and how often the program is right, as sentences.

    Parameters
    ----------
    coding : the result of `load_coding`
    """
    if coding.answers.empty:
        return NO_SHEETS_SENTENCE if coding.key.empty else "No row of the sheets could be counted; see below."
    n_rows, n_odd = coding.answers["row"].nunique(), coding.problems["row"].replace("", pd.NA).nunique()
    odd = f"; {format_quantity(n_odd, 'row')} not or not wholly counted, listed below" if n_odd else ""
    return (f"{format_quantity(n_rows, 'row')} of {len(coding.key):,} coded by"
            f" {format_quantity(len(coding.coders), 'person', 'people')}{odd}."
            f" {tell_accuracy(measure_coded_accuracy(coding))}")


def describe_accuracy_table(coding: Coding) -> str:
    """What the intervals of `list_accuracy` mean.

    Parameters
    ----------
    coding : the result of `load_coding`
    """
    if coding.answers.empty:
        return ("F1 unless named otherwise; intervals over articles. How these figures were measured is in"
                " docs/accuracy.md; on your own articles they may be others.")
    return ("Intervals: had other rows of these articles been drawn, nineteen of twenty such intervals would hold the"
            " figure that coding all of them gives. Without a value: fewer than 8 coded rows.")


def tell_accuracy(accuracy: pd.DataFrame) -> str:
    """Precision and recall of each subject, as sentences.

    Parameters
    ----------
    accuracy : the result of `measure_coded_accuracy`
    """
    every = accuracy[(accuracy["among"] == ALL_LABEL) & accuracy["figure"].isin(("precision", "recall"))]
    said = [_describe_figure(row) for row in every.dropna(subset="percent").itertuples()]
    few = sorted({row.subject for row in every[every["percent"].isna()].itertuples()})
    rest = f" Too few rows to say more of {' and '.join(few)}." if few else ""
    return f"{' '.join(said)}{rest}" if said else "Too few rows were coded to say how often the program is right."


def _describe_figure(row: Any) -> str:
    what = (f"Of what was found as {row.subject}, {row.percent:.0f} % is right" if row.figure == "precision"
            else f"Of the {row.subject} in the articles, {row.percent:.0f} % were found")
    is_census = row.at_most_percent - row.at_least_percent < CENSUS_PERCENT_POINTS
    sure = "all were coded" if is_census else (f"95 % interval {row.at_least_percent:.0f} to"
                                               f" {row.at_most_percent:.0f}")
    return f"{what} ({sure})."


def _list_statement_figures(judged: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    found = judged[judged["task"] == "statement"]
    if found.empty:
        return
    yield from _list_precision(found, [*_split_outlets(found), *_split(found, "found_in_marks", QUOTATION_KINDS)])
    yield from _list_recall(judged, [*_split_outlets(judged), *_split(judged, "in_marks", QUOTATION_KINDS)])
    right = found[(found["is_right"] > 0)]
    for figure, name in (("right speaker", "speaker"), ("right kind", "in_marks")):
        given = right[right[name] != ""]
        is_same = (given[name] == given[f"found_{name}"]).astype("float64")
        yield _make_figure("statements", figure, ALL_LABEL,
                           estimate_verdicts(given, is_same, pd.Series(1.0, given.index)))


def _list_name_figures(judged: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    found = judged[judged["task"] == "name"]
    if found.empty:
        return
    kinds = [(NAME_CODE_LABELS[code], found["found_answer"] == code) for code in NAME_CODE_LABELS]
    yield from _list_precision(found, [*_split_outlets(found), *kinds])
    asked = judged.assign(is_right=(judged["n_true"] * judged["answer"].isin(ASKED_NAME_CODES)).astype("float64"))
    yield from _list_recall(asked, _split_outlets(asked))


def _list_pair_figures(judged: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    if len(judged):
        yield from _list_precision(judged, [(ALL_LABEL, pd.Series(True, judged.index))])


def _split_outlets(judged: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """All rows, and those of each outlet if there are several."""
    outlets = sorted(set(judged["outlet"]))
    return [(ALL_LABEL, pd.Series(True, judged.index)), *(_split(judged, "outlet", outlets) if outlets[1:] else ())]


def _split(judged: pd.DataFrame, name: str, values: Iterable[str]) -> list[tuple[str, pd.Series]]:
    return [(value, judged[name] == value) for value in values]


def _list_precision(found: pd.DataFrame, parts: Iterable[tuple[str, pd.Series]]) -> Iterator[tuple[Any, ...]]:
    subject = SUBJECT_OF_TASK[found["task"].iloc[0]]
    for among, chosen in parts:
        estimate = estimate_verdicts(found, found["is_right"] * chosen, chosen.astype("float64"))
        yield _make_figure(subject, "precision", among, estimate)


def _list_recall(judged: pd.DataFrame, parts: Iterable[tuple[str, pd.Series]]) -> Iterator[tuple[Any, ...]]:
    task = "statement" if "statement" in set(judged["task"]) else "name"
    if MISSED_TASKS[task] not in set(judged["task"]):
        return
    for among, chosen in parts:
        estimate = estimate_verdicts(judged, judged["is_right"] * chosen, judged["n_true"] * chosen)
        yield _make_figure(SUBJECT_OF_TASK[task], "recall", among, estimate)


def _make_figure(subject: str, figure: str, among: str, found: Estimate) -> tuple[Any, ...]:
    return (subject, figure, among, *(100 * value for value in (found.value, found.low, found.high)), found.n_rows)
