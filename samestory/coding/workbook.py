"""The workbook of a coding sheet: instructions, the rows with lists to choose from, and the lists.

XlsxWriter writes it; every cell is text, so that nothing in an article becomes a formula or a link. Rows have a height:
Excel would find it, LibreOffice shows one line of each cell otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from samestory.show.csv_text import MAX_CSV_CELL_CHARS

INSTRUCTIONS_TAB, CODING_TAB, LISTS_TAB = "read me first", "coding", "lists"
COLUMN_WIDTHS = {"row": 11, "task": 12, "before": 30, "sentence": 60, "after": 26, "question": 34, "answer": 17,
                 "speaker": 24, "in_marks": 12, "note": 20, "coder": 9}
CELL_HINTS = {  # shown beside a cell when it is chosen
    "speaker": "Who says it? Leave it empty if the answer is no or 0.",
    "in_marks": "How much of it is in quotation marks? Leave it empty if the answer is no or 0."}
INSTRUCTION_WIDTHS = (20, 100)
LINE_HEIGHT_POINTS, TALLEST_ROW_POINTS = 15.0, 405.0  # a row of a workbook is 409 points high at most
OPEN_CELL_COLOUR, CLOSED_CELL_COLOUR, HEAD_COLOUR = "#fff7cc", "#e6e6e6", "#d5e3f0"
WORKBOOK_DATE = datetime(2026, 1, 1)  # the same sample gives the same bytes


def write_sheet_workbook(sheet: pd.DataFrame, choices: Sequence[Mapping[str, Sequence[str]]],
                         instructions: Sequence[Mapping[str, str]], path: Path) -> None:
    """Write a sheet as a workbook.

    Parameters
    ----------
    sheet : the rows
    choices : for each row, the answers to choose from by column
    instructions : paragraphs, each with heading and text
    path : the file
    """
    import xlsxwriter
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False,
                                         "strings_to_numbers": False}) as book:
        book.set_properties({"created": WORKBOOK_DATE})
        _write_instructions(book, instructions)
        tab, lists = book.add_worksheet(CODING_TAB), book.add_worksheet(LISTS_TAB)
        _write_coding_rows(book, tab, sheet, choices)
        places = _write_lists(lists, choices)
        lists.hide()
        for number, asked in enumerate(choices, start=1):
            for name, answers in asked.items():
                tab.data_validation(number, list(sheet.columns).index(name), number, list(sheet.columns).index(name), {
                    "validate": "list", "source": places[tuple(answers)], "input_message": CELL_HINTS.get(name, ""),
                    "error_title": "Not in the list",
                    "error_message": "Choose an answer from the list of this cell; write all else into note."})


def _write_instructions(book: Any, instructions: Sequence[Mapping[str, str]]) -> None:
    tab = book.add_worksheet(INSTRUCTIONS_TAB)
    for place, width in enumerate(INSTRUCTION_WIDTHS):
        tab.set_column(place, place, width)
    bold, wrapped = (book.add_format({"valign": "top"} | more) for more in ({"bold": True}, {"text_wrap": True}))
    for number, row in enumerate(instructions):
        tab.write_string(number, 0, row["heading"], bold)
        tab.write_string(number, 1, row["text"], wrapped)
        tab.set_row(number, estimate_row_height((row["heading"], row["text"]), INSTRUCTION_WIDTHS))
    tab.fit_to_pages(1, 1)


def _write_coding_rows(book: Any, tab: Any, sheet: pd.DataFrame,
                       choices: Sequence[Mapping[str, Sequence[str]]]) -> None:
    wrapped = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#bbbbbb"}
    plain, bold, head = (book.add_format(wrapped | more) for more in
                         ({}, {"bold": True}, {"bold": True, "bg_color": HEAD_COLOUR}))
    opened, closed = (book.add_format(wrapped | {"bg_color": colour})
                      for colour in (OPEN_CELL_COLOUR, CLOSED_CELL_COLOUR))
    for place, name in enumerate(sheet.columns):
        tab.set_column(place, place, COLUMN_WIDTHS[name])
        tab.write_string(0, place, name, head)
    for number, (row, asked) in enumerate(zip(sheet.to_dict("records"), choices, strict=True), start=1):
        for place, (name, value) in enumerate(row.items()):
            text = _guard_markup(str(value)[:MAX_CSV_CELL_CHARS])
            if name in ("answer", "speaker", "in_marks", "note"):
                tab.write_string(number, place, text, opened if name in asked or name == "note" else closed)
            elif name == "sentence":
                _write_marked(tab, number, place, text, bold, plain)
            else:
                tab.write_string(number, place, text, plain)
        tab.set_row(number, estimate_row_height(map(str, row.values()), [COLUMN_WIDTHS[name] for name in row]))
    tab.freeze_panes(1, 1)
    tab.set_selection(1, list(sheet.columns).index("answer"), 1, list(sheet.columns).index("answer"))
    tab.autofilter(0, 0, len(sheet), len(sheet.columns) - 1)
    tab.set_landscape()
    tab.fit_to_pages(1, 0)


def estimate_row_height(texts: Iterable[str], widths: Iterable[float]) -> float:
    """The height in points that shows wrapped texts in columns of these widths.

    >>> estimate_row_height(["one line", "x" * 50], [20, 20])
    45.0
    """
    lines = (sum(max(ceil(len(line) / width), 1) for line in text.split("\n"))
             for text, width in zip(texts, widths, strict=True))
    return min(max(lines) * LINE_HEIGHT_POINTS, TALLEST_ROW_POINTS)


def _guard_markup(text: str) -> str:
    """A text that XlsxWriter escapes: one from <r> to </r> it takes for markup of its own, so a space follows that."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _write_marked(tab: Any, number: int, place: int, text: str, bold: Any, plain: Any) -> None:
    """A passage with what is in [[ ]] in bold."""
    pieces: list[Any] = []
    for part in text.replace("[[", "\0[[").replace("]]", "]]\0").split("\0"):
        pieces += [bold, part] if part.startswith("[[") else [part] if part else []
    n_texts = sum(isinstance(piece, str) for piece in pieces)
    if n_texts < 2 or tab.write_rich_string(number, place, *pieces, plain):
        tab.write_string(number, place, text, plain)


def _write_lists(tab: Any, choices: Sequence[Mapping[str, Sequence[str]]]) -> dict[tuple[str, ...], str]:
    """Write each list of answers into a column; returns their ranges."""
    from xlsxwriter.utility import xl_col_to_name
    places: dict[tuple[str, ...], str] = {}
    for answers in (tuple(answers) for asked in choices for answers in asked.values()):
        if answers not in places:
            column = len(places)
            for number, answer in enumerate(answers):
                tab.write_string(number, column, _guard_markup(answer))
            letter = xl_col_to_name(column)
            places[answers] = f"={LISTS_TAB}!${letter}$1:${letter}${len(answers)}"
    return places
