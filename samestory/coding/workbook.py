"""The workbook of a coding sheet: how to begin, the rows with lists to choose from, hard cases, and the lists.

Sentence, question and answers are side by side on a screen 1,366 pixels wide; the sentence stays when one goes on to
what is before and after it. XlsxWriter writes it; every cell is text, so that nothing in an article becomes a formula
or a link. Rows have a height: Excel would find it, LibreOffice shows one line of each cell otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd

from samestory.coding.tasks import name_head
from samestory.show.csv_text import MAX_CSV_CELL_CHARS

INSTRUCTIONS_TAB, CODING_TAB, CASES_TAB, LISTS_TAB = "read me first", "coding", "hard cases", "lists"
# in digits of 7 pixels, and 5 pixels more for each column: a screen 1,366 pixels wide ends after `before`
COLUMN_WIDTHS = {"sentence": 54, "question": 34, "answer": 17, "speaker": 22, "in_marks": 9, "note": 10, "before": 36,
                 "after": 46, "row": 11, "task": 18, "coder": 9}
OPEN_COLUMNS = ("answer", "speaker", "in_marks", "note")
CELL_HINTS = {  # shown beside a cell when it is chosen; that of an answer is the rule of its task
    "speaker": ("Who says it, by name, also where the sentence has only “he”. Somebody without a name: the description"
                " used nearest. “(nobody is named)”: neither name nor description. Empty if the answer is no or 0."),
    "in_marks": "How much of what is said is in quotation marks? Empty if the answer is no or 0."}
INSTRUCTION_WIDTHS = (24, 90)
FONT = {"font_name": "Arial", "font_size": 10}
# letters to a digit's width, and the height of a line, in the wider fonts that stand in for Arial
LETTERS_PER_WIDTH, LINE_HEIGHT_POINTS, TALLEST_ROW_POINTS = 1.1, 13.8, 405.0  # a row is 409 points high at most
PARAGRAPH_GAP_POINTS = 6.0
OPEN_CELL_COLOUR, CLOSED_CELL_COLOUR, HEAD_COLOUR = "#fff7cc", "#e6e6e6", "#d5e3f0"
WORKBOOK_DATE = datetime(2026, 1, 1)  # the same sample gives the same bytes


def write_sheet_workbook(sheet: pd.DataFrame, choices: Sequence[Mapping[str, Sequence[str]]], rules: Sequence[str],
                         texts: Mapping[str, Sequence[Mapping[str, str]]], path: Path) -> None:
    """Write a sheet as a workbook.

    Parameters
    ----------
    sheet : the rows
    choices : for each row, the answers to choose from by column
    rules : for each row, the rule of its task, of up to 255 characters
    texts : tabs of text, each of paragraphs with heading and text; the first is the first of the workbook
    path : the file
    """
    import xlsxwriter
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False,
                                         "strings_to_numbers": False}) as book:
        book.set_properties({"created": WORKBOOK_DATE})
        first, *others = texts
        _write_paragraphs(book, first, texts[first])
        tab = book.add_worksheet(CODING_TAB)
        for name in others:
            _write_paragraphs(book, name, texts[name])
        lists = book.add_worksheet(LISTS_TAB)
        _write_coding_rows(book, tab, sheet, choices)
        places = _write_lists(lists, choices)
        lists.hide()
        columns = list(sheet.columns)
        for number, (asked, rule) in enumerate(zip(choices, rules, strict=True), start=1):
            for name, answers in asked.items():
                tab.data_validation(number, columns.index(name), number, columns.index(name), {
                    "validate": "list", "source": places[tuple(answers)], "input_message": CELL_HINTS.get(name, rule),
                    "error_title": "Not in the list",
                    "error_message": "Choose an answer from the list of this cell; write all else into note."})


def _write_paragraphs(book: Any, name: str, paragraphs: Sequence[Mapping[str, str]]) -> None:
    tab = book.add_worksheet(name)
    for place, width in enumerate(INSTRUCTION_WIDTHS):
        tab.set_column(place, place, width)
    bold, wrapped = (book.add_format({"valign": "top", "text_wrap": True} | FONT | more) for more in
                     ({"bold": True}, {}))
    for number, row in enumerate(paragraphs):
        tab.write_string(number, 0, row["heading"], bold)
        tab.write_string(number, 1, row["text"], wrapped)
        tab.set_row(number, estimate_row_height((row["heading"], row["text"]), INSTRUCTION_WIDTHS)
                    + PARAGRAPH_GAP_POINTS)
    tab.fit_to_pages(1, 1)


def _write_coding_rows(book: Any, tab: Any, sheet: pd.DataFrame,
                       choices: Sequence[Mapping[str, Sequence[str]]]) -> None:
    wrapped = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#bbbbbb"} | FONT
    plain, bold, head = (book.add_format(wrapped | more) for more in
                         ({}, {"bold": True}, {"bold": True, "bg_color": HEAD_COLOUR}))
    opened, closed = (book.add_format(wrapped | {"bg_color": colour})
                      for colour in (OPEN_CELL_COLOUR, CLOSED_CELL_COLOUR))
    for place, name in enumerate(sheet.columns):
        tab.set_column(place, place, COLUMN_WIDTHS[name])
        tab.write_string(0, place, name_head(name), head)
    for number, (row, asked) in enumerate(zip(sheet.to_dict("records"), choices, strict=True), start=1):
        for place, (name, value) in enumerate(row.items()):
            text = _guard_markup(str(value)[:MAX_CSV_CELL_CHARS])
            if name in OPEN_COLUMNS:
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

    >>> estimate_row_height(["one line", "word by word " * 4], [20, 20])
    41.4
    """
    lines = (sum(max(len(wrap(line, int(width * LETTERS_PER_WIDTH))), 1) for line in text.split("\n"))
             for text, width in zip(texts, widths, strict=True))
    return min(round(max(lines) * LINE_HEIGHT_POINTS, 1), TALLEST_ROW_POINTS)


def _guard_markup(text: str) -> str:
    """A text that XlsxWriter escapes: one from <r> to </r> it takes for markup of its own, so a space follows that."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _write_marked(tab: Any, number: int, place: int, text: str, bold: Any, plain: Any) -> None:
    """A passage with what is in [[ ]] in bold."""
    pieces: list[Any] = []
    for part in text.replace("[[", "\0[[").replace("]]", "]]\0").split("\0"):
        pieces += [bold if part.startswith("[[") else plain, part] if part else []
    if len(pieces) < 4 or tab.write_rich_string(number, place, *pieces, plain):
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
