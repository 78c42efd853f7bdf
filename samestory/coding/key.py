"""The key of a coding sheet, read back: what the program found in each drawn row, and how the row was drawn."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from samestory.base.errors import SameStoryError
from samestory.coding.sheets import KEY_COLUMNS, KEY_SUFFIX
from samestory.coding.tasks import CODING_TASKS
from samestory.correct.corrections import unguard_cell
from samestory.read.sidecar_rows import read_sidecar_rows

KEY_NUMBER_COLUMNS = {"start": int, "end": int, "stratum_size": int, "stratum_drawn": int, "probability": float}


def find_key_file(sheet: Path) -> Path:
    """The key next to a sheet: the file of the same name, as far as it goes, that ends in ``.key.csv``.

    Raises
    ------
    SameStoryError
        If there is none.
    """
    name = sheet.name
    while "." in name:
        name = name.rpartition(".")[0]
        if (path := sheet.with_name(f"{name}{KEY_SUFFIX}")).is_file():
            return path
    raise SameStoryError(f"no key next to {sheet.name!r}: expected {sheet.name.split('.')[0]}{KEY_SUFFIX}, which was"
                         " written with the sheet; give its path if it is elsewhere")


def read_key(path: Path) -> pd.DataFrame:
    """The rows of a key, with the columns that `write_sheets` writes.

    Raises
    ------
    SameStoryError
        If it cannot be read, lacks a column, or a value is not of its kind.
    """
    found = read_sidecar_rows(path, KEY_COLUMNS)
    if missing := [name for name in KEY_COLUMNS if name not in found.header]:
        raise SameStoryError(f"{path.name}: expected the key of a coding sheet; it lacks the columns"
                             f" {', '.join(missing)}")
    return pd.DataFrame([_read_key_row(path, line, row) for line, row in found.rows], columns=KEY_COLUMNS)


def _read_key_row(path: Path, line: int, row: dict[str, str]) -> dict[str, Any]:
    cells: dict[str, Any] = {name: unguard_cell(row[name]) for name in KEY_COLUMNS}
    try:
        for name, kind in KEY_NUMBER_COLUMNS.items():
            cells[name] = kind(cells[name].replace(",", "."))
        cells["speaker_choices"] = json.loads(cells["speaker_choices"] or "[]")
        if cells["task"] not in CODING_TASKS or not 0 < cells["stratum_drawn"] <= cells["stratum_size"]:
            raise ValueError(f"task {cells['task']!r}, {cells['stratum_drawn']} of {cells['stratum_size']} drawn")
    except ValueError as error:
        raise SameStoryError(f"{path.name}, line {line}: expected a row as it was written, found {error}; use the key"
                             " as `samestory sample` wrote it") from error
    return cells
