"""The values of a table's cells as text: numbers, times, lists, missing values.

Numbers in a column have the same number of decimals; the text is not escaped. Cells are laid out in
`samestory.show.table`.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from samestory.show.printable import clean_text

MAX_ITEMS_PER_CELL = 20  # items of a list in one cell


def find_column_class(column: pd.Series) -> str:
    """The CSS class of a column's cells: `ss-n` for numbers, `ss-t` for times, none for text."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return "ss-n"
    return "ss-t" if pd.api.types.is_datetime64_any_dtype(column) else ""


def format_column(column: pd.Series) -> list[str]:
    """The column's values as text, not yet escaped."""
    if find_column_class(column) == "ss-t" and (column.dropna() == column.dropna().dt.normalize()).all():
        return ["missing" if pd.isna(value) else f"{value:%Y-%m-%d}" for value in column]  # days without times
    if find_column_class(column) != "ss-n":
        return [_format_value(value) for value in column]
    present = [float(value) for value in column if not pd.isna(value) and math.isfinite(value)]
    decimals = next((n for n in (0, 1) if all(value == round(value, n) for value in present)), 2)
    return [_format_number(value, decimals) for value in column]


def _format_value(value: object) -> str:
    """A value as text: lists joined, times in full, missing values as "missing"."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_format_value(item)}" for key, item in list(value.items())[:MAX_ITEMS_PER_CELL])
    if isinstance(value, list | tuple | set | frozenset) or hasattr(value, "tolist"):
        return _format_items(value)
    if value is None or pd.isna(value):
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return str(value.strftime("%Y-%m-%d %H:%M %Z")).strip()
    if isinstance(value, int | float):
        return _format_number(value, 0 if float(value).is_integer() else 2)
    return clean_text(value)


def _format_items(values: Any) -> str:
    if hasattr(values, "tolist"):
        values = values.tolist()
        if not isinstance(values, list):
            return _format_value(values)
    items = sorted(values, key=str) if isinstance(values, set | frozenset) else list(values)
    rest = [f"and {len(items) - MAX_ITEMS_PER_CELL} more"] if len(items) > MAX_ITEMS_PER_CELL else []
    return "; ".join([*(_format_value(item) for item in items[:MAX_ITEMS_PER_CELL]), *rest]) or "none"


def _format_number(value: Any, decimals: int) -> str:
    """A number with separators and a true minus; two significant digits if it is too small for the decimals.

    >>> _format_number(-1234.5, 2), _format_number(0.00012, 2)
    ('−1,234.50', '0.00012')
    """
    if pd.isna(value):
        return "missing"
    if not math.isfinite(value):
        return "no limit"
    small = value != 0 and abs(value) < 0.005
    said = f"{value:.2g}" if small else f"{value:,.{decimals}f}"
    return said.replace("-", "−") if not re.fullmatch(r"-[0.]+", said) else said[1:]
